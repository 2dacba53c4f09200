;; A global that is set twice, with a load out of bounds in between: AArch64's code generation deleted the
;; first store even without optimisation.
;;! call set_twice i32:65536
;;! call set_twice i32:65535
(module
  (memory (export "memory") 1 1)
  (global $g (export "g") (mut i32) (i32.const 5))
  (func (export "set_twice") (param i32)
    (global.set $g (i32.xor (global.get $g) (i32.ctz (i32.load (i32.const 16)))))
    (global.set $g (i32.xor (global.get $g) (i32.ctz (i32.load8_u (local.get 0)))))))

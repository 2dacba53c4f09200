;; Doublewords across the end of memory of which the low word is used: RISC-V processors that take
;; unaligned addresses loaded that word alone.
;;! call wrapped i32:65529
;;! call wrapped i32:65532
;;! call wrapped i32:65528
;;! call extended i32:65532
;;! call extended_by_shifts i32:65532
;;! call sum i32:65532 i64:7
;;! call product i32:65532 i64:7
;;! call of_float i32:65532
;;! call chosen i32:65532 i32:1
;;! call in_a_loop i32:65532
(module
  (memory (export "memory") 1 1)
  (data (i32.const 65528) "\80\81\82\83\84\85\86\87")
  (func (export "wrapped") (param i32) (result i32)
    (i32.wrap_i64 (i64.load (local.get 0))))
  (func (export "extended") (param i32) (result i64)
    (i64.extend32_s (i64.load (local.get 0))))
  (func (export "extended_by_shifts") (param i32) (result i64)
    (i64.shr_s (i64.shl (i64.load (local.get 0)) (i64.const 32)) (i64.const 32)))
  (func (export "sum") (param i32 i64) (result i32)
    (i32.wrap_i64 (i64.add (i64.load (local.get 0)) (local.get 1))))
  (func (export "product") (param i32 i64) (result i32)
    (i32.wrap_i64 (i64.mul (i64.load (local.get 0)) (local.get 1))))
  (func (export "of_float") (param i32) (result i32)
    (i32.wrap_i64 (i64.reinterpret_f64 (f64.load (local.get 0)))))
  (func (export "chosen") (param i32 i32) (result i32)
    (i32.wrap_i64
      (select (i64.load (local.get 0)) (i64.load (i32.const 8)) (local.get 1))))
  ;; The last of its four addresses is the one that it is given.
  (func (export "in_a_loop") (param i32) (result i32) (local $sum i64) (local $round i32)
    (loop
      (local.set $sum
        (i64.add
          (local.get $sum)
          (i64.load
            (i32.add
              (i32.sub (local.get 0) (i32.const 24))
              (i32.shl (local.get $round) (i32.const 3))))))
      (br_if 0
        (i32.lt_u
          (local.tee $round (i32.add (local.get $round) (i32.const 1)))
          (i32.const 4))))
    (i32.wrap_i64 (local.get $sum))))

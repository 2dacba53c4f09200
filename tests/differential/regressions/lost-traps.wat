;; Loads out of bounds whose values turn out not to matter, late and in many ways.
;;! call lane_left_out i32:65536
;;! call rotated_zero i32:65536
;;! call inlined i32:65536
;;! call inlined_away i32:65536
;;! call one_way i32:65536 i32:0
;;! call dead_store i32:65536
;;! call dead_global i32:65536
;;! call last_round i32:65536
;;! call in_bounds i32:65532
;;! call low_byte_changed i32:65533
;;! call low_byte_used i32:65533
;;! call low_half_summed i32:65533
;;! call low_word_of_sum i32:65529 i64:7
;;! call chosen i32:65536 i32:0
;;! call shifted_up i32:65533
(module
  (memory (export "memory") 1 1)
  (global $g (export "g") (mut i32) (i32.const 0))
  ;; The lanes above the loaded one are zero whatever was loaded.
  (func (export "lane_left_out") (param i32) (result i32)
    (i32x4.extract_lane 3 (i32x4.neg (v128.load32_zero (local.get 0)))))
  ;; A local that is zero is found to be so only by optimisation.
  (func (export "rotated_zero") (param i32) (result i32) (local i32)
    (i32.rotl (local.get 1) (i32.load (local.get 0))))
  (func $masked (param i32 i32) (result i32)
    (i32.and (i32.load (local.get 0)) (local.get 1)))
  (func (export "inlined") (param i32) (result i32)
    (call $masked (local.get 0) (i32.const 0)))
  (func (export "inlined_away") (param i32)
    (drop (call $masked (local.get 0) (i32.const 1))))
  (func (export "one_way") (param i32 i32) (result i32) (local i32)
    (local.set 2 (i32.load (local.get 0)))
    (if (result i32) (local.get 1)
      (then (i32.mul (local.get 2) (i32.const 3)))
      (else (i32.const 7))))
  (func (export "dead_store") (param i32)
    (i32.store (i32.const 0) (i32.load (local.get 0)))
    (i32.store (i32.const 0) (i32.const 1)))
  (func (export "dead_global") (param i32)
    (global.set $g (i32.load (local.get 0)))
    (global.set $g (i32.const 1)))
  ;; Only what the last round loads is used, and that is in bounds.
  (func (export "last_round") (param i32) (result i32) (local i32)
    (loop
      (local.set 1 (i32.load (local.get 0)))
      (local.set 0 (i32.sub (local.get 0) (i32.const 4096)))
      (br_if 0 (local.get 0)))
    (local.get 1))
  (func (export "in_bounds") (param i32) (result i32)
    (call $masked (local.get 0) (i32.const 0)))
  ;; A part of the word would do, and that part is in bounds.
  (func (export "low_byte_changed") (param i32)
    (i32.store (local.get 0) (i32.or (i32.load (local.get 0)) (i32.const 255))))
  (func (export "low_byte_used") (param i32) (result i32)
    (i32.and (i32.load (local.get 0)) (i32.const 255)))
  (func (export "low_half_summed") (param i32)
    (i32.store16 (i32.const 0)
      (i32.add (i32.load (local.get 0)) (i32.load (i32.const 8)))))
  (func (export "low_word_of_sum") (param i32 i64) (result i32)
    (i32.wrap_i64 (i64.add (i64.load (local.get 0)) (local.get 1))))
  (func (export "chosen") (param i32 i32) (result i32)
    (select (i32.load (local.get 0)) (i32.load (i32.const 16)) (local.get 1)))
  (func (export "shifted_up") (param i32) (result i32)
    (i32.shl (i32.load (local.get 0)) (i32.const 24))))

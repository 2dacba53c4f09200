;; Loads out of bounds whose values turn out not to matter after the optimiser has let go of them: late
;; passes or code generation took them away, narrowed them or moved them behind a branch.
;;! call sign_bits_shifted i32:65536
;;! call word_changed_in_place i32:65529 i64:0
;;! call low_byte_set_in_place i32:65529 i64:0
;;! call sign_bits_of_wide_lanes i32:65529
;;! call merged_branch i32:65533 i32:0 i32:0 i64:0
;;! call beside_a_sum_of_nothing i32:65529 i32:1024
;;! call changed_by_nothing i32:65533
;;! call changed_by_nothing i32:65535
;;! call changed_by_nothing i32:65536
;;! call changed_by_nothing i32:65539
;;! call sign_masked_out i32:65536
;;! call selected_under_a_mask i32:16 i32:65529 i32:1
;;! call selected_under_a_mask i32:65529 i32:16 i32:0
(module
  (import "host" "i32" (func $host (param i32) (result i32)))
  (memory (export "memory") 1 1)
  (global $g (export "g") (mut i64) (i64.const 0))
  ;; However far it is shifted, what is all sign bits stays the same.
  (func (export "sign_bits_shifted") (param i32) (result i32)
    (i32.shr_s
      (i16x8.extract_lane_s 5 (v128.load16x4_s (i32.const 0)))
      (i32.load8_u (local.get 0))))
  ;; The vectors are what other code generation than the quick one is for.
  (func (export "word_changed_in_place") (param i32 i64)
    (i64.store (local.get 0) (i64.xor (i64.load (local.get 0)) (i64.const 15)))
    (global.set $g (i64x2.extract_lane 0 (i64x2.splat (local.get 1)))))
  (func (export "low_byte_set_in_place") (param i32 i64)
    (i64.store (local.get 0) (i64.or (i64.load (local.get 0)) (i64.const 255)))
    (global.set $g (i64x2.extract_lane 0 (i64x2.splat (local.get 1)))))
  (func (export "sign_bits_of_wide_lanes") (param i32) (result i32)
    (i32x4.bitmask
      (i8x16.add (v128.load8x8_u (local.get 0)) (v128.const i32x4 255 -1 -1 -1))))
  (func (export "merged_branch") (param i32 i32 i32 i64) (local $unused f64)
    (if (i32.eqz (local.get 1)) (then (i32.store (i32.const 16) (i32.const 1))))
    (if (i32.load (local.get 0))
      (then (local.set $unused (f64.reinterpret_i64 (local.get 3))))
      (else (if (local.get 1) (then (i32.store8 (i32.const 100) (i32.load (local.get 2))))))))
  ;; The sum turns out to be zero when the loop is unrolled.
  (func (export "beside_a_sum_of_nothing") (param i32 i32) (local $sum v128) (local $i i32)
    (loop $again
      (local.set $sum
        (v128.xor (i8x16.add (local.get $sum) (v128.load (local.get 1))) (v128.load (local.get 1))))
      (local.set $sum
        (v128.xor (i8x16.add (local.get $sum) (v128.load (local.get 1))) (v128.load (local.get 1))))
      (local.set 1 (i32.sub (local.get 1) (i32.const 4)))
      (br_if $again
        (i32.le_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 15))))
    (global.set $g
      (i64.extend_i32_u
        (call $host (i32x4.bitmask (i32x4.add (v128.load8x8_u (local.get 0)) (local.get $sum)))))))
  ;; Without the change, what is left is a store of what was there.
  (func (export "changed_by_nothing") (param i32) (local $zero v128)
    (local.set $zero (i32x4.extend_low_i16x8_s (i32x4.splat (i32.load8_u (i32.const 16)))))
    (i32.store (i32.const 200) (i32.const 0))
    (i32.store (local.get 0)
      (i32.xor (i32.load (local.get 0)) (i8x16.extract_lane_u 3 (local.get $zero)))))
  ;; Nothing but a sign comes from the load.
  (func (export "sign_masked_out") (param i32) (result i64)
    (i64.and (i64.const 0x7ff8000000000000)
      (i64.reinterpret_f64
        (f64.copysign
          (f64.load (i32.const 8))
          (f64.reinterpret_i64 (i64.load8_s (local.get 0)))))))
  ;; AVX-512 loads the float that is selected, and the other not at all.
  (func (export "selected_under_a_mask") (param i32 i32 i32) (result i32)
    (f64.ge
      (f64.const 0)
      (select (f64.load (local.get 0)) (f64.load (local.get 1)) (local.get 2)))))

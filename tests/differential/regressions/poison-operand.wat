;; The conversion traps, and what stands behind it folds to poison while it is being emitted.
(module
  (func (export "scalar") (result f64)
    (f64.nearest (f64.convert_i32_s (i32.trunc_f32_s (f32.const nan)))))
  (func (export "operand") (param f32) (result f32)
    (f32.mul (f32.convert_i32_s (i32.trunc_f32_s (f32.const 3e9))) (local.get 0)))
  (func (export "integer") (param i32) (result i32)
    (i32.shl (i32.trunc_f32_s (f32.const nan)) (local.get 0)))
  (func (export "vector") (param v128) (result v128)
    (f32x4.add (f32x4.splat (f32.convert_i32_s (i32.trunc_f32_s (f32.const nan)))) (local.get 0)))
  (func (export "lane") (result f64)
    (f64.nearest (f64x2.extract_lane 0 (v128.const i32x4 1 0x3ff80000 0 0))))
  (func (export "other_lane") (param f32) (result f32)
    (f32.mul (f32x4.extract_lane 1 (v128.const i8x16 0 0 0 0 0 0 0x80 0x3f 0 0 0 0 0 0 0 0)) (local.get 0))))

;; Vectors: lanes, arithmetic, saturation, memory. On the operand stack a v128 is two 64-bit lanes.
(module
  (memory 1)
  (func (param v128 v128) (result v128) (i16x8.add_sat_s (local.get 0) (local.get 1)))
  (func (param i32) (result v128) (v128.load8x8_u offset=2 (local.get 0)))
  (func (param v128) (result i32) (i8x16.bitmask (local.get 0)))
  (func (param v128 v128) (result v128) (f32x4.min (local.get 0) (local.get 1)))
  (func (param v128 v128) (result v128)
    (i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31 (local.get 0) (local.get 1)))
  (func (param v128) (result v128) (i32x4.trunc_sat_f64x2_u_zero (local.get 0))))

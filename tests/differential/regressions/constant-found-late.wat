;; Code generation without optimisation is the first to find that an operand is a constant that makes
;; the operation an identity; a signalling NaN must still come out quiet.
;; RISC-V has one NaN for all results.
;;! nans = open
(module
  (global $g (export "g") (mut f64) (f64.const -nan:0x4000000000000))
  (func (export "subtracted") (result f64) (local f64)
    (f64.sub (f64.neg (global.get $g)) (f64.add (local.get 0) (f64.const -0))))
  (func (export "behind_a_branch") (result f64) (local f64)
    (block (result f64)
      (br_table 0
        (f64.sub (f64.neg (global.get $g)) (f64.add (local.get 0) (f64.const -0)))
        (i32.wrap_i64 (i64.reinterpret_f64 (global.get $g)))))))

//! The floating-point functions, over a grid of edge cases in every combination and over random
//! operands of several shapes.
//!
//! Where the result is a NaN, which one it is follows from the specification, not from the machine:
//! there the canonical NaN is demanded. Minimum and maximum, which machines do differently, are
//! checked against the specification's definition.

use runtime_intrinsics::FloatCondition;
use runtime_intrinsics::table::*;

use crate::operands::{self, Bits, pairs, singles};

/// What both widths have: the Rust type, its word, and the functions for it.
macro_rules! float_tests {
    (
        $module:ident, $float:ident, $word:ident, $nan:literal,
        $add:ident, $sub:ident, $mul:ident, $div:ident, $sqrt:ident, $abs:ident, $copysign:ident,
        $min:ident, $max:ident, $cmp:ident, $ceil:ident, $floor:ident, $trunc:ident, $rint:ident,
        $to_i32:ident, $to_u32:ident, $to_i64:ident, $to_u64:ident,
        $from_i32:ident, $from_u32:ident, $from_i64:ident, $from_u64:ident
    ) => {
        mod $module {
            use super::*;

            fn canonical(value: $float) -> $word {
                if value.is_nan() {
                    $nan
                } else {
                    value.to_bits()
                }
            }

            #[track_caller]
            fn unary(ours: extern "C" fn($float) -> $float, machine: fn($float) -> $float) {
                for bits in singles::<$word>() {
                    let a = $float::from_bits(bits);
                    let (got, want) = (ours(a).to_bits(), canonical(machine(a)));
                    assert_eq!(got, want, "of {bits:#x}: {got:#x}, not {want:#x}");
                }
            }

            #[track_caller]
            fn binary(
                ours: extern "C" fn($float, $float) -> $float,
                machine: fn($float, $float) -> $float,
            ) {
                for (a, b) in pairs::<$word>() {
                    let (x, y) = ($float::from_bits(a), $float::from_bits(b));
                    let (got, want) = (ours(x, y).to_bits(), canonical(machine(x, y)));
                    assert_eq!(got, want, "of {a:#x} and {b:#x}: {got:#x}, not {want:#x}");
                }
            }

            #[test]
            fn adds() {
                binary($add, |a, b| a + b);
            }

            #[test]
            fn subtracts() {
                binary($sub, |a, b| a - b);
            }

            #[test]
            fn multiplies() {
                binary($mul, |a, b| a * b);
            }

            #[test]
            fn divides() {
                binary($div, |a, b| a / b);
            }

            #[test]
            fn takes_square_roots() {
                unary($sqrt, $float::sqrt);
            }

            #[test]
            fn rounds_to_integral_values() {
                unary($ceil, $float::ceil);
                unary($floor, $float::floor);
                unary($trunc, $float::trunc);
                unary($rint, $float::round_ties_even);
            }

            #[test]
            fn leaves_all_but_the_sign() {
                const SIGN: $word = 1 << ($word::BITS - 1);
                for bits in singles::<$word>() {
                    assert_eq!($abs($float::from_bits(bits)).to_bits(), bits & !SIGN);
                }
                for (a, b) in pairs::<$word>() {
                    let got = $copysign($float::from_bits(a), $float::from_bits(b)).to_bits();
                    assert_eq!(got, a & !SIGN | b & SIGN, "of {a:#x} and {b:#x}");
                }
            }

            #[test]
            fn takes_minima_and_maxima() {
                // Below its mirror image at zero, or, among zeros, by the sign.
                let less = |a: $float, b: $float| {
                    a < b || a == 0.0 && b == 0.0 && a.is_sign_negative() && b.is_sign_positive()
                };
                for (a, b) in pairs::<$word>() {
                    let (x, y) = ($float::from_bits(a), $float::from_bits(b));
                    let (min, max) = match () {
                        () if x.is_nan() || y.is_nan() => ($nan, $nan),
                        () if less(x, y) => (a, b),
                        () => (b, a),
                    };
                    assert_eq!($min(x, y).to_bits(), min, "minimum of {a:#x} and {b:#x}");
                    assert_eq!($max(x, y).to_bits(), max, "maximum of {a:#x} and {b:#x}");
                }
            }

            #[test]
            fn compares() {
                for (a, b) in pairs::<$word>() {
                    let (x, y) = ($float::from_bits(a), $float::from_bits(b));
                    let holds = [
                        (FloatCondition::Equal, x == y),
                        (FloatCondition::NotEqual, x != y),
                        (FloatCondition::Less, x < y),
                        (FloatCondition::Greater, x > y),
                        (FloatCondition::LessOrEqual, x <= y),
                        (FloatCondition::GreaterOrEqual, x >= y),
                        (FloatCondition::Unordered, x.is_nan() || y.is_nan()),
                    ];
                    for (condition, want) in holds {
                        let got = $cmp(condition as u32, x, y);
                        assert_eq!(got, i32::from(want), "{condition:?} of {a:#x} and {b:#x}");
                    }
                }
                assert_eq!($cmp(7, 1.0, 1.0), 0);
                assert_eq!($cmp(u32::MAX, 1.0, 1.0), 0);
            }

            #[test]
            fn converts_to_integers() {
                for bits in singles::<$word>() {
                    let a = $float::from_bits(bits);
                    assert_eq!($to_i32(a), a as i32, "of {bits:#x}");
                    assert_eq!($to_u32(a), a as u32, "of {bits:#x}");
                    assert_eq!($to_i64(a), a as i64, "of {bits:#x}");
                    assert_eq!($to_u64(a), a as u64, "of {bits:#x}");
                }
            }

            #[test]
            fn converts_from_integers() {
                for bits in operands::integers::<u32>() {
                    let (signed, unsigned) = (bits as i32, bits);
                    assert_eq!($from_i32(signed).to_bits(), (signed as $float).to_bits());
                    assert_eq!(
                        $from_u32(unsigned).to_bits(),
                        (unsigned as $float).to_bits()
                    );
                }
                for bits in operands::integers::<u64>() {
                    let (signed, unsigned) = (bits as i64, bits);
                    assert_eq!($from_i64(signed).to_bits(), (signed as $float).to_bits());
                    assert_eq!(
                        $from_u64(unsigned).to_bits(),
                        (unsigned as $float).to_bits()
                    );
                }
            }
        }
    };
}

float_tests!(
    single,
    f32,
    u32,
    0x7fc0_0000,
    aot_intrinsic_fadd_f32,
    aot_intrinsic_fsub_f32,
    aot_intrinsic_fmul_f32,
    aot_intrinsic_fdiv_f32,
    aot_intrinsic_sqrt_f32,
    aot_intrinsic_fabs_f32,
    aot_intrinsic_copysign_f32,
    aot_intrinsic_fmin_f32,
    aot_intrinsic_fmax_f32,
    aot_intrinsic_f32_cmp,
    aot_intrinsic_ceil_f32,
    aot_intrinsic_floor_f32,
    aot_intrinsic_trunc_f32,
    aot_intrinsic_rint_f32,
    aot_intrinsic_f32_to_i32,
    aot_intrinsic_f32_to_u32,
    aot_intrinsic_f32_to_i64,
    aot_intrinsic_f32_to_u64,
    aot_intrinsic_i32_to_f32,
    aot_intrinsic_u32_to_f32,
    aot_intrinsic_i64_to_f32,
    aot_intrinsic_u64_to_f32
);

float_tests!(
    double,
    f64,
    u64,
    0x7ff8_0000_0000_0000,
    aot_intrinsic_fadd_f64,
    aot_intrinsic_fsub_f64,
    aot_intrinsic_fmul_f64,
    aot_intrinsic_fdiv_f64,
    aot_intrinsic_sqrt_f64,
    aot_intrinsic_fabs_f64,
    aot_intrinsic_copysign_f64,
    aot_intrinsic_fmin_f64,
    aot_intrinsic_fmax_f64,
    aot_intrinsic_f64_cmp,
    aot_intrinsic_ceil_f64,
    aot_intrinsic_floor_f64,
    aot_intrinsic_trunc_f64,
    aot_intrinsic_rint_f64,
    aot_intrinsic_f64_to_i32,
    aot_intrinsic_f64_to_u32,
    aot_intrinsic_f64_to_i64,
    aot_intrinsic_f64_to_u64,
    aot_intrinsic_i32_to_f64,
    aot_intrinsic_u32_to_f64,
    aot_intrinsic_i64_to_f64,
    aot_intrinsic_u64_to_f64
);

#[test]
fn promotes() {
    for bits in singles::<u32>() {
        let a = f32::from_bits(bits);
        let want = if a.is_nan() {
            0x7ff8_0000_0000_0000
        } else {
            f64::from(a).to_bits()
        };
        assert_eq!(aot_intrinsic_f32_to_f64(a).to_bits(), want, "of {bits:#x}");
    }
}

#[test]
fn demotes() {
    // The narrow format's neighbourhoods as well: halfway between two, and just beside that.
    let near_single = singles::<u32>().flat_map(|bits| {
        let wide = f64::from(f32::from_bits(bits)).to_bits();
        let half = 1 << (u64::FRACTION - u32::FRACTION - 1);
        [
            wide,
            wide + half - 1,
            wide + half,
            wide + half + 1,
            wide.wrapping_sub(half),
        ]
    });
    for bits in singles::<u64>().chain(near_single) {
        let a = f64::from_bits(bits);
        let want = if a.is_nan() {
            0x7fc0_0000
        } else {
            (a as f32).to_bits()
        };
        assert_eq!(aot_intrinsic_f64_to_f32(a).to_bits(), want, "of {bits:#x}");
    }
}

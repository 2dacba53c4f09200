//! The integer functions.

use runtime_intrinsics::table::*;

use crate::operands::{Bits, integers};

/// Pairs of integers: each with the one after it, with its neighbours, and with small ones.
fn integer_pairs<W: Bits>() -> impl Iterator<Item = (W, W)> {
    let small = [0, 1, 2, 3, 7, 10, u64::MAX, u64::MAX - 1];
    let again = integers::<W>().skip(1);
    let next = integers::<W>().zip(again);
    next.chain(integers::<W>().flat_map(move |a| small.map(|b| (a, W::new(b)))))
}

macro_rules! division_test {
    ($test:ident, $word:ident, $int:ident, $div:ident, $rem:ident) => {
        #[test]
        fn $test() {
            for (a, b) in integer_pairs::<$word>() {
                let (a, b) = (a as $int, b as $int);
                let (quotient, remainder) = match b {
                    0 => (0, a),
                    _ => (a.wrapping_div(b), a.wrapping_rem(b)),
                };
                assert_eq!($div(a, b), quotient, "{a} / {b}");
                assert_eq!($rem(a, b), remainder, "{a} % {b}");
            }
        }
    };
}

division_test!(
    divides_i32,
    u32,
    i32,
    aot_intrinsic_i32_div_s,
    aot_intrinsic_i32_rem_s
);
division_test!(
    divides_u32,
    u32,
    u32,
    aot_intrinsic_i32_div_u,
    aot_intrinsic_i32_rem_u
);
division_test!(
    divides_i64,
    u64,
    i64,
    aot_intrinsic_i64_div_s,
    aot_intrinsic_i64_rem_s
);
division_test!(
    divides_u64,
    u64,
    u64,
    aot_intrinsic_i64_div_u,
    aot_intrinsic_i64_rem_u
);

#[test]
fn overflowing_division_wraps() {
    assert_eq!(aot_intrinsic_i32_div_s(i32::MIN, -1), i32::MIN);
    assert_eq!(aot_intrinsic_i32_rem_s(i32::MIN, -1), 0);
    assert_eq!(aot_intrinsic_i64_div_s(i64::MIN, -1), i64::MIN);
    assert_eq!(aot_intrinsic_i64_rem_s(i64::MIN, -1), 0);
}

#[test]
fn multiplies_and_combines_bits() {
    for (a, b) in integer_pairs::<u64>() {
        let product = u128::from(a) * u128::from(b);
        assert_eq!(aot_intrinsic_i64_mul(a, b), product as u64, "{a} * {b}");
        assert_eq!(aot_intrinsic_i64_bit_or(a, b), a | b);
        assert_eq!(aot_intrinsic_i64_bit_and(a, b), a & b);
    }
}

#[test]
fn shifts_modulo_the_width() {
    for value in [1, u64::MAX, 0x8000_0000_0000_0001, 0x0123_4567_89ab_cdef] {
        for count in 0..200 {
            let by = count % 64;
            assert_eq!(aot_intrinsic_i64_shl(value, count), value << by);
            assert_eq!(aot_intrinsic_i64_shr_u(value, count), value >> by);
            assert_eq!(
                aot_intrinsic_i64_shr_s(value, count),
                (value as i64 >> by) as u64
            );
            assert_eq!(aot_intrinsic_i64_shl(value, 1 << 40 | count), value << by);
        }
    }
}

#[test]
fn counts_bits() {
    for a in integers::<u32>() {
        let bit = |index: &u32| a >> index & 1 != 0;
        assert_eq!(
            aot_intrinsic_clz_i32(a),
            (0..32).rev().position(|i| bit(&i)).unwrap_or(32) as u32
        );
        assert_eq!(aot_intrinsic_ctz_i32(a), (0..32).find(bit).unwrap_or(32));
        assert_eq!(
            aot_intrinsic_popcnt_i32(a),
            (0..32).filter(bit).count() as u32
        );
    }
    for a in integers::<u64>() {
        let bit = |index: &u64| a >> index & 1 != 0;
        assert_eq!(
            aot_intrinsic_clz_i64(a),
            (0..64).rev().position(|i| bit(&i)).unwrap_or(64) as u64
        );
        assert_eq!(aot_intrinsic_ctz_i64(a), (0..64).find(bit).unwrap_or(64));
        assert_eq!(
            aot_intrinsic_popcnt_i64(a),
            (0..64).filter(bit).count() as u64
        );
    }
}

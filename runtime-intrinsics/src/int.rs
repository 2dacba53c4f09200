//! The integer intrinsics, on words.
//!
//! Compiled code tests for a zero divisor and for overflow before it calls these; the functions are
//! total all the same, so that none of them can panic: a quotient by zero is zero and the remainder
//! the dividend, and what overflows wraps. Shift counts count modulo the width, as WebAssembly's do.

/// Quotient and remainder of one integer type, on the words that hold it.
macro_rules! division {
    ($int:ty, $word:ty, $div:ident, $rem:ident) => {
        pub(crate) fn $div(dividend: $word, divisor: $word) -> $word {
            if divisor == 0 {
                return 0;
            }
            (dividend as $int).wrapping_div(divisor as $int) as $word
        }

        pub(crate) fn $rem(dividend: $word, divisor: $word) -> $word {
            if divisor == 0 {
                return dividend;
            }
            (dividend as $int).wrapping_rem(divisor as $int) as $word
        }
    };
}

division!(i32, u32, div_s_32, rem_s_32);
division!(u32, u32, div_u_32, rem_u_32);
division!(i64, u64, div_s_64, rem_s_64);
division!(u64, u64, div_u_64, rem_u_64);

pub(crate) fn and(a: u64, b: u64) -> u64 {
    a & b
}

pub(crate) fn or(a: u64, b: u64) -> u64 {
    a | b
}

pub(crate) fn mul(a: u64, b: u64) -> u64 {
    a.wrapping_mul(b)
}

pub(crate) fn shl(value: u64, count: u64) -> u64 {
    value.wrapping_shl(count as u32)
}

pub(crate) fn shr_s(value: u64, count: u64) -> u64 {
    (value as i64).wrapping_shr(count as u32) as u64
}

pub(crate) fn shr_u(value: u64, count: u64) -> u64 {
    value.wrapping_shr(count as u32)
}

pub(crate) fn clz_64(value: u64) -> u64 {
    u64::from(value.leading_zeros())
}

pub(crate) fn ctz_64(value: u64) -> u64 {
    u64::from(value.trailing_zeros())
}

pub(crate) fn popcnt_64(value: u64) -> u64 {
    u64::from(value.count_ones())
}

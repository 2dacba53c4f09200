//! Between integers and floating-point numbers, and between the two formats.
//!
//! Signed integers come and go as the bits of their unsigned word. Truncation saturates: a number
//! outside the integer's range gives the end of the range it lies beyond, a NaN gives zero. That is
//! `trunc_sat`; `trunc` is the same once its traps have been tested for.

use super::format::Format;

/// An unsigned integer, rounded to the format.
pub(crate) fn from_unsigned<I: Format, F: Format>(value: I) -> F {
    from_magnitude(F::ZERO, value)
}

/// A signed integer, rounded to the format.
pub(crate) fn from_signed<I: Format, F: Format>(value: I) -> F {
    if value.sign() == I::ZERO {
        from_magnitude(F::ZERO, value)
    } else {
        from_magnitude(F::SIGN, negate(value))
    }
}

fn from_magnitude<I: Format, F: Format>(sign: F, magnitude: I) -> F {
    if magnitude == I::ZERO {
        return F::ZERO;
    }
    let zeros = magnitude.leading_zeros();
    let exponent = (I::BITS - 1 - zeros) as i32 + F::BIAS;
    let significand: F = (magnitude << zeros).align_to();
    F::round(sign, exponent, significand.shift_right_sticky(1))
}

/// The integral part as an unsigned integer.
pub(crate) fn to_unsigned<F: Format, I: Format>(a: F) -> I {
    if a.is_nan() || a.sign() != F::ZERO {
        I::ZERO
    } else {
        integral_part(a)
    }
}

/// The integral part as a signed integer.
pub(crate) fn to_signed<F: Format, I: Format>(a: F) -> I {
    if a.is_nan() {
        I::ZERO
    } else if a.sign() == F::ZERO {
        integral_part::<F, I>(a).min(I::SIGN - I::ONE)
    } else {
        negate(integral_part::<F, I>(a.magnitude()).min(I::SIGN))
    }
}

/// The integral part of a number that is neither negative nor a NaN, or the largest there is.
fn integral_part<F: Format, I: Format>(a: F) -> I {
    let (exponent, significand) = a.unpack();
    let exponent = exponent - F::BIAS;
    if exponent < 0 {
        return I::ZERO;
    }
    let exponent = exponent as u32;
    if exponent >= I::BITS {
        return I::ALL_ONES;
    }
    if exponent <= F::FRACTION {
        I::from_u64((significand >> (F::FRACTION - exponent)).to_u64())
    } else {
        I::from_u64(significand.to_u64()) << (exponent - F::FRACTION)
    }
}

/// Two's complement.
fn negate<I: Format>(value: I) -> I {
    if value == I::ZERO {
        I::ZERO
    } else {
        !(value - I::ONE)
    }
}

/// The same number in the wider format.
pub(crate) fn promote(a: u32) -> u64 {
    convert(a)
}

/// The nearest number of the narrower format.
pub(crate) fn demote(a: u64) -> u32 {
    convert(a)
}

fn convert<From: Format, To: Format>(a: From) -> To {
    let sign: To = a.sign().align_to();
    if a.is_nan() {
        return To::NAN;
    }
    if a.magnitude() == From::INFINITY {
        return sign | To::INFINITY;
    }
    if a.magnitude() == From::ZERO {
        return sign;
    }
    let (exponent, significand) = a.unpack_normalized();
    let significand: To = (significand << From::ROUND).align_to();
    To::round(sign, exponent - From::BIAS + To::BIAS, significand)
}

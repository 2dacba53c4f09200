//! Division, one quotient bit at a time: no divide instruction needed, and the remainder says
//! exactly what rounding must know.

use super::format::Format;

/// `a / b`.
pub(crate) fn div<F: Format>(a: F, b: F) -> F {
    let sign = a.sign() ^ b.sign();
    let (a, b) = (a.magnitude(), b.magnitude());
    if a.is_nan() || b.is_nan() {
        return F::NAN;
    }
    // What is left of the operands decides alone where one of them is zero or infinite; alike in
    // both, the quotient is indefinite.
    if a == F::INFINITY || b == F::ZERO {
        return if a == b { F::NAN } else { sign | F::INFINITY };
    }
    if a == F::ZERO || b == F::INFINITY {
        return sign;
    }
    let (mut exponent, mut remainder) = a.unpack_normalized();
    let (exponent_b, divisor) = b.unpack_normalized();
    exponent = exponent - exponent_b + F::BIAS;
    if remainder < divisor {
        // So that the first quotient bit is a one.
        remainder = remainder << 1;
        exponent -= 1;
    }
    // The format's precision and one bit for the half; the remainder sticks.
    let count = F::FRACTION + 2;
    let mut quotient = F::ZERO;
    for _ in 0..count {
        quotient = quotient << 1;
        if remainder >= divisor {
            remainder = remainder - divisor;
            quotient = quotient | F::ONE;
        }
        remainder = remainder << 1;
    }
    let quotient = quotient << (F::TOP + 1 - count) | F::sticky(remainder != F::ZERO);
    F::round(sign, exponent, quotient)
}

//! Multiplication.

use super::format::Format;

/// `a * b`.
pub(crate) fn mul<F: Format>(a: F, b: F) -> F {
    let sign = a.sign() ^ b.sign();
    let (a, b) = (a.magnitude(), b.magnitude());
    if a.is_nan() || b.is_nan() {
        return F::NAN;
    }
    if a == F::INFINITY || b == F::INFINITY {
        let indefinite = a == F::ZERO || b == F::ZERO;
        return if indefinite {
            F::NAN
        } else {
            sign | F::INFINITY
        };
    }
    if a == F::ZERO || b == F::ZERO {
        return sign;
    }
    let (exponent_a, a) = a.unpack_normalized();
    let (exponent_b, b) = b.unpack_normalized();
    // Both leading ones at the highest bit put the product's at the highest bit of the upper half
    // or at the one below.
    let shift = F::BITS - 1 - F::FRACTION;
    let (high, low) = (a << shift).widening_mul(b << shift);
    let product = high | F::sticky(low != F::ZERO);
    F::normalize_round(sign, exponent_a + exponent_b - F::BIAS, product)
}

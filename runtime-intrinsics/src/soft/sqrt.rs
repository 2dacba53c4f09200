//! Square root by the schoolbook method: two bits of the radicand give one bit of the root.

use super::format::Format;

/// The square root of `a`.
pub(crate) fn sqrt<F: Format>(a: F) -> F {
    if a.magnitude() == F::ZERO || a == F::INFINITY {
        return a;
    }
    if a.is_nan() || a.sign() != F::ZERO {
        return F::NAN;
    }
    let (exponent, significand) = a.unpack_normalized();
    let exponent = exponent - F::BIAS;
    // The highest two bits of the radicand hold its integer part: 1, or, since the exponent must be
    // even to be halved, 2 or 3.
    let mut radicand = significand << (F::ROUND + (exponent & 1) as u32);
    // The format's precision and one bit for the half; the remainder sticks. That is more bits than
    // the radicand has: nothing of it is left over.
    let count = F::FRACTION + 2;
    let mut root = F::ZERO;
    let mut remainder = F::ZERO;
    for _ in 0..count {
        remainder = remainder << 2 | radicand >> F::TOP;
        radicand = radicand << 2;
        let trial = root << 2 | F::ONE;
        root = root << 1;
        if remainder >= trial {
            remainder = remainder - trial;
            root = root | F::ONE;
        }
    }
    let root = root << (F::TOP + 1 - count) | F::sticky(remainder != F::ZERO);
    F::round(F::ZERO, (exponent >> 1) + F::BIAS, root)
}

//! Addition and subtraction.

use super::format::Format;

/// `a + b`.
pub(crate) fn add<F: Format>(a: F, b: F) -> F {
    if a.magnitude() >= F::INFINITY || b.magnitude() >= F::INFINITY {
        return add_special(a, b);
    }
    // The larger one first: it gives the result its sign and its scale.
    let (a, b) = if a.magnitude() < b.magnitude() {
        (b, a)
    } else {
        (a, b)
    };
    if b.magnitude() == F::ZERO {
        // Of two zeros, the sum is negative only if both are.
        return if a.magnitude() == F::ZERO { a & b } else { a };
    }
    let (exponent, large) = a.unpack();
    let (exponent_b, small) = b.unpack();
    let large = large << F::ROUND;
    let small = (small << F::ROUND).shift_right_sticky((exponent - exponent_b) as u32);
    let sum = if a.sign() == b.sign() {
        large + small
    } else {
        large - small
    };
    if sum == F::ZERO {
        return F::ZERO;
    }
    F::normalize_round(a.sign(), exponent, sum)
}

/// `a - b`.
pub(crate) fn sub<F: Format>(a: F, b: F) -> F {
    add(a, b ^ F::SIGN)
}

/// The sum when one operand at least is infinite or a NaN.
fn add_special<F: Format>(a: F, b: F) -> F {
    if a.is_nan() || b.is_nan() {
        F::NAN
    } else if a.magnitude() != F::INFINITY {
        b
    } else if b == a ^ F::SIGN {
        F::NAN
    } else {
        a
    }
}

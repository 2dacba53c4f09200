//! Order: comparison, minimum and maximum.

use core::cmp::Ordering;

use super::format::Format;

/// How `a` stands to `b`; `None` if one of them is a NaN. Zeros are equal whatever their signs.
pub(crate) fn compare<F: Format>(a: F, b: F) -> Option<Ordering> {
    if a.is_nan() || b.is_nan() {
        return None;
    }
    if (a | b).magnitude() == F::ZERO {
        return Some(Ordering::Equal);
    }
    // Magnitudes are ordered as integers are; below zero the other way round.
    Some(match (a.sign() != F::ZERO, b.sign() != F::ZERO) {
        (false, false) => a.cmp(&b),
        (true, true) => b.cmp(&a),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    })
}

/// The smaller one; a NaN if there is one; of two zeros the negative one.
pub(crate) fn min<F: Format>(a: F, b: F) -> F {
    match compare(a, b) {
        None => F::NAN,
        Some(Ordering::Less) => a,
        Some(Ordering::Greater) => b,
        // The same number, or zeros: then a sign that is there wins.
        Some(Ordering::Equal) => a | b,
    }
}

/// The larger one; a NaN if there is one; of two zeros the positive one.
pub(crate) fn max<F: Format>(a: F, b: F) -> F {
    match compare(a, b) {
        None => F::NAN,
        Some(Ordering::Less) => b,
        Some(Ordering::Greater) => a,
        Some(Ordering::Equal) => a & b,
    }
}

//! What touches the sign bit alone: never a NaN's payload, and never its quiet bit.

use super::format::Format;

/// The magnitude of `a`.
pub(crate) fn abs<F: Format>(a: F) -> F {
    a.magnitude()
}

/// The magnitude of `a` with the sign of `b`.
pub(crate) fn copysign<F: Format>(a: F, b: F) -> F {
    a.magnitude() | b.sign()
}

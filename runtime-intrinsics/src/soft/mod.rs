//! IEEE 754 arithmetic in integer instructions alone.
//!
//! In and out: the bits of `binary32` and `binary64` numbers as `u32` and `u64`; no `f32` or `f64`
//! occurs in here, so no compiler can make a float instruction of it. Every result is the exact one
//! rounded to nearest, ties to even, subnormal numbers included. A NaN that arithmetic gives is the
//! positive canonical one whatever went in, as in WebAssembly's deterministic profile: the same
//! bits on every device. What only moves or flips bits ([`sign`]) keeps a NaN as it is.

mod add;
mod compare;
mod convert;
mod div;
mod format;
mod mul;
mod round;
mod sign;
mod sqrt;

pub(crate) use add::{add, sub};
pub(crate) use compare::{compare, max, min};
pub(crate) use convert::{demote, from_signed, from_unsigned, promote, to_signed, to_unsigned};
pub(crate) use div::div;
pub(crate) use format::Format;
pub(crate) use mul::mul;
pub(crate) use round::{Direction, to_integral};
pub(crate) use sign::{abs, copysign};
pub(crate) use sqrt::sqrt;

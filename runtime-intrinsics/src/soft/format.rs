//! The two binary formats, as the unsigned words that hold them, and what every operation shares:
//! taking a number apart, and rounding an exact result back into the format.
//!
//! In: words holding `binary32` (`u32`) or `binary64` (`u64`). Out: the same. A *significand* is an
//! integer whose leading one stands for the value 1 of `1.fraction`; between operations it is kept
//! with that one at bit [`Format::TOP`], the second highest of the word, so that a carry has room
//! and all the lower bits serve for rounding. Bits that do not fit are not dropped but *stick*: they
//! are or-ed into the lowest bit, which is all that rounding to nearest needs to know of them.

use core::ops::{Add, BitAnd, BitOr, BitXor, Not, Shl, Shr, Sub};

/// An unsigned word that holds a floating-point number of its own width.
pub(crate) trait Format:
    Copy
    + Ord
    + Add<Output = Self>
    + Sub<Output = Self>
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Not<Output = Self>
    + Shl<u32, Output = Self>
    + Shr<u32, Output = Self>
{
    /// Width of the word.
    const BITS: u32;
    /// Width of the fraction field.
    const FRACTION: u32;

    const ZERO: Self;
    const ONE: Self;
    const ALL_ONES: Self;
    const SIGN: Self;
    const INFINITY: Self;
    /// The one NaN that arithmetic gives here: quiet, positive, payload otherwise empty.
    const NAN: Self;

    /// Where a significand has its leading one between operations.
    const TOP: u32 = Self::BITS - 2;
    /// Bits of such a significand below the format's own precision.
    const ROUND: u32 = Self::TOP - Self::FRACTION;
    /// The exponent field of infinities and NaNs.
    const EXPONENT_END: i32 = (1 << (Self::BITS - 1 - Self::FRACTION)) - 1;
    /// The exponent field of the value one.
    const BIAS: i32 = Self::EXPONENT_END >> 1;

    fn leading_zeros(self) -> u32;
    /// The low bits of a 64-bit word.
    fn from_u64(word: u64) -> Self;
    fn to_u64(self) -> u64;
    /// A small non-negative number as a word.
    fn from_exponent(exponent: i32) -> Self;
    /// The upper and the lower half of the double-width product.
    fn widening_mul(self, other: Self) -> (Self, Self);

    /// The low `count` bits set; `count` below the width.
    fn low_mask(count: u32) -> Self {
        (Self::ONE << count) - Self::ONE
    }

    fn sign(self) -> Self {
        self & Self::SIGN
    }

    fn magnitude(self) -> Self {
        self & !Self::SIGN
    }

    fn is_nan(self) -> bool {
        self.magnitude() > Self::INFINITY
    }

    /// The lowest bit set if `condition` holds.
    fn sticky(condition: bool) -> Self {
        if condition { Self::ONE } else { Self::ZERO }
    }

    /// Shifts right; what falls off sticks. Any count is good.
    fn shift_right_sticky(self, count: u32) -> Self {
        if count == 0 {
            self
        } else if count < Self::BITS {
            self >> count | Self::sticky(self << (Self::BITS - count) != Self::ZERO)
        } else {
            Self::sticky(self != Self::ZERO)
        }
    }

    /// The same number in a word of another width, counted from the highest bit: a narrower word
    /// lets the rest stick.
    fn align_to<Other: Format>(self) -> Other {
        if Self::BITS > Other::BITS {
            Other::from_u64(self.shift_right_sticky(Self::BITS - Other::BITS).to_u64())
        } else {
            Other::from_u64(self.to_u64()) << (Other::BITS - Self::BITS)
        }
    }

    /// The exponent field and the fraction of a magnitude as they stand.
    fn fields(self) -> (i32, Self) {
        let exponent = (self.magnitude() >> Self::FRACTION).to_u64() as i32;
        (exponent, self & Self::low_mask(Self::FRACTION))
    }

    /// Biased exponent and significand of a finite number, the leading one at bit `FRACTION` for
    /// normal numbers and further down for subnormal ones.
    fn unpack(self) -> (i32, Self) {
        let (exponent, fraction) = self.fields();
        if exponent == 0 {
            (1, fraction)
        } else {
            (exponent, fraction | Self::ONE << Self::FRACTION)
        }
    }

    /// Biased exponent and significand of a finite number other than zero, the leading one at bit
    /// `FRACTION` always; the exponent of a subnormal number goes below one for that.
    fn unpack_normalized(self) -> (i32, Self) {
        let (exponent, significand) = self.unpack();
        let shift = significand.leading_zeros() - (Self::BITS - 1 - Self::FRACTION);
        (exponent - shift as i32, significand << shift)
    }

    /// The number nearest to `significand`, ties to even, where a one at bit `TOP` is worth the
    /// biased `exponent`. The leading one is at `TOP`, or, for exponent 1 only, lower.
    fn round(sign: Self, exponent: i32, significand: Self) -> Self {
        if exponent >= Self::EXPONENT_END {
            return sign | Self::INFINITY;
        }
        let (exponent, significand) = if exponent < 1 {
            (1, significand.shift_right_sticky((1 - exponent) as u32))
        } else {
            (exponent, significand)
        };
        let kept = significand >> Self::ROUND;
        let lost = significand & Self::low_mask(Self::ROUND);
        let half = Self::ONE << (Self::ROUND - 1);
        let up = lost > half || lost == half && kept & Self::ONE != Self::ZERO;
        // The leading one, if it is there, adds the last unit of the exponent; so does a carry out
        // of the fraction, be it from subnormal to normal or from the largest number to infinity.
        let base = Self::from_exponent(exponent - 1) << Self::FRACTION;
        sign | (base + kept + Self::sticky(up))
    }

    /// [`Format::round`] for any significand but zero, wherever its leading one is.
    fn normalize_round(sign: Self, exponent: i32, significand: Self) -> Self {
        match significand.leading_zeros() {
            0 => Self::round(sign, exponent + 1, significand.shift_right_sticky(1)),
            zeros => {
                let shift = zeros - 1;
                Self::round(sign, exponent - shift as i32, significand << shift)
            }
        }
    }
}

impl Format for u32 {
    const BITS: u32 = u32::BITS;
    const FRACTION: u32 = 23;
    const ZERO: Self = 0;
    const ONE: Self = 1;
    const ALL_ONES: Self = u32::MAX;
    const SIGN: Self = 0x8000_0000;
    const INFINITY: Self = 0x7f80_0000;
    const NAN: Self = 0x7fc0_0000;

    fn leading_zeros(self) -> u32 {
        u32::leading_zeros(self)
    }

    fn from_u64(word: u64) -> Self {
        word as u32
    }

    fn to_u64(self) -> u64 {
        u64::from(self)
    }

    fn from_exponent(exponent: i32) -> Self {
        exponent as u32
    }

    fn widening_mul(self, other: Self) -> (Self, Self) {
        let product = u64::from(self) * u64::from(other);
        ((product >> 32) as u32, product as u32)
    }
}

impl Format for u64 {
    const BITS: u32 = u64::BITS;
    const FRACTION: u32 = 52;
    const ZERO: Self = 0;
    const ONE: Self = 1;
    const ALL_ONES: Self = u64::MAX;
    const SIGN: Self = 0x8000_0000_0000_0000;
    const INFINITY: Self = 0x7ff0_0000_0000_0000;
    const NAN: Self = 0x7ff8_0000_0000_0000;

    fn leading_zeros(self) -> u32 {
        u64::leading_zeros(self)
    }

    fn from_u64(word: u64) -> Self {
        word
    }

    fn to_u64(self) -> u64 {
        self
    }

    fn from_exponent(exponent: i32) -> Self {
        exponent as u64
    }

    /// From four products of 32-bit halves, each one instruction on the small machines this is for;
    /// a 128-bit product would be a library call there.
    fn widening_mul(self, other: Self) -> (Self, Self) {
        const LOW: u64 = u32::MAX as u64;
        let (high_a, low_a) = (self >> 32, self & LOW);
        let (high_b, low_b) = (other >> 32, other & LOW);
        let low = low_a * low_b;
        let first = high_a * low_b + (low >> 32);
        let second = low_a * high_b + (first & LOW);
        (
            high_a * high_b + (first >> 32) + (second >> 32),
            second << 32 | low & LOW,
        )
    }
}

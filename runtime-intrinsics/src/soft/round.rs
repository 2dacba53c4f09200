//! Rounding to an integral value that stays a floating-point number.

use super::format::Format;

/// Which of the two integral neighbours to take.
#[derive(Clone, Copy)]
pub(crate) enum Direction {
    /// Toward positive infinity.
    Up,
    /// Toward negative infinity.
    Down,
    TowardZero,
    /// The nearer one, and of two equally near the even one.
    NearestEven,
}

/// `a` rounded to an integral value; a result of zero keeps the sign of `a`.
pub(crate) fn to_integral<F: Format>(a: F, direction: Direction) -> F {
    if a.is_nan() {
        return F::NAN;
    }
    let exponent = a.fields().0 - F::BIAS;
    if a.magnitude() == F::ZERO || exponent >= F::FRACTION as i32 {
        return a;
    }
    let negative = a.sign() != F::ZERO;
    if exponent < 0 {
        let one = F::from_exponent(F::BIAS) << F::FRACTION;
        let half = F::from_exponent(F::BIAS - 1) << F::FRACTION;
        let away = match direction {
            Direction::Up => !negative,
            Direction::Down => negative,
            Direction::TowardZero => false,
            Direction::NearestEven => a.magnitude() > half,
        };
        return if away { a.sign() | one } else { a.sign() };
    }
    // The lowest bit that counts whole units: a bit of the fraction, or, below two, the lowest of
    // the exponent, which is odd there as the one it stands for.
    let unit = F::ONE << (F::FRACTION - exponent as u32);
    let lost = a & (unit - F::ONE);
    let kept = a ^ lost;
    let half = unit >> 1;
    let away = match direction {
        Direction::Up => !negative && lost != F::ZERO,
        Direction::Down => negative && lost != F::ZERO,
        Direction::TowardZero => false,
        Direction::NearestEven => lost > half || lost == half && kept & unit != F::ZERO,
    };
    // A carry out of the fraction goes to the exponent, where it belongs.
    if away { kept + unit } else { kept }
}

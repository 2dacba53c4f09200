//! Chooses among the results that the specification allows operators of relaxed SIMD (4.3.6).
//!
//! The choices depend on the target and the options alone, so an operator has one result in the whole file,
//! whether LLVM folds it or the processor computes it. The names of the choices say the result, not the
//! instruction; the emitter takes the instruction that gives it. docs/proposals.md has the table for users.
//!
//! The official scripts also allow sums of products without saturation (`vpdpbusd` of x86, `sdot` of AArch64);
//! the text of the specification does not, so we do not use these instructions.

use crate::targets::{Target, VectorUnit};

/// The result of each operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RelaxedPlan {
    pub swizzle: Swizzle,
    pub truncation: Truncation,
    pub multiply_add: MultiplyAdd,
    pub lane_select: LaneSelect,
    pub extremum: RelaxedExtremum,
    pub q15: Q15,
    pub dot: Dot,
}

/// The byte that `i8x16.relaxed_swizzle` selects by an index from 16 to 127.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Swizzle {
    Zero,
    /// The byte at the low four bits of the index (`pshufb` of SSSE3).
    LowBits,
}

/// What the truncations make of a NaN and of a float out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Truncation {
    /// Zero, or the nearest integer.
    Saturated,
    /// Signed: the least integer (`cvttps2dq`). Unsigned: the bits that two signed conversions give.
    TwoSigned,
    /// Signed: the least integer. Unsigned: the greatest (`vcvttps2udq` of AVX-512).
    Hardware,
}

/// How many roundings `relaxed_madd` and `relaxed_nmadd` have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MultiplyAdd {
    Fused,
    /// The product is rounded, too.
    Separate,
}

/// What selects lanes of `relaxed_laneselect` if the bits of a lane of the mask differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LaneSelect {
    /// Each bit selects a bit.
    Bits,
    /// The sign selects the lane (`pblendvb` and the like of SSE4.1).
    Sign,
}

/// The result of `relaxed_min` and `relaxed_max` for NaNs and for zeros of different signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RelaxedExtremum {
    /// As `min` and `max`.
    Exact,
    /// The second operand (`minps` and the like).
    Second,
}

/// The product of -1 and -1 in `i16x8.relaxed_q15mulr_s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Q15 {
    /// The greatest number.
    Saturated,
    /// -1 again (`pmulhrsw` of SSSE3).
    Wrapped,
}

/// How the dot products take bytes of the second operand whose highest bit is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dot {
    Signed,
    /// `pmaddubsw` of SSSE3.
    Unsigned,
}

/// The choices of the specification's deterministic profile.
const DETERMINISTIC: RelaxedPlan = RelaxedPlan {
    swizzle: Swizzle::Zero,
    truncation: Truncation::Saturated,
    multiply_add: MultiplyAdd::Separate,
    lane_select: LaneSelect::Bits,
    extremum: RelaxedExtremum::Exact,
    q15: Q15::Saturated,
    dot: Dot::Signed,
};

impl RelaxedPlan {
    /// Returns the choices for code on `target`. `target` must know its instructions for relaxed SIMD if the
    /// module has such operators.
    pub(super) fn new(target: &Target, deterministic: bool) -> Self {
        match target.facts.vectors {
            _ if deterministic => DETERMINISTIC,
            VectorUnit::Other => DETERMINISTIC,
            // Its other instructions compute the deterministic results.
            VectorUnit::Aarch64 => RelaxedPlan {
                multiply_add: MultiplyAdd::Fused,
                ..DETERMINISTIC
            },
            VectorUnit::X86 => {
                let has = target.relaxed_instructions;
                let mut plan = RelaxedPlan {
                    truncation: Truncation::TwoSigned,
                    extremum: RelaxedExtremum::Second,
                    ..DETERMINISTIC
                };
                if has.ssse3 {
                    plan.swizzle = Swizzle::LowBits;
                    plan.q15 = Q15::Wrapped;
                    plan.dot = Dot::Unsigned;
                }
                if has.sse41 {
                    plan.lane_select = LaneSelect::Sign;
                }
                if has.fused_multiply_add {
                    plan.multiply_add = MultiplyAdd::Fused;
                }
                if has.avx512 {
                    // One `vpternlogd` selects bits.
                    plan.lane_select = LaneSelect::Bits;
                    plan.truncation = Truncation::Hardware;
                }
                plan
            }
        }
    }
}

//! Chooses other instruction sequences than LLVM's own on some targets.
//!
//! LLVM has an operation for each of these, but for some targets it generates scalar or long code. The choice
//! depends only on the architecture: every processor has the instructions.

use inkwell::FloatPredicate;

use crate::targets::VectorUnit;

impl VectorUnit {
    /// Returns the intrinsic for `a if a < b, else b` on `lanes` floats (or for `a > b`).
    pub(super) fn choice(self, comparison: FloatPredicate, lanes: u32) -> Option<&'static str> {
        if self != VectorUnit::X86 {
            return None;
        }
        match (comparison, lanes) {
            (FloatPredicate::OLT, 4) => Some("llvm.x86.sse.min.ps"),
            (FloatPredicate::OLT, 2) => Some("llvm.x86.sse2.min.pd"),
            (FloatPredicate::OGT, 4) => Some("llvm.x86.sse.max.ps"),
            (FloatPredicate::OGT, 2) => Some("llvm.x86.sse2.max.pd"),
            _ => None,
        }
    }
}

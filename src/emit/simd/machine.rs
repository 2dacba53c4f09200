//! Which targets need other sequences than LLVM's own for the same thing.
//!
//! LLVM has an operation for each of these, but for some targets only makes scalar or long code of
//! it. Asks for the architecture alone: what every processor of it has.

use inkwell::FloatPredicate;

use super::Emitter;

/// The families of vector units that differ here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VectorUnit {
    /// SSE2: minimum and conversion know neither NaN nor saturation.
    X86,
    /// Has most WebAssembly instructions as they are.
    Aarch64,
    /// Whatever LLVM makes of its own operations.
    Other,
}

/// Architectures, as LLVM triples begin with them.
const UNITS: &[(&str, VectorUnit)] = &[
    ("x86_64", VectorUnit::X86),
    ("aarch64", VectorUnit::Aarch64),
];

impl VectorUnit {
    pub fn of(e: &Emitter) -> VectorUnit {
        let triple = e.partition.llvm.get_triple();
        let triple = triple.as_str().to_bytes();
        UNITS
            .iter()
            .find(|(name, _)| triple.starts_with(name.as_bytes()))
            .map_or(VectorUnit::Other, |&(_, unit)| unit)
    }

    /// The intrinsic for `a if a < b, else b` on `lanes` floats (or for `a > b`).
    pub fn choice(self, comparison: FloatPredicate, lanes: u32) -> Option<&'static str> {
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

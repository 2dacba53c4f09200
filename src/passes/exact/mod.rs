//! What must survive the optimiser: traps of loads, the order of accesses, the quieting of NaNs.

pub(super) mod drop_canonicalize;
pub(super) mod exact_memory;
pub(super) mod keep_traps;
pub(super) mod widen_canonicalize;

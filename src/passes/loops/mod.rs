//! Passes that help LLVM with loops; `docs/performance.md` has the figures.

pub(super) mod count_from_zero;
pub(super) mod no_wrap;
pub(super) mod separate_arrays;
pub(super) mod short_loops;

//! What bounds the parts of LLVM that take time that grows with the square of something, or faster.

pub(super) mod conditions;
pub(super) mod constant_pool;
pub(super) mod long_blocks;
pub(super) mod loop_starts;

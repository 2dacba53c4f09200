//! Keeps compile time in proportion to code size: bounds the input of LLVM's quadratic and exponential
//! algorithms.

pub(super) mod conditions;
pub(super) mod constant_pool;
pub(super) mod long_blocks;
pub(super) mod loop_starts;

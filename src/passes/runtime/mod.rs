//! What is left to the runtime, taken out of optimised code: operations that it has functions for, memory to
//! copy, constants. [`hardware`] knows what the processor lacks.

pub(super) mod constants;
pub(super) mod expand;
pub(super) mod hardware;
pub(super) mod intrinsics;
pub(super) mod memory_calls;
pub(super) mod operation;

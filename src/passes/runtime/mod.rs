//! Replaces operations, copies of memory, and constants in optimised code by functions and data of the
//! runtime. [`hardware`] finds the operations that the processor lacks.

pub(super) mod constants;
pub(super) mod expand;
pub(super) mod hardware;
pub(super) mod intrinsics;
pub(super) mod memory_calls;
pub(super) mod operation;

//! The emitter: lowers a partition of the module's functions to LLVM IR.
//!
//! In: the module as plain data, the target, the options. Out: an LLVM module, not yet optimised.
//! One file per group of instructions; [`function::FunctionEmitter`] holds the operand stack, the
//! control stack and nothing that a group needs alone.

mod atomic;
mod call;
mod call_indirect;
mod control;
mod convert;
mod error;
mod fixed_table;
mod function;
mod memory;
mod memory_bulk;
mod nan;
mod numeric;
mod partition;
mod raise;
mod reference;
mod simd;
mod stack_check;
mod table;
mod trap;
mod types;
mod variable;

pub use error::EmitError;
pub use fixed_table::FixedTable;
pub use partition::{Environment, emit_partition};
pub(crate) use partition::{LOCAL, PRIVATE_BODY};
pub(crate) use types::LINEAR_MEMORY_TAG;

//! The emitter: lowers a partition of the module's functions to LLVM IR.
//!
//! In: a plan and one of its partitions. Out: an LLVM module, not yet optimised.
//! [`unit::Unit`] is that module in the making, [`function::FunctionEmitter`] a function of it: the operand
//! stack, the control stack and nothing that a group of instructions needs alone. Each group has a file;
//! [`thunk`] emits the functions that no body of the module stands behind.

mod atomic;
mod call;
mod call_indirect;
mod call_site;
mod control;
mod convert;
mod error;
mod function;
mod memory;
mod memory_bulk;
mod nan;
mod numeric;
mod raise;
mod reference;
mod simd;
mod stack_check;
mod table;
mod thunk;
mod trap;
mod types;
mod unit;
mod variable;

pub use error::EmitError;
pub use unit::emit_unit;

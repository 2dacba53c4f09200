//! The emitter: lowers a partition of the module's functions to LLVM IR.
//!
//! Takes a plan and one of its partitions; returns an LLVM module before optimisation. [`unit::Unit`] is that
//! module while it is built. [`function::FunctionEmitter`] is one of its functions: the operand stack, the
//! control stack, and nothing that only one group of instructions needs. Each group has a file. [`thunk`]
//! emits the functions without a body in the module.

mod atomic;
mod c_api_call;
mod call;
mod call_indirect;
mod call_site;
mod control;
mod convert;
mod debug;
mod debug_values;
mod error;
mod exceptions;
mod frames;
mod function;
mod hidden;
mod memory;
mod nan;
mod native_call;
mod native_decision;
mod numeric;
mod profile;
mod raise;
mod raise_message;
mod reference;
mod segment;
mod shared_heap;
mod simd;
mod stack_check;
mod start;
mod table;
mod thunk;
mod trap;
mod types;
mod unit;
mod variable;

pub use error::EmitError;
pub use unit::emit_unit;

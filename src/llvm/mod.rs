//! The ground floor: LLVM as the rooms above use it. It knows none of them.
//!
//! Here stands what speaks to LLVM's C interface itself, and with it nearly all `unsafe` of the
//! compiler: [`machine`] describes a target machine in plain data and makes it, [`probe`] asks LLVM
//! about one, [`context`] is an LLVM context whose diagnostics come to us, [`objects`] generates code,
//! [`ir`] is a view of IR for passes, [`marks`] is what the emitter and the passes tell each other through
//! IR, [`options`] are LLVM's own options, [`fatal`] its fatal errors.

pub mod context;
pub mod fatal;
pub mod ir;
pub mod machine;
pub mod marks;
pub mod objects;
pub mod options;
pub mod probe;

pub use context::ReportingContext;
pub use machine::{CodeModel, MachineError, MachineSpec, Relocation};
pub use objects::{CodegenError, ObjectFile, ObjectWriter};

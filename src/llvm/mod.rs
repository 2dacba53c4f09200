//! The ground floor: LLVM as the rooms above use it. It uses none of these rooms.
//!
//! All direct uses of LLVM's C interface are here, and with them nearly all `unsafe` of the compiler.
//! [`machine`] describes a target machine in plain data and creates it, [`probe`] and [`processor`] ask LLVM about one,
//! [`context`] collects LLVM's diagnostics, [`objects`] generates code, [`ir`] is a view of IR for passes,
//! [`marks`] is the vocabulary that emitter and passes share, [`options`] holds LLVM's own options, [`fatal`]
//! handles its fatal errors.

pub mod context;
pub mod debug_records;
pub mod fatal;
pub mod ir;
pub mod machine;
pub mod marks;
pub mod objects;
pub mod options;
pub mod probe;
pub mod processor;

pub use context::ReportingContext;
pub use machine::{CodeModel, MachineError, MachineSpec, Relocation};
pub use objects::{CodegenError, ObjectFile, ObjectWriter};

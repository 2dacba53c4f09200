//! Debug information: which WebAssembly instruction and which line of the source native code comes from.
//!
//! The emitter gives each instruction the offset of its WebAssembly instruction as its line, and LLVM writes lines
//! and frames with the code.
//!
//! - [`objects`] reads both from the objects, at the addresses that the linker has given the code;
//! - [`source`] finds the line of the source in the DWARF of the module;
//! - [`file`](mod@file) writes an ELF file for debuggers;
//! - [`locate`] looks up addresses in such a file;
//! - [`stack`] finds the lines of a stack of calls that a runtime has printed.

mod code;
mod expression;
mod file;
mod functions;
mod input;
pub mod locate;
mod objects;
mod source;
pub mod stack;
mod types;
mod units;
mod variables;

pub use code::Instance;
pub use file::write;
pub use objects::read;
pub use source::Location;

use gimli::write::FrameTable;

use crate::link::LinkedText;
use crate::targets::Target;
use crate::wasm::Module;
use crate::wasm::dwarf::DwarfError;

/// The code to describe.
#[derive(Debug)]
pub struct Code<'a> {
    pub module: &'a Module<'a>,
    pub target: &'a Target,
    pub text: &'a LinkedText,
    pub origins: &'a Origins,
    /// How to find linear memory from the address of the instance: each number is added, and the address there
    /// loaded. `None` if the module has no memory.
    pub memory_path: Option<Vec<u64>>,
    /// The offset in the execution environment of the address of the instance.
    pub instance_offset: u64,
    /// The code is not optimised: memory and locals have their values as soon as an instruction is complete.
    pub unoptimised: bool,
}

/// Debug information cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum DebugError {
    /// LLVM's debug information of a partition is not as expected: a defect of the compiler.
    #[error("the debug information of partition {partition} cannot be read: {reason}")]
    Object { partition: usize, reason: String },

    /// The file cannot be written.
    #[error("the debug information cannot be written: {0}")]
    Write(String),

    /// The DWARF of the module cannot be read.
    #[error("the DWARF of the module cannot be read: {0}")]
    Source(DwarfError),

    /// Only AOT files have debug information beside them.
    #[error("debug information needs the format `aot`")]
    Format,

    /// The file to look into has no debug information of ours.
    #[error("not a file of debug information: {0}")]
    NotDebugInfo(String),

    /// The file with the source of a stack is no module.
    #[error("not a WebAssembly module: {0}")]
    NotAModule(String),

    /// The module has no DWARF, or none that can be read.
    #[error("the module has no DWARF with lines of the source: compile it with `-g`")]
    NoSource,
}

/// The origin of the code, as LLVM states it.
#[derive(Debug, Default)]
pub struct Origins {
    /// Where the origin changes, ordered by the offset in the text.
    pub rows: Vec<Row>,
    /// The functions of all partitions, with those inlined into them.
    pub instances: Vec<Instance>,
    /// How to unwind the frames of functions, one table per partition.
    pub frames: Vec<FrameTable>,
}

/// The code from one offset in the text up to the offset of the next row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// Offset in the text, in bytes.
    pub text: u64,
    /// Offset of the WebAssembly instruction in the module's file; `None` if the code comes from none.
    pub wasm: Option<u32>,
}

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

mod file;
pub mod locate;
mod objects;
mod source;
pub mod stack;

pub use file::write;
pub use objects::read;
pub use source::Location;

use gimli::write::FrameTable;

/// Debug information cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum DebugError {
    /// LLVM's debug information of a partition is not as expected: a defect of the compiler.
    #[error("the debug information of partition {partition} cannot be read: {reason}")]
    Object { partition: usize, reason: String },

    /// The file cannot be written.
    #[error("the debug information cannot be written: {0}")]
    Write(String),

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

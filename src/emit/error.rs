//! The errors of the emitter.

use inkwell::builder::BuilderError;
use wasmparser::BinaryReaderError;

/// An error of the emitter.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// A body does not decode. The frontend has validated it, so this is a defect of Wasmelt.
    #[error("function body does not decode: {0}")]
    Decode(#[from] BinaryReaderError),
    /// LLVM's builder rejected an instruction: a defect of Wasmelt.
    #[error("LLVM refused an instruction: {0}")]
    Builder(#[from] BuilderError),
    /// No file of the emitter knows the instruction.
    #[error("instruction {name} at offset {offset:#x} is not supported")]
    Unsupported { name: String, offset: u64 },
    /// The finished IR is inconsistent: a defect of Wasmelt.
    #[error("LLVM found the emitted code inconsistent: {0}")]
    Verify(String),
}

pub(super) type Result<T, E = EmitError> = std::result::Result<T, E>;

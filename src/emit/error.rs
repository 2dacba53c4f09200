//! What can go wrong while lowering.

use inkwell::builder::BuilderError;
use wasmparser::BinaryReaderError;

/// An error of the emitter.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// A body that does not decode: the frontend has validated it, so this is a defect of ours.
    #[error("function body does not decode: {0}")]
    Decode(#[from] BinaryReaderError),
    /// LLVM's builder refused an instruction: a defect of ours.
    #[error("LLVM refused an instruction: {0}")]
    Builder(#[from] BuilderError),
    /// An instruction that no emitter knows.
    #[error("instruction {name} at offset {offset:#x} is not supported")]
    Unsupported { name: String, offset: u64 },
    /// The finished IR is inconsistent: a defect of ours.
    #[error("LLVM found the emitted code inconsistent: {0}")]
    Verify(String),
}

pub(super) type Result<T, E = EmitError> = std::result::Result<T, E>;

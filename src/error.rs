//! Why a module was not compiled: the errors of all rooms under one roof.

use crate::{aot, emit, in_place, link, llvm, passes, plan, targets, wasm};

/// Any error of [`crate::compile`]. Prints as one sentence.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The module cannot be read, or is not valid.
    #[error(transparent)]
    Wasm(#[from] wasm::Error),

    /// The target cannot be compiled for.
    #[error(transparent)]
    Target(#[from] targets::Error),

    /// The module needs what the target has not.
    #[error(transparent)]
    MissingFeature(#[from] plan::MissingFeature),

    /// Lowering failed: a defect of the compiler.
    #[error(transparent)]
    Emit(#[from] emit::EmitError),

    /// LLVM's optimiser refused to run.
    #[error(transparent)]
    Passes(#[from] passes::PassError),

    /// LLVM has no such target machine.
    #[error(transparent)]
    Machine(#[from] llvm::MachineError),

    /// LLVM could not generate code.
    #[error(transparent)]
    Codegen(#[from] llvm::CodegenError),

    /// The objects cannot be joined to a text that stands alone.
    #[error(transparent)]
    Link(#[from] link::LinkError),

    /// The text cannot be executed in place.
    #[error(transparent)]
    NotInPlace(#[from] in_place::NotInPlace),

    /// An object file has no place for the table that code in indirect mode goes through.
    #[error(
        "an object file cannot hold the table of native symbols that indirect mode needs; only \
         .aot files can"
    )]
    IndirectObject,

    /// The module does not fit into an AOT file.
    #[error(transparent)]
    Assemble(#[from] aot::AssembleError),

    /// A number does not fit into its field of the AOT file.
    #[error(transparent)]
    Write(#[from] aot::WriteError),

    /// The operating system refused the threads that were asked for.
    #[error("cannot start worker threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

//! The errors of all rooms, as the reasons why a module was not compiled.

pub use crate::aot::{AssembleError, WriteError};
pub use crate::debug::DebugError;
pub use crate::emit::EmitError;
pub use crate::in_place::NotInPlace;
pub use crate::link::{LinkError, Place};
pub use crate::llvm::{CodegenError, MachineError};
pub use crate::passes::PassError;
pub use crate::plan::profile::CountingError;
pub use crate::plan::{MemoryRefusal, MissingFeature, PlanError, ProfilePlanError};
pub use crate::profile::ProfileError;
pub use crate::targets::Error as TargetError;
pub use crate::wasm::Error as WasmError;
pub use crate::wasm::StartFault;
pub use crate::wasm::error::{FunctionLocation, Location, Remedy};

/// Any error of [`crate::compile`]. Prints as one sentence.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The module cannot be read, or is not valid.
    #[error(transparent)]
    Wasm(#[from] WasmError),

    /// The target is unknown or not supported.
    #[error(transparent)]
    Target(#[from] TargetError),

    /// The module needs a feature that the target lacks.
    #[error(transparent)]
    MissingFeature(#[from] MissingFeature),

    /// Code cannot count for a profile, or the given profile cannot be read.
    #[error(transparent)]
    Profile(#[from] ProfilePlanError),

    /// The module has a memory or a table that no file can express.
    #[error(transparent)]
    Memory(#[from] MemoryRefusal),

    /// Lowering failed: a defect of the compiler.
    #[error(transparent)]
    Emit(#[from] EmitError),

    /// LLVM's optimiser rejected a pass pipeline.
    #[error(transparent)]
    Passes(#[from] PassError),

    /// LLVM has no such target machine.
    #[error(transparent)]
    Machine(#[from] MachineError),

    /// LLVM could not generate code.
    #[error(transparent)]
    Codegen(#[from] CodegenError),

    /// Debug information cannot be read or written.
    #[error(transparent)]
    Debug(#[from] DebugError),

    /// The objects cannot be linked to a self-contained text.
    #[error(transparent)]
    Link(#[from] LinkError),

    /// The text cannot be executed in place.
    #[error(transparent)]
    NotInPlace(#[from] NotInPlace),

    /// An object file cannot hold the table of native symbols that code in indirect mode needs.
    #[error(
        "an object file cannot hold the table of native symbols that indirect mode needs; only \
         .aot files can"
    )]
    IndirectObject,

    /// A constant expression depends on an imported global, and the runtime is built without extended constant
    /// expressions.
    #[error(
        "a constant expression depends on an imported global, which only a runtime built with \
         WAMR_BUILD_EXTENDED_CONST_EXPR loads"
    )]
    ExtendedConstAtRunTime,

    /// The module does not fit into an AOT file.
    #[error(transparent)]
    Assemble(#[from] AssembleError),

    /// A number does not fit into its field of the AOT file.
    #[error(transparent)]
    Write(#[from] WriteError),

    /// The operating system did not create the requested threads.
    #[error("cannot start worker threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

impl From<PlanError> for Error {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::MissingFeature(error) => error.into(),
            PlanError::Profile(error) => error.into(),
            PlanError::Memory(error) => error.into(),
        }
    }
}

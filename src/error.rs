//! Why a module was not compiled: the errors of all rooms under one roof.

use crate::{target, wasm};

/// Any error of [`crate::compile`]. Prints as one sentence.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The module cannot be read, or is not valid.
    #[error(transparent)]
    Wasm(#[from] wasm::Error),

    /// The target cannot be compiled for.
    #[error(transparent)]
    Target(#[from] target::Error),

    /// The operating system refused the threads that were asked for.
    #[error("cannot start worker threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
}

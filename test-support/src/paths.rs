//! Paths of the command under test, of scratch folders and of the package's own files.

use std::path::{Path, PathBuf};

use crate::Outcome;

/// The paths that Cargo tells a test or benchmark at build time. [`paths!`](crate::paths) makes them.
#[derive(Debug, Clone, Copy)]
pub struct Paths {
    wasmelt: &'static str,
    temporary: &'static str,
}

/// Makes the [`Paths`] of a test or benchmark of the package `wasmelt`.
///
/// The macro takes no arguments. It only compiles in an integration test or a benchmark, because
/// Cargo sets the two variables nowhere else.
#[macro_export]
macro_rules! paths {
    () => {
        $crate::Paths::new(env!("CARGO_BIN_EXE_wasmelt"), env!("CARGO_TARGET_TMPDIR"))
    };
}

impl Paths {
    /// Takes the paths of the `wasmelt` command and of Cargo's folder for temporary files.
    /// Use [`paths!`](crate::paths) instead.
    pub const fn new(wasmelt: &'static str, temporary: &'static str) -> Self {
        Paths { wasmelt, temporary }
    }

    /// Returns the path of the `wasmelt` command that Cargo has built for the test.
    pub fn wasmelt(self) -> &'static Path {
        Path::new(self.wasmelt)
    }

    /// Returns Cargo's folder for files of tests. The files stay after the test.
    pub fn temporary(self) -> &'static Path {
        Path::new(self.temporary)
    }

    /// Returns the folder that `make third-party` fills with modules. It may be missing.
    pub fn third_party(self) -> PathBuf {
        self.temporary().with_file_name("third-party")
    }

    /// Makes a folder for one test. Dropping the value deletes the folder.
    pub fn scratch_folder(self) -> Outcome<tempfile::TempDir> {
        tempfile::tempdir_in(self.temporary)
            .map_err(|error| format!("cannot make a scratch folder: {error}"))
    }
}

/// Returns the absolute path of a file of the package `wasmelt`. Takes its path from the root of the
/// package, which is also the root of the workspace.
pub fn package_file(path: impl AsRef<Path>) -> PathBuf {
    let this = Path::new(env!("CARGO_MANIFEST_DIR"));
    this.parent().unwrap_or(this).join(path)
}

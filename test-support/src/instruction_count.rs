//! Counts the instructions that a program takes in QEMU's user-mode emulation, with a plugin of QEMU.
//!
//! The caller runs the emulator with [`Plugin::option`], and gets the number from [`read`] afterwards.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{COMPILE_TIME, Finished};
use crate::{Outcome, Paths};

/// The plugin, built in a folder of its own. Dropping the value deletes it.
pub struct Plugin {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Plugin {
    /// Builds the plugin with `cc`.
    pub fn build(paths: Paths) -> Outcome<Self> {
        let folder = paths.scratch_folder()?;
        let path = folder.path().join("count.so");
        let mut command = Command::new("cc");
        command
            .args(["-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared"])
            .arg("-fvisibility=hidden")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/instruction_count.c"))
            .arg("-o")
            .arg(&path);
        let finished = Finished::wait_for(command, b"", COMPILE_TIME)?;
        if finished.status != Some(0) {
            return Err(format!("cc does not build the plugin\n{finished}"));
        }
        Ok(Plugin {
            path,
            _folder: folder,
        })
    }

    /// Returns the value of the emulator's option `-plugin`. At its end the emulator writes the number
    /// of instructions to the file `count`.
    pub fn option(&self, count: &Path) -> String {
        format!("{},out={}", self.path.display(), count.display())
    }
}

/// Reads the number of instructions from the file `count`. Takes the emulator's end for messages.
pub fn read(count: &Path, finished: &Finished) -> Outcome<u64> {
    let text = fs::read_to_string(count)
        .map_err(|error| format!("no count from the emulator: {error}\n{finished}"))?;
    text.trim()
        .parse()
        .map_err(|error| format!("the emulator's count: {error}: {text}"))
}

//! The emulator's plugin that counts instructions.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::process::{COMPILE_TIME, Finished};
use crate::common::{self, Outcome};

pub struct Plugin {
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Plugin {
    pub fn build() -> Outcome<Self> {
        let folder = common::scratch_folder()?;
        let path = folder.path().join("count.so");
        let mut command = Command::new("cc");
        command
            .args(["-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared"])
            .arg("-fvisibility=hidden")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/devices/count.c"))
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

    /// What makes an emulator count into the file, once it has ended.
    pub fn option(&self, count: &Path) -> String {
        format!("{},out={}", self.path.display(), count.display())
    }
}

/// Reads the file of an emulator that has ended.
pub fn read(count: &Path, finished: &Finished) -> Outcome<u64> {
    let text = fs::read_to_string(count)
        .map_err(|error| format!("no count from the emulator: {error}\n{finished}"))?;
    text.trim()
        .parse()
        .map_err(|error| format!("the emulator's count: {error}: {text}"))
}

//! Counts the instructions that a program takes on an emulated device.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use wamr_devices::Device;

use crate::catalog::Program;
use crate::common::process::{COMPILE_TIME, Finished};
use crate::common::{self, Outcome};

/// An emulated program may take that long.
pub const RUN_TIME: Duration = Duration::from_secs(600);

/// A device whose emulator counts.
pub struct Counter {
    emulator: &'static str,
    agent: PathBuf,
    plugin: PathBuf,
    _folder: tempfile::TempDir,
}

impl Counter {
    /// Builds the device's agent and the emulator's plugin.
    pub fn new(device: &'static Device) -> Outcome<Self> {
        let emulator = device
            .emulator
            .ok_or_else(|| format!("{} is not emulated", device.name))?;
        let folder = common::scratch_folder()?;
        let plugin = folder.path().join("count.so");
        let mut command = Command::new("cc");
        command
            .args(["-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared"])
            .arg("-fvisibility=hidden")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/devices/count.c"))
            .arg("-o")
            .arg(&plugin);
        let finished = Finished::wait_for(command, b"", COMPILE_TIME)?;
        if finished.status != Some(0) {
            return Err(format!("cc does not build the plugin\n{finished}"));
        }
        Ok(Counter {
            emulator,
            agent: wamr_devices::build::agent(device)?,
            plugin,
            _folder: folder,
        })
    }

    /// Runs `aot` to its end in `folder`, and gives the count, unless it crashes, with what it
    /// printed.
    pub fn run(
        &self,
        aot: &Path,
        program: &Program,
        folder: &Path,
    ) -> Outcome<(Option<u64>, Finished)> {
        let counts = common::scratch_folder()?;
        let count = counts.path().join("count");
        let mut command = Command::new(self.emulator);
        command
            .arg("-plugin")
            .arg(format!("{},out={}", self.plugin.display(), count.display()))
            .arg(&self.agent)
            .arg("run")
            .arg(format!("--map-dir=.::{}", folder.display()));
        for (name, value) in program.env {
            command.arg(format!("--env={name}={value}"));
        }
        command.arg(aot).args(program.args);
        let finished = Finished::wait_for(command, program.stdin.as_bytes(), RUN_TIME)?;
        if finished.signal.is_some() {
            return Ok((None, finished));
        }
        let text = fs::read_to_string(&count)
            .map_err(|error| format!("no count from the emulator: {error}\n{finished}"))?;
        let count = text.trim().parse();
        let count = count.map_err(|error| format!("the emulator's count: {error}: {text}"))?;
        Ok((Some(count), finished))
    }
}

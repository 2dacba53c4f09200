//! Counts the instructions that a program takes on an emulated device.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use test_support::Outcome;
use test_support::instruction_count::{self, Plugin};
use test_support::process::Finished;
use test_support::programs::Program;
use wamr_devices::Device;

use crate::PATHS;

/// An emulated program may take that long.
pub const RUN_TIME: Duration = Duration::from_secs(600);

/// A device whose emulator counts.
pub struct Counter {
    emulator: &'static str,
    agent: PathBuf,
    plugin: Plugin,
}

impl Counter {
    /// Builds the device's agent and the emulator's plugin.
    pub fn new(device: &'static Device) -> Outcome<Self> {
        let emulator = device
            .emulator
            .ok_or_else(|| format!("{} is not emulated", device.name))?;
        Ok(Counter {
            emulator,
            agent: wamr_devices::build::agent(device)?,
            plugin: Plugin::build(PATHS)?,
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
        let counts = PATHS.scratch_folder()?;
        let count = counts.path().join("count");
        let mut command = Command::new(self.emulator);
        command
            .arg("-plugin")
            .arg(self.plugin.option(&count))
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
        let count = instruction_count::read(&count, &finished)?;
        Ok((Some(count), finished))
    }
}

//! Runs files on a runtime that sees calls: it prints stacks of calls, counts calls, measures the native stack
//! and writes maps for Linux perf. The runtime runs on this machine or on a device. `tracer/main.c` describes
//! the command.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::build::{Workspace, manifest_dir};
use crate::device::Device;

/// The program around the runtime.
#[derive(Debug, Clone)]
pub struct Tracer {
    program: PathBuf,
    device: Option<&'static Device>,
}

static BUILT: Mutex<BTreeMap<Option<&'static str>, Result<PathBuf, String>>> =
    Mutex::new(BTreeMap::new());

impl Tracer {
    /// Builds the program for `device`, or for this machine, unless that has been done.
    pub fn new(device: Option<&'static Device>) -> Result<Self, String> {
        let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
        let program = built
            .entry(device.map(|device| device.name))
            .or_insert_with(|| build(device).map_err(|error| format!("the tracer: {error}")))
            .clone()?;
        Ok(Tracer { program, device })
    }

    /// Returns the path of the program, which runs on this machine or under an emulator.
    #[must_use]
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Runs the program with `options`, the file and further arguments: functions with their arguments.
    pub fn run(&self, options: &[&str], file: &Path, calls: &[&str]) -> Result<Output, String> {
        let mut command = match self.device {
            Some(device) => device.command(&self.program),
            None => Command::new(&self.program),
        };
        command
            .args(options)
            .arg(file)
            .args(calls)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("cannot start the tracer: {error}"))
    }
}

fn build(device: Option<&'static Device>) -> Result<PathBuf, String> {
    let workspace = Workspace::lock()?;
    let name = device.map_or("here", |device| device.name);
    let folder = workspace.folder.join(format!("{name}-tracer"));
    let host_cmake = manifest_dir().join("../wamr-host/cmake");
    let host_cmake = host_cmake.to_string_lossy();
    let compiler = device.map(|device| format!("{}-gcc", device.toolchain));
    let target = match (device, std::env::consts::ARCH) {
        (Some(device), _) => device.wamr_target,
        (None, "aarch64") => "AARCH64",
        (None, _) => "X86_64",
    };
    let mut definitions = vec![
        ("CMAKE_BUILD_TYPE", "Release"),
        ("WAMR_HOST_CMAKE", &*host_cmake),
        ("WAMR_BUILD_PLATFORM", "linux"),
        ("WAMR_BUILD_TARGET", target),
    ];
    if let (Some(device), Some(compiler)) = (device, &compiler) {
        definitions.extend([
            ("CMAKE_SYSTEM_NAME", "Linux"),
            ("CMAKE_SYSTEM_PROCESSOR", device.processor),
            ("CMAKE_C_COMPILER", compiler),
            ("CMAKE_C_FLAGS", device.c_flags),
            ("CMAKE_ASM_FLAGS", device.c_flags),
            ("WAMR_BUILD_SIMD", if device.simd { "1" } else { "0" }),
            ("EMULATED", "1"),
        ]);
    }
    workspace.build(&manifest_dir().join("tracer"), &folder, &definitions)?;
    Ok(folder.join("tracer"))
}

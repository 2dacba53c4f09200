//! Builds a device's agent when it is first needed.
//!
//! Out: a program in `target/devices/NAME/`. CMake finds out what is stale, so a build with nothing
//! to do costs a second at most; a process does it once per device. A lock keeps processes from
//! building side by side in the same folder: WAMR's CMake files write into the shared sources.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::device::Device;

static BUILT: Mutex<BTreeMap<&'static str, Result<PathBuf, String>>> = Mutex::new(BTreeMap::new());

/// The path of the device's agent.
pub fn agent(device: &'static Device) -> Result<PathBuf, String> {
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    built
        .entry(device.name)
        .or_insert_with(|| {
            build(device).map_err(|error| format!("the agent for {}: {error}", device.name))
        })
        .clone()
}

fn build(device: &Device) -> Result<PathBuf, String> {
    let workspace = Workspace::lock()?;
    let folder = workspace.folder.join(device.name);
    let host_cmake = manifest_dir().join("../wamr-host/cmake");
    workspace.build(
        &manifest_dir().join("agent"),
        &folder,
        &[
            ("CMAKE_BUILD_TYPE", "Release"),
            ("CMAKE_SYSTEM_NAME", "Linux"),
            ("CMAKE_SYSTEM_PROCESSOR", device.processor),
            ("CMAKE_C_COMPILER", &format!("{}-gcc", device.toolchain)),
            ("CMAKE_C_FLAGS", device.c_flags),
            ("CMAKE_ASM_FLAGS", device.c_flags),
            ("WAMR_HOST_CMAKE", &host_cmake.to_string_lossy()),
            ("WAMR_BUILD_PLATFORM", "linux"),
            ("WAMR_BUILD_TARGET", device.wamr_target),
            ("WAMR_BUILD_SIMD", if device.simd { "1" } else { "0" }),
        ],
    )?;
    Ok(folder.join("agent"))
}

pub(crate) fn manifest_dir() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of everything that is built here, held against other processes.
pub(crate) struct Workspace {
    pub(crate) folder: PathBuf,
    sources: PathBuf,
    _lock: File,
}

impl Workspace {
    pub(crate) fn lock() -> Result<Self, String> {
        let metadata = wamr_sources::metadata(manifest_dir())?;
        let folder = metadata.target_directory.as_std_path().join("devices");
        let io = |error: std::io::Error| format!("{}: {error}", folder.display());
        fs::create_dir_all(&folder).map_err(io)?;
        let lock = File::create(folder.join("lock")).map_err(io)?;
        lock.lock().map_err(io)?;
        let sources = wamr_sources::copy_to(&folder, manifest_dir())?;
        Ok(Workspace {
            folder,
            sources,
            _lock: lock,
        })
    }

    /// Builds a CMake project.
    pub(crate) fn build(
        &self,
        project: &Path,
        folder: &Path,
        definitions: &[(&str, &str)],
    ) -> Result<(), String> {
        let sources = self.sources.to_string_lossy();
        let mut configure = Command::new(cmake());
        configure.arg("-S").arg(project).arg("-B").arg(folder);
        for (name, value) in definitions.iter().chain(&[("WAMR_ROOT_DIR", &*sources)]) {
            configure.arg(format!("-D{name}={value}"));
        }
        run(&mut configure)?;
        let jobs = std::thread::available_parallelism().map_or(1, usize::from);
        run(Command::new(cmake())
            .arg("--build")
            .arg(folder)
            .arg(format!("-j{jobs}")))
    }
}

fn cmake() -> std::ffi::OsString {
    std::env::var_os("CMAKE").unwrap_or_else(|| "cmake".into())
}

/// Runs a command, and tells what it printed if it fails.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run {program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "{program} ended with {}:\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}

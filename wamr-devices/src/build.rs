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
    let manifest_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
    let metadata = wamr_sources::metadata(manifest_dir)?;
    let devices = metadata.target_directory.as_std_path().join("devices");
    let io = |error: std::io::Error| format!("{}: {error}", devices.display());
    fs::create_dir_all(&devices).map_err(io)?;
    let lock = File::create(devices.join("lock")).map_err(io)?;
    lock.lock().map_err(io)?;

    let sources = wamr_sources::copy_to(&devices, manifest_dir)?;
    let folder = devices.join(device.name);
    let mut configure = Command::new(cmake());
    configure
        .arg("-S")
        .arg(manifest_dir.join("agent"))
        .arg("-B")
        .arg(&folder);
    let compiler = format!("{}-gcc", device.toolchain);
    let host_cmake = manifest_dir.join("../wamr-host/cmake");
    let (sources, host_cmake) = (sources.to_string_lossy(), host_cmake.to_string_lossy());
    let definitions = [
        ("CMAKE_BUILD_TYPE", "Release"),
        ("CMAKE_SYSTEM_NAME", "Linux"),
        ("CMAKE_SYSTEM_PROCESSOR", device.processor),
        ("CMAKE_C_COMPILER", &compiler),
        ("CMAKE_C_FLAGS", device.c_flags),
        ("CMAKE_ASM_FLAGS", device.c_flags),
        ("WAMR_ROOT_DIR", &sources),
        ("WAMR_HOST_CMAKE", &host_cmake),
        ("WAMR_BUILD_PLATFORM", "linux"),
        ("WAMR_BUILD_TARGET", device.wamr_target),
        ("WAMR_BUILD_SIMD", if device.simd { "1" } else { "0" }),
    ];
    for (name, value) in definitions {
        configure.arg(format!("-D{name}={value}"));
    }
    run(&mut configure)?;
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    run(Command::new(cmake())
        .arg("--build")
        .arg(&folder)
        .arg(format!("-j{jobs}")))?;
    Ok(folder.join("agent"))
}

fn cmake() -> std::ffi::OsString {
    std::env::var_os("CMAKE").unwrap_or_else(|| "cmake".into())
}

/// Runs a command, and tells what it printed if it fails.
fn run(command: &mut Command) -> Result<(), String> {
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

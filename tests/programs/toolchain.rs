//! Builds C sources for wasm and for this machine, and keeps what is built under its content.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::Outcome;
use crate::common::process::{COMPILE_TIME, Finished};

pub const CLANG: &str = "clang-22";

/// The same source has the same meaning everywhere only if no multiplication and addition are
/// contracted, which some machines do by default.
const COMMON_FLAGS: &[&str] = &[
    "-std=gnu17",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-ffp-contract=off",
];

/// WAMR finds the C stack in linear memory, which it checks for overflow, by these two exports.
/// Debian's libraries are in the folder of the target's older name.
const WASM_FLAGS: &[&str] = &[
    "--target=wasm32-wasi",
    "-Wno-deprecated",
    "-Wl,--export=__heap_base",
    "-Wl,--export=__data_end",
];

pub fn build_wasm(source: &Path, flags: &[&str]) -> Outcome<PathBuf> {
    build(source, &[COMMON_FLAGS, WASM_FLAGS, flags].concat(), "wasm")
}

pub fn build_native(source: &Path, flags: &[&str]) -> Outcome<PathBuf> {
    build(source, &[COMMON_FLAGS, flags].concat(), "native")
}

/// Builds the source unless that has been done with the same text and flags.
fn build(source: &Path, flags: &[&str], kind: &str) -> Outcome<PathBuf> {
    let name = source.file_stem().unwrap_or_default().to_string_lossy();
    let text = fs::read(source).map_err(|error| format!("{}: {error}", source.display()))?;
    let mut hasher = DefaultHasher::new();
    (&text, flags).hash(&mut hasher);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs");
    let built = folder.join(format!("{name}-{:016x}.{kind}", hasher.finish()));
    if built.is_file() {
        return Ok(built);
    }

    // Written under another name first: a test beside this one may be building the same.
    let error = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(error)?;
    let unfinished = tempfile::Builder::new()
        .prefix(&*name)
        .tempdir_in(&folder)
        .map_err(error)?;
    let output = unfinished.path().join(kind);
    let mut command = Command::new(CLANG);
    command
        .args(flags)
        .arg(source)
        .arg("-lm")
        .arg("-o")
        .arg(&output);
    let finished = Finished::wait_for(command, b"", COMPILE_TIME)?;
    if finished.status != Some(0) {
        return Err(format!(
            "{CLANG} does not build {}\n{finished}",
            source.display()
        ));
    }
    fs::rename(&output, &built).map_err(error)?;
    Ok(built)
}

//! Builds C and C++ sources with clang, for WebAssembly and for this machine. Builds are cached.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{COMPILE_TIME, Finished};
use crate::{Outcome, Paths};

/// The name of the C compiler.
pub const CLANG: &str = "clang-22";

/// clang contracts a multiplication and an addition to one operation by default on some machines. Then
/// the same source has other results there, so the flags turn that off.
const COMMON_FLAGS: &[&str] = &["-Wall", "-Wextra", "-Werror", "-ffp-contract=off"];

/// WAMR needs the two exports to find the C stack in linear memory and to check it for overflow. Debian
/// has its libraries in the folder of the target's older name, of which clang warns.
const WASM_FLAGS: &[&str] = &[
    "--target=wasm32-wasi",
    "-Wno-deprecated",
    "-Wl,--export=__heap_base",
    "-Wl,--export=__data_end",
];

const WASM64_FLAGS: &[&str] = &["--target=wasm64", "-nostdlib", "-Wl,--no-entry"];

/// Builds the C or C++ file `source` for `wasm32-wasi` with further `flags` of clang, and returns the module's
/// path. A second call with the same source and flags returns the same file without building it.
///
/// The cache does not notice changes of files that `source` includes.
pub fn build_wasm(paths: Paths, source: &Path, flags: &[&str]) -> Outcome<PathBuf> {
    build(
        paths,
        source,
        &[language(source, false), COMMON_FLAGS, WASM_FLAGS, flags].concat(),
        "wasm",
    )
}

/// Builds the C or C++ file `source` for this machine, as [`build_wasm`] does for WebAssembly, and returns the
/// executable's path.
pub fn build_native(paths: Paths, source: &Path, flags: &[&str]) -> Outcome<PathBuf> {
    let flags = [language(source, true), COMMON_FLAGS, flags].concat();
    build(paths, source, &flags, "native")
}

/// Builds the C file `source` for WebAssembly with 64-bit addresses, as [`build_wasm`] does for 32 bits. There is no C
/// library for it: the program exports the functions that it marks.
pub fn build_wasm64(paths: Paths, source: &Path, flags: &[&str]) -> Outcome<PathBuf> {
    let flags = [language(source, false), COMMON_FLAGS, WASM64_FLAGS, flags].concat();
    build(paths, source, &flags, "wasm64")
}

/// Returns the libraries to link with.
fn libraries(flags: &[&str]) -> &'static [&'static str] {
    match flags.contains(&"-nostdlib") {
        true => &[],
        false => &["-lm"],
    }
}

/// Returns the flags for the language of `source`. Each machine has a C++ library of its own to link with; for
/// WebAssembly there is none with exceptions, so programs bring what they need.
fn language(source: &Path, native: bool) -> &'static [&'static str] {
    match (source.extension().is_some_and(|it| it == "cpp"), native) {
        (false, _) => &["-std=gnu17"],
        (true, false) => &["-std=gnu++17"],
        (true, true) => &["-std=gnu++17", "-lstdc++"],
    }
}

/// Builds `source` unless a file with the same text, flags and `kind` has been built before.
fn build(paths: Paths, source: &Path, flags: &[&str], kind: &str) -> Outcome<PathBuf> {
    let name = source.file_stem().unwrap_or_default().to_string_lossy();
    let text = fs::read(source).map_err(|error| format!("{}: {error}", source.display()))?;
    let mut hasher = DefaultHasher::new();
    (&text, flags).hash(&mut hasher);
    let folder = paths.temporary().join("programs");
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
        .args(libraries(flags))
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

//! Builds WAMR's runtime library from the sources in the registry package `wamrx-sys`.
//!
//! In: the package's folder, as `cargo metadata` names it (this crate depends on the package only
//! so that it is fetched and locked). Out: `libiwasm.a`, holding the runtime and the accessors of
//! `cmake/inspect.c`, in OUT_DIR. Which parts of the runtime are in it is decided in
//! `cmake/CMakeLists.txt`.
//!
//! The subtle part: WAMR's CMake files write into the source tree, and the registry's folder must
//! not change, so the tree is copied first. The copy is made anew whenever this script runs, which
//! is when one of the files named in `rerun-if-changed` changes; file times are kept, so CMake
//! recompiles only what differs.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_metadata::MetadataCommand;

const SOURCE_PACKAGE: &str = "wamrx-sys";
const SOURCE_FOLDER: &str = "wasm-micro-runtime";

fn main() -> Result<(), Box<dyn Error>> {
    let manifest_dir = PathBuf::from(required_env("CARGO_MANIFEST_DIR")?);
    let out_dir = PathBuf::from(required_env("OUT_DIR")?);
    for file in ["build.rs", "Cargo.toml", "cmake", "../Cargo.lock"] {
        println!("cargo:rerun-if-changed={file}");
    }

    require_cmake()?;
    let package = source_package(&manifest_dir)?;
    let sources = out_dir.join(SOURCE_FOLDER);
    copy_tree(&package.join(SOURCE_FOLDER), &sources).map_err(|error| {
        format!(
            "cannot copy WAMR's sources to {}: {error}",
            sources.display()
        )
    })?;

    let library = cmake::Config::new("cmake")
        .define("WAMR_ROOT_DIR", &sources)
        .define("WAMR_BUILD_PLATFORM", runtime_platform()?)
        .define("WAMR_BUILD_TARGET", runtime_target()?)
        // The runtime behaves as users get it, whatever profile the Rust side is built with.
        .profile("Release")
        .build_target("iwasm")
        .build();
    println!(
        "cargo:rustc-link-search=native={}",
        library.join("build").display()
    );
    println!("cargo:rustc-link-lib=static=iwasm");
    for system_library in ["m", "dl", "pthread"] {
        println!("cargo:rustc-link-lib={system_library}");
    }
    Ok(())
}

fn required_env(name: &str) -> Result<String, String> {
    println!("cargo:rerun-if-env-changed={name}");
    std::env::var(name).map_err(|error| format!("{name}: {error}"))
}

fn require_cmake() -> Result<(), String> {
    let program = std::env::var_os("CMAKE").unwrap_or_else(|| "cmake".into());
    println!("cargo:rerun-if-env-changed=CMAKE");
    match Command::new(&program)
        .arg("--version")
        .stdout(Stdio::null())
        .status()
    {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!(
            "`{} --version` failed ({status})",
            program.display()
        )),
        Err(error) => Err(format!(
            "wamr-host builds WAMR with CMake, but `{}` cannot be run ({error}); install it \
             (Debian: apt-get install cmake) or set CMAKE to its path",
            program.display()
        )),
    }
}

/// The folder cargo unpacked [`SOURCE_PACKAGE`] to.
///
/// The first attempt stays off the network: that is enough once everything has been fetched. Cargo
/// does not fetch packages that no target compiles on its own, so on a fresh machine the second
/// attempt lets it.
fn source_package(manifest_dir: &Path) -> Result<PathBuf, String> {
    let query = |flags: &[&str]| {
        MetadataCommand::new()
            .manifest_path(manifest_dir.join("Cargo.toml"))
            .other_options(flags.iter().map(ToString::to_string).collect::<Vec<_>>())
            .exec()
    };
    let metadata = query(&["--locked", "--offline"])
        .or_else(|_| query(&["--locked"]))
        .map_err(|error| format!("cannot locate the package {SOURCE_PACKAGE}: {error}"))?;
    let package = metadata
        .packages
        .iter()
        .find(|package| package.name.as_str() == SOURCE_PACKAGE)
        .ok_or_else(|| format!("cargo metadata does not list {SOURCE_PACKAGE}"))?;
    let folder = package
        .manifest_path
        .parent()
        .ok_or_else(|| format!("{} has no folder", package.manifest_path))?;
    Ok(folder.as_std_path().to_owned())
}

fn copy_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_tree(&entry.path(), &target)?;
        } else {
            copy_file_if_newer(&entry.path(), &target)?;
        }
    }
    Ok(())
}

/// Copies contents and modification time, so that an unchanged file does not look new to CMake.
fn copy_file_if_newer(from: &Path, to: &Path) -> std::io::Result<()> {
    let modified = fs::metadata(from)?.modified()?;
    if fs::metadata(to)
        .and_then(|metadata| metadata.modified())
        .is_ok_and(|time| time == modified)
    {
        return Ok(());
    }
    // Not fs::copy: that would carry over the registry's read-only permissions.
    fs::write(to, fs::read(from)?)?;
    fs::File::options()
        .write(true)
        .open(to)?
        .set_modified(modified)
}

/// The names WAMR's build files use, for the machines this crate's native-call trampoline knows.
fn runtime_target() -> Result<&'static str, String> {
    match required_env("CARGO_CFG_TARGET_ARCH")?.as_str() {
        "x86_64" => Ok("X86_64"),
        "aarch64" => Ok("AARCH64"),
        other => Err(format!(
            "wamr-host runs on x86_64 and aarch64, not on {other}"
        )),
    }
}

fn runtime_platform() -> Result<&'static str, String> {
    match required_env("CARGO_CFG_TARGET_OS")?.as_str() {
        "linux" => Ok("linux"),
        other => Err(format!("wamr-host runs on Linux, not on {other}")),
    }
}

//! WAMR's sources, from the registry package `wamrx-sys`, for those who build the runtime.
//!
//! The subtle part: WAMR's CMake files write into the source tree, and the registry's folder must
//! not change, so the tree is copied first. File times are kept, so that CMake recompiles only what
//! differs.

use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand};

const SOURCE_PACKAGE: &str = "wamrx-sys";
const SOURCE_FOLDER: &str = "wasm-micro-runtime";

/// Copies the sources into the folder and gives the place of the copy, `WAMR_ROOT_DIR` for CMake.
///
/// `manifest_dir` is the folder of any package of the workspace.
pub fn copy_to(folder: &Path, manifest_dir: &Path) -> Result<PathBuf, String> {
    let package = source_package(manifest_dir)?;
    let sources = folder.join(SOURCE_FOLDER);
    copy_tree(&package.join(SOURCE_FOLDER), &sources).map_err(|error| {
        format!(
            "cannot copy WAMR's sources to {}: {error}",
            sources.display()
        )
    })?;
    Ok(sources)
}

/// What cargo knows of the workspace.
///
/// The first attempt stays off the network: that is enough once everything has been fetched. Cargo
/// does not fetch packages that no target compiles on its own, so on a fresh machine the second
/// attempt lets it.
pub fn metadata(manifest_dir: &Path) -> Result<Metadata, String> {
    let query = |flags: &[&str]| {
        MetadataCommand::new()
            .manifest_path(manifest_dir.join("Cargo.toml"))
            .other_options(flags.iter().map(ToString::to_string).collect::<Vec<_>>())
            .exec()
    };
    query(&["--locked", "--offline"])
        .or_else(|_| query(&["--locked"]))
        .map_err(|error| format!("cannot ask cargo about the workspace: {error}"))
}

/// The folder cargo unpacked [`SOURCE_PACKAGE`] to.
fn source_package(manifest_dir: &Path) -> Result<PathBuf, String> {
    let metadata = metadata(manifest_dir)?;
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

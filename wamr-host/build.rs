//! Builds WAMR's runtime library from the sources in the registry package `wamrx-sys`.
//!
//! Out: `libiwasm.a`, holding the runtime and the accessors of `cmake/inspect.c`, in OUT_DIR. Which
//! parts of the runtime are in it is decided in `cmake/features.cmake`.
//!
//! The copy of the sources is made anew whenever this script runs, which is when one of the files
//! named in `rerun-if-changed` changes.

use std::error::Error;
use std::path::PathBuf;
use std::process::{Command, Stdio};

fn main() -> Result<(), Box<dyn Error>> {
    let manifest_dir = PathBuf::from(required_env("CARGO_MANIFEST_DIR")?);
    let out_dir = PathBuf::from(required_env("OUT_DIR")?);
    for file in ["build.rs", "Cargo.toml", "cmake", "../Cargo.lock"] {
        println!("cargo:rerun-if-changed={file}");
    }

    require_cmake()?;
    let sources = wamr_sources::copy_to(&out_dir, &manifest_dir)?;

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

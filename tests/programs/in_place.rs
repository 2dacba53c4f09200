//! Programs compiled for a processor that no device here has, to be executed in place: the loader
//! must have nothing to change in their text.

use test_support::programs::Program;
use test_support::{Outcome, package_file, toolchain};
use wasmelt::Options;
use wasmelt::aot::{AotFile, FileType};
use wasmelt::options::{OptLevel, RuntimeOptions, TargetOptions};

use crate::PATHS;

pub const TARGET: &str = "xtensa";
pub const LEVELS: [OptLevel; 3] = [OptLevel::O0, OptLevel::O3, OptLevel::Oz];

/// The target has no vectors.
pub fn can_compile(flags: &[&str]) -> bool {
    !flags.contains(&"-msimd128")
}

pub fn leaves_nothing(program: &Program, flags: &[&str], opt_level: OptLevel) -> Outcome {
    let path = toolchain::build_wasm(PATHS, &package_file(program.source), flags)?;
    let wasm = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let options = Options {
        target: TargetOptions {
            arch: Some(TARGET.to_owned()),
            ..TargetOptions::default()
        },
        runtime: RuntimeOptions {
            indirect_mode: true,
            disable_llvm_intrinsics: true,
            builtin_intrinsics: None,
            allow_text_relocations: false,
            c_api_imports: false,
        },
        opt_level,
        ..Options::default()
    };
    let artifact = wasmelt::compile(&wasm, &options).map_err(|error| error.to_string())?;
    let file = AotFile::parse(&artifact.bytes).map_err(|error| error.to_string())?;
    if file.target_info.file_type != FileType::ExecuteInPlace {
        return Err(format!("a file of type {:?}", file.target_info.file_type));
    }
    if !file.relocations.groups.is_empty() {
        return Err(format!("relocations are left: {:?}", file.relocations));
    }
    Ok(())
}

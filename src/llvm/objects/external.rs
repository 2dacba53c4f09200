//! Lets another compiler generate code: one with a back end that LLVM lacks, or with fixes of its own.
//!
//! LLVM writes the optimised module as bitcode or assembly into a temporary folder, the compiler makes an object of
//! it, and the linker takes the object as it takes LLVM's own. A relocation that the linker does not know is an
//! error of the linker.

use std::path::Path;
use std::process::Command;

use inkwell::module::Module as LlvmModule;
use inkwell::targets::{FileType, TargetMachine};

use super::{CodegenError, ObjectFile};
use crate::options::{ExternalCompiler, ExternalInput};

/// The option of GCC and clang that writes a file of frame sizes beside the object.
const FRAME_SIZES: &str = "-fstack-usage";

/// Returns the object that `compiler` makes of `module`. For bitcode, the compiler also states the frame sizes.
/// For assembly, `frame_sizes` of the object is empty: LLVM has reported them.
pub(super) fn object(
    module: &LlvmModule,
    machine: &TargetMachine,
    compiler: &ExternalCompiler,
) -> Result<ObjectFile, CodegenError> {
    let failed = |reason: String| {
        CodegenError(format!(
            "the external compiler {} {reason}",
            compiler.program.display()
        ))
    };
    let io = |error: std::io::Error| failed(format!("cannot work: {error}"));
    let folder = tempfile::Builder::new()
        .prefix("wasmelt-")
        .tempdir()
        .map_err(io)?;
    let object = folder.path().join("unit.o");
    let input = match compiler.input {
        ExternalInput::Bitcode => {
            let path = folder.path().join("unit.bc");
            let bitcode = module.write_bitcode_to_memory();
            std::fs::write(&path, bitcode.as_slice()).map_err(io)?;
            path
        }
        ExternalInput::Assembly => {
            let path = folder.path().join("unit.s");
            let assembly = machine
                .write_to_memory_buffer(module, FileType::Assembly)
                .map_err(|message| CodegenError(message.to_string()))?;
            let text = String::from_utf8_lossy(assembly.as_slice());
            std::fs::write(&path, text.trim_end_matches('\0')).map_err(io)?;
            path
        }
    };
    let mut command = Command::new(&compiler.program);
    if compiler.input == ExternalInput::Bitcode {
        command.arg(FRAME_SIZES);
    }
    command
        .args(&compiler.flags)
        .arg("-o")
        .arg(&object)
        .arg(input);
    let output = command
        .output()
        .map_err(|error| failed(format!("cannot be started: {error}")))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        let line = text.lines().find(|line| line.contains("error"));
        let line = line.or(text.lines().next()).unwrap_or_default().trim();
        return Err(failed(format!("ended with {}: {line}", output.status)));
    }
    let elf =
        std::fs::read(&object).map_err(|error| failed(format!("wrote no object: {error}")))?;
    let frame_sizes = match compiler.input {
        ExternalInput::Bitcode => frame_sizes(&folder.path().join("unit.su"))
            .map_err(|error| failed(format!("stated no frame sizes ({FRAME_SIZES}): {error}")))?,
        ExternalInput::Assembly => Vec::new(),
    };
    Ok(ObjectFile { elf, frame_sizes })
}

/// Reads functions and the sizes of their frames from a stack-usage file: lines of
/// `<place>:<function>`, the bytes, and a qualifier, separated by tabs.
fn frame_sizes(path: &Path) -> std::io::Result<Vec<(String, u64)>> {
    let text = std::fs::read_to_string(path)?;
    let lines = text.lines().filter_map(|line| {
        let mut fields = line.split('\t');
        let (_, function) = fields.next()?.rsplit_once(':')?;
        Some((function.to_owned(), fields.next()?.parse().ok()?))
    });
    Ok(lines.collect())
}

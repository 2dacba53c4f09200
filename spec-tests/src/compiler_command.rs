//! A compiler that is a command: `wasmelt`, or another with the options of `wamrc`.
//!
//! Shows what of a failure is the compiler's and what the runtime's on that device.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use wasmelt::options::{Features, TargetOptions};

use crate::command_line::{REFUSED, switches};
use crate::mode::{Bounds, Code, Mode};

#[derive(Debug)]
pub struct CompilerCommand {
    program: PathBuf,
    arguments: Vec<String>,
}

impl CompilerCommand {
    /// `target` is empty for this machine.
    pub fn new(program: &Path, mode: Mode, features: Features, target: &TargetOptions) -> Self {
        let mut arguments: Vec<String> =
            switches(features).into_iter().map(str::to_owned).collect();
        let level = mode.level;
        let software = u8::from(mode.bounds == Bounds::Software);
        arguments.push(format!("--opt-level={level}"));
        arguments.push(format!("--bounds-checks={software}"));
        let of_code: &[&str] = match mode.code {
            Code::Direct => &[],
            Code::InPlace => &["--xip"],
            Code::Intrinsics => &["--xip", "--enable-builtin-intrinsics=all"],
            Code::Segment => &["--enable-segue"],
        };
        arguments.extend(of_code.iter().map(|&option| option.to_owned()));
        for (option, value) in [
            ("target", &target.arch),
            ("target-abi", &target.abi),
            ("cpu", &target.cpu),
            ("cpu-features", &target.cpu_features),
        ] {
            if let Some(value) = value {
                arguments.push(format!("--{option}={value}"));
            }
        }
        CompilerCommand {
            program: program.to_owned(),
            arguments,
        }
    }

    /// The outer error is the command's trouble, the inner one what it has against the module.
    pub fn compile(&self, module: &[u8]) -> Result<Result<Vec<u8>, String>, String> {
        let trouble = |error: std::io::Error| format!("{}: {error}", self.program.display());
        let folder = tempfile::tempdir().map_err(trouble)?;
        let input = folder.path().join("module.wasm");
        let output = folder.path().join("module.aot");
        std::fs::write(&input, module).map_err(trouble)?;
        let run = Command::new(&self.program)
            .args(&self.arguments)
            .arg("-o")
            .arg(&output)
            .arg(&input)
            .stdin(Stdio::null())
            .output()
            .map_err(trouble)?;
        if run.status.success() {
            return std::fs::read(&output).map(Ok).map_err(trouble);
        }
        let message = [run.stdout, run.stderr].concat();
        let message = String::from_utf8_lossy(&message).trim().to_owned();
        if run.status.code() == Some(REFUSED) {
            return Ok(Err(message));
        }
        Err(format!(
            "{} ended with {}: {message}",
            self.program.display(),
            run.status
        ))
    }
}

//! The compilers that are compared: ours, and a `wamrc` if there is one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::Outcome;
use crate::measure::{self, Sample};

/// A compiler from wasm to `.aot`, used with nothing but its defaults.
#[derive(Debug)]
pub struct Compiler {
    program: PathBuf,
    pub version: String,
}

#[derive(Debug)]
pub struct Compilers {
    pub wasmelt: Compiler,
    pub wamrc: Option<Compiler>,
}

/// One figure, series or file for each compiler.
#[derive(Debug, Default)]
pub struct PerCompiler<T> {
    pub wasmelt: T,
    pub wamrc: Option<T>,
}

impl Compilers {
    pub fn find() -> Outcome<Self> {
        let wamrc = std::env::var_os("WAMRC").map(PathBuf::from);
        Ok(Compilers {
            wasmelt: Compiler::new(env!("CARGO_BIN_EXE_wasmelt").into())?,
            wamrc: wamrc.map(Compiler::new).transpose()?,
        })
    }
}

impl Compiler {
    fn new(program: PathBuf) -> Outcome<Self> {
        let mut command = Command::new(&program);
        command.arg("--version");
        let (_, printed) = measure::run(command)?;
        let version = String::from_utf8_lossy(&printed).trim().to_owned();
        Ok(Compiler { program, version })
    }

    pub fn compile(&self, wasm: &Path, aot: &Path) -> Outcome<Sample> {
        let mut command = Command::new(&self.program);
        command.arg("-o").arg(aot).arg(wasm);
        let (sample, _) = measure::run(command)?;
        Ok(sample)
    }
}

/// Makes a file that says it has version 5 of the format say 6. Which number a `wamrc` writes and
/// a runtime wants depends on how each was built; for the modules measured here the versions do
/// not differ otherwise.
pub fn raise_version(aot: &Path) -> Outcome {
    const VERSION: std::ops::Range<usize> = 4..8;
    let error = |error: std::io::Error| format!("{}: {error}", aot.display());
    let mut bytes = fs::read(aot).map_err(error)?;
    if bytes.get(VERSION) == Some(&5_u32.to_le_bytes()) {
        bytes[VERSION].copy_from_slice(&6_u32.to_le_bytes());
        fs::write(aot, bytes).map_err(error)?;
    }
    Ok(())
}

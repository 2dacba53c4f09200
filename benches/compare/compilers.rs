//! What is compared: our compiler, a `wamrc` if there is one, and Wasmtime if it has been built.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use test_support::Outcome;
use test_support::measure::{self, Sample};

use crate::PATHS;

/// A compiler from wasm to `.aot`.
#[derive(Debug)]
pub struct Compiler {
    pub name: &'static str,
    program: PathBuf,
    pub version: String,
}

#[derive(Debug)]
pub struct Compilers {
    pub wasmelt: Compiler,
    /// What build of Wasmelt that is.
    pub build: &'static str,
    pub wamrc: Option<Compiler>,
    pub wasmtime: Option<Wasmtime>,
}

/// The program of `benches/wasmtime-reference`.
#[derive(Debug)]
pub struct Wasmtime {
    program: PathBuf,
    pub version: String,
}

/// One figure, series or file for each compiler.
#[derive(Debug, Default)]
pub struct PerCompiler<T> {
    pub wasmelt: T,
    pub wamrc: Option<T>,
}

impl Compilers {
    pub fn find() -> Outcome<Self> {
        let named = |variable| std::env::var_os(variable).map(PathBuf::from);
        let (wasmelt, build) = named("WASMELT_BENCH_COMPILER").map_or_else(
            || (PATHS.wasmelt().to_owned(), "`cargo build`"),
            // Where that puts it; what else there is, whoever named it knows.
            |program| match program.ends_with("shipping/bolt/wasmelt") {
                true => (program, "`make release`"),
                false => (program, "`WASMELT_BENCH_COMPILER`"),
            },
        );
        Ok(Compilers {
            wasmelt: Compiler::new("wasmelt", wasmelt)?,
            build,
            wamrc: named("WAMRC")
                .map(|program| Compiler::new("wamrc", program))
                .transpose()?,
            wasmtime: named("WASMELT_BENCH_WASMTIME")
                .map(Wasmtime::new)
                .transpose()?,
        })
    }
}

impl Compiler {
    fn new(name: &'static str, program: PathBuf) -> Outcome<Self> {
        let version = version(&program)?;
        Ok(Compiler {
            name,
            program,
            version,
        })
    }

    /// Compiles with its defaults.
    pub fn compile(&self, wasm: &Path, aot: &Path) -> Outcome<Sample> {
        self.compile_with(&[], wasm, aot)
    }

    pub fn compile_with(&self, options: &[String], wasm: &Path, aot: &Path) -> Outcome<Sample> {
        let mut command = Command::new(&self.program);
        command.args(options).arg("-o").arg(aot).arg(wasm);
        let (sample, _) = measure::run(command)?;
        Ok(sample)
    }
}

impl Wasmtime {
    fn new(program: PathBuf) -> Outcome<Self> {
        let version = version(&program)?;
        Ok(Wasmtime { program, version })
    }

    pub fn compile(&self, wasm: &Path, compiled: &Path) -> Outcome {
        let mut command = Command::new(&self.program);
        command.arg("compile").arg(wasm).arg(compiled);
        measure::run(command).map(drop)
    }

    /// The command that runs what `compile` has made.
    pub fn run(&self, compiled: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("run").arg(compiled).env_clear();
        command
    }
}

fn version(program: &Path) -> Outcome<String> {
    let mut command = Command::new(program);
    command.arg("--version");
    let (_, printed) = measure::run(command)?;
    Ok(String::from_utf8_lossy(&printed).trim().to_owned())
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

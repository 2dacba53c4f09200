//! Measures code for small devices: bytes of code and constants, and instructions executed by an
//! emulator, beside a `wamrc` if the environment variable `WAMRC` names one.
//!
//! In: the C programs of `tests/`. Out: Markdown on standard output, and in the file named by
//! `WASMELT_BENCH_DOCS`. Arguments are parts of names: only what has one of them in the name of its
//! device or program is measured. Counts do not depend on what else the machine does, so one run is
//! enough. From each count that of a program which does nothing is subtracted: the start of the
//! runtime and of the C library.

mod count;
mod report;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use test_support::arguments::Arguments;
use test_support::process::{COMPILE_TIME, Finished};
use test_support::programs::{PROGRAMS, Program};
use test_support::{Outcome, Paths, package_file, toolchain};
use wamr_devices::Device;
use wasmelt::aot::AotFile;

use count::Counter;

/// Where Cargo has put the `wasmelt` command and its folder for temporary files.
const PATHS: Paths = test_support::paths!();

/// What code is made for, and what executes it.
pub struct Configuration {
    pub name: &'static str,
    device: &'static str,
    /// For either compiler.
    pub options: &'static [&'static str],
}

const CONFIGURATIONS: &[Configuration] = &[
    Configuration {
        name: "Cortex-M3 in place",
        device: "thumbv7",
        options: &[
            "--target=thumbv7",
            "--target-abi=eabi",
            "--cpu=cortex-m3",
            "--xip",
            "--enable-builtin-intrinsics=i64.common,fp.common,fpxint",
        ],
    },
    Configuration {
        name: "Cortex-M4F in place",
        device: "thumbv7-hf",
        options: &[
            "--target=thumbv7",
            "--target-abi=gnueabihf",
            "--cpu=cortex-m4",
            "--xip",
            "--enable-builtin-intrinsics=i64.common,f64.common,f32xi64,f64xi32,f64xi64",
        ],
    },
    Configuration {
        name: "Armv7-A Thumb",
        device: "thumbv7-hf",
        options: &[
            "--target=thumbv7",
            "--target-abi=gnueabihf",
            "--cpu=cortex-a9",
        ],
    },
    Configuration {
        name: "RISC-V 64 with checks by software",
        device: "riscv64",
        options: &[
            "--target=riscv64",
            "--target-abi=lp64d",
            "--cpu=generic-rv64",
            "--cpu-features=+m,+a,+f,+d,+c",
            "--bounds-checks=1",
        ],
    },
];

/// What comes of one program compiled by one compiler.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    pub bytes: u64,
    /// `None`: the code does not run.
    pub instructions: Option<u64>,
}

#[derive(Debug)]
pub struct Measured {
    pub program: String,
    pub wasmelt: Figures,
    pub wamrc: Option<Figures>,
}

fn main() -> ExitCode {
    Arguments::serve(measure_all)
}

fn measure_all(arguments: &Arguments) -> Outcome {
    let page_path = arguments.page()?;
    let wasmelt = PATHS.wasmelt();
    let wamrc = std::env::var_os("WAMRC").map(PathBuf::from);
    let mut tables = Vec::new();
    for configuration in CONFIGURATIONS {
        let counter = Counter::new(device(configuration)?)?;
        let mut baseline = None;
        let mut rows = Vec::new();
        for program in PROGRAMS {
            let flags = program.builds.iter().find(|flags| !flags.contains(&"-O0"));
            let stem = Path::new(program.source).file_stem().unwrap_or_default();
            let name = stem.to_string_lossy().into_owned();
            let Some(flags) = flags.filter(|flags| {
                arguments.wants(&format!("{}/{name}", configuration.name))
                    && !flags.contains(&"-msimd128")
            }) else {
                continue;
            };
            eprintln!("{}: {name}", configuration.name);
            let baseline = match baseline {
                Some(baseline) => baseline,
                None => *baseline.insert(idle(&counter, configuration, wasmelt)?),
            };
            let figures =
                |compiler: &Path| figures(&counter, configuration, compiler, program, flags);
            rows.push(Measured {
                program: name,
                wasmelt: figures(wasmelt)?.without(baseline),
                wamrc: match &wamrc {
                    Some(wamrc) => Some(figures(wamrc)?.without(baseline)),
                    None => None,
                },
            });
        }
        tables.push((configuration, rows));
    }
    let page = report::page(&tables, wamrc.is_some());
    print!("{page}");
    if let Some(path) = page_path {
        fs::write(&path, page).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}

impl Figures {
    fn without(self, instructions: u64) -> Self {
        Figures {
            instructions: self.instructions.map(|it| it.saturating_sub(instructions)),
            ..self
        }
    }
}

fn device(configuration: &Configuration) -> Outcome<&'static Device> {
    Device::find(configuration.device)
        .ok_or_else(|| format!("there is no device {}", configuration.device))
}

/// The instructions around a program: what one without any of its own takes.
fn idle(counter: &Counter, configuration: &Configuration, compiler: &Path) -> Outcome<u64> {
    const IDLE: Program = Program {
        source: "benches/programs/idle.c",
        builds: &[],
        args: &[],
        env: &[],
        stdin: "",
    };
    let figures = figures(counter, configuration, compiler, &IDLE, &["-O2"])?;
    figures
        .instructions
        .ok_or_else(|| "a program that does nothing does not run".to_owned())
}

fn figures(
    counter: &Counter,
    configuration: &Configuration,
    compiler: &Path,
    program: &Program,
    flags: &[&str],
) -> Outcome<Figures> {
    let source = package_file(program.source);
    let wasm = toolchain::build_wasm(PATHS, &source, flags)?;
    let native = toolchain::build_native(PATHS, &source, &["-O2"])?;
    let folder = PATHS.scratch_folder()?;
    let aot = folder.path().join("program.aot");
    let mut command = Command::new(compiler);
    command.args(configuration.options);
    command.arg("-o").arg(&aot).arg(&wasm);
    let finished = Finished::wait_for(command, b"", COMPILE_TIME)?;
    if finished.status != Some(0) {
        return Err(format!("it is not compiled\n{finished}"));
    }

    // Each run in a folder of its own: some programs write files.
    let place = PATHS.scratch_folder()?;
    let mut native = Command::new(native);
    native.current_dir(place.path()).env_clear();
    native.args(program.args).envs(program.env.iter().copied());
    let expected = Finished::wait_for(native, program.stdin.as_bytes(), count::RUN_TIME)?;
    let place = PATHS.scratch_folder()?;
    let (instructions, got) = counter.run(&aot, program, place.path())?;
    let instructions = instructions.filter(|_| got.stdout == expected.stdout);
    let own = compiler == PATHS.wasmelt();
    if own && instructions.is_none() {
        return Err(format!(
            "{source:?} prints something else than natively\n{got}"
        ));
    }
    Ok(Figures {
        bytes: code_and_constants(&aot)?,
        instructions,
    })
}

/// The bytes that a device keeps in flash to execute: the text, and constants outside of it.
fn code_and_constants(aot: &Path) -> Outcome<u64> {
    let error = |error: &dyn std::fmt::Display| format!("{}: {error}", aot.display());
    let bytes = fs::read(aot).map_err(|it| error(&it))?;
    let file = AotFile::parse(&bytes).map_err(|it| error(&it))?;
    let constants = file.init_data.object_data.iter();
    let constants: usize = constants.map(|data| data.bytes.len()).sum();
    Ok((file.text.literal.len() + file.text.code.len() + constants) as u64)
}

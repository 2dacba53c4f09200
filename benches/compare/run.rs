//! The time that programs take: on WAMR, compiled by each compiler, on Wasmtime, and built for this
//! machine.

use std::path::{Path, PathBuf};
use std::process::Command;

use escargot::CargoBuild;
use test_support::benchmark_programs::{PROGRAMS, Program};
use test_support::measure::{self, Series};
use test_support::{Outcome, package_file};

use crate::PATHS;
use crate::compilers::{self, Compiler, Compilers, PerCompiler};

const ROUNDS: usize = 9;

#[derive(Debug)]
pub struct Ran {
    pub program: &'static str,
    pub native: Series,
    pub on_wamr: PerCompiler<Series>,
    pub on_wasmtime: Option<Series>,
}

/// A program in all its builds.
struct Built {
    native: PathBuf,
    aot: PerCompiler<PathBuf>,
    for_wasmtime: Option<PathBuf>,
    /// What the native build prints, and the others have to.
    expected: Vec<u8>,
}

pub fn measure(compilers: &Compilers, wants: &dyn Fn(&str) -> bool) -> Outcome<Vec<Ran>> {
    let folder = PATHS.scratch_folder()?;
    let host = Host::build()?;
    let mut programs = Vec::new();
    for program in PROGRAMS.iter().filter(|program| wants(program.name)) {
        eprintln!("build {}", program.name);
        let built = build(compilers, program, folder.path())?;
        let ran = Ran {
            program: program.name,
            native: Series::default(),
            on_wamr: PerCompiler {
                wasmelt: Series::default(),
                wamrc: built.aot.wamrc.as_ref().map(|_| Series::default()),
            },
            on_wasmtime: built.for_wasmtime.as_ref().map(|_| Series::default()),
        };
        programs.push((built, ran));
    }
    // Every round runs everything: what disturbs the machine for a while hits all alike.
    for round in 1..=ROUNDS {
        eprintln!("run, round {round} of {ROUNDS}");
        for (built, ran) in &mut programs {
            built.run(compilers, &host, ran)?;
        }
    }
    Ok(programs.into_iter().map(|(_, ran)| ran).collect())
}

/// A program that runs `.aot` files: no larger than it has to be, as its start counts. This process has
/// LLVM in it, whose start takes several milliseconds.
struct Host(PathBuf);

impl Host {
    fn build() -> Outcome<Self> {
        let failed = |error| format!("cannot build wamr-run: {error}");
        let built = CargoBuild::new()
            .manifest_path(package_file("Cargo.toml"))
            .package("wamr-host")
            .bin("wamr-run")
            .release()
            .run()
            .map_err(failed)?;
        Ok(Host(built.path().to_owned()))
    }

    fn run(&self, aot: &Path) -> Command {
        let mut command = Command::new(&self.0);
        command.arg(aot).env_clear();
        command
    }
}

fn build(compilers: &Compilers, program: &Program, folder: &Path) -> Outcome<Built> {
    let native = program.build_native(PATHS)?;
    let wasm = program.build_wasm(PATHS)?;

    let compile = |compiler: &Compiler, extension| {
        let aot = folder.join(program.name).with_extension(extension);
        compiler.compile(&wasm, &aot)?;
        compilers::raise_version(&aot)?;
        Outcome::Ok(aot)
    };
    let wamrc = compilers.wamrc.as_ref();
    let aot = PerCompiler {
        wasmelt: compile(&compilers.wasmelt, "wasmelt.aot")?,
        wamrc: wamrc.map(|it| compile(it, "wamrc.aot")).transpose()?,
    };
    let for_wasmtime = compilers.wasmtime.as_ref().map(|wasmtime| {
        let compiled = folder.join(program.name).with_extension("cwasm");
        wasmtime.compile(&wasm, &compiled)?;
        Outcome::Ok(compiled)
    });
    let (_, expected) = measure::run(Command::new(&native))?;
    Ok(Built {
        native,
        aot,
        for_wasmtime: for_wasmtime.transpose()?,
        expected,
    })
}

impl Built {
    /// Runs each build once.
    fn run(&self, compilers: &Compilers, host: &Host, ran: &mut Ran) -> Outcome {
        self.add(&mut ran.native, Command::new(&self.native))?;
        self.add(&mut ran.on_wamr.wasmelt, host.run(&self.aot.wasmelt))?;
        if let (Some(series), Some(aot)) = (&mut ran.on_wamr.wamrc, &self.aot.wamrc) {
            self.add(series, host.run(aot))?;
        }
        if let (Some(wasmtime), Some(series), Some(compiled)) = (
            &compilers.wasmtime,
            &mut ran.on_wasmtime,
            &self.for_wasmtime,
        ) {
            self.add(series, wasmtime.run(compiled))?;
        }
        Ok(())
    }

    fn add(&self, series: &mut Series, command: Command) -> Outcome {
        let text = format!("{command:?}");
        let (sample, printed) = measure::run(command)?;
        if printed != self.expected {
            return Err(format!(
                "{text} prints something else than the native build"
            ));
        }
        series.push(sample);
        Ok(())
    }
}

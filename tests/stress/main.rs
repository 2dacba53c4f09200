//! Stress tests: modules that are large in one respect compile in bounded time and memory, and do
//! what they say.
//!
//! Each module of [`large_modules`] is compiled in every mode, and what comes of it runs beside an
//! interpreter. By default the modules are small enough to take a minute of processor time in all;
//! with `WASMELT_STRESS=full` (`make stress`) they have the sizes that once took forever. Each
//! compilation prints a line with what it took:
//!
//! - `stress --guest write NAME SIZE FILE` writes a module, to look at it or to try other sizes;
//! - `stress --guest run FILE ARGUMENT...` calls `run` of a compiled one.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use libtest_mimic::{Arguments, Trial};
use test_support::command::Mode;
use test_support::large_modules::Stress;
use test_support::measure::Sample;
use test_support::process::{Finished, RUN_TIME};
use test_support::{Outcome, Paths, guest, large_modules, measure};
use wamr_host::{Imports, Instance, InstanceOptions, Val};
use wasmi::errors::ErrorKind;

/// Where Cargo has put the `wasmelt` command and its folder for temporary files.
const PATHS: Paths = test_support::paths!();

/// What a compilation may take, whatever its size: processor time, as the machine may be busy.
const TIME: Duration = Duration::from_secs(60);
const MEMORY_MEGABYTES: f64 = 4000.0;

/// What `run` is called with.
const ARGUMENTS: [i32; 6] = [0, 1, 5, 999, 123_456, -7];

fn main() -> ExitCode {
    guest::serve(&[("write", write), ("run", run)]);
    let full = std::env::var_os("WASMELT_STRESS").is_some_and(|value| value == "full");
    let trials = large_modules::ALL
        .iter()
        .flat_map(|stress| (0..Mode::ALL.len()).map(move |mode| (stress, mode)))
        .map(|(stress, mode)| {
            // The same level with the other way to check bounds.
            let others = Mode::ALL.len() / 2;
            let (mode, other) = (
                Mode::ALL[mode],
                Mode::ALL[(mode + others) % Mode::ALL.len()],
            );
            Trial::test(format!("{}/{mode}", stress.name), move || {
                let size = if full { stress.full } else { stress.reduced };
                Ok(survives(stress, size, mode, other)?)
            })
        })
        .collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// Compiles the module and compares what it does with what an interpreter does or, if the module is
/// too large for that, with what the code of another mode does.
fn survives(stress: &Stress, size: u32, mode: Mode, other: Mode) -> Outcome {
    let folder = PATHS.scratch_folder()?;
    let wasm = (stress.make)(size);
    let input = folder.path().join("in.wasm");
    std::fs::write(&input, &wasm).map_err(|error| error.to_string())?;

    let (took, results) = compile_and_run(&input, mode, folder.path())?;
    let (seconds, megabytes) = (took.cpu_seconds(), took.peak_megabytes());
    println!(
        "| {} | {size} {} | {mode} | {seconds:.1} | {megabytes:.0} |",
        stress.name, stress.unit
    );
    if seconds > TIME.as_secs_f64() || megabytes > MEMORY_MEGABYTES {
        return Err(format!(
            "compiling took {seconds:.1} s and {megabytes:.0} MB"
        ));
    }
    let expected = match interpret(&wasm)? {
        Some(expected) => expected,
        None => compile_and_run(&input, other, folder.path())?.1,
    };
    if results == expected {
        Ok(())
    } else {
        Err(format!("it gives\n{results}instead of\n{expected}"))
    }
}

/// What compiling takes, and what `run` then gives for each of the arguments.
fn compile_and_run(input: &Path, mode: Mode, folder: &Path) -> Outcome<(Sample, String)> {
    let output = folder.join("out.aot");
    let mut command = Command::new(PATHS.wasmelt());
    command.args(mode.flags()).arg("-o").arg(&output).arg(input);
    let (took, _) = measure::run(command)?;

    let mut command = guest::command("run", folder)?;
    command
        .arg(&output)
        .args(ARGUMENTS.map(|argument| argument.to_string()));
    let finished = Finished::wait_for(command, b"", RUN_TIME)?;
    if finished.status == Some(0) {
        Ok((took, finished.stdout_text()))
    } else {
        Err(finished.to_string())
    }
}

/// What `run` gives for each of the arguments, by an engine that is not ours. `None`: the module is
/// valid, and too large for that engine.
fn interpret(wasm: &[u8]) -> Outcome<Option<String>> {
    let failed = |error: wasmi::Error| error.to_string();
    let mut config = wasmi::Config::default();
    config
        .set_max_recursion_depth(200_000)
        .set_max_stack_height(256 << 20);
    let engine = wasmi::Engine::new(&config);
    let module = wasmi::Module::new(&engine, wasm).map_err(failed)?;
    let mut lines = String::new();
    for argument in ARGUMENTS {
        let mut store = wasmi::Store::new(&engine, ());
        let instance = wasmi::Linker::new(&engine)
            .instantiate_and_start(&mut store, &module)
            .map_err(failed)?;
        let run = instance
            .get_typed_func::<i32, i32>(&store, "run")
            .map_err(failed)?;
        let line = match run.call(&mut store, argument) {
            Ok(result) => format!("{result}\n"),
            Err(error) if error.as_trap_code().is_some() => "trap\n".to_owned(),
            Err(error) if matches!(error.kind(), ErrorKind::Translation(_)) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        lines.push_str(&line);
    }
    Ok(Some(lines))
}

/// A guest's role: `FILE ARGUMENT...`.
fn run(args: &[String]) -> Outcome<i32> {
    let [file, arguments @ ..] = args else {
        return Err("which file?".to_owned());
    };
    let module = guest::load(file, &Imports::new())?;
    for argument in arguments {
        let argument = argument.parse().map_err(|_| "no number".to_owned())?;
        let instance = Instance::new(&module, &InstanceOptions::default())
            .map_err(|error| error.to_string())?;
        match instance.call("run", &[Val::I32(argument)]).as_deref() {
            Ok([Val::I32(result)]) => println!("{result}"),
            Ok(other) => println!("{other:?}"),
            Err(_) => println!("trap"),
        }
    }
    Ok(0)
}

/// A guest's role: `NAME SIZE FILE`.
fn write(args: &[String]) -> Outcome<i32> {
    let [name, size, file] = args else {
        return Err("which module, size and file?".to_owned());
    };
    let stress = large_modules::ALL
        .iter()
        .find(|stress| stress.name == name)
        .ok_or_else(|| format!("no module is called {name}"))?;
    let size = size.parse().map_err(|_| format!("{size} is no number"))?;
    std::fs::write(Path::new(file), (stress.make)(size)).map_err(|error| error.to_string())?;
    Ok(0)
}

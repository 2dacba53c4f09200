//! Prints what `--enable-dump-call-stack` costs: instructions that programs execute, and bytes of their code.
//!
//! Takes the programs of [`test_support::benchmark_programs`], or those whose names contain an argument. Compiles
//! each with and without the option, and runs it on a runtime that keeps frames. An emulator counts the
//! instructions, as for `benches/guard`.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use test_support::arguments::Arguments;
use test_support::benchmark_programs::{PROGRAMS, Program};
use test_support::instruction_count::{self, Plugin};
use test_support::process::{COMPILE_TIME, Finished};
use test_support::{Outcome, Paths, measure};
use wamr_devices::tracer::Tracer;
use wasmelt::aot::AotFile;

/// Where Cargo has put the `wasmelt` command and its folder for temporary files.
const PATHS: Paths = test_support::paths!();

const RUN_TIME: Duration = Duration::from_secs(600);

/// A CPU that is emulated well and has vectors, for each kind of machine this may run on.
const CPUS: &[(&str, &str)] = &[("x86_64", "x86-64-v3"), ("aarch64", "cortex-a72")];

fn main() -> ExitCode {
    Arguments::serve(measure_all)
}

fn measure_all(arguments: &Arguments) -> Outcome {
    let plugin = Plugin::build(PATHS)?;
    let tracer = Tracer::new(None)?;
    let (mut times, mut sizes) = (Vec::new(), Vec::new());
    println!("| program | instructions | bytes of code |\n|---|---:|---:|");
    for program in PROGRAMS.iter().filter(|it| arguments.wants(it.name)) {
        let wasm = program.build_wasm(PATHS)?;
        let without = count(&plugin, &tracer, &wasm, program, &[])?;
        let with = count(
            &plugin,
            &tracer,
            &wasm,
            program,
            &["--enable-dump-call-stack"],
        )?;
        let (time, size) = (with.0 / without.0, with.1 / without.1);
        println!("| {} | {time:.3} | {size:.3} |", program.name);
        times.push(time);
        sizes.push(size);
    }
    let (time, size) = (
        measure::geometric_mean(times),
        measure::geometric_mean(sizes),
    );
    println!("| **mean** | **{time:.3}** | **{size:.3}** |");
    Ok(())
}

/// The instructions that the program takes and the bytes of its code, compiled with `options`.
fn count(
    plugin: &Plugin,
    tracer: &Tracer,
    wasm: &Path,
    program: &Program,
    options: &[&str],
) -> Outcome<(f64, f64)> {
    let arch = std::env::consts::ARCH;
    let cpu = CPUS.iter().find(|(name, _)| *name == arch);
    let (_, cpu) = cpu.ok_or_else(|| format!("no CPU to count on for {arch}"))?;
    let folder = PATHS.scratch_folder()?;
    let aot = folder.path().join("program.aot");
    let mut command = Command::new(PATHS.wasmelt());
    command.arg(format!("--target={arch}"));
    command.arg(format!("--cpu={cpu}"));
    command.args(options).arg("-o").arg(&aot).arg(wasm);
    succeed(program, &Finished::wait_for(command, b"", COMPILE_TIME)?)?;
    let file = std::fs::read(&aot).map_err(|error| error.to_string())?;
    let file = AotFile::parse(&file).map_err(|error| error.to_string())?;

    let counted = folder.path().join("count");
    let mut command = Command::new(format!("qemu-{arch}"));
    command.args(["-cpu", "max"]);
    command.arg("-plugin").arg(plugin.option(&counted));
    command.arg(tracer.program()).arg(&aot);
    let finished = Finished::wait_for(command, b"", RUN_TIME)?;
    succeed(program, &finished)?;
    let instructions = instruction_count::read(&counted, &finished)?;
    Ok((instructions as f64, file.text.code.len() as f64))
}

fn succeed(program: &Program, finished: &Finished) -> Outcome {
    if finished.status == Some(0) {
        Ok(())
    } else {
        Err(format!("{}\n{finished}", program.name))
    }
}

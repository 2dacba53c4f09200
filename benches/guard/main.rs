//! Fails if code compiled by this build of Wasmelt executes more instructions than code compiled by
//! an older build.
//!
//! In: the older build, named by the environment variable `WASMELT_BENCH_OLD`, and the programs of
//! [`test_support::benchmark_programs`]. Out: a table on standard output. Arguments are parts of
//! names, as in the other benchmarks. An emulator counts: times would need a quiet machine and many runs, counters
//! of the CPU privileges, but these counts are the same on any machine up to what address the system
//! picks for things. What it costs to start the runtime is counted too, less than one part in a
//! hundred of any program. Counts are no times, so this finds code that got longer, not what got slower
//! for another reason.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use test_support::arguments::Arguments;
use test_support::benchmark_programs::{PROGRAMS, Program};
use test_support::instruction_count::{self, Plugin};
use test_support::process::{COMPILE_TIME, Finished};
use test_support::{Outcome, Paths, guest, measure};
use wamr_host::Imports;

/// Where Cargo has put the `wasmelt` command and its folder for temporary files.
const PATHS: Paths = test_support::paths!();

/// Ratios that are too much: of all programs on average, and of any one.
const MEAN_LIMIT: f64 = 1.02;
const LIMIT: f64 = 1.05;
const RUN_TIME: Duration = Duration::from_secs(600);

/// A CPU that is emulated well and has vectors, for each kind of machine this may run on: its name
/// for the compiler, then for the emulator.
const CPUS: &[(&str, &str, &str)] = &[
    ("x86_64", "x86-64-v3", "max"),
    ("aarch64", "cortex-a72", "max"),
];

fn main() -> ExitCode {
    guest::serve(&[("run", |args| guest::run_program(args, &Imports::new()))]);
    Arguments::serve(compare_all)
}

fn compare_all(arguments: &Arguments) -> Outcome {
    let old = std::env::var_os("WASMELT_BENCH_OLD").filter(|old| !old.is_empty());
    let old = old
        .map(PathBuf::from)
        .ok_or("WASMELT_BENCH_OLD has to name an older build of wasmelt")?;
    let new = PATHS.wasmelt();
    let plugin = Plugin::build(PATHS)?;
    let mut ratios = Vec::new();
    let mut worse = Vec::new();
    println!("| program | million instructions: old | new | ratio |\n|---|---:|---:|---:|");
    for program in PROGRAMS.iter().filter(|it| arguments.wants(it.name)) {
        let wasm = program.build_wasm(PATHS)?;
        let (before, expected) = count(&plugin, &old, &wasm, program)?;
        let (after, printed) = count(&plugin, new, &wasm, program)?;
        if printed != expected {
            return Err(format!(
                "{} prints something else than it did",
                program.name
            ));
        }
        let ratio = after / before;
        let (before, after) = (before / 1e6, after / 1e6);
        println!(
            "| {} | {before:.1} | {after:.1} | {ratio:.3} |",
            program.name
        );
        ratios.push(ratio);
        if ratio > LIMIT {
            worse.push(format!("{} ({ratio:.3})", program.name));
        }
    }
    let mean = measure::geometric_mean(ratios);
    println!("| **mean** | | | **{mean:.3}** |");
    if mean > MEAN_LIMIT {
        worse.push(format!("the mean ({mean:.3})"));
    }
    if worse.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "more instructions than before: {}",
            worse.join(", ")
        ))
    }
}

/// The instructions that the program takes if `compiler` compiles it, and what it prints.
fn count(
    plugin: &Plugin,
    compiler: &Path,
    wasm: &Path,
    program: &Program,
) -> Outcome<(f64, Vec<u8>)> {
    let arch = std::env::consts::ARCH;
    let cpu = CPUS.iter().find(|(name, ..)| *name == arch);
    let (_, cpu, emulated) = cpu.ok_or_else(|| format!("no CPU to count on for {arch}"))?;
    let folder = PATHS.scratch_folder()?;
    let aot = folder.path().join("program.aot");
    let mut command = Command::new(compiler);
    command.arg(format!("--target={arch}"));
    command.arg(format!("--cpu={cpu}"));
    command.arg("-o").arg(&aot).arg(wasm);
    succeed(program, &Finished::wait_for(command, b"", COMPILE_TIME)?)?;

    let counted = folder.path().join("count");
    let guest = guest::command("run", folder.path())?;
    let mut command = Command::new(format!("qemu-{arch}"));
    command.args(["-cpu", emulated]);
    command.arg("-plugin").arg(plugin.option(&counted));
    command.arg(guest.get_program()).args(guest.get_args());
    command.arg(&aot);
    let finished = Finished::wait_for(command, b"", RUN_TIME)?;
    succeed(program, &finished)?;
    Ok((
        instruction_count::read(&counted, &finished)? as f64,
        finished.stdout,
    ))
}

fn succeed(program: &Program, finished: &Finished) -> Outcome {
    if finished.status == Some(0) {
        Ok(())
    } else {
        Err(format!("{}\n{finished}", program.name))
    }
}

//! The sample for every day: some cases at sizes n and 2n, by the instructions that the compiler executes.

use std::process::{Command, ExitCode};
use std::time::Duration;

use libtest_mimic::{Arguments, Trial};

use crate::{Case, LIMIT, PATHS};
use test_support::Outcome;
use test_support::instruction_count::{self, Plugin};
use test_support::process::Finished;

/// An emulated compilation may take that long.
const TIME: Duration = Duration::from_secs(300);

/// One doubling: the case, its smaller size, and the options.
struct Doubling(&'static str, u32, &'static [&'static str]);

const X86: &str = "--target=x86_64";

/// The first four took time that grows with the square of the size or faster.
const SAMPLE: &[Doubling] = &[
    Doubling(
        "vector-integers",
        500,
        &[X86, "--cpu=x86-64-v3", "--opt-level=0"],
    ),
    Doubling("branches-out", 600, &[X86, "--opt-level=3"]),
    Doubling("divisions", 400, &[X86, "--opt-level=1"]),
    Doubling("loops", 40, &[X86, "--opt-level=1"]),
    Doubling(
        "float-arithmetic+loads",
        500,
        &["--target=aarch64", "--opt-level=1"],
    ),
    Doubling(
        "stores+select",
        300,
        &["--target=thumbv7em", "--cpu=cortex-m4", "--opt-level=3"],
    ),
    Doubling("tries-nested-with-calls", 100, &[X86, "--opt-level=3"]),
    Doubling("clauses", 200, &[X86, "--opt-level=3"]),
    Doubling("legacy-tries-in-a-row", 200, &[X86, "--opt-level=3"]),
];

pub fn run() -> ExitCode {
    let arguments = Arguments::from_args();
    let trials = SAMPLE
        .iter()
        .map(|doubling| {
            let name = format!("{}/{}", doubling.0, doubling.2.join(","));
            Trial::test(name, move || Ok(check(doubling)?))
        })
        .collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn check(&Doubling(name, size, options): &Doubling) -> Outcome {
    let plugin = Plugin::build(PATHS)?;
    let case = Case::find(name)?;
    let count = |size| count(&plugin, &case, size, options);
    let least = count(1)?;
    let (first, second) = (count(size)? - least, count(2 * size)? - least);
    let exponent = (second / first).log2();
    println!(
        "{name} {options:?}: {size} {first:.2e} instructions, twice the size {second:.2e}, exponent {exponent:.2}"
    );
    if exponent > LIMIT {
        return Err(format!(
            "twice the size takes {:.2} times the instructions, exponent {exponent:.2}",
            second / first
        ));
    }
    Ok(())
}

/// The instructions that compiling the case in this size takes.
fn count(plugin: &Plugin, case: &Case, size: u32, options: &[&str]) -> Outcome<f64> {
    let folder = PATHS.scratch_folder()?;
    let [input, output, counted] =
        ["in.wasm", "out.aot", "count"].map(|name| folder.path().join(name));
    std::fs::write(&input, case.wasm(size)?).map_err(|error| error.to_string())?;
    let mut command = Command::new(format!("qemu-{}", std::env::consts::ARCH));
    command
        .args(["-cpu", "max", "-plugin"])
        .arg(plugin.option(&counted));
    command.arg(env!("CARGO_BIN_EXE_wasmelt")).args(options);
    command.arg("-o").arg(&output).arg(&input);
    let finished = Finished::wait_for(command, b"", TIME)?;
    if finished.status != Some(0) {
        return Err(finished.to_string());
    }
    Ok(instruction_count::read(&counted, &finished)? as f64)
}

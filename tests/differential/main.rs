//! Differential tests: the same module through our compiler and WAMR, and through an independent
//! engine must give the same results, traps, memory, globals and tables. The engine is wasmi, or Wasmtime for
//! proposals that wasmi lacks ([`case::Proposal`]).
//!
//! In: generators that make a module of a seed, the same one on every machine, and the modules in
//! `regressions/`, each of which once went wrong. Out: one test for each generator, over as many
//! seeds as take a second or three (`WASMELT_DIFF_ROUNDS=N` takes N times as many, and
//! `WASMELT_DIFF_FIRST=N` begins with seed N), and one for each regression.
//!
//! The subtle part is what may differ; [`compare`] says it. A miscompiled module can do anything to
//! its process, so a guest process works through a batch of seeds and says which one it has come to:
//!
//! - `differential --guest seeds GENERATOR FIRST COUNT [AGENT]` runs seeds in this process, or on the
//!   generator's device through the program AGENT;
//! - `differential --guest show GENERATOR SEED` writes the module of a seed to standard output;
//! - `differential --guest files FILE...` runs modules in the text or the binary format;
//! - `differential --guest files-on DEVICE AGENT FILE...` runs them on a device.

mod case;
mod compare;
mod engine;
mod generate;
mod interface;
mod mode;
mod random;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use libtest_mimic::{Arguments, Trial};
use test_support::process::Finished;
use test_support::{Outcome, Paths, guest, package_file};
use wamr_devices::{DEVICES, Device};

use case::Case;
use compare::Verdict;
use generate::{GENERATORS, Generator};
use mode::Mode;

/// Where Cargo has put the `wasmelt` command and its folder for temporary files.
const PATHS: Paths = test_support::paths!();

/// Seeds that one guest works through: few enough that a crash costs little.
const BATCH: u64 = 25;
/// Far longer than a batch takes on a slow machine.
const BATCH_TIME: Duration = Duration::from_secs(600);

fn main() -> ExitCode {
    guest::serve(&[
        ("seeds", seeds),
        ("show", show),
        ("files", files),
        ("files-on", files_on),
    ]);
    let mut trials: Vec<Trial> = GENERATORS
        .iter()
        .map(|generator| Trial::test(generator.name, || Ok(agrees(generator)?)))
        .collect();
    match regressions() {
        Ok(files) => trials.extend(files.into_iter().flat_map(regression)),
        Err(error) => trials.push(Trial::test("regressions", || Err(error.into()))),
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn regressions() -> Outcome<Vec<PathBuf>> {
    let folder = package_file("tests/differential/regressions");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map_err(failed)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()
        .map_err(failed)?;
    files.sort();
    Ok(files)
}

/// The tests of a file: here, and on each device whose runtime catches accesses out of bounds and has
/// vectors if the file does.
fn regression(file: PathBuf) -> Vec<Trial> {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let name = format!("regressions/{name}");
    let vectors = std::fs::read_to_string(&file).is_ok_and(|text| text.contains("v128"));
    let devices = DEVICES
        .iter()
        .filter(|device| device.hardware_bounds && (device.simd || !vectors));
    let machines = std::iter::once(None).chain(devices.map(Some));
    machines
        .map(|device| {
            let file = file.clone();
            let name = match device {
                Some(device) => format!("{name} on {}", device.name),
                None => name.clone(),
            };
            Trial::test(name, move || Ok(file_agrees(&file, device)?))
        })
        .collect()
}

/// Runs all seeds of a generator, in guests.
fn agrees(generator: &'static Generator) -> Outcome {
    let rounds = setting("WASMELT_DIFF_ROUNDS")?.unwrap_or(1);
    let first = setting("WASMELT_DIFF_FIRST")?.unwrap_or(0);
    let seeds = generator.seeds * rounds;
    let end = first + seeds;
    let agent = generator.device()?.map(wamr_devices::build::agent);
    let agent = agent.transpose()?;
    let wasmtime = generator.with_wasmtime.then(engine::wasmtime::program);
    let wasmtime = wasmtime.transpose()?;
    let mut failures = Vec::new();
    let mut compared = 0;
    let mut next = first;
    while next < end {
        let count = BATCH.min(end - next);
        let folder = PATHS.scratch_folder()?;
        let mut command = guest::command("seeds", folder.path())?;
        command.args([generator.name, &next.to_string(), &count.to_string()]);
        if let Some(program) = &wasmtime {
            command.env(engine::wasmtime::VARIABLE, program);
        }
        if let Some(agent) = &agent {
            command.arg(agent);
            find_emulator(&mut command);
        }
        let got = Finished::wait_for(command, b"", BATCH_TIME)?;
        let text = got.stdout_text();
        let of = |prefix: &'static str| {
            text.lines()
                .filter_map(move |line| line.strip_prefix(prefix))
        };
        failures.extend(of("DIFFERENT ").map(str::to_owned));
        compared += of("SAME ").count() as u64;
        let last = of("SEED ")
            .next_back()
            .and_then(|seed| seed.parse::<u64>().ok());
        if got.status == Some(0) {
            next += count;
        } else {
            let last = last.ok_or_else(|| format!("a guest did not start\n{got}"))?;
            failures.push(format!(
                "{} seed {last} ended its process\n{got}",
                generator.name
            ));
            next = last + 1;
        }
    }
    if !failures.is_empty() {
        let all = failures.len();
        failures.truncate(20);
        return Err(format!("{all} failures\n{}", failures.join("\n")));
    }
    // Modules that say nothing (not instantiable, out of stack) must be the exception.
    if compared * 2 < seeds {
        return Err(format!(
            "only {compared} of {seeds} modules could be compared"
        ));
    }
    Ok(())
}

/// The number in an environment variable.
fn setting(name: &str) -> Outcome<Option<u64>> {
    std::env::var(name)
        .ok()
        .map(|text| {
            text.parse()
                .map_err(|_| format!("{name}={text} is no number"))
        })
        .transpose()
}

/// Lets a guest find the emulators.
fn find_emulator(guest: &mut Command) {
    guest.env("PATH", std::env::var_os("PATH").unwrap_or_default());
}

fn file_agrees(file: &Path, device: Option<&'static Device>) -> Outcome {
    let folder = PATHS.scratch_folder()?;
    let mut command = match device {
        None => guest::command("files", folder.path())?,
        Some(device) => {
            let mut command = guest::command("files-on", folder.path())?;
            command
                .arg(device.name)
                .arg(wamr_devices::build::agent(device)?);
            find_emulator(&mut command);
            command
        }
    };
    command.arg(file);
    let got = Finished::wait_for(command, b"", BATCH_TIME)?;
    if got.status == Some(0) && got.stdout_text().contains("SAME ") {
        Ok(())
    } else {
        Err(got.to_string())
    }
}

/// A guest's role: `GENERATOR FIRST COUNT [AGENT]`.
fn seeds(args: &[String]) -> Outcome<i32> {
    let [name, first, count, agent @ ..] = args else {
        return Err("which generator, first seed and number of seeds?".to_owned());
    };
    let generator = find(name)?;
    let device = generator.device()?;
    if device.is_some() {
        let [agent] = agent else {
            return Err(format!("{name} runs on a device: where is its agent?"));
        };
        engine::device::set_agent(PathBuf::from(agent));
    }
    let (first, count) = (number(first)?, number(count)?);
    for seed in first..first + count {
        println!("SEED {seed}");
        let case = (generator.make)(seed)?;
        let modes = match device {
            Some(device) => Mode::of_seed_on(device, seed),
            None => Mode::of_seed(seed),
        };
        report(&format!("{name} seed {seed}"), &case, &modes);
    }
    Ok(0)
}

/// A guest's role: `GENERATOR SEED`.
fn show(args: &[String]) -> Outcome<i32> {
    let [name, seed] = args else {
        return Err("which generator and seed?".to_owned());
    };
    let case = (find(name)?.make)(number(seed)?)?;
    let module = if case.text.is_empty() {
        &case.wasm
    } else {
        case.text.as_bytes()
    };
    std::io::stdout()
        .write_all(module)
        .map_err(|error| error.to_string())?;
    Ok(0)
}

/// A guest's role: `FILE...`.
fn files(args: &[String]) -> Outcome<i32> {
    for file in args {
        let case = Case::read(Path::new(file))?;
        report(file, &case, &Mode::all());
    }
    Ok(0)
}

/// A guest's role: `DEVICE AGENT FILE...`.
fn files_on(args: &[String]) -> Outcome<i32> {
    let [device, agent, files @ ..] = args else {
        return Err("which device, agent and files?".to_owned());
    };
    let device = Device::find(device).ok_or_else(|| format!("no device is called {device}"))?;
    engine::device::set_agent(PathBuf::from(agent));
    for file in files {
        report(file, &Case::read(Path::new(file))?, &Mode::all_on(device));
    }
    Ok(0)
}

fn report(name: &str, case: &Case, modes: &[Mode]) {
    match compare::run(case, modes) {
        Verdict::Same => println!("SAME {name}"),
        Verdict::Unknown(reason) => println!("UNKNOWN {name}: {reason}"),
        Verdict::Different(differences) => {
            for difference in differences {
                println!("DIFFERENT {name}: {difference}");
            }
        }
    }
}

fn find(name: &str) -> Outcome<&'static Generator> {
    GENERATORS
        .iter()
        .find(|generator| generator.name == name)
        .ok_or_else(|| format!("no generator is called {name}"))
}

fn number(text: &str) -> Outcome<u64> {
    text.parse().map_err(|_| format!("{text} is no number"))
}

//! C and C++ programs, compiled by clang to wasm, by Wasmelt to `.aot`, and run on WAMR in every mode: each
//! has to print, byte for byte, what the same source prints when it is built for this machine.
//! Recursion without end has to end in the runtime's exception.
//!
//! On emulated devices, each is compiled as the device's users would, and does the same. For Xtensa,
//! which no device here has, each is compiled to be executed in place.
//!
//! In: the sources beside this file and in `examples/`. Out: one test for each program, build and
//! mode. It needs `clang-22`, `wasm-ld-22` and wasi-libc; `.ci/setup` installs them.

mod device;
mod in_place;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use test_support::command::{self, Mode};
use test_support::process::{Finished, RUN_TIME};
use test_support::programs::{EXHAUSTION, EXHAUSTIONS, PROGRAMS, Program, STACK_PLACES, Stack};
use test_support::{Outcome, Paths, guest, package_file, toolchain};
use wamr_devices::DEVICES;
use wamr_host::Imports;

use device::Code;

/// Where Cargo has put the `wasmelt` command and its folder for temporary files.
const PATHS: Paths = test_support::paths!();

fn main() -> ExitCode {
    guest::serve(&[("run", |args| guest::run_program(args, &Imports::new()))]);
    let mut trials = Vec::new();
    for program in PROGRAMS {
        for flags in program.builds {
            for mode in modes() {
                let name = format!("{}{}/{mode}", stem(program.source), flags.concat());
                trials.push(Trial::test(name, move || {
                    Ok(same_as_native(program, flags, mode)?)
                }));
            }
        }
    }
    for program in PROGRAMS {
        for flags in program.builds {
            if !in_place::can_compile(flags) {
                continue;
            }
            for level in in_place::LEVELS {
                let (target, stem) = (in_place::TARGET, stem(program.source));
                let name = format!("{target}/{stem}{}/{level:?}-in-place", flags.concat());
                trials.push(Trial::test(name, move || {
                    Ok(in_place::leaves_nothing(program, flags, level)?)
                }));
            }
        }
    }
    for device in DEVICES {
        for program in PROGRAMS {
            for (number, flags) in program.builds.iter().enumerate() {
                for code in [Code::Direct, Code::InPlace] {
                    let source = stem(program.source);
                    let name = format!("{}/{source}{}/{code:?}", device.name, flags.concat());
                    if !device::can_run(device, flags) {
                        continue;
                    }
                    // `make test-devices` asks for the others.
                    let first = number == 0 && code == Code::InPlace;
                    let ignored = !(first && device::ALWAYS.contains(&device.name));
                    trials.push(
                        Trial::test(name, move || {
                            Ok(device::same_as_native(device, program, flags, code)?)
                        })
                        .with_ignored_flag(ignored),
                    );
                }
            }
        }
    }
    for (place, flags, auxiliary_exception) in STACK_PLACES {
        for (kind, bounded, stack) in EXHAUSTIONS {
            let exception = match stack {
                Stack::Native => "native stack overflow",
                Stack::Auxiliary => auxiliary_exception,
            };
            for mode in modes() {
                let name = format!("exhaustion/{kind}/{place}/{mode}");
                trials.push(Trial::test(name, move || {
                    let expected = format!("{kind}: bounded {bounded}\nException: {exception}\n");
                    Ok(exhausts(kind, &expected, flags, mode)?)
                }));
            }
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn modes() -> impl Iterator<Item = Mode> {
    [&Mode::ALL[..], &Mode::IN_PLACE, &Mode::SMALL]
        .concat()
        .into_iter()
}

fn stem(source: &str) -> String {
    let stem = Path::new(source).file_stem();
    stem.unwrap_or_default().to_string_lossy().into_owned()
}

fn same_as_native(program: &Program, flags: &[&str], mode: Mode) -> Outcome {
    let source = package_file(program.source);
    let native = toolchain::build_native(PATHS, &source, &["-O2"])?;
    let wasm = toolchain::build_wasm(PATHS, &source, flags)?;

    let folder = PATHS.scratch_folder()?;
    let run = |mut command: std::process::Command| {
        command.args(program.args).envs(program.env.iter().copied());
        Finished::wait_for(command, program.stdin.as_bytes(), RUN_TIME)
    };
    let mut command = std::process::Command::new(native);
    command.current_dir(folder.path()).env_clear();
    let expected = run(command)?;
    let leftovers = leftovers(folder.path())?;

    let aot_folder = PATHS.scratch_folder()?;
    let aot = aot_folder.path().join("program.aot");
    command::compile(PATHS, &wasm, &aot, mode)?;
    let mut command = guest::command("run", folder.path())?;
    command.arg(&aot);
    let got = run(command)?;
    if got != expected {
        return Err(format!(
            "{}\n--- native\n{expected}--- Wasmelt\n{got}",
            first_difference(&expected.stdout, &got.stdout)
        ));
    }
    if self::leftovers(folder.path())? != leftovers {
        return Err("the program leaves other files behind than the native one".to_owned());
    }
    Ok(())
}

fn exhausts(kind: &str, expected: &str, flags: &[&str], mode: Mode) -> Outcome {
    let wasm = toolchain::build_wasm(PATHS, &package_file(EXHAUSTION), flags)?;
    let folder = PATHS.scratch_folder()?;
    let aot = folder.path().join("program.aot");
    command::compile(PATHS, &wasm, &aot, mode)?;
    let mut command = guest::command("run", folder.path())?;
    command.arg(&aot).arg(kind);
    let got = Finished::wait_for(command, b"", RUN_TIME)?;
    if got.stdout_text() != expected || got.status != Some(guest::EXCEPTION) {
        return Err(format!("expected\n{expected}--- got\n{got}"));
    }
    Ok(())
}

fn leftovers(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let error = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut found = std::fs::read_dir(folder)
        .map_err(error)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<Vec<_>>>()
        .map_err(error)?;
    found.sort();
    Ok(found)
}

fn first_difference(expected: &[u8], got: &[u8]) -> String {
    let lines = |bytes: &[u8]| -> Vec<String> {
        let text = String::from_utf8_lossy(bytes);
        text.split('\n').map(str::to_owned).collect()
    };
    let (expected, got) = (lines(expected), lines(got));
    for number in 0..expected.len().max(got.len()) {
        let (expected, got) = (expected.get(number), got.get(number));
        if expected != got {
            return format!("line {} should be {expected:?}, is {got:?}", number + 1);
        }
    }
    "the streams agree, the status or standard error does not".to_owned()
}

//! Programs executed in place, from the flash of microcontrollers.
//!
//! In: `programs/`, compiled by clang to modules without a library, and by the `wasmelt` command, with
//! the options that users of the board would write, to files for it. Out: one test for each board,
//! program and level: it prints what the same source prints on this machine. A write to flash is a
//! fault, and one test per board sees that it is.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use libtest_mimic::{Arguments, Trial};
use wamr_devices::board::{BOARDS, Board};
use wamr_devices::firmware::{self, Ending, Probe, Run};

const PROGRAMS: [&str; 5] = ["integers", "floats", "doubles", "workload", "natives"];
const LEVELS: [&str; 2] = ["3", "z"];
/// The board whose core has a floating-point unit that nobody turns on.
const FLOAT_UNIT_OFF: &str = "mps2-an386-off";
const RUN_TIME: Duration = Duration::from_secs(60);

/// The same result on every machine needs multiplication and addition apart.
const C_FLAGS: [&str; 3] = ["-O2", "-ffp-contract=off", "-Werror"];
/// A stack of 4 KiB in one page; the runtime finds it by the two exports.
const WASM_FLAGS: [&str; 8] = [
    "--target=wasm32",
    "-nostdlib",
    "-ffreestanding",
    "-Wl,--no-entry",
    "-Wl,-z,stack-size=4096",
    "-Wl,--initial-memory=65536",
    "-Wl,--export=__heap_base",
    "-Wl,--export=__data_end",
];

type Outcome<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    let mut trials = Vec::new();
    for board in BOARDS {
        for program in PROGRAMS {
            for level in LEVELS {
                trials.push(Trial::test(
                    format!("{}/{program}/{level}", board.name),
                    move || Ok(same_as_native(board, program, level)?),
                ));
            }
        }
        trials.push(Trial::test(
            format!("{}/write-to-flash", board.name),
            move || Ok(write_is_a_fault(board)?),
        ));
        if board.name == FLOAT_UNIT_OFF {
            trials.push(Trial::test(
                format!("{}/float-unit", board.name),
                move || Ok(float_unit_is_a_fault(board)?),
            ));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn same_as_native(board: &Board, program: &str, level: &str) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let native = folder.path().join("native");
    tool(
        clang(program)
            .args(["-o".as_ref(), native.as_os_str()])
            .arg("-lm"),
    )?;
    let expected = tool(&mut Command::new(&native))?;

    let run = run(board, program, level, &[], Probe::Nothing, folder.path())?;
    if run.ending != Ending::Finished || run.output != expected {
        return Err(format!(
            "{:?}\n--- native\n{expected}--- {}\n{}",
            run.ending, board.name, run.output
        ));
    }
    Ok(())
}

fn write_is_a_fault(board: &Board) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let probe = Probe::WriteToFlash;
    fault(run(board, "integers", "3", &[], probe, folder.path())?)
}

/// Code that uses the unit faults: the programs of this board run without it.
fn float_unit_is_a_fault(board: &Board) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let options = ["--cpu-features=+vfp4d16sp"];
    let probe = Probe::Nothing;
    fault(run(board, "floats", "3", &options, probe, folder.path())?)
}

fn fault(run: Run) -> Outcome {
    if run.ending == Ending::Fault {
        Ok(())
    } else {
        Err(format!("{:?}: {}", run.ending, run.output))
    }
}

/// Compiles a program with `options` beside those of the board, and runs it there.
fn run(
    board: &Board,
    program: &str,
    level: &str,
    options: &[&str],
    probe: Probe,
    folder: &Path,
) -> Outcome<Run> {
    let [wasm, aot, image] = ["wasm", "aot", "elf"].map(|name| folder.join(name));
    tool(clang(program).args(WASM_FLAGS).arg("-o").arg(&wasm))?;
    let compiler = Command::new(compiler());
    let mut compiler = compiler;
    tool(
        compiler
            .args(board.options)
            .args(options)
            .arg(format!("--opt-level={level}"))
            .arg("-o")
            .arg(&aot)
            .arg(&wasm),
    )?;
    firmware::link(board, &aot, probe, &image)?;
    firmware::run(board, &image, RUN_TIME)
}

/// `wasmelt`, or what WASMELT_COMPILER names: another command with the same options.
fn compiler() -> PathBuf {
    std::env::var_os("WASMELT_COMPILER").map_or_else(
        || PathBuf::from(env!("CARGO_BIN_EXE_wasmelt")),
        PathBuf::from,
    )
}

fn clang(program: &str) -> Command {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/firmware/programs");
    let mut command = Command::new("clang-22");
    command
        .args(C_FLAGS)
        .arg(folder.join(program).with_extension("c"));
    command
}

/// Runs a command that must succeed, and gives its output.
fn tool(command: &mut Command) -> Outcome<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run {program}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    Err(format!(
        "{program} ended with {}\n{}{}",
        output.status,
        text(&output.stdout),
        text(&output.stderr)
    ))
}

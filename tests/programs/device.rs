//! The same programs on emulated devices.

use test_support::process::{COMPILE_TIME, Finished, RUN_TIME};
use test_support::programs::Program;
use test_support::{Outcome, package_file, toolchain};
use wamr_devices::Device;
use wamr_devices::program;

use crate::{PATHS, first_difference};

/// The devices on which every program is executed in place in every test run: one whose floats are
/// all the runtime's, one of 64 bits.
pub const ALWAYS: &[&str] = &["thumbv7", "aarch64"];

/// How the code gets at the runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    Direct,
    InPlace,
}

/// Whether the device's runtime can load what is built with these flags.
pub fn can_run(device: &Device, flags: &[&str]) -> bool {
    device.simd || !flags.contains(&"-msimd128")
}

pub fn same_as_native(
    device: &'static Device,
    program: &Program,
    flags: &[&str],
    code: Code,
) -> Outcome {
    let source = package_file(program.source);
    let native = toolchain::build_native(PATHS, &source, &["-O2"])?;
    let wasm = toolchain::build_wasm(PATHS, &source, flags)?;
    let folder = PATHS.scratch_folder()?;
    let mut command = std::process::Command::new(native);
    command
        .current_dir(folder.path())
        .env_clear()
        .args(program.args)
        .envs(program.env.iter().copied());
    let expected = Finished::wait_for(command, program.stdin.as_bytes(), RUN_TIME)?;

    let aot_folder = PATHS.scratch_folder()?;
    let aot = aot_folder.path().join("program.aot");
    let mut command = std::process::Command::new(PATHS.wasmelt());
    command.args(device.compiler_options());
    if code == Code::InPlace {
        command.arg("--xip");
    }
    command.arg("-o").arg(&aot).arg(&wasm);
    let finished = Finished::wait_for(command, b"", COMPILE_TIME)?;
    if finished.status != Some(0) {
        return Err(format!("wasmelt does not compile it\n{finished}"));
    }

    let env: Vec<String> = program
        .env
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let got = program::run(
        device,
        &program::Program {
            file: aot,
            args: program.args.to_vec(),
            env: env.iter().map(String::as_str).collect(),
            dirs: vec![(".", folder.path())],
            max_threads: None,
            stdin: program.stdin.as_bytes(),
        },
        RUN_TIME,
    )?;
    if got.stdout != expected.stdout || got.status.code() != expected.status {
        return Err(format!(
            "{}\n--- native\n{expected}--- {}: {}\n{}{}",
            first_difference(&expected.stdout, &got.stdout),
            device.name,
            got.status,
            String::from_utf8_lossy(&got.stdout),
            String::from_utf8_lossy(&got.stderr)
        ));
    }
    Ok(())
}

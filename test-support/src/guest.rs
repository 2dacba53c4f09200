//! Runs compiled code in a process of its own, the guest.
//!
//! A miscompiled module can do anything to its process. So the test binary starts itself again for
//! each module, with `--guest` as the first argument. The second argument names the guest's role. The
//! test binary lists its roles in the call of [`serve`], at the start of `main`.

use std::path::Path;
use std::process::{Command, exit};

use wamr_host::{
    Error, Imports, Instance, InstanceOptions, LogLevel, Module, Runtime, WasiOptions,
};

use crate::Outcome;

const FLAG: &str = "--guest";
/// The exit status of a guest whose program ended with an exception. WAMR's `iwasm` has the same.
pub const EXCEPTION: i32 = 1;
/// The exit status of a guest that could not carry out its role.
pub const FAILED: i32 = 255;

/// A role of a guest: its name and its function. The function takes the arguments after the name,
/// and returns the exit status of the process.
pub type Role = (&'static str, fn(&[String]) -> Outcome<i32>);

/// If this process is a guest, carries out its role and ends the process. Otherwise returns at once.
/// The exit status is that of the role, or [`FAILED`] after an error, which goes to standard error.
pub fn serve(roles: &[Role]) {
    let mut args = std::env::args().skip(1);
    if args.next().as_deref() != Some(FLAG) {
        return;
    }
    let name = args.next().unwrap_or_default();
    let args: Vec<String> = args.collect();
    let outcome = match roles.iter().find(|(role, _)| *role == name) {
        Some((_, run)) => run(&args),
        None => Err(format!("a guest has no role `{name}`")),
    };
    exit(outcome.unwrap_or_else(|error| {
        eprintln!("{error}");
        FAILED
    }));
}

/// Returns a command that starts this program again as a guest. `role` is one of the roles given to
/// [`serve`]. `folder` becomes the current folder. The environment is empty. The caller adds the
/// role's arguments.
pub fn command(role: &str, folder: &Path) -> Outcome<Command> {
    let this = std::env::current_exe().map_err(|error| format!("no path to myself: {error}"))?;
    let mut command = Command::new(this);
    command.arg(FLAG).arg(role).current_dir(folder).env_clear();
    Ok(command)
}

/// Loads an `.aot` file in the runtime of this process. The runtime logs errors only: it does not warn
/// of imports that `imports` lacks.
pub fn load(file: &str, imports: &Imports) -> Outcome<Module> {
    let runtime = Runtime::get().map_err(|error| error.to_string())?;
    runtime.set_log_level(LogLevel::Error);
    let bytes = std::fs::read(file).map_err(|error| format!("cannot read {file}: {error}"))?;
    Module::load(&bytes, imports).map_err(|error| format!("WAMR does not load {file}: {error}"))
}

/// Runs a WASI program in this process, and returns its exit status. The first of `args` is its
/// `.aot` file, the others are the program's arguments. The program gets the environment, the current
/// folder and the streams of this process. After an exception, the function prints the exception to
/// standard output, and returns [`EXCEPTION`].
pub fn run_program(args: &[String], imports: &Imports) -> Outcome<i32> {
    let Some(file) = args.first() else {
        return Err("which program?".to_owned());
    };
    let module = load(file, imports)?;
    let options = InstanceOptions {
        wasi: WasiOptions {
            args: args.to_vec(),
            env: std::env::vars()
                .map(|(name, value)| format!("{name}={value}"))
                .collect(),
            dirs: vec![(".".to_owned(), ".".to_owned())],
            ..WasiOptions::default()
        },
        ..InstanceOptions::default()
    };
    let instance = Instance::new(&module, &options).map_err(|error| error.to_string())?;
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match instance.run_main(&args) {
        Ok(status) => Ok(status.cast_signed()),
        Err(Error::Trap(trap)) => {
            println!("{}", trap.exception());
            Ok(EXCEPTION)
        }
        Err(error) => Err(error.to_string()),
    }
}

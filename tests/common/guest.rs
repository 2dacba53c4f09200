//! The process that a compiled program runs in.
//!
//! A miscompiled module can do anything to the process it runs in, so the test binary starts
//! itself again for each: with [`FLAG`] as its first argument it is a guest, and does the one thing
//! the arguments after it say. Which things there are, a test binary tells [`serve`] in a table.

use std::path::Path;
use std::process::{Command, exit};

use wamr_host::{
    Error, Imports, Instance, InstanceOptions, LogLevel, Module, Runtime, WasiOptions,
};

use super::Outcome;

const FLAG: &str = "--guest";
/// The exit status of a guest whose program ended with an exception, as `iwasm` has it.
pub const EXCEPTION: i32 = 1;
/// The exit status of a guest that could not do what it was started for.
pub const FAILED: i32 = 255;

/// What a guest can be told to do: its name, and what does it with the arguments that follow,
/// giving the exit status.
pub type Role = (&'static str, fn(&[String]) -> Outcome<i32>);

/// If this process was started as a guest, does what is asked and ends the process.
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

/// A command that starts a guest in the role, in the folder, and with nothing in its environment.
pub fn command(role: &str, folder: &Path) -> Outcome<Command> {
    let this = std::env::current_exe().map_err(|error| format!("no path to myself: {error}"))?;
    let mut command = Command::new(this);
    command.arg(FLAG).arg(role).current_dir(folder).env_clear();
    Ok(command)
}

/// Loads an `.aot` file in a runtime that keeps quiet about what it does not find.
pub fn load(file: &str, imports: &Imports) -> Outcome<Module> {
    let runtime = Runtime::get().map_err(|error| error.to_string())?;
    runtime.set_log_level(LogLevel::Error);
    let bytes = std::fs::read(file).map_err(|error| format!("cannot read {file}: {error}"))?;
    Module::load(&bytes, imports).map_err(|error| format!("WAMR does not load {file}: {error}"))
}

/// Runs a WASI program: the first argument is its file, the others are its own. Its environment,
/// its folder and its streams are those of this process.
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

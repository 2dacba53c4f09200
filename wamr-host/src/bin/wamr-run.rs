//! Runs an `.aot` file on WAMR, with the options of `iwasm` that matter for programs.
//!
//! As with `iwasm`, the exit status is the program's own; 1 if it ended with an exception, which
//! is printed to standard output; 255 if it could not be loaded or instantiated.

use std::fs;
use std::path::PathBuf;
use std::process::exit;

use anyhow::Context;
use clap::Parser;
use wamr_host::{
    Error, Imports, Instance, InstanceOptions, LogLevel, Module, Runtime, WasiOptions,
};

/// Run an .aot file on WAMR
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Call this function with the arguments and print its results, instead of running the program
    #[arg(short = 'f', long = "function", alias = "invoke", value_name = "NAME")]
    function: Option<String>,

    /// Size of the stack the runtime keeps for WebAssembly frames
    #[arg(long, value_name = "BYTES", default_value_t = InstanceOptions::default().stack_size)]
    stack_size: u32,

    /// Linear memory put aside for the host
    #[arg(long, value_name = "BYTES", default_value_t = InstanceOptions::default().heap_size)]
    heap_size: u32,

    /// Let the program open this directory
    #[arg(long = "dir", value_name = "DIR")]
    dirs: Vec<String>,

    /// Let the program open a directory under another name
    #[arg(long = "map-dir", value_name = "GUEST::HOST", value_parser = parse_mapping)]
    mapped_dirs: Vec<(String, String)>,

    /// Set an environment variable
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_variable)]
    env: Vec<String>,

    /// How many threads the program may have, its first one included
    #[arg(long, value_name = "COUNT")]
    max_threads: Option<u32>,

    /// What the runtime reports: 0 fatal errors only, up to 4 everything
    #[arg(short = 'v', value_name = "LEVEL", default_value = "2", value_parser = parse_log_level)]
    log_level: LogLevel,

    /// The .aot file
    file: PathBuf,

    /// Arguments of the program or function
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

fn parse_mapping(text: &str) -> Result<(String, String), String> {
    match text.split_once("::") {
        Some((guest, host)) => Ok((guest.to_owned(), host.to_owned())),
        None => Err("expected GUEST::HOST".to_owned()),
    }
}

fn parse_variable(text: &str) -> Result<String, String> {
    if text.contains('=') {
        Ok(text.to_owned())
    } else {
        Err("expected NAME=VALUE".to_owned())
    }
}

fn parse_log_level(text: &str) -> Result<LogLevel, String> {
    use LogLevel::{Debug, Error, Fatal, Verbose, Warning};
    [Fatal, Error, Warning, Debug, Verbose]
        .into_iter()
        .find(|level| (*level as u32).to_string() == text)
        .ok_or_else(|| "expected a number from 0 to 4".to_owned())
}

fn main() {
    const NOT_RUN: i32 = 255;
    let status = run(Options::parse()).unwrap_or_else(|error| {
        eprintln!("{error:#}");
        NOT_RUN
    });
    // Also writes out what the runtime's own C library has buffered.
    exit(status)
}

fn run(options: Options) -> anyhow::Result<i32> {
    let runtime = Runtime::get()?;
    runtime.set_log_level(options.log_level);
    if let Some(count) = options.max_threads {
        runtime.set_max_threads(count);
    }

    let name = options.file.display().to_string();
    let file = fs::read(&options.file).with_context(|| format!("cannot read {name}"))?;
    let module = Module::load(&file, &Imports::new())?;
    let dirs = options.dirs.into_iter().map(|dir| (dir.clone(), dir));
    let instance_options = InstanceOptions {
        stack_size: options.stack_size,
        heap_size: options.heap_size,
        wasi: WasiOptions {
            args: std::iter::once(name.clone())
                .chain(options.args.iter().cloned())
                .collect(),
            env: options.env,
            dirs: dirs.chain(options.mapped_dirs).collect(),
            ..WasiOptions::default()
        },
    };
    let instance = Instance::new(&module, &instance_options)?;

    let args: Vec<&str> = options.args.iter().map(String::as_str).collect();
    let outcome = match &options.function {
        Some(function) => instance.run_function(function, &args),
        None => {
            let program: Vec<&str> = std::iter::once(name.as_str()).chain(args).collect();
            instance.run_main(&program)
        }
    };
    match outcome {
        Ok(status) => Ok(status.cast_signed()),
        Err(Error::Trap(trap)) => {
            println!("{}", trap.exception());
            Ok(1)
        }
        Err(error) => Err(error.into()),
    }
}

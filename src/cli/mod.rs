//! The command: reads arguments; writes a file and one line on stdout, or one sentence on stderr.
//!
//! Exit status 0 is success, 1 a module, target or file that is rejected, 2 wrong usage. Under the name
//! `wamrc`, the command keeps `wamrc`'s manners instead ([`manners`]).

mod advice;
mod arguments;
mod external;
mod locate;
mod logger;
mod manners;
mod native_lib;
mod numbers;
mod output;
mod segue;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

#[cfg(test)]
pub(crate) use advice::sentence;
use arguments::{Arguments, Job, Listing};
use manners::Manners;
use output::Output;

use crate::error::DebugError;
use crate::options::TargetOptions;
use crate::{llvm, targets};

/// The `--size-level` of the small code model.
const SMALL: u8 = 3;

const FAILURE: u8 = 1;
const WRONG_USAGE: u8 = 2;

/// The reason why a valid command failed.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("cannot read {}: {source}", .path.display())]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },

    #[error("{}: {}", .path.display(), advice::sentence(source))]
    Compile {
        path: PathBuf,
        source: Box<crate::Error>,
    },

    #[error("{}", advice::target_sentence(.0))]
    Target(#[from] targets::Error),

    #[error(transparent)]
    Output(#[from] output::Error),

    #[error("{}: {source}", .path.display())]
    Locate { path: PathBuf, source: DebugError },

    #[error(transparent)]
    External(#[from] external::UnmatchedQuote),

    #[error(transparent)]
    NativeLib(#[from] native_lib::Error),
}

/// Runs the command with `arguments`, the first of which is the program's name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let manners = Manners::of(arguments.first().map(OsString::as_os_str));
    if manners == Manners::Wasmelt && arguments.get(1).is_some_and(|name| name == locate::NAME) {
        return match locate::run(&arguments[2..]) {
            Ok(result) => match result {
                Ok((text, complete)) => {
                    print(&text);
                    ExitCode::from(if complete { 0 } else { FAILURE })
                }
                Err(error) => ExitCode::from(manners.end_failed(&error)),
            },
            Err(error) => ExitCode::from(manners.end_usage(&error)),
        };
    }
    let job = match Arguments::read(arguments) {
        Ok(job) => job,
        // Also `--help` and `--version` end here, and are no errors.
        Err(error) => return ExitCode::from(manners.end_usage(&error)),
    };
    llvm::fatal::install();
    let result = match job {
        Job::List { what, target } => list(what, &target, manners),
        Job::LlvmVersion => {
            print(&format!("LLVM {}\n", llvm::options::llvm_version()));
            Ok(0)
        }
        Job::Compile {
            input,
            output,
            options,
            verbosity,
            size_level,
            stack_usage,
            debug_info,
            llvm_options,
            native_libs,
        } => {
            logger::install(verbosity, manners);
            llvm::options::configure_llvm(&llvm_options);
            if size_level != SMALL {
                log::warn!(
                    "--size-level={size_level} makes no difference: the small code model reaches everything"
                );
            }
            let files = Files {
                input,
                output,
                stack_usage,
                native_libs,
                debug_info,
            };
            compile(files, *options, size_level, manners).map(|()| 0)
        }
    };
    ExitCode::from(result.unwrap_or_else(|error| manners.end_failed(&error)))
}

/// The files of one compilation.
struct Files {
    input: PathBuf,
    output: PathBuf,
    stack_usage: Option<PathBuf>,
    native_libs: Vec<PathBuf>,
    debug_info: Option<PathBuf>,
}

fn compile(
    files: Files,
    mut options: crate::Options,
    size_level: u8,
    manners: Manners,
) -> Result<(), Error> {
    options.llvm.external = external::compiler(|name| std::env::var(name).ok())?;
    options.native_functions = native_lib::functions(&files.native_libs)?;
    if manners == Manners::Wamrc {
        segue::ignore_without_segment(&mut options);
    }
    let input = &files.input;
    let wasm = std::fs::read(input).map_err(|source| Error::Read {
        path: input.clone(),
        source,
    })?;
    // Before the long part, so that its result is not lost over a mistyped path.
    let output = Output::prepare(files.output, input)?;
    let stack_usage = files
        .stack_usage
        .map(|path| Output::prepare(path, input))
        .transpose()?;
    let debug_info = files
        .debug_info
        .map(|path| Output::prepare(path, input))
        .transpose()?;
    let outputs = [Some(&output), stack_usage.as_ref(), debug_info.as_ref()];
    output::check_different(&outputs.into_iter().flatten().collect::<Vec<_>>())?;
    if !output.is_a_stream() {
        manners.announce_start(&options, size_level);
    }
    let artifact = crate::compile(&wasm, &options).map_err(|source| Error::Compile {
        path: input.clone(),
        source: Box::new(source),
    })?;
    for warning in &artifact.warnings {
        log::warn!("{}", advice::warning(warning));
    }
    if let Some(stack_usage) = stack_usage {
        stack_usage.write(stack_usage_lines(&artifact.stack_usage).as_bytes())?;
    }
    if let (Some(file), Some(bytes)) = (debug_info, &artifact.debug_info) {
        file.write(bytes)?;
    }
    output.write(&artifact.bytes)?;
    output.announce();
    Ok(())
}

/// Returns the lines of a stack-usage file, in the format of LLVM and `wamrc`.
fn stack_usage_lines(functions: &[crate::StackUsage]) -> String {
    functions
        .iter()
        .map(|function| {
            format!(
                "WASM Module:{}\t{}\tstatic\n",
                function.symbol, function.bytes
            )
        })
        .collect()
}

/// Prints a list. Returns the exit status.
fn list(what: Listing, options: &TargetOptions, manners: Manners) -> Result<u8, Error> {
    let names: Vec<String> = match what {
        Listing::Targets => targets::supported_names(),
        Listing::Abis => owned(&targets::supported_abis(options)?),
        Listing::Cpus => owned(&targets::supported_cpus(options)?),
        Listing::Features => owned(&targets::supported_features(options)?),
    };
    Ok(manners.end_list(what, &names))
}

fn print(text: &str) {
    // Whoever closes the pipe early has read enough.
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

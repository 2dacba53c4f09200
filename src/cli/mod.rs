//! The command: reads arguments; writes a file and one line on stdout, or one sentence on stderr.
//!
//! Exit status 0 is success, 1 a module, target or file that is rejected, 2 wrong usage. Under the name
//! `wamrc`, the command keeps `wamrc`'s manners instead ([`manners`]).

mod advice;
mod arguments;
mod compile;
mod depfile;
mod embed;
mod external;
mod fleet;
mod locate;
mod logger;
mod manners;
mod native_lib;
mod numbers;
mod output;
mod response;
mod segue;
mod wamrc_words;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

#[cfg(test)]
pub(crate) use advice::sentence;
use arguments::{Arguments, Job, Listing};
use compile::{Files, compile};
use manners::Manners;

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

    #[error("--use-prof-file takes a file: standard input can only be the module")]
    ProfileStream,

    #[error("{}: {}", .path.display(), advice::sentence(source))]
    Compile {
        path: PathBuf,
        source: Box<crate::Error>,
        /// The specification's words for a fault of the module.
        words: Option<&'static str>,
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

    #[error(transparent)]
    Response(#[from] response::Error),

    #[error(transparent)]
    Fleet(#[from] fleet::Error),
}

/// Runs the command with `arguments`, the first of which is the program's name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let manners = Manners::of(arguments.first().map(OsString::as_os_str));
    let arguments = match response::expand(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return ExitCode::from(manners.end_failed(&error.into())),
    };
    if manners == Manners::Wasmelt
        && let Some(name) = arguments.get(1).and_then(|name| name.to_str())
        && let Some(result) = subcommand(name, &arguments[2..], manners)
    {
        return ExitCode::from(match result {
            Ok(Ok(status)) => status,
            Ok(Err(error)) => manners.end_failed(&error),
            Err(error) => manners.end_usage(&error),
        });
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
            mut options,
            verbosity,
            size_level,
            stack_usage,
            debug_info,
            depfile,
            if_changed,
            profile,
            llvm_options,
            native_libs,
        } => {
            manners.complete(&mut options);
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
                depfile,
                if_changed,
                profile,
            };
            compile(files, *options, size_level, manners).map(|()| 0)
        }
    };
    ExitCode::from(result.unwrap_or_else(|error| manners.end_failed(&error)))
}

/// Runs the subcommand `name`; `arguments` start behind it. Returns its exit status, or nothing if there is no such
/// subcommand.
fn subcommand(
    name: &str,
    arguments: &[OsString],
    manners: Manners,
) -> Option<Result<Result<u8, Error>, clap::Error>> {
    let printed = |text: String| {
        print(&text);
        0
    };
    Some(match name {
        locate::NAME => locate::run(arguments).map(|result| {
            result.map(|(text, complete)| {
                print(&text);
                if complete { 0 } else { FAILURE }
            })
        }),
        embed::NAME => embed::run(arguments).map(|result| result.map(|()| 0)),
        fleet::NAME => {
            fleet::run(arguments, manners).map(|result| result.map(|()| 0).map_err(Error::from))
        }
        fleet::select::NAME => {
            fleet::select::run(arguments).map(|result| result.map(printed).map_err(Error::from))
        }
        _ => return None,
    })
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

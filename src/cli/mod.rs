//! The command: reads arguments; writes a file and one line on stdout, or one sentence on stderr.
//!
//! Exit status 0 is success, 1 a module, target or file that is rejected, 2 wrong usage.

mod advice;
mod arguments;
mod logger;
mod output;

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[cfg(test)]
pub(crate) use advice::sentence;
use arguments::{Arguments, Job, Listing};
use output::Output;

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
}

/// Runs the command with `arguments`, the first of which is the program's name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let job = match Arguments::read(arguments) {
        Ok(job) => job,
        Err(error) => {
            // Also `--help` and `--version` end here, and are no errors.
            let wrong = error.use_stderr();
            let _ = error.print();
            return ExitCode::from(if wrong { WRONG_USAGE } else { 0 });
        }
    };
    llvm::fatal::install();
    let result = match job {
        Job::List { what, target } => list(what, &target),
        Job::LlvmVersion => {
            print(&format!("LLVM {}\n", llvm::options::llvm_version()));
            Ok(())
        }
        Job::Compile {
            input,
            output,
            options,
            verbosity,
            size_level,
            stack_usage,
            llvm_options,
        } => {
            logger::install(verbosity);
            llvm::options::configure_llvm(&llvm_options);
            if size_level != SMALL {
                log::warn!(
                    "--size-level={size_level} makes no difference: the small code model reaches everything"
                );
            }
            compile(&input, output, stack_usage, &options)
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::from(FAILURE)
        }
    }
}

fn compile(
    input: &Path,
    output: PathBuf,
    stack_usage: Option<PathBuf>,
    options: &crate::Options,
) -> Result<(), Error> {
    let wasm = std::fs::read(input).map_err(|source| Error::Read {
        path: input.to_owned(),
        source,
    })?;
    // Before the long part, so that its result is not lost over a mistyped path.
    let output = Output::prepare(output, input)?;
    let stack_usage = stack_usage
        .map(|path| Output::prepare(path, input))
        .transpose()?;
    let artifact = crate::compile(&wasm, options).map_err(|source| Error::Compile {
        path: input.to_owned(),
        source: Box::new(source),
    })?;
    for warning in &artifact.warnings {
        log::warn!("{}", advice::warning(warning));
    }
    if let Some(stack_usage) = stack_usage {
        stack_usage.write(stack_usage_lines(&artifact.stack_usage).as_bytes())?;
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

fn list(what: Listing, options: &TargetOptions) -> Result<(), Error> {
    let (title, names): (_, Vec<String>) = match what {
        Listing::Targets => ("Supported targets", targets::supported_names()),
        Listing::Abis => ("Supported ABIs", owned(&targets::supported_abis(options)?)),
        Listing::Cpus => ("Supported CPUs", owned(&targets::supported_cpus(options)?)),
        Listing::Features => (
            "Supported CPU features",
            owned(&targets::supported_features(options)?),
        ),
    };
    let mut text = format!("{title}:\n");
    for name in names {
        text += &format!("  {name}\n");
    }
    print(&text);
    Ok(())
}

fn print(text: &str) {
    // Whoever closes the pipe early has read enough.
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

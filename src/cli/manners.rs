//! The manners of the command: its own, or those of `wamrc` if it is called by that name.
//!
//! Build files call `wamrc` and look at its exit status and its standard output. A link or a copy of the
//! command under that name prints everything on standard output, as `wamrc` does, and ends with `wamrc`'s
//! exit status. One default depends on the name: memories with 64-bit addresses stay as they are, because whoever calls
//! `wamrc` for them has a runtime that is built for them.

use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::Path;

use clap::error::ErrorKind;

use super::Error;
use super::arguments::{self, Listing};
use super::output;
use crate::options::{Memory64, Options, OutputFormat};
use crate::targets::Target;

/// The version of WAMR whose `wamrc` the command line and the files follow (`core/version.h`).
const WAMRC_VERSION: &str = "2.4.3";

/// How the command prints and how it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manners {
    /// Results on standard output, messages on standard error. Status 1 means that an input is rejected, 2
    /// wrong usage.
    Wasmelt,
    /// Everything on standard output. Status 1 also means wrong usage or a list, 255 that input and output are
    /// the same file (`wamr-compiler/main.c`).
    Wamrc,
}

impl Manners {
    /// Returns the manners of a command that is called as `program`.
    pub fn of(program: Option<&OsStr>) -> Self {
        match program.and_then(|program| Path::new(program).file_stem()) {
            Some(name) if name == "wamrc" => Manners::Wamrc,
            _ => Manners::Wasmelt,
        }
    }

    /// Sets the options that are not given and whose default depends on the name.
    pub fn complete(self, options: &mut Options) {
        if self == Manners::Wamrc {
            options.memory64.get_or_insert(Memory64::Native);
        }
    }

    /// Prints `text`, which is a message about the work and not its result.
    pub fn say(self, text: &str) {
        // There is nowhere left to report that a stream is closed.
        let _ = match self {
            Manners::Wasmelt => io::stderr().write_all(text.as_bytes()),
            Manners::Wamrc => io::stdout().write_all(text.as_bytes()),
        };
    }

    /// Ends after `error` of the arguments, which `--help` and `--version` are too. Returns the exit status.
    pub fn end_usage(self, error: &clap::Error) -> u8 {
        match (self, error.kind()) {
            (Manners::Wasmelt, _) => {
                let _ = error.print();
                if error.use_stderr() {
                    super::WRONG_USAGE
                } else {
                    0
                }
            }
            (Manners::Wamrc, ErrorKind::DisplayVersion) => {
                self.say(&format!("wamrc {WAMRC_VERSION}\n"));
                0
            }
            // It knows no `--help`, and prints its help for whatever it does not know.
            (Manners::Wamrc, kind) => {
                if kind != ErrorKind::DisplayHelp
                    && kind != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                {
                    let text = error.to_string();
                    let sentence = text.lines().next().unwrap_or_default();
                    self.say(&format!("{sentence}\n"));
                }
                self.say(&arguments::help("wamrc"));
                super::FAILURE
            }
        }
    }

    /// Prints the reason why the command failed. Returns the exit status.
    pub fn end_failed(self, error: &Error) -> u8 {
        match (self, error) {
            (Manners::Wasmelt, _) => self.say(&format!("error: {error}\n")),
            (Manners::Wamrc, Error::Output(output::Error::SameFile(_))) => {
                self.say("Error: input file and output file are the same\n");
                return u8::MAX;
            }
            // Scripts look for the words that the specification's tests expect.
            (
                Manners::Wamrc,
                Error::Compile {
                    words: Some(words), ..
                },
            ) => self.say(&format!("{error} ({words})\n")),
            (Manners::Wamrc, _) => self.say(&format!("{error}\n")),
        }
        super::FAILURE
    }

    /// Prints a list of names. Returns the exit status.
    pub fn end_list(self, what: Listing, names: &[String]) -> u8 {
        let title = match what {
            Listing::Targets => "Supported targets",
            Listing::Abis => "Supported ABIs",
            Listing::Cpus => "Supported CPUs",
            Listing::Features => "Supported CPU features",
        };
        let text = if (self, what) == (Manners::Wamrc, Listing::Abis) {
            format!("Supported ABI: {} \n", names.join(" "))
        } else {
            let lines: String = names.iter().map(|name| format!("  {name}\n")).collect();
            format!("{title}:\n{lines}")
        };
        super::print(&text);
        match self {
            Manners::Wasmelt => 0,
            Manners::Wamrc => super::FAILURE,
        }
    }

    /// Announces the compilation, if that is the manner.
    pub fn announce_start(self, options: &Options, size_level: u8) {
        if self == Manners::Wasmelt {
            return;
        }
        // Compilation itself reports what is wrong with the target.
        let Ok(target) = Target::resolve(&options.target) else {
            return;
        };
        let format = match options.format {
            OutputFormat::LlvmIrUnoptimized => "unoptimized LLVM IR",
            OutputFormat::LlvmIrOptimized => "optimized LLVM IR",
            OutputFormat::Aot => "AoT file",
            OutputFormat::Object => "native object file",
        };
        self.say(&format!(
            "Create AoT compiler with:\n  \
             target:        {}\n  \
             target cpu:    {}\n  \
             target triple: {}\n  \
             cpu features:  {}\n  \
             opt level:     {}\n  \
             size level:    {size_level}\n  \
             output format: {format}\n",
            target.name,
            target.machine.cpu,
            target.machine.triple,
            target.machine.features,
            options.opt_level,
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_decides() {
        for (program, expected) in [
            ("wamrc", Manners::Wamrc),
            ("/opt/wamr/bin/wamrc", Manners::Wamrc),
            ("wamrc.exe", Manners::Wamrc),
            ("wasmelt", Manners::Wasmelt),
            ("/usr/lib/wamrc/wasmelt", Manners::Wasmelt),
            ("my-wamrc", Manners::Wasmelt),
        ] {
            assert_eq!(
                Manners::of(Some(OsStr::new(program))),
                expected,
                "{program}"
            );
        }
        assert_eq!(Manners::of(None), Manners::Wasmelt);
    }
}

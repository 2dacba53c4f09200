//! The command line and the exit status of a benchmark.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::Outcome;

/// The arguments of a benchmark.
#[derive(Parser)]
pub struct Arguments {
    /// Measure only what has one of these in its name
    filters: Vec<String>,

    /// What cargo says to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

impl Arguments {
    /// Parses this process's arguments, calls `measure` with them, and returns the exit status of the
    /// process. An error of `measure` goes to standard error. Ends the process if an argument is wrong.
    pub fn serve(measure: impl FnOnce(&Arguments) -> Outcome) -> ExitCode {
        match measure(&Arguments::parse()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
        }
    }

    /// Whether to measure the thing with this name: it contains one of the filters, or there are none.
    pub fn wants(&self, name: &str) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| name.contains(filter))
    }

    /// Returns the file to write the figures to, from the environment variable `WASMELT_BENCH_DOCS`.
    /// Fails if there are filters, too, because the file is for a complete run.
    pub fn page(&self) -> Outcome<Option<PathBuf>> {
        let page = std::env::var_os("WASMELT_BENCH_DOCS").map(PathBuf::from);
        if page.is_some() && !self.filters.is_empty() {
            return Err("only a run of everything can be written down".to_owned());
        }
        Ok(page)
    }
}

//! What every benchmark of ours is told on its command line, and how it ends.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::common::Outcome;

#[derive(Parser)]
pub struct Arguments {
    /// Measure only what has one of these in its name
    filters: Vec<String>,

    /// What cargo says to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

impl Arguments {
    /// Does what is asked for, and says what went wrong.
    pub fn serve(measure: impl FnOnce(&Arguments) -> Outcome) -> ExitCode {
        match measure(&Arguments::parse()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
        }
    }

    pub fn wants(&self, name: &str) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| name.contains(filter))
    }

    /// The page to write the figures into, if there is one.
    pub fn page(&self) -> Outcome<Option<PathBuf>> {
        let page = std::env::var_os("WASMELT_BENCH_DOCS").map(PathBuf::from);
        if page.is_some() && !self.filters.is_empty() {
            return Err("only a run of everything can be written down".to_owned());
        }
        Ok(page)
    }
}

//! The spec runner; see [`spec_tests::cli`].

use std::process::ExitCode;

fn main() -> anyhow::Result<ExitCode> {
    spec_tests::cli::main()
}

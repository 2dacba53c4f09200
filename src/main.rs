//! The `wasmelt` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    wasmelt::cli::main(std::env::args_os())
}

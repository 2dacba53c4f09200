//! Tools and tables that the tests and benchmarks of Wasmelt share.
//!
//! - Compiling and running: [`command`] runs the `wasmelt` command, [`guest`] runs compiled code in a
//!   process of its own, [`process`] runs any command with a time limit.
//! - Sources: [`programs`] and [`benchmark_programs`] list C programs, [`toolchain`] builds them.
//!   [`large_modules`] makes WebAssembly modules, [`operators`] lists WebAssembly's operators.
//! - Targets: [`names`] groups names of targets, [`processors`] names other CPUs this machine can run.
//! - Measuring: [`arguments`] reads a benchmark's command line, [`measure`] measures a process, and
//!   [`instruction_count`] counts the instructions that an emulator executes.
//!
//! Cargo tells a test where the `wasmelt` command is, and does not tell this crate. Each test that
//! needs the command or a scratch folder makes one value of [`Paths`] with [`paths!`] and passes it on.

pub mod arguments;
pub mod benchmark_programs;
pub mod command;
pub mod guest;
pub mod instruction_count;
pub mod large_modules;
pub mod measure;
pub mod names;
pub mod operators;
mod paths;
pub mod process;
pub mod processors;
pub mod programs;
pub mod toolchain;

pub use paths::{Paths, package_file};

/// The result of a test or a step of a test. The error says in a sentence why the test fails, and
/// then quotes the outputs that show the failure.
pub type Outcome<T = ()> = Result<T, String>;

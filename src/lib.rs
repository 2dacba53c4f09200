//! Wasmelt compiles WebAssembly modules ahead of time into `.aot` files for the WAMR runtime.

pub mod abi;
pub mod aot;
pub mod cli;
pub mod emit;
pub mod link;
pub mod options;
pub mod passes;
pub mod target;
pub mod wasm;

pub use options::Options;

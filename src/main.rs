//! The `wasmelt` command.

fn main() {}

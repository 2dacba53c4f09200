//! Runs the WebAssembly specification's scripts through wasmelt on a real WAMR.

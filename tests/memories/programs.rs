//! A C program with 64-bit addresses, compiled by clang.

use std::process::Command;

use test_support::{package_file, toolchain};

use super::*;

#[test]
fn a_c_program_computes_what_it_does_natively() {
    let source = package_file("tests/memories/wasm64.c");
    let native = toolchain::build_native(PATHS, &source, &["-O2"]).unwrap();
    let output = Command::new(native).output().unwrap();
    let expected: i64 = String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    for flags in [
        &["-O2"][..],
        &["-O0"],
        &["-O2", "-msimd128", "-mbulk-memory"],
    ] {
        let wasm = toolchain::build_wasm64(PATHS, &source, flags).unwrap();
        let wasm = std::fs::read(wasm).unwrap();
        for bounds_checks in [false, true] {
            for opt_level in [OptLevel::O0, OptLevel::O3, OptLevel::Oz] {
                let options = Options {
                    opt_level,
                    bounds_checks: Some(bounds_checks),
                    ..Options::default()
                };
                let bytes = wasmelt::compile(&wasm, &options).unwrap().bytes;
                let module = Module::load(&bytes, &Imports::new()).unwrap();
                let instance = Instance::new(&module, &InstanceOptions::default()).unwrap();
                let mode = format!("{flags:?}, {opt_level:?}, bounds checks {bounds_checks}");
                make_calls(
                    &instance,
                    &mode,
                    &[("run", &[Val::I64(2000)], i64(expected))],
                );
            }
        }
    }
}

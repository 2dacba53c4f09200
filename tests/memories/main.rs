//! Memories beyond one with 32-bit addresses, on the real runtime: each case runs with both kinds of bounds checks,
//! at several levels, and executed in place; with and without the host's heap.
//!
//! The specification's scripts run with the others (`spec-tests/`). These cases are about what the compiler makes of
//! memories on a runtime that does not know them.

mod custom_page_sizes;
mod memory64;
mod multi_memory;
mod programs;
mod refusals;

use test_support::Paths;
use wamr_host::{Imports, Instance, InstanceOptions, Module, Val};
use wasmelt::Options;
use wasmelt::options::{Features, OptLevel, RuntimeOptions};

/// Where Cargo has put its folder for temporary files.
const PATHS: Paths = test_support::paths!();

const LEVELS: &[OptLevel] = &[OptLevel::O0, OptLevel::O1, OptLevel::O3, OptLevel::Oz];

/// The end of a call.
#[derive(Debug, Clone, PartialEq)]
enum End {
    Returns(Val),
    Nothing,
    /// Traps; the text of the runtime's exception.
    Traps(&'static str),
}

const OUTSIDE: End = End::Traps("out of bounds memory access");

fn i32(value: i32) -> End {
    End::Returns(Val::I32(value))
}

fn i64(value: i64) -> End {
    End::Returns(Val::I64(value))
}

/// One call: the name of the function, its arguments, and its end.
type Call<'a> = (&'a str, &'a [Val], End);

/// Makes the calls, in this order on one instance, in every mode.
#[track_caller]
fn check(text: &str, calls: &[Call<'_>]) {
    check_with(text, &Imports::new(), &Options::default(), calls);
}

#[track_caller]
fn check_with(text: &str, imports: &Imports, options: &Options, calls: &[Call<'_>]) {
    check_in(text, imports, options, &[0], calls);
}

/// The same without and with the host's heap, which makes the first memory larger. The calls must not reach that end.
#[track_caller]
fn check_beside_heap(text: &str, calls: &[Call<'_>]) {
    check_in(
        text,
        &Imports::new(),
        &Options::default(),
        &[0, 16 << 10],
        calls,
    );
}

#[track_caller]
fn check_in(
    text: &str,
    imports: &Imports,
    options: &Options,
    heap_sizes: &[u32],
    calls: &[Call<'_>],
) {
    for_each_mode(text, options, |bytes, mode| {
        for &heap_size in heap_sizes {
            let mode = format!("{mode}, heap of {heap_size}");
            let module =
                Module::load(bytes, imports).unwrap_or_else(|error| panic!("{mode}: {error}"));
            let options = InstanceOptions {
                heap_size,
                ..InstanceOptions::default()
            };
            let instance =
                Instance::new(&module, &options).unwrap_or_else(|error| panic!("{mode}: {error}"));
            make_calls(&instance, &mode, calls);
        }
    });
}

#[track_caller]
fn make_calls(instance: &Instance, mode: &str, calls: &[Call<'_>]) {
    for (name, arguments, end) in calls {
        let got = instance.call(name, arguments);
        match (end, &got) {
            (End::Returns(value), Ok(got)) if got.as_slice() == std::slice::from_ref(value) => {}
            (End::Nothing, Ok(got)) if got.is_empty() => {}
            (End::Traps(expected), Err(error))
                if error.trap().is_some_and(|trap| trap.message == *expected) => {}
            _ => panic!("{mode}: {name} {arguments:?}: expected {end:?}, got {got:?}"),
        }
    }
}

/// Checks that instantiation traps in every mode.
#[track_caller]
fn check_no_instance(text: &str) {
    for_each_mode(text, &Options::default(), |bytes, mode| {
        let module = Module::load(bytes, &Imports::new()).unwrap();
        let error = match Instance::new(&module, &InstanceOptions::default()) {
            Ok(_) => panic!("{mode}: it was instantiated"),
            Err(error) => error.to_string(),
        };
        assert!(error.contains("out of bounds"), "{mode}: {error}");
    });
}

/// Compiles the module in every mode.
#[track_caller]
fn for_each_mode(text: &str, options: &Options, check: impl Fn(&[u8], &str)) {
    let wasm = wat::parse_str(text).unwrap();
    for bounds_checks in [false, true] {
        for &opt_level in LEVELS {
            for in_place in [false, true] {
                let options = Options {
                    opt_level,
                    bounds_checks: Some(bounds_checks),
                    features: Features {
                        threads: true,
                        ..options.features
                    },
                    runtime: RuntimeOptions {
                        indirect_mode: in_place,
                        disable_llvm_intrinsics: in_place,
                        ..RuntimeOptions::default()
                    },
                    ..options.clone()
                };
                let mode =
                    format!("{opt_level:?}, bounds checks {bounds_checks}, in place {in_place}");
                let artifact = wasmelt::compile(&wasm, &options)
                    .unwrap_or_else(|error| panic!("{mode}: {error}"));
                check(&artifact.bytes, &mode);
            }
        }
    }
}

//! Exceptions on the real runtime: each case runs with both kinds of bounds checks, at several levels, and
//! executed in place.
//!
//! The specification's scripts for `try_table` run with the others (`spec-tests/`). There are none for the
//! legacy instructions in its package, so these cases cover them more thoroughly.

mod legacy;
mod modern;
mod refusals;

use wamr_host::{Imports, Instance, InstanceOptions, Module, Val};
use wasmelt::Options;
use wasmelt::options::{Features, OptLevel, RuntimeOptions};

const LEVELS: &[OptLevel] = &[OptLevel::O0, OptLevel::O1, OptLevel::O3, OptLevel::Oz];

/// The end of a call.
#[derive(Debug, Clone, PartialEq)]
enum End {
    Returns(Vec<Val>),
    /// The text of the runtime's exception.
    Traps(&'static str),
}

use End::{Returns, Traps};

fn i32s(values: &[i32]) -> End {
    Returns(values.iter().copied().map(Val::I32).collect())
}

/// Calls exports of the module `text`, in this order on one instance, in every mode. Each call has a name, one
/// `i32` as argument if any, and its end.
#[track_caller]
fn check(text: &str, calls: &[(&str, Option<i32>, End)]) {
    check_with(text, &Imports::new(), calls);
}

#[track_caller]
fn check_with(text: &str, imports: &Imports, calls: &[(&str, Option<i32>, End)]) {
    for_each_mode(text, |bytes, mode| run(bytes, mode, imports, calls));
}

/// The same, with these options only.
#[track_caller]
fn check_options(
    text: &str,
    imports: &Imports,
    options: &Options,
    calls: &[(&str, Option<i32>, End)],
) {
    let wasm = wat::parse_str(text).unwrap();
    let artifact = wasmelt::compile(&wasm, options).unwrap();
    run(&artifact.bytes, "with these options", imports, calls);
}

#[track_caller]
fn run(bytes: &[u8], mode: &str, imports: &Imports, calls: &[(&str, Option<i32>, End)]) {
    let module = Module::load(bytes, imports).unwrap_or_else(|error| panic!("{mode}: {error}"));
    let instance = Instance::new(&module, &InstanceOptions::default())
        .unwrap_or_else(|error| panic!("{mode}: {error}"));
    for (name, argument, end) in calls {
        let arguments: Vec<Val> = argument.iter().copied().map(Val::I32).collect();
        let got = instance.call(name, &arguments);
        match (end, &got) {
            (Returns(values), Ok(got)) if values == got => {}
            (Traps(expected), Err(error))
                if error.trap().is_some_and(|trap| trap.message == *expected) => {}
            _ => panic!("{mode}: {name} {argument:?}: expected {end:?}, got {got:?}"),
        }
    }
}

/// Compiles the module in every mode.
#[track_caller]
fn for_each_mode(text: &str, check: impl Fn(&[u8], &str)) {
    let wasm = wat::parse_str(text).unwrap();
    for bounds_checks in [false, true] {
        for &opt_level in LEVELS {
            for in_place in [false, true] {
                let options = Options {
                    opt_level,
                    bounds_checks: Some(bounds_checks),
                    features: Features {
                        tail_call: true,
                        threads: true,
                        ..Features::default()
                    },
                    runtime: RuntimeOptions {
                        indirect_mode: in_place,
                        disable_llvm_intrinsics: in_place,
                        ..RuntimeOptions::default()
                    },
                    ..Options::default()
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

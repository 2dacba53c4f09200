//! Every vector and atomic instruction compiles: for the oldest x86-64 processor and for newer ones,
//! whose code generators take other ways, unoptimised and optimised. What the instructions compute
//! is the specification's scripts' business; this is about none being forgotten, and LLVM accepting
//! whatever is emitted for it.

mod constants;
mod expressions;

use std::collections::BTreeSet;

use test_support::operators::{ATOMIC, Family, RELAXED, SCALAR, VECTOR, WIDE};
use wasmelt::Options;
use wasmelt::options::{Features, OptLevel, OutputFormat};

/// The decoder's list of instructions, as (proposal, name of the visitor).
macro_rules! visitors {
    ($( @$proposal:ident $op:ident $({ $($arg:ident: $ty:ty),* })? => $visit:ident ($($note:tt)*) )*) => {
        &[$((stringify!($proposal), stringify!($visit)),)*]
    };
}
const DECODED: &[(&str, &str)] = wasmparser::for_each_visit_operator!(visitors);
const DECODED_SIMD: &[(&str, &str)] = wasmparser::for_each_visit_simd_operator!(visitors);

/// The tables above name exactly what the decoder knows.
#[track_caller]
fn assert_complete(families: &[Family], decoded: &[(&str, &str)], proposal: &str) {
    let named: BTreeSet<String> = families
        .iter()
        .flat_map(|family| family.operators.split(", "))
        .map(|operator| {
            let name = operator.split(' ').next().unwrap_or_default();
            format!("visit_{}", name.replace('.', "_"))
        })
        .collect();
    let known: BTreeSet<String> = decoded
        .iter()
        .filter(|(of, _)| *of == proposal)
        .map(|(_, visitor)| (*visitor).to_owned())
        .collect();
    assert_eq!(named, known);
}

/// A module with a function for each instruction: its parameters are the operands.
fn module(memory: &str, families: &[Family]) -> Vec<u8> {
    let mut text = format!("(module (memory {memory})");
    for family in families {
        let operands: String = (0..family.params.split_whitespace().count())
            .map(|index| format!(" local.get {index}"))
            .collect();
        for operator in family.operators.split(", ") {
            text += &format!(
                "\n(func (export \"{operator} {}\") (param {}) (result {}){operands} {operator})",
                family.params, family.params, family.result
            );
        }
    }
    wat::parse_str(text + ")").unwrap()
}

#[track_caller]
fn assert_compiles(wasm: &[u8], features: Features) {
    for cpu in ["x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4"] {
        for opt_level in [OptLevel::O0, OptLevel::O3, OptLevel::Oz] {
            for bounds_checks in [true, false] {
                let mut options = Options {
                    opt_level,
                    features,
                    bounds_checks: Some(bounds_checks),
                    format: OutputFormat::Object,
                    ..Options::default()
                };
                options.target.arch = Some("x86_64".to_owned());
                options.target.cpu = Some(cpu.to_owned());
                let result = wasmelt::compile(wasm, &options);
                assert!(
                    result.is_ok(),
                    "{cpu}, {opt_level:?}: {}",
                    result.unwrap_err()
                );
            }
        }
    }
}

#[test]
fn vector_instructions() {
    assert_complete(VECTOR, DECODED_SIMD, "simd");
    assert_compiles(&module("1", VECTOR), Features::default());
}

#[test]
fn relaxed_vector_instructions() {
    assert_complete(RELAXED, DECODED_SIMD, "relaxed_simd");
    assert_compiles(&module("1", RELAXED), Features::default());
}

#[test]
fn wide_arithmetic() {
    assert_complete(WIDE, DECODED, "wide_arithmetic");
    assert_compiles(&module("1", WIDE), Features::default());
}

#[test]
fn atomic_instructions() {
    assert_complete(ATOMIC, DECODED, "threads");
    let features = Features {
        threads: true,
        ..Features::default()
    };
    assert_compiles(&module("1 1 shared", ATOMIC), features);
}

/// The operators on numbers are complete, too: those of memory and control do not begin with a type.
#[test]
fn scalar_instructions() {
    let named: BTreeSet<String> = SCALAR
        .iter()
        .flat_map(|family| family.operators.split(", "))
        .map(|operator| format!("visit_{}", operator.replace('.', "_")))
        .collect();
    let of_numbers = |visitor: &str| {
        ["i32", "i64", "f32", "f64"]
            .iter()
            .any(|ty| visitor.starts_with(&format!("visit_{ty}_")) && !visitor.ends_with("_const"))
    };
    let proposals = ["mvp", "sign_extension", "saturating_float_to_int"];
    for (proposal, visitor) in DECODED {
        if proposals.contains(proposal) && of_numbers(visitor) {
            assert!(named.contains(*visitor), "{visitor} of {proposal}");
        }
    }
    assert_compiles(&module("1", SCALAR), Features::default());
}

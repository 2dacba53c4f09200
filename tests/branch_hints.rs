//! The custom section with hints for branches: it never makes a module invalid, and a warning says why it is
//! ignored. tests/golden/branch-hints.wat shows the weights.

use wasm_encoder::{CustomSection, Encode};
use wasmelt::options::OutputFormat;
use wasmelt::{Options, Warning};

const CODE: &str = "(module (func (export \"f\") (param i32) (result i32)
    (if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.const 2)))))";

/// `CODE` with sections of hints in front of or behind everything, its warnings, and the code made of it.
fn compile(front: &[&[u8]], behind: &[&[u8]]) -> (Vec<Warning>, String) {
    let section = |contents: &[u8]| {
        let mut bytes = vec![0];
        CustomSection {
            name: "metadata.code.branch_hint".into(),
            data: contents.into(),
        }
        .encode(&mut bytes);
        bytes
    };
    let code = wat::parse_str(CODE).unwrap();
    let mut wasm = code[..8].to_vec();
    wasm.extend(front.iter().flat_map(|contents| section(contents)));
    wasm.extend_from_slice(&code[8..]);
    wasm.extend(behind.iter().flat_map(|contents| section(contents)));
    let options = Options {
        format: OutputFormat::LlvmIrUnoptimized,
        ..Options::default()
    };
    let artifact = wasmelt::compile(&wasm, &options).unwrap();
    let text = String::from_utf8(artifact.bytes).unwrap();
    (artifact.warnings, text)
}

/// One function, index 0, with one hint: `if` at offset 3 of the body is likely.
const GOOD: &[u8] = &[1, 0, 1, 3, 1, 1];

#[test]
fn hints_become_weights() {
    let (warnings, text) = compile(&[GOOD], &[]);
    assert_eq!(warnings, []);
    assert!(
        text.contains("!{!\"branch_weights\", i32 2000, i32 1}"),
        "{text}"
    );
    let (_, text) = compile(&[&[1, 0, 1, 3, 1, 0]], &[]);
    assert!(
        text.contains("!{!\"branch_weights\", i32 1, i32 2000}"),
        "{text}"
    );
}

#[test]
fn hints_without_a_branch_mean_nothing() {
    let (_, plain) = compile(&[], &[]);
    // No branch there, or no such function.
    for contents in [&[1, 0, 1, 1, 1, 1][..], &[1, 77, 1, 3, 1, 1], &[0]] {
        let (warnings, text) = compile(&[contents], &[]);
        assert_eq!(warnings, []);
        assert_eq!(text, plain);
    }
}

#[test]
fn a_malformed_section_is_ignored_with_a_warning() {
    let (_, plain) = compile(&[], &[]);
    let cases: [(&[u8], &str); 7] = [
        (&[], "unexpected end"),
        (&[1, 0, 1, 3, 1], "unexpected end"),
        (&[1, 0, 1, 3, 2, 1], "invalid branch hint byte"),
        (&[1, 0, 1, 3, 1, 9], "invalid branch hint taken byte"),
        (&[1, 0, 1, 3, 1, 1, 0], "unexpected data at the end"),
        (
            &[1, 0, 2, 3, 1, 1, 3, 1, 1],
            "the branches of a function are not in order",
        ),
        (
            &[2, 0, 1, 3, 1, 1, 0, 1, 3, 1, 1],
            "the functions are not in order",
        ),
    ];
    for (contents, expected) in cases {
        let (warnings, text) = compile(&[contents], &[]);
        let [Warning::BranchHintsIgnored(reason)] = &warnings[..] else {
            panic!("{contents:?}: {warnings:?}");
        };
        assert!(reason.contains(expected), "{contents:?}: {reason}");
        assert_eq!(text, plain);
    }
}

#[test]
fn the_place_of_the_section_matters() {
    let (_, plain) = compile(&[], &[]);
    for (front, behind, reason) in [
        (
            &[GOOD, GOOD][..],
            &[][..],
            "the module has two such sections",
        ),
        (&[], &[GOOD], "the section is behind the code"),
    ] {
        let (warnings, text) = compile(front, behind);
        assert_eq!(warnings, [Warning::BranchHintsIgnored(reason.to_owned())]);
        assert_eq!(text, plain);
    }
}

//! Modules that nothing can express, and tags that the file leaves out.

use wasmelt::options::Features;
use wasmelt::{Options, Warning};

#[track_caller]
fn refused(text: &str) -> String {
    let wasm = wat::parse_str(text).unwrap();
    let error = wasmelt::compile(&wasm, &Options::default()).unwrap_err();
    error.to_string()
}

#[test]
fn references_that_the_runtime_would_have_to_hold() {
    for (text, reason) in [
        (
            "(module (table 1 exnref))",
            "a table or segment of exnref is not supported",
        ),
        (
            "(module (import \"m\" \"t\" (table 1 exnref)))",
            "a table or segment of exnref is not supported",
        ),
        (
            "(module (import \"m\" \"f\" (func (param exnref))))",
            "an imported function with exnref in its type is not supported",
        ),
        (
            "(module (import \"m\" \"g\" (global exnref)))",
            "an imported global of type exnref is not supported",
        ),
        (
            "(module (global (export \"g\") exnref (ref.null exn)))",
            "an exported global of type exnref is not supported",
        ),
        (
            "(module (tag (param exnref)))",
            "a tag that carries an exnref is not supported",
        ),
    ] {
        let error = refused(text);
        assert!(error.contains(reason), "{text}: {error}");
        assert!(error.starts_with("at offset 0x"), "{text}: {error}");
    }
}

#[test]
fn a_tag_that_carries_too_much() {
    let tag = |count: usize| format!("(module (tag (param {})))", "v128 ".repeat(count));
    let error = refused(&tag(17));
    let reason = "a tag that carries 272 bytes (at most 256 are possible) is not supported";
    assert!(error.contains(reason), "{error}");
    wasmelt::compile(&wat::parse_str(tag(16)).unwrap(), &Options::default()).unwrap();
}

#[test]
fn tags_that_no_other_module_shares_are_warned_of() {
    let wasm = wat::parse_str(
        "(module (import \"m\" \"t\" (tag)) (tag (export \"a\")) (tag) (export \"b\" (tag 0)))",
    )
    .unwrap();
    let artifact = wasmelt::compile(&wasm, &Options::default()).unwrap();
    assert_eq!(
        artifact.warnings,
        [
            Warning::TagNotLinked {
                module: "m".to_owned(),
                name: "t".to_owned(),
            },
            Warning::TagNotExported("a".to_owned()),
            Warning::TagNotExported("b".to_owned()),
        ]
    );
    let module = wamr_host::Module::load(&artifact.bytes, &wamr_host::Imports::new()).unwrap();
    assert!(module.exports().is_empty());
}

/// The legacy form needs the tags of the other one.
#[test]
fn each_form_can_be_off() {
    let modern = "(module (tag $t) (func (block (try_table (catch $t 0) (throw $t)))))";
    let legacy = "(module (tag $t) (func try (throw $t) catch $t end))";
    for (exceptions, legacy_exceptions, text, allowed) in [
        (true, false, modern, true),
        (true, false, legacy, false),
        (false, true, modern, false),
        (false, true, legacy, false),
        (true, true, modern, true),
        (true, true, legacy, true),
    ] {
        let options = Options {
            features: Features {
                exceptions,
                legacy_exceptions,
                ..Features::default()
            },
            ..Options::default()
        };
        let result = wasmelt::compile(&wat::parse_str(text).unwrap(), &options);
        assert_eq!(result.is_ok(), allowed, "{text}: {result:?}");
    }
}

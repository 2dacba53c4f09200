//! Memories and tables that no file can express.

use wasmelt::options::{Features, Memory64, TargetOptions};

use super::*;

#[track_caller]
fn refusal(text: &str) -> String {
    let options = Options {
        features: Features {
            threads: true,
            extended_const: true,
            ..Features::default()
        },
        ..Options::default()
    };
    match wasmelt::compile(&wat::parse_str(text).unwrap(), &options) {
        Ok(_) => panic!("{text} is compiled"),
        Err(error) => error.to_string(),
    }
}

/// A runtime with 64-bit addresses has a 64-bit machine and no guard pages.
#[test]
fn what_native_addresses_need() {
    let native = Options {
        memory64: Some(Memory64::Native),
        ..Options::default()
    };
    let on_32_bits = Options {
        target: TargetOptions {
            arch: Some("thumbv7em".to_owned()),
            ..TargetOptions::default()
        },
        ..native.clone()
    };
    let guarded = Options {
        bounds_checks: Some(false),
        ..native.clone()
    };
    let message = |text: &str, options: &Options| {
        let wasm = wat::parse_str(text).unwrap();
        wasmelt::compile(&wasm, options).unwrap_err().to_string()
    };
    let memory = "(module (memory i64 65537))";
    wasmelt::compile(&wat::parse_str(memory).unwrap(), &native).unwrap();
    assert!(
        message(memory, &on_32_bits)
            .ends_with("memory 0 cannot have 64-bit addresses in the runtime on a 32-bit machine")
    );
    let table = "(module (table i64 1 funcref))";
    assert!(message(table, &guarded).contains("table 0 needs software checks"));
    // Other modules do not care.
    let narrow =
        wat::parse_str("(module (memory 1) (func (drop (i32.load (i32.const 0)))))").unwrap();
    let lowered = Options {
        memory64: None,
        ..guarded.clone()
    };
    let files =
        [guarded, lowered].map(|options| wasmelt::compile(&narrow, &options).unwrap().bytes);
    assert_eq!(files[0], files[1]);
}

#[test]
fn they_are_named_with_their_offset() {
    for (text, item) in [
        ("(module (memory i64 65537))", "memory 0 starts with"),
        (
            "(module (memory 1) (memory 65536))",
            "memory 1 starts with 4294967296 bytes",
        ),
        (
            "(module (memory 0xffffffff (pagesize 1)))",
            "memory 0 starts with 4294967295 bytes",
        ),
        (
            "(module (memory 1 1 shared) (memory 1 1 shared))",
            "memory 1 is a second shared memory",
        ),
        (
            r#"(module (memory 2) (memory 1 1 shared) (global (mut i32) (i32.const 3000))
                (global (export "__data_end") i32 (i32.const 1040))
                (global (export "__heap_base") i32 (i32.const 3002)))"#,
            "memory 1 is shared, but the C stack is in memory 0",
        ),
        (
            "(module (memory 1 9 shared (pagesize 1)) (func (drop (memory.grow (i32.const 1)))))",
            "memory 0 is shared, has pages of one byte and grows",
        ),
        (
            r#"(module (memory 9 9 shared (pagesize 1)) (data (i32.const 0) "x"))"#,
            "data segment 0 goes to a shared memory with pages of one byte",
        ),
        (
            r#"(module (global $g (import "a" "b") i64) (table i64 1 funcref)
                (elem (global.get $g) func $f) (func $f))"#,
            "element segment 0 goes to table 0 at a 64-bit offset",
        ),
        (
            r#"(module (global $g (import "a" "b") i64) (memory i64 1 1 shared)
                (data (global.get $g) "x"))"#,
            "data segment 0 goes to a shared memory at an offset",
        ),
    ] {
        let message = refusal(text);
        assert!(
            message.starts_with("at offset 0x") && message.contains(item),
            "{message}"
        );
    }
}

//! Modules of proposals that are on, off, or not supported.

use super::*;

#[test]
fn proposals_that_an_option_turns_on() {
    let cases = [
        (
            "(module (memory 1 2 shared))",
            "threads",
            "--enable-multi-thread",
        ),
        (
            "(module (memory 1) (func (drop (i32.atomic.load (i32.const 0)))))",
            "threads",
            "--enable-multi-thread",
        ),
    ];
    for (text, proposal, option) in cases {
        let message = refused(text);
        assert!(
            message.ends_with(&format!(
                ": the module needs the {proposal} proposal, which {option} turns on"
            )),
            "{message}"
        );
        parse(&wat(text), &EVERYTHING).unwrap();
    }
}

#[test]
fn proposals_that_an_option_turns_off() {
    let without = Features {
        bulk_memory: false,
        reference_types: false,
        simd: false,
        wide_arithmetic: false,
        function_references: false,
        tail_call: false,
        extended_const: false,
        exceptions: false,
        legacy_exceptions: false,
        memory64: false,
        multi_memory: false,
        custom_page_sizes: false,
        ..Features::default()
    };
    let cases = [
        (
            "(module (memory 1) (func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))))",
            "bulk-memory",
            "--disable-bulk-memory",
        ),
        (
            "(module (memory 1) (data \"x\"))",
            "bulk-memory",
            "--disable-bulk-memory",
        ),
        (
            "(module (func (param externref)))",
            "reference-types",
            "--disable-ref-types",
        ),
        (
            "(module (table 1 funcref) (table 1 funcref))",
            "reference-types",
            "--disable-ref-types",
        ),
        ("(module (func (param v128)))", "SIMD", "--disable-simd"),
        (
            "(module (func (result i64 i64)
                (i64.add128 (i64.const 0) (i64.const 0) (i64.const 0) (i64.const 0))))",
            "wide-arithmetic",
            "--disable-wide-arithmetic",
        ),
        (
            "(module (func $f return_call $f))",
            "tail-call",
            "--disable-tail-call",
        ),
        (
            "(module (global i32 (i32.add (i32.const 1) (i32.const 2))))",
            "extended-const",
            "--disable-extended-const",
        ),
        (
            "(module (tag))",
            "exception-handling",
            "--disable-exception-handling",
        ),
        (
            "(module (tag $t) (func (throw $t)))",
            "exception-handling",
            "--disable-exception-handling",
        ),
        (
            "(module (tag $t) (func (block (try_table (catch $t 0) (throw $t)))))",
            "exception-handling",
            "--disable-exception-handling",
        ),
        (
            "(module (func try end))",
            "legacy exception-handling",
            "--disable-legacy-exceptions",
        ),
        (
            "(module (memory 1) (memory 1))",
            "multi-memory",
            "--disable-multi-memory",
        ),
        (
            "(module (memory 1) (memory 1) (func (drop (i32.load 1 (i32.const 0)))))",
            "multi-memory",
            "--disable-multi-memory",
        ),
        ("(module (memory i64 1))", "memory64", "--disable-memory64"),
        (
            "(module (table i64 1 funcref))",
            "memory64",
            "--disable-memory64",
        ),
        (
            "(module (memory 1 (pagesize 1)))",
            "custom-page-sizes",
            "--disable-custom-page-sizes",
        ),
    ];
    for (text, proposal, option) in cases {
        let message = refusal(&wat(text), &without);
        assert!(
            message.ends_with(&format!(
                ": the module needs the {proposal} proposal, which {option} turned off"
            )),
            "{message}"
        );
        parse(&wat(text), &Features::default()).unwrap();
    }
}

#[test]
fn parts_of_proposals_that_options_leave_on() {
    let neither = Features {
        bulk_memory: false,
        reference_types: false,
        ..Features::default()
    };
    let copies = Features {
        bulk_memory_opt: true,
        ..neither
    };
    let text = "(module (memory 1) (func
        (memory.fill (i32.const 0) (i32.const 0) (i32.const 1))
        (memory.copy (i32.const 0) (i32.const 0) (i32.const 1))))";
    parse(&wat(text), &copies).unwrap();
    let passive = wat("(module (memory 1) (data \"x\"))");
    assert!(refusal(&passive, &copies).contains("bulk-memory"));

    // `call_indirect` of type 0 through table 0, whose index takes two bytes.
    let mut overlong = wat("(module (table 1 funcref) (func (call_indirect (i32.const 0))))");
    let body = [0x07, 0x00, 0x41, 0x00, 0x11, 0x00, 0x00, 0x0b];
    let at = overlong.windows(body.len()).position(|it| it == body);
    let at = at.expect("the body is there");
    overlong[at] += 1;
    overlong[at - 2] += 1;
    overlong[at + 6] = 0x80;
    overlong.insert(at + 7, 0x00);
    let message = refusal(&overlong, &neither);
    assert!(
        message.ends_with(
            "the module needs the reference-types proposal, which --disable-ref-types turned off"
        ),
        "{message}"
    );
    let any_index = Features {
        call_indirect_overlong: true,
        ..neither
    };
    parse(&overlong, &any_index).unwrap();
    assert!(refusal(&wat("(module (func (param externref)))"), &any_index).contains("reference"));
}

#[test]
fn typed_function_references_need_reference_types() {
    let text = "(module (type $f (func)) (func $g) (elem declare func $g)
        (func $h (call_ref $f (ref.func $g))))";
    let without = Features {
        function_references: false,
        ..Features::default()
    };
    assert_eq!(
        refusal(&wat(text), &without),
        "at offset 0x24 in function 1 (h): the module needs the typed function references \
         proposal, which --disable-function-references turned off"
    );
    let neither = Features {
        reference_types: false,
        ..Features::default()
    };
    let message = refusal(&wat(text), &neither);
    assert!(
        message.contains("--disable-ref-types turned off"),
        "{message}"
    );
    parse(&wat(text), &Features::default()).unwrap();
}

/// Types that look the same to the runtime, and differ in the functions that their references name.
#[test]
fn references_to_functions_of_different_types_make_different_types() {
    let text = "(module
        (type $a (func)) (type $b (func (result i32))) (type $c (func))
        (type $ra (func (param (ref null $a)))) (type $rb (func (param (ref null $b))))
        (type $rc (func (param (ref null $c)))) (type $r (func (param funcref))))";
    let wasm = wat(text);
    let module = parse(&wasm, &Features::default()).unwrap();
    let canonical: Vec<u32> = module
        .canonical_types
        .values()
        .map(|ty| ty.as_u32())
        .collect();
    assert_eq!(canonical, [0, 1, 0, 3, 4, 3, 6]);
}

#[test]
fn relaxed_simd_needs_simd() {
    let text = "(module (func $f (drop (i8x16.relaxed_swizzle
        (v128.const i64x2 0 0) (v128.const i64x2 0 0)))))";
    let strict = Features {
        relaxed_simd: false,
        ..Features::default()
    };
    assert_eq!(
        refusal(&wat(text), &strict),
        "at offset 0x3b in function 0 (f): the module needs the relaxed-SIMD proposal, which \
         --disable-relaxed-simd turned off"
    );
    let without = Features {
        simd: false,
        ..Features::default()
    };
    let message = refusal(&wat(text), &without);
    assert!(message.contains("--disable-simd turned off"), "{message}");
}

#[test]
fn proposals_that_are_not_supported() {
    let cases = [
        ("(module (type (struct (field i32))))", "garbage collection"),
        ("(module (func (param anyref)))", "garbage collection"),
    ];
    for (text, proposal) in cases {
        for features in [Features::default(), EVERYTHING] {
            let message = refusal(&wat(text), &features);
            assert!(
                message.ends_with(&format!(
                    ": the module needs the {proposal} proposal, which Wasmelt does not support"
                )),
                "{text}: {message}"
            );
        }
    }
}

#[test]
fn a_wrong_module_is_not_blamed_on_a_proposal() {
    let error = parse(
        &wat("(module (func (result i32) i64.const 0))"),
        &Features::default(),
    )
    .unwrap_err();
    assert!(matches!(error, Error::Invalid { .. }), "{error}");
}

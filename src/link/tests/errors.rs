//! The errors of the linker, with their text.

use super::*;
use crate::abi::symbols::SymbolName;

/// Returns a valid function of the module.
fn good(function: usize) -> String {
    let name = SymbolName::Entry(function as u32);
    format!(r#"define i32 @"{name}"(i32 %x) nounwind {{ ret i32 %x }}"#)
}

fn refused(partitions: &[&str]) -> LinkError {
    X86_64.link(2, partitions).expect_err("cannot be linked")
}

#[test]
fn writable_data() {
    let error = refused(&[
        &good(0),
        r#"
        @counter = global i32 5
        define i32 @"aot_func#1"() { %x = load i32, ptr @counter ret i32 %x }"#,
    ]);
    assert_eq!(
        error,
        LinkError::WritableData {
            partition: 1,
            section: ".data".to_owned(),
            size: 4
        }
    );
    let error = refused(&[r#"@counter = global [3 x i64] zeroinitializer"#]);
    assert_eq!(
        error,
        LinkError::WritableData {
            partition: 0,
            section: ".bss".to_owned(),
            size: 24
        }
    );
}

#[test]
fn thread_local_data() {
    let error = refused(&[r#"@counter = thread_local global i64 5"#]);
    assert_eq!(
        error,
        LinkError::ThreadLocal {
            partition: 0,
            section: ".tdata".to_owned(),
            size: 8
        }
    );
}

#[test]
fn unknown_symbols() {
    let error = refused(&[
        &good(0),
        r#"
        declare double @fmod(double, double)
        define double @"aot_func#1"(double %x) nounwind {
            %y = call double @fmod(double %x, double 3.0)
            ret double %y
        }"#,
    ]);
    let LinkError::UnknownSymbol { symbol, place } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(symbol, "fmod");
    assert_eq!(place.partition, 1);
    assert_eq!(place.function.as_deref(), Some("aot_func#1"));
    assert_eq!(place.section, ".text");
    let message = error.to_string();
    assert!(
        message.starts_with("function aot_func#1 (section .text+0x"),
        "{message}"
    );
    assert!(message.contains("fmod"), "{message}");
}

#[test]
fn absolute_references() {
    let error = refused(&[
        &good(0),
        r#"
        module asm ".section .rodata.addresses,\22a\22,@progbits"
        module asm "addresses: .quad \22aot_func#1\22"
        module asm ".text"
        @addresses = external hidden constant ptr
        define ptr @"aot_func#1"() { %x = load ptr, ptr @addresses ret ptr %x }"#,
    ]);
    let LinkError::AbsoluteReference {
        symbol,
        kind,
        place,
    } = &error
    else {
        panic!("{error:?}")
    };
    assert_eq!(symbol, "aot_func#1");
    assert_eq!(*kind, object::elf::R_X86_64_64.0);
    assert_eq!(
        (place.function.as_deref(), &*place.section),
        (None, ".rodata.addresses")
    );

    let error = Recipe {
        relocation_mode: LLVMRelocMode::LLVMRelocStatic,
        code_model: LLVMCodeModel::LLVMCodeModelLarge,
        ..X86_64
    }
    .link(
        2,
        &[
            &good(0),
            r#"define ptr @"aot_func#1"() nounwind { ret ptr @"aot_func#1" }"#,
        ],
    )
    .unwrap_err();
    let LinkError::AbsoluteReference { place, .. } = &error else {
        panic!("{error:?}")
    };
    assert_eq!(place.function.as_deref(), Some("aot_func#1"));
}

#[test]
fn functions_defined_twice_or_not_at_all() {
    let both = good(0) + "\n" + &good(1);
    assert_eq!(
        refused(&[&both, &good(1)]),
        LinkError::DuplicateSymbol {
            symbol: "aot_func#1".to_owned(),
            first: 0,
            second: 1
        }
    );
    assert_eq!(
        refused(&[&good(0)]),
        LinkError::MissingFunction { index: 1 }
    );
    assert_eq!(
        refused(&[&both, &good(2)]),
        LinkError::UnexpectedFunction {
            partition: 1,
            symbol: "aot_func#2".to_owned(),
            function_count: 2
        }
    );
}

#[test]
fn the_first_of_several_errors_is_reported() {
    let bad: Vec<_> = (0..16)
        .map(|size| {
            X86_64.object(&format!(
                "@data = global [{} x i8] zeroinitializer",
                size + 1
            ))
        })
        .collect();
    for _ in 0..20 {
        let error = link(X86_64.platform, 0, &bad).unwrap_err();
        assert!(matches!(
            error,
            LinkError::WritableData {
                partition: 0,
                size: 1,
                ..
            }
        ));
    }
}

#[test]
fn objects_of_another_kind() {
    let aarch64 = AARCH64.object(&good(0));
    let error = link(X86_64.platform, 1, &[aarch64]).unwrap_err();
    assert!(
        matches!(error, LinkError::Object { partition: 0, .. }),
        "{error:?}"
    );
    let error = link(
        Platform {
            arch: Arch::Arc,
            ..X86_64.platform
        },
        0,
        &[],
    )
    .unwrap_err();
    assert!(
        matches!(error, LinkError::UnsupportedArchitecture { .. }),
        "{error:?}"
    );
}

/// Linking any damaged object ends without a panic.
#[test]
fn damaged_objects() {
    let ir = r#"
        declare double @floor(double)
        @table = private constant [4 x i64] [i64 10, i64 20, i64 30, i64 40]
        define double @"aot_func#0"(double %x, i64 %i) nounwind {
            %y = call double @floor(double %x)
            %z = fmul double %y, 1.25
            %p = getelementptr i64, ptr @table, i64 %i
            %l = load i64, ptr %p
            %t = sitofp i64 %l to double
            %w = fadd double %z, %t
            ret double %w
        }
        module asm ".section .stack_sizes,\22o\22,@progbits,.text"
        module asm ".quad \22aot_func#0\22"
        module asm ".uleb128 200"
    "#;
    let object = X86_64.object(ir);
    link(X86_64.platform, 1, std::slice::from_ref(&object)).unwrap();
    let refused = |elf: &[u8]| {
        let damaged = Object {
            elf: elf.to_vec(),
            frame_sizes: Vec::new(),
        };
        link(X86_64.platform, 1, &[damaged]).is_err()
    };
    let elf = object.elf;
    let refusals = (0..elf.len())
        .filter(|&length| refused(&elf[..length]))
        .count();
    assert_eq!(
        refusals,
        elf.len(),
        "the section headers at the end are needed"
    );
    let mut refusals = 0;
    for position in 0..elf.len() {
        for damage in [0x01, 0x80, 0xff] {
            let mut damaged = elf.clone();
            damaged[position] ^= damage;
            refusals += usize::from(refused(&damaged));
        }
    }
    assert!(refusals > elf.len() / 10, "{refusals} refusals");
}

#[test]
fn a_stand_in_takes_the_place_of_functions_that_may_be_missing() {
    let stand_in = format!("define void @{}() {{ ret void }}", SymbolName::StandIn);
    let objects = [X86_64.object(&format!("{stand_in}\n{}", good(1)))];
    let functions = |optional| crate::link::Functions { count: 2, optional };
    let text = link(X86_64.platform, functions(&[true, false]), &objects).unwrap();
    let stand_in = text
        .symbols
        .iter()
        .find(|symbol| symbol.name == SymbolName::StandIn.to_string());
    assert_eq!(Some(text.function_offsets[0]), stand_in.map(|it| it.offset));
    assert_ne!(text.function_offsets[0], text.function_offsets[1]);
    let error = link(X86_64.platform, functions(&[false, true]), &objects).unwrap_err();
    assert_eq!(error, LinkError::MissingFunction { index: 0 });
}

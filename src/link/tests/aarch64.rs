//! Tests of linked AArch64 text with LLVM's disassembler.

use inkwell::llvm_sys::disassembler::{LLVMCreateDisasm, LLVMDisasmDispose, LLVMDisasmInstruction};

use super::super::Relocation;
use super::*;

/// Returns the instructions of a defined function, each with its offset in the text.
fn disassemble(text: &LinkedText, function: usize) -> Vec<(u64, String)> {
    initialize_targets();
    let start = text.function_offsets[function];
    let symbol = text
        .symbols
        .iter()
        .find(|symbol| symbol.offset == start)
        .expect("a symbol");
    let triple = CString::new(AARCH64.triple).expect("no null character");
    let mut code = text.bytes[start as usize..][..symbol.size as usize].to_vec();
    let mut lines = Vec::new();
    // SAFETY: the disassembler reads the code and writes the line, each within the size it is told.
    unsafe {
        let disassembler = LLVMCreateDisasm(triple.as_ptr(), std::ptr::null_mut(), 0, None, None);
        assert!(!disassembler.is_null());
        for (number, instruction) in code.chunks_exact_mut(4).enumerate() {
            let mut line = [0u8; 100];
            let size = LLVMDisasmInstruction(
                disassembler,
                instruction.as_mut_ptr(),
                4,
                0,
                line.as_mut_ptr().cast(),
                line.len(),
            );
            assert_eq!(size, 4, "an instruction");
            let line = std::ffi::CStr::from_bytes_until_nul(&line).expect("terminated");
            let line = line
                .to_str()
                .expect("ASCII")
                .split_whitespace()
                .collect::<Vec<_>>();
            lines.push((start + 4 * number as u64, line.join(" ")));
        }
        LLVMDisasmDispose(disassembler);
    }
    lines
}

/// Returns the address in the instruction that starts with `start`, which is relative to itself.
fn target(lines: &[(u64, String)], start: &str) -> u64 {
    let (at, line) = lines
        .iter()
        .find(|(_, line)| line.starts_with(start))
        .unwrap_or_else(|| panic!("{start} in {lines:#?}"));
    let (_, distance) = line.rsplit_once('#').expect("an immediate");
    at.checked_add_signed(distance.parse().expect("a number"))
        .expect("an address")
}

#[test]
fn calls_between_partitions() {
    let text = AARCH64
        .link(
            3,
            &[
                r#"
                declare i32 @"aot_func#2"(i32)
                define i32 @"aot_func#0"(i32 %x) nounwind {
                    %y = call i32 @"aot_func#2"(i32 %x)
                    %z = add i32 %y, 1
                    ret i32 %z
                }
                define i32 @"aot_func#1"(i32 %x) nounwind { ret i32 %x }"#,
                r#"
                declare i32 @"aot_func#1"(i32)
                define i32 @"aot_func#2"(i32 %x) nounwind {
                    %y = tail call i32 @"aot_func#1"(i32 %x)
                    ret i32 %y
                }"#,
            ],
        )
        .unwrap();
    assert_eq!(text.relocations, []);
    assert_eq!(
        target(&disassemble(&text, 0), "bl "),
        text.function_offsets[2]
    );
    assert_eq!(
        target(&disassemble(&text, 2), "b "),
        text.function_offsets[1]
    );
}

#[test]
fn constants_and_addresses() {
    let text = AARCH64
        .link(
            3,
            &[
                r#"
                define double @"aot_func#0"(double %x) nounwind {
                    %y = fmul double %x, 0x400921FB54442D18
                    ret double %y
                }
                define <4 x i32> @"aot_func#1"(<4 x i32> %x) nounwind {
                    %y = mul <4 x i32> %x, <i32 13, i32 77, i32 12345, i32 0>
                    ret <4 x i32> %y
                }"#,
                // Not `dso_local`: LLVM would load the address from a table.
                r#"
                declare i32 @"aot_func#1"(i32)
                define ptr @"aot_func#2"() nounwind { ret ptr @"aot_func#1" }"#,
            ],
        )
        .unwrap();
    let pi = target(&disassemble(&text, 0), "ldr d") as usize;
    assert_eq!(text.bytes[pi..][..8], std::f64::consts::PI.to_le_bytes());
    let vector = target(&disassemble(&text, 1), "adr x") as usize;
    assert_eq!(vector % 16, 0);
    assert_eq!(text.bytes[vector..][..8], [13, 0, 0, 0, 77, 0, 0, 0]);
    assert_eq!(
        target(&disassemble(&text, 2), "adr x0"),
        text.function_offsets[1]
    );
}

#[test]
fn tables_of_distances_to_functions() {
    let text = AARCH64
        .link(
            2,
            &[
                r#"
                declare hidden i32 @"aot_func#1"(i32)
                @functions = hidden constant [2 x i32] [ i32 1234567, i32 trunc (i64 sub (
                    i64 ptrtoint (ptr @"aot_func#1" to i64),
                    i64 ptrtoint (ptr @functions to i64)) to i32) ]
                define ptr @"aot_func#0"() nounwind { ret ptr @functions }"#,
                r#"define i32 @"aot_func#1"(i32 %x) nounwind { ret i32 %x }"#,
            ],
        )
        .unwrap();
    let table = target(&disassemble(&text, 0), "adr x0");
    let entry = |index: u64| {
        let bytes = text.bytes[(table + 4 * index) as usize..].first_chunk();
        i32::from_le_bytes(*bytes.expect("inside the text"))
    };
    assert_eq!(entry(0), 1_234_567);
    assert_eq!(
        table.checked_add_signed(entry(1).into()),
        Some(text.function_offsets[1])
    );
}

#[test]
fn stack_sizes_are_near() {
    let reader = |n: usize, of: usize| {
        format!(
            r#"
            @"aot_stack_size#{of}" = external hidden constant i32
            define i32 @"aot_func#{n}"() nounwind {{
                %s = load i32, ptr @"aot_stack_size#{of}"
                ret i32 %s
            }}"#
        )
    };
    let objects = [(0, 1), (1, 0)].map(|(n, of)| Object {
        frame_sizes: vec![(format!("aot_func#{n}"), 16 * n as u64 + 32)],
        ..AARCH64.object(&reader(n, of))
    });
    let text = link(AARCH64.platform, 2, &objects).unwrap();
    for (function, size) in [(0, 48u32), (1, 32)] {
        let slot = target(&disassemble(&text, function), "ldr w0") as usize;
        assert_eq!(text.bytes[slot..][..4], size.to_le_bytes());
    }
}

#[test]
fn helpers_are_left_to_the_loader() {
    let text = AARCH64
        .link(
            1,
            &[r#"
            declare double @floor(double)
            declare double @ceil(double)
            define double @"aot_func#0"(double %x) nounwind {
                %y = call double @floor(double %x)
                %z = tail call double @ceil(double %y)
                ret double %z
            }"#],
        )
        .unwrap();
    let lines = disassemble(&text, 0);
    let at = |start: &str| {
        lines
            .iter()
            .find(|(_, line)| line.starts_with(start))
            .unwrap()
            .0
    };
    let relocation = |start: &str, kind: object::elf::RelocationType, symbol: &str| Relocation {
        offset: at(start),
        addend: 0,
        kind: kind.0,
        symbol: symbol.to_owned(),
    };
    assert_eq!(
        text.relocations,
        [
            relocation("bl #0", object::elf::R_AARCH64_CALL26, "floor"),
            relocation("b #0", object::elf::R_AARCH64_JUMP26, "ceil"),
        ]
    );
}

#[test]
fn what_depends_on_pages_is_refused() {
    let small = Recipe {
        code_model: LLVMCodeModel::LLVMCodeModelSmall,
        ..AARCH64
    };
    let error = small
        .link(
            1,
            &[r#"
            define double @"aot_func#0"(double %x) nounwind {
                %y = fmul double %x, 0x400921FB54442D18
                ret double %y
            }"#],
        )
        .unwrap_err();
    let LinkError::AbsoluteReference { kind, .. } = error else {
        panic!("{error:?}")
    };
    assert_eq!(kind, object::elf::R_AARCH64_ADR_PREL_PG_HI21.0);
}

#[test]
fn a_mebibyte_is_the_reach_of_addresses() {
    let error = AARCH64
        .link(
            1,
            &[r#"
            @filling = private constant [1048576 x i8] zeroinitializer
            @behind = private constant [4 x i64] [i64 1, i64 2, i64 3, i64 4], section ".rodata.z"
            define ptr @"aot_func#0"(i64 %i) nounwind {
                %p = select i1 true, ptr @behind, ptr @filling
                ret ptr %p
            }"#],
        )
        .unwrap_err();
    let LinkError::OutOfReach {
        distance, place, ..
    } = error
    else {
        panic!("{error:?}")
    };
    assert!(distance > 1 << 20);
    assert_eq!(place.function.as_deref(), Some("aot_func#0"));
}

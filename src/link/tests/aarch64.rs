//! Linked AArch64 text, decoded.

use super::super::Relocation;
use super::*;

const TINY: &str = "!llvm.module.flags = !{!0}\n!0 = !{i32 1, !\"Code Model\", i32 0}\n";

fn tiny(ir: &str) -> String {
    format!("{ir}\n{TINY}")
}

fn instruction(text: &LinkedText, offset: u64) -> u32 {
    let bytes = text.bytes[offset as usize..].first_chunk().expect("inside the text");
    u32::from_le_bytes(*bytes)
}

fn function(text: &LinkedText, number: usize) -> std::ops::Range<u64> {
    let start = text.function_offsets[number];
    let symbol = text.symbols.iter().find(|symbol| symbol.offset == start).expect("a symbol");
    start..start + symbol.size
}

#[test]
fn placeholder() {
    let text = AARCH64
        .link(
            2,
            &[
                &tiny(
                    r#"
            declare i32 @"aot_func#1"(i32)
            define i32 @"aot_func#0"(i32 %x) nounwind {
                %y = call i32 @"aot_func#1"(i32 %x)
                ret i32 %y
            }"#,
                ),
                &tiny(r#"
            @table = private unnamed_addr constant [4 x i64] [i64 10, i64 20, i64 30, i64 40]
            define i32 @"aot_func#1"(i32 %x) nounwind {
                %p = getelementptr i64, ptr @table, i32 %x
                %l = load i64, ptr %p
                %t = trunc i64 %l to i32
                ret i32 %t
            }"#),
            ],
        )
        .unwrap();
    println!("{text:x?}");
    for n in 0..2 { for at in function(&text, n).step_by(4) { println!("{:08x}", instruction(&text, at)); } }
    let _ : Option<Relocation>= None;
    panic!();
}

//! Tests of frame sizes that code reads from the text.

use super::*;

/// Returns LLVM's entry in the section of stack sizes.
fn stack_size(symbol: &str, size: u32) -> String {
    format!(
        r#"
        module asm ".section .stack_sizes,\22o\22,@progbits,.text"
        module asm ".quad \22{symbol}\22"
        module asm ".uleb128 {size}"
        module asm ".text"
        "#
    )
}

#[test]
fn stack_sizes_come_as_a_table() {
    let reader = |n: usize| {
        format!(
            r#"
            @aot_stack_sizes = external hidden constant [3 x i32]
            define i32 @"aot_func#{n}"(i32 %x) nounwind {{
                %p = getelementptr i32, ptr @aot_stack_sizes, i32 %x
                %s = load i32, ptr %p
                ret i32 %s
            }}"#
        )
    };
    let fixed = r#"
        define i32 @"aot_func#1"(i32 %x) nounwind {
            %p = getelementptr [3 x i32], ptr @aot_stack_sizes, i32 0, i32 2
            %s = load i32, ptr %p
            %t = call i32 @"aot_func_internal#1"(i32 %s)
            ret i32 %t
        }
        define internal i32 @"aot_func_internal#1"(i32 %x) nounwind noinline {
            %y = add i32 %x, 1
            ret i32 %y
        }"#;
    let first = reader(0)
        + fixed
        + &stack_size("aot_func_internal#1", 300)
        + &stack_size("aot_func#0", 8)
        + &stack_size("aot_func#1", 24);
    let second = reader(2) + &stack_size("aot_func#2", 70_000);
    let loaded = load(3, &[&first, &second]);
    for function in [0, 2] {
        assert_eq!(call!(loaded, function, Unary, 0), 8);
        assert_eq!(
            call!(loaded, function, Unary, 1),
            300,
            "the body's frame counts"
        );
        assert_eq!(call!(loaded, function, Unary, 2), 70_000);
    }
    assert_eq!(call!(loaded, 1, Unary, 0), 70_001);

    let unknown = X86_64.link(3, &[&first, &reader(2)]).unwrap_err();
    assert_eq!(unknown, LinkError::MissingStackSize { index: 2 });
}

#[test]
fn stack_sizes_come_one_by_one() {
    let reader = |n: usize, of: usize| {
        format!(
            r#"
            @"aot_stack_size#{of}" = external hidden constant i32
            define i32 @"aot_func#{n}"() nounwind {{
                %s = load i32, ptr @"aot_stack_size#{of}"
                ret i32 %s
            }}"#
        ) + &stack_size(&format!("aot_func#{n}"), 16 * n as u32 + 8)
    };
    let loaded = load(3, &[&(reader(0, 2) + &reader(1, 0)), &reader(2, 1)]);
    let sizes = [0, 1, 2].map(|function| call!(loaded, function, extern "C" fn() -> u32,));
    assert_eq!(sizes, [40, 8, 24]);
}

#[test]
fn stack_sizes_can_be_told() {
    let reader = r#"
        @aot_stack_sizes = external hidden constant [3 x i32]
        define i32 @"aot_func#0"(i32 %x) nounwind {
            %p = getelementptr i32, ptr @aot_stack_sizes, i32 %x
            %s = load i32, ptr %p
            ret i32 %s
        }
        define i32 @"aot_func#1"(i32 %x) nounwind {
            %y = call i32 @"aot_func_internal#1"(i32 %x)
            ret i32 %y
        }
        define hidden i32 @"aot_func_internal#1"(i32 %x) nounwind noinline { ret i32 %x }
        define i32 @"aot_func#2"(i32 %x) nounwind { ret i32 %x }"#;
    let mut object = X86_64.object(&(reader.to_owned() + &stack_size("aot_func#0", 40)));
    object.frame_sizes = [
        ("aot_func#0", 32),
        ("aot_func_internal#1", 48),
        ("aot_func#1", 64),
        ("aot_func#2", 0),
        ("aot_func_checked#2", 56),
    ]
    .map(|(symbol, size)| (symbol.to_owned(), size))
    .to_vec();
    let text = link(X86_64.platform, 3, &[object]).unwrap();
    let loaded = Loaded::new(&text, &HashMap::new());
    assert_eq!(call!(loaded, 0, Unary, 0), 40, "the larger counts");
    assert_eq!(call!(loaded, 0, Unary, 1), 48, "the body's frame counts");
    let body_in_check = call!(loaded, 0, Unary, 2);
    assert_eq!(body_in_check, 56, "a body without a symbol is in its check");
}

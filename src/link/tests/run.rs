//! Runs linked x86-64 text in this process.

use std::collections::HashMap;

use memmap2::{Mmap, MmapMut};

use super::super::{LinkedText, Relocation, relocatable};
use super::*;

/// Linked text in executable memory.
struct Loaded {
    memory: Mmap,
    function_offsets: Vec<u64>,
}

impl Loaded {
    /// Loads `text` as the runtime does: appends jumps to the helpers, and redirects references to helpers to
    /// these jumps.
    fn new(text: &LinkedText, helpers: &HashMap<&str, usize>) -> Self {
        const JUMP: usize = 12;
        let mut memory =
            MmapMut::map_anon(text.bytes.len() + JUMP * text.relocations.len() + 1).unwrap();
        memory[..text.bytes.len()].copy_from_slice(&text.bytes);
        for (number, relocation) in text.relocations.iter().enumerate() {
            let Relocation {
                offset,
                addend,
                kind,
                symbol,
            } = relocation;
            assert_eq!(*kind, object::elf::R_X86_64_PLT32.0, "{relocation:?}");
            let jump = text.bytes.len() + JUMP * number;
            // mov rax, helper; jmp rax
            memory[jump..][..2].copy_from_slice(&[0x48, 0xb8]);
            memory[jump + 2..][..8].copy_from_slice(&helpers[symbol.as_str()].to_le_bytes());
            memory[jump + 10..][..2].copy_from_slice(&[0xff, 0xe0]);
            let distance = jump as i64 + addend - *offset as i64;
            let field = &mut memory[*offset as usize..][..4];
            assert_eq!(field, [0; 4], "the field waits for the loader");
            field.copy_from_slice(&i32::try_from(distance).unwrap().to_le_bytes());
        }
        Loaded {
            memory: memory.make_exec().unwrap(),
            function_offsets: text.function_offsets.clone(),
        }
    }

    fn address(&self, function: usize) -> *const u8 {
        &raw const self.memory[self.function_offsets[function] as usize]
    }
}

/// Calls defined function `$function` of the loaded text as a function of type `$type`.
macro_rules! call {
    ($loaded:expr, $function:expr, $type:ty, $($argument:expr),*) => {{
        // SAFETY: the IR in the test defines the function with this type, and the memory is
        // executable while `$loaded` lives.
        let function = unsafe { std::mem::transmute::<*const u8, $type>($loaded.address($function)) };
        function($($argument),*)
    }};
}

mod stack_sizes;

type Unary = extern "C" fn(i32) -> i32;

fn load(function_count: usize, partitions: &[&str]) -> Loaded {
    let text = X86_64.link(function_count, partitions).unwrap();
    assert_eq!(text.relocations, [], "nothing is left to the loader");
    Loaded::new(&text, &HashMap::new())
}

#[test]
fn calls_between_partitions() {
    let loaded = load(
        3,
        &[
            r#"
            declare i32 @"aot_func#2"(i32)
            define i32 @"aot_func#0"(i32 %x) nounwind {
                %y = call i32 @"aot_func#2"(i32 %x)
                %z = call i32 @"aot_func#1"(i32 %y)
                ret i32 %z
            }
            define i32 @"aot_func#1"(i32 %x) nounwind noinline {
                %y = mul i32 %x, 3
                ret i32 %y
            }"#,
            r#"
            declare hidden i32 @"aot_func#1"(i32)
            define i32 @"aot_func#2"(i32 %x) nounwind {
                %y = add i32 %x, 1
                %z = tail call i32 @"aot_func#1"(i32 %y)
                ret i32 %z
            }"#,
        ],
    );
    assert_eq!(call!(loaded, 0, Unary, 4), (4 + 1) * 9);
    assert_eq!(call!(loaded, 2, Unary, -1), 0);
}

#[test]
fn addresses_of_functions_need_no_table() {
    // Not `dso_local`: LLVM loads the address from a global offset table.
    let loaded = load(
        2,
        &[
            r#"
            declare i32 @"aot_func#1"(i32)
            define ptr @"aot_func#0"() nounwind {
                ret ptr @"aot_func#1"
            }"#,
            r#"
            define i32 @"aot_func#1"(i32 %x) nounwind {
                %y = sub i32 %x, 7
                ret i32 %y
            }"#,
        ],
    );
    let address = call!(loaded, 0, extern "C" fn() -> *const u8,);
    assert_eq!(address, loaded.address(1));
}

#[test]
fn jump_tables() {
    let cases: String = (0..40)
        .map(|n| format!("i32 {n}, label %case{n}\n"))
        .collect();
    // Blocks that do something each, lest the switch become a table of values.
    let blocks: String = (0..40)
        .map(|n| {
            format!(
                "case{n}:\n store volatile i32 {n}, ptr %p\n ret i32 {}\n",
                n * n + 5
            )
        })
        .collect();
    let loaded = load(
        2,
        &[
            r#"define i32 @"aot_func#0"(i32 %x) { ret i32 %x }"#,
            &format!(
                r#"define i32 @"aot_func#1"(i32 %x) nounwind {{
                    %p = alloca i32
                    switch i32 %x, label %other [ {cases} ]
                {blocks}
                other:
                    ret i32 -1
                }}"#
            ),
        ],
    );
    for n in 0..40 {
        assert_eq!(call!(loaded, 1, Unary, n), n * n + 5);
    }
    assert_eq!(call!(loaded, 1, Unary, 40), -1);
    assert_eq!(call!(loaded, 1, Unary, -1), -1);
}

#[test]
fn constants() {
    let vector = r#"
        define void @"aot_func#N"(ptr %p) nounwind {
            %v = load <4 x i32>, ptr %p, align 1
            %w = mul <4 x i32> %v, <i32 3, i32 5, i32 7, i32 11>
            %x = xor <4 x i32> %w, <i32 1, i32 2, i32 3, i32 4>
            store <4 x i32> %x, ptr %p, align 1
            ret void
        }"#;
    let double = r#"
        @table = private unnamed_addr constant [4 x i64] [i64 10, i64 20, i64 30, i64 40]
        define double @"aot_func#N"(double %x, i64 %i) nounwind {
            %y = fmul double %x, 0x400921FB54442D18
            %p = getelementptr i64, ptr @table, i64 %i
            %l = load i64, ptr %p
            %t = sitofp i64 %l to double
            %z = fadd double %y, %t
            ret double %z
        }"#;
    let loaded = load(
        4,
        &[
            &vector.replace('N', "0"),
            &format!("{}\n{}", double.replace('N', "1"), vector.replace('N', "2")),
            &double.replace('N', "3"),
        ],
    );
    for function in [0, 2] {
        let mut values = [1i32, 2, 3, 4];
        call!(
            loaded,
            function,
            extern "C" fn(*mut i32),
            values.as_mut_ptr()
        );
        assert_eq!(values, [3 ^ 1, 10 ^ 2, 21 ^ 3, 44 ^ 4]);
    }
    for function in [1, 3] {
        type Function = extern "C" fn(f64, i64) -> f64;
        for (index, entry) in [10.0, 20.0, 30.0, 40.0].into_iter().enumerate() {
            let result = call!(loaded, function, Function, 2.0, index as i64);
            assert_eq!(result, 2.0 * std::f64::consts::PI + entry);
        }
    }
}

#[test]
fn equal_constants_of_a_partition_are_one() {
    let function = |n: usize| {
        format!(
            r#"define double @"aot_func#{n}"(double %x) nounwind section ".text.f{n}" {{
                %y = fmul double %x, 0x400921FB54442D18
                ret double %y
            }}"#
        )
    };
    let pi = std::f64::consts::PI.to_le_bytes();
    let count = |text: &LinkedText| text.bytes.windows(8).filter(|bytes| **bytes == pi).count();
    let one = X86_64
        .link(2, &[&(function(0) + "\n" + &function(1))])
        .unwrap();
    assert_eq!(count(&one), 1);
    let two = X86_64.link(2, &[&function(0), &function(1)]).unwrap();
    assert_eq!(
        count(&two),
        2,
        "each partition has the constant near its code"
    );

    // Sections of their own for the same constant: they meet in the pool.
    let module = |n: usize| {
        format!(
            r#"
            module asm ".section .rodata.own{n},\22aM\22,@progbits,8"
            module asm ".balign 8"
            module asm ".Lother{n}: .quad {n}"
            module asm ".Lconstant{n}: .quad 0x400921FB54442D18"
            module asm ".text"
            module asm ".globl \22aot_func#{n}\22"
            module asm ".type \22aot_func#{n}\22,@function"
            module asm "\22aot_func#{n}\22: movq .Lconstant{n}(%rip), %rax; ret"
            module asm ".size \22aot_func#{n}\22, .-\22aot_func#{n}\22""#
        )
    };
    let text = X86_64.link(2, &[&(module(0) + &module(1))]).unwrap();
    assert_eq!(count(&text), 1);
    let loaded = Loaded::new(&text, &HashMap::new());
    for function in 0..2 {
        let bits = call!(loaded, function, extern "C" fn() -> u64,);
        assert_eq!(bits, std::f64::consts::PI.to_bits());
    }
}

#[test]
fn helpers_are_left_to_the_loader() {
    extern "C" fn floor(x: f64) -> f64 {
        x - 1000.0
    }
    extern "C" fn set_exception(_instance: *mut u8, id: i32) -> i32 {
        id * 2
    }
    let text = X86_64
        .link(
            4,
            &[
                r#"
                declare double @floor(double)
                define double @"aot_func#0"(double %x) nounwind {
                    %y = call double @floor(double %x)
                    %z = fadd double %y, 1.0
                    ret double %z
                }
                declare i32 @aot_set_exception_with_id(ptr, i32)
                define i32 @"aot_func#1"(i32 %x) nounwind {
                    %y = tail call i32 @aot_set_exception_with_id(ptr null, i32 %x)
                    ret i32 %y
                }"#,
                r#"
                declare i32 @aot_set_exception_with_id(ptr, i32) nonlazybind
                define i32 @"aot_func#2"(i32 %x) nounwind {
                    %y = tail call i32 @aot_set_exception_with_id(ptr null, i32 %x)
                    ret i32 %y
                }
                define ptr @"aot_func#3"() nounwind {
                    ret ptr @aot_set_exception_with_id
                }"#,
            ],
        )
        .unwrap();
    let symbols: Vec<_> = text
        .relocations
        .iter()
        .map(|found| found.symbol.as_str())
        .collect();
    assert_eq!(
        symbols,
        [
            "floor",
            "aot_set_exception_with_id",
            "aot_set_exception_with_id",
            "aot_set_exception_with_id"
        ]
    );
    assert!(
        text.relocations
            .is_sorted_by_key(|relocation| relocation.offset)
    );
    let loaded = Loaded::new(
        &text,
        &HashMap::from([
            ("floor", floor as *const () as usize),
            (
                "aot_set_exception_with_id",
                set_exception as *const () as usize,
            ),
        ]),
    );
    assert_eq!(call!(loaded, 0, extern "C" fn(f64) -> f64, 2000.0), 1001.0);
    assert_eq!(call!(loaded, 1, Unary, 21), 42);
    assert_eq!(call!(loaded, 2, Unary, 4), 8);
    let helper = call!(
        loaded,
        3,
        extern "C" fn() -> extern "C" fn(*mut u8, i32) -> i32,
    );
    assert_eq!(helper(std::ptr::null_mut(), 5), 10);
}

#[test]
fn tables_of_distances_to_functions() {
    let shared = r#"
        declare hidden i32 @"aot_func#1"(i32)
        declare hidden i32 @"aot_func#2"(i32)
        @functions = hidden constant [2 x { i32, i32 }] [
            { i32, i32 } { i32 7, i32 trunc (i64 sub (
                i64 ptrtoint (ptr @"aot_func#1" to i64),
                i64 ptrtoint (ptr @functions to i64)) to i32) },
            { i32, i32 } { i32 9, i32 trunc (i64 sub (
                i64 ptrtoint (ptr @"aot_func#2" to i64),
                i64 ptrtoint (ptr @functions to i64)) to i32) }
        ]
        define i32 @"aot_func#0"(i32 %x) nounwind { ret i32 %x }"#;
    let caller = r#"
        @functions = external hidden constant [2 x { i32, i32 }]
        define i32 @"aot_func#1"(i32 %x) nounwind {
            %y = add i32 %x, 100
            ret i32 %y
        }
        define i32 @"aot_func#2"(i32 %x) nounwind { ret i32 -5 }
        define i32 @"aot_func#3"(i32 %x) nounwind {
            %entry = getelementptr { i32, i32 }, ptr @functions, i32 %x
            %type = load i32, ptr %entry
            %field = getelementptr { i32, i32 }, ptr @functions, i32 %x, i32 1
            %distance = load i32, ptr %field
            %wide = sext i32 %distance to i64
            %code = getelementptr i8, ptr @functions, i64 %wide
            %y = call i32 %code(i32 %type)
            ret i32 %y
        }"#;
    let loaded = load(4, &[shared, caller]);
    assert_eq!(call!(loaded, 3, Unary, 0), 107);
    assert_eq!(call!(loaded, 3, Unary, 1), -5);
}

#[test]
fn larger_code_models() {
    let partitions = [
        r#"
        @table = private unnamed_addr constant [4 x i32] [i32 10, i32 20, i32 30, i32 40]
        declare hidden i32 @"aot_func#1"(i32)
        define i32 @"aot_func#0"(i32 %x) nounwind {
            %p = getelementptr i32, ptr @table, i32 %x
            %v = load i32, ptr %p
            %y = call i32 @"aot_func#1"(i32 %v)
            %z = add i32 %y, 1
            ret i32 %z
        }"#,
        r#"define hidden i32 @"aot_func#1"(i32 %x) nounwind {
            %y = mul i32 %x, 2
            ret i32 %y
        }"#,
    ];
    for code_model in [
        LLVMCodeModel::LLVMCodeModelMedium,
        LLVMCodeModel::LLVMCodeModelLarge,
    ] {
        let text = Recipe {
            code_model,
            ..X86_64
        }
        .link(2, &partitions)
        .unwrap();
        let loaded = Loaded::new(&text, &HashMap::new());
        assert_eq!(call!(loaded, 0, Unary, 3), 81);
    }
}

#[test]
fn constants_lie_behind_the_code_of_their_partition() {
    let partition = |n: usize, constant: &str| {
        format!(
            r#"define double @"aot_func#{n}"(double %x) nounwind {{
                %y = fmul double %x, {constant}
                ret double %y
            }}"#
        )
    };
    let text = X86_64
        .link(2, &[&partition(0, "7.25"), &partition(1, "9.5")])
        .unwrap();
    let position = |value: f64| {
        let bytes = value.to_le_bytes();
        text.bytes
            .windows(8)
            .position(|window| window == bytes)
            .unwrap() as u64
    };
    let order = [
        text.function_offsets[0],
        position(7.25),
        text.function_offsets[1],
        position(9.5),
    ];
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn what_only_unwinders_and_tools_read_stays_out() {
    let plain = r#"define i32 @"aot_func#0"(i32 %x) nounwind { ret i32 %x }"#;
    let decorated = r#"
        module asm ".section .note.maker,\22a\22,@note"
        module asm ".long 1, 2, 3, 4"
        module asm ".section .comment"
        module asm ".asciz \22maker\22"
        module asm ".text"
        define i32 @"aot_func#0"(i32 %x) uwtable { ret i32 %x }"#;
    let [plain, mut decorated] = [plain, decorated].map(|ir| X86_64.link(1, &[ir]).unwrap());
    // The sections that stay out have no place.
    decorated.section_places[0].retain(Option::is_some);
    let placed: Vec<_> = plain.section_places[0].iter().copied().flatten().collect();
    assert_eq!(
        decorated.section_places,
        [placed.into_iter().map(Some).collect::<Vec<_>>()]
    );
    decorated.section_places.clone_from(&plain.section_places);
    assert_eq!(plain, decorated);
}

#[test]
fn alignments_are_kept() {
    let text = X86_64
        .link(
            2,
            &[
                r#"define i32 @"aot_func#0"(i32 %x) align 1 { ret i32 %x }"#,
                r#"
                @wide = private constant [3 x i8] c"abc", align 64
                define ptr @"aot_func#1"() align 128 { ret ptr @wide }"#,
            ],
        )
        .unwrap();
    assert_eq!(text.alignment, 128);
    assert_eq!(text.function_offsets[1] % 128, 0);
    let loaded = Loaded::new(&text, &HashMap::new());
    let wide = call!(loaded, 1, extern "C" fn() -> *const [u8; 3],);
    assert_eq!(wide as usize % 64, 0);
    // SAFETY: a constant in the text, which is still loaded.
    assert_eq!(unsafe { wide.read() }, *b"abc");
}

#[test]
fn the_gaps_between_functions_trap() {
    let text = X86_64
        .link(
            2,
            &[r#"
            define void @"aot_func#0"() nounwind section ".text.a" { ret void }
            define void @"aot_func#1"() nounwind section ".text.b" { ret void }"#],
        )
        .unwrap();
    let [first, second] = [0, 1].map(|function| text.function_offsets[function] as usize);
    assert_eq!(text.bytes[first..][..2], [0xc3, 0xcc]);
    assert!(
        text.bytes[first + 1..second]
            .iter()
            .all(|byte| *byte == 0xcc)
    );
}

#[test]
fn the_linked_text_can_be_an_object() {
    use object::{Object as _, ObjectSection as _, ObjectSymbol as _};

    let text = X86_64
        .link(
            2,
            &[
                r#"define i32 @"aot_func#0"(i32 %x) nounwind { ret i32 %x }"#,
                r#"
                declare double @floor(double)
                define double @"aot_func#1"(double %x) nounwind {
                    %y = call double @floor(double %x)
                    %z = fadd double %y, 1.5
                    ret double %z
                }"#,
            ],
        )
        .unwrap();
    let bytes = relocatable(&text, X86_64.platform, 0).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let section = file.section_by_name(".text").unwrap();
    assert_eq!(section.data().unwrap(), text.bytes);
    assert_eq!(section.align(), text.alignment);
    let function = file.symbol_by_name("aot_func#1").unwrap();
    assert_eq!(function.address(), text.function_offsets[1]);
    assert_eq!(function.size(), text.symbols[1].size);
    let relocations: Vec<_> = section.relocations().collect();
    assert_eq!(relocations.len(), 1);
    assert_eq!(relocations[0].0, text.relocations[0].offset);

    // It is an object like others: linked once more, it gives the same text.
    let mut again = link(
        X86_64.platform,
        2,
        &[Object {
            elf: bytes,
            ..Default::default()
        }],
    )
    .unwrap();
    // An object of our own has other sections.
    again.section_places.clone_from(&text.section_places);
    assert_eq!(again, text);
}

#[test]
fn the_text_depends_on_the_objects_alone() {
    let partition = |n: usize| {
        let callee = (n + 1) % 8;
        X86_64.object(&format!(
            r#"
            declare double @"aot_func#{callee}"(double)
            define double @"aot_func#{n}"(double %x) nounwind {{
                %y = fmul double %x, {n}.5
                %z = call double @"aot_func#{callee}"(double %y)
                %w = fadd double %z, 7.25
                ret double %w
            }}"#
        ))
    };
    let objects: Vec<_> = (0..8).map(partition).collect();
    let on_threads = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| link(X86_64.platform, 8, &objects).unwrap())
    };
    let first = on_threads(1);
    assert_eq!(first, on_threads(1));
    assert_eq!(first, on_threads(8));
}

//! Tests of the frontend: every kind of item, and every kind of error with its exact text.

mod proposals;

use std::time::{Duration, Instant};

use super::index::MemoryIndex;
use super::*;
use crate::options::Features;

const EVERYTHING: Features = Features {
    bulk_memory_opt: true,
    call_indirect_overlong: true,
    threads: true,
    ..Features::DEFAULT
};

fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the test's text is well-formed")
}

/// Returns the error message for `bytes`.
fn refusal(bytes: &[u8], features: &Features) -> String {
    let error = parse(bytes, features).expect_err("the module must be refused");
    crate::cli::sentence(&error.into())
}

fn refused(text: &str) -> String {
    refusal(&wat(text), &Features::default())
}

#[test]
fn the_smallest_module() {
    let module = parse(b"\0asm\x01\0\0\0", &Features::default()).unwrap();
    assert!(module.functions.is_empty() && module.exports.is_empty());
    assert_eq!(module.aux_stack, None);
}

#[test]
fn types_functions_and_bodies() {
    let bytes = wat(r#"(module
        (type $two (func (param i32 i64) (result f32 f64)))
        (import "env" "host" (func $host (type $two)))
        (func $first (param v128 funcref externref))
        (func $second (result i32) (local i64) i32.const 7)
        (start $third)
        (func $third)
    )"#);
    let module = parse(&bytes, &Features::default()).unwrap();
    assert_eq!(module.imported_functions, 1);
    assert_eq!(module.functions.len(), 4);
    assert_eq!(module.start, Some(FuncIndex::from_u32(3)));
    assert_eq!(
        module.function_type(FuncIndex::from_u32(0)),
        &FuncType {
            params: vec![ValType::I32, ValType::I64],
            results: vec![ValType::F32, ValType::F64],
        }
    );
    assert_eq!(
        module.function_type(FuncIndex::from_u32(1)).params,
        [
            ValType::V128,
            ValType::Ref(RefType::Func),
            ValType::Ref(RefType::Extern)
        ]
    );
    assert!(matches!(
        module.functions[FuncIndex::from_u32(0)].kind,
        FunctionKind::Imported(ImportName {
            module: "env",
            field: "host"
        })
    ));
    let bodies: Vec<_> = module.defined_functions().collect();
    assert_eq!(bodies.len(), 3);
    // One group of locals: one i64; then i32.const 7, end.
    assert_eq!(bodies[1].0, FuncIndex::from_u32(2));
    assert_eq!(bodies[1].1.bytes, b"\x01\x01\x7e\x41\x07\x0b");
    let offset = bodies[1].1.offset;
    assert_eq!(
        &bytes[offset..offset + bodies[1].1.bytes.len()],
        bodies[1].1.bytes
    );
    assert_eq!(module.function_name(FuncIndex::from_u32(2)), Some("second"));
    assert_eq!(module.defined_position(FuncIndex::from_u32(0)), None);
    assert_eq!(module.defined_position(FuncIndex::from_u32(3)), Some(2));
}

#[test]
fn tables_memories_globals_and_their_imports() {
    let bytes = wat(r#"(module
        (import "m" "t" (table 1 2 externref))
        (import "m" "g" (global $imported i32))
        (import "m" "mem" (memory 1 5 shared))
        (table 3 funcref)
        (global (mut f32) (f32.const -0))
        (global i64 (i64.const 9))
        (global f64 (f64.const nan:0x8000000000001))
        (global v128 (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15))
        (global i32 (i32.add (global.get $imported) (i32.const 3)))
        (global funcref (ref.null func))
        (global externref (ref.null extern))
        (export "t" (table 1))
        (export "m" (memory 0))
        (export "g" (global 1))
    )"#);
    let module = parse(&bytes, &EVERYTHING).unwrap();
    assert_eq!((module.imported_tables, module.tables.len()), (1, 2));
    let table = &module.tables[TableIndex::from_u32(0)];
    assert_eq!(table.element, RefType::Extern);
    assert_eq!(
        table.limits,
        Limits {
            min: 1,
            max: Some(2)
        }
    );
    assert!(table.import.is_some() && table.init.is_none());
    let table = &module.tables[TableIndex::from_u32(1)];
    assert_eq!((table.element, table.import), (RefType::Func, None));
    assert_eq!(table.limits, Limits { min: 3, max: None });

    assert_eq!(module.imported_memories, 1);
    let memory = &module.memories[MemoryIndex::from_u32(0)];
    assert!(memory.shared && !memory.memory64);
    assert_eq!(memory.limits.max, Some(5));

    assert_eq!(module.imported_globals, 1);
    let init = |index| match &module.globals[GlobalIndex::from_u32(index)].kind {
        GlobalKind::Defined(init) => init.instructions.to_vec(),
        GlobalKind::Imported(_) => panic!("global {index} is imported"),
    };
    assert!(module.globals[GlobalIndex::from_u32(1)].mutable);
    assert_eq!(init(1), [ConstInstruction::F32(0x8000_0000)]);
    assert_eq!(init(2), [ConstInstruction::I64(9)]);
    assert_eq!(init(3), [ConstInstruction::F64(0x7ff8_0000_0000_0001)]);
    assert_eq!(
        init(4),
        [ConstInstruction::V128(std::array::from_fn(|i| i as u8))]
    );
    assert_eq!(
        init(5),
        [
            ConstInstruction::GlobalGet(GlobalIndex::from_u32(0)),
            ConstInstruction::I32(3),
            ConstInstruction::Binary(ConstBinary::I32Add)
        ]
    );
    assert_eq!(init(6), [ConstInstruction::RefNull(RefType::Func)]);
    assert_eq!(init(7), [ConstInstruction::RefNull(RefType::Extern)]);

    assert_eq!(
        module.exports,
        [
            Export {
                name: "t",
                item: ExportItem::Table(TableIndex::from_u32(1))
            },
            Export {
                name: "m",
                item: ExportItem::Memory(MemoryIndex::from_u32(0))
            },
            Export {
                name: "g",
                item: ExportItem::Global(GlobalIndex::from_u32(1))
            },
        ]
    );
}

#[test]
fn element_segments() {
    let bytes = wat(r#"(module
        (table 4 funcref) (table 4 funcref)
        (func $a) (func $b)
        (elem (table 1) (i32.const 2) func $a $b)
        (elem funcref (ref.func $b) (ref.null func))
        (elem declare func $a)
        (elem externref (ref.null extern))
    )"#);
    let module = parse(&bytes, &Features::default()).unwrap();
    let segments: Vec<_> = module.elements.values().collect();
    assert_eq!(segments.len(), 4);
    let ElementMode::Active { table, offset } = &segments[0].mode else {
        panic!("segment 0 is active");
    };
    assert_eq!(*table, TableIndex::from_u32(1));
    assert_eq!(offset, &ConstExpr::from(ConstInstruction::I32(2)));
    let func = |index| ConstExpr::from(ConstInstruction::RefFunc(FuncIndex::from_u32(index)));
    assert_eq!(segments[0].items, [func(0), func(1)]);
    assert!(matches!(segments[1].mode, ElementMode::Passive));
    assert_eq!(
        segments[1].items,
        [
            func(1),
            ConstExpr::from(ConstInstruction::RefNull(RefType::Func))
        ]
    );
    assert!(matches!(segments[2].mode, ElementMode::Declarative));
    assert_eq!(segments[3].element, RefType::Extern);
}

#[test]
fn data_segments() {
    let bytes = wat(r#"(module
        (memory 1)
        (data (i32.const 16) "active")
        (data "passive")
    )"#);
    let module = parse(&bytes, &Features::default()).unwrap();
    let segments: Vec<_> = module.data.values().collect();
    assert!(matches!(
        &segments[0].mode,
        DataMode::Active { memory, offset }
            if memory.as_u32() == 0 && *offset == ConstExpr::from(ConstInstruction::I32(16))
    ));
    assert_eq!(segments[0].bytes, b"active");
    assert!(matches!(segments[1].mode, DataMode::Passive));
    assert_eq!(segments[1].bytes, b"passive");
}

#[test]
fn custom_sections_are_kept_in_order() {
    let mut bytes = wat("(module (func $f))");
    bytes.extend(b"\x00\x05\x03abcd\x00\x02\x01e");
    let module = parse(&bytes, &Features::default()).unwrap();
    let sections: Vec<_> = module
        .custom_sections
        .iter()
        .map(|section| (section.name, section.bytes.len()))
        .collect();
    assert_eq!(sections, [("name", 6), ("abc", 1), ("e", 0)]);
}

#[test]
fn a_malformed_name_section_does_not_matter() {
    let mut bytes = wat(r#"(module (func (export "f")))"#);
    // It claims a function name of 127 bytes.
    bytes.extend(b"\x00\x0b\x04name\x01\x7f\x01\x00\x7fa");
    let module = parse(&bytes, &Features::default()).unwrap();
    assert_eq!(module.function_names, []);
    assert_eq!(module.custom_sections.len(), 1);
}

/// Returns the C stack of a module with `globals`, which exports $data_end and $heap_base.
fn aux_stack(globals: &str) -> Option<AuxStack> {
    let bytes = wat(&format!(
        r#"(module (import "env" "g" (global i32)) (memory 2) {globals}
            (export "__data_end" (global $data_end)) (export "__heap_base" (global $heap_base)))"#
    ));
    parse(&bytes, &EVERYTHING).unwrap().aux_stack
}

#[test]
fn the_c_stack_between_data_and_heap() {
    let found = aux_stack(
        "(global (mut i32) (i32.const 66576))
         (global $data_end i32 (i32.const 1030)) (global $heap_base i32 (i32.const 66576))",
    );
    assert_eq!(
        found,
        Some(AuxStack {
            data_end_global: Some(GlobalIndex::from_u32(2)),
            data_end: 1040,
            heap_base_global: Some(GlobalIndex::from_u32(3)),
            heap_base: 66576,
            stack_pointer: Some(GlobalIndex::from_u32(1)),
            bottom: 66576,
            size: 65536,
        })
    );
}

#[test]
fn the_c_stack_before_the_data() {
    let found = aux_stack(
        "(global $heap_base i32 (i32.const 70016)) (global $data_end i32 (i32.const 70000))
         (global f32 (f32.const 0)) (global (mut i64) (i64.const 1))
         (global (mut i32) (i32.const 99999)) (global (mut i32) (i32.const 65536))",
    )
    .unwrap();
    // The first mutable i32 not above the heap base.
    assert_eq!(found.stack_pointer, Some(GlobalIndex::from_u32(6)));
    assert_eq!((found.bottom, found.size), (65536, 65536));
    assert_eq!((found.data_end, found.heap_base), (70000, 70016));
}

#[test]
fn a_program_without_a_stack_pointer() {
    let found = aux_stack(
        "(global $heap_base i32 (i32.const 2048)) (global $data_end i32 (i32.const 1024))",
    )
    .unwrap();
    assert_eq!(found.stack_pointer, Some(GlobalIndex::from_u32(1)));
    assert_eq!((found.bottom, found.size), (2048, 0));
}

#[test]
fn globals_that_are_not_the_linkers() {
    for globals in [
        // The data would end above the heap base, counting alignment.
        "(global $heap_base i32 (i32.const 2048)) (global $data_end i32 (i32.const 2049))",
        "(global $heap_base (mut i32) (i32.const 2048)) (global $data_end i32 (i32.const 8))",
        "(global $heap_base i64 (i64.const 2048)) (global $data_end i32 (i32.const 8))",
        "(global $heap_base i32 (global.get 0)) (global $data_end i32 (i32.const 8))",
        "(global $heap_base i32 (i32.add (i32.const 1) (i32.const 2047)))
         (global $data_end i32 (i32.const 8))",
    ] {
        assert_eq!(aux_stack(globals), None, "{globals}");
    }
}

#[test]
fn headers() {
    let cases: [(&[u8], &str); 9] = [
        (
            b"",
            "the file ends at offset 0x0, inside the header of the module",
        ),
        (
            b"\0as",
            "the file ends at offset 0x3, inside the header of the module",
        ),
        (
            b"\0asm\x01\0",
            "the file ends at offset 0x6, inside the header of the module",
        ),
        (
            b"\x89PNG\r\n",
            "not a WebAssembly module: the file starts with `\\x89PNG`, where `\\0asm` was \
             expected at offset 0x0",
        ),
        (
            b"(module)",
            "not a WebAssembly module: the file looks like WebAssembly text, where `\\0asm` was \
             expected at offset 0x0",
        ),
        (
            b"\0aot\x06\0\0\0",
            "not a WebAssembly module: the file is an AOT file already, where `\\0asm` was \
             expected at offset 0x0",
        ),
        (
            b"\0asm\x02\0\0\0",
            "version 0x2 of the binary format at offset 0x4, where 0x1 was expected",
        ),
        (
            b"\0asm\x0d\0\x01\0",
            "the file is a WebAssembly component, where a core module was expected (version at \
             offset 0x4)",
        ),
        (
            b"\0asm\x01\0\0\0\x01",
            "at offset 0x9: unexpected end-of-file",
        ),
    ];
    for (bytes, expected) in cases {
        assert_eq!(refusal(bytes, &Features::default()), expected);
    }
}

#[test]
fn malformed_sections() {
    let cases: [(&[u8], &str); 4] = [
        (b"\x63\x01\x00", "at offset 0xa: malformed section id: 99"),
        // A gigabyte is claimed.
        (
            b"\x0a\xff\xff\xff\xff\x03",
            "at offset 0xe: unexpected end-of-file",
        ),
        (
            b"\x01\xff\xff\xff\xff\x03",
            "at offset 0xe: unexpected end-of-file",
        ),
        // Four billion types in six bytes.
        (
            b"\x01\x05\xff\xff\xff\xff\x0f",
            "at offset 0xa: types count exceeds limit of 1000000",
        ),
    ];
    for (section, expected) in cases {
        let mut bytes = b"\0asm\x01\0\0\0".to_vec();
        bytes.extend(section);
        let start = Instant::now();
        assert_eq!(refusal(&bytes, &Features::default()), expected);
        assert!(start.elapsed() < Duration::from_secs(5));
    }
}

#[test]
fn errors_in_bodies_name_the_function() {
    assert_eq!(
        refused("(module (func) (func $sum (param i32) (result i32) local.get 0 f32.abs))"),
        "at offset 0x22 in function 1 (sum): type mismatch: expected f32, found i32"
    );
    assert_eq!(
        refused("(module (func) (func (result i32)))"),
        "at offset 0x1f in function 1: type mismatch: expected i32 but nothing on stack"
    );
}

#[test]
fn the_first_error_in_file_order_is_reported() {
    // Function 9 of many, and an invalid data segment behind the code.
    let mut text = String::from("(module");
    for index in 0..500 {
        text += if index % 100 == 9 {
            "(func (result i32))"
        } else {
            "(func)"
        };
    }
    text += "(data (memory 0) (i32.const 0) \"x\"))";
    let first = refused(&text);
    assert!(first.contains("in function 9:"), "{first}");
    for _ in 0..20 {
        assert_eq!(refused(&text), first);
    }
}

#[test]
fn many_locals_cost_nothing_here() {
    let locals = |count| {
        let mut bytes = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a".to_vec();
        let mut body = vec![1];
        leb128(&mut body, count);
        body.extend([0x7f, 0x0b]);
        bytes.extend([body.len() as u8 + 2, 1, body.len() as u8]);
        bytes.extend(body);
        bytes
    };
    parse(&locals(50_000), &Features::default()).unwrap();
    assert_eq!(
        refusal(&locals(50_001), &Features::default()),
        "at offset 0x17 in function 0: too many locals: locals exceed maximum"
    );
    assert_eq!(
        refusal(&locals(u32::MAX), &Features::default()),
        "at offset 0x17 in function 0: too many locals: locals exceed maximum"
    );
}

fn leb128(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// A module with something in every section.
const EVERY_SECTION: &str = r#"(module
    (import "a" "b" (func (param i32)))
    (memory 1) (table 1 funcref) (global i32 (i32.const 1))
    (func $f (export "f") (result i32) (block (br 0)) (i32.const 3))
    (func $s) (start $s)
    (elem (i32.const 0) $f) (data (i32.const 0) "abc"))"#;

#[test]
fn no_prefix_of_a_module_is_accepted_by_accident() {
    let bytes = wat(EVERY_SECTION);
    parse(&bytes, &Features::default()).unwrap();
    let accepted = (0..bytes.len())
        .filter(|end| parse(&bytes[..*end], &Features::default()).is_ok())
        .count();
    // Only between sections, and only as long as no section that was promised is missing.
    assert!(accepted < 10, "{accepted}");
}

#[test]
fn damage_is_survived() {
    let bytes = wat(EVERY_SECTION);
    for at in 0..bytes.len() {
        for value in [
            0,
            1,
            0x40,
            0x7f,
            0x80,
            0xff,
            bytes[at] ^ 1,
            bytes[at] ^ 0x80,
        ] {
            let mut damaged = bytes.clone();
            damaged[at] = value;
            if let Err(error) = parse(&damaged, &EVERYTHING) {
                let sentence = error.to_string();
                assert!(!sentence.contains('\n'), "{sentence}");
            }
        }
    }
}

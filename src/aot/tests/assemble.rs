//! Tests from module text to the fields of the file.

use super::super::*;
use crate::abi::{HiddenGlobals, HiddenPurpose, HiddenValue, MemoryLayout};
use crate::link::{self, LinkedText};
use crate::options::{Features, Options, TargetOptions};
use crate::targets::Target;
use crate::wasm::{self, ConstBinary, ValType};

const EVERYTHING: Features = Features {
    bulk_memory_opt: true,
    call_indirect_overlong: true,
    threads: true,
    ..Features::DEFAULT
};

fn target_info(arch: &str) -> TargetInfo {
    let options = TargetOptions {
        arch: Some(arch.to_owned()),
        ..TargetOptions::default()
    };
    TargetInfo::of(&Target::resolve(&options).unwrap()).unwrap()
}

/// Returns a text of `count` functions of 16 bytes each.
fn text(count: u64) -> LinkedText {
    LinkedText {
        bytes: vec![0x90; 16 * count as usize],
        alignment: 64,
        function_offsets: (0..count).map(|position| 16 * position).collect(),
        frame_sizes: vec![None; count as usize],
        symbols: Vec::new(),
        section_places: Vec::new(),
        relocations: Vec::new(),
    }
}

/// Returns the file of the module in `wat`, which has `functions` functions. Also writes and reads the file.
fn file_of(wat: &str, functions: u64) -> AotFile {
    file_with(wat, functions, |_| {})
}

/// The same with another layout of the memories.
fn file_with(wat: &str, functions: u64, change: impl Fn(&mut MemoryLayout)) -> AotFile {
    let bytes = wat::parse_str(wat).unwrap();
    let module = wasm::parse(&bytes, &EVERYTHING).unwrap();
    let target = target_info("x86_64");
    let options = Options {
        custom_sections: vec!["name".to_owned(), "hey".to_owned(), "absent".to_owned()],
        ..Options::default()
    };
    let mut layout = MemoryLayout::as_declared(&module);
    change(&mut layout);
    let file = assemble(
        &module,
        &HiddenGlobals::default(),
        &layout,
        &text(functions),
        &target,
        &options,
    )
    .unwrap();
    assert_eq!(
        AotFile::parse(&file.to_bytes().unwrap()).as_ref(),
        Ok(&file)
    );
    file
}

fn error_of(wat: &str, text: &LinkedText, target: &TargetInfo) -> String {
    let bytes = wat::parse_str(wat).unwrap();
    let module = wasm::parse(&bytes, &EVERYTHING).unwrap();
    let error = assemble(
        &module,
        &HiddenGlobals::default(),
        &MemoryLayout::as_declared(&module),
        text,
        target,
        &Options::default(),
    )
    .unwrap_err();
    error.to_string()
}

fn features_of(wat: &str, functions: u64) -> FeatureFlags {
    file_of(wat, functions).target_info.features
}

fn memory_of(wat: &str, functions: u64) -> (u32, u32, u32) {
    let memory = file_of(wat, functions).init_data.memories[0];
    let Memory {
        bytes_per_page,
        initial_pages,
        maximum_pages,
        ..
    } = memory;
    (bytes_per_page, initial_pages, maximum_pages)
}

#[test]
fn a_module_without_memory_gets_an_empty_one() {
    assert_eq!(memory_of("(module)", 0), (65536, 0, 0));
}

#[test]
fn a_memory_whose_pages_are_never_counted_is_one_page() {
    let memory = "(memory 3 7)";
    assert_eq!(memory_of(&format!("(module {memory})"), 0), (196_608, 1, 1));
    let reads = "(func (result i32) (i32.load (i32.const 0)))";
    let module = format!("(module {memory} {reads})");
    assert_eq!(memory_of(&module, 1), (196_608, 1, 1));
    assert_eq!(memory_of("(module (memory 0 5))", 0), (65536, 0, 0));
    // Its size in bytes would need 33 bits.
    let whole = memory_of("(module (memory 65536))", 0);
    assert_eq!(whole, (65536, 65536, 65536));
}

#[test]
fn a_memory_whose_pages_are_counted_is_as_declared() {
    for counts in [
        "(func (result i32) memory.size)",
        "(func (param i32) (result i32) (memory.grow (local.get 0)))",
    ] {
        let module = format!("(module (memory 3 7) {counts})");
        assert_eq!(memory_of(&module, 1), (65536, 3, 7));
        let module = format!("(module (memory 0) {counts})");
        // Room is left for a heap of the host and a page, unless the module starts out larger.
        assert_eq!(memory_of(&module, 1), (65536, 0, 49149));
        let module = format!("(module (memory 65536) {counts})");
        assert_eq!(memory_of(&module, 1), (65536, 65536, 65536));
    }
}

#[test]
fn memory_flags_say_what_is_declared() {
    let flags = |wat| file_of(wat, 0).init_data.memories[0].flags;
    let none = MemoryFlags::default();
    assert_eq!(flags("(module (memory 1))"), none);
    let maximum = MemoryFlags {
        has_maximum: true,
        ..none
    };
    assert_eq!(flags("(module (memory 1 2))"), maximum);
    let shared = MemoryFlags {
        shared: true,
        ..maximum
    };
    assert_eq!(flags("(module (memory 1 2 shared))"), shared);
}

#[test]
fn a_c_stack_does_not_make_the_memory_smaller() {
    let module = r#"(module (memory 1)
        (global (mut i32) (i32.const 2048))
        (global (export "__data_end") i32 (i32.const 1024))
        (global (export "__heap_base") i32 (i32.const 2048)))"#;
    assert_eq!(memory_of(module, 0), (65536, 1, 1));
    let aux_stack = file_of(module, 0).init_data.aux_stack;
    let expected = AuxStack {
        data_end_global: Some(1),
        data_end: 1024,
        heap_base_global: Some(2),
        heap_base: 2048,
        stack_pointer_global: Some(0),
        bottom: 2048,
        size: 1024,
    };
    assert_eq!(aux_stack, expected);
}

#[test]
fn equal_types_have_one_index() {
    let file = file_of(
        r#"(module
            (type $a (func (param i32)))
            (type $b (func (result i32)))
            (type $a2 (func (param i32)))
            (import "m" "f" (func (type $a2)))
            (func (type $b) (i32.const 0))
            (func (type $a2)))"#,
        2,
    );
    assert_eq!(file.init_data.types.len(), 3);
    assert_eq!(file.init_data.imported_functions[0].type_index, 0);
    let types: Vec<u32> = file.functions.iter().map(|f| f.type_index).collect();
    assert_eq!(types, [1, 0]);
}

#[test]
fn imports_stand_among_their_kind() {
    let file = file_of(
        r#"(module
            (import "m" "memory" (memory 1 2))
            (import "m" "table" (table 3 externref))
            (import "m" "global" (global i64))
            (table 1 1 funcref)
            (global (mut f32) (f32.const 1))
            (export "t" (table 1)) (export "g" (global 1)) (export "m" (memory 0)))"#,
        0,
    );
    let data = &file.init_data;
    assert_eq!(data.memories.len(), 1);
    assert!(data.imported_tables.is_empty());
    assert_eq!(
        data.tables.iter().map(|t| t.initial).collect::<Vec<_>>(),
        [3, 1]
    );
    assert_eq!(data.imported_globals[0].ty, ValType::I64);
    assert_eq!(data.imported_globals[0].module, "m");
    assert_eq!(data.globals[0].ty, ValType::F32);
    let exports: Vec<_> = file.exports.iter().map(|e| (e.kind, e.index)).collect();
    let expected = [
        (ExportKind::Table, 1),
        (ExportKind::Global, 1),
        (ExportKind::Memory, 0),
    ];
    assert_eq!(exports, expected);
}

#[test]
fn tables_have_room_to_grow_only_if_they_do() {
    let file = file_of(
        "(module (table 2 externref) (table 2 9 externref) (table 600 funcref)
            (func (drop (table.grow 1 (ref.null extern) (i32.const 1)))))",
        1,
    );
    let tables = file.init_data.tables;
    let facts: Vec<_> = tables
        .iter()
        .map(|t| (t.initial, t.maximum, t.has_maximum, t.slots()))
        .collect();
    let expected = [
        (2, 1024, false, 2),
        (2, 9, true, 9),
        (600, 1200, false, 600),
    ];
    assert_eq!(facts, expected);
}

#[test]
fn segments_keep_their_modes() {
    let file = file_of(
        r#"(module (memory 1) (table 4 funcref)
            (func $f)
            (elem (i32.const 1) func $f)
            (elem funcref (ref.null func) (ref.func $f))
            (elem declare func $f)
            (data "passive")
            (data (i32.const 5) "active"))"#,
        1,
    );
    let elements = &file.init_data.elements;
    let modes: Vec<_> = elements.iter().map(|e| e.mode).collect();
    let expected = [
        SegmentMode::ACTIVE,
        SegmentMode::PASSIVE,
        SegmentMode::DECLARATIVE,
    ];
    assert_eq!(modes, expected);
    assert_eq!(elements[0].offset, InitExpr::I32(1));
    let items = [InitExpr::RefNull(NULL_REFERENCE), InitExpr::RefFunc(0)];
    assert_eq!(elements[1].items, items);
    let data = &file.init_data.data;
    assert!(data[0].passive && data[0].offset == InitExpr::None);
    assert!(!data[1].passive && data[1].offset == InitExpr::I32(5));
    assert_eq!(data[1].bytes, b"active");
}

#[test]
fn constant_expressions_are_computed_as_far_as_they_can_be() {
    let file = file_of(
        r#"(module (import "m" "g" (global $g i32))
            (global i32 (i32.mul (i32.const -3) (i32.sub (i32.const 5) (i32.const 7))))
            (global i64 (i64.add (i64.const -1) (i64.const 1)))
            (global i32 (i32.add (global.get $g) (i32.add (i32.const 2) (i32.const 3))))
            (global i32 (global.get $g)))"#,
        0,
    );
    let globals = file.init_data.globals;
    assert_eq!(globals[0].init, InitExpr::I32(6));
    assert_eq!(globals[1].init, InitExpr::I64(0));
    let sum = InitExpr::Binary {
        operator: ConstBinary::I32Add,
        left: Box::new(InitExpr::GlobalGet(0)),
        right: Box::new(InitExpr::I32(5)),
    };
    assert_eq!(globals[2].init, sum);
    assert_eq!(globals[3].init, InitExpr::GlobalGet(0));
}

#[test]
fn constant_expressions_may_be_long_but_not_deep() {
    let sum = |leaf: &str, count: usize| {
        let leaves = leaf.to_owned() + &format!(" {leaf} i32.add").repeat(count);
        format!("(module (import \"m\" \"g\" (global $g i32)) (global i32 {leaves}))")
    };
    let long = file_of(&sum("i32.const 1", 100_000), 0);
    assert_eq!(long.init_data.globals[0].init, InitExpr::I32(100_001));
    file_of(&sum("global.get $g", MAX_DEPTH), 0);
    let error = error_of(
        &sum("global.get $g", MAX_DEPTH + 1),
        &text(0),
        &target_info("x86_64"),
    );
    assert_eq!(
        error,
        "the constant expression of global 1 nests 65 operators: more than 64 are not safe in the \
         runtime's loader"
    );
}

#[test]
fn features_are_those_in_use() {
    use FeatureFlags as F;
    assert_eq!(
        features_of("(module (memory 1) (table 1 funcref))", 0),
        F::NONE
    );
    let cases = [
        ("(func (drop (v128.const i64x2 0 0)))", F::SIMD),
        ("(func (local v128))", F::SIMD),
        ("(global v128 (v128.const i64x2 0 0))", F::SIMD),
        (
            "(func (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)))",
            F::NONE,
        ),
        (
            "(func (memory.copy (i32.const 0) (i32.const 0) (i32.const 0)))",
            F::NONE,
        ),
        (
            "(func (memory.init 0 (i32.const 0) (i32.const 0) (i32.const 0))) (data \"\")",
            F::BULK_MEMORY,
        ),
        ("(func (i32.const 253) drop (i64.const 253) drop)", F::NONE),
        ("(func (param externref))", F::REFERENCE_TYPES),
        ("(func (drop (table.size 0)))", F::REFERENCE_TYPES),
    ];
    for (field, expected) in cases {
        let module = format!("(module (memory 1) (table 1 funcref) {field})");
        let functions = field.starts_with("(func").into();
        assert_eq!(features_of(&module, functions), expected, "{field}");
    }
    let segment = "(module (table 1 funcref) (elem funcref))";
    assert_eq!(features_of(segment, 0), F::REFERENCE_TYPES);
    assert_eq!(
        features_of("(module (memory 1) (data \"\"))", 0),
        F::BULK_MEMORY
    );
    let shared = "(module (memory 1 1 shared))";
    assert_eq!(features_of(shared, 0), F::MULTI_THREAD);
    let tables = "(module (table 1 funcref) (table 1 funcref))";
    assert_eq!(features_of(tables, 0), F::REFERENCE_TYPES);
}

#[test]
fn custom_sections_are_carried_over_on_request() {
    let file = file_of(
        r#"(module (func $f) (@custom "hey" "you") (@custom "other" "") (@custom "hey" "me"))"#,
        1,
    );
    let raw = |bytes: &[u8]| CustomSection::Raw {
        name: "hey".to_owned(),
        bytes: bytes.to_vec(),
    };
    let names = CustomSection::FunctionNames(vec![(0, "f".to_owned())]);
    assert_eq!(file.custom, [names, raw(b"you"), raw(b"me")]);
}

#[test]
fn an_imported_start_function_needs_one_that_calls_it() {
    let module = r#"(module (type (func)) (type (func (param i32)))
        (import "m" "f" (func $f)) (func (param i32)) (start $f))"#;
    let adds_start = |layout: &mut MemoryLayout| layout.adds_start = true;
    let file = file_with(module, 2, adds_start);
    assert_eq!(file.init_data.start, Some(2));
    assert_eq!(file.functions[1].type_index, 0);
    assert_eq!(file_of(module, 1).init_data.start, Some(0));
    let module = "(module (func) (func $f) (start $f))";
    assert_eq!(file_of(module, 2).init_data.start, Some(1));
    // Its type follows the module's, if the module has none without parameters and results.
    let file = file_with("(module (func (param i32)))", 2, adds_start);
    assert_eq!(file.init_data.start, Some(1));
    assert_eq!(file.functions[1].type_index, 1);
    assert_eq!(file.init_data.types[1], wasm::FuncType::default());
}

/// Code keeps the size of the second memory, and copies the second segment.
#[test]
fn a_memory_that_is_not_the_first_is_one_page() {
    use crate::abi::memories::SegmentPlaces;

    let module = r#"(module (memory $hidden i64 1) (memory $seen (export "memory") 2)
        (data (memory $seen) (i32.const 1) "file") (data (memory $hidden) (i64.const 1) "text"))"#;
    let file = file_with(module, 1, |layout| {
        layout.order.reverse();
        layout.reserved[layout.order[1]] = Some(70_000);
        let last = layout.segments.keys().next_back().unwrap();
        layout.segments[last] = SegmentPlaces::TEXT;
        layout.adds_start = true;
    });
    let sizes = file.init_data.memories.iter().map(|memory| {
        let pages = (memory.initial_pages, memory.maximum_pages);
        (memory.bytes_per_page, pages, memory.flags.memory64)
    });
    let expected = [(131_072, (1, 1), false), (70_000, (1, 1), false)];
    assert_eq!(sizes.collect::<Vec<_>>(), expected);
    assert_eq!(file.exports[0].index, 0);
    assert_eq!(file.init_data.data[0].bytes, b"file");
    assert_eq!(file.init_data.data[1].bytes, b"");
    assert_eq!(file.init_data.data[1].offset, InitExpr::I32(0));
}

#[test]
fn addresses_of_64_bits_are_lowered_or_kept() {
    let module = r#"(module (memory i64 1 100000) (table i64 1 funcref)
        (data (i64.const 5) "x") (elem (i64.const 0x100000000) func)
        (func (result i64) memory.size))"#;
    for native64 in [false, true] {
        let file = file_with(module, 1, |layout| layout.native64 = native64);
        let data = file.init_data;
        assert_eq!(data.memories[0].flags.memory64, native64);
        assert_eq!(data.tables[0].table64, native64);
        let (maximum, offset, element) = match native64 {
            // The declared maximum is larger than the addresses.
            false => (49149, InitExpr::I32(5), InitExpr::I32(-1)),
            true => (100_000, InitExpr::I64(5), InitExpr::I64(1 << 32)),
        };
        assert_eq!(data.memories[0].maximum_pages, maximum);
        assert_eq!(data.data[0].offset, offset);
        assert_eq!(data.elements[0].offset, element);
    }
}

#[test]
fn a_text_must_have_every_function() {
    let target = target_info("x86_64");
    for count in [0, 2] {
        assert_eq!(
            error_of("(module (func))", &text(count), &target),
            format!("the text has {count} function offsets for 1 functions")
        );
    }
}

#[test]
fn relocation_groups_are_named_by_the_machine() {
    let mut linked = text(1);
    linked.relocations.push(link::Relocation {
        offset: 3,
        addend: -4,
        kind: 4,
        symbol: "memset".to_owned(),
    });
    let bytes = wat::parse_str("(module (func))").unwrap();
    let module = wasm::parse(&bytes, &EVERYTHING).unwrap();
    let options = Options::default();
    let group_of = |machine| {
        let target = TargetInfo {
            machine,
            ..target_info("x86_64")
        };
        let file = assemble(
            &module,
            &HiddenGlobals::default(),
            &MemoryLayout::as_declared(&module),
            &linked,
            &target,
            &options,
        )
        .unwrap();
        file.relocations.names[0].clone()
    };
    assert_eq!(group_of(object::elf::EM_X86_64.0), ".rela.text");
    assert_eq!(group_of(object::elf::EM_ARM.0), ".rel.text");
}

#[test]
fn code_is_aligned_in_memory_and_in_place() {
    let bytes = wat::parse_str("(module (func $a))").unwrap();
    let module = wasm::parse(&bytes, &EVERYTHING).unwrap();
    let mut linked = text(1);
    linked.bytes = b"the code starts here".to_vec();
    let position = |file_type| {
        let target = TargetInfo {
            file_type,
            ..target_info("x86_64")
        };
        let file = assemble(
            &module,
            &HiddenGlobals::default(),
            &MemoryLayout::as_declared(&module),
            &linked,
            &target,
            &Options::default(),
        )
        .unwrap();
        let section = file.text_offset().unwrap();
        let bytes = file.to_bytes().unwrap();
        let code = bytes
            .windows(linked.bytes.len())
            .position(|window| window == linked.bytes)
            .unwrap();
        (code, code - section)
    };
    // In a page, the section is what starts at a multiple of 64.
    assert_eq!(position(FileType::Relocatable).1 % 64, 0);
    assert_eq!(position(FileType::ExecuteInPlace).0 % 64, 0);
}

#[test]
fn target_info_says_what_the_target_is() {
    let info = target_info("x86_64");
    assert_eq!(info.binary_type, BinaryType::Elf64Little);
    assert_eq!(info.file_type, FileType::Relocatable);
    assert_eq!((info.machine, info.version), (62, 1));
    assert_eq!(info.arch.name(), "x86_64");
}

#[test]
fn hidden_globals_follow_the_module_s_own() {
    let bytes = wat::parse_str(r#"(module (global (export "g") i32 (i32.const 7)))"#).unwrap();
    let module = wasm::parse(&bytes, &EVERYTHING).unwrap();
    let mut hidden = HiddenGlobals::default();
    hidden.add(HiddenPurpose::PendingTag, HiddenValue::I64(8));
    let target = target_info("x86_64");
    let file = assemble(
        &module,
        &hidden,
        &MemoryLayout::as_declared(&module),
        &text(0),
        &target,
        &Options::default(),
    )
    .unwrap();
    let globals: Vec<_> = file.init_data.globals.iter().collect();
    assert_eq!(globals.len(), 2);
    assert_eq!(
        (globals[1].ty, globals[1].mutable, &globals[1].init),
        (ValType::I64, true, &InitExpr::I64(8))
    );
    assert_eq!(file.exports.len(), 1);
}

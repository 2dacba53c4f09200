//! Tests that write the whole file and read it back, and tests of invalid files.

use super::super::*;
use crate::wasm::{ConstBinary, FuncType, RefType, ValType};

/// Returns a file with every item that the format has.
pub(super) fn sample(binary_type: BinaryType) -> AotFile {
    let sum = InitExpr::Binary {
        operator: ConstBinary::I32Add,
        left: Box::new(InitExpr::GlobalGet(0)),
        right: Box::new(InitExpr::Binary {
            operator: ConstBinary::I32Mul,
            left: Box::new(InitExpr::I32(-2)),
            right: Box::new(InitExpr::GlobalGet(0)),
        }),
    };
    let global = |ty, init| Global {
        ty,
        mutable: init != InitExpr::RefNull(0),
        init,
    };
    AotFile {
        version: FormatVersion::V6,
        target_info: TargetInfo {
            binary_type,
            abi_type: 3,
            file_type: FileType::Relocatable,
            machine: 62,
            version: TargetInfo::CURRENT_VERSION,
            flags: 0x0500_0400,
            features: FeatureFlags::SIMD | FeatureFlags::REFERENCE_TYPES,
            arch: ArchName::new("x86_64").unwrap(),
        },
        init_data: InitData {
            memories: vec![
                Memory {
                    flags: MemoryFlags {
                        has_maximum: true,
                        shared: true,
                        memory64: false,
                    },
                    bytes_per_page: 65536,
                    initial_pages: 2,
                    maximum_pages: 65536,
                },
                Memory {
                    flags: MemoryFlags::default(),
                    bytes_per_page: 131_072,
                    initial_pages: 1,
                    maximum_pages: 1,
                },
            ],
            data: vec![
                DataSegment {
                    passive: false,
                    memory: 1,
                    offset: sum.clone(),
                    bytes: b"odd".to_vec(),
                },
                DataSegment {
                    passive: true,
                    memory: 0,
                    offset: InitExpr::None,
                    bytes: Vec::new(),
                },
            ],
            imported_tables: vec![Table {
                element: RefType::Extern,
                has_maximum: false,
                table64: false,
                may_grow: true,
                initial: 1,
                maximum: 1024,
            }],
            tables: vec![Table {
                element: RefType::Func,
                has_maximum: true,
                table64: true,
                may_grow: false,
                initial: 5,
                maximum: 5,
            }],
            elements: vec![
                ElementSegment {
                    mode: SegmentMode::ACTIVE,
                    element: SegmentElement::NonNullFunc,
                    table: 1,
                    offset: InitExpr::I32(1),
                    items: vec![InitExpr::RefFunc(2), InitExpr::RefNull(NULL_REFERENCE)],
                },
                ElementSegment {
                    mode: SegmentMode::DECLARATIVE,
                    element: SegmentElement::Func,
                    table: 0,
                    offset: InitExpr::None,
                    items: vec![InitExpr::RefFunc(1)],
                },
            ],
            types: vec![
                FuncType::default(),
                FuncType {
                    params: vec![ValType::I32, ValType::I64, ValType::F32],
                    results: vec![ValType::F64, ValType::V128],
                },
                FuncType {
                    params: vec![ValType::Ref(RefType::Func)],
                    results: vec![ValType::Ref(RefType::Extern)],
                },
            ],
            imported_globals: vec![ImportedGlobal {
                ty: ValType::I32,
                mutable: false,
                module: "env".to_owned(),
                field: "ab".to_owned(),
            }],
            globals: vec![
                global(ValType::I32, sum),
                global(ValType::I64, InitExpr::I64(-3)),
                global(ValType::F32, InitExpr::F32(0x7fc0_0001)),
                global(ValType::F64, InitExpr::F64(0x7ff8_0000_0000_0001)),
                global(ValType::V128, InitExpr::V128(*b"0123456789abcdef")),
                global(ValType::Ref(RefType::Func), InitExpr::RefFunc(0)),
                global(ValType::Ref(RefType::Extern), InitExpr::RefNull(0)),
            ],
            imported_functions: vec![ImportedFunction {
                type_index: 2,
                module: String::new(),
                field: "größe".to_owned(),
            }],
            start: Some(1),
            aux_stack: AuxStack {
                data_end_global: Some(1),
                data_end: 1 << 33,
                heap_base_global: Some(2),
                heap_base: 70_000,
                stack_pointer_global: None,
                bottom: 70_000,
                size: 4096,
            },
            object_data: vec![ObjectData {
                name: ".rodata".to_owned(),
                bytes: vec![1, 2, 3, 4, 5],
            }],
        },
        text: Text::with_alignment(vec![0xc3; 24], 0, 64),
        functions: vec![
            Function {
                text_offset: 0,
                type_index: 1,
                local_cells: 4,
                stack_cells: 9,
            },
            Function {
                text_offset: 16,
                type_index: 0,
                local_cells: 0,
                stack_cells: 1,
            },
        ],
        exports: vec![
            Export {
                kind: ExportKind::Function,
                index: 2,
                name: "run".to_owned(),
            },
            Export {
                kind: ExportKind::Table,
                index: 1,
                name: String::new(),
            },
            Export {
                kind: ExportKind::Memory,
                index: 0,
                name: "a\0b".to_owned(),
            },
            Export {
                kind: ExportKind::Global,
                index: 7,
                name: "x".to_owned(),
            },
        ],
        relocations: Relocations {
            names: [".rela.text", "aot_set_exception", "memset"]
                .map(str::to_owned)
                .to_vec(),
            groups: vec![RelocationGroup {
                name: 0,
                relocations: vec![
                    Relocation {
                        offset: 5,
                        addend: -4,
                        kind: 4,
                        symbol: 1,
                    },
                    Relocation {
                        offset: 20,
                        addend: 8,
                        kind: 1,
                        symbol: 2,
                    },
                ],
            }],
        },
        custom: vec![
            CustomSection::NativeSymbols(vec!["i32#00000001".to_owned(), "memset".to_owned()]),
            CustomSection::FunctionNames(vec![(0, "host".to_owned()), (2, "main".to_owned())]),
            CustomSection::Raw {
                name: "producers".to_owned(),
                bytes: vec![9; 7],
            },
            CustomSection::Unknown {
                kind: 2,
                bytes: vec![7],
            },
        ],
    }
}

const BINARY_TYPES: [BinaryType; 5] = [
    BinaryType::Elf32Little,
    BinaryType::Elf32Big,
    BinaryType::Elf64Little,
    BinaryType::Elf64Big,
    BinaryType::Coff64,
];

#[test]
fn what_is_written_is_read() {
    for binary_type in BINARY_TYPES {
        let file = sample(binary_type);
        let bytes = file.to_bytes().unwrap();
        assert_eq!(AotFile::parse(&bytes).as_ref(), Ok(&file));
    }
    let file = AotFile {
        version: FormatVersion::V5,
        ..sample(BinaryType::Elf64Little)
    };
    assert_eq!(AotFile::parse(&file.to_bytes().unwrap()), Ok(file));
}

#[test]
fn a_file_without_anything_is_a_file() {
    let file = AotFile {
        init_data: InitData::default(),
        text: Text::default(),
        functions: Vec::new(),
        exports: Vec::new(),
        relocations: Relocations::default(),
        custom: Vec::new(),
        ..sample(BinaryType::Elf32Little)
    };
    let bytes = file.to_bytes().unwrap();
    assert_eq!(AotFile::parse(&bytes), Ok(file));
}

/// The place of every byte for the loader, computed by hand from the format.
#[test]
fn bytes_are_where_the_loader_looks() {
    let file = AotFile {
        init_data: InitData {
            types: vec![FuncType {
                params: vec![ValType::I64],
                results: vec![],
            }],
            ..InitData::default()
        },
        text: Text {
            literal: vec![],
            code: vec![0x90, 0x90, 0xc3],
        },
        functions: vec![Function {
            text_offset: 2,
            type_index: 0,
            local_cells: 2,
            stack_cells: 1,
        }],
        exports: vec![Export {
            kind: ExportKind::Function,
            index: 0,
            name: "f".to_owned(),
        }],
        relocations: Relocations {
            names: vec!["ab".to_owned(), "c".to_owned()],
            groups: vec![RelocationGroup {
                name: 0,
                relocations: vec![Relocation {
                    offset: 1,
                    addend: -4,
                    kind: 2,
                    symbol: 1,
                }],
            }],
        },
        custom: vec![],
        ..sample(BinaryType::Elf32Big)
    };
    let four = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes);
    let expected = [
        &[four(&MAGIC), 6][..],
        &[0, 48],
        // Binary type, ABI type, file type, machine; version, flags, features, reserved.
        &[
            (3 << 16) | 1,
            (62 << 16) | 1,
            1,
            0x0500_0400,
            0b1001,
            0,
            0,
            0,
        ],
        &[four(b"x86_"), four(b"64\0\0"), 0, 0],
        &[1, 100],
        // No memories, data, tables, elements; one type, of seven bytes and a byte of padding.
        &[0, 0, 0, 0, 0, 0, 1, 1 << 16, 0x7e << 16],
        // No globals or imports; one function, no start function.
        &[0, 0, 0, 1, u32::MAX],
        // No stack in linear memory, no data sections.
        &[u32::MAX, 0, 0, u32::MAX, 0, 0, u32::MAX, 0, 0, 0, 0],
        // The code's padding does belong to its section.
        &[2, 8, 0, 0x00c3_9090],
        &[3, 16, 2, 0, 2, 1],
        // Index, kind, a byte of padding, length of the name with its NUL; the name. The padding
        // behind it does not belong to the section.
        &[4, 14, 1, 0, 2 << 16, four(b"f\0\0\0")],
        // The offset of the second name is in the byte order of the target.
        &[5, 56, 2, 0, 6u32.swap_bytes(), 10],
        &[
            four(&[3, 0, b'a', b'b']),
            four(&[0, 0, 2, 0]),
            four(b"c\0\0\0"),
        ],
        &[1, 0, 1, 1, -4i32 as u32, 2, 1],
    ]
    .concat();
    let expected: Vec<u8> = expected.into_iter().flat_map(u32::to_le_bytes).collect();
    let bytes = file.to_bytes().unwrap();
    for (at, (bytes, expected)) in bytes.chunks(4).zip(expected.chunks(4)).enumerate() {
        assert_eq!(bytes, expected, "at byte {}", at * 4);
    }
    assert_eq!(bytes.len(), expected.len());
}

#[test]
fn code_is_aligned_where_it_runs() {
    // Copied to the start of a page, with the length of the literals in front.
    let text = Text::with_alignment(vec![1], 0, 64);
    assert_eq!(text.literal.len(), 60);
    // In the file.
    let text = Text::with_alignment(vec![1], 188, 64);
    assert_eq!((188 + 4 + text.literal.len()) % 64, 0);
    let file = sample(BinaryType::Elf64Little);
    let offset = file.text_offset().unwrap();
    let bytes = file.to_bytes().unwrap();
    assert_eq!(bytes[offset..offset + 4], 60u32.to_le_bytes());
}

#[test]
fn every_truncation_is_an_error() {
    for binary_type in [BinaryType::Elf32Little, BinaryType::Elf64Big] {
        let mut file = sample(binary_type);
        // A file may end before any custom section.
        file.custom.clear();
        let bytes = file.to_bytes().unwrap();
        for end in 0..bytes.len() {
            let error = AotFile::parse(&bytes[..end]).unwrap_err();
            assert!(error.offset <= end, "{error} with {end} bytes");
        }
    }
}

#[test]
fn no_change_of_a_byte_makes_the_reader_fail_badly() {
    let bytes = sample(BinaryType::Elf64Little).to_bytes().unwrap();
    for at in 0..bytes.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= change;
            match AotFile::parse(&changed) {
                // What can be read can be written, and is then the same.
                Ok(file) => {
                    let again = file.to_bytes().unwrap();
                    assert_eq!(AotFile::parse(&again), Ok(file));
                }
                Err(error) => assert!(error.offset <= bytes.len(), "{error}"),
            }
        }
    }
}

#[test]
fn nothing_may_follow_the_last_section() {
    let bytes = sample(BinaryType::Elf64Little).to_bytes().unwrap();
    for garbage in 1..9 {
        let longer = [&bytes[..], &vec![0; garbage]].concat();
        assert!(AotFile::parse(&longer).is_err(), "{garbage} more bytes");
    }
}

#[test]
fn huge_lengths_cost_nothing() {
    let bytes = sample(BinaryType::Elf64Little).to_bytes().unwrap();
    for at in (0..bytes.len() - 4).step_by(2) {
        for length in [0x4000_0000u32, 0xffff_fffe, 0xffff] {
            let mut changed = bytes.clone();
            changed[at..at + 4].copy_from_slice(&length.to_le_bytes());
            if let Err(error) = AotFile::parse(&changed) {
                assert!(error.offset <= bytes.len(), "{error}");
            }
        }
    }
    let ten_bytes = [&MAGIC[..], &[6, 0, 0, 0], &[0, 0]].concat();
    assert!(AotFile::parse(&ten_bytes).is_err());
}

#[test]
fn errors_say_what_and_where() {
    let parse = |change: fn(&mut Vec<u8>)| {
        let mut bytes = sample(BinaryType::Elf64Little).to_bytes().unwrap();
        change(&mut bytes);
        AotFile::parse(&bytes).unwrap_err().to_string()
    };
    assert_eq!(
        parse(|bytes| bytes[1] = b'A'),
        "file header at byte 0: expected the magic number of an AOT file (\\0aot), \
         found the bytes [00, 41, 6f, 74]"
    );
    assert_eq!(
        parse(|bytes| bytes[4] = 4),
        "file header at byte 4: expected format version 5 or 6, found 4"
    );
    assert_eq!(
        parse(|bytes| bytes[8] = 1),
        "section header at byte 8: expected section 0 (target info section), found 1"
    );
    assert_eq!(
        parse(|bytes| bytes[12..16].copy_from_slice(&(1u32 << 30).to_le_bytes())),
        format!(
            "section header at byte 16: expected 1073741824 bytes of the section, \
             found {} bytes up to the end",
            sample(BinaryType::Elf64Little).to_bytes().unwrap().len() - 16
        )
    );
    assert_eq!(
        parse(|bytes| bytes[16] = 5),
        "target info section at byte 16: expected a binary type (0 to 4, or 6), found 5"
    );
    assert_eq!(
        parse(|bytes| bytes.truncate(70)),
        "section header at byte 68: expected 4 bytes of a section's size, \
         found 2 bytes up to the end"
    );
}

#[test]
fn expressions_do_not_nest_without_end() {
    let nested = |depth| {
        let leaf = InitExpr::I32(1);
        (0..depth).fold(leaf, |left, _| InitExpr::Binary {
            operator: ConstBinary::I32Sub,
            left: Box::new(left),
            right: Box::new(InitExpr::I32(1)),
        })
    };
    let mut file = sample(BinaryType::Elf64Little);
    file.init_data.data[0].offset = nested(MAX_DEPTH);
    let bytes = file.to_bytes().unwrap();
    assert_eq!(AotFile::parse(&bytes), Ok(file.clone()));
    file.init_data.data[0].offset = nested(MAX_DEPTH + 1);
    let error = AotFile::parse(&file.to_bytes().unwrap()).unwrap_err();
    assert_eq!(error.expected, "at most 64 nested operators");
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut file = sample(BinaryType::Elf32Little);
    file.functions[0].text_offset = 1 << 32;
    assert_eq!(
        file.to_bytes().unwrap_err().to_string(),
        "the offset of a function (4294967296) does not fit into an AOT file: \
         the most it can say is 4294967295"
    );
    let mut file = sample(BinaryType::Elf32Little);
    file.exports[0].name = "x".repeat(65535);
    assert_eq!(
        file.to_bytes().unwrap_err().to_string(),
        "the name of an export of 65535 bytes does not fit into an AOT file: \
         strings there end at 65534 bytes"
    );
    let mut file = sample(BinaryType::Elf32Little);
    file.relocations.groups[0].relocations[0].addend = i64::from(i32::MIN) - 1;
    assert!(file.to_bytes().is_err());
    file.relocations.groups[0].relocations[0].addend = i64::from(i32::MIN);
    let bytes = file.to_bytes().unwrap();
    assert_eq!(AotFile::parse(&bytes), Ok(file));
}

/// The runtime ends a string at the first NUL, so these names would be equal to it.
#[test]
fn names_with_a_nul_inside_stay_apart() {
    let mut file = sample(BinaryType::Elf64Little);
    for (export, name) in file.exports.iter_mut().zip(["", "\0", "\0\0x", "é\0"]) {
        export.name = name.to_owned();
    }
    let bytes = file.to_bytes().unwrap();
    assert_eq!(AotFile::parse(&bytes).as_ref(), Ok(&file));
    let coded = b"\x06\0\xc0\x80\xc0\x80x\0";
    assert!(bytes.windows(coded.len()).any(|window| window == coded));
    // Other bytes that are no UTF-8 stay an error, wherever they are.
    let at = bytes
        .windows(coded.len())
        .position(|window| window == coded)
        .unwrap();
    let mut broken = bytes.clone();
    broken[at + 6] = 0xc0;
    let error = AotFile::parse(&broken).unwrap_err();
    assert_eq!(
        (error.offset, error.expected.as_ref()),
        (at + 6, "UTF-8 in the name of an export")
    );
}

#[test]
fn long_function_names_are_cut() {
    let mut file = sample(BinaryType::Elf64Little);
    let name = format!("{}é", "x".repeat(65533));
    file.custom = vec![CustomSection::FunctionNames(vec![(0, name)])];
    let read = AotFile::parse(&file.to_bytes().unwrap()).unwrap();
    let cut = CustomSection::FunctionNames(vec![(0, "x".repeat(65533))]);
    assert_eq!(read.custom, [cut]);
}

#[test]
fn each_symbol_is_named_once() {
    let relocation = |offset, symbol: &str| crate::link::Relocation {
        offset,
        addend: -4,
        kind: 4,
        symbol: symbol.to_owned(),
    };
    let left = [relocation(1, "b"), relocation(6, "a"), relocation(11, "b")];
    let relocations = Relocations::of_section(".rela.text", &left);
    assert_eq!(relocations.names, [".rela.text", "b", "a"]);
    let symbols = relocations.groups[0].relocations.iter();
    assert_eq!(symbols.map(|r| r.symbol).collect::<Vec<_>>(), [1, 2, 1]);
    let nothing = Relocations::of_section(".rela.text", &[]);
    assert_eq!(nothing, Relocations::default());
}

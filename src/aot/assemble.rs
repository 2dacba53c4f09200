//! Makes an AOT file from a module and its linked code.
//!
//! A module that never asks for the number of pages cannot distinguish one large page from many small ones.
//! The runtime can: into a memory of one page that never grows, it puts its own heap without adding pages of
//! 64 KiB. So we describe such a memory as one page, as `wamrc` does. We make it smaller than the module
//! declares only if the plan says so (`plan::memory`).

use object::elf;

use super::AotFile;
use super::const_expr::{evaluate, global_values};
use super::custom::CustomSection;
use super::error::{AssembleError, WriteError};
use super::exports::{Export, ExportKind};
use super::functions::Function;
use super::init_data::{
    AuxStack, DataSegment, ElementSegment, Global, ImportedFunction, ImportedGlobal, InitData,
    Memory, MemoryFlags, SegmentMode, Table,
};
use super::init_expr::InitExpr;
use super::relocations::Relocations;
use super::target_info::{FeatureFlags, FileType, TargetInfo};
use super::text::Text;
use super::writer::fit;
use crate::abi::layout::{memory_max, table_max};
use crate::abi::{HiddenGlobals, HiddenValue, MemoryLayout};
use crate::link::LinkedText;
use crate::options::Options;
use crate::wasm::{
    self, DataMode, ElementMode, ExportItem, FuncType, FunctionKind, GlobalKind, Module, PAGE_SIZE,
    RefType, TypeIndex, Usage, ValType,
};

/// The largest number of pages of a memory with 32-bit addresses.
const PAGE_LIMIT: u64 = 65536;

/// Machines whose ELF files store addends in the code, so that their relocation sections are called `.rel`,
/// not `.rela`. The loader treats both alike.
const MACHINES_WITH_REL: [u16; 3] = [elf::EM_386.0, elf::EM_MIPS.0, elf::EM_ARM.0];

/// Assembles an AOT file.
///
/// If the `memories` ask for it, `text` ends with one more function than the module defines. This function then
/// becomes the start function.
///
/// The `hidden` globals follow the module's own.
///
/// For a file that is executed in place, the caller has checked that `text` needs no relocation, or that the
/// options allow it (`crate::in_place`).
pub fn assemble(
    module: &Module<'_>,
    hidden: &HiddenGlobals,
    memories: &MemoryLayout,
    text: &LinkedText,
    target: &TargetInfo,
    options: &Options,
) -> Result<AotFile, AssembleError> {
    let usage = &module.usage;
    let in_place = target.file_type == FileType::ExecuteInPlace;
    let (functions, start) = functions(module, memories, text)?;
    let relocation_group = if MACHINES_WITH_REL.contains(&target.machine) {
        ".rel.text"
    } else {
        ".rela.text"
    };
    let mut file = AotFile {
        version: options.aot_version,
        target_info: TargetInfo {
            features: target.features | features(module, usage),
            ..*target
        },
        init_data: init_data(module, hidden, memories, start)?,
        text: Text::default(),
        functions,
        exports: exports(module, memories),
        relocations: Relocations::of_section(relocation_group, &text.relocations),
        custom: custom_sections(module, options),
    };
    let alignment = fit::<u32>("the alignment of the code", text.alignment)? as usize;
    let section_offset = if in_place { file.text_offset()? } else { 0 };
    file.text = Text::with_alignment(text.bytes.clone(), section_offset, alignment);
    Ok(file)
}

/// Returns the features that the code needs of the runtime, and no others: many runtimes lack some.
fn features(module: &Module<'_>, usage: &Usage) -> FeatureFlags {
    let shared = module.memories.values().any(|memory| memory.shared);
    FeatureFlags::SIMD.when(usage.simd)
        | FeatureFlags::BULK_MEMORY.when(usage.bulk_memory)
        | FeatureFlags::REFERENCE_TYPES.when(usage.reference_types)
        | FeatureFlags::MULTI_THREAD.when(shared)
}

/// Returns the functions of the text and the index of the start function.
fn functions(
    module: &Module<'_>,
    memories: &MemoryLayout,
    text: &LinkedText,
) -> Result<(Vec<Function>, Option<u32>), AssembleError> {
    let types = &module.canonical_types;
    let mut type_indices: Vec<u32> = module
        .defined_functions()
        .map(|(index, _)| types[module.functions[index].type_index].as_u32())
        .collect();
    let mut start = module.start.map(|index| index.as_u32());
    if memories.adds_start {
        type_indices.push(start_type(module).as_u32());
        start = Some(fit(
            "the count of functions",
            module.functions.len() as u64,
        )?);
    }
    if text.function_offsets.len() != type_indices.len() {
        return Err(AssembleError::FunctionCount {
            expected: type_indices.len(),
            found: text.function_offsets.len(),
        });
    }
    let functions = std::iter::zip(&text.function_offsets, type_indices)
        .map(|(text_offset, type_index)| Function {
            text_offset: *text_offset,
            type_index,
            local_cells: 0,
            stack_cells: 0,
        })
        .collect();
    Ok((functions, start))
}

/// Returns the canonical type of functions without parameters and results. If the module has no such type, it
/// follows the module's types.
fn start_type(module: &Module<'_>) -> TypeIndex {
    let none = FuncType::default();
    let mut types = module.types.iter();
    let found = types.find(|(_, ty)| **ty == none);
    found.map_or(module.types.next_key(), |(index, _)| index)
}

fn init_data(
    module: &Module<'_>,
    hidden: &HiddenGlobals,
    layout: &MemoryLayout,
    start: Option<u32>,
) -> Result<InitData, AssembleError> {
    let global_values = global_values(module)?;
    let mut init_data = InitData {
        memories: memories(module, layout)?,
        data: data(module, layout, &global_values)?,
        tables: tables(module, layout)?,
        elements: elements(module, layout, &global_values)?,
        types: types(module, layout),
        start,
        aux_stack: module.aux_stack.map(aux_stack).unwrap_or_default(),
        ..InitData::default()
    };
    let types = &module.canonical_types;
    for function in module.functions.values() {
        if let FunctionKind::Imported(name) = &function.kind {
            init_data.imported_functions.push(ImportedFunction {
                type_index: types[function.type_index].as_u32(),
                module: name.module.to_owned(),
                field: name.field.to_owned(),
            });
        }
    }
    let mut global_values = global_values.into_iter();
    for global in module.globals.values() {
        let (ty, mutable) = (global.ty, global.mutable);
        match &global.kind {
            GlobalKind::Imported(name) => init_data.imported_globals.push(ImportedGlobal {
                ty,
                mutable,
                module: name.module.to_owned(),
                field: name.field.to_owned(),
            }),
            GlobalKind::Defined(_) => {
                let global = |init| match ty {
                    // Its value is in hidden globals; this one only keeps the place in the index space.
                    ValType::Ref(RefType::Exn) => Global {
                        ty: ValType::I32,
                        mutable,
                        init: InitExpr::I32(0),
                    },
                    _ => Global { ty, mutable, init },
                };
                init_data.globals.extend(global_values.next().map(global));
            }
        }
    }
    init_data.globals.extend(hidden.iter().map(|global| Global {
        ty: global.initial.ty(),
        mutable: true,
        init: match global.initial {
            HiddenValue::I32(value) => InitExpr::I32(value),
            HiddenValue::I64(value) => InitExpr::I64(value),
        },
    }));
    Ok(init_data)
}

fn types(module: &Module<'_>, layout: &MemoryLayout) -> Vec<FuncType> {
    let mut types: Vec<FuncType> = module.types.values().cloned().collect();
    if layout.adds_start && start_type(module) == module.types.next_key() {
        types.push(FuncType::default());
    }
    types
}

fn memories(module: &Module<'_>, layout: &MemoryLayout) -> Result<Vec<Memory>, WriteError> {
    if module.memories.is_empty() {
        // The runtime looks at the first memory even so.
        return Ok(vec![Memory {
            flags: MemoryFlags::default(),
            bytes_per_page: PAGE_SIZE as u32,
            initial_pages: 0,
            maximum_pages: 0,
        }]);
    }
    let pages_matter = module.usage.memory_pages;
    let in_order = layout.order.iter().enumerate();
    in_order
        .map(|(slot, &index)| {
            let declared = &module.memories[index];
            let mut memory = match layout.reserved[index] {
                Some(bytes) => reserved(declared, bytes),
                None => {
                    let shrunk = layout.shrunk.filter(|_| slot == 0);
                    let native64 = layout.native64 && declared.memory64;
                    memory(declared, shrunk, pages_matter, native64)?
                }
            };
            memory.flags.memory64 &= layout.native64 && layout.reserved[index].is_none();
            Ok(memory)
        })
        .collect()
}

/// Returns a memory whose size code keeps: one page of `bytes`, behind which the runtime puts its heap. Of a memory
/// of two pages or more, the heap would take the bytes behind the first ones.
fn reserved(declared: &wasm::Memory<'_>, bytes: u32) -> Memory {
    let (bytes_per_page, pages) = match bytes {
        0 => (PAGE_SIZE as u32, 0),
        bytes => (bytes, 1),
    };
    Memory {
        flags: MemoryFlags {
            has_maximum: true,
            shared: declared.shared,
            memory64: declared.memory64,
        },
        bytes_per_page,
        initial_pages: pages,
        maximum_pages: pages,
    }
}

/// Returns a memory, in pages as declared if the module can observe pages (`pages_matter`).
fn memory(
    declared: &wasm::Memory<'_>,
    shrunk: Option<u32>,
    pages_matter: bool,
    native64: bool,
) -> Result<Memory, WriteError> {
    let limits = declared.limits;
    let (bytes_per_page, initial, maximum) = match (shrunk, limits.min) {
        (Some(bytes), _) => (u64::from(bytes), 1, 1),
        (None, 0) if !pages_matter => (PAGE_SIZE, 0, 0),
        // The size of a page has 32 bits.
        (None, pages) if !pages_matter && pages < PAGE_LIMIT => (PAGE_SIZE * pages, 1, 1),
        (None, pages) => (PAGE_SIZE, pages, memory_max(declared, native64)),
    };
    Ok(Memory {
        flags: MemoryFlags {
            has_maximum: limits.max.is_some(),
            shared: declared.shared,
            memory64: declared.memory64,
        },
        bytes_per_page: fit("the page size of a memory", bytes_per_page)?,
        initial_pages: fit("the initial size of a memory", initial)?,
        maximum_pages: fit("the maximal size of a memory", maximum)?,
    })
}

fn tables(module: &Module<'_>, layout: &MemoryLayout) -> Result<Vec<Table>, AssembleError> {
    let table = |table: &wasm::Table<'_>| {
        Ok(Table {
            element: table.element,
            has_maximum: table.limits.max.is_some(),
            table64: layout.native64 && table.table64,
            // With the next two, where the code finds all later tables.
            may_grow: table.usage.grows,
            initial: fit("the initial size of a table", table.limits.min)?,
            maximum: fit("the maximal size of a table", table_max(table))?,
        })
    };
    module.tables.values().map(table).collect()
}

fn data(
    module: &Module<'_>,
    layout: &MemoryLayout,
    global_values: &[InitExpr],
) -> Result<Vec<DataSegment>, AssembleError> {
    let segment = |(index, segment): (wasm::DataIndex, &wasm::DataSegment<'_>)| {
        let in_file = layout.segments[index].in_file;
        let (passive, memory, offset) = match &segment.mode {
            DataMode::Passive => (true, 0, InitExpr::None),
            // Without bytes, it does nothing. It keeps its place in the list.
            DataMode::Active { .. } if !in_file => (false, 0, no_offset(module, layout)),
            DataMode::Active { memory, offset } => {
                let what = || format!("data segment {}", index.as_u32());
                let offset = evaluate(module, global_values, offset, what)?;
                (false, layout.slot(*memory), lowered(layout, offset))
            }
        };
        Ok(DataSegment {
            passive,
            memory,
            offset,
            bytes: match in_file {
                true => segment.bytes.to_vec(),
                false => Vec::new(),
            },
        })
    };
    module.data.iter().map(segment).collect()
}

/// Returns an offset of zero in the first memory.
fn no_offset(module: &Module<'_>, layout: &MemoryLayout) -> InitExpr {
    let mut first = layout.order.iter().map(|&first| &module.memories[first]);
    match layout.native64 && first.next().is_some_and(|first| first.memory64) {
        true => InitExpr::I64(0),
        false => InitExpr::I32(0),
    }
}

/// Returns the offset of a segment as the runtime has it: 32 bits, unless the runtime knows of 64-bit addresses. A
/// table has no offset that needs more, and the plan lets no such offset in memory through.
fn lowered(layout: &MemoryLayout, offset: InitExpr) -> InitExpr {
    match offset {
        InitExpr::I64(offset) if !layout.native64 => {
            InitExpr::I32(u32::try_from(offset).unwrap_or(u32::MAX) as i32)
        }
        offset => offset,
    }
}

fn elements(
    module: &Module<'_>,
    layout: &MemoryLayout,
    global_values: &[InitExpr],
) -> Result<Vec<ElementSegment>, AssembleError> {
    let segment = |(index, segment): (wasm::ElemIndex, &wasm::ElementSegment)| {
        let what = || format!("element segment {}", index.as_u32());
        let (mode, table, offset) = match &segment.mode {
            ElementMode::Passive => (SegmentMode::PASSIVE, 0, InitExpr::None),
            ElementMode::Declarative => (SegmentMode::DECLARATIVE, 0, InitExpr::None),
            ElementMode::Active { table, offset } => {
                let offset = evaluate(module, global_values, offset, what)?;
                (SegmentMode::ACTIVE, table.as_u32(), lowered(layout, offset))
            }
        };
        let items = segment.items.iter();
        Ok::<_, AssembleError>(ElementSegment {
            mode,
            element: segment.element.into(),
            table,
            offset,
            items: items
                .map(|item| evaluate(module, global_values, item, what))
                .collect::<Result<_, AssembleError>>()?,
        })
    };
    let mut segments = first_values(module, layout, global_values)?;
    for element in &module.elements {
        segments.push(segment(element)?);
    }
    Ok(segments)
}

/// The most elements of a table that starts with other elements than null references: the file has eight bytes for
/// each.
const MOST_INITIALIZED: u64 = 1 << 20;

/// Returns a segment for each table whose elements do not start as null.
fn first_values(
    module: &Module<'_>,
    layout: &MemoryLayout,
    global_values: &[InitExpr],
) -> Result<Vec<ElementSegment>, AssembleError> {
    let segment = |(index, init): (wasm::TableIndex, &wasm::ConstExpr)| {
        let table = &module.tables[index];
        let what = || format!("table {}", index.as_u32());
        let count = table.limits.min;
        if count > MOST_INITIALIZED {
            return Err(AssembleError::TableInitializer {
                what: what(),
                found: format!("{count} elements"),
                expected: format!("at most {MOST_INITIALIZED}"),
            });
        }
        let item = evaluate(module, global_values, init, what)?;
        Ok(ElementSegment {
            mode: SegmentMode::ACTIVE,
            element: table.element.into(),
            table: index.as_u32(),
            offset: match layout.native64 && table.table64 {
                true => InitExpr::I64(0),
                false => InitExpr::I32(0),
            },
            items: vec![item; count as usize],
        })
    };
    module.initialized_tables().map(segment).collect()
}

fn aux_stack(stack: wasm::AuxStack) -> AuxStack {
    AuxStack {
        data_end_global: stack.data_end_global.map(|index| index.as_u32()),
        data_end: stack.data_end,
        heap_base_global: stack.heap_base_global.map(|index| index.as_u32()),
        heap_base: stack.heap_base,
        stack_pointer_global: stack.stack_pointer.map(|index| index.as_u32()),
        bottom: stack.bottom,
        size: stack.size,
    }
}

fn exports(module: &Module<'_>, layout: &MemoryLayout) -> Vec<Export> {
    let export = |export: &wasm::Export<'_>| {
        let (kind, index) = match export.item {
            ExportItem::Function(index) => (ExportKind::Function, index.as_u32()),
            ExportItem::Table(index) => (ExportKind::Table, index.as_u32()),
            ExportItem::Memory(index) => (ExportKind::Memory, layout.slot(index)),
            ExportItem::Global(index) => (ExportKind::Global, index.as_u32()),
            // The loader rejects a file with such an export.
            ExportItem::Tag(_) => return None,
        };
        Some(Export {
            kind,
            index,
            name: export.name.to_owned(),
        })
    };
    module.exports.iter().filter_map(export).collect()
}

/// Returns the custom sections that the options name and the module has.
fn custom_sections(module: &Module<'_>, options: &Options) -> Vec<CustomSection> {
    let mut sections = Vec::new();
    let asked = options.custom_sections.iter().map(String::as_str);
    // The runtime prints the names of functions.
    let names_functions = options.diagnostics.call_stack || options.diagnostics.perf_profiling;
    let implied = names_functions && !options.custom_sections.iter().any(|it| it == "name");
    for name in asked.chain(implied.then_some("name")) {
        if name == "name" {
            if !module.function_names.is_empty() {
                let names = module.function_names.iter();
                let names = names.map(|(index, name)| (index.as_u32(), name.to_string()));
                sections.push(CustomSection::FunctionNames(names.collect()));
            }
            continue;
        }
        for section in &module.custom_sections {
            if section.name == name {
                sections.push(CustomSection::Raw {
                    name: name.to_owned(),
                    bytes: section.bytes.to_vec(),
                });
            }
        }
    }
    sections
}

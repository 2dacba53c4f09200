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
use crate::abi::{HiddenGlobals, HiddenValue};
use crate::link::LinkedText;
use crate::options::Options;
use crate::wasm::{
    self, DataMode, ElementMode, ExportItem, FunctionKind, GlobalKind, Module, PAGE_SIZE, RefType,
    Usage, ValType,
};

/// The largest number of pages of a memory with 32-bit addresses.
const PAGE_LIMIT: u64 = 65536;

/// Machines whose ELF files store addends in the code, so that their relocation sections are called `.rel`,
/// not `.rela`. The loader treats both alike.
const MACHINES_WITH_REL: [u16; 3] = [elf::EM_386.0, elf::EM_MIPS.0, elf::EM_ARM.0];

/// Assembles an AOT file.
///
/// The runtime does not call an *imported* start function. If a module has one, `text` may end with one more
/// function than the module defines, which has the same type and calls it. This function then becomes the
/// start function.
///
/// The `hidden` globals follow the module's own. The memory has `shrunk` bytes instead of its declared size, if
/// that is given.
///
/// For a file that is executed in place, the caller has checked that `text` needs no relocation, or that the
/// options allow it (`crate::in_place`).
pub fn assemble(
    module: &Module<'_>,
    hidden: &HiddenGlobals,
    shrunk: Option<u32>,
    text: &LinkedText,
    target: &TargetInfo,
    options: &Options,
) -> Result<AotFile, AssembleError> {
    let usage = &module.usage;
    let in_place = target.file_type == FileType::ExecuteInPlace;
    let (functions, start) = functions(module, text)?;
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
        init_data: init_data(module, hidden, shrunk, usage, start)?,
        text: Text::default(),
        functions,
        exports: exports(module),
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
    text: &LinkedText,
) -> Result<(Vec<Function>, Option<u32>), AssembleError> {
    let types = &module.canonical_types;
    let mut type_indices: Vec<u32> = module
        .defined_functions()
        .map(|(index, _)| types[module.functions[index].type_index].as_u32())
        .collect();
    let mut start = module.start.map(|index| index.as_u32());
    if text.function_offsets.len() == type_indices.len() + 1
        && let Some(imported) = module.start
        && module.defined_position(imported).is_none()
    {
        type_indices.push(types[module.functions[imported].type_index].as_u32());
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

fn init_data(
    module: &Module<'_>,
    hidden: &HiddenGlobals,
    shrunk: Option<u32>,
    usage: &Usage,
    start: Option<u32>,
) -> Result<InitData, AssembleError> {
    let global_values = global_values(module)?;
    let mut init_data = InitData {
        memories: memories(module, shrunk, usage)?,
        data: data(module, &global_values)?,
        tables: tables(module)?,
        elements: elements(module, &global_values)?,
        types: module.types.values().cloned().collect(),
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

fn memories(
    module: &Module<'_>,
    shrunk: Option<u32>,
    usage: &Usage,
) -> Result<Vec<Memory>, WriteError> {
    if module.memories.is_empty() {
        // The runtime looks at the first memory even so.
        return Ok(vec![Memory {
            flags: MemoryFlags::default(),
            bytes_per_page: PAGE_SIZE as u32,
            initial_pages: 0,
            maximum_pages: 0,
        }]);
    }
    module
        .memories
        .values()
        .map(|declared| memory(declared, shrunk, usage.memory_pages))
        .collect()
}

/// Returns a memory, in pages as declared if the module can observe pages (`pages_matter`).
fn memory(
    declared: &wasm::Memory<'_>,
    shrunk: Option<u32>,
    pages_matter: bool,
) -> Result<Memory, WriteError> {
    let limits = declared.limits;
    let (bytes_per_page, initial, maximum) = match (shrunk, limits.min) {
        (Some(bytes), _) => (u64::from(bytes), 1, 1),
        (None, 0) if !pages_matter => (PAGE_SIZE, 0, 0),
        // The size of a page has 32 bits.
        (None, pages) if !pages_matter && pages < PAGE_LIMIT => (PAGE_SIZE * pages, 1, 1),
        (None, pages) => (PAGE_SIZE, pages, memory_max(declared)),
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

fn tables(module: &Module<'_>) -> Result<Vec<Table>, AssembleError> {
    let table = |table: &wasm::Table<'_>| {
        Ok(Table {
            element: table.element,
            has_maximum: table.limits.max.is_some(),
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
    global_values: &[InitExpr],
) -> Result<Vec<DataSegment>, AssembleError> {
    let segment = |(index, segment): (wasm::DataIndex, &wasm::DataSegment<'_>)| {
        let (passive, memory, offset) = match &segment.mode {
            DataMode::Passive => (true, 0, InitExpr::None),
            DataMode::Active { memory, offset } => {
                let what = || format!("data segment {}", index.as_u32());
                let offset = evaluate(module, global_values, offset, what)?;
                (false, memory.as_u32(), offset)
            }
        };
        Ok(DataSegment {
            passive,
            memory,
            offset,
            bytes: segment.bytes.to_vec(),
        })
    };
    module.data.iter().map(segment).collect()
}

fn elements(
    module: &Module<'_>,
    global_values: &[InitExpr],
) -> Result<Vec<ElementSegment>, AssembleError> {
    let segment = |(index, segment): (wasm::ElemIndex, &wasm::ElementSegment)| {
        let what = || format!("element segment {}", index.as_u32());
        let (mode, table, offset) = match &segment.mode {
            ElementMode::Passive => (SegmentMode::PASSIVE, 0, InitExpr::None),
            ElementMode::Declarative => (SegmentMode::DECLARATIVE, 0, InitExpr::None),
            ElementMode::Active { table, offset } => {
                let offset = evaluate(module, global_values, offset, what)?;
                (SegmentMode::ACTIVE, table.as_u32(), offset)
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
    let mut segments = first_values(module, global_values)?;
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
            offset: InitExpr::I32(0),
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

fn exports(module: &Module<'_>) -> Vec<Export> {
    let export = |export: &wasm::Export<'_>| {
        let (kind, index) = match export.item {
            ExportItem::Function(index) => (ExportKind::Function, index.as_u32()),
            ExportItem::Table(index) => (ExportKind::Table, index.as_u32()),
            ExportItem::Memory(index) => (ExportKind::Memory, index.as_u32()),
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

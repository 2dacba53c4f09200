//! Where the runtime puts a module's globals and tables, and which index it knows a type by: what
//! the AOT file and the code must agree on without either saying so.
//!
//! Behind the memory instances of a module instance follow the data of all globals, then the
//! tables, imported ones first in both. Subtle: nothing is padded. A global of eight or sixteen
//! bytes, and with it each element of each table, is sure to be aligned to four bytes only.

use std::collections::HashMap;

use cranelift_entity::PrimaryMap;

use super::init_data::Table;
use super::target_info::PointerWidth;
use super::usage::Usage;
use crate::wasm::{self, FuncType, GlobalIndex, Module, TableIndex, TypeIndex, ValType};

/// Offsets of globals and tables, in bytes from the start of the globals' data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceLayout {
    pub globals: PrimaryMap<GlobalIndex, u64>,
    pub tables: PrimaryMap<TableIndex, TableLayout>,
    /// The end of the last table. The rest of the instance follows at the next multiple of eight,
    /// counted from the start of the instance.
    pub size: u64,
}

/// A table in the instance: a header, then the elements, each as wide as a pointer. An element is
/// a function index or, if its lower 32 bits are all ones, null; of the upper ones nothing is
/// certain, as the runtime sets them in one null and not in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableLayout {
    pub offset: u64,
    /// How many elements there is room for, whatever the current size.
    pub slots: u32,
}

/// The header: element type, padding, current size, maximal size. The same on every target.
const TABLE_HEADER_SIZE: u64 = 24;

/// Without a declared maximum, a table may grow to this size or twice its initial one, as with
/// `wamrc`: the room is reserved up front.
const TABLE_GROWTH_LIMIT: u64 = 1024;

impl InstanceLayout {
    pub fn new(module: &Module<'_>, usage: &Usage, pointer_width: PointerWidth) -> InstanceLayout {
        let pointer_size = match pointer_width {
            PointerWidth::Bits32 => 4,
            PointerWidth::Bits64 => 8,
        };
        let mut size = 0;
        let mut allocate = |bytes| {
            let offset = size;
            size += bytes;
            offset
        };
        let globals = module
            .globals
            .values()
            .map(|global| allocate(global_size(global.ty)))
            .collect();
        let tables = module
            .tables
            .iter()
            .map(|(index, table)| {
                let slots = file_table(index, table, usage).slots();
                let bytes = TABLE_HEADER_SIZE + pointer_size * u64::from(slots);
                TableLayout {
                    offset: allocate(bytes),
                    slots,
                }
            })
            .collect();
        InstanceLayout {
            globals,
            tables,
            size,
        }
    }
}

/// The bytes of a global in the instance. A reference is an index of 32 bits.
fn global_size(ty: ValType) -> u64 {
    match ty {
        ValType::I32 | ValType::F32 | ValType::Ref(_) => 4,
        ValType::I64 | ValType::F64 => 8,
        ValType::V128 => 16,
    }
}

/// The table as the AOT file has it.
pub(super) fn file_table(index: TableIndex, table: &wasm::Table<'_>, usage: &Usage) -> Table {
    let limits = table.limits;
    let default_maximum = (limits.min * 2).max(TABLE_GROWTH_LIMIT);
    let maximum = limits.max.unwrap_or(default_maximum);
    // A table is never as large as this; validation has seen to it that the module's are not.
    let clamp = |size: u64| u32::try_from(size).unwrap_or(u32::MAX);
    Table {
        element: table.element,
        has_maximum: limits.max.is_some(),
        may_grow: usage.grown_tables.contains(&index),
        initial: clamp(limits.min),
        maximum: clamp(maximum.min(default_maximum).max(limits.min)),
    }
}

/// For each type the smallest index of an equal one: by it the runtime, the check of
/// `call_indirect` and the AOT file know the type.
pub fn canonical_types(
    types: &PrimaryMap<TypeIndex, FuncType>,
) -> PrimaryMap<TypeIndex, TypeIndex> {
    let mut first = HashMap::new();
    types
        .iter()
        .map(|(index, ty)| *first.entry(ty).or_insert(index))
        .collect()
}

//! Tags and exception references: notes the tags, and rejects what no runtime can hold.
//!
//! The runtime knows neither. A tag is a number in compiled code, and an exception reference is the exception
//! itself: its tag and its values. So a reference cannot pass to the host, be an element of a table, or be a
//! part of another exception, whose size would then have no bound.

use super::convert;
use super::index::{TagIndex, TypeIndex};
use super::module::*;
use super::parse::Failure;

/// The most 32-bit cells of values that an exception may carry.
pub const MOST_CELLS: u32 = 64;

const EXN: ValType = ValType::Ref(RefType::Exn);

/// Returns how many 32-bit cells the values that a tag of type `ty` carries take.
pub fn cells(ty: &FuncType) -> u32 {
    ty.params.iter().map(|ty| ty.cells()).sum()
}

/// Notes a tag of the module, or rejects it.
pub(super) fn declare<'a>(
    module: &mut Module<'a>,
    import: Option<ImportName<'a>>,
    ty: &wasmparser::TagType,
    offset: u64,
) -> Result<(), Failure> {
    let type_index = TypeIndex::from_u32(ty.func_type_idx);
    let carried = &module.types[type_index];
    if carried.params.contains(&EXN) {
        return Err(Failure::new("a tag that carries an exnref", offset));
    }
    let cells = cells(carried);
    if cells > MOST_CELLS {
        return Err(Failure::new(
            format!(
                "a tag that carries {} bytes (at most {} are possible)",
                cells * 4,
                MOST_CELLS * 4
            ),
            offset,
        ));
    }
    module.tags.push(Tag { import, type_index });
    Ok(())
}

/// Returns the element type of a table or a segment.
pub(super) fn element(ty: wasmparser::RefType, offset: u64) -> Result<RefType, Failure> {
    match convert::ref_type(ty, offset)? {
        RefType::Exn => Err(Failure::new("a table or segment of exnref", offset)),
        ty => Ok(ty),
    }
}

/// Returns the type of an imported global.
pub(super) fn imported_global(ty: wasmparser::ValType, offset: u64) -> Result<ValType, Failure> {
    match convert::val_type(ty, offset)? {
        EXN => Err(Failure::new("an imported global of type exnref", offset)),
        ty => Ok(ty),
    }
}

/// Rejects an imported function that takes or returns an exception reference.
pub(super) fn check_import(module: &Module<'_>, ty: TypeIndex, offset: u64) -> Result<(), Failure> {
    if module.types[ty].has_exnref() {
        return Err(Failure::new(
            "an imported function with exnref in its type",
            offset,
        ));
    }
    Ok(())
}

/// Rejects an export whose value the host cannot have.
pub(super) fn check_export(
    module: &Module<'_>,
    item: ExportItem,
    offset: u64,
) -> Result<(), Failure> {
    match item {
        ExportItem::Global(index) if module.globals[index].ty == EXN => {
            Err(Failure::new("an exported global of type exnref", offset))
        }
        _ => Ok(()),
    }
}

impl ValType {
    /// Returns how many 32-bit cells a value takes in the runtime (`wasm_value_type_cell_num` in
    /// `core/iwasm/interpreter/wasm.h`), or in an exception.
    pub fn cells(self) -> u32 {
        match self {
            ValType::I32 | ValType::F32 | ValType::Ref(_) => 1,
            ValType::I64 | ValType::F64 => 2,
            ValType::V128 => 4,
        }
    }
}

impl FuncType {
    /// Reports whether a parameter or a result is an exception reference.
    pub fn has_exnref(&self) -> bool {
        self.params.contains(&EXN) || self.results.contains(&EXN)
    }

    /// Returns the type as the runtime knows it, with a word for each exception reference.
    pub fn for_runtime(&self) -> FuncType {
        let words = |types: &[ValType]| {
            let word = |&ty| if ty == EXN { ValType::I32 } else { ty };
            types.iter().map(word).collect()
        };
        FuncType {
            params: words(&self.params),
            results: words(&self.results),
        }
    }
}

impl Module<'_> {
    /// Returns the name of a tag for messages: from the name section, an export or its import.
    pub fn tag_name(&self, index: TagIndex) -> Option<&str> {
        let named = self.tag_names.binary_search_by_key(&index, |(i, _)| *i);
        let exported = || {
            let export = self
                .exports
                .iter()
                .find(|export| export.item == ExportItem::Tag(index));
            export.map(|export| export.name)
        };
        match named {
            Ok(at) => Some(self.tag_names[at].1.as_ref()),
            Err(_) => exported().or(self.tags[index].import.map(|name| name.field)),
        }
    }
}

//! The tables in which indirect calls find their targets.

use cranelift_entity::{EntityRef, PrimaryMap};

use super::fixed_table::FixedTable;
use crate::wasm::{ConstInstruction, ExportItem, GlobalKind, Module, TableIndex, TypeIndex};

/// The plan for tables and the functions in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TablePlan {
    /// For each type, its canonical type; the runtime's tables hold the same index.
    pub canonical_types: PrimaryMap<TypeIndex, TypeIndex>,
    /// Functions that a table or a reference can name; the function table lists them.
    pub escaping: Vec<bool>,
    /// The number of the module's first element segment in the file. In front of it are segments that give
    /// tables their first values: the format has nothing else for these.
    pub first_segment: u32,
    /// The fixed tables through which calls go.
    pub fixed: PrimaryMap<TableIndex, Option<FixedTable>>,
}

impl TablePlan {
    pub(super) fn new(module: &Module<'_>) -> Self {
        let canonical_types = module.canonical_types.clone();
        TablePlan {
            fixed: FixedTable::all(module, &canonical_types),
            escaping: escaping_functions(module),
            canonical_types,
            first_segment: module.initialized_tables().count() as u32,
        }
    }
}

/// Returns which functions a table can hold: a segment, a constant expression, an export or an instruction
/// names the function. An instruction may name only a function that also occurs in one of the others
/// (specification 3.4.10, `C.refs`).
fn escaping_functions(module: &Module<'_>) -> Vec<bool> {
    let mut escaping = vec![false; module.functions.len()];
    let mut note = |instruction: &ConstInstruction| {
        if let ConstInstruction::RefFunc(index) = instruction {
            escaping[index.index()] = true;
        }
    };
    for segment in module.elements.values() {
        segment
            .items
            .iter()
            .flat_map(|item| &item.instructions)
            .for_each(&mut note);
    }
    for global in module.globals.values() {
        if let GlobalKind::Defined(init) = &global.kind {
            init.instructions.iter().for_each(&mut note);
        }
    }
    for table in module.tables.values() {
        table
            .init
            .iter()
            .flat_map(|init| &init.instructions)
            .for_each(&mut note);
    }
    for export in &module.exports {
        if let ExportItem::Function(index) = export.item {
            escaping[index.index()] = true;
        }
    }
    escaping
}

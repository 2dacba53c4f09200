//! What the layout of an instance and the calling convention depend on and only the code says.

use rayon::prelude::*;
use wasmparser::{BinaryReader, FunctionBody as WasmBody, Operator};

use super::index::TableIndex;
use super::module::{FunctionBody, Module};

/// What one or several functions contain.
#[derive(Default)]
struct Facts {
    growing_tables: Vec<TableIndex>,
    tail_calls: bool,
}

impl Facts {
    fn join(mut self, other: Facts) -> Facts {
        self.growing_tables.extend(other.growing_tables);
        self.tail_calls |= other.tail_calls;
        self
    }
}

/// Reads the validated bodies of `module` and notes in it which tables grow and whether there are
/// tail calls. `tail_calls` says whether these are allowed at all.
pub(super) fn scan_code(module: &mut Module<'_>, tail_calls: bool) {
    if module.tables.is_empty() && !tail_calls {
        return;
    }
    let bodies: Vec<FunctionBody> = module.defined_functions().map(|(_, body)| body).collect();
    let facts = bodies
        .par_iter()
        .with_min_len(64)
        .filter(|body| tail_calls || may_grow_tables(body))
        .map(scan_body)
        .reduce(Facts::default, Facts::join);
    for table in facts.growing_tables {
        module.tables[table].can_grow = true;
    }
    module.has_tail_calls = facts.tail_calls;
}

/// `table.grow` starts with this byte (specification 5.4.4).
const BULK_PREFIX: u8 = 0xfc;

fn may_grow_tables(body: &FunctionBody) -> bool {
    body.bytes.contains(&BULK_PREFIX)
}

fn scan_body(body: &FunctionBody) -> Facts {
    let mut facts = Facts::default();
    let reader = WasmBody::new(BinaryReader::new(body.bytes, body.offset as u64));
    let Ok(operators) = reader.get_operators_reader() else {
        return facts;
    };
    for operator in operators {
        match operator {
            Ok(Operator::TableGrow { table }) => {
                facts.growing_tables.push(TableIndex::from_u32(table));
            }
            Ok(Operator::ReturnCall { .. } | Operator::ReturnCallIndirect { .. }) => {
                facts.tail_calls = true;
            }
            _ => {}
        }
    }
    facts
}

//! Reads all bodies once and notes the facts that affect the instance's layout, the calling convention, the
//! AOT file or the code of other functions. The walk looks at opcodes only.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use wasmparser::{BinaryReader, BinaryReaderError, FunctionBody as WasmBody, Operator};

use super::branches::branch_counters;
use super::index::{DataIndex, FuncIndex, MemoryIndex, TableIndex};
use super::module::{
    DataMode, ElementMode, FunctionBody, MemoryUsage, Module, RefType, TableUsage, ValType,
};
use super::throws::{self, Throws};
use super::weight::{Counter, Weight};

/// The facts about one function or the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// `memory.size` or `memory.grow` occurs: the module can observe the size of a page.
    pub memory_pages: bool,
    pub simd: bool,
    /// An operator of relaxed SIMD occurs, whose result depends on the processor.
    pub relaxed_simd: bool,
    /// An instruction of bulk memory occurs that needs the runtime: passive data segments.
    pub bulk_memory: bool,
    pub reference_types: bool,
    /// `call_ref` or `return_call_ref` occurs.
    pub reference_calls: bool,
    /// A tail call occurs.
    pub tail_calls: bool,
    /// An instruction throws an exception.
    pub throws: bool,
    /// `rethrow` occurs.
    pub rethrows: bool,
}

/// The facts about one function body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionFacts {
    pub usage: Usage,
    pub weight: Weight,
    /// The counters that a profile has for the branches of the body.
    pub branch_counters: u32,
    /// The functions that the body calls by name, each once, in order.
    pub callees: Vec<FuncIndex>,
    /// How an exception can leave the body. Empty if the module has no tag.
    pub throws: Throws,
}

/// Reads each validated body of `module` once, and notes the facts in the module.
pub(super) fn note_facts(module: &mut Module<'_>) -> Result<(), BinaryReaderError> {
    let bodies: Vec<FunctionBody> = module.defined_functions().map(|(_, body)| body).collect();
    let found = bodies
        .par_iter()
        .with_min_len(64)
        .map(|body| Findings::of_body(body, !module.tags.is_empty()))
        .collect::<Result<Vec<_>, _>>()?;
    let mut usage = Usage::of_declarations(module);
    for Findings {
        facts,
        tables,
        memories,
    } in found
    {
        for memory in memories {
            match memory {
                MemoryFact::Grows(memory) => {
                    module.memories[memory].usage = MemoryUsage { grows: true }
                }
                MemoryFact::Initialised { data, memory } => {
                    let all = &mut module.data[data].initialises;
                    if !all.contains(&memory) {
                        all.push(memory);
                    }
                }
            }
        }
        for (table, usage) in tables {
            let all = &mut module.tables[table].usage;
            *all = all.and(usage);
        }
        usage = usage.and(facts.usage);
        module.facts.push(facts);
    }
    module.usage = usage;
    Ok(())
}

/// The facts about one body, and its usage of tables and memories.
struct Findings {
    facts: FunctionFacts,
    tables: Vec<(TableIndex, TableUsage)>,
    memories: BTreeSet<MemoryFact>,
}

/// A fact about memories and data segments that an instruction shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum MemoryFact {
    Grows(MemoryIndex),
    Initialised {
        data: DataIndex,
        memory: MemoryIndex,
    },
}

impl MemoryFact {
    fn of(operator: &Operator<'_>) -> Option<MemoryFact> {
        Some(match *operator {
            Operator::MemoryGrow { mem } => MemoryFact::Grows(MemoryIndex::from_u32(mem)),
            Operator::MemoryInit { data_index, mem } => MemoryFact::Initialised {
                data: DataIndex::from_u32(data_index),
                memory: MemoryIndex::from_u32(mem),
            },
            _ => return None,
        })
    }
}

impl Findings {
    /// `tags`: whether the module has a tag, without which nothing can be thrown.
    fn of_body(body: &FunctionBody<'_>, tags: bool) -> Result<Findings, BinaryReaderError> {
        let mut usage = Usage::default();
        let mut tables: BTreeMap<TableIndex, TableUsage> = BTreeMap::new();
        let mut memories = BTreeSet::new();
        let mut callees = Vec::new();
        let mut throws = tags.then(throws::Walk::default);
        let mut branches = 0_u32;
        let mut counter = Counter::new(body.bytes.len());
        let reader = WasmBody::new(BinaryReader::new(body.bytes, body.offset as u64));
        for declaration in reader.get_locals_reader()? {
            match declaration?.1 {
                wasmparser::ValType::V128 => usage.simd = true,
                wasmparser::ValType::Ref(ty) => usage.reference_types |= is_runtime_reference(ty),
                _ => {}
            }
        }
        let mut operators = reader.get_operators_reader()?;
        while !operators.eof() {
            let at = operators.original_position() as usize - body.offset;
            let instruction = body.bytes.get(at..).unwrap_or_default();
            // All vector instructions, and no others, start with this byte.
            usage.simd |= instruction.first() == Some(&0xfd);
            let operator = operators.read()?;
            if let Some((table, table_usage)) = TableUsage::of(&operator) {
                let all = tables.entry(table).or_default();
                *all = all.and(table_usage);
            }
            if let Operator::Call { function_index } | Operator::ReturnCall { function_index } =
                operator
            {
                callees.push(FuncIndex::from_u32(function_index));
            }
            memories.extend(MemoryFact::of(&operator));
            usage.note(&operator);
            branches = branches.saturating_add(branch_counters(&operator));
            if let Some(throws) = &mut throws {
                throws.note(&operator);
            }
            counter.note(&operator, instruction)?;
        }
        callees.sort_unstable();
        callees.dedup();
        callees.shrink_to_fit();
        Ok(Findings {
            facts: FunctionFacts {
                usage,
                weight: counter.finish(),
                branch_counters: branches,
                callees,
                throws: throws.map(throws::Walk::finish).unwrap_or_default(),
            },
            tables: tables.into_iter().collect(),
            memories,
        })
    }
}

impl TableUsage {
    /// Returns the table and its usage if an instruction calls through a table or changes one.
    fn of(operator: &Operator<'_>) -> Option<(TableIndex, TableUsage)> {
        let mut usage = TableUsage::default();
        let table = match *operator {
            Operator::CallIndirect { table_index, .. }
            | Operator::ReturnCallIndirect { table_index, .. } => {
                usage.calls = true;
                table_index
            }
            Operator::TableGrow { table } => {
                usage.grows = true;
                usage.changes = true;
                table
            }
            Operator::TableSet { table }
            | Operator::TableFill { table }
            | Operator::TableInit { table, .. }
            | Operator::TableCopy {
                dst_table: table, ..
            } => {
                usage.changes = true;
                table
            }
            _ => return None,
        };
        Some((TableIndex::from_u32(table), usage))
    }

    fn and(self, other: TableUsage) -> TableUsage {
        TableUsage {
            grows: self.grows | other.grows,
            changes: self.changes | other.changes,
            calls: self.calls | other.calls,
        }
    }
}

impl Usage {
    fn and(self, other: Usage) -> Usage {
        Usage {
            memory_pages: self.memory_pages | other.memory_pages,
            simd: self.simd | other.simd,
            relaxed_simd: self.relaxed_simd | other.relaxed_simd,
            bulk_memory: self.bulk_memory | other.bulk_memory,
            reference_types: self.reference_types | other.reference_types,
            reference_calls: self.reference_calls | other.reference_calls,
            tail_calls: self.tail_calls | other.tail_calls,
            throws: self.throws | other.throws,
            rethrows: self.rethrows | other.rethrows,
        }
    }

    fn note(&mut self, operator: &Operator<'_>) {
        match operator {
            Operator::MemorySize { .. } | Operator::MemoryGrow { .. } => self.memory_pages = true,
            Operator::ReturnCall { .. } | Operator::ReturnCallIndirect { .. } => {
                self.tail_calls = true;
            }
            Operator::CallRef { .. } => self.reference_calls = true,
            Operator::ReturnCallRef { .. } => {
                self.reference_calls = true;
                self.tail_calls = true;
            }
            Operator::Throw { .. } | Operator::ThrowRef => self.throws = true,
            Operator::Rethrow { .. } => {
                self.throws = true;
                self.rethrows = true;
            }
            // The runtime has no such references.
            Operator::RefNull {
                hty:
                    wasmparser::HeapType::Abstract {
                        ty: wasmparser::AbstractHeapType::Exn,
                        ..
                    },
            } => {}
            // Copies and fills call nothing that a runtime without bulk memory lacks.
            Operator::MemoryInit { .. } | Operator::DataDrop { .. } => self.bulk_memory = true,
            Operator::TableGrow { .. }
            | Operator::TableInit { .. }
            | Operator::TableCopy { .. }
            | Operator::TableFill { .. }
            | Operator::TableGet { .. }
            | Operator::TableSet { .. }
            | Operator::TableSize { .. }
            | Operator::ElemDrop { .. }
            | Operator::RefNull { .. }
            | Operator::RefIsNull
            | Operator::RefFunc { .. } => self.reference_types = true,
            Operator::TypedSelect {
                ty: wasmparser::ValType::Ref(ty),
            } => self.reference_types |= is_runtime_reference(*ty),
            _ => self.relaxed_simd |= is_relaxed(operator),
        }
    }

    fn of_declarations(module: &Module<'_>) -> Usage {
        let mut usage = Usage::default();
        let types = module.types.values();
        let value_types = types
            .flat_map(|ty| ty.params.iter().chain(&ty.results))
            .copied()
            .chain(module.globals.values().map(|global| global.ty));
        value_types.for_each(|ty| match ty {
            ValType::V128 => usage.simd = true,
            ValType::Ref(RefType::Func | RefType::Extern) => usage.reference_types = true,
            _ => {}
        });
        usage.reference_types |= module.tables.len() > 1
            || module.initialized_tables().next().is_some()
            || module.tables.values().any(|table| table.element == RefType::Extern)
            // Without reference types, the runtime takes every element segment as active.
            || module
                .elements
                .values()
                .any(|segment| !matches!(segment.mode, ElementMode::Active { .. }));
        // Likewise for data segments and bulk memory.
        usage.bulk_memory |= module
            .data
            .values()
            .any(|segment| matches!(segment.mode, DataMode::Passive));
        usage
    }
}

/// Reports whether the runtime has to know about references of a type. It never sees exception references.
fn is_runtime_reference(ty: wasmparser::RefType) -> bool {
    !matches!(ty, wasmparser::RefType::EXN | wasmparser::RefType::EXNREF)
}

/// Reports whether an operator belongs to the relaxed SIMD proposal.
fn is_relaxed(operator: &Operator<'_>) -> bool {
    use Operator as Op;
    matches!(
        operator,
        Op::I8x16RelaxedSwizzle
            | Op::I32x4RelaxedTruncF32x4S
            | Op::I32x4RelaxedTruncF32x4U
            | Op::I32x4RelaxedTruncF64x2SZero
            | Op::I32x4RelaxedTruncF64x2UZero
            | Op::F32x4RelaxedMadd
            | Op::F32x4RelaxedNmadd
            | Op::F64x2RelaxedMadd
            | Op::F64x2RelaxedNmadd
            | Op::I8x16RelaxedLaneselect
            | Op::I16x8RelaxedLaneselect
            | Op::I32x4RelaxedLaneselect
            | Op::I64x2RelaxedLaneselect
            | Op::F32x4RelaxedMin
            | Op::F32x4RelaxedMax
            | Op::F64x2RelaxedMin
            | Op::F64x2RelaxedMax
            | Op::I16x8RelaxedQ15mulrS
            | Op::I16x8RelaxedDotI8x16I7x16S
            | Op::I32x4RelaxedDotI8x16I7x16AddS
    )
}

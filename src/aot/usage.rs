//! What a module's code does that the AOT file must tell the runtime: a walk over all bodies,
//! which only looks at opcodes.

use rayon::prelude::*;
use wasmparser::{BinaryReader, BinaryReaderError, FunctionBody, Operator};

use crate::wasm::{DataMode, ElementMode, Module, RefType, ValType};

/// The findings, of one function or of the module.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage {
    /// `memory.size` or `memory.grow` occurs: the module can tell how large a page is.
    pub memory_pages: bool,
    pub simd: bool,
    pub bulk_memory: bool,
    pub reference_types: bool,
}

impl Usage {
    /// Walks over the whole module.
    pub fn of(module: &Module<'_>) -> Result<Usage, BinaryReaderError> {
        let bodies: Vec<_> = module.defined_functions().map(|(_, body)| body).collect();
        let code = bodies
            .par_iter()
            .map(|body| Usage::of_body(body.bytes, body.offset))
            .try_reduce(Usage::default, |a, b| Ok(a.and(b)))?;
        Ok(code.and(Usage::of_declarations(module)))
    }

    fn and(mut self, other: Usage) -> Usage {
        self.memory_pages |= other.memory_pages;
        self.simd |= other.simd;
        self.bulk_memory |= other.bulk_memory;
        self.reference_types |= other.reference_types;
        self
    }

    fn of_body(bytes: &[u8], offset: usize) -> Result<Usage, BinaryReaderError> {
        let mut usage = Usage::default();
        let body = FunctionBody::new(BinaryReader::new(bytes, offset as u64));
        let mut locals = body.get_locals_reader()?;
        for _ in 0..locals.get_count() {
            match locals.read()?.1 {
                wasmparser::ValType::V128 => usage.simd = true,
                wasmparser::ValType::Ref(_) => usage.reference_types = true,
                _ => {}
            }
        }
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            // All vector instructions, and no others, start with this byte.
            let at = operators.original_position() as usize - offset;
            usage.simd |= bytes.get(at) == Some(&0xfd);
            usage.note(&operators.read()?);
        }
        Ok(usage)
    }

    fn note(&mut self, operator: &Operator<'_>) {
        match operator {
            Operator::MemorySize { .. } | Operator::MemoryGrow { .. } => self.memory_pages = true,
            Operator::MemoryInit { .. }
            | Operator::MemoryCopy { .. }
            | Operator::MemoryFill { .. }
            | Operator::DataDrop { .. } => self.bulk_memory = true,
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
            | Operator::RefFunc { .. }
            | Operator::TypedSelect {
                ty: wasmparser::ValType::Ref(_),
            } => {
                self.reference_types = true;
            }
            _ => {}
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
            ValType::Ref(_) => usage.reference_types = true,
            _ => {}
        });
        usage.reference_types |= module.tables.len() > 1
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

//! The module as plain data, which the frontend hands to the emitter and to the AOT writer.
//!
//! Names, bodies and segment bytes are borrowed from the input. This file does not use LLVM.

use std::borrow::Cow;

use cranelift_entity::PrimaryMap;
use smallvec::{SmallVec, smallvec};

use super::branch_hints::BranchHints;
use super::facts::{FunctionFacts, Usage};
use super::index::{
    DataIndex, ElemIndex, FuncIndex, GlobalIndex, MemoryIndex, TableIndex, TagIndex, TypeIndex,
};

/// A value type (specification 2.3.1 – 2.3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValType {
    I32,
    I64,
    F32,
    F64,
    V128,
    Ref(RefType),
}

/// A reference type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefType {
    Func,
    Extern,
    /// `exnref`: an exception. The host has no such value.
    Exn,
}

/// A function type: parameters and results in order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct FuncType {
    pub params: Vec<ValType>,
    pub results: Vec<ValType>,
}

/// The module name and the item name of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportName<'a> {
    pub module: &'a str,
    pub field: &'a str,
}

/// A function of the module's function index space.
#[derive(Debug, Clone)]
pub struct Function<'a> {
    pub type_index: TypeIndex,
    pub kind: FunctionKind<'a>,
}

#[derive(Debug, Clone)]
pub enum FunctionKind<'a> {
    Imported(ImportName<'a>),
    /// The validated body, still in its binary form; the emitter reads it once.
    Defined(FunctionBody<'a>),
}

/// The code section entry of a defined function: local declarations and instructions.
#[derive(Debug, Clone, Copy)]
pub struct FunctionBody<'a> {
    /// The bytes from the local declarations to the final `end`, without the size prefix.
    pub bytes: &'a [u8],
    /// The offset of `bytes` in the file, in bytes.
    pub offset: usize,
}

/// Size limits of a table (elements) or a memory (pages).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub min: u64,
    pub max: Option<u64>,
}

#[derive(Debug, Clone)]
pub struct Table<'a> {
    pub import: Option<ImportName<'a>>,
    pub element: RefType,
    pub limits: Limits,
    /// Indices are 64 bits wide (memory64 proposal).
    pub table64: bool,
    /// Offset of the declaration in the file.
    pub offset: u64,
    /// Initial value of every element; `None` is the null reference, which is never written out here.
    pub init: Option<ConstExpr>,
    /// How the functions of the module use this table.
    pub usage: TableUsage,
}

/// How the functions of a module use a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TableUsage {
    /// `table.grow` occurs.
    pub grows: bool,
    /// An instruction that changes elements occurs.
    pub changes: bool,
    /// `call_indirect` or `return_call_indirect` occurs.
    pub calls: bool,
}

#[derive(Debug, Clone)]
pub struct Memory<'a> {
    pub import: Option<ImportName<'a>>,
    /// In pages of `page_size` bytes.
    pub limits: Limits,
    /// Bytes in a page: [`PAGE_SIZE`], or 1 (custom-page-sizes proposal).
    pub page_size: u64,
    pub shared: bool,
    /// Addresses are 64 bits wide (memory64 proposal).
    pub memory64: bool,
    /// How the functions of the module use this memory.
    pub usage: MemoryUsage,
    /// Offset of the declaration in the file.
    pub offset: u64,
}

impl Memory<'_> {
    /// Returns the minimum size in bytes.
    pub fn least_bytes(&self) -> u64 {
        self.limits.min.saturating_mul(self.page_size)
    }

    /// Returns the declared maximum in bytes.
    pub fn most_bytes(&self) -> Option<u64> {
        let pages = self.limits.max?;
        Some(pages.saturating_mul(self.page_size))
    }
}

/// How the functions of a module use a memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MemoryUsage {
    /// `memory.grow` occurs.
    pub grows: bool,
}

/// Bytes in a WebAssembly page (specification 4.2.8), unless a memory says otherwise.
pub const PAGE_SIZE: u64 = 65536;

#[derive(Debug, Clone)]
pub struct Global<'a> {
    pub ty: ValType,
    pub mutable: bool,
    pub kind: GlobalKind<'a>,
}

#[derive(Debug, Clone)]
pub enum GlobalKind<'a> {
    Imported(ImportName<'a>),
    Defined(ConstExpr),
}

/// A constant expression: its instructions in order, without the final `end`. The list is flat because
/// expressions may nest without limit, and recursion over them would be unbounded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConstExpr {
    /// Nearly always one instruction. Tables have millions of expressions, so a single one needs no
    /// allocation.
    pub instructions: SmallVec<[ConstInstruction; 1]>,
}

impl From<ConstInstruction> for ConstExpr {
    fn from(instruction: ConstInstruction) -> ConstExpr {
        ConstExpr {
            instructions: smallvec![instruction],
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstInstruction {
    I32(i32),
    I64(i64),
    /// The IEEE 754 bits.
    F32(u32),
    /// The IEEE 754 bits.
    F64(u64),
    V128([u8; 16]),
    GlobalGet(GlobalIndex),
    RefNull(RefType),
    RefFunc(FuncIndex),
    /// Pops two operands (extended-const proposal).
    Binary(ConstBinary),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstBinary {
    I32Add,
    I32Sub,
    I32Mul,
    I64Add,
    I64Sub,
    I64Mul,
}

/// A kind of exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    pub import: Option<ImportName<'a>>,
    /// The parameters of this type are the values that an exception carries.
    pub type_index: TypeIndex,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Export<'a> {
    pub name: &'a str,
    pub item: ExportItem,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportItem {
    Function(FuncIndex),
    Table(TableIndex),
    Memory(MemoryIndex),
    Global(GlobalIndex),
    Tag(TagIndex),
}

#[derive(Debug, Clone)]
pub struct ElementSegment {
    pub element: RefType,
    pub mode: ElementMode,
    /// One expression per element: `ref.func`, `ref.null` or `global.get`.
    pub items: Vec<ConstExpr>,
    /// Offset of the segment in the file.
    pub offset: u64,
}

#[derive(Debug, Clone)]
pub enum ElementMode {
    Active {
        table: TableIndex,
        offset: ConstExpr,
    },
    Passive,
    Declarative,
}

#[derive(Debug, Clone)]
pub struct DataSegment<'a> {
    pub mode: DataMode,
    pub bytes: &'a [u8],
    /// The memories that `memory.init` copies the segment to, each once.
    pub initialises: SmallVec<[MemoryIndex; 1]>,
    /// Offset of the bytes in the file.
    pub offset: u64,
}

#[derive(Debug, Clone)]
pub enum DataMode {
    Active {
        memory: MemoryIndex,
        offset: ConstExpr,
    },
    Passive,
}

/// A custom section as it stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomSection<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
}

/// The C stack inside linear memory, as clang and rustc lay it out and as WAMR's loader needs it. It is found
/// from the globals `__data_end`, `__heap_base` and the stack pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuxStack {
    pub data_end_global: Option<GlobalIndex>,
    /// Address in linear memory, bytes.
    pub data_end: u64,
    pub heap_base_global: Option<GlobalIndex>,
    /// Address in linear memory, bytes.
    pub heap_base: u64,
    /// The mutable global that holds the stack pointer; code checks each `global.set` of this global.
    pub stack_pointer: Option<GlobalIndex>,
    /// The address in linear memory where the stack starts; it grows down.
    pub bottom: u64,
    /// Size in bytes.
    pub size: u32,
}

/// A validated module.
#[derive(Debug, Default)]
pub struct Module<'a> {
    pub types: PrimaryMap<TypeIndex, FuncType>,
    /// The canonical type of each type: the smallest index of an equal type. The runtime knows the type of a
    /// function by this index, so the check of an indirect call must compare it. Types can differ although
    /// their [`FuncType`]s are equal, in references to functions of different types.
    pub canonical_types: PrimaryMap<TypeIndex, TypeIndex>,
    pub functions: PrimaryMap<FuncIndex, Function<'a>>,
    pub tables: PrimaryMap<TableIndex, Table<'a>>,
    pub memories: PrimaryMap<MemoryIndex, Memory<'a>>,
    pub globals: PrimaryMap<GlobalIndex, Global<'a>>,
    pub tags: PrimaryMap<TagIndex, Tag<'a>>,
    pub exports: Vec<Export<'a>>,
    pub start: Option<FuncIndex>,
    pub elements: PrimaryMap<ElemIndex, ElementSegment>,
    pub data: PrimaryMap<DataIndex, DataSegment<'a>>,
    /// Counts of imported items, which come first in their index spaces.
    pub imported_functions: usize,
    pub imported_tables: usize,
    pub imported_memories: usize,
    pub imported_globals: usize,
    pub aux_stack: Option<AuxStack>,
    /// Facts about the code.
    pub usage: Usage,
    /// The facts about each defined function, in function order.
    pub facts: Vec<FunctionFacts>,
    /// Function names of the name section, sorted by index.
    pub function_names: Vec<(FuncIndex, Cow<'a, str>)>,
    /// Tag names of the name section, sorted by index.
    pub tag_names: Vec<(TagIndex, Cow<'a, str>)>,
    pub custom_sections: Vec<CustomSection<'a>>,
    pub branch_hints: BranchHints,
    /// Offset in the file of the contents of the code section, from which DWARF counts addresses. Zero if there
    /// is none.
    pub code_offset: u64,
}

impl<'a> Module<'a> {
    /// Returns the type of function `index`.
    pub fn function_type(&self, index: FuncIndex) -> &FuncType {
        &self.types[self.functions[index].type_index]
    }

    /// Returns the tables of the module whose elements do not start as null, with their first values.
    pub fn initialized_tables(&self) -> impl Iterator<Item = (TableIndex, &ConstExpr)> {
        let tables = self.tables.iter();
        tables.filter_map(|(index, table)| Some((index, table.init.as_ref()?)))
    }

    /// Reports whether a memory or a table has 64-bit addresses or indices.
    pub fn has_memory64(&self) -> bool {
        self.memories.values().any(|memory| memory.memory64)
            || self.tables.values().any(|table| table.table64)
    }

    /// Returns the position of `index` among the defined functions; `None` for an import.
    pub fn defined_position(&self, index: FuncIndex) -> Option<usize> {
        (index.as_u32() as usize).checked_sub(self.imported_functions)
    }

    /// Returns the defined functions with their bodies, in index order.
    pub fn defined_functions(&self) -> impl Iterator<Item = (FuncIndex, FunctionBody<'a>)> + '_ {
        self.functions
            .iter()
            .filter_map(|(index, function)| match function.kind {
                FunctionKind::Defined(body) => Some((index, body)),
                FunctionKind::Imported(_) => None,
            })
    }

    /// Returns the name of function `index` in the name section.
    pub fn function_name(&self, index: FuncIndex) -> Option<&str> {
        self.function_names
            .binary_search_by_key(&index, |(i, _)| *i)
            .ok()
            .map(|at| self.function_names[at].1.as_ref())
    }
}

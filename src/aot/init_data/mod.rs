//! Section 1: everything about the module except code: memories, tables, types, globals, imports, the C stack
//! inside linear memory, and data sections of the object file.
//!
//! Imported memories and tables are listed with the defined ones: the runtime gives the module its own,
//! whatever the import says.

mod globals;
mod imports;
mod memory;
mod table;
mod types;

pub use globals::Global;
pub use imports::{ImportedFunction, ImportedGlobal};
pub use memory::{DataSegment, Memory, MemoryFlags};
pub use table::{ElementSegment, SegmentElement, SegmentMode, Table};

use super::error::{ReadError, WriteError};
use super::reader::{Read, Reader};
use super::writer::{Write, Writer};
use crate::wasm::FuncType;

/// The init data section. It also contains the count of defined functions and the start function, which
/// belong to [`super::AotFile`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InitData {
    /// Imported memories first. Never empty in a file that the runtime can instantiate: the runtime reads the
    /// first memory without checking that it exists.
    pub memories: Vec<Memory>,
    pub data: Vec<DataSegment>,
    /// Always empty in files of `wamrc` and of Wasmelt.
    pub imported_tables: Vec<Table>,
    /// Imported tables first.
    pub tables: Vec<Table>,
    pub elements: Vec<ElementSegment>,
    pub types: Vec<FuncType>,
    pub imported_globals: Vec<ImportedGlobal>,
    pub globals: Vec<Global>,
    pub imported_functions: Vec<ImportedFunction>,
    /// The start function. The runtime calls it only if it is not imported.
    pub start: Option<u32>,
    pub aux_stack: AuxStack,
    pub object_data: Vec<ObjectData>,
}

/// The loader's data about the C stack inside linear memory. All "none" and zero if the module has no such
/// stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AuxStack {
    pub data_end_global: Option<u32>,
    pub data_end: u64,
    pub heap_base_global: Option<u32>,
    pub heap_base: u64,
    pub stack_pointer_global: Option<u32>,
    /// The start of the stack; it grows down.
    pub bottom: u64,
    pub size: u32,
}

impl Write for AuxStack {
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        writer.optional_index(self.data_end_global);
        writer.u64(self.data_end);
        writer.optional_index(self.heap_base_global);
        writer.u64(self.heap_base);
        writer.optional_index(self.stack_pointer_global);
        writer.u64(self.bottom);
        writer.u32(self.size);
        Ok(())
    }
}

impl Read for AuxStack {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        Ok(AuxStack {
            data_end_global: reader.optional_index("the index of __data_end")?,
            data_end: reader.u64("__data_end")?,
            heap_base_global: reader.optional_index("the index of __heap_base")?,
            heap_base: reader.u64("__heap_base")?,
            stack_pointer_global: reader.optional_index("the index of the stack pointer")?,
            bottom: reader.u64("the stack's start")?,
            size: reader.u32("the stack's size")?,
        })
    }
}

/// A data section of the object file (`.rodata`, …), which the loader places near the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectData {
    pub name: String,
    pub bytes: Vec<u8>,
}

impl Write for ObjectData {
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        writer.string("the name of a data section", &self.name)?;
        writer.count("the size of a data section", self.bytes.len())?;
        writer.bytes(&self.bytes);
        Ok(())
    }
}

impl Read for ObjectData {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let name = reader.string("the name of a data section")?;
        let size = reader.u32("the size of a data section")?;
        let bytes = reader.bytes("a data section", size as usize)?.to_vec();
        Ok(ObjectData { name, bytes })
    }
}

impl InitData {
    pub(super) fn write(
        &self,
        writer: &mut Writer,
        function_count: usize,
    ) -> Result<(), WriteError> {
        writer.u32(0); // imported memories, of which the format says nothing more
        writer.list("the count of memories", &self.memories)?;
        writer.list("the count of data segments", &self.data)?;
        writer.list("the count of imported tables", &self.imported_tables)?;
        writer.list("the count of tables", &self.tables)?;
        writer.list("the count of element segments", &self.elements)?;
        writer.list("the count of types", &self.types)?;
        writer.list("the count of imported globals", &self.imported_globals)?;
        writer.list("the count of globals", &self.globals)?;
        writer.list("the count of imported functions", &self.imported_functions)?;
        writer.count("the count of functions", function_count)?;
        writer.optional_index(self.start);
        self.aux_stack.write(writer)?;
        writer.list("the count of data sections", &self.object_data)
    }

    /// Reads the section and the count of defined functions.
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<(Self, u32), ReadError> {
        let imported_memories = reader.u32("the count of imported memories")?;
        if imported_memories != 0 {
            return Err(reader.wrong(4, "no imported memories", imported_memories));
        }
        let memories = reader.list("the count of memories")?;
        let data = reader.list("the count of data segments")?;
        let imported_tables = reader.list("the count of imported tables")?;
        let tables = reader.list("the count of tables")?;
        let elements = reader.list("the count of element segments")?;
        let types: Vec<FuncType> = reader.list("the count of types")?;
        let imported_globals = reader.list("the count of imported globals")?;
        let globals = reader.list("the count of globals")?;
        let count = reader.u32("the count of imported functions")?;
        let imported_functions =
            reader.repeat(count, |reader| ImportedFunction::read(reader, types.len()))?;
        let function_count = reader.u32("the count of functions")?;
        let Some(functions) = count.checked_add(function_count) else {
            let expected = "fewer functions than 32 bits can count";
            return Err(reader.wrong(4, expected, function_count));
        };
        let start = reader.optional_index("the start function")?;
        if let Some(start) = start {
            reader.check_index("a start function", start, 4, functions as usize)?;
        }
        let init_data = InitData {
            memories,
            data,
            imported_tables,
            tables,
            elements,
            types,
            imported_globals,
            globals,
            imported_functions,
            start,
            aux_stack: AuxStack::read(reader)?,
            object_data: reader.list("the count of data sections")?,
        };
        Ok((init_data, function_count))
    }
}

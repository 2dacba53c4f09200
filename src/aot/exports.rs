//! Section 4: exports.
//!
//! The loader rejects two exports of one name. It finds `malloc`, `free`, `__new` and similar functions in
//! this section; no other part of the file names them.

use super::error::{ReadError, WriteError};
use super::reader::{Read, Reader};
use super::writer::{Write, Writer};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExportKind {
    Function = 0,
    Table = 1,
    Memory = 2,
    Global = 3,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    pub kind: ExportKind,
    /// The index in the index space of `kind`, imports included.
    pub index: u32,
    pub name: String,
}

impl Write for Export {
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        writer.u32(self.index);
        writer.u8(self.kind as u8);
        writer.string("the name of an export", &self.name)
    }
}

impl Read for Export {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let index = reader.u32("the index of an export")?;
        let kind = match reader.u8("the kind of an export")? {
            0 => ExportKind::Function,
            1 => ExportKind::Table,
            2 => ExportKind::Memory,
            3 => ExportKind::Global,
            other => return Err(reader.wrong(1, "the kind of an export, 0 to 3", other)),
        };
        Ok(Export {
            kind,
            index,
            name: reader.string("the name of an export")?,
        })
    }
}

/// The number of items of each kind, imports included.
#[derive(Debug, Clone, Copy)]
pub(super) struct ItemCounts {
    pub functions: usize,
    pub tables: usize,
    pub memories: usize,
    pub globals: usize,
}

/// Reads the exports, whose indices must be below `counts`.
pub(super) fn read(reader: &mut Reader<'_>, counts: ItemCounts) -> Result<Vec<Export>, ReadError> {
    let count = reader.u32("the count of exports")?;
    reader.repeat(count, |reader| {
        reader.align(4);
        let start = reader.position();
        let export = Export::read(reader)?;
        let limit = match export.kind {
            ExportKind::Function => counts.functions,
            ExportKind::Table => counts.tables,
            ExportKind::Memory => counts.memories,
            ExportKind::Global => counts.globals,
        };
        if export.index as usize >= limit {
            let expected = format!("an exported index less than {limit}");
            return Err(reader.error(start, expected, export.index.to_string()));
        }
        Ok(export)
    })
}

//! The AOT container: the file format of WAMR's loader.
//!
//! [`assemble()`] makes a file from a module with its linked code, and [`AotFile::to_bytes`] returns its bytes.
//! [`AotFile::parse`] reads bytes of any origin and returns typed sections. Each section is a type in its own
//! file, whose writer and reader mirror each other.
//!
//! Details to know: alignment and byte order (`writer.rs`), the start of the code (`text.rs`), the depth of
//! expressions (`init_expr.rs`), the size of memory in the runtime (`assemble.rs`).

mod assemble;
mod const_expr;
mod custom;
mod error;
mod exports;
mod functions;
mod init_data;
mod init_expr;
mod reader;
mod relocations;
mod target_info;
mod text;
mod writer;

#[cfg(test)]
mod tests;

pub use assemble::assemble;
pub use custom::CustomSection;
pub use error::{AssembleError, Part, ReadError, WriteError};
pub use exports::{Export, ExportKind};
pub use functions::Function;
pub use init_data::{
    AuxStack, DataSegment, ElementSegment, Global, ImportedFunction, ImportedGlobal, InitData,
    Memory, MemoryFlags, ObjectData, SegmentElement, SegmentMode, Table,
};
pub use init_expr::{InitExpr, MAX_DEPTH, NULL_REFERENCE};
pub use relocations::{Relocation, RelocationGroup, Relocations};
pub use target_info::{ArchName, BinaryType, FeatureFlags, FileType, TargetInfo};
pub use text::Text;

pub use crate::options::FormatVersion;

use exports::ItemCounts;
use reader::{Read, Reader};
use writer::{Write, Writer};

/// The first four bytes of every AOT file.
pub const MAGIC: [u8; 4] = *b"\0aot";

const TARGET_INFO: u32 = 0;
const INIT_DATA: u32 = 1;
const TEXT: u32 = 2;
const FUNCTION: u32 = 3;
const EXPORT: u32 = 4;
const RELOCATION: u32 = 5;
const CUSTOM: u32 = 100;

/// An AOT file. All sections except the custom ones are mandatory, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AotFile {
    pub version: FormatVersion,
    pub target_info: TargetInfo,
    pub init_data: InitData,
    pub text: Text,
    /// The defined functions.
    pub functions: Vec<Function>,
    pub exports: Vec<Export>,
    pub relocations: Relocations,
    pub custom: Vec<CustomSection>,
}

impl AotFile {
    /// Reports whether the runtime has to evaluate a constant expression. Only a runtime built for it loads the
    /// file.
    pub fn needs_extended_const(&self) -> bool {
        let data = &self.init_data;
        let globals = data.globals.iter().map(|global| &global.init);
        let offsets = data.data.iter().map(|segment| &segment.offset);
        let elements = data.elements.iter();
        let elements = elements.flat_map(|it| std::iter::once(&it.offset).chain(&it.items));
        globals
            .chain(offsets)
            .chain(elements)
            .any(|init| matches!(init, InitExpr::Binary { .. }))
    }

    /// Returns the bytes of the file.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WriteError> {
        let mut writer = self.write_up_to_text()?;
        writer.section(TEXT, |writer| self.text.write(writer))?;
        writer.section(FUNCTION, |writer| functions::write(&self.functions, writer))?;
        writer.section(EXPORT, |writer| {
            writer.list("the count of exports", &self.exports)
        })?;
        writer.section(RELOCATION, |writer| self.relocations.write(writer))?;
        for section in &self.custom {
            writer.section(CUSTOM, |writer| section.write(writer))?;
        }
        Ok(writer.into_bytes())
    }

    /// Reads a file, with the same checks as the runtime's loader.
    pub fn parse(file: &[u8]) -> Result<AotFile, ReadError> {
        let mut reader = Reader::new(file);
        let version = read_header(&mut reader)?;

        let mut section = next_section(&mut reader, TARGET_INFO, Part::TargetInfo)?;
        let target_info = TargetInfo::read(&mut section)?;
        section.finish()?;
        reader.set_binary_type(target_info.binary_type);

        let mut section = next_section(&mut reader, INIT_DATA, Part::InitData)?;
        let (init_data, function_count) = InitData::read(&mut section)?;
        section.finish()?;

        let mut section = next_section(&mut reader, TEXT, Part::Text)?;
        let text = Text::read(&mut section)?;

        let mut section = next_section(&mut reader, FUNCTION, Part::Function)?;
        let functions = functions::read(
            &mut section,
            function_count,
            text.code.len(),
            init_data.types.len(),
        )?;
        section.finish()?;

        let mut section = next_section(&mut reader, EXPORT, Part::Export)?;
        let counts = ItemCounts {
            functions: init_data.imported_functions.len() + functions.len(),
            tables: init_data.imported_tables.len() + init_data.tables.len(),
            memories: init_data.memories.len(),
            globals: init_data.imported_globals.len() + init_data.globals.len(),
        };
        let exports = exports::read(&mut section, counts)?;
        section.finish()?;

        let mut section = next_section(&mut reader, RELOCATION, Part::Relocation)?;
        let relocations = Relocations::read(&mut section)?;
        section.finish()?;

        let mut custom = Vec::new();
        while !reader.is_at_end() {
            let mut section = next_section(&mut reader, CUSTOM, Part::Custom)?;
            custom.push(CustomSection::read(&mut section)?);
            section.finish()?;
        }
        Ok(AotFile {
            version,
            target_info,
            init_data,
            text,
            functions,
            exports,
            relocations,
            custom,
        })
    }

    /// Returns the number of sections in the file.
    pub fn section_count(&self) -> usize {
        let always = [TARGET_INFO, INIT_DATA, TEXT, FUNCTION, EXPORT, RELOCATION];
        always.len() + self.custom.len()
    }

    /// Returns the offset of the text section's body in the file.
    fn text_offset(&self) -> Result<usize, WriteError> {
        let mut writer = self.write_up_to_text()?;
        writer.section(TEXT, |_| Ok(()))?;
        Ok(writer.position())
    }

    /// Writes the header and the sections in front of the code.
    fn write_up_to_text(&self) -> Result<Writer, WriteError> {
        let mut writer = Writer::new(self.target_info.binary_type);
        writer.bytes(&MAGIC);
        writer.u32(self.version as u32);
        writer.section(TARGET_INFO, |writer| self.target_info.write(writer))?;
        writer.section(INIT_DATA, |writer| {
            self.init_data.write(writer, self.functions.len())
        })?;
        Ok(writer)
    }
}

fn read_header(reader: &mut Reader<'_>) -> Result<FormatVersion, ReadError> {
    let magic: [u8; 4] = reader.fixed("magic number")?;
    if magic != MAGIC {
        let found = format!("the bytes {magic:02x?}");
        return Err(reader.wrong(4, "the magic number of an AOT file (\\0aot)", found));
    }
    match reader.u32("the format version")? {
        5 => Ok(FormatVersion::V5),
        6 => Ok(FormatVersion::V6),
        other => Err(reader.wrong(4, "format version 5 or 6", other)),
    }
}

/// Returns a reader of the next section, which must have number `id`.
fn next_section<'a>(reader: &mut Reader<'a>, id: u32, part: Part) -> Result<Reader<'a>, ReadError> {
    reader.set_part(Part::SectionHeader);
    let found = reader.u32("a section's number")?;
    if found != id {
        return Err(reader.wrong(4, format!("section {id} ({part})"), found));
    }
    let size = reader.u32("a section's size")?;
    reader.window(part, size)
}

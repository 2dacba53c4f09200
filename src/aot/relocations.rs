//! Section 5: the relocations for the loader, one group per section of the object file, and the names of
//! sections and symbols, each once.
//!
//! The offsets in front of the names are the only numbers of the format in the target's byte order. They are
//! redundant, but the loader compares them.

use std::collections::HashMap;

use super::error::{ReadError, WriteError};
use super::reader::{Read, Reader};
use super::writer::{Write, Writer, fit};
use crate::link;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Relocations {
    /// Names of groups and of symbols, in order of first use.
    pub names: Vec<String>,
    pub groups: Vec<RelocationGroup>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelocationGroup {
    /// Index of the section's name (`.rela.text`, …) in [`Relocations::names`].
    pub name: u32,
    pub relocations: Vec<Relocation>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relocation {
    /// Bytes from the start of the section's contents.
    pub offset: u64,
    pub addend: i64,
    /// The type of the target's psABI.
    pub kind: u32,
    /// Index of the symbol's name in [`Relocations::names`].
    pub symbol: u32,
}

impl Relocations {
    /// Returns one group, `section`, with the relocations that the linker left; no group if it left none.
    pub fn of_section(section: &str, left: &[link::Relocation]) -> Relocations {
        if left.is_empty() {
            return Relocations::default();
        }
        let mut names = Names::default();
        let name = names.index(section);
        let relocations = left
            .iter()
            .map(|relocation| Relocation {
                offset: relocation.offset,
                addend: relocation.addend,
                kind: relocation.kind,
                symbol: names.index(&relocation.symbol),
            })
            .collect();
        Relocations {
            names: names.list,
            groups: vec![RelocationGroup { name, relocations }],
        }
    }

    pub(super) fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        writer.count("the count of names", self.names.len())?;
        let mut offset: u64 = 0;
        for name in &self.names {
            writer.target_u32(fit("the size of all names", offset)?);
            // Length, text, NUL, up to the next multiple of two.
            offset += (2 + name.len() as u64 + 1).next_multiple_of(2);
        }
        writer.u32(fit("the size of all names", offset)?);
        for name in &self.names {
            writer.string("the name of a symbol", name)?;
            writer.align(2);
        }
        writer.list("the count of relocation groups", &self.groups)
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let count = reader.u32("the count of names")?;
        let offsets = reader.repeat(count, |reader| {
            Ok((
                reader.target_u32("the offset of a name")?,
                reader.position(),
            ))
        })?;
        let total = reader.u32("the size of all names")?;
        let start = reader.position();
        let mut names = Vec::new();
        for (offset, end) in offsets {
            let expected = reader.position() - start;
            if offset as usize != expected {
                let expected = format!("{expected} for the offset of a name");
                return Err(reader.error(end - 4, expected, offset.to_string()));
            }
            names.push(reader.string("the name of a symbol")?);
            reader.align(2);
        }
        if reader.position() - start != total as usize {
            let found = format!("{} bytes", reader.position() - start);
            return Err(reader.error(start, format!("{total} bytes of names"), found));
        }
        let count = reader.u32("the count of relocation groups")?;
        let groups = reader.repeat(count, |reader| RelocationGroup::read(reader, names.len()))?;
        Ok(Relocations { names, groups })
    }
}

/// Assigns an index to each name, in order of first use.
#[derive(Default)]
struct Names<'a> {
    list: Vec<String>,
    index: HashMap<&'a str, u32>,
}

impl<'a> Names<'a> {
    fn index(&mut self, name: &'a str) -> u32 {
        *self.index.entry(name).or_insert_with(|| {
            self.list.push(name.to_owned());
            self.list.len() as u32 - 1
        })
    }
}

impl Write for RelocationGroup {
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        writer.u32(self.name);
        writer.list("the count of relocations", &self.relocations)
    }
}

impl RelocationGroup {
    fn read(reader: &mut Reader<'_>, name_count: usize) -> Result<Self, ReadError> {
        let name = reader.index("the index of a name", name_count)?;
        let count = reader.u32("the count of relocations")?;
        let relocations = reader.repeat(count, |reader| {
            let relocation = Relocation::read(reader)?;
            reader.check_index("the index of a name", relocation.symbol, 4, name_count)?;
            Ok(relocation)
        })?;
        Ok(RelocationGroup { name, relocations })
    }
}

impl Write for Relocation {
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        writer.word("the offset of a relocation", self.offset)?;
        writer.signed_word("the addend of a relocation", self.addend)?;
        writer.u32(self.kind);
        writer.u32(self.symbol);
        Ok(())
    }
}

impl Read for Relocation {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        Ok(Relocation {
            offset: reader.word("the offset of a relocation")?,
            addend: reader.signed_word("the addend of a relocation")?,
            kind: reader.u32("the type of a relocation")?,
            symbol: reader.u32("the symbol of a relocation")?,
        })
    }
}

//! Writes the linked text as an ELF object, for `--format=object`.
//!
//! The object has one section `.text` (code and islands as linked), a symbol for each function, and the
//! relocations against the runtime's helpers. The text is already linked, so a linker can place it but cannot
//! drop functions from it.

use object::write::{Object, Relocation, StandardSection, Symbol, SymbolId, SymbolSection};
use object::{
    BinaryFormat, FileFlags, RelocationFlags, SymbolFlags, SymbolKind, SymbolScope, elf,
    elf::RelocationType,
};
use std::collections::HashMap;

use super::{LinkError, LinkedText, Platform, TEXT_SYMBOL, arch, elf_endianness};
use crate::abi::symbols::SymbolName;

/// Writes `text` as a relocatable ELF object, with `elf_flags` as its `e_flags`.
pub fn relocatable(
    text: &LinkedText,
    platform: impl Into<Platform>,
    elf_flags: u32,
) -> Result<Vec<u8>, LinkError> {
    object_file(text, platform, elf_flags)?
        .write()
        .map_err(not_written)
}

/// Returns the object of [`relocatable`], to which sections can be added.
pub fn object_file<'a>(
    text: &LinkedText,
    platform: impl Into<Platform>,
    elf_flags: u32,
) -> Result<Object<'a>, LinkError> {
    let platform = platform.into();
    let machine = arch::find(platform.arch)?;
    let mut object = Object::new(
        BinaryFormat::Elf,
        machine.object_architecture(),
        elf_endianness(platform),
    );
    object.flags = FileFlags::Elf {
        os_abi: elf::ELFOSABI_NONE,
        abi_version: 0,
        e_flags: elf::FileFlags(elf_flags),
    };
    let section = object.section_id(StandardSection::Text);
    object.append_section_data(section, &text.bytes, text.alignment);
    for symbol in &text.symbols {
        let scope = match SymbolName::parse(&symbol.name) {
            Some(SymbolName::Entry(_)) => SymbolScope::Linkage,
            _ => SymbolScope::Compilation,
        };
        object.add_symbol(Symbol {
            name: symbol.name.clone().into_bytes(),
            value: symbol.offset | u64::from(machine.is_thumb()),
            size: symbol.size,
            kind: SymbolKind::Text,
            scope,
            weak: false,
            section: SymbolSection::Section(section),
            flags: SymbolFlags::None,
        });
    }
    // Where the text refers to itself by its address, the section's symbol stands for it.
    let mut helpers: HashMap<&str, SymbolId> =
        HashMap::from([(TEXT_SYMBOL, object.section_symbol(section))]);
    for relocation in &text.relocations {
        let symbol = *helpers.entry(&relocation.symbol).or_insert_with(|| {
            object.add_symbol(Symbol {
                name: relocation.symbol.clone().into_bytes(),
                value: 0,
                size: 0,
                kind: SymbolKind::Text,
                scope: SymbolScope::Unknown,
                weak: false,
                section: SymbolSection::Undefined,
                flags: SymbolFlags::None,
            })
        });
        object
            .add_relocation(
                section,
                Relocation {
                    offset: relocation.offset,
                    symbol,
                    addend: relocation.addend,
                    flags: RelocationFlags::Elf {
                        r_type: RelocationType(relocation.kind),
                    },
                },
            )
            .map_err(not_written)?;
    }
    Ok(object)
}

fn not_written(error: object::write::Error) -> LinkError {
    LinkError::ObjectNotWritten {
        reason: error.to_string(),
    }
}

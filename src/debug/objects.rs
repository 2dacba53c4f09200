//! Reads LLVM's debug information from the objects of the partitions.

use std::collections::HashMap;

use gimli::write::{Address, FrameTable};
use gimli::{DebugFrame, DebugLine, DebugLineOffset, EndianSlice, RunTimeEndian};
use object::{Object as _, ObjectSection as _, ObjectSymbol as _, RelocationTarget, SymbolSection};

use super::{DebugError, Origins, Row, code};
use crate::link::{LinkedText, Object};

/// The value for addresses of code that is not in the text.
pub(super) const NOWHERE: u64 = u64::MAX;

/// Reads the origins of the code from `objects`, of which `text` was linked.
pub fn read(objects: &[Object], text: &LinkedText) -> Result<Origins, DebugError> {
    let mut origins = Origins::default();
    for (partition, (object, places)) in objects.iter().zip(&text.section_places).enumerate() {
        let failed = |reason: String| DebugError::Object { partition, reason };
        add_object(&mut origins, object, places).map_err(failed)?;
    }
    origins.rows.sort_unstable();
    // Sequences meet: the end of one is the start of the next.
    origins.rows.dedup_by(|later, earlier| {
        let same_place = later.text == earlier.text;
        if same_place {
            earlier.wasm = later.wasm.or(earlier.wasm);
        }
        same_place || later.wasm == earlier.wasm
    });
    Ok(origins)
}

fn add_object(
    origins: &mut Origins,
    object: &Object,
    places: &[Option<u64>],
) -> Result<(), String> {
    let text = |error: object::Error| error.to_string();
    let file = object::File::parse(&*object.elf).map_err(text)?;
    let address_size = if file.is_64() { 8 } else { 4 };
    let endian = match file.is_little_endian() {
        true => RunTimeEndian::Little,
        false => RunTimeEndian::Big,
    };
    let section = |name| relocated(&file, name, places, address_size);
    if let Some(bytes) = section(".debug_line")? {
        let lines = DebugLine::from(EndianSlice::new(&bytes, endian));
        add_rows(origins, &lines, address_size).map_err(|error| error.to_string())?;
    }
    if section(".debug_info")?.is_some() {
        let mut sections = HashMap::new();
        // Sections of DWARF 4, which the emitter asks for.
        let names = [
            ".debug_info",
            ".debug_abbrev",
            ".debug_line",
            ".debug_str",
            ".debug_loc",
            ".debug_ranges",
        ];
        for name in names {
            sections.insert(name, section(name)?.unwrap_or_default());
        }
        let load = |id: gimli::SectionId| -> gimli::Result<_> {
            let bytes = sections.get(id.name()).map_or(&[][..], |bytes| bytes);
            Ok(EndianSlice::new(bytes, endian))
        };
        let dwarf = gimli::Dwarf::load(load).map_err(|error| error.to_string())?;
        let mut instances = Vec::new();
        let read = code::read(&dwarf, &mut instances);
        // Xtensa's objects, which are assembled from text, have relocations in `.debug_info` that only its linker
        // understands. Their functions have names and lines, but no values.
        if read.is_ok() || file.architecture() != object::Architecture::Xtensa {
            read.map_err(|error| error.to_string())?;
            origins.instances.append(&mut instances);
        }
    }
    if let Some(bytes) = section(".debug_frame")? {
        let mut frames = DebugFrame::new(&bytes, endian);
        frames.set_address_size(address_size);
        add_frames(origins, &frames).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Returns the bytes of a debug section in which every address is an offset in the text. `None` if the object has
/// no such section.
fn relocated(
    file: &object::File<'_>,
    name: &str,
    places: &[Option<u64>],
    address_size: u8,
) -> Result<Option<Vec<u8>>, String> {
    let Some(section) = file.section_by_name(name) else {
        return Ok(None);
    };
    let mut bytes = section.data().map_err(|error| error.to_string())?.to_vec();
    for (offset, relocation) in section.relocations() {
        let RelocationTarget::Symbol(symbol) = relocation.target() else {
            return Err(format!("{name}+{offset:#x} refers to no symbol"));
        };
        let symbol = file
            .symbol_by_index(symbol)
            .map_err(|error| error.to_string())?;
        let start = offset as usize;
        let size = match relocation.size() {
            // Types that `object` does not know have the size of an address (`R_XTENSA_32`).
            0 => usize::from(address_size),
            bits => usize::from(bits / 8),
        };
        let Some(field) = bytes.get_mut(start..start + size) else {
            return Err(format!("{name}+{offset:#x} is not in the section"));
        };
        let implicit = match relocation.has_implicit_addend() {
            true => read_word(field, file.is_little_endian()),
            false => 0,
        };
        let addend = implicit.wrapping_add_signed(relocation.addend());
        // The lowest bit of a Thumb function's address is no part of it.
        let address = match file.architecture() {
            object::Architecture::Arm => symbol.address() & !1,
            _ => symbol.address(),
        };
        let value = match symbol.section() {
            SymbolSection::Section(index) => {
                let of_code = file
                    .section_by_index(index)
                    .is_ok_and(|section| section.kind() == object::SectionKind::Text);
                match (of_code, places.get(index.0).copied().flatten()) {
                    (true, Some(place)) => (place + address).wrapping_add(addend),
                    (true, None) => NOWHERE,
                    (false, _) => symbol.address().wrapping_add(addend),
                }
            }
            _ => NOWHERE,
        };
        write_word(field, value, file.is_little_endian());
    }
    Ok(Some(bytes))
}

fn read_word(field: &[u8], little: bool) -> u64 {
    let add = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    match little {
        true => field.iter().rev().fold(0, add),
        false => field.iter().fold(0, add),
    }
}

fn write_word(field: &mut [u8], value: u64, little: bool) {
    let bytes = value.to_le_bytes();
    field.copy_from_slice(&bytes[..field.len()]);
    if !little {
        field.reverse();
    }
}

/// Adds the rows of all line programs, one per compilation unit.
fn add_rows(
    origins: &mut Origins,
    lines: &DebugLine<EndianSlice<'_, RunTimeEndian>>,
    address_size: u8,
) -> gimli::Result<()> {
    use gimli::Section as _;

    let end = lines.reader().len();
    let nowhere = NOWHERE >> (64 - 8 * u32::from(address_size));
    let mut offset = 0;
    while offset < end {
        let program = lines.program(DebugLineOffset(offset), address_size, None, None)?;
        let length = program.header().unit_length() + 4;
        let mut rows = program.rows();
        let mut here = true;
        let mut first = true;
        while let Some((_, row)) = rows.next_row()? {
            if first {
                // Code that the linker has dropped starts at no address.
                here = row.address() < nowhere / 2;
            }
            first = row.end_sequence();
            if !here {
                continue;
            }
            let wasm = row.line().and_then(|line| u32::try_from(line.get()).ok());
            origins.rows.push(Row {
                text: row.address(),
                wasm: wasm.filter(|_| !row.end_sequence()),
            });
        }
        offset += length;
    }
    Ok(())
}

fn add_frames(
    origins: &mut Origins,
    frames: &DebugFrame<EndianSlice<'_, RunTimeEndian>>,
) -> Result<(), gimli::write::ConvertError> {
    let same = |address| Some(Address::Constant(address));
    origins.frames.push(FrameTable::from(frames, &same)?);
    Ok(())
}

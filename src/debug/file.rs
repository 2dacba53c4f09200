//! Writes debug information as an ELF file for GDB, LLDB, `objdump` and `wasmelt locate`.
//!
//! The file has the text as its section `.text` at address 0, so that a debugger loads it with the address of the
//! code in memory (`add-symbol-file FILE ADDRESS`). The symbols have the names of the module. `.debug_line` leads to
//! the source if the module has DWARF; `.debug_frame` says how to unwind. The section [`OFFSETS`] says which
//! WebAssembly instruction code comes from.

use gimli::write::{
    Address, AttributeValue, DebugFrame, DwarfUnit, EndianVec, LineProgram, LineString, Sections,
};
use gimli::{Encoding, Format, LineEncoding, RunTimeEndian, constants as dw};
use object::SectionKind;
use object::elf;
use object::write::{Object, SectionId};

use super::source::{Location, Source};
use super::{DebugError, Origins, Row};
use crate::abi::symbols::SymbolName;
use crate::link::{self, LinkedText};
use crate::targets::{Endianness, Target};
use crate::wasm::{FuncIndex, Module};

/// The section with the origins: pairs of 32-bit numbers in the byte order of the file, the offset in the text and
/// the offset in the module's file (zero for code that comes from no instruction), ordered by the first.
pub(super) const OFFSETS: &str = ".wasmelt.offsets";

/// The section for the GDB script: 32-bit numbers in the byte order of the file, first the number of imported
/// functions, then the offset of each defined function in the text, as the runtime knows it.
const FUNCTIONS: &str = ".wasmelt.functions";

/// The version of DWARF that old debuggers for devices read, too.
const DWARF_VERSION: u16 = 4;

/// Writes the debug information of `text`, the code of `module`.
pub fn write(
    module: &Module<'_>,
    target: &Target,
    text: &LinkedText,
    origins: &Origins,
) -> Result<Vec<u8>, DebugError> {
    let failed = |error: &dyn std::fmt::Display| DebugError::Write(error.to_string());
    let named = with_names(module, text);
    let mut object =
        link::object_file(&named, target, target.elf_flags).map_err(|error| failed(&error))?;
    let endian = match target.endianness {
        Endianness::Little => RunTimeEndian::Little,
        Endianness::Big => RunTimeEndian::Big,
    };
    let encoding = Encoding {
        format: Format::Dwarf32,
        version: DWARF_VERSION,
        address_size: target.pointer_width.bytes() as u8,
    };
    let source = Source::new(module);
    let mut unit = describe(&named, origins, source.as_ref(), encoding);
    let mut sections = Sections::new(EndianVec::new(endian));
    unit.write(&mut sections).map_err(|error| failed(&error))?;
    sections.for_each(|id, bytes| -> Result<(), DebugError> {
        add_section(&mut object, id.name(), bytes.slice());
        Ok(())
    })?;
    let mut frames = DebugFrame::from(EndianVec::new(endian));
    for table in &origins.frames {
        table
            .write_debug_frame(&mut frames)
            .map_err(|error| failed(&error))?;
    }
    add_section(&mut object, ".debug_frame", frames.slice());
    let words = |words: &mut dyn Iterator<Item = u32>| -> Vec<u8> {
        words
            .flat_map(|word| match target.endianness {
                Endianness::Little => word.to_le_bytes(),
                Endianness::Big => word.to_be_bytes(),
            })
            .collect()
    };
    let rows = origins.rows.iter();
    let offsets = words(&mut rows.flat_map(|row| [row.text as u32, row.wasm.unwrap_or(0)]));
    add_section(&mut object, OFFSETS, &offsets);
    let places = text.function_offsets.iter().map(|offset| *offset as u32);
    let imported = std::iter::once(module.imported_functions as u32);
    let functions = words(&mut imported.chain(places));
    add_section(&mut object, FUNCTIONS, &functions);
    let mut bytes = object.write().map_err(|error| failed(&error))?;
    make_loadable(&mut bytes, target.endianness);
    Ok(bytes)
}

/// Declares the file a shared object. GDB moves the addresses in DWARF of shared objects; for relocatable objects
/// it expects relocations, which we have applied.
fn make_loadable(bytes: &mut [u8], endianness: Endianness) {
    /// `e_type` in the header of an ELF file.
    const TYPE: std::ops::Range<usize> = 16..18;
    let shared = match endianness {
        Endianness::Little => elf::ET_DYN.0.to_le_bytes(),
        Endianness::Big => elf::ET_DYN.0.to_be_bytes(),
    };
    if let Some(field) = bytes.get_mut(TYPE) {
        field.copy_from_slice(&shared);
    }
}

fn add_section(object: &mut Object<'_>, name: &str, bytes: &[u8]) -> Option<SectionId> {
    if bytes.is_empty() {
        return None;
    }
    let id = object.add_section(Vec::new(), name.as_bytes().to_vec(), SectionKind::Debug);
    object.append_section_data(id, bytes, 1);
    Some(id)
}

/// Returns `text` with the module's names of functions in its symbols.
fn with_names(module: &Module<'_>, text: &LinkedText) -> LinkedText {
    let mut named = text.clone();
    // The loader resolves them; debuggers look at the code in memory.
    named.relocations.clear();
    for symbol in &mut named.symbols {
        let Some(name) = SymbolName::parse(&symbol.name) else {
            continue;
        };
        let index = match name {
            SymbolName::Thunk(index) => index,
            name => match name.defined_function() {
                Some(position) => position + module.imported_functions as u32,
                None => continue,
            },
        };
        let Some(function) = module.function_name(FuncIndex::from_u32(index)) else {
            continue;
        };
        symbol.name = match name {
            SymbolName::Checked(_) => format!("{function} (stack check)"),
            SymbolName::Thunk(_) => format!("{function} (import)"),
            _ => function.to_owned(),
        }
        // Names in ELF files end at a zero byte.
        .replace('\0', "?");
    }
    named
}

/// Returns the compilation unit: a subprogram for each function, and the lines of the source.
fn describe(
    text: &LinkedText,
    origins: &Origins,
    source: Option<&Source<'_>>,
    encoding: Encoding,
) -> DwarfUnit {
    let mut unit = DwarfUnit::new(encoding);
    if let Some(source) = source {
        unit.unit.line_program = lines(&origins.rows, text, source, encoding);
    }
    let root = unit.unit.root();
    let entry = unit.unit.get_mut(root);
    let string = |text: &str| AttributeValue::String(text.replace('\0', "?").into_bytes());
    entry.set(dw::DW_AT_producer, string("wasmelt"));
    entry.set(dw::DW_AT_name, string("module.wasm"));
    entry.set(
        dw::DW_AT_language,
        AttributeValue::Language(dw::DW_LANG_C99),
    );
    entry.set(
        dw::DW_AT_low_pc,
        AttributeValue::Address(Address::Constant(0)),
    );
    entry.set(
        dw::DW_AT_high_pc,
        AttributeValue::Udata(text.bytes.len() as u64),
    );
    for symbol in &text.symbols {
        let id = unit.unit.add(root, dw::DW_TAG_subprogram);
        let entry = unit.unit.get_mut(id);
        entry.set(dw::DW_AT_name, string(&symbol.name));
        let start = AttributeValue::Address(Address::Constant(symbol.offset));
        entry.set(dw::DW_AT_low_pc, start);
        entry.set(dw::DW_AT_high_pc, AttributeValue::Udata(symbol.size));
    }
    unit
}

/// Returns the line program: one sequence for the whole text.
fn lines(rows: &[Row], text: &LinkedText, source: &Source<'_>, encoding: Encoding) -> LineProgram {
    let string = |text: &str| LineString::String(text.replace('\0', "?").into_bytes());
    let mut program = LineProgram::new(
        encoding,
        LineEncoding {
            minimum_instruction_length: 1,
            ..LineEncoding::default()
        },
        string("."),
        None,
        string("module.wasm"),
        None,
    );
    let folder = program.default_directory();
    // The start of the sequence, and the place in the source that is in force.
    let mut open: Option<(u64, Location)> = None;
    let end = text.bytes.len() as u64;
    for row in rows.iter().filter(|row| row.text < end) {
        let location = row.wasm.and_then(|offset| source.location(offset));
        match (location, open.take()) {
            (None, None) => {}
            (None, Some((start, _))) => program.end_sequence(row.text - start),
            (Some(location), Some((start, current))) if location == current => {
                open = Some((start, current));
            }
            (Some(location), before) => {
                let start = before.map_or(row.text, |(start, _)| start);
                if start == row.text {
                    program.begin_sequence(Some(Address::Constant(start)));
                }
                let file = program.add_file(string(&location.file), folder, None);
                let line = program.row();
                line.address_offset = row.text - start;
                line.file = file;
                line.line = u64::from(location.line);
                line.column = u64::from(location.column);
                program.generate_row();
                open = Some((start, location));
            }
        }
    }
    if let Some((start, _)) = open {
        program.end_sequence(end - start);
    }
    program
}

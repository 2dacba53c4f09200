//! Writes debug information as an ELF file for GDB, LLDB, `objdump` and `wasmelt locate`.
//!
//! The file has the text as its section `.text` at address 0, so that a debugger loads it with the address of the
//! code in memory (`add-symbol-file FILE ADDRESS`). The symbols have the names of the module. `.debug_line` leads to
//! the source if the module has DWARF; `.debug_frame` says how to unwind. The section [`OFFSETS`] says which
//! WebAssembly instruction code comes from.

use std::collections::HashSet;
use std::ops::Range;

use gimli::write::{
    Address, AttributeValue, DebugFrame, Dwarf, EndianVec, LineProgram, Sections, Unit,
};
use gimli::{Encoding, Format, RunTimeEndian, constants as dw};
use object::SectionKind;
use object::elf;
use object::write::{Object, SectionId};

use super::code::merged;
use super::functions::Functions;
use super::input::Input;
use super::source::Source;
use super::units::{Output, add_lines, describe_unit, line_program, set_code};
use super::{Code, DebugError, Origins, Row};
use crate::abi::symbols::SymbolName;
use crate::link::{self, LinkedText};
use crate::targets::Endianness;
use crate::wasm::dwarf::{DwarfError, dwarf};
use crate::wasm::{FuncIndex, Module};

/// The section with the origins: pairs of 32-bit numbers in the byte order of the file, the offset in the text and
/// the offset in the module's file (zero for code that comes from no instruction), ordered by the first.
pub(super) const OFFSETS: &str = ".wasmelt.offsets";

/// The section for the GDB script: 32-bit numbers in the byte order of the file, first the number of imported
/// functions, then the offset of each defined function in the text, as the runtime knows it.
const FUNCTIONS: &str = ".wasmelt.functions";

/// The version of DWARF that old debuggers for devices read, too.
const DWARF_VERSION: u16 = 4;

/// Writes the debug information of `code`. Also returns the reason if the file has no types and variables because
/// the DWARF of the module cannot be read.
pub fn write(code: &Code<'_>) -> Result<(Vec<u8>, Option<DwarfError>), DebugError> {
    let Code {
        module,
        target,
        text,
        origins,
        ..
    } = *code;
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
    let (mut dwarf, described, fault) = match describe_source(code, source.as_ref(), encoding) {
        Ok((dwarf, described)) => (dwarf, described, None),
        Err(fault) => (Dwarf::new(), Vec::new(), Some(fault)),
    };
    add_rest(
        &mut dwarf,
        &named,
        &described,
        origins,
        source.as_ref(),
        encoding,
    );
    let mut sections = Sections::new(EndianVec::new(endian));
    dwarf.write(&mut sections).map_err(|error| failed(&error))?;
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
    Ok((bytes, fault))
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

/// Describes the functions, variables and types of the source. Also returns the code of these functions.
fn describe_source(
    code: &Code<'_>,
    source: Option<&Source<'_>>,
    encoding: Encoding,
) -> Result<(Dwarf, Vec<Range<u64>>), DwarfError> {
    let Some(dwarf) = dwarf(code.module) else {
        return Ok((Dwarf::new(), Vec::new()));
    };
    let dwarf = dwarf?;
    let mut output = Output::new(Input::new(code.module, &dwarf)?, encoding);
    let filled = code.unoptimised.then(|| without_gaps(code.origins));
    let rows = filled.as_ref().unwrap_or(&code.origins.rows);
    let mut functions = Functions::new(code, source, rows);
    for instance in &code.origins.instances {
        functions.write(&mut output, instance)?;
    }
    functions.write_variables(&mut output)?;
    let described = output.complete_units(rows, source, code.unoptimised);
    Ok((output.dwarf, described))
}

/// Returns the rows of unoptimised code, in which code of no instruction inside a function belongs to the instruction
/// in front of it: there, LLVM has saved a register. Debuggers would take it for the end of the function.
fn without_gaps(origins: &Origins) -> Vec<Row> {
    let ranges = origins.instances.iter();
    let ranges = merged(ranges.flat_map(|it| it.ranges.iter().cloned()).collect());
    let starts = origins.instances.iter().flat_map(|it| &it.ranges);
    let starts: HashSet<u64> = starts.map(|range| range.start).collect();
    let is_gap = |row: &&Row| {
        let behind = ranges.partition_point(|range| range.start <= row.text);
        row.wasm.is_none()
            && !starts.contains(&row.text)
            && ranges[..behind]
                .last()
                .is_some_and(|range| row.text < range.end)
    };
    let rows = origins.rows.iter();
    rows.filter(|row| !is_gap(row)).copied().collect()
}

/// Adds a unit with a subprogram for each function that is not in `described`, and the lines of that code.
fn add_rest(
    dwarf: &mut Dwarf,
    text: &LinkedText,
    described: &[Range<u64>],
    origins: &Origins,
    source: Option<&Source<'_>>,
    encoding: Encoding,
) {
    let is_described = |at: u64| {
        let behind = described.partition_point(|range| range.start <= at);
        described[..behind]
            .last()
            .is_some_and(|range| at < range.end)
    };
    let rest: Vec<_> = text
        .symbols
        .iter()
        .filter(|symbol| !is_described(symbol.offset))
        .collect();
    let code = rest
        .iter()
        .map(|symbol| symbol.offset..symbol.offset + symbol.size);
    let code = merged(code.filter(|range| range.start < range.end).collect());
    let mut lines = line_program(encoding, ".", "module.wasm");
    let mut has_lines = false;
    if let Some(source) = source {
        for range in &code {
            add_lines(&mut lines, &origins.rows, range.clone(), source, false);
        }
        has_lines = true;
    }
    let unit = Unit::new(encoding, LineProgram::none());
    let id = dwarf.units.add(unit);
    let unit = dwarf.units.get_mut(id);
    if has_lines {
        unit.line_program = lines;
    }
    let root = unit.root();
    describe_unit(unit.get_mut(root), "module.wasm", None, dw::DW_LANG_C99);
    set_code(unit, root, &code);
    for symbol in rest {
        let entry = unit.add(root, dw::DW_TAG_subprogram);
        let name = AttributeValue::String(symbol.name.replace('\0', "?").into_bytes());
        unit.get_mut(entry).set(dw::DW_AT_name, name);
        let start = AttributeValue::Address(Address::Constant(symbol.offset));
        unit.get_mut(entry).set(dw::DW_AT_low_pc, start);
        let size = AttributeValue::Udata(symbol.size);
        unit.get_mut(entry).set(dw::DW_AT_high_pc, size);
    }
}

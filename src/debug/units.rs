//! The compilation units of the file: those of the source, with native code.

use std::collections::HashMap;
use std::ops::Range;

use gimli::write::{
    Address, AttributeValue, Dwarf, Expression, FileId, LineProgram, LineString, Location,
    LocationList, Range as CodeRange, RangeList, Unit, UnitEntryId, UnitId,
};
use gimli::{Encoding, LineEncoding, constants as dw};

use super::input::{Die, Input};
use super::source::{Location as Place, Source};
use super::{DebugError, Row};
use crate::wasm::dwarf::DwarfError;

/// The file's DWARF under construction.
pub(super) struct Output<'m, 'a> {
    pub input: Input<'m, 'a>,
    pub dwarf: Dwarf,
    pub encoding: Encoding,
    /// The units of the file, by number of the input's unit.
    units: Vec<Option<OutputUnit>>,
    /// The copies of the input's entries.
    pub entries: HashMap<Die, UnitEntryId>,
    /// Types whose contents are not copied yet.
    pub waiting: Vec<Die>,
    /// The entries of inlined functions, by the entry that declares the function.
    pub abstracts: HashMap<Die, UnitEntryId>,
}

/// A unit of the file.
struct OutputUnit {
    id: UnitId,
    lines: LineProgram,
    files: HashMap<u64, Option<FileId>>,
    /// Numbers for addresses in linear memory, by size in bytes.
    address_types: HashMap<u64, UnitEntryId>,
    /// The type of native addresses.
    native: Option<UnitEntryId>,
    /// The code of its functions.
    code: Vec<Range<u64>>,
}

impl<'m, 'a> Output<'m, 'a> {
    pub fn new(input: Input<'m, 'a>, encoding: Encoding) -> Self {
        Output {
            units: input.units.iter().map(|_| None).collect(),
            input,
            dwarf: Dwarf::new(),
            encoding,
            entries: HashMap::new(),
            waiting: Vec::new(),
            abstracts: HashMap::new(),
        }
    }

    /// Returns the unit for unit number `number` of the input; makes it at its first use.
    fn output_unit(&mut self, number: usize) -> Result<&mut OutputUnit, DwarfError> {
        if self.units[number].is_none() {
            let made = self.make_unit(number)?;
            self.units[number] = Some(made);
        }
        Ok(self.units[number].as_mut().expect("it has just been made"))
    }

    fn make_unit(&mut self, number: usize) -> Result<OutputUnit, DwarfError> {
        let root = self.input.units[number].header.root_offset();
        let root = Die {
            unit: number,
            offset: root,
        };
        let entry = self.input.entry(root)?;
        let text = |name| {
            let value = entry.attr_value(name)?;
            self.input.string(number, value)
        };
        let name = text(dw::DW_AT_name);
        let name = name.filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| "module.wasm".to_owned());
        let folder = text(dw::DW_AT_comp_dir).filter(|folder| !folder.is_empty());
        let language = match entry.attr_value(dw::DW_AT_language) {
            // GDB gives operators to structures, our pointers, only in C++, which can say nearly all of C.
            Some(gimli::AttributeValue::Language(
                dw::DW_LANG_C
                | dw::DW_LANG_C89
                | dw::DW_LANG_C99
                | dw::DW_LANG_C11
                | dw::DW_LANG_C17,
            ))
            | None => dw::DW_LANG_C_plus_plus,
            Some(gimli::AttributeValue::Language(language)) => language,
            Some(_) => dw::DW_LANG_C_plus_plus,
        };
        let lines = line_program(self.encoding, folder.as_deref().unwrap_or("."), &name);
        let id = self
            .dwarf
            .units
            .add(Unit::new(self.encoding, LineProgram::none()));
        let unit = self.dwarf.units.get_mut(id);
        let root = unit.root();
        describe_unit(unit.get_mut(root), &name, folder.as_deref(), language);
        Ok(OutputUnit {
            id,
            lines,
            files: HashMap::new(),
            address_types: HashMap::new(),
            native: None,
            code: Vec::new(),
        })
    }

    pub fn unit(&mut self, number: usize) -> Result<UnitId, DwarfError> {
        Ok(self.output_unit(number)?.id)
    }

    pub fn root(&mut self, number: usize) -> Result<UnitEntryId, DwarfError> {
        let id = self.unit(number)?;
        Ok(self.dwarf.units.get(id).root())
    }

    /// Returns the size of an address in linear memory, in bytes.
    pub fn address_bytes(&self, number: usize) -> u8 {
        self.input.units[number].encoding().address_size
    }

    /// Adds an entry to a unit.
    pub fn add(
        &mut self,
        number: usize,
        parent: UnitEntryId,
        tag: dw::DwTag,
    ) -> Result<UnitEntryId, DwarfError> {
        let id = self.unit(number)?;
        Ok(self.dwarf.units.get_mut(id).add(parent, tag))
    }

    /// Sets an attribute of an entry.
    pub fn set(
        &mut self,
        number: usize,
        entry: UnitEntryId,
        name: dw::DwAt,
        value: AttributeValue,
    ) -> Result<(), DwarfError> {
        let id = self.unit(number)?;
        self.dwarf.units.get_mut(id).get_mut(entry).set(name, value);
        Ok(())
    }

    /// Sets an attribute to a text, which other entries may have, too.
    pub fn set_text(
        &mut self,
        number: usize,
        entry: UnitEntryId,
        name: dw::DwAt,
        text: &str,
    ) -> Result<(), DwarfError> {
        let text = self.dwarf.strings.add(text.replace('\0', "?"));
        self.set(number, entry, name, AttributeValue::StringRef(text))
    }

    /// Returns the type of addresses in linear memory that have `bytes` bytes.
    pub fn address_type(&mut self, number: usize, bytes: u64) -> Result<UnitEntryId, DwarfError> {
        if let Some(&known) = self.output_unit(number)?.address_types.get(&bytes) {
            return Ok(known);
        }
        let root = self.root(number)?;
        let ty = self.add(number, root, dw::DW_TAG_base_type)?;
        self.set_text(number, ty, dw::DW_AT_name, "linear address")?;
        self.set(
            number,
            ty,
            dw::DW_AT_byte_size,
            AttributeValue::Udata(bytes),
        )?;
        let unsigned = AttributeValue::Encoding(dw::DW_ATE_unsigned);
        self.set(number, ty, dw::DW_AT_encoding, unsigned)?;
        self.output_unit(number)?.address_types.insert(bytes, ty);
        Ok(ty)
    }

    /// Returns the type of native addresses of anything.
    pub fn native_pointer(&mut self, number: usize) -> Result<UnitEntryId, DwarfError> {
        if let Some(known) = self.output_unit(number)?.native {
            return Ok(known);
        }
        let root = self.root(number)?;
        let ty = self.add(number, root, dw::DW_TAG_pointer_type)?;
        let size = AttributeValue::Udata(u64::from(self.encoding.address_size));
        self.set(number, ty, dw::DW_AT_byte_size, size)?;
        self.output_unit(number)?.native = Some(ty);
        Ok(ty)
    }

    /// Returns the number of a file in the line table, by its number in the input.
    pub fn file(&mut self, number: usize, file: u64) -> Result<Option<FileId>, DwarfError> {
        if let Some(known) = self.output_unit(number)?.files.get(&file) {
            return Ok(*known);
        }
        let path = self.input.file(number, file);
        let unit = self.output_unit(number)?;
        let id = path.map(|path| add_file(&mut unit.lines, &path));
        unit.files.insert(file, id);
        Ok(id)
    }

    /// Returns the number of the file at `path` in the line table of a unit.
    pub fn file_at(&mut self, number: usize, path: &str) -> Result<FileId, DwarfError> {
        Ok(add_file(&mut self.output_unit(number)?.lines, path))
    }

    /// Notes that the code of a unit's function is at `range`.
    pub fn add_code(&mut self, number: usize, range: Range<u64>) -> Result<(), DwarfError> {
        self.output_unit(number)?.code.push(range);
        Ok(())
    }

    /// Sets the code of an entry.
    pub fn set_code(
        &mut self,
        number: usize,
        entry: UnitEntryId,
        code: &[Range<u64>],
    ) -> Result<(), DwarfError> {
        let id = self.unit(number)?;
        set_code(self.dwarf.units.get_mut(id), entry, code);
        Ok(())
    }

    /// Sets the location of a variable: everywhere in `all`, or a list. Nothing if there is none.
    pub fn set_location(
        &mut self,
        number: usize,
        entry: UnitEntryId,
        located: Vec<(Range<u64>, Expression)>,
        all: &Range<u64>,
    ) -> Result<(), DwarfError> {
        let mut merged: Vec<(Range<u64>, Expression)> = Vec::with_capacity(located.len());
        for (range, expression) in located {
            match merged.last_mut() {
                Some((last, same)) if last.end == range.start && *same == expression => {
                    last.end = range.end;
                }
                _ => merged.push((range, expression)),
            }
        }
        let value = match &*merged {
            [] => return Ok(()),
            [(range, expression)] if range == all => AttributeValue::Exprloc(expression.clone()),
            _ => {
                let elements = merged.into_iter().map(|(range, data)| Location::StartEnd {
                    begin: Address::Constant(range.start),
                    end: Address::Constant(range.end),
                    data,
                });
                let list = LocationList(elements.collect());
                let id = self.unit(number)?;
                let unit = self.dwarf.units.get_mut(id);
                AttributeValue::LocationListRef(unit.locations.add(list))
            }
        };
        self.set(number, entry, dw::DW_AT_location, value)
    }

    /// Completes the units with their lines. Returns the code that has a unit.
    pub fn complete_units(
        &mut self,
        rows: &[Row],
        source: Option<&Source<'_>>,
        unoptimised: bool,
    ) -> Vec<Range<u64>> {
        let mut all = Vec::new();
        for unit in self.units.iter_mut().flatten() {
            let mut code = std::mem::take(&mut unit.code);
            code.sort_unstable_by_key(|range| range.start);
            let mut lines = std::mem::replace(&mut unit.lines, LineProgram::none());
            if let Some(source) = source {
                for range in &code {
                    add_lines(&mut lines, rows, range.clone(), source, unoptimised);
                }
            }
            let code = super::code::merged(code);
            let written = self.dwarf.units.get_mut(unit.id);
            written.line_program = lines;
            let root = written.root();
            set_code(written, root, &code);
            all.extend(code);
        }
        super::code::merged(all)
    }
}

impl From<DwarfError> for DebugError {
    fn from(error: DwarfError) -> Self {
        DebugError::Source(error)
    }
}

/// Returns an empty line table.
pub(super) fn line_program(encoding: Encoding, folder: &str, name: &str) -> LineProgram {
    let encoding_of_lines = LineEncoding {
        minimum_instruction_length: 1,
        ..LineEncoding::default()
    };
    LineProgram::new(
        encoding,
        encoding_of_lines,
        line_string(folder),
        None,
        line_string(name),
        None,
    )
}

fn line_string(text: &str) -> LineString {
    LineString::String(text.replace('\0', "?").into_bytes())
}

fn add_file(lines: &mut LineProgram, path: &str) -> FileId {
    let path = if path.is_empty() { "?" } else { path };
    let folder = lines.default_directory();
    lines.add_file(line_string(path), folder, None)
}

/// Describes a unit at its root.
pub(super) fn describe_unit(
    root: &mut gimli::write::DebuggingInformationEntry,
    name: &str,
    folder: Option<&str>,
    language: dw::DwLang,
) {
    let string = |text: &str| AttributeValue::String(text.replace('\0', "?").into_bytes());
    // GDB trusts the end of the prologue in line tables of clang only. LLVM makes ours, too.
    root.set(dw::DW_AT_producer, string("clang (wasmelt)"));
    root.set(dw::DW_AT_name, string(name));
    if let Some(folder) = folder {
        root.set(dw::DW_AT_comp_dir, string(folder));
    }
    root.set(dw::DW_AT_language, AttributeValue::Language(language));
}

/// Sets the code of an entry.
pub(super) fn set_code(unit: &mut Unit, entry: UnitEntryId, code: &[Range<u64>]) {
    let address = |at| AttributeValue::Address(Address::Constant(at));
    if entry == unit.root() {
        // The addresses of all lists in the unit count from here.
        unit.get_mut(entry).set(dw::DW_AT_low_pc, address(0));
    }
    match code {
        [] => {}
        [range] if entry != unit.root() => {
            let entry = unit.get_mut(entry);
            entry.set(dw::DW_AT_low_pc, address(range.start));
            let size = AttributeValue::Udata(range.end - range.start);
            entry.set(dw::DW_AT_high_pc, size);
        }
        ranges => {
            let ranges = ranges.iter().map(|range| CodeRange::StartEnd {
                begin: Address::Constant(range.start),
                end: Address::Constant(range.end),
            });
            let list = unit.ranges.add(RangeList(ranges.collect()));
            let entry = unit.get_mut(entry);
            entry.set(dw::DW_AT_ranges, AttributeValue::RangeListRef(list));
        }
    }
}

/// Adds the lines of the code at `range`, as one sequence or several. Code of no line between two pieces of one
/// line belongs to the line: debuggers take a new sequence for the end of the function's prologue.
///
/// `fills`: the range is a function, and all its code has a line, that of the code in front or, at its start, of
/// the code behind.
pub(super) fn add_lines(
    program: &mut LineProgram,
    rows: &[Row],
    range: Range<u64>,
    source: &Source<'_>,
    fills: bool,
) {
    // The start of the sequence, and the place in the source that is in force.
    let mut open: Option<(u64, Place)> = None;
    // The start of code of no line, behind that place.
    let mut gap: Option<u64> = None;
    let from = rows.partition_point(|row| row.text <= range.start);
    for row in &rows[from.saturating_sub(1)..] {
        if row.text >= range.end {
            break;
        }
        let at = row.text.max(range.start);
        let Some(location) = row.wasm.and_then(|offset| source.location(offset)) else {
            gap = gap.or((open.is_some() && !fills).then_some(at));
            continue;
        };
        if let Some(end) = gap.take()
            && let Some((start, current)) = &open
            && (&current.file, current.line) != (&location.file, location.line)
        {
            program.end_sequence(end - start);
            open = None;
        }
        if open
            .as_ref()
            .is_some_and(|(_, current)| *current == location)
        {
            continue;
        }
        let first = if fills { range.start } else { at };
        let start = open.as_ref().map_or(first, |(start, _)| *start);
        let at = if open.is_some() { at } else { start };
        if open.is_none() {
            program.begin_sequence(Some(Address::Constant(start)));
        }
        let file = add_file(program, &location.file);
        let line = program.row();
        line.address_offset = at - start;
        line.file = file;
        line.line = u64::from(location.line);
        line.column = u64::from(location.column);
        program.generate_row();
        open = Some((start, location));
    }
    if let Some((start, _)) = open {
        program.end_sequence(gap.unwrap_or(range.end) - start);
    }
}

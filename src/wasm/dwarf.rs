//! The DWARF that clang, rustc and TinyGo put into custom sections of a module (`.debug_info`, `.debug_line`, …).
//!
//! Its addresses count from the contents of the code section. It is untrusted: a reader must bound its work by
//! the sizes of the sections ([`Fuel`]), because small sections can describe endless lists.

use std::ops::Range;

use gimli::{
    AbbreviationsCacheStrategy, DebuggingInformationEntry, Dwarf, EndianSlice, LittleEndian,
    Reader, Unit, constants as dw,
};

use gimli::Section as _;

use super::index::FuncIndex;
use super::module::Module;

/// The bytes of a section of DWARF.
pub type DwarfBytes<'a> = EndianSlice<'a, LittleEndian>;

/// The DWARF cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DwarfError {
    /// It is not as the standard says.
    #[error("{0}")]
    Malformed(#[from] gimli::Error),

    /// Its lists are much longer than its sections.
    #[error("its sections refer to the same bytes again and again")]
    TooLong,
}

/// Returns the DWARF of `module`; `None` if it has none.
pub fn dwarf<'a>(module: &Module<'a>) -> Option<Result<Dwarf<DwarfBytes<'a>>, DwarfError>> {
    let section = |name: &str| {
        let mut sections = module.custom_sections.iter();
        sections
            .find(|section| section.name == name)
            .map(|section| section.bytes)
    };
    section(".debug_info").or(section(".debug_line"))?;
    let load = |id: gimli::SectionId| -> Result<_, gimli::Error> {
        let bytes = section(id.name()).unwrap_or_default();
        Ok(EndianSlice::new(bytes, LittleEndian))
    };
    let dwarf = Dwarf::load(load).map(|mut dwarf| {
        // Many units can share one table of abbreviations.
        dwarf.populate_abbreviations_cache(AbbreviationsCacheStrategy::Duplicates);
        dwarf
    });
    Some(dwarf.map_err(DwarfError::from))
}

/// The work that a reader of DWARF may still do.
#[derive(Debug)]
pub struct Fuel(usize);

impl Fuel {
    /// Returns enough for several walks over all that `dwarf` states.
    pub fn new(dwarf: &Dwarf<DwarfBytes<'_>>) -> Self {
        let sections = dwarf.debug_info.reader().len();
        Fuel(64 * sections + (1 << 22))
    }

    /// Returns enough for DWARF of our own.
    pub fn unlimited() -> Self {
        Fuel(usize::MAX)
    }

    /// Uses up the work for `items` attributes, or elements of a list.
    pub fn burn(&mut self, items: usize) -> Result<(), DwarfError> {
        self.0 = self.0.checked_sub(items).ok_or(DwarfError::TooLong)?;
        Ok(())
    }
}

/// Returns the addresses of the code of `entry`; none of code that the linker has dropped.
pub fn code_ranges<R: Reader<Offset = usize>>(
    dwarf: &Dwarf<R>,
    unit: &Unit<R>,
    entry: &DebuggingInformationEntry<R>,
    fuel: &mut Fuel,
) -> Result<Vec<Range<u64>>, DwarfError> {
    // Linkers give dropped code the last addresses.
    let nowhere = u64::MAX >> (64 - 8 * u32::from(unit.encoding().address_size.clamp(1, 8))) >> 1;
    let mut ranges = Vec::new();
    let mut add = |begin: u64, end: u64| {
        if begin < end && end < nowhere {
            ranges.push(begin..end);
        }
    };
    if let Some(list) = entry.attr_value(dw::DW_AT_ranges) {
        if let Some(mut list) = dwarf.attr_ranges(unit, list)? {
            while let Some(range) = list.next()? {
                fuel.burn(1)?;
                add(range.begin, range.end);
            }
        }
        return Ok(ranges);
    }
    let address = |name| match entry.attr_value(name) {
        Some(value) => dwarf.attr_address(unit, value),
        None => Ok(None),
    };
    if let Some(begin) = address(dw::DW_AT_low_pc)? {
        let high = entry.attr_value(dw::DW_AT_high_pc);
        let size = high.and_then(|high| high.udata_value());
        let end = match size {
            Some(size) => begin.checked_add(size),
            None => address(dw::DW_AT_high_pc)?,
        };
        add(begin, end.unwrap_or(0));
    }
    Ok(ranges)
}

/// Returns the defined function whose body ends at `end`, an address in DWARF.
///
/// The end is clearer than the start, which is in front of the size of the body.
pub fn function_that_ends_at(module: &Module<'_>, end: u64) -> Option<FuncIndex> {
    let end = module.code_offset.checked_add(end)?;
    let defined = module.functions.len() - module.imported_functions;
    let body = |position: usize| {
        let index = FuncIndex::from_u32((module.imported_functions + position) as u32);
        match module.functions[index].kind {
            super::FunctionKind::Defined(body) => body,
            super::FunctionKind::Imported(_) => unreachable!("imported functions come first"),
        }
    };
    // Bodies lie in order of the functions.
    let (mut low, mut high) = (0, defined);
    while low < high {
        let middle = low + (high - low) / 2;
        match (body(middle).offset as u64) < end {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    let position = low.checked_sub(1)?;
    let body = body(position);
    (body.offset as u64 + body.bytes.len() as u64 == end)
        .then(|| FuncIndex::from_u32((module.imported_functions + position) as u32))
}

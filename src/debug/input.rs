//! The module's DWARF, ready to be asked about functions and types.

use std::collections::HashMap;

use gimli::{
    AttributeValue, DebugInfoOffset, DebuggingInformationEntry, Dwarf, Unit, UnitOffset,
    constants as dw,
};

use crate::wasm::Module;
use crate::wasm::dwarf::{DwarfBytes, DwarfError, Fuel, code_ranges, function_that_ends_at};

pub(super) type Bytes<'a> = DwarfBytes<'a>;
pub(super) type Entry<'a> = DebuggingInformationEntry<Bytes<'a>>;
pub(super) type Value<'a> = AttributeValue<Bytes<'a>>;

/// An entry: the number of its unit, and its offset there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Die {
    pub unit: usize,
    pub offset: UnitOffset,
}

/// How often a reference may lead to another reference.
const MOST_REFERENCES: usize = 8;

/// How many namespaces and types are inside each other, at most.
pub(super) const DEEPEST: usize = 64;

/// Reports whether the place of an entry is a part of its name, as debuggers print it.
fn has_name_of_place(tag: dw::DwTag) -> bool {
    matches!(
        tag,
        dw::DW_TAG_namespace
            | dw::DW_TAG_structure_type
            | dw::DW_TAG_class_type
            | dw::DW_TAG_union_type
            | dw::DW_TAG_enumeration_type
            | dw::DW_TAG_typedef
            | dw::DW_TAG_subprogram
            | dw::DW_TAG_variable
    )
}

/// The DWARF of a module.
pub(super) struct Input<'m, 'a> {
    pub module: &'m Module<'a>,
    pub dwarf: &'m Dwarf<Bytes<'a>>,
    pub units: Vec<Unit<Bytes<'a>>>,
    /// The start of each unit in `.debug_info`.
    starts: Vec<usize>,
    pub fuel: Fuel,
    /// The entry of each defined function, by position.
    pub functions: HashMap<u32, Die>,
    /// The variables outside of functions, by unit.
    pub variables: Vec<Vec<UnitOffset>>,
    /// By unit, functions and types that are inside another entry than the unit: their offsets, ordered, and those
    /// of the entries around them.
    parents: Vec<Vec<(u32, u32)>>,
}

impl<'m, 'a> Input<'m, 'a> {
    pub fn new(module: &'m Module<'a>, dwarf: &'m Dwarf<Bytes<'a>>) -> Result<Self, DwarfError> {
        let mut input = Input {
            module,
            dwarf,
            units: Vec::new(),
            starts: Vec::new(),
            fuel: Fuel::new(dwarf),
            functions: HashMap::new(),
            variables: Vec::new(),
            parents: Vec::new(),
        };
        let mut units = dwarf.units();
        while let Some(header) = units.next()? {
            let unit = dwarf.unit(header)?;
            let start = UnitOffset(0).to_debug_info_offset(&unit.header);
            input.starts.push(start.map_or(0, |start| start.0));
            input.add(unit)?;
        }
        Ok(input)
    }

    fn add(&mut self, unit: Unit<Bytes<'a>>) -> Result<(), DwarfError> {
        let number = self.units.len();
        let mut variables = Vec::new();
        let mut parents = Vec::new();
        // The entries around the current one, with their depths.
        let mut around: Vec<(isize, UnitOffset, dw::DwTag)> = Vec::new();
        let mut entries = unit.entries();
        while let Some(entry) = entries.next_dfs()? {
            self.fuel.burn(1 + entry.attrs().len())?;
            let depth = entry.depth();
            while around.last().is_some_and(|(of, ..)| *of >= depth) {
                around.pop();
            }
            let (tag, offset) = (entry.tag(), entry.offset());
            if let [_, .., (_, parent, _)] = &*around
                && has_name_of_place(tag)
            {
                parents.push((offset.0 as u32, parent.0 as u32));
            }
            match tag {
                dw::DW_TAG_subprogram => {
                    let ranges = code_ranges(self.dwarf, &unit, entry, &mut self.fuel)?;
                    if let [range] = &*ranges
                        && let Some(index) = function_that_ends_at(self.module, range.end)
                        && let Some(position) = self.module.defined_position(index)
                    {
                        let function = Die {
                            unit: number,
                            offset,
                        };
                        self.functions.entry(position as u32).or_insert(function);
                    }
                }
                dw::DW_TAG_variable
                    if around.len() <= DEEPEST
                        && around.iter().all(|(_, _, tag)| {
                            matches!(*tag, dw::DW_TAG_compile_unit | dw::DW_TAG_namespace)
                        })
                        && entry.has_attr(dw::DW_AT_location) =>
                {
                    variables.push(offset);
                }
                _ => {}
            }
            if entry.has_children() {
                around.push((depth, offset, tag));
            }
        }
        self.units.push(unit);
        self.variables.push(variables);
        self.parents.push(parents);
        Ok(())
    }

    /// Returns an entry.
    pub fn entry(&mut self, die: Die) -> Result<Entry<'a>, DwarfError> {
        let entry = self.units[die.unit].entry(die.offset)?;
        self.fuel.burn(1 + entry.attrs().len())?;
        Ok(entry)
    }

    /// Returns the entry around `die`.
    pub fn parent(&self, die: Die) -> Option<Die> {
        let parents = &self.parents[die.unit];
        let at = parents
            .binary_search_by_key(&die.offset.0, |(child, _)| *child as usize)
            .ok()?;
        let offset = UnitOffset(parents[at].1 as usize);
        Some(Die { offset, ..die })
    }

    /// Returns the entry that a value refers to, from unit number `unit`.
    pub fn target(&self, unit: usize, value: &Value<'a>) -> Option<Die> {
        match *value {
            AttributeValue::UnitRef(offset) => Some(Die { unit, offset }),
            AttributeValue::DebugInfoRef(DebugInfoOffset(offset)) => {
                let unit = self.starts.partition_point(|start| *start <= offset);
                let unit = unit.checked_sub(1)?;
                let offset = DebugInfoOffset(offset).to_unit_offset(&self.units[unit].header)?;
                Some(Die { unit, offset })
            }
            _ => None,
        }
    }

    /// Returns an attribute of `die`, or of the entry that it was made of, with the entry that has it.
    pub fn inherited(
        &mut self,
        die: Die,
        name: dw::DwAt,
    ) -> Result<Option<(Die, Value<'a>)>, DwarfError> {
        let mut at = die;
        for _ in 0..MOST_REFERENCES {
            let entry = self.entry(at)?;
            if let Some(value) = entry.attr_value(name) {
                return Ok(Some((at, value)));
            }
            let origin = entry
                .attr_value(dw::DW_AT_abstract_origin)
                .or(entry.attr_value(dw::DW_AT_specification));
            match origin.and_then(|origin| self.target(at.unit, &origin)) {
                Some(target) => at = target,
                None => break,
            }
        }
        Ok(None)
    }

    /// Returns the entry that declares `die`: the one without a reference to another.
    pub fn declaration(&mut self, die: Die) -> Result<Die, DwarfError> {
        let mut at = die;
        for _ in 0..MOST_REFERENCES {
            let entry = self.entry(at)?;
            let origin = entry
                .attr_value(dw::DW_AT_abstract_origin)
                .or(entry.attr_value(dw::DW_AT_specification));
            match origin.and_then(|origin| self.target(at.unit, &origin)) {
                Some(target) => at = target,
                None => break,
            }
        }
        Ok(at)
    }

    /// Returns the type of `die`, and whether it has one.
    pub fn type_of(&mut self, die: Die) -> Result<Option<Die>, DwarfError> {
        let found = self.inherited(die, dw::DW_AT_type)?;
        Ok(found.and_then(|(at, value)| self.target(at.unit, &value)))
    }

    /// Returns a string that an entry of unit number `unit` has.
    pub fn string(&self, unit: usize, value: Value<'a>) -> Option<String> {
        let text = self.dwarf.attr_string(&self.units[unit], value).ok()?;
        // Strings in DWARF end at a zero byte.
        Some(text.to_string_lossy().replace('\0', "?"))
    }

    /// Returns the name of `die`.
    pub fn name(&mut self, die: Die) -> Result<Option<String>, DwarfError> {
        let found = self.inherited(die, dw::DW_AT_name)?;
        Ok(found.and_then(|(at, value)| self.string(at.unit, value)))
    }

    /// Returns the path of file number `number` of a unit, as line tables state it.
    pub fn file(&self, unit: usize, number: u64) -> Option<String> {
        let unit = &self.units[unit];
        let header = unit.line_program.as_ref()?.header();
        let file = header.file(number)?;
        let text = |value| {
            let text = self.dwarf.attr_string(unit, value).ok()?;
            Some(text.to_string_lossy().into_owned())
        };
        let mut path = match &unit.comp_dir {
            Some(folder) => folder.to_string_lossy().into_owned(),
            None => String::new(),
        };
        if file.directory_index() != 0 || header.version() >= 5 {
            push(&mut path, &text(file.directory(header)?)?);
        }
        push(&mut path, &text(file.path_name())?);
        Some(path)
    }
}

/// Appends a path to another, unless it starts at the root.
fn push(path: &mut String, part: &str) {
    let has_root = part.starts_with('/') || part.starts_with('\\') || part.get(1..3) == Some(":\\");
    if has_root || path.is_empty() {
        path.clear();
    } else if !path.ends_with('/') {
        path.push('/');
    }
    path.push_str(part);
}

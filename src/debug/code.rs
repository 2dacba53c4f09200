//! Reads from the objects which function each piece of code belongs to, inlined ones included, and where the
//! code keeps values.

use std::collections::HashMap;
use std::ops::Range;

use gimli::{DebugInfoOffset, Dwarf, EndianSlice, RunTimeEndian, Unit, constants as dw};

use super::Row;
use super::expression::{Located, Place};
use super::objects::NOWHERE;
use crate::abi::debug_values::DebugValue;
use crate::wasm::dwarf::{DwarfError, Fuel, code_ranges};

type Bytes<'a> = EndianSlice<'a, RunTimeEndian>;

/// The code of one function in one place: by itself, or inlined into another function.
#[derive(Debug, Clone, Default)]
pub struct Instance {
    /// The name of its symbol.
    pub symbol: String,
    /// Its code in the text, ordered; that of inlined functions included.
    pub ranges: Vec<Range<u64>>,
    /// If it is inlined: the offset in the module's file of the call.
    pub call: Option<u32>,
    /// The frame base of the code, from which places count.
    pub(super) frame_base: Option<Place>,
    pub(super) values: Vec<(DebugValue, Located<Place>)>,
    pub inlined: Vec<Instance>,
}

impl Instance {
    /// Returns where `value` is.
    pub(super) fn value(&self, value: DebugValue) -> Option<&Located<Place>> {
        let found = self.values.iter().find(|(name, _)| *name == value);
        found.map(|(_, located)| located)
    }
}

/// Reads the instances of an object with the debug information `dwarf`.
pub(super) fn read(
    dwarf: &Dwarf<Bytes<'_>>,
    instances: &mut Vec<Instance>,
) -> Result<(), DwarfError> {
    let mut units = dwarf.units();
    while let Some(header) = units.next()? {
        let unit = dwarf.unit(header)?;
        let names = names(dwarf, &unit)?;
        read_unit(dwarf, &unit, &names, instances)?;
    }
    Ok(())
}

/// Returns the names of functions and variables, which other entries refer to.
fn names(
    dwarf: &Dwarf<Bytes<'_>>,
    unit: &Unit<Bytes<'_>>,
) -> gimli::Result<HashMap<usize, String>> {
    let mut names = HashMap::new();
    let mut entries = unit.entries();
    while let Some(entry) = entries.next_dfs()? {
        if let Some(name) = entry.attr_value(dw::DW_AT_name)
            && matches!(entry.tag(), dw::DW_TAG_subprogram | dw::DW_TAG_variable)
        {
            let name = dwarf.attr_string(unit, name)?;
            names.insert(entry.offset().0, name.to_string_lossy().into_owned());
        }
    }
    Ok(names)
}

fn read_unit(
    dwarf: &Dwarf<Bytes<'_>>,
    unit: &Unit<Bytes<'_>>,
    names: &HashMap<usize, String>,
    instances: &mut Vec<Instance>,
) -> Result<(), DwarfError> {
    let mut open: Vec<(isize, Instance)> = Vec::new();
    let mut entries = unit.entries();
    while let Some(entry) = entries.next_dfs()? {
        let depth = entry.depth();
        close(&mut open, depth, instances);
        let name = || {
            let origin = match entry.attr_value(dw::DW_AT_abstract_origin) {
                Some(gimli::AttributeValue::UnitRef(offset)) => offset.0,
                Some(gimli::AttributeValue::DebugInfoRef(DebugInfoOffset(offset))) => {
                    DebugInfoOffset(offset)
                        .to_unit_offset(&unit.header)
                        .map_or(0, |offset| offset.0)
                }
                _ => entry.offset().0,
            };
            names.get(&origin)
        };
        match entry.tag() {
            dw::DW_TAG_subprogram | dw::DW_TAG_inlined_subroutine => {
                let mut ranges = code_ranges(dwarf, unit, entry, &mut Fuel::unlimited())?;
                ranges.sort_unstable_by_key(|range| range.start);
                let frame_base = entry.attr_value(dw::DW_AT_frame_base);
                let call = entry.attr_value(dw::DW_AT_call_line);
                let instance = Instance {
                    symbol: name().cloned().unwrap_or_default(),
                    ranges,
                    call: call.and_then(|line| u32::try_from(line.udata_value()?).ok()),
                    frame_base: frame_base
                        .and_then(|base| Place::read(base.exprloc_value()?, unit.encoding())),
                    ..Instance::default()
                };
                open.push((depth, instance));
            }
            dw::DW_TAG_variable => {
                let (Some((_, instance)), Some(value), Some(location)) = (
                    open.last_mut(),
                    name().and_then(|name| DebugValue::parse(name)),
                    entry.attr_value(dw::DW_AT_location),
                ) else {
                    continue;
                };
                let located = locate(dwarf, unit, instance, location)?;
                instance.values.push((value, located));
            }
            _ => {}
        }
    }
    close(&mut open, 0, instances);
    Ok(())
}

/// Completes the instances that are not open at `depth`.
fn close(open: &mut Vec<(isize, Instance)>, depth: isize, instances: &mut Vec<Instance>) {
    while open.last().is_some_and(|(of, _)| *of >= depth) {
        let Some((_, instance)) = open.pop() else {
            return;
        };
        if instance.ranges.is_empty() {
            continue;
        }
        match open.last_mut() {
            Some((_, outer)) => outer.inlined.push(instance),
            None => instances.push(instance),
        }
    }
}

/// Returns the places of a variable of `instance`.
fn locate(
    dwarf: &Dwarf<Bytes<'_>>,
    unit: &Unit<Bytes<'_>>,
    instance: &Instance,
    location: gimli::AttributeValue<Bytes<'_>>,
) -> gimli::Result<Located<Place>> {
    let mut located = Vec::new();
    if let Some(expression) = location.exprloc_value() {
        if let Some(place) = Place::read(expression, unit.encoding()) {
            let ranges = instance.ranges.iter().cloned();
            located.extend(ranges.map(|range| (range, place.clone())));
        }
    } else if let Some(mut list) = dwarf.attr_locations(unit, location)? {
        while let Some(element) = list.next()? {
            let range = element.range.begin..element.range.end;
            if range.start < range.end
                && range.end < NOWHERE / 2
                && let Some(place) = Place::read(element.data, unit.encoding())
            {
                located.push((range, place));
            }
        }
    }
    located.sort_by_key(|(range, _)| range.start);
    Ok(located)
}

/// A piece of code, and the WebAssembly instruction that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// Offset in the file of the instruction, or of the call if the code is inlined.
    pub wasm: u32,
    pub start: u64,
    pub end: u64,
}

/// An instance, and the pieces of its code.
pub(super) struct Node<'a> {
    pub instance: &'a Instance,
    pub parent: Option<usize>,
    /// Ordered by the offset in the file.
    pub pieces: Vec<Piece>,
}

/// Returns the instances inside `root`, itself first, with the pieces that `rows` state. A parent stands in front
/// of its children.
pub(super) fn nodes<'a>(root: &'a Instance, rows: &[Row]) -> Vec<Node<'a>> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut waiting = vec![(None, root)];
    let mut ranges: Vec<(u64, std::cmp::Reverse<u64>, usize)> = Vec::new();
    while let Some((parent, instance)) = waiting.pop() {
        let number = nodes.len();
        nodes.push(Node {
            instance,
            parent,
            pieces: Vec::new(),
        });
        let own = instance.ranges.iter();
        ranges.extend(own.map(|range| (range.start, std::cmp::Reverse(range.end), number)));
        let inner = instance.inlined.iter();
        waiting.extend(inner.map(|inner| (Some(number), inner)));
    }
    ranges.sort_unstable();
    let mut next = 0;
    let mut open: Vec<(u64, usize)> = Vec::new();
    let first = root.ranges.first().map_or(0, |range| range.start);
    let last = root.ranges.last().map_or(0, |range| range.end);
    // The row of the code in front may go on here.
    let from = rows.partition_point(|row| row.text <= first);
    let from = from.saturating_sub(1);
    for (position, row) in rows.iter().enumerate().skip(from) {
        if row.text >= last {
            break;
        }
        let start = row.text.max(first);
        while ranges.get(next).is_some_and(|(from, ..)| *from <= start) {
            let (_, end, number) = ranges[next];
            next += 1;
            open.push((end.0, number));
        }
        open.retain(|(end, _)| *end > start);
        let Some(&(_, innermost)) = open.last() else {
            continue;
        };
        let end = rows
            .get(position + 1)
            .map_or(last, |row| row.text.min(last));
        let mut number = innermost;
        let mut wasm = row.wasm;
        loop {
            if let Some(wasm) = wasm {
                nodes[number].pieces.push(Piece { wasm, start, end });
            }
            let Some(parent) = nodes[number].parent else {
                break;
            };
            wasm = nodes[number].instance.call;
            number = parent;
        }
    }
    for node in &mut nodes {
        node.pieces
            .sort_unstable_by_key(|piece| (piece.wasm, piece.start));
    }
    nodes
}

impl Node<'_> {
    /// Returns the code that comes from instructions in `ranges` of the file.
    pub fn code(&self, ranges: &[Range<u64>]) -> Vec<Range<u64>> {
        let mut code = Vec::new();
        for range in ranges {
            let from = self
                .pieces
                .partition_point(|piece| u64::from(piece.wasm) < range.start);
            let pieces = self.pieces[from..].iter();
            let inside = pieces.take_while(|piece| u64::from(piece.wasm) < range.end);
            code.extend(inside.map(|piece| piece.start..piece.end));
        }
        merged(code)
    }
}

/// Returns `ranges` in order, as few as possible.
pub(super) fn merged(mut ranges: Vec<Range<u64>>) -> Vec<Range<u64>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<u64>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

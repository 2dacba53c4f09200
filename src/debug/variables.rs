//! Variables and parameters: where native code has them.

use std::ops::Range;

use gimli::write::{AttributeValue, UnitEntryId};
use gimli::{UnitOffset, constants as dw};

use super::code::Node;
use super::expression::{self, Locals, Located, Place, Step};
use super::functions::{Context, Functions};
use super::input::{Die, Entry, Value};
use super::types::{constant, is_reference};
use super::units::Output;
use crate::abi::debug_values::DebugValue;
use crate::targets::Endianness;
use crate::wasm::dwarf::DwarfError;

/// The variable that shows where linear memory begins.
const LINEAR_MEMORY: &str = "linear_memory";

/// The most elements of the list that says where linear memory begins; every unit has a copy.
const MOST_BASES: usize = 100_000;

/// What the location of a variable depends on.
pub(super) struct Surroundings<'s, 'i> {
    pub base: &'s Located<Vec<Step>>,
    /// The local that is the frame base of the source.
    pub frame: Option<u32>,
    pub node: &'s Node<'i>,
}

impl Functions<'_, '_> {
    /// Returns where the code of an instance finds the base of linear memory.
    pub(super) fn base(&self, context: &Context<'_, '_>, number: usize) -> Located<Vec<Step>> {
        let mut located = Located::new();
        let Some(path) = &self.code.memory_path else {
            return located;
        };
        let width = self.code.target.pointer_width.bytes() as u8;
        let instances = [0, number].map(|number| context.nodes[number].instance);
        let environment = self.code.instance_offset;
        for (value, offsets) in [
            (DebugValue::MemoryBase, &[][..]),
            (DebugValue::Instance, path),
            (DebugValue::Environment, &[&[environment], &**path].concat()),
        ] {
            for instance in instances {
                let Some(places) = instance.value(value) else {
                    continue;
                };
                let places = places.iter().filter_map(|(range, place)| {
                    let mut steps = place.value(width, width)?;
                    for &offset in offsets {
                        steps.extend([Step::Add(offset), Step::Load(width)]);
                    }
                    Some((range.clone(), steps))
                });
                expression::fill(&mut located, &places.collect());
            }
        }
        located
    }

    /// Returns the local that is the frame base of the source, if it is one.
    pub(super) fn frame(
        &self,
        out: &mut Output<'_, '_>,
        die: Die,
    ) -> Result<Option<u32>, DwarfError> {
        let entry = out.input.entry(die)?;
        let value = entry.attr_value(dw::DW_AT_frame_base);
        let expression = value.and_then(|value| value.exprloc_value());
        let encoding = out.input.units[die.unit].encoding();
        Ok(expression.and_then(|expression| expression::whole_local(expression, encoding)))
    }

    fn width(&self) -> u8 {
        self.code.target.pointer_width.bytes() as u8
    }

    /// Adds the variable that shows where linear memory begins.
    pub(super) fn show_memory(
        &mut self,
        out: &mut Output<'_, '_>,
        context: &Context<'_, '_>,
        function: UnitEntryId,
        base: &Located<Vec<Step>>,
    ) -> Result<(), DwarfError> {
        if base.is_empty() {
            return Ok(());
        }
        let unit = context.unit;
        let bases = base.iter();
        self.bases
            .extend(bases.map(|(range, steps)| (unit, range.clone(), steps.clone())));
        let entry = out.add(unit, function, dw::DW_TAG_variable)?;
        out.set_text(unit, entry, dw::DW_AT_name, LINEAR_MEMORY)?;
        out.set(
            unit,
            entry,
            dw::DW_AT_artificial,
            AttributeValue::FlagPresent,
        )?;
        let pointer = AttributeValue::UnitRef(out.native_pointer(unit)?);
        out.set(unit, entry, dw::DW_AT_type, pointer)?;
        let located = base.iter().map(|(range, steps)| {
            let location = Place::Value(steps.clone()).location();
            (range.clone(), expression::write(&location, &[]))
        });
        out.set_location(unit, entry, located.collect(), &context.all)
    }

    /// Writes a variable or parameter.
    pub(super) fn write_variable<'a>(
        &self,
        out: &mut Output<'_, 'a>,
        context: &Context<'_, '_>,
        around: &Surroundings<'_, '_>,
        die: Die,
        entry: &Entry<'a>,
        copy: UnitEntryId,
    ) -> Result<(), DwarfError> {
        let unit = context.unit;
        let follows = self.describe_variable(out, unit, die, copy)?;
        if let Some(value) = entry.attr_value(dw::DW_AT_const_value) {
            if let Some(value) = constant(&value) {
                out.set(unit, copy, dw::DW_AT_const_value, value)?;
            }
            return Ok(());
        }
        let Some(location) = entry.attr_value(dw::DW_AT_location) else {
            return Ok(());
        };
        if self.code.target.endianness == Endianness::Big {
            // Linear memory is little endian, and debuggers do not expect that.
            return Ok(());
        }
        let located = match self.code.unoptimised {
            true => self.follow(out, around, &context.all, die, location, follows)?,
            false => self.tracked(out, around, die, &location),
        };
        out.set_location(unit, copy, located, &context.all)
    }

    /// Sets name and type of a variable. Returns whether it is a reference, and gets the type behind that.
    fn describe_variable(
        &self,
        out: &mut Output<'_, '_>,
        unit: usize,
        die: Die,
        copy: UnitEntryId,
    ) -> Result<bool, DwarfError> {
        if let Some(name) = out.input.name(die)? {
            out.set_text(unit, copy, dw::DW_AT_name, &name)?;
        }
        if let Some((_, value)) = out.input.inherited(die, dw::DW_AT_artificial)?
            && let Some(value) = constant(&value)
        {
            out.set(unit, copy, dw::DW_AT_artificial, value)?;
        }
        let Some(mut ty) = out.input.type_of(die)? else {
            return Ok(false);
        };
        let mut follows = false;
        if self.code.unoptimised
            && is_reference(out.input.entry(ty)?.tag())
            && let Some(target) = out.input.type_of(ty)?
        {
            ty = target;
            follows = true;
        }
        if let Some(reference) = out.type_reference(unit, ty)? {
            out.set(unit, copy, dw::DW_AT_type, reference)?;
        }
        Ok(follows)
    }

    /// Returns the location of a variable of unoptimised code, as the module's DWARF states it.
    fn follow<'a>(
        &self,
        out: &mut Output<'_, 'a>,
        around: &Surroundings<'_, '_>,
        all: &Range<u64>,
        die: Die,
        location: Value<'a>,
        follows: bool,
    ) -> Result<Vec<(Range<u64>, gimli::write::Expression)>, DwarfError> {
        let unit = &out.input.units[die.unit];
        let mut expressions = Vec::new();
        if let Some(expression) = location.exprloc_value() {
            expressions.push((vec![all.clone()], expression));
        } else if let Some(mut list) = out.input.dwarf.attr_locations(unit, location)? {
            while let Some(element) = list.next()? {
                out.input.fuel.burn(1)?;
                if let Some(wasm) = self.in_file(element.range.begin..element.range.end) {
                    expressions.push((around.node.code(&[wasm]), element.data));
                }
            }
        }
        let encoding = unit.encoding();
        let mut located = Vec::new();
        for (ranges, expression) in expressions {
            let mut lists: Vec<&Located<Place>> = Vec::new();
            out.input.fuel.burn(expression.0.len())?;
            for index in expression::locals(expression, encoding, around.frame) {
                lists.extend(around.node.instance.value(DebugValue::Local(index)));
            }
            for range in expression::cut(ranges, &lists) {
                let place = |index| {
                    let places = around.node.instance.value(DebugValue::Local(index))?;
                    expression::at(places, range.start).cloned()
                };
                let bytes = encoding.address_size;
                let frame = around.frame.and_then(place);
                let frame = frame.and_then(|place| place.value(bytes, self.width()));
                let locals = Locals {
                    place: &place,
                    frame: frame.as_deref(),
                    bytes,
                    width: self.width(),
                };
                let steps = expression::translate(expression, encoding, &locals, follows);
                let Some(steps) = steps else { continue };
                if expression::needs_base(&steps) {
                    let bases = expression::intersect(around.base, &[range]).into_iter();
                    located.extend(
                        bases.map(|(range, base)| (range, expression::write(&steps, &base))),
                    );
                } else {
                    located.push((range, expression::write(&steps, &[])));
                }
            }
        }
        located.sort_by_key(|(range, _)| range.start);
        // Debuggers take the first element of a list that fits; the lists of hostile input may overlap.
        located.dedup_by(|later, earlier| later.0.start < earlier.0.end);
        Ok(located)
    }

    /// Returns the location of a variable of optimised code, as far as LLVM has kept track of it.
    fn tracked<'a>(
        &self,
        out: &Output<'_, 'a>,
        around: &Surroundings<'_, '_>,
        die: Die,
        location: &Value<'a>,
    ) -> Vec<(Range<u64>, gimli::write::Expression)> {
        let unit = &out.input.units[die.unit];
        let offset = die.offset.to_debug_info_offset(&unit.header);
        let variable = offset.and_then(|offset| u32::try_from(offset.0).ok());
        let instance = around.node.instance;
        let places = variable
            .and_then(|offset| instance.value(DebugValue::Variable(offset)))
            .or_else(|| {
                let expression = location.exprloc_value()?;
                let local = expression::whole_local(expression, unit.encoding())?;
                instance.value(DebugValue::Local(local))
            });
        let places = places.into_iter().flatten();
        places
            .map(|(range, place)| (range.clone(), expression::write(&place.location(), &[])))
            .collect()
    }

    /// Writes the variables outside of functions.
    pub fn write_variables(&self, out: &mut Output<'_, '_>) -> Result<(), DwarfError> {
        let everywhere = self.bases.len() * out.input.units.len() <= MOST_BASES;
        for unit in 0..out.input.units.len() {
            let variables: Vec<UnitOffset> = out.input.variables[unit].clone();
            if variables.is_empty() {
                continue;
            }
            let procedure = self.write_procedure(out, unit, everywhere)?;
            for offset in variables {
                let die = Die { unit, offset };
                let declaration = out.input.declaration(die)?;
                let parent = match declaration.unit == unit {
                    true => out.place(declaration)?,
                    false => out.root(unit)?,
                };
                let copy = out.add(unit, parent, dw::DW_TAG_variable)?;
                let follows = self.describe_variable(out, unit, die, copy)?;
                if let Some((_, value)) = out.input.inherited(die, dw::DW_AT_external)?
                    && let Some(value) = constant(&value)
                {
                    out.set(unit, copy, dw::DW_AT_external, value)?;
                }
                let entry = out.input.entry(die)?;
                let location = entry.attr_value(dw::DW_AT_location);
                let expression = location.and_then(|location| location.exprloc_value());
                if let (Some(procedure), Some(expression)) = (procedure, expression) {
                    let encoding = out.input.units[unit].encoding();
                    let locals = Locals {
                        place: &|_| None,
                        frame: None,
                        bytes: encoding.address_size,
                        width: self.width(),
                    };
                    let steps = expression::translate(expression, encoding, &locals, follows);
                    if let Some(steps) = steps {
                        let location = expression::write(&steps, &[Step::Call(procedure)]);
                        let location = AttributeValue::Exprloc(location);
                        out.set(unit, copy, dw::DW_AT_location, location)?;
                    }
                }
            }
        }
        out.complete_types()
    }

    /// Writes the entry that pushes the base of linear memory, wherever the program stands. `everywhere`:
    /// in all functions, not only those of the unit.
    fn write_procedure(
        &self,
        out: &mut Output<'_, '_>,
        unit: usize,
        everywhere: bool,
    ) -> Result<Option<UnitEntryId>, DwarfError> {
        if !self.code.unoptimised || self.code.target.endianness == Endianness::Big {
            return Ok(None);
        }
        let bases = self.bases.iter();
        let bases = bases.filter(|(of, ..)| everywhere || *of == unit);
        let mut located: Vec<_> = bases
            .map(|(_, range, steps)| (range.clone(), expression::write(steps, &[])))
            .collect();
        if located.is_empty() {
            return Ok(None);
        }
        located.sort_by_key(|(range, _)| range.start);
        let root = out.root(unit)?;
        let procedure = out.add(unit, root, dw::DW_TAG_dwarf_procedure)?;
        out.set_location(unit, procedure, located, &(0..0))?;
        Ok(Some(procedure))
    }
}

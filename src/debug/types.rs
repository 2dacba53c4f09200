//! Copies the types of the source.
//!
//! A pointer of the source is an address in linear memory, which debuggers must not take for a native address.
//! So each pointer becomes a structure with the address, and a static member that names the type it points to.
//! The GDB script gives these structures the operators of pointers.

use gimli::write::{AttributeValue, DebugInfoRef, UnitEntryId};
use gimli::{AttributeValue as Read, constants as dw};

use super::input::{DEEPEST, Die, Entry, Value};
use super::units::Output;
use crate::wasm::dwarf::DwarfError;

/// The members of the structure for a pointer, which the GDB script knows.
const ADDRESS: &str = "address";
const TARGET: &str = "to";

/// How deep the parts of a type's name are inside each other.
const DEEPEST_NAME: usize = 12;

/// Attributes that are copied as they are.
const COPIED: &[dw::DwAt] = &[
    dw::DW_AT_byte_size,
    dw::DW_AT_bit_size,
    dw::DW_AT_bit_offset,
    dw::DW_AT_data_bit_offset,
    dw::DW_AT_data_member_location,
    dw::DW_AT_encoding,
    dw::DW_AT_upper_bound,
    dw::DW_AT_lower_bound,
    dw::DW_AT_count,
    dw::DW_AT_const_value,
    dw::DW_AT_discr_value,
    dw::DW_AT_alignment,
    dw::DW_AT_declaration,
    dw::DW_AT_prototyped,
    dw::DW_AT_artificial,
    dw::DW_AT_accessibility,
    dw::DW_AT_GNU_vector,
    dw::DW_AT_enum_class,
];

/// Reports whether an entry with this tag is a type.
fn is_type(tag: dw::DwTag) -> bool {
    matches!(
        tag,
        dw::DW_TAG_base_type
            | dw::DW_TAG_unspecified_type
            | dw::DW_TAG_structure_type
            | dw::DW_TAG_class_type
            | dw::DW_TAG_union_type
            | dw::DW_TAG_enumeration_type
            | dw::DW_TAG_typedef
            | dw::DW_TAG_const_type
            | dw::DW_TAG_volatile_type
            | dw::DW_TAG_restrict_type
            | dw::DW_TAG_atomic_type
            | dw::DW_TAG_array_type
            | dw::DW_TAG_subroutine_type
    ) || is_pointer(tag)
}

/// Reports whether a type with this tag is an address.
pub(super) fn is_pointer(tag: dw::DwTag) -> bool {
    is_reference(tag) || tag == dw::DW_TAG_pointer_type
}

/// Reports whether a type with this tag is a reference, which debuggers follow by themselves.
pub(super) fn is_reference(tag: dw::DwTag) -> bool {
    matches!(
        tag,
        dw::DW_TAG_reference_type | dw::DW_TAG_rvalue_reference_type
    )
}

/// Reports whether an entry inside a type is a part of it.
fn is_part(tag: dw::DwTag) -> bool {
    matches!(
        tag,
        dw::DW_TAG_member
            | dw::DW_TAG_inheritance
            | dw::DW_TAG_enumerator
            | dw::DW_TAG_subrange_type
            | dw::DW_TAG_variant_part
            | dw::DW_TAG_variant
            | dw::DW_TAG_formal_parameter
            | dw::DW_TAG_unspecified_parameters
    )
}

/// Returns `value` for a writer, if it needs nothing else.
pub(super) fn constant(value: &Value<'_>) -> Option<AttributeValue> {
    Some(match *value {
        Read::Data1(value) => AttributeValue::Data1(value),
        Read::Data2(value) => AttributeValue::Data2(value),
        Read::Data4(value) => AttributeValue::Data4(value),
        Read::Data8(value) => AttributeValue::Data8(value),
        Read::Data16(value) => AttributeValue::Data16(value),
        Read::Sdata(value) => AttributeValue::Sdata(value),
        Read::Udata(value) => AttributeValue::Udata(value),
        Read::Flag(value) => AttributeValue::Flag(value),
        Read::Encoding(value) => AttributeValue::Encoding(value),
        Read::Accessibility(value) => AttributeValue::Accessibility(value),
        Read::Block(bytes) => AttributeValue::Block(bytes.slice().to_vec()),
        _ => return None,
    })
}

impl<'a> Output<'_, 'a> {
    /// Returns the reference to the type of `die` for an entry of unit number `from`. `None` if it has none, or
    /// none that is known.
    pub fn type_of(&mut self, from: usize, die: Die) -> Result<Option<AttributeValue>, DwarfError> {
        match self.input.type_of(die)? {
            Some(ty) => self.type_reference(from, ty),
            None => Ok(None),
        }
    }

    /// Returns the reference to type `ty` for an entry of unit number `from`.
    pub fn type_reference(
        &mut self,
        from: usize,
        ty: Die,
    ) -> Result<Option<AttributeValue>, DwarfError> {
        let Some(id) = self.ensure_type(ty)? else {
            return Ok(None);
        };
        Ok(Some(self.reference(from, ty.unit, id)?))
    }

    /// Returns the reference to entry `id` of unit number `unit` for an entry of unit number `from`.
    pub fn reference(
        &mut self,
        from: usize,
        unit: usize,
        id: UnitEntryId,
    ) -> Result<AttributeValue, DwarfError> {
        Ok(match from == unit {
            true => AttributeValue::UnitRef(id),
            false => AttributeValue::DebugInfoRef(DebugInfoRef::Entry(self.unit(unit)?, id)),
        })
    }

    /// Returns the entry for the type `ty`; its contents follow with [`Self::complete_types`].
    fn ensure_type(&mut self, ty: Die) -> Result<Option<UnitEntryId>, DwarfError> {
        if let Some(&id) = self.entries.get(&ty) {
            return Ok(Some(id));
        }
        let tag = self.input.entry(ty)?.tag();
        if !is_type(tag) {
            return Ok(None);
        }
        let parent = self.place(ty)?;
        let tag = match is_pointer(tag) {
            true => dw::DW_TAG_typedef,
            false => tag,
        };
        let id = self.add(ty.unit, parent, tag)?;
        self.entries.insert(ty, id);
        self.waiting.push(ty);
        Ok(Some(id))
    }

    /// Returns the entry that should be around `die`: its namespace or class.
    pub fn place(&mut self, die: Die) -> Result<UnitEntryId, DwarfError> {
        let root = self.root(die.unit)?;
        let mut missing = Vec::new();
        let mut around = root;
        let mut at = die;
        while let Some(parent) = self.input.parent(at) {
            if let Some(&id) = self.entries.get(&parent) {
                around = id;
                break;
            }
            let tag = self.input.entry(parent)?.tag();
            let names = tag == dw::DW_TAG_namespace
                || matches!(
                    tag,
                    dw::DW_TAG_structure_type | dw::DW_TAG_class_type | dw::DW_TAG_union_type
                );
            if !names || missing.len() >= DEEPEST {
                // A type in a function.
                missing.clear();
                break;
            }
            missing.push((parent, tag));
            at = parent;
        }
        for (parent, tag) in missing.into_iter().rev() {
            around = self.add(parent.unit, around, tag)?;
            self.entries.insert(parent, around);
            if tag == dw::DW_TAG_namespace {
                if let Some(name) = self.input.name(parent)? {
                    self.set_text(parent.unit, around, dw::DW_AT_name, &name)?;
                }
            } else {
                self.waiting.push(parent);
            }
        }
        Ok(around)
    }

    /// Copies the contents of all types that entries refer to.
    pub fn complete_types(&mut self) -> Result<(), DwarfError> {
        while let Some(ty) = self.waiting.pop() {
            let Some(&id) = self.entries.get(&ty) else {
                continue;
            };
            let entry = self.input.entry(ty)?;
            if is_pointer(entry.tag()) {
                self.write_pointer(ty, &entry, id)?;
                continue;
            }
            self.copy(ty, &entry, id)?;
            if entry.has_children() {
                self.copy_parts(ty)?;
            }
        }
        Ok(())
    }

    /// Copies the attributes of an entry of a type.
    fn copy(&mut self, die: Die, entry: &Entry<'a>, id: UnitEntryId) -> Result<(), DwarfError> {
        if let Some(name) = entry.attr_value(dw::DW_AT_name)
            && let Some(name) = self.input.string(die.unit, name)
        {
            self.set_text(die.unit, id, dw::DW_AT_name, &name)?;
        }
        for &name in COPIED {
            if let Some(value) = entry.attr_value(name).and_then(|value| constant(&value)) {
                self.set(die.unit, id, name, value)?;
            }
        }
        if let Some(value) = entry.attr_value(dw::DW_AT_type)
            && let Some(target) = self.input.target(die.unit, &value)
            && let Some(reference) = self.type_reference(die.unit, target)?
        {
            self.set(die.unit, id, dw::DW_AT_type, reference)?;
        }
        Ok(())
    }

    /// Copies the parts of a type: members, enumerators, bounds.
    fn copy_parts(&mut self, ty: Die) -> Result<(), DwarfError> {
        // The copies of the entries around the current one.
        let mut around = vec![self.entries[&ty]];
        let mut discriminants = Vec::new();
        let mut parts = Vec::new();
        {
            let unit = &self.input.units[ty.unit];
            let mut entries = unit.entries_at_offset(ty.offset)?;
            entries.next_dfs()?;
            // The depth of parts; other entries and all inside them are left out.
            let mut deepest = 1;
            while let Some(entry) = entries.next_dfs()? {
                self.input.fuel.burn(1 + entry.attrs().len())?;
                let depth = entry.depth();
                if depth <= 0 {
                    break;
                }
                if depth > deepest {
                    continue;
                }
                let is_static = entry.has_attr(dw::DW_AT_external);
                deepest = depth;
                if is_part(entry.tag()) && !is_static && depth < DEEPEST as isize {
                    deepest += 1;
                    parts.push((depth as usize, entry.clone()));
                }
            }
        }
        for (depth, entry) in parts {
            around.truncate(depth);
            let Some(&parent) = around.last() else { break };
            let die = Die {
                offset: entry.offset(),
                ..ty
            };
            let id = self.add(ty.unit, parent, entry.tag())?;
            self.entries.insert(die, id);
            self.copy(die, &entry, id)?;
            if let Some(value) = entry.attr_value(dw::DW_AT_discr)
                && let Some(target) = self.input.target(ty.unit, &value)
            {
                discriminants.push((id, target));
            }
            around.push(id);
        }
        for (id, target) in discriminants {
            if let Some(&member) = self.entries.get(&target) {
                let member = self.reference(ty.unit, target.unit, member)?;
                self.set(ty.unit, id, dw::DW_AT_discr, member)?;
            }
        }
        Ok(())
    }

    /// Makes `id`, a typedef, the name of the structure for the pointer `ty`.
    fn write_pointer(
        &mut self,
        ty: Die,
        entry: &Entry<'a>,
        id: UnitEntryId,
    ) -> Result<(), DwarfError> {
        let unit = ty.unit;
        let size = entry.attr_value(dw::DW_AT_byte_size);
        let size = size.and_then(|size| size.udata_value());
        let size = size.unwrap_or(u64::from(self.address_bytes(unit)));
        let own = entry.attr_value(dw::DW_AT_name);
        let name = match own.and_then(|name| self.input.string(unit, name)) {
            // Rust names its pointers.
            Some(name) => name,
            None => self.type_name(ty, 0, false)?,
        };
        self.set_text(unit, id, dw::DW_AT_name, &name)?;
        let root = self.root(unit)?;
        let pointer = self.add(unit, root, dw::DW_TAG_structure_type)?;
        self.set(unit, id, dw::DW_AT_type, AttributeValue::UnitRef(pointer))?;
        // GDB compares two structures if they have one name.
        let name = "pointer ".to_owned() + &self.type_name(ty, 0, true)?;
        self.set_text(unit, pointer, dw::DW_AT_name, &name)?;
        self.set(
            unit,
            pointer,
            dw::DW_AT_byte_size,
            AttributeValue::Udata(size),
        )?;
        let member = self.add(unit, pointer, dw::DW_TAG_member)?;
        self.set_text(unit, member, dw::DW_AT_name, ADDRESS)?;
        let address = AttributeValue::UnitRef(self.address_type(unit, size)?);
        self.set(unit, member, dw::DW_AT_type, address)?;
        let start = AttributeValue::Udata(0);
        self.set(unit, member, dw::DW_AT_data_member_location, start)?;
        let public = AttributeValue::Accessibility(dw::DW_ACCESS_public);
        self.set(unit, member, dw::DW_AT_accessibility, public.clone())?;
        if let Some(target) = self.type_of(unit, ty)? {
            let member = self.add(unit, pointer, dw::DW_TAG_member)?;
            self.set_text(unit, member, dw::DW_AT_name, TARGET)?;
            self.set(unit, member, dw::DW_AT_type, target)?;
            self.set(unit, member, dw::DW_AT_accessibility, public)?;
            for name in [dw::DW_AT_external, dw::DW_AT_declaration] {
                self.set(unit, member, name, AttributeValue::FlagPresent)?;
            }
        }
        Ok(())
    }

    /// Returns the name of a type as the source would write it. `bare`: without typedefs and qualifiers.
    fn type_name(&mut self, ty: Die, depth: usize, bare: bool) -> Result<String, DwarfError> {
        if depth > DEEPEST_NAME {
            return Ok("…".to_owned());
        }
        let entry = self.input.entry(ty)?;
        let target = |this: &mut Self| -> Result<String, DwarfError> {
            let value = entry.attr_value(dw::DW_AT_type);
            match value.and_then(|value| this.input.target(ty.unit, &value)) {
                Some(target) => this.type_name(target, depth + 1, bare),
                None => Ok("void".to_owned()),
            }
        };
        let suffix = match entry.tag() {
            dw::DW_TAG_pointer_type => "*",
            dw::DW_TAG_reference_type => "&",
            dw::DW_TAG_rvalue_reference_type => "&&",
            dw::DW_TAG_const_type | dw::DW_TAG_typedef if bare => return target(self),
            dw::DW_TAG_const_type => {
                let target = target(self)?;
                return Ok(match target.ends_with('*') {
                    true => format!("{target}const"),
                    false => format!("const {target}"),
                });
            }
            dw::DW_TAG_volatile_type | dw::DW_TAG_restrict_type | dw::DW_TAG_atomic_type => {
                return target(self);
            }
            dw::DW_TAG_array_type => return Ok(target(self)? + " []"),
            dw::DW_TAG_subroutine_type => return Ok(target(self)? + " ()"),
            _ => {
                let own = entry.attr_value(dw::DW_AT_name);
                let own = own.and_then(|name| self.input.string(ty.unit, name));
                let mut name = own.unwrap_or_else(|| "{…}".to_owned());
                let mut at = ty;
                for _ in 0..DEEPEST_NAME {
                    let Some(parent) = self.input.parent(at) else {
                        break;
                    };
                    let around = self.input.entry(parent)?;
                    if around.tag() == dw::DW_TAG_subprogram {
                        break;
                    }
                    let around = around.attr_value(dw::DW_AT_name);
                    if let Some(around) =
                        around.and_then(|name| self.input.string(parent.unit, name))
                    {
                        name = format!("{around}::{name}");
                    }
                    at = parent;
                }
                return Ok(name);
            }
        };
        let mut name = target(self)?;
        if let Some(result) = name.strip_suffix(" ()") {
            name = format!("{result} ({suffix})()");
        } else if name.ends_with(['*', '&']) {
            name += suffix;
        } else {
            name = format!("{name} {suffix}");
        }
        Ok(name)
    }
}

//! Functions, their scopes and variables.

use std::collections::HashSet;
use std::ops::Range;

use gimli::constants as dw;
use gimli::write::{AttributeValue, UnitEntryId};

use super::code::{self, Instance, Node};
use super::expression::{self, Step};
use super::input::{Die, Entry, Input};
use super::source::Source;
use super::types::constant;
use super::units::Output;
use super::variables::Surroundings;
use super::{Code, Row};
use crate::abi::symbols::SymbolName;
use crate::wasm::FuncIndex;
use crate::wasm::dwarf::{DwarfError, code_ranges};

/// All offsets of the WebAssembly file.
const EVERYWHERE: Range<u64> = 0..u64::MAX;

/// The functions of the module in native code.
pub(super) struct Functions<'m, 's> {
    pub code: &'m Code<'m>,
    pub source: Option<&'m Source<'s>>,
    pub rows: &'m [Row],
    /// The functions whose body is a function of its own.
    bodies: HashSet<u32>,
    /// Where linear memory begins, in all functions so far, with the numbers of their units.
    pub bases: Vec<(usize, Range<u64>, Vec<Step>)>,
}

/// A function that is being written.
pub(super) struct Context<'c, 'i> {
    /// The number of the unit that has the function.
    pub unit: usize,
    pub nodes: &'c [Node<'i>],
    /// All code of the function.
    pub all: Range<u64>,
}

/// A scope of the source that has been written.
struct Written {
    entry: UnitEntryId,
    depth: isize,
    /// Its instructions: offsets in the module's file.
    wasm: Vec<Range<u64>>,
}

impl<'m, 's> Functions<'m, 's> {
    pub fn new(code: &'m Code<'m>, source: Option<&'m Source<'s>>, rows: &'m [Row]) -> Self {
        let mut bodies = HashSet::new();
        for symbol in &code.text.symbols {
            if let Some(SymbolName::Body(position)) = SymbolName::parse(&symbol.name) {
                bodies.insert(position);
            }
        }
        let mut waiting: Vec<&Instance> = code.origins.instances.iter().collect();
        while let Some(instance) = waiting.pop() {
            if let Some(SymbolName::Body(position)) = SymbolName::parse(&instance.symbol) {
                bodies.insert(position);
            }
            waiting.extend(&instance.inlined);
        }
        Functions {
            code,
            source,
            rows,
            bodies,
            bases: Vec::new(),
        }
    }

    /// Returns the function whose body `symbol` is.
    fn body(&self, symbol: &str) -> Option<u32> {
        match SymbolName::parse(symbol)? {
            SymbolName::Body(position) => Some(position),
            SymbolName::Entry(position) if !self.bodies.contains(&position) => Some(position),
            _ => None,
        }
    }

    /// Returns `root` as the function of the source that it is: an entry or a check of the stack into which the
    /// body was inlined is the body.
    fn as_body(&self, root: &Instance) -> Option<Instance> {
        if self.body(&root.symbol).is_some() {
            return Some(root.clone());
        }
        let of = SymbolName::parse(&root.symbol)?.defined_function();
        let is_body = |inner: &Instance| of.is_some() && self.body(&inner.symbol) == of;
        let [inner] = &*root.inlined else { return None };
        let mut body = match is_body(inner) {
            true => inner.clone(),
            false => match &*inner.inlined {
                [innermost] if is_body(innermost) => innermost.clone(),
                _ => return None,
            },
        };
        body.ranges.clone_from(&root.ranges);
        body.call = None;
        body.frame_base.clone_from(&root.frame_base);
        Some(body)
    }

    /// Returns the entry in the source of the function whose body `symbol` is.
    fn source_of(&self, out: &Output<'_, '_>, symbol: &str) -> Option<Die> {
        let position = self.body(symbol)?;
        out.input.functions.get(&position).copied()
    }

    /// Returns the first function with source in `root`.
    fn first_source(&self, out: &Output<'_, '_>, root: &Instance) -> Option<Die> {
        let mut waiting = vec![root];
        while let Some(instance) = waiting.pop() {
            if let Some(die) = self.source_of(out, &instance.symbol) {
                return Some(die);
            }
            waiting.extend(&instance.inlined);
        }
        None
    }

    /// Writes the function `root`, if its source is known, or that of a function that is inlined into it.
    pub fn write(&mut self, out: &mut Output<'_, '_>, root: &Instance) -> Result<(), DwarfError> {
        let root = self.as_body(root).unwrap_or_else(|| root.clone());
        let Some(first) = self.first_source(out, &root) else {
            return Ok(());
        };
        let [all] = &*root.ranges else { return Ok(()) };
        let all = all.clone();
        let unit = first.unit;
        let die = self.source_of(out, &root.symbol);
        let entry = match die {
            Some(die) => self.begin_function(out, die)?,
            None => {
                let parent = out.root(unit)?;
                let entry = out.add(unit, parent, dw::DW_TAG_subprogram)?;
                let name = self.plain_name(&root.symbol);
                out.set_text(unit, entry, dw::DW_AT_name, &name)?;
                entry
            }
        };
        out.add_code(unit, all.clone())?;
        out.set_code(unit, entry, &root.ranges)?;
        if let Some(base) = &root.frame_base {
            let base = AttributeValue::Exprloc(expression::write(&base.location(), &[]));
            out.set(unit, entry, dw::DW_AT_frame_base, base)?;
        }
        let nodes = code::nodes(&root, self.rows);
        let context = Context {
            unit,
            nodes: &nodes,
            all,
        };
        // The copies of functions that are to be written, each with its source and its entry.
        let mut waiting = vec![(0, die, entry)];
        while let Some((number, die, entry)) = waiting.pop() {
            let scopes = match die {
                Some(die) => self.write_scopes(out, &context, number, die, entry)?,
                None => vec![Written {
                    entry,
                    depth: 0,
                    wasm: vec![EVERYWHERE],
                }],
            };
            let children = nodes.iter().enumerate();
            for (child, node) in children.filter(|(_, node)| node.parent == Some(number)) {
                if let Some((die, entry)) = self.write_inlined(out, &context, node, &scopes)? {
                    waiting.push((child, die, entry));
                }
            }
        }
        out.complete_types()
    }

    /// Writes the entry of a function with source, without its code.
    fn begin_function(
        &self,
        out: &mut Output<'_, '_>,
        die: Die,
    ) -> Result<UnitEntryId, DwarfError> {
        let declaration = out.input.declaration(die)?;
        // Functions are where they are declared, so that they have their full names.
        let parent = match declaration.unit == die.unit {
            true => out.place(declaration)?,
            false => out.root(die.unit)?,
        };
        let entry = out.add(die.unit, parent, dw::DW_TAG_subprogram)?;
        self.name_function(out, die.unit, entry, die)?;
        if let Some(ty) = out.type_of(die.unit, die)? {
            out.set(die.unit, entry, dw::DW_AT_type, ty)?;
        }
        Ok(entry)
    }

    /// Returns the name of a function without source.
    fn plain_name(&self, symbol: &str) -> String {
        let module = self.code.module;
        let position = SymbolName::parse(symbol).and_then(|name| name.defined_function());
        let name = position.and_then(|position| {
            let index = FuncIndex::from_u32(position + module.imported_functions as u32);
            module.function_name(index)
        });
        name.unwrap_or(symbol).to_owned()
    }

    /// Sets the names of a function.
    fn name_function(
        &self,
        out: &mut Output<'_, '_>,
        unit: usize,
        entry: UnitEntryId,
        die: Die,
    ) -> Result<(), DwarfError> {
        if let Some(name) = out.input.name(die)? {
            out.set_text(unit, entry, dw::DW_AT_name, &name)?;
        }
        if let Some((at, name)) = out.input.inherited(die, dw::DW_AT_linkage_name)?
            && let Some(name) = out.input.string(at.unit, name)
            // Debuggers would show any other name, such as `__main_argc_argv`, instead of the source's.
            && (name.starts_with("_Z") || name.starts_with("_R"))
        {
            out.set_text(unit, entry, dw::DW_AT_linkage_name, &name)?;
        }
        for name in [dw::DW_AT_external, dw::DW_AT_prototyped] {
            if let Some((_, value)) = out.input.inherited(die, name)?
                && let Some(value) = constant(&value)
            {
                out.set(unit, entry, name, value)?;
            }
        }
        Ok(())
    }

    /// Writes the entry of a function that is inlined somewhere; returns a reference to it for unit `from`.
    fn write_abstract(
        &self,
        out: &mut Output<'_, '_>,
        from: usize,
        die: Die,
    ) -> Result<AttributeValue, DwarfError> {
        let declaration = out.input.declaration(die)?;
        let unit = declaration.unit;
        let entry = match out.abstracts.get(&declaration) {
            Some(&known) => known,
            None => {
                let parent = out.place(declaration)?;
                let entry = out.add(unit, parent, dw::DW_TAG_subprogram)?;
                out.abstracts.insert(declaration, entry);
                self.name_function(out, unit, entry, die)?;
                let inlined = AttributeValue::Inline(dw::DW_INL_inlined);
                out.set(unit, entry, dw::DW_AT_inline, inlined)?;
                entry
            }
        };
        out.reference(from, unit, entry)
    }

    /// Writes a function that our optimiser has inlined. `scopes`: the scopes of the caller. Returns its source
    /// and its entry. A function without source has no entry: the functions inlined into it belong to the caller.
    fn write_inlined(
        &self,
        out: &mut Output<'_, '_>,
        context: &Context<'_, '_>,
        node: &Node<'_>,
        scopes: &[Written],
    ) -> Result<Option<(Option<Die>, UnitEntryId)>, DwarfError> {
        let call = u64::from(node.instance.call.unwrap_or(0));
        let around = scopes
            .iter()
            .filter(|scope| scope.wasm.iter().any(|range| range.contains(&call)))
            .max_by_key(|scope| scope.depth)
            .or(scopes.first());
        let Some(around) = around else {
            return Ok(None);
        };
        let unit = context.unit;
        let Some(die) = self.source_of(out, &node.instance.symbol) else {
            return Ok(Some((None, around.entry)));
        };
        let entry = out.add(unit, around.entry, dw::DW_TAG_inlined_subroutine)?;
        let origin = self.write_abstract(out, unit, die)?;
        out.set(unit, entry, dw::DW_AT_abstract_origin, origin)?;
        out.set_code(unit, entry, &node.instance.ranges)?;
        let location = self.source.zip(node.instance.call);
        if let Some(location) = location.and_then(|(source, call)| source.location(call)) {
            let file = out.file_at(unit, &location.file)?;
            let file = AttributeValue::FileIndex(Some(file));
            out.set(unit, entry, dw::DW_AT_call_file, file)?;
            let line = AttributeValue::Udata(u64::from(location.line));
            out.set(unit, entry, dw::DW_AT_call_line, line)?;
        }
        Ok(Some((Some(die), entry)))
    }

    /// Writes the scopes and variables of `die`, a function, in the instance `number`, whose entry is `entry`.
    /// Returns the scopes, the function first.
    fn write_scopes(
        &mut self,
        out: &mut Output<'_, '_>,
        context: &Context<'_, '_>,
        number: usize,
        die: Die,
        entry: UnitEntryId,
    ) -> Result<Vec<Written>, DwarfError> {
        let node = &context.nodes[number];
        let base = self.base(context, number);
        if number == 0 {
            self.show_memory(out, context, entry, &base)?;
        }
        let frame = self.frame(out, die)?;
        let mut written = vec![Written {
            entry,
            depth: 0,
            wasm: vec![EVERYWHERE],
        }];
        // Indices into `written` of the scopes around the current entry.
        let mut around = vec![0];
        for (depth, inner) in self.entries_of(out, die)? {
            while around.len() > 1 && written[around[around.len() - 1]].depth >= depth {
                around.pop();
            }
            let scope = around[around.len() - 1];
            let parent = written[scope].entry;
            let at = Die {
                offset: inner.offset(),
                ..die
            };
            match inner.tag() {
                dw::DW_TAG_lexical_block | dw::DW_TAG_inlined_subroutine => {
                    let wasm = self.wasm_ranges(out, at, &inner)?;
                    let code = node.code(&wasm);
                    let copy = out.add(context.unit, parent, inner.tag())?;
                    out.set_code(context.unit, copy, &code)?;
                    if inner.tag() == dw::DW_TAG_inlined_subroutine {
                        self.describe_inlined(out, context, at, &inner, copy)?;
                    }
                    around.push(written.len());
                    written.push(Written {
                        entry: copy,
                        depth,
                        wasm,
                    });
                }
                tag => {
                    let copy = out.add(context.unit, parent, tag)?;
                    let place = Surroundings {
                        base: &base,
                        frame,
                        node,
                    };
                    self.write_variable(out, context, &place, at, &inner, copy)?;
                }
            }
        }
        Ok(written)
    }

    /// Returns the scopes and variables inside `die`, with their depths.
    fn entries_of<'a>(
        &self,
        out: &mut Output<'_, 'a>,
        die: Die,
    ) -> Result<Vec<(isize, Entry<'a>)>, DwarfError> {
        let mut found = Vec::new();
        let unit = &out.input.units[die.unit];
        let mut entries = unit.entries_at_offset(die.offset)?;
        entries.next_dfs()?;
        // The depth of entries that count; others and all inside them are left out.
        let mut deepest = 1;
        while let Some(entry) = entries.next_dfs()? {
            let depth = entry.depth();
            if depth <= 0 {
                break;
            }
            out.input.fuel.burn(1 + entry.attrs().len())?;
            if depth > deepest {
                continue;
            }
            deepest = depth;
            match entry.tag() {
                dw::DW_TAG_lexical_block | dw::DW_TAG_inlined_subroutine => {
                    deepest += 1;
                    found.push((depth, entry.clone()));
                }
                dw::DW_TAG_variable | dw::DW_TAG_formal_parameter => {
                    found.push((depth, entry.clone()));
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// Returns the instructions of a scope: offsets in the module's file.
    fn wasm_ranges<'a>(
        &self,
        out: &mut Output<'_, 'a>,
        die: Die,
        entry: &Entry<'a>,
    ) -> Result<Vec<Range<u64>>, DwarfError> {
        let Input {
            dwarf, units, fuel, ..
        } = &mut out.input;
        let ranges = code_ranges(dwarf, &units[die.unit], entry, fuel)?;
        let wasm = ranges.into_iter().filter_map(|range| self.in_file(range));
        Ok(code::merged(wasm.collect()))
    }

    /// Returns addresses of DWARF as offsets in the module's file.
    pub fn in_file(&self, range: Range<u64>) -> Option<Range<u64>> {
        let code = self.code.module.code_offset;
        let range = code.checked_add(range.start)?..code.checked_add(range.end)?;
        (range.start < range.end).then_some(range)
    }

    /// Says which function the compiler of the source has inlined, and where.
    fn describe_inlined<'a>(
        &self,
        out: &mut Output<'_, 'a>,
        context: &Context<'_, '_>,
        die: Die,
        entry: &Entry<'a>,
        copy: UnitEntryId,
    ) -> Result<(), DwarfError> {
        let unit = context.unit;
        let origin = entry.attr_value(dw::DW_AT_abstract_origin);
        if let Some(origin) = origin.and_then(|origin| out.input.target(die.unit, &origin))
            && out.input.entry(origin)?.tag() == dw::DW_TAG_subprogram
        {
            let origin = self.write_abstract(out, unit, origin)?;
            out.set(unit, copy, dw::DW_AT_abstract_origin, origin)?;
        }
        let number = match entry.attr_value(dw::DW_AT_call_file) {
            Some(gimli::AttributeValue::FileIndex(number)) => Some(number),
            _ => None,
        };
        let file = match number {
            Some(number) if die.unit == unit => out.file(unit, number)?,
            Some(number) => match out.input.file(die.unit, number) {
                Some(path) => Some(out.file_at(unit, &path)?),
                None => None,
            },
            None => None,
        };
        if let Some(file) = file {
            let file = AttributeValue::FileIndex(Some(file));
            out.set(unit, copy, dw::DW_AT_call_file, file)?;
            let line = entry.attr_value(dw::DW_AT_call_line);
            if let Some(line) = line.and_then(|line| line.udata_value()) {
                let line = AttributeValue::Udata(line);
                out.set(unit, copy, dw::DW_AT_call_line, line)?;
            }
        }
        Ok(())
    }
}

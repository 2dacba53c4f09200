//! Which values debug information describes: the locals and variables in which the module's DWARF finds the
//! variables of the source.
//!
//! Without optimisation, instructions stay in their order. So the emitter describes the locals that DWARF names,
//! and the room `debug` follows the lists of DWARF. LLVM's optimisation moves instructions across the borders of
//! these lists. Then the emitter itself says where each variable begins and ends to be in a local, and LLVM keeps
//! track of that.

use std::ops::Range;

use gimli::{Dwarf, Operation, Reader as _, Unit, constants as dw};

use crate::options::OptLevel;
use crate::wasm::Module;
use crate::wasm::dwarf::{DwarfBytes, DwarfError, Fuel, code_ranges, dwarf, function_that_ends_at};

/// The values to describe, by defined function. Empty if the module has no DWARF.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct DebugPlan {
    /// Nothing is optimised.
    pub unoptimised: bool,
    functions: Vec<DebugValues>,
}

/// The values to describe in one function.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct DebugValues {
    /// The source of the function is known.
    pub known: bool,
    /// Locals to describe wherever they live, ordered.
    pub locals: Vec<u32>,
    /// Where variables begin and end to be in locals, ordered by offset.
    pub events: Vec<DebugEvent>,
}

/// A variable of the source moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DebugEvent {
    /// Offset in the file, in bytes.
    pub offset: u64,
    /// The local that has the variable from here on; `None` if none has.
    pub local: Option<u32>,
    /// The offset of the variable's entry in `.debug_info`.
    pub variable: u32,
}

impl DebugPlan {
    /// Returns the plan for `module` at `level`. Fails if the DWARF of the module cannot be read.
    pub fn new(module: &Module<'_>, level: OptLevel) -> Result<Self, DwarfError> {
        let Some(dwarf) = dwarf(module) else {
            return Ok(DebugPlan::default());
        };
        let dwarf = dwarf?;
        let defined = module.functions.len() - module.imported_functions;
        let mut reader = Reader {
            module,
            dwarf: &dwarf,
            fuel: Fuel::new(&dwarf),
            optimised: level > OptLevel::O0,
            functions: vec![DebugValues::default(); defined],
        };
        let mut units = dwarf.units();
        while let Some(header) = units.next().map_err(DwarfError::from)? {
            let unit = dwarf.unit(header)?;
            reader.read_unit(&unit)?;
        }
        let mut functions = reader.functions;
        for values in &mut functions {
            values.locals.sort_unstable();
            values.locals.dedup();
            values.events.sort_unstable();
            values.events.dedup();
        }
        Ok(DebugPlan {
            unoptimised: level == OptLevel::O0,
            functions,
        })
    }

    /// Reports whether the source of any function is known.
    pub fn describes_values(&self) -> bool {
        self.functions.iter().any(|values| values.known)
    }

    /// Returns the values to describe in the defined function at `position`, if its source is known.
    pub fn values(&self, position: usize) -> Option<&DebugValues> {
        self.functions.get(position).filter(|values| values.known)
    }
}

/// An entry of DWARF that has code, with the entries that it contains.
struct Scope {
    depth: isize,
    /// Position of the function among the defined ones.
    function: Option<usize>,
    /// The addresses of its code.
    ranges: Vec<Range<u64>>,
    is_function: bool,
}

struct Reader<'m, 'a> {
    module: &'m Module<'a>,
    dwarf: &'m Dwarf<DwarfBytes<'a>>,
    fuel: Fuel,
    optimised: bool,
    functions: Vec<DebugValues>,
}

impl<'a> Reader<'_, 'a> {
    fn read_unit(&mut self, unit: &Unit<DwarfBytes<'a>>) -> Result<(), DwarfError> {
        let mut scopes: Vec<Scope> = Vec::new();
        let mut entries = unit.entries();
        while let Some(entry) = entries.next_dfs()? {
            self.fuel.burn(1 + entry.attrs().len())?;
            let depth = entry.depth();
            while scopes.last().is_some_and(|scope| scope.depth >= depth) {
                scopes.pop();
            }
            match entry.tag() {
                dw::DW_TAG_subprogram
                | dw::DW_TAG_lexical_block
                | dw::DW_TAG_inlined_subroutine => {
                    let is_function = entry.tag() == dw::DW_TAG_subprogram;
                    let ranges = code_ranges(self.dwarf, unit, entry, &mut self.fuel)?;
                    let function = match (is_function, &*ranges) {
                        (true, [range]) => self.function_at(range.end),
                        (true, _) => None,
                        (false, _) => scopes.last().and_then(|scope| scope.function),
                    };
                    if let Some(function) = function.filter(|_| is_function) {
                        self.functions[function].known = true;
                        if let Some(base) = entry.attr_value(dw::DW_AT_frame_base)
                            && !self.optimised
                        {
                            self.add_locals(unit, function, &base)?;
                        }
                    }
                    scopes.push(Scope {
                        depth,
                        function,
                        ranges,
                        is_function,
                    });
                }
                dw::DW_TAG_variable | dw::DW_TAG_formal_parameter => {
                    let Some(scope) = scopes.last() else { continue };
                    let Some(function) = scope.function else {
                        continue;
                    };
                    let Some(value) = entry.attr_value(dw::DW_AT_location) else {
                        continue;
                    };
                    let Some(offset) = entry.offset().to_debug_info_offset(&unit.header) else {
                        continue;
                    };
                    if self.optimised {
                        self.add_variable(unit, scope, function, offset.0, &value)?;
                    } else {
                        self.add_locals(unit, function, &value)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn function_at(&self, end: u64) -> Option<usize> {
        let index = function_that_ends_at(self.module, end)?;
        self.module.defined_position(index)
    }

    /// Adds all locals that a location mentions.
    fn add_locals(
        &mut self,
        unit: &Unit<DwarfBytes<'a>>,
        function: usize,
        location: &gimli::AttributeValue<DwarfBytes<'a>>,
    ) -> Result<(), DwarfError> {
        let mut expressions = Vec::new();
        if let Some(expression) = location.exprloc_value() {
            expressions.push(expression);
        } else if let Some(mut list) = self.dwarf.attr_locations(unit, *location)? {
            while let Some(element) = list.next()? {
                self.fuel.burn(1)?;
                expressions.push(element.data);
            }
        }
        for expression in expressions {
            self.fuel.burn(expression.0.len())?;
            let mut operations = expression.operations(unit.encoding());
            // An operation that gimli does not know ends a location that nobody can follow.
            while let Ok(Some(operation)) = operations.next() {
                if let Operation::WasmLocal { index } = operation {
                    self.functions[function].locals.push(index);
                }
            }
        }
        Ok(())
    }

    /// Adds the events of a variable that is the value of a local.
    fn add_variable(
        &mut self,
        unit: &Unit<DwarfBytes<'a>>,
        scope: &Scope,
        function: usize,
        offset: usize,
        location: &gimli::AttributeValue<DwarfBytes<'a>>,
    ) -> Result<(), DwarfError> {
        let Ok(variable) = u32::try_from(offset) else {
            return Ok(());
        };
        let values = &mut self.functions[function];
        let mut add = |begin: u64, end: u64, local| {
            let code = self.module.code_offset;
            let (Some(begin), Some(end)) = (code.checked_add(begin), code.checked_add(end)) else {
                return;
            };
            if begin >= end {
                return;
            }
            for (offset, local) in [(begin, Some(local)), (end, None)] {
                values.events.push(DebugEvent {
                    offset,
                    local,
                    variable,
                });
            }
        };
        if let Some(expression) = location.exprloc_value() {
            self.fuel.burn(scope.ranges.len())?;
            match whole_local(unit, expression) {
                Some(local) if scope.is_function => values.locals.push(local),
                Some(local) => {
                    for range in &scope.ranges {
                        add(range.start, range.end, local);
                    }
                }
                None => {}
            }
        } else if let Some(mut list) = self.dwarf.attr_locations(unit, *location)? {
            while let Some(element) = list.next()? {
                self.fuel.burn(1)?;
                if let Some(local) = whole_local(unit, element.data) {
                    add(element.range.begin, element.range.end, local);
                }
            }
        }
        Ok(())
    }
}

/// Returns the local whose value `expression` is. `None` if it is anything else.
fn whole_local(
    unit: &Unit<DwarfBytes<'_>>,
    expression: gimli::Expression<DwarfBytes<'_>>,
) -> Option<u32> {
    let mut operations = expression.operations(unit.encoding());
    let first = operations.next().ok()??;
    let second = operations.next().ok()??;
    match (first, second, operations.next().ok()?) {
        (Operation::WasmLocal { index }, Operation::StackValue, None) => Some(index),
        _ => None,
    }
}

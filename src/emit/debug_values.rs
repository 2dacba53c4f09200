//! Describes the values of a function in LLVM's debug information, as the plan says.
//!
//! A local that is described as a whole is the contents of its slot. A variable of the source that is in a local
//! only for a while gets the value that was stored into the local or loaded from it. At the end of a block, where
//! paths meet, the variables end that moved inside the block and are in no local any more.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use inkwell::debug_info::DISubprogram;
use inkwell::values::{BasicValueEnum, PointerValue};
use wasmparser::Operator;

use super::function::FunctionEmitter;
use crate::abi::debug_values::DebugValue;
use crate::plan::debug::{DebugEvent, DebugValues};

/// The variables that one local may have at a time. Compilers use a few; a limit keeps hostile input from making
/// the records quadratic.
const MOST_VARIABLES: usize = 8;

/// The values of a function that are described.
pub(super) struct Described<'ctx, 'e> {
    scope: DISubprogram<'ctx>,
    values: &'e DebugValues,
    /// The number of events that are behind.
    events: usize,
    /// The variables that are in locals here.
    variables: BTreeMap<u32, u32>,
    /// The variables in each local.
    in_local: HashMap<u32, Vec<u32>>,
    /// The values of locals, as far as they are known here.
    contents: HashMap<u32, BasicValueEnum<'ctx>>,
    /// For each open block, the variables that have moved inside it.
    moved: Vec<BTreeSet<u32>>,
}

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    /// Begins to describe the function, if its source is known.
    pub(super) fn describe_values(&mut self) {
        let position = self.unit.position(self.index);
        let (Some(scope), Some(values)) = (
            self.debug_scope,
            self.plan().debug_values.values(position as usize),
        ) else {
            return;
        };
        // A parameter has its value until a local is stored.
        let parameters = (0..self.ty.params.len() as u32)
            .filter_map(|index| Some((index, self.function.get_nth_param(index + 1)?)));
        self.described = Some(Described {
            scope,
            values,
            events: 0,
            variables: BTreeMap::new(),
            in_local: HashMap::new(),
            contents: parameters.collect(),
            moved: vec![BTreeSet::new()],
        });
    }

    /// Describes the way to linear memory, at the end of the entry block.
    pub(super) fn describe_environment(&self) {
        // In optimised code, a record about the base would change how LLVM lays out blocks.
        let base = self
            .fixed_base
            .filter(|_| self.plan().debug_values.unoptimised);
        let base = base.map(|base| (DebugValue::MemoryBase, base));
        for (name, address) in [
            (DebugValue::Environment, self.exec_env),
            (DebugValue::Instance, self.instance),
        ]
        .into_iter()
        .chain(base)
        {
            self.describe_value(name, address.into());
        }
    }

    /// Describes `slot`, which holds local `index`, if anyone asks for it. The entry block is complete.
    pub(super) fn describe_slot(&self, index: u32, slot: PointerValue<'ctx>) {
        let (Some(described), Some(debug)) = (&self.described, &self.unit.debug) else {
            return;
        };
        if described.values.locals.binary_search(&index).is_err() {
            return;
        }
        let bits = self.types().bits_of(self.locals.ty(index));
        if let Some(end) = self.entry.get_terminator() {
            let name = DebugValue::Local(index);
            debug.declare(described.scope, name, bits, slot, end);
        }
    }

    fn describe_value(&self, name: DebugValue, value: BasicValueEnum<'ctx>) {
        let (Some(described), Some(debug)) = (&self.described, &self.unit.debug) else {
            return;
        };
        let bits = match value {
            BasicValueEnum::IntValue(value) => u64::from(value.get_type().get_bit_width()),
            BasicValueEnum::FloatValue(value) => u64::from(value.get_type().get_bit_width()),
            BasicValueEnum::PointerValue(_) => u64::from(self.types().intptr.get_bit_width()),
            BasicValueEnum::VectorValue(_) => 128,
            // Exceptions are no values of the source.
            _ => return,
        };
        let block = self.current_block();
        if block.get_terminator().is_none() {
            debug.set_value(described.scope, name, bits, value, block);
        }
    }

    /// Notes that variables begin or end, in front of the instruction at the current offset. Returns the
    /// value that the instruction stores into a local, if it does.
    pub(super) fn before_operator(
        &mut self,
        operator: &Operator<'_>,
    ) -> Option<BasicValueEnum<'ctx>> {
        let events = self.described.as_ref()?.values.events.len();
        if events == 0 {
            return None;
        }
        while let Some(event) = self.next_event() {
            self.follow(event);
        }
        match operator {
            Operator::LocalSet { .. } | Operator::LocalTee { .. } if self.reachable => {
                self.stack.last().copied()
            }
            _ => None,
        }
    }

    fn next_event(&mut self) -> Option<DebugEvent> {
        let described = self.described.as_mut()?;
        let event = *described.values.events.get(described.events)?;
        if event.offset > self.offset {
            return None;
        }
        described.events += 1;
        Some(event)
    }

    fn follow(&mut self, event: DebugEvent) {
        let Some(described) = &mut self.described else {
            return;
        };
        let variable = event.variable;
        if let Some(moved) = described.moved.last_mut() {
            moved.insert(variable);
        }
        if let Some(local) = described.variables.remove(&variable)
            && let Some(others) = described.in_local.get_mut(&local)
        {
            others.retain(|other| *other != variable);
        }
        let mut value = None;
        if let Some(local) = event.local {
            let others = described.in_local.entry(local).or_default();
            if others.len() < MOST_VARIABLES {
                others.push(variable);
                described.variables.insert(variable, local);
                value = described.contents.get(&local).copied();
            }
        }
        self.set_variable(variable, value);
    }

    /// Notes the value of a variable; `None` if it is unknown.
    fn set_variable(&self, variable: u32, value: Option<BasicValueEnum<'ctx>>) {
        if self.reachable {
            let value = value.unwrap_or_else(|| self.types().i32.get_poison().into());
            self.describe_value(DebugValue::Variable(variable), value);
        }
    }

    /// Follows `operator`, which has been emitted and has stored `stored` into a local.
    pub(super) fn after_operator(
        &mut self,
        operator: &Operator<'_>,
        stored: Option<BasicValueEnum<'ctx>>,
    ) {
        let Some(described) = &mut self.described else {
            return;
        };
        if described.values.events.is_empty() {
            return;
        }
        match operator {
            Operator::LocalGet { local_index } if self.reachable => {
                if let Some(&value) = self.stack.last() {
                    described.contents.insert(*local_index, value);
                }
            }
            Operator::LocalSet { local_index } | Operator::LocalTee { local_index } => {
                let Some(stored) = stored else { return };
                described.contents.insert(*local_index, stored);
                let variables = described.in_local.get(local_index).cloned();
                let variables = variables.unwrap_or_default();
                if let Some(moved) = described.moved.last_mut() {
                    moved.extend(&variables);
                }
                for variable in variables {
                    self.set_variable(variable, Some(stored));
                }
            }
            Operator::Loop { .. } => {
                described.contents.clear();
                described.moved.push(BTreeSet::new());
            }
            Operator::Block { .. }
            | Operator::If { .. }
            | Operator::Try { .. }
            | Operator::TryTable { .. } => described.moved.push(BTreeSet::new()),
            Operator::Else | Operator::Catch { .. } | Operator::CatchAll => self.meet(false),
            Operator::End | Operator::Delegate { .. } => self.meet(true),
            _ => {}
        }
    }

    /// Ends the variables that have moved in the block and are in no local any more: control comes from
    /// somewhere inside. `ends`: the block is over.
    fn meet(&mut self, ends: bool) {
        let Some(described) = &mut self.described else {
            return;
        };
        described.contents.clear();
        let Some(moved) = described.moved.pop() else {
            return;
        };
        let gone: Vec<u32> = moved
            .iter()
            .filter(|variable| !described.variables.contains_key(variable))
            .copied()
            .collect();
        if ends {
            if let Some(outer) = described.moved.last_mut() {
                // The smaller set moves.
                let mut moved = moved;
                if moved.len() > outer.len() {
                    std::mem::swap(&mut moved, outer);
                }
                outer.extend(moved);
            }
        } else {
            described.moved.push(moved);
        }
        for variable in gone {
            self.set_variable(variable, None);
        }
    }
}

//! Which functions may throw an exception, and how code represents tags and exceptions.
//!
//! An exception on its way to a handler stands in hidden globals: the number of its tag, and its values in
//! 32-bit cells. A function that an exception leaves says so to its caller ([`Signal`]). So a call
//! costs a test, but only of a function that may throw. An imported function never does: an exception that
//! reaches the host has become a trap.
//!
//! An exception reference is the exception itself, number and cells. So nothing has to be stored for it, and
//! nothing ever grows.

use std::collections::{HashMap, HashSet};

use cranelift_entity::{EntityRef, PrimaryMap};

use super::tables::TablePlan;
use crate::abi::{HiddenGlobals, HiddenPurpose, HiddenValue};
use crate::targets::PointerWidth;
use crate::wasm::tags::cells;
use crate::wasm::{FuncIndex, Module, RefType, TagIndex, TypeIndex, ValType};

/// What the test behind a call that may throw reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The first byte of the runtime's exception, which says as well whether the runtime has raised one.
    RuntimeException,
    /// A flag that functions return in a further register ([`ExceptionPlan::returns_flag`]). Nothing in memory
    /// says that an exception is pending.
    Flag,
    /// The number of the pending tag. On 32-bit targets, a 64-bit result leaves no register for a flag.
    PendingTag,
}

/// The plan for exceptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionPlan {
    /// For each tag, its number, from one. Tags of one number are the same.
    pub numbers: PrimaryMap<TagIndex, u32>,
    /// The most cells of values that an exception carries. Zero if nothing is thrown.
    pub cells: u32,
    pub signal: Signal,
    /// `rethrow` occurs, so that handlers of the legacy instructions keep the exception.
    pub rethrows: bool,
    /// For each function, whether an exception can leave it.
    may_throw: Vec<bool>,
    /// The canonical types of functions in tables that may throw.
    throwing_types: HashSet<TypeIndex>,
    /// For each function, whether the functions that wasm code calls for it return a flag.
    returns_flag: Vec<bool>,
    /// Every function returns a flag.
    all_return_flags: bool,
}

impl ExceptionPlan {
    /// `software_bounds`: the code tests for exceptions of the runtime behind each call.
    pub(super) fn new(
        module: &Module<'_>,
        tables: &TablePlan,
        width: PointerWidth,
        software_bounds: bool,
    ) -> Self {
        let may_throw = may_throw(module, tables);
        let throwing_types = throwing_types(module, tables, &may_throw);
        let signal = match width {
            _ if software_bounds => Signal::RuntimeException,
            PointerWidth::Bits64 => Signal::Flag,
            PointerWidth::Bits32 => Signal::PendingTag,
        };
        // A function returns the result of its tail call as it is.
        let all_return_flags =
            signal == Signal::Flag && module.usage.throws && module.usage.tail_calls;
        let returns_flag = module.functions.iter().map(|(index, function)| {
            let ty = tables.canonical_types[function.type_index];
            let by_type = tables.escaping[index.index()] && throwing_types.contains(&ty);
            all_return_flags || signal == Signal::Flag && (may_throw[index.index()] || by_type)
        });
        let returns_flag = returns_flag.collect();
        let carried = module
            .tags
            .values()
            .map(|tag| cells(&module.types[tag.type_index]));
        ExceptionPlan {
            numbers: numbers(module),
            cells: if module.usage.throws {
                carried.max().unwrap_or(0)
            } else {
                0
            },
            signal,
            rethrows: module.usage.rethrows,
            may_throw,
            throwing_types,
            returns_flag,
            all_return_flags,
        }
    }

    /// Reports whether an exception can leave function `index`.
    pub fn may_throw(&self, index: FuncIndex) -> bool {
        self.may_throw[index.index()]
    }

    /// Reports whether an exception can leave a call through a table to a function of canonical type `ty`.
    pub fn type_may_throw(&self, ty: TypeIndex) -> bool {
        self.throwing_types.contains(&ty)
    }

    /// Reports whether the functions that wasm code calls for function `index` return a flag in a further
    /// register: not zero if an exception leaves the function. Those that a call through a table may reach do so if
    /// one of their type may throw.
    pub fn returns_flag(&self, index: FuncIndex) -> bool {
        self.returns_flag[index.index()]
    }

    /// Reports whether a function that a call through a table reaches returns a flag. `may_throw`: whether an
    /// exception can leave the call.
    pub fn indirect_returns_flag(&self, may_throw: bool) -> bool {
        self.all_return_flags || may_throw && self.signal == Signal::Flag
    }

    /// Adds the hidden globals that hold exceptions.
    pub(super) fn add_state(&self, module: &Module<'_>, hidden: &mut HiddenGlobals) {
        let zero = HiddenValue::I32(0);
        if module.usage.throws {
            hidden.add(HiddenPurpose::PendingTag, zero);
            for cell in 0..self.cells {
                hidden.add(HiddenPurpose::PendingCell(cell), zero);
            }
        }
        for (index, global) in &module.globals {
            if global.ty == ValType::Ref(RefType::Exn) {
                let global = index.as_u32();
                for cell in 0..=self.cells {
                    hidden.add(HiddenPurpose::ReferenceCell { global, cell }, zero);
                }
            }
        }
    }
}

/// Returns the numbers of the tags. Two imports of one name are the same tag. Imports of different names are
/// different tags: the runtime links none, so the compiler says what an import is.
fn numbers(module: &Module<'_>) -> PrimaryMap<TagIndex, u32> {
    let mut first = HashMap::new();
    let tags = module.tags.iter();
    tags.map(|(index, tag)| {
        let number = index.as_u32() + 1;
        match tag.import {
            Some(name) => *first
                .entry((name.module, name.field, &module.types[tag.type_index]))
                .or_insert(number),
            None => number,
        }
    })
    .collect()
}

/// Finds for each function whether an exception can leave it: from the functions that throw, to their
/// callers.
fn may_throw(module: &Module<'_>, tables: &TablePlan) -> Vec<bool> {
    let mut may_throw = vec![false; module.functions.len()];
    if !module.usage.throws {
        return may_throw;
    }
    // Who calls a function by name, and who calls functions of a canonical type.
    let mut callers = vec![Vec::new(); module.functions.len()];
    let mut type_callers = vec![Vec::new(); module.types.len()];
    let mut found = Vec::new();
    for ((index, _), facts) in module.defined_functions().zip(&module.facts) {
        for callee in &facts.throws.callees {
            callers[callee.index()].push(index);
        }
        for ty in &facts.throws.types {
            type_callers[tables.canonical_types[*ty].index()].push(index);
        }
        if facts.throws.itself {
            found.push(index);
        }
    }
    while let Some(index) = found.pop() {
        if std::mem::replace(&mut may_throw[index.index()], true) {
            continue;
        }
        found.extend(&callers[index.index()]);
        if tables.escaping[index.index()] {
            let ty = tables.canonical_types[module.functions[index].type_index];
            found.append(&mut type_callers[ty.index()]);
        }
    }
    may_throw
}

fn throwing_types(
    module: &Module<'_>,
    tables: &TablePlan,
    may_throw: &[bool],
) -> HashSet<TypeIndex> {
    let functions = module.functions.iter();
    functions
        .filter(|(index, _)| may_throw[index.index()] && tables.escaping[index.index()])
        .map(|(_, function)| tables.canonical_types[function.type_index])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Features;

    /// Returns which functions of a module with a tag may throw.
    fn throwing(items: &str) -> Vec<bool> {
        let wasm = wat::parse_str(format!("(module (tag $t) {items})")).unwrap();
        let module = crate::wasm::parse(&wasm, &Features::default()).unwrap();
        let tables = TablePlan::new(&module);
        ExceptionPlan::new(&module, &tables, PointerWidth::Bits64, false).may_throw
    }

    #[test]
    fn callers_of_what_throws_may_throw() {
        let functions = "(func throw $t) (func call 0) (func call 1) (func) (func call 3)";
        assert_eq!(throwing(functions), [true, true, true, false, false]);
    }

    #[test]
    fn who_catches_everything_does_not() {
        let functions = "(func throw $t)
            (func (block (try_table (catch_all 0) (call 0) (throw $t))))
            (func (block (try_table (catch $t 0) (call 0))))
            (func (block (try_table (catch_all 0) (nop))) call 0)
            (func (block (try_table (catch_all 0) (block (call 0)) (try_table (nop)) (call 0))))";
        assert_eq!(throwing(functions), [true, false, true, true, false]);
    }

    /// `delegate` leads around handlers.
    #[test]
    fn delegate_passes_a_block_that_catches_everything() {
        let functions = "(func throw $t)
            (func (block $b (try_table (catch_all $b) try call 0 delegate 1)))
            (func (block $b (try_table (catch_all $b) try call 0 delegate 0 (call 0))))
            (func (block $b (try_table (catch_all $b) try nop end (call 0))))";
        assert!(throwing(functions)[1]);
        assert!(!throwing(functions)[3]);
    }

    #[test]
    fn calls_through_tables_throw_if_a_function_of_the_type_does() {
        let functions = "(type $a (func)) (type $b (func (param i32))) (type $c (func))
            (table 3 funcref) (elem (i32.const 0) func $throws $not)
            (func $throws throw $t)
            (func $not (param i32))
            (func $hidden (param i64) throw $t)
            (func (call_indirect (type $c) (i32.const 0)))
            (func (call_indirect (type $b) (i32.const 0) (i32.const 0)))
            (func (call_indirect (param i64) (i64.const 0) (i32.const 0)))";
        assert_eq!(throwing(functions), [true, false, true, true, false, false]);
    }

    #[test]
    fn imports_of_one_name_are_one_tag() {
        let wasm = wat::parse_str(
            r#"(module (import "m" "a" (tag)) (import "m" "b" (tag)) (import "m" "a" (tag))
                 (tag) (tag))"#,
        )
        .unwrap();
        let module = crate::wasm::parse(&wasm, &Features::default()).unwrap();
        let numbers = numbers(&module);
        let numbers: Vec<u32> = numbers.values().copied().collect();
        assert_eq!(numbers, [1, 2, 1, 4, 5]);
    }
}

//! Finds the fixed tables: tables whose elements are known when the module is compiled.
//!
//! In most modules, active segments write the table of functions once. Nothing changes it later: no
//! instruction writes it, and the host cannot reach a table that is not exported. So a call through such a
//! table does not read the runtime's table.

use std::collections::HashMap;

use cranelift_entity::PrimaryMap;

use crate::wasm::{
    ConstExpr, ConstInstruction, ElementMode, ExportItem, FuncIndex, Module, RefType, TableIndex,
    TypeIndex,
};

/// The contents of a fixed table; they never change while the module runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixedTable {
    /// The function in each element; `None` is the null reference.
    pub elements: Vec<Option<FuncIndex>>,
    /// Whether an element is the null reference.
    pub has_null: bool,
    /// For each canonical type in the table, the element that holds a function of that type. `None` if
    /// several elements do.
    only: HashMap<TypeIndex, Option<(u32, FuncIndex)>>,
}

impl FixedTable {
    /// All fixed tables together may have this many elements more than the module has functions: room for
    /// null references. Code looks functions up in copies of the tables.
    const FURTHER_ELEMENTS: usize = 64;

    /// Returns the fixed tables of `module` through which calls go. `canonical_types`: see
    /// [`super::TablePlan::canonical_types`].
    pub fn all(
        module: &Module<'_>,
        canonical_types: &PrimaryMap<TypeIndex, TypeIndex>,
    ) -> PrimaryMap<TableIndex, Option<FixedTable>> {
        let mut room = module.functions.len() + Self::FURTHER_ELEMENTS;
        let tables = module.tables.keys().map(|table| {
            let fixed = Self::of(module, table, canonical_types, room)?;
            room -= fixed.elements.len();
            Some(fixed)
        });
        tables.collect()
    }

    /// Returns `table` if it is fixed and has at most `room` elements.
    fn of(
        module: &Module<'_>,
        table: TableIndex,
        canonical_types: &PrimaryMap<TypeIndex, TypeIndex>,
        room: usize,
    ) -> Option<FixedTable> {
        let definition = &module.tables[table];
        let exported = module
            .exports
            .iter()
            .any(|export| export.item == ExportItem::Table(table));
        let starts_null = definition
            .init
            .as_ref()
            .is_none_or(|init| reference(init) == Some(None));
        let size = usize::try_from(definition.limits.min).ok()?;
        if definition.import.is_some()
            || definition.element != RefType::Func
            || definition.usage.changes
            || !definition.usage.calls
            || exported
            || !starts_null
            || size > room
        {
            return None;
        }
        let mut elements = vec![None; size];
        for segment in module.elements.values() {
            let ElementMode::Active { table: to, offset } = &segment.mode else {
                continue;
            };
            if *to != table {
                continue;
            }
            let start = match offset.instructions[..] {
                [ConstInstruction::I32(offset)] => u64::from(offset as u32),
                [ConstInstruction::I64(offset)] => offset as u64,
                _ => return None,
            };
            // What lies outside keeps the module from being instantiated.
            let start = usize::try_from(start).ok()?;
            let places = elements.get_mut(start..start.checked_add(segment.items.len())?)?;
            for (place, item) in places.iter_mut().zip(&segment.items) {
                *place = reference(item)?;
            }
        }
        let mut only = HashMap::new();
        for (at, function) in elements.iter().enumerate() {
            if let Some(function) = *function {
                only.entry(canonical_types[module.functions[function].type_index])
                    .and_modify(|only| *only = None)
                    .or_insert(Some((at as u32, function)));
            }
        }
        Some(FixedTable {
            has_null: elements.contains(&None),
            elements,
            only,
        })
    }

    /// Returns the only element that holds a function of the canonical type `ty`, and that function.
    pub fn only_of_type(&self, ty: TypeIndex) -> Option<(u32, FuncIndex)> {
        self.only.get(&ty).copied().flatten()
    }
}

/// Returns the function that an initializer names, or null; `None` if the compiler does not know it.
fn reference(init: &ConstExpr) -> Option<Option<FuncIndex>> {
    match init.instructions[..] {
        [ConstInstruction::RefFunc(function)] => Some(Some(function)),
        [ConstInstruction::RefNull(_)] => Some(None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Features;
    use crate::wasm::parse;

    const CALL: &str = "
        (type $a (func))
        (type $b (func (result i32)))
        (type $c (func))
        (func $f0 (call_indirect (type $a) (i32.const 0)))
        (func $f1 (result i32) (i32.const 1))
        (func $f2 (type $c))";

    /// Types $a and $c are equal; these are the canonical types.
    const A: u32 = 0;
    const B: u32 = 1;

    /// Returns the first table of a module with `items` beside [`CALL`].
    fn fixed(items: &str) -> Option<FixedTable> {
        let bytes = wat::parse_str(format!("(module {items} {CALL})")).unwrap();
        let module = parse(&bytes, &Features::default()).unwrap();
        let tables = FixedTable::all(&module, &module.canonical_types);
        tables[TableIndex::from_u32(0)].clone()
    }

    #[test]
    fn segments_write_one_after_another() {
        let items = "(table 5 funcref)
                     (elem (i32.const 1) func $f0 $f0 $f1)
                     (elem (i32.const 2) func $f2)
                     (elem (i32.const 4) funcref (ref.null func))";
        let table = fixed(items).unwrap();
        let elements = table.elements.iter();
        let elements: Vec<_> = elements.map(|it| it.map(FuncIndex::as_u32)).collect();
        assert_eq!(elements, [None, Some(0), Some(2), Some(1), None]);
        assert_eq!(table.only_of_type(TypeIndex::from_u32(A)), None);
        assert_eq!(
            table.only_of_type(TypeIndex::from_u32(B)),
            Some((3, FuncIndex::from_u32(1)))
        );
    }

    #[test]
    fn one_function_twice_is_not_the_only_one() {
        let table = fixed("(table funcref (elem $f0 $f0))").unwrap();
        assert_eq!(table.only_of_type(TypeIndex::from_u32(A)), None);
        assert_eq!(table.only_of_type(TypeIndex::from_u32(B)), None);
    }

    #[test]
    fn a_table_that_something_may_change_is_not_fixed() {
        for items in [
            "(table (export \"t\") 2 funcref)",
            "(import \"m\" \"t\" (table 2 funcref))",
            "(table 2 funcref) (func (table.set 0 (i32.const 0) (ref.null func)))",
            "(table 2 funcref) (func (table.fill 0 (i32.const 0) (ref.null func) (i32.const 1)))",
            "(table 2 funcref) (func (drop (table.grow 0 (ref.null func) (i32.const 1))))",
            "(table 2 funcref) (elem $e func $f0)
             (func (table.init 0 $e (i32.const 0) (i32.const 0) (i32.const 1)))",
            "(table 2 funcref) (table $other 2 funcref)
             (func (table.copy 0 $other (i32.const 0) (i32.const 0) (i32.const 1)))",
        ] {
            assert_eq!(fixed(items), None, "{items}");
        }
        let read = "(table 2 funcref) (table $other 2 funcref)
             (func (table.copy $other 0 (i32.const 0) (i32.const 0) (i32.const 1)))";
        assert!(fixed(read).is_some());
    }

    #[test]
    fn a_table_whose_elements_are_not_known_is_not_fixed() {
        for items in [
            "(import \"m\" \"g\" (global i32)) (table 2 funcref) (elem (global.get 0) func $f0)",
            "(import \"m\" \"g\" (global funcref)) (table 2 funcref)
             (elem (i32.const 0) funcref (global.get 0))",
            // Outside: the module cannot be instantiated.
            "(table 2 funcref) (elem (i32.const 2) func $f0)",
            "(table 2 funcref) (elem (i32.const -1) func $f0 $f0)",
            // Hardly anything but null references.
            "(table 100000 funcref)",
        ] {
            assert_eq!(fixed(items), None, "{items}");
        }
    }
}

//! Finds the target of an indirect call (specification 4.4.8), and emits the tables for it.
//!
//! An indirect call finds its target in a constant table of ours in the text. For each function, the table
//! holds the canonical type and the distance from the table to the code. The runtime's tables only state
//! which function index an element holds. Imported functions appear in our table as their thunks, so that
//! calls need no extra case for them.
//!
//! A call by reference looks up the function in the same table.
//!
//! For a fixed table ([`FixedTable`]), the entries of our table follow its elements instead of the functions,
//! and code does not read the runtime's table. If only one element has the type that the call expects, the
//! call is a direct call.

use cranelift_entity::EntityRef;
use inkwell::IntPredicate;
use inkwell::basic_block::BasicBlock;
use inkwell::module::Linkage;
use inkwell::types::StructType;
use inkwell::values::{GlobalValue, IntValue, PointerValue};

use super::call::direct;
use super::call_site::{Callee, Target};
use super::error::Result;
use super::function::FunctionEmitter;
use super::unit::Unit;
use crate::abi::Exception;
use crate::abi::symbols::SymbolName;
use crate::plan::{FixedTable, FrameKind};
use crate::targets::Reach;
use crate::wasm::{FuncIndex, TableIndex, TypeIndex};

type Emitter<'p, 'ctx, 'e, 'w> = FunctionEmitter<'p, 'ctx, 'e, 'w>;

/// Pops the index of the table element; checks bounds, null and type, in this order.
pub(super) fn callee<'ctx, 'e>(
    e: &mut Emitter<'_, 'ctx, 'e, '_>,
    type_index: TypeIndex,
    table_index: TableIndex,
) -> Result<Callee<'ctx, 'e>> {
    let element = e.pop_int();
    let element = e.narrow(element, Exception::UndefinedElement)?;
    let plan = e.plan();
    let expected = plan.tables.canonical_types[type_index];
    let mut may_throw = plan.exceptions.type_may_throw(expected);
    let (target, index) = match &plan.tables.fixed[table_index] {
        Some(table) => match table.only_of_type(expected) {
            Some((at, function)) => {
                let right = e.i32_const(at);
                let differs =
                    e.builder()
                        .build_int_compare(IntPredicate::NE, element, right, "")?;
                reject_if(e, differs, element, table_index, table)?;
                may_throw = plan.exceptions.may_throw(function);
                let index = e.i32_const(function.as_u32());
                (Target::Function(e.unit.callee(function)), Some(index))
            }
            None => {
                let target = fixed(e, element, expected, table_index, table)?;
                // Our own table does not hold indexes of functions.
                let index = (plan.frames.kind == FrameKind::Standard)
                    .then(|| {
                        e.load_table_element(table_index, element, Exception::UndefinedElement)
                    })
                    .transpose()?;
                (target, index)
            }
        },
        None => {
            let (target, index) = changeable(e, element, expected, table_index)?;
            (target, Some(index))
        }
    };
    Ok(Callee {
        ty: &plan.module.types[type_index],
        target,
        may_throw,
        index,
    })
}

/// Pops a reference to a function; returns the function.
///
/// The validator knows the type of the reference, but a host can pass any index, also where the type says that the
/// reference is not null: as an argument, a result, a global or an element of a table. So code checks both.
pub(super) fn of_reference<'ctx, 'e>(
    e: &mut Emitter<'_, 'ctx, 'e, '_>,
    type_index: TypeIndex,
) -> Result<Callee<'ctx, 'e>> {
    let function = e.pop_int();
    let plan = e.plan();
    let count = plan.module.functions.len() as u32;
    let known = function.get_zero_extended_constant();
    if let Some(index) = known.filter(|&index| index < u64::from(count)) {
        // `ref.func` is right in front.
        return Ok(direct(e, FuncIndex::from_u32(index as u32)));
    }
    // The null reference is above all indexes.
    let limit = e.i32_const(count);
    let outside = e
        .builder()
        .build_int_compare(IntPredicate::UGE, function, limit, "")?;
    e.trap_if(outside, Exception::NullFunctionReference)?;
    let expected = plan.tables.canonical_types[type_index];
    let entry = Entry::at(e, Entries::Functions, function)?;
    let differs = entry.is_of_another_type(e, expected)?;
    e.trap_if(differs, Exception::IndirectCallTypeMismatch)?;
    Ok(Callee {
        ty: &plan.module.types[type_index],
        target: entry.code(e)?,
        may_throw: plan.exceptions.type_may_throw(expected),
        index: Some(function),
    })
}

/// Finds the target of a call through a table that can change, in the runtime's table, and its index.
fn changeable<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    element: IntValue<'ctx>,
    expected: TypeIndex,
    table_index: TableIndex,
) -> Result<(Target<'ctx>, IntValue<'ctx>)> {
    let function = e.load_table_element(table_index, element, Exception::UndefinedElement)?;
    let null = e.types().null_ref().into_int_value();
    let is_null = e
        .builder()
        .build_int_compare(IntPredicate::EQ, function, null, "")?;
    e.trap_if(is_null, Exception::UninitializedElement)?;
    let entry = Entry::at(e, Entries::Functions, function)?;
    let differs = entry.is_of_another_type(e, expected)?;
    e.trap_if(differs, Exception::IndirectCallTypeMismatch)?;
    Ok((entry.code(e)?, function))
}

/// Finds the target of a call through a fixed table.
fn fixed<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    element: IntValue<'ctx>,
    expected: TypeIndex,
    table_index: TableIndex,
    table: &FixedTable,
) -> Result<Target<'ctx>> {
    let outside = is_outside(e, element, table)?;
    e.trap_if(outside, Exception::UndefinedElement)?;
    let entry = Entry::at(e, Entries::Elements(table_index), element)?;
    let differs = entry.is_of_another_type(e, expected)?;
    reject_if(e, differs, element, table_index, table)?;
    entry.code(e)
}

fn is_outside<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    element: IntValue<'ctx>,
    table: &FixedTable,
) -> Result<IntValue<'ctx>> {
    let size = e.i32_const(table.elements.len() as u32);
    Ok(e.builder()
        .build_int_compare(IntPredicate::UGE, element, size, "")?)
}

/// If `condition` holds, raises the exception for a call of `element` of a fixed table. The function has one
/// block per table that determines the exception.
fn reject_if<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    condition: IntValue<'ctx>,
    element: IntValue<'ctx>,
    table_index: TableIndex,
    table: &FixedTable,
) -> Result<()> {
    let rejection = match e.rejections.get(&table_index) {
        Some(&rejection) => rejection,
        None => {
            let here = e.current_block();
            let rejection = emit_rejection(e, table_index, table);
            e.trap_noted = false;
            let rejection = rejection?;
            e.rejections.insert(table_index, rejection);
            e.builder().position_at_end(here);
            rejection
        }
    };
    let mut target = rejection.block;
    if e.notes_traps() {
        let here = e.current_block();
        target = e.append_block("site");
        e.builder().position_at_end(target);
        e.note_offset()?;
        e.builder().build_unconditional_branch(rejection.block)?;
        e.builder().position_at_end(here);
    }
    e.builder().build_store(rejection.element, element)?;
    let next = e.append_block("next");
    e.builder()
        .build_conditional_branch(condition, target, next)?;
    e.builder().position_at_end(next);
    Ok(())
}

/// The block that rejects a call through a fixed table: element out of range, null, or of the wrong type.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rejection<'ctx> {
    block: BasicBlock<'ctx>,
    /// A stack slot for the element, like a local's. Without optimisation, code generation would search all
    /// calls for each operand of a phi.
    element: PointerValue<'ctx>,
}

fn emit_rejection<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    table_index: TableIndex,
    table: &FixedTable,
) -> Result<Rejection<'ctx>> {
    let slot = e.word_slot()?;
    // The calls have noted themselves.
    e.trap_noted = true;
    let block = e.append_block("rejection");
    e.builder().position_at_end(block);
    let element = e.builder().build_load(e.types().i32, slot, "")?;
    let element = element.into_int_value();
    let outside = is_outside(e, element, table)?;
    e.trap_if(outside, Exception::UndefinedElement)?;
    if table.has_null {
        let entry = Entry::at(e, Entries::Elements(table_index), element)?;
        let null = e.i32_const(NO_TYPE);
        let is_null = e
            .builder()
            .build_int_compare(IntPredicate::EQ, entry.ty(e)?, null, "")?;
        e.trap_if(is_null, Exception::UninitializedElement)?;
    }
    let mismatch = e.trap_block(Exception::IndirectCallTypeMismatch)?;
    e.builder().build_unconditional_branch(mismatch)?;
    Ok(Rejection {
        block,
        element: slot,
    })
}

/// The order of the entries in a constant table.
#[derive(Debug, Clone, Copy)]
enum Entries {
    Functions,
    /// The elements of a fixed table.
    Elements(TableIndex),
}

impl Entries {
    /// Returns the symbol of the constant table.
    fn symbol(self) -> SymbolName<'static> {
        match self {
            Entries::Functions => SymbolName::FunctionTable,
            Entries::Elements(table) => SymbolName::FixedTable(table.as_u32()),
        }
    }

    /// Returns the symbol of the word that holds the distance from this word to the constant table.
    fn distance_symbol(self) -> SymbolName<'static> {
        match self {
            Entries::Functions => SymbolName::FunctionTableDistance,
            Entries::Elements(table) => SymbolName::FixedTableDistance(table.as_u32()),
        }
    }

    fn count(self, unit: &Unit) -> usize {
        match self {
            Entries::Functions => unit.plan.module.functions.len(),
            Entries::Elements(table) => unit.plan.tables.fixed[table]
                .as_ref()
                .map_or(0, |table| table.elements.len()),
        }
    }

    /// Declares the constant table.
    fn table<'ctx>(self, unit: &Unit<'ctx, '_, '_>) -> GlobalValue<'ctx> {
        let ty = entry_type(unit).array_type(self.count(unit) as u32);
        unit.constant_table(self.symbol(), ty)
    }
}

/// Returns the type of an entry: canonical type index, and the distance from the table to the code. If
/// distances are of no use, the second field is the address of the code.
fn entry_type<'ctx>(unit: &Unit<'ctx, '_, '_>) -> StructType<'ctx> {
    let i32 = unit.types.i32;
    unit.types
        .context
        .struct_type(&[i32.into(), i32.into()], false)
}

/// The type in an entry that cannot be called.
const NO_TYPE: u32 = u32::MAX;

/// The address of an entry of a constant table in emitted code.
struct Entry<'ctx> {
    table: PointerValue<'ctx>,
    address: PointerValue<'ctx>,
}

impl<'ctx> Entry<'ctx> {
    /// Finds the entry at `index`, which must be in range.
    fn at(
        e: &Emitter<'_, 'ctx, '_, '_>,
        entries: Entries,
        index: IntValue<'ctx>,
    ) -> Result<Entry<'ctx>> {
        let table = table_address(e, entries)?;
        let ty = entry_type(e.unit);
        let index = e
            .builder()
            .build_int_z_extend_or_bit_cast(index, e.types().intptr, "")?;
        // SAFETY: the caller knows that the table has such an entry.
        let address = unsafe { e.builder().build_in_bounds_gep(ty, table, &[index], "")? };
        Ok(Entry { table, address })
    }

    /// Loads the canonical type index of the function, or [`NO_TYPE`].
    fn ty(&self, e: &Emitter<'_, 'ctx, '_, '_>) -> Result<IntValue<'ctx>> {
        let ty = e.load_runtime(e.types().i32, self.address, 0, true)?;
        Ok(ty.into_int_value())
    }

    fn is_of_another_type(
        &self,
        e: &Emitter<'_, 'ctx, '_, '_>,
        expected: TypeIndex,
    ) -> Result<IntValue<'ctx>> {
        let expected = e.i32_const(expected.as_u32());
        Ok(e.builder()
            .build_int_compare(IntPredicate::NE, self.ty(e)?, expected, "")?)
    }

    /// Returns the code of the function.
    fn code(&self, e: &Emitter<'_, 'ctx, '_, '_>) -> Result<Target<'ctx>> {
        let distance = e
            .load_runtime(e.types().i32, self.address, 4, true)?
            .into_int_value();
        let distance =
            e.builder()
                .build_int_s_extend_or_bit_cast(distance, e.types().intptr, "")?;
        let address = if e.plan().reach == Reach::Nothing {
            e.builder().build_int_to_ptr(distance, e.types().ptr, "")?
        } else {
            // SAFETY: the table holds the distance from its own start to the function.
            unsafe {
                e.builder()
                    .build_gep(e.types().i8, self.table, &[distance], "")?
            }
        };
        Ok(Target::Address(address))
    }
}

/// Returns the address of a constant table.
fn table_address<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    entries: Entries,
) -> Result<PointerValue<'ctx>> {
    let table = entries.table(e.unit).as_pointer_value();
    constant_address(e, table, entries.distance_symbol())
}

/// Returns the address of a constant that the first partition holds. If code reaches only its own partition, a
/// word there, called `distance`, holds the distance to the constant.
pub(super) fn constant_address<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    table: PointerValue<'ctx>,
    distance: SymbolName<'_>,
) -> Result<PointerValue<'ctx>> {
    if e.plan().reach != Reach::Partition {
        return Ok(table);
    }
    let (i32, intptr) = (e.types().i32, e.types().intptr);
    let llvm = &e.unit.llvm;
    let name = distance.to_string();
    let word = llvm.get_global(&name).unwrap_or_else(|| {
        let word = llvm.add_global(i32, None, &name);
        let here = word.as_pointer_value().const_to_int(intptr);
        let distance = table.const_to_int(intptr).const_sub(here);
        word.set_initializer(&distance.const_truncate(i32));
        word.set_constant(true);
        word.set_linkage(Linkage::Internal);
        // The code must load it, not compute it.
        word.set_externally_initialized(true);
        word
    });
    let word = word.as_pointer_value();
    let distance = e.load_runtime(i32, word, 0, true)?.into_int_value();
    let distance = e
        .builder()
        .build_int_s_extend_or_bit_cast(distance, intptr, "")?;
    // SAFETY: the word holds the distance from itself to the table.
    Ok(unsafe { e.builder().build_gep(e.types().i8, word, &[distance], "")? })
}

/// Defines the tables in which calls look up functions.
pub(super) fn emit_tables(unit: &Unit) {
    let plan = unit.plan;
    let mut by_function = plan.module.usage.reference_calls;
    for (index, table) in &plan.tables.fixed {
        match table {
            Some(table) => define(unit, Entries::Elements(index), &table.elements),
            None => by_function |= plan.module.tables[index].usage.calls,
        }
    }
    if by_function {
        // Functions that no table can name have an entry that matches no type.
        let functions = plan.module.functions.keys();
        let functions: Vec<_> = functions
            .map(|index| plan.tables.escaping[index.index()].then_some(index))
            .collect();
        define(unit, Entries::Functions, &functions);
    }
}

fn define(unit: &Unit, entries: Entries, functions: &[Option<FuncIndex>]) {
    let plan = unit.plan;
    let table = entries.table(unit);
    let i32 = unit.types.i32;
    let intptr = unit.types.intptr;
    let base = match plan.reach {
        Reach::Nothing => intptr.const_zero(),
        Reach::Text | Reach::Partition | Reach::Literals => {
            table.as_pointer_value().const_to_int(intptr)
        }
    };
    let values: Vec<_> = functions
        .iter()
        .map(|function| {
            let (ty, distance) = match *function {
                Some(index) => {
                    let code = unit.callee(index).as_global_value().as_pointer_value();
                    let distance = code.const_to_int(intptr).const_sub(base);
                    let distance = if intptr == i32 {
                        distance
                    } else {
                        distance.const_truncate(i32)
                    };
                    let ty = plan.module.functions[index].type_index;
                    (plan.tables.canonical_types[ty].as_u32(), distance)
                }
                None => (NO_TYPE, i32.const_zero()),
            };
            let ty = i32.const_int(u64::from(ty), false);
            unit.types
                .context
                .const_struct(&[ty.into(), distance.into()], false)
        })
        .collect();
    table.set_initializer(&entry_type(unit).const_array(&values));
}

//! The target of an indirect call (specification 4.4.8), and the function table.
//!
//! An indirect call finds its target in a constant table of our own that stands in the text: for
//! each function its canonical type and the distance from the table to its code. The runtime's
//! tables only say which function index an element holds. Imported functions appear in it through
//! their thunks, so that a call needs no case of its own for them.

use cranelift_entity::EntityRef;
use inkwell::IntPredicate;
use inkwell::module::Linkage;
use inkwell::types::StructType;
use inkwell::values::PointerValue;

use super::call::{Callee, Target};
use super::error::Result;
use super::function::FunctionEmitter;
use super::partition::Partition;
use crate::abi::Exception;
use crate::abi::symbols::{FUNCTION_TABLE_DISTANCE, FUNCTION_TABLE_SYMBOL};
use crate::target::Reach;
use crate::wasm::{TableIndex, TypeIndex};

type Emitter<'p, 'ctx, 'e, 'w> = FunctionEmitter<'p, 'ctx, 'e, 'w>;

/// Pops the table element's index; checks bounds, null and type, in this order.
pub(super) fn callee<'ctx, 'e>(
    e: &mut Emitter<'_, 'ctx, 'e, '_>,
    type_index: TypeIndex,
    table_index: TableIndex,
) -> Result<Callee<'ctx, 'e>> {
    let element = e.pop_int();
    let function = e.load_table_element(table_index, element, Exception::UndefinedElement)?;
    let null = e.types().null_ref().into_int_value();
    let is_null = e
        .builder()
        .build_int_compare(IntPredicate::EQ, function, null, "")?;
    e.trap_if(is_null, Exception::UninitializedElement)?;

    let table = function_table_address(e)?;
    let entry_type = table_entry_type(e.partition);
    let index = e
        .builder()
        .build_int_z_extend_or_bit_cast(function, e.types().intptr, "")?;
    // SAFETY: a table holds the index of a function of this module or null, which is ruled out.
    let entry = unsafe {
        e.builder()
            .build_in_bounds_gep(entry_type, table, &[index], "")?
    };
    let actual = e
        .load_runtime(e.types().i32, entry, 0, true)?
        .into_int_value();
    let expected = e.i32_const(e.env().canonical_types[type_index].as_u32());
    let differs = e
        .builder()
        .build_int_compare(IntPredicate::NE, actual, expected, "")?;
    e.trap_if(differs, Exception::IndirectCallTypeMismatch)?;

    let distance = e
        .load_runtime(e.types().i32, entry, 4, true)?
        .into_int_value();
    let distance = e
        .builder()
        .build_int_s_extend_or_bit_cast(distance, e.types().intptr, "")?;
    let address = if e.env().reach == Reach::Nothing {
        e.builder().build_int_to_ptr(distance, e.types().ptr, "")?
    } else {
        // SAFETY: the table holds the distance from its own start to the function.
        unsafe {
            e.builder()
                .build_gep(e.types().i8, table, &[distance], "")?
        }
    };
    Ok(Callee {
        ty: &e.env().module.types[type_index],
        target: Target::Address(address),
    })
}

/// An entry: canonical type index, distance from the table to the code; the address of the code
/// where distances are of no use.
fn table_entry_type<'ctx>(partition: &Partition<'ctx, '_, '_>) -> StructType<'ctx> {
    let i32 = partition.types.i32;
    partition
        .types
        .context
        .struct_type(&[i32.into(), i32.into()], false)
}

fn function_table<'ctx>(partition: &Partition<'ctx, '_, '_>) -> PointerValue<'ctx> {
    let functions = partition.env.module.functions.len() as u32;
    let ty = table_entry_type(partition).array_type(functions);
    partition
        .constant_table(FUNCTION_TABLE_SYMBOL, ty)
        .as_pointer_value()
}

/// The address of the function table. Code that reaches no further than its own partition finds it
/// by the distance from a word that stands there.
fn function_table_address<'ctx>(e: &Emitter<'_, 'ctx, '_, '_>) -> Result<PointerValue<'ctx>> {
    let table = function_table(e.partition);
    if e.env().reach != Reach::Partition {
        return Ok(table);
    }
    let (i32, intptr) = (e.types().i32, e.types().intptr);
    let llvm = &e.partition.llvm;
    let word = llvm.get_global(FUNCTION_TABLE_DISTANCE).unwrap_or_else(|| {
        let word = llvm.add_global(i32, None, FUNCTION_TABLE_DISTANCE);
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

/// Defines the function table, if the module has tables at all. Functions that no table can name
/// have an entry that matches no type.
pub(super) fn emit_function_table(partition: &Partition) -> Result<()> {
    let module = partition.env.module;
    if module.tables.is_empty() {
        return Ok(());
    }
    let table = function_table(partition);
    let i32 = partition.types.i32;
    let intptr = partition.types.intptr;
    let base = match partition.env.reach {
        Reach::Nothing => intptr.const_zero(),
        Reach::Text | Reach::Partition | Reach::Literals => table.const_to_int(intptr),
    };
    let entries: Vec<_> = module
        .functions
        .iter()
        .map(|(index, function)| {
            let (ty, distance) = if partition.env.escaping[index.index()] {
                let code = partition.callee(index).as_global_value().as_pointer_value();
                let distance = code.const_to_int(intptr).const_sub(base);
                let distance = if intptr == i32 {
                    distance
                } else {
                    distance.const_truncate(i32)
                };
                (
                    partition.env.canonical_types[function.type_index].as_u32(),
                    distance,
                )
            } else {
                (u32::MAX, i32.const_zero())
            };
            let ty = i32.const_int(u64::from(ty), false);
            partition
                .types
                .context
                .const_struct(&[ty.into(), distance.into()], false)
        })
        .collect();
    let initializer = table_entry_type(partition).const_array(&entries);
    let functions = module.functions.len() as u32;
    let ty = table_entry_type(partition).array_type(functions);
    partition
        .constant_table(FUNCTION_TABLE_SYMBOL, ty)
        .set_initializer(&initializer);
    Ok(())
}

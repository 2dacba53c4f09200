//! Variable instructions: locals and globals (specification 4.4.5).

use inkwell::IntPredicate;
use inkwell::values::{BasicValue, BasicValueEnum};
use wasmparser::Operator;

use super::error::Result;
use super::exceptions::Place;
use super::function::FunctionEmitter;
use crate::abi::{Exception, layout};
use crate::wasm::{GlobalIndex, RefType, ValType};

/// Emits `operator` if it belongs to this group.
pub(super) fn emit(e: &mut FunctionEmitter, operator: &Operator<'_>) -> Result<bool> {
    match *operator {
        Operator::LocalGet { local_index } => {
            let (slot, ty) = e.local(local_index)?;
            let value = e.builder().build_load(e.types().value(ty), slot, "")?;
            e.push(value);
        }
        Operator::LocalSet { local_index } => {
            let value = e.pop();
            let (slot, _) = e.local(local_index)?;
            e.builder().build_store(slot, value)?;
        }
        Operator::LocalTee { local_index } => {
            let value = e.pop();
            let (slot, _) = e.local(local_index)?;
            e.builder().build_store(slot, value)?;
            e.push(value);
        }
        Operator::GlobalGet { global_index } => global_get(e, GlobalIndex::from_u32(global_index))?,
        Operator::GlobalSet { global_index } => global_set(e, GlobalIndex::from_u32(global_index))?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// The guaranteed alignment of globals in bytes: the runtime packs them without padding.
pub(super) const GLOBAL_ALIGNMENT: u32 = 4;

fn global_get(e: &mut FunctionEmitter, index: GlobalIndex) -> Result<()> {
    let global = &e.plan().module.globals[index];
    if global.ty == ValType::Ref(RefType::Exn) {
        let exception = e.load_exception(Place::Global(index))?;
        e.push(exception);
        return Ok(());
    }
    let address = e.field(e.instance, e.plan().layout.global(index))?;
    let value = e
        .builder()
        .build_load(e.types().value(global.ty), address, "")?;
    if let Some(load) = value.as_instruction_value() {
        let _ = load.set_alignment(GLOBAL_ALIGNMENT);
        e.tag(load, e.tags().global);
    }
    e.push(value);
    Ok(())
}

fn global_set(e: &mut FunctionEmitter, index: GlobalIndex) -> Result<()> {
    let value = e.pop();
    if let BasicValueEnum::StructValue(exception) = value {
        return e.store_exception(Place::Global(index), exception);
    }
    if e.plan().calls.aux_stack_check
        && e.plan()
            .module
            .aux_stack
            .is_some_and(|stack| stack.stack_pointer == Some(index))
    {
        check_aux_stack(e, value)?;
    }
    let address = e.field(e.instance, e.plan().layout.global(index))?;
    let store = e.builder().build_store(address, value)?;
    let _ = store.set_alignment(GLOBAL_ALIGNMENT);
    e.tag(store, e.tags().global);
    Ok(())
}

/// Compares the new value of the C stack pointer with the limits that the runtime keeps for this thread. It
/// must be above the boundary and not above the bottom, where the stack starts.
fn check_aux_stack<'ctx>(
    e: &mut FunctionEmitter<'_, 'ctx, '_, '_>,
    value: BasicValueEnum<'ctx>,
) -> Result<()> {
    let width = e.plan().target.pointer_width;
    let intptr = e.types().intptr;
    let pointer = e
        .builder()
        .build_int_z_extend_or_bit_cast(value.into_int_value(), intptr, "")?;
    for (offset, predicate, exception) in [
        (
            layout::exec_env::aux_stack_boundary(width),
            IntPredicate::ULE,
            Exception::AuxStackOverflow,
        ),
        (
            layout::exec_env::aux_stack_bottom(width),
            IntPredicate::UGT,
            Exception::AuxStackUnderflow,
        ),
    ] {
        let limit = e
            .load_runtime(intptr, e.exec_env, offset, true)?
            .into_int_value();
        let outside = e
            .builder()
            .build_int_compare(predicate, pointer, limit, "")?;
        e.trap_if(outside, exception)?;
    }
    Ok(())
}

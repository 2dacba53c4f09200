//! Bulk memory instructions: copy, fill, init, data.drop (specification 4.4.7).
//!
//! Code checks the whole range before it writes the first byte, in both bounds modes.

use inkwell::values::IntValue;
use wasmparser::Operator;

use super::error::Result;
use super::function::FunctionEmitter;
use crate::abi::Helper;

/// Emits `operator` if it belongs to this group.
pub(super) fn emit(e: &mut FunctionEmitter, operator: &Operator<'_>) -> Result<bool> {
    match *operator {
        Operator::MemoryCopy { .. } => copy(e)?,
        Operator::MemoryFill { .. } => fill(e)?,
        Operator::MemoryInit { data_index, .. } => init(e, data_index)?,
        Operator::DataDrop { data_index } => {
            let segment = e.i32_const(data_index);
            e.call_helper(Helper::DataDrop, &[e.instance.into(), segment.into()])?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn pop_i64<'ctx>(e: &mut FunctionEmitter<'_, 'ctx, '_, '_>) -> Result<IntValue<'ctx>> {
    let value = e.pop_int();
    Ok(e.builder().build_int_z_extend(value, e.types().i64, "")?)
}

fn copy(e: &mut FunctionEmitter) -> Result<()> {
    let (length, source, destination) = (pop_i64(e)?, pop_i64(e)?, pop_i64(e)?);
    let addresses = e.checked_ranges([source, destination], length)?;
    let (source, destination) = (addresses[0], addresses[1]);
    let length = e
        .builder()
        .build_int_truncate_or_bit_cast(length, e.types().intptr, "")?;
    let call = e
        .builder()
        .build_memmove(destination, 1, source, 1, length)?;
    if let Some(call) = call.as_instruction() {
        e.tag(call, e.tags().linear_memory);
    }
    Ok(())
}

fn fill(e: &mut FunctionEmitter) -> Result<()> {
    let length = pop_i64(e)?;
    let value = e.pop_int();
    let destination = pop_i64(e)?;
    let destination = e.checked_ranges([destination], length)?[0];
    let value = e.builder().build_int_truncate(value, e.types().i8, "")?;
    let length = e
        .builder()
        .build_int_truncate_or_bit_cast(length, e.types().intptr, "")?;
    let call = e.builder().build_memset(destination, 1, value, length)?;
    if let Some(call) = call.as_instruction() {
        e.tag(call, e.tags().linear_memory);
    }
    Ok(())
}

fn init(e: &mut FunctionEmitter, segment: u32) -> Result<()> {
    let (length, source, destination) = (e.pop_int(), e.pop_int(), e.pop_int());
    let destination =
        e.builder()
            .build_int_z_extend_or_bit_cast(destination, e.types().intptr, "")?;
    let segment = e.i32_const(segment);
    e.note_helper()?;
    let ok = e
        .call_helper(
            Helper::MemoryInit,
            &[
                e.instance.into(),
                segment.into(),
                source.into(),
                length.into(),
                destination.into(),
            ],
        )?
        .expect("the helper returns whether it succeeded");
    e.trap_unless_ok(ok.into_int_value())
}

//! Bulk memory instructions: copy, fill, init, data.drop (specification 4.4.7).
//!
//! Code checks the whole range before it writes the first byte, in both bounds modes.

use inkwell::values::IntValue;
use wasmparser::Operator;

use super::super::error::Result;
use super::super::function::FunctionEmitter;
use super::access::Place;
use crate::abi::{Exception, Helper, HiddenPurpose};
use crate::plan::{LinearMemory, SharedHeaps};
use crate::wasm::{DataIndex, DataMode};

/// Emits `operator` if it belongs to this group.
pub fn emit(e: &mut FunctionEmitter, operator: &Operator<'_>) -> Result<bool> {
    match *operator {
        Operator::MemoryCopy { dst_mem, src_mem } => {
            let (destination, source) = (e.memory(dst_mem), e.memory(src_mem));
            copy(e, destination, source)?;
        }
        Operator::MemoryFill { mem } => {
            let memory = e.memory(mem);
            fill(e, memory)?;
        }
        Operator::MemoryInit { data_index, mem } => {
            let memory = e.memory(mem);
            match memory.by_runtime() {
                true => init(e, memory, data_index)?,
                false => init_by_code(e, memory, DataIndex::from_u32(data_index))?,
            }
        }
        Operator::DataDrop { data_index } => drop_segment(e, data_index)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Pops an index or a length, zero-extended to 64 bits.
fn pop_i64<'ctx>(e: &mut FunctionEmitter<'_, 'ctx, '_, '_>) -> Result<IntValue<'ctx>> {
    let value = e.pop_int();
    let i64 = e.types().i64;
    if value.get_type() == i64 {
        // No shared heap has such addresses; the code that looks for one takes 33 bits.
        if e.plan().memory.shared_heaps != SharedHeaps::None {
            e.require_narrow(value, Exception::OutOfBoundsMemory)?;
        }
        return Ok(value);
    }
    Ok(e.builder().build_int_z_extend(value, i64, "")?)
}

fn copy(e: &mut FunctionEmitter, to: &LinearMemory, from: &LinearMemory) -> Result<()> {
    let (length, source, destination) = (pop_i64(e)?, pop_i64(e)?, pop_i64(e)?);
    let places = [(from, source), (to, destination)];
    let places = places.map(|(memory, start)| Place { memory, start });
    let addresses = e.checked_ranges(places, length)?;
    let (source, destination) = (addresses[0], addresses[1]);
    let length = e
        .builder()
        .build_int_truncate_or_bit_cast(length, e.types().intptr, "")?;
    let call = e
        .builder()
        .build_memmove(destination, 1, source, 1, length)?;
    if let Some(call) = call.as_instruction()
        && to.separate == from.separate
    {
        e.tag(call, e.linear_tag(to));
    }
    Ok(())
}

fn fill(e: &mut FunctionEmitter, memory: &LinearMemory) -> Result<()> {
    let length = pop_i64(e)?;
    let value = e.pop_int();
    let start = pop_i64(e)?;
    let destination = e.checked_ranges([Place { memory, start }], length)?[0];
    let value = e.builder().build_int_truncate(value, e.types().i8, "")?;
    let length = e
        .builder()
        .build_int_truncate_or_bit_cast(length, e.types().intptr, "")?;
    let call = e.builder().build_memset(destination, 1, value, length)?;
    if let Some(call) = call.as_instruction() {
        e.tag(call, e.linear_tag(memory));
    }
    Ok(())
}

fn init(e: &mut FunctionEmitter, memory: &LinearMemory, segment: u32) -> Result<()> {
    let (length, source, destination) = (e.pop_int(), e.pop_int(), e.pop_int());
    let destination = match memory.native64 {
        true => destination,
        false => e.narrow(destination, Exception::OutOfBoundsMemory)?,
    };
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

/// Copies from a segment in the text to a memory whose size code keeps.
fn init_by_code(e: &mut FunctionEmitter, memory: &LinearMemory, index: DataIndex) -> Result<()> {
    let (length, source, start) = (pop_i64(e)?, pop_i64(e)?, pop_i64(e)?);
    let segment = &e.plan().module.data[index];
    let i64 = e.types().i64;
    // An active segment has been dropped when the first function runs.
    let available = match segment.mode {
        DataMode::Active { .. } => i64.const_zero(),
        DataMode::Passive => {
            let dropped = e.load_hidden(HiddenPurpose::DroppedSegment(index), e.types().i32)?;
            let kept = e.is_zero(dropped.into_int_value())?;
            let all = i64.const_int(segment.bytes.len() as u64, false);
            let available = e.builder().build_select(kept, all, i64.const_zero(), "")?;
            available.into_int_value()
        }
    };
    // Both are below 2^32.
    let end = e.builder().build_int_add(source, length, "")?;
    let outside = e
        .builder()
        .build_int_compare(inkwell::IntPredicate::UGT, end, available, "")?;
    e.trap_if(outside, Exception::OutOfBoundsMemory)?;
    let destination = e.checked_ranges([Place { memory, start }], length)?[0];
    if matches!(segment.mode, DataMode::Passive) {
        e.copy_segment(memory, destination, index, source, length)?;
    }
    Ok(())
}

fn drop_segment(e: &mut FunctionEmitter, index: u32) -> Result<()> {
    let segment = e.i32_const(index);
    e.call_helper(Helper::DataDrop, &[e.instance.into(), segment.into()])?;
    let index = DataIndex::from_u32(index);
    let passive = matches!(e.plan().module.data[index].mode, DataMode::Passive);
    if passive && e.plan().memory.layout.segments[index].in_text {
        e.store_hidden(HiddenPurpose::DroppedSegment(index), e.i32_const(1))?;
    }
    Ok(())
}

//! Atomic instructions of the threads proposal.
//!
//! Every access is sequentially consistent. Code first checks the address against the memory's bounds (unless
//! the hardware does), then for natural alignment, as the proposal demands. LLVM keeps sequentially
//! consistent accesses even if their result is unused, so no trap gets lost. The exception is a
//! read-modify-write that changes nothing: LLVM reduces it to a fence unless it is volatile. Narrow
//! read-modify-write instructions work on the low bits of their operands, including the expected value of a
//! compare-exchange, and zero-extend the old value.

use inkwell::types::IntType;
use inkwell::values::{BasicMetadataValueEnum, InstructionValue, IntValue, PointerValue};
use inkwell::{AtomicOrdering, AtomicRMWBinOp, IntPredicate};
use wasmparser::{MemArg, Operator};

use super::control::check_terminate;
use super::error::Result;
use super::function::FunctionEmitter;
use super::raise_message::Message;
use crate::abi::{Exception, Helper};
use crate::plan::SharedHeaps;
use crate::targets::Endianness;

type Emitter<'p, 'ctx, 'e, 'w> = FunctionEmitter<'p, 'ctx, 'e, 'w>;

const ORDERING: AtomicOrdering = AtomicOrdering::SequentiallyConsistent;

/// Emits `operator` if it belongs to this group.
pub(super) fn emit(e: &mut Emitter, operator: &Operator<'_>) -> Result<bool> {
    use AtomicRMWBinOp::{Add, And, Or, Sub, Xchg, Xor};
    use Operator as Op;
    let t = *e.types();
    match *operator {
        Op::I32AtomicLoad8U { memarg } => load(e, memarg, t.i8, t.i32)?,
        Op::I32AtomicLoad16U { memarg } => load(e, memarg, t.i16, t.i32)?,
        Op::I32AtomicLoad { memarg } => load(e, memarg, t.i32, t.i32)?,
        Op::I64AtomicLoad8U { memarg } => load(e, memarg, t.i8, t.i64)?,
        Op::I64AtomicLoad16U { memarg } => load(e, memarg, t.i16, t.i64)?,
        Op::I64AtomicLoad32U { memarg } => load(e, memarg, t.i32, t.i64)?,
        Op::I64AtomicLoad { memarg } => load(e, memarg, t.i64, t.i64)?,

        // From here on the operand says whether the instruction is one of `i32` or of `i64`.
        Op::I32AtomicStore8 { memarg } | Op::I64AtomicStore8 { memarg } => {
            store(e, memarg, t.i8)?;
        }
        Op::I32AtomicStore16 { memarg } | Op::I64AtomicStore16 { memarg } => {
            store(e, memarg, t.i16)?;
        }
        Op::I32AtomicStore { memarg } | Op::I64AtomicStore32 { memarg } => {
            store(e, memarg, t.i32)?;
        }
        Op::I64AtomicStore { memarg } => store(e, memarg, t.i64)?,

        Op::I32AtomicRmw8AddU { memarg } | Op::I64AtomicRmw8AddU { memarg } => {
            modify(e, memarg, Add, t.i8)?;
        }
        Op::I32AtomicRmw16AddU { memarg } | Op::I64AtomicRmw16AddU { memarg } => {
            modify(e, memarg, Add, t.i16)?;
        }
        Op::I32AtomicRmwAdd { memarg } | Op::I64AtomicRmw32AddU { memarg } => {
            modify(e, memarg, Add, t.i32)?;
        }
        Op::I64AtomicRmwAdd { memarg } => modify(e, memarg, Add, t.i64)?,

        Op::I32AtomicRmw8SubU { memarg } | Op::I64AtomicRmw8SubU { memarg } => {
            modify(e, memarg, Sub, t.i8)?;
        }
        Op::I32AtomicRmw16SubU { memarg } | Op::I64AtomicRmw16SubU { memarg } => {
            modify(e, memarg, Sub, t.i16)?;
        }
        Op::I32AtomicRmwSub { memarg } | Op::I64AtomicRmw32SubU { memarg } => {
            modify(e, memarg, Sub, t.i32)?;
        }
        Op::I64AtomicRmwSub { memarg } => modify(e, memarg, Sub, t.i64)?,

        Op::I32AtomicRmw8AndU { memarg } | Op::I64AtomicRmw8AndU { memarg } => {
            modify(e, memarg, And, t.i8)?;
        }
        Op::I32AtomicRmw16AndU { memarg } | Op::I64AtomicRmw16AndU { memarg } => {
            modify(e, memarg, And, t.i16)?;
        }
        Op::I32AtomicRmwAnd { memarg } | Op::I64AtomicRmw32AndU { memarg } => {
            modify(e, memarg, And, t.i32)?;
        }
        Op::I64AtomicRmwAnd { memarg } => modify(e, memarg, And, t.i64)?,

        Op::I32AtomicRmw8OrU { memarg } | Op::I64AtomicRmw8OrU { memarg } => {
            modify(e, memarg, Or, t.i8)?;
        }
        Op::I32AtomicRmw16OrU { memarg } | Op::I64AtomicRmw16OrU { memarg } => {
            modify(e, memarg, Or, t.i16)?;
        }
        Op::I32AtomicRmwOr { memarg } | Op::I64AtomicRmw32OrU { memarg } => {
            modify(e, memarg, Or, t.i32)?;
        }
        Op::I64AtomicRmwOr { memarg } => modify(e, memarg, Or, t.i64)?,

        Op::I32AtomicRmw8XorU { memarg } | Op::I64AtomicRmw8XorU { memarg } => {
            modify(e, memarg, Xor, t.i8)?;
        }
        Op::I32AtomicRmw16XorU { memarg } | Op::I64AtomicRmw16XorU { memarg } => {
            modify(e, memarg, Xor, t.i16)?;
        }
        Op::I32AtomicRmwXor { memarg } | Op::I64AtomicRmw32XorU { memarg } => {
            modify(e, memarg, Xor, t.i32)?;
        }
        Op::I64AtomicRmwXor { memarg } => modify(e, memarg, Xor, t.i64)?,

        Op::I32AtomicRmw8XchgU { memarg } | Op::I64AtomicRmw8XchgU { memarg } => {
            modify(e, memarg, Xchg, t.i8)?;
        }
        Op::I32AtomicRmw16XchgU { memarg } | Op::I64AtomicRmw16XchgU { memarg } => {
            modify(e, memarg, Xchg, t.i16)?;
        }
        Op::I32AtomicRmwXchg { memarg } | Op::I64AtomicRmw32XchgU { memarg } => {
            modify(e, memarg, Xchg, t.i32)?;
        }
        Op::I64AtomicRmwXchg { memarg } => modify(e, memarg, Xchg, t.i64)?,

        Op::I32AtomicRmw8CmpxchgU { memarg } | Op::I64AtomicRmw8CmpxchgU { memarg } => {
            compare_exchange(e, memarg, t.i8)?;
        }
        Op::I32AtomicRmw16CmpxchgU { memarg } | Op::I64AtomicRmw16CmpxchgU { memarg } => {
            compare_exchange(e, memarg, t.i16)?;
        }
        Op::I32AtomicRmwCmpxchg { memarg } | Op::I64AtomicRmw32CmpxchgU { memarg } => {
            compare_exchange(e, memarg, t.i32)?;
        }
        Op::I64AtomicRmwCmpxchg { memarg } => compare_exchange(e, memarg, t.i64)?,

        Op::AtomicFence { .. } => {
            e.builder().build_fence(ORDERING, false, "")?;
        }
        Op::MemoryAtomicWait32 { memarg } => wait(e, memarg, t.i32)?,
        Op::MemoryAtomicWait64 { memarg } => wait(e, memarg, t.i64)?,
        Op::MemoryAtomicNotify { memarg } => notify(e, memarg)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Returns the size in bytes of an access of type `ty`, which is also its natural alignment.
fn width(ty: IntType) -> u32 {
    ty.get_bit_width() / 8
}

/// Pops the index of an atomic access; returns its address, checked for bounds and alignment. The base of
/// linear memory is aligned better than any access, so only the effective address matters. A shared heap lies
/// where the host has put it, so there the address in the machine's memory counts.
fn address<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    ty: IntType<'ctx>,
) -> Result<PointerValue<'ctx>> {
    let bytes = u64::from(width(ty));
    let (pointer, effective) = e.linear_address(memarg, bytes)?;
    if bytes > 1 {
        let heaps = match e.accessed_memory(memarg).by_runtime() {
            true => e.plan().memory.shared_heaps,
            false => SharedHeaps::None,
        };
        let place = match heaps {
            SharedHeaps::None => effective,
            SharedHeaps::One | SharedHeaps::Chain => {
                e.builder().build_ptr_to_int(pointer, e.types().i64, "")?
            }
        };
        let mask = e.types().i64.const_int(bytes - 1, false);
        let low = e.builder().build_and(place, mask, "")?;
        let zero = e.types().i64.const_zero();
        let unaligned = e
            .builder()
            .build_int_compare(IntPredicate::NE, low, zero, "")?;
        e.trap_if(unaligned, Exception::UnalignedAtomic)?;
    }
    Ok(pointer)
}

/// Completes a load or store: sets natural alignment, ordering and alias tag.
fn make_atomic<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    access: InstructionValue<'ctx>,
    ty: IntType<'ctx>,
) {
    access
        .set_alignment(width(ty))
        .expect("the width of an integer is a power of two");
    access
        .set_atomic_ordering(ORDERING)
        .expect("loads and stores can be sequentially consistent");
    e.tag(access, e.linear_tag(e.accessed_memory(memarg)));
}

/// Pops an operand; returns its low bits as a `ty`, and its own type.
fn pop_low<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    ty: IntType<'ctx>,
) -> Result<(IntValue<'ctx>, IntType<'ctx>)> {
    let value = e.pop_int();
    let low = e.builder().build_int_truncate_or_bit_cast(value, ty, "")?;
    Ok((low, value.get_type()))
}

fn push_extended<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    value: IntValue<'ctx>,
    ty: IntType<'ctx>,
) -> Result<()> {
    let result = e.builder().build_int_z_extend_or_bit_cast(value, ty, "")?;
    e.push(result);
    Ok(())
}

fn load<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    memory_type: IntType<'ctx>,
    ty: IntType<'ctx>,
) -> Result<()> {
    let pointer = address(e, memarg, memory_type)?;
    let value = e
        .builder()
        .build_load(memory_type, pointer, "")?
        .into_int_value();
    let load = value.as_instruction().expect("a load is an instruction");
    make_atomic(e, memarg, load, memory_type);
    let value = e.little_endian(value.into())?.into_int_value();
    push_extended(e, value, ty)
}

fn store<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    memory_type: IntType<'ctx>,
) -> Result<()> {
    let (value, _) = pop_low(e, memory_type)?;
    let pointer = address(e, memarg, memory_type)?;
    let value = e.little_endian(value.into())?;
    let store = e.builder().build_store(pointer, value)?;
    make_atomic(e, memarg, store, memory_type);
    Ok(())
}

/// Emits a read-modify-write; LLVM gives it natural alignment by itself.
fn modify<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    operation: AtomicRMWBinOp,
    memory_type: IntType<'ctx>,
) -> Result<()> {
    let (value, ty) = pop_low(e, memory_type)?;
    let pointer = address(e, memarg, memory_type)?;
    let carries = matches!(operation, AtomicRMWBinOp::Add | AtomicRMWBinOp::Sub);
    if carries && e.plan().target.endianness == Endianness::Big && width(memory_type) > 1 {
        let old = modify_swapped(e, memarg, operation, pointer, value)?;
        return push_extended(e, old, ty);
    }
    let value = e.little_endian(value.into())?.into_int_value();
    let old = e
        .builder()
        .build_atomicrmw(operation, pointer, value, ORDERING)?;
    let access = old
        .as_instruction()
        .expect("a read-modify-write is an instruction");
    access
        .set_volatile(true)
        .expect("a read-modify-write can be volatile");
    e.tag(access, e.linear_tag(e.accessed_memory(memarg)));
    let old = e.little_endian(old.into())?.into_int_value();
    push_extended(e, old, ty)
}

/// Emits an addition or subtraction on a big-endian machine. No instruction carries from the last byte to the
/// first, so a compare-exchange loop stores the sum.
fn modify_swapped<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    operation: AtomicRMWBinOp,
    pointer: PointerValue<'ctx>,
    value: IntValue<'ctx>,
) -> Result<IntValue<'ctx>> {
    let ty = value.get_type();
    let first = e.builder().build_load(ty, pointer, "")?;
    let load = first
        .into_int_value()
        .as_instruction()
        .expect("a load is an instruction");
    make_atomic(e, memarg, load, ty);
    let before = e.current_block();
    let again = e.append_block("again");
    let done = e.append_block("next");
    e.builder().build_unconditional_branch(again)?;
    e.builder().position_at_end(again);
    let seen = e.builder().build_phi(ty, "")?;
    let old = e.little_endian(seen.as_basic_value())?.into_int_value();
    let new = if operation == AtomicRMWBinOp::Add {
        e.builder().build_int_add(old, value, "")?
    } else {
        e.builder().build_int_sub(old, value, "")?
    };
    let new = e.little_endian(new.into())?.into_int_value();
    let expected = seen.as_basic_value().into_int_value();
    let outcome = e
        .builder()
        .build_cmpxchg(pointer, expected, new, ORDERING, ORDERING)?;
    if let Some(access) = outcome.as_instruction() {
        e.tag(access, e.linear_tag(e.accessed_memory(memarg)));
    }
    let found = e.builder().build_extract_value(outcome, 0, "")?;
    let exchanged = e.builder().build_extract_value(outcome, 1, "")?;
    seen.add_incoming(&[(&first, before), (&found, again)]);
    e.builder()
        .build_conditional_branch(exchanged.into_int_value(), done, again)?;
    e.builder().position_at_end(done);
    Ok(old)
}

fn compare_exchange<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    memory_type: IntType<'ctx>,
) -> Result<()> {
    let (replacement, ty) = pop_low(e, memory_type)?;
    let (expected, _) = pop_low(e, memory_type)?;
    let pointer = address(e, memarg, memory_type)?;
    let expected = e.little_endian(expected.into())?.into_int_value();
    let replacement = e.little_endian(replacement.into())?.into_int_value();
    let outcome = e
        .builder()
        .build_cmpxchg(pointer, expected, replacement, ORDERING, ORDERING)?;
    if let Some(access) = outcome.as_instruction() {
        e.tag(access, e.linear_tag(e.accessed_memory(memarg)));
    }
    let old = e.builder().build_extract_value(outcome, 0, "")?;
    let old = e.little_endian(old)?.into_int_value();
    push_extended(e, old, ty)
}

/// Suspends the thread until another one notifies it or the timeout ends. The runtime's helper also checks
/// the bounds, compares, and rejects a memory that is not shared.
fn wait<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    memory_type: IntType<'ctx>,
) -> Result<()> {
    let timeout = e.pop_int();
    let expected = e.pop_int();
    // The helper compares with what it reads from memory as a number of the machine's.
    let expected = e.little_endian(expected.into())?.into_int_value();
    let expected = e
        .builder()
        .build_int_z_extend_or_bit_cast(expected, e.types().i64, "")?;
    let pointer = address(e, memarg, memory_type)?;
    if e.accessed_memory(memarg).slot != 0 {
        // The helper looks at the first memory.
        return wait_unshared(e);
    }
    let is_wait64 = u64::from(memory_type == e.types().i64);
    let is_wait64 = e.types().i8.const_int(is_wait64, false);
    call_helper(
        e,
        Helper::AtomicWait,
        &[
            e.instance.into(),
            pointer.into(),
            expected.into(),
            timeout.into(),
            is_wait64.into(),
        ],
    )?;
    check_terminate(e)
}

/// Traps, because the memory is not shared.
fn wait_unshared(e: &mut Emitter) -> Result<()> {
    let next = e.append_block("next");
    let raise = e.append_block("not_shared");
    let always = e.types().i1.const_int(1, false);
    e.builder().build_conditional_branch(always, raise, next)?;
    e.builder().position_at_end(raise);
    e.note_helper()?;
    e.raise_message(Message::NotShared)?;
    e.builder().position_at_end(next);
    e.push(e.types().i32.const_zero());
    Ok(())
}

/// Wakes up to the given number of threads that wait at the address; pushes how many it woke.
fn notify(e: &mut Emitter, memarg: MemArg) -> Result<()> {
    let count = e.pop_int();
    let pointer = address(e, memarg, e.types().i32)?;
    if e.accessed_memory(memarg).slot != 0 {
        // Nobody waits at a memory that is not shared.
        e.push(e.types().i32.const_zero());
        return Ok(());
    }
    call_helper(
        e,
        Helper::AtomicNotify,
        &[e.instance.into(), pointer.into(), count.into()],
    )
}

/// Calls a helper and pushes its result. If the result is -1, the helper has set an exception.
fn call_helper<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    helper: Helper,
    arguments: &[BasicMetadataValueEnum<'ctx>],
) -> Result<()> {
    e.note_helper()?;
    let result = e
        .call_helper(helper, arguments)?
        .expect("the helper returns a result")
        .into_int_value();
    let failed = e.builder().build_int_compare(
        IntPredicate::EQ,
        result,
        result.get_type().const_all_ones(),
        "",
    )?;
    e.trap_if(failed, Exception::AlreadyThrown)?;
    e.push(result);
    Ok(())
}

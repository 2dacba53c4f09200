//! Memory instructions (specification 4.4.7): loads and stores, size and growth; [`bulk`] has the others.
//!
//! [`access`] forms addresses and checks them; [`segments`] holds data that code copies to memories.

mod access;
pub(super) mod bulk;
pub(super) mod segments;

use inkwell::IntPredicate;
use inkwell::types::{BasicType, IntType};
use inkwell::values::{BasicValueEnum, IntValue};
use wasmparser::{MemArg, Operator};

use super::error::Result;
use super::function::FunctionEmitter;
use crate::abi::{Helper, HiddenPurpose, layout};
use crate::plan::{IndexType, LinearMemory, SizeKeeper};

/// How a narrow integer is extended.
#[derive(Debug, Clone, Copy)]
enum Extension {
    Sign,
    Zero,
}

/// Emits `operator` if it belongs to this group.
pub(super) fn emit(e: &mut FunctionEmitter, operator: &Operator<'_>) -> Result<bool> {
    use Extension::{Sign, Zero};
    let t = *e.types();
    match *operator {
        Operator::I32Load { memarg } => load(e, memarg, t.i32)?,
        Operator::I64Load { memarg } => load(e, memarg, t.i64)?,
        Operator::F32Load { memarg } => load(e, memarg, t.f32)?,
        Operator::F64Load { memarg } => load(e, memarg, t.f64)?,
        Operator::I32Load8S { memarg } => load_extend(e, memarg, t.i8, t.i32, Sign)?,
        Operator::I32Load8U { memarg } => load_extend(e, memarg, t.i8, t.i32, Zero)?,
        Operator::I32Load16S { memarg } => load_extend(e, memarg, t.i16, t.i32, Sign)?,
        Operator::I32Load16U { memarg } => load_extend(e, memarg, t.i16, t.i32, Zero)?,
        Operator::I64Load8S { memarg } => load_extend(e, memarg, t.i8, t.i64, Sign)?,
        Operator::I64Load8U { memarg } => load_extend(e, memarg, t.i8, t.i64, Zero)?,
        Operator::I64Load16S { memarg } => load_extend(e, memarg, t.i16, t.i64, Sign)?,
        Operator::I64Load16U { memarg } => load_extend(e, memarg, t.i16, t.i64, Zero)?,
        Operator::I64Load32S { memarg } => load_extend(e, memarg, t.i32, t.i64, Sign)?,
        Operator::I64Load32U { memarg } => load_extend(e, memarg, t.i32, t.i64, Zero)?,
        Operator::I32Store { memarg }
        | Operator::I64Store { memarg }
        | Operator::F32Store { memarg }
        | Operator::F64Store { memarg } => {
            let value = e.pop();
            store(e, memarg, value)?;
        }
        Operator::I32Store8 { memarg } | Operator::I64Store8 { memarg } => {
            store_narrow(e, memarg, t.i8)?;
        }
        Operator::I32Store16 { memarg } | Operator::I64Store16 { memarg } => {
            store_narrow(e, memarg, t.i16)?;
        }
        Operator::I64Store32 { memarg } => store_narrow(e, memarg, t.i32)?,
        Operator::MemorySize { mem } => {
            let memory = e.memory(mem);
            size(e, memory)?;
        }
        Operator::MemoryGrow { mem } => {
            let memory = e.memory(mem);
            grow(e, memory)?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Pops the index of a memory access and pushes the loaded value.
fn load<'ctx>(
    e: &mut FunctionEmitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    ty: impl BasicType<'ctx>,
) -> Result<()> {
    let value = e.load_linear(memarg, ty.as_basic_type_enum())?;
    e.push(value);
    Ok(())
}

fn load_extend<'ctx>(
    e: &mut FunctionEmitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    memory_type: IntType<'ctx>,
    ty: IntType<'ctx>,
    extension: Extension,
) -> Result<()> {
    let value = e.load_linear(memarg, memory_type.into())?.into_int_value();
    let value = match extension {
        Extension::Sign => e.builder().build_int_s_extend(value, ty, "")?,
        Extension::Zero => e.builder().build_int_z_extend(value, ty, "")?,
    };
    e.push(value);
    Ok(())
}

fn store<'ctx>(
    e: &mut FunctionEmitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    value: BasicValueEnum<'ctx>,
) -> Result<()> {
    e.store_linear(memarg, value)
}

fn store_narrow<'ctx>(
    e: &mut FunctionEmitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    memory_type: IntType<'ctx>,
) -> Result<()> {
    let value = e.pop_int();
    let value = e.builder().build_int_truncate(value, memory_type, "")?;
    e.store_linear(memarg, value.into())
}

/// Returns the size in pages, an `i32`.
fn page_count<'ctx>(
    e: &FunctionEmitter<'_, 'ctx, '_, '_>,
    memory: &LinearMemory,
) -> Result<IntValue<'ctx>> {
    let bytes = match memory.size {
        SizeKeeper::Runtime => {
            let instance = e.memory_instance(memory)?;
            let pages = layout::memory::CUR_PAGE_COUNT;
            let pages = e.load_runtime(e.types().i32, instance, pages, false)?;
            return Ok(pages.into_int_value());
        }
        SizeKeeper::Constant(bytes) => e.types().i32.const_int(bytes, false),
        SizeKeeper::Code { .. } => e.kept_bytes(memory)?,
    };
    in_pages(e, bytes, memory)
}

/// Divides a number of bytes by the size of a page, a power of two.
fn in_pages<'ctx>(
    e: &FunctionEmitter<'_, 'ctx, '_, '_>,
    bytes: IntValue<'ctx>,
    memory: &LinearMemory,
) -> Result<IntValue<'ctx>> {
    let shift = u64::from(memory.page_size.ilog2());
    let shift = bytes.get_type().const_int(shift, false);
    Ok(e.builder().build_right_shift(bytes, shift, false, "")?)
}

/// Pushes a number of pages, an `i32`, as the memory's type of addresses.
fn push_pages<'ctx>(
    e: &mut FunctionEmitter<'_, 'ctx, '_, '_>,
    pages: IntValue<'ctx>,
    memory: &LinearMemory,
) -> Result<()> {
    let pages = match memory.addresses {
        IndexType::I32 => pages,
        IndexType::I64 => e.builder().build_int_z_extend(pages, e.types().i64, "")?,
    };
    e.push(pages);
    Ok(())
}

fn size(e: &mut FunctionEmitter, memory: &LinearMemory) -> Result<()> {
    let pages = page_count(e, memory)?;
    push_pages(e, pages, memory)
}

fn grow(e: &mut FunctionEmitter, memory: &LinearMemory) -> Result<()> {
    let pages = e.pop_int();
    match memory.size {
        SizeKeeper::Runtime => grow_by_runtime(e, memory, pages),
        SizeKeeper::Constant(_) => unreachable!("such a memory never grows"),
        SizeKeeper::Code { most_bytes } => grow_by_code(e, memory, pages, most_bytes),
    }
}

fn grow_by_runtime<'ctx>(
    e: &mut FunctionEmitter<'_, 'ctx, '_, '_>,
    memory: &LinearMemory,
    pages: IntValue<'ctx>,
) -> Result<()> {
    let t = *e.types();
    let old = page_count(e, memory)?;
    // The runtime takes 32 bits. More pages than that it could not give either: it fails with so many.
    let (pages, fits) = match memory.addresses {
        IndexType::I32 => (pages, None),
        IndexType::I64 => {
            let most = t.i64.const_int(u64::from(u32::MAX), false);
            let fits = e
                .builder()
                .build_int_compare(IntPredicate::ULE, pages, most, "")?;
            let pages = e.builder().build_int_truncate(pages, t.i32, "")?;
            let all = t.i32.const_all_ones();
            let pages = e.builder().build_select(fits, pages, all, "")?;
            (pages.into_int_value(), Some(fits))
        }
    };
    let grown = e
        .call_helper(Helper::EnlargeMemory, &[e.instance.into(), pages.into()])?
        .expect("the helper returns whether the memory grew")
        .into_int_value();
    // The memory may have moved, and the host may have called other code.
    e.restore_segment()?;
    let zero = grown.get_type().const_zero();
    let mut grown = e
        .builder()
        .build_int_compare(IntPredicate::NE, grown, zero, "")?;
    if let Some(fits) = fits {
        grown = e.builder().build_and(grown, fits, "")?;
    }
    push_grown(e, memory, grown, old)
}

/// Grows a memory whose size code keeps: the runtime has reserved `most_bytes`, which are zero.
fn grow_by_code<'ctx>(
    e: &mut FunctionEmitter<'_, 'ctx, '_, '_>,
    memory: &LinearMemory,
    pages: IntValue<'ctx>,
    most_bytes: u64,
) -> Result<()> {
    let t = *e.types();
    let old_bytes = e.kept_bytes(memory)?;
    let most = t.i32.const_int(most_bytes, false);
    let room = e.builder().build_int_nuw_sub(most, old_bytes, "")?;
    let room = in_pages(e, room, memory)?;
    let room = e
        .builder()
        .build_int_z_extend_or_bit_cast(room, pages.get_type(), "")?;
    let fits = e
        .builder()
        .build_int_compare(IntPredicate::ULE, pages, room, "")?;
    let pages = e
        .builder()
        .build_int_truncate_or_bit_cast(pages, t.i32, "")?;
    let page = t.i32.const_int(memory.page_size, false);
    let added = e.builder().build_int_mul(pages, page, "")?;
    let new_bytes = e.builder().build_int_add(old_bytes, added, "")?;
    let bytes = e.builder().build_select(fits, new_bytes, old_bytes, "")?;
    e.store_hidden(HiddenPurpose::MemoryBytes(memory.index), bytes)?;
    let old = in_pages(e, old_bytes, memory)?;
    push_grown(e, memory, fits, old)
}

/// Pushes the old size in pages if the memory has `grown`, and else -1.
fn push_grown<'ctx>(
    e: &mut FunctionEmitter<'_, 'ctx, '_, '_>,
    memory: &LinearMemory,
    grown: IntValue<'ctx>,
    old: IntValue<'ctx>,
) -> Result<()> {
    let old = match memory.addresses {
        IndexType::I32 => old,
        IndexType::I64 => e.builder().build_int_z_extend(old, e.types().i64, "")?,
    };
    let failed = old.get_type().const_all_ones();
    let result = e.builder().build_select(grown, old, failed, "")?;
    e.push(result);
    Ok(())
}

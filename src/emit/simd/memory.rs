//! Loads and stores of vectors, whole and in parts (specification 4.4.7).
//!
//! Code never assumes alignment. The address traps if an access is out of bounds, as for scalar accesses.
//! Parts of a vector come from memory as integers: no arithmetic changes their bits, so a NaN among them
//! stays unchanged.

use inkwell::types::{IntType, VectorType};
use wasmparser::{MemArg, Operator};

use super::{Emitter, Shapes, Signedness};
use crate::emit::error::Result;

/// Emits `operator` if it belongs to this group.
pub(super) fn emit<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    operator: &Operator<'_>,
    s: &Shapes<'ctx>,
) -> Result<bool> {
    use Operator as Op;
    use Signedness::{Signed, Unsigned};
    let t = *e.types();
    match *operator {
        Op::V128Load { memarg } => {
            let value = e.load_linear(memarg, t.v128.into())?;
            e.push(value);
        }
        Op::V128Store { memarg } => {
            let value = e.pop();
            e.store_linear(memarg, value)?;
        }

        Op::V128Load8x8S { memarg } => load_extend(e, memarg, t.i8, s.i16x8, Signed)?,
        Op::V128Load8x8U { memarg } => load_extend(e, memarg, t.i8, s.i16x8, Unsigned)?,
        Op::V128Load16x4S { memarg } => load_extend(e, memarg, t.i16, s.i32x4, Signed)?,
        Op::V128Load16x4U { memarg } => load_extend(e, memarg, t.i16, s.i32x4, Unsigned)?,
        Op::V128Load32x2S { memarg } => load_extend(e, memarg, t.i32, s.i64x2, Signed)?,
        Op::V128Load32x2U { memarg } => load_extend(e, memarg, t.i32, s.i64x2, Unsigned)?,

        Op::V128Load8Splat { memarg } => load_splat(e, memarg, s.i8x16)?,
        Op::V128Load16Splat { memarg } => load_splat(e, memarg, s.i16x8)?,
        Op::V128Load32Splat { memarg } => load_splat(e, memarg, s.i32x4)?,
        Op::V128Load64Splat { memarg } => load_splat(e, memarg, s.i64x2)?,

        Op::V128Load32Zero { memarg } => load_zero(e, memarg, s.i32x4)?,
        Op::V128Load64Zero { memarg } => load_zero(e, memarg, s.i64x2)?,

        Op::V128Load8Lane { memarg, lane } => load_lane(e, memarg, s.i8x16, lane)?,
        Op::V128Load16Lane { memarg, lane } => load_lane(e, memarg, s.i16x8, lane)?,
        Op::V128Load32Lane { memarg, lane } => load_lane(e, memarg, s.i32x4, lane)?,
        Op::V128Load64Lane { memarg, lane } => load_lane(e, memarg, s.i64x2, lane)?,

        Op::V128Store8Lane { memarg, lane } => store_lane(e, memarg, s.i8x16, lane)?,
        Op::V128Store16Lane { memarg, lane } => store_lane(e, memarg, s.i16x8, lane)?,
        Op::V128Store32Lane { memarg, lane } => store_lane(e, memarg, s.i32x4, lane)?,
        Op::V128Store64Lane { memarg, lane } => store_lane(e, memarg, s.i64x2, lane)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Loads eight bytes as lanes of type `narrow` and extends them to the lanes of `shape`. On a big-endian
/// target, the bytes of each lane would have to be swapped, not the bytes of the whole.
fn load_extend<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    narrow: IntType<'ctx>,
    shape: VectorType<'ctx>,
    signedness: Signedness,
) -> Result<()> {
    let bytes = e.load_linear(memarg, e.types().i64.into())?;
    let lanes = narrow.vec_type(shape.get_size());
    let value = e.builder().build_bit_cast(bytes, lanes, "")?;
    let result = e.extend(value.into_vector_value(), shape, signedness)?;
    e.push_vector(result)
}

fn load_splat<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    shape: VectorType<'ctx>,
) -> Result<()> {
    let value = e.load_linear(memarg, shape.get_element_type())?;
    let result = e.splat(shape, value)?;
    e.push_vector(result)
}

/// Loads lane 0; all other lanes are zero.
fn load_zero<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    shape: VectorType<'ctx>,
) -> Result<()> {
    let value = e.load_linear(memarg, shape.get_element_type())?;
    let lane = e.lane(0);
    let result = e
        .builder()
        .build_insert_element(shape.const_zero(), value, lane, "")?;
    e.push_vector(result)
}

fn load_lane<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    shape: VectorType<'ctx>,
    lane: u8,
) -> Result<()> {
    let vector = e.pop_vector(shape)?;
    let value = e.load_linear(memarg, shape.get_element_type())?;
    let lane = e.lane(u32::from(lane));
    let result = e.builder().build_insert_element(vector, value, lane, "")?;
    e.push_vector(result)
}

fn store_lane<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    shape: VectorType<'ctx>,
    lane: u8,
) -> Result<()> {
    let vector = e.pop_vector(shape)?;
    let lane = e.lane(u32::from(lane));
    let value = e.builder().build_extract_element(vector, lane, "")?;
    e.store_linear(memarg, value)
}

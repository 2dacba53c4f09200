//! Constants, and moves of lanes: splat, extract, replace, shuffle (specification 4.4.3).

use inkwell::types::{IntType, VectorType};
use wasmparser::Operator;

use super::{Emitter, Shapes, Signedness, swizzle};
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
        Op::V128Const { value } => {
            let bits = u128::from(value);
            let halves = [bits as u64, (bits >> 64) as u64];
            let halves = halves.map(|half| t.i64.const_int(half, false));
            e.push(VectorType::const_vector(&halves));
        }

        Op::I8x16Splat => splat_narrow(e, s.i8x16, t.i8)?,
        Op::I16x8Splat => splat_narrow(e, s.i16x8, t.i16)?,
        Op::I32x4Splat => splat(e, s.i32x4)?,
        Op::I64x2Splat => splat(e, s.i64x2)?,
        Op::F32x4Splat => splat(e, s.f32x4)?,
        Op::F64x2Splat => splat(e, s.f64x2)?,

        Op::I8x16ExtractLaneS { lane } => extract_narrow(e, s.i8x16, lane, Signed)?,
        Op::I8x16ExtractLaneU { lane } => extract_narrow(e, s.i8x16, lane, Unsigned)?,
        Op::I16x8ExtractLaneS { lane } => extract_narrow(e, s.i16x8, lane, Signed)?,
        Op::I16x8ExtractLaneU { lane } => extract_narrow(e, s.i16x8, lane, Unsigned)?,
        Op::I32x4ExtractLane { lane } => extract(e, s.i32x4, lane)?,
        Op::I64x2ExtractLane { lane } => extract(e, s.i64x2, lane)?,
        Op::F32x4ExtractLane { lane } => extract(e, s.f32x4, lane)?,
        Op::F64x2ExtractLane { lane } => extract(e, s.f64x2, lane)?,

        Op::I8x16ReplaceLane { lane } => replace_narrow(e, s.i8x16, t.i8, lane)?,
        Op::I16x8ReplaceLane { lane } => replace_narrow(e, s.i16x8, t.i16, lane)?,
        Op::I32x4ReplaceLane { lane } => replace(e, s.i32x4, lane)?,
        Op::I64x2ReplaceLane { lane } => replace(e, s.i64x2, lane)?,
        Op::F32x4ReplaceLane { lane } => replace(e, s.f32x4, lane)?,
        Op::F64x2ReplaceLane { lane } => replace(e, s.f64x2, lane)?,

        Op::I8x16Shuffle { lanes } => {
            let (left, right) = e.pop_vectors(s.i8x16)?;
            let result = e.pick(left, right, lanes.map(u32::from))?;
            e.push_vector(result)?;
        }
        Op::I8x16Swizzle => swizzle::emit(e, s)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn splat<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, shape: VectorType<'ctx>) -> Result<()> {
    let value = e.pop();
    let result = e.splat(shape, value)?;
    e.push_vector(result)
}

fn splat_narrow<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    lane_type: IntType<'ctx>,
) -> Result<()> {
    let value = e.pop_int();
    let value = e.builder().build_int_truncate(value, lane_type, "")?;
    let result = e.splat(shape, value)?;
    e.push_vector(result)
}

fn extract<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    lane: u8,
) -> Result<()> {
    let vector = e.pop_vector(shape)?;
    let lane = e.lane(u32::from(lane));
    let result = e.builder().build_extract_element(vector, lane, "")?;
    e.push(result);
    Ok(())
}

fn extract_narrow<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    lane: u8,
    signedness: Signedness,
) -> Result<()> {
    extract(e, shape, lane)?;
    let value = e.pop_int();
    let result = match signedness {
        Signedness::Signed => e.builder().build_int_s_extend(value, e.types().i32, "")?,
        Signedness::Unsigned => e.builder().build_int_z_extend(value, e.types().i32, "")?,
    };
    e.push(result);
    Ok(())
}

fn replace<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    lane: u8,
) -> Result<()> {
    let value = e.pop();
    let vector = e.pop_vector(shape)?;
    let lane = e.lane(u32::from(lane));
    let result = e.builder().build_insert_element(vector, value, lane, "")?;
    e.push_vector(result)
}

fn replace_narrow<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    lane_type: IntType<'ctx>,
    lane: u8,
) -> Result<()> {
    let value = e.pop_int();
    let value = e.builder().build_int_truncate(value, lane_type, "")?;
    e.push(value);
    replace(e, shape, lane)
}

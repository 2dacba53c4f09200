//! Conversions between integer and floating-point lanes (specification 4.3.5).

use inkwell::types::VectorType;
use inkwell::values::VectorValue;
use wasmparser::Operator;

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
    match *operator {
        Op::I32x4TruncSatF32x4S => {
            let result = pop_saturated(e, s.f32x4, Signed)?;
            e.push_vector(result)?;
        }
        Op::I32x4TruncSatF32x4U => {
            let result = pop_saturated(e, s.f32x4, Unsigned)?;
            e.push_vector(result)?;
        }
        Op::I32x4TruncSatF64x2SZero => {
            let low = pop_saturated(e, s.f64x2, Signed)?;
            push_zero_extended(e, low)?;
        }
        Op::I32x4TruncSatF64x2UZero => {
            let low = pop_saturated(e, s.f64x2, Unsigned)?;
            push_zero_extended(e, low)?;
        }

        Op::F32x4ConvertI32x4S => {
            let value = e.pop_vector(s.i32x4)?;
            push_float(e, value, s.f32x4, Signed)?;
        }
        Op::F32x4ConvertI32x4U => {
            let value = e.pop_vector(s.i32x4)?;
            push_float(e, value, s.f32x4, Unsigned)?;
        }
        Op::F64x2ConvertLowI32x4S => {
            let low = pop_low(e, s.i32x4)?;
            push_float(e, low, s.f64x2, Signed)?;
        }
        Op::F64x2ConvertLowI32x4U => {
            let low = pop_low(e, s.i32x4)?;
            push_float(e, low, s.f64x2, Unsigned)?;
        }

        Op::F32x4DemoteF64x2Zero => {
            let value = e.pop_vector(s.f64x2)?;
            let value = e.guard_operand(value.into())?.into_vector_value();
            let narrow = e.types().f32.vec_type(2);
            let low = e.builder().build_float_trunc(value, narrow, "")?;
            push_zero_extended(e, low)?;
        }
        Op::F64x2PromoteLowF32x4 => {
            // The guard goes before the choice of lanes: LLVM has no code for one of two floats.
            let value = e.pop_vector(s.f32x4)?;
            let value = e.guard_operand(value.into())?.into_vector_value();
            let low = e.pick(value, s.f32x4.get_poison(), 0..2)?;
            let result = e.builder().build_float_ext(low, s.f64x2, "")?;
            e.push_vector(result)?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Pops floats, gives the nearest 32-bit integers towards zero, and zero for NaN.
fn pop_saturated<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    signedness: Signedness,
) -> Result<VectorValue<'ctx>> {
    let value = e.pop_vector(shape)?;
    let intrinsic = match signedness {
        Signedness::Signed => "llvm.fptosi.sat",
        Signedness::Unsigned => "llvm.fptoui.sat",
    };
    let to = e.types().i32.vec_type(shape.get_size());
    let result = e.call_intrinsic(intrinsic, &[to.into(), shape.into()], &[value.into()])?;
    Ok(result.into_vector_value())
}

/// Pops four lanes, gives the lower two.
fn pop_low<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
) -> Result<VectorValue<'ctx>> {
    let value = e.pop_vector(shape)?;
    e.pick(value, shape.get_poison(), 0..2)
}

/// Pushes two lanes with two lanes of zero above them.
fn push_zero_extended<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    low: VectorValue<'ctx>,
) -> Result<()> {
    let result = e.pick(low, low.get_type().const_zero(), 0..4)?;
    e.push_vector(result)
}

fn push_float<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    value: VectorValue<'ctx>,
    shape: VectorType<'ctx>,
    signedness: Signedness,
) -> Result<()> {
    let result = match signedness {
        Signedness::Signed => e.builder().build_signed_int_to_float(value, shape, "")?,
        Signedness::Unsigned => e.builder().build_unsigned_int_to_float(value, shape, "")?,
    };
    e.push_vector(result)
}

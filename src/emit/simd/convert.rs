//! Conversions between integer and floating-point lanes (specification 4.3.5).

use inkwell::FloatPredicate;
use inkwell::types::VectorType;
use inkwell::values::VectorValue;
use wasmparser::Operator;

use super::{Emitter, Shapes, Signedness, splat_float, splat_int};
use crate::emit::error::Result;
use crate::targets::VectorUnit;

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

/// Pops floats; returns the nearest 32-bit integers towards zero, and zero for NaN.
pub(super) fn pop_saturated<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    signedness: Signedness,
) -> Result<VectorValue<'ctx>> {
    let value = e.pop_vector(shape)?;
    let to = e.types().i32.vec_type(shape.get_size());
    match e.plan().target.facts.vectors {
        // LLVM would take the lanes one by one.
        VectorUnit::X86 => saturate_by_clamping(e, value, to, signedness),
        VectorUnit::Aarch64 | VectorUnit::Other => {
            let intrinsic = match signedness {
                Signedness::Signed => "llvm.fptosi.sat",
                Signedness::Unsigned => "llvm.fptoui.sat",
            };
            let types = [to.into(), shape.into()];
            let result = e.call_intrinsic(intrinsic, &types, &[value.into()])?;
            Ok(result.into_vector_value())
        }
    }
}

/// Clamps the floats to the range of the integers first, so that the conversion itself is defined.
fn saturate_by_clamping<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    value: VectorValue<'ctx>,
    to: VectorType<'ctx>,
    signedness: Signedness,
) -> Result<VectorValue<'ctx>> {
    let shape = value.get_type();
    let is_f32 = shape.get_element_type() == e.types().f32.into();
    // The greatest integer is no `f32`; the next one below it stands in, and is put right after.
    let (least, greatest, limit) = match (signedness, is_f32) {
        (Signedness::Signed, true) => (-2_147_483_648.0, 2_147_483_520.0, i32::MAX as u64),
        (Signedness::Signed, false) => (-2_147_483_648.0, 2_147_483_647.0, i32::MAX as u64),
        (Signedness::Unsigned, true) => (0.0, 4_294_967_040.0, u64::from(u32::MAX)),
        (Signedness::Unsigned, false) => (0.0, 4_294_967_295.0, u64::from(u32::MAX)),
    };
    let (least, greatest) = (splat_float(shape, least), splat_float(shape, greatest));

    let mut clamped = value;
    if signedness == Signedness::Signed {
        let is_number = e
            .builder()
            .build_float_compare(FloatPredicate::ORD, value, value, "")?;
        clamped = e.select_vector(is_number, value, shape.const_zero())?;
    }
    // A NaN that is still there is not greater than zero, the least.
    clamped = e.greater(clamped, least)?;
    clamped = e.lesser(clamped, greatest)?;
    let result = match signedness {
        Signedness::Signed => e.builder().build_float_to_signed_int(clamped, to, "")?,
        Signedness::Unsigned => e.builder().build_float_to_unsigned_int(clamped, to, "")?,
    };
    if is_f32 {
        let too_great =
            e.builder()
                .build_float_compare(FloatPredicate::OGT, value, greatest, "")?;
        e.select_vector(too_great, splat_int(to, limit), result)
    } else {
        Ok(result)
    }
}

/// Pops four lanes; returns the lower two.
fn pop_low<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
) -> Result<VectorValue<'ctx>> {
    let value = e.pop_vector(shape)?;
    e.pick(value, shape.get_poison(), 0..2)
}

/// Pushes two lanes with two lanes of zero above them.
pub(super) fn push_zero_extended<'ctx>(
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

//! Conversions between number types (specification 4.3.4).

use inkwell::FloatPredicate;
use inkwell::types::{FloatType, IntType};
use wasmparser::Operator;

use super::error::Result;
use super::function::FunctionEmitter;
use crate::abi::Exception;

type Emitter<'p, 'ctx, 'e, 'w> = FunctionEmitter<'p, 'ctx, 'e, 'w>;

/// Emits `operator` if it belongs to this group.
pub(super) fn emit(e: &mut Emitter, operator: &Operator<'_>) -> Result<bool> {
    use Operator as Op;
    use Signedness::{Signed, Unsigned};
    let t = *e.types();
    match *operator {
        Op::I32WrapI64 => {
            let value = e.pop_int();
            let result = e.builder().build_int_truncate(value, t.i32, "")?;
            e.push(result);
        }
        Op::I64ExtendI32S => {
            let value = e.pop_int();
            let result = e.builder().build_int_s_extend(value, t.i64, "")?;
            e.push(result);
        }
        Op::I64ExtendI32U => {
            let value = e.pop_int();
            let result = e.builder().build_int_z_extend(value, t.i64, "")?;
            e.push(result);
        }
        Op::I32Extend8S | Op::I64Extend8S => sign_extend_from(e, t.i8)?,
        Op::I32Extend16S | Op::I64Extend16S => sign_extend_from(e, t.i16)?,
        Op::I64Extend32S => sign_extend_from(e, t.i32)?,

        Op::I32TruncF32S => truncate(e, &F32_TO_I32_S, t.i32)?,
        Op::I32TruncF32U => truncate(e, &F32_TO_I32_U, t.i32)?,
        Op::I32TruncF64S => truncate(e, &F64_TO_I32_S, t.i32)?,
        Op::I32TruncF64U => truncate(e, &F64_TO_I32_U, t.i32)?,
        Op::I64TruncF32S => truncate(e, &F32_TO_I64_S, t.i64)?,
        Op::I64TruncF32U => truncate(e, &F32_TO_I64_U, t.i64)?,
        Op::I64TruncF64S => truncate(e, &F64_TO_I64_S, t.i64)?,
        Op::I64TruncF64U => truncate(e, &F64_TO_I64_U, t.i64)?,

        Op::I32TruncSatF32S | Op::I32TruncSatF64S => saturate(e, "llvm.fptosi.sat", t.i32)?,
        Op::I32TruncSatF32U | Op::I32TruncSatF64U => saturate(e, "llvm.fptoui.sat", t.i32)?,
        Op::I64TruncSatF32S | Op::I64TruncSatF64S => saturate(e, "llvm.fptosi.sat", t.i64)?,
        Op::I64TruncSatF32U | Op::I64TruncSatF64U => saturate(e, "llvm.fptoui.sat", t.i64)?,

        Op::F32ConvertI32S | Op::F32ConvertI64S => int_to_float(e, t.f32, Signed)?,
        Op::F32ConvertI32U | Op::F32ConvertI64U => int_to_float(e, t.f32, Unsigned)?,
        Op::F64ConvertI32S | Op::F64ConvertI64S => int_to_float(e, t.f64, Signed)?,
        Op::F64ConvertI32U | Op::F64ConvertI64U => int_to_float(e, t.f64, Unsigned)?,

        Op::F32DemoteF64 => {
            let value = e.pop();
            let value = e.guard_operand(value)?.into_float_value();
            let result = e.builder().build_float_trunc(value, t.f32, "")?;
            e.push(result);
        }
        Op::F64PromoteF32 => {
            let value = e.pop();
            let value = e.guard_operand(value)?.into_float_value();
            let result = e.builder().build_float_ext(value, t.f64, "")?;
            e.push(result);
        }

        Op::I32ReinterpretF32 => reinterpret(e, t.i32)?,
        Op::I64ReinterpretF64 => reinterpret(e, t.i64)?,
        Op::F32ReinterpretI32 => reinterpret(e, t.f32)?,
        Op::F64ReinterpretI64 => reinterpret(e, t.f64)?,
        _ => return Ok(false),
    }
    Ok(true)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signedness {
    Signed,
    Unsigned,
}

/// The bounds of a trapping truncation: the open interval of operands whose integer part fits.
///
/// The bounds are floats of the operand's type. For `i32` from `f64` the values next to the limits are
/// representable, so the interval is (min - 1, max + 1). For the other types `min - 1` rounds to `min`, so
/// the greatest float below `min` is the bound instead.
struct Truncation {
    signedness: Signedness,
    above: f64,
    below: f64,
}

/// -(2^31) and -(2^63), less 1, or less one step of the operand's type where 1 is too small.
const F32_TO_I32_S: Truncation = Truncation {
    signedness: Signedness::Signed,
    above: -2_147_483_904.0,
    below: 2_147_483_648.0,
};
const F32_TO_I32_U: Truncation = Truncation {
    signedness: Signedness::Unsigned,
    above: -1.0,
    below: 4_294_967_296.0,
};
const F64_TO_I32_S: Truncation = Truncation {
    signedness: Signedness::Signed,
    above: -2_147_483_649.0,
    below: 2_147_483_648.0,
};
const F64_TO_I32_U: Truncation = Truncation {
    signedness: Signedness::Unsigned,
    above: -1.0,
    below: 4_294_967_296.0,
};
const F32_TO_I64_S: Truncation = Truncation {
    signedness: Signedness::Signed,
    above: -9_223_373_136_366_403_584.0,
    below: 9_223_372_036_854_775_808.0,
};
const F32_TO_I64_U: Truncation = Truncation {
    signedness: Signedness::Unsigned,
    above: -1.0,
    below: 18_446_744_073_709_551_616.0,
};
const F64_TO_I64_S: Truncation = Truncation {
    signedness: Signedness::Signed,
    above: -9_223_372_036_854_777_856.0,
    below: 9_223_372_036_854_775_808.0,
};
const F64_TO_I64_U: Truncation = Truncation {
    signedness: Signedness::Unsigned,
    above: -1.0,
    below: 18_446_744_073_709_551_616.0,
};

fn truncate<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    truncation: &Truncation,
    ty: IntType<'ctx>,
) -> Result<()> {
    let value = e.pop_float();
    let is_nan = e
        .builder()
        .build_float_compare(FloatPredicate::UNO, value, value, "")?;
    e.trap_if(is_nan, Exception::InvalidConversionToInteger)?;
    let above = value.get_type().const_float(truncation.above);
    let below = value.get_type().const_float(truncation.below);
    let too_small = e
        .builder()
        .build_float_compare(FloatPredicate::OLE, value, above, "")?;
    let too_large = e
        .builder()
        .build_float_compare(FloatPredicate::OGE, value, below, "")?;
    let outside = e.builder().build_or(too_small, too_large, "")?;
    e.trap_if(outside, Exception::IntegerOverflow)?;
    let result = match truncation.signedness {
        Signedness::Signed => e.builder().build_float_to_signed_int(value, ty, "")?,
        Signedness::Unsigned => e.builder().build_float_to_unsigned_int(value, ty, "")?,
    };
    e.push(result);
    Ok(())
}

fn saturate<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    intrinsic: &str,
    ty: IntType<'ctx>,
) -> Result<()> {
    let value = e.pop();
    let result = e.call_intrinsic(intrinsic, &[ty.into(), value.get_type()], &[value])?;
    e.push(result);
    Ok(())
}

fn int_to_float<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    ty: FloatType<'ctx>,
    signedness: Signedness,
) -> Result<()> {
    let value = e.pop_int();
    let result = match signedness {
        Signedness::Signed => e.builder().build_signed_int_to_float(value, ty, "")?,
        Signedness::Unsigned => e.builder().build_unsigned_int_to_float(value, ty, "")?,
    };
    e.push(result);
    Ok(())
}

/// Sign-extends the low bits of the operand within its own type.
fn sign_extend_from<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, narrow: IntType<'ctx>) -> Result<()> {
    let value = e.pop_int();
    let low = e.builder().build_int_truncate(value, narrow, "")?;
    let result = e.builder().build_int_s_extend(low, value.get_type(), "")?;
    e.push(result);
    Ok(())
}

fn reinterpret<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    ty: impl inkwell::types::BasicType<'ctx>,
) -> Result<()> {
    let value = e.pop();
    let result = e
        .builder()
        .build_bit_cast(value, ty.as_basic_type_enum(), "")?;
    e.push(result);
    Ok(())
}

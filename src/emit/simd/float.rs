//! Floating-point arithmetic (specification 4.3.5): each lane works like the scalar instruction.

use inkwell::FloatPredicate;
use inkwell::builder::Builder;
use inkwell::types::VectorType;
use inkwell::values::VectorValue;
use wasmparser::Operator;

use super::{BinaryInstruction, Emitter, Shapes, splat_int, unary_intrinsic};
use crate::emit::error::{EmitError, Result};
use crate::targets::VectorUnit;

/// Emits `operator` if it belongs to this group.
pub(super) fn emit<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    operator: &Operator<'_>,
    s: &Shapes<'ctx>,
) -> Result<bool> {
    use Extremum::{Maximum, Minimum};
    use Operator as Op;
    match *operator {
        Op::F32x4Add => arithmetic(e, s.f32x4, Builder::build_float_add)?,
        Op::F64x2Add => arithmetic(e, s.f64x2, Builder::build_float_add)?,
        Op::F32x4Sub => arithmetic(e, s.f32x4, Builder::build_float_sub)?,
        Op::F64x2Sub => arithmetic(e, s.f64x2, Builder::build_float_sub)?,
        Op::F32x4Mul => arithmetic(e, s.f32x4, Builder::build_float_mul)?,
        Op::F64x2Mul => arithmetic(e, s.f64x2, Builder::build_float_mul)?,
        Op::F32x4Div => arithmetic(e, s.f32x4, Builder::build_float_div)?,
        Op::F64x2Div => arithmetic(e, s.f64x2, Builder::build_float_div)?,

        Op::F32x4Min => minimum_maximum(e, s.f32x4, Minimum)?,
        Op::F64x2Min => minimum_maximum(e, s.f64x2, Minimum)?,
        Op::F32x4Max => minimum_maximum(e, s.f32x4, Maximum)?,
        Op::F64x2Max => minimum_maximum(e, s.f64x2, Maximum)?,
        Op::F32x4PMin => pseudo_minimum(e, s.f32x4)?,
        Op::F64x2PMin => pseudo_minimum(e, s.f64x2)?,
        Op::F32x4PMax => pseudo_maximum(e, s.f32x4)?,
        Op::F64x2PMax => pseudo_maximum(e, s.f64x2)?,

        Op::F32x4Ceil => rounding(e, s.f32x4, "llvm.ceil")?,
        Op::F64x2Ceil => rounding(e, s.f64x2, "llvm.ceil")?,
        Op::F32x4Floor => rounding(e, s.f32x4, "llvm.floor")?,
        Op::F64x2Floor => rounding(e, s.f64x2, "llvm.floor")?,
        Op::F32x4Trunc => rounding(e, s.f32x4, "llvm.trunc")?,
        Op::F64x2Trunc => rounding(e, s.f64x2, "llvm.trunc")?,
        Op::F32x4Nearest => rounding(e, s.f32x4, "llvm.rint")?,
        Op::F64x2Nearest => rounding(e, s.f64x2, "llvm.rint")?,

        Op::F32x4Sqrt => unary_intrinsic(e, s.f32x4, "llvm.sqrt")?,
        Op::F64x2Sqrt => unary_intrinsic(e, s.f64x2, "llvm.sqrt")?,
        Op::F32x4Abs => unary_intrinsic(e, s.f32x4, "llvm.fabs")?,
        Op::F64x2Abs => unary_intrinsic(e, s.f64x2, "llvm.fabs")?,
        Op::F32x4Neg => neg(e, s.f32x4)?,
        Op::F64x2Neg => neg(e, s.f64x2)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn arithmetic<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    instruction: BinaryInstruction<'ctx>,
) -> Result<()> {
    let (left, right) = e.pop_vectors(shape)?;
    let (left, right) = e.guard_operands(left.into(), right.into())?;
    let (left, right) = (left.into_vector_value(), right.into_vector_value());
    let result = instruction(e.builder(), left, right, "")?;
    e.push_vector(result)
}

/// Minimum or maximum: of two zeros, the negative one is less; a NaN operand gives a NaN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extremum {
    Minimum,
    Maximum,
}

pub(super) fn minimum_maximum<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    extremum: Extremum,
) -> Result<()> {
    let (left, right) = e.pop_vectors(shape)?;
    let result = match e.plan().target.facts.vectors {
        VectorUnit::X86 => ordered_extremum(e, left, right, extremum)?,
        VectorUnit::Aarch64 | VectorUnit::Other => {
            let intrinsic = match extremum {
                Extremum::Minimum => "llvm.minimum",
                Extremum::Maximum => "llvm.maximum",
            };
            // LLVM may return an operand as it is.
            let left = e.guard_operand(left.into())?;
            let right = e.guard_operand(right.into())?;
            e.call_vector(intrinsic, &[left, right])?
        }
    };
    e.push_vector(result)
}

/// Computes an extremum by comparisons that choose the second operand if both are equal or one is a NaN. The
/// two operand orders differ only in these cases. Their combined bits give the right zero; NaNs are inserted
/// at the end.
fn ordered_extremum<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    left: VectorValue<'ctx>,
    right: VectorValue<'ctx>,
    extremum: Extremum,
) -> Result<VectorValue<'ctx>> {
    let shape = left.get_type();
    let lane = shape.get_element_type();
    let (bits, nan) = if lane == e.types().f32.into() {
        (e.types().i32, u64::from(CANONICAL_NAN_F32))
    } else {
        (e.types().i64, CANONICAL_NAN_F64)
    };
    let bits = bits.vec_type(shape.get_size());
    let choose = |a, b| {
        let chosen = match extremum {
            Extremum::Minimum => e.lesser(a, b)?,
            Extremum::Maximum => e.greater(a, b)?,
        };
        let chosen = e.builder().build_bit_cast(chosen, bits, "")?;
        Ok::<_, EmitError>(chosen.into_vector_value())
    };
    let (one, other) = (choose(left, right)?, choose(right, left)?);
    let both = match extremum {
        Extremum::Minimum => e.builder().build_or(one, other, "")?,
        Extremum::Maximum => e.builder().build_and(one, other, "")?,
    };
    let is_nan = e
        .builder()
        .build_float_compare(FloatPredicate::UNO, left, right, "")?;
    e.select_vector(is_nan, splat_int(bits, nan), both)
}

const CANONICAL_NAN_F32: u32 = 0x7fc0_0000;
const CANONICAL_NAN_F64: u64 = 0x7ff8_0000_0000_0000;

/// `b < a ? b : a`: one of the operands, bit by bit.
fn pseudo_minimum<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, shape: VectorType<'ctx>) -> Result<()> {
    let (a, b) = e.pop_vectors(shape)?;
    let result = e.lesser(b, a)?;
    e.push_vector(result)
}

/// `a < b ? b : a`: one of the operands, bit by bit.
fn pseudo_maximum<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, shape: VectorType<'ctx>) -> Result<()> {
    let (a, b) = e.pop_vectors(shape)?;
    let result = e.greater(b, a)?;
    e.push_vector(result)
}

/// Emits a rounding. LLVM folds a rounding to its operand if it knows that the operand is whole.
fn rounding<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    intrinsic: &str,
) -> Result<()> {
    let value = e.pop_vector(shape)?;
    let value = e.guard_operand(value.into())?;
    let result = e.call_vector(intrinsic, &[value])?;
    e.push_vector(result)
}

fn neg<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, shape: VectorType<'ctx>) -> Result<()> {
    let value = e.pop_vector(shape)?;
    let result = e.builder().build_float_neg(value, "")?;
    e.push_vector(result)
}

//! Integer arithmetic that keeps the lanes' width (specification 4.3.5).

use inkwell::IntPredicate;
use inkwell::builder::Builder;
use inkwell::types::VectorType;
use inkwell::values::VectorValue;
use wasmparser::Operator;

use super::{
    BinaryInstruction, Emitter, Shapes, Signedness, binary, binary_intrinsic, splat_int,
    unary_intrinsic,
};
use crate::emit::error::Result;

/// Emits `operator` if it belongs to this group.
pub(super) fn emit<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    operator: &Operator<'_>,
    s: &Shapes<'ctx>,
) -> Result<bool> {
    use Operator as Op;
    match *operator {
        Op::I8x16Add => binary(e, s.i8x16, Builder::build_int_add)?,
        Op::I16x8Add => binary(e, s.i16x8, Builder::build_int_add)?,
        Op::I32x4Add => binary(e, s.i32x4, Builder::build_int_add)?,
        Op::I64x2Add => binary(e, s.i64x2, Builder::build_int_add)?,
        Op::I8x16Sub => binary(e, s.i8x16, Builder::build_int_sub)?,
        Op::I16x8Sub => binary(e, s.i16x8, Builder::build_int_sub)?,
        Op::I32x4Sub => binary(e, s.i32x4, Builder::build_int_sub)?,
        Op::I64x2Sub => binary(e, s.i64x2, Builder::build_int_sub)?,
        Op::I16x8Mul => binary(e, s.i16x8, Builder::build_int_mul)?,
        Op::I32x4Mul => binary(e, s.i32x4, Builder::build_int_mul)?,
        Op::I64x2Mul => binary(e, s.i64x2, Builder::build_int_mul)?,

        Op::I8x16AddSatS => binary_intrinsic(e, s.i8x16, "llvm.sadd.sat")?,
        Op::I8x16AddSatU => binary_intrinsic(e, s.i8x16, "llvm.uadd.sat")?,
        Op::I16x8AddSatS => binary_intrinsic(e, s.i16x8, "llvm.sadd.sat")?,
        Op::I16x8AddSatU => binary_intrinsic(e, s.i16x8, "llvm.uadd.sat")?,
        Op::I8x16SubSatS => binary_intrinsic(e, s.i8x16, "llvm.ssub.sat")?,
        Op::I8x16SubSatU => binary_intrinsic(e, s.i8x16, "llvm.usub.sat")?,
        Op::I16x8SubSatS => binary_intrinsic(e, s.i16x8, "llvm.ssub.sat")?,
        Op::I16x8SubSatU => binary_intrinsic(e, s.i16x8, "llvm.usub.sat")?,

        Op::I8x16MinS => binary_intrinsic(e, s.i8x16, "llvm.smin")?,
        Op::I8x16MinU => binary_intrinsic(e, s.i8x16, "llvm.umin")?,
        Op::I8x16MaxS => binary_intrinsic(e, s.i8x16, "llvm.smax")?,
        Op::I8x16MaxU => binary_intrinsic(e, s.i8x16, "llvm.umax")?,
        Op::I16x8MinS => binary_intrinsic(e, s.i16x8, "llvm.smin")?,
        Op::I16x8MinU => binary_intrinsic(e, s.i16x8, "llvm.umin")?,
        Op::I16x8MaxS => binary_intrinsic(e, s.i16x8, "llvm.smax")?,
        Op::I16x8MaxU => binary_intrinsic(e, s.i16x8, "llvm.umax")?,
        Op::I32x4MinS => binary_intrinsic(e, s.i32x4, "llvm.smin")?,
        Op::I32x4MinU => binary_intrinsic(e, s.i32x4, "llvm.umin")?,
        Op::I32x4MaxS => binary_intrinsic(e, s.i32x4, "llvm.smax")?,
        Op::I32x4MaxU => binary_intrinsic(e, s.i32x4, "llvm.umax")?,

        Op::I8x16Abs => abs(e, s.i8x16)?,
        Op::I16x8Abs => abs(e, s.i16x8)?,
        Op::I32x4Abs => abs(e, s.i32x4)?,
        Op::I64x2Abs => abs(e, s.i64x2)?,
        Op::I8x16Neg => neg(e, s.i8x16)?,
        Op::I16x8Neg => neg(e, s.i16x8)?,
        Op::I32x4Neg => neg(e, s.i32x4)?,
        Op::I64x2Neg => neg(e, s.i64x2)?,
        Op::I8x16Popcnt => unary_intrinsic(e, s.i8x16, "llvm.ctpop")?,

        Op::I8x16Shl => shift(e, s.i8x16, Builder::build_left_shift)?,
        Op::I16x8Shl => shift(e, s.i16x8, Builder::build_left_shift)?,
        Op::I32x4Shl => shift(e, s.i32x4, Builder::build_left_shift)?,
        Op::I64x2Shl => shift(e, s.i64x2, Builder::build_left_shift)?,
        Op::I8x16ShrS => shift(e, s.i8x16, shift_right_signed)?,
        Op::I16x8ShrS => shift(e, s.i16x8, shift_right_signed)?,
        Op::I32x4ShrS => shift(e, s.i32x4, shift_right_signed)?,
        Op::I64x2ShrS => shift(e, s.i64x2, shift_right_signed)?,
        Op::I8x16ShrU => shift(e, s.i8x16, shift_right_unsigned)?,
        Op::I16x8ShrU => shift(e, s.i16x8, shift_right_unsigned)?,
        Op::I32x4ShrU => shift(e, s.i32x4, shift_right_unsigned)?,
        Op::I64x2ShrU => shift(e, s.i64x2, shift_right_unsigned)?,

        Op::I8x16AvgrU => rounding_average(e, s.i8x16, e.types().i16.vec_type(16))?,
        Op::I16x8AvgrU => rounding_average(e, s.i16x8, e.types().i32.vec_type(8))?,
        Op::I16x8Q15MulrSatS => q15_multiply(e, s.i16x8, e.types().i32.vec_type(8))?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Returns the absolute value. The least value stays unchanged, so it must not become poison.
fn abs<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, shape: VectorType<'ctx>) -> Result<()> {
    let value = e.pop_vector(shape)?;
    let least_is_poison = e.types().i1.const_zero();
    let result = e.call_vector("llvm.abs", &[value.into(), least_is_poison.into()])?;
    e.push_vector(result)
}

fn neg<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, shape: VectorType<'ctx>) -> Result<()> {
    let value = e.pop_vector(shape)?;
    let result = e.builder().build_int_neg(value, "")?;
    e.push_vector(result)
}

fn shift_right_signed<'ctx>(
    builder: &Builder<'ctx>,
    value: VectorValue<'ctx>,
    distance: VectorValue<'ctx>,
    name: &str,
) -> std::result::Result<VectorValue<'ctx>, inkwell::builder::BuilderError> {
    builder.build_right_shift(value, distance, true, name)
}

fn shift_right_unsigned<'ctx>(
    builder: &Builder<'ctx>,
    value: VectorValue<'ctx>,
    distance: VectorValue<'ctx>,
    name: &str,
) -> std::result::Result<VectorValue<'ctx>, inkwell::builder::BuilderError> {
    builder.build_right_shift(value, distance, false, name)
}

/// Shifts all lanes by one scalar distance, which counts modulo the lanes' width.
fn shift<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    instruction: BinaryInstruction<'ctx>,
) -> Result<()> {
    let distance = e.pop_int();
    let value = e.pop_vector(shape)?;
    let lane = shape.get_element_type().into_int_type();
    let mask = e.i32_const(lane.get_bit_width() - 1);
    let distance = e.builder().build_and(distance, mask, "")?;
    let distance = e
        .builder()
        .build_int_cast_sign_flag(distance, lane, false, "")?;
    let distance = e.splat(shape, distance)?;
    let result = instruction(e.builder(), value, distance, "")?;
    e.push_vector(result)
}

/// Computes `(a + b + 1) / 2` in the lanes of `wide`, where nothing overflows.
fn rounding_average<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    wide: VectorType<'ctx>,
) -> Result<()> {
    let (left, right) = e.pop_vectors(shape)?;
    let left = e.extend(left, wide, Signedness::Unsigned)?;
    let right = e.extend(right, wide, Signedness::Unsigned)?;
    let one = splat_int(wide, 1);
    let sum = e.builder().build_int_nuw_add(left, right, "")?;
    let sum = e.builder().build_int_nuw_add(sum, one, "")?;
    let half = e.builder().build_right_shift(sum, one, false, "")?;
    let result = e.builder().build_int_truncate(half, shape, "")?;
    e.push_vector(result)
}

/// Multiplies fixed-point numbers with 15 fractional bits and rounds: `(a * b + 0x4000) >> 15`.
///
/// Emitted as shift by 14, add 1, shift by 1, as processors do it. Only -1 times -1 does not fit: its result
/// is the least value and must become the greatest.
pub(super) fn q15_multiply<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    wide: VectorType<'ctx>,
) -> Result<()> {
    let (left, right) = e.pop_vectors(shape)?;
    let left = e.extend(left, wide, Signedness::Signed)?;
    let right = e.extend(right, wide, Signedness::Signed)?;
    let product = e.builder().build_int_mul(left, right, "")?;
    let product = e
        .builder()
        .build_right_shift(product, splat_int(wide, 14), false, "")?;
    let one = splat_int(wide, 1);
    let product = e.builder().build_int_add(product, one, "")?;
    let product = e.builder().build_right_shift(product, one, false, "")?;
    let product = e.builder().build_int_truncate(product, shape, "")?;
    let least = splat_int(shape, 0x8000);
    let overflow = e
        .builder()
        .build_int_compare(IntPredicate::EQ, product, least, "")?;
    let flip = e.builder().build_int_s_extend(overflow, shape, "")?;
    let result = e.builder().build_xor(product, flip, "")?;
    e.push_vector(result)
}

//! Integer operations between lanes of different width: extend, extended multiply, pairwise sums,
//! dot product, narrow (specification 4.3.5).

use inkwell::types::VectorType;
use inkwell::values::VectorValue;
use wasmparser::Operator;

use super::{Emitter, Shapes, Signedness, splat_int};
use crate::emit::error::Result;

/// Emits `operator` if it belongs to this group.
pub(super) fn emit<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    operator: &Operator<'_>,
    s: &Shapes<'ctx>,
) -> Result<bool> {
    use Half::{High, Low};
    use Operator as Op;
    use Signedness::{Signed, Unsigned};
    match *operator {
        Op::I16x8ExtendLowI8x16S => extend(e, s.i8x16, s.i16x8, Low, Signed)?,
        Op::I16x8ExtendHighI8x16S => extend(e, s.i8x16, s.i16x8, High, Signed)?,
        Op::I16x8ExtendLowI8x16U => extend(e, s.i8x16, s.i16x8, Low, Unsigned)?,
        Op::I16x8ExtendHighI8x16U => extend(e, s.i8x16, s.i16x8, High, Unsigned)?,
        Op::I32x4ExtendLowI16x8S => extend(e, s.i16x8, s.i32x4, Low, Signed)?,
        Op::I32x4ExtendHighI16x8S => extend(e, s.i16x8, s.i32x4, High, Signed)?,
        Op::I32x4ExtendLowI16x8U => extend(e, s.i16x8, s.i32x4, Low, Unsigned)?,
        Op::I32x4ExtendHighI16x8U => extend(e, s.i16x8, s.i32x4, High, Unsigned)?,
        Op::I64x2ExtendLowI32x4S => extend(e, s.i32x4, s.i64x2, Low, Signed)?,
        Op::I64x2ExtendHighI32x4S => extend(e, s.i32x4, s.i64x2, High, Signed)?,
        Op::I64x2ExtendLowI32x4U => extend(e, s.i32x4, s.i64x2, Low, Unsigned)?,
        Op::I64x2ExtendHighI32x4U => extend(e, s.i32x4, s.i64x2, High, Unsigned)?,

        Op::I16x8ExtMulLowI8x16S => multiply(e, s.i8x16, s.i16x8, Low, Signed)?,
        Op::I16x8ExtMulHighI8x16S => multiply(e, s.i8x16, s.i16x8, High, Signed)?,
        Op::I16x8ExtMulLowI8x16U => multiply(e, s.i8x16, s.i16x8, Low, Unsigned)?,
        Op::I16x8ExtMulHighI8x16U => multiply(e, s.i8x16, s.i16x8, High, Unsigned)?,
        Op::I32x4ExtMulLowI16x8S => multiply(e, s.i16x8, s.i32x4, Low, Signed)?,
        Op::I32x4ExtMulHighI16x8S => multiply(e, s.i16x8, s.i32x4, High, Signed)?,
        Op::I32x4ExtMulLowI16x8U => multiply(e, s.i16x8, s.i32x4, Low, Unsigned)?,
        Op::I32x4ExtMulHighI16x8U => multiply(e, s.i16x8, s.i32x4, High, Unsigned)?,
        Op::I64x2ExtMulLowI32x4S => multiply(e, s.i32x4, s.i64x2, Low, Signed)?,
        Op::I64x2ExtMulHighI32x4S => multiply(e, s.i32x4, s.i64x2, High, Signed)?,
        Op::I64x2ExtMulLowI32x4U => multiply(e, s.i32x4, s.i64x2, Low, Unsigned)?,
        Op::I64x2ExtMulHighI32x4U => multiply(e, s.i32x4, s.i64x2, High, Unsigned)?,

        Op::I16x8ExtAddPairwiseI8x16S => add_pairs(e, s.i8x16, s.i16x8, Signed)?,
        Op::I16x8ExtAddPairwiseI8x16U => add_pairs(e, s.i8x16, s.i16x8, Unsigned)?,
        Op::I32x4ExtAddPairwiseI16x8S => add_pairs(e, s.i16x8, s.i32x4, Signed)?,
        Op::I32x4ExtAddPairwiseI16x8U => add_pairs(e, s.i16x8, s.i32x4, Unsigned)?,
        Op::I32x4DotI16x8S => dot(e, s.i16x8, e.types().i32.vec_type(8))?,

        Op::I8x16NarrowI16x8S => narrow(e, s.i16x8, s.i8x16, Signed)?,
        Op::I8x16NarrowI16x8U => narrow(e, s.i16x8, s.i8x16, Unsigned)?,
        Op::I16x8NarrowI32x4S => narrow(e, s.i32x4, s.i16x8, Signed)?,
        Op::I16x8NarrowI32x4U => narrow(e, s.i32x4, s.i16x8, Unsigned)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// The half of the lanes that an instruction reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Low,
    High,
}

/// Pops a vector of shape `from`; returns its lower or upper lanes as lanes of `to`.
fn pop_half<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    from: VectorType<'ctx>,
    to: VectorType<'ctx>,
    half: Half,
    signedness: Signedness,
) -> Result<VectorValue<'ctx>> {
    let value = e.pop_vector(from)?;
    let count = to.get_size();
    let first = match half {
        Half::Low => 0,
        Half::High => count,
    };
    let value = e.pick(value, from.get_poison(), first..first + count)?;
    e.extend(value, to, signedness)
}

fn extend<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    from: VectorType<'ctx>,
    to: VectorType<'ctx>,
    half: Half,
    signedness: Signedness,
) -> Result<()> {
    let result = pop_half(e, from, to, half, signedness)?;
    e.push_vector(result)
}

fn multiply<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    from: VectorType<'ctx>,
    to: VectorType<'ctx>,
    half: Half,
    signedness: Signedness,
) -> Result<()> {
    let right = pop_half(e, from, to, half, signedness)?;
    let left = pop_half(e, from, to, half, signedness)?;
    let result = e.builder().build_int_mul(left, right, "")?;
    e.push_vector(result)
}

/// Returns the sums of neighbouring lanes, half as many as `value` has.
fn pairwise_sum<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    value: VectorValue<'ctx>,
) -> Result<VectorValue<'ctx>> {
    let count = value.get_type().get_size();
    let poison = value.get_type().get_poison();
    let even = e.pick(value, poison, (0..count).step_by(2))?;
    let odd = e.pick(value, poison, (1..count).step_by(2))?;
    Ok(e.builder().build_int_add(even, odd, "")?)
}

fn add_pairs<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    from: VectorType<'ctx>,
    to: VectorType<'ctx>,
    signedness: Signedness,
) -> Result<()> {
    let value = e.pop_vector(from)?;
    let count = from.get_size();
    let poison = from.get_poison();
    let even = e.pick(value, poison, (0..count).step_by(2))?;
    let even = e.extend(even, to, signedness)?;
    let odd = e.pick(value, poison, (1..count).step_by(2))?;
    let odd = e.extend(odd, to, signedness)?;
    let result = e.builder().build_int_add(even, odd, "")?;
    e.push_vector(result)
}

/// Returns the sums of the products of neighbouring lanes. Only the sum can overflow, and then wraps.
fn dot<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    wide: VectorType<'ctx>,
) -> Result<()> {
    let (left, right) = e.pop_vectors(shape)?;
    let left = e.extend(left, wide, Signedness::Signed)?;
    let right = e.extend(right, wide, Signedness::Signed)?;
    let products = e.builder().build_int_nsw_mul(left, right, "")?;
    let result = pairwise_sum(e, products)?;
    e.push_vector(result)
}

/// Clamps the signed lanes of two vectors to the range of the lanes of `to`, signed or unsigned.
fn narrow<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    from: VectorType<'ctx>,
    to: VectorType<'ctx>,
    signedness: Signedness,
) -> Result<()> {
    let (left, right) = e.pop_vectors(from)?;
    let wide = e.pick(left, right, 0..to.get_size())?;
    let bits = to.get_element_type().into_int_type().get_bit_width();
    let (least, greatest) = match signedness {
        Signedness::Signed => (-1_i64 << (bits - 1), (1 << (bits - 1)) - 1),
        Signedness::Unsigned => (0, (1 << bits) - 1),
    };
    // LLVM takes the low bits of the constant, so a negative one comes out right.
    let bound = |value: i64| splat_int(wide.get_type(), value as u64);
    let wide = e.call_vector("llvm.smax", &[wide.into(), bound(least).into()])?;
    let wide = e.call_vector("llvm.smin", &[wide.into(), bound(greatest).into()])?;
    let result = e.builder().build_int_truncate(wide, to, "")?;
    e.push_vector(result)
}

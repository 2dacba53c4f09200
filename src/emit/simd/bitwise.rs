//! Operations on all 128 bits, and tests with an `i32` result: any_true, all_true, bitmask.

use std::num::NonZeroU32;

use inkwell::IntPredicate;
use inkwell::builder::Builder;
use inkwell::types::VectorType;
use wasmparser::Operator;

use super::{Emitter, Shapes, binary};
use crate::emit::error::Result;

/// Emits `operator` if it belongs to this group.
pub(super) fn emit<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    operator: &Operator<'_>,
    s: &Shapes<'ctx>,
) -> Result<bool> {
    use Operator as Op;
    match *operator {
        Op::V128Not => {
            let value = e.pop_vector(s.i64x2)?;
            let result = e.builder().build_not(value, "")?;
            e.push_vector(result)?;
        }
        Op::V128And => binary(e, s.i64x2, Builder::build_and)?,
        Op::V128AndNot => {
            let (left, right) = e.pop_vectors(s.i64x2)?;
            let right = e.builder().build_not(right, "")?;
            let result = e.builder().build_and(left, right, "")?;
            e.push_vector(result)?;
        }
        Op::V128Or => binary(e, s.i64x2, Builder::build_or)?,
        Op::V128Xor => binary(e, s.i64x2, Builder::build_xor)?,
        Op::V128Bitselect => bitselect(e, s)?,

        Op::V128AnyTrue => any_true(e)?,
        Op::I8x16AllTrue => all_true(e, s.i8x16)?,
        Op::I16x8AllTrue => all_true(e, s.i16x8)?,
        Op::I32x4AllTrue => all_true(e, s.i32x4)?,
        Op::I64x2AllTrue => all_true(e, s.i64x2)?,

        Op::I8x16Bitmask => bitmask(e, s.i8x16)?,
        Op::I16x8Bitmask => bitmask(e, s.i16x8)?,
        Op::I32x4Bitmask => bitmask(e, s.i32x4)?,
        Op::I64x2Bitmask => bitmask(e, s.i64x2)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Selects bits of the first operand where the mask is one, of the second where it is zero.
pub(super) fn bitselect<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, s: &Shapes<'ctx>) -> Result<()> {
    let mask = e.pop_vector(s.i64x2)?;
    let (ones, zeros) = e.pop_vectors(s.i64x2)?;
    let inverse = e.builder().build_not(mask, "")?;
    let ones = e.builder().build_and(ones, mask, "")?;
    let zeros = e.builder().build_and(zeros, inverse, "")?;
    let result = e.builder().build_or(ones, zeros, "")?;
    e.push_vector(result)
}

fn any_true(e: &mut Emitter) -> Result<()> {
    let value = e.pop();
    let bits = e.builder().build_bit_cast(value, e.types().i128, "")?;
    let zero = e.types().i128.const_zero();
    let result =
        e.builder()
            .build_int_compare(IntPredicate::NE, bits.into_int_value(), zero, "")?;
    e.push_bool(result)
}

fn all_true<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, shape: VectorType<'ctx>) -> Result<()> {
    let value = e.pop_vector(shape)?;
    let lanes = e
        .builder()
        .build_int_compare(IntPredicate::NE, value, shape.const_zero(), "")?;
    let result = e.call_intrinsic(
        "llvm.vector.reduce.and",
        &[lanes.get_type().into()],
        &[lanes.into()],
    )?;
    e.push_bool(result.into_int_value())
}

/// Returns the sign of lane `n` as bit `n`. The cast from lanes to bits makes the first lane the lowest bit,
/// which is correct on little-endian targets.
fn bitmask<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, shape: VectorType<'ctx>) -> Result<()> {
    let value = e.pop_vector(shape)?;
    let signs = e
        .builder()
        .build_int_compare(IntPredicate::SLT, value, shape.const_zero(), "")?;
    let width = NonZeroU32::new(shape.get_size()).expect("a shape has lanes");
    let bits = e.types().context.custom_width_int_type(width);
    let bits = bits.expect("LLVM has integers of 2 to 16 bits");
    let bits = e.builder().build_bit_cast(signs, bits, "")?;
    e.push_bool(bits.into_int_value())
}

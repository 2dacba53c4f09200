//! Lane-wise comparisons: all ones if the comparison holds, zero otherwise (specification 4.3.5).

use inkwell::types::VectorType;
use inkwell::{FloatPredicate, IntPredicate};
use wasmparser::Operator;

use super::{Emitter, Shapes};
use crate::emit::error::Result;

/// Emits `operator` if it belongs to this group.
pub(super) fn emit<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    operator: &Operator<'_>,
    s: &Shapes<'ctx>,
) -> Result<bool> {
    use FloatPredicate::{OEQ, OGE, OGT, OLE, OLT, UNE};
    use IntPredicate::{EQ, NE, SGE, SGT, SLE, SLT, UGE, UGT, ULE, ULT};
    use Operator as Op;
    match *operator {
        Op::I8x16Eq => ints(e, s.i8x16, EQ)?,
        Op::I8x16Ne => ints(e, s.i8x16, NE)?,
        Op::I8x16LtS => ints(e, s.i8x16, SLT)?,
        Op::I8x16LtU => ints(e, s.i8x16, ULT)?,
        Op::I8x16GtS => ints(e, s.i8x16, SGT)?,
        Op::I8x16GtU => ints(e, s.i8x16, UGT)?,
        Op::I8x16LeS => ints(e, s.i8x16, SLE)?,
        Op::I8x16LeU => ints(e, s.i8x16, ULE)?,
        Op::I8x16GeS => ints(e, s.i8x16, SGE)?,
        Op::I8x16GeU => ints(e, s.i8x16, UGE)?,

        Op::I16x8Eq => ints(e, s.i16x8, EQ)?,
        Op::I16x8Ne => ints(e, s.i16x8, NE)?,
        Op::I16x8LtS => ints(e, s.i16x8, SLT)?,
        Op::I16x8LtU => ints(e, s.i16x8, ULT)?,
        Op::I16x8GtS => ints(e, s.i16x8, SGT)?,
        Op::I16x8GtU => ints(e, s.i16x8, UGT)?,
        Op::I16x8LeS => ints(e, s.i16x8, SLE)?,
        Op::I16x8LeU => ints(e, s.i16x8, ULE)?,
        Op::I16x8GeS => ints(e, s.i16x8, SGE)?,
        Op::I16x8GeU => ints(e, s.i16x8, UGE)?,

        Op::I32x4Eq => ints(e, s.i32x4, EQ)?,
        Op::I32x4Ne => ints(e, s.i32x4, NE)?,
        Op::I32x4LtS => ints(e, s.i32x4, SLT)?,
        Op::I32x4LtU => ints(e, s.i32x4, ULT)?,
        Op::I32x4GtS => ints(e, s.i32x4, SGT)?,
        Op::I32x4GtU => ints(e, s.i32x4, UGT)?,
        Op::I32x4LeS => ints(e, s.i32x4, SLE)?,
        Op::I32x4LeU => ints(e, s.i32x4, ULE)?,
        Op::I32x4GeS => ints(e, s.i32x4, SGE)?,
        Op::I32x4GeU => ints(e, s.i32x4, UGE)?,

        Op::I64x2Eq => ints(e, s.i64x2, EQ)?,
        Op::I64x2Ne => ints(e, s.i64x2, NE)?,
        Op::I64x2LtS => ints(e, s.i64x2, SLT)?,
        Op::I64x2GtS => ints(e, s.i64x2, SGT)?,
        Op::I64x2LeS => ints(e, s.i64x2, SLE)?,
        Op::I64x2GeS => ints(e, s.i64x2, SGE)?,

        Op::F32x4Eq => floats(e, s.f32x4, s.i32x4, OEQ)?,
        Op::F32x4Ne => floats(e, s.f32x4, s.i32x4, UNE)?,
        Op::F32x4Lt => floats(e, s.f32x4, s.i32x4, OLT)?,
        Op::F32x4Gt => floats(e, s.f32x4, s.i32x4, OGT)?,
        Op::F32x4Le => floats(e, s.f32x4, s.i32x4, OLE)?,
        Op::F32x4Ge => floats(e, s.f32x4, s.i32x4, OGE)?,

        Op::F64x2Eq => floats(e, s.f64x2, s.i64x2, OEQ)?,
        Op::F64x2Ne => floats(e, s.f64x2, s.i64x2, UNE)?,
        Op::F64x2Lt => floats(e, s.f64x2, s.i64x2, OLT)?,
        Op::F64x2Gt => floats(e, s.f64x2, s.i64x2, OGT)?,
        Op::F64x2Le => floats(e, s.f64x2, s.i64x2, OLE)?,
        Op::F64x2Ge => floats(e, s.f64x2, s.i64x2, OGE)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn ints<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    predicate: IntPredicate,
) -> Result<()> {
    let (left, right) = e.pop_vectors(shape)?;
    let holds = e.builder().build_int_compare(predicate, left, right, "")?;
    let result = e.builder().build_int_s_extend(holds, shape, "")?;
    e.push_vector(result)
}

/// Compares floats. The result has integer lanes of the same width: `mask`.
fn floats<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    mask: VectorType<'ctx>,
    predicate: FloatPredicate,
) -> Result<()> {
    let (left, right) = e.pop_vectors(shape)?;
    let holds = e
        .builder()
        .build_float_compare(predicate, left, right, "")?;
    let result = e.builder().build_int_s_extend(holds, mask, "")?;
    e.push_vector(result)
}

//! Relaxed SIMD (specification 4.3.6): operators with several allowed results. The plan has chosen the results.
//!
//! Nothing here may leave a result to LLVM, which could then fold an operator to another result than the one
//! that the processor computes. Conversions out of range would be poison, so x86's go through intrinsics.

use inkwell::IntPredicate;
use inkwell::types::VectorType;
use inkwell::values::VectorValue;
use wasmparser::Operator;

use super::convert::{pop_saturated, push_zero_extended};
use super::float::{Extremum, minimum_maximum};
use super::integer::q15_multiply;
use super::{Emitter, Shapes, Signedness, bitwise, splat_float, splat_int, swizzle};
use crate::emit::error::Result;
use crate::plan::relaxed::{
    Dot, LaneSelect, MultiplyAdd, Q15, RelaxedExtremum, Swizzle, Truncation,
};
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
        Op::I8x16RelaxedSwizzle => select_bytes(e, s)?,

        Op::I32x4RelaxedTruncF32x4S => truncate(e, s, s.f32x4, Signed)?,
        Op::I32x4RelaxedTruncF32x4U => truncate(e, s, s.f32x4, Unsigned)?,
        Op::I32x4RelaxedTruncF64x2SZero => truncate(e, s, s.f64x2, Signed)?,
        Op::I32x4RelaxedTruncF64x2UZero => truncate(e, s, s.f64x2, Unsigned)?,

        Op::F32x4RelaxedMadd => multiply_add(e, s.f32x4, Sign::Kept)?,
        Op::F64x2RelaxedMadd => multiply_add(e, s.f64x2, Sign::Kept)?,
        Op::F32x4RelaxedNmadd => multiply_add(e, s.f32x4, Sign::Negated)?,
        Op::F64x2RelaxedNmadd => multiply_add(e, s.f64x2, Sign::Negated)?,

        Op::I8x16RelaxedLaneselect => select_lanes(e, s, s.i8x16)?,
        Op::I16x8RelaxedLaneselect => select_lanes(e, s, s.i16x8)?,
        Op::I32x4RelaxedLaneselect => select_lanes(e, s, s.i32x4)?,
        Op::I64x2RelaxedLaneselect => select_lanes(e, s, s.i64x2)?,

        Op::F32x4RelaxedMin => extremum(e, s.f32x4, Extremum::Minimum)?,
        Op::F64x2RelaxedMin => extremum(e, s.f64x2, Extremum::Minimum)?,
        Op::F32x4RelaxedMax => extremum(e, s.f32x4, Extremum::Maximum)?,
        Op::F64x2RelaxedMax => extremum(e, s.f64x2, Extremum::Maximum)?,

        Op::I16x8RelaxedQ15mulrS => multiply_q15(e, s)?,

        Op::I16x8RelaxedDotI8x16I7x16S => {
            let result = dot(e, s)?;
            e.push_vector(result)?;
        }
        Op::I32x4RelaxedDotI8x16I7x16AddS => add_dot(e, s)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn select_bytes<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, s: &Shapes<'ctx>) -> Result<()> {
    match e.plan().relaxed.swizzle {
        Swizzle::Zero => swizzle::emit(e, s),
        Swizzle::LowBits => {
            let (bytes, indexes) = e.pop_vectors(s.i8x16)?;
            let result = call(e, "llvm.x86.ssse3.pshuf.b.128", &[bytes, indexes])?;
            e.push_vector(result)
        }
    }
}

/// Truncates floats of `shape` to four 32-bit integers; two lanes of zero stand above two floats.
fn truncate<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    s: &Shapes<'ctx>,
    shape: VectorType<'ctx>,
    signedness: Signedness,
) -> Result<()> {
    let truncation = e.plan().relaxed.truncation;
    if truncation == Truncation::Saturated {
        let result = pop_saturated(e, shape, signedness)?;
        return if shape == s.f32x4 {
            e.push_vector(result)
        } else {
            push_zero_extended(e, result)
        };
    }
    let value = e.pop_vector(shape)?;
    let signed = |value| {
        let instruction = match shape == s.f32x4 {
            true => "llvm.x86.sse2.cvttps2dq",
            false => "llvm.x86.sse2.cvttpd2dq",
        };
        call(e, instruction, &[value])
    };
    let result = match (signedness, truncation) {
        (Signedness::Signed, _) => signed(value)?,
        (Signedness::Unsigned, Truncation::Hardware) => {
            let (instruction, lanes) = match shape == s.f32x4 {
                true => ("llvm.x86.avx512.mask.cvttps2udq.128", 0xf),
                false => ("llvm.x86.avx512.mask.cvttpd2udq.128", 0x3),
            };
            let all = e.types().i8.const_int(lanes, false);
            let none = s.i32x4.const_zero();
            let arguments = [value.into(), none.into(), all.into()];
            e.call_intrinsic(instruction, &[], &arguments)?
                .into_vector_value()
        }
        (Signedness::Unsigned, _) => {
            // Below 2^31 the first conversion is right. From there on it gives only the highest bit, and the
            // second gives the others.
            let small = signed(value)?;
            let half = splat_float(shape, 2_147_483_648.0);
            let rest = e.builder().build_float_sub(value, half, "")?;
            let rest = signed(rest)?;
            let sign = splat_int(s.i32x4, 31);
            let great = e.builder().build_right_shift(small, sign, true, "")?;
            let rest = e.builder().build_and(rest, great, "")?;
            e.builder().build_or(small, rest, "")?
        }
    };
    e.push_vector(result)
}

/// Whether the product is negated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Kept,
    Negated,
}

fn multiply_add<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    sign: Sign,
) -> Result<()> {
    let addend = e.pop_vector(shape)?;
    let (mut left, right) = e.pop_vectors(shape)?;
    if sign == Sign::Negated {
        left = e.builder().build_float_neg(left, "")?;
    }
    let (left, right) = e.guard_operands(left.into(), right.into())?;
    let addend = e.guard_operand(addend.into())?;
    let result = match e.plan().relaxed.multiply_add {
        MultiplyAdd::Fused => e.call_vector("llvm.fma", &[left, right, addend])?,
        MultiplyAdd::Separate => {
            let (left, right) = (left.into_vector_value(), right.into_vector_value());
            let product = e.builder().build_float_mul(left, right, "")?;
            e.builder()
                .build_float_add(product, addend.into_vector_value(), "")?
        }
    };
    e.push_vector(result)
}

fn select_lanes<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    s: &Shapes<'ctx>,
    shape: VectorType<'ctx>,
) -> Result<()> {
    match e.plan().relaxed.lane_select {
        LaneSelect::Bits => bitwise::bitselect(e, s),
        LaneSelect::Sign => {
            let mask = e.pop_vector(shape)?;
            let (then, otherwise) = e.pop_vectors(shape)?;
            let zero = shape.const_zero();
            let negative = e
                .builder()
                .build_int_compare(IntPredicate::SLT, mask, zero, "")?;
            let result = e.select_vector(negative, then, otherwise)?;
            e.push_vector(result)
        }
    }
}

fn extremum<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    shape: VectorType<'ctx>,
    extremum: Extremum,
) -> Result<()> {
    match e.plan().relaxed.extremum {
        RelaxedExtremum::Exact => minimum_maximum(e, shape, extremum),
        RelaxedExtremum::Second => {
            let (left, right) = e.pop_vectors(shape)?;
            let result = match extremum {
                Extremum::Minimum => e.lesser(left, right)?,
                Extremum::Maximum => e.greater(left, right)?,
            };
            e.push_vector(result)
        }
    }
}

fn multiply_q15<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, s: &Shapes<'ctx>) -> Result<()> {
    let vectors = e.plan().target.facts.vectors;
    let (left, right) = match (e.plan().relaxed.q15, vectors) {
        (Q15::Wrapped, _) | (Q15::Saturated, VectorUnit::Aarch64) => e.pop_vectors(s.i16x8)?,
        (Q15::Saturated, _) => return q15_multiply(e, s.i16x8, e.types().i32.vec_type(8)),
    };
    let result = if vectors == VectorUnit::Aarch64 {
        e.call_vector("llvm.aarch64.neon.sqrdmulh", &[left.into(), right.into()])?
    } else {
        call(e, "llvm.x86.ssse3.pmul.hr.sw.128", &[left, right])?
    };
    e.push_vector(result)
}

/// Pops two vectors of bytes; returns the saturated sums of the products of neighbouring bytes.
fn dot<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, s: &Shapes<'ctx>) -> Result<VectorValue<'ctx>> {
    let (left, right) = e.pop_vectors(s.i8x16)?;
    match e.plan().relaxed.dot {
        // The instruction takes the unsigned operand first.
        Dot::Unsigned => call(e, "llvm.x86.ssse3.pmadd.ub.sw.128", &[right, left]),
        Dot::Signed => {
            let wide = e.types().i16.vec_type(16);
            let left = e.extend(left, wide, Signedness::Signed)?;
            let right = e.extend(right, wide, Signedness::Signed)?;
            // -128 times -128 fits.
            let products = e.builder().build_int_nsw_mul(left, right, "")?;
            let (even, odd) = neighbours(e, products)?;
            e.call_vector("llvm.sadd.sat", &[even.into(), odd.into()])
        }
    }
}

/// Adds the sums of neighbouring results of [`dot`] to the third operand.
fn add_dot<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, s: &Shapes<'ctx>) -> Result<()> {
    let addend = e.pop_vector(s.i32x4)?;
    let dot = dot(e, s)?;
    let sums = match e.plan().relaxed.dot {
        Dot::Unsigned => call(e, "llvm.x86.sse2.pmadd.wd", &[dot, splat_int(s.i16x8, 1)])?,
        Dot::Signed => {
            let (even, odd) = neighbours(e, dot)?;
            let even = e.extend(even, s.i32x4, Signedness::Signed)?;
            let odd = e.extend(odd, s.i32x4, Signedness::Signed)?;
            e.builder().build_int_add(even, odd, "")?
        }
    };
    let result = e.builder().build_int_add(sums, addend, "")?;
    e.push_vector(result)
}

/// Returns the even and the odd lanes.
fn neighbours<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    value: VectorValue<'ctx>,
) -> Result<(VectorValue<'ctx>, VectorValue<'ctx>)> {
    let count = value.get_type().get_size();
    let poison = value.get_type().get_poison();
    let even = e.pick(value, poison, (0..count).step_by(2))?;
    let odd = e.pick(value, poison, (1..count).step_by(2))?;
    Ok((even, odd))
}

/// Calls an instruction of x86.
fn call<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    instruction: &str,
    operands: &[VectorValue<'ctx>],
) -> Result<VectorValue<'ctx>> {
    let operands: Vec<_> = operands.iter().map(|&operand| operand.into()).collect();
    let result = e.call_intrinsic(instruction, &[], &operands)?;
    Ok(result.into_vector_value())
}

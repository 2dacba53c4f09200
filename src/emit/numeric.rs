//! Constants, integer and floating-point arithmetic and comparisons (specification 4.3, 4.4.1).

use inkwell::values::{BasicValue, BasicValueEnum, FloatValue, InstructionOpcode, IntValue};
use inkwell::{FloatPredicate, IntPredicate};
use wasmparser::Operator;

use super::error::Result;
use super::function::FunctionEmitter;
use crate::abi::Exception;

type Emitter<'p, 'ctx, 'e, 'w> = FunctionEmitter<'p, 'ctx, 'e, 'w>;

/// Emits `operator` if it belongs to this group.
pub(super) fn emit(e: &mut Emitter, operator: &Operator<'_>) -> Result<bool> {
    use FloatPredicate::{OEQ, OGE, OGT, OLE, OLT, UNE};
    use IntPredicate::{EQ, NE, SGE, SGT, SLE, SLT, UGE, UGT, ULE, ULT};
    use Operator as Op;
    match *operator {
        Op::I32Const { value } => {
            let value = e.i32_const(value as u32);
            e.push(value);
        }
        Op::I64Const { value } => {
            let value = e.types().i64.const_int(value as u64, false);
            e.push(value);
        }
        Op::F32Const { value } => {
            let bits = e.i32_const(value.bits());
            let value = e.builder().build_bit_cast(bits, e.types().f32, "")?;
            e.push(value);
        }
        Op::F64Const { value } => {
            let bits = e.types().i64.const_int(value.bits(), false);
            let value = e.builder().build_bit_cast(bits, e.types().f64, "")?;
            e.push(value);
        }

        Op::I32Eqz | Op::I64Eqz => {
            let value = e.pop_int();
            let result = match e.comparison(value) {
                Some(condition) => e.builder().build_not(condition, "")?,
                None => {
                    let zero = value.get_type().const_zero();
                    e.builder().build_int_compare(EQ, value, zero, "")?
                }
            };
            e.push_bool(result)?;
        }
        Op::I32Eq | Op::I64Eq => compare(e, EQ)?,
        Op::I32Ne | Op::I64Ne => compare(e, NE)?,
        Op::I32LtS | Op::I64LtS => compare(e, SLT)?,
        Op::I32LtU | Op::I64LtU => compare(e, ULT)?,
        Op::I32GtS | Op::I64GtS => compare(e, SGT)?,
        Op::I32GtU | Op::I64GtU => compare(e, UGT)?,
        Op::I32LeS | Op::I64LeS => compare(e, SLE)?,
        Op::I32LeU | Op::I64LeU => compare(e, ULE)?,
        Op::I32GeS | Op::I64GeS => compare(e, SGE)?,
        Op::I32GeU | Op::I64GeU => compare(e, UGE)?,

        Op::F32Eq | Op::F64Eq => compare_floats(e, OEQ)?,
        Op::F32Ne | Op::F64Ne => compare_floats(e, UNE)?,
        Op::F32Lt | Op::F64Lt => compare_floats(e, OLT)?,
        Op::F32Gt | Op::F64Gt => compare_floats(e, OGT)?,
        Op::F32Le | Op::F64Le => compare_floats(e, OLE)?,
        Op::F32Ge | Op::F64Ge => compare_floats(e, OGE)?,

        Op::I32Clz | Op::I64Clz => count_zeros(e, "llvm.ctlz")?,
        Op::I32Ctz | Op::I64Ctz => count_zeros(e, "llvm.cttz")?,
        Op::I32Popcnt | Op::I64Popcnt => {
            let value = e.pop();
            let result = e.call_intrinsic("llvm.ctpop", &[value.get_type()], &[value])?;
            e.push(result);
        }

        Op::I32Add | Op::I64Add => binary(e, |e, a, b| Ok(e.builder().build_int_add(a, b, "")?))?,
        Op::I32Sub | Op::I64Sub => binary(e, |e, a, b| Ok(e.builder().build_int_sub(a, b, "")?))?,
        Op::I32Mul | Op::I64Mul => binary(e, |e, a, b| Ok(e.builder().build_int_mul(a, b, "")?))?,
        Op::I32And | Op::I64And => binary(e, |e, a, b| Ok(e.builder().build_and(a, b, "")?))?,
        Op::I32Or | Op::I64Or => binary(e, |e, a, b| Ok(e.builder().build_or(a, b, "")?))?,
        Op::I32Xor | Op::I64Xor => binary(e, |e, a, b| Ok(e.builder().build_xor(a, b, "")?))?,
        Op::I32Shl | Op::I64Shl => {
            shift(e, |e, a, b| Ok(e.builder().build_left_shift(a, b, "")?))?;
        }
        Op::I32ShrS | Op::I64ShrS => {
            shift(e, |e, a, b| {
                Ok(e.builder().build_right_shift(a, b, true, "")?)
            })?;
        }
        Op::I32ShrU | Op::I64ShrU => {
            shift(e, |e, a, b| {
                Ok(e.builder().build_right_shift(a, b, false, "")?)
            })?;
        }
        Op::I32Rotl | Op::I64Rotl => rotate(e, "llvm.fshl")?,
        Op::I32Rotr | Op::I64Rotr => rotate(e, "llvm.fshr")?,

        Op::I64Add128 => wide_sum(e, |e, a, b| Ok(e.builder().build_int_add(a, b, "")?))?,
        Op::I64Sub128 => wide_sum(e, |e, a, b| Ok(e.builder().build_int_sub(a, b, "")?))?,
        Op::I64MulWideS => wide_product(e, |e, value| {
            Ok(e.builder().build_int_s_extend(value, e.types().i128, "")?)
        })?,
        Op::I64MulWideU => wide_product(e, |e, value| {
            Ok(e.builder().build_int_z_extend(value, e.types().i128, "")?)
        })?,

        Op::I32DivS | Op::I64DivS => divide_signed(e)?,
        Op::I32DivU | Op::I64DivU => divide_unsigned(e)?,
        Op::I32RemS | Op::I64RemS => remainder_signed(e)?,
        Op::I32RemU | Op::I64RemU => remainder_unsigned(e)?,

        Op::F32Abs | Op::F64Abs => unary_float(e, "llvm.fabs")?,
        Op::F32Neg | Op::F64Neg => {
            let value = e.pop_float();
            let result = e.builder().build_float_neg(value, "")?;
            e.push(result);
        }
        Op::F32Ceil | Op::F64Ceil => rounding(e, "llvm.ceil")?,
        Op::F32Floor | Op::F64Floor => rounding(e, "llvm.floor")?,
        Op::F32Trunc | Op::F64Trunc => rounding(e, "llvm.trunc")?,
        // Without trapping, `rint` is "to nearest, ties to even"; the runtime has it by name.
        Op::F32Nearest | Op::F64Nearest => rounding(e, "llvm.rint")?,
        Op::F32Sqrt | Op::F64Sqrt => unary_float(e, "llvm.sqrt")?,
        Op::F32Add | Op::F64Add => {
            binary_float(e, |e, a, b| Ok(e.builder().build_float_add(a, b, "")?))?;
        }
        Op::F32Sub | Op::F64Sub => {
            binary_float(e, |e, a, b| Ok(e.builder().build_float_sub(a, b, "")?))?;
        }
        Op::F32Mul | Op::F64Mul => {
            binary_float(e, |e, a, b| Ok(e.builder().build_float_mul(a, b, "")?))?;
        }
        Op::F32Div | Op::F64Div => {
            binary_float(e, |e, a, b| Ok(e.builder().build_float_div(a, b, "")?))?;
        }
        Op::F32Min | Op::F64Min => minimum_maximum(e, "llvm.minimum")?,
        Op::F32Max | Op::F64Max => minimum_maximum(e, "llvm.maximum")?,
        Op::F32Copysign | Op::F64Copysign => {
            let (magnitude, sign) = e.pop_floats();
            let result = e.call_intrinsic(
                "llvm.copysign",
                &[magnitude.get_type().into()],
                &[magnitude.into(), sign.into()],
            )?;
            e.push(result);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn compare(e: &mut Emitter, predicate: IntPredicate) -> Result<()> {
    let (left, right) = e.pop_ints();
    let result = e.builder().build_int_compare(predicate, left, right, "")?;
    e.push_bool(result)
}

fn compare_floats(e: &mut Emitter, predicate: FloatPredicate) -> Result<()> {
    let (left, right) = e.pop_floats();
    let result = e
        .builder()
        .build_float_compare(predicate, left, right, "")?;
    e.push_bool(result)
}

fn binary<'p, 'ctx, 'e, 'w>(
    e: &mut Emitter<'p, 'ctx, 'e, 'w>,
    build: impl FnOnce(
        &Emitter<'p, 'ctx, 'e, 'w>,
        IntValue<'ctx>,
        IntValue<'ctx>,
    ) -> Result<IntValue<'ctx>>,
) -> Result<()> {
    let (left, right) = e.pop_ints();
    let result = build(e, left, right)?;
    e.push(result);
    Ok(())
}

/// Emits a sum or difference of two numbers of 128 bits, each of which is two operands, the lower half first
/// (wide-arithmetic proposal).
fn wide_sum<'p, 'ctx, 'e, 'w>(
    e: &mut Emitter<'p, 'ctx, 'e, 'w>,
    build: impl FnOnce(
        &Emitter<'p, 'ctx, 'e, 'w>,
        IntValue<'ctx>,
        IntValue<'ctx>,
    ) -> Result<IntValue<'ctx>>,
) -> Result<()> {
    let right = pop_wide(e)?;
    let left = pop_wide(e)?;
    let result = build(e, left, right)?;
    push_wide(e, result)
}

/// Emits a product of 128 bits of two operands that `extend` widens (wide-arithmetic proposal).
fn wide_product<'p, 'ctx, 'e, 'w>(
    e: &mut Emitter<'p, 'ctx, 'e, 'w>,
    extend: impl Fn(&Emitter<'p, 'ctx, 'e, 'w>, IntValue<'ctx>) -> Result<IntValue<'ctx>>,
) -> Result<()> {
    let (left, right) = e.pop_ints();
    let (left, right) = (extend(e, left)?, extend(e, right)?);
    let result = e.builder().build_int_mul(left, right, "")?;
    push_wide(e, result)
}

/// Pops the two halves of a number of 128 bits.
fn pop_wide<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>) -> Result<IntValue<'ctx>> {
    let (low, high) = e.pop_ints();
    let wide = e.types().i128;
    let low = e.builder().build_int_z_extend(low, wide, "")?;
    let high = e.builder().build_int_z_extend(high, wide, "")?;
    let high = e
        .builder()
        .build_left_shift(high, wide.const_int(64, false), "")?;
    Ok(e.builder().build_or(low, high, "")?)
}

/// Pushes the two halves of a number of 128 bits.
fn push_wide<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, value: IntValue<'ctx>) -> Result<()> {
    let half = e.types().i64;
    let low = e.builder().build_int_truncate(value, half, "")?;
    let distance = e.types().i128.const_int(64, false);
    let high = e.builder().build_right_shift(value, distance, false, "")?;
    let high = e.builder().build_int_truncate(high, half, "")?;
    e.push(low);
    e.push(high);
    Ok(())
}

/// Emits a shift. WebAssembly's distances count modulo the width; larger distances would be poison in LLVM.
fn shift<'p, 'ctx, 'e, 'w>(
    e: &mut Emitter<'p, 'ctx, 'e, 'w>,
    build: impl FnOnce(
        &Emitter<'p, 'ctx, 'e, 'w>,
        IntValue<'ctx>,
        IntValue<'ctx>,
    ) -> Result<IntValue<'ctx>>,
) -> Result<()> {
    let (value, distance) = e.pop_ints();
    let ty = value.get_type();
    let mask = ty.const_int(u64::from(ty.get_bit_width()) - 1, false);
    let distance = e.builder().build_and(distance, mask, "")?;
    let result = build(e, value, distance)?;
    e.push(result);
    Ok(())
}

/// Emits a rotation: a funnel shift of a value with itself, whose distance already counts modulo the width.
fn rotate(e: &mut Emitter, intrinsic: &str) -> Result<()> {
    let (value, distance) = e.pop_ints();
    let result = e.call_intrinsic(
        intrinsic,
        &[value.get_type().into()],
        &[value.into(), value.into(), distance.into()],
    )?;
    e.push(result);
    Ok(())
}

fn count_zeros(e: &mut Emitter, intrinsic: &str) -> Result<()> {
    let value = e.pop();
    let zero_is_defined = e.types().i1.const_zero();
    let result = e.call_intrinsic(
        intrinsic,
        &[value.get_type()],
        &[value, zero_is_defined.into()],
    )?;
    e.push(result);
    Ok(())
}

fn trap_if_zero<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, divisor: IntValue<'ctx>) -> Result<()> {
    let zero = divisor.get_type().const_zero();
    let is_zero = e
        .builder()
        .build_int_compare(IntPredicate::EQ, divisor, zero, "")?;
    e.trap_if(is_zero, Exception::IntegerDivideByZero)
}

/// Returns whether the division is the least value by minus one, whose quotient does not fit.
fn overflows<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    dividend: IntValue<'ctx>,
    divisor: IntValue<'ctx>,
) -> Result<IntValue<'ctx>> {
    let ty = dividend.get_type();
    let least = ty.const_int(1 << (ty.get_bit_width() - 1), false);
    let is_least = e
        .builder()
        .build_int_compare(IntPredicate::EQ, dividend, least, "")?;
    let by_minus_one =
        e.builder()
            .build_int_compare(IntPredicate::EQ, divisor, ty.const_all_ones(), "")?;
    Ok(e.builder().build_and(is_least, by_minus_one, "")?)
}

fn divide_signed(e: &mut Emitter) -> Result<()> {
    let (dividend, divisor) = e.pop_ints();
    trap_if_zero(e, divisor)?;
    let overflow = overflows(e, dividend, divisor)?;
    e.trap_if(overflow, Exception::IntegerOverflow)?;
    let result = e.builder().build_int_signed_div(dividend, divisor, "")?;
    e.push(result);
    Ok(())
}

fn divide_unsigned(e: &mut Emitter) -> Result<()> {
    let (dividend, divisor) = e.pop_ints();
    trap_if_zero(e, divisor)?;
    let result = e.builder().build_int_unsigned_div(dividend, divisor, "")?;
    e.push(result);
    Ok(())
}

fn remainder_signed(e: &mut Emitter) -> Result<()> {
    let (dividend, divisor) = e.pop_ints();
    trap_if_zero(e, divisor)?;
    // The least value modulo minus one is zero, but undefined to LLVM: divide by one instead.
    let by_minus_one = e.builder().build_int_compare(
        IntPredicate::EQ,
        divisor,
        divisor.get_type().const_all_ones(),
        "",
    )?;
    let one = divisor.get_type().const_int(1, false);
    let divisor = e
        .builder()
        .build_select(by_minus_one, one, divisor, "")?
        .into_int_value();
    let result = e.builder().build_int_signed_rem(dividend, divisor, "")?;
    e.push(result);
    Ok(())
}

fn remainder_unsigned(e: &mut Emitter) -> Result<()> {
    let (dividend, divisor) = e.pop_ints();
    trap_if_zero(e, divisor)?;
    let result = e.builder().build_int_unsigned_rem(dividend, divisor, "")?;
    e.push(result);
    Ok(())
}

fn binary_float<'p, 'ctx, 'e, 'w>(
    e: &mut Emitter<'p, 'ctx, 'e, 'w>,
    build: impl FnOnce(
        &Emitter<'p, 'ctx, 'e, 'w>,
        FloatValue<'ctx>,
        FloatValue<'ctx>,
    ) -> Result<FloatValue<'ctx>>,
) -> Result<()> {
    let (left, right) = e.pop_floats();
    let (left, right) = e.guard_operands(left.into(), right.into())?;
    let result = build(e, left.into_float_value(), right.into_float_value())?;
    e.push(result);
    Ok(())
}

fn unary_float(e: &mut Emitter, intrinsic: &str) -> Result<()> {
    let value = e.pop();
    let result = e.call_intrinsic(intrinsic, &[value.get_type()], &[value])?;
    e.push(result);
    Ok(())
}

/// Emits a rounding. LLVM folds a rounding to its operand if it knows that the operand is whole.
fn rounding(e: &mut Emitter, intrinsic: &str) -> Result<()> {
    let value = e.pop();
    let value = e.guard_operand(value)?;
    let result = e.call_intrinsic(intrinsic, &[value.get_type()], &[value])?;
    e.push(result);
    Ok(())
}

/// Emits a minimum or maximum. LLVM's code for these returns a NaN operand unchanged.
fn minimum_maximum(e: &mut Emitter, intrinsic: &str) -> Result<()> {
    let (left, right) = e.pop_floats();
    let left = e.guard_operand(left.as_basic_value_enum())?;
    let right = e.guard_operand(right.as_basic_value_enum())?;
    let result = e.call_intrinsic(intrinsic, &[left.get_type()], &[left, right])?;
    e.push(result);
    Ok(())
}

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    /// Pushes the result of a comparison as an `i32` that is 0 or 1, as WebAssembly demands.
    pub fn push_bool(&mut self, value: IntValue<'ctx>) -> Result<()> {
        let value: BasicValueEnum = self
            .builder()
            .build_int_z_extend(value, self.types().i32, "")?
            .into();
        self.push(value);
        Ok(())
    }

    /// Pops an `i32` as a condition: whether it is not zero.
    pub fn pop_condition(&mut self) -> Result<IntValue<'ctx>> {
        let value = self.pop_int();
        if let Some(condition) = self.comparison(value) {
            return Ok(condition);
        }
        let zero = value.get_type().const_zero();
        Ok(self
            .builder()
            .build_int_compare(IntPredicate::NE, value, zero, "")?)
    }

    /// Returns the operand of [`Self::push_bool`] if `value` comes from there. Then LLVM need not find out
    /// that comparing a widened comparison with zero gives the comparison itself.
    fn comparison(&self, value: IntValue<'ctx>) -> Option<IntValue<'ctx>> {
        value
            .as_instruction()
            .filter(|instruction| instruction.get_opcode() == InstructionOpcode::ZExt)
            .and_then(|extension| extension.get_operand(0)?.value())
            .map(BasicValueEnum::into_int_value)
            .filter(|operand| operand.get_type() == self.types().i1)
    }
}

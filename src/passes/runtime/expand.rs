//! Expands operations for which the runtime has no single function, into integer arithmetic and operations
//! for which it has one.
//!
//! - Vectors on whose lanes the processor cannot operate become scalars.
//! - Integers of other widths than 32 and 64 bits, which the optimiser makes, are widened.
//! - Saturating truncations: the runtime's functions are C casts, undefined for floats that do not fit.
//! - Products of 32 bits if the processor cannot multiply, and products with an overflow test if it cannot
//!   multiply 64 bits.
//! - `llvm.canonicalize`, for which LLVM would multiply by one.
//! - Minimum and maximum if LLVM cannot generate code for them.
//! - Without a floating-point unit: comparisons with a constant that one unsigned comparison of the bits can
//!   decide, such as the comparisons in front of a truncation.

use inkwell::module::Module as LlvmModule;

use super::intrinsics::Replacements;
use super::operation::{computed, is_division, truncation};
use crate::llvm::ir::{self, Builder, IntPredicate, Kind, Opcode as Op, RealPredicate, Value};

/// Expands operations in every function of `module` for the runtime.
pub fn run(module: &LlvmModule, replacements: &Replacements) {
    for expand in [vector, scalar] {
        for function in ir::functions(module) {
            for instruction in function.instructions() {
                if let Some(result) = expand(instruction, replacements) {
                    instruction.replace_all_uses(result);
                    instruction.erase();
                }
            }
        }
    }
}

/// Splits an operation on vectors into its lanes, if the processor lacks it.
fn vector<'m>(instruction: Value<'m>, replacements: &Replacements) -> Option<Value<'m>> {
    let Kind::Vector(lanes) = instruction.kind() else {
        return None;
    };
    let name = computed(instruction)?;
    if !replacements.hardware.missing.contains(name) || !replacements.has(name) {
        return None;
    }
    let builder = Builder::before(instruction);
    let opcode = instruction.opcode()?;
    let operands: Vec<Value> = match opcode {
        Op::LLVMCall => instruction.arguments(),
        _ => instruction.operands().collect(),
    };
    let results: Vec<Value> = (0..lanes)
        .map(|index| {
            let lane: Vec<Value> = operands
                .iter()
                .map(|operand| match operand.kind() {
                    Kind::Vector(_) => builder.lane(*operand, index),
                    _ => *operand,
                })
                .collect();
            let result = instruction.lane_kind();
            match opcode {
                Op::LLVMCall => {
                    let callee = instruction.called_function().map(Value::name);
                    let name = String::from_utf8_lossy(callee.unwrap_or_default());
                    // Without the type that it is overloaded on.
                    let name = name.rsplit_once('.').map_or(&*name, |(name, _)| name);
                    builder.intrinsic(name, &lane)
                }
                Op::LLVMFCmp => {
                    builder.compare_floats(instruction.real_predicate(), lane[0], lane[1])
                }
                _ if lane.len() == 1 => builder.cast(opcode, lane[0], result),
                _ => builder.binary(opcode, lane[0], lane[1]),
            }
        })
        .collect();
    Some(builder.vector(&results))
}

fn scalar<'m>(instruction: Value<'m>, replacements: &Replacements) -> Option<Value<'m>> {
    let opcode = instruction.opcode()?;
    if opcode == Op::LLVMCall && instruction.kind() == Kind::Other {
        return overflowing_product(instruction, replacements);
    }
    if matches!(instruction.kind(), Kind::Vector(_) | Kind::Other) {
        return None;
    }
    match opcode {
        Op::LLVMMul => product(instruction, replacements),
        Op::LLVMCall => {
            let callee = instruction.called_function()?.name();
            if callee.starts_with(b"llvm.fptosi.sat.") {
                saturating(instruction, replacements, true)
            } else if callee.starts_with(b"llvm.fptoui.sat.") {
                saturating(instruction, replacements, false)
            } else if callee.starts_with(b"llvm.canonicalize.") {
                canonicalize(instruction, replacements)
            } else if callee.starts_with(b"llvm.minimum.") || callee.starts_with(b"llvm.maximum.") {
                extremum(instruction, replacements)
            } else if callee.starts_with(b"llvm.ctlz.")
                || callee.starts_with(b"llvm.cttz.")
                || callee.starts_with(b"llvm.ctpop.")
            {
                count(instruction, replacements)
            } else {
                None
            }
        }
        Op::LLVMFPToSI | Op::LLVMFPToUI => narrow_truncation(instruction, replacements),
        Op::LLVMSIToFP | Op::LLVMUIToFP => conversion_of_narrow(instruction, replacements),
        Op::LLVMFCmp => comparison_of_bits(instruction, replacements),
        opcode if is_division(opcode) => narrow_division(instruction, replacements),
        _ => None,
    }
}

/// Returns the smallest width, 32 or 64 bits, for an integer of another width.
fn wider(kind: Kind) -> Option<Kind> {
    match kind {
        Kind::Int(bits) if bits < 32 => Some(Kind::Int(32)),
        Kind::Int(bits) if bits > 32 && bits < 64 => Some(Kind::Int(64)),
        _ => None,
    }
}

fn narrow_division<'m>(division: Value<'m>, replacements: &Replacements) -> Option<Value<'m>> {
    let kind = division.kind();
    let wide = wider(kind)?;
    let opcode = division.opcode()?;
    let name = match wide {
        Kind::Int(32) => "i32.div_u",
        _ => "i64.div_u",
    };
    if !replacements.has(name) || replacements.is_easy_division(division) {
        return None;
    }
    let builder = Builder::before(division);
    let signed = matches!(opcode, Op::LLVMSDiv | Op::LLVMSRem);
    let left = builder.resize(division.operand(0)?, wide, signed);
    let right = builder.resize(division.operand(1)?, wide, signed);
    let result = builder.binary(opcode, left, right);
    Some(builder.resize(result, kind, signed))
}

/// Returns the low half of a product of 64 bits.
fn product<'m>(product: Value<'m>, replacements: &Replacements) -> Option<Value<'m>> {
    let kind = product.kind();
    let (left, right) = (product.operand(0)?, product.operand(1)?);
    let by_power = right.int_constant().is_some_and(u64::is_power_of_two);
    if replacements.hardware.multiplication
        || by_power
        || kind.bits() > 32
        || !replacements.has("i64.mul")
    {
        return None;
    }
    let builder = Builder::before(product);
    let wide = Kind::Int(64);
    let left = builder.resize(left, wide, false);
    let right = builder.resize(right, wide, false);
    let result = builder.binary(Op::LLVMMul, left, right);
    Some(builder.resize(result, kind, false))
}

/// Returns a product and whether it overflows, as a pair.
fn overflowing_product<'m>(call: Value<'m>, replacements: &Replacements) -> Option<Value<'m>> {
    use IntPredicate::{LLVMIntEQ, LLVMIntNE};
    let callee = call.called_function()?.name();
    let signed = callee.starts_with(b"llvm.smul.with.overflow.");
    if !signed && !callee.starts_with(b"llvm.umul.with.overflow.") {
        return None;
    }
    let (left, right) = (call.operand(0)?, call.operand(1)?);
    let kind = left.kind();
    if !replacements.has("i64.mul") || !matches!(kind, Kind::Int(1..=32 | 64)) {
        return None;
    }
    let builder = Builder::before(call);
    let wide = Kind::Int(64);
    let [a, b] = [left, right].map(|value| builder.resize(value, wide, signed));
    let product = builder.binary(Op::LLVMMul, a, b);
    let result = builder.resize(product, kind, false);
    let overflows = if kind.bits() <= 32 {
        // The whole product is there: does its low part say the same?
        let again = builder.resize(result, wide, signed);
        builder.compare(LLVMIntNE, again, product)
    } else {
        // Does dividing by a factor give the other one? Zero and, with a sign, minus one divide
        // nothing: of these, only minus one times the least number overflows.
        let one = builder.int(wide, 1);
        let is_zero = builder.compare(LLVMIntEQ, a, builder.int(wide, 0));
        let least = builder.int(wide, 1 << 63);
        let minus_one = builder.int(wide, u64::MAX);
        let (special, special_overflows, division) = if signed {
            let is_minus_one = builder.compare(LLVMIntEQ, a, minus_one);
            let is_least = builder.compare(LLVMIntEQ, b, least);
            let overflows = builder.binary(Op::LLVMAnd, is_minus_one, is_least);
            let special = builder.binary(Op::LLVMOr, is_zero, is_minus_one);
            (special, overflows, Op::LLVMSDiv)
        } else {
            (is_zero, builder.int(Kind::Int(1), 0), Op::LLVMUDiv)
        };
        let divisor = builder.select(special, one, a);
        let quotient = builder.binary(division, product, divisor);
        let differs = builder.compare(LLVMIntNE, quotient, b);
        builder.select(special, special_overflows, differs)
    };
    Some(builder.pair(call, result, overflows))
}

/// Widens a truncation to a narrow integer: every value that fits also fits a wide signed integer.
fn narrow_truncation<'m>(cast: Value<'m>, replacements: &Replacements) -> Option<Value<'m>> {
    let wide = wider(cast.kind())?;
    let operand = cast.operand(0)?;
    if !replacements.has(truncation(operand.kind(), wide, true)?) {
        return None;
    }
    let builder = Builder::before(cast);
    let result = builder.cast(Op::LLVMFPToSI, operand, wide);
    Some(builder.resize(result, cast.kind(), true))
}

fn conversion_of_narrow<'m>(cast: Value<'m>, replacements: &Replacements) -> Option<Value<'m>> {
    let operand = cast.operand(0)?;
    let wide = wider(operand.kind())?;
    let name = match (wide, cast.kind()) {
        (Kind::Int(32), Kind::F32) => "f32.convert_i32_s",
        (Kind::Int(32), Kind::F64) => "f64.convert_i32_s",
        (_, Kind::F32) => "f32.convert_i64_s",
        _ => "f64.convert_i64_s",
    };
    if !replacements.has(name) {
        return None;
    }
    let builder = Builder::before(cast);
    let signed = cast.opcode() == Some(Op::LLVMSIToFP);
    let operand = builder.resize(operand, wide, signed);
    Some(builder.cast(Op::LLVMSIToFP, operand, cast.kind()))
}

/// Widens a bit count of an integer whose width the runtime has no function for.
fn count<'m>(call: Value<'m>, replacements: &Replacements) -> Option<Value<'m>> {
    let kind = call.kind();
    let callee = call.called_function()?.name();
    if callee.starts_with(b"llvm.ctlz.") && !replacements.hardware.zeros_of_nonzero {
        // In place: the operand that says that zero is not to be counted.
        call.set_operand(1, Builder::before(call).int(Kind::Int(1), 0));
    }
    let wide = wider(kind)?;
    let (name, instruction) = match callee.get(..9)? {
        b"llvm.ctlz" => ("llvm.ctlz", "clz"),
        b"llvm.cttz" => ("llvm.cttz", "ctz"),
        _ => ("llvm.ctpop", "popcnt"),
    };
    if !replacements.has(&format!("i{}.{instruction}", wide.bits())) {
        return None;
    }
    let builder = Builder::before(call);
    let never_poison = builder.int(Kind::Int(1), 0);
    let operand = builder.resize(call.operand(0)?, wide, false);
    let result = match name {
        "llvm.ctlz" => {
            let all = builder.intrinsic(name, &[operand, never_poison]);
            let above = builder.int(wide, (wide.bits() - kind.bits()).into());
            builder.binary(Op::LLVMSub, all, above)
        }
        "llvm.cttz" => {
            // A one behind the last bit ends the count there.
            let end = builder.int(wide, 1 << kind.bits());
            let operand = builder.binary(Op::LLVMOr, operand, end);
            builder.intrinsic(name, &[operand, never_poison])
        }
        _ => builder.intrinsic(name, &[operand]),
    };
    Some(builder.resize(result, kind, false))
}

/// Returns the bits of a power of two as a float.
fn power_of_two(kind: Kind, exponent: u64) -> u64 {
    match kind {
        Kind::F32 => (127 + exponent) << 23,
        _ => (1023 + exponent) << 52,
    }
}

fn sign_bit(kind: Kind) -> u64 {
    1 << (kind.bits() - 1)
}

/// Returns the bits of the first number below -(2^exponent) with another integer part. A greater number fits
/// an integer with that least value.
fn below_negated_power(kind: Kind, exponent: u64) -> u64 {
    let limit = power_of_two(kind, exponent) | sign_bit(kind);
    // Where the mantissa is fine enough, -1; else a step down.
    let step = match (kind, exponent) {
        (Kind::F64, exponent) if exponent < 52 => 1 << (52 - exponent),
        (Kind::F32, exponent) if exponent < 23 => 1 << (23 - exponent),
        _ => 1,
    };
    limit + step
}

/// Truncates numbers that fit; for the others returns WebAssembly's results: the limits, zero for a NaN. The
/// function itself never gets a number that does not fit.
fn saturating<'m>(call: Value<'m>, replacements: &Replacements, signed: bool) -> Option<Value<'m>> {
    use RealPredicate::{LLVMRealOGE, LLVMRealOGT, LLVMRealOLT};
    let operand = call.operand(0)?;
    let (from, to) = (operand.kind(), call.kind());
    // LLVM would make comparisons of it as well.
    let comparison = match from {
        Kind::F32 => "f32.eq",
        _ => "f64.eq",
    };
    if !replacements.has(truncation(from, to, signed)?) && !replacements.has(comparison) {
        return None;
    }
    let bits = u64::from(to.bits());
    let (least, greatest, above, below) = if signed {
        let top = 1_u64 << (bits - 1);
        let above = below_negated_power(from, bits - 1);
        (top, top - 1, above, power_of_two(from, bits - 1))
    } else {
        let minus_one = power_of_two(from, 0) | sign_bit(from);
        (
            0,
            u64::MAX >> (64 - bits),
            minus_one,
            power_of_two(from, bits),
        )
    };
    let builder = Builder::before(call);
    let above = builder.float(from, above);
    let below = builder.float(from, below);
    let zero = builder.int(to, 0);
    let low_enough = builder.compare_floats(LLVMRealOLT, operand, below);
    let high_enough = builder.compare_floats(LLVMRealOGT, operand, above);
    let fits = builder.binary(Op::LLVMAnd, low_enough, high_enough);
    let safe = builder.select(fits, operand, builder.float(from, 0));
    let opcode = if signed {
        Op::LLVMFPToSI
    } else {
        Op::LLVMFPToUI
    };
    let truncated = builder.cast(opcode, safe, to);
    // Neither low enough nor high enough is a NaN alone.
    let too_high = builder.compare_floats(LLVMRealOGE, operand, below);
    let limit = builder.select(low_enough, builder.int(to, least), zero);
    let limit = builder.select(too_high, builder.int(to, greatest), limit);
    Some(builder.select(fits, truncated, limit))
}

/// Sets the quiet bit of a NaN.
fn canonicalize<'m>(call: Value<'m>, replacements: &Replacements) -> Option<Value<'m>> {
    let operand = call.operand(0)?;
    let kind = operand.kind();
    let (name, quiet) = match kind {
        Kind::F32 => ("f32.mul", 1 << 22),
        Kind::F64 => ("f64.mul", 1 << 51),
        _ => return None,
    };
    if !replacements.has(name) {
        return None;
    }
    let builder = Builder::before(call);
    let word = Kind::Int(kind.bits());
    let bits = builder.cast(Op::LLVMBitCast, operand, word);
    let is_nan = is_nan(&builder, kind, bits);
    let quieted = builder.binary(Op::LLVMOr, bits, builder.int(word, quiet));
    let result = builder.select(is_nan, quieted, bits);
    Some(builder.cast(Op::LLVMBitCast, result, kind))
}

/// Expands minimum and maximum if LLVM cannot generate them. On 32-bit targets LLVM 22 ends the process for
/// `double`; without a floating-point unit it calls functions that no runtime has.
fn extremum<'m>(call: Value<'m>, replacements: &Replacements) -> Option<Value<'m>> {
    use RealPredicate::{LLVMRealOGT, LLVMRealOLT, LLVMRealUNO};
    let kind = call.kind();
    let (comparison, of_wide_on_narrow) = match kind {
        Kind::F32 => ("f32.eq", false),
        Kind::F64 => ("f64.eq", replacements.pointer_bits == 32),
        _ => return None,
    };
    if replacements.has(computed(call)?)
        || !(of_wide_on_narrow || replacements.hardware.missing.contains(comparison))
    {
        return None;
    }
    let (left, right) = (call.operand(0)?, call.operand(1)?);
    let is_minimum = call.called_function()?.name().starts_with(b"llvm.minimum.");
    let builder = Builder::before(call);
    let word = Kind::Int(kind.bits());
    let bits = [left, right].map(|value| builder.cast(Op::LLVMBitCast, value, word));
    // Equal numbers have the same bits, unless they are zeros: a minus wins, or loses.
    let (first, second, of_equals) = if is_minimum {
        (LLVMRealOLT, LLVMRealOGT, Op::LLVMOr)
    } else {
        (LLVMRealOGT, LLVMRealOLT, Op::LLVMAnd)
    };
    let equal = builder.binary(of_equals, bits[0], bits[1]);
    let equal = builder.cast(Op::LLVMBitCast, equal, kind);
    let sum = builder.binary(Op::LLVMFAdd, left, right);
    let is_nan = builder.compare_floats(LLVMRealUNO, left, right);
    let is_right = builder.compare_floats(second, left, right);
    let is_left = builder.compare_floats(first, left, right);
    let result = builder.select(is_nan, sum, equal);
    let result = builder.select(is_right, right, result);
    Some(builder.select(is_left, left, result))
}

fn infinity(kind: Kind) -> u64 {
    match kind {
        Kind::F32 => 0x7f80_0000,
        _ => 0x7ff0_0000_0000_0000,
    }
}

fn is_nan<'m>(builder: &Builder<'m>, kind: Kind, bits: Value<'m>) -> Value<'m> {
    let word = Kind::Int(kind.bits());
    let magnitude = builder.binary(Op::LLVMAnd, bits, builder.int(word, sign_bit(kind) - 1));
    builder.compare(
        IntPredicate::LLVMIntUGT,
        magnitude,
        builder.int(word, infinity(kind)),
    )
}

/// Replaces a comparison with a constant by one of bits, if the numbers that satisfy it form one range of
/// bits. As integers, positive floats ascend from zero to infinity. Negative floats ascend in magnitude; NaNs
/// come after the infinities.
fn comparison_of_bits<'m>(comparison: Value<'m>, replacements: &Replacements) -> Option<Value<'m>> {
    use RealPredicate::*;
    let (left, right) = (comparison.operand(0)?, comparison.operand(1)?);
    let kind = left.kind();
    let name = match kind {
        Kind::F32 => "f32.eq",
        Kind::F64 => "f64.eq",
        _ => return None,
    };
    if !replacements.has(name) || !replacements.hardware.missing.contains(name) {
        return None;
    }
    let constant = right.float_constant()?;
    if constant & (sign_bit(kind) - 1) > infinity(kind) {
        return None;
    }
    let builder = Builder::before(comparison);
    let word = Kind::Int(kind.bits());
    let predicate = comparison.real_predicate();
    if matches!(predicate, LLVMRealUNO | LLVMRealORD) {
        let bits = builder.cast(Op::LLVMBitCast, left, word);
        let is_nan = is_nan(&builder, kind, bits);
        return Some(match predicate {
            LLVMRealUNO => is_nan,
            _ => builder.binary(Op::LLVMXor, is_nan, builder.int(Kind::Int(1), 1)),
        });
    }
    // Of the ordered predicate: whether the constant itself satisfies it, and whether greater or
    // lesser numbers do; and whether the comparison is its contrary.
    let (with_constant, greater, negated) = match predicate {
        LLVMRealOGE => (true, true, false),
        LLVMRealOGT => (false, true, false),
        LLVMRealOLE => (true, false, false),
        LLVMRealOLT => (false, false, false),
        LLVMRealULT => (true, true, true),
        LLVMRealULE => (false, true, true),
        LLVMRealUGT => (true, false, true),
        LLVMRealUGE => (false, false, true),
        _ => return None,
    };
    let negative = constant & sign_bit(kind) != 0;
    let magnitude = constant & (sign_bit(kind) - 1);
    // Away from zero only; zero itself has two representations.
    if greater == negative || magnitude == 0 {
        return None;
    }
    let first = constant + u64::from(!with_constant);
    let last = infinity(kind) | (constant & sign_bit(kind));
    if first > last {
        return None;
    }
    let bits = builder.cast(Op::LLVMBitCast, left, word);
    let from_first = builder.binary(Op::LLVMSub, bits, builder.int(word, first));
    let predicate = if negated {
        IntPredicate::LLVMIntUGT
    } else {
        IntPredicate::LLVMIntULE
    };
    Some(builder.compare(predicate, from_first, builder.int(word, last - first)))
}

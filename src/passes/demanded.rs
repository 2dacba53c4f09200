//! Which bits of each value some effect of a function depends on.
//!
//! A backward analysis over integers and vectors of up to 128 bits, in the manner of LLVM's own
//! demanded bits: what LLVM can find out to be unused is unused here too. Bits are counted as they
//! lie in memory on a little-endian machine, lane 0 of a vector lowest.
//!
//! Where the analysis knows nothing better, an operand is demanded whole as soon as anything of the
//! result is. So it errs towards "demanded" only for operations that LLVM does not look through.

use std::collections::HashMap;

use super::ir::{Opcode as Op, Value};

/// A set of bits of one value.
type Bits = u128;

const ALL: Bits = Bits::MAX;

/// The demanded bits of all values of a function.
pub(super) struct Demanded<'m>(HashMap<Value<'m>, Bits>);

/// What the analysis has to know of effects.
pub(super) trait Effects<'m> {
    /// Whether `instruction` does something beyond making a value.
    fn has_effect(&self, instruction: Value<'m>) -> bool;
    /// Whether the operand at `position` makes no difference to what `instruction` does.
    fn ignores(&self, instruction: Value<'m>, position: usize) -> bool;
}

impl<'m> Demanded<'m> {
    /// Analyses the function with these instructions.
    pub fn of(instructions: &[Value<'m>], effects: &impl Effects<'m>) -> Self {
        let mut demanded = Demanded(HashMap::new());
        let mut work = Vec::new();
        for &instruction in instructions {
            if effects.has_effect(instruction) {
                for (position, operand) in instruction.operands().enumerate() {
                    if !effects.ignores(instruction, position) {
                        demanded.add(operand, ALL, &mut work);
                    }
                }
            }
        }
        while let Some(instruction) = work.pop() {
            if effects.has_effect(instruction) {
                continue;
            }
            let result = demanded.bits(instruction);
            for (position, operand) in instruction.operands().enumerate() {
                let bits = demanded_of_operand(instruction, position, operand, result);
                demanded.add(operand, bits, &mut work);
            }
        }
        demanded
    }

    /// The demanded bits of `value`; none if nothing depends on it.
    pub fn bits(&self, value: Value<'m>) -> Bits {
        self.0.get(&value).copied().unwrap_or(0)
    }

    /// Whether the byte of `value` that lies at the highest address is demanded.
    pub fn last_byte(&self, value: Value<'m>) -> bool {
        let width = value.width().unwrap_or(8).clamp(8, 128);
        self.bits(value) & low(width) >> (width - 8) << (width - 8) != 0
    }

    fn add(&mut self, value: Value<'m>, bits: Bits, work: &mut Vec<Value<'m>>) {
        let bits = bits & value.width().map_or(ALL, low);
        let known = self.0.entry(value).or_insert(0);
        if *known | bits != *known {
            *known |= bits;
            if value.opcode().is_some() {
                work.push(value);
            }
        }
    }
}

/// The lowest `width` bits.
fn low(width: u32) -> Bits {
    if width >= 128 { ALL } else { (1 << width) - 1 }
}

/// All bits up to the highest of `bits`.
fn up_to_highest(bits: Bits) -> Bits {
    low(128 - bits.leading_zeros())
}

/// Which bits of the operand at `position` the bits `result` of `instruction` depend on.
fn demanded_of_operand<'m>(
    instruction: Value<'m>,
    position: usize,
    operand: Value<'m>,
    result: Bits,
) -> Bits {
    if result == 0 || result_is_fixed(instruction) {
        return 0;
    }
    if [instruction, operand]
        .iter()
        .any(|value| value.width().is_some_and(|width| width > 128))
    {
        // Halves of a widened vector: more than a set of bits holds.
        return ALL;
    }
    let constant = |position| instruction.operand(position).and_then(Value::integer);
    let is_scalar = instruction.vector_length().is_none();
    match instruction.opcode() {
        Some(Op::LLVMTrunc | Op::LLVMBitCast | Op::LLVMFreeze | Op::LLVMPHI)
            if is_scalar || instruction.opcode() != Some(Op::LLVMTrunc) =>
        {
            result
        }
        Some(Op::LLVMZExt) if is_scalar => result,
        Some(Op::LLVMSExt) if is_scalar => {
            let width = operand.width().unwrap_or(128);
            let sign = if result & !low(width) != 0 {
                1 << (width - 1)
            } else {
                0
            };
            result & low(width) | sign
        }
        Some(Op::LLVMAnd) if is_scalar => match constant(1 - position as u32) {
            Some(mask) => result & mask as u64 as Bits,
            None => result,
        },
        Some(Op::LLVMOr) if is_scalar => match constant(1 - position as u32) {
            Some(mask) => result & !(mask as u64 as Bits),
            None => result,
        },
        Some(Op::LLVMXor) => result,
        Some(Op::LLVMAdd | Op::LLVMSub) if is_scalar => up_to_highest(result),
        Some(Op::LLVMMul) if is_scalar => {
            // A factor of 2^n is a shift to LLVM.
            let factor = constant(1 - position as u32).unwrap_or(1);
            up_to_highest(result) >> factor.trailing_zeros().min(63)
        }
        Some(Op::LLVMUDiv) if is_scalar && position == 0 => match power_of_two(constant(1)) {
            Some(distance) => result << distance,
            None => ALL,
        },
        Some(Op::LLVMURem) if is_scalar && position == 0 => match power_of_two(constant(1)) {
            Some(distance) => result & low(distance),
            None => ALL,
        },
        Some(Op::LLVMCall) if position < 2 => of_intrinsic(instruction, operand, result),
        Some(Op::LLVMShl) if is_scalar && position == 0 => match constant(1) {
            Some(distance @ 0..=127) => result >> distance,
            _ => up_to_highest(result),
        },
        Some(Op::LLVMLShr) if is_scalar && position == 0 => match constant(1) {
            Some(distance @ 0..=127) => result << distance,
            _ => ALL,
        },
        Some(Op::LLVMSelect) if position > 0 => result,
        Some(Op::LLVMExtractElement) if position == 0 => lane_bits(operand, constant(1)),
        Some(Op::LLVMInsertElement) if position == 0 => {
            result & !lane_bits(instruction, constant(2)) | unknown_lane(constant(2), result)
        }
        Some(Op::LLVMInsertElement) if position == 1 => ALL,
        Some(Op::LLVMShuffleVector) if position < 2 => {
            shuffled(instruction, position, operand, result)
        }
        // Lane by lane.
        Some(
            Op::LLVMAnd
            | Op::LLVMOr
            | Op::LLVMAdd
            | Op::LLVMSub
            | Op::LLVMMul
            | Op::LLVMShl
            | Op::LLVMLShr
            | Op::LLVMAShr
            | Op::LLVMFAdd
            | Op::LLVMFSub
            | Op::LLVMFMul
            | Op::LLVMFDiv
            | Op::LLVMFNeg
            | Op::LLVMZExt
            | Op::LLVMSExt
            | Op::LLVMTrunc
            | Op::LLVMFPExt
            | Op::LLVMFPTrunc
            | Op::LLVMSIToFP
            | Op::LLVMUIToFP
            | Op::LLVMFPToSI
            | Op::LLVMFPToUI
            | Op::LLVMICmp
            | Op::LLVMFCmp,
        ) if !is_scalar => same_lanes(instruction, operand, result),
        _ => ALL,
    }
}

/// For a power of two its exponent.
fn power_of_two(constant: Option<i64>) -> Option<u32> {
    let value = constant? as u64;
    value.is_power_of_two().then(|| value.trailing_zeros())
}

/// The bits of a value operand of an intrinsic: rotated for rotations, lane by lane for operations
/// on vectors, which all are that but those of one target.
fn of_intrinsic<'m>(call: Value<'m>, operand: Value<'m>, result: Bits) -> Bits {
    let name = call.called_function().map_or(&b""[..], Value::name);
    if call.vector_length().is_some() {
        let of_target = [&b"llvm.x86."[..], b"llvm.aarch64."];
        return if of_target.iter().any(|prefix| name.starts_with(prefix)) {
            ALL
        } else {
            same_lanes(call, operand, result)
        };
    }
    let left = name.starts_with(b"llvm.fshl.");
    let (true, Some(width), Some(distance)) = (
        (left || name.starts_with(b"llvm.fshr.")) && call.operand(0) == call.operand(1),
        call.width(),
        call.operand(2).and_then(Value::integer),
    ) else {
        return ALL;
    };
    // Rotating the result back gives where each bit came from.
    let distance = distance.rem_euclid(i64::from(width)) as u32;
    let back = if left { distance } else { width - distance };
    result >> back | result << (width - back).min(127)
}

/// The bits of one lane of `vector`; all where the lane is not known.
fn lane_bits(vector: Value, lane: Option<i64>) -> Bits {
    let (Some(length), Some(width), Some(lane)) = (vector.vector_length(), vector.width(), lane)
    else {
        return ALL;
    };
    let lane_width = width / length;
    match u32::try_from(lane) {
        Ok(lane) if lane < length => low(lane_width) << (lane * lane_width),
        _ => ALL,
    }
}

/// Inserting into a lane that is not known leaves every lane demanded.
fn unknown_lane(lane: Option<i64>, result: Bits) -> Bits {
    if lane.is_none() { result } else { 0 }
}

/// For a shuffle: the lanes of the operand at `position` that demanded lanes of the result come from.
fn shuffled<'m>(shuffle: Value<'m>, position: usize, operand: Value<'m>, result: Bits) -> Bits {
    let (Some(mask), Some(length), Some(width)) = (
        shuffle.shuffle_mask(),
        operand.vector_length(),
        operand.width(),
    ) else {
        return ALL;
    };
    let lane_width = width / length;
    let first = position as u32 * length;
    let mut bits = 0;
    for (lane, source) in mask.into_iter().enumerate() {
        let wanted = u128::checked_shl(low(lane_width), lane as u32 * lane_width).unwrap_or(0);
        let Some(source) = source else { continue };
        if result & wanted != 0 && (first..first + length).contains(&source) {
            bits |= low(lane_width) << ((source - first) * lane_width);
        }
    }
    bits
}

/// For an operation on each lane by itself: the lanes of the operand whose result is demanded.
fn same_lanes<'m>(instruction: Value<'m>, operand: Value<'m>, result: Bits) -> Bits {
    let (Some(length), Some(from), Some(to)) = (
        operand.vector_length(),
        operand.width(),
        instruction.width(),
    ) else {
        return ALL;
    };
    let (from, to) = (from / length, to / length);
    (0..length)
        .filter(|lane| result.checked_shr(lane * to).unwrap_or(0) & low(to) != 0)
        .fold(0, |bits, lane| {
            bits | u128::checked_shl(low(from), lane * from).unwrap_or(0)
        })
}

/// Whether the result is the same for every value of some operand, so that LLVM will drop it.
fn result_is_fixed(instruction: Value) -> bool {
    let constant = |position| instruction.operand(position).and_then(Value::integer);
    let either = |expected| constant(0) == Some(expected) || constant(1) == Some(expected);
    let same = |left, right| {
        matches!(
            (instruction.operand(left), instruction.operand(right)),
            (Some(a), Some(b)) if same_value(a, b)
        )
    };
    match instruction.opcode() {
        Some(Op::LLVMAnd | Op::LLVMMul) => either(0),
        Some(Op::LLVMOr) => either(-1),
        Some(Op::LLVMSub | Op::LLVMXor | Op::LLVMICmp) => same(0, 1),
        Some(Op::LLVMURem | Op::LLVMSRem) => constant(1) == Some(1),
        Some(Op::LLVMSelect) => same(1, 2),
        _ => false,
    }
}

/// Whether two values are equal by the way they are made.
pub(super) fn same_value(left: Value, right: Value) -> bool {
    same_to_depth(left, right, 4)
}

/// Looks `depth` instructions back.
fn same_to_depth(left: Value, right: Value, depth: u32) -> bool {
    if left == right {
        return true;
    }
    let pure = matches!(
        left.opcode(),
        Some(
            Op::LLVMGetElementPtr
                | Op::LLVMZExt
                | Op::LLVMSExt
                | Op::LLVMTrunc
                | Op::LLVMBitCast
                | Op::LLVMAdd
                | Op::LLVMLoad
        )
    );
    pure && depth > 0
        && left.opcode() == right.opcode()
        && left.same_type(right)
        && left.operands().len() == right.operands().len()
        && left
            .operands()
            .zip(right.operands())
            .all(|(a, b)| same_to_depth(a, b, depth - 1))
}

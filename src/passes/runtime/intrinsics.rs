//! Replaces each operation of the runtime by a call of its `aot_intrinsic_*` function.
//!
//! One operation becomes one call; `expand` has already expanded operations without a function. The functions
//! are called only where the operation is defined. The emitter tests for a zero divisor, for overflow and for
//! floats that do not fit an integer, and shift counts are below the width. A speculative operation stays
//! speculative: the runtime's functions are C, and on existing machines they have no effect beyond their
//! result.

use std::collections::HashMap;

use inkwell::module::Module as LlvmModule;
use runtime_intrinsics::{CType, FloatCondition, Signature};

use super::hardware::Hardware;
use super::operation::{computed, is_division};
use crate::llvm::ir::{
    self, Builder, Effects, IntPredicate, Kind, Opcode as Op, RealPredicate, Value,
};
use crate::passes::Replacement;

/// The part of the target's C calling convention that LLVM's types do not show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallConvention {
    /// A 32-bit integer in a 64-bit register is sign-extended, even an unsigned integer (RISC-V psABI,
    /// "Integer Calling Convention").
    pub sign_extends_words: bool,
    /// Functions return floats in a register of the x87 unit, which quiets signalling NaNs.
    pub returns_in_x87: bool,
}

/// The operations that the runtime performs, and the calling convention.
#[derive(Debug, Clone)]
pub struct Replacements {
    functions: HashMap<&'static str, &'static Signature>,
    pub hardware: Hardware,
    pub pointer_bits: u32,
    convention: CallConvention,
}

impl Replacements {
    pub fn new(replacement: &Replacement, pointer_bits: u32) -> Self {
        let Replacement {
            selection,
            hardware,
            convention,
            ..
        } = replacement;
        let mut functions = HashMap::new();
        for row in selection.iter() {
            if let Some(signature) = row.signature() {
                functions.extend(row.instructions.iter().map(|name| (*name, signature)));
            }
        }
        // These two only look at and change the sign, and must leave a NaN as it is. Without a
        // floating-point unit LLVM has integer instructions for them.
        for (add, of_sign) in [
            ("f32.add", ["f32.abs", "f32.copysign"]),
            ("f64.add", ["f64.abs", "f64.copysign"]),
        ] {
            if convention.returns_in_x87 || hardware.missing.contains(add) {
                functions.retain(|name, _| !of_sign.contains(name));
            }
        }
        Replacements {
            functions,
            hardware: hardware.clone(),
            pointer_bits,
            convention: *convention,
        }
    }

    /// Reports whether the runtime has a function for the instruction.
    pub fn has(&self, instruction: &str) -> bool {
        self.functions.contains_key(instruction)
    }

    /// Reports whether LLVM replaces this division by a constant by a multiplication.
    pub fn is_easy_division(&self, value: Value) -> bool {
        let by_constant = value.opcode().is_some_and(is_division)
            && value
                .operand(1)
                .is_some_and(|divisor| divisor.int_constant().is_some());
        by_constant && self.hardware.constant_division[usize::from(value.kind().bits() > 32)]
    }
}

/// Replaces the operations in every function of `module`.
pub fn run(module: &LlvmModule, replacements: &Replacements) {
    if replacements.functions.is_empty() {
        return;
    }
    for function in ir::functions(module) {
        for instruction in function.instructions() {
            if matches!(instruction.kind(), Kind::Vector(_)) {
                continue;
            }
            let found = computed(instruction)
                .and_then(|name| replacements.functions.get(name))
                .filter(|_| !stays(instruction, replacements));
            if let Some(signature) = found {
                let result = replace(instruction, signature, replacements.convention);
                instruction.replace_all_uses(result);
                instruction.erase();
            }
        }
    }
}

/// Reports whether an instruction is always cheaper than a call: an operand, or the count of a shift, is
/// constant.
fn stays(instruction: Value, replacements: &Replacements) -> bool {
    let constant = |number| {
        let operand = instruction.operand(number);
        operand.is_some_and(|operand| operand.int_constant().is_some())
    };
    match instruction.opcode() {
        Some(Op::LLVMAnd | Op::LLVMOr) => constant(0) || constant(1),
        Some(Op::LLVMShl | Op::LLVMAShr | Op::LLVMLShr) => constant(1),
        _ => replacements.is_easy_division(instruction),
    }
}

fn kind_of(ty: CType) -> Kind {
    match ty {
        CType::I32 | CType::U32 => Kind::Int(32),
        CType::I64 | CType::U64 => Kind::Int(64),
        CType::F32 => Kind::F32,
        CType::F64 => Kind::F64,
    }
}

fn replace<'m>(
    instruction: Value<'m>,
    signature: &Signature,
    convention: CallConvention,
) -> Value<'m> {
    let builder = Builder::before(instruction);
    let call = |arguments: &[Value<'m>]| {
        let result = kind_of(signature.result);
        let call = builder.call(signature.symbol, result, arguments, Effects::None);
        if convention.sign_extends_words {
            builder.sign_extend_words(call);
        }
        call
    };
    if instruction.opcode() == Some(Op::LLVMFCmp) {
        return compare(instruction, &builder, call);
    }
    // Some of LLVM's intrinsics have a further operand, which is a constant.
    let arguments: Vec<Value> = instruction
        .operands()
        .take(signature.params.len())
        .collect();
    call(&arguments)
}

/// Replaces a comparison. The runtime's function has seven conditions, LLVM sixteen.
fn compare<'m>(
    comparison: Value<'m>,
    builder: &Builder<'m>,
    call: impl Fn(&[Value<'m>]) -> Value<'m>,
) -> Value<'m> {
    use FloatCondition as C;
    use RealPredicate::*;
    let word = Kind::Int(32);
    let zero = builder.int(word, 0);
    let (Some(left), Some(right)) = (comparison.operand(0), comparison.operand(1)) else {
        unreachable!("a comparison has two operands");
    };
    let ask = |condition: C| {
        let number = builder.int(word, condition as u64);
        let answer = call(&[number, left, right]);
        builder.say_zero_or_one(answer);
        answer
    };
    let (condition, expected) = match comparison.real_predicate() {
        LLVMRealOEQ => (C::Equal, true),
        LLVMRealUNE => (C::NotEqual, true),
        LLVMRealOLT => (C::Less, true),
        LLVMRealOGT => (C::Greater, true),
        LLVMRealOLE => (C::LessOrEqual, true),
        LLVMRealOGE => (C::GreaterOrEqual, true),
        LLVMRealUNO => (C::Unordered, true),
        LLVMRealORD => (C::Unordered, false),
        LLVMRealUGE => (C::Less, false),
        LLVMRealULE => (C::Greater, false),
        LLVMRealUGT => (C::LessOrEqual, false),
        LLVMRealULT => (C::GreaterOrEqual, false),
        // Less or greater, and its contrary.
        predicate @ (LLVMRealONE | LLVMRealUEQ) => {
            let either = builder.binary(Op::LLVMOr, ask(C::Less), ask(C::Greater));
            let expected = match predicate {
                LLVMRealONE => IntPredicate::LLVMIntNE,
                _ => IntPredicate::LLVMIntEQ,
            };
            return builder.compare(expected, either, zero);
        }
        LLVMRealPredicateFalse => return builder.int(Kind::Int(1), 0),
        LLVMRealPredicateTrue => return builder.int(Kind::Int(1), 1),
    };
    let predicate = if expected {
        IntPredicate::LLVMIntNE
    } else {
        IntPredicate::LLVMIntEQ
    };
    builder.compare(predicate, ask(condition), zero)
}

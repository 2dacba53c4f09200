//! Where LLVM's floating-point folds would show a signalling NaN that WebAssembly quiets.
//!
//! LLVM may fold `x * 1.0`, `x / 1.0`, `x - 0.0`, `x + -0.0`, `demote (promote x)` and the like to
//! `x`. If `x` is a signalling NaN, WebAssembly demands a quiet one (specification 4.3.3, "NaN
//! propagation"). An operand that can hold one (anything that does not come out of a floating-point
//! operation) is therefore passed through `llvm.canonicalize`. It survives exactly those folds;
//! `passes::drop_canonicalize` removes it again wherever the operation is still there to do the
//! quieting itself. Nothing is exempt because its other operand looks harmless: inlining, unrolling
//! or a store just before a load can turn any of them into a constant.

use inkwell::llvm_sys::core::LLVMIsAConstantFP;
use inkwell::types::BasicTypeEnum;
use inkwell::values::{AsValueRef, BasicValueEnum, FloatValue, InstructionOpcode};

use super::error::Result;
use super::function::FunctionEmitter;

/// What is known of a floating-point value from the way it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// A constant without a NaN.
    Constant,
    /// The result of an operation that quiets NaNs.
    Quiet,
    /// Anything else: any bits.
    Unknown,
}

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    /// Prepares the operands of an operation that LLVM might fold to one of them.
    pub fn guard_operands(
        &self,
        left: BasicValueEnum<'ctx>,
        right: BasicValueEnum<'ctx>,
    ) -> Result<(BasicValueEnum<'ctx>, BasicValueEnum<'ctx>)> {
        Ok((self.guard_operand(left)?, self.guard_operand(right)?))
    }

    /// Prepares an operand that the operation may return as it is.
    pub fn guard_operand(&self, value: BasicValueEnum<'ctx>) -> Result<BasicValueEnum<'ctx>> {
        match self.origin(value) {
            Origin::Unknown => self.quiet(value),
            Origin::Constant | Origin::Quiet => Ok(value),
        }
    }

    /// `value`, with every NaN made quiet. Takes a scalar or a vector of floats.
    fn quiet(&self, value: BasicValueEnum<'ctx>) -> Result<BasicValueEnum<'ctx>> {
        let ty: BasicTypeEnum = value.get_type();
        self.call_intrinsic("llvm.canonicalize", &[ty], &[value])
    }

    fn origin(&self, value: BasicValueEnum<'ctx>) -> Origin {
        use InstructionOpcode as Op;
        if let Some(has_nan) = constant_with_nan(value) {
            // LLVM folds `sNaN + -0.0` to its first operand as well.
            return if has_nan {
                Origin::Unknown
            } else {
                Origin::Constant
            };
        }
        let Some(instruction) = value_instruction(value) else {
            return Origin::Unknown;
        };
        match instruction.get_opcode() {
            Op::FAdd
            | Op::FSub
            | Op::FMul
            | Op::FDiv
            | Op::FPExt
            | Op::FPTrunc
            | Op::SIToFP
            | Op::UIToFP => Origin::Quiet,
            _ => Origin::Unknown,
        }
    }
}

fn value_instruction(value: BasicValueEnum) -> Option<inkwell::values::InstructionValue> {
    match value {
        BasicValueEnum::FloatValue(value) => value.as_instruction(),
        BasicValueEnum::VectorValue(value) => value.as_instruction(),
        _ => None,
    }
}

/// Whether a constant may be a NaN. Not every constant is a number to ask for: there are poison
/// (what operations of constants fold to in code that a trap keeps from being reached) and
/// expressions that only the optimiser folds (lanes of a vector seen as other ones).
fn is_nan(constant: FloatValue) -> bool {
    // SAFETY: asks what kind of value it is.
    let is_number = unsafe { !LLVMIsAConstantFP(constant.as_value_ref()).is_null() };
    !is_number
        || constant
            .get_constant()
            .is_some_and(|(number, _)| number.is_nan())
}

/// For a constant: whether it, or one of its lanes, may be a NaN.
fn constant_with_nan(value: BasicValueEnum) -> Option<bool> {
    match value {
        BasicValueEnum::FloatValue(value) if value.is_const() => Some(is_nan(value)),
        BasicValueEnum::VectorValue(value) if value.is_const() => {
            // Zeros and constants seen as lanes of another type are no plain data to LLVM, which
            // alone has lanes to look at.
            let has_nan = if value.is_constant_data_vector() {
                (0..value.get_type().get_size())
                    .any(|lane| is_nan(value.get_element_as_constant(lane).into_float_value()))
            } else {
                !value.is_null()
            };
            Some(has_nan)
        }
        _ => None,
    }
}

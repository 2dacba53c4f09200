//! Guards signalling NaNs, which WebAssembly quiets, against LLVM's floating-point folds.
//!
//! LLVM may fold `x * 1.0`, `x / 1.0`, `x - 0.0`, `x + -0.0`, `demote (promote x)` and similar operations to
//! `x`. If `x` is a signalling NaN, WebAssembly demands a quiet NaN (specification 4.3.3, "NaN propagation").
//! So an operand that may be a signalling NaN (anything but the result of a floating-point operation) is
//! passed through `llvm.canonicalize`. The guard survives exactly these folds. `passes::drop_canonicalize`
//! removes it if the operation remains and quiets the NaN itself. A harmless other operand is no exemption:
//! inlining, unrolling or a store just before a load can turn any operand into a constant.

use inkwell::llvm_sys::core::LLVMIsAConstantFP;
use inkwell::types::BasicTypeEnum;
use inkwell::values::{AsValueRef, BasicValueEnum, FloatValue, InstructionOpcode};

use super::error::Result;
use super::function::FunctionEmitter;

/// The knowledge about a floating-point value from the way it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// A constant without a NaN.
    Constant,
    /// The result of an operation that quiets NaNs.
    Quiet,
    /// Any other value: any bits.
    Unknown,
}

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    /// Guards the operands of an operation that LLVM might fold to one of them.
    pub fn guard_operands(
        &self,
        left: BasicValueEnum<'ctx>,
        right: BasicValueEnum<'ctx>,
    ) -> Result<(BasicValueEnum<'ctx>, BasicValueEnum<'ctx>)> {
        Ok((self.guard_operand(left)?, self.guard_operand(right)?))
    }

    /// Guards an operand that the operation may return unchanged.
    pub fn guard_operand(&self, value: BasicValueEnum<'ctx>) -> Result<BasicValueEnum<'ctx>> {
        match self.origin(value) {
            Origin::Unknown => self.quiet(value),
            Origin::Constant | Origin::Quiet => Ok(value),
        }
    }

    /// Returns `value` with every NaN made quiet. Takes a scalar or a vector of floats.
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

/// Reports whether a constant may be a NaN. Not every constant has a value to read. Poison results from
/// constant operations in code that a trap makes unreachable. Some expressions only the optimiser folds
/// (lanes of a vector cast to other lanes).
fn is_nan(constant: FloatValue) -> bool {
    // SAFETY: asks what kind of value it is.
    let is_number = unsafe { !LLVMIsAConstantFP(constant.as_value_ref()).is_null() };
    !is_number
        || constant
            .get_constant()
            .is_some_and(|(number, _)| number.is_nan())
}

/// Reports for a constant whether it, or one of its lanes, may be a NaN; `None` for other values.
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

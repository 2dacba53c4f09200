//! Operations that LLVM cannot make code of for some target, or only with functions that the
//! runtime's loader does not know: each becomes others that mean the same.
//!
//! This comes last, so that the optimiser sees plain operations, and what it made itself is caught
//! as well. What a target needs is found out by `target::Legalisation`.

use inkwell::FloatPredicate;
use inkwell::builder::{Builder, BuilderError};
use inkwell::context::ContextRef;
use inkwell::module::Module as LlvmModule;
use inkwell::types::{FloatType, IntType};
use inkwell::values::{
    BasicValueEnum, FloatValue, FunctionValue, InstructionOpcode, InstructionValue,
};

use super::PassError;
use crate::target::Legalisation;

/// Rewrites what `module`'s target cannot do.
pub fn legalise(module: &LlvmModule, needs: &Legalisation) -> Result<(), PassError> {
    let context = module.get_context();
    let pass = Pass {
        builder: context.create_builder(),
        context,
        needs,
    };
    for function in module.get_functions() {
        for instruction in instructions(function) {
            pass.builder.position_before(&instruction);
            let value = pass
                .stand_in(instruction)
                .map_err(|error| PassError(error.to_string()))?;
            if let Some(value) = value {
                replace(instruction, value);
            }
        }
    }
    Ok(())
}

fn instructions(function: FunctionValue) -> Vec<InstructionValue> {
    let blocks = function.get_basic_block_iter();
    blocks.flat_map(|block| block.get_instructions()).collect()
}

fn replace(instruction: InstructionValue, value: BasicValueEnum) {
    match value {
        BasicValueEnum::FloatValue(value) => {
            if let Ok(old) = FloatValue::try_from(instruction) {
                old.replace_all_uses_with(value);
            }
        }
        other => unreachable!("nothing of type {} is rewritten", other.get_type()),
    }
    instruction.erase_from_basic_block();
}

struct Pass<'ctx, 'a> {
    builder: Builder<'ctx>,
    context: ContextRef<'ctx>,
    needs: &'a Legalisation,
}

impl<'ctx> Pass<'ctx, '_> {
    /// What `instruction` becomes, if it has to become something else.
    fn stand_in(
        &self,
        instruction: InstructionValue<'ctx>,
    ) -> Result<Option<BasicValueEnum<'ctx>>, BuilderError> {
        match instruction.get_opcode() {
            InstructionOpcode::Call => self.of_call(instruction),
            _ => Ok(None),
        }
    }

    fn of_call(
        &self,
        call: InstructionValue<'ctx>,
    ) -> Result<Option<BasicValueEnum<'ctx>>, BuilderError> {
        let Some(name) = intrinsic(call) else {
            return Ok(None);
        };
        match name.as_str() {
            "llvm.minimum.f32" | "llvm.minimum.f64" if self.needs.minimum => {
                self.minimum(call, FloatPredicate::OLT).map(Some)
            }
            "llvm.maximum.f32" | "llvm.maximum.f64" if self.needs.minimum => {
                self.minimum(call, FloatPredicate::OGT).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The lesser of two operands (or the greater): a quiet NaN if there is one among them, and of
    /// two zeros the one with that sign.
    fn minimum(
        &self,
        call: InstructionValue<'ctx>,
        predicate: FloatPredicate,
    ) -> Result<BasicValueEnum<'ctx>, BuilderError> {
        let b = &self.builder;
        let [left, right] = [0, 1].map(|index| float_operand(call, index));
        let ty = left.get_type();
        let bits = self.bits_of(ty);
        let [left_bits, right_bits] = [left, right].map(|value| b.build_bit_cast(value, bits, ""));
        let (left_bits, right_bits) = (left_bits?.into_int_value(), right_bits?.into_int_value());
        // Equal operands differ at most in their signs, both being zeros.
        let same = if predicate == FloatPredicate::OLT {
            b.build_or(left_bits, right_bits, "")?
        } else {
            b.build_and(left_bits, right_bits, "")?
        };
        let same = b.build_bit_cast(same, ty, "")?.into_float_value();
        let chosen = b.build_float_compare(predicate, left, right, "")?;
        let chosen = b.build_select(chosen, left, right, "")?.into_float_value();
        let equal = b.build_float_compare(FloatPredicate::OEQ, left, right, "")?;
        let chosen = b.build_select(equal, same, chosen, "")?.into_float_value();
        let unordered = b.build_float_compare(FloatPredicate::UNO, left, right, "")?;
        let nan = b.build_float_add(left, right, "")?;
        b.build_select(unordered, nan, chosen, "")
    }

    fn bits_of(&self, ty: FloatType<'ctx>) -> IntType<'ctx> {
        if ty == self.context.f32_type() {
            self.context.i32_type()
        } else {
            self.context.i64_type()
        }
    }
}

/// The name of the LLVM intrinsic that `call` calls.
fn intrinsic(call: InstructionValue) -> Option<String> {
    let callee = call.get_num_operands().checked_sub(1)?;
    let callee = call.get_operand(callee)?.value()?;
    let name = callee
        .into_pointer_value()
        .get_name()
        .to_str()
        .ok()?
        .to_owned();
    name.starts_with("llvm.").then_some(name)
}

fn float_operand(instruction: InstructionValue<'_>, index: u32) -> FloatValue<'_> {
    instruction
        .get_operand(index)
        .and_then(|operand| operand.value())
        .expect("the operation has operands of that type")
        .into_float_value()
}

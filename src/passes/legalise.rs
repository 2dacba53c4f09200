//! Operations that LLVM cannot make code of for some target, or only with functions that the
//! runtime's loader does not know: each becomes others that mean the same, or a call of the
//! function that the runtime has for it under a name of its own.
//!
//! This comes last, so that the optimiser sees plain operations, and what it made itself is caught
//! as well. [`Needs`] says what a target lacks.

mod needs;
#[cfg(test)]
mod tests;

use inkwell::FloatPredicate;
use inkwell::attributes::{Attribute, AttributeLoc};
use inkwell::builder::{Builder, BuilderError};
use inkwell::context::ContextRef;
use inkwell::module::Module as LlvmModule;
use inkwell::types::{BasicMetadataTypeEnum, BasicType, BasicTypeEnum, FloatType, IntType};
use inkwell::values::{
    BasicMetadataValueEnum, BasicValueEnum, FloatValue, FunctionValue, InstructionOpcode as Op,
    InstructionValue, IntValue,
};

use super::PassError;
use needs::Operation;

pub use needs::Needs;

type Result<T, E = BuilderError> = std::result::Result<T, E>;

/// Rewrites what `module`'s target cannot do.
pub fn legalise(module: &LlvmModule, needs: &Needs) -> Result<(), PassError> {
    if !needs.minimum && needs.operations.is_empty() {
        return Ok(());
    }
    let context = module.get_context();
    let pass = Pass {
        module,
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
        BasicValueEnum::IntValue(value) => {
            if let Ok(old) = IntValue::try_from(instruction) {
                old.replace_all_uses_with(value);
            }
        }
        other => unreachable!("nothing of type {} is rewritten", other.get_type()),
    }
    instruction.erase_from_basic_block();
}

struct Pass<'ctx, 'a> {
    module: &'a LlvmModule<'ctx>,
    builder: Builder<'ctx>,
    context: ContextRef<'ctx>,
    needs: &'a Needs,
}

impl<'ctx> Pass<'ctx, '_> {
    /// What `instruction` becomes, if it has to become something else.
    fn stand_in(
        &self,
        instruction: InstructionValue<'ctx>,
    ) -> Result<Option<BasicValueEnum<'ctx>>> {
        let opcode = instruction.get_opcode();
        if opcode == Op::Call {
            return self.of_call(instruction);
        }
        let Some(from) = operand_type(instruction) else {
            return Ok(None);
        };
        if opcode == Op::FCmp {
            return self.of_comparison(instruction, from);
        }
        let Ok(to) = BasicTypeEnum::try_from(instruction.get_type()) else {
            return Ok(None);
        };
        let Some(operation) = self.operation(opcode, from, to) else {
            return Ok(None);
        };
        let count = if from == to { 2 } else { 1 };
        let operands: Vec<_> = (0..count)
            .map(|index| operand(instruction, index))
            .collect();
        self.call(function(operation), to, &operands).map(Some)
    }

    /// The operation that `opcode` is on these types, if it has to be rewritten.
    fn operation(
        &self,
        opcode: Op,
        from: BasicTypeEnum<'ctx>,
        to: BasicTypeEnum<'ctx>,
    ) -> Option<Operation> {
        use Operation as O;
        let (i32, i64): (BasicTypeEnum, BasicTypeEnum) = (
            self.context.i32_type().into(),
            self.context.i64_type().into(),
        );
        let (f32, f64): (BasicTypeEnum, BasicTypeEnum) = (
            self.context.f32_type().into(),
            self.context.f64_type().into(),
        );
        let rows = [
            (Op::FPToSI, f32, i32, O::F32ToI32),
            (Op::FPToUI, f32, i32, O::F32ToU32),
            (Op::SIToFP, i32, f32, O::I32ToF32),
            (Op::UIToFP, i32, f32, O::U32ToF32),
            (Op::AShr, i64, i64, O::I64ShiftRight),
            (Op::SDiv, i64, i64, O::I64DivS),
            (Op::UDiv, i64, i64, O::I64DivU),
            (Op::SRem, i64, i64, O::I64RemS),
            (Op::URem, i64, i64, O::I64RemU),
            (Op::FPToSI, f32, i64, O::F32ToI64),
            (Op::FPToUI, f32, i64, O::F32ToU64),
            (Op::FPToSI, f64, i64, O::F64ToI64),
            (Op::FPToUI, f64, i64, O::F64ToU64),
            (Op::SIToFP, i64, f32, O::I64ToF32),
            (Op::UIToFP, i64, f32, O::U64ToF32),
            (Op::SIToFP, i64, f64, O::I64ToF64),
            (Op::UIToFP, i64, f64, O::U64ToF64),
        ];
        rows.into_iter()
            .find(|row| (row.0, row.1, row.2) == (opcode, from, to))
            .map(|row| row.3)
            .filter(|operation| self.needs.operations.contains(operation))
    }

    fn of_comparison(
        &self,
        comparison: InstructionValue<'ctx>,
        ty: BasicTypeEnum<'ctx>,
    ) -> Result<Option<BasicValueEnum<'ctx>>> {
        let needed = self.needs.operations.contains(&Operation::F32Less);
        if !needed || ty != self.context.f32_type().into() {
            return Ok(None);
        }
        let [left, right] = [0, 1].map(|index| float_operand(comparison, index));
        Ok(match comparison.get_fcmp_predicate() {
            Some(FloatPredicate::OLT) => Some(self.less(left, right)?.into()),
            // LLVM makes of this the contrary of the former.
            Some(FloatPredicate::UGE) => {
                let less = self.less(left, right)?;
                Some(self.builder.build_not(less, "")?.into())
            }
            _ => None,
        })
    }

    /// `left < right`, both being numbers.
    fn less(&self, left: FloatValue<'ctx>, right: FloatValue<'ctx>) -> Result<IntValue<'ctx>> {
        let is_f32 = left.get_type() == self.context.f32_type();
        if !is_f32 || !self.needs.operations.contains(&Operation::F32Less) {
            return self
                .builder
                .build_float_compare(FloatPredicate::OLT, left, right, "");
        }
        /// `FLOAT_LT` in `core/iwasm/aot/aot_intrinsic.h`.
        const LESS: u64 = 2;
        let i32 = self.context.i32_type();
        let arguments = [i32.const_int(LESS, false).into(), left.into(), right.into()];
        let less = self.call(function(Operation::F32Less), i32.into(), &arguments)?;
        self.builder
            .build_int_truncate(less.into_int_value(), self.context.bool_type(), "")
    }

    fn of_call(&self, call: InstructionValue<'ctx>) -> Result<Option<BasicValueEnum<'ctx>>> {
        let Some(name) = intrinsic(call) else {
            return Ok(None);
        };
        let (opcode, signed) = match name.as_str() {
            "llvm.minimum.f32" | "llvm.minimum.f64" if self.needs.minimum => {
                return self.minimum(call, FloatPredicate::OLT).map(Some);
            }
            "llvm.maximum.f32" | "llvm.maximum.f64" if self.needs.minimum => {
                return self.minimum(call, FloatPredicate::OGT).map(Some);
            }
            name if name.starts_with("llvm.fptosi.sat.") => (Op::FPToSI, true),
            name if name.starts_with("llvm.fptoui.sat.") => (Op::FPToUI, false),
            _ => return Ok(None),
        };
        let (Some(from), Ok(to)) = (operand_type(call), BasicTypeEnum::try_from(call.get_type()))
        else {
            return Ok(None);
        };
        match self.operation(opcode, from, to) {
            Some(operation) => self.saturated(call, operation, to, signed).map(Some),
            None => Ok(None),
        }
    }

    /// The lesser of two operands (or the greater): a quiet NaN if there is one among them, and of
    /// two zeros the one with that sign.
    fn minimum(
        &self,
        call: InstructionValue<'ctx>,
        predicate: FloatPredicate,
    ) -> Result<BasicValueEnum<'ctx>> {
        let b = &self.builder;
        let [left, right] = [0, 1].map(|index| float_operand(call, index));
        let ty = left.get_type();
        let bits = self.bits_of(ty);
        let [left_bits, right_bits] = [left, right].map(|value| b.build_bit_cast(value, bits, ""));
        let (left_bits, right_bits) = (left_bits?.into_int_value(), right_bits?.into_int_value());
        // Equal operands differ at most in their signs, both being zeros.
        let (same, first) = if predicate == FloatPredicate::OLT {
            (
                b.build_or(left_bits, right_bits, "")?,
                self.less(left, right)?,
            )
        } else {
            (
                b.build_and(left_bits, right_bits, "")?,
                b.build_float_compare(predicate, left, right, "")?,
            )
        };
        let same = b.build_bit_cast(same, ty, "")?.into_float_value();
        let chosen = b.build_select(first, left, right, "")?.into_float_value();
        let equal = b.build_float_compare(FloatPredicate::OEQ, left, right, "")?;
        let chosen = b.build_select(equal, same, chosen, "")?.into_float_value();
        let unordered = b.build_float_compare(FloatPredicate::UNO, left, right, "")?;
        let nan = b.build_float_add(left, right, "")?;
        b.build_select(unordered, nan, chosen, "")
    }

    /// A truncation that gives the nearest integer where there is none that fits, and zero for a
    /// NaN. The function is called whatever the operand is: it has no other effect than its result.
    fn saturated(
        &self,
        call: InstructionValue<'ctx>,
        operation: Operation,
        to: BasicTypeEnum<'ctx>,
        signed: bool,
    ) -> Result<BasicValueEnum<'ctx>> {
        let b = &self.builder;
        let value = float_operand(call, 0);
        let ty = to.into_int_type();
        let width = ty.get_bit_width();
        let (least, greatest, below, above) = if signed {
            let limit = 2f64.powi(width as i32 - 1);
            let least = ty.const_int(1 << (width - 1), false);
            (least, least.const_not(), -limit, limit)
        } else {
            let limit = 2f64.powi(width as i32);
            (ty.const_zero(), ty.const_all_ones(), 0.0, limit)
        };
        let below = value.get_type().const_float(below);
        let above = value.get_type().const_float(above);
        let result = self.call(function(operation), to, &[value.into()])?;
        let result = result.into_int_value();
        let is_above = b.build_float_compare(FloatPredicate::OGE, value, above, "")?;
        let result = b.build_select(is_above, greatest, result, "")?;
        let is_below = self.less(value, below)?;
        let result = b.build_select(is_below, least, result.into_int_value(), "")?;
        let is_nan = b.build_float_compare(FloatPredicate::UNO, value, value, "")?;
        b.build_select(is_nan, ty.const_zero(), result.into_int_value(), "")
    }

    /// Calls a function of the runtime.
    fn call(
        &self,
        name: &str,
        result: BasicTypeEnum<'ctx>,
        arguments: &[BasicValueEnum<'ctx>],
    ) -> Result<BasicValueEnum<'ctx>> {
        let function = self.module.get_function(name).unwrap_or_else(|| {
            let params: Vec<BasicMetadataTypeEnum> = arguments
                .iter()
                .map(|argument| argument.get_type().into())
                .collect();
            let function = self
                .module
                .add_function(name, result.fn_type(&params, false), None);
            function.add_attribute(AttributeLoc::Function, self.attribute("nounwind"));
            for (position, argument) in (0..).zip(arguments) {
                if self.needs.extends_i32 && argument.get_type() == self.context.i32_type().into() {
                    function
                        .add_attribute(AttributeLoc::Param(position), self.attribute("signext"));
                }
            }
            function
        });
        let arguments: Vec<BasicMetadataValueEnum> =
            arguments.iter().map(|&argument| argument.into()).collect();
        let call = self.builder.build_call(function, &arguments, "")?;
        Ok(call
            .try_as_basic_value()
            .expect_basic("the function returns a value"))
    }

    fn attribute(&self, name: &str) -> Attribute {
        self.context
            .create_enum_attribute(Attribute::get_named_enum_kind_id(name), 0)
    }

    fn bits_of(&self, ty: FloatType<'ctx>) -> IntType<'ctx> {
        if ty == self.context.f32_type() {
            self.context.i32_type()
        } else {
            self.context.i64_type()
        }
    }
}

/// The runtime's function for an operation (`core/iwasm/aot/aot_intrinsic.h`).
fn function(operation: Operation) -> &'static str {
    match operation {
        Operation::F32Less => "aot_intrinsic_f32_cmp",
        Operation::F32ToI32 => "aot_intrinsic_f32_to_i32",
        Operation::F32ToU32 => "aot_intrinsic_f32_to_u32",
        Operation::I32ToF32 => "aot_intrinsic_i32_to_f32",
        Operation::U32ToF32 => "aot_intrinsic_u32_to_f32",
        Operation::I64ShiftRight => "aot_intrinsic_i64_shr_s",
        Operation::I64DivS => "aot_intrinsic_i64_div_s",
        Operation::I64DivU => "aot_intrinsic_i64_div_u",
        Operation::I64RemS => "aot_intrinsic_i64_rem_s",
        Operation::I64RemU => "aot_intrinsic_i64_rem_u",
        Operation::F32ToI64 => "aot_intrinsic_f32_to_i64",
        Operation::F32ToU64 => "aot_intrinsic_f32_to_u64",
        Operation::F64ToI64 => "aot_intrinsic_f64_to_i64",
        Operation::F64ToU64 => "aot_intrinsic_f64_to_u64",
        Operation::I64ToF32 => "aot_intrinsic_i64_to_f32",
        Operation::U64ToF32 => "aot_intrinsic_u64_to_f32",
        Operation::I64ToF64 => "aot_intrinsic_i64_to_f64",
        Operation::U64ToF64 => "aot_intrinsic_u64_to_f64",
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

fn operand(instruction: InstructionValue<'_>, index: u32) -> BasicValueEnum<'_> {
    instruction
        .get_operand(index)
        .and_then(|operand| operand.value())
        .expect("the operation has that many operands")
}

fn float_operand(instruction: InstructionValue<'_>, index: u32) -> FloatValue<'_> {
    operand(instruction, index).into_float_value()
}

/// The type of the first operand.
fn operand_type(instruction: InstructionValue<'_>) -> Option<BasicTypeEnum<'_>> {
    let operand = instruction.get_operand(0)?.value()?;
    Some(operand.get_type())
}

//! For the smallest code, replaces operations of many instructions by calls of a function, one per partition.
//!
//! - Shifts of 64 bits by a variable number on 32-bit processors. For these LLVM would call the compiler's
//!   library (`__ashldi3`), which the runtime does not have.
//! - Unaligned accesses to words, on processors that require alignment. LLVM makes each of single bytes, ten
//!   instructions and more; a call takes two.

use inkwell::AddressSpace;
use inkwell::attributes::{Attribute, AttributeLoc};
use inkwell::builder::{Builder, BuilderError};
use inkwell::module::{Linkage, Module as LlvmModule};
use inkwell::types::{BasicType, BasicTypeEnum, FunctionType};
use inkwell::values::{
    AnyValue, AnyValueEnum, BasicValue, BasicValueEnum, FunctionValue, InstructionOpcode as Op,
    InstructionValue,
};

/// The size of the words whose accesses are shared, in bits and bytes.
const WORD: (u32, u32) = (32, 4);

/// Shares shifts in all functions of `module`.
pub fn shifts(module: &LlvmModule) {
    for (opcode, name) in [
        (Op::Shl, "shift.left"),
        (Op::LShr, "shift.right.unsigned"),
        (Op::AShr, "shift.right.signed"),
    ] {
        let shifts = instructions(module, opcode, |shift| {
            let by = operands(shift).pop();
            let variable =
                by.is_some_and(|by| by.is_int_value() && !by.into_int_value().is_const());
            variable && bits(shift.get_type().try_into().ok()) == Some(64)
        });
        share(module, &shifts, name, |builder, operands| {
            let [value, by] = [0, 1].map(|index: usize| operands[index].into_int_value());
            let result = match opcode {
                Op::Shl => builder.build_left_shift(value, by, ""),
                _ => builder.build_right_shift(value, by, opcode == Op::AShr, ""),
            };
            builder.build_return(Some(&result?))
        });
    }
}

/// Shares unaligned accesses to words in all functions of `module`.
pub fn accesses(module: &LlvmModule) {
    let unaligned = |access: InstructionValue| {
        let aligned = access.get_alignment().map_or(WORD.1, |bytes| bytes);
        aligned < WORD.1 && access.get_volatile() == Ok(false)
    };
    let loads = instructions(module, Op::Load, |load| {
        unaligned(load) && bits(load.get_type().try_into().ok()) == Some(WORD.0)
    });
    let context = module.get_context();
    let word = context
        .custom_width_int_type(WORD.0.try_into().expect("words have bits"))
        .expect("there are integers of that width");
    share(module, &loads, "load.unaligned", |builder, operands| {
        let loaded = builder.build_load(word, operands[0].into_pointer_value(), "")?;
        let load = BasicValue::as_instruction_value(&loaded).expect("a load is an instruction");
        load.set_alignment(1).expect("loads have an alignment");
        builder.build_return(Some(&loaded))
    });
    let stores = instructions(module, Op::Store, |store| {
        let stored = operands(store).first().map(BasicValueEnum::get_type);
        unaligned(store) && bits(stored) == Some(WORD.0)
    });
    share(module, &stores, "store.unaligned", |builder, operands| {
        let store = builder.build_store(operands[1].into_pointer_value(), operands[0])?;
        store.set_alignment(1).expect("stores have an alignment");
        builder.build_return(None)
    });
}

fn instructions<'ctx>(
    module: &LlvmModule<'ctx>,
    opcode: Op,
    wanted: impl Fn(InstructionValue<'ctx>) -> bool,
) -> Vec<InstructionValue<'ctx>> {
    module
        .get_functions()
        .flat_map(FunctionValue::get_basic_blocks)
        .flat_map(|block| block.get_instructions())
        .filter(|instruction| instruction.get_opcode() == opcode && wanted(*instruction))
        .collect()
}

fn operands(instruction: InstructionValue) -> Vec<BasicValueEnum> {
    let operands = instruction.get_operands();
    operands.filter_map(|operand| operand?.value()).collect()
}

/// Returns the width of an integer in bits.
fn bits(ty: Option<BasicTypeEnum>) -> Option<u32> {
    match ty {
        Some(BasicTypeEnum::IntType(ty)) => Some(ty.get_bit_width()),
        _ => None,
    }
}

/// Replaces `users`, which all perform the same operation, by calls of a function whose body `emit` emits.
fn share<'ctx>(
    module: &LlvmModule<'ctx>,
    users: &[InstructionValue<'ctx>],
    name: &str,
    emit: impl Fn(
        &Builder<'ctx>,
        &[BasicValueEnum<'ctx>],
    ) -> Result<InstructionValue<'ctx>, BuilderError>,
) {
    const PLACED: &str = "the builder has a position, and operands of the right types";
    let Some(&example) = users.first() else {
        return;
    };
    let context = module.get_context();
    let function = module.add_function(name, signature(module, example), Some(Linkage::Internal));
    // Not for the smallest code: a shift would be the library's call again.
    for attribute in ["nounwind", "noinline", "optsize"] {
        let kind = Attribute::get_named_enum_kind_id(attribute);
        let attribute = context.create_enum_attribute(kind, 0);
        function.add_attribute(AttributeLoc::Function, attribute);
    }
    let builder = context.create_builder();
    builder.position_at_end(context.append_basic_block(function, ""));
    emit(&builder, &function.get_params()).expect(PLACED);
    for user in users {
        builder.position_before(user);
        let arguments: Vec<_> = operands(*user).into_iter().map(Into::into).collect();
        let call = builder.build_call(function, &arguments, "").expect(PLACED);
        // A store has none.
        if let AnyValueEnum::IntValue(result) = call.as_any_value_enum() {
            let result = result.as_instruction().expect("a call is an instruction");
            user.replace_all_uses_with(&result);
        }
        user.erase_from_basic_block();
    }
}

/// Returns the type of a function that takes an instruction's operands and returns its result.
fn signature<'ctx>(
    module: &LlvmModule<'ctx>,
    instruction: InstructionValue<'ctx>,
) -> FunctionType<'ctx> {
    let params: Vec<_> = operands(instruction)
        .iter()
        .map(|operand| match operand {
            BasicValueEnum::PointerValue(_) => module
                .get_context()
                .ptr_type(AddressSpace::default())
                .into(),
            other => other.get_type().into(),
        })
        .collect();
    match BasicTypeEnum::try_from(instruction.get_type()) {
        Ok(result) => result.fn_type(&params, false),
        Err(()) => module.get_context().void_type().fn_type(&params, false),
    }
}

#[cfg(test)]
mod tests {
    use crate::passes::testing::after;

    #[test]
    fn shifts_by_a_variable_number_are_calls() {
        let ir = after(
            super::shifts,
            "define i64 @f(i64 %x, i64 %by, i32 %y) {
               %left = shl i64 %x, %by
               %right = ashr i64 %left, %by
               %constant = lshr i64 %right, 3
               %narrow = shl i32 %y, %y
               ret i64 %constant
             }",
        );
        assert!(ir.contains("call i64 @shift.left(i64 %x, i64 %by)"), "{ir}");
        assert!(
            ir.contains("call i64 @shift.right.signed(i64 %1, i64 %by)"),
            "{ir}"
        );
        assert!(ir.contains("lshr i64 %2, 3"), "{ir}");
        assert!(ir.contains("shl i32 %y, %y"), "{ir}");
        assert!(!ir.contains("@shift.right.unsigned"), "{ir}");
    }

    #[test]
    fn accesses_to_words_that_need_not_be_aligned_are_calls() {
        let ir = after(
            super::accesses,
            "define void @f(ptr %from, ptr %to) {
               %word = load i32, ptr %from, align 1
               store i32 %word, ptr %to, align 2
               %aligned = load i32, ptr %from, align 4
               store volatile i32 %aligned, ptr %to, align 1
               %byte = load i8, ptr %from, align 1
               ret void
             }",
        );
        assert!(
            ir.contains("%1 = call i32 @load.unaligned(ptr %from)"),
            "{ir}"
        );
        assert!(
            ir.contains("call void @store.unaligned(i32 %1, ptr %to)"),
            "{ir}"
        );
        assert!(
            ir.contains("%aligned = load i32, ptr %from, align 4"),
            "{ir}"
        );
        assert!(ir.contains("store volatile i32 %aligned"), "{ir}");
        assert!(ir.contains("%byte = load i8"), "{ir}");
    }
}

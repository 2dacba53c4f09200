//! Debug records: notes between instructions that say where a variable lives. They change no code.
//!
//! inkwell returns each record as an instruction, which a record is not. So these functions call LLVM themselves.

use inkwell::basic_block::BasicBlock;
use inkwell::debug_info::{DILocalVariable, DILocation, DebugInfoBuilder};
use inkwell::llvm_sys::debuginfo::{
    LLVMDIBuilderInsertDbgValueRecordAtEnd, LLVMDIBuilderInsertDeclareRecordBefore,
};
use inkwell::values::{AsValueRef, BasicValueEnum, InstructionValue, PointerValue};

/// Notes in front of `instruction` that `variable` lives in `slot`, in all of the function.
pub fn declare<'ctx>(
    builder: &DebugInfoBuilder<'ctx>,
    variable: DILocalVariable<'ctx>,
    slot: PointerValue<'ctx>,
    location: DILocation<'ctx>,
    instruction: InstructionValue<'ctx>,
) {
    let expression = builder.create_expression(Vec::new());
    // SAFETY: all operands are alive and belong to one context, and the record belongs to the instruction's block.
    unsafe {
        LLVMDIBuilderInsertDeclareRecordBefore(
            builder.as_mut_ptr(),
            slot.as_value_ref(),
            variable.as_mut_ptr(),
            expression.as_mut_ptr(),
            location.as_mut_ptr(),
            instruction.as_value_ref(),
        );
    }
}

/// Notes at the end of `block` that `variable` has `value` from here on.
pub fn set_value<'ctx>(
    builder: &DebugInfoBuilder<'ctx>,
    variable: DILocalVariable<'ctx>,
    value: BasicValueEnum<'ctx>,
    location: DILocation<'ctx>,
    block: BasicBlock<'ctx>,
) {
    let expression = builder.create_expression(Vec::new());
    // SAFETY: as above.
    unsafe {
        LLVMDIBuilderInsertDbgValueRecordAtEnd(
            builder.as_mut_ptr(),
            value.as_value_ref(),
            variable.as_mut_ptr(),
            expression.as_mut_ptr(),
            location.as_mut_ptr(),
            block.as_mut_ptr(),
        );
    }
}

//! Splitting blocks.

use inkwell::llvm_sys::LLVMInlineAsmDialect;
use inkwell::llvm_sys::core::*;

use super::{Block, Value};

/// What stands between the two parts of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// A branch, which only stays if nothing is optimised.
    Branch,
    /// Empty assembly that could jump (`callbr`). LLVM neither removes it nor moves anything over it. It
    /// takes no instruction.
    Assembly,
}

impl<'m> Block<'m> {
    /// Moves the first instructions of the block to a new block in front of it, where all that
    /// went to this block goes now.
    pub fn move_to_new_block(self, instructions: &[Value<'m>], between: Between) {
        // SAFETY: the instructions are the first of this block, so that no operand of theirs stands
        // behind them. A phi does not use the blocks that it mentions: where the end of this block goes, it
        // is still this block that control comes from.
        unsafe {
            let function = LLVMGetBasicBlockParent(self.raw);
            let context = LLVMGetModuleContext(LLVMGetGlobalParent(function));
            let first = LLVMInsertBasicBlockInContext(context, self.raw, c"".as_ptr());
            // `LLVMReplaceAllUsesWith` would also change the phis that mention this block.
            let sources: Vec<Value> = Value::new(LLVMBasicBlockAsValue(self.raw))
                .map(|block| block.users().collect())
                .unwrap_or_default();
            for source in sources {
                for index in 0..LLVMGetNumSuccessors(source.raw) {
                    if LLVMGetSuccessor(source.raw, index) == self.raw {
                        LLVMSetSuccessor(source.raw, index, first);
                    }
                }
            }
            let builder = LLVMCreateBuilderInContext(context);
            LLVMPositionBuilderAtEnd(builder, first);
            for instruction in instructions {
                LLVMInstructionRemoveFromParent(instruction.raw);
                LLVMInsertIntoBuilder(builder, instruction.raw);
            }
            match between {
                Between::Branch => {
                    LLVMBuildBr(builder, self.raw);
                }
                Between::Assembly => {
                    let void = LLVMVoidTypeInContext(context);
                    let ty = LLVMFunctionType(void, std::ptr::null_mut(), 0, 0);
                    let assembly = LLVMGetInlineAsm(
                        ty,
                        c"".as_ptr(),
                        0,
                        c"".as_ptr(),
                        0,
                        1,
                        0,
                        LLVMInlineAsmDialect::LLVMInlineAsmDialectATT,
                        0,
                    );
                    LLVMBuildCallBr(
                        builder,
                        ty,
                        assembly,
                        self.raw,
                        std::ptr::null_mut(),
                        0,
                        std::ptr::null_mut(),
                        0,
                        std::ptr::null_mut(),
                        0,
                        c"".as_ptr(),
                    );
                }
            }
            LLVMDisposeBuilder(builder);
        }
    }
}

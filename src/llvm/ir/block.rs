//! Blocks: their branches, and the order of their instructions.

use super::*;

impl<'m> Block<'m> {
    /// The name that LLVM gave it.
    pub fn name(self) -> &'m [u8] {
        // SAFETY: the name of a block is a string that lives as long as the block.
        unsafe { CStr::from_ptr(LLVMGetBasicBlockName(self.raw)) }.to_bytes()
    }

    /// The number below which `count` sends control elsewhere than to `next`, and the comparison:
    /// this block must end with `br (icmp ult count, number), elsewhere, next`.
    pub fn threshold(self, next: Block<'m>) -> Option<(Value<'m>, u64)> {
        // SAFETY: a condition is asked of conditional branches only, a predicate of comparisons.
        unsafe {
            let branch = LLVMGetBasicBlockTerminator(self.raw);
            if LLVMGetInstructionOpcode(branch) != LLVMOpcode::LLVMBr
                || LLVMIsConditional(branch) == 0
                || LLVMGetSuccessor(branch, 1) != next.raw
            {
                return None;
            }
            let condition = Value::new(LLVMGetCondition(branch))?;
            let below = condition.opcode() == Some(LLVMOpcode::LLVMICmp)
                && LLVMGetICmpPredicate(condition.raw) == LLVMIntPredicate::LLVMIntULT;
            let number = condition.operand(1)?.integer_constant()?;
            below.then_some((condition, number))
        }
    }

    /// The condition of the branch that the block ends with, and where to control goes if it holds
    /// and if it does not.
    pub fn condition(self) -> Option<(Value<'m>, Block<'m>, Block<'m>)> {
        // SAFETY: a condition is asked of conditional branches only, which have two successors.
        unsafe {
            let branch = LLVMGetBasicBlockTerminator(self.raw);
            if LLVMGetInstructionOpcode(branch) != LLVMOpcode::LLVMBr
                || LLVMIsConditional(branch) == 0
            {
                return None;
            }
            let condition = Value::new(LLVMGetCondition(branch))?;
            let mut successors = self.successors();
            Some((condition, successors.next()?, successors.next()?))
        }
    }

    /// Makes the condition of the branch that the block ends with one that leads to `successor`.
    pub fn always_goes_to(self, successor: Block<'m>) {
        let Some((condition, yes, _)) = self.condition() else {
            return;
        };
        let constant = condition.boolean(yes == successor);
        // SAFETY: the block ends with a conditional branch.
        unsafe { LLVMSetCondition(LLVMGetBasicBlockTerminator(self.raw), constant.raw) }
    }

    /// The instruction that the block ends with.
    pub fn terminator(self) -> Option<Value<'m>> {
        // SAFETY: asked of a block of a living function.
        Value::new(unsafe { LLVMGetBasicBlockTerminator(self.raw) })
    }

    /// Makes the block, which ends with a branch to these two, go to `yes` if `condition` holds and
    /// to `no` if not.
    pub fn branch_on(self, condition: Value<'m>, yes: Block<'m>, no: Block<'m>) {
        // SAFETY: the block ends with a conditional branch, which has two successors; they stay the
        // same, so that no phi has to know.
        unsafe {
            let branch = LLVMGetBasicBlockTerminator(self.raw);
            LLVMSetCondition(branch, condition.raw);
            LLVMSetSuccessor(branch, 0, yes.raw);
            LLVMSetSuccessor(branch, 1, no.raw);
        }
    }

    /// Where control goes from here, if there is one way only.
    pub fn only_successor(self) -> Option<Block<'m>> {
        let mut successors = self.successors();
        let only = successors.next()?;
        successors.next().is_none().then_some(only)
    }

    /// Where control comes from, if there is one way only.
    pub fn only_predecessor(self) -> Option<Block<'m>> {
        // SAFETY: the uses of a block are those of terminators, which stand in blocks.
        unsafe {
            let uses = Value::new(LLVMBasicBlockAsValue(self.raw))?;
            let mut users = uses.users();
            let only = users.next()?.block()?;
            users.next().is_none().then_some(only)
        }
    }

    /// Whether control that comes from different blocks makes a difference here.
    pub fn begins_with_phi(self) -> bool {
        // SAFETY: the first instruction of a block, if any.
        let first = unsafe { Value::new(LLVMGetFirstInstruction(self.raw)) };
        first.is_some_and(|first| first.opcode() == Some(LLVMOpcode::LLVMPHI))
    }

    /// The instructions of the block.
    pub fn instructions(self) -> Vec<Value<'m>> {
        let mut all = Vec::new();
        // SAFETY: walks the list of the block's instructions.
        unsafe {
            let mut instruction = LLVMGetFirstInstruction(self.raw);
            while let Some(value) = Value::new(instruction) {
                all.push(value);
                instruction = LLVMGetNextInstruction(instruction);
            }
        }
        all
    }

    /// Whether an instruction of the block does something that can be seen from outside.
    pub fn has_effects(self) -> bool {
        // SAFETY: walks the list of the block's instructions.
        unsafe {
            let mut instruction = LLVMGetFirstInstruction(self.raw);
            while let Some(value) = Value::new(instruction) {
                if value.has_effect() {
                    return true;
                }
                instruction = LLVMGetNextInstruction(instruction);
            }
        }
        false
    }

    /// Where control can go from here.
    pub fn successors(self) -> impl Iterator<Item = Block<'m>> {
        // SAFETY: every block of finished IR has a terminator, which knows its successors.
        let terminator = unsafe { LLVMGetBasicBlockTerminator(self.raw) };
        let count = unsafe { LLVMGetNumSuccessors(terminator) };
        (0..count).map(move |index| Block {
            // SAFETY: the index is below the count.
            raw: unsafe { LLVMGetSuccessor(terminator, index) },
            module: PhantomData,
        })
    }
}

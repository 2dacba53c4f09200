//! Places in the segment of the register GS: pointers in address space 256 of LLVM's x86 code generator.

use super::*;

/// The address space of GS.
const GS: u32 = 256;

impl<'m> Value<'m> {
    /// Makes `place` the address of an access, whose operand `position` is the address now. The address space
    /// may change.
    pub fn set_address(self, position: u32, place: Value<'m>) {
        // SAFETY: an access takes a pointer in any address space there, and has no other trace of its type.
        unsafe { LLVMSetOperand(self.raw, position, place.raw) }
    }

    /// Follows additions of constants to a pointer back to their start. Returns the start and the sum.
    pub fn constant_distance(self) -> (Value<'m>, i64) {
        let (mut start, mut sum) = (self, 0_i64);
        // SAFETY: the element's type is asked of such instructions only.
        while start.opcode() == Some(LLVMOpcode::LLVMGetElementPtr)
            && start.operand_count() == 2
            && unsafe { element_bytes(start.raw) } == Some(1)
            && let (Some(before), Some(offset)) = (
                start.operand(0),
                start.operand(1).and_then(Value::signed_constant),
            )
        {
            sum = sum.wrapping_add(offset);
            start = before;
        }
        (start, sum)
    }

    /// The first instruction of a function.
    pub fn first_instruction(self) -> Value<'m> {
        // SAFETY: called for functions with a body only, whose first block has a terminator.
        let raw = unsafe { LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(self.raw)) };
        Value::new(raw).expect("a block has a terminator")
    }

    /// Gives this phi `values`, each from the block from which `model` has its value at that position.
    pub fn add_incoming_like(self, model: Value<'m>, values: &[Value<'m>]) {
        // SAFETY: both are phis of one block; the model has as many blocks as there are values.
        unsafe {
            let mut blocks: Vec<_> = (0..values.len() as u32)
                .map(|position| LLVMGetIncomingBlock(model.raw, position))
                .collect();
            let mut raw: Vec<_> = values.iter().map(|value| value.raw).collect();
            let count = values.len() as u32;
            LLVMAddIncoming(self.raw, raw.as_mut_ptr(), blocks.as_mut_ptr(), count);
        }
    }
}

/// Returns the size of the element that an address computation counts in, if it is an integer.
///
/// # Safety
///
/// `address` must be a `getelementptr` of a living module.
unsafe fn element_bytes(address: LLVMValueRef) -> Option<u32> {
    // SAFETY: as above; the width is asked of integer types only.
    unsafe {
        let ty = LLVMGetGEPSourceElementType(address);
        (LLVMGetTypeKind(ty) == LLVMTypeKind::LLVMIntegerTypeKind)
            .then(|| LLVMGetIntTypeWidth(ty) / 8)
    }
}

impl<'m> Builder<'m> {
    fn segment_pointer(&self) -> inkwell::llvm_sys::prelude::LLVMTypeRef {
        // SAFETY: makes a type of the module's own context.
        unsafe { LLVMPointerTypeInContext(self.context, GS) }
    }

    /// The first byte of the segment.
    pub fn start_of_segment(&self) -> Value<'m> {
        // SAFETY: any pointer type has a null.
        self.made(unsafe { LLVMConstNull(self.segment_pointer()) })
    }

    /// The address that `model` computes from its pointer, computed from `start` instead.
    pub fn element_of_segment(&self, model: Value<'m>, start: Value<'m>) -> Value<'m> {
        let mut indices: Vec<_> = model.operands().skip(1).map(|index| index.raw).collect();
        // SAFETY: the model is a `getelementptr`, which has a type and at least one index.
        self.made(unsafe {
            LLVMBuildGEP2(
                self.raw,
                LLVMGetGEPSourceElementType(model.raw),
                start.raw,
                indices.as_mut_ptr(),
                indices.len() as u32,
                c"".as_ptr(),
            )
        })
    }

    /// A phi of places in the segment, without values yet.
    pub fn phi_of_segment(&self) -> Value<'m> {
        // SAFETY: the builder stands in front of a phi.
        self.made(unsafe { LLVMBuildPhi(self.raw, self.segment_pointer(), c"".as_ptr()) })
    }
}

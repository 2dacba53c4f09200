//! Uses that keep a value alive and cost no code: `llvm.fake.use`, and a hold, which is a piece of empty
//! inline assembly.

use super::*;

const FAKE_USE: &CStr = c"llvm.fake.use";

impl<'m> Value<'m> {
    /// Puts a call of `llvm.fake.use` with `value` behind this instruction.
    pub fn add_fake_use(self, value: Value<'m>) {
        // SAFETY: this is an instruction but not its block's last.
        let next = unsafe { Value::new(LLVMGetNextInstruction(self.raw)) };
        if let Some(next) = next {
            next.put_fake_use_in_front(value);
        }
    }

    /// Puts a call of `llvm.fake.use` with `value` in front of this instruction.
    pub fn put_fake_use_in_front(self, value: Value<'m>) {
        // SAFETY: this is an instruction and no phi; the intrinsic takes any arguments and returns
        // nothing.
        unsafe {
            let block = LLVMGetInstructionParent(self.raw);
            let module = LLVMGetGlobalParent(LLVMGetBasicBlockParent(block));
            let context = LLVMGetModuleContext(module);
            let id = LLVMLookupIntrinsicID(FAKE_USE.as_ptr(), FAKE_USE.count_bytes());
            let function = LLVMGetIntrinsicDeclaration(module, id, std::ptr::null_mut(), 0);
            let ty = LLVMIntrinsicGetType(context, id, std::ptr::null_mut(), 0);
            let builder = LLVMCreateBuilderInContext(context);
            LLVMPositionBuilderBefore(builder, self.raw);
            let mut arguments = [value.raw];
            LLVMBuildCall2(
                builder,
                ty,
                function,
                arguments.as_mut_ptr(),
                1,
                c"".as_ptr(),
            );
            LLVMDisposeBuilder(builder);
        }
    }

    /// Puts an empty piece of assembly with this value as its operand behind the instruction that
    /// makes it. To LLVM it has an effect, but none on any memory that code can see.
    pub fn add_hold(self) {
        // SAFETY: the value is an instruction that is not its block's last; `X` takes any operand.
        unsafe {
            let next = LLVMGetNextInstruction(self.raw);
            let context = LLVMGetValueContext(self.raw);
            let mut operands = [LLVMTypeOf(self.raw)];
            let ty = LLVMFunctionType(LLVMVoidTypeInContext(context), operands.as_mut_ptr(), 1, 0);
            let constraint = c"X";
            let assembly = LLVMGetInlineAsm(
                ty,
                c"".as_ptr(),
                0,
                constraint.as_ptr(),
                constraint.count_bytes(),
                1,
                0,
                LLVMInlineAsmDialect::LLVMInlineAsmDialectATT,
                0,
            );
            let builder = LLVMCreateBuilderInContext(context);
            LLVMPositionBuilderBefore(builder, next);
            let mut arguments = [self.raw];
            let call = LLVMBuildCall2(
                builder,
                ty,
                assembly,
                arguments.as_mut_ptr(),
                1,
                c"".as_ptr(),
            );
            LLVMDisposeBuilder(builder);
            // Reads and writes memory that is inaccessible: the second of the pairs of bits.
            const INACCESSIBLE: u64 = 0b11 << 2;
            for (name, value) in [
                (c"memory", INACCESSIBLE),
                (c"nocallback", 0),
                (c"nofree", 0),
                (c"nosync", 0),
                (c"nounwind", 0),
                (c"willreturn", 0),
            ] {
                let kind = LLVMGetEnumAttributeKindForName(name.as_ptr(), name.count_bytes());
                let attribute = LLVMCreateEnumAttribute(context, kind, value);
                LLVMAddCallSiteAttribute(call, LLVMAttributeFunctionIndex, attribute);
            }
        }
    }

    /// Whether this is what [`Value::add_hold`] makes.
    pub fn is_hold(self) -> bool {
        if self.opcode() != Some(LLVMOpcode::LLVMCall) {
            return false;
        }
        // SAFETY: this is a call; the constraints are asked of assembly only.
        unsafe {
            let callee = LLVMGetCalledValue(self.raw);
            let mut length = 0;
            !LLVMIsAInlineAsm(callee).is_null()
                && *LLVMGetInlineAsmConstraintString(callee, &mut length) == b'X' as c_char
                && length == 1
        }
    }
}

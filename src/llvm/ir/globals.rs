//! Functions and variables of a module as values: what the passes that look for addresses need.

use inkwell::llvm_sys::core::*;
use inkwell::llvm_sys::{
    LLVMAttributeFunctionIndex, LLVMInlineAsmDialect, LLVMLinkage, LLVMOpcode, LLVMUnnamedAddr,
    LLVMVisibility,
};
use inkwell::module::Module as LlvmModule;

use super::{Builder, Kind, Value};

impl<'m> Value<'m> {
    /// Whether this is a function or a variable of the module.
    pub fn is_global(self) -> bool {
        // SAFETY: asks what kind of value it is; intrinsics only of functions.
        unsafe {
            let is_intrinsic = self.is_function() && LLVMGetIntrinsicID(self.raw) != 0;
            !is_intrinsic && !LLVMIsAGlobalValue(self.raw).is_null()
        }
    }

    /// Removes a function that nothing refers to.
    pub fn erase_function(self) {
        // SAFETY: called for functions without uses only.
        unsafe { LLVMDeleteFunction(self.raw) }
    }

    /// Whether all bits of a constant are zeros, or all are ones.
    pub fn is_zero_or_ones(self) -> bool {
        // SAFETY: called for constants only.
        unsafe {
            LLVMIsNull(self.raw) != 0
                || LLVMIsUndef(self.raw) != 0
                || self.raw == LLVMConstAllOnes(LLVMTypeOf(self.raw))
        }
    }

    /// Whether a global is invisible outside the text.
    pub fn is_hidden(self) -> bool {
        // SAFETY: asked of globals only.
        unsafe { LLVMGetVisibility(self.raw) == LLVMVisibility::LLVMHiddenVisibility }
    }

    /// Whether a global is defined in its module.
    pub fn is_defined_here(self) -> bool {
        // SAFETY: asked of globals only.
        unsafe { LLVMIsDeclaration(self.raw) == 0 }
    }

    /// Has a global keep its name in the object; it gets `name` if it has none.
    pub fn keep_name(self, name: &str) {
        // SAFETY: called for globals only; LLVM makes the name unique.
        unsafe {
            if LLVMGetLinkage(self.raw) == LLVMLinkage::LLVMPrivateLinkage {
                LLVMSetLinkage(self.raw, LLVMLinkage::LLVMInternalLinkage);
            }
            if self.name().is_empty() {
                LLVMSetValueName2(self.raw, name.as_ptr().cast(), name.len());
            }
        }
    }

    /// Has LLVM make comparisons of a function's switches.
    pub fn forbid_jump_tables(self) {
        self.set_string_attribute("no-jump-tables", "true");
    }

    /// Gives a function an attribute for code generation.
    pub fn set_string_attribute(self, name: &str, value: &str) {
        // SAFETY: called for functions only.
        unsafe {
            let attribute = LLVMCreateStringAttribute(
                LLVMGetValueContext(self.raw),
                name.as_ptr().cast(),
                name.len() as u32,
                value.as_ptr().cast(),
                value.len() as u32,
            );
            LLVMAddAttributeAtIndex(self.raw, LLVMAttributeFunctionIndex, attribute);
        }
    }

    /// The operands of a constant expression.
    pub fn expression(self) -> Option<impl Iterator<Item = Value<'m>>> {
        // SAFETY: asks what kind of value it is.
        let is_expression = unsafe { !LLVMIsAConstantExpr(self.raw).is_null() };
        is_expression.then(|| self.operands())
    }
}

impl<'m> Builder<'m> {
    /// A variable with the value of `constant` that nothing changes.
    pub fn constant_variable(&self, constant: Value<'m>) -> Value<'m> {
        // SAFETY: the initial value has the type of the variable.
        self.made(unsafe {
            let ty = LLVMTypeOf(constant.raw);
            let variable = LLVMAddGlobal(self.module, ty, c"constant".as_ptr());
            LLVMSetInitializer(variable, constant.raw);
            LLVMSetGlobalConstant(variable, 1);
            LLVMSetLinkage(variable, LLVMLinkage::LLVMPrivateLinkage);
            LLVMSetUnnamedAddress(variable, LLVMUnnamedAddr::LLVMGlobalUnnamedAddr);
            variable
        })
    }

    /// Loads the value of a variable of the type that `like` has.
    pub fn load_like(&self, like: Value<'m>, variable: Value<'m>) -> Value<'m> {
        // SAFETY: the variable has that type.
        self.made(unsafe {
            LLVMBuildLoad2(self.raw, LLVMTypeOf(like.raw), variable.raw, c"".as_ptr())
        })
    }

    /// A pointer that `assembly` leaves in its operand `$0`; it may overwrite `$1`. Unless `is_bound`
    /// to its place, LLVM may move it, or drop it.
    pub fn assembly(&self, assembly: &str, is_bound: bool) -> Value<'m> {
        let constraints = "=&r,=&r";
        // SAFETY: the type is that of two results in registers, as the constraints say.
        self.made(unsafe {
            let mut fields = [self.ty(Kind::Pointer); 2];
            let pair = LLVMStructTypeInContext(self.context, fields.as_mut_ptr(), 2, 0);
            let ty = LLVMFunctionType(pair, std::ptr::null_mut(), 0, 0);
            let assembly = LLVMGetInlineAsm(
                ty,
                assembly.as_ptr().cast(),
                assembly.len(),
                constraints.as_ptr().cast(),
                constraints.len(),
                is_bound.into(),
                0,
                LLVMInlineAsmDialect::LLVMInlineAsmDialectATT,
                0,
            );
            let both = LLVMBuildCall2(
                self.raw,
                ty,
                assembly,
                std::ptr::null_mut(),
                0,
                c"".as_ptr(),
            );
            LLVMBuildExtractValue(self.raw, both, 0, c"".as_ptr())
        })
    }

    /// A copy of an integer of 32 bits that code generation does not see through. It is the result
    /// of empty assembly.
    pub fn opaque_word(&self, word: Value<'m>) -> Value<'m> {
        let constraints = "=r,0";
        // SAFETY: the type is that of one result and one operand of 32 bits, as the constraints say.
        self.made(unsafe {
            let ty = self.ty(Kind::Int(32));
            let mut operands = [ty];
            let ty = LLVMFunctionType(ty, operands.as_mut_ptr(), 1, 0);
            let assembly = LLVMGetInlineAsm(
                ty,
                c"".as_ptr(),
                0,
                constraints.as_ptr().cast(),
                constraints.len(),
                0,
                0,
                LLVMInlineAsmDialect::LLVMInlineAsmDialectATT,
                0,
            );
            let mut arguments = [word.raw];
            LLVMBuildCall2(
                self.raw,
                ty,
                assembly,
                arguments.as_mut_ptr(),
                1,
                c"".as_ptr(),
            )
        })
    }

    /// The instruction that does what the constant `expression` does, with these operands instead of
    /// its own. `None` if addresses do not occur in such expressions.
    pub fn evaluate(&self, expression: Value<'m>, operands: &[Value<'m>]) -> Option<Value<'m>> {
        let &[first, ref rest @ ..] = operands else {
            return None;
        };
        let mut rest: Vec<_> = rest.iter().map(|operand| operand.raw).collect();
        // SAFETY: the operands have the types of the expression's own; the element type and the
        // flags are asked of address calculations only.
        let made = unsafe {
            let ty = LLVMTypeOf(expression.raw);
            match LLVMGetConstOpcode(expression.raw) {
                LLVMOpcode::LLVMGetElementPtr => LLVMBuildGEPWithNoWrapFlags(
                    self.raw,
                    LLVMGetGEPSourceElementType(expression.raw),
                    first.raw,
                    rest.as_mut_ptr(),
                    rest.len() as u32,
                    c"".as_ptr(),
                    LLVMGEPGetNoWrapFlags(expression.raw),
                ),
                opcode @ (LLVMOpcode::LLVMAdd | LLVMOpcode::LLVMSub) => {
                    LLVMBuildBinOp(self.raw, opcode, first.raw, *rest.first()?, c"".as_ptr())
                }
                opcode @ (LLVMOpcode::LLVMPtrToInt
                | LLVMOpcode::LLVMIntToPtr
                | LLVMOpcode::LLVMTrunc) => {
                    LLVMBuildCast(self.raw, opcode, first.raw, ty, c"".as_ptr())
                }
                _ => return None,
            }
        };
        Some(self.made(made))
    }
}

/// All variables of `module`, declared and defined.
pub fn global_variables<'m>(module: &'m LlvmModule) -> Vec<Value<'m>> {
    let mut all = Vec::new();
    // SAFETY: walks the list of variables of a living module.
    unsafe {
        let mut variable = LLVMGetFirstGlobal(module.as_mut_ptr());
        while !variable.is_null() {
            all.extend(Value::new(variable));
            variable = LLVMGetNextGlobal(variable);
        }
    }
    all
}

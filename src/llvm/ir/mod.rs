//! A view of finished IR for our passes: functions, instructions, operands and uses of any kind of
//! value alike, which inkwell's typed values do not give. All of this room's `unsafe` stands here.
//!
//! A [`Value`] borrows its module, so it cannot outlive it; an erased instruction must not be used
//! again, which [`Value::erase`] sees to by taking it by value, as far as copies allow.

mod block;
mod build;
mod globals;
pub mod order;
mod segment;
mod split;
mod uses;

use std::ffi::{CStr, c_char};
use std::marker::PhantomData;

use inkwell::llvm_sys::core::*;
use inkwell::llvm_sys::prelude::{LLVMBasicBlockRef, LLVMValueRef};
use inkwell::llvm_sys::{
    LLVMAttributeFunctionIndex, LLVMInlineAsmDialect, LLVMIntPredicate, LLVMOpcode, LLVMTypeKind,
};
use inkwell::module::Module as LlvmModule;
use inkwell::values::AsValueRef;

pub use build::{Builder, Effects, IntPredicate, Kind, RealPredicate};
pub use globals::global_variables;
pub use inkwell::llvm_sys::LLVMOpcode as Opcode;
pub use split::Between;

/// Any value of a module: instruction, argument, constant, function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Value<'m> {
    raw: LLVMValueRef,
    module: PhantomData<&'m ()>,
}

/// A basic block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Block<'m> {
    raw: LLVMBasicBlockRef,
    module: PhantomData<&'m ()>,
}

impl<'m> Value<'m> {
    fn new(raw: LLVMValueRef) -> Option<Self> {
        (!raw.is_null()).then_some(Value {
            raw,
            module: PhantomData,
        })
    }

    /// The opcode, if this is an instruction.
    pub fn opcode(self) -> Option<LLVMOpcode> {
        // SAFETY: the value belongs to a living module; the opcode is asked of instructions only.
        unsafe {
            let instruction = LLVMIsAInstruction(self.raw);
            (!instruction.is_null()).then(|| LLVMGetInstructionOpcode(instruction))
        }
    }

    /// The operands in order, blocks included; the last one of a call is the callee.
    pub fn operands(self) -> impl DoubleEndedIterator<Item = Value<'m>> + ExactSizeIterator {
        (0..self.operand_count())
            .map(move |index| self.operand(index).expect("the index is below the count"))
    }

    pub fn operand(self, index: u32) -> Option<Value<'m>> {
        // SAFETY: the index is checked against the count.
        (index < self.operand_count())
            .then(|| unsafe { LLVMGetOperand(self.raw, index) })
            .and_then(Value::new)
    }

    /// Instructions and constants have operands, arguments have none.
    fn operand_count(self) -> u32 {
        // SAFETY: the count is asked of users only.
        unsafe {
            match LLVMIsAUser(self.raw).is_null() {
                true => 0,
                false => LLVMGetNumOperands(self.raw).max(0) as u32,
            }
        }
    }

    /// Everything that has this value as an operand, once for each time.
    pub fn users(self) -> impl Iterator<Item = Value<'m>> {
        // SAFETY: walks the list of uses, which nothing changes while the iterator is in use.
        let mut next = unsafe { LLVMGetFirstUse(self.raw) };
        std::iter::from_fn(move || {
            if next.is_null() {
                return None;
            }
            // SAFETY: `next` is a use of a living value.
            let user = unsafe { LLVMGetUser(next) };
            next = unsafe { LLVMGetNextUse(next) };
            Value::new(user)
        })
    }

    /// Like [`Value::users`]; for a phi, also the block from which the value comes.
    pub fn uses(self) -> impl Iterator<Item = (Value<'m>, Option<Block<'m>>)> {
        self.users().flat_map(move |user| {
            if user.opcode() != Some(LLVMOpcode::LLVMPHI) {
                return vec![(user, None)];
            }
            // SAFETY: the user is a phi; indexes stay below the count of its operands.
            unsafe {
                (0..LLVMCountIncoming(user.raw))
                    .filter(|&index| LLVMGetIncomingValue(user.raw, index) == self.raw)
                    .map(|index| {
                        let raw = LLVMGetIncomingBlock(user.raw, index);
                        let module = PhantomData;
                        (user, Some(Block { raw, module }))
                    })
                    .collect()
            }
        })
    }

    /// A call's callee, if it is called by name.
    pub fn called_function(self) -> Option<Value<'m>> {
        if self.opcode() != Some(LLVMOpcode::LLVMCall) {
            return None;
        }
        // SAFETY: this is a call.
        let callee = Value::new(unsafe { LLVMGetCalledValue(self.raw) })?;
        callee.is_function().then_some(callee)
    }

    pub fn is_function(self) -> bool {
        // SAFETY: asks what kind of value it is.
        unsafe { !LLVMIsAFunction(self.raw).is_null() }
    }

    pub fn is_constant(self) -> bool {
        // SAFETY: asks what kind of value it is.
        unsafe { LLVMIsConstant(self.raw) != 0 }
    }

    pub fn is_poison(self) -> bool {
        // SAFETY: asks what kind of value it is.
        unsafe { LLVMIsPoison(self.raw) != 0 }
    }

    /// The number, if this is a constant integer of at most 64 bits.
    pub fn integer_constant(self) -> Option<u64> {
        // SAFETY: the number is asked of constant integers only, and only if it fits.
        unsafe {
            let constant = LLVMIsAConstantInt(self.raw);
            (!constant.is_null() && LLVMGetIntTypeWidth(LLVMTypeOf(constant)) <= 64)
                .then(|| LLVMConstIntGetZExtValue(constant))
        }
    }

    /// The number as a signed one, if this is a constant integer of at most 64 bits.
    pub fn signed_constant(self) -> Option<i64> {
        self.integer_constant()?;
        // SAFETY: it is a constant of that kind.
        Some(unsafe { LLVMConstIntGetSExtValue(self.raw) })
    }

    /// A constant of this integer's type.
    pub fn integer_of_its_type(self, number: i64) -> Value<'m> {
        // SAFETY: called for integers only.
        let raw = unsafe { LLVMConstInt(LLVMTypeOf(self.raw), number.cast_unsigned(), 1) };
        Value::new(raw).expect("there is a constant for every number")
    }

    /// Whether this is an integer of that many bits.
    pub fn is_integer(self, bits: u32) -> bool {
        // SAFETY: the width is asked of integer types only.
        unsafe {
            let ty = LLVMTypeOf(self.raw);
            LLVMGetTypeKind(ty) == LLVMTypeKind::LLVMIntegerTypeKind
                && LLVMGetIntTypeWidth(ty) == bits
        }
    }

    /// Whether this is a vector.
    pub fn is_vector(self) -> bool {
        // SAFETY: every value has a type.
        unsafe { LLVMGetTypeKind(LLVMTypeOf(self.raw)) == LLVMTypeKind::LLVMVectorTypeKind }
    }

    /// Whether an addition is known not to wrap around as one of unsigned numbers.
    pub fn is_nuw(self) -> bool {
        // SAFETY: called for additions only.
        unsafe { LLVMGetNUW(self.raw) != 0 }
    }

    /// Whether an addition is known not to wrap around as one of signed numbers.
    pub fn is_nsw(self) -> bool {
        // SAFETY: the flag is asked of additions only.
        self.opcode() == Some(LLVMOpcode::LLVMAdd) && unsafe { LLVMGetNSW(self.raw) } != 0
    }

    /// Makes the sum poison if the addition wraps around as one of unsigned numbers.
    pub fn set_nuw(self) {
        // SAFETY: called for additions only.
        unsafe { LLVMSetNUW(self.raw, 1) }
    }

    /// Turns `zext (index + constant)`, which is this, into `zext index + constant`. The sum must
    /// not wrap around.
    pub fn extend_before_adding(self, index: Value<'m>, constant: u64) {
        // SAFETY: this is an extension to a wider type of a sum with `index`, which dominates it;
        // nothing refers to it once its uses are replaced.
        unsafe {
            let module =
                LLVMGetGlobalParent(LLVMGetBasicBlockParent(LLVMGetInstructionParent(self.raw)));
            let builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(module));
            LLVMPositionBuilderBefore(builder, self.raw);
            let ty = LLVMTypeOf(self.raw);
            let wide = LLVMBuildZExt(builder, index.raw, ty, c"".as_ptr());
            let constant = LLVMConstInt(ty, constant, 0);
            let sum = LLVMBuildNUWAdd(builder, wide, constant, c"".as_ptr());
            LLVMDisposeBuilder(builder);
            LLVMReplaceAllUsesWith(self.raw, sum);
            LLVMInstructionEraseFromParent(self.raw);
        }
    }

    /// Whether this is a floating-point constant, scalar or vector, all of whose elements are known
    /// numbers that satisfy `test`.
    pub fn is_float_constant(self, test: impl Fn(f64) -> bool) -> bool {
        // SAFETY: elements are asked of constants only, numbers of floating-point constants only.
        unsafe {
            let number = |constant: LLVMValueRef| {
                let mut loses_info = 0;
                (!LLVMIsAConstantFP(constant).is_null())
                    .then(|| LLVMConstRealGetDouble(constant, &mut loses_info))
            };
            if let Some(value) = number(self.raw) {
                return test(value);
            }
            if !self.is_constant()
                || LLVMGetTypeKind(LLVMTypeOf(self.raw)) != LLVMTypeKind::LLVMVectorTypeKind
            {
                return false;
            }
            (0..LLVMGetVectorSize(LLVMTypeOf(self.raw))).all(|index| {
                let element = LLVMGetAggregateElement(self.raw, index);
                !element.is_null() && number(element).is_some_and(&test)
            })
        }
    }

    /// The block that an instruction stands in.
    pub fn block(self) -> Option<Block<'m>> {
        // SAFETY: asked of instructions only, all of which stand in blocks.
        unsafe {
            let instruction = LLVMIsAInstruction(self.raw);
            (!instruction.is_null()).then(|| Block {
                raw: LLVMGetInstructionParent(instruction),
                module: PhantomData,
            })
        }
    }

    /// The name of a function or an instruction.
    pub fn name(self) -> &'m [u8] {
        let mut length = 0;
        // SAFETY: the name lives as long as the value and has that length.
        unsafe {
            let start = LLVMGetValueName2(self.raw, &mut length);
            std::slice::from_raw_parts(start.cast(), length)
        }
    }

    /// The instructions of a function in order; none for a declaration.
    pub fn instructions(self) -> Vec<Value<'m>> {
        let mut all = Vec::new();
        // SAFETY: walks the lists of blocks and instructions of a function.
        unsafe {
            let mut block = LLVMGetFirstBasicBlock(self.raw);
            while !block.is_null() {
                let mut instruction = LLVMGetFirstInstruction(block);
                while !instruction.is_null() {
                    all.extend(Value::new(instruction));
                    instruction = LLVMGetNextInstruction(instruction);
                }
                block = LLVMGetNextBasicBlock(block);
            }
        }
        all
    }

    /// The blocks of a function in order.
    pub fn blocks(self) -> Vec<Block<'m>> {
        let module = PhantomData;
        let mut all = Vec::new();
        // SAFETY: walks the list of blocks of a function.
        unsafe {
            let mut raw = LLVMGetFirstBasicBlock(self.raw);
            while !raw.is_null() {
                all.push(Block { raw, module });
                raw = LLVMGetNextBasicBlock(raw);
            }
        }
        all
    }

    /// The string that names the type node of an access's alias tag (`!tbaa`).
    pub fn alias_tag_name(self) -> Option<&'m [u8]> {
        let node_operand = |node: LLVMValueRef| {
            // SAFETY: `node` is a metadata node with at least one operand.
            unsafe {
                let count = LLVMGetMDNodeNumOperands(node) as usize;
                let mut operands = vec![std::ptr::null_mut(); count];
                LLVMGetMDNodeOperands(node, operands.as_mut_ptr());
                operands
                    .first()
                    .copied()
                    .filter(|operand| !operand.is_null())
            }
        };
        // SAFETY: the kind is that of `!tbaa`, whose tags are nodes whose first operand is the type
        // node, whose first operand is its name.
        unsafe {
            let kind = LLVMGetMDKindIDInContext(
                LLVMGetValueContext(self.raw),
                c"tbaa".as_ptr(),
                c"tbaa".count_bytes() as u32,
            );
            let tag = LLVMGetMetadata(self.raw, kind);
            if tag.is_null() {
                return None;
            }
            let name = node_operand(node_operand(tag)?)?;
            let mut length = 0;
            let start = LLVMGetMDString(name, &mut length);
            (!start.is_null()).then(|| std::slice::from_raw_parts(start.cast(), length as usize))
        }
    }

    /// Gives an access the alias tag of another one.
    pub fn take_alias_tag(self, other: Value<'m>) {
        // SAFETY: both are accesses; the tag belongs to their module.
        unsafe {
            let kind = LLVMGetMDKindIDInContext(
                LLVMGetValueContext(self.raw),
                c"tbaa".as_ptr(),
                c"tbaa".count_bytes() as u32,
            );
            let tag = LLVMGetMetadata(other.raw, kind);
            if !tag.is_null() {
                LLVMSetMetadata(self.raw, kind, tag);
            }
        }
    }

    /// Whether something is said of the range of a load's value.
    pub fn has_range(self) -> bool {
        // SAFETY: asked of instructions only.
        unsafe {
            let kind = LLVMGetMDKindIDInContext(
                LLVMGetValueContext(self.raw),
                c"range".as_ptr(),
                c"range".count_bytes() as u32,
            );
            !LLVMGetMetadata(self.raw, kind).is_null()
        }
    }

    /// The predicate of a comparison of integers.
    pub fn int_predicate(self) -> Option<LLVMIntPredicate> {
        // SAFETY: asked of such comparisons only.
        (self.opcode() == Some(LLVMOpcode::LLVMICmp))
            .then(|| unsafe { LLVMGetICmpPredicate(self.raw) })
    }

    /// Whether an instruction does something that can be seen from outside its function.
    fn has_effect(self) -> bool {
        use LLVMOpcode::*;
        match self.opcode() {
            Some(LLVMLoad) => self.is_volatile(),
            Some(LLVMStore | LLVMFence | LLVMAtomicRMW | LLVMAtomicCmpXchg) => true,
            Some(LLVMInvoke | LLVMCallBr) => true,
            // Of those that LLVM knows only the ones that compute a value are of interest.
            Some(LLVMCall) => self.called_function().is_none_or(|callee| {
                let pure = [
                    &b"llvm.fsh"[..],
                    b"llvm.umin",
                    b"llvm.umax",
                    b"llvm.ct",
                    b"llvm.bswap",
                ];
                !pure.iter().any(|name| callee.name().starts_with(name))
            }),
            _ => false,
        }
    }

    /// What an access presumes of its address, in bytes.
    pub fn alignment(self) -> u32 {
        // SAFETY: asked of loads and stores only.
        unsafe { LLVMGetAlignment(self.raw) }
    }

    pub fn is_volatile(self) -> bool {
        // SAFETY: asked of loads and stores only.
        unsafe { LLVMGetVolatile(self.raw) != 0 }
    }

    /// Makes a load or store volatile.
    pub fn set_volatile(self) {
        // SAFETY: called for loads and stores only.
        unsafe { LLVMSetVolatile(self.raw, 1) }
    }

    /// Makes a copy or fill volatile: a call of `llvm.memmove`, `llvm.memcpy` or `llvm.memset`.
    pub fn set_bulk_volatile(self) {
        // SAFETY: called for such calls only, whose last argument is the truth value that says it.
        unsafe {
            let ty = LLVMTypeOf(LLVMGetOperand(self.raw, 3));
            LLVMSetOperand(self.raw, 3, LLVMConstInt(ty, 1, 0));
        }
    }

    /// Makes a call one of another function, of the same type and calling convention.
    pub fn call_instead(self, callee: Value<'m>) {
        // SAFETY: this is a call, whose callee is the last operand.
        unsafe {
            let last = LLVMGetNumOperands(self.raw) as u32 - 1;
            LLVMSetOperand(self.raw, last, callee.raw);
        }
    }

    /// A constant of the type of this value, which is a truth value.
    pub fn boolean(self, value: bool) -> Value<'m> {
        // SAFETY: the type is that of an integer of one bit.
        let constant = unsafe { LLVMConstInt(LLVMTypeOf(self.raw), value.into(), 0) };
        Value::new(constant).expect("there is such a constant")
    }

    pub fn replace_all_uses(self, with: Value<'m>) {
        // SAFETY: both values have the same type; the callers say why.
        unsafe { LLVMReplaceAllUsesWith(self.raw, with.raw) }
    }

    /// Makes an integer constant the second operand of a comparison.
    pub fn compare_with(self, constant: u64) {
        // SAFETY: called for comparisons of integers only; the constant gets their type.
        unsafe {
            let ty = LLVMTypeOf(LLVMGetOperand(self.raw, 0));
            LLVMSetOperand(self.raw, 1, LLVMConstInt(ty, constant, 0));
        }
    }

    /// A copy of this value that LLVM does not see through, with this name, made right behind it: at
    /// the start of the function if it is an argument. `None` if there is no such place.
    pub fn freeze(self, name: &CStr) -> Option<Value<'m>> {
        // SAFETY: a copy right behind its operand stands wherever the operand does.
        unsafe {
            let next = if !LLVMIsAArgument(self.raw).is_null() {
                LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(LLVMGetParamParent(self.raw)))
            } else if self.opcode().is_some_and(|op| op != LLVMOpcode::LLVMPHI) {
                LLVMGetNextInstruction(self.raw)
            } else {
                return None;
            };
            if next.is_null() {
                return None;
            }
            let module =
                LLVMGetGlobalParent(LLVMGetBasicBlockParent(LLVMGetInstructionParent(next)));
            let builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(module));
            LLVMPositionBuilderBefore(builder, next);
            let copy = LLVMBuildFreeze(builder, self.raw, name.as_ptr());
            LLVMDisposeBuilder(builder);
            Value::new(copy)
        }
    }

    /// The sum of this integer, which an instruction has made, and a constant, made right behind it.
    pub fn add_behind(self, number: i64) -> Value<'m> {
        let constant = self.integer_of_its_type(number);
        // SAFETY: behind a phi come other phis, and behind those, at the latest, a terminator.
        let raw = unsafe {
            let mut next = LLVMGetNextInstruction(self.raw);
            while LLVMGetInstructionOpcode(next) == LLVMOpcode::LLVMPHI {
                next = LLVMGetNextInstruction(next);
            }
            let module =
                LLVMGetGlobalParent(LLVMGetBasicBlockParent(LLVMGetInstructionParent(next)));
            let builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(module));
            LLVMPositionBuilderBefore(builder, next);
            let sum = LLVMBuildAdd(builder, self.raw, constant.raw, c"".as_ptr());
            LLVMDisposeBuilder(builder);
            sum
        };
        Value::new(raw).expect("the builder makes a sum")
    }

    /// Removes an instruction without uses.
    pub fn erase(self) {
        // SAFETY: nothing refers to the instruction any more.
        unsafe { LLVMInstructionEraseFromParent(self.raw) }
    }

    /// Has a call of an intrinsic with one operand, a vector, done on `lanes` lanes: those that the
    /// operand lacks are poison, and are cut off again.
    pub fn widen_unary_intrinsic(self, lanes: u32) {
        // SAFETY: the value is such a call; shuffles bring operand and result to the types they
        // have to have.
        unsafe {
            let module =
                LLVMGetGlobalParent(LLVMGetBasicBlockParent(LLVMGetInstructionParent(self.raw)));
            let context = LLVMGetModuleContext(module);
            let builder = LLVMCreateBuilderInContext(context);
            LLVMPositionBuilderBefore(builder, self.raw);
            let index = LLVMInt32TypeInContext(context);
            // The first `count` lanes of `value`, with poison where it has no more.
            let resize = |value, count| {
                let ty = LLVMTypeOf(value);
                let mut mask: Vec<_> = (0..count)
                    .map(|lane| match lane < LLVMGetVectorSize(ty) {
                        true => LLVMConstInt(index, u64::from(lane), 0),
                        false => LLVMGetPoison(index),
                    })
                    .collect();
                let mask = LLVMConstVector(mask.as_mut_ptr(), count);
                LLVMBuildShuffleVector(builder, value, LLVMGetPoison(ty), mask, c"".as_ptr())
            };

            let narrow = LLVMTypeOf(self.raw);
            let mut wide = LLVMVectorType(LLVMGetElementType(narrow), lanes);
            let id = LLVMGetIntrinsicID(LLVMGetCalledValue(self.raw));
            let function = LLVMGetIntrinsicDeclaration(module, id, &mut wide, 1);
            let ty = LLVMIntrinsicGetType(context, id, &mut wide, 1);
            let mut operand = resize(LLVMGetOperand(self.raw, 0), lanes);
            let call = LLVMBuildCall2(builder, ty, function, &mut operand, 1, c"".as_ptr());
            let result = resize(call, LLVMGetVectorSize(narrow));
            LLVMDisposeBuilder(builder);
            LLVMReplaceAllUsesWith(self.raw, result);
            LLVMInstructionEraseFromParent(self.raw);
        }
    }
}

/// The function of that name.
pub fn function<'m>(module: &'m LlvmModule, name: &str) -> Option<Value<'m>> {
    let function = module.get_function(name)?;
    Value::new(function.as_value_ref())
}

/// All functions of `module`, declared and defined.
pub fn functions<'m>(module: &'m LlvmModule) -> Vec<Value<'m>> {
    let mut all = Vec::new();
    // SAFETY: walks the list of functions of a living module.
    unsafe {
        let mut function = LLVMGetFirstFunction(module.as_mut_ptr());
        while !function.is_null() {
            all.extend(Value::new(function));
            function = LLVMGetNextFunction(function);
        }
    }
    all
}

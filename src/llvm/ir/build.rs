//! Making instructions: what the passes that replace operations need beside the view of finished
//! IR.

use std::ffi::CString;
use std::marker::PhantomData;

use inkwell::llvm_sys::core::*;
use inkwell::llvm_sys::prelude::{
    LLVMBuilderRef, LLVMContextRef, LLVMModuleRef, LLVMTypeRef, LLVMValueRef,
};
use inkwell::llvm_sys::{
    LLVMAttributeFunctionIndex, LLVMAttributeReturnIndex, LLVMIntPredicate, LLVMOpcode,
    LLVMRealPredicate, LLVMTypeKind,
};

use super::Value;

pub use inkwell::llvm_sys::LLVMIntPredicate as IntPredicate;
pub use inkwell::llvm_sys::LLVMRealPredicate as RealPredicate;

/// What a value is, as far as the passes tell types apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An integer of so many bits.
    Int(u32),
    F32,
    F64,
    Pointer,
    /// A vector of so many lanes.
    Vector(u32),
    Other,
}

impl Kind {
    pub fn is_float(self) -> bool {
        matches!(self, Kind::F32 | Kind::F64)
    }

    pub fn bits(self) -> u32 {
        match self {
            Kind::Int(bits) => bits,
            Kind::F32 => 32,
            Kind::F64 => 64,
            Kind::Pointer | Kind::Vector(_) | Kind::Other => 0,
        }
    }
}

fn kind_of(ty: LLVMTypeRef) -> Kind {
    // SAFETY: asks of a living type what it is; the width of integer types only, the number of
    // lanes of vector types only.
    unsafe {
        match LLVMGetTypeKind(ty) {
            LLVMTypeKind::LLVMIntegerTypeKind => Kind::Int(LLVMGetIntTypeWidth(ty)),
            LLVMTypeKind::LLVMFloatTypeKind => Kind::F32,
            LLVMTypeKind::LLVMDoubleTypeKind => Kind::F64,
            LLVMTypeKind::LLVMPointerTypeKind => Kind::Pointer,
            LLVMTypeKind::LLVMVectorTypeKind => Kind::Vector(LLVMGetVectorSize(ty)),
            _ => Kind::Other,
        }
    }
}

impl<'m> Value<'m> {
    pub fn kind(self) -> Kind {
        // SAFETY: every value has a type.
        kind_of(unsafe { LLVMTypeOf(self.raw) })
    }

    /// The kind of a vector's lanes; of anything else the kind.
    pub fn lane_kind(self) -> Kind {
        match self.kind() {
            // SAFETY: it is a vector.
            Kind::Vector(_) => kind_of(unsafe { LLVMGetElementType(LLVMTypeOf(self.raw)) }),
            other => other,
        }
    }

    /// Whether a function has a body here.
    pub fn is_defined(self) -> bool {
        // SAFETY: asked of functions only.
        unsafe { LLVMCountBasicBlocks(self.raw) > 0 }
    }

    /// The function around an instruction.
    pub fn function(self) -> Value<'m> {
        // SAFETY: asked of instructions only, which stand in a block of a function.
        let function = unsafe { LLVMGetBasicBlockParent(LLVMGetInstructionParent(self.raw)) };
        Value::new(function).expect("an instruction stands in a function")
    }

    /// A parameter of a function.
    pub fn param(self, index: u32) -> Option<Value<'m>> {
        // SAFETY: asked of functions only; the index is checked against the count.
        unsafe { (index < LLVMCountParams(self.raw)).then(|| LLVMGetParam(self.raw, index)) }
            .and_then(Value::new)
    }

    /// The arguments of a call.
    pub fn arguments(self) -> Vec<Value<'m>> {
        // SAFETY: asked of calls only; the arguments are the first operands.
        let count = unsafe { LLVMGetNumArgOperands(self.raw) };
        (0..count).filter_map(|index| self.operand(index)).collect()
    }

    /// The alignment that a call states for an argument that is a pointer.
    pub fn argument_alignment(self, index: u32) -> u32 {
        // SAFETY: asked of calls only; arguments count from one.
        unsafe {
            let name = c"align";
            let kind = LLVMGetEnumAttributeKindForName(name.as_ptr(), name.count_bytes());
            let attribute = LLVMGetCallSiteEnumAttribute(self.raw, index + 1, kind);
            if attribute.is_null() {
                return 1;
            }
            LLVMGetEnumAttributeValue(attribute).clamp(1, 16) as u32
        }
    }

    /// The predicate of a floating-point comparison.
    pub fn real_predicate(self) -> LLVMRealPredicate {
        // SAFETY: asked of such comparisons only.
        unsafe { LLVMGetFCmpPredicate(self.raw) }
    }

    /// The value of an integer constant of at most 64 bits, with zeros in front.
    pub fn int_constant(self) -> Option<u64> {
        // SAFETY: the value is asked of integer constants only.
        unsafe {
            (!LLVMIsAConstantInt(self.raw).is_null() && self.kind().bits() <= 64)
                .then(|| LLVMConstIntGetZExtValue(self.raw))
        }
    }

    /// The bits of a scalar floating-point constant.
    pub fn float_constant(self) -> Option<u64> {
        // SAFETY: such a constant, seen as an integer of its width, folds to an integer constant.
        unsafe {
            if LLVMIsAConstantFP(self.raw).is_null() || !self.kind().is_float() {
                return None;
            }
            let context = LLVMGetValueContext(self.raw);
            let ty = LLVMIntTypeInContext(context, self.kind().bits());
            Value::new(LLVMConstBitCast(self.raw, ty)).and_then(Value::int_constant)
        }
    }

    /// Whether the value is a global variable that another module defines.
    pub fn is_external_global(self) -> bool {
        // SAFETY: asks what kind of value it is.
        unsafe { !LLVMIsAGlobalVariable(self.raw).is_null() && LLVMIsDeclaration(self.raw) != 0 }
    }

    pub fn set_operand(self, index: u32, value: Value<'m>) {
        // SAFETY: the callers replace an operand by a value of its type.
        unsafe { LLVMSetOperand(self.raw, index, value.raw) }
    }

    /// The last instruction of the block that operand `index` of a phi comes from.
    pub fn incoming_terminator(self, index: u32) -> Option<Value<'m>> {
        // SAFETY: asked of phis only, which have as many blocks as operands.
        unsafe {
            Value::new(LLVMGetBasicBlockTerminator(LLVMGetIncomingBlock(
                self.raw, index,
            )))
        }
    }

    /// Gives a call what its callee's declaration says of parameters, result and effects, so that
    /// it stays when the callee is no longer known.
    pub fn take_attributes(self, callee: Value<'m>) {
        // SAFETY: this is a call of the function; attributes of its declaration suit its calls.
        unsafe {
            let params = LLVMCountParams(callee.raw);
            let indices = [LLVMAttributeFunctionIndex, LLVMAttributeReturnIndex]
                .into_iter()
                .chain(1..=params);
            for index in indices {
                let count = LLVMGetAttributeCountAtIndex(callee.raw, index) as usize;
                let mut attributes = vec![std::ptr::null_mut(); count];
                LLVMGetAttributesAtIndex(callee.raw, index, attributes.as_mut_ptr());
                for attribute in attributes {
                    LLVMAddCallSiteAttribute(self.raw, index, attribute);
                }
            }
        }
    }

    /// Says of a load that its memory never changes.
    pub fn set_invariant(self) {
        // SAFETY: this is a load; an empty node is what the metadata takes.
        unsafe {
            let context = LLVMGetValueContext(self.raw);
            let name = c"invariant.load";
            let kind = LLVMGetMDKindIDInContext(context, name.as_ptr(), name.count_bytes() as u32);
            let node = LLVMMDNodeInContext2(context, std::ptr::null_mut(), 0);
            LLVMSetMetadata(self.raw, kind, LLVMMetadataAsValue(context, node));
        }
    }
}

/// Makes instructions in front of another one.
pub struct Builder<'m> {
    pub(super) raw: LLVMBuilderRef,
    pub(super) context: LLVMContextRef,
    pub(super) module: LLVMModuleRef,
    lifetime: PhantomData<&'m ()>,
}

impl Drop for Builder<'_> {
    fn drop(&mut self) {
        // SAFETY: made in `before`, and nobody else has it.
        unsafe { LLVMDisposeBuilder(self.raw) }
    }
}

impl<'m> Builder<'m> {
    pub fn before(instruction: Value<'m>) -> Self {
        // SAFETY: the instruction stands in a block of a function of a module.
        unsafe {
            let block = LLVMGetInstructionParent(instruction.raw);
            let module = LLVMGetGlobalParent(LLVMGetBasicBlockParent(block));
            let context = LLVMGetModuleContext(module);
            let raw = LLVMCreateBuilderInContext(context);
            LLVMPositionBuilderBefore(raw, instruction.raw);
            Builder {
                raw,
                context,
                module,
                lifetime: PhantomData,
            }
        }
    }

    pub(super) fn ty(&self, kind: Kind) -> LLVMTypeRef {
        // SAFETY: makes types of the module's own context.
        unsafe {
            match kind {
                Kind::Int(bits) => LLVMIntTypeInContext(self.context, bits),
                Kind::F32 => LLVMFloatTypeInContext(self.context),
                Kind::F64 => LLVMDoubleTypeInContext(self.context),
                Kind::Pointer => LLVMPointerTypeInContext(self.context, 0),
                Kind::Vector(_) | Kind::Other => unreachable!("only scalars are made by kind"),
            }
        }
    }

    pub(super) fn made(&self, raw: LLVMValueRef) -> Value<'m> {
        Value::new(raw).expect("LLVM makes the instruction")
    }

    pub fn int(&self, kind: Kind, value: u64) -> Value<'m> {
        // SAFETY: the kind is that of an integer.
        self.made(unsafe { LLVMConstInt(self.ty(kind), value, 0) })
    }

    /// The floating-point constant with these bits.
    pub fn float(&self, kind: Kind, bits: u64) -> Value<'m> {
        let word = self.int(Kind::Int(kind.bits()), bits);
        // SAFETY: the integer has the width of the float.
        self.made(unsafe { LLVMConstBitCast(word.raw, self.ty(kind)) })
    }

    /// A copy of a value that LLVM does not see through.
    pub fn freeze(&self, value: Value<'m>) -> Value<'m> {
        // SAFETY: any value can be frozen.
        self.made(unsafe { LLVMBuildFreeze(self.raw, value.raw, c"".as_ptr()) })
    }

    pub fn binary(&self, opcode: LLVMOpcode, left: Value<'m>, right: Value<'m>) -> Value<'m> {
        // SAFETY: the callers give two operands of one type that suits the operation.
        self.made(unsafe { LLVMBuildBinOp(self.raw, opcode, left.raw, right.raw, c"".as_ptr()) })
    }

    pub fn cast(&self, opcode: LLVMOpcode, value: Value<'m>, to: Kind) -> Value<'m> {
        // SAFETY: the callers give an operand and a type that suit the conversion.
        self.made(unsafe { LLVMBuildCast(self.raw, opcode, value.raw, self.ty(to), c"".as_ptr()) })
    }

    /// An integer made as wide as `to`, or as narrow.
    pub fn resize(&self, value: Value<'m>, to: Kind, signed: bool) -> Value<'m> {
        use std::cmp::Ordering;
        match to.bits().cmp(&value.kind().bits()) {
            Ordering::Equal => value,
            Ordering::Less => self.cast(LLVMOpcode::LLVMTrunc, value, to),
            Ordering::Greater if signed => self.cast(LLVMOpcode::LLVMSExt, value, to),
            Ordering::Greater => self.cast(LLVMOpcode::LLVMZExt, value, to),
        }
    }

    pub fn compare(
        &self,
        predicate: LLVMIntPredicate,
        left: Value<'m>,
        right: Value<'m>,
    ) -> Value<'m> {
        // SAFETY: the callers give two integers of one type.
        self.made(unsafe { LLVMBuildICmp(self.raw, predicate, left.raw, right.raw, c"".as_ptr()) })
    }

    pub fn compare_floats(
        &self,
        predicate: LLVMRealPredicate,
        left: Value<'m>,
        right: Value<'m>,
    ) -> Value<'m> {
        // SAFETY: the callers give two floats of one type.
        self.made(unsafe { LLVMBuildFCmp(self.raw, predicate, left.raw, right.raw, c"".as_ptr()) })
    }

    pub fn select(&self, condition: Value<'m>, yes: Value<'m>, no: Value<'m>) -> Value<'m> {
        // SAFETY: the callers give a condition and two values of one type.
        self.made(unsafe {
            LLVMBuildSelect(self.raw, condition.raw, yes.raw, no.raw, c"".as_ptr())
        })
    }

    /// The address so many bytes past `base`.
    pub fn field(&self, base: Value<'m>, offset: u64) -> Value<'m> {
        let mut offset = self.int(Kind::Int(64), offset).raw;
        // SAFETY: only forms the address.
        self.made(unsafe {
            let byte = LLVMInt8TypeInContext(self.context);
            LLVMBuildInBoundsGEP2(self.raw, byte, base.raw, &mut offset, 1, c"".as_ptr())
        })
    }

    pub fn load(&self, kind: Kind, address: Value<'m>, alignment: u32) -> Value<'m> {
        // SAFETY: the address is a pointer; the callers know what is there.
        self.made(unsafe {
            let load = LLVMBuildLoad2(self.raw, self.ty(kind), address.raw, c"".as_ptr());
            LLVMSetAlignment(load, alignment);
            load
        })
    }

    pub fn store(&self, value: Value<'m>, address: Value<'m>, alignment: u32) -> Value<'m> {
        // SAFETY: the address is a pointer; the callers know what is there.
        self.made(unsafe {
            let store = LLVMBuildStore(self.raw, value.raw, address.raw);
            LLVMSetAlignment(store, alignment);
            store
        })
    }

    pub fn lane(&self, vector: Value<'m>, index: u32) -> Value<'m> {
        let index = self.int(Kind::Int(32), index.into());
        // SAFETY: the callers keep to the number of lanes.
        self.made(unsafe { LLVMBuildExtractElement(self.raw, vector.raw, index.raw, c"".as_ptr()) })
    }

    /// A vector of these lanes.
    pub fn vector(&self, lanes: &[Value<'m>]) -> Value<'m> {
        // SAFETY: the lanes have one type; each index is below their number.
        unsafe {
            let ty = LLVMVectorType(LLVMTypeOf(lanes[0].raw), lanes.len() as u32);
            let vector =
                lanes
                    .iter()
                    .enumerate()
                    .fold(LLVMGetPoison(ty), |vector, (index, lane)| {
                        let index = self.int(Kind::Int(32), index as u64);
                        LLVMBuildInsertElement(self.raw, vector, lane.raw, index.raw, c"".as_ptr())
                    });
            self.made(vector)
        }
    }

    /// A structure of two fields, of the type that `like` has.
    pub fn pair(&self, like: Value<'m>, first: Value<'m>, second: Value<'m>) -> Value<'m> {
        // SAFETY: the callers give the fields their types.
        self.made(unsafe {
            let empty = LLVMGetPoison(LLVMTypeOf(like.raw));
            let half = LLVMBuildInsertValue(self.raw, empty, first.raw, 0, c"".as_ptr());
            LLVMBuildInsertValue(self.raw, half, second.raw, 1, c"".as_ptr())
        })
    }

    /// Calls an LLVM intrinsic that is overloaded on the type of its first argument alone.
    pub fn intrinsic(&self, name: &str, arguments: &[Value<'m>]) -> Value<'m> {
        // SAFETY: the callers give arguments that the intrinsic takes.
        unsafe {
            let id = LLVMLookupIntrinsicID(name.as_ptr().cast(), name.len());
            let mut overload = LLVMTypeOf(arguments[0].raw);
            let function = LLVMGetIntrinsicDeclaration(self.module, id, &mut overload, 1);
            let ty = LLVMIntrinsicGetType(self.context, id, &mut overload, 1);
            self.build_call(ty, function, arguments)
        }
    }

    /// Calls a function of the runtime, which is declared at the first call. `effects`: what it
    /// does beyond making its result.
    pub fn call(
        &self,
        name: &str,
        result: Kind,
        arguments: &[Value<'m>],
        effects: Effects,
    ) -> Value<'m> {
        let name = CString::new(name).expect("names of functions have no zero byte");
        // SAFETY: a function that is there already was declared here, with the same type.
        unsafe {
            let mut params: Vec<_> = arguments
                .iter()
                .map(|argument| LLVMTypeOf(argument.raw))
                .collect();
            let ty = LLVMFunctionType(self.ty(result), params.as_mut_ptr(), params.len() as u32, 0);
            let mut function = LLVMGetNamedFunction(self.module, name.as_ptr());
            if function.is_null() {
                function = LLVMAddFunction(self.module, name.as_ptr(), ty);
                let mut attributes = vec![(c"nounwind", 0)];
                if effects == Effects::None {
                    attributes.extend([(c"willreturn", 0), (c"memory", 0)]);
                }
                for (name, value) in attributes {
                    let kind = LLVMGetEnumAttributeKindForName(name.as_ptr(), name.count_bytes());
                    let attribute = LLVMCreateEnumAttribute(self.context, kind, value);
                    LLVMAddAttributeAtIndex(function, LLVMAttributeFunctionIndex, attribute);
                }
            }
            self.build_call(ty, function, arguments)
        }
    }

    fn build_call(
        &self,
        ty: LLVMTypeRef,
        function: LLVMValueRef,
        arguments: &[Value<'m>],
    ) -> Value<'m> {
        let mut arguments: Vec<_> = arguments.iter().map(|argument| argument.raw).collect();
        // SAFETY: type and arguments are those of the function.
        self.made(unsafe {
            LLVMBuildCall2(
                self.raw,
                ty,
                function,
                arguments.as_mut_ptr(),
                arguments.len() as u32,
                c"".as_ptr(),
            )
        })
    }

    /// Says that a call's arguments and result of 32 bits fill their registers by their sign.
    pub fn sign_extend_words(&self, call: Value<'m>) {
        // SAFETY: this is a call; the attribute goes to integers only.
        unsafe {
            let name = c"signext";
            let kind = LLVMGetEnumAttributeKindForName(name.as_ptr(), name.count_bytes());
            let attribute = LLVMCreateEnumAttribute(self.context, kind, 0);
            let values = std::iter::once(call).chain(call.arguments());
            for (index, value) in values.enumerate() {
                if value.kind() == Kind::Int(32) {
                    LLVMAddCallSiteAttribute(call.raw, index as u32, attribute);
                }
            }
        }
    }

    /// Says of a call's result that it is zero or one.
    pub fn say_zero_or_one(&self, call: Value<'m>) {
        // SAFETY: this is a call whose result has 32 bits; the range is from zero to below two.
        unsafe {
            let name = c"range";
            let kind = LLVMGetEnumAttributeKindForName(name.as_ptr(), name.count_bytes());
            let (lower, upper) = (0, 2);
            let attribute =
                LLVMCreateConstantRangeAttribute(self.context, kind, 32, &lower, &upper);
            LLVMAddCallSiteAttribute(call.raw, LLVMAttributeReturnIndex, attribute);
        }
    }

    /// A variable of this name that is defined elsewhere.
    pub fn external_global(&self, name: &str, kind: Kind) -> Value<'m> {
        let name = CString::new(name).expect("names of variables have no zero byte");
        // SAFETY: a variable that is there already was declared here, with the same type.
        self.made(unsafe {
            let global = LLVMGetNamedGlobal(self.module, name.as_ptr());
            if global.is_null() {
                LLVMAddGlobal(self.module, self.ty(kind), name.as_ptr())
            } else {
                global
            }
        })
    }
}

/// What a function of the runtime does beyond making its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effects {
    None,
    Memory,
}

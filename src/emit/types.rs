//! LLVM's types, constants and alias metadata for WebAssembly, created once per context.

use inkwell::AddressSpace;
use inkwell::context::Context;
use inkwell::types::{
    BasicMetadataTypeEnum, BasicType, BasicTypeEnum, FloatType, FunctionType, IntType, PointerType,
    StructType, VectorType,
};
use inkwell::values::{BasicValueEnum, MetadataValue};

use crate::abi::HelperType;
use crate::llvm::marks::LINEAR_MEMORY;
use crate::targets::PointerWidth;
use crate::wasm::{FuncType, RefType, ValType};

/// The types that every file of the emitter uses.
#[derive(Clone, Copy)]
pub(super) struct Types<'ctx> {
    pub context: &'ctx Context,
    pub i1: IntType<'ctx>,
    pub i8: IntType<'ctx>,
    pub i16: IntType<'ctx>,
    pub i32: IntType<'ctx>,
    pub i64: IntType<'ctx>,
    pub i128: IntType<'ctx>,
    pub f32: FloatType<'ctx>,
    pub f64: FloatType<'ctx>,
    /// A v128 on the operand stack and between functions: two 64-bit lanes.
    pub v128: VectorType<'ctx>,
    pub ptr: PointerType<'ctx>,
    /// `uintptr_t`.
    pub intptr: IntType<'ctx>,
    /// An exception reference: the number of the tag, zero for null, and the cells of the values.
    pub exception: StructType<'ctx>,
}

impl<'ctx> Types<'ctx> {
    /// `cells`: the cells of values in an exception.
    pub fn new(context: &'ctx Context, width: PointerWidth, cells: u32) -> Self {
        let word = context.i32_type();
        Types {
            context,
            i1: context.bool_type(),
            i8: context.i8_type(),
            i16: context.i16_type(),
            i32: context.i32_type(),
            i64: context.i64_type(),
            i128: context.i128_type(),
            f32: context.f32_type(),
            f64: context.f64_type(),
            v128: context.i64_type().vec_type(2),
            ptr: context.ptr_type(AddressSpace::default()),
            intptr: match width {
                PointerWidth::Bits32 => context.i32_type(),
                PointerWidth::Bits64 => context.i64_type(),
            },
            exception: context.struct_type(&vec![word.into(); 1 + cells as usize], false),
        }
    }

    /// Returns the size of a value of type `ty` in bits; zero for an exception.
    pub fn bits_of(&self, ty: ValType) -> u64 {
        match self.value(ty) {
            BasicTypeEnum::IntType(ty) => u64::from(ty.get_bit_width()),
            BasicTypeEnum::FloatType(ty) => u64::from(ty.get_bit_width()),
            BasicTypeEnum::VectorType(_) => 128,
            _ => 0,
        }
    }

    /// Returns the LLVM type of a value of type `ty`. References that the runtime knows are its 32-bit
    /// indexes.
    pub fn value(&self, ty: ValType) -> BasicTypeEnum<'ctx> {
        match ty {
            ValType::I32 | ValType::Ref(RefType::Func | RefType::Extern) => self.i32.into(),
            ValType::Ref(RefType::Exn) => self.exception.into(),
            ValType::I64 => self.i64.into(),
            ValType::F32 => self.f32.into(),
            ValType::F64 => self.f64.into(),
            ValType::V128 => self.v128.into(),
        }
    }

    /// Returns the default value of a local of type `ty`: zero, or the null reference.
    pub fn default_value(&self, ty: ValType) -> BasicValueEnum<'ctx> {
        match ty {
            ValType::Ref(RefType::Func | RefType::Extern) => self.null_ref(),
            _ => self.value(ty).const_zero(),
        }
    }

    /// Returns how many 32-bit cells a value of type `ty` takes in memory of compiled code.
    pub fn cells(&self, ty: ValType) -> u32 {
        match ty {
            ValType::Ref(RefType::Exn) => self.exception.count_fields(),
            _ => ty.cells(),
        }
    }

    pub fn null_ref(&self) -> BasicValueEnum<'ctx> {
        let null = u64::from(crate::abi::layout::table::NULL_REF);
        self.i32.const_int(null, false).into()
    }

    pub fn helper(&self, ty: HelperType) -> BasicTypeEnum<'ctx> {
        match ty {
            HelperType::Pointer => self.ptr.into(),
            HelperType::Size => self.intptr.into(),
            HelperType::I32 => self.i32.into(),
            HelperType::I64 => self.i64.into(),
            HelperType::Bool => self.i8.into(),
        }
    }

    /// Returns the signature of compiled functions of type `ty`: the execution environment, the parameters,
    /// then one pointer for every result that is not returned ([`split_results`]). The first result is returned (`aot_call_function`
    /// in `core/iwasm/aot/aot_runtime.c` calls functions so).
    pub fn function(&self, ty: &FuncType) -> FunctionType<'ctx> {
        self.function_with(ty, None, false)
    }

    /// Returns the same signature with one more parameter, the last, of type `last`, and with one more result if the
    /// function `returns_flag`.
    pub fn function_with(
        &self,
        ty: &FuncType,
        last: Option<PointerType<'ctx>>,
        returns_flag: bool,
    ) -> FunctionType<'ctx> {
        let mut params: Vec<BasicMetadataTypeEnum> = Vec::with_capacity(1 + ty.params.len());
        params.push(self.ptr.into());
        params.extend(
            ty.params
                .iter()
                .map(|&param| BasicMetadataTypeEnum::from(self.value(param))),
        );
        let (returned, further) = split_results(ty);
        params.extend(std::iter::repeat_n(
            BasicMetadataTypeEnum::from(self.ptr),
            further.len(),
        ));
        params.extend(last.map(BasicMetadataTypeEnum::from));
        match (returned, returns_flag) {
            (None, false) => self.context.void_type().fn_type(&params, false),
            (None, true) => self.flag().fn_type(&params, false),
            (Some(result), false) => self.value(result).fn_type(&params, false),
            (Some(result), true) => self.with_flag(self.value(result)).fn_type(&params, false),
        }
    }

    /// Returns the type of the flag that says whether an exception has left a function: a whole register, which no
    /// target has to extend.
    pub fn flag(&self) -> IntType<'ctx> {
        self.intptr
    }

    /// Returns the type of a result and the flag.
    pub fn with_flag(&self, result: BasicTypeEnum<'ctx>) -> StructType<'ctx> {
        self.context
            .struct_type(&[result, self.flag().into()], false)
    }
}

/// Returns the result that functions of type `ty` return, and the results that they write through pointers:
/// those after the first, and a first one that may need more registers than there are for results.
pub(super) fn split_results(ty: &FuncType) -> (Option<ValType>, &[ValType]) {
    match ty.results.split_first() {
        Some((&first, further)) if first != ValType::Ref(RefType::Exn) => (Some(first), further),
        _ => (None, &ty.results),
    }
}

/// Type-based alias metadata. The runtime's structures and linear memory never overlap, so after a store to
/// linear memory, code need not load the memory's base again.
#[derive(Clone, Copy)]
pub(super) struct AliasTags<'ctx> {
    /// Fields of the execution environment, the instance, memory and table instances.
    pub runtime: MetadataValue<'ctx>,
    /// Global variables of the module.
    pub global: MetadataValue<'ctx>,
    /// Hidden globals.
    pub hidden: MetadataValue<'ctx>,
    /// Elements of tables.
    pub table: MetadataValue<'ctx>,
    /// Tiny frames.
    pub frame: MetadataValue<'ctx>,
    /// Bytes of a memory other than the first, if code checks all accesses to it.
    pub further_memory: MetadataValue<'ctx>,
    /// Bytes of a linear memory.
    pub linear_memory: MetadataValue<'ctx>,
    /// An empty node, the operand of `!invariant.load`.
    pub empty: MetadataValue<'ctx>,
    pub tbaa_kind: u32,
    pub invariant_kind: u32,
}

impl<'ctx> AliasTags<'ctx> {
    pub fn new(context: &'ctx Context) -> Self {
        let root = context.metadata_node(&[context.metadata_string("wasmelt").into()]);
        let zero = context.i64_type().const_zero();
        let tag = |name: &str| {
            let ty = context.metadata_node(&[
                context.metadata_string(name).into(),
                root.into(),
                zero.into(),
            ]);
            context.metadata_node(&[ty.into(), ty.into(), zero.into()])
        };
        AliasTags {
            runtime: tag("runtime"),
            global: tag("global"),
            hidden: tag("hidden"),
            table: tag("table"),
            frame: tag("frame"),
            further_memory: tag("further memory"),
            linear_memory: tag(LINEAR_MEMORY),
            empty: context.metadata_node(&[]),
            tbaa_kind: context.get_kind_id("tbaa"),
            invariant_kind: context.get_kind_id("invariant.load"),
        }
    }
}

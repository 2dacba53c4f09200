//! LLVM's types, constants and alias metadata for WebAssembly, created once per context.

use inkwell::AddressSpace;
use inkwell::context::Context;
use inkwell::types::{
    BasicMetadataTypeEnum, BasicType, BasicTypeEnum, FloatType, FunctionType, IntType, PointerType,
    VectorType,
};
use inkwell::values::{BasicValueEnum, MetadataValue};

use crate::abi::HelperType;
use crate::llvm::marks::LINEAR_MEMORY;
use crate::targets::PointerWidth;
use crate::wasm::{FuncType, ValType};

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
}

impl<'ctx> Types<'ctx> {
    pub fn new(context: &'ctx Context, width: PointerWidth) -> Self {
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
        }
    }

    /// Returns the LLVM type of a value of type `ty`. References are the runtime's 32-bit indexes.
    pub fn value(&self, ty: ValType) -> BasicTypeEnum<'ctx> {
        match ty {
            ValType::I32 | ValType::Ref(_) => self.i32.into(),
            ValType::I64 => self.i64.into(),
            ValType::F32 => self.f32.into(),
            ValType::F64 => self.f64.into(),
            ValType::V128 => self.v128.into(),
        }
    }

    /// Returns the default value of a local of type `ty`: zero, or the null reference.
    pub fn default_value(&self, ty: ValType) -> BasicValueEnum<'ctx> {
        match ty {
            ValType::Ref(_) => self.null_ref(),
            _ => self.value(ty).const_zero(),
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
    /// then one pointer for every result after the first. The first result is returned (`aot_call_function`
    /// in `core/iwasm/aot/aot_runtime.c` calls functions so).
    pub fn function(&self, ty: &FuncType) -> FunctionType<'ctx> {
        self.function_with(ty, None)
    }

    /// Returns the same signature with one more parameter, the last, of type `last`.
    pub fn function_with(
        &self,
        ty: &FuncType,
        last: Option<PointerType<'ctx>>,
    ) -> FunctionType<'ctx> {
        let mut params: Vec<BasicMetadataTypeEnum> = Vec::with_capacity(1 + ty.params.len());
        params.push(self.ptr.into());
        params.extend(
            ty.params
                .iter()
                .map(|&param| BasicMetadataTypeEnum::from(self.value(param))),
        );
        let extra_results = ty.results.len().saturating_sub(1);
        params.extend(std::iter::repeat_n(
            BasicMetadataTypeEnum::from(self.ptr),
            extra_results,
        ));
        params.extend(last.map(BasicMetadataTypeEnum::from));
        match ty.results.first() {
            None => self.context.void_type().fn_type(&params, false),
            Some(&result) => self.value(result).fn_type(&params, false),
        }
    }
}

/// Returns how many 32-bit cells a value of type `ty` takes in the runtime's argument arrays
/// (`wasm_value_type_cell_num` in `core/iwasm/interpreter/wasm.h`).
pub(super) fn cells(ty: ValType) -> u32 {
    match ty {
        ValType::I32 | ValType::F32 | ValType::Ref(_) => 1,
        ValType::I64 | ValType::F64 => 2,
        ValType::V128 => 4,
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
            linear_memory: tag(LINEAR_MEMORY),
            empty: context.metadata_node(&[]),
            tbaa_kind: context.get_kind_id("tbaa"),
            invariant_kind: context.get_kind_id("invariant.load"),
        }
    }
}

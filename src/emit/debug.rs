//! Where instructions come from: LLVM's debug information, in which the line of an instruction is the offset of
//! its WebAssembly instruction in the file.
//!
//! LLVM keeps the lines through optimisation, inlining included, and writes them with the code. The room
//! `debug` reads them from the objects and finds the lines of the source.

use inkwell::basic_block::BasicBlock;
use inkwell::builder::Builder;
use inkwell::context::Context;
use inkwell::debug_info::{
    AsDIScope, DICompileUnit, DIFile, DIFlags, DIFlagsConstants, DILocalVariable, DILocation,
    DISubprogram, DWARFEmissionKind, DWARFSourceLanguage, DebugInfoBuilder,
};
use inkwell::module::{FlagBehavior, Module as LlvmModule};
use inkwell::values::{BasicValueEnum, FunctionValue, InstructionValue, PointerValue};

use crate::abi::debug_values::DebugValue;
use crate::llvm::debug_records;

/// The version of DWARF in the objects, which only we read.
const DWARF_VERSION: u64 = 4;
/// `LLVMDebugMetadataVersion`.
const METADATA_VERSION: u64 = 3;

/// The debug information of a unit under construction.
pub(super) struct DebugInfo<'ctx> {
    context: &'ctx Context,
    builder: DebugInfoBuilder<'ctx>,
    unit: DICompileUnit<'ctx>,
    file: DIFile<'ctx>,
}

impl<'ctx> DebugInfo<'ctx> {
    /// `values`: whether values are described, too.
    pub fn new(context: &'ctx Context, llvm: &LlvmModule<'ctx>, values: bool) -> Self {
        let i32 = context.i32_type();
        for (name, version) in [
            ("Debug Info Version", METADATA_VERSION),
            ("Dwarf Version", DWARF_VERSION),
        ] {
            let version = i32.const_int(version, false);
            llvm.add_basic_value_flag(name, FlagBehavior::Warning, version);
        }
        let (builder, unit) = llvm.create_debug_info_builder(
            true,
            DWARFSourceLanguage::C,
            "wasm",
            "",
            "wasmelt",
            true,
            "",
            0,
            "",
            match values {
                true => DWARFEmissionKind::Full,
                false => DWARFEmissionKind::LineTablesOnly,
            },
            0,
            false,
            false,
            "",
            "",
        );
        let file = unit.get_file();
        DebugInfo {
            context,
            builder,
            unit,
            file,
        }
    }

    /// Describes `function`, whose body starts at `offset` of the file.
    pub fn add_function(&self, function: FunctionValue<'ctx>, offset: u64) -> DISubprogram<'ctx> {
        let name = function.get_name().to_string_lossy();
        let ty = self
            .builder
            .create_subroutine_type(self.file, None, &[], DIFlags::PUBLIC);
        let line = line(offset);
        let subprogram = self.builder.create_function(
            self.unit.as_debug_info_scope(),
            &name,
            None,
            self.file,
            line,
            ty,
            false,
            true,
            line,
            DIFlags::PUBLIC,
            true,
        );
        function.set_subprogram(subprogram);
        subprogram
    }

    /// Gives the instructions that `builder` makes from now on the offset of their WebAssembly instruction.
    pub fn set_offset(&self, builder: &Builder<'ctx>, subprogram: DISubprogram<'ctx>, offset: u64) {
        let scope = subprogram.as_debug_info_scope();
        let location =
            self.builder
                .create_debug_location(self.context, line(offset), 0, scope, None);
        builder.set_current_debug_location(location);
    }

    /// Describes that the value `name` of `bits` bits lives in `slot`. `before`: an instruction of the function.
    pub fn declare(
        &self,
        scope: DISubprogram<'ctx>,
        name: DebugValue,
        bits: u64,
        slot: PointerValue<'ctx>,
        before: InstructionValue<'ctx>,
    ) {
        if let Some(variable) = self.variable(scope, name, bits) {
            let location = self.outside(scope);
            debug_records::declare(&self.builder, variable, slot, location, before);
        }
    }

    /// Describes that `name` is `value` from the end of `block` on.
    pub fn set_value(
        &self,
        scope: DISubprogram<'ctx>,
        name: DebugValue,
        bits: u64,
        value: BasicValueEnum<'ctx>,
        block: BasicBlock<'ctx>,
    ) {
        if let Some(variable) = self.variable(scope, name, bits) {
            let location = self.outside(scope);
            debug_records::set_value(&self.builder, variable, value, location, block);
        }
    }

    /// Returns a location in the function that is no instruction's.
    fn outside(&self, scope: DISubprogram<'ctx>) -> DILocation<'ctx> {
        let scope = scope.as_debug_info_scope();
        self.builder
            .create_debug_location(self.context, 0, 0, scope, None)
    }

    /// Returns LLVM's variable for a value. LLVM has one for each name and function.
    fn variable(
        &self,
        scope: DISubprogram<'ctx>,
        name: DebugValue,
        bits: u64,
    ) -> Option<DILocalVariable<'ctx>> {
        // `DW_ATE_unsigned`; only we read the type.
        const UNSIGNED: u32 = 7;
        // A variable of the source can be in locals of several types.
        let bits = match name {
            DebugValue::Variable(_) => 128,
            _ => bits,
        };
        let ty = self
            .builder
            .create_basic_type("value", bits, UNSIGNED, DIFlags::PUBLIC)
            .ok()?;
        Some(self.builder.create_auto_variable(
            scope.as_debug_info_scope(),
            &name.to_string(),
            self.file,
            0,
            ty.as_type(),
            false,
            DIFlags::PUBLIC,
            0,
        ))
    }

    /// Completes the information of the unit.
    pub fn finish(&self) {
        self.builder.finalize();
    }
}

/// Returns the line that stands for `offset`: a WebAssembly file has less than 4 GiB.
fn line(offset: u64) -> u32 {
    u32::try_from(offset).unwrap_or(0)
}

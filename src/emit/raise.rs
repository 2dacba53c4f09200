//! Raising an exception, on however little stack is left.
//!
//! The runtime's helper takes a lock and formats a message. If it runs into the guard pages
//! meanwhile, the signal handler, which wants the same lock, waits for ever. So a function of ours
//! touches the stack that the helper needs first: an overflow then happens where no lock is held.

use inkwell::InlineAsmDialect;
use inkwell::attributes::AttributeLoc;
use inkwell::module::Linkage;
use inkwell::types::FunctionType;
use inkwell::values::FunctionValue;

use super::error::Result;
use super::partition::Partition;
use crate::abi::Helper;
use crate::abi::symbols::{PROBE_SYMBOL, RAISE_SYMBOL};

/// Bytes of stack that the runtime may use to raise an exception, `snprintf` most of them.
const HELPER_STACK: u32 = 16 << 10;

impl<'ctx> Partition<'ctx, '_, '_> {
    /// What is called with the module instance and the number of an exception to raise it.
    pub fn raise_function(&self) -> Result<FunctionValue<'ctx>> {
        let helper = self.helper(Helper::SetExceptionWithId);
        if self.env.stack_checks {
            // The boundary is far enough from the stack's end.
            return Ok(helper);
        }
        if let Some(function) = self.llvm.get_function(RAISE_SYMBOL) {
            return Ok(function);
        }
        let probe = self.probe_function()?;
        let raise = self.cold_function(RAISE_SYMBOL, helper.get_type());
        let builder = self.types.context.create_builder();
        builder.position_at_end(self.types.context.append_basic_block(raise, "entry"));
        builder.build_call(probe, &[], "")?;
        let arguments: Vec<_> = raise.get_params().into_iter().map(Into::into).collect();
        builder.build_call(helper, &arguments, "")?;
        builder.build_return(None)?;
        Ok(raise)
    }

    /// A function whose frame is as large as all that the helper needs; the prologue that LLVM
    /// makes touches every page of it.
    fn probe_function(&self) -> Result<FunctionValue<'ctx>> {
        let void = self.types.context.void_type();
        let probe = self.cold_function(PROBE_SYMBOL, void.fn_type(&[], false));
        let builder = self.types.context.create_builder();
        builder.position_at_end(self.types.context.append_basic_block(probe, "entry"));
        let area = builder.build_alloca(self.types.i8.array_type(HELPER_STACK), "")?;
        // Makes LLVM keep the area.
        let ty = void.fn_type(&[self.types.ptr.into()], false);
        let constraints = "r,~{memory}".to_owned();
        let dialect = Some(InlineAsmDialect::ATT);
        let context = self.types.context;
        let used =
            context.create_inline_asm(ty, String::new(), constraints, true, false, dialect, false);
        builder.build_indirect_call(ty, used, &[area.into()], "")?;
        builder.build_return(None)?;
        Ok(probe)
    }

    fn cold_function(&self, name: &str, ty: FunctionType<'ctx>) -> FunctionValue<'ctx> {
        let function = self.llvm.add_function(name, ty, Some(Linkage::Internal));
        self.set_attributes(function);
        for attribute in ["cold", "noinline"] {
            function.add_attribute(AttributeLoc::Function, self.enum_attribute(attribute));
        }
        function
    }
}

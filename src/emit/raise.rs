//! Raising an exception, on however little stack is left.
//!
//! The runtime's helper takes a lock and formats a message. If it runs into the guard pages
//! meanwhile, the signal handler, which wants the same lock, waits for ever. So a function of ours
//! touches the stack that the helper needs first: an overflow then happens where no lock is held.

use inkwell::InlineAsmDialect;
use inkwell::attributes::AttributeLoc;
use inkwell::builder::Builder;
use inkwell::module::Linkage;
use inkwell::types::FunctionType;
use inkwell::values::{FunctionValue, IntValue, PointerValue};

use super::error::Result;
use super::partition::Partition;
use crate::abi::symbols::{PROBE_SYMBOL, RAISE_SYMBOL};
use crate::abi::{Helper, layout};

/// Bytes of stack that the runtime may use to raise an exception, `snprintf` most of them.
const HELPER_STACK: u32 = 16 << 10;

impl<'ctx> Partition<'ctx, '_, '_> {
    /// Calls what raises the exception with this number.
    pub fn call_raise(
        &self,
        builder: &Builder<'ctx>,
        exec_env: PointerValue<'ctx>,
        instance: PointerValue<'ctx>,
        id: IntValue<'ctx>,
    ) -> Result<()> {
        if self.env.stack_checks {
            // The boundary is far enough from the stack's end.
            let helper = self.helper(Helper::SetExceptionWithId);
            builder.build_call(helper, &[instance.into(), id.into()], "")?;
        } else {
            let arguments = [exec_env.into(), id.into()];
            builder.build_call(self.raise_function()?, &arguments, "")?;
        }
        Ok(())
    }

    fn raise_function(&self) -> Result<FunctionValue<'ctx>> {
        let helper = self.helper(Helper::SetExceptionWithId);
        if let Some(function) = self.llvm.get_function(RAISE_SYMBOL) {
            return Ok(function);
        }
        let probe = self.probe_function()?;
        let types = &self.types;
        let parameters = [types.ptr.into(), types.i32.into()];
        let ty = types.context.void_type().fn_type(&parameters, false);
        let raise = self.cold_function(RAISE_SYMBOL, ty);
        let builder = types.context.create_builder();
        builder.position_at_end(types.context.append_basic_block(raise, "entry"));
        builder.build_call(probe, &[], "")?;
        // The instance is found through the environment, which comes first in every function that
        // uses the runtime (`passes::indirect_calls`).
        let exec_env = raise.get_nth_param(0).expect("two parameters");
        let id = raise.get_nth_param(1).expect("two parameters");
        let offset = layout::exec_env::module_inst(self.env.width);
        let offset = types.i64.const_int(offset, false);
        // SAFETY: a field of the environment.
        let field =
            unsafe { builder.build_gep(types.i8, exec_env.into_pointer_value(), &[offset], "")? };
        let instance = builder.build_load(types.ptr, field, "")?;
        builder.build_call(helper, &[instance.into(), id.into()], "")?;
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

    pub fn cold_function(&self, name: &str, ty: FunctionType<'ctx>) -> FunctionValue<'ctx> {
        let function = self.llvm.add_function(name, ty, Some(Linkage::Internal));
        self.set_attributes(function);
        for attribute in ["cold", "noinline"] {
            function.add_attribute(AttributeLoc::Function, self.enum_attribute(attribute));
        }
        function
    }
}

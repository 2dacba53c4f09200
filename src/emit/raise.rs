//! Raises an exception, even if little stack is left.
//!
//! The runtime's helper takes a lock and formats a message. If the helper hits the guard pages meanwhile, the
//! signal handler needs the same lock and waits for ever. So a function of ours first touches the stack that
//! the helper needs. An overflow then happens while no lock is held.

use inkwell::attributes::AttributeLoc;
use inkwell::builder::Builder;
use inkwell::intrinsics::Intrinsic;
use inkwell::module::Linkage;
use inkwell::types::FunctionType;
use inkwell::values::{BasicValue, FunctionValue, IntValue, PointerValue, ValueKind};
use inkwell::{InlineAsmDialect, IntPredicate};

use super::error::Result;
use super::unit::Unit;
use crate::abi::symbols::SymbolName;
use crate::abi::{Helper, layout};
use crate::targets::PointerWidth;

/// Bytes of stack that the runtime may use to raise an exception; `snprintf` uses most of them.
const HELPER_STACK: u32 = 16 << 10;

impl<'ctx> Unit<'ctx, '_, '_> {
    /// Calls the function that raises the exception with this number.
    pub fn call_raise(
        &self,
        builder: &Builder<'ctx>,
        exec_env: PointerValue<'ctx>,
        instance: PointerValue<'ctx>,
        id: IntValue<'ctx>,
    ) -> Result<()> {
        if self.plan.calls.stack_checks && self.plan.target.pointer_width == PointerWidth::Bits32 {
            // The boundary is far enough from the stack's end, and there are no guard pages.
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
        let name = SymbolName::Raise.to_string();
        if let Some(function) = self.llvm.get_function(&name) {
            return Ok(function);
        }
        if !self.plan.calls.stack_checks {
            // Comes before its first caller in the text.
            self.probe_function()?;
        }
        let types = &self.types;
        let parameters = [types.ptr.into(), types.i32.into()];
        let ty = types.context.void_type().fn_type(&parameters, false);
        let raise = self.cold_function(&name, ty);
        let builder = types.context.create_builder();
        builder.position_at_end(types.context.append_basic_block(raise, "entry"));
        // The instance is found through the environment, which comes first in every function that
        // uses the runtime (`passes::indirect_calls`).
        let exec_env = raise.get_nth_param(0).expect("two parameters");
        let id = raise.get_nth_param(1).expect("two parameters");
        let instance = self.make_room(&builder, raise, exec_env.into_pointer_value())?;
        builder.build_call(helper, &[instance.into(), id.into()], "")?;
        builder.build_return(None)?;
        Ok(raise)
    }

    /// Touches the stack that the helpers need, at the start of `function`; returns the instance.
    pub(super) fn make_room(
        &self,
        builder: &Builder<'ctx>,
        function: FunctionValue<'ctx>,
        exec_env: PointerValue<'ctx>,
    ) -> Result<PointerValue<'ctx>> {
        let width = self.plan.target.pointer_width;
        let field = |offset| {
            let offset = self.types.i64.const_int(offset, false);
            // SAFETY: a field of the environment.
            let field = unsafe { builder.build_gep(self.types.i8, exec_env, &[offset], "")? };
            builder.build_load(self.types.ptr, field, "")
        };
        if !self.plan.calls.stack_checks {
            builder.build_call(self.probe_function()?, &[], "")?;
        } else if width == PointerWidth::Bits64 {
            let boundary = field(layout::exec_env::native_stack_boundary(width))?;
            self.touch_boundary(builder, function, boundary.into_pointer_value())?;
        }
        let instance = field(layout::exec_env::module_inst(width))?;
        Ok(instance.into_pointer_value())
    }

    /// Touches the byte at the boundary of stack checks, if the helper may come below it from the current
    /// stack pointer. Without guard pages, the touch has no effect. With guard pages, some of them reach
    /// above the boundary (`STACK_OVERFLOW_CHECK_GUARD_PAGE_COUNT` pages, `WASM_STACK_GUARD_SIZE` bytes in
    /// `core/config.h`).
    fn touch_boundary(
        &self,
        builder: &Builder<'ctx>,
        function: FunctionValue<'ctx>,
        boundary: PointerValue<'ctx>,
    ) -> Result<()> {
        let types = &self.types;
        let stack = Intrinsic::find("llvm.stacksave")
            .and_then(|it| it.get_declaration(&self.llvm, &[types.ptr.into()]))
            .expect("LLVM has this intrinsic");
        let stack = builder.build_call(stack, &[], "")?.try_as_basic_value();
        let ValueKind::Basic(stack) = stack else {
            unreachable!("the intrinsic returns the stack pointer");
        };
        let stack = builder.build_ptr_to_int(stack.into_pointer_value(), types.intptr, "")?;
        let near = types.intptr.const_int(HELPER_STACK.into(), false);
        let limit = builder.build_ptr_to_int(boundary, types.intptr, "")?;
        let limit = builder.build_int_add(limit, near, "")?;
        let is_near = builder.build_int_compare(IntPredicate::ULT, stack, limit, "")?;
        let [touch, raise] =
            ["touch", "raise"].map(|name| types.context.append_basic_block(function, name));
        builder.build_conditional_branch(is_near, touch, raise)?;
        builder.position_at_end(touch);
        let byte = builder.build_load(types.i8, boundary, "")?;
        if let Some(load) = byte.as_instruction_value() {
            let _ = load.set_volatile(true);
        }
        builder.build_unconditional_branch(raise)?;
        builder.position_at_end(raise);
        Ok(())
    }

    /// Emits a function with a frame as large as the helper's whole stack use. LLVM's prologue touches every
    /// page of the frame.
    fn probe_function(&self) -> Result<FunctionValue<'ctx>> {
        let name = SymbolName::StackProbe.to_string();
        if let Some(probe) = self.llvm.get_function(&name) {
            return Ok(probe);
        }
        let void = self.types.context.void_type();
        let probe = self.cold_function(&name, void.fn_type(&[], false));
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

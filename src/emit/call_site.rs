//! Call sites: every call of a function of the module is built here, whether it is direct, indirect, from a
//! thunk or from an entry.

use inkwell::attributes::AttributeLoc;
use inkwell::values::{
    BasicMetadataValueEnum, BasicValueEnum, CallSiteValue, FunctionValue, IntValue, PointerValue,
    ValueKind,
};

use super::error::Result;
use super::function::FunctionEmitter;
use crate::wasm::FuncType;

/// The function that a call goes to.
pub(super) struct Callee<'ctx, 'e> {
    pub ty: &'e FuncType,
    pub target: Target<'ctx>,
    /// An exception can leave the call.
    pub may_throw: bool,
    /// The index of the function, if the call makes the callee's frame.
    pub index: Option<IntValue<'ctx>>,
}

pub(super) enum Target<'ctx> {
    Function(FunctionValue<'ctx>),
    /// The address of code that follows the convention of bodies.
    Address(PointerValue<'ctx>),
}

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    /// Calls `callee` with `arguments`: the execution environment, the WebAssembly arguments, and the addresses
    /// of the results after the first. Adds the base of linear memory where the callee takes it.
    pub fn call_site(
        &self,
        callee: &Callee<'ctx, '_>,
        mut arguments: Vec<BasicMetadataValueEnum<'ctx>>,
    ) -> Result<CallSiteValue<'ctx>> {
        let passes_base = self.plan().calls.passes_base;
        if passes_base {
            let base = self
                .fixed_base
                .expect("who calls bodies has the base of memory");
            arguments.push(base.into());
        }
        let call = match callee.target {
            Target::Function(function) => {
                let call = self.builder().build_call(function, &arguments, "")?;
                call.set_call_convention(function.get_call_conventions());
                call
            }
            Target::Address(address) => {
                let returns_flag = self.returns_flag(callee);
                let ty = self.unit.internal_type(callee.ty, returns_flag);
                let call = self
                    .builder()
                    .build_indirect_call(ty, address, &arguments, "")?;
                call.set_call_convention(self.unit.internal_convention());
                call
            }
        };
        if passes_base {
            self.unit.pass_base(call, arguments.len());
        }
        self.note_extended_result(call, callee.ty);
        Ok(call)
    }

    /// Reports whether `callee` returns a flag besides its result.
    fn returns_flag(&self, callee: &Callee<'ctx, '_>) -> bool {
        match callee.target {
            Target::Function(function) => self.unit.returns_flag(function, callee.ty),
            Target::Address(_) => {
                let exceptions = &self.plan().exceptions;
                exceptions.indirect_returns_flag(callee.may_throw)
            }
        }
    }

    /// Returns the result of a call of `callee`, and the flag that says whether an exception has left it.
    pub fn returned(
        &self,
        callee: &Callee<'ctx, '_>,
        call: CallSiteValue<'ctx>,
    ) -> Result<(Option<BasicValueEnum<'ctx>>, Option<IntValue<'ctx>>)> {
        let value = match call.try_as_basic_value() {
            ValueKind::Basic(value) => Some(value),
            ValueKind::Instruction(_) => None,
        };
        if !self.returns_flag(callee) {
            return Ok((value, None));
        }
        Ok(match value {
            Some(BasicValueEnum::StructValue(both)) => {
                let value = self.builder().build_extract_value(both, 0, "")?;
                let flag = self.builder().build_extract_value(both, 1, "")?;
                (Some(value), Some(flag.into_int_value()))
            }
            flag => (None, flag.map(BasicValueEnum::into_int_value)),
        })
    }

    /// Says of a call what the callee's declaration says of its result: tail calls need both.
    fn note_extended_result(&self, call: CallSiteValue<'ctx>, ty: &FuncType) {
        if let Some(&result) = ty.results.first()
            && self.plan().target.facts.extends_i32
            && self.types().value(result) == self.types().i32.into()
            && matches!(
                call.try_as_basic_value(),
                ValueKind::Basic(BasicValueEnum::IntValue(_))
            )
        {
            call.add_attribute(AttributeLoc::Return, self.unit.enum_attribute("signext"));
        }
    }
}

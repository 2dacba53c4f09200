//! Emits the functions without a body in the module: entries, which may have to load the base of linear
//! memory, the stand-in for functions that have been inlined, and the thunks of imported functions.

use cranelift_entity::EntityRef;
use inkwell::GlobalVisibility;
use inkwell::values::{
    BasicMetadataValueEnum, BasicValue, BasicValueEnum, CallSiteValue, FunctionValue, IntValue,
    LLVMTailCallKind, ValueKind,
};

use super::call_site::{Callee, Target};
use super::error::Result;
use super::function::FunctionEmitter;
use super::raise_message::Message;
use super::stack_check::emit_check;
use super::unit::{Symbol, Unit};
use super::{c_api_call, native_call, native_decision};
use crate::abi::symbols::SymbolName;
use crate::abi::{Exception, Helper, HiddenPurpose};
use crate::llvm::marks::FunctionMark;
use crate::plan::ImportCall;
use crate::wasm::FuncIndex;

/// Emits the functions between the runtime and the body of function `index`.
pub(super) fn emit_entries(unit: &Unit, index: FuncIndex) -> Result<()> {
    let plan = unit.plan;
    if plan.calls.has_prologues() {
        emit_check(unit, index, unit.callee(index))?;
    }
    if plan.has_own_entry(index) {
        emit_entry(unit, index)?;
    }
    Ok(())
}

/// Emits an entry that only the runtime calls.
fn emit_entry(unit: &Unit, index: FuncIndex) -> Result<()> {
    let plan = unit.plan;
    let entry = unit.declare(Symbol::Entry, index);
    let mut e = FunctionEmitter::new(unit, index, entry);
    e.builder().position_at_end(e.entry);
    if e.ty.has_exnref() {
        // Beyond the environment, the runtime's arguments are not those of the body.
        FunctionMark::OnlyForRuntime.set(unit.types.context, entry);
        unit.call_raise_message(e.builder(), e.exec_env, Message::ReferenceAtHost)?;
        let result = entry.get_type().get_return_type();
        let zero = result.map(|ty| ty.const_zero());
        e.builder()
            .build_return(zero.as_ref().map(|zero| zero as &dyn BasicValue))?;
        return Ok(());
    }
    let may_throw = plan.exceptions.may_throw(index);
    if plan.calls.passes_base {
        e.load_instance()?;
        e.load_fixed_base()?;
    }
    e.restore_segment()?;
    if !may_throw {
        return forward(&mut e, unit.callee(index), false);
    }
    FunctionMark::OnlyForRuntime.set(unit.types.context, entry);
    let (callee, call) = pass_on(&mut e, unit.callee(index), false)?;
    let (value, flag) = e.returned(&callee, call)?;
    raise_uncaught(&mut e, flag)?;
    e.builder()
        .build_return(value.as_ref().map(|value| value as &dyn BasicValue))?;
    Ok(())
}

/// Makes a trap of a pending exception, which would reach the runtime. `flag` says whether there is one, if the call
/// has returned a flag.
pub(super) fn raise_uncaught<'ctx>(
    e: &mut FunctionEmitter<'_, 'ctx, '_, '_>,
    flag: Option<IntValue<'ctx>>,
) -> Result<()> {
    let [uncaught, returned] = ["uncaught", "returned"].map(|name| e.append_block(name));
    let pending = e.is_pending(flag)?;
    e.unlikely_branch(pending, uncaught, returned)?;
    e.builder().position_at_end(uncaught);
    let tag = e.load_hidden(HiddenPurpose::PendingTag, e.types().i32)?;
    // First, because raising may overflow the stack.
    e.load_instance()?;
    e.forget_pending()?;
    e.raise_message(Message::Uncaught(tag.into_int_value()))?;
    e.builder().position_at_end(returned);
    Ok(())
}

/// Passes all parameters to `target` and returns its result from the function.
pub(super) fn forward<'ctx>(
    e: &mut FunctionEmitter<'_, 'ctx, '_, '_>,
    target: FunctionValue<'ctx>,
    must_tail: bool,
) -> Result<()> {
    let (callee, call) = pass_on(e, target, must_tail)?;
    let value = if e.returns_flag {
        // The target returns one, too.
        match call.try_as_basic_value() {
            ValueKind::Basic(value) => Some(value),
            ValueKind::Instruction(_) => None,
        }
    } else {
        e.returned(&callee, call)?.0
    };
    e.builder()
        .build_return(value.as_ref().map(|value| value as &dyn BasicValue))?;
    Ok(())
}

/// Passes all parameters to `target`, and returns the call.
fn pass_on<'ctx, 'e>(
    e: &mut FunctionEmitter<'_, 'ctx, 'e, '_>,
    target: FunctionValue<'ctx>,
    must_tail: bool,
) -> Result<(Callee<'ctx, 'e>, CallSiteValue<'ctx>)> {
    let arguments = (0..e.function.count_params())
        .map(|position| Ok(e.parameter(position)?.into()))
        .collect::<Result<Vec<BasicMetadataValueEnum>>>()?;
    let callee = Callee {
        ty: e.ty,
        target: Target::Function(target),
        may_throw: false,
        index: None,
    };
    let call = e.call_site(&callee, arguments)?;
    if must_tail {
        call.set_tail_call_kind(LLVMTailCallKind::LLVMTailCallKindMustTail);
    }
    Ok((callee, call))
}

/// Emits the stand-in. The runtime needs an address for every defined function. A function without code,
/// because all its calls were inlined, gets the stand-in's address. The stand-in raises an exception; nothing
/// calls it.
pub(super) fn emit_stand_in(unit: &Unit) -> Result<()> {
    let functions = unit.plan.module.functions.keys();
    let Some(local) = functions
        .into_iter()
        .find(|function| unit.plan.calls.local[function.index()])
    else {
        return Ok(());
    };
    let ty = unit.types.function(unit.plan.module.function_type(local));
    let function = unit
        .llvm
        .add_function(&SymbolName::StandIn.to_string(), ty, None);
    function
        .as_global_value()
        .set_visibility(GlobalVisibility::Hidden);
    let mut e = FunctionEmitter::new(unit, local, function);
    e.builder().position_at_end(e.entry);
    e.load_instance()?;
    let trap = e.trap_block(Exception::Unreachable)?;
    e.builder().build_unconditional_branch(trap)?;
    Ok(())
}

/// Emits the thunks of all imported functions to which the partition refers.
pub(super) fn emit_import_thunks(unit: &Unit) -> Result<()> {
    let thunks = unit.thunks.take();
    for (index, function) in thunks {
        emit_import_thunk(&mut FunctionEmitter::new(unit, index, function))?;
    }
    Ok(())
}

/// Emits a thunk. It stores the arguments in cells as `aot_invoke_native` reads them: the parameters, then
/// the addresses for results after the first. The first result comes back in the first cells.
fn emit_import_thunk(e: &mut FunctionEmitter) -> Result<()> {
    e.builder().position_at_end(e.entry);
    e.begin_thunk_frame()?;
    let call = e.plan().natives.call(e.index);
    match call {
        ImportCall::Direct(native) => native_call::emit(e, native)?,
        ImportCall::CApi => c_api_call::emit(e)?,
        ImportCall::Invoke => {}
    }
    let width = e.plan().target.pointer_width;
    let pointer_cells = width.bytes() / 4;
    let params: u32 = e.ty.params.iter().map(|&ty| ty.cells()).sum();
    let further = e.ty.results.len().saturating_sub(1) as u32;
    let first_result = e.ty.results.first().map_or(0, |&ty| ty.cells());
    let area_cells = (params + further * pointer_cells).max(first_result);
    let area = match call {
        ImportCall::Direct(_) => native_call::area(e, area_cells)?,
        ImportCall::Invoke | ImportCall::CApi => e.scratch(area_cells)?,
    };
    let values: Vec<BasicValueEnum> = e.function.get_params();
    let mut cell = 0;
    let passed = e.ty.params.len() + further as usize;
    for (position, &value) in values[1..=passed].iter().enumerate() {
        let slot = e.field(area, u64::from(cell) * 4)?;
        let store = e.builder().build_store(slot, value)?;
        let _ = store.set_alignment(4);
        cell +=
            e.ty.params
                .get(position)
                .map_or(pointer_cells, |&ty| ty.cells());
    }
    if let ImportCall::Direct(_) = call {
        let here = e.current_block();
        let decision = native_decision::function(e)?;
        e.builder().position_at_end(here);
        e.builder().build_call(decision, &[e.exec_env.into()], "")?;
    }
    let index = e.i32_const(e.index.as_u32());
    let argc = e.i32_const(params);
    let ok = e
        .call_helper(
            Helper::InvokeNative,
            &[e.exec_env.into(), index.into(), argc.into(), area.into()],
        )?
        .expect("the helper returns whether it succeeded")
        .into_int_value();
    // First of all: the caller of a thunk that unwinds is compiled code, too.
    e.restore_segment()?;
    e.unwind_unless_ok(ok)?;
    let result = match e.ty.results.first() {
        None => None,
        Some(&ty) => {
            let value = e.builder().build_load(e.types().value(ty), area, "")?;
            if let Some(load) = value.as_instruction_value() {
                let _ = load.set_alignment(4);
            }
            Some(value)
        }
    };
    e.end_frame()?;
    e.return_result(result)
}

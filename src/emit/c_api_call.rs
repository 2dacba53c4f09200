//! Calls of functions that the host has linked through the `wasm_c_api`, in front of the call through
//! `aot_invoke_native` in the same thunk.
//!
//! The `wasm_c_api` keeps an array of its functions in the instance. A thunk looks there first, at each call:
//! the array does not exist while the start function runs, nor in an instance that the host has made in
//! another way, and it has a null pointer for each function that the host has not given. Everything that is
//! not there is called through `aot_invoke_native`.
//!
//! Values pass in a structure of 16 bytes each (`wasm_val_t` in `core/iwasm/include/wasm_c_api.h`). Unlike
//! `wamrc`'s code, thunks keep them on the stack instead of in a buffer of the execution environment, which a
//! call back into the module would overwrite. Unlike `aot_invoke_native`, thunks return several results.

use inkwell::basic_block::BasicBlock;
use inkwell::values::IntValue;

use super::error::Result;
use super::function::FunctionEmitter;
use super::native_call;
use crate::abi::Helper;
use crate::abi::layout::{c_api_import, c_api_value, instance};

/// Emits the call of the thunk's function. Leaves the builder in the block for the other way.
pub(super) fn emit(e: &mut FunctionEmitter) -> Result<()> {
    e.load_instance()?;
    let invoke = e.append_block("invoke");
    let width = u64::from(e.plan().target.pointer_width.bytes());
    let imports = e.load_runtime_pointer(e.instance, instance::C_API_FUNC_IMPORTS, false)?;
    let exist = e.builder().build_is_not_null(imports, "")?;
    require(e, exist, invoke)?;
    let import = u64::from(e.index.as_u32()) * c_api_import::SIZE * width;
    let import = e.field(imports, import)?;
    let function = e.load_runtime_pointer(import, c_api_import::FUNCTION, false)?;
    let is_given = e.builder().build_is_not_null(function, "")?;
    require(e, is_given, invoke)?;

    let count = (e.ty.params.len() + e.ty.results.len()) as u32;
    let values = native_call::area(e, count * c_api_value::SIZE as u32 / 4)?;
    if let Some(alloca) = values.as_instruction() {
        let _ = alloca.set_alignment(8);
    }
    let place =
        |position: usize, field: u64| e.field(values, position as u64 * c_api_value::SIZE + field);
    for (position, &ty) in e.ty.params.iter().enumerate() {
        let kind = e.types().i8.const_int(c_api_value::kind(ty), false);
        let kind_place = place(position, c_api_value::KIND)?;
        e.builder().build_store(kind_place, kind)?;
        let value = e.parameter(position as u32 + 1)?;
        let value_place = place(position, c_api_value::VALUE)?;
        e.builder().build_store(value_place, value)?;
    }
    // A function need not write its results.
    let first_result = e.ty.params.len();
    for position in first_result..count as usize {
        for half in [0, 8] {
            let zero = e.types().i64.const_zero();
            e.builder().build_store(place(position, half)?, zero)?;
        }
    }
    let arguments = [
        e.instance.into(),
        import.into(),
        values.into(),
        e.i32_const(first_result as u32).into(),
        place(first_result, 0)?.into(),
        e.i32_const(e.ty.results.len() as u32).into(),
    ];
    let ok = e
        .call_helper(Helper::QuickInvokeCApi, &arguments)?
        .expect("the helper returns whether it succeeded")
        .into_int_value();
    // First of all: the caller of a thunk that unwinds is compiled code, too.
    e.restore_segment()?;
    unwind_unless(e, ok)?;
    return_results(e, |e, position| {
        let offset = (first_result + position) as u64 * c_api_value::SIZE + c_api_value::VALUE;
        e.field(values, offset)
    })?;
    e.builder().position_at_end(invoke);
    Ok(())
}

/// Branches to `otherwise` unless `condition` holds.
fn require<'ctx>(
    e: &FunctionEmitter<'_, 'ctx, '_, '_>,
    condition: IntValue<'ctx>,
    otherwise: BasicBlock<'ctx>,
) -> Result<()> {
    let next = e.append_block("given");
    e.builder()
        .build_conditional_branch(condition, next, otherwise)?;
    e.builder().position_at_end(next);
    Ok(())
}

/// Unwinds if the function has returned a trap. With guard pages, the runtime has done it.
fn unwind_unless<'ctx>(
    e: &mut FunctionEmitter<'_, 'ctx, '_, '_>,
    ok: IntValue<'ctx>,
) -> Result<()> {
    if !e.plan().memory.tests_exceptions() {
        return e.trap_unless_ok(ok);
    }
    e.unwind_unless_ok(ok)
}

/// Returns the results, which lie at `place`: the first as the thunk's value, the others through pointers.
fn return_results<'ctx>(
    e: &mut FunctionEmitter<'_, 'ctx, '_, '_>,
    place: impl Fn(
        &FunctionEmitter<'_, 'ctx, '_, '_>,
        usize,
    ) -> Result<inkwell::values::PointerValue<'ctx>>,
) -> Result<()> {
    let mut first = None;
    for (position, &ty) in e.ty.results.iter().enumerate() {
        let value = e
            .builder()
            .build_load(e.types().value(ty), place(e, position)?, "")?;
        if position == 0 {
            first = Some(value);
            continue;
        }
        let pointer = e.parameter((e.ty.params.len() + position) as u32)?;
        let store = e
            .builder()
            .build_store(pointer.into_pointer_value(), value)?;
        // Callers reserve cells.
        let _ = store.set_alignment(4);
    }
    e.end_frame()?;
    e.return_result(first)
}

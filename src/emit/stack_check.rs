//! Emits the stack check and the entry, which a function has besides its body. The entry may have to load the
//! base of linear memory.
//!
//! The check compares the stack pointer, less the body's frame, with the boundary that the runtime keeps for
//! the thread. If the options ask for it, the check also notes the lowest address that the stack reaches. Only
//! code generation knows the frame's size: the linker fills it into constants, which the check reads.

use inkwell::IntPredicate;
use inkwell::attributes::{Attribute, AttributeLoc};
use inkwell::values::{FunctionValue, IntValue};

use super::error::Result;
use super::function::FunctionEmitter;
use super::thunk::forward;
use super::unit::Unit;
use crate::abi::symbols::SymbolName;
use crate::abi::{Exception, layout};
use crate::targets::{Reach, TailCalls};
use crate::wasm::FuncIndex;

/// Emits the stack check of function `index`, which continues with the body. Without stack checks, it only
/// measures the stack.
pub(super) fn emit_check<'ctx>(
    unit: &Unit<'ctx, '_, '_>,
    index: FuncIndex,
    function: FunctionValue<'ctx>,
) -> Result<()> {
    // The body may be inlined here, and its frame with it.
    unit.report_frame(function);
    let mut e = FunctionEmitter::new(unit, index, function);
    e.builder().position_at_end(e.entry);
    let width = e.plan().target.pointer_width;
    let intptr = e.types().intptr;
    e.load_instance()?;

    let frame = frame_size(&e, index)?;
    let limit = if unit.plan.calls.stack_checks {
        let field = layout::exec_env::native_stack_boundary(width);
        let boundary = e.load_runtime(intptr, e.exec_env, field, true)?;
        Some(
            e.builder()
                .build_int_add(boundary.into_int_value(), frame, "")?,
        )
    } else {
        None
    };
    let stack = e.call_intrinsic("llvm.stacksave", &[e.types().ptr.into()], &[])?;
    let stack = e
        .builder()
        .build_ptr_to_int(stack.into_pointer_value(), intptr, "")?;
    if unit.plan.calls.measures_stack {
        measure(&e, stack, frame)?;
    }
    // Where that is impossible, the check keeps a frame of a few words, which the room that the
    // runtime leaves beyond its boundary covers.
    let must_tail = match unit.plan.target.tail_calls {
        TailCalls::Any { .. } => true,
        TailCalls::SameSignature { registers } => e.registers(e.ty) <= registers,
        TailCalls::Never => false,
    };
    let Some(limit) = limit else {
        return forward(&mut e, unit.declare_body(index), must_tail);
    };
    let overflow = e
        .builder()
        .build_int_compare(IntPredicate::ULT, stack, limit, "")?;
    if must_tail {
        // Without a call that returns here, the check has no frame.
        let [full, next] = ["overflow", "next"].map(|name| e.append_block(name));
        e.builder().build_conditional_branch(overflow, full, next)?;
        e.builder().position_at_end(full);
        let raise = overflow_function(unit, index, function)?;
        e.builder().position_at_end(full);
        e.resume_origin();
        forward(&mut e, raise, true)?;
        e.builder().position_at_end(next);
    } else {
        e.trap_if(overflow, Exception::NativeStackOverflow)?;
    }
    forward(&mut e, unit.declare_body(index), must_tail)
}

/// Notes the end of the body's frame if the stack has never reached so far: its lowest address, as stacks grow
/// downwards.
fn measure<'ctx>(
    e: &FunctionEmitter<'_, 'ctx, '_, '_>,
    stack: IntValue<'ctx>,
    frame: IntValue<'ctx>,
) -> Result<()> {
    let field = layout::exec_env::native_stack_top_min(e.plan().target.pointer_width);
    let end = e.builder().build_int_sub(stack, frame, "")?;
    let lowest = e.load_runtime(e.types().intptr, e.exec_env, field, false)?;
    let is_lower =
        e.builder()
            .build_int_compare(IntPredicate::ULT, end, lowest.into_int_value(), "")?;
    let [lower, next] = ["lower", "measured"].map(|name| e.append_block(name));
    e.builder()
        .build_conditional_branch(is_lower, lower, next)?;
    e.builder().position_at_end(lower);
    let store = e.builder().build_store(e.field(e.exec_env, field)?, end)?;
    e.tag(store, e.tags().runtime);
    e.builder().build_unconditional_branch(next)?;
    e.builder().position_at_end(next);
    Ok(())
}

/// Returns the function that raises the exception instead of function `index`, whose check is `check`. All
/// functions of that type share it.
fn overflow_function<'ctx>(
    unit: &Unit<'ctx, '_, '_>,
    index: FuncIndex,
    check: FunctionValue<'ctx>,
) -> Result<FunctionValue<'ctx>> {
    let ty = unit.plan.module.functions[index].type_index;
    let mut ty = unit.plan.tables.canonical_types[ty].as_u32();
    if unit.plan.exceptions.returns_flag(index) {
        // Functions of one type may differ in the flag.
        ty += unit.plan.module.types.len() as u32;
    }
    let name = SymbolName::StackOverflow(ty).to_string();
    if let Some(function) = unit.llvm.get_function(&name) {
        return Ok(function);
    }
    let function = unit.cold_function(&name, check.get_type());
    function.set_call_conventions(check.get_call_conventions());
    if let Some(extension) = check.get_enum_attribute(
        AttributeLoc::Return,
        Attribute::get_named_enum_kind_id("signext"),
    ) {
        function.add_attribute(AttributeLoc::Return, extension);
    }
    let mut e = FunctionEmitter::new(unit, index, function);
    e.builder().position_at_end(e.entry);
    e.load_instance()?;
    let raise = e.trap_block(Exception::NativeStackOverflow)?;
    e.builder().build_unconditional_branch(raise)?;
    Ok(function)
}

/// Returns the size of the body's frame, which the linker fills in.
fn frame_size<'ctx>(
    e: &FunctionEmitter<'_, 'ctx, '_, '_>,
    index: FuncIndex,
) -> Result<IntValue<'ctx>> {
    let (i32, intptr) = (e.types().i32, e.types().intptr);
    let position = e.unit.position(index);
    if e.plan().target.facts.literal_frame_sizes {
        let name = SymbolName::StackSizeValue(position);
        let value = e.unit.number(name).as_pointer_value();
        return Ok(e.builder().build_ptr_to_int(value, intptr, "")?);
    }
    let (constant, offset) = match e.plan().reach {
        Reach::Text => {
            let functions = e.plan().module.functions.len() - e.plan().module.imported_functions;
            let table = i32.array_type(functions as u32);
            let table = e.unit.constant_table(SymbolName::StackSizes, table);
            (table, u64::from(position) * 4)
        }
        Reach::Partition => {
            let name = SymbolName::StackSize(position);
            (e.unit.constant_table(name, i32), 0)
        }
        Reach::Literals | Reach::Nothing => unreachable!("such code holds the size in a literal"),
    };
    let frame = e.load_runtime(i32, constant.as_pointer_value(), offset, true)?;
    Ok(e.builder()
        .build_int_z_extend_or_bit_cast(frame.into_int_value(), intptr, "")?)
}

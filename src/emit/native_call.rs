//! Direct calls of imported functions, in front of the call through `aot_invoke_native` in the same thunk.
//!
//! A thunk calls the function directly if [`native_decision`] has found that this is possible, and if every
//! address among the arguments lies in linear memory, with its whole buffer or string. Everything else takes
//! the other way, as if there were none but that: traps, addresses in a shared heap, null pointers, disabled
//! checks. So a direct call does only what `wasm_runtime_invoke_native`
//! (`core/iwasm/common/wasm_runtime_common.c`) does for a function without attachment and in the plain
//! convention: it converts addresses to pointers, calls, and tests for an exception. The runtime checks no
//! stack and keeps no state around such a call, except that it sets the attachment in the execution
//! environment to null.
//!
//! The first call of an instance takes the other way. It asks for the decision after it has stored the
//! arguments, so that the direct way needs no registers for that.
//!
//! The checks come first and change nothing, because `aot_invoke_native` makes its own. They read the size and
//! the base of linear memory right before the call: native functions can make memory grow.

use inkwell::IntPredicate;
use inkwell::attributes::AttributeLoc;
use inkwell::basic_block::BasicBlock;
use inkwell::module::Linkage;
use inkwell::types::{BasicMetadataTypeEnum, BasicType};
use inkwell::values::{
    BasicMetadataValueEnum, BasicValue, FunctionValue, IntValue, PointerValue, ValueKind,
};

use super::error::Result;
use super::function::FunctionEmitter;
use super::native_decision;
use crate::abi::natives::NativeParam;
use crate::abi::symbols::SymbolName;
use crate::abi::{Exception, NativeAnswer, layout};
use crate::plan::{DirectCall, FrameKind};

type Emitter<'p, 'ctx, 'e, 'w> = FunctionEmitter<'p, 'ctx, 'e, 'w>;

/// Emits the direct call of the thunk's function. Leaves the builder in the block for the other way, which
/// calls [`native_decision::function`] first.
pub(super) fn emit(e: &mut Emitter, native: &DirectCall) -> Result<()> {
    // A copy at each call would make code much larger and hardly faster.
    let noinline = e.unit.enum_attribute("noinline");
    e.function.add_attribute(AttributeLoc::Function, noinline);
    e.load_instance()?;
    if e.plan().calls.passes_base {
        e.fixed_base = e
            .function
            .get_last_param()
            .map(|base| base.into_pointer_value());
    }
    let invoke = e.append_block("invoke");
    branch_on_answer(e, native, invoke)?;
    let pointers = checked_pointers(e, native, invoke)?;
    let result = call(e, native, &pointers)?;
    // First of all: the caller of a thunk that unwinds is compiled code, too.
    e.restore_segment()?;
    unwind_on_exception(e)?;
    e.end_frame()?;
    e.return_result(result)?;
    e.builder().position_at_end(invoke);
    Ok(())
}

/// Branches to `invoke` unless code has found that the function can be called directly.
fn branch_on_answer<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    native: &DirectCall,
    invoke: BasicBlock<'ctx>,
) -> Result<()> {
    let answers = native_decision::answers(e)?;
    let address = e.field(answers, native.answer.into())?;
    let answer = e.builder().build_load(e.types().i8, address, "")?;
    if let Some(load) = answer.as_instruction_value() {
        e.tag(load, e.tags().hidden);
    }
    let direct = e.types().i8.const_int(NativeAnswer::Direct as u64, false);
    let is_direct =
        e.builder()
            .build_int_compare(IntPredicate::EQ, answer.into_int_value(), direct, "")?;
    require(e, is_direct, invoke)
}

/// Returns stack memory of `cells` 32-bit cells for the other way. Unlike [`FunctionEmitter::scratch`], it has
/// only the alignment of the stack, so that the direct way need not align the stack.
pub(super) fn area<'ctx>(e: &Emitter<'_, 'ctx, '_, '_>, cells: u32) -> Result<PointerValue<'ctx>> {
    let here = e.current_block();
    e.position_at_entry();
    let area = e.types().i32.array_type(cells.max(1));
    let area = e.builder().build_alloca(area, "")?;
    e.return_to(here);
    Ok(area)
}

/// Tells LLVM that `condition` nearly always holds.
fn expect<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    condition: IntValue<'ctx>,
) -> Result<IntValue<'ctx>> {
    let i1 = e.types().i1;
    let arguments = [condition.into(), i1.const_int(1, false).into()];
    Ok(e.call_intrinsic("llvm.expect", &[i1.into()], &arguments)?
        .into_int_value())
}

/// Branches to `invoke` unless all addresses, buffers and strings lie in linear memory. Returns the pointers,
/// in the order of the addresses.
fn checked_pointers<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    native: &DirectCall,
    invoke: BasicBlock<'ctx>,
) -> Result<Vec<PointerValue<'ctx>>> {
    if !native.params.iter().any(|param| param.is_address()) {
        return Ok(Vec::new());
    }
    let size = e.memory_size_low(e.first_memory())?;
    let mut all_inside = None;
    let mut addresses = Vec::new();
    for (position, &param) in native.params.iter().enumerate() {
        if !param.is_address() {
            continue;
        }
        let address = argument(e, position)?.into_int_value();
        let builder = e.builder();
        let mut inside = builder.build_int_compare(IntPredicate::ULT, address, size, "")?;
        // What follows the address; it wraps around if the address is outside.
        let room = builder.build_int_sub(size, address, "")?;
        if param == NativeParam::Buffer {
            let length = argument(e, position + 1)?.into_int_value();
            let fits = builder.build_int_compare(IntPredicate::ULE, length, room, "")?;
            inside = builder.build_and(inside, fits, "")?;
        }
        all_inside = Some(match all_inside {
            Some(others) => builder.build_and(others, inside, "")?,
            None => inside,
        });
        addresses.push((param, address, room));
    }
    if let Some(all_inside) = all_inside {
        require(e, all_inside, invoke)?;
    }
    let base = e.memory_base(e.first_memory())?;
    let mut pointers = Vec::with_capacity(addresses.len());
    for (param, address, room) in addresses {
        let wide = e
            .builder()
            .build_int_z_extend_or_bit_cast(address, e.types().intptr, "")?;
        let pointer = e.linear_pointer(base, wide)?;
        if param == NativeParam::String {
            let here = e.current_block();
            let check = string_check(e)?;
            e.builder().position_at_end(here);
            let ends = e
                .builder()
                .build_call(check, &[pointer.into(), room.into()], "")?
                .try_as_basic_value()
                .expect_basic("the check returns whether the string ends");
            require(e, ends.into_int_value(), invoke)?;
        }
        pointers.push(pointer);
    }
    Ok(pointers)
}

/// Branches to `otherwise` unless `condition` holds.
fn require<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    condition: IntValue<'ctx>,
    otherwise: BasicBlock<'ctx>,
) -> Result<()> {
    let condition = expect(e, condition)?;
    let next = e.append_block("next");
    e.builder()
        .build_conditional_branch(condition, next, otherwise)?;
    e.builder().position_at_end(next);
    Ok(())
}

/// Returns a WebAssembly argument of the thunk.
fn argument<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    position: usize,
) -> Result<inkwell::values::BasicValueEnum<'ctx>> {
    e.parameter(position as u32 + 1)
}

/// Calls the linked function as C calls it.
fn call<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    native: &DirectCall,
    pointers: &[PointerValue<'ctx>],
) -> Result<Option<inkwell::values::BasicValueEnum<'ctx>>> {
    let types = e.types();
    let mut pointers = pointers.iter();
    let mut arguments: Vec<BasicMetadataValueEnum> = vec![e.exec_env.into()];
    let mut params: Vec<BasicMetadataTypeEnum> = vec![types.ptr.into()];
    for (position, param) in native.params.iter().enumerate() {
        if param.is_address() {
            let pointer = pointers.next().expect("each address has a pointer");
            arguments.push((*pointer).into());
            params.push(types.ptr.into());
        } else {
            arguments.push(argument(e, position)?.into());
            params.push(types.value(e.ty.params[position]).into());
        }
    }
    let ty = match e.ty.results.first() {
        Some(&result) => types.value(result).fn_type(&params, false),
        None => types.context.void_type().fn_type(&params, false),
    };
    let functions = e.load_runtime_pointer(e.instance, layout::instance::FUNC_PTRS, true)?;
    let at = u64::from(e.index.as_u32()) * u64::from(e.plan().target.pointer_width.bytes());
    let function = e.load_runtime_pointer(functions, at, true)?;
    let call = e
        .builder()
        .build_indirect_call(ty, function, &arguments, "")?;
    call.add_attribute(AttributeLoc::Function, e.unit.enum_attribute("nounwind"));
    if e.plan().target.facts.extends_i32 {
        for (position, param) in (0..).zip(&params) {
            if *param == types.i32.into() {
                let extension = e.unit.enum_attribute("signext");
                call.add_attribute(AttributeLoc::Param(position), extension);
            }
        }
    }
    Ok(match call.try_as_basic_value() {
        ValueKind::Basic(value) => Some(value),
        ValueKind::Instruction(_) => None,
    })
}

/// Unwinds if the native function has set an exception. The runtime does that as soon as it learns of it, if
/// there are guard pages. Otherwise the caller of the thunk tests for the exception.
fn unwind_on_exception(e: &mut Emitter) -> Result<()> {
    if e.plan().memory.tests_exceptions() {
        // A trap keeps the frames.
        return match e.plan().frames.kind {
            FrameKind::Tiny => e.return_on_exception(),
            FrameKind::None | FrameKind::Standard => Ok(()),
        };
    }
    let raised = e.is_raised()?;
    e.trap_if(raised, Exception::AlreadyThrown)
}

/// Returns the function that reports whether a zero byte lies among the given number of bytes from a pointer
/// on. The number is not zero.
fn string_check<'ctx>(e: &Emitter<'_, 'ctx, '_, '_>) -> Result<FunctionValue<'ctx>> {
    let unit = e.unit;
    let name = SymbolName::StringCheck.to_string();
    if let Some(function) = unit.llvm.get_function(&name) {
        return Ok(function);
    }
    let types = e.types();
    let ty = types
        .i1
        .fn_type(&[types.ptr.into(), types.i32.into()], false);
    let function = unit.llvm.add_function(&name, ty, Some(Linkage::Internal));
    unit.set_attributes(function);
    let block = |name| types.context.append_basic_block(function, name);
    let entry = block("entry");
    let [bytes, byte, next, found, missing] =
        ["bytes", "byte", "next", "found", "missing"].map(block);
    let builder = e.builder();
    let parameter = |position| function.get_nth_param(position).expect("two parameters");
    let start = parameter(0).into_pointer_value();
    let length = parameter(1).into_int_value();

    builder.position_at_end(entry);
    let (start, length) = match e.plan().target.facts.simd {
        true => skip_chunks(e, function, (start, length), found)?,
        false => (start, length),
    };
    let before = e.current_block();
    builder.build_unconditional_branch(bytes)?;

    builder.position_at_end(bytes);
    let at = builder.build_phi(types.ptr, "")?;
    let left = builder.build_phi(types.i32, "")?;
    let here = at.as_basic_value().into_pointer_value();
    let rest = left.as_basic_value().into_int_value();
    let zero = types.i32.const_zero();
    let empty = builder.build_int_compare(IntPredicate::EQ, rest, zero, "")?;
    builder.build_conditional_branch(empty, missing, byte)?;

    builder.position_at_end(byte);
    let value = builder.build_load(types.i8, here, "")?.into_int_value();
    let ends = builder.build_int_compare(IntPredicate::EQ, value, types.i8.const_zero(), "")?;
    builder.build_conditional_branch(ends, found, next)?;

    builder.position_at_end(next);
    let (after, left_after) = advance(e, here, rest, 1)?;
    builder.build_unconditional_branch(bytes)?;
    at.add_incoming(&[(&start, before), (&after, next)]);
    left.add_incoming(&[(&length, before), (&left_after, next)]);

    for (block, answer) in [(found, 1), (missing, 0)] {
        builder.position_at_end(block);
        builder.build_return(Some(&types.i1.const_int(answer, false)))?;
    }
    Ok(function)
}

/// Bytes that a vector register has on every target with vectors.
const CHUNK: u32 = 16;

/// Emits a loop over whole chunks, which branches to `found` if one has a zero byte. Returns the place behind
/// the chunks and the number of bytes that are left. Code generators without vectors would make long code of
/// the loop, or none.
fn skip_chunks<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    function: FunctionValue<'ctx>,
    (start, length): (PointerValue<'ctx>, IntValue<'ctx>),
    found: BasicBlock<'ctx>,
) -> Result<(PointerValue<'ctx>, IntValue<'ctx>)> {
    let (builder, types) = (e.builder(), e.types());
    let before = e.current_block();
    let block = |name| types.context.append_basic_block(function, name);
    let [chunks, chunk, behind] = ["chunks", "chunk", "behind"].map(block);
    builder.build_unconditional_branch(chunks)?;

    builder.position_at_end(chunks);
    let at = builder.build_phi(types.ptr, "")?;
    let left = builder.build_phi(types.i32, "")?;
    let here = at.as_basic_value().into_pointer_value();
    let rest = left.as_basic_value().into_int_value();
    let size = types.i32.const_int(CHUNK.into(), false);
    let whole = builder.build_int_compare(IntPredicate::UGE, rest, size, "")?;
    builder.build_conditional_branch(whole, chunk, behind)?;

    builder.position_at_end(chunk);
    let vector = types.i8.vec_type(CHUNK);
    let value = builder.build_load(vector, here, "")?.into_vector_value();
    if let Some(load) = value.as_instruction() {
        let _ = load.set_alignment(1);
    }
    let zeros = builder.build_int_compare(IntPredicate::EQ, value, vector.const_zero(), "")?;
    let zeros = builder.build_bit_cast(zeros, types.i16, "")?;
    let none = types.i16.const_zero();
    let ends = builder.build_int_compare(IntPredicate::NE, zeros.into_int_value(), none, "")?;
    let (after, left_after) = advance(e, here, rest, CHUNK)?;
    builder.build_conditional_branch(ends, found, chunks)?;
    at.add_incoming(&[(&start, before), (&after, chunk)]);
    left.add_incoming(&[(&length, before), (&left_after, chunk)]);

    builder.position_at_end(behind);
    Ok((here, rest))
}

/// Returns the place `by` bytes behind `at` and the number of bytes that are then left.
fn advance<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    at: PointerValue<'ctx>,
    left: IntValue<'ctx>,
    by: u32,
) -> Result<(PointerValue<'ctx>, IntValue<'ctx>)> {
    let by = e.i32_const(by);
    // SAFETY: the caller has compared the number of bytes that are left.
    let at = unsafe { e.builder().build_gep(e.types().i8, at, &[by], "")? };
    Ok((at, e.builder().build_int_sub(left, by, "")?))
}

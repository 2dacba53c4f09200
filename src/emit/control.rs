//! Control instructions: blocks and branches (specification 4.4.8).

use std::collections::HashMap;

use inkwell::IntPredicate;
use inkwell::basic_block::BasicBlock;
use inkwell::values::{BasicValue, BasicValueEnum, InstructionValue, IntValue, PhiValue};
use wasmparser::{BlockType, BrTable, Operator};

use super::error::Result;
use super::exceptions::Handler;
use super::function::FunctionEmitter;
use super::types::split_results;
use crate::abi::{Exception, layout};
use crate::wasm::{TypeIndex, ValType};

/// A block, loop, if or try, or the function itself, before its `end`.
pub(super) struct ControlFrame<'ctx> {
    /// The target of a branch to this label.
    pub target: BasicBlock<'ctx>,
    /// The values a branch carries, as phis of `target`.
    pub target_phis: Vec<PhiValue<'ctx>>,
    /// The block after the `end`; for anything but a loop, `target`.
    pub end: BasicBlock<'ctx>,
    pub end_phis: Vec<PhiValue<'ctx>>,
    /// The `else` of an `if` before the `else` instruction, with the block's parameters.
    pub pending_else: Option<(BasicBlock<'ctx>, Vec<BasicValueEnum<'ctx>>)>,
    /// The handler of a `try_table` or `try`.
    pub handler: Option<Handler<'ctx>>,
    /// Height of the operand stack below the block's parameters.
    pub height: usize,
}

impl<'ctx> ControlFrame<'ctx> {
    /// Returns the frame of a block whose label is its end, with phis for its results.
    fn of_block(end: BasicBlock<'ctx>, phis: Vec<PhiValue<'ctx>>, height: usize) -> Self {
        ControlFrame {
            target: end,
            target_phis: phis.clone(),
            end,
            end_phis: phis,
            pending_else: None,
            handler: None,
            height,
        }
    }
}

type Emitter<'p, 'ctx, 'e, 'w> = FunctionEmitter<'p, 'ctx, 'e, 'w>;

/// Emits `operator` if it belongs to this group.
pub(super) fn emit(e: &mut Emitter, operator: &Operator<'_>) -> Result<bool> {
    match *operator {
        Operator::Nop => {}
        Operator::Unreachable => {
            let trap = e.trap_site(Exception::Unreachable)?;
            e.builder().build_unconditional_branch(trap)?;
            e.reachable = false;
        }
        Operator::Block { blockty } => begin_block(e, blockty)?,
        Operator::Loop { blockty } => begin_loop(e, blockty)?,
        Operator::If { blockty } => begin_if(e, blockty)?,
        Operator::Else => begin_else(e)?,
        Operator::End => end(e)?,
        Operator::Br { relative_depth } => br(e, relative_depth)?,
        Operator::BrIf { relative_depth } => br_if(e, relative_depth)?,
        Operator::BrOnNull { relative_depth } => br_on_null(e, relative_depth)?,
        Operator::BrOnNonNull { relative_depth } => br_on_non_null(e, relative_depth)?,
        Operator::BrTable { ref targets } => br_table(e, targets)?,
        Operator::Return => {
            let outermost = e.control.len() as u32 - 1;
            br(e, outermost)?;
        }
        Operator::Drop => {
            e.pop();
        }
        Operator::Select | Operator::TypedSelect { .. } => {
            let condition = e.pop_condition()?;
            let (otherwise, then) = (e.pop(), e.pop());
            e.count_choice(condition)?;
            let value = e.builder().build_select(condition, then, otherwise, "")?;
            e.weigh_choice(value.as_instruction_value());
            e.push(value);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Handles an operator in unreachable code: counts skipped blocks. Returns true for an operator that ends a
/// part of a block that was entered while reachable.
pub(super) fn resumes(e: &mut Emitter, operator: &Operator<'_>) -> bool {
    match operator {
        Operator::Block { .. }
        | Operator::Loop { .. }
        | Operator::If { .. }
        | Operator::Try { .. }
        | Operator::TryTable { .. } => {
            e.skipped_blocks += 1;
            false
        }
        Operator::Else | Operator::Catch { .. } | Operator::CatchAll => e.skipped_blocks == 0,
        Operator::End | Operator::Delegate { .. } if e.skipped_blocks > 0 => {
            e.skipped_blocks -= 1;
            false
        }
        Operator::End | Operator::Delegate { .. } => true,
        _ => false,
    }
}

/// Opens the frame of the function's own label, which is the target of `return` and of branches out.
pub(super) fn begin_function(e: &mut Emitter) -> Result<()> {
    let end = e.append_block("return");
    let results = e.ty.results.clone();
    let phis = phis(e, end, &results)?;
    e.control.push(ControlFrame::of_block(end, phis, 0));
    Ok(())
}

/// Returns parameter and result types of a block.
fn block_types(e: &Emitter, ty: BlockType) -> Result<(Vec<ValType>, Vec<ValType>)> {
    Ok(match ty {
        BlockType::Empty => (Vec::new(), Vec::new()),
        BlockType::Type(ty) => {
            let ty = ValType::try_from(ty).map_err(|_| e.unsupported("block type"))?;
            (Vec::new(), vec![ty])
        }
        BlockType::FuncType(index) => {
            let ty = &e.plan().module.types[TypeIndex::from_u32(index)];
            (ty.params.clone(), ty.results.clone())
        }
    })
}

/// Creates one phi in `block` for each of `types`; the builder's position does not change.
fn phis<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    block: BasicBlock<'ctx>,
    types: &[ValType],
) -> Result<Vec<PhiValue<'ctx>>> {
    let here = e.current_block();
    e.builder().position_at_end(block);
    let phis = types
        .iter()
        .map(|&ty| Ok(e.builder().build_phi(e.types().value(ty), "")?))
        .collect();
    e.builder().position_at_end(here);
    phis
}

pub(super) fn begin_block(e: &mut Emitter, ty: BlockType) -> Result<()> {
    let (params, results) = block_types(e, ty)?;
    let end = e.append_block("end");
    let phis = phis(e, end, &results)?;
    let height = e.stack.len() - params.len();
    e.control.push(ControlFrame::of_block(end, phis, height));
    Ok(())
}

fn begin_loop(e: &mut Emitter, ty: BlockType) -> Result<()> {
    let (params, results) = block_types(e, ty)?;
    let header = e.append_block("loop");
    let end = e.append_block("end");
    let target_phis = phis(e, header, &params)?;
    let end_phis = phis(e, end, &results)?;
    let initial = e.pop_many(params.len());
    add_incoming(&target_phis, &initial, e.current_block());
    e.builder().build_unconditional_branch(header)?;
    e.builder().position_at_end(header);
    let height = e.stack.len();
    for phi in &target_phis {
        e.push(phi.as_basic_value());
    }
    e.control.push(ControlFrame {
        target: header,
        target_phis,
        end,
        end_phis,
        pending_else: None,
        handler: None,
        height,
    });
    Ok(())
}

fn begin_if(e: &mut Emitter, ty: BlockType) -> Result<()> {
    let (params, results) = block_types(e, ty)?;
    let condition = e.pop_condition()?;
    let then = e.append_block("then");
    let otherwise = e.append_block("else");
    let end = e.append_block("end");
    let phis = phis(e, end, &results)?;
    branch(e, condition, then, otherwise)?;
    e.builder().position_at_end(then);
    let height = e.stack.len() - params.len();
    let arguments = e.stack[height..].to_vec();
    e.control.push(ControlFrame {
        pending_else: Some((otherwise, arguments)),
        ..ControlFrame::of_block(end, phis, height)
    });
    Ok(())
}

fn begin_else(e: &mut Emitter) -> Result<()> {
    if e.reachable {
        fall_through(e)?;
    }
    let frame = e.control.last_mut().expect("else stands inside an if");
    let (block, arguments) = frame.pending_else.take().expect("an if has one else");
    let height = frame.height;
    e.stack.truncate(height);
    e.stack.extend(arguments);
    e.builder().position_at_end(block);
    e.reachable = true;
    Ok(())
}

/// Branches to the end of the innermost block with the results on the stack.
pub(super) fn fall_through(e: &mut Emitter) -> Result<()> {
    let frame = e
        .control
        .last()
        .expect("the function's own frame is there until the end");
    let values = &e.stack[e.stack.len() - frame.end_phis.len()..];
    add_incoming(&frame.end_phis, values, e.current_block());
    e.builder().build_unconditional_branch(frame.end)?;
    Ok(())
}

pub(super) fn end(e: &mut Emitter) -> Result<()> {
    if e.reachable {
        fall_through(e)?;
    }
    Handler::end(e)?;
    let frame = e.control.pop().expect("every end closes a block");
    if let Some((block, arguments)) = frame.pending_else {
        // An if without else passes its parameters on as its results.
        e.builder().position_at_end(block);
        add_incoming(&frame.end_phis, &arguments, block);
        e.builder().build_unconditional_branch(frame.end)?;
    }
    e.stack.truncate(frame.height);
    e.reachable = frame.end.get_first_use().is_some();
    if e.reachable {
        let last = e
            .function
            .get_last_basic_block()
            .expect("the function has blocks");
        if last != frame.end {
            // Keeps the text in the order of the source; no more than a courtesy to readers.
            let _ = frame.end.move_after(last);
        }
        e.builder().position_at_end(frame.end);
        for phi in &frame.end_phis {
            e.push(phi.as_basic_value());
        }
    } else {
        for phi in &frame.end_phis {
            phi.as_instruction().erase_from_basic_block();
        }
        // SAFETY: nothing refers to the block: it has no uses, and no instruction is in it.
        unsafe { frame.end.delete() }.expect("the block belongs to the function");
    }
    if e.control.is_empty() && e.reachable {
        let values = e.pop_many(e.ty.results.len());
        emit_return(e, &values)?;
    }
    Ok(())
}

/// Returns `values`: the first by value, the others through the pointers in the last parameters.
pub(super) fn emit_return<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    values: &[BasicValueEnum<'ctx>],
) -> Result<()> {
    let (returned, further) = split_results(e.ty);
    let (returned, written) = values.split_at(usize::from(returned.is_some()));
    debug_assert_eq!(written.len(), further.len());
    for (position, &value) in written.iter().enumerate() {
        let pointer = e
            .function
            .get_nth_param((e.ty.params.len() + 1 + position) as u32)
            .expect("one pointer for each further result")
            .into_pointer_value();
        let store = e.builder().build_store(pointer, value)?;
        // The runtime hands out cells of four bytes.
        let _ = store.set_alignment(4);
    }
    e.end_frame()?;
    e.return_result(returned.first().copied())
}

fn add_incoming<'ctx>(
    phis: &[PhiValue<'ctx>],
    values: &[BasicValueEnum<'ctx>],
    from: BasicBlock<'ctx>,
) {
    for (phi, value) in phis.iter().zip(values) {
        phi.add_incoming(&[(value, from)]);
    }
}

/// Branches to the label of the frame at `position` with `values`.
pub(super) fn branch_to<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    position: usize,
    values: &[BasicValueEnum<'ctx>],
) -> Result<()> {
    if is_loop(e, (e.control.len() - 1 - position) as u32) {
        check_terminate(e)?;
    }
    let frame = &e.control[position];
    add_incoming(&frame.target_phis, values, e.current_block());
    e.builder().build_unconditional_branch(frame.target)?;
    Ok(())
}

/// Adds the branch's values to the phis of label `depth`; returns the target of the branch.
fn branch_target<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, depth: u32) -> Result<BasicBlock<'ctx>> {
    let at = e.control.len() - 1 - depth as usize;
    let frame = &e.control[at];
    let values = &e.stack[e.stack.len() - frame.target_phis.len()..];
    add_incoming(&frame.target_phis, values, e.current_block());
    Ok(frame.target)
}

fn is_loop(e: &Emitter, depth: u32) -> bool {
    let frame = &e.control[e.control.len() - 1 - depth as usize];
    frame.target != frame.end
}

fn br(e: &mut Emitter, depth: u32) -> Result<()> {
    if is_loop(e, depth) {
        check_terminate(e)?;
    }
    let target = branch_target(e, depth)?;
    e.builder().build_unconditional_branch(target)?;
    e.reachable = false;
    Ok(())
}

fn br_if(e: &mut Emitter, depth: u32) -> Result<()> {
    let condition = e.pop_condition()?;
    branch_if(e, condition, depth, Counted::Yes)
}

/// Branches if the reference on top is null, without the reference.
fn br_on_null(e: &mut Emitter, depth: u32) -> Result<()> {
    let reference = e.pop();
    let is_null = e.is_null(reference)?;
    branch_if(e, is_null, depth, Counted::No)?;
    e.push(reference);
    Ok(())
}

/// Branches with the reference on top if the reference is not null.
fn br_on_non_null(e: &mut Emitter, depth: u32) -> Result<()> {
    let reference = e.pop();
    let is_null = e.is_null(reference)?;
    let is_reference = e.builder().build_not(is_null, "")?;
    e.push(reference);
    branch_if(e, is_reference, depth, Counted::No)?;
    e.pop();
    Ok(())
}

/// Whether a profile counts a branch: those on null references are not among its choices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counted {
    Yes,
    No,
}

/// Branches to label `depth` with the operands on top if `condition` holds.
fn branch_if<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    condition: IntValue<'ctx>,
    depth: u32,
    counted: Counted,
) -> Result<()> {
    if is_loop(e, depth) {
        check_terminate(e)?;
    }
    let target = branch_target(e, depth)?;
    let next = e.append_block("next");
    match counted {
        Counted::Yes => branch(e, condition, target, next)?,
        Counted::No => {
            let branch = e
                .builder()
                .build_conditional_branch(condition, target, next)?;
            hint(e, branch);
        }
    }
    e.builder().position_at_end(next);
    Ok(())
}

/// Branches on a condition of the program: every `if`, and every conditional branch to a label, comes here.
fn branch<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    condition: IntValue<'ctx>,
    then: BasicBlock<'ctx>,
    otherwise: BasicBlock<'ctx>,
) -> Result<()> {
    e.count_choice(condition)?;
    let branch = e
        .builder()
        .build_conditional_branch(condition, then, otherwise)?;
    hint(e, branch);
    // What a profile knows counts more than a hint.
    e.weigh_choice(Some(branch));
    Ok(())
}

/// Gives a branch the weights of its hint, if the program has one for the current instruction.
fn hint<'ctx>(e: &Emitter<'_, 'ctx, '_, '_>, branch: InstructionValue<'ctx>) {
    let Some(likely) = e.likely() else { return };
    let context = e.types().context;
    let (then, otherwise) = match likely {
        true => (LIKELY, 1),
        false => (1, LIKELY),
    };
    let weights = context.metadata_node(&[
        context.metadata_string("branch_weights").into(),
        e.i32_const(then).into(),
        e.i32_const(otherwise).into(),
    ]);
    // Fails only for a node of another context.
    let _ = branch.set_metadata(weights, context.get_kind_id("prof"));
}

/// How many times more often than not a likely branch is taken, as for `llvm.expect`.
const LIKELY: u32 = 2000;

fn br_table(e: &mut Emitter, table: &BrTable<'_>) -> Result<()> {
    let selector = e.pop_int();
    let depths = table
        .targets()
        .collect::<std::result::Result<Vec<u32>, _>>()?;
    if depths
        .iter()
        .chain([&table.default()])
        .any(|&depth| is_loop(e, depth))
    {
        check_terminate(e)?;
    }
    let switch = e.current_block();
    let mut blocks = HashMap::new();
    let default = br_table_target(e, &mut blocks, switch, table.default())?;
    let mut cases = Vec::with_capacity(depths.len());
    for (value, &depth) in depths.iter().enumerate() {
        if depth != table.default() {
            let target = br_table_target(e, &mut blocks, switch, depth)?;
            cases.push((e.i32_const(value as u32), target));
        }
    }
    e.builder().position_at_end(switch);
    e.count_target(selector, depths.len() as u32)?;
    let branch = e.builder().build_switch(selector, default, &cases)?;
    if let Some(ways) = e.ways(depths.len() as u32 + 1) {
        weigh_switch(e, branch, &depths, table.default(), ways);
    }
    e.reachable = false;
    Ok(())
}

/// Tells LLVM how often the switch of a `br_table` went its ways: the default first, which stands for all entries with
/// its target.
fn weigh_switch<'ctx>(
    e: &Emitter<'_, 'ctx, '_, '_>,
    switch: InstructionValue<'ctx>,
    depths: &[u32],
    default: u32,
    ways: &[u64],
) {
    let mut weights = vec![ways[depths.len()]];
    for (&depth, &way) in depths.iter().zip(ways) {
        if depth == default {
            weights[0] = weights[0].saturating_add(way);
        } else {
            weights.push(way);
        }
    }
    e.weigh(switch, &weights);
}

/// Returns the target of a case of a `br_table`. A phi needs an entry for every edge, and a table can have
/// very many edges to a label with many values. So labels with values are reached through a block of their
/// own, one per label.
fn br_table_target<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    blocks: &mut HashMap<u32, BasicBlock<'ctx>>,
    switch: BasicBlock<'ctx>,
    depth: u32,
) -> Result<BasicBlock<'ctx>> {
    if let Some(&block) = blocks.get(&depth) {
        return Ok(block);
    }
    let frame = &e.control[e.control.len() - 1 - depth as usize];
    let block = if frame.target_phis.is_empty() {
        frame.target
    } else {
        let block = e.append_block("case");
        e.builder().position_at_end(block);
        let target = branch_target(e, depth)?;
        e.builder().build_unconditional_branch(target)?;
        e.builder().position_at_end(switch);
        block
    };
    blocks.insert(depth, block);
    Ok(block)
}

/// With threads, tests before every backward branch whether the runtime wants this thread to end
/// (`core/iwasm/common/wasm_suspend_flags.h`).
pub(super) fn check_terminate(e: &mut Emitter) -> Result<()> {
    if !e
        .plan()
        .module
        .memories
        .values()
        .any(|memory| memory.shared)
    {
        return Ok(());
    }
    let width = e.plan().target.pointer_width;
    let flags = e.load_runtime(
        e.types().i32,
        e.exec_env,
        layout::exec_env::suspend_flags(width),
        false,
    )?;
    // Another thread sets it.
    if let Some(load) = flags.as_instruction_value() {
        let _ = load.set_volatile(true);
    }
    let bit = e
        .types()
        .i32
        .const_int(layout::SUSPEND_FLAG_TERMINATE, false);
    let flag = e.builder().build_and(flags.into_int_value(), bit, "")?;
    let zero = e.types().i32.const_zero();
    let asked = e
        .builder()
        .build_int_compare(IntPredicate::NE, flag, zero, "")?;
    let unwind = e.unwind_block()?;
    let next = e.append_block("next");
    e.builder().build_conditional_branch(asked, unwind, next)?;
    e.builder().position_at_end(next);
    Ok(())
}

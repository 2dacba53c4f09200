//! The legacy instructions: `try`, `catch`, `catch_all`, `rethrow` and `delegate`.
//!
//! The clauses come behind the code that they protect. So that code goes to a block that stays empty until the
//! first clause, or until the end.

use inkwell::values::StructValue;
use wasmparser::BlockType;

use super::super::control::{begin_block, end, fall_through};
use super::super::error::Result;
use super::{Emitter, Handler, Place};
use crate::wasm::TagIndex;

pub(super) fn begin_try(e: &mut Emitter, ty: BlockType) -> Result<()> {
    begin_block(e, ty)?;
    let frame = e.control.last_mut().expect("the block has just begun");
    frame.handler = Some(Handler::Try { block: None });
    Ok(())
}

pub(super) fn catch(e: &mut Emitter, tag: TagIndex) -> Result<()> {
    if !begin_next_clause(e)? {
        return Ok(());
    }
    let Some((_, pending)) = test(e) else {
        return Ok(());
    };
    let next = e.begin_clause(pending, tag)?;
    let exception = caught(e)?;
    let values = e.load_values(tag)?;
    e.clear_pending()?;
    e.stack.extend(values);
    set_handler(e, Some((next, pending)), exception);
    Ok(())
}

pub(super) fn catch_all(e: &mut Emitter) -> Result<()> {
    if !begin_next_clause(e)? {
        return Ok(());
    }
    let exception = caught(e)?;
    e.clear_pending()?;
    set_handler(e, None, exception);
    Ok(())
}

/// Ends the code before a clause, and continues where the clause is tested. Returns false if no exception
/// comes there.
fn begin_next_clause(e: &mut Emitter) -> Result<bool> {
    if e.reachable {
        fall_through(e)?;
    }
    let frame = e.control.last_mut().expect("catch stands inside a try");
    e.stack.truncate(frame.height);
    if let Some(Handler::Try { block }) = &frame.handler {
        match *block {
            None => set_handler(e, None, None),
            Some(block) => {
                e.builder().position_at_end(block);
                let tag = e.pending_tag()?;
                let here = e.current_block();
                set_handler(e, Some((here, tag)), None);
            }
        }
    }
    let next = test(e);
    if let Some((block, _)) = next {
        e.builder().position_at_end(block);
    }
    e.reachable = next.is_some();
    Ok(e.reachable)
}

type Test<'ctx> = (
    inkwell::basic_block::BasicBlock<'ctx>,
    inkwell::values::IntValue<'ctx>,
);

/// Returns the block that tests for the next clause, and the pending tag.
fn test<'ctx>(e: &Emitter<'_, 'ctx, '_, '_>) -> Option<Test<'ctx>> {
    match e.control.last()?.handler {
        Some(Handler::Caught { next, .. }) => next,
        _ => None,
    }
}

fn set_handler<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    next: Option<Test<'ctx>>,
    exception: Option<StructValue<'ctx>>,
) {
    let frame = e.control.last_mut().expect("catch stands inside a try");
    frame.handler = Some(Handler::Caught { next, exception });
}

/// Returns the pending exception as a value, if a `rethrow` may need it.
fn caught<'ctx>(e: &Emitter<'_, 'ctx, '_, '_>) -> Result<Option<StructValue<'ctx>>> {
    if !e.plan().exceptions.rethrows {
        return Ok(None);
    }
    Ok(Some(e.load_exception(Place::Pending)?))
}

pub(super) fn rethrow(e: &mut Emitter, depth: u32) -> Result<()> {
    e.note_helper()?;
    let frame = &e.control[e.control.len() - 1 - depth as usize];
    let Some(Handler::Caught {
        exception: Some(exception),
        ..
    }) = frame.handler
    else {
        unreachable!("rethrow names a try in whose clause it stands");
    };
    e.throw_again(exception)?;
    e.reachable = false;
    Ok(())
}

/// Ends a `try` whose exceptions go to the handler at label `depth`, counted from outside the `try`.
pub(super) fn delegate(e: &mut Emitter, depth: u32) -> Result<()> {
    if e.reachable {
        fall_through(e)?;
        e.reachable = false;
    }
    let position = e.control.len() - 1;
    if let Some(Handler::Try { block: Some(block) }) = e.control[position].handler {
        e.builder().position_at_end(block);
        let outer = e.handler_block(position - depth as usize)?;
        e.builder().build_unconditional_branch(outer)?;
    }
    e.control[position].handler = None;
    end(e)
}

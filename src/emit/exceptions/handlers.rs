//! Handlers: the blocks to which code goes when an exception is pending.
//!
//! The block of a handler is made when the first instruction needs it. It loads the tag, takes the first clause
//! that matches, and otherwise goes to the next handler outside of it. A clause takes the exception: it loads
//! the values, and then no exception is pending.

use std::collections::HashSet;

use inkwell::IntPredicate;
use inkwell::basic_block::BasicBlock;
use inkwell::values::{BasicValue, BasicValueEnum, IntValue, StructValue};
use wasmparser::{Catch, TryTable};

use super::super::control::{begin_block, branch_to};
use super::super::error::Result;
use super::super::function::FunctionEmitter;
use super::{Emitter, Place};
use crate::abi::HiddenPurpose;
use crate::wasm::TagIndex;

/// The handler of a block.
pub(in crate::emit) enum Handler<'ctx> {
    Table {
        clauses: Vec<Clause>,
        block: Option<BasicBlock<'ctx>>,
    },
    /// A `try` before its first `catch`.
    Try { block: Option<BasicBlock<'ctx>> },
    /// A `try` behind its first `catch`, which catches nothing more itself.
    Caught {
        /// The block that tests for the next clause; `None` if no exception comes this far.
        next: Option<(BasicBlock<'ctx>, IntValue<'ctx>)>,
        /// The exception that the clause has caught, for `rethrow`.
        exception: Option<StructValue<'ctx>>,
    },
}

/// A clause of a `try_table`.
#[derive(Debug, Clone, Copy)]
pub(in crate::emit) struct Clause {
    /// `None` catches every exception.
    tag: Option<TagIndex>,
    /// The label receives a reference to the exception.
    reference: bool,
    /// The position of the label's frame in the control stack.
    target: usize,
}

pub(super) fn begin_try_table(e: &mut Emitter, try_table: &TryTable) -> Result<()> {
    let outside = e.control.len() - 1;
    let clauses = try_table.catches.iter().map(|catch| {
        let (tag, reference, label) = match *catch {
            Catch::One { tag, label } => (Some(tag), false, label),
            Catch::OneRef { tag, label } => (Some(tag), true, label),
            Catch::All { label } => (None, false, label),
            Catch::AllRef { label } => (None, true, label),
        };
        Clause {
            tag: tag.map(TagIndex::from_u32),
            reference,
            target: outside - label as usize,
        }
    });
    let clauses = clauses.collect();
    begin_block(e, try_table.ty)?;
    let frame = e.control.last_mut().expect("the block has just begun");
    frame.handler = Some(Handler::Table {
        clauses,
        block: None,
    });
    Ok(())
}

/// The number of handlers that are asked for a clause when an exception is thrown. More would take time that grows
/// with the depth of blocks; the blocks of handlers find the clause, too.
const MOST_ASKED: usize = 16;

/// Branches to the clause of this function that catches an exception with `tag` thrown here. Returns false
/// if none is known to.
pub(super) fn branch_to_clause<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    tag: TagIndex,
    values: &[BasicValueEnum<'ctx>],
) -> Result<bool> {
    let numbers = &e.plan().exceptions.numbers;
    let matches = |clause: &&Clause| {
        let same = |other| numbers[other] == numbers[tag];
        clause.tag.is_none_or(same)
    };
    let mut found = None;
    let handlers = e.control.iter().rev();
    for frame in handlers
        .filter(|frame| frame.handler.is_some())
        .take(MOST_ASKED)
    {
        match &frame.handler {
            Some(Handler::Table { clauses, .. }) => found = clauses.iter().find(matches).copied(),
            // Its clauses come later.
            Some(Handler::Try { .. }) => return Ok(false),
            Some(Handler::Caught { .. }) | None => {}
        }
        if found.is_some() {
            break;
        }
    }
    let Some(clause) = found else {
        return Ok(false);
    };
    let mut passed = Vec::new();
    if clause.tag.is_some() {
        passed.extend_from_slice(values);
    }
    if clause.reference {
        // Through the pending cells, of which the exception consists.
        e.store_values(tag, values)?;
        e.store_hidden(HiddenPurpose::PendingTag, e.number_of(tag))?;
        passed.push(e.load_exception(Place::Pending)?.into());
        e.forget_tag()?;
    }
    branch_to(e, clause.target, &passed)?;
    Ok(true)
}

impl<'ctx> Handler<'ctx> {
    /// Ends the handler of the innermost frame: exceptions that it does not catch go on.
    pub fn end(e: &mut Emitter<'_, 'ctx, '_, '_>) -> Result<()> {
        let position = e.control.len() - 1;
        let unmatched = match &e.control[position].handler {
            Some(Handler::Try { block }) => *block,
            Some(Handler::Caught { next, .. }) => next.map(|(block, _)| block),
            Some(Handler::Table { .. }) | None => None,
        };
        if let Some(block) = unmatched {
            e.builder().position_at_end(block);
            let outer = e.handler_block(position)?;
            e.builder().build_unconditional_branch(outer)?;
        }
        Ok(())
    }
}

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    /// Returns the block of the innermost handler among the outermost `frames` frames, or the block that
    /// leaves the function.
    pub(super) fn handler_block(&mut self, frames: usize) -> Result<BasicBlock<'ctx>> {
        // The handlers without a block, innermost first. Each goes on to the next, up to the last that has a block or
        // needs none. Blocks nest a million deep, so no recursion.
        let mut missing = Vec::new();
        let mut ends = false;
        let mut outer = None;
        for position in (0..frames).rev() {
            match &self.control[position].handler {
                Some(Handler::Table { block, .. } | Handler::Try { block }) if block.is_some() => {
                    outer = *block;
                    ends = true;
                }
                Some(Handler::Table { clauses, .. }) => {
                    missing.push(position);
                    ends = clauses.iter().any(|clause| clause.tag.is_none());
                }
                Some(Handler::Try { .. }) => {
                    missing.push(position);
                    ends = true;
                }
                Some(Handler::Caught { .. }) | None => {}
            }
            if ends {
                break;
            }
        }
        if !ends {
            outer = Some(self.left_block()?);
        }
        for position in missing.into_iter().rev() {
            outer = Some(self.begin_handler(position, outer)?);
        }
        Ok(outer.expect("there was a block, or one has been made"))
    }

    /// Makes the block of a handler. Exceptions that it does not catch go to `outer`.
    fn begin_handler(
        &mut self,
        position: usize,
        outer: Option<BasicBlock<'ctx>>,
    ) -> Result<BasicBlock<'ctx>> {
        let handler = self.append_block("handler");
        let clauses = match &mut self.control[position].handler {
            Some(Handler::Table { clauses, block }) => {
                *block = Some(handler);
                std::mem::take(clauses)
            }
            Some(Handler::Try { block }) => {
                *block = Some(handler);
                return Ok(handler);
            }
            Some(Handler::Caught { .. }) | None => unreachable!("the frame has a handler"),
        };
        let here = self.current_block();
        self.builder().position_at_end(handler);
        let tag = self.pending_tag()?;
        let mut catches_all = false;
        let mut tested = HashSet::new();
        for clause in &clauses {
            match clause.tag {
                // The first clause of several for one tag counts.
                Some(caught) if !tested.insert(self.plan().exceptions.numbers[caught]) => {}
                Some(caught) => {
                    let next = self.begin_clause(tag, caught)?;
                    self.take_clause(*clause)?;
                    self.builder().position_at_end(next);
                }
                None => {
                    self.take_clause(*clause)?;
                    catches_all = true;
                    break;
                }
            }
        }
        if !catches_all {
            let outer = outer.expect("a handler that does not catch everything has an outer one");
            self.builder().build_unconditional_branch(outer)?;
        }
        if let Some(Handler::Table { clauses: taken, .. }) = &mut self.control[position].handler {
            *taken = clauses;
        }
        self.builder().position_at_end(here);
        Ok(handler)
    }

    /// Loads the pending tag in a handler's block. If none is pending, the runtime has raised an exception;
    /// then leaves the function.
    pub(super) fn pending_tag(&mut self) -> Result<IntValue<'ctx>> {
        let tag = self.load_hidden(HiddenPurpose::PendingTag, self.types().i32)?;
        let tag = tag.into_int_value();
        if self.plan().memory.tests_exceptions() {
            let trapped = self.is_zero(tag)?;
            let unwind = self.unwind_block()?;
            let caught = self.append_block("caught");
            self.unlikely_branch(trapped, unwind, caught)?;
            self.builder().position_at_end(caught);
        }
        Ok(tag)
    }

    /// Continues in a block for exceptions whose number `tag` is that of `caught`; returns the block for
    /// others.
    pub(super) fn begin_clause(
        &mut self,
        tag: IntValue<'ctx>,
        caught: TagIndex,
    ) -> Result<BasicBlock<'ctx>> {
        let number = self.number_of(caught);
        let same = self
            .builder()
            .build_int_compare(IntPredicate::EQ, tag, number, "")?;
        let clause = self.append_block("catch");
        let next = self.append_block("next");
        self.builder()
            .build_conditional_branch(same, clause, next)?;
        self.builder().position_at_end(clause);
        Ok(next)
    }

    /// Takes the pending exception and branches to the label of the clause.
    fn take_clause(&mut self, clause: Clause) -> Result<()> {
        let mut values = match clause.tag {
            Some(tag) => self.load_values(tag)?,
            None => Vec::new(),
        };
        if clause.reference {
            let exception = self.load_exception(Place::Pending)?;
            values.push(exception.as_basic_value_enum());
        }
        self.clear_pending()?;
        branch_to(self, clause.target, &values)
    }
}

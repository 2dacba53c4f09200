//! Exceptions: throwing them, and the code that calls and handlers share.
//!
//! An exception on its way to a handler is *pending*: its tag and its values stand in hidden globals
//! ([`crate::plan::exceptions`]). A function that it leaves returns, and the code behind the call goes to
//! the innermost handler of the function or returns in turn. What that code reads is the *signal*
//! ([`Signal`]). With software bounds checks, it is the first byte of the runtime's exception, so that one test
//! finds both kinds. Handlers tell them apart by the tag: there is no pending tag if the runtime has raised an
//! exception, and no handler catches that. With hardware bounds checks on 64-bit targets, functions return a flag.
//! Nothing reads the pending tag unless the flag is set, so the tag need not be reset.
//!
//! - [`handlers`]: `try_table`, and what all handlers have in common;
//! - [`legacy`]: `try`, `catch`, `catch_all`, `rethrow` and `delegate`.

mod handlers;
mod legacy;

use inkwell::basic_block::BasicBlock;
use inkwell::types::BasicTypeEnum;
use inkwell::values::{BasicValue, BasicValueEnum, IntValue, PointerValue, StructValue};
use inkwell::{AtomicOrdering, IntPredicate};
use wasmparser::Operator;

use super::error::Result;
use super::function::FunctionEmitter;
use super::raise_message::Message;
use super::types::split_results;
use crate::abi::{HiddenPurpose, layout};
use crate::plan::Signal;
use crate::wasm::{FuncType, GlobalIndex, TagIndex};

pub(super) use handlers::Handler;

type Emitter<'p, 'ctx, 'e, 'w> = FunctionEmitter<'p, 'ctx, 'e, 'w>;

/// Emits `operator` if it belongs to this group.
pub(super) fn emit(e: &mut Emitter, operator: &Operator<'_>) -> Result<bool> {
    match *operator {
        Operator::TryTable { ref try_table } => handlers::begin_try_table(e, try_table)?,
        Operator::Throw { tag_index } => throw(e, TagIndex::from_u32(tag_index))?,
        Operator::ThrowRef => throw_ref(e)?,
        Operator::Try { blockty } => legacy::begin_try(e, blockty)?,
        Operator::Catch { tag_index } => legacy::catch(e, TagIndex::from_u32(tag_index))?,
        Operator::CatchAll => legacy::catch_all(e)?,
        Operator::Rethrow { relative_depth } => legacy::rethrow(e, relative_depth)?,
        Operator::Delegate { relative_depth } => legacy::delegate(e, relative_depth)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn throw(e: &mut Emitter, tag: TagIndex) -> Result<()> {
    let values = e.pop_many(e.tag_type(tag).params.len());
    if !handlers::branch_to_clause(e, tag, &values)? {
        e.note_helper()?;
        e.set_pending(tag, &values)?;
        e.leave()?;
    }
    e.reachable = false;
    Ok(())
}

fn throw_ref(e: &mut Emitter) -> Result<()> {
    let exception = e.pop().into_struct_value();
    e.note_helper()?;
    let tag = e.tag_of(exception)?;
    let is_null = e.is_zero(tag)?;
    let null = e.append_block("null");
    let next = e.append_block("next");
    e.unlikely_branch(is_null, null, next)?;
    e.builder().position_at_end(null);
    e.raise_message(Message::NullReference)?;
    e.builder().position_at_end(next);
    e.throw_again(exception)?;
    e.reachable = false;
    Ok(())
}

/// A place in hidden globals that holds an exception.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Pending,
    /// A global of the module.
    Global(GlobalIndex),
}

impl Place {
    /// Returns the hidden global for a field of the exception: the tag, then the cells.
    fn field(self, field: u32) -> HiddenPurpose {
        match (self, field.checked_sub(1)) {
            (Place::Pending, None) => HiddenPurpose::PendingTag,
            (Place::Pending, Some(cell)) => HiddenPurpose::PendingCell(cell),
            (Place::Global(global), _) => HiddenPurpose::ReferenceCell {
                global: global.as_u32(),
                cell: field,
            },
        }
    }
}

impl<'ctx, 'e> FunctionEmitter<'_, 'ctx, 'e, '_> {
    fn tag_type(&self, tag: TagIndex) -> &'e FuncType {
        let module = self.plan().module;
        &module.types[module.tags[tag].type_index]
    }

    fn number_of(&self, tag: TagIndex) -> IntValue<'ctx> {
        self.i32_const(self.plan().exceptions.numbers[tag])
    }

    // Exceptions as values.

    /// Returns the number of the tag of an exception, zero for null.
    pub fn tag_of(&self, exception: StructValue<'ctx>) -> Result<IntValue<'ctx>> {
        let tag = self.builder().build_extract_value(exception, 0, "")?;
        Ok(tag.into_int_value())
    }

    pub fn load_exception(&self, place: Place) -> Result<StructValue<'ctx>> {
        let ty = self.types().exception;
        let mut exception = ty.get_poison();
        for field in 0..ty.count_fields() {
            let word = self.load_hidden(place.field(field), self.types().i32)?;
            let all = self
                .builder()
                .build_insert_value(exception, word, field, "")?;
            exception = all.into_struct_value();
        }
        Ok(exception)
    }

    pub fn store_exception(&self, place: Place, exception: StructValue<'ctx>) -> Result<()> {
        for field in 0..self.types().exception.count_fields() {
            let word = self.builder().build_extract_value(exception, field, "")?;
            self.store_hidden(place.field(field), word)?;
        }
        Ok(())
    }

    // The pending exception.

    /// Makes an exception pending.
    fn set_pending(&self, tag: TagIndex, values: &[BasicValueEnum<'ctx>]) -> Result<()> {
        self.pass_traps()?;
        self.store_values(tag, values)?;
        self.store_hidden(HiddenPurpose::PendingTag, self.number_of(tag))?;
        self.set_signal(true)
    }

    /// Keeps an access that may trap in front of the stores that make an exception pending: after the trap, none is
    /// pending. The fence makes no instruction.
    fn pass_traps(&self) -> Result<()> {
        if self.plan().exceptions.signal == Signal::PendingTag {
            self.builder()
                .build_fence(AtomicOrdering::Release, true, "")?;
        }
        Ok(())
    }

    /// Makes an exception pending that a handler has caught, and goes to the next handler outside of it.
    fn throw_again(&mut self, exception: StructValue<'ctx>) -> Result<()> {
        self.pass_traps()?;
        self.store_exception(Place::Pending, exception)?;
        self.set_signal(true)?;
        self.leave()
    }

    /// Takes the pending exception into this function.
    fn clear_pending(&mut self) -> Result<()> {
        // First: taking back frames calls the runtime, which may overflow the stack.
        self.forget_pending()?;
        self.take_back_frames()
    }

    /// Makes no exception pending.
    pub fn forget_pending(&self) -> Result<()> {
        self.forget_tag()?;
        self.set_signal(false)
    }

    /// Resets the pending tag, if anything reads it unasked.
    fn forget_tag(&self) -> Result<()> {
        if self.plan().exceptions.signal == Signal::Flag {
            return Ok(());
        }
        let none = self.types().i32.const_zero();
        self.store_hidden(HiddenPurpose::PendingTag, none)
    }

    /// Sets or clears what the test behind a call reads.
    fn set_signal(&self, pending: bool) -> Result<()> {
        match self.plan().exceptions.signal {
            Signal::RuntimeException => {}
            // The block that leaves the function sets the flag.
            Signal::Flag | Signal::PendingTag => return Ok(()),
        }
        let address = self.field(self.instance, layout::instance::CUR_EXCEPTION)?;
        let signal = self.types().i8.const_int(u64::from(pending), false);
        let signal = self.unless_raised(address, signal)?;
        let store = self.builder().build_store(address, signal)?;
        self.tag(store, self.tags().runtime);
        Ok(())
    }

    /// Returns `signal`, or the first letter of the runtime's exception at `address` if there is one: another
    /// thread or the host may have raised it, to end this instance.
    fn unless_raised(
        &self,
        address: PointerValue<'ctx>,
        signal: IntValue<'ctx>,
    ) -> Result<IntValue<'ctx>> {
        let ty = signal.get_type();
        let now = self.builder().build_load(ty, address, "")?;
        if let Some(load) = now.as_instruction_value() {
            self.tag(load, self.tags().runtime);
            // Another thread writes it.
            let _ = load.set_volatile(true);
        }
        let now = now.into_int_value();
        let own = ty.const_int(1, false);
        let raised = self
            .builder()
            .build_int_compare(IntPredicate::UGT, now, own, "")?;
        let signal = self.builder().build_select(raised, now, signal, "")?;
        Ok(signal.into_int_value())
    }

    /// Stores the values of an exception in the pending cells.
    fn store_values(&self, tag: TagIndex, values: &[BasicValueEnum<'ctx>]) -> Result<()> {
        let mut cell = 0;
        for (&ty, &value) in self.tag_type(tag).params.iter().zip(values) {
            self.store_hidden(HiddenPurpose::PendingCell(cell), value)?;
            cell += ty.cells();
        }
        Ok(())
    }

    /// Loads the values of the pending exception, whose tag is `tag`.
    fn load_values(&self, tag: TagIndex) -> Result<Vec<BasicValueEnum<'ctx>>> {
        let mut cell = 0;
        let values = self.tag_type(tag).params.iter().map(|&ty| {
            let value =
                self.load_hidden(HiddenPurpose::PendingCell(cell), self.types().value(ty))?;
            cell += ty.cells();
            Ok(value)
        });
        values.collect()
    }

    // Leaving code with a pending exception.

    /// Goes to the innermost handler, or leaves the function.
    fn leave(&mut self) -> Result<()> {
        let handler = self.handler_block(self.control.len())?;
        self.builder().build_unconditional_branch(handler)?;
        Ok(())
    }

    /// Goes on behind a call only if it has returned as it should: neither the runtime has raised an
    /// exception, nor is one pending. `may_throw`: whether one can be; `flag`: the flag that the call has
    /// returned.
    pub fn leave_unless_returned(
        &mut self,
        may_throw: bool,
        flag: Option<IntValue<'ctx>>,
    ) -> Result<()> {
        if !may_throw {
            return self.return_on_exception();
        }
        let left = match self.plan().exceptions.signal {
            Signal::RuntimeException => self.is_raised()?,
            Signal::Flag | Signal::PendingTag => self.is_pending(flag)?,
        };
        let handler = self.handler_block(self.control.len())?;
        let next = self.append_block("next");
        self.unlikely_branch(left, handler, next)?;
        self.builder().position_at_end(next);
        Ok(())
    }

    /// Reports whether an exception is pending behind a call that has returned `flag`.
    pub fn is_pending(&self, flag: Option<IntValue<'ctx>>) -> Result<IntValue<'ctx>> {
        let word = match flag {
            Some(flag) => flag,
            None => self
                .load_hidden(HiddenPurpose::PendingTag, self.types().i32)?
                .into_int_value(),
        };
        let none = word.get_type().const_zero();
        Ok(self
            .builder()
            .build_int_compare(IntPredicate::NE, word, none, "")?)
    }

    /// Returns the block that returns from the function because an exception of the program leaves it.
    fn left_block(&mut self) -> Result<BasicBlock<'ctx>> {
        if !self.returns_flag {
            return self.unwind_block();
        }
        if let Some(block) = self.left {
            return Ok(block);
        }
        let here = self.current_block();
        let block = self.append_block("left");
        self.builder().position_at_end(block);
        // Nobody reads the result, so the result of a call in this function may stay where it is.
        let (returned, _) = split_results(self.ty);
        let value = returned.map(|ty| poison(self.types().value(ty)));
        self.exit(value, true)?;
        self.builder().position_at_end(here);
        self.left = Some(block);
        Ok(block)
    }
}

fn poison(ty: BasicTypeEnum) -> BasicValueEnum {
    match ty {
        BasicTypeEnum::ArrayType(ty) => ty.get_poison().into(),
        BasicTypeEnum::FloatType(ty) => ty.get_poison().into(),
        BasicTypeEnum::IntType(ty) => ty.get_poison().into(),
        BasicTypeEnum::PointerType(ty) => ty.get_poison().into(),
        BasicTypeEnum::StructType(ty) => ty.get_poison().into(),
        BasicTypeEnum::VectorType(ty) => ty.get_poison().into(),
        BasicTypeEnum::ScalableVectorType(ty) => ty.get_poison().into(),
    }
}

//! Emits the frames by which the runtime sees the calls ([`crate::plan::frames`]).
//!
//! A *tiny* frame lies at the top of the frame stack. A function makes its frame at its start, and deletes it
//! before it returns or makes a tail call. A function whose frame only traps can show makes it right before it
//! raises an exception. A thunk makes the frame of its imported function. After a trap,
//! nobody deletes frames: the runtime first prints them, and then deletes all.
//!
//! Functions that an exception of the program leaves delete no frames either. The function that catches it does.
//!
//! A *standard* frame is made by the caller, through the runtime. A tail call replaces the frame that the
//! function's own caller has made.
//!
//! The subtle part: with hardware bounds, LLVM does not see that an access can trap. It would merge or delete
//! stores to frames between two calls. So these stores are volatile then. With software bounds, all traps are
//! calls, and LLVM may delete each store that no call can see.

use inkwell::IntPredicate;
use inkwell::basic_block::BasicBlock;
use inkwell::values::{InstructionValue, IntValue, PointerValue};

use super::call_site::Callee;
use super::error::Result;
use super::function::FunctionEmitter;
use super::unit::Unit;
use crate::abi::symbols::SymbolName;
use crate::abi::{Exception, Helper, layout};
use crate::plan::frames::{FrameKind, TinyFrame};

/// The frame of the function that is emitted.
pub(super) struct Frame<'ctx> {
    address: PointerValue<'ctx>,
    /// Where the frame holds the offset of an instruction, from the frame's start.
    offset_field: u64,
    /// The store of the offset that the first access to memory will set.
    first_access: Option<InstructionValue<'ctx>>,
}

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    /// Makes the frame of a body, if there are frames.
    pub fn begin_frame(&mut self) -> Result<()> {
        let frames = self.plan().frames;
        match frames.kind {
            FrameKind::None => {}
            FrameKind::Tiny => {
                let position = self.unit.position(self.index) as usize;
                let how = self.plan().tiny_frames[position];
                if how.at_traps {
                    self.frame_at_traps = Some(self.word_slot()?);
                } else {
                    self.check_room(how)?;
                    self.make_tiny_frame(how.sets_offset)?;
                }
            }
            FrameKind::Standard
                if frames.notes_calls || frames.notes_traps || self.plan().module.usage.throws =>
            {
                let width = self.plan().target.pointer_width;
                let current = layout::exec_env::cur_frame(width);
                self.frame = Some(Frame {
                    address: self.load_runtime_pointer(self.exec_env, current, false)?,
                    offset_field: layout::standard_frame::ip_offset(width),
                    first_access: None,
                });
            }
            FrameKind::Standard => {}
        }
        Ok(())
    }

    /// Makes the frame of an imported function in its thunk, if functions make their own frames.
    pub fn begin_thunk_frame(&mut self) -> Result<()> {
        if self.plan().frames.kind == FrameKind::Tiny {
            self.load_instance()?;
            self.check_room(TinyFrame::OF_THUNK)?;
            self.make_tiny_frame(TinyFrame::OF_THUNK.sets_offset)?;
        }
        Ok(())
    }

    /// Raises an exception unless the frame stack has room, if the function checks that.
    fn check_room(&mut self, how: TinyFrame) -> Result<()> {
        let Some(room) = how.checks_room else {
            return Ok(());
        };
        let end = self.field(
            self.frames_top()?,
            u64::from(room) * layout::tiny_frame::SIZE,
        )?;
        let field = layout::exec_env::frames_boundary(self.plan().target.pointer_width);
        let boundary = self.load_runtime_pointer(self.exec_env, field, true)?;
        let full = self
            .builder()
            .build_int_compare(IntPredicate::UGT, end, boundary, "")?;
        self.trap_if(full, Exception::OperandStackOverflow)
    }

    fn make_tiny_frame(&mut self, sets_offset: bool) -> Result<()> {
        let address = self.frames_top()?;
        let mut frame = Frame {
            address,
            offset_field: layout::tiny_frame::IP_OFFSET,
            first_access: None,
        };
        if self.plan().frames.has_function {
            let index = self.i32_const(self.index.as_u32());
            self.store_in_frame(&frame, layout::tiny_frame::FUNC_INDEX, index)?;
        }
        if sets_offset {
            let offset = self.i32_const(self.offset as u32);
            let store = self.store_in_frame(&frame, frame.offset_field, offset)?;
            frame.first_access = Some(store);
        }
        self.set_frames_top(self.field(address, layout::tiny_frame::SIZE)?)?;
        self.frame = Some(frame);
        Ok(())
    }

    /// Deletes the frame that the function has made itself, right before it returns or makes a tail call.
    pub fn end_frame(&self) -> Result<()> {
        match &self.frame {
            Some(frame) if self.plan().frames.kind == FrameKind::Tiny => {
                self.set_frames_top(frame.address)
            }
            _ => Ok(()),
        }
    }

    fn frames_top(&self) -> Result<PointerValue<'ctx>> {
        let field = layout::exec_env::frames_top(self.plan().target.pointer_width);
        self.load_runtime_pointer(self.exec_env, field, false)
    }

    fn set_frames_top(&self, top: PointerValue<'ctx>) -> Result<()> {
        let field = layout::exec_env::frames_top(self.plan().target.pointer_width);
        let store = self
            .builder()
            .build_store(self.field(self.exec_env, field)?, top)?;
        self.tag(store, self.tags().runtime);
        self.keep(store);
        Ok(())
    }

    fn store_in_frame(
        &self,
        frame: &Frame<'ctx>,
        field: u64,
        value: IntValue<'ctx>,
    ) -> Result<InstructionValue<'ctx>> {
        let store = self
            .builder()
            .build_store(self.field(frame.address, field)?, value)?;
        self.tag(store, self.tags().frame);
        self.keep(store);
        Ok(store)
    }

    /// Keeps LLVM from deleting or moving a store, if traps can see it without a sign.
    fn keep(&self, store: InstructionValue<'ctx>) {
        if self.plan().frames.keeps_order {
            let _ = store.set_volatile(true);
        }
    }

    /// Notes the offset of the current instruction in the frame.
    pub fn note_offset(&self) -> Result<()> {
        let Some(frame) = &self.frame else {
            return Ok(());
        };
        // A field of a standard frame is as wide as a pointer.
        let ty = match self.plan().frames.kind {
            FrameKind::Standard => self.types().intptr,
            FrameKind::Tiny | FrameKind::None => self.types().i32,
        };
        let offset = ty.const_int(self.offset, false);
        self.store_in_frame(frame, frame.offset_field, offset)?;
        Ok(())
    }

    /// Notes that the current instruction accesses memory. The frame shows the first access of the function
    /// until its first call.
    pub fn note_access(&mut self) {
        let offset = self.offset as u32;
        if let Some(frame) = &mut self.frame
            && let Some(store) = frame.first_access.take()
        {
            let offset = self.unit.types.i32.const_int(u64::from(offset), false);
            let _ = store.set_operand(0, offset);
        }
    }

    /// Notes that the current instruction calls a function of the runtime that may raise an exception.
    pub fn note_helper(&self) -> Result<()> {
        if self.plan().frames.notes_traps {
            self.note_offset()?;
        }
        Ok(())
    }

    /// Reports whether a trap of the current instruction has to note the instruction.
    pub fn notes_traps(&self) -> bool {
        let has_frame = self.frame.is_some() || self.frame_at_traps.is_some();
        self.plan().frames.notes_traps && !self.trap_noted && has_frame
    }

    /// Returns the block to branch to if the current instruction raises `exception`: it notes the instruction.
    pub fn trap_site(&mut self, exception: Exception) -> Result<BasicBlock<'ctx>> {
        let trap = self.trap_block(exception)?;
        if !self.notes_traps() {
            return Ok(trap);
        }
        let here = self.current_block();
        let site = self.append_block("site");
        self.builder().position_at_end(site);
        match self.frame_at_traps {
            Some(slot) => {
                let offset = self.i32_const(self.offset as u32);
                self.builder().build_store(slot, offset)?;
            }
            None => self.note_offset()?,
        }
        self.builder().build_unconditional_branch(trap)?;
        self.builder().position_at_end(here);
        Ok(site)
    }

    /// Makes the frame in a block that raises an exception, if the function makes its frame there.
    pub fn begin_trap_frame(&mut self) -> Result<()> {
        let Some(slot) = self.frame_at_traps else {
            return Ok(());
        };
        self.make_tiny_frame(false)?;
        if let Some(frame) = self.frame.take()
            && self.plan().frames.notes_traps
        {
            let offset = self.builder().build_load(self.types().i32, slot, "")?;
            self.store_in_frame(&frame, frame.offset_field, offset.into_int_value())?;
        }
        Ok(())
    }

    /// Prepares for a call of `callee`: notes the call, and makes the callee's frame if the caller makes it.
    pub fn begin_call(&mut self, callee: &Callee<'ctx, '_>) -> Result<()> {
        if self.plan().frames.notes_calls {
            self.note_offset()?;
        }
        self.make_standard_frame(callee)
    }

    fn make_standard_frame(&mut self, callee: &Callee<'ctx, '_>) -> Result<()> {
        if self.plan().frames.kind != FrameKind::Standard {
            return Ok(());
        }
        let index = callee.index.expect("calls know their function");
        let made = self
            .call_helper(Helper::AllocFrame, &[self.exec_env.into(), index.into()])?
            .expect("the helper returns whether it succeeded");
        self.trap_unless_ok(made.into_int_value())
    }

    /// Deletes the frame that [`Self::begin_call`] has made, after the call.
    pub fn end_call(&self) -> Result<()> {
        if self.plan().frames.kind == FrameKind::Standard {
            self.call_helper(Helper::FreeFrame, &[self.exec_env.into()])?;
        }
        Ok(())
    }

    /// Makes the function's frame the last one again, where the function catches an exception: the functions that
    /// the exception has left have not deleted theirs. If nobody catches it, the stack shows who has thrown it.
    pub fn take_back_frames(&mut self) -> Result<()> {
        let Some(frame) = &self.frame else {
            return Ok(());
        };
        let own = frame.address;
        if self.plan().frames.kind == FrameKind::Tiny {
            return self.set_frames_top(self.field(own, layout::tiny_frame::SIZE)?);
        }
        let [test, further, done] =
            ["frame", "further", "done"].map(|name| self.append_block(name));
        self.builder().build_unconditional_branch(test)?;
        self.builder().position_at_end(test);
        let width = self.plan().target.pointer_width;
        let field = layout::exec_env::cur_frame(width);
        let last = self.load_runtime_pointer(self.exec_env, field, false)?;
        let is_own = self
            .builder()
            .build_int_compare(IntPredicate::EQ, last, own, "")?;
        self.builder()
            .build_conditional_branch(is_own, done, further)?;
        self.builder().position_at_end(further);
        self.end_call()?;
        self.builder().build_unconditional_branch(test)?;
        self.builder().position_at_end(done);
        Ok(())
    }

    /// Deletes the function's frame in favour of the frame of `callee`, which is called next, by a tail call.
    pub fn replace_frame(&mut self, callee: &Callee<'ctx, '_>) -> Result<()> {
        self.end_frame()?;
        self.end_call()?;
        self.make_standard_frame(callee)
    }
}

/// Emits a function that nothing calls. It refers to the runtime's functions for frames. A runtime that keeps
/// no frames has no such function and refuses the file. It would not delete the frames of a trap.
pub(super) fn emit_guard(unit: &Unit) -> Result<()> {
    if !unit.plan.frames.exist() {
        return Ok(());
    }
    let types = &unit.types;
    let ty = types
        .context
        .void_type()
        .fn_type(&[types.ptr.into()], false);
    let name = SymbolName::FramesGuard.to_string();
    let function = unit.llvm.add_function(&name, ty, None);
    unit.set_attributes(function);
    function
        .as_global_value()
        .set_visibility(inkwell::GlobalVisibility::Hidden);
    let builder = &unit.builder;
    builder.position_at_end(types.context.append_basic_block(function, "entry"));
    let exec_env = function.get_first_param().expect("it has one parameter");
    let index = types.i32.const_zero();
    let helper = unit.helper(Helper::AllocFrame);
    builder.build_call(helper, &[exec_env.into(), index.into()], "")?;
    builder.build_return(None)?;
    Ok(())
}

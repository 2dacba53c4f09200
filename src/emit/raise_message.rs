//! Raises an exception with a message of ours: one that the runtime has no number for.
//!
//! The messages are no constants: a processor that executes the text in place may load only whole words from
//! it, and the runtime reads single bytes. So a function of ours writes the words of a message to its frame.

use std::collections::BTreeMap;

use inkwell::builder::Builder;
use inkwell::values::{FunctionValue, IntValue, PointerValue};

use super::error::Result;
use super::unit::Unit;
use crate::abi::symbols::SymbolName;
use crate::abi::{Exception, Helper};
use crate::plan::LinearMemory;
use crate::targets::Endianness;

/// An exception with a message of ours.
#[derive(Debug, Clone, Copy)]
pub(super) enum Message<'ctx> {
    /// `throw_ref` of a null reference.
    NullReference,
    /// The host calls a function with a parameter or a result that the host cannot have.
    ReferenceAtHost,
    /// `memory.atomic.wait32` or `wait64` of a memory that is not shared.
    NotShared,
    /// An exception with this number reaches the host.
    Uncaught(IntValue<'ctx>),
}

const NULL_REFERENCE: u32 = 0;
const REFERENCE_AT_HOST: u32 = u32::MAX;
const NOT_SHARED: u32 = u32::MAX - 1;

/// Bytes of a message with its final zero; the runtime keeps fewer (`EXCEPTION_BUF_LEN` in
/// `core/iwasm/interpreter/wasm_runtime.h`).
const MESSAGE_BYTES: usize = 112;

/// The most tags whose names appear in messages.
const NAMED_TAGS: usize = 64;

impl<'ctx> Unit<'ctx, '_, '_> {
    /// Calls the function that raises the exception.
    pub fn call_raise_message(
        &self,
        builder: &Builder<'ctx>,
        exec_env: PointerValue<'ctx>,
        message: Message<'ctx>,
    ) -> Result<()> {
        let number = |number| self.types.i32.const_int(u64::from(number), false);
        let number = match message {
            Message::NullReference => number(NULL_REFERENCE),
            Message::ReferenceAtHost => number(REFERENCE_AT_HOST),
            Message::NotShared => number(NOT_SHARED),
            Message::Uncaught(tag) => tag,
        };
        let raise = self.raise_message_function()?;
        builder.build_call(raise, &[exec_env.into(), number.into()], "")?;
        Ok(())
    }

    /// Returns the text of each message, by its number.
    fn messages(&self) -> BTreeMap<u32, String> {
        let numbers = self.plan.exceptions.numbers.iter().take(NAMED_TAGS);
        let uncaught = numbers.map(|(tag, &number)| {
            let name = match self.plan.module.tag_name(tag) {
                Some(name) => format!("`{name}`"),
                None => tag.as_u32().to_string(),
            };
            (number, format!("uncaught exception of tag {name}"))
        });
        let mut messages: BTreeMap<u32, String> = uncaught.collect();
        let null = "null exception reference";
        messages.insert(NULL_REFERENCE, null.to_owned());
        let host = "the host has no exception references";
        messages.insert(REFERENCE_AT_HOST, host.to_owned());
        let further = |memory: &LinearMemory| memory.slot != 0;
        if self.plan.memory.memories.values().any(further) {
            // The runtime's own words.
            messages.insert(NOT_SHARED, "expected shared memory".to_owned());
        }
        messages
    }

    fn raise_message_function(&self) -> Result<FunctionValue<'ctx>> {
        let name = SymbolName::RaiseMessage.to_string();
        if let Some(function) = self.llvm.get_function(&name) {
            return Ok(function);
        }
        let types = &self.types;
        let parameters = [types.ptr.into(), types.i32.into()];
        let ty = types.context.void_type().fn_type(&parameters, false);
        let raise = self.cold_function(&name, ty);
        let block = |name| types.context.append_basic_block(raise, name);
        let builder = types.context.create_builder();
        builder.position_at_end(block("entry"));
        let exec_env = raise.get_nth_param(0).expect("two parameters");
        let number = raise.get_nth_param(1).expect("two parameters");
        let area = types.i32.array_type((MESSAGE_BYTES / 4) as u32);
        let text = builder.build_alloca(area, "")?;
        let instance = self.make_room(&builder, raise, exec_env.into_pointer_value())?;
        let start = builder
            .get_insert_block()
            .expect("the builder stands in one");
        let [otherwise, raise_it] = ["uncaught", "raise"].map(block);
        let mut cases = Vec::new();
        for (number, message) in self.messages() {
            let case = block("message");
            builder.position_at_end(case);
            self.write_text(&builder, text, &message)?;
            builder.build_unconditional_branch(raise_it)?;
            cases.push((types.i32.const_int(u64::from(number), false), case));
        }
        builder.position_at_end(otherwise);
        self.write_text(&builder, text, "uncaught exception")?;
        builder.build_unconditional_branch(raise_it)?;
        builder.position_at_end(start);
        builder.build_switch(number.into_int_value(), otherwise, &cases)?;

        builder.position_at_end(raise_it);
        let set = self.helper(Helper::SetException);
        builder.build_call(set, &[instance.into(), text.into()], "")?;
        // With guard pages, the runtime unwinds in here.
        let unwind = self.helper(Helper::SetExceptionWithId);
        let thrown = u64::from(Exception::AlreadyThrown.id());
        let thrown = types.i32.const_int(thrown, false);
        builder.build_call(unwind, &[instance.into(), thrown.into()], "")?;
        builder.build_return(None)?;
        Ok(raise)
    }

    /// Writes the words of a message and its final zero.
    fn write_text(
        &self,
        builder: &Builder<'ctx>,
        area: PointerValue<'ctx>,
        text: &str,
    ) -> Result<()> {
        let mut bytes = text.as_bytes()[..text.len().min(MESSAGE_BYTES - 1)].to_vec();
        bytes.push(0);
        bytes.resize(bytes.len().next_multiple_of(4), 0);
        for (at, word) in bytes.chunks_exact(4).enumerate() {
            let word = [word[0], word[1], word[2], word[3]];
            let word = match self.plan.target.endianness {
                Endianness::Little => u32::from_le_bytes(word),
                Endianness::Big => u32::from_be_bytes(word),
            };
            let offset = self.types.i64.const_int(4 * at as u64, false);
            // SAFETY: the text is not longer than the area.
            let place = unsafe { builder.build_gep(self.types.i8, area, &[offset], "")? };
            builder.build_store(place, self.types.i32.const_int(u64::from(word), false))?;
        }
        Ok(())
    }
}

//! Accesses of shared heaps: memory of the host that appears at the end of linear memory's 32-bit addresses
//! (`WAMR_BUILD_SHARED_HEAP` of the runtime, `core/iwasm/common/wasm_memory.c`).
//!
//! The host attaches a heap, or a chain of heaps, to an instance between calls or inside an imported function. An
//! instance without one has a heap that contains no address. The runtime keeps the first heap's range and base in
//! the instance, so code reads them at each access; LLVM shares the reads between calls. An address in another
//! heap of a chain is looked up by the runtime.
//!
//! Code compares effective addresses in 64 bits, where nothing overflows: they are below 2^33.

use inkwell::IntPredicate;
use inkwell::basic_block::BasicBlock;
use inkwell::values::{IntValue, PointerValue};

use super::error::Result;
use super::function::FunctionEmitter;
use crate::abi::layout::{instance, instance_extra, shared_heap};
use crate::abi::{Exception, Helper};

use crate::plan::SharedHeaps;
use crate::targets::PointerWidth;

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    /// Returns the address in the machine's memory of the `length` bytes at effective address `address` (both
    /// `i64`), which may lie in a shared heap. If they do not, `linear` checks them and returns their address
    /// in linear memory.
    pub fn shared_or_linear(
        &mut self,
        address: IntValue<'ctx>,
        length: IntValue<'ctx>,
        linear: impl FnOnce(&mut Self) -> Result<PointerValue<'ctx>>,
    ) -> Result<PointerValue<'ctx>> {
        let heaps = self.plan().memory.shared_heaps;
        if heaps == SharedHeaps::None {
            return linear(self);
        }
        let first = self.append_block("first_heap");
        let other = self.append_block("no_first_heap");
        let done = self.append_block("address");

        let extra = self.load_runtime_pointer(self.instance, instance::EXTRA, true)?;
        let start = self.heap_bound(extra, instance_extra::SHARED_HEAP_START)?;
        let last = self.heap_bound(extra, instance_extra::SHARED_HEAP_LAST)?;
        let base = self.load_runtime_pointer(extra, instance_extra::SHARED_HEAP_BASE, false)?;
        let inside = self.is_inside(address, length, start, last)?;
        // The three belong together: LLVM must read them at one place, or a heap that is detached on another
        // thread leaves old bounds with a new base. A use here keeps the base beside the bounds, and an
        // instance without a heap has none.
        let attached = self.builder().build_is_not_null(base, "")?;
        let inside = self.builder().build_and(inside, attached, "")?;
        self.builder()
            .build_conditional_branch(inside, first, other)?;

        self.builder().position_at_end(first);
        let in_first = self.linear_pointer(base, address)?;
        self.builder().build_unconditional_branch(done)?;
        let mut found = vec![(in_first, first)];

        self.builder().position_at_end(other);
        if heaps == SharedHeaps::Chain {
            let (in_other, end) = self.in_other_heap(extra, address, length)?;
            self.builder().build_unconditional_branch(done)?;
            found.push((in_other, self.current_block()));
            self.builder().position_at_end(end);
        }
        let in_linear = linear(self)?;
        self.builder().build_unconditional_branch(done)?;
        found.push((in_linear, self.current_block()));

        self.builder().position_at_end(done);
        let pointer = self.builder().build_phi(self.types().ptr, "")?;
        for (value, block) in &found {
            pointer.add_incoming(&[(value, *block)]);
        }
        Ok(pointer.as_basic_value().into_pointer_value())
    }

    /// Looks up an address that is not in the first heap of a chain. Returns the address in the machine's memory,
    /// and the block for addresses below all heaps. An address above, which is in no heap, traps.
    fn in_other_heap(
        &mut self,
        extra: PointerValue<'ctx>,
        address: IntValue<'ctx>,
        length: IntValue<'ctx>,
    ) -> Result<(PointerValue<'ctx>, BasicBlock<'ctx>)> {
        let t = *self.types();
        let attached = self.append_block("heaps");
        let look_up = self.append_block("other_heap");
        let below = self.append_block("no_heap");
        let chain = self.load_runtime_pointer(extra, instance_extra::SHARED_HEAP, false)?;
        let none = self.builder().build_is_null(chain, "")?;
        self.builder()
            .build_conditional_branch(none, below, attached)?;

        self.builder().position_at_end(attached);
        let start = self
            .load_runtime(t.i64, chain, shared_heap::START, false)?
            .into_int_value();
        let is_below = self
            .builder()
            .build_int_compare(IntPredicate::ULT, address, start, "")?;
        self.builder()
            .build_conditional_branch(is_below, below, look_up)?;

        self.builder().position_at_end(look_up);
        if self.plan().target.pointer_width == PointerWidth::Bits32 {
            // The runtime takes 32 bits of the address.
            let top = t.i64.const_int(u64::from(u32::MAX), false);
            let above = self
                .builder()
                .build_int_compare(IntPredicate::UGT, address, top, "")?;
            self.trap_if(above, Exception::OutOfBoundsMemory)?;
        }
        let [start, last, base] = self.heap_slots()?;
        let word = |e: &Self, value: IntValue<'ctx>| {
            e.builder()
                .build_int_truncate_or_bit_cast(value, t.intptr, "")
        };
        let (address_word, length_word) = (word(self, address)?, word(self, length)?);
        let found = self
            .call_helper(
                Helper::FindSharedHeap,
                &[
                    self.instance.into(),
                    address_word.into(),
                    length_word.into(),
                    start.into(),
                    last.into(),
                    base.into(),
                    t.i8.const_zero().into(),
                ],
            )?
            .expect("the helper returns whether there is a heap")
            .into_int_value();
        let missing = self.builder().build_int_compare(
            IntPredicate::EQ,
            found,
            found.get_type().const_zero(),
            "",
        )?;
        self.trap_if(missing, Exception::OutOfBoundsMemory)?;
        let base = self.builder().build_load(t.ptr, base, "")?;
        let pointer = self.linear_pointer(base.into_pointer_value(), address)?;
        Ok((pointer, below))
    }

    /// Returns the stack slots for what the runtime finds out about a heap.
    fn heap_slots(&mut self) -> Result<[PointerValue<'ctx>; 3]> {
        if let Some(slots) = self.heap_slots {
            return Ok(slots);
        }
        let word = self.types().intptr;
        let slots = [
            self.entry_slot(word)?,
            self.entry_slot(word)?,
            self.entry_slot(word)?,
        ];
        self.heap_slots = Some(slots);
        Ok(slots)
    }

    /// Reports whether `length` bytes from `address` lie between `start` and the `last` address of a heap.
    fn is_inside(
        &self,
        address: IntValue<'ctx>,
        length: IntValue<'ctx>,
        start: IntValue<'ctx>,
        last: IntValue<'ctx>,
    ) -> Result<IntValue<'ctx>> {
        let one = self.types().i64.const_int(1, false);
        // One behind the last address. No heap ends at the last 64-bit address.
        let heap_end = self.builder().build_int_add(last, one, "")?;
        let end = self.builder().build_int_nuw_add(address, length, "")?;
        let above = self
            .builder()
            .build_int_compare(IntPredicate::UGE, address, start, "")?;
        let within = self
            .builder()
            .build_int_compare(IntPredicate::ULE, end, heap_end, "")?;
        Ok(self.builder().build_and(above, within, "")?)
    }

    /// Loads a `MemBound` of the runtime at `offset` from `base`, as an `i64`. It has as many bits as a pointer.
    fn heap_bound(&self, base: PointerValue<'ctx>, offset: u64) -> Result<IntValue<'ctx>> {
        let i64 = self.types().i64;
        if self.plan().target.pointer_width == PointerWidth::Bits64 {
            return Ok(self
                .load_runtime(i64, base, offset, false)?
                .into_int_value());
        }
        let bound = self.load_runtime(self.types().i32, base, offset, false)?;
        Ok(self
            .builder()
            .build_int_z_extend(bound.into_int_value(), i64, "")?)
    }
}

//! Data segments that stand in the text, as constants, and code that copies them to memories.
//!
//! The runtime copies to the first memory only. The start function of ours ([`super::super::start`]) copies
//! active segments to the others; `memory.init` copies passive ones.

use inkwell::IntPredicate;
use inkwell::values::{BasicValue, GlobalValue, IntValue, PointerValue};

use super::super::call_indirect::constant_address;
use super::super::error::Result;
use super::super::function::FunctionEmitter;
use super::super::unit::Unit;
use super::super::variable::GLOBAL_ALIGNMENT;
use super::access::Place;
use crate::abi::symbols::SymbolName;
use crate::plan::LinearMemory;
use crate::targets::{Endianness, Reach};
use crate::wasm::{ConstBinary, ConstExpr, ConstInstruction, DataIndex, DataMode};

/// The bytes of a word of the text, which processors load that can load nothing smaller from there.
const WORD: usize = 4;

/// Defines the constants.
pub(in crate::emit) fn emit_segments(unit: &Unit) {
    for (index, segment) in &unit.plan.module.data {
        if !unit.plan.memory.layout.segments[index].in_text {
            continue;
        }
        let constant = declare(unit, index);
        let mut bytes = segment.bytes.to_vec();
        bytes.resize(padded(segment.bytes.len()), 0);
        constant.set_initializer(&unit.types.context.const_string(&bytes, false));
        constant.set_alignment(WORD as u32);
    }
}

fn padded(bytes: usize) -> usize {
    bytes.next_multiple_of(WORD).max(WORD)
}

fn declare<'ctx>(unit: &Unit<'ctx, '_, '_>, index: DataIndex) -> GlobalValue<'ctx> {
    let bytes = padded(unit.plan.module.data[index].bytes.len());
    let ty = unit.types.i8.array_type(bytes as u32);
    unit.constant_table(SymbolName::DataSegment(index.as_u32()), ty)
}

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    /// Copies all active segments that the runtime does not copy, in order; traps like an instantiation.
    pub fn copy_active_segments(&mut self) -> Result<()> {
        let plan = self.plan();
        for (index, segment) in &plan.module.data {
            let DataMode::Active { memory, offset } = &segment.mode else {
                continue;
            };
            if !plan.memory.layout.segments[index].in_text {
                continue;
            }
            let memory = &plan.memory.memories[*memory];
            let start = self.constant_expression(offset)?;
            let i64 = self.types().i64;
            let start = self
                .builder()
                .build_int_z_extend_or_bit_cast(start, i64, "")?;
            let length = i64.const_int(segment.bytes.len() as u64, false);
            let destination = self.checked_ranges([Place { memory, start }], length)?[0];
            self.copy_segment(memory, destination, index, i64.const_zero(), length)?;
        }
        Ok(())
    }

    /// Copies `length` bytes from `source` of a segment (both `i64`), which has them, to `destination`, where they
    /// have room.
    pub fn copy_segment(
        &mut self,
        memory: &LinearMemory,
        destination: PointerValue<'ctx>,
        index: DataIndex,
        source: IntValue<'ctx>,
        length: IntValue<'ctx>,
    ) -> Result<()> {
        let constant = declare(self.unit, index).as_pointer_value();
        let distance = SymbolName::DataSegmentDistance(index.as_u32());
        let bytes = constant_address(self, constant, distance)?;
        let intptr = self.types().intptr;
        let length = self
            .builder()
            .build_int_truncate_or_bit_cast(length, intptr, "")?;
        match self.plan().reach {
            Reach::Text | Reach::Partition => {
                let from = self.linear_pointer(bytes, source)?;
                self.builder()
                    .build_memmove(destination, 1, from, 1, length)?;
                Ok(())
            }
            Reach::Literals | Reach::Nothing => {
                let source = self
                    .builder()
                    .build_int_truncate_or_bit_cast(source, intptr, "")?;
                self.copy_from_words(memory, destination, bytes, source, length)
            }
        }
    }

    /// The same for a processor that may load only whole words from the text, where it lies in flash. All numbers
    /// are of the size of a pointer.
    fn copy_from_words(
        &mut self,
        memory: &LinearMemory,
        destination: PointerValue<'ctx>,
        bytes: PointerValue<'ctx>,
        source: IntValue<'ctx>,
        length: IntValue<'ctx>,
    ) -> Result<()> {
        let t = *self.types();
        let number = |value: u64| t.intptr.const_int(value, false);
        let before = self.current_block();
        let [test, copy, done] = ["test", "copy", "copied"].map(|name| self.append_block(name));
        self.builder().build_unconditional_branch(test)?;

        self.builder().position_at_end(test);
        let count = self.builder().build_phi(t.intptr, "")?;
        let at = count.as_basic_value().into_int_value();
        let more = self
            .builder()
            .build_int_compare(IntPredicate::ULT, at, length, "")?;
        self.builder().build_conditional_branch(more, copy, done)?;

        self.builder().position_at_end(copy);
        let from = self.builder().build_int_add(source, at, "")?;
        let in_word = self
            .builder()
            .build_and(from, number(WORD as u64 - 1), "")?;
        let word_at = self.builder().build_int_sub(from, in_word, "")?;
        let address = self.linear_pointer(bytes, word_at)?;
        let word = self.builder().build_load(t.i32, address, "")?;
        if let Some(load) = word.as_instruction_value() {
            // Or LLVM loads only the byte that is needed.
            let _ = load.set_volatile(true);
            self.tag(load, self.tags().runtime);
        }
        let from_end = match self.plan().target.endianness {
            Endianness::Little => in_word,
            Endianness::Big => {
                self.builder()
                    .build_int_sub(number(WORD as u64 - 1), in_word, "")?
            }
        };
        let bits = self.builder().build_left_shift(from_end, number(3), "")?;
        let bits = self
            .builder()
            .build_int_truncate_or_bit_cast(bits, t.i32, "")?;
        let word = word.into_int_value();
        let byte = self.builder().build_right_shift(word, bits, false, "")?;
        let byte = self.builder().build_int_truncate(byte, t.i8, "")?;
        let to = self.linear_pointer(destination, at)?;
        let store = self.builder().build_store(to, byte)?;
        self.tag(store, self.linear_tag(memory));
        let next = self.builder().build_int_add(at, number(1), "")?;
        self.builder().build_unconditional_branch(test)?;
        count.add_incoming(&[(&number(0), before), (&next, copy)]);
        self.builder().position_at_end(done);
        Ok(())
    }

    /// Evaluates a constant expression of integers.
    fn constant_expression(&self, expr: &ConstExpr) -> Result<IntValue<'ctx>> {
        let t = self.types();
        let mut stack: Vec<IntValue<'ctx>> = Vec::new();
        for instruction in &expr.instructions {
            let value = match *instruction {
                ConstInstruction::I32(value) => t.i32.const_int(u64::from(value as u32), false),
                ConstInstruction::I64(value) => t.i64.const_int(value as u64, false),
                ConstInstruction::GlobalGet(index) => {
                    let ty = t.value(self.plan().module.globals[index].ty);
                    let address = self.field(self.instance, self.plan().layout.global(index))?;
                    let value = self.builder().build_load(ty, address, "")?;
                    if let Some(load) = value.as_instruction_value() {
                        let _ = load.set_alignment(GLOBAL_ALIGNMENT);
                        self.tag(load, self.tags().global);
                    }
                    value.into_int_value()
                }
                ConstInstruction::Binary(operator) => {
                    let mut operand = || stack.pop().expect("validated code never pops too much");
                    let (right, left) = (operand(), operand());
                    let b = self.builder();
                    match operator {
                        ConstBinary::I32Add | ConstBinary::I64Add => {
                            b.build_int_add(left, right, "")?
                        }
                        ConstBinary::I32Sub | ConstBinary::I64Sub => {
                            b.build_int_sub(left, right, "")?
                        }
                        ConstBinary::I32Mul | ConstBinary::I64Mul => {
                            b.build_int_mul(left, right, "")?
                        }
                    }
                }
                _ => unreachable!("an offset is an integer"),
            };
            stack.push(value);
        }
        Ok(stack.pop().expect("the expression has a value"))
    }
}

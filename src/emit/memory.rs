//! Loads and stores of linear memory, its size and growth (specification 4.4.7).
//!
//! [`FunctionEmitter::linear_address`] forms an address and keeps it inside the memory. With software bounds,
//! code compares the index with the last valid index in 32 bits. If the memory could be too small for any
//! valid index, code instead compares the end of the access with the memory's size in 64 bits, where nothing
//! can overflow. With hardware bounds, the 32-bit index plus the 32-bit offset stays within the eight
//! gigabytes that the runtime maps. An access past the memory's end faults; `passes::keep_traps` keeps LLVM
//! from deleting such a load.
//!
//! Linear memory is little endian on every machine: a big-endian machine swaps the bytes.

use inkwell::IntPredicate;
use inkwell::types::{BasicType, BasicTypeEnum, IntType};
use inkwell::values::{BasicValue, BasicValueEnum, IntValue, PointerValue};
use wasmparser::{MemArg, Operator};

use super::error::Result;
use super::function::FunctionEmitter;
use crate::abi::{Exception, Helper, layout};
use crate::llvm::marks::mark_memory_size;
use crate::plan::SharedHeaps;
use crate::targets::Endianness;

/// The largest size of a memory with 32-bit addresses, in bytes. The runtime maps twice as much; an index and
/// an offset of 32 bits each reach all of it except the last byte.
const MEMORY_LIMIT: u64 = 1 << 32;

/// How a narrow integer is extended.
#[derive(Debug, Clone, Copy)]
enum Extension {
    Sign,
    Zero,
}

/// Emits `operator` if it belongs to this group.
pub(super) fn emit(e: &mut FunctionEmitter, operator: &Operator<'_>) -> Result<bool> {
    use Extension::{Sign, Zero};
    let t = *e.types();
    match *operator {
        Operator::I32Load { memarg } => load(e, memarg, t.i32)?,
        Operator::I64Load { memarg } => load(e, memarg, t.i64)?,
        Operator::F32Load { memarg } => load(e, memarg, t.f32)?,
        Operator::F64Load { memarg } => load(e, memarg, t.f64)?,
        Operator::I32Load8S { memarg } => load_extend(e, memarg, t.i8, t.i32, Sign)?,
        Operator::I32Load8U { memarg } => load_extend(e, memarg, t.i8, t.i32, Zero)?,
        Operator::I32Load16S { memarg } => load_extend(e, memarg, t.i16, t.i32, Sign)?,
        Operator::I32Load16U { memarg } => load_extend(e, memarg, t.i16, t.i32, Zero)?,
        Operator::I64Load8S { memarg } => load_extend(e, memarg, t.i8, t.i64, Sign)?,
        Operator::I64Load8U { memarg } => load_extend(e, memarg, t.i8, t.i64, Zero)?,
        Operator::I64Load16S { memarg } => load_extend(e, memarg, t.i16, t.i64, Sign)?,
        Operator::I64Load16U { memarg } => load_extend(e, memarg, t.i16, t.i64, Zero)?,
        Operator::I64Load32S { memarg } => load_extend(e, memarg, t.i32, t.i64, Sign)?,
        Operator::I64Load32U { memarg } => load_extend(e, memarg, t.i32, t.i64, Zero)?,
        Operator::I32Store { memarg }
        | Operator::I64Store { memarg }
        | Operator::F32Store { memarg }
        | Operator::F64Store { memarg } => {
            let value = e.pop();
            store(e, memarg, value)?;
        }
        Operator::I32Store8 { memarg } | Operator::I64Store8 { memarg } => {
            store_narrow(e, memarg, t.i8)?;
        }
        Operator::I32Store16 { memarg } | Operator::I64Store16 { memarg } => {
            store_narrow(e, memarg, t.i16)?;
        }
        Operator::I64Store32 { memarg } => store_narrow(e, memarg, t.i32)?,
        Operator::MemorySize { .. } => {
            let pages = page_count(e)?;
            e.push(pages);
        }
        Operator::MemoryGrow { .. } => grow(e)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Pops the index of a memory access and pushes the loaded value.
fn load<'ctx>(
    e: &mut FunctionEmitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    ty: impl BasicType<'ctx>,
) -> Result<()> {
    let value = e.load_linear(memarg, ty.as_basic_type_enum())?;
    e.push(value);
    Ok(())
}

fn load_extend<'ctx>(
    e: &mut FunctionEmitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    memory_type: IntType<'ctx>,
    ty: IntType<'ctx>,
    extension: Extension,
) -> Result<()> {
    let value = e.load_linear(memarg, memory_type.into())?.into_int_value();
    let value = match extension {
        Extension::Sign => e.builder().build_int_s_extend(value, ty, "")?,
        Extension::Zero => e.builder().build_int_z_extend(value, ty, "")?,
    };
    e.push(value);
    Ok(())
}

fn store<'ctx>(
    e: &mut FunctionEmitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    value: BasicValueEnum<'ctx>,
) -> Result<()> {
    e.store_linear(memarg, value)
}

fn store_narrow<'ctx>(
    e: &mut FunctionEmitter<'_, 'ctx, '_, '_>,
    memarg: MemArg,
    memory_type: IntType<'ctx>,
) -> Result<()> {
    let value = e.pop_int();
    let value = e.builder().build_int_truncate(value, memory_type, "")?;
    e.store_linear(memarg, value.into())
}

fn page_count<'ctx>(e: &FunctionEmitter<'_, 'ctx, '_, '_>) -> Result<BasicValueEnum<'ctx>> {
    let memory = e.memory_instance()?;
    e.load_runtime(e.types().i32, memory, layout::memory::CUR_PAGE_COUNT, false)
}

fn grow(e: &mut FunctionEmitter) -> Result<()> {
    let pages = e.pop_int();
    let old = page_count(e)?;
    let grown = e
        .call_helper(Helper::EnlargeMemory, &[e.instance.into(), pages.into()])?
        .expect("the helper returns whether the memory grew")
        .into_int_value();
    // The memory may have moved, and the host may have called other code.
    e.restore_segment()?;
    let zero = grown.get_type().const_zero();
    let grown = e
        .builder()
        .build_int_compare(IntPredicate::NE, grown, zero, "")?;
    let failed = e.types().i32.const_all_ones();
    let result = e
        .builder()
        .build_select(grown, old.into_int_value(), failed, "")?;
    e.push(result);
    Ok(())
}

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    /// Returns the instance of memory 0. A shared memory may belong to another instance, so code finds it
    /// through the array of memories. Any other memory is part of our own instance.
    pub fn memory_instance(&self) -> Result<PointerValue<'ctx>> {
        if self.plan().memory.shared {
            let memories =
                self.load_runtime_pointer(self.instance, layout::instance::MEMORIES, true)?;
            self.load_runtime_pointer(memories, 0, true)
        } else {
            self.field(self.instance, self.plan().layout.memory())
        }
    }

    /// Returns the address of byte 0 of linear memory.
    pub fn memory_base(&self) -> Result<PointerValue<'ctx>> {
        match self.fixed_base {
            Some(base) => Ok(base),
            None => {
                let memory = self.memory_instance()?;
                self.load_runtime_pointer(memory, layout::memory::DATA, false)
            }
        }
    }

    /// Returns the size of linear memory, an `i64` in bytes.
    pub fn memory_size(&self) -> Result<IntValue<'ctx>> {
        let memory = self.memory_instance()?;
        let size = self.load_runtime(self.types().i64, memory, layout::memory::DATA_SIZE, false)?;
        Ok(size.into_int_value())
    }

    /// Returns the lower 32 bits of the size of linear memory: zero for a memory of 4 GiB.
    pub fn memory_size_low(&self) -> Result<IntValue<'ctx>> {
        let memory = self.memory_instance()?;
        let lower_half = match self.plan().target.endianness {
            Endianness::Little => 0,
            Endianness::Big => 4,
        };
        let size = layout::memory::DATA_SIZE + lower_half;
        let size = self.load_runtime(self.types().i32, memory, size, false)?;
        Ok(size.into_int_value())
    }

    /// Raises the exception unless the `length` bytes from `start` (both `i64`, below 2^33) lie in memory.
    pub fn check_linear_range(
        &mut self,
        start: IntValue<'ctx>,
        length: IntValue<'ctx>,
    ) -> Result<()> {
        let end = self.builder().build_int_add(start, length, "")?;
        let size = self.memory_size()?;
        let outside = self
            .builder()
            .build_int_compare(IntPredicate::UGT, end, size, "")?;
        self.trap_if(outside, Exception::OutOfBoundsMemory)
    }

    /// Raises the exception unless the `length` bytes from `index` (an `i32`) lie in memory. The memory must
    /// always be larger than `length`: then the last valid index fits 32 bits, and it changes only with the
    /// memory's size.
    fn check_index(&mut self, index: IntValue<'ctx>, length: u64) -> Result<()> {
        let size = self.memory_size_low()?;
        let length = self.types().i32.const_int(length, false);
        if let Some(load) = size.as_instruction() {
            let least = self.plan().memory.least_bytes;
            mark_memory_size(self.types().context, load, least);
        }
        let last = self.builder().build_int_nuw_sub(size, length, "")?;
        let outside = self
            .builder()
            .build_int_compare(IntPredicate::UGT, index, last, "")?;
        self.trap_if(outside, Exception::OutOfBoundsMemory)
    }

    /// Pops the index of an access of `bytes` bytes and returns its address, checked unless the hardware
    /// checks it. Also returns the effective address, an `i64`.
    pub fn linear_address(
        &mut self,
        memarg: MemArg,
        bytes: u64,
    ) -> Result<(PointerValue<'ctx>, IntValue<'ctx>)> {
        let index32 = self.pop_int();
        let index = self
            .builder()
            .build_int_z_extend(index32, self.types().i64, "")?;
        let address = if memarg.offset == 0 {
            index
        } else {
            let offset = self.types().i64.const_int(memarg.offset, false);
            self.builder().build_int_nuw_add(index, offset, "")?
        };
        let reach = memarg.offset + bytes;
        if reach > MEMORY_LIMIT {
            // Out of bounds for every index, and in part beyond what guard pages can cover.
            let always = self.types().i1.const_int(1, false);
            self.trap_if(always, Exception::OutOfBoundsMemory)?;
        }
        if !self.plan().memory.software_bounds {
            self.note_access();
        }
        let length = self.types().i64.const_int(bytes, false);
        let pointer = self.shared_or_linear(address, length, |e| {
            let memory = &e.plan().memory;
            if memory.software_bounds && reach <= MEMORY_LIMIT {
                match memory.always_has(reach) {
                    true => e.check_index(index32, reach)?,
                    false => e.check_linear_range(address, length)?,
                }
            }
            let base = e.memory_base()?;
            e.linear_pointer(base, address)
        })?;
        Ok((pointer, address))
    }

    /// Returns the addresses of `length` bytes from each of `starts` (all `i64`, below 2^32), after all of
    /// them are checked, in both bounds modes.
    pub fn checked_ranges<const N: usize>(
        &mut self,
        starts: [IntValue<'ctx>; N],
        length: IntValue<'ctx>,
    ) -> Result<Vec<PointerValue<'ctx>>> {
        if self.plan().memory.shared_heaps == SharedHeaps::None {
            for start in starts {
                self.check_linear_range(start, length)?;
            }
            let base = self.memory_base()?;
            return starts
                .iter()
                .map(|&start| self.linear_pointer(base, start))
                .collect();
        }
        let one_by_one = starts.iter().map(|&start| {
            self.shared_or_linear(start, length, |e| {
                e.check_linear_range(start, length)?;
                let base = e.memory_base()?;
                e.linear_pointer(base, start)
            })
        });
        one_by_one.collect()
    }

    /// Returns `base + address`.
    pub fn linear_pointer(
        &self,
        base: PointerValue<'ctx>,
        address: IntValue<'ctx>,
    ) -> Result<PointerValue<'ctx>> {
        let address =
            self.builder()
                .build_int_truncate_or_bit_cast(address, self.types().intptr, "")?;
        // SAFETY: forms an address; whether it may be accessed is the caller's business.
        Ok(unsafe {
            self.builder()
                .build_gep(self.types().i8, base, &[address], "")?
        })
    }

    /// Pops an index and loads a value of type `ty`; never assumes alignment.
    pub fn load_linear(
        &mut self,
        memarg: MemArg,
        ty: BasicTypeEnum<'ctx>,
    ) -> Result<BasicValueEnum<'ctx>> {
        let (pointer, _) = self.linear_address(memarg, store_size(ty))?;
        let value = self.builder().build_load(ty, pointer, "")?;
        if let Some(load) = value.as_instruction_value() {
            let _ = load.set_alignment(1);
            self.tag(load, self.tags().linear_memory);
        }
        self.little_endian(value)
    }

    /// Pops an index and stores `value`.
    pub fn store_linear(&mut self, memarg: MemArg, value: BasicValueEnum<'ctx>) -> Result<()> {
        let size = store_size(value.get_type());
        let (pointer, _) = self.linear_address(memarg, size)?;
        if self.plan().memory.touches_last_byte && size > 1 {
            let last = self.types().i64.const_int(size - 1, false);
            let last = self.linear_pointer(pointer, last)?;
            let byte = self.builder().build_load(self.types().i8, last, "")?;
            if let Some(load) = byte.as_instruction_value() {
                let _ = load.set_volatile(true);
                self.tag(load, self.tags().linear_memory);
            }
        }
        let value = self.little_endian(value)?;
        let store = self.builder().build_store(pointer, value)?;
        let _ = store.set_alignment(1);
        self.tag(store, self.tags().linear_memory);
        Ok(())
    }
}

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    /// Converts `value` between the machine's byte order and linear memory's, which is little endian.
    pub fn little_endian(&self, value: BasicValueEnum<'ctx>) -> Result<BasicValueEnum<'ctx>> {
        if self.plan().target.endianness == Endianness::Little || store_size(value.get_type()) == 1
        {
            return Ok(value);
        }
        let ty = value.get_type();
        let bits = match store_size(ty) {
            2 => self.types().i16,
            4 => self.types().i32,
            8 => self.types().i64,
            _ => self.types().i128,
        };
        let value = self.builder().build_bit_cast(value, bits, "")?;
        let value = self.call_intrinsic("llvm.bswap", &[bits.into()], &[value])?;
        Ok(self.builder().build_bit_cast(value, ty, "")?)
    }
}

/// Returns the size in bytes of a value of type `ty` in linear memory.
fn store_size(ty: BasicTypeEnum) -> u64 {
    match ty {
        BasicTypeEnum::IntType(ty) => u64::from(ty.get_bit_width()) / 8,
        BasicTypeEnum::FloatType(ty) => u64::from(ty.get_bit_width()) / 8,
        BasicTypeEnum::VectorType(_) => 16,
        other => unreachable!("linear memory holds no {other:?}"),
    }
}

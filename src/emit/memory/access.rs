//! Addresses in linear memory and their checks.
//!
//! [`FunctionEmitter::linear_address`] forms an address and keeps it inside the memory. With software bounds,
//! code compares the index with the last valid index in 32 bits. If the memory could be too small for any
//! valid index, code instead compares the end of the access with the memory's size in 64 bits, where nothing
//! can overflow. With hardware bounds, the 32-bit index plus the 32-bit offset stays within the eight
//! gigabytes that the runtime maps. An access past the memory's end faults; `passes::keep_traps` keeps LLVM
//! from deleting such a load.
//!
//! An index of 64 bits is first compared with the largest index of 32 bits: the memory behind it has at most four
//! gigabytes.
//!
//! Code always checks accesses to a memory whose size it keeps: guard pages follow only the bytes that the runtime
//! has reserved, and the host's heap.
//!
//! Linear memory is little endian on every machine: a big-endian machine swaps the bytes.

use inkwell::IntPredicate;
use inkwell::types::BasicTypeEnum;
use inkwell::values::{BasicValue, BasicValueEnum, IntValue, MetadataValue, PointerValue};
use wasmparser::{MemArg, MemArgTarget};

use super::super::error::Result;
use super::super::function::FunctionEmitter;
use crate::abi::{Exception, HiddenPurpose, layout};
use crate::llvm::marks::mark_memory_size;
use crate::plan::{IndexType, LinearMemory, SharedHeaps, SizeKeeper};
use crate::targets::Endianness;
use crate::wasm::MemoryIndex;

/// The largest size of a memory with 32-bit addresses, in bytes. The runtime maps twice as much; an index and
/// an offset of 32 bits each reach all of it except the last byte.
const MEMORY_LIMIT: u64 = 1 << 32;

/// The start of a range of bytes in a memory: an index of the memory's type of addresses, zero-extended to 64 bits.
#[derive(Clone, Copy)]
pub struct Place<'e, 'ctx> {
    pub memory: &'e LinearMemory,
    pub start: IntValue<'ctx>,
}

impl<'ctx, 'e> FunctionEmitter<'_, 'ctx, 'e, '_> {
    /// Returns the plan for a memory.
    pub fn memory(&self, index: u32) -> &'e LinearMemory {
        &self.plan().memory.memories[MemoryIndex::from_u32(index)]
    }

    /// Returns the plan for the memory that an instruction accesses.
    pub fn accessed_memory(&self, memarg: MemArg) -> &'e LinearMemory {
        match memarg.target {
            MemArgTarget::Memory(index) => self.memory(index),
            MemArgTarget::Array(_) => unreachable!("only garbage collection has arrays"),
        }
    }

    /// Returns the plan for the memory that the host sees, which the module has.
    pub fn first_memory(&self) -> &'e LinearMemory {
        let first = self.plan().memory.first();
        first.unwrap_or_else(|| unreachable!("only modules with a memory ask"))
    }

    /// Returns the instance of a memory. A shared memory may belong to another instance, so code finds it
    /// through the array of memories. Any other memory is part of our own instance.
    pub fn memory_instance(&self, memory: &LinearMemory) -> Result<PointerValue<'ctx>> {
        if memory.shared {
            let memories =
                self.load_runtime_pointer(self.instance, layout::instance::MEMORIES, true)?;
            // It is the first.
            self.load_runtime_pointer(memories, 0, true)
        } else {
            self.field(self.instance, self.plan().layout.memory(memory.slot))
        }
    }

    /// Returns the address of byte 0 of a memory.
    pub fn memory_base(&self, memory: &LinearMemory) -> Result<PointerValue<'ctx>> {
        match self.fixed_base {
            Some(base) if memory.slot == 0 => Ok(base),
            _ => {
                let instance = self.memory_instance(memory)?;
                let fixed = memory.slot != 0;
                self.load_runtime_pointer(instance, layout::memory::DATA, fixed)
            }
        }
    }

    /// Returns the size of a memory, an `i64` in bytes.
    pub fn memory_size(&self, memory: &LinearMemory) -> Result<IntValue<'ctx>> {
        let i64 = self.types().i64;
        match memory.size {
            SizeKeeper::Runtime => {
                let instance = self.memory_instance(memory)?;
                let size = self.load_runtime(i64, instance, layout::memory::DATA_SIZE, false)?;
                Ok(size.into_int_value())
            }
            SizeKeeper::Constant(bytes) => Ok(i64.const_int(bytes, false)),
            SizeKeeper::Code { .. } => {
                let bytes = self.kept_bytes(memory)?;
                Ok(self.builder().build_int_z_extend(bytes, i64, "")?)
            }
        }
    }

    /// Returns the size in bytes, an `i32`, of a memory whose size code keeps in a hidden global.
    pub fn kept_bytes(&self, memory: &LinearMemory) -> Result<IntValue<'ctx>> {
        let purpose = HiddenPurpose::MemoryBytes(memory.index);
        Ok(self
            .load_hidden(purpose, self.types().i32)?
            .into_int_value())
    }

    /// Returns the lower 32 bits of the size of a memory whose size the runtime keeps: zero for a memory of 4 GiB.
    pub fn memory_size_low(&self, memory: &LinearMemory) -> Result<IntValue<'ctx>> {
        let instance = self.memory_instance(memory)?;
        let lower_half = match self.plan().target.endianness {
            Endianness::Little => 0,
            Endianness::Big => 4,
        };
        let size = layout::memory::DATA_SIZE + lower_half;
        let size = self.load_runtime(self.types().i32, instance, size, false)?;
        Ok(size.into_int_value())
    }

    /// Returns the alias tag of accesses to a memory.
    pub fn linear_tag(&self, memory: &LinearMemory) -> MetadataValue<'ctx> {
        match memory.separate {
            true => self.tags().further_memory,
            false => self.tags().linear_memory,
        }
    }

    /// Raises the exception unless the `length` bytes from `place` lie in memory (`length` is an `i64`).
    fn check_linear_range(&mut self, place: Place<'_, 'ctx>, length: IntValue<'ctx>) -> Result<()> {
        let Place { memory, start } = place;
        if memory.addresses == IndexType::I64 {
            return self.check_wide_range(place, length);
        }
        // Both are below 2^33.
        let end = self.builder().build_int_add(start, length, "")?;
        let size = self.memory_size(memory)?;
        let outside = self
            .builder()
            .build_int_compare(IntPredicate::UGT, end, size, "")?;
        self.trap_if(outside, Exception::OutOfBoundsMemory)
    }

    /// The same for a start or a length that uses all 64 bits.
    fn check_wide_range(&mut self, place: Place<'_, 'ctx>, length: IntValue<'ctx>) -> Result<()> {
        let size = self.memory_size(place.memory)?;
        let too_long = self
            .builder()
            .build_int_compare(IntPredicate::UGT, length, size, "")?;
        let last = self.builder().build_int_sub(size, length, "")?;
        let behind = self
            .builder()
            .build_int_compare(IntPredicate::UGT, place.start, last, "")?;
        let outside = self.builder().build_or(too_long, behind, "")?;
        self.trap_if(outside, Exception::OutOfBoundsMemory)
    }

    /// Raises the exception unless the `length` bytes from `index` (an `i32`) lie in memory. The memory must
    /// always be larger than `length`: then the last valid index fits 32 bits, and it changes only with the
    /// memory's size, which the runtime keeps.
    fn check_index(
        &mut self,
        memory: &LinearMemory,
        index: IntValue<'ctx>,
        length: u64,
    ) -> Result<()> {
        let size = self.memory_size_low(memory)?;
        let length = self.types().i32.const_int(length, false);
        if let Some(load) = size.as_instruction() {
            mark_memory_size(self.types().context, load, memory.least_bytes);
        }
        let last = self.builder().build_int_nuw_sub(size, length, "")?;
        let outside = self
            .builder()
            .build_int_compare(IntPredicate::UGT, index, last, "")?;
        self.trap_if(outside, Exception::OutOfBoundsMemory)
    }

    /// Raises the exception unless the `reach` bytes from `index` lie in a memory whose size code keeps, or which may
    /// be larger than 4 GiB. The index has the memory's type of addresses.
    fn check_reach(
        &mut self,
        memory: &LinearMemory,
        index: IntValue<'ctx>,
        reach: u64,
    ) -> Result<()> {
        let ty = index.get_type();
        if reach <= memory.least_bytes {
            let last = match memory.size {
                SizeKeeper::Constant(bytes) => ty.const_int(bytes - reach, false),
                SizeKeeper::Runtime => {
                    let size = self.memory_size(memory)?;
                    let reach = size.get_type().const_int(reach, false);
                    self.builder().build_int_nuw_sub(size, reach, "")?
                }
                SizeKeeper::Code { .. } => {
                    let size = self.kept_bytes(memory)?;
                    let reach = size.get_type().const_int(reach, false);
                    let last = self.builder().build_int_nuw_sub(size, reach, "")?;
                    self.builder()
                        .build_int_z_extend_or_bit_cast(last, ty, "")?
                }
            };
            let outside = self
                .builder()
                .build_int_compare(IntPredicate::UGT, index, last, "")?;
            return self.trap_if(outside, Exception::OutOfBoundsMemory);
        }
        let i64 = self.types().i64;
        let start = self
            .builder()
            .build_int_z_extend_or_bit_cast(index, i64, "")?;
        let reach = i64.const_int(reach, false);
        self.check_wide_range(Place { memory, start }, reach)
    }

    /// Raises `exception` unless `value`, an `i64`, fits 32 bits.
    pub fn require_narrow(&mut self, value: IntValue<'ctx>, exception: Exception) -> Result<()> {
        let most = self.types().i64.const_int(u64::from(u32::MAX), false);
        let wide = self
            .builder()
            .build_int_compare(IntPredicate::UGT, value, most, "")?;
        self.trap_if(wide, exception)
    }

    /// Raises `exception` unless `value`, an index or a length, fits 32 bits. Returns the lower 32 bits.
    pub fn narrow(
        &mut self,
        value: IntValue<'ctx>,
        exception: Exception,
    ) -> Result<IntValue<'ctx>> {
        let i32 = self.types().i32;
        if value.get_type() == i32 {
            return Ok(value);
        }
        self.require_narrow(value, exception)?;
        Ok(self.builder().build_int_truncate(value, i32, "")?)
    }

    /// Pops the index of an access of `bytes` bytes and returns its address, checked unless the hardware
    /// checks it. Also returns the effective address, an `i64`.
    pub fn linear_address(
        &mut self,
        memarg: MemArg,
        bytes: u64,
    ) -> Result<(PointerValue<'ctx>, IntValue<'ctx>)> {
        let memory = self.accessed_memory(memarg);
        let popped = self.pop_int();
        let index = match memory.addresses {
            IndexType::I32 => self
                .builder()
                .build_int_z_extend(popped, self.types().i64, "")?,
            IndexType::I64 => {
                if memory.by_runtime() && !memory.native64 {
                    self.require_narrow(popped, Exception::OutOfBoundsMemory)?;
                }
                popped
            }
        };
        let reach = memarg.offset.saturating_add(bytes);
        let checked = !memory.by_runtime() || memory.native64;
        let limit = match memory.native64 {
            // No memory has the last of all addresses.
            true => u64::MAX - 1,
            false => MEMORY_LIMIT,
        };
        let never = reach > limit;
        if never && memory.addresses == IndexType::I64 {
            // The sum below does not exist then.
            let always = self.types().i1.const_int(1, false);
            self.trap_if(always, Exception::OutOfBoundsMemory)?;
        } else if checked && !never {
            self.check_reach(memory, popped, reach)?;
        }
        let address = if memarg.offset == 0 {
            index
        } else {
            let offset = self.types().i64.const_int(memarg.offset, false);
            self.builder().build_int_nuw_add(index, offset, "")?
        };
        if never && memory.addresses == IndexType::I32 {
            // Out of bounds for every index, and in part beyond what guard pages can cover.
            let always = self.types().i1.const_int(1, false);
            self.trap_if(always, Exception::OutOfBoundsMemory)?;
        }
        if checked {
            let base = self.memory_base(memory)?;
            return Ok((self.linear_pointer(base, address)?, address));
        }
        if !self.plan().memory.software_bounds {
            self.note_access();
        }
        let length = self.types().i64.const_int(bytes, false);
        let pointer = self.shared_or_linear(address, length, |e| {
            if e.plan().memory.software_bounds && !never {
                match memory.always_has(reach) {
                    true => {
                        let index = e.builder().build_int_truncate_or_bit_cast(
                            popped,
                            e.types().i32,
                            "",
                        )?;
                        e.check_index(memory, index, reach)?;
                    }
                    false => {
                        let start = address;
                        e.check_linear_range(Place { memory, start }, length)?;
                    }
                }
            }
            let base = e.memory_base(memory)?;
            e.linear_pointer(base, address)
        })?;
        Ok((pointer, address))
    }

    /// Returns the addresses of `length` bytes (an `i64`) from each of `places`, after all of them are checked,
    /// in both bounds modes.
    pub fn checked_ranges<const N: usize>(
        &mut self,
        places: [Place<'_, 'ctx>; N],
        length: IntValue<'ctx>,
    ) -> Result<Vec<PointerValue<'ctx>>> {
        if self.plan().memory.shared_heaps == SharedHeaps::None {
            for place in places {
                self.check_linear_range(place, length)?;
            }
            let mut bases: Vec<(u32, PointerValue<'ctx>)> = Vec::with_capacity(N);
            return places
                .iter()
                .map(|&Place { memory, start }| {
                    let known = bases.iter().find(|(slot, _)| *slot == memory.slot);
                    let base = match known {
                        Some(&(_, base)) => base,
                        None => {
                            let base = self.memory_base(memory)?;
                            bases.push((memory.slot, base));
                            base
                        }
                    };
                    self.linear_pointer(base, start)
                })
                .collect();
        }
        let one_by_one = places.iter().map(|&place| {
            let Place { memory, start } = place;
            if memory.by_runtime() {
                return self.shared_or_linear(start, length, |e| {
                    e.check_linear_range(place, length)?;
                    let base = e.memory_base(memory)?;
                    e.linear_pointer(base, start)
                });
            }
            self.check_linear_range(place, length)?;
            let base = self.memory_base(memory)?;
            self.linear_pointer(base, start)
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
        let memory = self.accessed_memory(memarg);
        let (pointer, _) = self.linear_address(memarg, store_size(ty))?;
        let value = self.builder().build_load(ty, pointer, "")?;
        if let Some(load) = value.as_instruction_value() {
            let _ = load.set_alignment(1);
            self.tag(load, self.linear_tag(memory));
        }
        self.little_endian(value)
    }

    /// Pops an index and stores `value`.
    pub fn store_linear(&mut self, memarg: MemArg, value: BasicValueEnum<'ctx>) -> Result<()> {
        let memory = self.accessed_memory(memarg);
        let size = store_size(value.get_type());
        let (pointer, _) = self.linear_address(memarg, size)?;
        if self.plan().memory.touches_last_byte && memory.by_runtime() && size > 1 {
            let last = self.types().i64.const_int(size - 1, false);
            let last = self.linear_pointer(pointer, last)?;
            let byte = self.builder().build_load(self.types().i8, last, "")?;
            if let Some(load) = byte.as_instruction_value() {
                let _ = load.set_volatile(true);
                self.tag(load, self.linear_tag(memory));
            }
        }
        let value = self.little_endian(value)?;
        let store = self.builder().build_store(pointer, value)?;
        let _ = store.set_alignment(1);
        self.tag(store, self.linear_tag(memory));
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

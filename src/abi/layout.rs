//! Offsets into the runtime's structures that compiled code reads, in bytes.
//!
//! Sources: `WASMExecEnv` (`core/iwasm/common/wasm_exec_env.h`), `WASMModuleInstance`,
//! `WASMMemoryInstance` and `WASMTableInstance` (`core/iwasm/interpreter/wasm_runtime.h`), whose
//! pointers are padded to eight bytes on every target; the runtime asserts these offsets itself at
//! the top of `core/iwasm/aot/aot_runtime.c`.

use std::collections::HashMap;

use super::hidden::{HiddenGlobals, HiddenPurpose};
use crate::arch::PointerWidth;
use crate::wasm::{GlobalIndex, Memory, Module, PAGE_SIZE, Table, TableIndex, ValType};

/// Fields of the execution environment, the first argument of every function: one pointer each.
pub mod exec_env {
    use super::PointerWidth;

    const CUR_FRAME: u64 = 1;
    const MODULE_INST: u64 = 2;
    const NATIVE_STACK_BOUNDARY: u64 = 4;
    const SUSPEND_FLAGS: u64 = 5;
    const AUX_STACK_BOUNDARY: u64 = 6;
    const AUX_STACK_BOTTOM: u64 = 7;
    const NATIVE_SYMBOL: u64 = 8;
    const NATIVE_STACK_TOP_MIN: u64 = 9;
    const FRAMES_BOUNDARY: u64 = 10;
    const FRAMES_TOP: u64 = 11;

    /// Returns the offset of the address of the current standard frame.
    pub fn cur_frame(width: PointerWidth) -> u64 {
        CUR_FRAME * u64::from(width.bytes())
    }
    pub fn module_inst(width: PointerWidth) -> u64 {
        MODULE_INST * u64::from(width.bytes())
    }
    pub fn native_stack_boundary(width: PointerWidth) -> u64 {
        NATIVE_STACK_BOUNDARY * u64::from(width.bytes())
    }
    pub fn suspend_flags(width: PointerWidth) -> u64 {
        SUSPEND_FLAGS * u64::from(width.bytes())
    }
    pub fn aux_stack_boundary(width: PointerWidth) -> u64 {
        AUX_STACK_BOUNDARY * u64::from(width.bytes())
    }
    pub fn aux_stack_bottom(width: PointerWidth) -> u64 {
        AUX_STACK_BOTTOM * u64::from(width.bytes())
    }
    /// Returns the offset of the table of native symbols, for code in indirect mode.
    pub fn native_symbol(width: PointerWidth) -> u64 {
        NATIVE_SYMBOL * u64::from(width.bytes())
    }
    /// Returns the offset of the lowest address of the native stack that code has noted.
    pub fn native_stack_top_min(width: PointerWidth) -> u64 {
        NATIVE_STACK_TOP_MIN * u64::from(width.bytes())
    }
    /// Returns the offset of the end of the frame stack, which grows upwards (`wasm_stack.top_boundary`).
    pub fn frames_boundary(width: PointerWidth) -> u64 {
        FRAMES_BOUNDARY * u64::from(width.bytes())
    }
    /// Returns the offset of the first free address of the frame stack (`wasm_stack.top`).
    pub fn frames_top(width: PointerWidth) -> u64 {
        FRAMES_TOP * u64::from(width.bytes())
    }
}

/// A tiny frame (`AOTTinyFrame` in `core/iwasm/compilation/aot_stack_frame.h`); the same on 32-bit and 64-bit targets.
pub mod tiny_frame {
    pub const SIZE: u64 = 8;
    /// `u32`, in the index space that counts imported functions.
    pub const FUNC_INDEX: u64 = 0;
    /// `u32`, the offset of an instruction in the module's file.
    pub const IP_OFFSET: u64 = 4;
}

/// A standard frame (`AOTFrame` in `core/iwasm/aot/aot_runtime.h`).
pub mod standard_frame {
    use super::PointerWidth;

    /// Returns the offset of the field for the offset of an instruction in the module's file, a `uintptr_t`.
    pub fn ip_offset(width: PointerWidth) -> u64 {
        4 * u64::from(width.bytes())
    }
}

/// The bit of the suspend flags that tells the thread to end.
pub const SUSPEND_FLAG_TERMINATE: u64 = 1;

/// Fields of the module instance; the same on 32-bit and 64-bit targets.
pub mod instance {
    /// Array of pointers to memory instances.
    pub const MEMORIES: u64 = 8;
    /// Array of pointers to all functions, imported ones first.
    pub const FUNC_PTRS: u64 = 40;
    /// The text of the current exception; the first byte is zero if there is none.
    pub const CUR_EXCEPTION: u64 = 104;
    /// Pointer to the module ([`crate::abi::imports`]), right behind the 128 bytes of the exception.
    pub const MODULE: u64 = 232;
    /// Array of the functions that a host has linked through the `wasm_c_api` ([`super::c_api_import`]), or
    /// null.
    pub const C_API_FUNC_IMPORTS: u64 = 288;
    /// Pointer to the [`super::instance_extra`].
    pub const EXTRA: u64 = 304;
    /// Memory instances, globals and tables start here and follow one another.
    pub const GLOBAL_TABLE_DATA: u64 = 344;
}

/// Fields of `AOTModuleInstanceExtra` (`core/iwasm/aot/aot_runtime.h`); the same on 32-bit and 64-bit targets.
pub mod instance_extra {
    /// The address of a shared heap minus its first address in WebAssembly.
    pub const SHARED_HEAP_BASE: u64 = 8;
    /// `MemBound`: the first address of a shared heap in WebAssembly.
    pub const SHARED_HEAP_START: u64 = 16;
    /// `MemBound`: the last address.
    pub const SHARED_HEAP_LAST: u64 = 24;
    /// Pointer to the [`super::shared_heap`] at the head of the chain, or null.
    pub const SHARED_HEAP: u64 = 32;
}

/// Fields of `WASMSharedHeap` (`core/iwasm/interpreter/wasm_runtime.h`); the same on 32-bit and 64-bit targets.
pub mod shared_heap {
    /// `u64`: the first address in WebAssembly, with 32-bit addresses.
    pub const START: u64 = 48;
}

/// Fields of a function that a host has linked through the `wasm_c_api` (`CApiFuncImport`).
pub mod c_api_import {
    /// The function, or null.
    pub const FUNCTION: u64 = 0;
    /// In pointers.
    pub const SIZE: u64 = 3;
}

/// Fields of a value of the `wasm_c_api` (`wasm_val_t`).
pub mod c_api_value {
    use super::ValType;

    /// `u8`.
    pub const KIND: u64 = 0;
    pub const VALUE: u64 = 8;
    pub const SIZE: u64 = 16;

    /// Returns the kind of a number. The `wasm_c_api` passes nothing else.
    pub fn kind(ty: ValType) -> u64 {
        match ty {
            ValType::I32 => 0,
            ValType::I64 => 1,
            ValType::F32 => 2,
            ValType::F64 => 3,
            ValType::V128 | ValType::Ref(_) => unreachable!("the plan lets only numbers through"),
        }
    }
}

/// Fields of a memory instance; the same on 32-bit and 64-bit targets.
pub mod memory {
    pub const SIZE: u64 = 120;
    /// `u32`, pages.
    pub const CUR_PAGE_COUNT: u64 = 16;
    /// `u64`, bytes.
    pub const DATA_SIZE: u64 = 24;
    /// Pointer to byte 0 of the linear memory.
    pub const DATA: u64 = 32;
}

/// Fields of a table instance; the same on 32-bit and 64-bit targets.
pub mod table {
    /// `u32`, elements.
    pub const CUR_SIZE: u64 = 16;
    /// The elements, one `uintptr_t` each.
    pub const ELEMENTS: u64 = 24;
    /// The guaranteed alignment of an element, in bytes: the tables follow the unpadded globals.
    pub const ELEMENT_ALIGNMENT: u32 = 4;
    /// The value of a null element.
    pub const NULL_REF: u32 = u32::MAX;
}

/// Bytes at the end of the 32-bit address range that most memories cannot reach
/// ([`leaves_top_unused`]).
pub const UNUSED_TOP: u64 = PAGE_SIZE;

/// The largest heap, in bytes, that the runtime can add to the maximum of a memory on the host's request:
/// `APP_HEAP_SIZE_MAX` in `core/config.h`, rounded up to pages, and one page more (`memory_instantiate` in
/// `core/iwasm/aot/aot_runtime.c`).
const INSERTED_MAX: u64 = (1 << 30) + 2 * PAGE_SIZE;

/// The maximum, in pages, of a memory that declares none.
const MEMORY_GROWTH_LIMIT: u64 = ((1 << 32) - UNUSED_TOP - INSERTED_MAX) / PAGE_SIZE;

/// Returns the maximum of `memory` in the `.aot` file, in pages. Without a declared maximum, a memory may
/// grow to three quarters of its addresses: `memory.grow` may fail for lack of resources (specification
/// 4.4.8), and code is faster if adding to an index cannot wrap around.
///
/// `native64`: the runtime knows that addresses have 64 bits. It counts pages in 32 bits.
pub fn memory_max(memory: &Memory, native64: bool) -> u64 {
    if native64 {
        // With the pages for its heap, the runtime's number of pages must not wrap around.
        let most = u64::from(u32::MAX) - INSERTED_MAX / PAGE_SIZE;
        let declared = memory.limits.max.unwrap_or(most);
        return declared.min(most.max(memory.limits.min));
    }
    let limit = MEMORY_GROWTH_LIMIT.max(memory.limits.min);
    // A memory with 64-bit addresses may declare more than there are 32-bit addresses.
    let declared = memory
        .limits
        .max
        .filter(|max| *max <= (1 << 32) / PAGE_SIZE);
    declared.unwrap_or(limit)
}

/// Reports whether the last [`UNUSED_TOP`] bytes of the 32-bit addresses are never part of `memory`, even
/// with an inserted heap.
pub fn leaves_top_unused(memory: &Memory, width: PointerWidth) -> bool {
    // A memory of all addresses cannot be on a machine that has no more than that itself.
    width == PointerWidth::Bits32
        || memory_max(memory, false) * PAGE_SIZE + INSERTED_MAX + UNUSED_TOP <= 1 << 32
}

/// Every table may grow to this many elements, however small it starts (`WASM_TABLE_MAX_SIZE` in
/// `core/config.h`).
const TABLE_GROWTH_FLOOR: u64 = 1024;

/// Returns how many elements the instance reserves for `table`: its possible maximum if it can grow, else its
/// size.
pub fn table_slots(table: &Table) -> u64 {
    if table.usage.grows {
        table_max(table)
    } else {
        table.limits.min
    }
}

/// Returns the maximum of `table` in the `.aot` file, in elements. The runtime reserves this many at
/// instantiation. So a table may grow to twice its size or to the floor above, whichever is more, but never
/// past a declared maximum; `table.grow` may fail for lack of resources (specification 4.4.10).
pub fn table_max(table: &Table) -> u64 {
    let limit = (table.limits.min * 2)
        .max(TABLE_GROWTH_FLOOR)
        .min(u64::from(u32::MAX));
    table.limits.max.map_or(limit, |max| max.min(limit))
}

/// Returns the size in bytes of a global of type `ty` in the instance; globals have no padding.
pub fn global_size(ty: ValType) -> u64 {
    4 * u64::from(ty.cells())
}

/// The offsets of a module's parts in its instance.
#[derive(Debug, Clone)]
pub struct InstanceLayout {
    globals: Vec<u64>,
    hidden: HashMap<HiddenPurpose, u64>,
    tables: Vec<u64>,
}

impl InstanceLayout {
    /// Computes the layout of the instance of `module`, as the runtime does at instantiation. The `hidden`
    /// globals follow the module's own.
    pub fn new(module: &Module, hidden: &HiddenGlobals, width: PointerWidth) -> Self {
        // A module without a memory still has one memory instance.
        let memories = module.memories.len().max(1) as u64;
        let mut at = instance::GLOBAL_TABLE_DATA + memories * memory::SIZE;
        let mut globals = Vec::with_capacity(module.globals.len());
        for global in module.globals.values() {
            globals.push(at);
            at += global_size(global.ty);
        }
        let mut hidden_offsets = HashMap::new();
        for global in hidden.iter() {
            hidden_offsets.insert(global.purpose, at);
            at += global_size(global.initial.ty());
        }
        let mut tables = Vec::with_capacity(module.tables.len());
        for table in module.tables.values() {
            tables.push(at);
            at += table::ELEMENTS + table_slots(table) * u64::from(width.bytes());
        }
        InstanceLayout {
            globals,
            hidden: hidden_offsets,
            tables,
        }
    }

    /// Returns the offset of a global's value from the start of the instance.
    pub fn global(&self, index: GlobalIndex) -> u64 {
        self.globals[index.as_u32() as usize]
    }

    /// Returns the offset of a hidden global's value from the start of the instance; `None` if the module has
    /// no global for that purpose.
    pub fn hidden(&self, purpose: HiddenPurpose) -> Option<u64> {
        self.hidden.get(&purpose).copied()
    }

    /// Returns the offset of a table instance from the start of the instance.
    pub fn table(&self, index: TableIndex) -> u64 {
        self.tables[index.as_u32() as usize]
    }

    /// Returns the way from the address of the instance to the base of the first memory: each number is added, and
    /// the address there loaded. `shared`: the memory may belong to another instance.
    pub fn memory_base(&self, shared: bool) -> Vec<u64> {
        match shared {
            true => vec![instance::MEMORIES, 0, memory::DATA],
            false => vec![self.memory(0) + memory::DATA],
        }
    }

    /// Returns the offset of the memory instance in place `slot` from the start of the instance.
    pub fn memory(&self, slot: u32) -> u64 {
        instance::GLOBAL_TABLE_DATA + u64::from(slot) * memory::SIZE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::abi::HiddenValue;
    use crate::options::Features;

    /// Hidden globals follow the module's globals without padding, and tables follow them.
    #[test]
    fn hidden_globals_lie_between_globals_and_tables() {
        let wasm = wat::parse_str("(module (global i32 (i32.const 0)) (table 1 funcref))").unwrap();
        let module = crate::wasm::parse(&wasm, &Features::default()).unwrap();
        let mut hidden = HiddenGlobals::default();
        hidden.add(HiddenPurpose::PendingTag, HiddenValue::I32(0));
        hidden.add(HiddenPurpose::PendingCell(0), HiddenValue::I64(0));
        let of = |hidden| InstanceLayout::new(&module, hidden, PointerWidth::Bits32);
        let (without, with) = (of(&HiddenGlobals::default()), of(&hidden));
        let (global, table) = (GlobalIndex::from_u32(0), TableIndex::from_u32(0));
        let first = with.global(global);
        assert_eq!(without.hidden(HiddenPurpose::PendingTag), None);
        assert_eq!(first, without.global(global));
        assert_eq!(with.hidden(HiddenPurpose::PendingTag), Some(first + 4));
        assert_eq!(with.hidden(HiddenPurpose::PendingCell(0)), Some(first + 8));
        assert_eq!(with.table(table), without.table(table) + 12);
    }
}

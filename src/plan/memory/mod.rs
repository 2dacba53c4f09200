//! How code finds the linear memories, and who checks that accesses are in bounds.

mod keeping;
mod refusal;

pub use refusal::MemoryRefusal;

use cranelift_entity::PrimaryMap;

use super::level::LevelPlan;
use crate::abi::layout::leaves_top_unused;
use crate::abi::{HiddenGlobals, HiddenPurpose, HiddenValue, MemoryLayout};
pub use crate::options::SharedHeaps;
use crate::options::{Memory64, Options, Segue};
use crate::targets::Target;
use crate::wasm::{ConstInstruction, DataMode, MemoryIndex, Module};

/// The alignment in bytes of a memory that ends at the heap base, as in `wamrc`.
const SHRUNK_ALIGNMENT: u64 = 8;

/// The plan for the memories of a module, and the settings that apply to all code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryPlan {
    /// Code compares each index with the memory's size; otherwise the runtime's guard pages catch an access
    /// that is out of bounds of the first memory.
    pub software_bounds: bool,
    /// Accesses that can trap stay in the program's order with stores that the host can see, because the
    /// options say so.
    pub exact: bool,
    /// A store that lies only partly in memory may write that part before it traps. To prevent this, code
    /// touches the last byte first.
    pub touches_last_byte: bool,
    /// The host's heaps that code accesses like linear memory: like the first memory.
    pub shared_heaps: SharedHeaps,
    /// The accesses that take the first memory's base from the segment register GS. Code that uses it writes the
    /// register itself: in entries, and wherever other code may have run or the memory may have moved.
    pub segue: Option<Segue>,
    /// One plan for each memory.
    pub memories: PrimaryMap<MemoryIndex, LinearMemory>,
    pub layout: MemoryLayout,
}

/// The plan for one memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinearMemory {
    pub index: MemoryIndex,
    /// Its place among the memories of an instance.
    pub slot: u32,
    pub addresses: IndexType,
    /// Bytes in a page.
    pub page_size: u64,
    /// Another instance may own the memory.
    pub shared: bool,
    pub size: SizeKeeper,
    /// The memory's base never moves while the instance lives. With guard pages, the runtime maps the whole
    /// range up front (`full_size_mmaped` in `core/iwasm/common/wasm_memory.c`); for shared memory it always
    /// does. It never grows a memory whose size code keeps.
    pub fixed_base: bool,
    /// The last bytes of the 32-bit addresses are never part of the memory
    /// ([`crate::abi::layout::UNUSED_TOP`]).
    pub top_unused: bool,
    /// The minimum size of the memory, in bytes.
    pub least_bytes: u64,
    /// The runtime knows that addresses have 64 bits: the memory may be larger than 4 GiB.
    pub native64: bool,
    /// LLVM may assume that no access to the memory traps, because code has checked it, and that no access to
    /// the first memory changes it.
    pub separate: bool,
}

/// The type of addresses in a memory, or of indices in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IndexType {
    I32,
    I64,
}

impl IndexType {
    pub fn of(is64: bool) -> Self {
        if is64 { IndexType::I64 } else { IndexType::I32 }
    }
}

/// Who knows the size of a memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SizeKeeper {
    /// The runtime. It also grows the memory.
    Runtime,
    /// The memory always has this many bytes, fewer than 2^32.
    Constant(u64),
    /// Code, in a hidden global. The memory may grow to this many bytes, fewer than 2^32, which the runtime
    /// has reserved.
    Code { most_bytes: u64 },
}

impl MemoryPlan {
    pub(super) fn new(
        module: &Module<'_>,
        target: &Target,
        options: &Options,
    ) -> Result<Self, MemoryRefusal> {
        let native64 = options.memory64 == Some(Memory64::Native) && module.has_memory64();
        if native64 {
            refusal::check_native(module, target, options)?;
        }
        let software_bounds = options
            .bounds_checks
            .unwrap_or(target.default_bounds_checks || native64);
        let shared_heaps = match module.memories.is_empty() {
            false => options.shared_heaps,
            true => SharedHeaps::None,
        };
        let keepers = keeping::Keepers::new(module, target, options)?;
        let first = keepers.order.first().copied();
        let shrunk = match options.shrink_memory.unwrap_or(!target.operating_system) {
            true => first.and_then(|first| match keepers.sizes[first] {
                SizeKeeper::Runtime => shrunk(module, first),
                SizeKeeper::Constant(_) | SizeKeeper::Code { .. } => None,
            }),
            false => None,
        };
        let keeps_order = options.exact_memory || LevelPlan::of(options.opt_level).keeps_order;
        let memories = module.memories.iter().map(|(index, memory)| {
            let slot = keepers.slot(index);
            let size = keepers.sizes[index];
            let by_runtime = size == SizeKeeper::Runtime;
            LinearMemory {
                index,
                slot,
                addresses: IndexType::of(memory.memory64),
                page_size: memory.page_size,
                shared: memory.shared,
                size,
                fixed_base: !software_bounds || memory.shared || !by_runtime,
                native64: native64 && memory.memory64 && by_runtime,
                // A shared heap lies there.
                top_unused: !(native64 && memory.memory64)
                    && (shared_heaps == SharedHeaps::None || !by_runtime)
                    && (!by_runtime || leaves_top_unused(memory, target.pointer_width)),
                least_bytes: match shrunk {
                    Some(bytes) if slot == 0 => u64::from(bytes),
                    _ => memory.least_bytes(),
                },
                separate: !by_runtime && (software_bounds || !keeps_order),
            }
        });
        let memories: PrimaryMap<MemoryIndex, LinearMemory> = memories.collect();
        Ok(MemoryPlan {
            software_bounds,
            exact: options.exact_memory,
            touches_last_byte: !software_bounds
                && (target.unaligned_overhead > 0
                    || options.exact_memory && !target.facts.stores_whole),
            shared_heaps,
            segue: (options.segue != Segue::NONE && !module.memories.is_empty())
                .then_some(options.segue),
            layout: keepers.layout(module, shrunk),
            memories,
        })
    }

    /// Returns the memory that the host sees.
    pub fn first(&self) -> Option<&LinearMemory> {
        self.layout
            .order
            .first()
            .map(|&first| &self.memories[first])
    }

    /// Reports whether no 32-bit address near the end is part of the first memory. Also true if there is none.
    pub fn top_unused(&self) -> bool {
        self.first().is_none_or(|first| first.top_unused)
    }

    /// Reports whether the base of the first memory never moves, and there is one.
    pub fn has_fixed_base(&self) -> bool {
        self.first().is_some_and(|first| first.fixed_base)
    }

    /// Adds the globals for sizes and dropped segments.
    pub(super) fn add_globals(&self, module: &Module<'_>, hidden: &mut HiddenGlobals) {
        for (index, memory) in &self.memories {
            if let SizeKeeper::Code { .. } = memory.size {
                let bytes = HiddenValue::I32(memory.least_bytes as u32 as i32);
                hidden.add(HiddenPurpose::MemoryBytes(index), bytes);
            }
        }
        for (index, segment) in &module.data {
            if matches!(segment.mode, DataMode::Passive) && self.layout.segments[index].in_text {
                hidden.add(HiddenPurpose::DroppedSegment(index), HiddenValue::I32(0));
            }
        }
    }

    /// Reports whether compiled code tests for an exception after a call. With guard pages the runtime
    /// unwinds by itself.
    pub fn tests_exceptions(&self) -> bool {
        self.software_bounds
    }
}

impl LinearMemory {
    /// Reports whether the memory always has `bytes` bytes and its size always fits 32 bits.
    pub fn always_has(&self, bytes: u64) -> bool {
        self.top_unused && bytes <= self.least_bytes
    }

    /// Reports whether the runtime keeps the size.
    pub fn by_runtime(&self) -> bool {
        self.size == SizeKeeper::Runtime
    }
}

/// Returns the size in bytes to which the `first` memory of `module` can be cut: its data and its C stack end
/// at `__heap_base`, and it can neither ask for its size nor grow, so no allocator of clang's or rustc's C library
/// uses memory behind that. `None` if the memory has to stay as declared.
///
/// `wamrc` cuts memories by the same rule (`core/iwasm/interpreter/wasm_loader.c`), except that it also cuts off
/// data that lies above `__heap_base`. A program with an allocator of its own that uses the rest of the
/// declared memory traps.
fn shrunk(module: &Module<'_>, first: MemoryIndex) -> Option<u32> {
    let memory = &module.memories[first];
    let heap_base = module.aux_stack?.heap_base;
    let bytes = heap_base.next_multiple_of(SHRUNK_ALIGNMENT);
    let declared = memory.least_bytes();
    let fits = module.data.values().all(|segment| match &segment.mode {
        DataMode::Passive => true,
        DataMode::Active { memory, .. } if *memory != first => true,
        DataMode::Active { offset, .. } => match offset.instructions[..] {
            [ConstInstruction::I32(offset)] => {
                u64::from(offset as u32) + segment.bytes.len() as u64 <= bytes
            }
            _ => false,
        },
    });
    if module.usage.memory_pages || memory.shared || bytes == 0 || bytes >= declared || !fits {
        return None;
    }
    u32::try_from(bytes).ok()
}

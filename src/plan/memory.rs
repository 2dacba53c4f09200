//! How code finds linear memory, and who checks that accesses are in bounds.

use crate::abi::layout::leaves_top_unused;
pub use crate::options::SharedHeaps;
use crate::options::{Options, Segue};
use crate::targets::Target;
use crate::wasm::{ConstInstruction, DataMode, Module, PAGE_SIZE};

/// The alignment in bytes of a memory that ends at the heap base, as in `wamrc`.
const SHRUNK_ALIGNMENT: u64 = 8;

/// The plan for memory 0; a module has at most one memory. For a module without a memory, the plan holds the
/// settings that apply to all code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MemoryPlan {
    /// The module has a memory.
    pub exists: bool,
    /// Another instance may own the memory.
    pub shared: bool,
    /// Code compares each index with the memory's size; otherwise the runtime's guard pages catch an access
    /// that is out of bounds.
    pub software_bounds: bool,
    /// Accesses that can trap stay in the program's order with stores that the host can see, because the
    /// options say so.
    pub exact: bool,
    /// A store that lies only partly in memory may write that part before it traps. To prevent this, code
    /// touches the last byte first.
    pub touches_last_byte: bool,
    /// The memory's base never moves while the instance lives. With guard pages, the runtime maps the whole
    /// range up front (`full_size_mmaped` in `core/iwasm/common/wasm_memory.c`); for shared memory it always
    /// does.
    pub fixed_base: bool,
    /// The last bytes of the 32-bit addresses are never part of the memory
    /// ([`crate::abi::layout::UNUSED_TOP`]). Also true if there is no memory.
    pub top_unused: bool,
    /// The host's heaps that code accesses like linear memory.
    pub shared_heaps: SharedHeaps,
    /// The accesses that take the memory's base from the segment register GS. Code that uses it writes the
    /// register itself: in entries, and wherever other code may have run or the memory may have moved.
    pub segue: Option<Segue>,
    /// The minimum size of the memory, in bytes.
    pub least_bytes: u64,
    /// The memory has only this many bytes instead of its declared size, and never grows ([`shrunk`]).
    pub shrunk: Option<u32>,
}

impl MemoryPlan {
    pub(super) fn new(module: &Module<'_>, target: &Target, options: &Options) -> Self {
        let memory = module.memories.values().next();
        let software_bounds = options
            .bounds_checks
            .unwrap_or(target.default_bounds_checks);
        let shared = memory.is_some_and(|memory| memory.shared);
        let shared_heaps = match memory {
            Some(_) => options.shared_heaps,
            None => SharedHeaps::None,
        };
        let shrunk = match options.shrink_memory.unwrap_or(!target.operating_system) {
            true => shrunk(module),
            false => None,
        };
        MemoryPlan {
            exists: memory.is_some(),
            shared,
            software_bounds,
            exact: options.exact_memory,
            touches_last_byte: !software_bounds
                && (target.unaligned_overhead > 0
                    || options.exact_memory && !target.facts.stores_whole),
            fixed_base: !software_bounds || shared,
            shared_heaps,
            segue: (options.segue != Segue::NONE && memory.is_some()).then_some(options.segue),
            // A shared heap lies there.
            top_unused: shared_heaps == SharedHeaps::None
                && memory.is_none_or(|memory| leaves_top_unused(memory, target.pointer_width)),
            least_bytes: match (shrunk, memory) {
                (Some(bytes), _) => u64::from(bytes),
                (None, memory) => memory.map_or(0, |memory| memory.limits.min * PAGE_SIZE),
            },
            shrunk,
        }
    }

    /// Reports whether the memory always has `bytes` bytes and its size always fits 32 bits.
    pub fn always_has(&self, bytes: u64) -> bool {
        self.exists && self.top_unused && bytes <= self.least_bytes
    }

    /// Reports whether compiled code tests for an exception after a call. With guard pages the runtime
    /// unwinds by itself.
    pub fn tests_exceptions(&self) -> bool {
        self.software_bounds
    }
}

/// Returns the size in bytes to which the memory of `module` can be cut: its data and its C stack end at
/// `__heap_base`, and it can neither ask for its size nor grow, so no allocator of clang's or rustc's C library
/// uses memory behind that. `None` if the memory has to stay as declared.
///
/// `wamrc` cuts memories by the same rule (`core/iwasm/interpreter/wasm_loader.c`), except that it also cuts off
/// data that lies above `__heap_base`. A program with an allocator of its own that uses the rest of the
/// declared memory traps.
fn shrunk(module: &Module<'_>) -> Option<u32> {
    let memory = module.memories.values().next()?;
    let heap_base = module.aux_stack?.heap_base;
    let bytes = heap_base.next_multiple_of(SHRUNK_ALIGNMENT);
    let declared = memory.limits.min * PAGE_SIZE;
    let fits = module.data.values().all(|segment| match &segment.mode {
        DataMode::Passive => true,
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

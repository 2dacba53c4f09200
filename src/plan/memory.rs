//! How code finds linear memory, and who checks that accesses lie inside.

use crate::abi::layout::leaves_top_unused;
use crate::options::Options;
use crate::targets::Target;
use crate::wasm::{Module, PAGE_SIZE};

/// The plan for memory 0, the only one that a module can have; for a module without a memory, what holds
/// for its code in general.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MemoryPlan {
    /// Whether there is a memory.
    pub exists: bool,
    /// Another instance may own the memory.
    pub shared: bool,
    /// Accesses are checked by compare and branch; otherwise the runtime's guard pages catch what is out
    /// of bounds.
    pub software_bounds: bool,
    /// Accesses that can trap and the stores that the host can see stay in the program's order, because the
    /// options say so.
    pub exact: bool,
    /// A store that lies in memory in part only may have written that part when it traps, unless
    /// its last byte is touched first.
    pub touches_last_byte: bool,
    /// The memory's base stays where it is while the instance lives: the runtime maps the whole range up
    /// front when it relies on guard pages (`full_size_mmaped` in `core/iwasm/common/wasm_memory.c`), and
    /// for shared memory always.
    pub fixed_base: bool,
    /// The last bytes of the 32-bit addresses are never part of the memory
    /// ([`crate::abi::layout::UNUSED_TOP`]); so, too, if there is none.
    pub top_unused: bool,
    /// Bytes that the memory has at least.
    pub least_bytes: u64,
}

impl MemoryPlan {
    pub(super) fn new(module: &Module<'_>, target: &Target, options: &Options) -> Self {
        let memory = module.memories.values().next();
        let software_bounds = options
            .bounds_checks
            .unwrap_or(target.default_bounds_checks);
        let shared = memory.is_some_and(|memory| memory.shared);
        MemoryPlan {
            exists: memory.is_some(),
            shared,
            software_bounds,
            exact: options.exact_memory,
            touches_last_byte: !software_bounds
                && (target.unaligned_overhead > 0
                    || options.exact_memory && !target.facts.stores_whole),
            fixed_base: !software_bounds || shared,
            top_unused: memory.is_none_or(|memory| leaves_top_unused(memory, target.pointer_width)),
            least_bytes: memory.map_or(0, |memory| memory.limits.min * PAGE_SIZE),
        }
    }

    /// Whether the memory is never smaller than `bytes` bytes, nor larger than 32 bits can tell.
    pub fn always_has(&self, bytes: u64) -> bool {
        self.exists && self.top_unused && bytes <= self.least_bytes
    }

    /// Whether compiled code has to look for an exception after a call: with guard pages the
    /// runtime unwinds by itself.
    pub fn tests_exceptions(&self) -> bool {
        self.software_bounds
    }
}

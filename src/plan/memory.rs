//! How code finds linear memory, and who checks that accesses are in bounds.

use crate::abi::layout::leaves_top_unused;
use crate::options::Options;
use crate::targets::Target;
use crate::wasm::{Module, PAGE_SIZE};

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
    /// The minimum size of the memory, in bytes.
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

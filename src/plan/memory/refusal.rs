//! Memories and tables that no file can express.

use crate::options::{Options, SharedHeaps};
use crate::targets::{PointerWidth, Target};
use crate::wasm::Module;

/// The module has a memory or a table that the runtime cannot be given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at offset {offset:#x}: {item} {fault}")]
pub struct MemoryRefusal {
    /// Offset of the declaration in the file.
    pub offset: u64,
    /// The memory, table or segment.
    pub item: String,
    pub fault: String,
    /// The runtime can have it if addresses stay 64 bits wide.
    pub native_helps: bool,
}

/// Rejects what a runtime built for 64-bit addresses does not have: `module` has such a memory or table.
pub(super) fn check_native(
    module: &Module<'_>,
    target: &Target,
    options: &Options,
) -> Result<(), MemoryRefusal> {
    let fault = if target.pointer_width == PointerWidth::Bits32 {
        "cannot have 64-bit addresses in the runtime on a 32-bit machine"
    } else if options.bounds_checks == Some(false) || options.stack_bounds_checks == Some(false) {
        // It is built without them.
        "needs software checks: a runtime with 64-bit addresses has no guard pages"
    } else if options.shared_heaps != SharedHeaps::None {
        "cannot have 64-bit addresses in the runtime beside a shared heap"
    } else {
        return Ok(());
    };
    let mut memories = module.memories.iter();
    let memory = memories.find(|(_, memory)| memory.memory64);
    let mut tables = module.tables.iter();
    let table = tables.find(|(_, table)| table.table64);
    let (item, offset) = match (memory, table) {
        (Some((index, memory)), _) => (format!("memory {}", index.as_u32()), memory.offset),
        (None, Some((index, table))) => (format!("table {}", index.as_u32()), table.offset),
        (None, None) => return Ok(()),
    };
    Err(MemoryRefusal {
        offset,
        item,
        fault: fault.to_owned(),
        native_helps: false,
    })
}

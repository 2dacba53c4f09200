//! Decides which memory the host sees, who keeps the size of each memory, and who copies each data segment.
//!
//! The runtime keeps the size of the first memory only, in pages of 64 KiB. All others are, for the runtime, one
//! page of as many bytes as they may ever have; it puts the host's heap behind that page. Code knows how many of
//! these bytes there are.

use cranelift_entity::PrimaryMap;

use super::{MemoryRefusal, SizeKeeper};
use crate::abi::memories::{MemoryLayout, SegmentPlaces};
use crate::options::{Memory64, Options};
use crate::targets::{PointerWidth, Target};
use crate::wasm::{
    DataIndex, DataMode, ElementMode, ExportItem, Memory, MemoryIndex, Module, PAGE_SIZE,
};

/// How far a memory whose size code keeps may grow by default, in bytes, on a 64-bit machine with an operating
/// system, which gives the program a page of memory only when it is used.
const GROWTH_LIMIT: u64 = 256 << 20;

/// The same on a 32-bit machine with an operating system, which has few addresses.
const GROWTH_LIMIT_32: u64 = 16 << 20;

/// The most bytes that a memory whose size code keeps can have. Its size, and the host's heap behind it, are
/// 32-bit numbers.
const MOST_KEPT: u64 = (1 << 32) - (1 << 30) - 2 * PAGE_SIZE;

/// The largest size of a memory with 32-bit addresses, in bytes.
const ADDRESSES: u64 = 1 << 32;

/// The most pages that a runtime with 64-bit addresses counts.
const MOST_PAGES: u64 = u32::MAX as u64;

/// The alignment of the host's heap, which follows the bytes of a memory.
const HEAP_ALIGNMENT: u64 = 16;

pub(super) struct Keepers {
    pub order: Vec<MemoryIndex>,
    pub sizes: PrimaryMap<MemoryIndex, SizeKeeper>,
    segments: PrimaryMap<DataIndex, SegmentPlaces>,
    native64: bool,
}

impl Keepers {
    pub fn new(
        module: &Module<'_>,
        target: &Target,
        options: &Options,
    ) -> Result<Self, MemoryRefusal> {
        let order = order(module);
        check_stack(module, &order)?;
        let limit = options.memory_growth_limit.unwrap_or({
            match (target.operating_system, target.pointer_width) {
                (true, PointerWidth::Bits64) => GROWTH_LIMIT,
                (true, PointerWidth::Bits32) => GROWTH_LIMIT_32,
                // The whole memory would come from the heap of a small machine.
                (false, _) => 0,
            }
        });
        let native64 = options.memory64 == Some(Memory64::Native) && module.has_memory64();
        let mut sizes = PrimaryMap::new();
        for (index, memory) in &module.memories {
            let first = order.first() == Some(&index);
            sizes.push(size(index, memory, first, native64, limit)?);
        }
        let segments = segments(module, &sizes, native64)?;
        if !native64 {
            check_elements(module)?;
        }
        Ok(Keepers {
            order,
            sizes,
            segments,
            native64,
        })
    }

    pub fn slot(&self, memory: MemoryIndex) -> u32 {
        let slot = self.order.iter().position(|it| *it == memory);
        slot.expect("the order has every memory") as u32
    }

    pub fn layout(self, module: &Module<'_>, shrunk: Option<u32>) -> MemoryLayout {
        let copies = module.data.iter().any(|(index, segment)| {
            matches!(segment.mode, DataMode::Active { .. }) && self.segments[index].in_text
        });
        let imported_start = module
            .start
            .is_some_and(|start| module.defined_position(start).is_none());
        let reserved = self.sizes.values().map(|size| {
            let bytes = match *size {
                SizeKeeper::Runtime => return None,
                SizeKeeper::Constant(bytes) => bytes,
                SizeKeeper::Code { most_bytes } => most_bytes,
            };
            let bytes = bytes.next_multiple_of(HEAP_ALIGNMENT);
            Some(u32::try_from(bytes).expect("such memories have fewer than 2^32 bytes"))
        });
        MemoryLayout {
            reserved: reserved.collect(),
            order: self.order,
            shrunk,
            native64: self.native64,
            segments: self.segments,
            adds_start: imported_start || copies,
        }
    }
}

/// Returns the memories in the order of the file. The host sees the first: the shared memory, which only the first
/// can be, or else memory 0 if the C stack lies there, the memory that is exported as `memory`, any other exported
/// memory, or memory 0.
fn order(module: &Module<'_>) -> Vec<MemoryIndex> {
    let exported = |wanted: Option<&str>| {
        module.exports.iter().find_map(|export| match export.item {
            ExportItem::Memory(index) if wanted.is_none_or(|name| export.name == name) => {
                Some(index)
            }
            _ => None,
        })
    };
    let shared = module.memories.iter().find(|(_, memory)| memory.shared);
    let first = shared
        .map(|(index, _)| index)
        // The runtime looks for the stack in the first memory.
        .or_else(|| module.aux_stack.and(module.memories.keys().next()))
        .or_else(|| exported(Some("memory")))
        .or_else(|| exported(None));
    let mut order: Vec<MemoryIndex> = module.memories.keys().collect();
    if let Some(first) = first {
        order.retain(|index| *index != first);
        order.insert(0, first);
    }
    order
}

/// Rejects a module whose C stack is not in the memory that has to come first.
fn check_stack(module: &Module<'_>, order: &[MemoryIndex]) -> Result<(), MemoryRefusal> {
    match order.first() {
        Some(first) if module.aux_stack.is_some() && first.as_u32() != 0 => Err(MemoryRefusal {
            offset: module.memories[*first].offset,
            item: format!("memory {}", first.as_u32()),
            fault: "is shared, but the C stack is in memory 0, and the runtime looks for both in one memory"
                .to_owned(),
            native_helps: false,
        }),
        _ => Ok(()),
    }
}

/// Returns who keeps the size of a memory, which may grow to `limit` bytes even if it starts smaller.
fn size(
    index: MemoryIndex,
    memory: &Memory<'_>,
    first: bool,
    native64: bool,
    limit: u64,
) -> Result<SizeKeeper, MemoryRefusal> {
    let refusal = |fault: String, native_helps| {
        Err(MemoryRefusal {
            offset: memory.offset,
            item: format!("memory {}", index.as_u32()),
            fault,
            native_helps,
        })
    };
    let least = memory.least_bytes();
    if memory.shared && !first {
        let fault =
            "is a second shared memory, but the runtime shares only the first memory of a module";
        return refusal(fault.to_owned(), false);
    }
    if first && memory.page_size == PAGE_SIZE {
        let most = match native64 && memory.memory64 {
            true => MOST_PAGES * PAGE_SIZE,
            false => ADDRESSES,
        };
        return match least > most {
            true => refusal(
                format!("starts with {least} bytes, but a runtime's memory has at most {most}"),
                most == ADDRESSES,
            ),
            false => Ok(SizeKeeper::Runtime),
        };
    }
    if least > MOST_KEPT {
        let fault = format!(
            "starts with {least} bytes, but a memory that is not the first, or has pages of one byte, has at most \
             {MOST_KEPT}"
        );
        return refusal(fault, false);
    }
    if !memory.usage.grows {
        return Ok(SizeKeeper::Constant(least));
    }
    if memory.shared {
        let fault =
            "is shared, has pages of one byte and grows: each thread would know its own size";
        return refusal(fault.to_owned(), false);
    }
    let most = memory.most_bytes().unwrap_or(u64::MAX);
    let most = most.min(limit.max(least)).min(MOST_KEPT);
    Ok(SizeKeeper::Code {
        most_bytes: most / memory.page_size * memory.page_size,
    })
}

/// Returns who copies each data segment. The runtime copies to the memory whose size it keeps, from offsets of 32
/// bits. If code copies an active segment to a memory, it also copies all later ones: they may overlap.
fn segments(
    module: &Module<'_>,
    sizes: &PrimaryMap<MemoryIndex, SizeKeeper>,
    native64: bool,
) -> Result<PrimaryMap<DataIndex, SegmentPlaces>, MemoryRefusal> {
    let mut by_code: PrimaryMap<MemoryIndex, bool> = sizes
        .values()
        .map(|size| *size != SizeKeeper::Runtime)
        .collect();
    let mut places = PrimaryMap::new();
    for (index, segment) in &module.data {
        let place = match &segment.mode {
            DataMode::Passive => {
                let to_kept = |memory: &MemoryIndex| sizes[*memory] != SizeKeeper::Runtime;
                let in_text = segment.initialises.iter().any(to_kept);
                SegmentPlaces {
                    in_file: !in_text || !segment.initialises.iter().all(to_kept),
                    in_text,
                }
            }
            DataMode::Active { memory, offset } => {
                let declared = &module.memories[*memory];
                let known = || {
                    offset
                        .integer(module)
                        .is_some_and(|at| u32::try_from(at).is_ok())
                };
                if declared.memory64 && !native64 && !known() {
                    by_code[*memory] = true;
                }
                if by_code[*memory] && declared.shared {
                    let fault = match declared.page_size {
                        PAGE_SIZE => {
                            "goes to a shared memory at an offset that only the instance knows or that no \
                             32-bit memory has"
                        }
                        _ => {
                            "goes to a shared memory with pages of one byte, which each thread would fill \
                             again"
                        }
                    };
                    return Err(MemoryRefusal {
                        offset: segment.offset,
                        item: format!("data segment {}", index.as_u32()),
                        fault: fault.to_owned(),
                        native_helps: declared.page_size == PAGE_SIZE,
                    });
                }
                match by_code[*memory] {
                    true => SegmentPlaces::TEXT,
                    false => SegmentPlaces::FILE,
                }
            }
        };
        places.push(place);
    }
    Ok(places)
}

/// Rejects element segments whose offset has 64 bits and is not known.
fn check_elements(module: &Module<'_>) -> Result<(), MemoryRefusal> {
    for (index, segment) in &module.elements {
        let ElementMode::Active { table, offset } = &segment.mode else {
            continue;
        };
        if module.tables[*table].table64 && offset.integer(module).is_none() {
            return Err(MemoryRefusal {
                offset: segment.offset,
                item: format!("element segment {}", index.as_u32()),
                fault: format!(
                    "goes to table {} at a 64-bit offset that an imported global decides",
                    table.as_u32()
                ),
                native_helps: true,
            });
        }
    }
    Ok(())
}

//! Where the memories and data segments of a module stand in its file and in its instances.
//!
//! The runtime makes every memory of the file, but it initialises, grows and exports only the first. Code
//! keeps the size of each other memory itself, and copies data to it.

use cranelift_entity::PrimaryMap;

use crate::wasm::{DataIndex, MemoryIndex, Module};

/// The plan for the memories and data segments of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoryLayout {
    /// The memories in the order of the file. The host sees the first.
    pub order: Vec<MemoryIndex>,
    /// The bytes that the runtime reserves for a memory whose size code keeps. `None` if the runtime keeps the
    /// size.
    pub reserved: PrimaryMap<MemoryIndex, Option<u32>>,
    /// The first memory has only this many bytes instead of its declared size, and never grows.
    pub shrunk: Option<u32>,
    /// The runtime knows that addresses and indices have 64 bits. Otherwise it takes each memory for one with
    /// 32-bit addresses, and each table likewise.
    pub native64: bool,
    pub segments: PrimaryMap<DataIndex, SegmentPlaces>,
    /// A start function of ours follows the module's functions.
    pub adds_start: bool,
}

/// Where the bytes of a data segment stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentPlaces {
    /// In the list of data segments, from which the runtime copies.
    pub in_file: bool,
    /// In the text, from which code copies.
    pub in_text: bool,
}

impl SegmentPlaces {
    pub const FILE: SegmentPlaces = SegmentPlaces {
        in_file: true,
        in_text: false,
    };
    pub const TEXT: SegmentPlaces = SegmentPlaces {
        in_file: false,
        in_text: true,
    };
}

impl MemoryLayout {
    /// Returns the layout if the runtime keeps the sizes of all memories of `module` and copies all segments, and
    /// nothing calls an imported start function.
    pub fn as_declared(module: &Module<'_>) -> Self {
        MemoryLayout {
            order: module.memories.keys().collect(),
            reserved: module.memories.values().map(|_| None).collect(),
            segments: module.data.values().map(|_| SegmentPlaces::FILE).collect(),
            ..MemoryLayout::default()
        }
    }

    /// Returns the place of a memory among the memories of an instance.
    pub fn slot(&self, memory: MemoryIndex) -> u32 {
        let slot = self.order.iter().position(|it| *it == memory);
        slot.expect("the order has every memory") as u32
    }
}

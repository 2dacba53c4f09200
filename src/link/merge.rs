//! Merges equal constants of a partition.
//!
//! LLVM puts constants of 4, 8, 16 and 32 bytes into mergeable sections (`SHF_MERGE` and an entry size):
//! equal entries may share an address. With a section per function, the same constants occur often.

use std::collections::HashMap;

/// The constants of one size in one partition.
#[derive(Debug)]
pub(super) struct Pool<'data> {
    entry_size: usize,
    alignment: u64,
    entries: Vec<&'data [u8]>,
    positions: HashMap<&'data [u8], u32>,
}

impl<'data> Pool<'data> {
    pub fn new(entry_size: usize) -> Self {
        Pool {
            entry_size,
            alignment: 1,
            entries: Vec::new(),
            positions: HashMap::new(),
        }
    }

    /// Reports whether a section of this shape can be split into entries that are placed one by one.
    pub fn fits(size: u64, entry_size: u64, alignment: u64) -> bool {
        entry_size != 0
            && u32::try_from(size).is_ok()
            && size.is_multiple_of(entry_size)
            && alignment != 0
            && entry_size.is_multiple_of(alignment)
    }

    pub fn entry_size(&self) -> usize {
        self.entry_size
    }

    pub fn alignment(&self) -> u64 {
        self.alignment
    }

    pub fn size(&self) -> u64 {
        (self.entries.len() * self.entry_size) as u64
    }

    /// Adds a section; returns the offset in the pool of each of its entries.
    pub fn add(&mut self, section: &'data [u8], alignment: u64) -> Vec<u32> {
        self.alignment = self.alignment.max(alignment);
        section
            .chunks_exact(self.entry_size)
            .map(|entry| {
                *self.positions.entry(entry).or_insert_with(|| {
                    let position = self.entries.len() * self.entry_size;
                    self.entries.push(entry);
                    u32::try_from(position).expect("a pool is no larger than the sections in it")
                })
            })
            .collect()
    }

    pub fn write(&self, out: &mut [u8]) {
        for (slot, entry) in out.chunks_exact_mut(self.entry_size).zip(&self.entries) {
            slot.copy_from_slice(entry);
        }
    }
}

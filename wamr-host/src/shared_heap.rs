//! Shared heaps: memory of the host at the end of an instance's 32-bit addresses.

use std::alloc::{Layout, alloc_zeroed};

use crate::error::Error;
use crate::ffi;
use crate::runtime;

/// The alignment of a heap's memory and size, in bytes: a page of the machine.
const PAGE: usize = 4096;

/// A heap, or the head of a chain of heaps. The runtime keeps heaps until the process ends.
#[derive(Debug, Clone, Copy)]
pub struct SharedHeap {
    pub(crate) raw: *mut ffi::SharedHeap,
    memory: *mut u8,
    size: usize,
}

impl SharedHeap {
    /// Makes a heap of `pages` pages of 4096 bytes, full of zeros.
    pub fn new(pages: usize) -> Result<Self, Error> {
        runtime::enter()?;
        let size = pages * PAGE;
        let layout = Layout::from_size_align(size, PAGE)
            .ok()
            .filter(|layout| layout.size() > 0)
            .ok_or(Error::Runtime("a shared heap has no such size"))?;
        // SAFETY: the size is not zero.
        let memory = unsafe { alloc_zeroed(layout) };
        let mut args = ffi::SharedHeapArgs {
            size: size as u32,
            pre_allocated_addr: memory.cast(),
        };
        // SAFETY: the memory is never freed.
        let raw = unsafe { ffi::wasm_runtime_create_shared_heap(&raw mut args) };
        if memory.is_null() || raw.is_null() {
            return Err(Error::Runtime("the runtime made no shared heap"));
        }
        Ok(SharedHeap { raw, memory, size })
    }

    /// Puts this heap before `body` in the addresses, as the new head of its chain.
    pub fn before(self, body: SharedHeap) -> Result<Self, Error> {
        // SAFETY: heaps live for ever.
        let raw = unsafe { ffi::wasm_runtime_chain_shared_heaps(self.raw, body.raw) };
        if raw.is_null() {
            return Err(Error::Runtime("the runtime did not chain the shared heaps"));
        }
        Ok(SharedHeap { raw, ..self })
    }

    /// The bytes of this heap, without those of a chain.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        // SAFETY: the memory has this size; no code of an instance runs now.
        unsafe { std::slice::from_raw_parts(self.memory, self.size) }.to_vec()
    }
}

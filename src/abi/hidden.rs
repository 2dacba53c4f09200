//! Hidden globals: mutable globals that the compiler adds behind the module's own, for state of its own.
//!
//! The runtime gives each instance, and each thread, a copy with the initial value. No WebAssembly index and
//! no export names a hidden global, so neither the module nor the host sees it.

use crate::wasm::{DataIndex, MemoryIndex, ValType};

/// The state that a hidden global holds. Code finds the global by this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HiddenPurpose {
    /// The exception that is on its way to a handler: the number of its tag and one more, or zero if there
    /// is none.
    PendingTag,
    /// A 32-bit cell of the values that the pending exception carries.
    PendingCell(u32),
    /// A 32-bit cell of a global of the module that holds an exception reference, of which the runtime knows
    /// nothing: first the tag as in [`HiddenPurpose::PendingTag`], then the values.
    ReferenceCell { global: u32, cell: u32 },
    /// The size of a memory in bytes, if code keeps it.
    MemoryBytes(MemoryIndex),
    /// Whether a passive data segment that stands in the text has been dropped: 1 if so.
    DroppedSegment(DataIndex),
    /// The answers whether imported functions can be called directly, one byte each ([`NativeAnswer`]). The
    /// global has eight of them; all such globals follow one another.
    NativeAnswers(u32),
}

/// Whether an imported function can be called directly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum NativeAnswer {
    /// Nobody has asked yet.
    Unknown = 0,
    /// Only through `aot_invoke_native`.
    Invoke = 1,
    Direct = 2,
}

/// The initial value of a hidden global, which also states its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HiddenValue {
    I32(i32),
    I64(i64),
}

impl HiddenValue {
    /// Returns the type of the global.
    pub fn ty(self) -> ValType {
        match self {
            HiddenValue::I32(_) => ValType::I32,
            HiddenValue::I64(_) => ValType::I64,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct HiddenGlobal {
    pub purpose: HiddenPurpose,
    pub initial: HiddenValue,
}

/// The hidden globals of a module, in the order in which they follow the module's own globals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct HiddenGlobals {
    globals: Vec<HiddenGlobal>,
}

impl HiddenGlobals {
    /// Adds a global behind all others. Each purpose has one global.
    pub fn add(&mut self, purpose: HiddenPurpose, initial: HiddenValue) {
        debug_assert!(self.iter().all(|global| global.purpose != purpose));
        self.globals.push(HiddenGlobal { purpose, initial });
    }

    pub fn iter(&self) -> impl Iterator<Item = HiddenGlobal> + '_ {
        self.globals.iter().copied()
    }
}

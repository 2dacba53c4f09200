//! Finds lines of the source in the DWARF that clang, rustc and TinyGo put into custom sections of a module
//! (`.debug_line`, `.debug_info`, …). Its addresses count from the contents of the code section.

use addr2line::Context;

use crate::wasm::Module;
use crate::wasm::dwarf::{DwarfBytes as Bytes, dwarf};

/// The DWARF of a module.
pub struct Source<'a> {
    context: Context<Bytes<'a>>,
    code_offset: u64,
}

/// A place in the source.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// As the compiler states it; may be relative to an unknown folder.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1; 0 if it is unknown.
    pub column: u32,
}

impl<'a> Source<'a> {
    /// Reads the DWARF of `module`. `None` if it has none, or none that can be read.
    pub fn new(module: &Module<'a>) -> Option<Self> {
        let dwarf = dwarf(module)?.ok()?;
        let context = Context::from_dwarf(dwarf).ok()?;
        Some(Source {
            context,
            code_offset: module.code_offset,
        })
    }

    /// Returns the place in the source of the instruction at `offset` of the file.
    pub fn location(&self, offset: u32) -> Option<Location> {
        let address = u64::from(offset).checked_sub(self.code_offset)?;
        let found = self.context.find_location(address).ok()??;
        Some(Location {
            file: found.file.filter(|file| !file.is_empty())?.to_owned(),
            line: found.line?,
            column: found.column.unwrap_or(0),
        })
    }
}

//! The frontend: bytes in, a validated [`Module`] of plain data out.

pub mod index;
pub mod module;

pub use index::{DataIndex, ElemIndex, FuncIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex};
pub use module::*;

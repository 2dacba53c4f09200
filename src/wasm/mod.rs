//! The frontend: bytes in, a validated [`Module`] of plain data out.
//!
//! [`parse()`] is the way in. `wasmparser` does the reading and validating; what is ours is the feature
//! set ([`features`]), the plain data ([`module`], one type per index space in [`index`]), errors
//! that name function and proposal ([`error`]), and what WAMR wants to know besides.

mod aux_stack;
mod convert;
pub mod error;
pub mod features;
pub mod index;
pub mod module;
mod names;
mod parse;
#[cfg(test)]
mod tests;
pub mod usage;

pub use error::Error;
pub use index::{DataIndex, ElemIndex, FuncIndex, GlobalIndex, TableIndex, TypeIndex};
pub use module::*;
pub use parse::parse;
pub use usage::Usage;

//! The frontend: reads bytes and returns a validated [`Module`] of plain data.
//!
//! [`parse()`] is the way in. `wasmparser` reads and validates. Our parts are the feature set ([`features`]),
//! the plain data ([`module`], one type per index space in [`index`]), errors that name function and proposal
//! ([`error`]), and facts that WAMR needs besides.

mod aux_stack;
pub mod branch_hints;
mod branches;
mod constant;
mod convert;
pub mod dwarf;
pub mod error;
pub mod facts;
pub mod features;
pub mod index;
pub mod module;
mod names;
mod parse;
mod spectest;
mod startup;
pub mod tags;
#[cfg(test)]
mod tests;
pub mod throws;
mod weight;

pub use branches::branch_counters;
pub use error::Error;
pub use facts::{FunctionFacts, Usage};
pub use index::{
    DataIndex, ElemIndex, FuncIndex, GlobalIndex, MemoryIndex, TableIndex, TagIndex, TypeIndex,
};
pub use module::*;
pub use parse::parse;
pub use startup::{StartFault, start_fault};
pub use weight::Weight;

//! What compiled code and the runtime agree on: offsets into the runtime's structures, its helper
//! functions and their signatures, exception ids. Every fact stands here once, for both pointer
//! widths; sources are the WAMR 2.4.3 headers named at each table.

pub mod exception;
pub mod helper;
pub mod layout;
pub mod library;
pub mod runtime_symbols;
pub mod symbols;

pub use exception::Exception;
pub use helper::{Helper, HelperType};
pub use layout::InstanceLayout;

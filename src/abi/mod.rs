//! The interface of compiled code and the runtime: offsets into the runtime's structures, helper functions
//! with their signatures, exception ids. Every fact stands here once, for both pointer widths. Each table
//! names its source, a header of WAMR 2.4.3.

pub mod debug_values;
pub mod exception;
pub mod helper;
pub mod hidden;
pub mod imports;
pub mod layout;
pub mod library;
pub mod memories;
pub mod natives;
pub mod runtime_symbols;
pub mod symbols;

pub use exception::Exception;
pub use helper::{Helper, HelperType};
pub use hidden::{HiddenGlobals, HiddenPurpose, HiddenValue, NativeAnswer};
pub use layout::InstanceLayout;
pub use memories::MemoryLayout;

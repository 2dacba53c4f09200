//! The errors of the frontend, for a file that is rejected.
//!
//! Each variant prints one sentence, and a caller can match on it. Text from the file (function names) is
//! escaped and shortened before it is printed.

use std::fmt;

use super::index::FuncIndex;
use crate::options::Proposal;

/// The reason why a file is rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file does not start with `\0asm`.
    #[error("not a WebAssembly module: {found}, where `\\0asm` was expected at offset 0x0")]
    Magic { found: String },

    /// The file starts with the magic number and ends before the end of the version.
    #[error("the file ends at offset {end:#x}, inside the header of the module")]
    TruncatedHeader { end: usize },

    /// An unknown version of the binary format.
    #[error("version {found:#x} of the binary format at offset 0x4, where 0x1 was expected")]
    Version { found: u32 },

    /// A WebAssembly component instead of a core module.
    #[error(
        "the file is a WebAssembly component, where a core module was expected (version at \
         offset 0x4)"
    )]
    Component,

    /// The module uses a proposal that is not enabled or not supported.
    #[error("{at}: the module needs the {proposal} proposal, {remedy}")]
    Proposal {
        /// The proposal's name, as WebAssembly's standards group spells it.
        proposal: String,
        remedy: Remedy,
        at: Location,
    },

    /// The module is malformed or does not validate.
    #[error("{at}: {message}")]
    Invalid { message: String, at: Location },
}

/// The user's remedy for a proposal that is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// The options can turn it on.
    Enable(Proposal),
    /// The options have turned it off.
    KeepEnabled(Proposal),
    /// Nothing: the proposal is not supported.
    None,
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remedy::Enable(_) | Remedy::KeepEnabled(_) => {
                f.write_str("which the options leave off")
            }
            Remedy::None => f.write_str("which Wasmelt does not support"),
        }
    }
}

/// The place of an error in the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Location {
    /// Bytes from the start of the file.
    pub offset: u64,
    /// The function whose body contains the offset.
    pub function: Option<FunctionLocation>,
}

/// A function in an error message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionLocation {
    pub index: FuncIndex,
    /// From the name section, if the file has one.
    pub name: Option<String>,
}

/// Longer names (C++ and Rust make such names) are shortened in messages, and only there.
const SHOWN_NAME_CHARS: usize = 120;

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at offset {:#x}", self.offset)?;
        if let Some(function) = &self.function {
            write!(f, " in {function}")?;
        }
        Ok(())
    }
}

impl fmt::Display for FunctionLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "function {}", self.index.as_u32())?;
        if let Some(name) = &self.name {
            f.write_str(" (")?;
            for c in name.chars().take(SHOWN_NAME_CHARS) {
                write!(f, "{}", c.escape_debug())?;
            }
            if name.chars().nth(SHOWN_NAME_CHARS).is_some() {
                f.write_str("…")?;
            }
            f.write_str(")")?;
        }
        Ok(())
    }
}

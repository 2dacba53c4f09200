//! What can go wrong between a test and the runtime.

use thiserror::Error;

use crate::value::{FuncType, ValType};

/// The runtime puts this before the text of every exception it stores.
const EXCEPTION_PREFIX: &str = "Exception: ";

/// The end of a call by an exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trap {
    /// WAMR's text, without `Exception: ` before it.
    pub message: String,
    /// The status a WASI program ended with, if it was `proc_exit` that ended the call.
    pub exit_code: Option<u32>,
}

impl Trap {
    /// The exception with which the runtime reports that a program has called `proc_exit`.
    pub const PROC_EXIT: &str = "wasi proc exit";

    /// The text as `iwasm` prints it.
    #[must_use]
    pub fn exception(&self) -> String {
        format!("{EXCEPTION_PREFIX}{}", self.message)
    }
}

impl std::fmt::Display for Trap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    #[error("the WAMR runtime could not be initialised: {0}")]
    Runtime(&'static str),
    /// The runtime refuses the file. The text is the runtime's.
    #[error("{0}")]
    Load(String),
    #[error(
        "incompatible import type: the module imports {module}.{name} as {expected}, \
         but it is provided as {provided}"
    )]
    IncompatibleImport {
        module: String,
        name: String,
        expected: String,
        provided: String,
    },
    /// The runtime cannot make an instance of the module.
    #[error("{0}")]
    Instantiate(String),
    /// A start function, or a constructor, ended with an exception; so did filling a segment.
    #[error("{0}")]
    InstantiationTrap(Trap),
    #[error("{0}")]
    Trap(Trap),
    #[error("no exported {kind} is called `{name}`")]
    NoSuchExport { kind: &'static str, name: String },
    #[error("`{name}` takes {expected} and returns its results, but was called with ({given})")]
    Arguments {
        name: String,
        expected: FuncType,
        given: String,
    },
    #[error("`{name}` is an import of the module; the runtime cannot call it from outside")]
    ImportedFunction { name: String },
    #[error("the global `{name}` is immutable")]
    ImmutableGlobal { name: String },
    #[error("the global `{name}` holds a value of type {expected}, not {given}")]
    GlobalType {
        name: String,
        expected: ValType,
        given: ValType,
    },
    #[error("{length} bytes at {offset} are not within the memory of {size} bytes")]
    MemoryBounds { offset: u64, length: u64, size: u64 },
    #[error("element {index} is not within the table of {size} elements")]
    TableBounds { index: u32, size: u32 },
    #[error("{what} contains a zero byte")]
    ZeroByte { what: &'static str },
    #[error("cannot prepare {what}: {message}")]
    System { what: &'static str, message: String },
}

impl Error {
    /// The trap, if that is what ended a call or an instantiation.
    #[must_use]
    pub fn trap(&self) -> Option<&Trap> {
        match self {
            Self::Trap(trap) | Self::InstantiationTrap(trap) => Some(trap),
            _ => None,
        }
    }
}

/// Takes the runtime's prefix off an exception's text.
pub(crate) fn strip_exception(text: &str) -> &str {
    text.strip_prefix(EXCEPTION_PREFIX).unwrap_or(text)
}

/// Sorts the runtime's one message about a failed instantiation into its two causes.
pub(crate) fn instantiation_error(text: &str) -> Error {
    const FAILED: &str = "AOT module instantiate failed: ";
    /// Active segments that do not fit are reported like other failures, but are traps.
    const SEGMENT_TRAPS: [&str; 2] = ["out of bounds memory access", "out of bounds table access"];

    let cause = text.strip_prefix(FAILED).unwrap_or(text);
    let exception = cause
        .strip_prefix(EXCEPTION_PREFIX)
        .or_else(|| SEGMENT_TRAPS.contains(&cause).then_some(cause));
    match exception {
        Some(message) => Error::InstantiationTrap(Trap {
            message: message.to_owned(),
            exit_code: None,
        }),
        None => Error::Instantiate(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instantiation_failures_are_told_from_traps() {
        let trap = instantiation_error("AOT module instantiate failed: Exception: unreachable");
        assert_eq!(
            trap.trap().map(|trap| trap.message.as_str()),
            Some("unreachable")
        );
        let segment =
            instantiation_error("AOT module instantiate failed: out of bounds memory access");
        assert_eq!(
            segment.trap().map(Trap::exception).as_deref(),
            Some("Exception: out of bounds memory access")
        );
        let refused = "AOT module instantiate failed: allocate memory failed";
        assert_eq!(
            instantiation_error(refused),
            Error::Instantiate(refused.to_owned())
        );
    }
}

//! The errors of the linker.

use std::fmt;

use thiserror::Error;

use crate::targets::Arch;

/// The reason why the partitions could not be linked into one text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LinkError {
    #[error("cannot link code for {arch:?}")]
    UnsupportedArchitecture { arch: Arch },

    #[error("object of partition {partition} is malformed: {reason}")]
    Object { partition: usize, reason: String },

    #[error(
        "section {section} of partition {partition} is writable ({size} bytes): \
         compiled code may hold no data of its own"
    )]
    WritableData {
        partition: usize,
        section: String,
        size: u64,
    },

    #[error("section {section} of partition {partition} is thread-local ({size} bytes)")]
    ThreadLocal {
        partition: usize,
        section: String,
        size: u64,
    },

    #[error("symbol {symbol} is defined in partition {first} and again in partition {second}")]
    DuplicateSymbol {
        symbol: String,
        first: usize,
        second: usize,
    },

    #[error("no partition defines function {index}")]
    MissingFunction { index: usize },

    #[error(
        "partition {partition} defines {symbol}, but the module has {function_count} functions of \
         its own"
    )]
    UnexpectedFunction {
        partition: usize,
        symbol: String,
        function_count: usize,
    },

    #[error("the objects do not tell the stack frame size of function {index}")]
    MissingStackSize { index: usize },

    #[error("{place} refers to {symbol}, which neither the module nor the runtime defines")]
    UnknownSymbol { symbol: String, place: Place },

    #[error(
        "{place} refers to the absolute address of {symbol} (relocation type {kind}): the text \
         must not depend on where it is loaded"
    )]
    AbsoluteReference {
        symbol: String,
        kind: u32,
        place: Place,
    },

    #[error("{place} refers to {symbol} by relocation type {kind}, which {reason}")]
    UnsupportedRelocation {
        symbol: String,
        kind: u32,
        reason: &'static str,
        place: Place,
    },

    #[error("{place} cannot reach {symbol} (relocation type {kind}, distance {distance})")]
    OutOfReach {
        symbol: String,
        kind: u32,
        distance: i64,
        place: Place,
    },

    #[error("the linked text would have {size} bytes, more than an AOT file can hold")]
    TooLarge { size: u64 },

    #[error("cannot write the text as an object: {reason}")]
    ObjectNotWritten { reason: String },
}

/// The place of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub partition: usize,
    /// The function that contains it, if it is in code.
    pub function: Option<String>,
    pub section: String,
    /// Bytes from the start of the section.
    pub offset: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(function) = &self.function {
            write!(f, "function {function} (")?;
        }
        write!(
            f,
            "section {}+{:#x} of partition {}",
            self.section, self.offset, self.partition
        )?;
        if self.function.is_some() {
            f.write_str(")")?;
        }
        Ok(())
    }
}

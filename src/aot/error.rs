//! The errors of an AOT file: in reading it, in writing it, in making it from a module.

use std::borrow::Cow;
use std::fmt;

/// A part of an AOT file, for error messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Header,
    SectionHeader,
    TargetInfo,
    InitData,
    Text,
    Function,
    Export,
    Relocation,
    Custom,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Header => "file header",
            Part::SectionHeader => "section header",
            Part::TargetInfo => "target info section",
            Part::InitData => "init data section",
            Part::Text => "text section",
            Part::Function => "function section",
            Part::Export => "export section",
            Part::Relocation => "relocation section",
            Part::Custom => "custom section",
        })
    }
}

/// The bytes are not an AOT file of a supported version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{part} at byte {offset}: expected {expected}, found {found}")]
pub struct ReadError {
    /// The offset in the file, in bytes.
    pub offset: usize,
    pub part: Part,
    pub expected: Cow<'static, str>,
    pub found: Cow<'static, str>,
}

/// The format has no room for a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    #[error(
        "{what} of {length} bytes does not fit into an AOT file: strings there end at {limit} bytes"
    )]
    StringTooLong {
        what: &'static str,
        length: usize,
        limit: usize,
    },
    #[error("{what} ({value}) does not fit into an AOT file: the most it can say is {limit}")]
    OutOfRange {
        what: &'static str,
        value: i128,
        limit: u64,
    },
}

/// The module cannot become an AOT file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssembleError {
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error("the text has {found} function offsets for {expected} functions")]
    FunctionCount { expected: usize, found: usize },
    #[error("{what} starts with {found} instead of null references, where {expected} are possible")]
    TableInitializer {
        what: String,
        found: String,
        expected: String,
    },
    #[error(
        "the constant expression of {what} nests {depth} operators: more than {limit} are not safe in the runtime's loader"
    )]
    ConstExprTooDeep {
        what: String,
        depth: usize,
        limit: usize,
    },
    #[error(
        "the constant expression of {what} depends on global {global}, which the runtime's loader cannot evaluate"
    )]
    ConstExprOfGlobal { what: String, global: u32 },
    #[error("the constant expression of {what} is malformed")]
    MalformedConstExpr { what: String },
}

//! The errors of target resolution, one sentence each.

use std::fmt;

use crate::llvm::MachineError;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("unknown target `{target}`{hint}")]
    UnknownTarget { target: String, hint: Hint },

    #[error("no code can be generated for target `{target}`: {reason}")]
    UnsupportedTarget {
        target: String,
        reason: &'static str,
    },

    #[error(
        "target triple `{triple}`: {part} `{found}` is not supported, where one of {supported} \
         was expected{}",
        because(*.reason)
    )]
    UnsupportedTriple {
        triple: String,
        /// The name of the part of the triple.
        part: &'static str,
        found: String,
        supported: String,
        reason: Option<&'static str>,
    },

    #[error("`{triple}` is not a target triple: `{part}` is no system, ABI or file format")]
    MalformedTriple { triple: String, part: String },

    #[error("unknown target ABI `{abi}`; target {target} supports: {supported}{}", because(*.reason))]
    UnknownAbi {
        abi: String,
        target: String,
        supported: String,
        reason: Option<&'static str>,
    },

    #[error("target ABI `{abi}` contradicts `{other}` in the target triple")]
    ContradictoryAbi {
        abi: &'static str,
        other: &'static str,
    },

    #[error(
        "target ABI `{abi}` passes floats in registers that `{processor}` does not have; \
         `{alternative}` does not"
    )]
    NoFloatRegisters {
        abi: &'static str,
        /// A CPU, or a target whose name lists its features.
        processor: String,
        /// An ABI that passes floats in other registers.
        alternative: &'static str,
    },

    #[error("unknown CPU `{cpu}` for target {target}{hint}")]
    UnknownCpu {
        cpu: String,
        target: String,
        hint: Hint,
    },

    #[error("CPU `native` is that of this machine, whose target is {host}, not {target}")]
    NotNative { host: String, target: String },

    #[error("unknown CPU feature `{feature}` for target {target}{hint}")]
    UnknownFeature {
        feature: String,
        target: String,
        hint: Hint,
    },

    #[error("CPU feature `{item}` must start with + or - to be turned on or off")]
    FeatureWithoutSign { item: String },

    #[error(
        "CPU feature `{feature}` cannot be changed: WAMR's native ABI on {target} depends on it"
    )]
    FixedFeature { feature: String, target: String },

    #[error(transparent)]
    Llvm(#[from] MachineError),
}

/// A suggestion for a name that does not exist. It is printed behind the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    Nothing,
    /// A similar name.
    Nearest(String),
    /// The name is a CPU of the targets with this prefix.
    CpuOf(String),
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Hint::Nothing => Ok(()),
            Hint::Nearest(name) => write!(f, " (did you mean `{name}`?)"),
            Hint::CpuOf(target) => write!(f, " (it is a CPU of {target} targets)"),
        }
    }
}

fn because(reason: Option<&str>) -> String {
    reason.map_or_else(String::new, |reason| format!("; {reason}"))
}

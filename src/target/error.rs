//! What is wrong with a target that was asked for, one sentence each.

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("unknown target `{target}`; --target=help lists them")]
    UnknownTarget { target: String },

    #[error(
        "no code can be generated for target `{target}`: LLVM has no code generator for it; \
         --target=help lists those it has one for"
    )]
    UnsupportedTarget { target: String },

    #[error(
        "target triple `{triple}`: {part} `{found}` is not supported, where one of {supported} \
         was expected"
    )]
    UnsupportedTriple {
        triple: String,
        /// Which part of the triple it is.
        part: &'static str,
        found: String,
        supported: String,
    },

    #[error("`{triple}` is not a target triple: {reason}")]
    MalformedTriple { triple: String, reason: String },

    #[error("unknown target ABI `{abi}`; target {target} supports: {supported}")]
    UnknownAbi {
        abi: String,
        target: String,
        supported: String,
    },

    #[error("target ABI `{abi}` contradicts `{other}` in the target triple")]
    ContradictoryAbi {
        abi: &'static str,
        other: &'static str,
    },

    #[error("unknown CPU `{cpu}` for target {target}; --target={target} --cpu=help lists them")]
    UnknownCpu { cpu: String, target: String },

    #[error(
        "unknown CPU feature `{feature}` for target {target}; --target={target} \
         --cpu-features=+help lists them"
    )]
    UnknownFeature { feature: String, target: String },

    #[error("CPU feature `{item}` must start with + or - to be turned on or off")]
    FeatureWithoutSign { item: String },

    #[error(
        "CPU feature `{feature}` cannot be changed: WAMR's native ABI on {target} depends on it"
    )]
    FixedFeature { feature: String, target: String },

    #[error("LLVM cannot generate code for {triple}: {reason}")]
    Llvm { triple: String, reason: String },
}

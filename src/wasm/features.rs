//! Decides which proposals a module may use, and names the proposal that a rejected module needs.
//!
//! [`Features`] come in; the validator's feature set goes out. The validator tags only some of its errors
//! with the missing feature, so [`missing_proposal`] finds the others by trial.

use wasmparser::WasmFeatures;

use super::error::Remedy;
use crate::options::{self, Features};

/// How a proposal relates to [`Features`].
enum Switch {
    /// Off unless the options turn it on.
    Enable(options::Proposal),
    /// On unless the options turn it off.
    Disable(options::Proposal),
    /// On for every module; no option changes it.
    Always,
    Unsupported,
}

struct Proposal {
    name: &'static str,
    flags: WasmFeatures,
    switch: Switch,
}

const fn proposal(name: &'static str, flags: WasmFeatures, switch: Switch) -> Proposal {
    Proposal {
        name,
        flags,
        switch,
    }
}

/// All proposals, in the order in which the trial widens the feature set. Proposals that an option can turn
/// on come first.
const PROPOSALS: &[Proposal] = &[
    proposal(
        "mutable-global",
        WasmFeatures::MUTABLE_GLOBAL,
        Switch::Always,
    ),
    proposal(
        "sign-extension",
        WasmFeatures::SIGN_EXTENSION,
        Switch::Always,
    ),
    proposal(
        "saturating-float-to-int",
        WasmFeatures::SATURATING_FLOAT_TO_INT,
        Switch::Always,
    ),
    proposal("multi-value", WasmFeatures::MULTI_VALUE, Switch::Always),
    proposal(
        "bulk-memory",
        WasmFeatures::BULK_MEMORY,
        Switch::Disable(options::Proposal::BulkMemory),
    ),
    proposal(
        "reference-types",
        WasmFeatures::REFERENCE_TYPES,
        Switch::Disable(options::Proposal::ReferenceTypes),
    ),
    // Parts of the two before.
    proposal(
        "bulk-memory-opt",
        WasmFeatures::BULK_MEMORY_OPT,
        Switch::Enable(options::Proposal::BulkMemoryOpt),
    ),
    proposal(
        "call-indirect-overlong",
        WasmFeatures::CALL_INDIRECT_OVERLONG,
        Switch::Enable(options::Proposal::CallIndirectOverlong),
    ),
    proposal(
        "SIMD",
        WasmFeatures::SIMD,
        Switch::Disable(options::Proposal::Simd),
    ),
    proposal(
        "tail-call",
        WasmFeatures::TAIL_CALL,
        Switch::Disable(options::Proposal::TailCall),
    ),
    proposal(
        "extended-const",
        WasmFeatures::EXTENDED_CONST,
        Switch::Disable(options::Proposal::ExtendedConst),
    ),
    proposal(
        "threads",
        WasmFeatures::THREADS,
        Switch::Enable(options::Proposal::Threads),
    ),
    proposal(
        "relaxed-SIMD",
        WasmFeatures::RELAXED_SIMD,
        Switch::Disable(options::Proposal::RelaxedSimd),
    ),
    proposal(
        "multi-memory",
        WasmFeatures::MULTI_MEMORY,
        Switch::Disable(options::Proposal::MultiMemory),
    ),
    proposal(
        "memory64",
        WasmFeatures::MEMORY64,
        Switch::Disable(options::Proposal::Memory64),
    ),
    proposal(
        "exception-handling",
        WasmFeatures::EXCEPTIONS,
        Switch::Disable(options::Proposal::Exceptions),
    ),
    proposal(
        "legacy exception-handling",
        WasmFeatures::LEGACY_EXCEPTIONS,
        Switch::Disable(options::Proposal::LegacyExceptions),
    ),
    proposal(
        "typed function references",
        WasmFeatures::FUNCTION_REFERENCES,
        Switch::Disable(options::Proposal::FunctionReferences),
    ),
    proposal("garbage collection", WasmFeatures::GC, Switch::Unsupported),
    proposal(
        "wide-arithmetic",
        WasmFeatures::WIDE_ARITHMETIC,
        Switch::Disable(options::Proposal::WideArithmetic),
    ),
    proposal(
        "custom-page-sizes",
        WasmFeatures::CUSTOM_PAGE_SIZES,
        Switch::Disable(options::Proposal::CustomPageSizes),
    ),
    proposal(
        "memory-control",
        WasmFeatures::MEMORY_CONTROL,
        Switch::Unsupported,
    ),
    proposal(
        "compact-import-section",
        WasmFeatures::COMPACT_IMPORTS,
        Switch::Unsupported,
    ),
    proposal(
        "stack-switching",
        WasmFeatures::STACK_SWITCHING,
        Switch::Unsupported,
    ),
    proposal(
        "shared-everything-threads",
        WasmFeatures::SHARED_EVERYTHING_THREADS,
        Switch::Unsupported,
    ),
    proposal(
        "custom-descriptors",
        WasmFeatures::CUSTOM_DESCRIPTORS,
        Switch::Unsupported,
    ),
    proposal(
        "acquire-release-atomics",
        WasmFeatures::ACQUIRE_RELEASE_ATOMICS,
        Switch::Unsupported,
    ),
    proposal(
        "multibyte-array-access",
        WasmFeatures::MULTIBYTE_ARRAY_ACCESS,
        Switch::Unsupported,
    ),
];

/// The proposal that a rejected module needs.
pub(super) struct Missing {
    pub proposal: String,
    pub remedy: Remedy,
}

/// Returns the validator's feature set for `features`. Later readers of the bodies of a [`super::Module`]
/// must decode them with the same set.
pub fn wasm_features(features: &Features) -> WasmFeatures {
    // Floats and `externref` are no proposals, but the validator can switch them off.
    let base = WasmFeatures::FLOATS.union(WasmFeatures::GC_TYPES);
    PROPOSALS
        .iter()
        .filter(|proposal| proposal.enabled(features))
        .fold(base, |set, proposal| set.union(proposal.flags))
}

/// Returns the proposal whose absence causes an error; the validator may have `tagged` the error with it.
/// `validate` reports whether the whole module is valid with a feature set.
///
/// Without a tag, a proposal is the cause only if the whole module is valid with it. An author must not look
/// for an option because of a module that is simply wrong.
pub(super) fn missing_proposal(
    features: &Features,
    tagged: Option<WasmFeatures>,
    validate: impl Fn(WasmFeatures) -> bool,
) -> Option<Missing> {
    let enabled = wasm_features(features);
    let off = || PROPOSALS.iter().filter(|p| !p.enabled(features));
    let all = off().fold(enabled, |set, proposal| set.union(proposal.flags));
    if let Some(flags) = tagged {
        // Both proposals on exceptions have tags, which come before the code that tells them apart.
        let legacy = WasmFeatures::LEGACY_EXCEPTIONS;
        let is_legacy = flags.intersects(WasmFeatures::EXCEPTIONS)
            && validate(all)
            && !validate(all.difference(legacy));
        return Some(Missing::of(if is_legacy { legacy } else { flags }));
    }
    // First, because it settles the ordinary case, a module that is wrong, in one go. A module that is valid
    // already lacks no proposal.
    if !validate(all) || validate(enabled) {
        return None;
    }
    let enough_alone = |p: &&Proposal| validate(enabled.union(p.flags));
    let indispensable = |p: &&Proposal| !validate(all.difference(p.flags.difference(enabled)));
    off()
        .find(enough_alone)
        .or_else(|| off().find(indispensable))
        .map(|proposal| Missing::of(proposal.flags))
}

impl Proposal {
    fn enabled(&self, features: &Features) -> bool {
        match self.switch {
            Switch::Enable(proposal) | Switch::Disable(proposal) => features.has(proposal),
            Switch::Always => true,
            Switch::Unsupported => false,
        }
    }
}

impl Missing {
    fn of(flags: WasmFeatures) -> Missing {
        // `intersects`, because the validator knows parts of some proposals by flags of their own.
        match PROPOSALS.iter().find(|p| p.flags.intersects(flags)) {
            Some(proposal) => Missing {
                proposal: proposal.name.to_owned(),
                remedy: match proposal.switch {
                    Switch::Enable(option) => Remedy::Enable(option),
                    Switch::Disable(option) => Remedy::KeepEnabled(option),
                    Switch::Always | Switch::Unsupported => Remedy::None,
                },
            },
            None => {
                let names: Vec<String> = flags
                    .iter_names()
                    .map(|(name, _)| name.to_lowercase().replace('_', "-"))
                    .collect();
                Missing {
                    proposal: names.join(" and "),
                    remedy: Remedy::None,
                }
            }
        }
    }
}

//! Turns errors of the library into sentences of the command, with the option that helps.

use crate::abi::library;
use crate::in_place::NotInPlace;
use crate::options::Proposal;
use crate::wasm::{self, error::Remedy};
use crate::{Error, Warning, targets};

/// Returns `error` with the advice for a user of the command.
pub(crate) fn sentence(error: &Error) -> String {
    match error {
        Error::Wasm(wasm::Error::Proposal {
            proposal,
            remedy,
            at,
        }) => {
            let needs = format!("{at}: the module needs the {proposal} proposal, which");
            match remedy {
                Remedy::Enable(asked) => format!("{needs} {} turns on", option(*asked)),
                Remedy::KeepEnabled(asked) => format!("{needs} {} turned off", option(*asked)),
                Remedy::None => error.to_string(),
            }
        }
        Error::Memory(error) if error.native_helps => format!(
            "{error}; --memory64=native leaves addresses 64 bits wide, for a runtime that has such memories"
        ),
        Error::Target(error) => target_sentence(error),
        Error::ExtendedConstAtRunTime => {
            format!("{error}; --enable-extended-const says that the runtime is built so")
        }
        Error::NotInPlace(error) => format!("{error}; {}", replacement(error)),
        _ => error.to_string(),
    }
}

/// Returns a warning with the advice for a user of the command.
pub(super) fn warning(warning: &Warning) -> String {
    match warning {
        Warning::IntrinsicsWithoutEffect => {
            "--enable-builtin-intrinsics makes no difference without --disable-llvm-intrinsics"
                .to_owned()
        }
        Warning::DoesNotStart(fault) => fault.to_string(),
        Warning::FeaturesWithoutCallStack => {
            "--call-stack-features makes no difference without --enable-dump-call-stack".to_owned()
        }
        Warning::NotInPlace(finding) => format!("{finding}; {}", replacement(finding)),
        Warning::ProfileMismatch(matches) => format!(
            "the profile fits {} of {} functions; {} have another body than the one that was executed{}",
            matches.matched,
            matches.functions,
            matches.other_bodies,
            match matches.matched {
                0 =>
                    ": it is the profile of another module, or not one of code that --enable-llvm-pgo has made",
                _ => "",
            }
        ),
        Warning::TagNotExported(name) => {
            format!("the tag `{name}` is not exported: the runtime knows no tags")
        }
        Warning::BranchHintsIgnored(reason) => {
            format!("the section `metadata.code.branch_hint` is ignored: {reason}")
        }
        Warning::ExtendedConstAtRunTime => {
            "a constant expression depends on an imported global, so the runtime has to be built with \
             WAMR_BUILD_EXTENDED_CONST_EXPR; --enable-extended-const says that it is"
                .to_owned()
        }
        Warning::DwarfUnreadable(fault) => format!(
            "the DWARF of the module cannot be read ({fault}): the debug information has no variables"
        ),
        Warning::TagNotLinked { module, name } => format!(
            "the imported tag `{module}`.`{name}` is a tag of this module alone: the runtime links \
             no tags, so no other module throws or catches its exceptions"
        ),
    }
}

/// Returns an error about a target with the advice for a user of the command.
pub(super) fn target_sentence(error: &targets::Error) -> String {
    use targets::Error::{UnknownCpu, UnknownFeature, UnknownTarget, UnsupportedTarget};

    match error {
        UnknownTarget { .. } => format!("{error}; --target=help lists them"),
        UnsupportedTarget { .. } => {
            format!("{error}; --target=help lists the targets that there is code for")
        }
        UnknownCpu { target, .. } => {
            format!("{error}; --target={target} --cpu=help lists them")
        }
        UnknownFeature { target, .. } => {
            format!("{error}; --target={target} --cpu-features=+help lists them")
        }
        _ => error.to_string(),
    }
}

/// Returns the option that turns a proposal on, or the option that turns it off if it is on by default.
fn option(proposal: Proposal) -> &'static str {
    match proposal {
        Proposal::BulkMemory => "--disable-bulk-memory",
        Proposal::BulkMemoryOpt => "--enable-bulk-memory-opt",
        Proposal::ReferenceTypes => "--disable-ref-types",
        Proposal::CallIndirectOverlong => "--enable-call-indirect-overlong",
        Proposal::Simd => "--disable-simd",
        Proposal::RelaxedSimd => "--disable-relaxed-simd",
        Proposal::WideArithmetic => "--disable-wide-arithmetic",
        Proposal::FunctionReferences => "--disable-function-references",
        Proposal::TailCall => "--disable-tail-call",
        Proposal::ExtendedConst => "--disable-extended-const",
        Proposal::Threads => "--enable-multi-thread",
        Proposal::Exceptions => "--disable-exception-handling",
        Proposal::LegacyExceptions => "--disable-legacy-exceptions",
        Proposal::Memory64 => "--disable-memory64",
        Proposal::MultiMemory => "--disable-multi-memory",
        Proposal::CustomPageSizes => "--disable-custom-page-sizes",
    }
}

/// Returns the option that removes a reference from the text or allows it.
fn replacement(error: &NotInPlace) -> String {
    let intrinsic = library::intrinsic(&error.symbol);
    if error.allowed {
        return "a runtime that executes it in place may refuse it".to_owned();
    }
    match (error.llvm_intrinsics_disabled, intrinsic) {
        (false, Some(name)) => {
            format!("--disable-llvm-intrinsics --enable-builtin-intrinsics={name} replaces it")
        }
        (false, None) => "--disable-llvm-intrinsics replaces it".to_owned(),
        (true, Some(name)) => format!("--enable-builtin-intrinsics={name} replaces it"),
        (true, None) => "--allow-text-relocations lets it pass".to_owned(),
    }
}

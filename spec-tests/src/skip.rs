//! Why an assertion is not executed: the limits of the runtime, each with its explanation.
//!
//! A skip is decided from what a module imports or from what the runtime did, never from a list of
//! lines. A reason that nothing runs into any more disappears from the report by itself.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    SharedGlobal,
    SharedMemory,
    SharedTable,
    HostMemorySize,
    HostTableSize,
    ForeignReference,
    LateFunctionLinking,
    UncheckedMemoryImport,
    UncheckedTableImport,
    ZeroByteInName,
    MultipleMemories,
    QuietedResult,
}

impl SkipReason {
    pub const ALL: [SkipReason; 12] = [
        SkipReason::SharedGlobal,
        SkipReason::SharedMemory,
        SkipReason::SharedTable,
        SkipReason::HostMemorySize,
        SkipReason::HostTableSize,
        SkipReason::ForeignReference,
        SkipReason::LateFunctionLinking,
        SkipReason::UncheckedMemoryImport,
        SkipReason::UncheckedTableImport,
        SkipReason::ZeroByteInName,
        SkipReason::MultipleMemories,
        SkipReason::QuietedResult,
    ];

    /// The name in the report.
    pub fn name(self) -> &'static str {
        match self {
            SkipReason::SharedGlobal => "shared global",
            SkipReason::SharedMemory => "shared memory",
            SkipReason::SharedTable => "shared table",
            SkipReason::HostMemorySize => "size of the host's memory",
            SkipReason::HostTableSize => "size of the host's table",
            SkipReason::ForeignReference => "foreign function reference",
            SkipReason::LateFunctionLinking => "late function linking",
            SkipReason::UncheckedMemoryImport => "unchecked memory import",
            SkipReason::UncheckedTableImport => "unchecked table import",
            SkipReason::ZeroByteInName => "zero byte in a name",
            SkipReason::MultipleMemories => "multiple memories",
            SkipReason::QuietedResult => "quieted result",
        }
    }

    /// The limit of the runtime, in a sentence or two.
    pub fn explanation(self) -> &'static str {
        match self {
            SkipReason::SharedGlobal => {
                "An instance of an AOT module keeps a copy of each imported global. A mutable \
                 global of one instance cannot be seen by another, so a module importing one is \
                 not run, nor is anything that depends on what it would have written."
            }
            SkipReason::SharedMemory => {
                "The AOT loader gives each instance a linear memory of its own, also where the \
                 module imports one. A module importing the memory of another instance is not \
                 run, nor is anything that depends on what it would have written."
            }
            SkipReason::SharedTable => {
                "The AOT loader gives each instance tables of its own, also where the module \
                 imports them. A module importing the table of another instance is not run, nor \
                 is anything that depends on what it would have written."
            }
            SkipReason::HostMemorySize => {
                "An imported memory is made afresh with the size that the import declares. The \
                 script imports the host's memory (1 to 2 pages) under another minimum and then \
                 relies on the host's size."
            }
            SkipReason::HostTableSize => {
                "An imported table is made afresh with the size that the import declares. The \
                 script imports the host's table (10 to 20 elements) under another minimum and \
                 then relies on the host's size."
            }
            SkipReason::ForeignReference => {
                "A function reference is an index into the functions of the instance that made \
                 it; in another instance the same number is another function."
            }
            SkipReason::LateFunctionLinking => {
                "An imported function that is missing, or has another type, is no error when a \
                 module is loaded or instantiated: the runtime prints a warning, and a call of \
                 the function traps."
            }
            SkipReason::UncheckedMemoryImport => {
                "The AOT loader makes a memory for each import and does not look for one to \
                 import; it cannot find one missing or too small."
            }
            SkipReason::UncheckedTableImport => {
                "The AOT loader makes a table for each import and does not look for one to \
                 import; it cannot find one missing, too small or of another type."
            }
            SkipReason::ZeroByteInName => {
                "In the runtime a name ends with a zero byte. It refuses a module as having a \
                 duplicate export when two names are the same up to there, and an export whose \
                 name contains a zero byte cannot be looked up."
            }
            SkipReason::MultipleMemories => {
                "The runtime cannot be built for AOT modules with more than one memory (a later \
                 proposal, which one of the vector scripts uses). The compiler has to refuse such \
                 a module, and that is checked."
            }
            SkipReason::QuietedResult => {
                "On i386 functions return floats in a register of the x87 unit, and what loads one \
                 there makes a signalling NaN quiet. Skipped is what differs in that bit alone."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_listed_once_and_explained() {
        for (i, reason) in SkipReason::ALL.into_iter().enumerate() {
            assert!(!SkipReason::ALL[..i].contains(&reason));
            assert!(reason.explanation().ends_with('.'));
        }
    }
}

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
    ForeignReference,
    LateFunctionLinking,
    UncheckedMemoryImport,
    UncheckedTableImport,
    ZeroByteInName,
    UncheckedTagImport,
    ForeignException,
    MemorySize,
    LaterTypes,
    ImportedFirstValue,
    QuietedResult,
}

impl SkipReason {
    pub const ALL: [SkipReason; 14] = [
        SkipReason::SharedGlobal,
        SkipReason::SharedMemory,
        SkipReason::SharedTable,
        SkipReason::ForeignReference,
        SkipReason::LateFunctionLinking,
        SkipReason::UncheckedMemoryImport,
        SkipReason::UncheckedTableImport,
        SkipReason::ZeroByteInName,
        SkipReason::UncheckedTagImport,
        SkipReason::ForeignException,
        SkipReason::MemorySize,
        SkipReason::LaterTypes,
        SkipReason::ImportedFirstValue,
        SkipReason::QuietedResult,
    ];

    /// The name in the report.
    pub fn name(self) -> &'static str {
        match self {
            SkipReason::SharedGlobal => "shared global",
            SkipReason::SharedMemory => "shared memory",
            SkipReason::SharedTable => "shared table",
            SkipReason::ForeignReference => "foreign function reference",
            SkipReason::LateFunctionLinking => "late function linking",
            SkipReason::UncheckedMemoryImport => "unchecked memory import",
            SkipReason::UncheckedTableImport => "unchecked table import",
            SkipReason::ZeroByteInName => "zero byte in a name",
            SkipReason::UncheckedTagImport => "unchecked tag import",
            SkipReason::ForeignException => "foreign exception",
            SkipReason::MemorySize => "size of a memory",
            SkipReason::LaterTypes => "types of later proposals",
            SkipReason::ImportedFirstValue => "imported first value of a table",
            SkipReason::QuietedResult => "quieted result",
        }
    }

    /// The limit of the runtime, in a sentence or two.
    pub fn explanation(self) -> &'static str {
        match self {
            SkipReason::SharedGlobal => {
                "An instance of an AOT module keeps a copy of each imported global. Another \
                 instance cannot see changes of a mutable global. A module that imports one is \
                 not run, and neither is anything that depends on its writes."
            }
            SkipReason::SharedMemory => {
                "The AOT loader gives each instance its own linear memory, even if the module \
                 imports one. A module that imports the memory of another instance is not run, \
                 and neither is anything that depends on its writes."
            }
            SkipReason::SharedTable => {
                "The AOT loader gives each instance its own tables, even if the module imports \
                 them. A module that imports the table of another instance is not run, and \
                 neither is anything that depends on its writes."
            }
            SkipReason::ForeignReference => {
                "A function reference is an index into the functions of the instance that made \
                 the reference. In another instance the same index means another function."
            }
            SkipReason::LateFunctionLinking => {
                "A module loads and instantiates even if an imported function is missing or has \
                 another type. The runtime prints a warning, and a call of the function traps."
            }
            SkipReason::UncheckedMemoryImport => {
                "The AOT loader makes a memory for each import and looks for no memory to \
                 import. So the loader cannot notice that the memory is missing or too small."
            }
            SkipReason::UncheckedTableImport => {
                "The AOT loader makes a table for each import and looks for no table to import. \
                 So the loader cannot notice that the table is missing, too small or of another \
                 type."
            }
            SkipReason::ZeroByteInName => {
                "In the runtime a name ends with a zero byte. If two names are equal up to this \
                 byte, the runtime refuses the module because of a duplicate export. The host \
                 cannot look up an export whose name contains a zero byte."
            }
            SkipReason::UncheckedTagImport => {
                "An AOT file has no tags. The compiler makes an imported tag a tag of the module, \
                 so the loader cannot notice that the tag is missing or of another type."
            }
            SkipReason::ForeignException => {
                "The runtime has no exceptions of WebAssembly. An exception that leaves an \
                 instance becomes a trap, so another instance cannot catch it."
            }
            SkipReason::LaterTypes => {
                "The module has recursive types or subtypes, which belong to garbage collection. \
                 The compiler has to refuse such a module, and the test checks this."
            }
            SkipReason::ImportedFirstValue => {
                "A table starts with the value of an imported global. An AOT file says the first \
                 elements of a table by a segment, and a segment cannot name a global. The compiler \
                 has to refuse such a module, and the test checks this."
            }
            SkipReason::MemorySize => {
                "A memory of the runtime has at most 4 GiB, and another than the first at most \
                 about 3 GiB. The compiler refuses a module with a larger one, and says why."
            }
            SkipReason::QuietedResult => {
                "On i386 functions return floats in a register of the x87 unit. Loading a \
                 signalling NaN into this register quiets the NaN. Assertions that differ only \
                 in that bit are skipped."
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

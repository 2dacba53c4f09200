//! The results of a compilation, and its statistics.

use std::time::Duration;

use crate::in_place::NotInPlace;
use crate::plan::Matches;
use crate::wasm::StartFault;
use crate::wasm::dwarf::DwarfError;

/// The result of a compilation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// The contents of the output file, in the format [`crate::Options::format`].
    pub bytes: Vec<u8>,
    pub stats: Stats,
    /// Facts that the caller should know although they are no errors.
    pub warnings: Vec<Warning>,
    /// An ELF file with debug information for debuggers, if [`crate::Options::debug_info`] is set.
    pub debug_info: Option<Vec<u8>>,
    /// The stack of each defined function, in function order. Empty unless [`crate::Options::stack_usage`] is
    /// set and the format holds code.
    pub stack_usage: Vec<StackUsage>,
}

/// A fact that the caller of [`crate::compile`] should know although it is no error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// [`crate::options::RuntimeOptions::builtin_intrinsics`] has no effect without
    /// [`crate::options::RuntimeOptions::disable_llvm_intrinsics`].
    IntrinsicsWithoutEffect,
    /// [`crate::options::DiagnosticsOptions::call_stack_features`] has no effect without
    /// [`crate::options::DiagnosticsOptions::call_stack`].
    FeaturesWithoutCallStack,
    /// The text contains relocations, which the options allow.
    NotInPlace(NotInPlace),
    /// The runtime cannot start the module as the WASI program that it seems to be.
    DoesNotStart(StartFault),
    /// The profile does not fit all functions of the module: their code has changed, or was not in the module that
    /// has been executed. The others are compiled as without a profile.
    ProfileMismatch(Matches),
    /// The file does not have the export of this name, because it is a tag: the runtime knows no tags.
    TagNotExported(String),
    /// The imported tag `name` of `module` is a tag of this module alone: the runtime links no tags. No other
    /// module throws or catches its exceptions.
    TagNotLinked { module: String, name: String },
    /// The section with hints for branches is ignored, for this reason.
    BranchHintsIgnored(String),
    /// A constant expression depends on an imported global. A runtime built without extended constant expressions
    /// refuses the file.
    ExtendedConstAtRunTime,
    /// The debug information has no variables and no types of the source, because the DWARF of the module cannot be
    /// read.
    DwarfUnreadable(DwarfError),
}

/// The stack that a function uses for its own frame, without its callees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackUsage {
    /// The name that the function has in object files.
    pub symbol: String,
    /// Size of the frame in bytes. 0 also for a function that is inlined at every call.
    pub bytes: u32,
}

/// The part of a compilation that is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of function bodies that are compiled. Code for execution in place is compiled in two rounds,
    /// or three, and each round counts.
    pub done: usize,
    /// The bytes at the end. One round more than expected may exceed them.
    pub all: usize,
}

/// Statistics of a compilation. All times are wall-clock times.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    /// Defined functions of the module.
    pub functions: usize,
    /// One entry per partition, in function order. Threads take the largest partition first.
    pub partitions: Vec<PartitionStats>,
    /// The time when no thread worked on a partition: parsing, linking and laying out the file. More threads
    /// do not shorten it.
    pub rest: Duration,
}

/// Statistics of one partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PartitionStats {
    pub functions: usize,
    /// Bytes of the functions' bodies.
    pub bytes: usize,
    /// Time that its thread took to emit and optimise the partition and to generate its code.
    pub time: Duration,
}

impl Stats {
    /// Logs the statistics of a compilation that took `time` after parsing.
    pub(crate) fn log(&self, time: Duration) {
        for (number, partition) in self.partitions.iter().enumerate() {
            let PartitionStats {
                functions,
                bytes,
                time,
            } = partition;
            log::debug!("partition {number}: {functions} functions, {bytes} bytes, {time:.1?}");
        }
        log::debug!("outside of the partitions: {:.1?}", self.rest);
        log::info!(
            "compiled {} functions in {} partitions in {time:.1?}",
            self.functions,
            self.partitions.len(),
        );
    }
}

//! What a compilation gives, and what it was like.

use std::time::Duration;

use crate::in_place::NotInPlace;

/// What a compilation gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// The contents of the output file, in the format that [`crate::Options::format`] says.
    pub bytes: Vec<u8>,
    pub stats: Stats,
    /// What the caller should know although it is no error.
    pub warnings: Vec<Warning>,
    /// The stack that each defined function takes, in their order, if [`crate::Options::stack_usage`] asks for
    /// it and the format holds code.
    pub stack_usage: Vec<StackUsage>,
}

/// What the caller of [`crate::compile`] should know although it is no error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// [`crate::options::RuntimeOptions::builtin_intrinsics`] has no effect without
    /// [`crate::options::RuntimeOptions::disable_llvm_intrinsics`].
    IntrinsicsWithoutEffect,
    /// The text is not free of relocations, which the options allow.
    NotInPlace(NotInPlace),
}

/// The stack that a function takes for itself, without what it calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackUsage {
    /// The name that the function has in object files.
    pub symbol: String,
    /// Size of its frame in bytes: 0 also for a function that is inlined wherever it is called.
    pub bytes: u32,
}

/// What the compilation was like. All times are on the wall.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    /// Defined functions of the module.
    pub functions: usize,
    /// Units compiled independently of each other, in the order of their functions. Threads take
    /// them by their size, the largest first.
    pub partitions: Vec<PartitionStats>,
    /// The time when no partition was worked on: for parsing, linking and laying out the file. More
    /// threads do not make it shorter.
    pub rest: Duration,
}

/// What compiling one partition was like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PartitionStats {
    pub functions: usize,
    /// Bytes of the functions' bodies.
    pub bytes: usize,
    /// What its thread took to emit it, to optimise it and to generate its code.
    pub time: Duration,
}

impl Stats {
    /// Reports a compilation that took `time` after parsing.
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

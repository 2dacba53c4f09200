//! Wasmelt compiles WebAssembly modules ahead of time into `.aot` files for the WAMR runtime.
//!
//! [`compile`] is the way in; everything that the `wasmelt` command does, a program can do with it.

pub mod abi;
pub mod aot;
pub mod cli;
pub mod codegen;
pub mod emit;
mod error;
mod in_place;
pub mod link;
pub mod options;
pub mod partition;
pub mod passes;
pub mod pipeline;
pub mod requirements;
pub mod target;
pub mod wasm;

use std::time::{Duration, Instant};

pub use error::Error;
pub use in_place::NotInPlace;
pub use options::Options;

/// What a compilation gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// The contents of the output file, in the format that [`Options::format`] says.
    pub bytes: Vec<u8>,
    pub stats: Stats,
    /// The stack that each defined function takes, in their order, if [`Options::stack_usage`] asks for
    /// it and the format holds code.
    pub stack_usage: Vec<StackUsage>,
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

/// Stack of a worker thread, in bytes. LLVM's passes recurse over the code, and the code is
/// somebody else's.
const WORKER_STACK: usize = 64 << 20;

/// More threads than this have nothing to do, and only cost the operating system.
const MAX_THREADS: usize = 256;

/// Compiles `wasm`, the contents of a WebAssembly file.
///
/// The result depends on `wasm` and `options` alone, whatever [`Options::threads`] is; without a
/// [target](options::TargetOptions::arch) it is for the machine that this runs on.
pub fn compile(wasm: &[u8], options: &Options) -> Result<Artifact, Error> {
    let target = target::Target::resolve(&options.target)?;
    log::info!(
        "target {}, CPU {}, features {}",
        target.triple(),
        target.cpu(),
        target.features()
    );
    let pool = rayon::ThreadPoolBuilder::new()
        // Zero lets rayon count the cores.
        .num_threads(
            options
                .threads
                .map_or(0, |threads| threads.get().min(MAX_THREADS)),
        )
        .thread_name(|index| format!("wasmelt-{index}"))
        .stack_size(WORKER_STACK)
        .build()?;
    pool.install(|| {
        let start = Instant::now();
        let module = wasm::parse(wasm, &options.features)?;
        let parsing = start.elapsed();
        log::info!(
            "parsed and validated {} functions in {parsing:.1?}",
            module.functions.len(),
        );
        let start = Instant::now();
        let mut artifact = pipeline::run(&module, &target, options)?;
        artifact.stats.rest += parsing;
        artifact.stats.log(start.elapsed());
        Ok(artifact)
    })
}

impl Stats {
    /// Reports a compilation that took `time` after parsing.
    fn log(&self, time: Duration) {
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

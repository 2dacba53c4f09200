//! Wasmelt compiles WebAssembly modules ahead of time into `.aot` files for the WAMR runtime.
//!
//! [`compile`] is the way in; a program can do everything that the `wasmelt` command does.

pub mod abi;
pub mod aot;
mod arch;
pub mod cli;
mod debug;
mod emit;
pub mod error;
mod in_place;
mod link;
mod llvm;
pub mod options;
mod passes;
mod pipeline;
mod plan;
mod profile;
mod report;
pub mod targets;
mod wasm;

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

pub use error::Error;
use options::Features;
pub use options::Options;
pub use report::{Artifact, PartitionStats, Progress, StackUsage, Stats, Warning};

/// Stack of a worker thread, in bytes. LLVM's passes recurse over the code, and the input may nest deeply.
const WORKER_STACK: usize = 64 << 20;

/// The upper limit of threads. Further threads would have no work and only cost the operating system.
const MAX_THREADS: usize = 256;

/// Compiles `wasm`, the contents of a WebAssembly file.
///
/// The result depends only on `wasm` and `options`; [`Options::threads`] never changes it. Without a
/// [target](options::TargetOptions::arch) the code is for the host.
///
/// A program that compiles many modules keeps a [`Session`], which shares its threads between them.
pub fn compile(wasm: &[u8], options: &Options) -> Result<Artifact, Error> {
    Session::new(options.threads)?.compile(wasm, options)
}

/// Worker threads for any number of compilations.
#[derive(Debug)]
pub struct Session {
    pool: rayon::ThreadPool,
}

impl Session {
    /// Starts `threads` worker threads; `None` starts one per core.
    ///
    /// # Errors
    ///
    /// [`Error::Threads`] if the operating system refuses the threads.
    pub fn new(threads: Option<NonZeroUsize>) -> Result<Self, Error> {
        let pool = rayon::ThreadPoolBuilder::new()
            // Zero lets rayon count the cores.
            .num_threads(threads.map_or(0, |threads| threads.get().min(MAX_THREADS)))
            .thread_name(|index| format!("wasmelt-{index}"))
            .stack_size(WORKER_STACK)
            .build()?;
        Ok(Session { pool })
    }

    /// Compiles `wasm` as [`compile`] does, but on the session's threads: [`Options::threads`] has no effect.
    pub fn compile(&self, wasm: &[u8], options: &Options) -> Result<Artifact, Error> {
        let target = targets::Target::resolve(&options.target)?;
        let parsed = self.parse(wasm, &options.features)?;
        self.compile_for(&parsed, target, options, &|_| {})
    }

    /// Reads and validates `wasm` once for any number of compilations.
    pub fn parse<'a>(&self, wasm: &'a [u8], features: &Features) -> Result<Parsed<'a>, Error> {
        let start = Instant::now();
        let module = self.pool.install(|| wasm::parse(wasm, features))?;
        let time = start.elapsed();
        log::info!(
            "parsed and validated {} functions in {time:.1?}",
            module.functions.len(),
        );
        Ok(Parsed { module, time })
    }

    /// Compiles a module that [`Session::parse`] has read; [`Options::features`] has no effect. Calls `progress`
    /// from worker threads, each time that a partition is done.
    pub fn compile_parsed(
        &self,
        parsed: &Parsed<'_>,
        options: &Options,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Artifact, Error> {
        let target = targets::Target::resolve(&options.target)?;
        self.compile_for(parsed, target, options, progress)
    }

    fn compile_for(
        &self,
        parsed: &Parsed<'_>,
        mut target: targets::Target,
        options: &Options,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Artifact, Error> {
        if parsed.module.usage.relaxed_simd {
            target.ask_relaxed_instructions()?;
        }
        log::info!(
            "target {}, CPU {}, features {}",
            target.machine.triple,
            target.machine.cpu,
            target.machine.features
        );
        self.pool.install(|| {
            let start = Instant::now();
            let mut artifact = pipeline::run(&parsed.module, &target, options, progress)?;
            artifact.stats.rest += parsed.time;
            artifact.stats.log(start.elapsed());
            Ok(artifact)
        })
    }
}

/// A module that is read and validated.
#[derive(Debug)]
pub struct Parsed<'a> {
    module: wasm::Module<'a>,
    /// The time that reading and validation took.
    time: Duration,
}

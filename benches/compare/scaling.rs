//! What threads bring: measured for as many as there are here, and modelled for more from the time
//! of each partition.
//!
//! The times come from a compilation by one thread, in which nothing waits for anything. Partitions
//! are independent, so that more threads take the same list from its start to its end; what the
//! model leaves out is that cores share caches, memory and power.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

use test_support::measure::{self, Sample, Series, median};
use test_support::{Outcome, guest};
use wasmelt::{Options, PartitionStats};

/// The role of a guest that compiles with some number of threads.
pub const ROLE: &str = "compile";

/// Smaller modules are one partition.
const LEAST_SIZE: u64 = 50_000;

#[derive(Debug, Default)]
pub struct Scaling {
    pub one_thread: Series,
    pub two_threads: Series,
    /// The compilations by one thread, for the model.
    rounds: Vec<Round>,
}

/// A compilation by one thread, in seconds.
#[derive(Debug)]
struct Round {
    partitions: Vec<Part>,
    /// The process from start to end, but for the partitions.
    rest: f64,
}

#[derive(Debug, Clone, Copy)]
struct Part {
    bytes: usize,
    time: f64,
}

impl Scaling {
    pub fn is_worth_measuring(wasm_size: u64) -> bool {
        wasm_size > LEAST_SIZE
    }

    pub fn add_one_thread(&mut self, wasm: &Path) -> Outcome {
        let (one, printed) = compile_with("1", wasm)?;
        self.rounds.push(Round::read(&one, &printed)?);
        self.one_thread.push(one);
        Ok(())
    }

    pub fn add_two_threads(&mut self, wasm: &Path) -> Outcome {
        let (two, _) = compile_with("2", wasm)?;
        self.two_threads.push(two);
        Ok(())
    }

    pub fn partitions(&self) -> usize {
        self.rounds.first().map_or(0, |it| it.partitions.len())
    }

    /// How many times faster so many threads are than one.
    pub fn modelled(&self, threads: usize) -> f64 {
        self.median(|round| round.modelled(1) / round.modelled(threads))
    }

    /// The largest partition's part of the time with one thread.
    pub fn largest(&self) -> f64 {
        self.median(|round| round.longest() / round.modelled(1))
    }

    /// The part of the time with one thread that is not for partitions.
    pub fn rest(&self) -> f64 {
        self.median(|round| round.rest / round.modelled(1))
    }

    fn median(&self, figure: impl Fn(&Round) -> f64) -> f64 {
        median(self.rounds.iter().map(figure).collect())
    }
}

/// Always by this build of the library: another compiler may be quicker with any number of threads.
fn compile_with(threads: &str, wasm: &Path) -> Outcome<(Sample, Vec<u8>)> {
    let aot = wasm.with_extension("other.aot");
    let mut command = guest::command(ROLE, wasm.parent().unwrap_or(wasm))?;
    command.args([wasm, &aot]).arg(threads);
    measure::run(command)
}

impl Round {
    /// From what a guest printed.
    fn read(sample: &Sample, printed: &[u8]) -> Outcome<Self> {
        let text = String::from_utf8_lossy(printed);
        let partitions: Vec<Part> = text.lines().map(Part::read).collect::<Outcome<_>>()?;
        let time: f64 = partitions.iter().map(|part| part.time).sum();
        Ok(Round {
            rest: (sample.wall_seconds() - time).max(0.0),
            partitions,
        })
    }

    /// The time with so many threads: each takes the largest partition left, as soon as it is done
    /// with the one before.
    fn modelled(&self, threads: usize) -> f64 {
        let mut order = self.partitions.clone();
        order.sort_by_key(|part| Reverse(part.bytes));
        // When each thread is done, in nanoseconds, the earliest on top.
        let mut done: BinaryHeap<_> = vec![Reverse(0); threads].into();
        let mut end = 0;
        for part in order {
            let Reverse(start) = done.pop().unwrap_or_default();
            let at = start + (part.time * 1e9) as u64;
            end = end.max(at);
            done.push(Reverse(at));
        }
        self.rest + end as f64 / 1e9
    }

    fn longest(&self) -> f64 {
        let times = self.partitions.iter().map(|part| part.time);
        times.fold(0.0, f64::max)
    }
}

impl Part {
    fn print(stats: &PartitionStats) {
        println!("{} {}", stats.bytes, stats.time.as_secs_f64());
    }

    fn read(line: &str) -> Outcome<Self> {
        let fields = line.split_once(' ').and_then(|(bytes, time)| {
            Some(Part {
                bytes: bytes.parse().ok()?,
                time: time.parse().ok()?,
            })
        });
        fields.ok_or_else(|| format!("not a size and a time: {line}"))
    }
}

/// Compiles the first file to the second with so many threads, and prints what each partition took. A
/// process of its own, so that its memory does not count as that of the processes measured later.
pub fn compile(arguments: &[String]) -> Outcome<i32> {
    let [wasm, aot, threads] = arguments else {
        return Err("which two files, and how many threads?".to_owned());
    };
    let threads: NonZeroUsize = threads
        .parse()
        .map_err(|error| format!("{threads} threads: {error}"))?;
    let options = Options {
        threads: Some(threads),
        ..Options::default()
    };
    let bytes = fs::read(wasm).map_err(|error| format!("{wasm}: {error}"))?;
    let artifact =
        wasmelt::compile(&bytes, &options).map_err(|error| format!("{wasm}: {error}"))?;
    fs::write(aot, &artifact.bytes).map_err(|error| format!("{aot}: {error}"))?;
    artifact.stats.partitions.iter().for_each(Part::print);
    Ok(0)
}

//! Distributes partitions to the threads, and measures the time that each takes.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::plan::Partition;
use crate::{Error, PartitionStats, Progress};

/// The times of partitions so far. Indirect mode works on each partition in two or three rounds.
pub(super) struct Times<'a> {
    spent: Mutex<Spent>,
    /// Bytes of function bodies that are done, summed over all rounds.
    done: AtomicUsize,
    /// The number of rounds that are expected.
    rounds: usize,
    progress: &'a (dyn Fn(Progress) + Sync),
}

#[derive(Debug, Default)]
struct Spent {
    /// For each partition, on its threads.
    partitions: Vec<Duration>,
    /// From the start to the end of each round.
    rounds: Duration,
}

impl<'a> Times<'a> {
    /// Expects `rounds` rounds, and calls `progress` when a partition of one is done.
    pub fn new(rounds: usize, progress: &'a (dyn Fn(Progress) + Sync)) -> Self {
        Times {
            spent: Mutex::default(),
            done: AtomicUsize::new(0),
            rounds,
            progress,
        }
    }

    /// Runs `work` for all partitions in parallel, the largest first: then no large partition runs alone at
    /// the end. Returns results in the partitions' order. Of several errors, reports the first in that order,
    /// whatever their order in time.
    pub fn in_parallel<T: Send>(
        &self,
        partitions: &[Partition],
        work: impl Fn(usize, &Partition) -> Result<T, Error> + Sync,
    ) -> Result<Vec<T>, Error> {
        let round = Instant::now();
        let all = self.rounds * partitions.iter().map(|it| it.bytes).sum::<usize>();
        let mut order: Vec<usize> = (0..partitions.len()).collect();
        order.sort_by_key(|&number| Reverse(partitions[number].bytes));
        // Unlike a parallel slice, a bridge is taken from in order.
        let mut results: Vec<_> = order
            .into_iter()
            .par_bridge()
            .map(|number| {
                let start = Instant::now();
                let result = work(number, &partitions[number]);
                let bytes = partitions[number].bytes;
                let done = self.done.fetch_add(bytes, Ordering::Relaxed) + bytes;
                (self.progress)(Progress { done, all });
                (number, start.elapsed(), result)
            })
            .collect();
        results.sort_unstable_by_key(|(number, ..)| *number);
        self.add(round.elapsed(), results.iter().map(|(_, time, _)| *time));
        results.into_iter().map(|(.., result)| result).collect()
    }

    fn add(&self, round: Duration, partitions: impl ExactSizeIterator<Item = Duration>) {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.rounds += round;
        spent.partitions.resize(partitions.len(), Duration::ZERO);
        for (sum, time) in spent.partitions.iter_mut().zip(partitions) {
            *sum += time;
        }
    }

    /// Returns the statistics of each partition, and the time of all rounds together.
    pub fn stats(self, partitions: &[Partition]) -> (Vec<PartitionStats>, Duration) {
        let spent = self
            .spent
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let stats = partitions.iter().zip(spent.partitions);
        let stats = stats.map(|(partition, time)| PartitionStats {
            functions: partition.functions.len(),
            bytes: partition.bytes,
            time,
        });
        (stats.collect(), spent.rounds)
    }
}

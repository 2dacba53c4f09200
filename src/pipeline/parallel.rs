//! Distributes partitions to the threads, and measures the time that each takes.

use std::cmp::Reverse;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::plan::Partition;
use crate::{Error, PartitionStats};

/// The times of partitions so far. Indirect mode works on each partition in two or three rounds.
#[derive(Debug, Default)]
pub(super) struct Times(Mutex<Spent>);

#[derive(Debug, Default)]
struct Spent {
    /// For each partition, on its threads.
    partitions: Vec<Duration>,
    /// From the start to the end of each round.
    rounds: Duration,
}

impl Times {
    /// Runs `work` for all partitions in parallel, the largest first: then no large partition runs alone at
    /// the end. Returns results in the partitions' order. Of several errors, reports the first in that order,
    /// whatever their order in time.
    pub fn in_parallel<T: Send>(
        &self,
        partitions: &[Partition],
        work: impl Fn(usize, &Partition) -> Result<T, Error> + Sync,
    ) -> Result<Vec<T>, Error> {
        let round = Instant::now();
        let mut order: Vec<usize> = (0..partitions.len()).collect();
        order.sort_by_key(|&number| Reverse(partitions[number].bytes));
        // Unlike a parallel slice, a bridge is taken from in order.
        let mut results: Vec<_> = order
            .into_iter()
            .par_bridge()
            .map(|number| {
                let start = Instant::now();
                let result = work(number, &partitions[number]);
                (number, start.elapsed(), result)
            })
            .collect();
        results.sort_unstable_by_key(|(number, ..)| *number);
        self.add(round.elapsed(), results.iter().map(|(_, time, _)| *time));
        results.into_iter().map(|(.., result)| result).collect()
    }

    fn add(&self, round: Duration, partitions: impl ExactSizeIterator<Item = Duration>) {
        let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        spent.rounds += round;
        spent.partitions.resize(partitions.len(), Duration::ZERO);
        for (sum, time) in spent.partitions.iter_mut().zip(partitions) {
            *sum += time;
        }
    }

    /// Returns the statistics of each partition, and the time of all rounds together.
    pub fn stats(self, partitions: &[Partition]) -> (Vec<PartitionStats>, Duration) {
        let spent = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let stats = partitions.iter().zip(spent.partitions);
        let stats = stats.map(|(partition, time)| PartitionStats {
            functions: partition.functions.len(),
            bytes: partition.bytes,
            time,
        });
        (stats.collect(), spent.rounds)
    }
}

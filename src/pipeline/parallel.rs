//! Hands partitions out to the threads, and notes what each of them takes.

use std::cmp::Reverse;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::plan::Partition;
use crate::{Error, PartitionStats};

/// What partitions have taken so far. In indirect mode there are two rounds of work on them, or
/// three.
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
    /// Does `work` for all partitions in parallel, the largest first, so that none of them is still
    /// under way alone when all others are done. The results come in the partitions' order. Of
    /// several errors the first in that order is reported, whichever came first in time.
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

    /// What each partition was like, and the time of all rounds together.
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

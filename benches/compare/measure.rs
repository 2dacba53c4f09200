//! One process measured, and what many measurements come to.

use std::io::{Read, Seek};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

use crate::common::Outcome;

/// What a process took from its start to its end.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    pub wall: Duration,
    pub user: Duration,
    pub system: Duration,
    /// In bytes: the most that was resident.
    pub peak_memory: u64,
}

/// One of the figures of a sample.
pub type Figure = fn(&Sample) -> f64;

impl Sample {
    pub fn wall_seconds(&self) -> f64 {
        self.wall.as_secs_f64()
    }

    pub fn user_seconds(&self) -> f64 {
        self.user.as_secs_f64()
    }

    pub fn cpu_seconds(&self) -> f64 {
        (self.user + self.system).as_secs_f64()
    }

    pub fn peak_megabytes(&self) -> f64 {
        self.peak_memory as f64 / 1e6
    }
}

/// Runs the command to its end, which has to be a success, and gives what it printed.
pub fn run(mut command: Command) -> Outcome<(Sample, Vec<u8>)> {
    let program = format!("{command:?}");
    let failed = |error: std::io::Error| format!("cannot run {program}: {error}");
    let mut output = tempfile::tempfile().map_err(failed)?;
    command
        .stdin(Stdio::null())
        .stdout(output.try_clone().map_err(failed)?);

    let start = Instant::now();
    let used = command
        .spawn()
        .and_then(|mut child| child.wait4())
        .map_err(failed)?;
    let wall = start.elapsed();

    if !used.status.success() {
        return Err(format!("{program}: {}", used.status));
    }
    let sample = Sample {
        wall,
        user: used.rusage.utime,
        system: used.rusage.stime,
        peak_memory: used.rusage.maxrss,
    };
    let mut printed = Vec::new();
    output.rewind().map_err(failed)?;
    output.read_to_end(&mut printed).map_err(failed)?;
    Ok((sample, printed))
}

/// The same thing measured several times.
#[derive(Debug, Default)]
pub struct Series(Vec<Sample>);

impl Series {
    pub fn push(&mut self, sample: Sample) {
        self.0.push(sample);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn median(&self, figure: Figure) -> f64 {
        median(self.0.iter().map(figure).collect())
    }

    /// How far the slowest lies above the fastest, as a part of the fastest.
    pub fn spread(&self, figure: Figure) -> f64 {
        let figures = || self.0.iter().map(figure);
        figures().fold(0.0, f64::max) / figures().fold(f64::INFINITY, f64::min) - 1.0
    }
}

/// Of an even count, the mean of the two in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let upper = values.len() / 2;
    let lower = values.len().saturating_sub(1) / 2;
    match (values.get(lower), values.get(upper)) {
        (Some(lower), Some(upper)) => (lower + upper) / 2.0,
        _ => f64::NAN,
    }
}

/// The mean of ratios; of none, not a number.
pub fn geometric_mean(ratios: impl IntoIterator<Item = f64>) -> f64 {
    let (count, sum) = ratios.into_iter().fold((0.0, 0.0), |(count, sum), ratio| {
        (count + 1.0, sum + ratio.ln())
    });
    f64::exp(sum / count)
}

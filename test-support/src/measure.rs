//! Measures processes, and sums measurements up.

use std::io::{Read, Seek};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

use crate::Outcome;

/// The time and memory that a process took from its start to its end.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// The time that passed.
    pub wall: Duration,
    /// The CPU time in the process itself.
    pub user: Duration,
    /// The CPU time in the kernel.
    pub system: Duration,
    /// The highest resident size, in bytes.
    pub peak_memory: u64,
}

/// A function that picks one figure of a sample, like [`Sample::wall_seconds`].
pub type Figure = fn(&Sample) -> f64;

impl Sample {
    /// The time that passed, in seconds.
    pub fn wall_seconds(&self) -> f64 {
        self.wall.as_secs_f64()
    }

    /// The CPU time without the kernel's, in seconds.
    pub fn user_seconds(&self) -> f64 {
        self.user.as_secs_f64()
    }

    /// The CPU time with the kernel's, in seconds.
    pub fn cpu_seconds(&self) -> f64 {
        (self.user + self.system).as_secs_f64()
    }

    /// The highest resident size, in units of 1,000,000 bytes.
    pub fn peak_megabytes(&self) -> f64 {
        self.peak_memory as f64 / 1e6
    }
}

/// Runs `command` to its end without input. Returns its measurement and its standard output. Fails if
/// its exit status is not 0. There is no time limit.
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

/// Several measurements of the same thing.
#[derive(Debug, Default)]
pub struct Series(Vec<Sample>);

impl Series {
    /// Adds a measurement.
    pub fn push(&mut self, sample: Sample) {
        self.0.push(sample);
    }

    /// The number of measurements.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The median of the figure; not a number if there are no measurements.
    pub fn median(&self, figure: Figure) -> f64 {
        median(self.0.iter().map(figure).collect())
    }

    /// The difference of the highest and the lowest value of the figure, divided by the lowest. Not finite
    /// if there are no measurements.
    pub fn spread(&self, figure: Figure) -> f64 {
        let figures = || self.0.iter().map(figure);
        figures().fold(0.0, f64::max) / figures().fold(f64::INFINITY, f64::min) - 1.0
    }
}

/// Returns the median of `values`: of an even count, the mean of the two in the middle. Not a number if
/// there are no values.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let upper = values.len() / 2;
    let lower = values.len().saturating_sub(1) / 2;
    match (values.get(lower), values.get(upper)) {
        (Some(lower), Some(upper)) => (lower + upper) / 2.0,
        _ => f64::NAN,
    }
}

/// Returns the geometric mean of `ratios`, each above 0. Not a number if there are no ratios.
pub fn geometric_mean(ratios: impl IntoIterator<Item = f64>) -> f64 {
    let (count, sum) = ratios.into_iter().fold((0.0, 0.0), |(count, sum), ratio| {
        (count + 1.0, sum + ratio.ln())
    });
    f64::exp(sum / count)
}

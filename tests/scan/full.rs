//! The whole scan: every case, at every level, for every kind of target, by processor time.
//!
//! Each case is measured in a process of its own, which doubles the size until compiling takes long
//! enough to be measured.

use std::io::Write;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Duration;

use rayon::prelude::*;
use rustix::time::{ClockId, clock_gettime};
use wasmelt::Options;
use wasmelt::options::{Features, OptLevel};

use crate::results::Results;
use crate::{Case, Kind, LIMIT, PATHS, page};
use test_support::process::Finished;
use test_support::{Outcome, guest};

/// A target of the scan.
pub struct ScanTarget {
    pub name: &'static str,
    arch: &'static str,
    abi: Option<&'static str>,
    cpu: Option<&'static str>,
    software_bounds: bool,
    /// Whether there are vectors.
    simd: bool,
}

const fn target(
    name: &'static str,
    arch: &'static str,
    abi: Option<&'static str>,
    cpu: Option<&'static str>,
    software_bounds: bool,
    simd: bool,
) -> ScanTarget {
    ScanTarget {
        name,
        arch,
        abi,
        cpu,
        software_bounds,
        simd,
    }
}

pub const TARGETS: &[ScanTarget] = &[
    target("x86-64", "x86_64", None, Some("x86-64-v3"), false, true),
    target(
        "x86-64-software",
        "x86_64",
        None,
        Some("x86-64-v3"),
        true,
        true,
    ),
    target("aarch64", "aarch64", None, None, false, true),
    target("aarch64-software", "aarch64", None, None, true, true),
    target(
        "thumbv7em",
        "thumbv7em",
        Some("eabihf"),
        Some("cortex-m4"),
        true,
        false,
    ),
    target("riscv64", "riscv64", Some("lp64d"), None, false, false),
    target(
        "riscv64-software",
        "riscv64",
        Some("lp64d"),
        None,
        true,
        false,
    ),
];

pub const LEVELS: &[(&str, OptLevel)] = &[
    ("0", OptLevel::O0),
    ("1", OptLevel::O1),
    ("3", OptLevel::O3),
];

/// The size that measuring starts with, and how far it goes.
const FIRST_SIZE: u32 = 100;
const LAST_SIZE: u32 = 400_000;

/// Seconds that compiling size 4n has to take about, so that noise does not count: for a chain of one
/// operator, of which there are many, and for others.
const OPERATOR_SECONDS: f64 = 0.2;
const SECONDS: f64 = 0.5;

/// Ends what hangs.
const CASE_TIME: Duration = Duration::from_secs(300);

/// Above the limit, a case is measured again, so often.
const REPEATS: usize = 2;

/// What a case came to.
#[derive(Debug, Clone)]
pub struct Row {
    pub case: String,
    pub kind: Kind,
    pub target: &'static str,
    pub level: &'static str,
    pub outcome: Measured,
}

#[derive(Debug, Clone)]
pub enum Measured {
    /// Seconds for n, 2n and 4n.
    Times { size: u32, seconds: [f64; 3] },
    /// Why there are none.
    Failed(String),
}

impl Row {
    /// The exponent of the last doubling.
    pub fn exponent(&self) -> f64 {
        match self.outcome {
            Measured::Times {
                seconds: [_, second, third],
                ..
            } => (third / second).log2(),
            Measured::Failed(_) => f64::INFINITY,
        }
    }
}

/// Measures what the environment and the arguments choose; a finding is a failure.
pub fn run(write: bool) -> ExitCode {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let chosen = |variable: &str, name: &str| match std::env::var(variable) {
        Ok(list) => list.split(',').any(|part| part == name),
        Err(_) => true,
    };
    let cases: Vec<Case> = Case::all()
        .into_iter()
        .filter(|case| chosen("WASMELT_SCAN_KINDS", case.kind.name()))
        .filter(|case| words.is_empty() || words.iter().any(|word| case.name.contains(word)))
        .collect();
    let (part, parts) = part();
    let mut work = Vec::new();
    for target in TARGETS
        .iter()
        .filter(|it| chosen("WASMELT_SCAN_TARGETS", it.name))
    {
        for (level, _) in LEVELS
            .iter()
            .filter(|it| chosen("WASMELT_SCAN_LEVELS", it.0))
        {
            for case in &cases {
                if target.simd || !case.has_vectors() {
                    work.push((target, *level, case));
                }
            }
        }
    }
    let work: Vec<_> = work.into_iter().skip(part).step_by(parts).collect();
    let mut results = match Results::read() {
        Ok(results) => results,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    let new: Vec<Row> = work
        .par_iter()
        .with_max_len(1)
        .filter(|(target, level, case)| !results.have(&case.name, target.name, level))
        .map(|(target, level, case)| {
            let row = row(target, level, case);
            println!("{}", page::line(&row));
            results.keep(&row);
            row
        })
        .collect();
    results.rows.extend(new);
    let rows = results.rows;
    let findings = rows.iter().filter(|row| row.exponent() > LIMIT).count();
    println!("\n{}", page::tables(&rows));
    println!("{findings} of {} above {LIMIT}", rows.len());
    if write && let Err(error) = page::write(&rows) {
        eprintln!("{error}");
        return ExitCode::FAILURE;
    }
    if findings == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// `WASMELT_SCAN_PART=I/N`: every Nth measurement, from the Ith.
fn part() -> (usize, usize) {
    let text = std::env::var("WASMELT_SCAN_PART").unwrap_or_default();
    let numbers = text.split_once('/').and_then(|(part, parts)| {
        let parts = parts.parse().ok().filter(|parts| *parts > 0)?;
        Some((part.parse::<usize>().ok()? % parts, parts))
    });
    numbers.unwrap_or((0, 1))
}

impl Case {
    fn has_vectors(&self) -> bool {
        self.kind != Kind::Shape
            && self.wasm(4).is_ok_and(|wasm| {
                let features = wasmparser::WasmFeatures::all() - wasmparser::WasmFeatures::SIMD;
                wasmparser::Validator::new_with_features(features)
                    .validate_all(&wasm)
                    .is_err()
            })
    }
}

/// Measures one case; again, if it looks like a finding.
fn row(target: &ScanTarget, level: &'static str, case: &Case) -> Row {
    let once = || Row {
        case: case.name.clone(),
        kind: case.kind,
        target: target.name,
        level,
        outcome: start(target, level, case).unwrap_or_else(Measured::Failed),
    };
    let mut best = once();
    for _ in 0..REPEATS {
        if best.exponent() <= LIMIT || best.exponent().is_infinite() {
            break;
        }
        let again = once();
        if again.exponent() < best.exponent() {
            best = again;
        }
    }
    best
}

/// Has a process measure the case.
fn start(target: &ScanTarget, level: &str, case: &Case) -> Outcome<Measured> {
    let folder = PATHS.scratch_folder()?;
    let mut command = guest::command("measure", folder.path())?;
    command.args([target.name, level, &case.name]);
    let finished = Finished::wait_for(command, b"", CASE_TIME)?;
    if finished.status != Some(0) {
        return Err(finished.to_string());
    }
    let text = finished.stdout_text();
    let numbers: Vec<f64> = text.split_whitespace().flat_map(str::parse).collect();
    match numbers[..] {
        [size, first, second, third] => Ok(Measured::Times {
            size: size as u32,
            seconds: [first, second, third],
        }),
        _ => Err(finished.to_string()),
    }
}

/// A guest's role: `TARGET LEVEL CASE` prints n and the seconds for n, 2n and 4n.
pub fn measure(args: &[String]) -> Outcome<i32> {
    let [target, level, case] = args else {
        return Err("which target, level and case?".to_owned());
    };
    let target = TARGETS.iter().find(|it| it.name == target);
    let target = target.ok_or("no such target")?;
    let level = LEVELS
        .iter()
        .find(|it| it.0 == level)
        .ok_or("no such level")?;
    let case = Case::find(case)?;
    let wanted = match case.kind {
        Kind::Operator => OPERATOR_SECONDS,
        Kind::Pair | Kind::Shape => SECONDS,
    };
    let mut options = Options {
        opt_level: level.1,
        bounds_checks: Some(target.software_bounds),
        threads: NonZeroUsize::new(1),
        features: Features {
            simd: target.simd,
            threads: true,
            ..Features::default()
        },
        ..Options::default()
    };
    options.target.arch = Some(target.arch.to_owned());
    options.target.abi = target.abi.map(str::to_owned);
    options.target.cpu = target.cpu.map(str::to_owned);
    let time = |size: u32| -> Outcome<f64> {
        let wasm = case.wasm(size)?;
        let start = cpu_time();
        wasmelt::compile(&wasm, &options).map_err(|error| error.to_string())?;
        Ok((cpu_time() - start).as_secs_f64())
    };

    // The first compilation also loads what LLVM needs.
    time(2)?;
    let least = time(2)?.min(time(2)?);
    let net = |size| -> Outcome<f64> { Ok((time(size)? - least).max(1e-6)) };
    let mut size = FIRST_SIZE;
    let mut first = net(size)?;
    while first < wanted / 5.0 && size < LAST_SIZE {
        size *= 2;
        first = net(size)?;
    }
    // Short times are uncertain: the better of two.
    let second = net(2 * size)?.min(net(2 * size)?);
    let third = net(4 * size)?;
    let mut out = std::io::stdout();
    writeln!(out, "{size} {first} {second} {third}").map_err(|error| error.to_string())?;
    Ok(0)
}

/// The processor time that this process has taken.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32)
}

//! Runs scripts side by side, each in a process of its own.
//!
//! In: which scripts, in which passes. Out: a [`ScriptResult`] for each pair, handed over in the
//! order of the scripts.
//!
//! A script runs in a child process (this program again, see [`crate::cli`]), because what is
//! tested is compiled code: when it goes wrong, it takes its process along or never ends. The
//! child reports into a file and not to its standard output, where the runtime prints as well.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::catalog::Script;
use crate::command_line;
use crate::mode::Mode;
use crate::report::ScriptResult;

/// One way through all scripts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pass {
    /// Execute the script with modules compiled in that mode.
    Execute(Mode),
    /// Show the modules to be refused to the `wasmelt` command at that path.
    CommandLine(PathBuf),
}

impl Pass {
    /// The name in the report.
    pub fn name(&self) -> String {
        match self {
            Pass::Execute(mode) => mode.to_string(),
            Pass::CommandLine(_) => "command".to_owned(),
        }
    }

    pub fn title(&self) -> String {
        match self {
            Pass::Execute(mode) => mode.title(),
            Pass::CommandLine(_) => "refusals by the command line".to_owned(),
        }
    }
}

/// How to run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// This program, to be started again for each script.
    pub runner: PathBuf,
    pub jobs: usize,
    /// For one script in one mode.
    pub timeout: Duration,
    /// Options that the process of each script gets, too.
    pub passed_on: Vec<OsString>,
}

/// A script's results, one per pass.
#[derive(Debug)]
pub struct ScriptReport {
    /// Position in the list of scripts.
    pub script: usize,
    pub results: Vec<ScriptResult>,
}

#[derive(Debug, thiserror::Error)]
pub enum RunnerError {
    #[error("cannot start a script's process: {0}")]
    Process(io::Error),
    #[error("cannot keep a script's report: {0}")]
    Report(io::Error),
}

/// Runs every script in every pass and calls `done` for each script in turn.
pub fn run(
    scripts: &[Script],
    passes: &[Pass],
    settings: &Settings,
    mut done: impl FnMut(ScriptReport),
) -> Result<(), RunnerError> {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..settings.jobs.max(1) {
            let sender = sender.clone();
            let next = &next;
            scope.spawn(move || {
                loop {
                    let job = next.fetch_add(1, Ordering::Relaxed);
                    let (script, pass) = (job / passes.len(), job % passes.len());
                    let Some(source) = scripts.get(script) else {
                        break;
                    };
                    let result = run_one(source, &passes[pass], settings);
                    if sender.send((script, pass, result)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        collect(passes.len(), receiver, &mut done)
    })
}

/// Puts results that arrive in any order back into the order of the scripts.
fn collect(
    passes: usize,
    results: mpsc::Receiver<(usize, usize, Result<ScriptResult, RunnerError>)>,
    done: &mut impl FnMut(ScriptReport),
) -> Result<(), RunnerError> {
    let mut waiting: BTreeMap<usize, BTreeMap<usize, ScriptResult>> = BTreeMap::new();
    let mut next = 0;
    for (script, pass, result) in results {
        waiting.entry(script).or_default().insert(pass, result?);
        while waiting
            .get(&next)
            .is_some_and(|results| results.len() == passes)
        {
            let results = waiting
                .remove(&next)
                .unwrap_or_default()
                .into_values()
                .collect();
            done(ScriptReport {
                script: next,
                results,
            });
            next += 1;
        }
    }
    Ok(())
}

fn run_one(script: &Script, pass: &Pass, settings: &Settings) -> Result<ScriptResult, RunnerError> {
    match pass {
        Pass::Execute(mode) => execute(script, *mode, settings),
        Pass::CommandLine(wasmelt) => command_line::run(script, wasmelt),
    }
}

fn execute(script: &Script, mode: Mode, settings: &Settings) -> Result<ScriptResult, RunnerError> {
    let folder = tempfile::tempdir().map_err(RunnerError::Report)?;
    let report = folder.path().join("report");
    let errors = folder.path().join("errors");
    let mut child = Command::new(&settings.runner)
        .args([
            "--mode",
            &mode.to_string(),
            "--execute",
            &script.name,
            "--report",
        ])
        .arg(&report)
        .args(&settings.passed_on)
        // The last line it says is to be the error, not a frame.
        .env("RUST_LIB_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(&errors).map_err(RunnerError::Report)?)
        .spawn()
        .map_err(RunnerError::Process)?;

    let deadline = Instant::now() + settings.timeout;
    let status = loop {
        if let Some(status) = child.try_wait().map_err(RunnerError::Process)? {
            break Some(status);
        }
        if Instant::now() >= deadline {
            child.kill().map_err(RunnerError::Process)?;
            child.wait().map_err(RunnerError::Process)?;
            break None;
        }
        thread::sleep(Duration::from_millis(5));
    };

    let ending = match status {
        None => Some(format!("no end after {} s", settings.timeout.as_secs())),
        Some(status) if status.success() => None,
        Some(status) => Some(describe(status, &errors)),
    };
    // A child that crashes early leaves no report; that is a result too.
    let report = std::fs::read(&report).unwrap_or_default();
    Ok(ScriptResult::from_report(
        &String::from_utf8_lossy(&report),
        ending.as_deref(),
    ))
}

/// How a process ended, with the last it said.
fn describe(status: ExitStatus, errors: &Path) -> String {
    let errors = std::fs::read(errors).unwrap_or_default();
    let errors = String::from_utf8_lossy(&errors);
    match errors.lines().rev().find(|line| !line.trim().is_empty()) {
        Some(last) => format!("the process ended with {status}: {}", last.trim()),
        None => format!("the process ended with {status}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script() -> Script {
        crate::catalog::find("core/fac.wast").expect("the script is part of core")
    }

    fn settings(runner: &str) -> Settings {
        Settings {
            runner: PathBuf::from(runner),
            jobs: 1,
            timeout: Duration::from_millis(200),
            passed_on: Vec::new(),
        }
    }

    const MODE: Mode = Mode::ALL[0];

    #[test]
    fn a_process_that_reports_nothing_is_a_failure() {
        let result = execute(&script(), MODE, &settings("true")).expect("`true` can be started");
        assert_eq!(result.tally.failed, 1);
        let result = execute(&script(), MODE, &settings("false")).expect("`false` can be started");
        assert!(result.failures[0].message.contains("exit status: 1"));
    }

    #[test]
    fn a_process_that_cannot_start_stops_the_run() {
        let settings = settings("/nonexistent/runner");
        let error = run(&[script()], &[Pass::Execute(MODE)], &settings, |_| {}).unwrap_err();
        assert!(matches!(error, RunnerError::Process(_)));
    }

    #[test]
    fn results_come_in_the_order_of_the_scripts() {
        let (sender, receiver) = mpsc::channel();
        for (script, pass) in [(1, 0), (0, 1), (1, 1), (0, 0)] {
            sender
                .send((script, pass, Ok(ScriptResult::default())))
                .expect("the receiver is alive");
        }
        drop(sender);
        let mut order = Vec::new();
        collect(2, receiver, &mut |report| {
            order.push((report.script, report.results.len()))
        })
        .expect("all results are good");
        assert_eq!(order, [(0, 2), (1, 2)]);
    }
}

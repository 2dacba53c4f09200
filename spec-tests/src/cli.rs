//! The runner's command line.
//!
//! Prints a line per script as it ends, its failures below it, a total per mode, and last the one
//! line that sums everything up.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, ensure};
use clap::Parser;

use crate::catalog::{self, Script};
use crate::docs::{self, Row};
use crate::engine::Engine;
use crate::mode::Mode;
use crate::report::Event;
use crate::runner::{self, Pass, ScriptReport, Settings};
use crate::session;

/// Failures of one script in one mode that are printed without --verbose.
const SHOWN_FAILURES: usize = 10;

/// Runs the WebAssembly specification's scripts through wasmelt on a real WAMR.
#[derive(Debug, Parser)]
#[command(name = "spec-tests")]
struct Arguments {
    /// Run only scripts whose name (`core/address.wast`) contains one of these.
    filters: Vec<String>,

    /// Run only this mode (hw-o0, hw-o3, sw-o0 or sw-o3); may be given several times.
    #[arg(long = "mode", value_name = "MODE")]
    modes: Vec<Mode>,

    /// Show the modules to be refused to this `wasmelt` command too.
    #[arg(long, value_name = "PATH")]
    wasmelt: Option<PathBuf>,

    /// Scripts to run at the same time.
    #[arg(long, value_name = "N", default_value_t = 2)]
    jobs: usize,

    /// Give up on a script after that many seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    timeout: u64,

    /// Print every failure and every skip.
    #[arg(long, short)]
    verbose: bool,

    /// Write the coverage table to this file; only for a run of everything.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["filters", "modes"], requires = "wasmelt")]
    write_docs: Option<PathBuf>,

    /// Run that one script in this process.
    #[arg(long, hide = true, requires = "report")]
    execute: Option<String>,

    /// Where the process of one script reports.
    #[arg(long, hide = true)]
    report: Option<PathBuf>,
}

/// The whole program.
pub fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    if let (Some(script), Some(report)) = (&arguments.execute, &arguments.report) {
        execute(script, &arguments.modes, report.clone())?;
        return Ok(ExitCode::SUCCESS);
    }
    run(&arguments)
}

/// The child's part: one script, here and now.
fn execute(name: &str, modes: &[Mode], report: PathBuf) -> anyhow::Result<()> {
    let script = catalog::find(name).with_context(|| format!("no script is called {name}"))?;
    let [mode] = modes else {
        anyhow::bail!("a script runs in exactly one mode")
    };
    let mut report = File::create(&report)
        .with_context(|| format!("cannot create the report {}", report.display()))?;
    let engine = Engine::new(*mode, script.features);
    session::run(&script, engine, |event: Event| {
        // Straight to the file: a crash must not lose what came before it.
        let line = serde_json::to_string(&event)? + "\n";
        report.write_all(line.as_bytes())
    })?;
    Ok(())
}

fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut scripts = catalog::scripts();
    if !arguments.filters.is_empty() {
        scripts.retain(|script| {
            arguments
                .filters
                .iter()
                .any(|filter| script.name.contains(filter))
        });
        ensure!(
            !scripts.is_empty(),
            "no script's name contains {}",
            arguments.filters.join(" or ")
        );
    }
    let modes = if arguments.modes.is_empty() {
        &Mode::ALL[..]
    } else {
        &arguments.modes
    };
    let mut passes: Vec<Pass> = modes.iter().copied().map(Pass::Execute).collect();
    passes.extend(arguments.wasmelt.clone().map(Pass::CommandLine));
    let settings = Settings {
        runner: std::env::current_exe().context("cannot find this program")?,
        jobs: arguments.jobs,
        timeout: Duration::from_secs(arguments.timeout),
    };

    let width = scripts
        .iter()
        .map(|script| script.name.len())
        .max()
        .unwrap_or(0);
    print!("{:width$}", "passed / failed / skipped");
    for pass in &passes {
        print!("  {:>16}", pass.name());
    }
    println!();

    let mut rows = Vec::new();
    runner::run(&scripts, &passes, &settings, |report| {
        let script = &scripts[report.script];
        print_script(script, &passes, &report, width, arguments.verbose);
        rows.push(Row {
            script: script.name.clone(),
            results: report.results,
        });
    })?;

    let totals = docs::totals(&passes, &rows);
    println!();
    for (pass, total) in passes.iter().zip(&totals) {
        println!(
            "{} ({}): {} passed, {} failed, {} skipped; {} more refused as text",
            pass.name(),
            pass.title(),
            total.passed,
            total.failed,
            total.total_skipped(),
            total.text
        );
        for (reason, count) in &total.skipped {
            println!(
                "    {count} skipped for {}: {}",
                reason.name(),
                reason.explanation()
            );
        }
    }
    if let Some(path) = &arguments.write_docs {
        std::fs::write(path, docs::coverage(&passes, &rows))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let failed: u32 = totals.iter().map(|total| total.failed).sum();
    println!(
        "{} passed, {failed} failed, {} skipped",
        totals.iter().map(|total| total.passed).sum::<u32>(),
        totals
            .iter()
            .map(|total| total.total_skipped())
            .sum::<u32>()
    );
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn print_script(
    script: &Script,
    passes: &[Pass],
    report: &ScriptReport,
    width: usize,
    verbose: bool,
) {
    print!("{:width$}", script.name);
    for result in &report.results {
        print!("  {:>16}", docs::cell(&result.tally));
    }
    println!();
    for (pass, result) in passes.iter().zip(&report.results) {
        let shown: Vec<_> = if verbose {
            result.failures.iter().collect()
        } else {
            let causes = result.failures.iter();
            let causes = causes.filter(|failure| failure.message != session::MODULE_FAILED);
            causes.take(SHOWN_FAILURES).collect()
        };
        for failure in &shown {
            println!(
                "  {} {}:{}: {}: {}",
                pass.name(),
                script.name,
                failure.line,
                failure.directive,
                failure.message
            );
        }
        if result.failures.len() > shown.len() {
            println!(
                "  {} and {} more failures (--verbose shows them)",
                pass.name(),
                result.failures.len() - shown.len()
            );
        }
        for (line, reason) in result.skips.iter().filter(|_| verbose) {
            println!(
                "  {} {}:{line}: skipped: {}",
                pass.name(),
                script.name,
                reason.name()
            );
        }
    }
}

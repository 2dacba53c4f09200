//! The runner's command line.
//!
//! Prints a line per script as it ends, its failures below it, a total per mode, and last the one
//! line that sums everything up.

use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, ensure};
use clap::Parser;
use clap::builder::ArgPredicate;
use wamr_devices::{DEVICES, Device};
use wasmelt::options::{Features, TargetOptions};

use crate::catalog::{self, Script};
use crate::compiler_command::CompilerCommand;
use crate::docs::{self, Row};
use crate::engine::{Compiler, Engine};
use crate::machine::Machine;
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

    /// Run only this mode (hw-o0, hw-o3, sw-o0, sw-o3, or one of these with -xip, hw-oz, …); may be given
    /// several times.
    #[arg(long = "mode", value_name = "MODE")]
    modes: Vec<Mode>,

    /// Show the modules to be refused to this `wasmelt` command too.
    #[arg(long, value_name = "PATH")]
    wasmelt: Option<PathBuf>,

    /// Run the code on this device (aarch64, thumbv7, ...) instead of this machine.
    #[arg(long, value_name = "NAME", value_parser = parse_device)]
    device: Option<&'static Device>,

    /// Compile for this processor, a name that `wasmelt --cpu` takes, instead of the machine's own.
    #[arg(long, value_name = "NAME", conflicts_with = "device")]
    cpu: Option<String>,

    /// Compile with this command, which has the options of `wamrc`, instead of the library.
    #[arg(long, value_name = "PATH")]
    compiler: Option<PathBuf>,

    /// Scripts to run at the same time.
    #[arg(long, value_name = "N", default_value_t = 2)]
    jobs: usize,

    /// Give up on a script after that many seconds.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 300,
        default_value_if("device", ArgPredicate::IsPresent, "1800")
    )]
    timeout: u64,

    /// Print every failure and every skip.
    #[arg(long, short)]
    verbose: bool,

    /// Write the coverage table to this file; only for a run of everything.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["filters", "modes", "device", "cpu", "compiler"], requires = "wasmelt")]
    write_docs: Option<PathBuf>,

    /// Put the device's totals into the table of devices in this file; only for a run of everything.
    #[arg(long, value_name = "PATH", conflicts_with_all = ["filters", "modes", "compiler"], requires = "device")]
    write_targets: Option<PathBuf>,

    /// Run that one script in this process.
    #[arg(long, hide = true, requires = "report")]
    execute: Option<String>,

    /// The device's agent, built already.
    #[arg(long, hide = true)]
    agent: Option<PathBuf>,

    /// Where the process of one script reports.
    #[arg(long, hide = true)]
    report: Option<PathBuf>,
}

/// The whole program.
pub fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    if let (Some(script), Some(report)) = (&arguments.execute, &arguments.report) {
        execute(&arguments, script, report.clone())?;
        return Ok(ExitCode::SUCCESS);
    }
    run(&arguments)
}

fn parse_device(name: &str) -> Result<&'static Device, String> {
    Device::find(name).ok_or_else(|| {
        let names: Vec<_> = DEVICES.iter().map(|device| device.name).collect();
        format!("the devices are {}", names.join(", "))
    })
}

/// The child's part: one script, here and now.
fn execute(arguments: &Arguments, name: &str, report: PathBuf) -> anyhow::Result<()> {
    let script = catalog::find(name).with_context(|| format!("no script is called {name}"))?;
    let [mode] = arguments.modes[..] else {
        anyhow::bail!("a script runs in exactly one mode")
    };
    let mut report = File::create(&report)
        .with_context(|| format!("cannot create the report {}", report.display()))?;
    let engine = engine(arguments, mode, script.features)?;
    session::run(&script, engine, |event: Event| {
        // Straight to the file: a crash must not lose what came before it.
        let line = serde_json::to_string(&event)? + "\n";
        report.write_all(line.as_bytes())
    })?;
    Ok(())
}

fn engine(arguments: &Arguments, mode: Mode, features: Features) -> anyhow::Result<Engine> {
    let target = match arguments.device {
        Some(device) => target(device),
        None => TargetOptions {
            cpu: arguments.cpu.clone(),
            ..TargetOptions::default()
        },
    };
    let features = Features {
        simd: features.simd && arguments.device.is_none_or(|device| device.simd),
        ..features
    };
    let compiler = match &arguments.compiler {
        Some(program) => Compiler::Command(CompilerCommand::new(program, mode, features, &target)),
        None => Compiler::library(mode, features, target),
    };
    let machine = match (arguments.device, &arguments.agent) {
        (Some(device), Some(agent)) => Machine::device(device, agent)?,
        (Some(_), None) => anyhow::bail!("a device without its agent"),
        (None, _) => Machine::Local,
    };
    Ok(Engine::new(compiler, machine))
}

fn target(device: &Device) -> TargetOptions {
    TargetOptions {
        arch: Some(device.arch.to_owned()),
        abi: device.abi.map(str::to_owned),
        cpu: device.cpu.map(str::to_owned),
        cpu_features: device.cpu_features.map(str::to_owned),
    }
}

/// What the process of a script has to know of the command line.
fn passed_on(arguments: &Arguments) -> anyhow::Result<Vec<OsString>> {
    let mut options: Vec<OsString> = Vec::new();
    if let Some(device) = arguments.device {
        let agent = wamr_devices::build::agent(device).map_err(anyhow::Error::msg)?;
        options.extend(["--device".into(), device.name.into()]);
        options.extend(["--agent".into(), agent.into()]);
    }
    if let Some(cpu) = &arguments.cpu {
        options.extend(["--cpu".into(), cpu.into()]);
    }
    if let Some(compiler) = &arguments.compiler {
        options.extend(["--compiler".into(), compiler.into()]);
    }
    Ok(options)
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
    if arguments.device.is_some_and(|device| !device.simd) {
        scripts.retain(|script| !script.needs_simd());
    }
    let modes = match arguments.device {
        _ if !arguments.modes.is_empty() => arguments.modes.clone(),
        Some(device) => Mode::on_device(device),
        None => Mode::ALL.to_vec(),
    };
    let mut passes: Vec<Pass> = modes.into_iter().map(Pass::Execute).collect();
    passes.extend(arguments.wasmelt.clone().map(Pass::CommandLine));
    let settings = Settings {
        runner: std::env::current_exe().context("cannot find this program")?,
        jobs: arguments.jobs,
        timeout: Duration::from_secs(arguments.timeout),
        passed_on: passed_on(arguments)?,
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
    if let (Some(path), Some(device)) = (&arguments.write_targets, arguments.device) {
        let page = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let page = docs::with_device_rows(&page, device.name, &passes, &totals)
            .map_err(anyhow::Error::msg)?;
        std::fs::write(path, page).with_context(|| format!("cannot write {}", path.display()))?;
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

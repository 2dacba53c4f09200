//! The page with the tables: here what they share, each group of them in a file of its own.

mod compiling;
mod levels;
mod loading;
mod running;
mod threads;

use std::fmt::Write;
use std::fs;
use std::process::Command;

use test_support::measure::{self, geometric_mean};

use crate::compile::{Compiled, Corpus};
use crate::compilers::{Compilers, PerCompiler};
use crate::run::Ran;

const INTRODUCTION: &str = "\
# Benchmarks

A run of the benchmarks writes this page; do not edit it. To repeat the run with your own `wamrc`:

```sh
make COMMAND
```

Ratios are more reliable than figures, because other work ran on this machine. The compared commands
ran in turns. Figures are medians, and means of ratios are geometric. A ratio below 1 is in favour of
Wasmelt. Both compilers ran with their defaults: for this machine's CPU, at the highest optimisation
level, with guard pages instead of software bounds checks.

The measured binary is that of `make release`: it contains LLVM, and BOLT has reordered its code by a
profile of compilations. With LLVM as a shared library, a compiler starts a little later and needs more
memory; this page does not know how the `wamrc` was built. Only threads are measured differently: in a
process that uses the library, with the distribution's LLVM.
";

/// What the measurements were made on, one fact to a line; taken before they start.
pub fn machine() -> String {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let field = |path, name: &str| {
        let text = read(path);
        let line = text.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.split_once([':', '=']));
        value.map_or_else(
            || "unknown".to_owned(),
            |(_, value)| value.trim().trim_matches('"').to_owned(),
        )
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = read("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or("unknown");
    format!(
        "- CPU: {} (family {}, model {}), {cores} cores; load before the run: {load}\n\
         - memory: {}\n\
         - system: {}, Linux {}\n",
        field("/proc/cpuinfo", "model name"),
        field("/proc/cpuinfo", "cpu family"),
        field("/proc/cpuinfo", "model\t"),
        field("/proc/meminfo", "MemTotal"),
        field("/etc/os-release", "PRETTY_NAME"),
        read("/proc/sys/kernel/osrelease").trim(),
    )
}

pub fn page(
    machine: &str,
    compilers: &Compilers,
    corpus: Corpus,
    modules: &[Compiled],
    programs: &[Ran],
    plot: &str,
) -> String {
    let command = match corpus {
        Corpus::Usual => "bench WAMRC=/path/to/wamrc WASMELT_BENCH_DOCS=docs/benchmarks.md",
        Corpus::Large => {
            "bench-large WAMRC=/path/to/wamrc WASMELT_BENCH_DOCS=docs/benchmarks-large.md"
        }
    };
    let introduction = INTRODUCTION.replace("COMMAND", command);
    let mut page = format!("{introduction}\n{machine}");
    let Compilers { wasmelt, build, .. } = compilers;
    let _ = writeln!(page, "- {}, of {build}", wasmelt.version);
    let wamrc = compilers.wamrc.as_ref();
    let wamrc = wamrc.map_or("no wamrc to compare with", |wamrc| &wamrc.version);
    let wasmtime = compilers.wasmtime.as_ref();
    let wasmtime = wasmtime.map_or("no wasmtime to compare with", |it| &it.version);
    let _ = writeln!(page, "- {wamrc}\n- {wasmtime}\n- {}", clang_version());
    if !modules.is_empty() {
        compiling::write(&mut page, modules);
        levels::write(&mut page, corpus.lower_levels(), modules);
        threads::write(&mut page, modules);
        loading::write(&mut page, modules);
    }
    if !programs.is_empty() {
        running::write(&mut page, programs, plot);
    }
    page
}

fn clang_version() -> String {
    let mut command = Command::new(test_support::toolchain::CLANG);
    command.arg("--version");
    let printed = measure::run(command).map_or_else(|error| error.into_bytes(), |(_, text)| text);
    let text = String::from_utf8_lossy(&printed);
    text.lines().next().unwrap_or_default().to_owned()
}

/// Writes one row of a table.
fn row(page: &mut String, cells: &[String]) {
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

/// The row of titles and the line below it: the first column is text, the others are figures.
fn head(page: &mut String, titles: &[String]) {
    page.push('\n');
    row(page, titles);
    let _ = writeln!(page, "|---|{}", "---:|".repeat(titles.len() - 1));
}

fn number(value: f64, digits: usize) -> String {
    if value.is_finite() {
        format!("{value:.digits$}")
    } else {
        "–".to_owned()
    }
}

/// Wasmelt's figure, that of `wamrc`, and the ratio.
fn compared<T>(results: &PerCompiler<T>, figure: fn(&T) -> f64) -> [f64; 3] {
    let wasmelt = figure(&results.wasmelt);
    let wamrc = results.wamrc.as_ref().map_or(f64::NAN, figure);
    [wasmelt, wamrc, wasmelt / wamrc]
}

/// The geometric mean of the ratios that there are: `wamrc` does not compile everything.
fn mean(ratios: impl IntoIterator<Item = f64>) -> f64 {
    geometric_mean(ratios.into_iter().filter(|ratio| ratio.is_finite()))
}

fn bold(ratio: f64) -> String {
    format!("**{}**", number(ratio, 2))
}

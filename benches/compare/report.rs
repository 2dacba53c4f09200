//! The page with the tables.

use std::fmt::Write;
use std::fs;
use std::process::Command;

use crate::compile::Compiled;
use crate::compilers::{Compilers, PerCompiler};
use crate::measure::{self, Figure, Sample, Series, geometric_mean};
use crate::run::Ran;

const INTRODUCTION: &str = "\
# Benchmarks

Written by a run of the benchmarks; do not edit. To repeat it, with a `wamrc` of your own:

```sh
make bench WAMRC=/path/to/wamrc WASMELT_BENCH_DOCS=docs/benchmarks.md
```

Ratios say more than figures: other work was going on on this machine. What is compared ran in
turns; figures are medians, means of ratios are geometric, and a ratio below 1 is in favour of
Wasmelt. Both compilers ran with their defaults: for this machine's CPU, at the highest
optimisation level, with guard pages instead of bounds checks.
";

const COMPILE: &str = "
## Compiling

From start to end of the process. CPU time is user and system time of all threads, memory the most
that was resident. Wasmelt uses every core, `wamrc` one.
";

const RUN: &str = "
## Running

C programs built by clang at `-O3` for `wasm32-wasi`, and natively at `-O3 -march=native`; neither
build contracts multiplications and additions, so that all builds print the same, which is checked.
The programs on WAMR 2.4.3 run in a process of their own, whose start and loading of the file are
counted; so do those on Wasmtime, whose code is compiled by Cranelift and written to a file before.
The main figure is user CPU time; the native build uses another C library (glibc), which matters to
programs that allocate much and to the last three. Programs that use `simd128` by hand may be plain C
natively.

A file of `wamrc` that carries version 5 of the format is given version 6, the one this runtime
wants; the two are otherwise the same for these programs.
";

const PLOT: &str = "User time of each program, as a ratio to the native build";

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
    modules: &[Compiled],
    programs: &[Ran],
    plot: &str,
) -> String {
    let mut page = format!("{INTRODUCTION}\n{machine}");
    let linking = if cfg!(feature = "static-llvm") {
        "linked statically"
    } else {
        "the distribution's shared library"
    };
    let _ = writeln!(page, "- {}; LLVM is {linking}", compilers.wasmelt.version);
    let wamrc = compilers.wamrc.as_ref();
    let wamrc = wamrc.map_or("no wamrc to compare with", |wamrc| &wamrc.version);
    let wasmtime = compilers.wasmtime.as_ref();
    let wasmtime = wasmtime.map_or("no wasmtime to compare with", |it| &it.version);
    let _ = writeln!(page, "- {wamrc}\n- {wasmtime}\n- {}", clang_version());
    if !modules.is_empty() {
        page.push_str(COMPILE);
        compile_table(&mut page, modules);
    }
    if !programs.is_empty() {
        page.push_str(RUN);
        let _ = writeln!(page, "\n![{PLOT}]({plot})");
        run_table(&mut page, programs, "user", Sample::user_seconds);
        page.push_str("\nThe same by the clock on the wall:\n");
        run_table(&mut page, programs, "wall", Sample::wall_seconds);
        spread(&mut page, programs);
    }
    page
}

fn clang_version() -> String {
    let mut command = Command::new(crate::toolchain::CLANG);
    command.arg("--version");
    let printed = measure::run(command).map_or_else(|error| error.into_bytes(), |(_, text)| text);
    let text = String::from_utf8_lossy(&printed);
    text.lines().next().unwrap_or_default().to_owned()
}

/// A figure of both compilers, and how it is written.
struct Column<T> {
    title: &'static str,
    figure: fn(&T) -> f64,
    digits: usize,
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

fn ratio_mean<'a, T: 'a>(
    results: impl Iterator<Item = &'a PerCompiler<T>>,
    figure: fn(&T) -> f64,
) -> String {
    let ratios = results.map(|it| compared(it, figure)[2]);
    // Without what `wamrc` does not compile.
    number(geometric_mean(ratios.filter(|ratio| ratio.is_finite())), 2)
}

fn compile_table(page: &mut String, modules: &[Compiled]) {
    use crate::compile::Result;
    const COLUMNS: &[Column<Result>] = &[
        Column {
            title: "wall s",
            figure: |result| result.series.median(Sample::wall_seconds),
            digits: 2,
        },
        Column {
            title: "CPU s",
            figure: |result| result.series.median(Sample::cpu_seconds),
            digits: 2,
        },
        Column {
            title: "peak MB",
            figure: |result| result.series.median(Sample::peak_megabytes),
            digits: 0,
        },
        Column {
            title: "file KB",
            figure: |result| result.aot_size as f64 / 1e3,
            digits: 0,
        },
    ];
    let mut titles = vec!["module".to_owned(), "KB".to_owned(), "runs".to_owned()];
    for Column { title, .. } in COLUMNS {
        titles.extend([
            format!("{title}: Wasmelt"),
            "wamrc".to_owned(),
            "ratio".to_owned(),
        ]);
    }
    head(page, &titles);
    for module in modules {
        let mut cells = vec![
            module.module.clone(),
            number(module.wasm_size as f64 / 1e3, 0),
            module.results.wasmelt.series.len().to_string(),
        ];
        for Column { figure, digits, .. } in COLUMNS {
            let [wasmelt, wamrc, ratio] = compared(&module.results, *figure);
            cells.extend([
                number(wasmelt, *digits),
                number(wamrc, *digits),
                number(ratio, 2),
            ]);
        }
        row(page, &cells);
    }
    let mut cells = vec!["**mean**".to_owned(), String::new(), String::new()];
    for Column { figure, .. } in COLUMNS {
        let mean = ratio_mean(modules.iter().map(|module| &module.results), *figure);
        cells.extend([String::new(), String::new(), format!("**{mean}**")]);
    }
    row(page, &cells);
    for module in modules.iter().filter(|module| module.refused) {
        let _ = writeln!(page, "\n`wamrc` fails on {}.", module.module);
    }
}

impl Ran {
    /// Of Wasmelt, native, `wamrc`, Wasmtime; not a number for what did not run.
    pub fn medians(&self, figure: Figure) -> [f64; 4] {
        let other = |series: &Option<Series>| {
            let series = series.as_ref();
            series.map_or(f64::NAN, |series| series.median(figure))
        };
        [
            self.on_wamr.wasmelt.median(figure),
            self.native.median(figure),
            other(&self.on_wamr.wamrc),
            other(&self.on_wasmtime),
        ]
    }
}

fn run_table(page: &mut String, programs: &[Ran], title: &str, figure: Figure) {
    let titles = [
        "Wasmelt",
        "native",
        "wamrc",
        "wasmtime",
        "Wasmelt / native",
        "/ wamrc",
        "/ wasmtime",
    ];
    let titles = titles.map(str::to_owned);
    head(
        page,
        &[&[format!("program ({title} ms)")], &titles[..]].concat(),
    );
    let mut ratios = [(); 3].map(|()| Vec::new());
    for ran in programs {
        let mut cells = vec![ran.program.to_owned()];
        let [wasmelt, others @ ..] = ran.medians(figure);
        cells.push(number(wasmelt * 1e3, 0));
        cells.extend(others.map(|seconds| number(seconds * 1e3, 0)));
        for (ratios, other) in ratios.iter_mut().zip(others) {
            ratios.push(wasmelt / other);
            cells.push(number(wasmelt / other, 2));
        }
        row(page, &cells);
    }
    let mut cells = vec!["**mean**".to_owned()];
    cells.extend([(); 4].map(|()| String::new()));
    cells.extend(ratios.map(|it| format!("**{}**", number(geometric_mean(it), 2))));
    row(page, &cells);
}

fn spread(page: &mut String, programs: &[Ran]) {
    let spreads = programs.iter().map(|ran| &ran.on_wamr.wasmelt);
    let spreads = spreads.map(|series| series.spread(Sample::user_seconds));
    let _ = writeln!(
        page,
        "\nEach ran {} times. The slowest run of a program compiled by Wasmelt took {:.0} % more \
         user time than its fastest (median over the programs).",
        programs.first().map_or(0, |ran| ran.native.len()),
        measure::median(spreads.collect()) * 100.0,
    );
}

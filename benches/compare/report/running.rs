//! The time that programs take.

use std::fmt::Write;

use test_support::measure::{self, Figure, Sample, Series};

use super::{bold, head, mean, number, row};
use crate::run::Ran;

const TEXT: &str = "
## Running

C programs are built by clang at `-O3` for `wasm32-wasi`, and natively at `-O3 -march=native`. Neither
build contracts multiplications and additions, so all builds print the same; the benchmark checks this.
Each program on WAMR 2.4.3 runs in its own process. The time includes the start of the process and the
loading of the file. The same holds for Wasmtime; Cranelift compiles the code to a file before. The main
figure is user CPU time. The native build uses another C library (glibc), which matters to programs that
allocate much and to the last three. A program with hand-written `simd128` code may be plain C natively.

If a file of `wamrc` has version 5 of the format, the benchmark changes the version to 6, because this
runtime requires 6. For these programs the two versions are otherwise the same.
";

const PLOT: &str = "User time of each program, as a ratio to the native build";

pub fn write(page: &mut String, programs: &[Ran], plot: &str) {
    page.push_str(TEXT);
    let _ = writeln!(page, "\n![{PLOT}]({plot})");
    run_table(page, programs, "user", Sample::user_seconds);
    page.push_str("\nThe same in wall time:\n");
    run_table(page, programs, "wall", Sample::wall_seconds);
    spread(page, programs);
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
    cells.extend(ratios.map(|it| bold(mean(it))));
    row(page, &cells);
}

fn spread(page: &mut String, programs: &[Ran]) {
    let spreads = programs.iter().map(|ran| &ran.on_wamr.wasmelt);
    let spreads = spreads.map(|series| series.spread(Sample::user_seconds));
    let _ = writeln!(
        page,
        "\nEach ran {} times. The slowest run of a program compiled by Wasmelt took {:.0} % more \
         user time than its fastest (median over the programs).",
        programs.first().map_or(0, |ran| ran.native.count()),
        measure::median(spreads.collect()) * 100.0,
    );
}

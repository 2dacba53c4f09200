//! What compiling takes, beside `wamrc`.

use std::fmt::Write;
use std::ops::Range;

use test_support::measure::Sample;

use super::{bold, compared, head, mean, number, row};
use crate::compile::{Compiled, Result};

const TEXT: &str = "
## Compiling

Times are from start to end of the process. CPU time is the user and system time of all threads. Memory
is the peak resident size. Wasmelt uses every core, `wamrc` one.
";

/// A figure of both compilers, and how it is written.
struct Column {
    title: &'static str,
    figure: fn(&Result) -> f64,
    digits: usize,
}

const WALL: Column = Column {
    title: "wall s",
    figure: |result| result.series.median(Sample::wall_seconds),
    digits: 2,
};

const CPU: Column = Column {
    title: "CPU s",
    figure: |result| result.series.median(Sample::cpu_seconds),
    digits: 2,
};

const MEMORY: Column = Column {
    title: "peak MB",
    figure: |result| result.series.median(Sample::peak_megabytes),
    digits: 0,
};

const FILE: Column = Column {
    title: "file KB",
    figure: |result| result.aot_size as f64 / 1e3,
    digits: 0,
};

const COLUMNS: [Column; 4] = [WALL, CPU, MEMORY, FILE];

/// Modules by their size in bytes, and what those of such a size are called.
const SIZES: [(Range<u64>, &str); 3] = [
    (500_000..u64::MAX, "for modules over 500 KB"),
    (50_000..500_000, "of 50 to 500 KB"),
    (0..50_000, "below 50 KB"),
];

pub fn write(page: &mut String, modules: &[Compiled]) {
    page.push_str(TEXT);
    summary(page, modules);
    table(page, modules);
    for module in modules.iter().filter(|module| module.refused) {
        let _ = writeln!(page, "\n`wamrc` fails on {}.", module.module);
    }
}

/// One line for who reads no tables.
fn summary(page: &mut String, modules: &[Compiled]) {
    let of_size = SIZES.iter().filter_map(|(sizes, title)| {
        let modules: Vec<&Compiled> = modules
            .iter()
            .filter(|module| sizes.contains(&module.wasm_size) && module.results.wamrc.is_some())
            .collect();
        let means = [WALL, CPU, MEMORY].map(|column| number(column.ratio_mean(&modules), 2));
        (!modules.is_empty()).then(|| format!("{title} {}", means.join(", ")))
    });
    let of_size: Vec<String> = of_size.collect();
    if !of_size.is_empty() {
        let of_size = of_size.join("; ");
        let _ = writeln!(
            page,
            "\nMean ratios to `wamrc` of wall time, CPU time and memory: {of_size}."
        );
    }
}

fn table(page: &mut String, modules: &[Compiled]) {
    let mut titles = ["module", "KB", "runs"].map(str::to_owned).to_vec();
    for Column { title, .. } in COLUMNS {
        titles.push(format!("{title}: Wasmelt"));
        titles.extend(["wamrc", "ratio"].map(str::to_owned));
    }
    head(page, &titles);
    for module in modules {
        let mut cells = vec![
            module.module.clone(),
            number(module.kilobytes(), 0),
            module.results.wasmelt.series.count().to_string(),
        ];
        for Column { figure, digits, .. } in COLUMNS {
            let [wasmelt, wamrc, ratio] = compared(&module.results, figure);
            cells.extend([
                number(wasmelt, digits),
                number(wamrc, digits),
                number(ratio, 2),
            ]);
        }
        row(page, &cells);
    }
    let modules: Vec<&Compiled> = modules.iter().collect();
    let mut cells = vec!["**mean**".to_owned(), String::new(), String::new()];
    for column in COLUMNS {
        cells.extend([
            String::new(),
            String::new(),
            bold(column.ratio_mean(&modules)),
        ]);
    }
    row(page, &cells);
}

impl Column {
    fn ratio_mean(&self, modules: &[&Compiled]) -> f64 {
        mean(modules.iter().map(|module| {
            let [_, _, ratio] = compared(&module.results, self.figure);
            ratio
        }))
    }
}

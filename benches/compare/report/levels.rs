//! What lower levels of optimisation save.

use test_support::measure::Sample;

use super::{bold, head, mean, number, row};
use crate::compile::{Compiled, Result};

const TEXT: &str = "
## Levels

How many times faster Wasmelt compiles at a lower `--opt-level` than at 3, the default. The size of the
file is a ratio to the size at level 3.
";

/// A figure of a lower level, seen from level 3.
struct Column {
    title: &'static str,
    ratio: fn(full: &Result, lower: &Result) -> f64,
}

const COLUMNS: [Column; 3] = [
    Column {
        title: "CPU time, times faster at",
        ratio: |full, lower| quotient(full, lower, |it| it.series.median(Sample::cpu_seconds)),
    },
    Column {
        title: "wall time, times faster at",
        ratio: |full, lower| quotient(full, lower, |it| it.series.median(Sample::wall_seconds)),
    },
    Column {
        title: "file size, ratio at",
        ratio: |full, lower| quotient(lower, full, |it| it.aot_size as f64),
    },
];

/// Smaller modules are one partition, and the start of the process counts.
const LARGE: u64 = 50_000;

/// `levels`: those measured, below 3.
pub fn write(page: &mut String, levels: &[u8], modules: &[Compiled]) {
    page.push_str(TEXT);
    let mut titles = ["module", "KB", "CPU s at 3"].map(str::to_owned).to_vec();
    for Column { title, .. } in COLUMNS {
        let mut title = format!("{title} ");
        for level in levels {
            titles.push(format!("{title}{level}"));
            title.clear();
        }
    }
    head(page, &titles);
    for module in modules {
        let full = &module.results.wasmelt.series;
        let mut cells = vec![
            module.module.clone(),
            number(module.kilobytes(), 0),
            number(full.median(Sample::cpu_seconds), 2),
        ];
        cells.extend(ratios(module).map(|ratio| number(ratio, 2)));
        row(page, &cells);
    }
    mean_row(page, "mean", modules);
    let (large, small): (Vec<_>, Vec<_>) = modules.iter().partition(|it| it.wasm_size > LARGE);
    if !small.is_empty() {
        mean_row(page, "mean of those over 50 KB", large);
    }
}

/// All columns, for each of them all levels.
fn ratios(module: &Compiled) -> impl Iterator<Item = f64> {
    let full = &module.results.wasmelt;
    COLUMNS.into_iter().flat_map(move |Column { ratio, .. }| {
        let lower = module.lower_levels.iter();
        lower.map(move |lower| ratio(full, lower))
    })
}

fn mean_row<'a>(page: &mut String, title: &str, modules: impl IntoIterator<Item = &'a Compiled>) {
    let mut columns = Vec::new();
    for module in modules {
        for (number, ratio) in ratios(module).enumerate() {
            if columns.len() == number {
                columns.push(Vec::new());
            }
            columns[number].push(ratio);
        }
    }
    let mut cells = vec![format!("**{title}**"), String::new(), String::new()];
    cells.extend(columns.into_iter().map(|it| bold(mean(it))));
    row(page, &cells);
}

fn quotient(dividend: &Result, divisor: &Result, figure: fn(&Result) -> f64) -> f64 {
    figure(dividend) / figure(divisor)
}

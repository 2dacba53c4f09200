//! What more threads bring.

use test_support::measure::Sample;

use super::{bold, head, mean, number, row};
use crate::compile::Compiled;
use crate::scaling::Scaling;

const TEXT: &str = "
## Threads

Wall time with one thread and with two, in a process that uses the library. \"Times faster\" compares more
threads with one thread. The columns from \"model\" on are computed. The model gives partitions to threads
as the compiler does, the largest first. Each partition takes the time that it took with one thread. The
rest of the work takes as long as before, on one thread. The model ignores that cores slow each other
down. \"Largest\" is the time of the slowest partition. \"Rest\" is the time outside of partitions. Both are a
percentage of the time with one thread. No number of threads gets below their sum.
";

const MODELLED: [usize; 6] = [2, 4, 8, 16, 32, 64];

pub fn write(page: &mut String, modules: &[Compiled]) {
    let modules: Vec<_> = modules
        .iter()
        .filter_map(|module| module.scaling.as_ref().map(|scaling| (module, scaling)))
        .collect();
    if modules.is_empty() {
        return;
    }
    page.push_str(TEXT);
    head(page, &titles());
    for (module, scaling) in &modules {
        let [one, two] = seconds(scaling);
        let mut cells = vec![
            module.module.clone(),
            number(module.kilobytes(), 0),
            scaling.partitions().to_string(),
            number(one, 2),
            number(two, 2),
        ];
        cells.extend(speedups(scaling).map(|times| number(times, 2)));
        let parts = [scaling.largest(), scaling.rest()];
        cells.extend(parts.map(|part| number(part * 100.0, 1)));
        row(page, &cells);
    }
    let mut cells = vec!["**mean**".to_owned()];
    cells.extend(vec![String::new(); 4]);
    cells.extend((0..=MODELLED.len()).map(|column| {
        bold(mean(modules.iter().map(|(_, scaling)| {
            let mut speedups = speedups(scaling);
            speedups.nth(column).unwrap_or(f64::NAN)
        })))
    }));
    cells.extend([String::new(), String::new()]);
    row(page, &cells);
}

fn titles() -> Vec<String> {
    let mut titles = ["module", "KB", "partitions", "1 thread s", "2 threads s"]
        .map(str::to_owned)
        .to_vec();
    titles.push("times faster: 2".to_owned());
    let [first, others @ ..] = MODELLED;
    titles.push(format!("model: {first}"));
    titles.extend(others.map(|threads| threads.to_string()));
    titles.extend(["largest %", "rest %"].map(str::to_owned));
    titles
}

fn seconds(scaling: &Scaling) -> [f64; 2] {
    [&scaling.one_thread, &scaling.two_threads].map(|series| series.median(Sample::wall_seconds))
}

/// As measured with two threads, then as modelled.
fn speedups(scaling: &Scaling) -> impl Iterator<Item = f64> {
    let [one, two] = seconds(scaling);
    let modelled = MODELLED.into_iter().map(|it| scaling.modelled(it));
    std::iter::once(one / two).chain(modelled)
}

//! The page with the tables.

use std::fmt::Write;

use test_support::measure::geometric_mean;

use crate::{Configuration, Figures, Measured};

const INTRODUCTION: &str = "\
# Code for small devices

A run of the benchmarks writes this page; do not edit it. To repeat the run with your own `wamrc`:

```sh
make bench-devices WAMRC=/path/to/wamrc WASMELT_BENCH_DOCS=docs/benchmarks-devices.md
```

Clang builds the C programs of the tests at `-O2` for `wasm32-wasi`. Both compilers compile them for the
device, and WAMR runs them on `qemu-user`. Bytes are the bytes of code and constants. Instructions are all
instructions that the emulator executes, including the runtime's own, minus those of an empty program. The
programs must print the same as a native build. Ratios are Wasmelt's figure to `wamrc`'s: below 1 is in
favour of Wasmelt. Means of ratios are geometric. A dash in place of a count means that `wamrc`'s code
crashes or prints something else.
";

pub fn page(tables: &[(&Configuration, Vec<Measured>)], compared: bool) -> String {
    let mut page = INTRODUCTION.to_owned();
    for (configuration, rows) in tables.iter().filter(|(_, rows)| !rows.is_empty()) {
        let _ = write!(page, "\n## {}\n\n", configuration.name);
        let _ = writeln!(page, "`{}`\n", configuration.options.join(" "));
        table(&mut page, rows, compared);
    }
    page
}

fn table(page: &mut String, rows: &[Measured], compared: bool) {
    page.push_str(if compared {
        "| program | bytes: Wasmelt | wamrc | ratio | thousand instructions: Wasmelt | wamrc | ratio |\n\
         |---|---:|---:|---:|---:|---:|---:|\n"
    } else {
        "| program | bytes | thousand instructions |\n|---|---:|---:|\n"
    });
    let mut ratios = [Vec::new(), Vec::new()];
    let columns = |it: &Figures| [Some(it.bytes), it.instructions.map(|count| count / 1000)];
    let cell = |value: Option<u64>| value.map_or("–".to_owned(), |value| value.to_string());
    for row in rows {
        let _ = write!(page, "| {} |", row.program);
        let other = row.wamrc.as_ref().map(columns);
        for (column, own) in columns(&row.wasmelt).into_iter().enumerate() {
            let _ = write!(page, " {} |", cell(own));
            if let Some(other) = other {
                let other = other[column];
                let ratio = own.zip(other).map(|(own, other)| own as f64 / other as f64);
                let shown = ratio.map_or("–".to_owned(), |ratio| format!("{ratio:.3}"));
                let _ = write!(page, " {} | {shown} |", cell(other));
                ratios[column].extend(ratio);
            }
        }
        page.push('\n');
    }
    if compared {
        let [bytes, instructions] = ratios.map(|ratios| match ratios.is_empty() {
            true => "–".to_owned(),
            false => format!("**{:.3}**", geometric_mean(ratios)),
        });
        let _ = writeln!(page, "| **mean** | | | {bytes} | | | {instructions} |");
    }
}

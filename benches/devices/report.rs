//! The page with the tables.

use std::fmt::Write;

use test_support::measure::geometric_mean;

use crate::{Configuration, Figures, Measured};

const INTRODUCTION: &str = "\
# Code for small devices

Written by a run of the benchmarks; do not edit. To repeat it, with a `wamrc` of your own:

```sh
make bench-devices WAMRC=/path/to/wamrc WASMELT_BENCH_DOCS=docs/benchmarks-devices.md
```

C programs of the tests, built by clang at `-O2` for `wasm32-wasi`, compiled for the device, and run
by WAMR on `qemu-user`. Bytes are those of code and constants. Instructions are all that the emulator
executed, the runtime's own among them, less what a program without any of its own takes. What they
print is compared with a native build. Ratios are Wasmelt's figure to `wamrc`'s: below 1 is in favour
of Wasmelt; their means are geometric. Where a dash stands in place of a count, the code of `wamrc`
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

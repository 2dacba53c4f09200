//! The page with the tables.

use std::fmt::Write;

use crate::measure::geometric_mean;
use crate::{Configuration, Measured};

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
of Wasmelt; their means are geometric.
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
    for row in rows {
        let _ = write!(page, "| {} |", row.program);
        let own = [row.wasmelt.bytes, row.wasmelt.instructions];
        let other = row.wamrc.as_ref().map(|it| match it {
            Ok(figures) => Some([figures.bytes, figures.instructions]),
            Err(_) => None,
        });
        for (column, own) in own.into_iter().enumerate() {
            let unit = [1, 1000][column];
            let _ = write!(page, " {} |", own / unit);
            match other {
                Some(Some(other)) => {
                    let ratio = own as f64 / other[column] as f64;
                    let _ = write!(page, " {} | {ratio:.3} |", other[column] / unit);
                    ratios[column].push(ratio);
                }
                Some(None) => page.push_str(" – | – |"),
                None => {}
            }
        }
        page.push('\n');
    }
    if compared {
        let [bytes, instructions] = ratios.map(geometric_mean);
        let _ = writeln!(
            page,
            "| **mean** | | | **{bytes:.3}** | | | **{instructions:.3}** |"
        );
        for row in rows {
            if let Some(Err(reason)) = &row.wamrc {
                let reason = reason.lines().next().unwrap_or_default();
                let _ = writeln!(page, "\n`wamrc`'s {} does not run: {reason}.", row.program);
            }
        }
    }
}

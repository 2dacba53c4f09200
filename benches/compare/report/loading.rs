//! What loading the files takes.

use super::{bold, compared, head, mean, number, row};
use crate::compile::Compiled;
use crate::compilers::PerCompiler;
use crate::loading::Loaded;

const TEXT: &str = "
## Loading

The time that WAMR takes to load a file: it reads the sections, copies code and data to their places,
and fills in relocations. The first number of sections is that of the file. The number after the plus is
that of data sections from the object file; each gets its own memory. No host functions are registered
with the runtime. This makes no difference until one is called.
";

pub fn write(page: &mut String, modules: &[Compiled]) {
    let modules: Vec<_> = modules
        .iter()
        .filter_map(|module| module.loaded.as_ref().map(|loaded| (module, loaded)))
        .collect();
    if modules.is_empty() {
        return;
    }
    page.push_str(TEXT);
    let titles = [
        "module",
        "file KB: Wasmelt",
        "wamrc",
        "load ms: Wasmelt",
        "wamrc",
        "ratio",
        "relocations: Wasmelt",
        "wamrc",
        "sections: Wasmelt",
        "wamrc",
    ];
    head(page, &titles.map(str::to_owned));
    for (module, loaded) in &modules {
        let mut cells = vec![module.module.clone()];
        cells.extend(both(loaded, |it| number(it.file_size as f64 / 1e3, 0)));
        cells.extend(both(loaded, |it| number(it.milliseconds(), 3)));
        cells.push(number(ratio(loaded), 2));
        cells.extend(both(loaded, |it| it.relocations.to_string()));
        cells.extend(both(loaded, |it| {
            format!("{} + {}", it.sections, it.data_sections)
        }));
        row(page, &cells);
    }
    let mut cells = vec![String::new(); titles.len()];
    cells[0] = "**mean**".to_owned();
    cells[5] = bold(mean(modules.iter().map(|(_, loaded)| ratio(loaded))));
    row(page, &cells);
}

/// What is written of each compiler's file.
fn both(loaded: &PerCompiler<Loaded>, text: fn(&Loaded) -> String) -> [String; 2] {
    let wamrc = loaded.wamrc.as_ref();
    [
        text(&loaded.wasmelt),
        wamrc.map_or_else(|| number(f64::NAN, 0), text),
    ]
}

fn ratio(loaded: &PerCompiler<Loaded>) -> f64 {
    let [_, _, ratio] = compared(loaded, Loaded::milliseconds);
    ratio
}

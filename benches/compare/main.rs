//! Measures the compiler and the code it makes: time, memory and file size of compiling modules
//! from a few kilobytes to a few megabytes, what lower levels and more threads bring, the time of loading
//! the files, and the time that compiled C programs take on WAMR. If the environment variable
//! `WASMELT_BENCH_LARGE` is set, it measures modules of up to tens of megabytes instead.
//!
//! In: the programs of `tests/` and `benches/programs/`, the modules that `make third-party`
//! downloads, and, if environment variables name them, the build of the compiler to measure
//! (`WASMELT_BENCH_COMPILER`; or else that of the benchmark itself), and other compilers to compare with:
//! a `wamrc` (`WAMRC`) and the program of `benches/wasmtime-reference` (`WASMELT_BENCH_WASMTIME`). Out:
//! Markdown on standard output, and in the file named by `WASMELT_BENCH_DOCS`, with a plot beside it.
//! Arguments are parts of names: only what has one of them in its name is measured. Subtle is fairness
//! on a busy machine: what is compared runs in turns, and CPU time counts more than time on the wall.

mod compile;
mod compilers;
mod loading;
mod plot;
mod report;
mod run;
mod scaling;

use std::path::Path;
use std::process::ExitCode;

use test_support::arguments::Arguments;
use test_support::{Outcome, Paths, guest};

use compile::Corpus;
use compilers::Compilers;

/// Where Cargo has put the `wasmelt` command and its folder for temporary files.
const PATHS: Paths = test_support::paths!();

fn main() -> ExitCode {
    guest::serve(&[
        (loading::ROLE, loading::load),
        (scaling::ROLE, scaling::compile),
    ]);
    Arguments::serve(measure_all)
}

fn measure_all(arguments: &Arguments) -> Outcome {
    let page_path = arguments.page()?;
    let wants = |name: &str| arguments.wants(name);
    let compilers = Compilers::find()?;
    let machine = report::machine();
    let corpus = Corpus::wanted();
    let modules = compile::measure(&compilers, corpus, &wants)?;
    let programs = match corpus {
        Corpus::Usual => run::measure(&compilers, &wants)?,
        Corpus::Large => Vec::new(),
    };
    // A plot of what is not written down is still worth a look.
    let plot = page_path.as_ref().map_or_else(
        || PATHS.temporary().join("benchmarks.svg"),
        |page| page.with_extension("svg"),
    );
    let plot_name = plot.file_name().unwrap_or_default().to_string_lossy();
    let page = report::page(
        &machine, &compilers, corpus, &modules, &programs, &plot_name,
    );
    print!("{page}");
    if let Some(path) = page_path {
        write(&path, &page)?;
    }
    if !programs.is_empty() {
        write(&plot, &plot::plot(&programs))?;
        eprintln!("the plot is in {}", plot.display());
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Outcome {
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

//! The C programs compiled for target after target, direct and in place, with default options: what
//! a file leaves to the loader must be calls of functions that the runtime for that target knows,
//! and a file to be executed in place leaves nothing. Nothing is executed here.
//!
//! In: the programs of `tests/programs/`, built for wasm by clang. Out: one test for each target: a
//! few that stand for all or, for `make sweep-targets`, every target that there is. The latter also
//! writes what it finds into the page that `WASMELT_TARGETS_PAGE` names; targets that a filter on
//! the command line leaves out keep the rows that they have there.

mod compile;
mod executed;
mod page;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use libtest_mimic::{Arguments, Trial};
use test_support::names::distinct;
use test_support::programs::{PROGRAMS, Program};
use test_support::{Outcome, Paths, package_file};
use wasmelt::targets::{Target, supported_names};

use compile::Code;
use executed::Execution;
use page::{Found, Rows};

/// Where Cargo has put the `wasmelt` command and its folder for temporary files.
const PATHS: Paths = test_support::paths!();

/// One of each family and instruction set, some of them big-endian.
const REPRESENTATIVES: &[&str] = &[
    "x86_64",
    "i386",
    "xtensa",
    "mips",
    "aarch64v8",
    "aarch64_bev8",
    "armv4",
    "thumbv6m",
    "thumbv7m",
    "riscv32",
    "riscv64",
];

/// Without a sweep, each target gets one program in so many.
const SHARE: usize = 8;

/// What this run has found.
static FOUND: Mutex<Rows> = Mutex::new(Rows::new());

fn main() -> ExitCode {
    let page = std::env::var_os("WASMELT_TARGETS_PAGE").map(PathBuf::from);
    let names = if page.is_some() {
        supported_names()
    } else {
        REPRESENTATIVES.iter().map(ToString::to_string).collect()
    };
    let mut trials = Vec::new();
    if page.is_none() {
        trials.push(Trial::test("page", || Ok(page_is_current()?)));
    }
    for (number, (target, names)) in distinct(names).into_iter().enumerate() {
        let programs: Vec<&Program> = if page.is_some() {
            PROGRAMS.iter().collect()
        } else {
            // Each program has its turn, on a few targets.
            PROGRAMS
                .iter()
                .skip(number % SHARE)
                .step_by(SHARE)
                .collect()
        };
        trials.push(Trial::test(names.join("+"), move || {
            Ok(compiles(&programs, &target, &names)?)
        }));
    }
    let status = libtest_mimic::run(&Arguments::from_args(), trials).exit_code();
    match page.map(|page| update(&page)) {
        Some(Err(message)) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
        Some(Ok(())) | None => status,
    }
}

/// Compiles programs for one target, and keeps what comes of it under each of its names.
fn compiles(programs: &[&Program], target: &Target, names: &[String]) -> Outcome {
    let compile = |code| compile::all(programs.iter().copied(), target, &names[0], code);
    let (direct, in_place) = (compile(Code::Direct)?, compile(Code::InPlace)?);
    let found = Found::new(&direct, &in_place);
    let rows = names.iter().map(|name| (name.clone(), found.clone()));
    FOUND
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .extend(rows);

    let mut defects = direct.defects(target, Code::Direct);
    defects.extend(in_place.defects(target, Code::InPlace));
    if defects.is_empty() {
        Ok(())
    } else {
        Err(defects.join("\n"))
    }
}

fn read(path: &Path) -> Outcome<String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// What was executed is taken from the tables that the runner of the specification's scripts writes.
fn with_rows(page: &str, rows: &Rows) -> Outcome<String> {
    let coverage = read(&package_file("docs/spec-coverage.md"))?;
    page::with_rows(page, rows, |name| Execution::of(name, page, &coverage))
}

/// The page must have all targets and nothing else, as the sweep writes it.
fn page_is_current() -> Outcome {
    let page = read(&package_file("docs/targets.md"))?;
    if with_rows(&page, &page::read(&page)?)? == page {
        Ok(())
    } else {
        Err("`make sweep-targets TARGETS=none` updates docs/targets.md".to_owned())
    }
}

/// Puts what was found into the page.
fn update(path: &Path) -> Outcome {
    let page = read(path)?;
    let mut rows = page::read(&page)?;
    rows.append(&mut FOUND.lock().unwrap_or_else(PoisonError::into_inner));
    std::fs::write(path, with_rows(&page, &rows)?)
        .map_err(|error| format!("{}: {error}", path.display()))
}

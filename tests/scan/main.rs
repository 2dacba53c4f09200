//! The scan: how compile time grows with the size of a function or a module.
//!
//! Each case is a chain of operators ([`chains`]) or a control shape ([`shapes`], and the modules of
//! `tests/stress`), made in sizes n, 2n and 4n. If compile time grows with the power `e` of the size, doubling the
//! size takes 2^e times as long: `e` is the *exponent*. More than [`LIMIT`] is a finding.
//!
//! There are two ways to run it:
//!
//! - Ordinarily, a fixed sample ([`sample`]) is judged by the instructions that the compiler executes, which
//!   an emulator counts: the result is the same on a busy machine.
//! - With `WASMELT_SCAN` in the environment (`make scan`), all cases are judged by the processor time of the
//!   process that compiles, at every level of [`full::LEVELS`] and for every target of [`full::TARGETS`].
//!   Arguments are parts of names of cases; these variables choose among the measurements:
//!   `WASMELT_SCAN_KINDS`, `WASMELT_SCAN_TARGETS` and `WASMELT_SCAN_LEVELS`, and `WASMELT_SCAN_PART=I/N`, every
//!   Nth from the Ith. Measurements in the file `WASMELT_SCAN_RESULTS` are not repeated, and new ones are
//!   added to it ([`results`]). `WASMELT_SCAN=write` puts the table of all of them into
//!   docs/performance.md.

mod chains;
mod full;
mod page;
mod results;
mod sample;
mod shapes;

use std::process::ExitCode;

use test_support::{Outcome, Paths, guest, large_modules};

const PATHS: Paths = test_support::paths!();

/// An exponent above this is a finding.
const LIMIT: f64 = 1.3;

/// The kinds of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Operator,
    Pair,
    Shape,
}

impl Kind {
    const ALL: [Kind; 3] = [Kind::Operator, Kind::Pair, Kind::Shape];

    fn name(self) -> &'static str {
        match self {
            Kind::Operator => "operator",
            Kind::Pair => "pair",
            Kind::Shape => "shape",
        }
    }
}

/// Something to compile in any size.
struct Case {
    name: String,
    kind: Kind,
    make: Make,
}

enum Make {
    Chain(chains::Chain),
    Text(fn(u32) -> String),
    Stress(fn(u32) -> Vec<u8>),
}

impl Case {
    /// All cases, operators first.
    fn all() -> Vec<Case> {
        let chain = |kind| {
            move |chain: chains::Chain| Case {
                name: chain.name.clone(),
                kind,
                make: Make::Chain(chain),
            }
        };
        let shapes = shapes::ALL.iter().map(|shape| Case {
            name: shape.name.to_owned(),
            kind: Kind::Shape,
            make: Make::Text(shape.text),
        });
        let stress = large_modules::ALL.iter().map(|stress| Case {
            name: format!("stress-{}", stress.name),
            kind: Kind::Shape,
            make: Make::Stress(stress.make),
        });
        chains::operators()
            .into_iter()
            .map(chain(Kind::Operator))
            .chain(chains::pairs().into_iter().map(chain(Kind::Pair)))
            .chain(shapes)
            .chain(stress)
            .collect()
    }

    fn find(name: &str) -> Outcome<Case> {
        Case::all()
            .into_iter()
            .find(|case| case.name == name)
            .ok_or_else(|| format!("no case is called {name}"))
    }

    /// The module in this size.
    fn wasm(&self, size: u32) -> Outcome<Vec<u8>> {
        let text = match &self.make {
            Make::Chain(chain) => chains::module(chain, size),
            Make::Text(text) => text(size),
            Make::Stress(make) => return Ok(make(size)),
        };
        wat::parse_str(&text).map_err(|error| format!("{}: {error}", self.name))
    }
}

fn main() -> ExitCode {
    guest::serve(&[("measure", full::measure), ("write", write)]);
    match std::env::var("WASMELT_SCAN") {
        Ok(how) => full::run(how == "write"),
        Err(_) => sample::run(),
    }
}

/// A guest's role: `CASE SIZE FILE` writes the module, to look at it.
fn write(args: &[String]) -> Outcome<i32> {
    let [name, size, file] = args else {
        return Err("which case, size and file?".to_owned());
    };
    let size = size.parse().map_err(|_| format!("{size} is no number"))?;
    let wasm = Case::find(name)?.wasm(size)?;
    std::fs::write(file, wasm).map_err(|error| error.to_string())?;
    Ok(0)
}

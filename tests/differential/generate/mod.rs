//! The generators: a module for every seed.

mod edge_loads;
mod operators;
mod program;
mod recursion;
mod smith;

use crate::case::Case;
use crate::common::Outcome;

pub struct Generator {
    pub name: &'static str,
    pub make: fn(u64) -> Outcome<Case>,
    /// How many seeds every test run takes.
    pub seeds: u64,
}

pub const GENERATORS: &[Generator] = &[
    Generator {
        name: "smith",
        make: smith::closed,
        seeds: 20,
    },
    Generator {
        name: "smith-imports",
        make: smith::with_imports,
        seeds: 6,
    },
    Generator {
        name: "floats",
        make: program::floats,
        seeds: 20,
    },
    Generator {
        name: "dead-loads",
        make: program::dead_loads,
        seeds: 20,
    },
    Generator {
        name: "edge-loads",
        make: edge_loads::make,
        seeds: 12,
    },
    Generator {
        name: "control",
        make: program::control,
        seeds: 14,
    },
    Generator {
        name: "calls",
        make: program::calls,
        seeds: 12,
    },
    Generator {
        name: "recursion",
        make: recursion::endless,
        seeds: 3,
    },
];

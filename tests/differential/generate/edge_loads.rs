//! Functions made of loads around the end of the memory, of whose values little or nothing is used:
//! dropped, masked, shifted, summed up, used on one way only. Every such load must trap all the same.
//!
//! A load that is gone shows only where none of its neighbours traps in its stead. So the addresses
//! that a function takes are parameters ([`BASES`]), of which a call moves one to the edge; a function
//! notes where accesses end, seen from there ([`Function::ends`]); and a call chooses an end and goes
//! too far for it, most often by as little as one byte: that also finds loads of fewer bytes than the
//! program says. Four in ten calls do not trap: they show wrong results, and traps out of nowhere.
//!
//! Nothing else traps. NaNs that arithmetic makes are only looked at in ways that tell nothing of
//! their signs and payloads.

mod atomic;
mod bulk;
mod function;
mod vocabulary;

use std::fmt::Write;

use test_support::Outcome;
use wamr_host::Val;

use atomic::without_atomics;
use bulk::{SEGMENT, SEGMENT_BYTES};
use function::{BASES, Function, Made};

use crate::case::{Call, Case, Nans};
use crate::random::Random;

const MEMORY: isize = 65_536;
/// How many bytes at either end of the memory are not zero.
const DATA: isize = 512;
const FUNCTIONS: usize = 8;
/// Of each function.
const CALLS: usize = 8;
/// How many of a hundred calls go too far for the access they choose. As many trap in the end: some of
/// those accesses happen on one way only, but others may end further on.
const TOO_FAR: usize = 60;

pub fn make(seed: u64) -> Outcome<Case> {
    module(seed, true)
}

/// Modules without vectors, for a machine whose runtime has none.
pub fn make_scalar(seed: u64) -> Outcome<Case> {
    module(seed, false)
}

fn module(seed: u64, vectors: bool) -> Outcome<Case> {
    let mut random = Random::new(seed);
    let mut functions: Vec<Made> = Vec::new();
    for _ in 0..FUNCTIONS {
        let made = Function::new(&mut random, vectors, &functions).make();
        functions.push(made);
    }
    let mut text = format!(
        "(module\n  (import \"host\" \"i32\" (func $host (param i32) (result i32)))\n  \
         (memory (export \"memory\") 1 1)\n  \
         (global $g (export \"g\") (mut i32) (i32.const 0))\n  \
         (global $h (export \"h\") (mut i64) (i64.const 0))\n  \
         (data (i32.const 0) \"{}\")\n  (data (i32.const {}) \"{}\")\n  \
         (data {SEGMENT} \"{}\")\n",
        bytes(&mut random, DATA as usize),
        MEMORY - DATA,
        bytes(&mut random, DATA as usize),
        bytes(&mut random, SEGMENT_BYTES),
    );
    for (index, function) in functions.iter().enumerate() {
        let body = &function.text;
        let _ = writeln!(text, "  (func $f{index} (export \"f{index}\"){body}");
    }
    text.push_str(")\n");
    let without_atomics = wat::parse_str(without_atomics(&text))
        .map_err(|error| format!("for the other engine: {error}\n{text}"))?;
    let mut case = Case::from_text(text, Nans::Exact, seed)?;
    case.without_atomics = Some(without_atomics);
    case.calls.clear();
    for (index, function) in functions.iter().enumerate() {
        for _ in 0..CALLS {
            case.calls.push(Call {
                function: format!("f{index}"),
                args: arguments(&mut random, &function.ends),
            });
        }
    }
    Ok(case)
}

/// Bytes in which zeros and ones are frequent: what operations take for nothing, or all.
fn bytes(random: &mut Random, count: usize) -> String {
    (0..count)
        .map(|_| match random.below(5) {
            0 => "\\00".to_owned(),
            1 => "\\01".to_owned(),
            2 => "\\ff".to_owned(),
            _ => format!("\\{:02x}", random.below(256)),
        })
        .collect()
}

/// Arguments with one address at the edge, if there is any that is used.
fn arguments(random: &mut Random, ends: &[Vec<isize>; BASES]) -> Vec<Val> {
    // By how many bytes an access is too far.
    const OUT: [isize; 12] = [1, 1, 1, 1, 2, 3, 4, 7, 8, 15, 16, 64];
    const IN: [isize; 8] = [0, 0, 0, 0, -1, -3, -8, -16];
    let mut address: [isize; BASES] = std::array::from_fn(|base| {
        let last = ends[base].iter().max().copied().unwrap_or_default();
        MEMORY - last - random.below(40) as isize
    });
    let used: Vec<usize> = (0..BASES).filter(|base| !ends[*base].is_empty()).collect();
    if !used.is_empty() {
        let base = *random.pick(&used);
        let ends = &ends[base];
        let last = ends.iter().max().copied().unwrap_or_default();
        let end = if random.chance(60) {
            last
        } else {
            *random.pick(ends)
        };
        let too_far = if random.chance(TOO_FAR) {
            *random.pick(&OUT)
        } else {
            *random.pick(&IN)
        };
        address[base] = MEMORY - end + too_far;
        // As far out as an index can be.
        if random.chance(3) {
            address[base] = -1 - random.below(64) as isize;
        }
    }
    let mut values: Vec<Val> = address
        .iter()
        .map(|address| Val::I32(*address as i32))
        .collect();
    values.push(Val::I32(*random.pick(&[0, 0, 1, 8, 31, -1])));
    values.push(Val::I64(*random.pick(&[0, 1, -1, 1 << 40])));
    values
}

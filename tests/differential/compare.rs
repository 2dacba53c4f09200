//! Whether two engines agree about a case.
//!
//! Results agree bit by bit, where the specification determines the bits: a NaN that arithmetic
//! makes may have any sign and payload, but must be quiet ([`Nans::Open`]). How deep calls may
//! nest, it leaves open: if our stack ends where the other engine's does not, nothing follows. The
//! other engine's is the larger one, and ours must then end as well. What state an instance is in
//! after that, nobody can say. After any other trap it is determined, with one licence we take: see
//! [`Mode::precise_traps`].

use wamr_host::Val;

use crate::case::{Case, Nans};
use crate::engine::compiled::Compiled;
use crate::engine::reference::Reference;
use crate::engine::{Host, State, Step, Trap, trace, wasmtime};
use crate::mode::Mode;

pub enum Verdict {
    Same,
    /// The case says nothing, for this reason.
    Unknown(String),
    /// The differences, one sentence each.
    Different(Vec<String>),
}

/// Runs `case` in each of `modes`, which are either all for this machine or all for devices.
pub fn run(case: &Case, modes: &[Mode]) -> Verdict {
    let host = if modes.iter().any(|mode| mode.device().is_some()) {
        Host::Zero
    } else {
        Host::Mixed
    };
    let expected = if case.proposals.is_empty() {
        Reference::new(case, host).map(|reference| trace(case, || reference.instantiate()))
    } else {
        wasmtime::trace(case)
    };
    let expected = match expected {
        Ok(expected) => expected,
        Err(error) => return Verdict::Unknown(format!("the other engine: {error}")),
    };
    let mut differences = Vec::new();
    let mut unknown = None;
    for &mode in modes {
        let result = match Compiled::new(case, mode) {
            Ok(compiled) => {
                let found = trace(case, || compiled.instantiate());
                compare(case.nans, mode, &expected, &found)
            }
            Err(error) => Err(error),
        };
        match result {
            Ok(true) => {}
            Ok(false) => unknown = Some(format!("{mode}: one of the stacks is too small")),
            Err(difference) => differences.push(format!("{mode}: {difference}")),
        }
    }
    match unknown {
        _ if !differences.is_empty() => Verdict::Different(differences),
        Some(reason) => Verdict::Unknown(reason),
        None if expected.is_empty() => Verdict::Unknown("no function to call".to_owned()),
        None => Verdict::Same,
    }
}

/// Whether everything could be compared; an error is a difference.
fn compare(nans: Nans, mode: Mode, expected: &[Step], found: &[Step]) -> Result<bool, String> {
    for (number, (left, right)) in expected.iter().zip(found).enumerate() {
        let differs = |what: String| format!("step {number}, {:?}: {what}", right.call);
        match (&left.outcome, &right.outcome) {
            (Err(Trap::Stack), Err(Trap::Stack)) => continue,
            (_, Err(Trap::Stack)) => return Ok(false),
            (Ok(expected), Ok(found)) if same_values(nans, expected, found) => {}
            (Err(expected), Err(found)) if expected == found => {}
            // Not every engine says why it makes no instance.
            (Err(_), Err(_)) if left.call.is_none() && right.call.is_none() => {}
            (Err(Trap::Memory), Err(found))
                if !mode.precise_traps() && !matches!(found, Trap::Refused | Trap::Lost) => {}
            (Err(Trap::Memory), Ok(found)) => {
                return Err(differs(format!("trap lost, found {found:x?}")));
            }
            (expected, found) => {
                return Err(differs(format!("expected {expected:x?}, found {found:x?}")));
            }
        }
        if let (Some(expected), Some(found)) = (&left.state, &right.state)
            && (left.outcome.is_ok() || mode.precise_traps())
        {
            same_state(nans, expected, found).map_err(differs)?;
        }
    }
    if expected.len() == found.len() {
        Ok(true)
    } else {
        Err(format!("{} steps, not {}", found.len(), expected.len()))
    }
}

fn same_state(nans: Nans, expected: &State, found: &State) -> Result<(), String> {
    if expected.globals.len() != found.globals.len() || expected.tables != found.tables {
        return Err(format!(
            "globals and tables: expected {:x?} {:?}, found {:x?} {:?}",
            expected.globals, expected.tables, found.globals, found.tables
        ));
    }
    for ((name, expected), (_, found)) in expected.globals.iter().zip(&found.globals) {
        if !same_value(nans, *expected, *found) {
            return Err(format!(
                "global {name}: expected {expected:x?}, found {found:x?}"
            ));
        }
    }
    if expected.memory == found.memory {
        return Ok(());
    }
    let at = expected
        .memory
        .iter()
        .zip(&found.memory)
        .position(|(expected, found)| expected != found);
    Err(match at {
        Some(at) => format!(
            "memory at {at:#x}: expected {:#x}, found {:#x}",
            expected.memory[at], found.memory[at]
        ),
        None => format!(
            "memory size: expected {:#x}, found {:#x}",
            expected.memory.len(),
            found.memory.len()
        ),
    })
}

fn same_values(nans: Nans, expected: &[Val], found: &[Val]) -> bool {
    expected.len() == found.len()
        && expected
            .iter()
            .zip(found)
            .all(|(expected, found)| same_value(nans, *expected, *found))
}

fn same_value(nans: Nans, expected: Val, found: Val) -> bool {
    if expected == found {
        return true;
    }
    match (expected, found) {
        (Val::F32(left), Val::F32(right)) if nans == Nans::Open => {
            const QUIET: u32 = 1 << 22;
            f32::from_bits(left).is_nan()
                && f32::from_bits(right).is_nan()
                && left & QUIET == right & QUIET
        }
        (Val::F64(left), Val::F64(right)) if nans == Nans::Open => {
            const QUIET: u64 = 1 << 51;
            f64::from_bits(left).is_nan()
                && f64::from_bits(right).is_nan()
                && left & QUIET == right & QUIET
        }
        _ => false,
    }
}

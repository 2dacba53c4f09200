//! AArch64 instructions.

use super::state::{Flow, Instruction, Instructions, State, Sum, number, operands};

pub struct Aarch64;

const SP: usize = 31;
/// Reads as zero.
const ZERO: usize = 32;
const X1: usize = 1;
const KEPT: &[usize] = &[19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 31, 32];

fn register(name: &str) -> Option<usize> {
    match name {
        "sp" | "wsp" => Some(SP),
        "xzr" | "wzr" => Some(ZERO),
        _ => {
            let number = name.strip_prefix(['x', 'w'])?.parse().ok()?;
            (number < 31).then_some(number)
        }
    }
}

/// The bytes of a register by its name.
fn register_width(name: &str) -> Option<u64> {
    Some(match name.as_bytes().first()? {
        b'b' => 1,
        b'h' => 2,
        b's' if name != "sp" => 4,
        b'w' => 4,
        b'd' | b'x' => 8,
        b'q' => 16,
        _ => return None,
    })
}

/// The bytes of one element of vectors named like `v0.4s` or `v0.s`.
fn element_width(arrangement: &str) -> Option<u64> {
    Some(match arrangement.as_bytes().last()? {
        b'b' => 1,
        b'h' => 2,
        b's' => 4,
        b'd' => 8,
        _ => return None,
    })
}

/// The bytes that `mnemonic` accesses with its first operand, `value`, in all.
fn width(mnemonic: &str, parts: &[&str]) -> Option<u64> {
    let value = parts.first()?;
    if let Some(list) = value.strip_prefix('{') {
        let (names, lane) = list.split_once('}')?;
        let names: Vec<&str> = names.split(',').map(str::trim).collect();
        let arrangement = names[0].split_once('.')?.1;
        let element = element_width(arrangement)?;
        let replicates = mnemonic.ends_with('r');
        let elements = match lane.is_empty() && !replicates {
            true => arrangement[..arrangement.len() - 1].parse::<u64>().ok()?,
            false => 1,
        };
        let structure: u64 = mnemonic[2..3].parse().ok()?;
        // Lists of several registers of `ld1` are filled one after the other.
        let registers = if structure == 1 {
            names.len() as u64
        } else {
            structure
        };
        return (mnemonic.starts_with("ld") || mnemonic.starts_with("st"))
            .then_some(element * elements * registers);
    }
    // `stxr` and its like begin with the status, `cas` and `ldadd` have two values.
    let exclusive_store = ["stxr", "stlxr", "stxp", "stlxp"]
        .iter()
        .any(|it| mnemonic.starts_with(it));
    let value = if exclusive_store {
        parts.get(1)?
    } else {
        value
    };
    let narrow = |base: &str| match mnemonic.strip_prefix(base) {
        Some("b" | "sb") => Some(1),
        Some("h" | "sh") => Some(2),
        Some("sw") => Some(4),
        Some("") => register_width(value),
        _ => None,
    };
    if matches!(mnemonic, "ldpsw") {
        return Some(8);
    }
    if matches!(
        mnemonic,
        "ldp" | "stp" | "ldnp" | "stnp" | "ldxp" | "ldaxp" | "stxp" | "stlxp"
    ) {
        return Some(2 * register_width(value)?);
    }
    const SINGLE: [&str; 18] = [
        "ldr", "ldur", "str", "stur", "ldar", "ldapr", "ldapur", "stlr", "stlur", "ldxr", "ldaxr",
        "stxr", "stlxr", "swp", "swpal", "swpa", "cas", "casal",
    ];
    if let Some(bytes) = SINGLE.iter().find_map(|base| narrow(base)) {
        return Some(bytes);
    }
    const ATOMIC: [&str; 5] = ["ldadd", "ldclr", "ldset", "ldeor", "ldumax"];
    ATOMIC.iter().find_map(|base| {
        let rest = mnemonic.strip_prefix(base)?.trim_start_matches(['a', 'l']);
        match rest {
            "b" => Some(1),
            "h" => Some(2),
            "" => register_width(value),
            _ => None,
        }
    })
}

impl Instructions for Aarch64 {
    fn entry(&self) -> State {
        let mut state = State::new(SP, X1);
        state.set(ZERO, Some(Sum::constant(0)));
        state
    }

    fn kept(&self) -> &'static [usize] {
        KEPT
    }

    fn execute(&self, instruction: &Instruction, state: &mut State) -> Result<Flow, String> {
        let text = instruction.text.as_str();
        let (mnemonic, rest) = text.split_once(' ').unwrap_or((text, ""));
        let parts = operands(rest);
        let target = || {
            let last = parts.last().and_then(|part| number(part));
            last.map(|distance| distance as i64)
                .ok_or_else(|| text.to_owned())
        };
        match mnemonic {
            "ret" | "retaa" => return Ok(Flow::Return),
            "b" => return Ok(Flow::Jump(target()?)),
            "br" => return Ok(Flow::JumpElsewhere),
            "bl" => return Ok(Flow::Call(target()?)),
            "blr" => return Ok(Flow::CallElsewhere),
            "brk" | "udf" => return Ok(Flow::Trap),
            "cbz" | "cbnz" | "tbz" | "tbnz" => return Ok(Flow::Branch(target()?)),
            _ if mnemonic.starts_with("b.") || mnemonic.starts_with("bc.") => {
                return Ok(Flow::Branch(target()?));
            }
            // Compare and branch.
            _ if mnemonic.starts_with("cb") && parts.len() == 3 => {
                return Ok(Flow::Branch(target()?));
            }
            _ => {}
        }
        if let Some(at) = parts.iter().position(|part| part.starts_with('[')) {
            access(mnemonic, &parts, at, text, state)?;
        } else if writes_register(mnemonic) {
            compute(mnemonic, &parts, state);
        }
        state.set(ZERO, Some(Sum::constant(0)));
        Ok(Flow::Next)
    }
}

fn value(text: &str, state: &State) -> Option<Sum> {
    match register(text) {
        Some(register) => state.get(register),
        None => number(text).map(Sum::constant),
    }
}

/// Does a load or store; `at` is the operand with the address.
fn access(
    mnemonic: &str,
    parts: &[&str],
    at: usize,
    text: &str,
    state: &mut State,
) -> Result<(), String> {
    if mnemonic.starts_with("prf") {
        return Ok(());
    }
    let before = parts[at].ends_with('!');
    let inside = parts[at].trim_matches(['[', ']', '!']);
    let mut inner = operands(inside);
    let base = register(inner.remove(0)).ok_or_else(|| format!("{text}: no base"))?;
    let offset = match inner[..] {
        [] => Some(Sum::constant(0)),
        [offset] => value(offset, state),
        [offset, extension] => {
            let by = extension
                .split_once('#')
                .map_or(0, |(_, by)| by.parse().unwrap_or(0));
            value(offset, state).map(|offset| offset.times(1 << by))
        }
        _ => None,
    };
    let sum = state
        .get(base)
        .zip(offset)
        .map(|(base, offset)| base.plus(offset));
    // Behind the address stands what is added to it after the access.
    let after = parts.get(at + 1).map(|part| value(part, state));
    let address = if after.is_some() {
        state.get(base)
    } else {
        sum
    };
    // Under a predicate, elements may be left out.
    if parts
        .iter()
        .any(|part| part.starts_with('p') && part.contains('/'))
        || (parts.len() > 2 && parts[1].starts_with('p'))
    {
        return Ok(());
    }
    let Some(bytes) = width(mnemonic, parts) else {
        return Err(format!("unknown instruction {text}"));
    };
    let pair = mnemonic.contains('p') && at == 2 && !mnemonic.starts_with("swp");
    if mnemonic.starts_with("st") {
        if pair {
            for (part, number) in parts.iter().zip(0..2) {
                let offset = Sum::constant(number * i128::from(bytes / 2));
                let address = address.map(|address| address.plus(offset));
                let stored = value(part, state);
                state.store(address, bytes / 2, stored);
            }
        } else {
            let stored = value(parts[0], state);
            state.store(address, bytes, stored);
        }
        if mnemonic.contains("xr")
            && let Some(status) = register(parts[0])
        {
            state.set(status, None);
        }
    } else {
        let count = if pair { 2 } else { 1 };
        let each = bytes / count;
        let loaded: Vec<Option<Sum>> = (0..count)
            .map(|number| {
                let address = address.map(|it| it.plus(Sum::constant((number * each).into())));
                state.load(address, each)
            })
            .collect();
        for part in &parts[..at] {
            if let Some(register) = register(part) {
                state.set(register, None);
            }
        }
        if matches!(mnemonic, "ldr" | "ldur" | "ldp" | "ldar" | "ldapr") {
            for (part, loaded) in parts.iter().zip(loaded) {
                if let Some(register) = register(part) {
                    state.set(register, loaded);
                }
            }
        }
    }
    if let Some(after) = after {
        let sum = state
            .get(base)
            .zip(after)
            .map(|(base, after)| base.plus(after));
        state.set(base, sum);
    } else if before {
        state.set(base, sum);
    }
    Ok(())
}

fn writes_register(mnemonic: &str) -> bool {
    !matches!(
        mnemonic,
        "cmp" | "cmn" | "tst" | "ccmp" | "ccmn" | "fcmp" | "fcmpe" | "nop" | "msr" | "dmb" | "isb"
    )
}

fn compute(mnemonic: &str, parts: &[&str], state: &mut State) {
    let Some(result) = parts.first().and_then(|part| register(part)) else {
        return;
    };
    let operand = |at: usize| {
        let sum = parts.get(at).and_then(|part| value(part, state))?;
        let by = match parts.get(at + 1) {
            Some(shift) => {
                let (kind, by) = shift.split_once(' ').unwrap_or((shift, "#0"));
                match kind {
                    "lsl" | "uxtw" | "uxtx" | "sxtw" => number(by)?,
                    _ => return None,
                }
            }
            None => 0,
        };
        Some(sum.times(1 << by))
    };
    let first = parts.get(1).and_then(|part| value(part, state));
    let sum = match mnemonic {
        "mov" => first,
        "add" => first.zip(operand(2)).map(|(a, b)| a.plus(b)),
        "sub" => first.zip(operand(2)).map(|(a, b)| a.plus(b.times(-1))),
        "lsl" => first
            .zip(parts.get(2).and_then(|part| number(part)))
            .map(|(a, by)| a.times(1 << by)),
        _ => None,
    };
    state.set(result, sum);
}

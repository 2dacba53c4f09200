//! x86-64 instructions, in Intel's syntax.

use super::state::{Flow, Instruction, Instructions, State, Sum, number, operands};

pub struct X86_64;

const RAX: usize = 0;
const RDX: usize = 2;
const RBX: usize = 3;
const RSP: usize = 4;
const RBP: usize = 5;
const RSI: usize = 6;
const KEPT: &[usize] = &[RBX, RSP, RBP, 12, 13, 14, 15];

/// A general-purpose register and its bytes.
fn register(name: &str) -> Option<(usize, u64)> {
    const OLD: [&str; 8] = ["ax", "cx", "dx", "bx", "sp", "bp", "si", "di"];
    if let Some(rest) = name
        .strip_prefix('r')
        .filter(|it| it.starts_with(|c: char| c.is_ascii_digit()))
    {
        let digits = rest.trim_end_matches(['d', 'w', 'b']);
        let bytes = match &rest[digits.len()..] {
            "d" => 4,
            "w" => 2,
            "b" => 1,
            _ => 8,
        };
        return Some((digits.parse().ok().filter(|number| *number < 32)?, bytes));
    }
    let (rest, bytes) = match name.as_bytes() {
        [b'r', _, _] => (&name[1..], 8),
        [b'e', _, _] => (&name[1..], 4),
        _ => (name, 2),
    };
    if let Some(number) = OLD.iter().position(|old| *old == rest) {
        return Some((number, bytes));
    }
    let low = OLD.iter().position(|old| match old.strip_suffix('x') {
        Some(letter) => matches!(name.strip_prefix(letter), Some("l" | "h")),
        None => name.strip_suffix('l') == Some(*old),
    });
    low.map(|number| (number, 1))
}

/// The bytes of a memory operand like `dword ptr [rdi + 4*rsi - 8]`; `None` if it is none, 0 if it does
/// not say.
fn width(operand: &str) -> Option<u64> {
    if !operand.contains('[') {
        return None;
    }
    let keyword = operand
        .split_once(" ptr ")
        .map_or("", |(keyword, _)| keyword);
    Some(match keyword {
        "byte" => 1,
        "word" => 2,
        "dword" => 4,
        "qword" => 8,
        "tbyte" => 10,
        "xmmword" => 16,
        "ymmword" => 32,
        "zmmword" => 64,
        _ => 0,
    })
}

/// The sum in brackets.
fn address(operand: &str, state: &State) -> Option<Sum> {
    let inside = operand.split_once('[')?.1.split_once(']')?.0;
    let inside = inside.replace(" - ", " + -");
    let mut sum = Sum::default();
    for term in inside.split(" + ") {
        let (factor, term) = term.split_once('*').unwrap_or(("1", term));
        let value = match register(term) {
            Some((register, _)) => state.get(register)?,
            None => Sum::constant(number(term)?),
        };
        sum = sum.plus(value.times(number(factor)?));
    }
    Some(sum)
}

fn value(operand: &str, state: &State) -> Option<Sum> {
    match register(operand) {
        Some((register, bytes)) => state.get(register).filter(|_| bytes >= 4),
        None => number(operand).map(Sum::constant),
    }
}

/// Instructions whose first operand is no result.
fn writes_nothing(mnemonic: &str) -> bool {
    matches!(mnemonic, "cmp" | "test" | "bt" | "nop" | "push" | "out")
        || mnemonic.starts_with("ccmp")
        || mnemonic.starts_with("ctest")
}

/// Whether elements may be left out, or an access does not take place: under a mask, with indices, or
/// on a condition.
fn may_skip(mnemonic: &str, text: &str) -> bool {
    let masked = text.match_indices("{k").next().is_some();
    masked
        || ["maskmov", "gather", "scatter", "compress", "expand"]
            .iter()
            .any(|it| mnemonic.contains(it))
        || mnemonic.starts_with("cfcmov")
        || mnemonic.starts_with("rep")
}

impl Instructions for X86_64 {
    fn entry(&self) -> State {
        State::new(RSP, RSI)
    }

    fn kept(&self) -> &'static [usize] {
        KEPT
    }

    fn execute(&self, instruction: &Instruction, state: &mut State) -> Result<Flow, String> {
        let text = instruction.text.as_str();
        let text = text
            .trim_start_matches("{nf} ")
            .trim_start_matches("{evex} ");
        let (mnemonic, rest) = text.split_once(' ').unwrap_or((text, ""));
        let (mnemonic, rest) = match mnemonic {
            "lock" | "notrack" => rest.split_once(' ').unwrap_or((rest, "")),
            _ => (mnemonic, rest),
        };
        let parts = operands(rest);
        let target = parts.first().and_then(|part| number(part));
        let target = target.map(|distance| distance as i64 + instruction.size as i64);
        let jump = |known: fn(i64) -> Flow, unknown| target.map_or(unknown, known);
        match mnemonic {
            "ret" => return Ok(Flow::Return),
            "ud2" | "int3" => return Ok(Flow::Trap),
            "jmp" => return Ok(jump(Flow::Jump, Flow::JumpElsewhere)),
            "call" => return Ok(jump(Flow::Call, Flow::CallElsewhere)),
            _ if mnemonic.starts_with('j') => {
                return target
                    .map(Flow::Branch)
                    .ok_or_else(|| format!("unknown jump {text}"));
            }
            _ => {}
        }
        if mnemonic == "lea" {
            let sum = address(parts[1], state);
            if let Some((register, _)) = register(parts[0]) {
                state.set(register, sum);
            }
            return Ok(Flow::Next);
        }
        let memory = parts
            .iter()
            .copied()
            .find_map(|part| Some((part, width(part)?)));
        let loaded = match memory {
            Some(_) if mnemonic == "nop" || mnemonic.starts_with("prefetch") => None,
            Some((operand, 0)) => return Err(format!("no width of {operand} in {text}")),
            Some(_) if may_skip(mnemonic, text) => None,
            Some((operand, bytes)) => {
                let address = address(operand, state);
                if width(parts[0]).is_some() && mnemonic == "mov" {
                    let stored = value(parts[1], state);
                    state.store(address, bytes, stored);
                    None
                } else if width(parts[0]).is_some() && !writes_nothing(mnemonic) {
                    state.store(address, bytes, None);
                    None
                } else {
                    state.load(address, bytes)
                }
            }
            None => None,
        };
        compute(mnemonic, &parts, loaded, state);
        Ok(Flow::Next)
    }
}

/// Sets the results of an instruction; `loaded` is its operand in memory, if it is known.
fn compute(mnemonic: &str, parts: &[&str], loaded: Option<Sum>, state: &mut State) {
    let step = |by: i128, state: &mut State| {
        let sum = state.get(RSP).map(|sum| sum.plus(Sum::constant(by)));
        state.set(RSP, sum);
        sum
    };
    match mnemonic {
        "push" | "pushp" => {
            let pushed = value(parts[0], state);
            let top = step(-8, state);
            state.store(top, 8, pushed);
            return;
        }
        "pop" | "popp" => {
            let top = state.get(RSP);
            let popped = state.load(top, 8);
            step(8, state);
            if let Some((register, _)) = register(parts[0]) {
                state.set(register, popped);
            }
            return;
        }
        "push2" | "push2p" => {
            for part in parts {
                let pushed = value(part, state);
                let top = step(-8, state);
                state.store(top, 8, pushed);
            }
            return;
        }
        "pop2" | "pop2p" => {
            for part in parts {
                let top = state.get(RSP);
                let popped = state.load(top, 8);
                step(8, state);
                if let Some((register, _)) = register(part) {
                    state.set(register, popped);
                }
            }
            return;
        }
        "div" | "idiv" | "cdq" | "cqo" | "cwd" => {
            state.set(RAX, None);
            state.set(RDX, None);
            return;
        }
        "mul" | "imul" if parts.len() == 1 => {
            state.set(RAX, None);
            state.set(RDX, None);
            return;
        }
        "cmpxchg" => state.set(RAX, None),
        "cdqe" | "cwde" | "cbw" => return state.set(RAX, None),
        "leave" => {
            let frame = state.get(RBP);
            state.set(RSP, frame);
            let popped = state.load(frame, 8);
            step(8, state);
            return state.set(RBP, popped);
        }
        // The alignment of the frame.
        "and" if parts[0] == "rsp" => return,
        _ if writes_nothing(mnemonic) => return,
        _ => {}
    }
    let Some((result, bytes)) = parts.first().and_then(|part| register(part)) else {
        return;
    };
    // The second result.
    if matches!(mnemonic, "xchg" | "xadd" | "mulx")
        && let Some((second, _)) = register(parts[1])
    {
        state.set(second, None);
    }
    let operand = |at: usize| match parts.get(at) {
        Some(part) if part.contains('[') => loaded,
        Some(part) => value(part, state),
        None => None,
    };
    // Of three operands the first is a result only.
    let [a, b] = match parts.len() {
        3 => [operand(1), operand(2)],
        _ => [operand(0), operand(1)],
    };
    let sum = match mnemonic {
        "mov" | "movabs" | "movsxd" => operand(1),
        "add" => a.zip(b).map(|(a, b)| a.plus(b)),
        "sub" => a.zip(b).map(|(a, b)| a.plus(b.times(-1))),
        "inc" => operand(parts.len() - 1).map(|a| a.plus(Sum::constant(1))),
        "dec" => operand(parts.len() - 1).map(|a| a.plus(Sum::constant(-1))),
        "shl" => a.zip(b).map(|(a, b)| a.times(1 << b.constant.clamp(0, 63))),
        "xor" if parts.len() == 2 && parts[0] == parts[1] => Some(Sum::constant(0)),
        _ => None,
    };
    state.set(result, sum.filter(|_| bytes >= 4));
}

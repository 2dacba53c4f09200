//! RISC-V instructions with 64-bit registers.

use super::state::{Flow, Instruction, Instructions, State, Sum, number, operands};

pub struct Riscv64;

const RA: usize = 1;
const SP: usize = 2;
const A1: usize = 11;
/// `ra`, `sp`, `s0`, `s1`, `s2` to `s11`. `ra` holds no address of memory.
const KEPT: &[usize] = &[2, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27];

fn register(name: &str) -> Option<usize> {
    let numbered = |prefix: &str, first: usize, from: usize| {
        let number: usize = name.strip_prefix(prefix)?.parse().ok()?;
        Some(number.checked_sub(from)? + first)
    };
    match name {
        "zero" => Some(0),
        "ra" => Some(1),
        "sp" => Some(2),
        "gp" => Some(3),
        "tp" => Some(4),
        "fp" | "s0" => Some(8),
        "s1" => Some(9),
        "t0" | "t1" | "t2" => numbered("t", 5, 0),
        _ if name.starts_with('a') => numbered("a", 10, 0),
        _ if name.starts_with('s') => numbered("s", 18, 2),
        _ if name.starts_with('t') => numbered("t", 28, 3),
        _ => None,
    }
}

/// The bytes that a load or store accesses, per value.
fn width(mnemonic: &str) -> Option<u64> {
    let name = mnemonic.split('.').next().unwrap_or_default();
    Some(match name {
        "lb" | "lbu" | "sb" => 1,
        "lh" | "lhu" | "sh" | "flh" | "fsh" => 2,
        "lw" | "lwu" | "sw" | "flw" | "fsw" => 4,
        "ld" | "sd" | "fld" | "fsd" => 8,
        "lr" | "sc" => match mnemonic.split('.').nth(1) {
            Some("w") => 4,
            _ => 8,
        },
        _ if name.starts_with("amo") => match mnemonic.split('.').nth(1) {
            Some("b") => 1,
            Some("h") => 2,
            Some("w") => 4,
            _ => 8,
        },
        _ => return None,
    })
}

/// Instructions that write no register of the integer unit.
fn writes_nothing(mnemonic: &str) -> bool {
    mnemonic.starts_with("fence")
        || mnemonic.starts_with("prefetch.")
        || mnemonic.starts_with('b') && mnemonic.len() <= 5 && mnemonic.as_bytes()[1] != b'r'
        || matches!(mnemonic, "nop" | "ebreak" | "ecall" | "pause")
}

impl Instructions for Riscv64 {
    fn entry(&self) -> State {
        let mut state = State::new(SP, A1);
        state.set(0, Some(Sum::constant(0)));
        state
    }

    fn kept(&self) -> &'static [usize] {
        KEPT
    }

    fn execute(&self, instruction: &Instruction, state: &mut State) -> Result<Flow, String> {
        let text = instruction.text.as_str();
        let (mnemonic, rest) = text.split_once(' ').unwrap_or((text, ""));
        let parts = operands(rest);
        let value = |state: &State, part: usize| {
            let text = parts.get(part)?;
            match register(text) {
                Some(0) => Some(Sum::constant(0)),
                Some(register) => state.get(register),
                None => number(text).map(Sum::constant),
            }
        };
        let target = || {
            let last = parts.last().and_then(|part| number(part));
            last.map(|distance| distance as i64)
                .ok_or_else(|| text.to_owned())
        };
        match mnemonic {
            "ret" => return Ok(Flow::Return),
            "j" => return Ok(Flow::Jump(target()?)),
            "jal" => return Ok(Flow::Call(target()?)),
            "jr" | "jalr" => return Ok(indirect_jump(mnemonic, &parts, instruction.at, state)),
            "unimp" | "ebreak" => return Ok(Flow::Trap),
            _ => {}
        }
        let branches = ["beq", "bne", "blt", "bge", "bgt", "ble", "mips.ccmov"];
        if branches.iter().any(|name| mnemonic.starts_with(name)) && !mnemonic.contains('.') {
            return Ok(Flow::Branch(target()?));
        }
        let vector = mnemonic.starts_with('v');
        if let Some(address) = parts.iter().find(|part| part.ends_with(')'))
            && !vector
        {
            let Some((offset, base)) = address.trim_end_matches(')').split_once('(') else {
                return Err(format!("{text}: no address"));
            };
            let offset = if offset.is_empty() {
                Some(0)
            } else {
                number(offset)
            };
            let address = register(base)
                .and_then(|base| state.get(base))
                .zip(offset)
                .map(|(base, offset)| base.plus(Sum::constant(offset)));
            if mnemonic.starts_with("prefetch.") || mnemonic.starts_with("cbo.") {
                return Ok(Flow::Next);
            }
            // Two neighbours at once.
            if let Some(pair) = mnemonic.strip_prefix("mips.") {
                let bytes = match pair {
                    "lwp" | "swp" => 4,
                    "ldp" | "sdp" => 8,
                    _ => return Err(format!("unknown instruction {text}")),
                };
                for number in 0..2 {
                    let address = address.map(|it| it.plus(Sum::constant(number * bytes)));
                    let register = register(parts[number as usize]).unwrap_or(0);
                    if pair.starts_with('l') {
                        let value = state.load(address, bytes as u64);
                        state.set(register, value);
                    } else {
                        let value = state.get(register);
                        state.store(address, bytes as u64, value);
                    }
                }
                state.set(0, Some(Sum::constant(0)));
                return Ok(Flow::Next);
            }
            let Some(bytes) = width(mnemonic) else {
                return Err(format!("unknown instruction {text}"));
            };
            if mnemonic.starts_with('s') || mnemonic.starts_with("fs") {
                let stored = value(state, 0).filter(|_| mnemonic != "sc");
                state.store(address, bytes, stored);
                if mnemonic.starts_with("sc.")
                    && let Some(status) = register(parts[0])
                {
                    state.set(status, None);
                }
            } else {
                let loaded = state.load(address, bytes);
                let loaded = loaded.filter(|_| matches!(mnemonic, "ld" | "lw" | "lwu"));
                if let Some(result) = register(parts[0]) {
                    state.set(result, loaded);
                }
            }
            state.set(0, Some(Sum::constant(0)));
            return Ok(Flow::Next);
        }
        if vector {
            return vector_instruction(mnemonic, &parts, text, state);
        }
        if writes_nothing(mnemonic) {
            return Ok(Flow::Next);
        }
        let [a, b] = [value(state, 1), value(state, 2)];
        let shifted = |by: u32| a.zip(b).map(|(a, b)| a.times(1 << by).plus(b));
        let amount = parts.get(2).and_then(|part| number(part));
        let result = match mnemonic {
            "li" | "mv" | "sext.w" | "zext.w" => a,
            "auipc" => a
                .zip(instruction.at)
                .map(|(a, at)| a.times(4096).plus(Sum::constant(at.into()))),
            "lui" => a.map(|a| a.times(4096)),
            "add" | "addi" | "addiw" | "addw" | "add.uw" => shifted(0),
            // The Andes extension: a base and an index of 32 bits.
            "nds.lea.b.ze" => shifted(0),
            "nds.lea.h.ze" => a.zip(b).map(|(a, b)| a.plus(b.times(2))),
            "nds.lea.w.ze" => a.zip(b).map(|(a, b)| a.plus(b.times(4))),
            "nds.lea.d.ze" => a.zip(b).map(|(a, b)| a.plus(b.times(8))),
            "sub" | "subw" => a.zip(b).map(|(a, b)| a.plus(b.times(-1))),
            "sh1add" | "sh1add.uw" => shifted(1),
            "sh2add" | "sh2add.uw" => shifted(2),
            "sh3add" | "sh3add.uw" => shifted(3),
            "slli" | "slli.uw" => a.zip(amount).map(|(a, amount)| a.times(1 << amount)),
            "srli" => a
                .zip(amount)
                .and_then(|(a, amount)| a.divided_by(1 << amount)),
            // The Andes extension: the field of a register, here the low word.
            "nds.bfoz" if parts.get(2) == Some(&"31") && parts.get(3) == Some(&"0") => a,
            _ => None,
        };
        if let Some(register) = parts.first().and_then(|part| register(part)) {
            state.set(register, result);
        }
        state.set(0, Some(Sum::constant(0)));
        Ok(Flow::Next)
    }
}

/// A jump to what a register says. Code that is shared between functions (LLVM's machine outliner)
/// returns through `t0`.
fn indirect_jump(mnemonic: &str, parts: &[&str], at: Option<u64>, state: &mut State) -> Flow {
    let last = parts.last().copied().unwrap_or_default();
    let (offset, base) = match last.trim_end_matches(')').split_once('(') {
        Some((offset, base)) => (number(offset), base),
        None => (Some(0), last),
    };
    let target = match register(base).and_then(|base| state.get(base)) {
        Some(Sum {
            index: 0,
            memory: 0,
            stack: 0,
            constant,
        }) => offset.map(|it| it + constant),
        _ => None,
    };
    let distance = target.zip(at).map(|(target, at)| target as i64 - at as i64);
    if mnemonic == "jr" {
        return match distance {
            Some(distance) => Flow::Jump(distance),
            None if last == "t0" => Flow::Return,
            None => Flow::JumpElsewhere,
        };
    }
    let link = if parts.len() > 1 {
        register(parts[0])
    } else {
        Some(RA)
    };
    if let Some(link) = link {
        state.set(link, None);
    }
    distance.map_or(Flow::CallElsewhere, Flow::Call)
}

/// Instructions of the vector unit. Their accesses count if all elements are known to be accessed.
fn vector_instruction(
    mnemonic: &str,
    parts: &[&str],
    text: &str,
    state: &mut State,
) -> Result<Flow, String> {
    if mnemonic == "vsetivli" {
        state.vector_length = parts
            .get(1)
            .and_then(|part| number(part))
            .map(|it| it as u64);
    } else if mnemonic.starts_with("vset") {
        state.vector_length = None;
    }
    if let Some(address) = parts.iter().find(|part| part.starts_with('(')) {
        let base = register(address.trim_matches(['(', ')']));
        let address = base.and_then(|base| state.get(base));
        let unit_stride = ["vle", "vse"]
            .iter()
            .find_map(|name| mnemonic.strip_prefix(name));
        let bits = unit_stride.and_then(|rest| rest.split('.').next()?.parse::<u64>().ok());
        match bits {
            // Under a mask, elements may be left out.
            Some(bits) if parts.len() == 2 => {
                if let Some(length) = state.vector_length {
                    state.access(address, length * bits / 8);
                }
            }
            _ if mnemonic.starts_with("vl") || mnemonic.starts_with("vs") => {}
            _ => return Err(format!("unknown instruction {text}")),
        }
    } else if let Some(result) = parts.first().and_then(|part| register(part)) {
        state.set(result, None);
    }
    Ok(Flow::Next)
}

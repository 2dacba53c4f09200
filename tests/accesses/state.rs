//! What is known while a function is followed: which registers hold an address of linear memory, and
//! which bytes have been accessed.

use std::collections::BTreeMap;

/// A sum of the index `$a`, the base of linear memory, the stack pointer at the entry, and a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sum {
    pub index: i128,
    pub memory: i128,
    pub stack: i128,
    pub constant: i128,
}

impl Sum {
    pub const INDEX: Sum = Sum {
        index: 1,
        memory: 0,
        stack: 0,
        constant: 0,
    };
    pub const MEMORY: Sum = Sum {
        index: 0,
        memory: 1,
        stack: 0,
        constant: 0,
    };
    pub const STACK: Sum = Sum {
        index: 0,
        memory: 0,
        stack: 1,
        constant: 0,
    };

    pub fn constant(constant: i128) -> Sum {
        Sum {
            constant,
            ..Sum::default()
        }
    }

    pub fn plus(self, other: Sum) -> Sum {
        Sum {
            index: self.index + other.index,
            memory: self.memory + other.memory,
            stack: self.stack + other.stack,
            constant: self.constant + other.constant,
        }
    }

    pub fn times(self, factor: i128) -> Sum {
        Sum {
            index: self.index * factor,
            memory: self.memory * factor,
            stack: self.stack * factor,
            constant: self.constant * factor,
        }
    }

    /// The quotient, if the division leaves no remainder.
    pub fn divided_by(self, divisor: i128) -> Option<Sum> {
        let parts = [self.index, self.memory, self.stack, self.constant];
        parts.iter().all(|part| part % divisor == 0).then(|| Sum {
            index: self.index / divisor,
            memory: self.memory / divisor,
            stack: self.stack / divisor,
            constant: self.constant / divisor,
        })
    }
}

/// The registers of a processor's integer unit.
pub const REGISTERS: usize = 33;

#[derive(Clone)]
pub struct State {
    registers: [Option<Sum>; REGISTERS],
    /// What the stack holds, by the distance from the stack pointer at the entry, and in how many bytes.
    slots: BTreeMap<i128, (u64, Option<Sum>)>,
    /// Bit n: byte n from the address `$a` has been accessed.
    pub accessed: u64,
    /// Of RISC-V's vector unit: how many elements it works on.
    pub vector_length: Option<u64>,
}

impl State {
    /// At the entry of a function: the registers of the stack pointer and of the parameter `$a`.
    pub fn new(stack_pointer: usize, index: usize) -> State {
        let mut state = State {
            registers: [None; REGISTERS],
            slots: BTreeMap::new(),
            accessed: 0,
            vector_length: None,
        };
        state.set(stack_pointer, Some(Sum::STACK));
        state.set(index, Some(Sum::INDEX));
        state
    }

    pub fn get(&self, register: usize) -> Option<Sum> {
        self.registers[register]
    }

    pub fn set(&mut self, register: usize, value: Option<Sum>) {
        self.registers[register] = value;
    }

    /// Forgets everything but `kept`: after a call.
    pub fn forget_all_but(&mut self, kept: &[usize]) {
        for register in 0..REGISTERS {
            if !kept.contains(&register) {
                self.registers[register] = None;
            }
        }
        self.vector_length = None;
    }

    /// An access of `bytes` bytes that traps if one of them lies outside.
    pub fn access(&mut self, address: Option<Sum>, bytes: u64) {
        let Some(Sum {
            index: 1,
            memory: 1,
            stack: 0,
            constant,
        }) = address
        else {
            return;
        };
        for byte in 0..bytes {
            let byte = constant + i128::from(byte);
            if (0..64).contains(&byte) {
                self.accessed |= 1 << byte;
            }
        }
    }

    /// The result of loading `bytes` bytes into a register: what was stored on the stack, or the
    /// memory's base, if it is a pointer found through other pointers.
    pub fn load(&mut self, address: Option<Sum>, bytes: u64) -> Option<Sum> {
        self.access(address, bytes);
        match address {
            Some(Sum {
                index: 0,
                memory: 0,
                stack: 1,
                constant,
            }) => self.slots.get(&constant).and_then(|(_, value)| *value),
            Some(address) if address.index != 0 => None,
            _ => (bytes == 8).then_some(Sum::MEMORY),
        }
    }

    /// Stores `bytes` bytes, known to be `value`.
    pub fn store(&mut self, address: Option<Sum>, bytes: u64, value: Option<Sum>) {
        self.access(address, bytes);
        if let Some(Sum {
            index: 0,
            memory: 0,
            stack: 1,
            constant,
        }) = address
        {
            let end = constant + i128::from(bytes);
            self.slots
                .retain(|at, (bytes, _)| end <= *at || at + i128::from(*bytes) <= constant);
            self.slots.insert(constant, (bytes, value));
        }
    }
}

/// Where control goes after an instruction. Targets are distances from the instruction's start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    Next,
    Jump(i64),
    Branch(i64),
    Call(i64),
    /// To where the code does not say: another function, or a case of a jump table.
    CallElsewhere,
    JumpElsewhere,
    Return,
    /// An instruction that traps.
    Trap,
}

/// An instruction as LLVM prints it.
#[derive(Debug, Clone)]
pub struct Instruction {
    pub text: String,
    /// Its bytes.
    pub size: u64,
    /// Where it stands in the text; `None` if the loader changes it.
    pub at: Option<u64>,
}

/// An instruction set.
pub trait Instructions {
    /// At a function's entry.
    fn entry(&self) -> State;

    /// The registers that a call leaves as they are.
    fn kept(&self) -> &'static [usize];

    /// Does what the instruction does, as far as it is known; an error says what is not known of an
    /// instruction that accesses memory.
    fn execute(&self, instruction: &Instruction, state: &mut State) -> Result<Flow, String>;
}

/// The operands of an instruction: parts between commas outside of brackets and braces.
pub fn operands(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, character) in text.char_indices() {
        match character {
            '[' | '{' | '(' => depth += 1,
            ']' | '}' | ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    if !text[start..].trim().is_empty() {
        parts.push(text[start..].trim());
    }
    parts
}

/// A number as LLVM prints it.
pub fn number(text: &str) -> Option<i128> {
    let text = text.trim().trim_start_matches('#');
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let value = match digits.strip_prefix("0x") {
        Some(digits) => i128::from_str_radix(digits, 16).ok()?,
        None => digits.parse().ok()?,
    };
    Some(if negative { -value } else { value })
}

//! Follows a function's machine code over all of its paths.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use wasmelt::aot::AotFile;

use super::disassembler::Disassembler;
use super::state::{Flow, Instruction, Instructions, State};

/// The code of a file.
pub struct Code<'a> {
    text: &'a [u8],
    /// Where the loader writes addresses of functions of the runtime.
    relocated: BTreeSet<u64>,
    disassembler: &'a Disassembler,
    instructions: &'a dyn Instructions,
    /// The instructions that have been read.
    read: RefCell<HashMap<u64, Option<Instruction>>>,
}

/// A path: how far it has come.
#[derive(Clone)]
struct Path {
    at: u64,
    state: State,
    /// Where calls return to.
    callers: Vec<u64>,
    /// How often each target of a jump backwards has been reached.
    repeated: Vec<(u64, u32)>,
}

/// How many instructions are looked at for one function.
const LIMIT: usize = 100_000;
/// How often a path goes back to the same place.
const ROUNDS: u32 = 2;

impl<'a> Code<'a> {
    pub fn new(
        file: &'a AotFile,
        disassembler: &'a Disassembler,
        instructions: &'a dyn Instructions,
    ) -> Code<'a> {
        let groups = file.relocations.groups.iter();
        let relocated = groups
            .flat_map(|group| group.relocations.iter().map(|it| it.offset))
            .collect();
        Code {
            text: &file.text.code,
            relocated,
            disassembler,
            instructions,
            read: RefCell::default(),
        }
    }

    fn instruction(&self, at: u64) -> Option<Instruction> {
        let read = || {
            let (text, size) = self
                .disassembler
                .instruction(self.text.get(at as usize..)?)?;
            let relocated = self.relocated.range(at..at + size).next().is_some();
            let at = (!relocated).then_some(at);
            Some(Instruction { text, size, at })
        };
        self.read
            .borrow_mut()
            .entry(at)
            .or_insert_with(read)
            .clone()
    }

    /// Checks that the function that begins at `start` accesses `bytes` on every path.
    pub fn follow(&self, start: u64, bytes: &Range<u64>) -> Result<(), String> {
        let wanted = bytes.clone().fold(0, |wanted, byte| wanted | 1 << byte);
        let mut paths = vec![Path {
            at: start,
            state: self.instructions.entry(),
            callers: Vec::new(),
            repeated: Vec::new(),
        }];
        let fails = |reason: String| Err(format!("{reason}\n{}", self.listing(start)));
        let mut steps = 0;
        while let Some(mut path) = paths.pop() {
            while path.state.accessed & wanted != wanted {
                steps += 1;
                if steps > LIMIT {
                    return fails("too many paths".to_owned());
                }
                let Some(instruction) = self.instruction(path.at) else {
                    return fails(format!("no instruction at {:#x}", path.at));
                };
                let flow = match self.instructions.execute(&instruction, &mut path.state) {
                    Ok(flow) => flow,
                    Err(reason) => return fails(reason),
                };
                let at = path.at;
                let next = at + instruction.size;
                let target = |distance: i64| at.wrapping_add_signed(distance);
                let elsewhere = instruction.at.is_none();
                let missing = || {
                    let left = wanted & !path.state.accessed;
                    let left: Vec<_> = bytes.clone().filter(|byte| left >> byte & 1 == 1).collect();
                    format!("ends at {at:#x} without an access of bytes {left:?}")
                };
                match flow {
                    Flow::Next => path.at = next,
                    Flow::Call(distance) if !elsewhere => {
                        path.callers.push(next);
                        path.at = target(distance);
                    }
                    Flow::Call(_) | Flow::CallElsewhere => {
                        path.state.forget_all_but(self.instructions.kept());
                        path.at = next;
                    }
                    Flow::Jump(distance) if !elsewhere => {
                        if !path.go(target(distance)) {
                            break;
                        }
                    }
                    Flow::Branch(distance) => {
                        let mut other = path.clone();
                        if other.go(target(distance)) {
                            paths.push(other);
                        }
                        path.at = next;
                    }
                    Flow::Return => match path.callers.pop() {
                        Some(caller) => path.at = caller,
                        None => return fails(missing()),
                    },
                    Flow::Jump(_) | Flow::JumpElsewhere | Flow::Trap => return fails(missing()),
                }
            }
        }
        Ok(())
    }

    /// The first instructions of a function.
    fn listing(&self, start: u64) -> String {
        let mut listing = String::new();
        let mut at = start;
        for _ in 0..40 {
            let Some(Instruction { text, size, .. }) = self.instruction(at) else {
                break;
            };
            listing += &format!("    {at:#x} {text}\n");
            at += size;
            if text.starts_with("ret") {
                break;
            }
        }
        listing
    }
}

impl Path {
    /// Goes to `target`, unless the path has been there too often.
    fn go(&mut self, target: u64) -> bool {
        if target <= self.at {
            match self.repeated.iter_mut().find(|(place, _)| *place == target) {
                Some((_, count)) if *count == ROUNDS => return false,
                Some((_, count)) => *count += 1,
                None => self.repeated.push((target, 1)),
            }
        }
        self.at = target;
        true
    }
}

//! How compiled code keeps the stack of calls that the runtime prints, copies or measures.
//!
//! The runtime knows two kinds of frames. A *tiny* frame holds a function and the offset of an instruction. The
//! function itself makes it in two stores and deletes it in one. A *standard* frame also holds times. The
//! caller makes it, and calls the runtime for it. Only profiling needs standard frames.

use super::memory::MemoryPlan;
use crate::options::Options;
use crate::wasm::{FuncIndex, FunctionFacts, Module};

/// The frames of all functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FramePlan {
    pub kind: FrameKind,
    /// Functions note the offset of each call before they make it.
    pub notes_calls: bool,
    /// Functions note the offset of the instruction that raises an exception.
    pub notes_traps: bool,
    /// Tiny frames hold the index of the function.
    pub has_function: bool,
    /// Any access to memory may end the function without a sign that LLVM sees. So LLVM must keep all frames
    /// and their offsets, in the order of the program.
    pub keeps_order: bool,
}

/// Who makes the frames, and of which kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameKind {
    None,
    /// Each function makes its own frame.
    Tiny,
    /// The caller makes the frame, by a call of the runtime.
    Standard,
}

/// How one function makes its tiny frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TinyFrame {
    /// The function first checks that so many frames fit; `None` if its callers have checked that.
    pub checks_room: Option<u32>,
    /// The frame holds an offset from the beginning.
    pub sets_offset: bool,
    /// The function makes its frame only when it raises an exception: it calls nothing, and its memory accesses
    /// do not trap by themselves.
    pub at_traps: bool,
}

impl TinyFrame {
    /// The frame of an imported function, which may call any function of the module.
    pub const OF_THUNK: TinyFrame = TinyFrame {
        checks_room: Some(2),
        sets_offset: true,
        at_traps: false,
    };
}

impl FramePlan {
    pub(super) fn new(options: &Options, memory: &MemoryPlan) -> Self {
        let diagnostics = &options.diagnostics;
        let features = diagnostics.call_stack_features.unwrap_or_default();
        FramePlan {
            kind: if diagnostics.perf_profiling {
                FrameKind::Standard
            } else if diagnostics.call_stack {
                FrameKind::Tiny
            } else {
                FrameKind::None
            },
            notes_calls: diagnostics.call_stack && features.ip,
            notes_traps: diagnostics.call_stack && features.trap_ip,
            has_function: features.func_idx,
            keeps_order: !memory.software_bounds,
        }
    }

    /// Returns how each defined function of `module` makes its tiny frame. `is_entered` says which functions the
    /// host or a table may call, `may_throw` which an exception can leave.
    pub(super) fn tiny_frames(
        &self,
        module: &Module<'_>,
        is_entered: impl Fn(FuncIndex) -> bool,
        may_throw: impl Fn(FuncIndex) -> bool,
    ) -> Vec<TinyFrame> {
        if self.kind != FrameKind::Tiny {
            return Vec::new();
        }
        let rooms = rooms(module, is_entered);
        let shared = module.memories.values().any(|memory| memory.shared);
        let functions = module.defined_functions().map(|(index, _)| index);
        let frame = |((facts, index), checks_room): ((&FunctionFacts, FuncIndex), Option<u32>)| {
            let traps_unseen = self.keeps_order && facts.weight.accesses > 0;
            // Functions of the runtime may raise exceptions, too.
            let calls = facts.weight.calls > 0
                || facts.usage.bulk_memory
                || facts.usage.reference_types
                || facts.usage.memory_pages
                || shared
                || may_throw(index);
            TinyFrame {
                checks_room,
                sets_offset: traps_unseen && (self.notes_calls || self.notes_traps),
                at_traps: !calls && !traps_unseen,
            }
        };
        std::iter::zip(std::iter::zip(&module.facts, functions), rooms)
            .map(frame)
            .collect()
    }

    /// Reports whether the runtime sees frames at all.
    pub fn exist(&self) -> bool {
        self.kind != FrameKind::None
    }
}

/// The longest chain of calls that one check covers.
const MOST_ROOM: u32 = 16;

/// Returns for each defined function for how many frames it checks that they fit, if it checks.
///
/// A function checks for itself and for the functions that it calls and that do not check. Every cycle of calls
/// by name has a function that checks. So has every function that the host or a table may call, unless it calls
/// nothing: then its caller has checked for it, or the frame stack is empty.
fn rooms(module: &Module<'_>, is_entered: impl Fn(FuncIndex) -> bool) -> Vec<Option<u32>> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let count = module.facts.len();
    let index =
        |position: usize| FuncIndex::from_u32((module.imported_functions + position) as u32);
    let mut states = vec![State::New; count];
    let mut checks: Vec<bool> = (0..count)
        .map(|position| module.facts[position].weight.calls > 0 && is_entered(index(position)))
        .collect();
    let mut rooms = vec![1; count];
    // A stack of our own: a chain of calls can be as long as the module.
    let mut open: Vec<(usize, usize)> = Vec::new();
    for root in 0..count {
        if states[root] == State::New {
            states[root] = State::Open;
            open.push((root, 0));
        }
        while let Some((caller, next)) = open.last_mut() {
            let (caller, facts) = (*caller, &module.facts[*caller]);
            if let Some(&callee) = facts.callees.get(*next) {
                *next += 1;
                let Some(callee) = module.defined_position(callee) else {
                    continue;
                };
                match states[callee] {
                    State::New => {
                        states[callee] = State::Open;
                        open.push((callee, 0));
                    }
                    State::Open => checks[callee] = true,
                    State::Done => {}
                }
                continue;
            }
            let unchecked = facts.callees.iter().filter_map(|&callee| {
                let callee = module.defined_position(callee)?;
                (!checks[callee]).then_some(rooms[callee])
            });
            let own = 1 + unchecked.max().unwrap_or(0);
            // A call through a table may go to a function that does not check.
            rooms[caller] = own.max(1 + u32::from(facts.weight.calls > 0));
            checks[caller] |= own > MOST_ROOM;
            states[caller] = State::Done;
            open.pop();
        }
    }
    std::iter::zip(checks, rooms)
        .map(|(checks, room)| checks.then_some(room))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::{CallStackFeatures, DiagnosticsOptions};
    use crate::targets::Target;
    use crate::wasm::parse;

    fn frames(diagnostics: DiagnosticsOptions) -> FramePlan {
        let options = Options {
            diagnostics,
            ..Options::default()
        };
        let wasm = wat::parse_str("(module)").unwrap();
        let module = parse(&wasm, &options.features).unwrap();
        let target = Target::resolve(&options.target).unwrap();
        FramePlan::new(
            &options,
            &MemoryPlan::new(&module, &target, &options).unwrap(),
        )
    }

    #[test]
    fn only_profiling_needs_standard_frames() {
        let mut diagnostics = DiagnosticsOptions::default();
        assert_eq!(frames(diagnostics).kind, FrameKind::None);
        diagnostics.call_stack = true;
        assert_eq!(frames(diagnostics).kind, FrameKind::Tiny);
        assert!(frames(diagnostics).notes_calls);
        diagnostics.perf_profiling = true;
        assert_eq!(frames(diagnostics).kind, FrameKind::Standard);
        diagnostics.call_stack = false;
        assert_eq!(frames(diagnostics).kind, FrameKind::Standard);
        assert!(!frames(diagnostics).notes_calls);
    }

    #[test]
    fn features_alone_change_nothing() {
        let diagnostics = DiagnosticsOptions {
            call_stack_features: Some(CallStackFeatures::default()),
            ..DiagnosticsOptions::default()
        };
        assert!(!frames(diagnostics).exist());
    }

    /// Returns the rooms of a module's functions; those with `e` in front are entered.
    fn rooms_of(functions: &[&str]) -> Vec<Option<u32>> {
        let text: String = functions
            .iter()
            .map(|it| format!("(func {})", it.trim_start_matches('e')))
            .collect();
        let wasm = wat::parse_str(format!("(module (table 1 funcref) {text})")).unwrap();
        let module = parse(&wasm, &Options::default().features).unwrap();
        rooms(&module, |function| {
            functions[function.as_u32() as usize].starts_with('e')
        })
    }

    #[test]
    fn a_function_checks_for_those_it_calls() {
        // The first one calls nothing. The last one checks for itself, the second and the first.
        assert_eq!(
            rooms_of(&["e nop", "call 0", "e call 1"]),
            [None, None, Some(3)]
        );
        // A function that checks needs no room of its caller.
        assert_eq!(rooms_of(&["e call 1", "e call 2", "nop"])[0], Some(2));
        // A call through a table may go to a function that calls nothing and does not check.
        assert_eq!(rooms_of(&["e i32.const 0 call_indirect"]), [Some(2)]);
    }

    #[test]
    fn every_cycle_has_a_check() {
        assert_eq!(rooms_of(&["call 0"]), [Some(2)]);
        for first in ["e call 1", "call 1"] {
            let rooms = rooms_of(&[first, "call 2", "call 1"]);
            assert!(rooms[1..].iter().any(Option::is_some), "{rooms:?}");
        }
    }

    #[test]
    fn a_long_chain_has_further_checks() {
        let calls: Vec<String> = (1..=50).map(|next| format!("call {next}")).collect();
        let mut functions: Vec<&str> = calls.iter().map(String::as_str).collect();
        functions.push("nop");
        let rooms = rooms_of(&functions);
        let longest = rooms.split(Option::is_some).map(<[_]>::len).max();
        assert!(longest <= Some(MOST_ROOM as usize), "{rooms:?}");
        assert!(rooms.iter().flatten().all(|room| *room <= MOST_ROOM + 1));
    }
}

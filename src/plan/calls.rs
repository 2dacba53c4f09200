//! How functions call each other, what is inlined, and how the stack is checked.

use super::memory::MemoryPlan;
use super::partitions::body_bytes;
use crate::options::Options;
use crate::plan::LevelPlan;
use crate::targets::Target;
use crate::wasm::Module;

/// The plan for calls.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CallPlan {
    /// Bodies use a calling convention in which any call can be a tail call.
    pub tail_calls: bool,
    /// Bodies, and thunks as their equals, take the base of linear memory in a register of its own,
    /// which no call changes. What the runtime calls has an entry that loads it.
    pub passes_base: bool,
    /// Function entries compare the native stack pointer with its boundary.
    pub stack_checks: bool,
    /// `global.set` of the C stack pointer is checked against the C stack's limits.
    pub aux_stack_check: bool,
    /// LLVM tells the size of every frame.
    pub reports_frames: bool,
    /// How functions are inlined that are not all in one partition.
    pub inlining: Option<Inlining>,
    /// For each function, whether only its own partition calls it: those that have been inlined wherever
    /// they are called need no code.
    pub local: Vec<bool>,
}

impl CallPlan {
    pub(super) fn new(
        module: &Module<'_>,
        target: &Target,
        options: &Options,
        memory: &MemoryPlan,
        partitions: usize,
    ) -> Self {
        let stack_checks = options
            .stack_bounds_checks
            .unwrap_or(memory.software_bounds);
        let tail_calls = module.usage.tail_calls;
        CallPlan {
            tail_calls,
            passes_base: target.facts.kept_register
                && LevelPlan::of(options.opt_level).passes_base
                && memory.exists
                && !(memory.software_bounds || stack_checks || tail_calls),
            stack_checks,
            aux_stack_check: options.aux_stack_check,
            reports_frames: stack_checks || options.stack_usage,
            inlining: (partitions > 1)
                .then(|| Inlining::of(module, options.llvm.inline_across_partitions)),
            local: vec![false; module.functions.len()],
        }
    }
}

/// In a module of so few bytes of function bodies, functions are inlined across partitions as if there
/// were one: a program that is one C file and a C library.
const WELL_INLINED_BYTES: usize = 64 << 10;

/// How functions are inlined in a module of several partitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Inlining {
    /// A function whose body has at most so many bytes is copied to its callers in other partitions.
    pub copied_bytes: usize,
    /// What inlining a function may cost, in LLVM's units (about five for an instruction); `None`:
    /// 225 or more, which LLVM takes by itself.
    pub threshold: Option<u32>,
}

impl Inlining {
    /// Whoever made a large module has inlined already; to do so again makes the code larger and not
    /// faster (docs/performance.md).
    ///
    /// `across`: whether functions may be inlined into other partitions at all.
    pub fn of(module: &Module<'_>, across: bool) -> Self {
        let usual = Inlining::usual(module);
        Inlining {
            copied_bytes: if across { usual.copied_bytes } else { 0 },
            ..usual
        }
    }

    fn usual(module: &Module<'_>) -> Self {
        if body_bytes(module) <= WELL_INLINED_BYTES {
            Inlining {
                copied_bytes: 300,
                threshold: None,
            }
        } else {
            Inlining {
                copied_bytes: 40,
                threshold: Some(50),
            }
        }
    }
}

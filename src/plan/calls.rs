//! How functions call each other, which calls are inlined, and how the stack is checked.

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
    /// Bodies and thunks take the base of linear memory in a dedicated register, which no call changes. A
    /// function that the runtime calls has an entry that loads the base.
    pub passes_base: bool,
    /// Function entries compare the native stack pointer with the boundary of the stack.
    pub stack_checks: bool,
    /// Function entries note the lowest address that the native stack reaches.
    pub measures_stack: bool,
    /// Compiled code checks each `global.set` of the C stack pointer against the limits of the C stack.
    pub aux_stack_check: bool,
    /// LLVM reports the size of every frame.
    pub reports_frames: bool,
    /// How calls are inlined if the module has several partitions.
    pub inlining: Option<Inlining>,
    /// For each function, whether the function is local: it needs no code once every call has been inlined.
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
        let measures_stack = options.diagnostics.memory_profiling;
        let prologues = stack_checks || measures_stack;
        let tail_calls = module.usage.tail_calls;
        CallPlan {
            tail_calls,
            passes_base: target.facts.kept_register
                && LevelPlan::of(options.opt_level).passes_base
                && memory.first().is_some()
                && memory.segue.is_none()
                && !(memory.software_bounds || prologues || tail_calls),
            stack_checks,
            measures_stack,
            aux_stack_check: options.aux_stack_check,
            reports_frames: prologues || options.stack_usage,
            inlining: (partitions > 1)
                .then(|| Inlining::of(module, options.llvm.inline_across_partitions)),
            local: vec![false; module.functions.len()],
        }
    }

    /// Reports whether something looks at the stack before each body: the body is then a function of its own.
    pub fn has_prologues(&self) -> bool {
        self.stack_checks || self.measures_stack
    }
}

/// A module with at most this many bytes of bodies is inlined as if it had one partition. The limit fits a
/// program of one C file and a C library.
const WELL_INLINED_BYTES: usize = 64 << 10;

/// How functions are inlined in a module of several partitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Inlining {
    /// A function whose body has at most this many bytes is copied to its callers in other partitions.
    pub copied_bytes: usize,
    /// LLVM's inline threshold (an instruction costs about five). `None` keeps LLVM's default, 225 or more.
    pub threshold: Option<u32>,
}

impl Inlining {
    /// Returns how to inline `module`. The compiler that made a large module has inlined already; inlining
    /// again makes the code larger and not faster (docs/performance.md).
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

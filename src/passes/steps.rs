//! The order of the passes, as data: one list of steps for each level and mode.
//!
//! `-v=5` prints the steps that are taken; `src/passes/tests/steps/` holds the lists of every level.

use std::borrow::Cow;
use std::fmt;

use inkwell::module::Module as LlvmModule;
use inkwell::passes::PassBuilderOptions;
use inkwell::targets::TargetMachine;

use super::checks::{bounds_checks, stack_checks};
use super::exact::{drop_canonicalize, exact_memory, keep_traps, widen_canonicalize};
use super::in_place::keep_environment;
use super::linear::{conditions, loop_starts};
use super::loops::{count_from_zero, no_wrap, separate_arrays, short_loops};
use super::size::{inlined, word_doubles};
use super::{PassError, workarounds};
use crate::options::OptLevel;
use crate::targets::Arch;

/// The parameters of [`super::optimise`].
#[derive(Debug, Clone, Copy)]
pub struct Optimisation {
    pub level: OptLevel,
    /// The architecture of the code: some workarounds are for certain targets.
    pub arch: Arch,
    /// Hardware bounds checks: a load that is out of bounds traps.
    pub loads_trap: bool,
    /// Stores stay in order with accesses that the hardware may trap: after a trap, memory holds what the
    /// program has written ([`exact_memory`]).
    pub in_order: bool,
    /// The last bytes of the addresses of linear memory are never part of it
    /// ([`crate::abi::layout::leaves_top_unused`]).
    pub top_unused: bool,
    /// Loops may be vectorised.
    pub vectorise: bool,
    /// Code may later need the execution environment where it does not use it now.
    pub keep_environment: bool,
    /// Function entries check or measure the stack.
    pub stack_checks: bool,
    /// The code is for machines on which code size matters.
    pub small: bool,
    /// Doubles are loaded into floating-point registers only from aligned addresses.
    pub aligned_doubles: bool,
}

/// One step of the optimiser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Passes of LLVM, in the syntax of `opt -passes=`.
    Llvm(Cow<'static, str>),
    /// A pass of Wasmelt.
    Own(Pass),
    /// One of two lists of steps: `then` if the module passes the test.
    If {
        test: Test,
        then: Vec<Step>,
        otherwise: Vec<Step>,
    },
}

/// A test of the module under optimisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Test {
    /// The module has conditions that [`Pass::HideConditions`] would hide.
    ManyConditions,
    /// A function has so many loops that level 1 would take too long over them.
    ManyLoops,
}

impl Test {
    fn holds(self, module: &LlvmModule) -> bool {
        match self {
            Test::ManyConditions => conditions::are_many(module),
            Test::ManyLoops => loop_starts::are_many_loops(module),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Test::ManyConditions => "many conditions",
            Test::ManyLoops => "many loops",
        }
    }
}

macro_rules! passes {
    ($($(#[$doc:meta])* $pass:ident = $name:literal: |$module:ident, $how:pat_param| $run:expr;)*) => {
        /// A pass of Wasmelt.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Pass {
            $($(#[$doc])* $pass,)*
        }

        impl Pass {
            fn name(self) -> &'static str {
                match self {
                    $(Pass::$pass => $name,)*
                }
            }

            fn run(self, module: &LlvmModule, how: &Optimisation) {
                match self {
                    $(Pass::$pass => {
                        let ($module, $how) = (module, how);
                        $run;
                    })*
                }
            }
        }
    };
}

passes! {
    /// Makes accesses volatile, so that LLVM keeps their order.
    KeepOrder = "keep-order": |module, _| exact_memory::keep_order(module);
    /// Removes `llvm.canonicalize` if nothing can fold its operation.
    DropCanonicalizeEarly = "drop-canonicalize-early":
        |module, _| drop_canonicalize::run_early(module);
    /// Removes `llvm.canonicalize` if the operation is still there.
    DropCanonicalizeLate = "drop-canonicalize-late":
        |module, _| drop_canonicalize::run_late(module);
    /// Widens `llvm.canonicalize` to a type that LLVM can generate code for.
    WidenCanonicalize = "widen-canonicalize": |module, _| widen_canonicalize::run(module);
    /// Makes loops that count up to zero count from zero instead.
    CountFromZero = "count-from-zero": |module, _| count_from_zero::run(module);
    /// Marks sums of indexes that cannot wrap around.
    NoWrap = "no-wrap": |module, _| no_wrap::run(module);
    /// Hides branch conditions beyond a limit; [`Pass::RevealConditions`] puts these back.
    HideConditions = "hide-conditions": |module, _| conditions::hide(module);
    RevealConditions = "reveal-conditions": |module, _| conditions::reveal(module);
    /// Hides the starts of loops behind many loops; [`Pass::RevealLoopStarts`] puts these back.
    HideLoopStarts = "hide-loop-starts": |module, _| loop_starts::hide(module);
    RevealLoopStarts = "reveal-loop-starts": |module, _| loop_starts::reveal(module);
    /// Gives the execution environment a use everywhere; [`Pass::ReleaseEnvironment`] takes it back.
    HoldEnvironment = "hold-environment": |module, _| keep_environment::hold(module);
    ReleaseEnvironment = "release-environment": |module, _| keep_environment::release(module);
    /// Gives each load that can trap an opaque use; [`Pass::ReleaseLoads`] deletes these uses.
    HoldLoads = "hold-loads": |module, _| keep_traps::hold(module);
    /// Deletes uses of loads that other loads make redundant.
    PruneLoads = "prune-loads": |module, _| keep_traps::prune(module);
    ReleaseLoads = "release-loads": |module, _| keep_traps::release(module);
    /// Makes all loads that can trap volatile.
    PinLoads = "pin-loads": |module, _| keep_traps::pin(module);
    /// Keeps code generation from loading a part of the value of a volatile load.
    WorkAroundNarrowing = "work-around-narrowing":
        |module, how| workarounds::keep_width(module, how.arch, how.level);
    /// Deletes stack checks that another check covers.
    StackChecks = "stack-checks": |module, how| stack_checks::run(module, how.small);
    /// Deletes bounds checks that another check covers.
    BoundsChecks = "bounds-checks": |module, _| bounds_checks::run(module);
    /// Deletes functions once every call of them has been inlined.
    RemoveInlined = "remove-inlined": |module, _| inlined::remove(module);
    /// Gives each array its own copy of the base; [`Pass::UniteArrays`] deletes the copies.
    SeparateArrays = "separate-arrays": |module, _| separate_arrays::separate(module);
    UniteArrays = "unite-arrays": |module, _| separate_arrays::unite(module);
    /// Keeps loops with few rounds away from the tests in front of vector code.
    ShortLoops = "short-loops": |module, _| short_loops::run(module);
    /// Moves doubles that may be unaligned through integer registers.
    WordDoubles = "word-doubles": |module, _| word_doubles::run(module);
}

impl Step {
    pub fn run(
        &self,
        module: &LlvmModule,
        machine: &TargetMachine,
        how: &Optimisation,
    ) -> Result<(), PassError> {
        match self {
            Step::Own(pass) => {
                pass.run(module, how);
                Ok(())
            }
            Step::Llvm(passes) => module
                .run_passes(passes, machine, settings(how))
                .map_err(|message| PassError(message.to_string())),
            Step::If {
                test,
                then,
                otherwise,
            } => {
                let steps = if test.holds(module) { then } else { otherwise };
                steps
                    .iter()
                    .try_for_each(|step| step.run(module, machine, how))
            }
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Llvm(passes) => f.write_str(passes),
            Step::Own(pass) => f.write_str(pass.name()),
            Step::If {
                test,
                then,
                otherwise,
            } => {
                let list = |steps: &[Step]| {
                    let steps: Vec<String> = steps.iter().map(Step::to_string).collect();
                    steps.join("; ")
                };
                write!(f, "if {}: {}", test.name(), list(then))?;
                match otherwise[..] {
                    [] => Ok(()),
                    _ => write!(f, " otherwise: {}", list(otherwise)),
                }
            }
        }
    }
}

impl From<Pass> for Step {
    fn from(pass: Pass) -> Step {
        Step::Own(pass)
    }
}

impl From<&'static str> for Step {
    fn from(passes: &'static str) -> Step {
        Step::Llvm(Cow::Borrowed(passes))
    }
}

impl From<String> for Step {
    fn from(passes: String) -> Step {
        Step::Llvm(Cow::Owned(passes))
    }
}

/// Returns the steps of an optimisation in order, with LLVM's passes `extra` before LLVM's pipeline.
pub(super) fn steps(how: &Optimisation, extra: Option<&str>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let in_order = how.loads_trap && how.in_order;
    if in_order {
        steps.push(Pass::KeepOrder.into());
    }
    // Locals become values first: that is quick, and leaves less to do for all that follows.
    steps.push("function(mem2reg)".into());
    steps.push(Pass::DropCanonicalizeEarly.into());
    if how.level >= OptLevel::O2 {
        steps.push(Pass::CountFromZero.into());
        if how.top_unused {
            steps.push(Pass::NoWrap.into());
        }
    }
    if how.keep_environment {
        steps.push(Pass::HoldEnvironment.into());
    }
    if how.level > OptLevel::O0 {
        steps.push(Pass::HideLoopStarts.into());
    }
    // Volatile loads need no other use.
    let hold_loads = how.loads_trap && !in_order;
    // Whatever passes these are, loads have what keeps them by then.
    let extra = extra.map(|passes| Step::from(passes.to_owned()));
    if hold_loads && how.level > OptLevel::O0 {
        steps.push(Pass::HoldLoads.into());
    }
    // No pass of LLVM that deletes code may run on loads before they are held.
    if how.level > OptLevel::O0 {
        steps.push(hide_conditions());
    }
    match how.level {
        OptLevel::O0 => {
            steps.extend(extra);
        }
        OptLevel::O1 => {
            steps.extend(extra);
            quick(how, hold_loads, &mut steps);
        }
        OptLevel::O2 | OptLevel::O3 | OptLevel::Os | OptLevel::Oz => {
            steps.extend(extra);
            full(how, hold_loads, &mut steps);
        }
    }
    if how.loads_trap {
        steps.push(Pass::WorkAroundNarrowing.into());
    }
    if how.keep_environment {
        steps.push(Pass::ReleaseEnvironment.into());
    }
    // Without optimisation, code generation may be the first to find that an operand is the constant
    // that makes an operation an identity.
    if how.level != OptLevel::O0 {
        steps.push(Pass::DropCanonicalizeLate.into());
    }
    steps.push(Pass::WidenCanonicalize.into());
    if how.aligned_doubles {
        steps.push(Pass::WordDoubles.into());
    }
    steps
}

/// Hides branch conditions where one value is in very many.
fn hide_conditions() -> Step {
    Step::If {
        test: Test::ManyConditions,
        // Tests of one value for many constants become a switch as long as they are seen.
        then: vec!["function(simplifycfg)".into(), Pass::HideConditions.into()],
        otherwise: Vec::new(),
    }
}

/// The steps of level 1.
fn quick(how: &Optimisation, hold_loads: bool, steps: &mut Vec<Step>) {
    if how.stack_checks {
        // The entries of functions into their callers, above all.
        steps.push("cgscc(inline)".into());
    }
    steps.push(Step::If {
        test: Test::ManyLoops,
        then: vec![QUICK.replace("loop(indvars,loop-deletion),", "").into()],
        otherwise: vec![QUICK.into()],
    });
    steps.push(Pass::RevealConditions.into());
    steps.push(Pass::RevealLoopStarts.into());
    if how.stack_checks {
        steps.push(Pass::StackChecks.into());
        steps.push("globaldce,function(simplifycfg,dce)".into());
    }
    if hold_loads {
        steps.push(Pass::PruneLoads.into());
        steps.push(CLEAN_UP.into());
        steps.push(Pass::PinLoads.into());
    }
}

/// Adds the steps of levels 2, 3, s and z.
fn full(how: &Optimisation, hold_loads: bool, steps: &mut Vec<Step>) {
    let level = how.level;
    steps.push(format!("thinlto-pre-link<{level:?}>").into());
    steps.push(Pass::RevealConditions.into());
    steps.push(Pass::RevealLoopStarts.into());
    steps.push(Pass::RemoveInlined.into());
    if hold_loads {
        steps.push(Pass::PruneLoads.into());
        steps.push(CLEAN_UP.into());
    }
    if how.stack_checks {
        steps.push(Pass::StackChecks.into());
    }
    if !how.loads_trap {
        steps.push(Pass::BoundsChecks.into());
    }
    if how.stack_checks || !how.loads_trap {
        steps.push(CLEAN_UP.into());
    }
    if how.top_unused {
        steps.push(Pass::NoWrap.into());
    }
    steps.push(hide_conditions());
    steps.push(BEFORE_VECTORISING.into());
    if how.vectorise {
        // Not before: a loop that only looks for something has no effect, and would be deleted.
        if hold_loads {
            steps.push(Pass::ReleaseLoads.into());
        }
        steps.push(Pass::SeparateArrays.into());
        steps.push(VECTORISING.into());
        steps.push(Pass::UniteArrays.into());
        steps.push(Pass::ShortLoops.into());
    }
    if hold_loads {
        steps.push(Pass::PinLoads.into());
    }
    let unrolling = match how.small {
        true => SMALL_UNROLLING.to_owned(),
        false => format!("{level:?}"),
    };
    steps.push(AFTER_VECTORISING.replace("UNROLLING", &unrolling).into());
    steps.push(Pass::RevealConditions.into());
}

/// Cleans up after one of our passes has deleted something.
const CLEAN_UP: &str = "function(simplifycfg,dce)";

/// The passes of level 1: a small part of `default<O1>`. All of it would take four times as long over code
/// that was optimised before, and make it only a little faster (docs/performance.md).
const QUICK: &str = "function<eager-inv>(\
    simplifycfg<bonus-inst-threshold=1;switch-range-to-icmp;keep-loops;speculate-blocks;\
        simplify-cond-branch>,\
    early-cse<memssa>,instcombine<max-iterations=1;no-verify-fixpoint>,\
    simplifycfg<bonus-inst-threshold=1;switch-range-to-icmp;keep-loops;speculate-blocks;\
        simplify-cond-branch>,\
    loop-mssa(loop-rotate,licm),loop(indvars,loop-deletion),\
    instcombine<max-iterations=1;no-verify-fixpoint>,adce,\
    simplifycfg<bonus-inst-threshold=1;switch-range-to-icmp;keep-loops;speculate-blocks;\
        simplify-cond-branch>)";

/// The part of `default<LEVEL>` between simplification and vectorisation of loops, which has no name of its
/// own.
const BEFORE_VECTORISING: &str = "\
    deadargelim,globalopt,globaldce,elim-avail-extern,rpo-function-attrs,recompute-globalsaa,\
    function<eager-inv>(\
        float2int,lower-constant-intrinsics,\
        loop(loop-rotate<header-duplication;no-prepare-for-lto>,loop-deletion),\
        loop-distribute,inject-tli-mappings)";

const VECTORISING: &str =
    "function<eager-inv>(loop-vectorize<no-interleave-forced-only;no-vectorize-forced-only>)";

/// The part of `default<LEVEL>` after that, without `slp-vectorizer` (vectors from straight-line code): it
/// makes few benchmarks faster and ciphers much slower (docs/performance.md).
const AFTER_VECTORISING: &str = "\
    function<eager-inv>(infer-alignment,\
        loop-load-elim,instcombine<max-iterations=1;no-verify-fixpoint>,\
        simplifycfg<bonus-inst-threshold=1;forward-switch-cond;switch-range-to-icmp;\
            switch-to-arithmetic;switch-to-lookup;no-keep-loops;hoist-common-insts;\
            sink-common-insts;speculate-blocks;simplify-cond-branch;no-speculate-unpredictables>,\
        vector-combine,instcombine<max-iterations=1;no-verify-fixpoint>,\
        loop-unroll<UNROLLING>,sroa<preserve-cfg>,infer-alignment,\
        instcombine<max-iterations=1;no-verify-fixpoint>,loop-mssa(licm<allowspeculation>),\
        alignment-from-assumptions,loop-sink,instsimplify,div-rem-pairs,tailcallelim,\
        simplifycfg<bonus-inst-threshold=1;switch-range-to-icmp;switch-to-arithmetic;\
            no-switch-to-lookup;keep-loops;no-hoist-common-insts;\
            hoist-loads-stores-with-cond-faulting;no-sink-common-insts;speculate-blocks;\
            simplify-cond-branch;speculate-unpredictables>),\
    globaldce,constmerge,rel-lookup-table-converter";

/// Loop unrolling if size matters: only loops that vanish. LLVM unrolls more on microcontrollers than
/// elsewhere; without this unrolling the code of C programs is 5 to 20 % smaller and hardly slower
/// (docs/performance.md).
const SMALL_UNROLLING: &str = "O2;no-partial;no-runtime";

/// Returns the settings of LLVM's pipelines beside their text.
fn settings(how: &Optimisation) -> PassBuilderOptions {
    let options = PassBuilderOptions::create();
    let level = how.level;
    let vectorise = how.vectorise && level >= OptLevel::O2;
    options.set_loop_vectorization(vectorise);
    options.set_loop_slp_vectorization(false);
    options.set_loop_interleaving(vectorise);
    options.set_loop_unrolling(level >= OptLevel::O1);
    options
}

#[cfg(test)]
mod tests;

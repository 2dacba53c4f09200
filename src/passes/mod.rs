//! Optimisation: LLVM's pipeline with our own passes before and after it.
//!
//! In: an LLVM module as emitted. Out: the same module, optimised, ready for code generation.
//! Subtle is what must survive the optimiser: traps of loads whose value is unused
//! ([`keep_traps`]) and the quieting of NaNs ([`drop_canonicalize`] takes back what was only there
//! to be safe from folds).
//!
//! On optimised IR, what is left to the runtime is taken out of the code ([`replace`]): operations
//! that it has functions for ([`expand`], [`intrinsics`], [`constants`]), and memory to copy
//! ([`memory_calls`]). In indirect mode, its functions are then called through a table
//! ([`indirect_calls`]). Which operations the processor lacks, [`hardware`] knows.

mod constants;
mod drop_canonicalize;
mod expand;
mod hardware;
mod indirect_calls;
mod intrinsics;
mod ir;
mod keep_traps;
mod memory_calls;
mod operation;
#[cfg(test)]
mod tests;
mod widen_canonicalize;

use inkwell::module::Module as LlvmModule;
use inkwell::passes::PassBuilderOptions;
use inkwell::targets::TargetMachine;
use runtime_intrinsics::Selection;

use crate::options::OptLevel;
use crate::target::PointerWidth;

pub use hardware::Hardware;
pub use indirect_calls::{NativeTable, Uses};
pub use intrinsics::CallConvention;

/// LLVM refused a pass pipeline.
#[derive(Debug, thiserror::Error)]
#[error("LLVM could not run its passes: {0}")]
pub struct PassError(String);

/// How [`optimise`] works.
#[derive(Debug, Clone, Copy)]
pub struct Optimisation {
    pub level: OptLevel,
    /// The hardware, not emitted code, finds accesses that are out of bounds.
    pub loads_trap: bool,
    /// Loops may be vectorised.
    pub vectorise: bool,
}

/// Optimises `module` for `machine`.
pub fn optimise(
    module: &LlvmModule,
    machine: &TargetMachine,
    how: Optimisation,
) -> Result<(), PassError> {
    let Optimisation {
        level, loads_trap, ..
    } = how;
    let run = |passes: &str| {
        module
            .run_passes(passes, machine, settings(how))
            .map_err(|message| PassError(message.to_string()))
    };

    // Locals become values first: that is quick, and leaves less to do for all that follows.
    run("function(mem2reg)")?;
    drop_canonicalize::run_early(module);
    match level {
        OptLevel::O0 => {
            if loads_trap {
                keep_traps::pin(module);
            }
        }
        OptLevel::O1 => {
            if loads_trap {
                keep_traps::hold(module);
            }
            run("default<O1>")?;
            if loads_trap {
                keep_traps::release(module);
                keep_traps::keep_width(module);
            }
        }
        OptLevel::O2 | OptLevel::O3 => {
            if loads_trap {
                keep_traps::hold(module);
                run(&format!("thinlto-pre-link<{level:?}>"))?;
                keep_traps::release(module);
                run(&AFTER_SIMPLIFICATION.replace("LEVEL", &format!("{level:?}")))?;
                keep_traps::keep_width(module);
            } else {
                run(&format!("default<{level:?}>"))?;
            }
        }
    }
    // Without optimisation, code generation may be the first to find that an operand is the constant
    // that makes an operation an identity.
    if level != OptLevel::O0 {
        drop_canonicalize::run_late(module);
    }
    widen_canonicalize::run(module);
    Ok(())
}

/// What `default<LEVEL>` does once everything is simplified. There is no name for this part of it.
const AFTER_SIMPLIFICATION: &str = "\
    deadargelim,globalopt,globaldce,elim-avail-extern,rpo-function-attrs,recompute-globalsaa,\
    function<eager-inv>(\
        float2int,lower-constant-intrinsics,\
        loop(loop-rotate<header-duplication;no-prepare-for-lto>,loop-deletion),\
        loop-distribute,inject-tli-mappings,\
        loop-vectorize<no-interleave-forced-only;no-vectorize-forced-only>,infer-alignment,\
        loop-load-elim,instcombine<max-iterations=1;no-verify-fixpoint>,\
        simplifycfg<bonus-inst-threshold=1;forward-switch-cond;switch-range-to-icmp;\
            switch-to-arithmetic;switch-to-lookup;no-keep-loops;hoist-common-insts;\
            sink-common-insts;speculate-blocks;simplify-cond-branch;no-speculate-unpredictables>,\
        slp-vectorizer,vector-combine,instcombine<max-iterations=1;no-verify-fixpoint>,\
        loop-unroll<LEVEL>,sroa<preserve-cfg>,infer-alignment,\
        instcombine<max-iterations=1;no-verify-fixpoint>,loop-mssa(licm<allowspeculation>),\
        alignment-from-assumptions,loop-sink,instsimplify,div-rem-pairs,tailcallelim,\
        simplifycfg<bonus-inst-threshold=1;switch-range-to-icmp;switch-to-arithmetic;\
            no-switch-to-lookup;keep-loops;no-hoist-common-insts;\
            hoist-loads-stores-with-cond-faulting;no-sink-common-insts;speculate-blocks;\
            simplify-cond-branch;speculate-unpredictables>),\
    globaldce,constmerge,rel-lookup-table-converter";

/// What is left to the runtime.
#[derive(Debug, Clone)]
pub struct Replacement {
    /// Operations and constants, by the rows of the table of intrinsics.
    pub selection: Selection,
    pub hardware: Hardware,
    pub convention: CallConvention,
    /// Whether to call `memcpy` and its like by these names.
    pub memory: bool,
}

/// Takes out of `module`, which is optimised, what is left to the runtime.
pub fn replace(module: &LlvmModule, replacement: &Replacement, width: PointerWidth) {
    let replacements = intrinsics::Replacements::new(replacement, 8 * width.bytes());
    expand::run(module, &replacements);
    intrinsics::run(module, &replacements);
    if replacement.memory {
        memory_calls::run(module, 8 * width.bytes());
        constants::run(module, &replacement.selection);
    }
}

/// Has `module` use the runtime through `table`.
pub fn call_through_table(
    module: &LlvmModule,
    machine: &TargetMachine,
    table: &NativeTable,
    width: PointerWidth,
    level: OptLevel,
) -> Result<(), PassError> {
    indirect_calls::run(module, table, width)?;
    if level > OptLevel::O0 {
        // Many calls load the address of the table, which is always the same.
        module
            .run_passes("function(early-cse)", machine, PassBuilderOptions::create())
            .map_err(|message| PassError(message.to_string()))?;
    }
    Ok(())
}

fn settings(how: Optimisation) -> PassBuilderOptions {
    let options = PassBuilderOptions::create();
    let level = how.level;
    let vectorise = how.vectorise && level >= OptLevel::O2;
    options.set_loop_vectorization(vectorise);
    options.set_loop_slp_vectorization(vectorise);
    options.set_loop_interleaving(vectorise);
    options.set_loop_unrolling(level >= OptLevel::O1);
    options
}

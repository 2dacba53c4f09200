//! Optimisation: LLVM's pipeline with our own passes before and after it.
//!
//! In: an LLVM module as emitted. Out: the same module, optimised, ready for code generation.
//! Subtle is what must survive the optimiser: traps of loads whose value is unused
//! ([`keep_traps`]) and the quieting of NaNs ([`drop_canonicalize`] takes back what was only there
//! to be safe from folds).

mod drop_canonicalize;
mod ir;
mod keep_traps;
mod legalise;
mod widen_canonicalize;

use inkwell::module::Module as LlvmModule;
use inkwell::passes::PassBuilderOptions;
use inkwell::targets::TargetMachine;

use crate::options::OptLevel;

pub use legalise::{Needs, legalise};

/// LLVM refused a pass pipeline.
#[derive(Debug, thiserror::Error)]
#[error("LLVM could not run its passes: {0}")]
pub struct PassError(String);

/// Optimises `module` for `machine`.
///
/// `loads_trap`: the hardware, not emitted code, finds accesses that are out of bounds.
pub fn optimise(
    module: &LlvmModule,
    machine: &TargetMachine,
    level: OptLevel,
    loads_trap: bool,
) -> Result<(), PassError> {
    let run = |passes: &str| {
        module
            .run_passes(passes, machine, settings(level))
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
            keep_traps::release(module);
        }
        OptLevel::O2 | OptLevel::O3 => {
            if loads_trap {
                keep_traps::hold(module);
                run(&format!("thinlto-pre-link<{level:?}>"))?;
                keep_traps::release(module);
                run(&AFTER_SIMPLIFICATION.replace("LEVEL", &format!("{level:?}")))?;
            } else {
                run(&format!("default<{level:?}>"))?;
            }
        }
    }
    drop_canonicalize::run_late(module);
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

fn settings(level: OptLevel) -> PassBuilderOptions {
    let options = PassBuilderOptions::create();
    let vectorise = level >= OptLevel::O2;
    options.set_loop_vectorization(vectorise);
    options.set_loop_slp_vectorization(vectorise);
    options.set_loop_interleaving(vectorise);
    options.set_loop_unrolling(level >= OptLevel::O1);
    options
}

//! Optimisation: LLVM's pipeline with our own passes before and after it.
//!
//! In: an LLVM module as emitted. Out: the same module, optimised, ready for code generation.
//! Subtle is what must survive the optimiser: traps of loads whose value is unused
//! ([`keep_traps`]) and the quieting of NaNs ([`drop_canonicalize`] takes back what was only there
//! to be safe from folds).

mod demanded;
mod drop_canonicalize;
mod ir;
mod keep_traps;
mod widen_canonicalize;

use inkwell::module::Module as LlvmModule;
use inkwell::passes::PassBuilderOptions;
use inkwell::targets::TargetMachine;

use crate::options::OptLevel;

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

    // Locals become values first: what is unused shows only then.
    run("function(mem2reg)")?;
    drop_canonicalize::run_early(module);
    if loads_trap {
        keep_traps::run(module);
    }
    match level {
        OptLevel::O0 => {}
        OptLevel::O1 => run("default<O1>")?,
        OptLevel::O2 => run("default<O2>")?,
        OptLevel::O3 => run("default<O3>")?,
    }
    drop_canonicalize::run_late(module);
    widen_canonicalize::run(module);
    Ok(())
}

fn settings(level: OptLevel) -> PassBuilderOptions {
    let options = PassBuilderOptions::create();
    let vectorise = level >= OptLevel::O2;
    options.set_loop_vectorization(vectorise);
    options.set_loop_slp_vectorization(vectorise);
    options.set_loop_interleaving(vectorise);
    options.set_loop_unrolling(level >= OptLevel::O1);
    options
}

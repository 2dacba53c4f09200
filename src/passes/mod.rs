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
//! ([`indirect_calls`]), and what has an address in the text is found by its distance where code has
//! no other way ([`distances`]). Which operations the processor lacks, [`hardware`] knows.

mod bounds_checks;
mod constants;
mod count_from_zero;
mod distances;
mod drop_canonicalize;
mod exact_memory;
mod expand;
mod hardware;
mod indirect_calls;
mod inlined;
mod intrinsics;
mod keep_environment;
mod keep_traps;
mod memory_calls;
mod no_wrap;
mod operation;
mod order;
mod separate_arrays;
mod shared_functions;
mod short_loops;
mod stack_checks;
#[cfg(test)]
mod tests;
mod widen_canonicalize;
mod word_doubles;
mod workarounds;

use inkwell::attributes::{Attribute, AttributeLoc};
use inkwell::module::Module as LlvmModule;
use inkwell::passes::PassBuilderOptions;
use inkwell::targets::TargetMachine;
use runtime_intrinsics::Selection;

use crate::llvm::options::configure_llvm;
use crate::llvm::{ObjectWriter, objects};
use crate::options::OptLevel;
use crate::targets::{Arch, PointerWidth};

pub use constants::floats_from_integers;
pub use distances::{Calls, run as address_by_distance};
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
    /// What code will be generated for: some workarounds are for certain targets.
    pub arch: Arch,
    /// The hardware, not emitted code, finds accesses that are out of bounds.
    pub loads_trap: bool,
    /// Stores happen in order with accesses that the hardware finds out of bounds: after a trap,
    /// memory is what the program has made of it ([`exact_memory`]).
    pub in_order: bool,
    /// The last bytes of the addresses of linear memory are never part of it
    /// ([`crate::abi::layout::leaves_top_unused`]).
    pub top_unused: bool,
    /// Loops may be vectorised.
    pub vectorise: bool,
    /// Code may need the execution environment later where it does not use it now.
    pub keep_environment: bool,
    /// Function entries check the stack.
    pub stack_checks: bool,
    /// Code is for machines on which its size counts.
    pub small: bool,
    /// Doubles are loaded into floating-point registers only from aligned addresses.
    pub aligned_doubles: bool,
}

/// Optimises `module` for `machine`, with the passes `extra` before LLVM's pipeline.
pub fn optimise(
    module: &LlvmModule,
    machine: &TargetMachine,
    how: Optimisation,
    extra: Option<&str>,
) -> Result<(), PassError> {
    let Optimisation {
        level,
        arch,
        loads_trap,
        in_order,
        top_unused,
        vectorise,
        keep_environment,
        stack_checks,
        small,
        aligned_doubles,
    } = how;
    configure_llvm(&[]);
    let run = |passes: &str| {
        module
            .run_passes(passes, machine, settings(how))
            .map_err(|message| PassError(message.to_string()))
    };
    // Whatever passes these are, loads have what keeps them by then.
    let run_extra = || extra.map_or(Ok(()), run);
    let prune_traps = || -> Result<(), PassError> {
        keep_traps::prune(module);
        run("function(simplifycfg,dce)")
    };

    let in_order = loads_trap && in_order;
    if in_order {
        exact_memory::keep_order(module);
    }
    // Volatile loads need no other use.
    let hold_loads = loads_trap && !in_order;

    // Locals become values first: that is quick, and leaves less to do for all that follows.
    run("function(mem2reg)")?;
    drop_canonicalize::run_early(module);
    if level >= OptLevel::O2 {
        count_from_zero::run(module);
        if top_unused {
            no_wrap::run(module);
        }
    }
    if keep_environment {
        keep_environment::hold(module);
    }
    match level {
        OptLevel::O0 => {
            if loads_trap {
                keep_traps::keep_width(module);
            }
            run_extra()?;
        }
        OptLevel::O1 => {
            if hold_loads {
                keep_traps::hold(module);
            }
            run_extra()?;
            if stack_checks {
                // The entries of functions into their callers, above all.
                run("cgscc(inline)")?;
            }
            run(QUICK)?;
            if stack_checks {
                stack_checks::run(module, small);
                run("globaldce,function(simplifycfg,dce)")?;
            }
            if hold_loads {
                prune_traps()?;
                keep_traps::release(module);
            }
            if loads_trap {
                keep_traps::pin(module);
                keep_traps::keep_width(module);
            }
        }
        OptLevel::O2 | OptLevel::O3 | OptLevel::Os | OptLevel::Oz => {
            if hold_loads {
                keep_traps::hold(module);
            }
            run_extra()?;
            run(&format!("thinlto-pre-link<{level:?}>"))?;
            inlined::remove(module);
            if hold_loads {
                prune_traps()?;
            }
            if stack_checks {
                stack_checks::run(module, small);
            }
            if !loads_trap {
                bounds_checks::run(module);
            }
            if stack_checks || !loads_trap {
                run("function(simplifycfg,dce)")?;
            }
            if top_unused {
                no_wrap::run(module);
            }
            run(BEFORE_VECTORISING)?;
            // Not before: a loop that only looks for something has no effect, and would be deleted.
            if hold_loads {
                keep_traps::release(module);
            }
            if vectorise {
                separate_arrays::separate(module);
                run(VECTORISING)?;
                separate_arrays::unite(module);
                short_loops::run(module);
            }
            if loads_trap {
                keep_traps::pin(module);
            }
            let unrolling = if small {
                SMALL_UNROLLING.to_owned()
            } else {
                format!("{level:?}")
            };
            run(&AFTER_VECTORISING.replace("UNROLLING", &unrolling))?;
            if loads_trap {
                keep_traps::keep_width(module);
            }
        }
    }
    if loads_trap {
        workarounds::keep_width(module, arch, level);
    }
    if keep_environment {
        keep_environment::release(module);
    }
    // Without optimisation, code generation may be the first to find that an operand is the constant
    // that makes an operation an identity.
    if level != OptLevel::O0 {
        drop_canonicalize::run_late(module);
    }
    widen_canonicalize::run(module);
    if aligned_doubles {
        word_doubles::run(module);
    }
    Ok(())
}

/// Leaves the locals of every function in their stack slots, whatever [`optimise`] does.
///
/// Making them values takes time that grows with locals times blocks. Code generation without
/// optimisation would put each of the values, phis above all, back into a slot of its own: the frame
/// of a function of megabytes would not fit on any stack.
pub fn keep_slots(module: &LlvmModule) {
    for function in module.get_functions() {
        if function.count_basic_blocks() > 0 {
            // What is not optimised is not optimised for size.
            for name in ["optsize", "minsize"] {
                let kind = Attribute::get_named_enum_kind_id(name);
                function.remove_enum_attribute(AttributeLoc::Function, kind);
            }
            // The one needs the other.
            for name in ["optnone", "noinline"] {
                let kind = Attribute::get_named_enum_kind_id(name);
                let attribute = module.get_context().create_enum_attribute(kind, 0);
                function.add_attribute(AttributeLoc::Function, attribute);
            }
        }
    }
}

/// What level 1 does: a small part of `default<O1>`, which takes four times as long over code that an
/// optimiser has seen before, and makes it a little faster at most (docs/performance.md).
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

/// What `default<LEVEL>` does once everything is simplified, before it vectorises loops. There is no
/// name for this part of it.
const BEFORE_VECTORISING: &str = "\
    deadargelim,globalopt,globaldce,elim-avail-extern,rpo-function-attrs,recompute-globalsaa,\
    function<eager-inv>(\
        float2int,lower-constant-intrinsics,\
        loop(loop-rotate<header-duplication;no-prepare-for-lto>,loop-deletion),\
        loop-distribute,inject-tli-mappings)";

const VECTORISING: &str =
    "function<eager-inv>(loop-vectorize<no-interleave-forced-only;no-vectorize-forced-only>)";

/// And what it does after that, but for vectors made of straight-line code (`slp-vectorizer`): few
/// programs of the benchmarks get faster by them, and ciphers much slower (docs/performance.md).
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

/// How loops are unrolled where size counts: only those that vanish. LLVM unrolls more on
/// microcontrollers than anywhere else; undone, that takes 5 to 20 % off the code of C programs and
/// costs next to no instructions (docs/performance.md).
const SMALL_UNROLLING: &str = "O2;no-partial;no-runtime";

/// Prepares `module`, whose code is generated next, for what LLVM's code generators cannot do with it.
pub fn prepare(module: &LlvmModule, objects: ObjectWriter) {
    /// Code for MIPS reaches 64 KiB of constants, and jump tables and others are among them.
    const MOST_FLOAT_BYTES: u32 = 0x8000;

    match objects {
        ObjectWriter::Direct => {}
        ObjectWriter::WithoutPrivateFunctions => {
            objects::reach_functions(module);
            constants::floats_in_code(module, MOST_FLOAT_BYTES);
        }
        ObjectWriter::Assembly => workarounds::separate_constants(module),
    }
}

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

/// Makes functions of operations of `module` that take many instructions, for [`OptLevel::Oz`]: after
/// [`replace`], as the runtime's functions need the execution environment. `unaligned_overhead`: how
/// many bytes longer an access to a word is if it need not be aligned.
pub fn share(module: &LlvmModule, width: PointerWidth, unaligned_overhead: u64) {
    /// Of a call: two instructions, and what saving registers for it takes.
    const CALL_BYTES: u64 = 12;

    if width == PointerWidth::Bits32 {
        shared_functions::shifts(module);
    }
    if unaligned_overhead > CALL_BYTES {
        shared_functions::accesses(module);
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
    options.set_loop_slp_vectorization(false);
    options.set_loop_interleaving(vectorise);
    options.set_loop_unrolling(level >= OptLevel::O1);
    options
}

#[cfg(test)]
mod testing {
    use inkwell::context::Context;
    use inkwell::memory_buffer::MemoryBuffer;
    use inkwell::module::Module as LlvmModule;

    /// The IR that `pass` makes of `ir`, which must be valid before and after.
    pub fn after(pass: impl Fn(&LlvmModule), ir: &str) -> String {
        let context = Context::create();
        let text = MemoryBuffer::create_from_memory_range_copy(ir.as_bytes(), "test");
        let module = context.create_module_from_ir(text).expect("the text is IR");
        pass(&module);
        module.verify().expect("the pass leaves valid IR");
        module.to_string()
    }
}

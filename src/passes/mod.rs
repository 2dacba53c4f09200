//! Optimisation: runs LLVM's pipeline with our own passes before and after it.
//!
//! Takes an LLVM module as emitted; leaves it optimised and ready for code generation.
//!
//! - [`steps`] holds the order as data: a list for each level and mode, which [`optimise`] runs;
//! - [`exact`], [`linear`], [`loops`], [`checks`] and [`size`] hold our passes by their purpose;
//! - [`replace`] then replaces operations by calls of the runtime ([`runtime`]);
//! - [`in_place`] removes everything that the loader would have to change in the text;
//! - [`workarounds`] has one file per fault of LLVM's code generators.

mod checks;
mod exact;
mod in_place;
mod linear;
mod loops;
mod runtime;
mod segue;
mod size;
mod steps;
#[cfg(test)]
mod tests;
mod workarounds;

use inkwell::attributes::{Attribute, AttributeLoc};
use inkwell::module::Module as LlvmModule;
use inkwell::passes::PassBuilderOptions;
use inkwell::targets::TargetMachine;
use runtime_intrinsics::Selection;

use crate::llvm::ObjectWriter;
use crate::llvm::options::configure_llvm;
use crate::options::OptLevel;
use crate::targets::PointerWidth;

pub use in_place::distances::{Calls, run as address_by_distance};
pub use in_place::indirect_calls::{NativeTable, Uses};
pub use runtime::constants::floats_from_integers;
pub use runtime::hardware::Hardware;
pub use runtime::intrinsics::CallConvention;
pub use segue::SegmentAccesses;
pub use steps::Optimisation;

use in_place::indirect_calls;
use linear::{constant_pool, long_blocks};
use runtime::{constants, expand, intrinsics, memory_calls};
use size::shared_functions;

/// LLVM rejected a pass pipeline.
#[derive(Debug, thiserror::Error)]
#[error("LLVM could not run its passes: {0}")]
pub struct PassError(String);

/// Optimises `module` for `machine` as `how` says; runs LLVM's passes `extra` before LLVM's pipeline.
pub fn optimise(
    module: &LlvmModule,
    machine: &TargetMachine,
    how: &Optimisation,
    extra: Option<&str>,
) -> Result<(), PassError> {
    configure_llvm(&[]);
    for step in steps::steps(how, extra) {
        log::trace!("pass: {step}");
        step.run(module, machine, how)?;
    }
    Ok(())
}

/// Rewrites accesses of the optimised `module` so that they use the segment register.
pub fn use_segment(
    module: &LlvmModule,
    machine: &TargetMachine,
    how: &SegmentAccesses,
) -> Result<(), PassError> {
    segue::run(module, how);
    // The addresses before.
    module
        .run_passes("function(dce)", machine, PassBuilderOptions::create())
        .map_err(|message| PassError(message.to_string()))
}

/// Keeps the locals of every function in their stack slots, whatever [`optimise`] does.
///
/// Making them values takes time proportional to locals times blocks. Code generation without optimisation
/// would then give each value, above all each phi, its own slot: for a function of megabytes, the frame would
/// not fit on any stack.
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

/// Changes `module`, whose code is generated next at `level`, so that code generation takes time that grows in
/// proportion to its size.
pub fn bound_generation_time(module: &LlvmModule, level: OptLevel) {
    constant_pool::run(module);
    long_blocks::run(module, level);
}

/// Changes the constructs of `module`, whose code is generated next, that the code generator behind `objects`
/// gets wrong.
pub fn adapt_to_object_writer(module: &LlvmModule, objects: ObjectWriter) {
    /// Code for MIPS reaches 64 KiB of constants, including jump tables and others.
    const MOST_FLOAT_BYTES: u32 = 0x8000;

    match objects {
        ObjectWriter::Direct => {}
        ObjectWriter::WithoutPrivateFunctions => {
            workarounds::reach_functions(module);
            constants::floats_in_code(module, MOST_FLOAT_BYTES);
        }
        ObjectWriter::Assembly => workarounds::separate_constants(module),
    }
}

/// The operations that the runtime performs.
#[derive(Debug, Clone)]
pub struct Replacement {
    /// Operations and constants, by the rows of the table of intrinsics.
    pub selection: Selection,
    pub hardware: Hardware,
    pub convention: CallConvention,
    /// Whether to call `memcpy` and similar functions by these names.
    pub memory: bool,
}

/// Replaces operations of the optimised `module` by calls of the runtime.
pub fn replace(module: &LlvmModule, replacement: &Replacement, width: PointerWidth) {
    let replacements = intrinsics::Replacements::new(replacement, 8 * width.bytes());
    expand::run(module, &replacements);
    intrinsics::run(module, &replacements);
    if replacement.memory {
        memory_calls::run(module, 8 * width.bytes());
        constants::run(module, &replacement.selection);
    }
}

/// For [`OptLevel::Oz`], replaces operations of many instructions by calls of shared functions. Runs after
/// [`replace`], because the runtime's functions need the execution environment. `unaligned_overhead`: how
/// many bytes longer an unaligned access to a word is.
pub fn share(module: &LlvmModule, width: PointerWidth, unaligned_overhead: u64) {
    /// The cost of a call in bytes: two instructions, and saving registers for it.
    const CALL_BYTES: u64 = 12;

    if width == PointerWidth::Bits32 {
        shared_functions::shifts(module);
    }
    if unaligned_overhead > CALL_BYTES {
        shared_functions::accesses(module);
    }
}

/// Redirects the uses of the runtime in `module` through `table`.
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

#[cfg(test)]
mod testing {
    use inkwell::context::Context;
    use inkwell::memory_buffer::MemoryBuffer;
    use inkwell::module::Module as LlvmModule;

    /// Returns the IR that `pass` makes of `ir`; both must be valid.
    pub fn after(pass: impl Fn(&LlvmModule), ir: &str) -> String {
        let context = Context::create();
        let text = MemoryBuffer::create_from_memory_range_copy(ir.as_bytes(), "test");
        let module = context.create_module_from_ir(text).expect("the text is IR");
        pass(&module);
        module.verify().expect("the pass leaves valid IR");
        module.to_string()
    }
}

//! Optimisation: LLVM's pipeline with our own passes before and after it.
//!
//! In: an LLVM module as emitted. Out: the same module, optimised, ready for code generation.
//!
//! - [`steps`] is their order, as data: a list for each level and mode, which [`optimise`] runs;
//! - [`linear`] bounds the time that LLVM takes;
//! - [`exact`], [`loops`], [`checks`] and [`size`] hold our passes by what they are for;
//! - [`replace`] then takes what is left to the runtime out of the code ([`runtime`]);
//! - [`in_place`] leaves nothing in the text for the loader to change;
//! - [`workarounds`] has a file for each fault of LLVM's code generators.

mod checks;
mod exact;
mod in_place;
mod linear;
mod loops;
mod runtime;
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
pub use steps::Optimisation;

use in_place::indirect_calls;
use linear::{constant_pool, long_blocks};
use runtime::{constants, expand, intrinsics, memory_calls};
use size::shared_functions;

/// LLVM refused a pass pipeline.
#[derive(Debug, thiserror::Error)]
#[error("LLVM could not run its passes: {0}")]
pub struct PassError(String);

/// Optimises `module` for `machine` as `how` says, with LLVM's passes `extra` before LLVM's pipeline.
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

/// Keeps code generation for `module`, which is next, at `level`, from taking time that grows with the square
/// of its size.
pub fn prepare_for_generation(module: &LlvmModule, level: OptLevel) {
    constant_pool::run(module);
    long_blocks::run(module, level);
}

/// Prepares `module`, whose code is generated next, for what LLVM's code generators cannot do with it.
pub fn prepare(module: &LlvmModule, objects: ObjectWriter) {
    /// Code for MIPS reaches 64 KiB of constants, and jump tables and others are among them.
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

//! Asks LLVM which features a processor has.
//!
//! LLVM's C interface does not say. But LLVM inlines a function only into a function whose processor has all
//! features of the first. So each feature gets a function whose processor is the asked one and this feature:
//! it is inlined if the processor has the feature anyway.

use std::fmt::Write as _;

use inkwell::context::Context;
use inkwell::memory_buffer::MemoryBuffer;
use inkwell::passes::PassBuilderOptions;

use super::machine::{MachineError, MachineSpec};
use crate::options::OptLevel;

/// Reports for each of `names`, features of LLVM, whether the processor of `machine` has it.
pub fn has_features(machine: &MachineSpec, names: &[&str]) -> Result<Vec<bool>, MachineError> {
    let llvm = machine.create(OptLevel::O2)?;
    let context = Context::create();
    let ir = probes(machine, names) + "\0";
    let buffer = MemoryBuffer::create_from_memory_range_copy(ir.as_bytes(), "features");
    let module = context
        .create_module_from_ir(buffer)
        .map_err(|message| machine.failed(message.to_string()))?;
    module.set_triple(&llvm.get_triple());
    module.set_data_layout(&llvm.get_target_data().get_data_layout());
    module
        .run_passes("cgscc(inline)", &llvm, PassBuilderOptions::create())
        .map_err(|message| machine.failed(message.to_string()))?;
    // An internal function goes once nothing calls it.
    let has = |number| module.get_function(&format!("feature{number}")).is_none();
    Ok((0..names.len()).map(has).collect())
}

/// Returns a module with one function for each feature, and one that calls them all.
fn probes(machine: &MachineSpec, names: &[&str]) -> String {
    let mut functions = String::new();
    let mut calls = String::new();
    let mut attributes = String::new();
    let attribute = |features: &str| {
        format!(
            "{{ \"target-cpu\"=\"{}\" \"target-features\"=\"{features}\" }}",
            machine.cpu
        )
    };
    for (number, name) in names.iter().enumerate() {
        let features = match machine.features.as_str() {
            "" => format!("+{name}"),
            own => format!("{own},+{name}"),
        };
        // Writing to a string does not fail.
        let _ = writeln!(
            functions,
            "define internal void @feature{number}(ptr %p) #{number} {{\n\
             store volatile i8 0, ptr %p\nret void\n}}"
        );
        let _ = writeln!(calls, "call void @feature{number}(ptr %p)");
        let _ = writeln!(
            attributes,
            "attributes #{number} = {}",
            attribute(&features)
        );
    }
    let own = names.len();
    format!(
        "{functions}define void @processor(ptr %p) #{own} {{\n{calls}ret void\n}}\n\
         {attributes}attributes #{own} = {}\n",
        attribute(&machine.features)
    )
}

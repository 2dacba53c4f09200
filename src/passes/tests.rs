//! Tests of the passes that replace operations. Compares IR text before and after, and generates code for
//! processors of all kinds without any reference to a support library.

mod golden;
mod processors;

use std::collections::HashSet;

use inkwell::context::Context;
use inkwell::memory_buffer::MemoryBuffer;
use inkwell::module::Module as LlvmModule;
use inkwell::targets::{
    CodeModel, FileType, InitializationConfig, RelocMode, Target, TargetMachine,
    TargetMachineOptions, TargetTriple,
};
use runtime_intrinsics::Selection;

use super::{CallConvention, Hardware, NativeTable, Replacement, Uses};
use crate::abi::runtime_symbols::runtime_symbols;
use crate::options::OptLevel;
use crate::targets::{Arch, PointerWidth};

fn read<'ctx>(context: &'ctx Context, ir: &str) -> LlvmModule<'ctx> {
    let text = format!("{ir}\0");
    let buffer = MemoryBuffer::create_from_memory_range_copy(text.as_bytes(), "ir");
    context
        .create_module_from_ir(buffer)
        .unwrap_or_else(|error| panic!("{error}\n{ir}"))
}

fn machine(triple: &str, cpu: &str, features: &str, level: OptLevel) -> TargetMachine {
    Target::initialize_all(&InitializationConfig::default());
    // LLVM has no position-independent code for Xtensa.
    let relocation = match triple.starts_with("xtensa") {
        true => RelocMode::Static,
        false => RelocMode::PIC,
    };
    let triple = TargetTriple::create(triple);
    let target = Target::from_triple(&triple).expect("LLVM has the target");
    let options = TargetMachineOptions::default()
        .set_cpu(cpu)
        .set_features(features)
        .set_level(match level {
            OptLevel::O0 => inkwell::OptimizationLevel::None,
            _ => inkwell::OptimizationLevel::Aggressive,
        })
        .set_reloc_mode(relocation)
        .set_code_model(CodeModel::Small);
    target
        .create_target_machine_from_options(&triple, options)
        .expect("a machine")
}

/// Returns the assembly for a processor (triple, name, features) of `functions` after `passes`. Accesses of
/// linear memory in `functions` have the tag `!0`.
pub(in crate::passes) fn assembly(
    (triple, cpu, features): (&str, &str, &str),
    level: OptLevel,
    functions: &str,
    passes: impl Fn(&LlvmModule),
) -> String {
    let context = Context::create();
    let tags = "!0 = !{!1, !1, i64 0}\n!1 = !{!\"linear memory\", !2, i64 0}\n!2 = !{!\"wasmelt\"}";
    let module = read(&context, &format!("{functions}\n{tags}"));
    let machine = machine(triple, cpu, features, level);
    module.set_triple(&machine.get_triple());
    module.set_data_layout(&machine.get_target_data().get_data_layout());
    passes(&module);
    let code = machine
        .write_to_memory_buffer(&module, FileType::Assembly)
        .expect("LLVM can generate code");
    String::from_utf8_lossy(code.as_slice()).into_owned()
}

/// Returns the symbols that a runtime has on every architecture.
fn symbols() -> HashSet<&'static str> {
    runtime_symbols(Arch::X86_64).collect()
}

/// Runs the passes of `--xip --enable-builtin-intrinsics=list` for a processor with this hardware.
fn execute_in_place(
    module: &LlvmModule,
    machine: &TargetMachine,
    list: &str,
    hardware: Hardware,
    width: PointerWidth,
) -> NativeTable {
    let mut selection = Selection::parse(list).expect("the list names intrinsics");
    for row in hardware.missing.iter() {
        selection.insert(row);
    }
    let replacement = Replacement {
        selection,
        hardware,
        convention: CallConvention::default(),
        memory: true,
    };
    super::replace(module, &replacement, width);
    if let Err(message) = module.verify() {
        panic!("{message}\n{}", module.to_string());
    }
    let table = NativeTable::new(Uses::of(module, &symbols()), width);
    super::call_through_table(module, machine, &table, width, OptLevel::O0).expect("the pass runs");
    if let Err(message) = module.verify() {
        panic!("{message}\n{}", module.to_string());
    }
    table
}

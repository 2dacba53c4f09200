//! Objects made by LLVM from IR text, linked; the x86-64 ones are then run on a host that can.

mod aarch64;
mod errors;
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod run;

use std::sync::Once;

use inkwell::OptimizationLevel;
use inkwell::context::Context;
use inkwell::memory_buffer::MemoryBuffer;
use inkwell::targets::{
    CodeModel, FileType, InitializationConfig, RelocMode, Target, TargetMachineOptions,
    TargetTriple,
};
use target_lexicon::{Aarch64Architecture, Architecture};

use super::{LinkError, LinkedText, link};

/// How to make objects for an architecture.
#[derive(Clone, Copy)]
struct Recipe {
    architecture: Architecture,
    triple: &'static str,
    relocation_mode: RelocMode,
    code_model: CodeModel,
}

const X86_64: Recipe = Recipe {
    architecture: Architecture::X86_64,
    triple: "x86_64-unknown-linux-gnu",
    relocation_mode: RelocMode::PIC,
    code_model: CodeModel::Small,
};

const AARCH64: Recipe = Recipe {
    architecture: Architecture::Aarch64(Aarch64Architecture::Aarch64),
    triple: "aarch64-unknown-linux-gnu",
    relocation_mode: RelocMode::PIC,
    // The tiny model, which inkwell has no name for, is set in the modules themselves.
    code_model: CodeModel::Default,
};

impl Recipe {
    fn object(self, ir: &str) -> Vec<u8> {
        static TARGETS: Once = Once::new();
        TARGETS.call_once(|| Target::initialize_all(&InitializationConfig::default()));
        let context = Context::create();
        let terminated = format!("{ir}\0");
        let buffer = MemoryBuffer::create_from_memory_range_copy(terminated.as_bytes(), "ir");
        let module = context.create_module_from_ir(buffer).expect("valid IR");
        let triple = TargetTriple::create(self.triple);
        let options = TargetMachineOptions::new()
            .set_level(OptimizationLevel::Default)
            .set_reloc_mode(self.relocation_mode)
            .set_code_model(self.code_model);
        let machine = Target::from_triple(&triple)
            .expect("a target of LLVM")
            .create_target_machine_from_options(&triple, options)
            .expect("a target machine");
        module.set_triple(&triple);
        module.set_data_layout(&machine.get_target_data().get_data_layout());
        let object = machine
            .write_to_memory_buffer(&module, FileType::Object)
            .expect("an object");
        object.as_slice().to_vec()
    }

    fn link(self, function_count: usize, partitions: &[&str]) -> Result<LinkedText, LinkError> {
        let objects: Vec<_> = partitions.iter().map(|ir| self.object(ir)).collect();
        link(self.architecture, function_count, &objects)
    }
}

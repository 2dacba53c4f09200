//! Links and runs objects that LLVM makes from IR text: x86-64 objects in this process on a suitable host,
//! objects of other architectures in an emulator.

mod aarch64;
mod emulated;
mod errors;
mod refusals;
#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
mod run;

use std::ffi::CString;
use std::sync::Once;

use inkwell::context::Context;
use inkwell::llvm_sys::target_machine::{
    LLVMCodeGenOptLevel, LLVMCodeModel, LLVMCreateTargetMachine, LLVMRelocMode,
};
use inkwell::memory_buffer::MemoryBuffer;
use inkwell::targets::{FileType, InitializationConfig, Target, TargetMachine, TargetTriple};

use super::{LinkError, LinkedText, Object, Platform, link};
use crate::llvm::{ObjectWriter, objects};
use crate::passes::{self, Calls};
use crate::targets::{Arch, Endianness};

/// The parameters of objects for a platform.
#[derive(Clone, Copy)]
struct Recipe {
    platform: Platform,
    triple: &'static str,
    cpu: &'static str,
    features: &'static str,
    relocation_mode: LLVMRelocMode,
    code_model: LLVMCodeModel,
    /// Code computes addresses from distances.
    distances: Option<Calls>,
}

const X86_64: Recipe = Recipe {
    platform: Platform {
        arch: Arch::X86_64,
        endianness: Endianness::Little,
    },
    triple: "x86_64-unknown-linux-gnu",
    cpu: "",
    features: "",
    relocation_mode: LLVMRelocMode::LLVMRelocPIC,
    code_model: LLVMCodeModel::LLVMCodeModelSmall,
    distances: None,
};

const AARCH64: Recipe = Recipe {
    platform: Platform {
        arch: Arch::Aarch64,
        endianness: Endianness::Little,
    },
    triple: "aarch64-unknown-linux-gnu",
    cpu: "",
    features: "",
    relocation_mode: LLVMRelocMode::LLVMRelocPIC,
    code_model: LLVMCodeModel::LLVMCodeModelTiny,
    distances: None,
};

/// Makes all targets of LLVM available.
fn initialize_targets() {
    static TARGETS: Once = Once::new();
    TARGETS.call_once(|| Target::initialize_all(&InitializationConfig::default()));
}

impl Recipe {
    fn object(self, ir: &str) -> Object {
        initialize_targets();
        let context = Context::create();
        let terminated = format!("{ir}\0");
        let buffer = MemoryBuffer::create_from_memory_range_copy(terminated.as_bytes(), "ir");
        let module = context.create_module_from_ir(buffer).expect("valid IR");
        let machine = self.machine();
        module.set_triple(&TargetTriple::create(self.triple));
        module.set_data_layout(&machine.get_target_data().get_data_layout());
        if let Some(calls) = self.distances {
            passes::address_by_distance(&module, calls);
        }
        let writer = match self.platform.arch {
            Arch::Mips => ObjectWriter::WithoutPrivateFunctions,
            Arch::Xtensa => ObjectWriter::Assembly,
            _ => ObjectWriter::Direct,
        };
        passes::adapt_to_object_writer(&module, writer);
        let elf = match writer {
            ObjectWriter::Assembly => objects::xtensa_object(&module, &machine),
            _ => machine
                .write_to_memory_buffer(&module, FileType::Object)
                .map_err(|message| message.to_string()),
        };
        let elf = elf.expect("an object");
        Object {
            elf: elf.as_slice().to_vec(),
            frame_sizes: Vec::new(),
        }
    }

    fn machine(self) -> TargetMachine {
        let target = Target::from_triple(&TargetTriple::create(self.triple)).expect("a target");
        let [triple, cpu, features] = [self.triple, self.cpu, self.features]
            .map(|text| CString::new(text).expect("no null character"));
        // SAFETY: the strings live through the call. inkwell itself has no name for the tiny code
        // model, hence LLVM's own function.
        unsafe {
            TargetMachine::new(LLVMCreateTargetMachine(
                target.as_mut_ptr(),
                triple.as_ptr(),
                cpu.as_ptr(),
                features.as_ptr(),
                LLVMCodeGenOptLevel::LLVMCodeGenLevelDefault,
                self.relocation_mode,
                self.code_model,
            ))
        }
    }

    fn link(self, function_count: usize, partitions: &[&str]) -> Result<LinkedText, LinkError> {
        let objects: Vec<_> = partitions.iter().map(|ir| self.object(ir)).collect();
        link(self.platform, function_count, &objects)
    }
}

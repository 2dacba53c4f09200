//! Workarounds for faults of LLVM's code generators: each in a file of its own, which names LLVM's
//! issue and the targets, with a test that fails once LLVM is mended.

mod aarch64_repeated_lanes;
mod mips_functions;
mod riscv_words;
mod whole;
mod x86_changed_words;
mod x86_masked_loads;
mod x86_widened_halves;
mod xtensa_selects;

use inkwell::module::Module as LlvmModule;

pub use mips_functions::reach_functions;

use crate::options::OptLevel;
use crate::targets::Arch;

/// Keeps code generation from loading a part of what a volatile load of linear memory loads: the
/// trap of the rest would be lost.
pub fn keep_width(module: &LlvmModule, arch: Arch, level: OptLevel) {
    if riscv_words::concerns(arch, level) {
        riscv_words::run(module);
    }
    if aarch64_repeated_lanes::concerns(arch) {
        aarch64_repeated_lanes::run(module);
    }
    if x86_changed_words::concerns(arch) {
        x86_changed_words::run(module);
    }
    if x86_widened_halves::concerns(arch) {
        x86_widened_halves::run(module);
    }
    if x86_masked_loads::concerns(arch) {
        x86_masked_loads::run(module);
    }
}

/// Keeps code generation for Xtensa from pairing constants in the constant pool, whose address it
/// cannot form.
pub fn separate_constants(module: &LlvmModule) {
    xtensa_selects::run(module);
}

#[cfg(test)]
mod testing {
    /// Why a test fails that shows LLVM's fault.
    pub const WITHOUT_WORKAROUND: &str = "LLVM is mended: the workaround can go";
}

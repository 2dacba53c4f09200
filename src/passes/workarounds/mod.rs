//! Workarounds for faults of LLVM's code generators: each in a file of its own, which names LLVM's
//! issue and the targets, with a test that fails once LLVM is mended.

mod mips_functions;
mod riscv_words;
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

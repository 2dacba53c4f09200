//! Keeps floats from being loaded under a mask, on x86 with AVX-512.
//!
//! LLVM makes one masked load of `condition ? loaded : other`. Where the mask is zero the processor does
//! not access memory, even if the load is volatile (llvm-project pull request 205103 mends it for
//! LLVM 23). A fake use of the loaded value gives it a register of its own.

use inkwell::module::Module as LlvmModule;

use super::whole;
use crate::llvm::marks::linear_loads;
use crate::targets::Arch;

/// Whether code generation does that for some CPUs of the target.
pub fn concerns(arch: Arch) -> bool {
    matches!(arch, Arch::X86_64 | Arch::X86)
}

/// Gives a fake use to floats that may be selected.
pub fn run(module: &LlvmModule) {
    let loads = linear_loads(module).into_iter();
    whole::keep(loads.filter(|load| load.kind().is_float()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::OptLevel;
    use crate::passes::tests::assembly;
    use crate::passes::workarounds::testing::WITHOUT_WORKAROUND;

    fn is_masked(workaround: bool) -> bool {
        let code = assembly(
            ("x86_64-pc-linux-gnu", "x86-64-v4", ""),
            OptLevel::O1,
            "define void @select(ptr %p, ptr %q, i1 %c) {
               %v = load volatile float, ptr %p, align 1, !tbaa !0
               %s = select i1 %c, float %v, float 1.0
               store float %s, ptr %q, align 1
               ret void
             }",
            |module| {
                if workaround {
                    run(module);
                }
            },
        );
        code.contains("(%rdi), %xmm0 {%k1}")
    }

    #[test]
    fn a_float_is_loaded_without_a_mask() {
        assert!(!is_masked(true));
    }

    #[test]
    fn llvm_still_loads_floats_under_a_mask() {
        assert!(is_masked(false), "{WITHOUT_WORKAROUND}");
    }
}

//! Keeps vectors whole of which one half is widened, on x86.
//!
//! LLVM folds the load of a vector into `pmovsx` or `pmovzx` (SSE4.1), which load only the half, quarter or
//! eighth that they widen, even if the load is volatile. (No issue in LLVM's tracker is known.) Masks of
//! AVX-512 on vectors have the same effect as those on floats, and the same remedy
//! (`super::x86_masked_loads`).

use inkwell::module::Module as LlvmModule;

use super::whole;
use crate::llvm::ir::Kind;
use crate::llvm::marks::linear_loads;
use crate::targets::Arch;

/// Whether code generation does that for some CPUs of the target.
pub fn concerns(arch: Arch) -> bool {
    matches!(arch, Arch::X86_64 | Arch::X86)
}

/// Gives a fake use to vectors that may be widened in part.
pub fn run(module: &LlvmModule) {
    let loads = linear_loads(module).into_iter();
    whole::keep(loads.filter(|load| matches!(load.kind(), Kind::Vector(_))));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::OptLevel;
    use crate::passes::tests::assembly;
    use crate::passes::workarounds::testing::WITHOUT_WORKAROUND;

    const HALF: &str = "define void @widen(ptr %p, ptr %q) {
          %v = load volatile <16 x i8>, ptr %p, align 1, !tbaa !0
          %low = shufflevector <16 x i8> %v, <16 x i8> poison,
            <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
          %wide = sext <8 x i8> %low to <8 x i16>
          store <8 x i16> %wide, ptr %q, align 1
          ret void
        }";
    const SELECTED: &str = "define void @select(ptr %p, ptr %q, <4 x i32> %a) {
          %v = load volatile <4 x i32>, ptr %p, align 1, !tbaa !0
          %c = icmp slt <4 x i32> %a, splat (i32 1)
          %s = select <4 x i1> %c, <4 x i32> %v, <4 x i32> zeroinitializer
          store <4 x i32> %s, ptr %q, align 1
          ret void
        }";

    fn code(cpu: &str, level: OptLevel, function: &str, workaround: bool) -> String {
        let processor = ("x86_64-pc-linux-gnu", cpu, "");
        assembly(processor, level, function, |module| {
            if workaround {
                run(module);
            }
        })
    }

    #[test]
    fn a_vector_stays_whole() {
        for level in [OptLevel::O0, OptLevel::O1] {
            let widened = code("x86-64-v2", level, HALF, true);
            assert!(!widened.contains("pmovsxbw\t("), "{widened}");
            let selected = code("x86-64-v4", level, SELECTED, true);
            assert!(!selected.contains("(%rdi), %xmm0 {%k1}"), "{selected}");
        }
    }

    #[test]
    fn llvm_still_loads_the_half_that_is_widened() {
        for level in [OptLevel::O0, OptLevel::O1] {
            let code = code("x86-64-v2", level, HALF, false);
            assert!(code.contains("pmovsxbw\t("), "{WITHOUT_WORKAROUND}");
        }
    }

    #[test]
    fn llvm_still_loads_vectors_under_a_mask() {
        let code = code("x86-64-v4", OptLevel::O1, SELECTED, false);
        assert!(
            code.contains("(%rdi), %xmm0 {%k1}"),
            "{WITHOUT_WORKAROUND}\n{code}"
        );
    }
}

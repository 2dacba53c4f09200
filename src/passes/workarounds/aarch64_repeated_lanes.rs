//! Keeps vectors whole of which the first lane or half is repeated, on AArch64.
//!
//! LLVM selects `ld1r` for a load and a repetition of its first 1, 2, 4 or 8 bytes. That loads no more
//! than these bytes, even if the load is volatile: the trap of the others is lost. (No issue in LLVM's
//! tracker is known.) At level 0, GlobalISel does not, but leaves some functions to code that does. A fake
//! use of the loaded vector gives it a register of its own.

use inkwell::module::Module as LlvmModule;

use super::whole;
use crate::llvm::ir::Kind;
use crate::llvm::marks::linear_loads;
use crate::targets::Arch;

/// Whether code generation does that for the target.
pub fn concerns(arch: Arch) -> bool {
    arch == Arch::Aarch64
}

/// Gives a fake use to vectors that may be repeated in part.
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

    const REPEATED: &str = "define void @repeat(ptr %p, ptr %q) {
          %v = load volatile <16 x i8>, ptr %p, align 1, !tbaa !0
          %s = shufflevector <16 x i8> %v, <16 x i8> poison, <16 x i32> zeroinitializer
          store <16 x i8> %s, ptr %q, align 1
          ret void
        }";

    fn is_narrowed(workaround: bool) -> bool {
        let processor = ("aarch64-pc-linux-gnu", "generic", "+neon");
        let code = assembly(processor, OptLevel::O1, REPEATED, |module| {
            if workaround {
                run(module);
            }
        });
        code.contains("ld1r")
    }

    #[test]
    fn a_vector_stays_whole() {
        assert!(!is_narrowed(true));
    }

    #[test]
    fn llvm_still_loads_the_lane_that_is_repeated() {
        assert!(is_narrowed(false), "{WITHOUT_WORKAROUND}");
    }
}

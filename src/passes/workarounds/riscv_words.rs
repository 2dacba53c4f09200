//! Keeps loads of 64 bits whole on RISC-V 64.
//!
//! LLVM's pass RISCVOptWInstrs turns `ld` into `lw` if only the low word of the value is demanded, even
//! if the load is volatile (llvm-project issue 200379; mended in LLVM 23). The processor then no longer
//! accesses the last four bytes, and their trap is lost. Code generation also uses `ld` for a double
//! whose bits become an integer. A fake use demands the whole register, and costs no instruction.

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::Kind;
use crate::llvm::marks::linear_loads;
use crate::options::OptLevel;
use crate::targets::Arch;

/// Whether LLVM has that pass for the target and runs it at `level`.
pub fn concerns(arch: Arch, level: OptLevel) -> bool {
    arch == Arch::Riscv64 && level > OptLevel::O0
}

/// Gives a fake use to every load of linear memory that code generation may do by `ld`.
pub fn run(module: &LlvmModule) {
    for load in linear_loads(module) {
        if matches!(load.kind(), Kind::Int(64) | Kind::F64) {
            load.add_fake_use(load);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::tests::assembly;
    use crate::passes::workarounds::testing::WITHOUT_WORKAROUND;

    const LOW_WORDS: &str = r#"
        define signext i32 @integer(ptr %p) {
          %v = load volatile i64, ptr %p, align 1, !tbaa !0
          %low = trunc i64 %v to i32
          ret i32 %low
        }
        define signext i32 @double(ptr %p) {
          %v = load volatile double, ptr %p, align 1, !tbaa !0
          %bits = bitcast double %v to i64
          %low = trunc i64 %bits to i32
          ret i32 %low
        }"#;

    fn instructions(workaround: bool) -> [bool; 2] {
        let code = assembly(
            (
                "riscv64-pc-linux-gnu",
                "generic-rv64",
                "+unaligned-scalar-mem",
            ),
            OptLevel::O1,
            LOW_WORDS,
            |module| {
                if workaround {
                    run(module);
                }
            },
        );
        ["\tlw\t", "\tld\t"].map(|instruction| code.contains(instruction))
    }

    #[test]
    fn loads_of_64_bits_stay_whole() {
        assert_eq!(instructions(true), [false, true], "lw, ld");
    }

    #[test]
    fn llvm_still_narrows_them() {
        assert_eq!(instructions(false), [true, false], "{WITHOUT_WORKAROUND}");
    }
}

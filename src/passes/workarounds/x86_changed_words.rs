//! Keeps words whole that are changed in place, on x86.
//!
//! DAGCombiner::ReduceLoadOpStoreWidth turns `word = word | 255` into a load and a store of the byte that
//! changes, even if the load is volatile. (No issue in LLVM's tracker is known.) On other targets it
//! leaves words as they are. A fake use of the loaded word prevents it.

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{Kind, Opcode as Op, Value};
use crate::llvm::marks::linear_loads;
use crate::targets::Arch;

/// Whether code generation does that for the target.
pub fn concerns(arch: Arch) -> bool {
    matches!(arch, Arch::X86_64 | Arch::X86)
}

/// Gives a fake use to every loaded integer of which a constant changes bits, and which is stored then.
pub fn run(module: &LlvmModule) {
    for load in linear_loads(module) {
        if matches!(load.kind(), Kind::Int(_)) && changes_in_place(load) {
            load.add_fake_use(load);
        }
    }
}

/// Whether the only use of `load` is by an operation with a constant whose result is only stored.
fn changes_in_place(load: Value) -> bool {
    let mut users = load.users();
    users.next().is_some_and(|user| {
        matches!(user.opcode(), Some(Op::LLVMOr | Op::LLVMXor | Op::LLVMAnd))
            && user.operands().any(Value::is_constant)
            && user
                .users()
                .all(|user| user.opcode() == Some(Op::LLVMStore))
    }) && users.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::OptLevel;
    use crate::passes::tests::assembly;
    use crate::passes::workarounds::testing::WITHOUT_WORKAROUND;

    /// Whether LLVM accesses a single byte.
    fn narrows(workaround: bool) -> bool {
        let code = assembly(
            ("x86_64-pc-linux-gnu", "x86-64", ""),
            OptLevel::O1,
            "define void @set(ptr %p) {
               %v = load volatile i32, ptr %p, align 1, !tbaa !0
               %w = or i32 %v, 255
               store i32 %w, ptr %p, align 1, !tbaa !0
               ret void
             }",
            |module| {
                if workaround {
                    run(module);
                }
            },
        );
        code.contains("movb")
    }

    #[test]
    fn a_changed_word_stays_whole() {
        assert!(!narrows(true));
    }

    #[test]
    fn llvm_still_accesses_the_byte_that_changes() {
        assert!(narrows(false), "{WITHOUT_WORKAROUND}");
    }
}

//! Keeps the order of everything that can be seen after a trap of an access (hardware bounds checks):
//! with `Options::exact_memory`, and always without optimisation.
//!
//! LLVM does not know that a load or store of linear memory can end the program. It deletes a store that a
//! later one overwrites, moves stores out of loops, merges them, and loads for later rounds of a loop
//! before it stores for earlier ones. Without optimisation, AArch64's code generation still moves a store
//! to a global past a load. Then bytes are missing, or are there too early, when an access in between
//! traps, and the host can read them.
//!
//! Volatile accesses keep their number, their widths and their order among themselves, in optimisation
//! and in code generation. So [`keep_order`] makes these volatile before anything else runs:
//!
//! - every load and store of linear memory, as each can trap;
//! - every other store that outlives the function, of globals and elements of tables;
//! - copies and fills, whose bounds are checked in code, but which must not overtake an access.
//!
//! Loads of globals and tables cannot trap and stay as they are. A trap that is a branch ends in a
//! call, and LLVM moves no volatile access past a call.

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{self, Opcode as Op, Value};
use crate::llvm::marks::is_linear;

/// Makes every access volatile that can trap or that the host can see.
pub fn keep_order(module: &LlvmModule) {
    let instructions = ir::functions(module)
        .into_iter()
        .flat_map(Value::instructions);
    for instruction in instructions {
        match instruction.opcode() {
            Some(Op::LLVMLoad) if is_linear(instruction) => instruction.set_volatile(),
            Some(Op::LLVMStore) if !is_local(instruction) => instruction.set_volatile(),
            Some(Op::LLVMCall) if is_bulk(instruction) => instruction.set_bulk_volatile(),
            _ => {}
        }
    }
}

/// Whether a store is to a stack slot of its function.
fn is_local(store: Value) -> bool {
    let mut address = store.operand(1);
    while let Some(inner) = address
        && inner.opcode() == Some(Op::LLVMGetElementPtr)
    {
        address = inner.operand(0);
    }
    address.is_some_and(|base| base.opcode() == Some(Op::LLVMAlloca))
}

fn is_bulk(call: Value) -> bool {
    call.called_function().is_some_and(|callee| {
        let name = callee.name();
        name.starts_with(b"llvm.memmove.") || name.starts_with(b"llvm.memset.")
    })
}

#[cfg(test)]
mod tests {
    use crate::passes::testing::after;

    #[test]
    fn accesses_that_trap_or_outlive_the_function_become_volatile() {
        let ir = "
            define i32 @f(ptr %instance, ptr %p, i64 %n) {
              %slot = alloca [2 x i32]
              %second = getelementptr i8, ptr %slot, i64 4
              store i32 1, ptr %second
              store i32 2, ptr %p, !tbaa !0
              store i32 3, ptr %instance, !tbaa !3
              call void @llvm.memset.p0.i64(ptr %p, i8 0, i64 %n, i1 false)
              %global = load i32, ptr %instance, !tbaa !3
              %v = load i32, ptr %p, !tbaa !0
              %sum = add i32 %v, %global
              ret i32 %sum
            }
            declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)
            !0 = !{!1, !1, i64 0}
            !1 = !{!\"linear memory\", !2, i64 0}
            !2 = !{!\"wasmelt\"}
            !3 = !{!4, !4, i64 0}
            !4 = !{!\"global\", !2, i64 0}";
        let ir = after(super::keep_order, ir);
        for expected in [
            "store i32 1, ptr %second",
            "store volatile i32 2",
            "store volatile i32 3",
            "i64 %n, i1 true)",
            "%global = load i32",
            "%v = load volatile i32",
        ] {
            assert!(ir.contains(expected), "{expected} is not in\n{ir}");
        }
    }
}

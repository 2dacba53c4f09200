//! Gives a load a use that needs all of its value, where nothing else does: code generation then loads
//! all of it.
//!
//! In: loads of which code generation for the target may load a part only, although they are volatile.
//! Subtle is which operations need every bit. [`uses_all_of`] lists these; an operation that is not in
//! the list costs a fake use, which costs at most an instruction.
//!
//! Each rule has a mutation that a test below notices: a select, a product or OR with a constant, an AND,
//! a truncation or shift of a bitcast to i128 counts as a use of all bits
//! (`an_operation_that_may_need_a_part_keeps_no_load`); every load counts as needed (the same, and the
//! tests of the workarounds); [`folded`] returns its argument, or [`takes_from_memory`] is always true
//! (`a_use_of_the_result_lets_one_instruction_load_and_calculate`). `tests/accesses` notices each
//! workaround that is left out.

use std::collections::HashSet;

use crate::llvm::ir::{Opcode as Op, Value};
use crate::passes::exact::keep_traps::has_effect;

/// Gives a fake use to each of `loads` unless an effect needs all of its value: a use of the result of
/// the only operation on the load, where that lets one instruction load and calculate, or else of the
/// load.
pub fn keep<'m>(loads: impl Iterator<Item = Value<'m>>) {
    let mut seen = HashSet::new();
    for load in loads.filter(|load| !is_needed(*load)) {
        let kept = folded(load);
        if seen.insert(kept) {
            kept.add_fake_use(kept);
        }
    }
}

/// Whether an effect in the block of `load` depends on every bit of its value.
fn is_needed(load: Value) -> bool {
    // How many values are looked at before the answer is no.
    const LIMIT: usize = 64;

    let block = load.block();
    let mut seen = HashSet::from([load]);
    let mut work = vec![load];
    while let Some(value) = work.pop() {
        for user in value.users().filter(|user| user.block() == block) {
            if has_effect(user) {
                return true;
            }
            if uses_all_of(user, value) && seen.len() < LIMIT && seen.insert(user) {
                work.push(user);
            }
        }
    }
    false
}

/// The value to give a fake use to, so that the load `value` stays whole.
fn folded(value: Value) -> Value {
    let mut users = value.users();
    match users.next() {
        Some(user)
            if users.all(|other| other == user)
                && user.block() == value.block()
                && takes_from_memory(user)
                && uses_all_of(user, value) =>
        {
            match user.opcode() {
                Some(Op::LLVMBitCast) => folded(user),
                _ => user,
            }
        }
        _ => value,
    }
}

/// Whether processors do `operation` on memory, and its result is better in a register than a part of
/// another instruction. The result of a comparison is better in flags, an address in the access that
/// uses it, and a product of vectors may be part of an instruction that adds lanes up.
fn takes_from_memory(operation: Value) -> bool {
    match operation.opcode() {
        Some(
            Op::LLVMICmp | Op::LLVMFCmp | Op::LLVMSelect | Op::LLVMGetElementPtr | Op::LLVMLoad,
        ) => false,
        Some(Op::LLVMMul) => !operation.is_vector(),
        Some(Op::LLVMZExt | Op::LLVMSExt) if operation.is_vector() => {
            operation.users().all(takes_from_memory)
        }
        _ => true,
    }
}

/// Whether the result of `user` depends on every bit of `value`, its operand, and code generation will
/// not find otherwise. An operation that leaves lanes out does not.
fn uses_all_of(user: Value, value: Value) -> bool {
    let constant = user.operands().any(Value::is_constant);
    match user.opcode() {
        Some(
            Op::LLVMAdd
            | Op::LLVMSub
            | Op::LLVMXor
            | Op::LLVMFAdd
            | Op::LLVMFSub
            | Op::LLVMFMul
            | Op::LLVMFDiv
            | Op::LLVMFNeg
            | Op::LLVMFCmp
            | Op::LLVMICmp
            | Op::LLVMZExt
            | Op::LLVMSExt
            | Op::LLVMBitCast
            | Op::LLVMFPExt
            | Op::LLVMFPTrunc
            | Op::LLVMSIToFP
            | Op::LLVMUIToFP
            | Op::LLVMGetElementPtr
            | Op::LLVMLoad,
        ) => true,
        // One of two values to select from may be loaded under a mask, or not at all.
        Some(Op::LLVMSelect) => user.operand(0) == Some(value),
        // A constant may have lanes for which the result is known.
        Some(Op::LLVMMul | Op::LLVMOr) => !constant,
        // Of a vector these look at a part of each lane, of an integer of 128 bits at a few bytes.
        Some(Op::LLVMTrunc) => user.is_vector(),
        Some(Op::LLVMShl | Op::LLVMLShr | Op::LLVMAShr) => !constant || user.is_vector(),
        Some(Op::LLVMCall) => user.called_function().is_some_and(|callee| {
            const OPERATIONS: [&[u8]; 20] = [
                b"llvm.abs.",
                b"llvm.ctpop.",
                b"llvm.ctlz.",
                b"llvm.cttz.",
                b"llvm.bswap.",
                b"llvm.bitreverse.",
                b"llvm.uadd.sat.",
                b"llvm.sadd.sat.",
                b"llvm.fabs.",
                b"llvm.sqrt.",
                b"llvm.ceil.",
                b"llvm.floor.",
                b"llvm.trunc.",
                b"llvm.canonicalize.",
                b"llvm.fma.",
                b"llvm.smin.",
                b"llvm.smax.",
                b"llvm.umin.",
                b"llvm.umax.",
                b"llvm.rint.",
            ];
            OPERATIONS
                .iter()
                .any(|name| callee.name().starts_with(name))
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use inkwell::module::Module as LlvmModule;

    use super::*;
    use crate::llvm::marks::linear_loads;
    use crate::passes::testing::after;

    /// The fake uses in a function once the load `%v` is kept whole.
    fn fake_uses(body: &str) -> Vec<String> {
        let ir = format!(
            "define void @f(ptr %p, <2 x i64> %x, i1 %b) {{\n{body}\n}}
             !0 = !{{!1, !1, i64 0}}
             !1 = !{{!\"linear memory\", !2, i64 0}}
             !2 = !{{!\"wasmelt\"}}"
        );
        let pass = |module: &LlvmModule| keep(linear_loads(module).into_iter());
        after(pass, &ir)
            .lines()
            .filter_map(|line| line.trim().strip_prefix("call void (...) @llvm.fake.use("))
            .map(|uses| uses.trim_end_matches(')').to_owned())
            .collect()
    }

    /// A function that stores `%w`, which is `operation` on the load.
    fn stored(operation: &str, ty: &str) -> String {
        format!(
            "%v = load volatile <2 x i64>, ptr %p, align 1, !tbaa !0
             %big = bitcast <2 x i64> %v to i128
             %w = {operation}
             store {ty} %w, ptr %p, align 1
             ret void"
        )
    }

    #[test]
    fn an_effect_that_needs_every_bit_keeps_a_load() {
        for (operation, ty) in [
            ("add <2 x i64> %v, splat (i64 1)", "<2 x i64>"),
            ("or <2 x i64> %v, %x", "<2 x i64>"),
            ("shl <2 x i64> %v, splat (i64 1)", "<2 x i64>"),
            ("trunc <2 x i64> %v to <2 x i32>", "<2 x i32>"),
            ("add i128 %big, 1", "i128"),
        ] {
            assert_eq!(fake_uses(&stored(operation, ty)), [""; 0], "{operation}");
        }
    }

    #[test]
    fn an_operation_that_may_need_a_part_keeps_no_load() {
        for (operation, ty) in [
            ("and <2 x i64> %v, %x", "<2 x i64>"),
            ("and <2 x i64> %v, <i64 -1, i64 0>", "<2 x i64>"),
            ("or <2 x i64> %v, <i64 -1, i64 0>", "<2 x i64>"),
            ("mul <2 x i64> %v, <i64 1, i64 0>", "<2 x i64>"),
            ("select i1 %b, <2 x i64> %v, <2 x i64> %x", "<2 x i64>"),
            ("extractelement <2 x i64> %v, i32 0", "i64"),
        ] {
            assert_eq!(
                fake_uses(&stored(operation, ty)),
                ["<2 x i64> %v"],
                "{operation}"
            );
        }
        for (operation, ty) in [
            ("trunc i128 %big to i64", "i64"),
            ("lshr i128 %big, 64", "i128"),
        ] {
            let uses = fake_uses(&stored(operation, ty));
            assert_eq!(uses, ["i128 %big"], "{operation}");
        }
    }

    #[test]
    fn a_use_of_the_result_lets_one_instruction_load_and_calculate() {
        let on_one_path = |operation: &str, ty: &str| {
            format!(
                "%v = load volatile <2 x i64>, ptr %p, align 1, !tbaa !0
                 %w = {operation}
                 br i1 %b, label %yes, label %no
                 yes:
                 store {ty} %w, ptr %p, align 1
                 ret void
                 no:
                 ret void"
            )
        };
        let sum = on_one_path("add <2 x i64> %v, %x", "<2 x i64>");
        assert_eq!(fake_uses(&sum), ["<2 x i64> %w"]);
        // The result of a comparison belongs in flags.
        let compared = on_one_path("icmp eq <2 x i64> %v, %x", "<2 x i1>");
        assert_eq!(fake_uses(&compared), ["<2 x i64> %v"]);
    }
}

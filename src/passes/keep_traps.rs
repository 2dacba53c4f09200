//! Keeps loads alive whose value is unused: with hardware bounds checks their trap is an effect.
//!
//! LLVM deletes a load that nothing uses, and narrows one of which only a part is used. WebAssembly
//! demands the trap all the same, even if only the last byte of the access is out of bounds. This
//! pass runs on SSA form before any other optimisation, finds the bits that some effect depends on
//! ([`demanded`](super::demanded)), and makes every load of linear memory volatile whose last byte
//! is not among them. The others keep all their freedom: whatever LLVM makes of them still reads
//! that byte.
//!
//! Three ways a value can still get lost later are foreseen: an operation that has the same result
//! whatever its operand is (`x & 0`) does not count as a use; neither does an argument that the
//! callee ignores, nor a store of just what was loaded from the same place. And where a call's
//! result is unused, it gets a use that costs nothing, lest the callee's loads die once inlined.

use std::collections::HashMap;

use inkwell::module::Module as LlvmModule;

use super::demanded::{Demanded, Effects, same_value};
use super::ir::{self, Opcode as Op, Value};
use crate::emit::LINEAR_MEMORY_TAG;

/// For each function, which of its parameters make no difference to it.
#[derive(Default)]
struct IgnoredParameters<'m>(HashMap<Value<'m>, Vec<bool>>);

/// Runs the pass over every function of `module`.
pub(super) fn run(module: &LlvmModule) {
    let functions: Vec<(Value, Vec<Value>)> = ir::functions(module)
        .into_iter()
        .map(|function| (function, function.instructions()))
        .filter(|(_, instructions)| !instructions.is_empty())
        .collect();

    // Which parameters a callee ignores is known once its own values are.
    let mut ignored = IgnoredParameters::default();
    for (function, instructions) in &functions {
        let demanded = Demanded::of(instructions, &IgnoredParameters::default());
        let flags = function
            .parameters()
            .map(|parameter| demanded.bits(parameter) == 0)
            .collect();
        ignored.0.insert(*function, flags);
    }
    for (_, instructions) in &functions {
        let demanded = Demanded::of(instructions, &ignored);
        for &instruction in instructions {
            match instruction.opcode() {
                Some(Op::LLVMLoad)
                    if !demanded.last_byte(instruction)
                        && instruction.alias_tag_name() == Some(LINEAR_MEMORY_TAG.as_bytes()) =>
                {
                    instruction.set_volatile();
                }
                Some(Op::LLVMCall) if demanded.bits(instruction) == 0 => {
                    keep_result(instruction, &ignored);
                }
                _ => {}
            }
        }
    }
}

impl<'m> Effects<'m> for IgnoredParameters<'m> {
    fn has_effect(&self, instruction: Value<'m>) -> bool {
        match instruction.opcode() {
            Some(
                Op::LLVMStore
                | Op::LLVMRet
                | Op::LLVMBr
                | Op::LLVMSwitch
                | Op::LLVMFence
                | Op::LLVMAtomicRMW
                | Op::LLVMAtomicCmpXchg,
            ) => true,
            Some(Op::LLVMCall) => !is_pure_intrinsic(instruction),
            _ => false,
        }
    }

    fn ignores(&self, instruction: Value<'m>, position: usize) -> bool {
        let by_callee = instruction
            .called_function()
            .and_then(|callee| self.0.get(&callee))
            .is_some_and(|flags| flags.get(position) == Some(&true));
        by_callee || (position == 0 && is_noop_store(instruction))
    }
}

/// Intrinsics only compute; those that touch memory are the exception.
fn is_pure_intrinsic(call: Value) -> bool {
    const WITH_EFFECT: [&[u8]; 2] = [b"llvm.mem", b"llvm.fake.use"];
    call.called_function().is_some_and(|callee| {
        let name = callee.name();
        name.starts_with(b"llvm.") && !WITH_EFFECT.iter().any(|effect| name.starts_with(effect))
    })
}

/// Whether a store writes back what was loaded from the same address.
fn is_noop_store(instruction: Value) -> bool {
    if instruction.opcode() != Some(Op::LLVMStore) {
        return false;
    }
    let (Some(value), Some(to)) = (instruction.operand(0), instruction.operand(1)) else {
        return false;
    };
    value.opcode() == Some(Op::LLVMLoad)
        && value.operand(0).is_some_and(|from| same_value(from, to))
}

/// Gives the unused result of a call to one of our functions a use.
fn keep_result<'m>(call: Value<'m>, ours: &IgnoredParameters<'m>) {
    let calls_ours = call
        .called_function()
        .is_some_and(|callee| ours.0.contains_key(&callee));
    if calls_ours && !call.has_void_type() && !call.is_must_tail_call() {
        call.add_fake_use();
    }
}

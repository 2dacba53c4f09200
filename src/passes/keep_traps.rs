//! Keeps loads alive whose value is unused: with hardware bounds checks their trap is an effect.
//!
//! LLVM deletes a load that nothing uses. WebAssembly demands its trap all the same. This pass runs
//! on SSA form before any other optimisation, finds the values that some effect depends on, and
//! makes every load of linear memory outside that set volatile. The others keep all their freedom.
//!
//! Three ways a value can still get lost later are foreseen: an operation that has the same result
//! whatever its operand is (`x & 0`) does not count as a use; neither does an argument that the
//! callee ignores, nor a store of just what was loaded from the same place. And where a call's
//! result is unused, it gets a use that costs nothing, lest the callee's loads die once inlined.

use std::collections::{HashMap, HashSet};

use inkwell::module::Module as LlvmModule;

use super::ir::{self, Opcode as Op, Value};
use crate::emit::LINEAR_MEMORY_TAG;

/// For each function, which of its parameters make no difference to it.
type IgnoredParameters<'m> = HashMap<Value<'m>, Vec<bool>>;

/// Runs the pass over every function of `module`.
pub(super) fn run(module: &LlvmModule) {
    let functions: Vec<(Value, Vec<Value>)> = ir::functions(module)
        .into_iter()
        .map(|function| (function, function.instructions()))
        .filter(|(_, instructions)| !instructions.is_empty())
        .collect();

    // Which parameters a callee ignores is known once its own values are.
    let mut ignored = IgnoredParameters::new();
    for (function, instructions) in &functions {
        let live = live_values(instructions, &IgnoredParameters::new());
        let flags = function
            .parameters()
            .map(|parameter| !live.contains(&parameter))
            .collect();
        ignored.insert(*function, flags);
    }
    for (_, instructions) in &functions {
        let live = live_values(instructions, &ignored);
        for &instruction in instructions.iter().filter(|value| !live.contains(value)) {
            match instruction.opcode() {
                Some(Op::LLVMLoad)
                    if instruction.alias_tag_name() == Some(LINEAR_MEMORY_TAG.as_bytes()) =>
                {
                    instruction.set_volatile();
                }
                Some(Op::LLVMCall) => keep_result(instruction, &ignored),
                _ => {}
            }
        }
    }
}

/// The values that some effect among `instructions` depends on.
fn live_values<'m>(
    instructions: &[Value<'m>],
    ignored: &IgnoredParameters<'m>,
) -> HashSet<Value<'m>> {
    let mut live = HashSet::new();
    let mut work: Vec<Value> = instructions
        .iter()
        .copied()
        .filter(|&instruction| has_effect(instruction))
        .collect();
    while let Some(instruction) = work.pop() {
        if result_is_fixed(instruction) {
            continue;
        }
        let ignored = instruction
            .called_function()
            .and_then(|callee| ignored.get(&callee));
        let writes_back = is_noop_store(instruction);
        for (position, operand) in instruction.operands().enumerate() {
            let unused = ignored.is_some_and(|flags| flags.get(position) == Some(&true))
                || (writes_back && position == 0);
            // An effect is a starting point already.
            if !unused && live.insert(operand) && operand.opcode().is_some() && !has_effect(operand)
            {
                work.push(operand);
            }
        }
    }
    live
}

/// Whether `instruction` does something beyond making a value.
fn has_effect(instruction: Value) -> bool {
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

/// Intrinsics only compute; those that touch memory are the exception.
fn is_pure_intrinsic(call: Value) -> bool {
    const WITH_EFFECT: [&[u8]; 2] = [b"llvm.mem", b"llvm.fake.use"];
    call.called_function().is_some_and(|callee| {
        let name = callee.name();
        name.starts_with(b"llvm.") && !WITH_EFFECT.iter().any(|effect| name.starts_with(effect))
    })
}

/// Whether the result is the same for every value of some operand, so that LLVM will drop it.
fn result_is_fixed(instruction: Value) -> bool {
    let constant = |position| instruction.operand(position).and_then(Value::integer);
    let either = |expected| constant(0) == Some(expected) || constant(1) == Some(expected);
    let same = |left, right| {
        matches!(
            (instruction.operand(left), instruction.operand(right)),
            (Some(a), Some(b)) if same_value(a, b, STRUCTURAL_DEPTH)
        )
    };
    match instruction.opcode() {
        Some(Op::LLVMAnd | Op::LLVMMul) => either(0),
        Some(Op::LLVMOr) => either(-1),
        Some(Op::LLVMSub | Op::LLVMXor | Op::LLVMICmp) => same(0, 1),
        Some(Op::LLVMURem | Op::LLVMSRem) => constant(1) == Some(1),
        Some(Op::LLVMSelect) => same(1, 2),
        _ => false,
    }
}

/// How far back two values are compared by the way they are made.
const STRUCTURAL_DEPTH: u32 = 4;

/// Whether a store writes back what was loaded from the same address.
fn is_noop_store(instruction: Value) -> bool {
    if instruction.opcode() != Some(Op::LLVMStore) {
        return false;
    }
    let (Some(value), Some(to)) = (instruction.operand(0), instruction.operand(1)) else {
        return false;
    };
    value.opcode() == Some(Op::LLVMLoad)
        && value
            .operand(0)
            .is_some_and(|from| same_value(from, to, STRUCTURAL_DEPTH))
}

/// Whether two values are equal by the way they are made, looking `depth` instructions back.
fn same_value(left: Value, right: Value, depth: u32) -> bool {
    if left == right {
        return true;
    }
    let pure = matches!(
        left.opcode(),
        Some(
            Op::LLVMGetElementPtr
                | Op::LLVMZExt
                | Op::LLVMSExt
                | Op::LLVMTrunc
                | Op::LLVMBitCast
                | Op::LLVMAdd
                | Op::LLVMLoad
        )
    );
    pure && depth > 0
        && left.opcode() == right.opcode()
        && left.same_type(right)
        && left.operands().len() == right.operands().len()
        && left
            .operands()
            .zip(right.operands())
            .all(|(a, b)| same_value(a, b, depth - 1))
}

/// Gives the unused result of a call to one of our functions a use.
fn keep_result<'m>(call: Value<'m>, ours: &IgnoredParameters<'m>) {
    let calls_ours = call
        .called_function()
        .is_some_and(|callee| ours.contains_key(&callee));
    if calls_ours && !call.has_void_type() && !call.is_must_tail_call() {
        call.add_fake_use();
    }
}

//! Keeps loads alive whose value is unused: with hardware bounds checks their trap is an effect.
//!
//! LLVM deletes a load that nothing uses, and moves one that is used on some ways only to where it
//! is used. WebAssembly demands its trap all the same. Which loads are in danger cannot be seen
//! before optimisation: a constant that comes with inlining, a store that turns out to be dead, a
//! lane nobody looks at, each can take away the last use. So [`hold`] gives every load of linear
//! memory a use at once that no optimisation touches: an empty piece of assembly. It costs no code,
//! but stands in the way of vectorising, and of folding the load into the operation that uses it.
//! When constants have been folded and dead code is gone, [`release`] takes it away from all loads
//! whose value some effect in the same block depends on: what LLVM does after that neither removes
//! such effects nor moves loads past them. The others keep `llvm.fake.use`, which code generation
//! knows (but the inliner throws away, so that it would not do from the beginning).
//!
//! Code generation loads less where less will do: one byte of a word of which one byte is used.
//! [`keep_width`] gives those loads a fake use as well, once loops have been vectorised, which such
//! uses prevent.
//!
//! Without optimisation loads become volatile: code generation, too, drops what is unused.

use std::collections::HashSet;

use inkwell::module::Module as LlvmModule;

use super::ir::{self, Block, Opcode as Op, Value};
use crate::emit::LINEAR_MEMORY_TAG;

/// Makes every load of linear memory volatile.
pub(super) fn pin(module: &LlvmModule) {
    for load in linear_loads(module) {
        load.set_volatile();
    }
}

/// Gives every load of linear memory a use.
pub(super) fn hold(module: &LlvmModule) {
    for load in linear_loads(module) {
        load.add_hold();
    }
}

/// Takes the use away where another is certain to stay.
pub(super) fn release(module: &LlvmModule) {
    let holds = ir::functions(module)
        .into_iter()
        .flat_map(Value::instructions)
        .filter(|instruction| instruction.is_hold());
    for hold in holds.collect::<Vec<_>>() {
        // What is no instruction was known without the load: by a store to the same place.
        if let Some(value) = hold.operand(0)
            && value.opcode().is_some()
            && !is_anchored(value, Part::Enough)
        {
            // One instruction loads and extends if nothing else sees the narrow value.
            match only_extension(value, hold) {
                Some(wide) => wide.add_fake_use(wide),
                // It is the load that has to stay, wherever it has been moved to: out of a loop,
                // say, in which a use would do harm.
                None if value.opcode() != Some(Op::LLVMPHI) => value.add_fake_use(value),
                None => hold.add_fake_use(value),
            }
        }
        hold.erase();
    }
}

/// Gives a use to every load of which code generation might load a part only.
pub(super) fn keep_width(module: &LlvmModule) {
    for load in linear_loads(module) {
        if !is_anchored(load, Part::TooLittle) {
            load.add_fake_use(load);
        }
    }
}

/// Whether an operation that uses only a part of a value's bits keeps the load of that value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// From optimisation: that never makes a load narrower.
    Enough,
    /// From code generation.
    TooLittle,
}

fn linear_loads<'m>(module: &'m LlvmModule) -> Vec<Value<'m>> {
    ir::functions(module)
        .into_iter()
        .flat_map(Value::instructions)
        .filter(|instruction| {
            instruction.opcode() == Some(Op::LLVMLoad)
                && instruction.alias_tag_name() == Some(LINEAR_MEMORY_TAG.as_bytes())
        })
        .collect()
}

/// The extension that is the only use of `value` besides `hold`.
fn only_extension<'m>(value: Value<'m>, hold: Value<'m>) -> Option<Value<'m>> {
    let mut users = value.users().filter(|user| *user != hold);
    let user = users.next()?;
    let extends = matches!(user.opcode(), Some(Op::LLVMZExt | Op::LLVMSExt));
    (extends && users.next().is_none() && user.block() == value.block()).then_some(user)
}

/// How many values are looked at before a load counts as one in danger.
const SEARCH_LIMIT: usize = 64;

/// Whether an effect in the block of `value` depends on it.
fn is_anchored(value: Value, part: Part) -> bool {
    let block = value.block();
    let mut seen = HashSet::from([value]);
    let mut work = vec![value];
    while let Some(value) = work.pop() {
        for user in value.users() {
            if user.block() != block {
                continue;
            }
            let narrows = part == Part::TooLittle && modifies_in_place(value, user);
            if !narrows && (has_effect(user) || carries(user, block, part)) {
                return true;
            }
            if passes_on(user, value, part)
                && !narrows
                && seen.len() < SEARCH_LIMIT
                && seen.insert(user)
            {
                work.push(user);
            }
        }
    }
    false
}

/// Whether `value` is what a loop of one block hands on to its next round and to what follows: the
/// sum of a reduction.
fn carries<'m>(value: Value<'m>, block: Option<Block<'m>>, part: Part) -> bool {
    let is_phi = |user: &Value<'m>| user.opcode() == Some(Op::LLVMPHI);
    is_operation(value, part)
        && value.users().any(|user| {
            is_phi(&user)
                && user.block() == block
                && value.operands().any(|operand| operand == user)
        })
        && value.users().any(|user| user.block() != block)
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
        // Intrinsics only compute, but for one; those that touch memory count as no use, to be on
        // the safe side.
        Some(Op::LLVMCall) => {
            !instruction.is_hold()
                && instruction.called_function().is_none_or(|callee| {
                    !callee.name().starts_with(b"llvm.") || callee.name() == b"llvm.fake.use"
                })
        }
        _ => false,
    }
}

/// Whether `user` is the bitwise operation in `word = word | 255`: code generation loads and stores
/// no more than the bytes that change.
fn modifies_in_place(value: Value, user: Value) -> bool {
    value.opcode() == Some(Op::LLVMLoad)
        && matches!(user.opcode(), Some(Op::LLVMOr | Op::LLVMXor | Op::LLVMAnd))
        && user.operands().any(Value::is_constant)
        && user
            .users()
            .all(|user| user.opcode() == Some(Op::LLVMStore))
}

/// Whether the result of `user` depends on `value`, its operand, in a way that will not be found to
/// be void.
fn passes_on(user: Value, value: Value, part: Part) -> bool {
    match user.opcode() {
        // Two loads to choose from can become one load with two addresses to choose from.
        Some(Op::LLVMSelect) => user.operand(0) == Some(value),
        _ => is_operation(user, part),
    }
}

/// Whether the result depends on every operand, in ways that optimisation has not found to be void
/// and code generation will not either. Operations that leave lanes out are none of these.
fn is_operation(instruction: Value, part: Part) -> bool {
    match instruction.opcode() {
        Some(
            Op::LLVMAdd
            | Op::LLVMSub
            | Op::LLVMMul
            | Op::LLVMOr
            | Op::LLVMXor
            | Op::LLVMFAdd
            | Op::LLVMFSub
            | Op::LLVMFMul
            | Op::LLVMFDiv
            | Op::LLVMFNeg
            | Op::LLVMFCmp
            | Op::LLVMICmp
            | Op::LLVMSelect
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
        Some(Op::LLVMTrunc) => part == Part::Enough,
        // With a constant, these look at a part.
        Some(Op::LLVMAnd | Op::LLVMShl | Op::LLVMLShr | Op::LLVMAShr | Op::LLVMURem) => {
            part == Part::Enough || !instruction.operands().any(Value::is_constant)
        }
        Some(Op::LLVMCall) => instruction.called_function().is_some_and(|callee| {
            const CALCULATIONS: [&[u8]; 20] = [
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
            // These look at a part if a number of bits is constant, or at the sign.
            const PARTIAL: [&[u8]; 3] = [b"llvm.fshl.", b"llvm.fshr.", b"llvm.copysign."];
            let is = |names: &[&[u8]]| names.iter().any(|name| callee.name().starts_with(name));
            is(&CALCULATIONS) || (part == Part::Enough && is(&PARTIAL))
        }),
        _ => false,
    }
}

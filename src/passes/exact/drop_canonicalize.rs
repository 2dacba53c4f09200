//! Takes back `llvm.canonicalize` where it has turned out not to be needed.
//!
//! The emitter puts it before operands that a fold might let through as they are (see
//! `emit::nan`). It is not needed where the operand comes out of an operation that quiets NaNs: that
//! one's own operands are guarded. Once locals are values, that shows for most ([`run_early`]).
//!
//! After optimisation, an operand whose only users are operations that quiet NaNs themselves, or
//! cannot show one, needs it no longer either ([`run_late`]). An operation with one of the constants
//! that make it an identity or a negation keeps it: code generation could still fold that one.

use std::collections::HashSet;

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{self, Opcode as Op, Value};

/// Drops those of quiet operands.
pub fn run_early(module: &LlvmModule) {
    drop_where(module, |_, operand| is_quiet(operand));
}

/// Drops those of quiet operands and those whose users are all that is needed.
pub fn run_late(module: &LlvmModule) {
    drop_where(module, |call, operand| {
        is_quiet(operand) || (!operand.is_constant() && call.users().all(quiets))
    });
}

/// Replaces each call whose operand is as good by that operand.
fn drop_where<'m>(module: &'m LlvmModule, unneeded: impl Fn(Value<'m>, Value<'m>) -> bool) {
    for function in ir::functions(module) {
        if !function.name().starts_with(b"llvm.canonicalize.") {
            continue;
        }
        let calls: Vec<Value> = function.users().collect();
        for call in calls {
            if let Some(operand) = call.operand(0)
                && unneeded(call, operand)
            {
                // Operand and result of the intrinsic have the same type.
                call.replace_all_uses(operand);
                call.erase();
            }
        }
    }
}

/// How many values are looked at before the search for a value's origins ends.
const SEARCH_LIMIT: usize = 64;

/// Whether `value` is never a signalling NaN, whatever becomes of the operation it comes from.
fn is_quiet(value: Value) -> bool {
    /// Intrinsics whose result is quiet; the operands of the roundings and of minimum and maximum
    /// are guarded.
    const QUIET: [&[u8]; 9] = [
        b"llvm.canonicalize.",
        b"llvm.sqrt.",
        b"llvm.ceil.",
        b"llvm.floor.",
        b"llvm.trunc.",
        b"llvm.rint.",
        b"llvm.minimum.",
        b"llvm.maximum.",
        b"llvm.fma.",
    ];
    let mut seen = HashSet::from([value]);
    let mut work = vec![value];
    while let Some(value) = work.pop() {
        let from = match value.opcode() {
            Some(
                Op::LLVMFAdd
                | Op::LLVMFSub
                | Op::LLVMFMul
                | Op::LLVMFDiv
                | Op::LLVMFPExt
                | Op::LLVMFPTrunc
                | Op::LLVMSIToFP
                | Op::LLVMUIToFP,
            ) => continue,
            Some(Op::LLVMCall) => {
                let quiet = value
                    .called_function()
                    .is_some_and(|callee| QUIET.iter().any(|name| callee.name().starts_with(name)));
                if quiet {
                    continue;
                }
                return false;
            }
            // One of these values, lanes of them, or the same again.
            Some(Op::LLVMPHI | Op::LLVMShuffleVector) => 0,
            Some(Op::LLVMSelect) => 1,
            None if value.is_poison() || value.is_float_constant(|value| !value.is_nan()) => {
                continue;
            }
            _ => return false,
        };
        for operand in value.operands().skip(from) {
            if seen.insert(operand) {
                work.push(operand);
            }
        }
        if seen.len() > SEARCH_LIMIT {
            return false;
        }
    }
    true
}

/// Whether `user` itself makes its NaN operands quiet, or never shows their bits.
fn quiets(user: Value) -> bool {
    match user.opcode() {
        Some(Op::LLVMFAdd | Op::LLVMFSub | Op::LLVMFMul | Op::LLVMFDiv) => {
            user.operands().all(keeps_operation)
        }
        Some(Op::LLVMFCmp | Op::LLVMFPToSI | Op::LLVMFPToUI) => true,
        Some(Op::LLVMCall) => user.called_function().is_some_and(|callee| {
            let name = callee.name();
            name.starts_with(b"llvm.sqrt.")
                || name.starts_with(b"llvm.fma.") && user.operands().take(3).all(keeps_operation)
        }),
        _ => false,
    }
}

/// Whether an operation with `operand` stays one, because it is no constant that makes it an identity.
fn keeps_operation(operand: Value) -> bool {
    !operand.is_constant() || operand.is_float_constant(is_no_identity)
}

/// Whether no operation with `constant` is the identity or a negation.
fn is_no_identity(constant: f64) -> bool {
    constant != 0.0 && constant.abs() != 1.0
}

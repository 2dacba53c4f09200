//! Takes back `llvm.canonicalize` where it has turned out not to be needed.
//!
//! The emitter puts it before operands that a fold might let through as they are (see
//! `emit::nan`). After optimisation, an operand whose only users are operations that quiet NaNs
//! themselves, or cannot show one, needs it no longer. An operation with one of the constants that
//! make it an identity or a negation keeps it: code generation could still fold that one.

use inkwell::module::Module as LlvmModule;

use super::ir::{self, Opcode as Op, Value};

/// Runs the pass over every function of `module`.
pub(super) fn run(module: &LlvmModule) {
    for function in ir::functions(module) {
        if !function.name().starts_with(b"llvm.canonicalize.") {
            continue;
        }
        let calls: Vec<Value> = function.users().collect();
        for call in calls {
            if call.users().all(quiets)
                && let Some(operand) = call.operand(0)
                && !operand.is_constant()
            {
                // Operand and result of the intrinsic have the same type.
                call.replace_all_uses(operand);
                call.erase();
            }
        }
    }
}

/// Whether `user` itself makes its NaN operands quiet, or never shows their bits.
fn quiets(user: Value) -> bool {
    match user.opcode() {
        Some(Op::LLVMFAdd | Op::LLVMFSub | Op::LLVMFMul | Op::LLVMFDiv) => user
            .operands()
            .all(|operand| !operand.is_constant() || operand.is_float_constant(is_no_identity)),
        Some(Op::LLVMFCmp | Op::LLVMFPToSI | Op::LLVMFPToUI) => true,
        Some(Op::LLVMCall) => user
            .called_function()
            .is_some_and(|callee| callee.name().starts_with(b"llvm.sqrt.")),
        _ => false,
    }
}

/// Whether no operation with `constant` is the identity or a negation.
fn is_no_identity(constant: f64) -> bool {
    constant != 0.0 && constant.abs() != 1.0
}

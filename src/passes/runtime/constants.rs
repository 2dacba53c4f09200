//! Changes where code takes constants from.
//!
//! - From the table of native symbols (`i32.const`, `i64.const`, `f32.const` and `f64.const` in the list of
//!   intrinsics): a constant becomes a load from a variable whose name the loader understands
//!   (`f32#3F800000`). `indirect_calls` assigns its place in the table. Positive zero and integers of 16 bits
//!   stay: they need at most one instruction.
//! - From instructions instead of memory ([`floats_from_integers`], [`floats_in_code`]).

use std::collections::{HashMap, HashSet};

use inkwell::module::Module as LlvmModule;
use runtime_intrinsics::Selection;

use crate::llvm::ir::{self, Builder, Kind, Opcode as Op, Value};

/// Replaces the constants that `selection` names in every function of `module`.
pub fn run(module: &LlvmModule, selection: &Selection) {
    let kinds: Vec<Kind> = [
        ("i32.const", Kind::Int(32)),
        ("i64.const", Kind::Int(64)),
        ("f32.const", Kind::F32),
        ("f64.const", Kind::F64),
    ]
    .into_iter()
    .filter(|(name, _)| selection.contains(name))
    .map(|(_, kind)| kind)
    .collect();
    if kinds.is_empty() {
        return;
    }
    let is_selected = |kind| kinds.contains(&kind);
    for function in ir::functions(module) {
        replace(function, is_selected, |operand, at| {
            let name = name_of(operand)?;
            let builder = Builder::before(at);
            let kind = operand.kind();
            let load = builder.load(kind, builder.external_global(&name, kind), 4);
            load.set_invariant();
            Some(load)
        });
    }
}

/// Makes float constants of `module` from integers, which are in the code.
///
/// Without optimisation, LLVM 22 loads float constants for AArch64 by page-relative addresses, even in the
/// tiny code model. But the text may start anywhere in a page.
pub fn floats_from_integers(module: &LlvmModule) {
    for function in ir::functions(module) {
        replace(function, Kind::is_float, |operand, at| {
            let bits = operand.float_constant().filter(|bits| *bits != 0)?;
            let builder = Builder::before(at);
            let kind = operand.kind();
            let integer = builder.int(Kind::Int(kind.bits()), bits);
            Some(builder.cast(Op::LLVMBitCast, builder.freeze(integer), kind))
        });
    }
}

/// Makes float constants of `module` from words in the code if the constant pools of its functions would take
/// more than `most_bytes`.
///
/// LLVM searches a constant pool from its start for each constant, so long pools also take time.
pub fn floats_in_code(module: &LlvmModule, most_bytes: u32) {
    let mut pooled = HashSet::new();
    for function in ir::functions(module) {
        replace(function, Kind::is_float, |operand, _| {
            pooled.insert(operand);
            None
        });
    }
    let bytes: u32 = pooled.iter().map(|float| float.kind().bits() / 8).sum();
    if bytes <= most_bytes {
        return;
    }
    for function in ir::functions(module) {
        replace(function, Kind::is_float, |operand, at| {
            let bits = operand.float_constant().filter(|bits| *bits != 0)?;
            let builder = Builder::before(at);
            let kind = operand.kind();
            let word =
                |bits: u64| builder.opaque_word(builder.int(Kind::Int(32), bits & 0xffff_ffff));
            let integer = match kind {
                Kind::F32 => word(bits),
                _ => {
                    let wide = Kind::Int(64);
                    let [low, high] =
                        [bits, bits >> 32].map(|bits| builder.resize(word(bits), wide, false));
                    let high = builder.binary(Op::LLVMShl, high, builder.int(wide, 32));
                    builder.binary(Op::LLVMOr, low, high)
                }
            };
            Some(builder.cast(Op::LLVMBitCast, integer, kind))
        });
    }
}

/// Replaces the constants of a function whose kinds satisfy `is_wanted`. `make` gets a constant and the
/// instruction in front of which to make another value; `None` keeps the constant.
pub fn replace<'m>(
    function: Value<'m>,
    is_wanted: impl Fn(Kind) -> bool,
    mut make: impl FnMut(Value<'m>, Value<'m>) -> Option<Value<'m>>,
) {
    // A block can come to a phi more than once, and must bring the same value each time.
    let mut incoming = HashMap::new();
    for instruction in function.instructions() {
        let Some(opcode) = instruction.opcode() else {
            continue;
        };
        let count = match opcode {
            // The cases are part of the instruction, and so are the sizes of allocations.
            Op::LLVMSwitch => 1,
            Op::LLVMAlloca => 0,
            Op::LLVMCall => instruction.arguments().len(),
            _ => instruction.operands().len(),
        };
        let of_llvm = instruction
            .called_function()
            .is_some_and(|callee| callee.name().starts_with(b"llvm."));
        for index in 0..count as u32 {
            let Some(operand) = instruction.operand(index) else {
                continue;
            };
            let kind = operand.kind();
            // Intrinsics want some of their integers constant.
            if !operand.is_constant()
                || !is_wanted(kind)
                || (of_llvm && matches!(kind, Kind::Int(_)))
            {
                continue;
            }
            let at = match opcode {
                Op::LLVMPHI => instruction.incoming_terminator(index),
                _ => Some(instruction),
            };
            let Some(at) = at else { continue };
            let value = match opcode {
                Op::LLVMPHI => *incoming
                    .entry((at, operand))
                    .or_insert_with(|| make(operand, at)),
                _ => make(operand, at),
            };
            if let Some(value) = value {
                instruction.set_operand(index, value);
            }
        }
    }
}

/// Returns the loader's name of a constant, if the constant is worth a place in the table
/// (`load_native_symbol_section` in `core/iwasm/aot/aot_loader.c`).
fn name_of(value: Value) -> Option<String> {
    let kind = value.kind();
    if kind.is_float() {
        let bits = value.float_constant().filter(|bits| *bits != 0)?;
        return Some(match kind {
            Kind::F32 => format!("f32#{bits:08X}"),
            _ => format!("f64#{bits:016X}"),
        });
    }
    let bits = value.int_constant()?;
    let unused = 64 - kind.bits();
    let signed = (bits << unused) as i64 >> unused;
    if (-0x8000..0x1_0000).contains(&signed) {
        return None;
    }
    Some(match kind {
        Kind::Int(32) => format!("i32#{bits:08X}"),
        _ => format!("i64#{bits:016X}"),
    })
}

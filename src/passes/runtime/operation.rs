//! Finds the WebAssembly instruction that an IR instruction computes, by its name in the table of intrinsics.
//! For a vector, finds the instruction of one lane.

use crate::llvm::ir::{Kind, Opcode as Op, Value};

const I32: Kind = Kind::Int(32);
const I64: Kind = Kind::Int(64);

/// LLVM's intrinsics with one operand type: the prefix of their names, and the instructions for the type's
/// two widths.
const CALLS: &[(&[u8], [&str; 2])] = &[
    (b"llvm.fabs.", ["f32.abs", "f64.abs"]),
    (b"llvm.ceil.", ["f32.ceil", "f64.ceil"]),
    (b"llvm.floor.", ["f32.floor", "f64.floor"]),
    (b"llvm.trunc.", ["f32.trunc", "f64.trunc"]),
    (b"llvm.rint.", ["f32.nearest", "f64.nearest"]),
    (b"llvm.sqrt.", ["f32.sqrt", "f64.sqrt"]),
    (b"llvm.copysign.", ["f32.copysign", "f64.copysign"]),
    (b"llvm.minimum.", ["f32.min", "f64.min"]),
    (b"llvm.maximum.", ["f32.max", "f64.max"]),
    (b"llvm.ctlz.", ["i32.clz", "i64.clz"]),
    (b"llvm.cttz.", ["i32.ctz", "i64.ctz"]),
    (b"llvm.ctpop.", ["i32.popcnt", "i64.popcnt"]),
];

/// Returns the instruction that `value` computes, if the table of intrinsics can contain it.
pub fn computed(value: Value) -> Option<&'static str> {
    let opcode = value.opcode()?;
    if opcode == Op::LLVMCall {
        let callee = value.called_function()?;
        let (_, names) = CALLS
            .iter()
            .find(|(prefix, _)| callee.name().starts_with(prefix))?;
        return match value.lane_kind() {
            Kind::F32 | I32 => Some(names[0]),
            Kind::F64 | I64 => Some(names[1]),
            _ => None,
        };
    }
    by_opcode(opcode, value.operand(0)?.lane_kind(), value.lane_kind())
}

fn by_opcode(opcode: Op, operand: Kind, result: Kind) -> Option<&'static str> {
    Some(match (opcode, operand, result) {
        (Op::LLVMFAdd, Kind::F32, _) => "f32.add",
        (Op::LLVMFAdd, Kind::F64, _) => "f64.add",
        (Op::LLVMFSub, Kind::F32, _) => "f32.sub",
        (Op::LLVMFSub, Kind::F64, _) => "f64.sub",
        (Op::LLVMFMul, Kind::F32, _) => "f32.mul",
        (Op::LLVMFMul, Kind::F64, _) => "f64.mul",
        (Op::LLVMFDiv, Kind::F32, _) => "f32.div",
        (Op::LLVMFDiv, Kind::F64, _) => "f64.div",
        (Op::LLVMFCmp, Kind::F32, _) => "f32.eq",
        (Op::LLVMFCmp, Kind::F64, _) => "f64.eq",

        (Op::LLVMFPExt, Kind::F32, Kind::F64) => "f64.promote_f32",
        (Op::LLVMFPTrunc, Kind::F64, Kind::F32) => "f32.demote_f64",
        (Op::LLVMSIToFP, I32, Kind::F32) => "f32.convert_i32_s",
        (Op::LLVMUIToFP, I32, Kind::F32) => "f32.convert_i32_u",
        (Op::LLVMSIToFP, I64, Kind::F32) => "f32.convert_i64_s",
        (Op::LLVMUIToFP, I64, Kind::F32) => "f32.convert_i64_u",
        (Op::LLVMSIToFP, I32, Kind::F64) => "f64.convert_i32_s",
        (Op::LLVMUIToFP, I32, Kind::F64) => "f64.convert_i32_u",
        (Op::LLVMSIToFP, I64, Kind::F64) => "f64.convert_i64_s",
        (Op::LLVMUIToFP, I64, Kind::F64) => "f64.convert_i64_u",
        (Op::LLVMFPToSI, _, _) => truncation(operand, result, true)?,
        (Op::LLVMFPToUI, _, _) => truncation(operand, result, false)?,

        (Op::LLVMSDiv, I32, _) => "i32.div_s",
        (Op::LLVMUDiv, I32, _) => "i32.div_u",
        (Op::LLVMSRem, I32, _) => "i32.rem_s",
        (Op::LLVMURem, I32, _) => "i32.rem_u",
        (Op::LLVMSDiv, I64, _) => "i64.div_s",
        (Op::LLVMUDiv, I64, _) => "i64.div_u",
        (Op::LLVMSRem, I64, _) => "i64.rem_s",
        (Op::LLVMURem, I64, _) => "i64.rem_u",
        (Op::LLVMMul, I64, _) => "i64.mul",
        (Op::LLVMShl, I64, _) => "i64.shl",
        (Op::LLVMAShr, I64, _) => "i64.shr_s",
        (Op::LLVMLShr, I64, _) => "i64.shr_u",
        (Op::LLVMAnd, I64, _) => "i64.and",
        (Op::LLVMOr, I64, _) => "i64.or",
        _ => return None,
    })
}

/// Returns the instruction that truncates a float of kind `from` to an integer of kind `to`.
pub fn truncation(from: Kind, to: Kind, signed: bool) -> Option<&'static str> {
    Some(match (from, to, signed) {
        (Kind::F32, I32, true) => "i32.trunc_f32_s",
        (Kind::F32, I32, false) => "i32.trunc_f32_u",
        (Kind::F32, I64, true) => "i64.trunc_f32_s",
        (Kind::F32, I64, false) => "i64.trunc_f32_u",
        (Kind::F64, I32, true) => "i32.trunc_f64_s",
        (Kind::F64, I32, false) => "i32.trunc_f64_u",
        (Kind::F64, I64, true) => "i64.trunc_f64_s",
        (Kind::F64, I64, false) => "i64.trunc_f64_u",
        _ => return None,
    })
}

/// Reports whether this is a division.
pub fn is_division(opcode: Op) -> bool {
    matches!(
        opcode,
        Op::LLVMSDiv | Op::LLVMUDiv | Op::LLVMSRem | Op::LLVMURem
    )
}

//! Converts the validator's items to the items of [`Module`](super::Module), one to one.
//!
//! Validation comes first, so nothing is checked twice. An item that [`Module`](super::Module) cannot express
//! belongs to a proposal outside the feature set; the conversion returns [`Failure`] instead of relying on
//! that.

use smallvec::SmallVec;
use wasmparser::{AbstractHeapType, ConstExpr as WasmConstExpr, HeapType, Operator};

use super::index::{FuncIndex, GlobalIndex};
use super::module::{ConstBinary, ConstExpr, ConstInstruction, FuncType, Limits, RefType, ValType};
use super::parse::Failure;

pub(super) fn val_type(ty: wasmparser::ValType, offset: u64) -> Result<ValType, Failure> {
    Ok(match ty {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => ValType::V128,
        wasmparser::ValType::Ref(ty) => ValType::Ref(ref_type(ty, offset)?),
    })
}

pub(super) fn ref_type(ty: wasmparser::RefType, offset: u64) -> Result<RefType, Failure> {
    // Null or not, of which type of function: the validator knows the difference.
    heap_type(ty.heap_type()).ok_or_else(|| Failure::new(format!("reference type {ty}"), offset))
}

/// Returns the kind of references to `ty`; `None` if no supported proposal has them.
fn heap_type(ty: HeapType) -> Option<RefType> {
    match ty {
        // Without garbage collection, all types of a module are types of functions.
        HeapType::Concrete(_) | HeapType::FUNC => Some(RefType::Func),
        HeapType::EXTERN => Some(RefType::Extern),
        HeapType::Abstract {
            ty: AbstractHeapType::Exn,
            ..
        } => Some(RefType::Exn),
        _ => None,
    }
}

pub(super) fn func_type(ty: &wasmparser::FuncType, offset: u64) -> Result<FuncType, Failure> {
    let convert = |types: &[wasmparser::ValType]| {
        types
            .iter()
            .map(|ty| val_type(*ty, offset))
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(FuncType {
        params: convert(ty.params())?,
        results: convert(ty.results())?,
    })
}

pub(super) fn table_limits(ty: &wasmparser::TableType) -> Limits {
    Limits {
        min: ty.initial,
        max: ty.maximum,
    }
}

pub(super) fn memory_limits(ty: &wasmparser::MemoryType) -> Limits {
    Limits {
        min: ty.initial,
        max: ty.maximum,
    }
}

pub(super) fn const_expr(expr: &WasmConstExpr<'_>) -> Result<ConstExpr, Failure> {
    let mut instructions = SmallVec::new();
    let mut reader = expr.get_operators_reader();
    while !reader.eof() {
        let (operator, offset) = reader.read_with_offset()?;
        instructions.push(match operator {
            Operator::End if reader.eof() => break,
            Operator::I32Const { value } => ConstInstruction::I32(value),
            Operator::I64Const { value } => ConstInstruction::I64(value),
            Operator::F32Const { value } => ConstInstruction::F32(value.bits()),
            Operator::F64Const { value } => ConstInstruction::F64(value.bits()),
            Operator::V128Const { value } => ConstInstruction::V128(*value.bytes()),
            Operator::GlobalGet { global_index } => {
                ConstInstruction::GlobalGet(GlobalIndex::from_u32(global_index))
            }
            Operator::RefNull { hty } => {
                ConstInstruction::RefNull(heap_type(hty).ok_or_else(|| {
                    Failure::new(
                        "a null reference that is not funcref, externref or exnref",
                        offset,
                    )
                })?)
            }
            Operator::RefFunc { function_index } => {
                ConstInstruction::RefFunc(FuncIndex::from_u32(function_index))
            }
            Operator::I32Add => ConstInstruction::Binary(ConstBinary::I32Add),
            Operator::I32Sub => ConstInstruction::Binary(ConstBinary::I32Sub),
            Operator::I32Mul => ConstInstruction::Binary(ConstBinary::I32Mul),
            Operator::I64Add => ConstInstruction::Binary(ConstBinary::I64Add),
            Operator::I64Sub => ConstInstruction::Binary(ConstBinary::I64Sub),
            Operator::I64Mul => ConstInstruction::Binary(ConstBinary::I64Mul),
            _ => {
                return Err(Failure::new(
                    "an instruction that constant expressions do not have",
                    offset,
                ));
            }
        });
    }
    Ok(ConstExpr { instructions })
}

/// Returns the expression of an element that is given as a function index.
pub(super) fn ref_func(index: u32) -> ConstExpr {
    ConstExpr::from(ConstInstruction::RefFunc(FuncIndex::from_u32(index)))
}

impl TryFrom<wasmparser::ValType> for ValType {
    /// No supported proposal has the type.
    type Error = ();

    fn try_from(ty: wasmparser::ValType) -> Result<ValType, ()> {
        val_type(ty, 0).map_err(|_| ())
    }
}

//! Reference instructions (specification 4.4.2).
//!
//! A function reference is the function's index; an external reference is an index from the runtime. The null
//! reference is all ones (`NULL_REF` in `core/iwasm/interpreter/wasm.h`). An exception reference is the exception
//! itself, with tag zero for null.

use inkwell::IntPredicate;
use inkwell::values::BasicValueEnum;
use wasmparser::{AbstractHeapType, HeapType, Operator};

use super::error::Result;
use super::function::FunctionEmitter;

/// Emits `operator` if it belongs to this group.
pub(super) fn emit(e: &mut FunctionEmitter, operator: &Operator<'_>) -> Result<bool> {
    match *operator {
        Operator::RefNull {
            hty:
                HeapType::Abstract {
                    ty: AbstractHeapType::Exn,
                    ..
                },
        } => {
            let null = e.types().exception.const_zero();
            e.push(null);
        }
        Operator::RefNull { .. } => {
            let null = e.types().null_ref();
            e.push(null);
        }
        Operator::RefIsNull => {
            let value = e.pop();
            let (value, null) = match value {
                BasicValueEnum::StructValue(exception) => {
                    (e.tag_of(exception)?, e.types().i32.const_zero())
                }
                _ => {
                    let null = e.types().null_ref().into_int_value();
                    (value.into_int_value(), null)
                }
            };
            let result = e
                .builder()
                .build_int_compare(IntPredicate::EQ, value, null, "")?;
            e.push_bool(result)?;
        }
        Operator::RefFunc { function_index } => {
            let value = e.i32_const(function_index);
            e.push(value);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

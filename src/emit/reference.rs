//! Reference instructions (specification 4.4.2).
//!
//! A function reference is the function's index; an external reference is an index from the runtime. The null
//! reference is all ones (`NULL_REF` in `core/iwasm/interpreter/wasm.h`).

use inkwell::IntPredicate;
use wasmparser::Operator;

use super::error::Result;
use super::function::FunctionEmitter;

/// Emits `operator` if it belongs to this group.
pub(super) fn emit(e: &mut FunctionEmitter, operator: &Operator<'_>) -> Result<bool> {
    match *operator {
        Operator::RefNull { .. } => {
            let null = e.types().null_ref();
            e.push(null);
        }
        Operator::RefIsNull => {
            let value = e.pop_int();
            let null = e.types().null_ref().into_int_value();
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

//! Reference instructions (specification 4.4.2).
//!
//! A function reference is the function's index; an external reference is an index from the runtime. The null
//! reference is all ones (`NULL_REF` in `core/iwasm/interpreter/wasm.h`). An exception reference is the exception
//! itself, with tag zero for null.

use inkwell::IntPredicate;
use inkwell::values::{BasicValueEnum, IntValue};
use wasmparser::{AbstractHeapType, HeapType, Operator};

use super::error::Result;
use super::function::FunctionEmitter;
use crate::abi::Exception;

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
            let result = e.is_null(value)?;
            e.push_bool(result)?;
        }
        Operator::RefAsNonNull => {
            let value = e.pop();
            let is_null = e.is_null(value)?;
            e.trap_if(is_null, Exception::NullReference)?;
            e.push(value);
        }
        Operator::RefFunc { function_index } => {
            let value = e.i32_const(function_index);
            e.push(value);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    /// Reports whether a reference is null.
    pub fn is_null(&self, reference: BasicValueEnum<'ctx>) -> Result<IntValue<'ctx>> {
        let (value, null) = match reference {
            BasicValueEnum::StructValue(exception) => {
                (self.tag_of(exception)?, self.types().i32.const_zero())
            }
            _ => {
                let null = self.types().null_ref().into_int_value();
                (reference.into_int_value(), null)
            }
        };
        Ok(self
            .builder()
            .build_int_compare(IntPredicate::EQ, value, null, "")?)
    }
}

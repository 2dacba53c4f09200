//! Calls: direct, indirect, by reference, and tail calls; the thunks of imported functions (specification 4.4.8).

use inkwell::values::{
    BasicMetadataValueEnum, BasicValue, CallSiteValue, LLVMTailCallKind, PointerValue, ValueKind,
};
use wasmparser::Operator;

use super::call_indirect;
use super::call_site::{Callee, Target};
use super::control::check_terminate;
use super::error::Result;
use super::function::FunctionEmitter;
use super::types::split_results;
use crate::abi::{Exception, layout};
use crate::targets::{PointerWidth, TailCalls};
use crate::wasm::{FuncIndex, FuncType, RefType, TableIndex, TypeIndex, ValType};

type Emitter<'p, 'ctx, 'e, 'w> = FunctionEmitter<'p, 'ctx, 'e, 'w>;

/// Emits `operator` if it belongs to this group.
pub(super) fn emit(e: &mut Emitter, operator: &Operator<'_>) -> Result<bool> {
    match *operator {
        Operator::Call { function_index } => {
            let callee = direct(e, FuncIndex::from_u32(function_index));
            call(e, callee)?;
        }
        Operator::ReturnCall { function_index } => {
            let callee = direct(e, FuncIndex::from_u32(function_index));
            return_call(e, callee)?;
        }
        Operator::CallIndirect {
            type_index,
            table_index,
        } => {
            let callee = call_indirect::callee(
                e,
                TypeIndex::from_u32(type_index),
                TableIndex::from_u32(table_index),
            )?;
            call(e, callee)?;
        }
        Operator::ReturnCallIndirect {
            type_index,
            table_index,
        } => {
            let callee = call_indirect::callee(
                e,
                TypeIndex::from_u32(type_index),
                TableIndex::from_u32(table_index),
            )?;
            return_call(e, callee)?;
        }
        Operator::CallRef { type_index } => {
            let callee = call_indirect::of_reference(e, TypeIndex::from_u32(type_index))?;
            call(e, callee)?;
        }
        Operator::ReturnCallRef { type_index } => {
            let callee = call_indirect::of_reference(e, TypeIndex::from_u32(type_index))?;
            return_call(e, callee)?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

pub(super) fn direct<'ctx, 'e>(
    e: &Emitter<'_, 'ctx, 'e, '_>,
    index: FuncIndex,
) -> Callee<'ctx, 'e> {
    Callee {
        ty: e.plan().module.function_type(index),
        target: Target::Function(e.unit.callee(index)),
        may_throw: e.plan().exceptions.may_throw(index),
        index: Some(e.i32_const(index.as_u32())),
    }
}

/// Builds the call itself, with the WebAssembly arguments from the operand stack and `extra` after them.
fn build_call<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    callee: &Callee<'ctx, '_>,
    extra: impl IntoIterator<Item = PointerValue<'ctx>>,
) -> Result<CallSiteValue<'ctx>> {
    let mut arguments: Vec<BasicMetadataValueEnum> = vec![e.exec_env.into()];
    arguments.extend(
        e.pop_many(callee.ty.params.len())
            .into_iter()
            .map(BasicMetadataValueEnum::from),
    );
    arguments.extend(extra.into_iter().map(BasicMetadataValueEnum::from));
    e.call_site(callee, arguments)
}

pub(super) fn call<'ctx>(
    e: &mut Emitter<'_, 'ctx, '_, '_>,
    callee: Callee<'ctx, '_>,
) -> Result<()> {
    e.begin_call(&callee)?;
    // The other results come back through memory of ours.
    let (_, further) = split_results(callee.ty);
    let mut slots = Vec::with_capacity(further.len());
    if !further.is_empty() {
        let area = e.scratch(further.iter().map(|&ty| e.types().cells(ty)).sum())?;
        let mut offset = 0;
        for &ty in further {
            slots.push(e.field(area, offset)?);
            offset += u64::from(e.types().cells(ty)) * 4;
        }
    }
    let call = build_call(e, &callee, slots.iter().copied())?;
    if e.plan().calls.tail_calls {
        call.set_tail_call_kind(LLVMTailCallKind::LLVMTailCallKindNoTail);
    }
    let (value, flag) = e.returned(&callee, call)?;
    e.leave_unless_returned(callee.may_throw, flag)?;
    e.end_call()?;
    check_terminate(e)?;
    if let Some(value) = value {
        e.push(value);
    }
    for (&ty, slot) in further.iter().zip(slots) {
        let value = e.builder().build_load(e.types().value(ty), slot, "")?;
        if let Some(load) = value.as_instruction_value() {
            let _ = load.set_alignment(4);
        }
        e.push(value);
    }
    Ok(())
}

/// Replaces this frame by the callee's. The callee writes further results to this function's result pointers.
fn return_call<'ctx>(e: &mut Emitter<'_, 'ctx, '_, '_>, callee: Callee<'ctx, '_>) -> Result<()> {
    check_terminate(e)?;
    let first_slot = e.ty.params.len() as u32 + 1;
    let further = split_results(callee.ty).1.len();
    let slots: Vec<PointerValue> = (0..further as u32)
        .map(|at| {
            e.function
                .get_nth_param(first_slot + at)
                .expect("caller and callee of a tail call have the same results")
                .into_pointer_value()
        })
        .collect();
    e.replace_frame(&callee)?;
    let call = build_call(e, &callee, slots)?;
    let guaranteed = match e.plan().target.tail_calls {
        TailCalls::Any { arguments } => {
            e.fits_registers(e.ty, arguments) && e.fits_registers(callee.ty, arguments)
        }
        TailCalls::SameSignature { registers } => {
            e.ty == callee.ty && e.registers(e.ty) <= registers
        }
        TailCalls::Never => false,
    };
    call.set_tail_call_kind(if guaranteed {
        LLVMTailCallKind::LLVMTailCallKindMustTail
    } else {
        LLVMTailCallKind::LLVMTailCallKindTail
    });
    let value = match call.try_as_basic_value() {
        ValueKind::Basic(value) => Some(value),
        ValueKind::Instruction(_) => None,
    };
    e.builder()
        .build_return(value.as_ref().map(|value| value as &dyn BasicValue))?;
    e.reachable = false;
    Ok(())
}

impl<'ctx> FunctionEmitter<'_, 'ctx, '_, '_> {
    /// Reports whether all parameters of a function pass in registers: `arguments` registers for integers and
    /// pointers, and eight for floats and vectors.
    ///
    /// LLVM 22.1 loses or misplaces stack arguments of a `musttail` call under `tailcc`
    /// (llvm/llvm-project#199224). A `tail` call under that convention is always a tail call too, and correct,
    /// but only while it stays in front of the return. A `musttail` call cannot leave that place.
    fn fits_registers(&self, ty: &FuncType, arguments: u32) -> bool {
        let floats = ty
            .params
            .iter()
            .filter(|ty| matches!(ty, ValType::F32 | ValType::F64 | ValType::V128))
            .count();
        let further_results = split_results(ty).1.len();
        let others: u32 = ty
            .params
            .iter()
            .map(|&ty| match ty {
                ValType::F32 | ValType::F64 | ValType::V128 => 0,
                ValType::Ref(RefType::Exn) => self.types().cells(ty),
                _ => 1,
            })
            .sum();
        let others = 1 + others as usize + further_results;
        others <= arguments as usize && floats <= 8
    }

    /// Returns how many registers a function's arguments take at most, if floats have no own registers.
    pub fn registers(&self, ty: &FuncType) -> u32 {
        let params = ty
            .params
            .iter()
            .map(|&param| match self.plan().target.pointer_width {
                PointerWidth::Bits32 => self.types().cells(param),
                PointerWidth::Bits64 if param == ValType::Ref(RefType::Exn) => {
                    self.types().cells(param)
                }
                PointerWidth::Bits64 => 1,
            });
        let pointers = 1 + split_results(ty).1.len() as u32;
        pointers + params.sum::<u32>()
    }

    /// Loads element `index` of a table as the 32-bit reference it holds, or raises `exception`.
    pub fn load_table_element(
        &mut self,
        table: TableIndex,
        index: inkwell::values::IntValue<'ctx>,
        exception: Exception,
    ) -> Result<inkwell::values::IntValue<'ctx>> {
        let address = self.table_element(table, index, exception)?;
        let value = self
            .builder()
            .build_load(self.types().intptr, address, "")?;
        if let Some(load) = value.as_instruction_value() {
            let _ = load.set_alignment(layout::table::ELEMENT_ALIGNMENT);
            self.tag(load, self.tags().table);
        }
        Ok(self.builder().build_int_truncate_or_bit_cast(
            value.into_int_value(),
            self.types().i32,
            "",
        )?)
    }
}

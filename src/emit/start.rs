//! The start function that we add behind the module's own functions, if the plan asks for one. It copies the data
//! segments that the runtime does not copy, and calls the module's start function: the runtime itself calls no
//! imported one. `aot::assemble` makes it the start function of the file.
//!
//! The runtime calls it for each instance and for each thread's instance, whose further memories are new.

use inkwell::values::LLVMTailCallKind;

use super::call::{call, direct};
use super::error::Result;
use super::function::FunctionEmitter;
use super::memory::segments;
use super::thunk;
use super::unit::Unit;
use crate::abi::symbols::SymbolName;
use crate::wasm::FuncType;

/// The type of start functions.
static NO_VALUES: FuncType = FuncType {
    params: Vec::new(),
    results: Vec::new(),
};

/// Emits the function and the data segments in the text.
pub(super) fn emit_start(unit: &Unit) -> Result<()> {
    segments::emit_segments(unit);
    let module = unit.plan.module;
    if !unit.plan.memory.layout.adds_start {
        return Ok(());
    }
    let position = module.functions.len() - module.imported_functions;
    let ty = unit.types.function(&NO_VALUES);
    let function =
        unit.llvm
            .add_function(&SymbolName::Entry(position as u32).to_string(), ty, None);
    let mut e = FunctionEmitter::behind_all(unit, function, &NO_VALUES);
    e.builder().position_at_end(e.entry);
    let copies = module
        .data
        .keys()
        .any(|index| unit.plan.memory.layout.segments[index].in_text);
    if e.plan().calls.passes_base || copies {
        e.load_instance()?;
    }
    if e.plan().calls.passes_base {
        e.load_fixed_base()?;
    }
    e.restore_segment()?;
    if copies {
        e.copy_active_segments()?;
    }
    if let Some(start) = module.start {
        let callee = direct(&e, start);
        if callee.may_throw {
            // No handler is here.
            e.begin_call(&callee)?;
            let made = e.call_site(&callee, vec![e.exec_env.into()])?;
            if e.plan().calls.tail_calls {
                made.set_tail_call_kind(LLVMTailCallKind::LLVMTailCallKindNoTail);
            }
            let (_, flag) = e.returned(&callee, made)?;
            e.end_call()?;
            thunk::raise_uncaught(&mut e, flag)?;
        } else {
            call(&mut e, callee)?;
        }
    }
    e.builder().build_return(None)?;
    Ok(())
}

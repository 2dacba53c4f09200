//! Finds the C stack that clang, rustc and similar compilers lay out inside linear memory.
//!
//! A module does not state where its C stack is. WAMR derives the place from globals that the linker exports;
//! its runtime uses the result to place the app heap and the stacks of threads. So the rule must be exactly
//! WAMR's rule:
//!
//! - `__data_end` and `__heap_base` must be exported, defined here, immutable `i32` with a plain
//!   `i32.const`, and the end of the data, rounded up to 16, must not lie above the heap base;
//! - the stack pointer is the first mutable `i32` global that starts with a plain `i32.const` not
//!   above the heap base. It may be missing in a program that never touches its stack; the heap
//!   base then stands in, with a stack of size 0.
//!
//! The stack lies between the data and the heap, or (`--stack-first`, the default of newer linkers)
//! between address 0 and the data.

use super::index::GlobalIndex;
use super::module::{AuxStack, ConstInstruction, ExportItem, Global, GlobalKind, Module, ValType};

/// Alignment of the C stack, to which the end of the data is rounded up.
const STACK_ALIGNMENT: u64 = 16;

pub(super) fn find(module: &Module<'_>) -> Option<AuxStack> {
    let data_end_global = exported_constant(module, "__data_end")?;
    let heap_base_global = exported_constant(module, "__heap_base")?;
    let data_end = data_end_global.1.next_multiple_of(STACK_ALIGNMENT);
    let heap_base = heap_base_global.1;
    if data_end > heap_base {
        return None;
    }

    let stack_pointer = module.globals.iter().find_map(|(index, global)| {
        let start = i32_constant(global)?;
        (global.mutable && start <= heap_base).then_some((index, start))
    });
    let (stack_pointer, bottom, size) = match stack_pointer {
        Some((index, start)) if start > data_end => (index, start, start - data_end),
        Some((index, start)) => (index, start, start),
        None => (heap_base_global.0, heap_base, 0),
    };
    Some(AuxStack {
        data_end_global: Some(data_end_global.0),
        data_end,
        heap_base_global: Some(heap_base_global.0),
        heap_base,
        stack_pointer: Some(stack_pointer),
        bottom,
        // Never truncates: all these values are below 2^32, because they come out of an `i32`.
        size: size as u32,
    })
}

/// Returns the immutable global exported as `name`, and its value.
fn exported_constant(module: &Module<'_>, name: &str) -> Option<(GlobalIndex, u64)> {
    let index = module.exports.iter().find_map(|export| match export.item {
        ExportItem::Global(index) if export.name == name => Some(index),
        _ => None,
    })?;
    let global = &module.globals[index];
    if global.mutable {
        return None;
    }
    Some((index, i32_constant(global)?))
}

/// Returns the start value of a defined global whose initializer is a single `i32.const`.
fn i32_constant(global: &Global<'_>) -> Option<u64> {
    match &global.kind {
        GlobalKind::Defined(init) if global.ty == ValType::I32 => {
            match init.instructions.as_slice() {
                [ConstInstruction::I32(value)] => Some(u64::from(*value as u32)),
                _ => None,
            }
        }
        _ => None,
    }
}

//! Removes all but one stack check per frame.
//!
//! A function's body has a frame, and its entry checks that the stack has room for it. Inlining copies
//! entries into their callers. If the body was inlined too, its frame is part of the caller's frame. The
//! caller's own entry has checked that frame, so the copied check is redundant. If the body was not inlined,
//! the copied check replaces the callee's: it saves one or two instructions at run time, and costs about ten
//! in the code. If size matters, the pass calls the entry again.
//!
//! Bodies that only their entry can call, and bodies that were inlined into it, need no symbol any more.

use inkwell::module::{Linkage, Module as LlvmModule};
use inkwell::values::GlobalValue;
use inkwell::{GlobalVisibility, values::FunctionValue};

use crate::abi::symbols::SymbolName;
use crate::llvm::ir::{self, IntPredicate, Value};
use crate::llvm::marks::FunctionMark;

/// Deletes redundant checks in all functions of `module`, and makes bodies private. If `small`, bodies that
/// were not inlined are called through their entries.
pub fn run(module: &LlvmModule, small: bool) {
    for function in ir::functions(module) {
        if function.is_defined() {
            thin_out(module, function, small);
        }
    }
    for function in module.get_functions() {
        if is_private_body(function) {
            let global: GlobalValue = function.as_global_value();
            global.set_visibility(GlobalVisibility::Default);
            function.set_linkage(Linkage::Internal);
        }
    }
}

fn is_private_body(function: FunctionValue) -> bool {
    function.count_basic_blocks() > 0 && FunctionMark::PrivateBody.is_set(function)
}

fn thin_out(module: &LlvmModule, function: Value, small: bool) {
    // A function has to keep its own check.
    let own = match SymbolName::parse_bytes(function.name()) {
        Some(SymbolName::Entry(own) | SymbolName::Checked(own)) => Some(own),
        Some(SymbolName::Body(_)) => None,
        // The frames of others (thunks of imported functions) nobody has checked.
        _ => return,
    };
    let mut checks: Vec<(u32, Value)> = Vec::new();
    let mut calls: Vec<(u32, Value)> = Vec::new();
    for instruction in function.instructions() {
        if let Some(number) = checked_frame(instruction) {
            checks.push((number, instruction));
        }
        let callee = instruction.called_function();
        let callee = callee.and_then(|it| SymbolName::parse_bytes(it.name()));
        if let Some(SymbolName::Body(number)) = callee {
            calls.push((number, instruction));
        }
    }
    for (checked, frame) in checks {
        if own == Some(checked) {
            continue;
        }
        let bodies = || calls.iter().filter(|(number, _)| *number == checked);
        if bodies().next().is_some() {
            let Some(entry) = entry(module, checked).filter(|_| small) else {
                continue;
            };
            for (_, call) in bodies() {
                call.call_instead(entry);
            }
        }
        for (comparison, overflow) in comparisons(frame) {
            comparison.replace_all_uses(comparison.boolean(!overflow));
        }
    }
}

/// Returns the symbol that other functions call for function `number`, if this module has it.
fn entry<'m>(module: &'m LlvmModule, number: u32) -> Option<Value<'m>> {
    [SymbolName::Checked(number), SymbolName::Entry(number)]
        .iter()
        .filter_map(|name| module.get_function(&name.to_string()))
        .find(|function| !FunctionMark::OnlyForRuntime.is_set(*function))
        .and_then(|function| ir::function(module, &function.get_name().to_string_lossy()))
}

/// Returns the function whose frame size an instruction loads, adds to the boundary, or subtracts from the stack
/// pointer.
fn checked_frame(instruction: Value) -> Option<u32> {
    if let Some(ir::Opcode::LLVMAdd | ir::Opcode::LLVMSub) = instruction.opcode() {
        // The number is a symbol's address.
        let constants = instruction.operands().filter(|it| it.is_constant());
        let symbols = constants.filter_map(|it| it.operand(0));
        let mut numbers = symbols.filter_map(|it| match SymbolName::parse_bytes(it.name()) {
            Some(SymbolName::StackSizeValue(number)) => Some(number),
            _ => None,
        });
        return numbers.next();
    }
    if instruction.opcode() != Some(ir::Opcode::LLVMLoad) {
        return None;
    }
    let address = instruction.operand(0)?;
    match SymbolName::parse_bytes(address.name()) {
        Some(SymbolName::StackSize(number)) => return Some(number),
        Some(SymbolName::StackSizes) => return Some(0),
        _ => {}
    }
    // An offset in bytes into the table.
    let mut operands = address.operands();
    let (table, offset) = (operands.next()?, operands.next()?);
    let table = SymbolName::parse_bytes(table.name());
    let is_table = operands.next().is_none() && table == Some(SymbolName::StackSizes);
    let number = u32::try_from(offset.integer_constant()? / 4).ok();
    number.filter(|_| is_table)
}

/// Returns the comparisons that depend on a frame, and their results that the frame's function must not miss:
/// the stack pointer is below the boundary plus the frame, or the stack pointer less the frame is below the lowest
/// address so far.
fn comparisons(frame: Value) -> Vec<(Value, bool)> {
    use ir::Opcode::{LLVMAdd, LLVMICmp, LLVMSub, LLVMZExt};
    let mut found = Vec::new();
    let mut next = vec![(frame, frame.opcode() == Some(LLVMSub))];
    while let Some((value, is_end)) = next.pop() {
        for user in value.users() {
            match user.opcode() {
                Some(LLVMICmp) => {
                    let limit_is_right = (user.operand(1) == Some(value)) != is_end;
                    found.extend(match (user.int_predicate(), limit_is_right) {
                        (Some(IntPredicate::LLVMIntULT), true)
                        | (Some(IntPredicate::LLVMIntUGT), false) => Some((user, true)),
                        (Some(IntPredicate::LLVMIntUGE), true)
                        | (Some(IntPredicate::LLVMIntULE), false) => Some((user, false)),
                        _ => None,
                    });
                }
                Some(LLVMAdd | LLVMZExt) => next.push((user, is_end)),
                Some(LLVMSub) if user.operand(1) == Some(value) => next.push((user, true)),
                _ => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::passes::testing::after;

    const FUNCTIONS: &str = r#"
        @aot_stack_sizes = external hidden constant [2 x i32]
        declare ptr @llvm.stacksave.p0()
        declare void @raise()
        define hidden void @"aot_func#1"(ptr %env) {
          CHECK(1)
          call void @"aot_func_internal#1"(ptr %env)
          ret void
        }
        define hidden void @"aot_func_internal#1"(ptr %env) "private-body" {
          ret void
        }
    "#;

    /// Returns the module whose function 0 has the body `body`, with `CHECK(N)` expanded.
    fn module(body: &str) -> String {
        let function =
            format!(r#"define hidden void @"aot_func_internal#0"(ptr %env) {{ {body} ret void }}"#);
        let mut text = format!("{FUNCTIONS}{function}");
        for (number, label) in [(0, "a"), (1, "b"), (0, "c"), (1, "d")] {
            let check = format!(
                "%frame.{label} = load i32, ptr getelementptr (i8, ptr @aot_stack_sizes, i32 {})
                 %boundary.{label} = load i32, ptr %env
                 %limit.{label} = add i32 %boundary.{label}, %frame.{label}
                 %top.{label} = call ptr @llvm.stacksave.p0()
                 %stack.{label} = ptrtoint ptr %top.{label} to i32
                 %over.{label} = icmp ult i32 %stack.{label}, %limit.{label}
                 br i1 %over.{label}, label %raise.{label}, label %go.{label}
                 raise.{label}:
                 call void @raise()
                 ret void
                 go.{label}:",
                4 * number
            );
            text = text.replacen(&format!("CHECK({number})"), &check, 1);
        }
        text
    }

    fn function<'t>(ir: &'t str, name: &str) -> &'t str {
        let start = ir.find(&format!("@\"{name}\"(ptr %env)")).expect(name);
        let rest = &ir[start..];
        &rest[..rest.find("\n}").expect("it ends")]
    }

    #[test]
    fn an_inlined_body_needs_no_check() {
        let ir = after(|it| super::run(it, false), &module("CHECK(1)"));
        let caller = function(&ir, "aot_func_internal#0");
        assert!(caller.contains("br i1 false"), "{ir}");
        let entry = function(&ir, "aot_func#1");
        assert!(entry.contains("br i1 %over"), "{ir}");
    }

    #[test]
    fn a_body_that_is_called_is_checked_before_or_by_its_entry() {
        let ir = module("CHECK(1) call void @\"aot_func_internal#1\"(ptr %env)");
        let quick = after(|it| super::run(it, false), &ir);
        let caller = function(&quick, "aot_func_internal#0");
        assert!(caller.contains("br i1 %over"), "{quick}");
        let small = after(|it| super::run(it, true), &ir);
        let caller = function(&small, "aot_func_internal#0");
        assert!(caller.contains("br i1 false"), "{small}");
        assert!(caller.contains("call void @\"aot_func#1\""), "{small}");
    }

    #[test]
    fn bodies_become_private() {
        let ir = after(|it| super::run(it, false), &module(""));
        assert!(
            ir.contains("define internal void @\"aot_func_internal#1\""),
            "{ir}"
        );
    }
}

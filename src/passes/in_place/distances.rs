//! Computes addresses in the text from distances, on Xtensa. LLVM reaches an address only through a literal
//! that holds it, which code that is executed in place cannot have.
//!
//! A call instruction stores the address behind itself in a register. The linker knows the distance from
//! there to everything in the text, and writes it into a literal ([`DISTANCE_PREFIX`]). The instructions that
//! add the two are assembly, because LLVM has nothing for them.
//!
//! - Every call has its own such instructions, directly in front of it. A [near](Calls::Near) call needs no
//!   address: `llvm::objects::xtensa` finds these instructions by their label ([`NEAR_CALL_PREFIX`]) and
//!   deletes them.
//! - Other addresses are computed once, at the start of the function.
//!
//! The call that stores the address has no register window, so it overwrites the function's return address
//! (`a0`). The assembly keeps the return address in another register meanwhile. Nothing can return in
//! between, and no window moves. LLVM must not create addresses later, such as addresses of jump tables.

use std::collections::HashMap;

use inkwell::module::Module as LlvmModule;

use crate::abi::symbols::{DISTANCE_PREFIX, NEAR_CALL_PREFIX, PLACE_PREFIX, SymbolName};
use crate::llvm::ir::{self, Builder, Opcode as Op, Value};

/// The largest distance between functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calls {
    /// The reach of a call instruction.
    Near,
    /// Any distance.
    Far,
}

/// Replaces every address in the text by a computation from its distance.
pub fn run(module: &LlvmModule, calls: Calls) {
    for global in ir::global_variables(module) {
        // A name that the linker sees.
        global.keep_name("aot_constant");
    }
    for function in ir::functions(module) {
        if !function.is_defined() {
            continue;
        }
        function.keep_name("aot_function");
        function.forbid_jump_tables();
        let instructions = function.instructions();
        let Some(&first) = instructions.first() else {
            continue;
        };
        let mut addresses = Addresses {
            first,
            made: HashMap::new(),
        };
        for instruction in instructions {
            for (index, operand) in instruction.operands().enumerate() {
                let is_call = instruction.opcode() == Some(Op::LLVMCall);
                let is_callee = is_call && index + 1 == instruction.operands().len();
                if is_callee && in_text(operand) {
                    let assembly = assembly(operand, Some(calls));
                    let address = Builder::before(instruction).assembly(&assembly, true);
                    instruction.set_operand(index as u32, address);
                } else if let Some(address) = addresses.of(operand) {
                    instruction.set_operand(index as u32, address);
                }
            }
        }
    }
}

/// The addresses to which a function refers.
struct Addresses<'m> {
    /// The function's first instruction before this pass.
    first: Value<'m>,
    made: HashMap<Value<'m>, Value<'m>>,
}

impl<'m> Addresses<'m> {
    /// Returns the replacement of `constant`, if it contains an address in the text.
    fn of(&mut self, constant: Value<'m>) -> Option<Value<'m>> {
        if let Some(&made) = self.made.get(&constant) {
            return Some(made);
        }
        let made = if in_text(constant) {
            Builder::before(self.first).assembly(&assembly(constant, None), false)
        } else {
            let parts: Vec<Value> = constant.expression()?.collect();
            let found: Vec<Option<Value>> = parts.iter().map(|part| self.of(*part)).collect();
            if found.iter().all(Option::is_none) {
                return None;
            }
            let parts: Vec<Value> = found
                .into_iter()
                .zip(parts)
                .map(|(found, part)| found.unwrap_or(part))
                .collect();
            Builder::before(self.first).evaluate(constant, &parts)?
        };
        self.made.insert(constant, made);
        Some(made)
    }
}

/// Reports whether a value is an address in the text. Symbols of other partitions are hidden, symbols of the
/// runtime are not.
fn in_text(value: Value) -> bool {
    let is_number = || {
        let name = SymbolName::parse_bytes(value.name());
        matches!(name, Some(SymbolName::StackSizeValue(_)))
    };
    value.is_global() && (value.is_hidden() || value.is_defined_here()) && !is_number()
}

/// Returns instructions that leave the address of `global` in the first operand. `calls` is set for the
/// address of a call.
fn assembly(global: Value, calls: Option<Calls>) -> String {
    let name = String::from_utf8_lossy(global.name()).replace('$', "$$");
    let label = match calls {
        Some(Calls::Near) => format!("\"{NEAR_CALL_PREFIX}${{:uid}}\":\n"),
        Some(Calls::Far) | None => String::new(),
    };
    format!(
        "{label}\
         .literal .Laot_distance${{:uid}}, \"{DISTANCE_PREFIX}{name}:{PLACE_PREFIX}${{:uid}}\"\n\
         or $1, a0, a0\n\
         call0 .Laot_behind${{:uid}}\n\
         \"{PLACE_PREFIX}${{:uid}}\":\n\
         .p2align 2\n\
         .Laot_behind${{:uid}}:\n\
         l32r $0, .Laot_distance${{:uid}}\n\
         add $0, $0, a0\n\
         or a0, $1, $1"
    )
}

#[cfg(test)]
mod tests {
    use super::{Calls, run};
    use crate::passes::testing::after;

    const MODULE: &str = r#"
        @table = private unnamed_addr constant [2 x i32] [i32 4, i32 5]
        @"aot_stack_size_value#7" = external hidden constant i8
        declare hidden i32 @"aot_func#1"(i32, ptr)
        declare i32 @floor(i32)
        define hidden i32 @"aot_func#0"(i32 %x) {
          br label %next
        next:
          %p = phi ptr [ getelementptr (i8, ptr @table, i32 4), %0 ], [ @table, %next ]
          %size = ptrtoint ptr @"aot_stack_size_value#7" to i32
          %y = call i32 @"aot_func#1"(i32 %size, ptr @table)
          %z = call i32 @floor(i32 %y)
          %again = icmp eq i32 %z, 0
          br i1 %again, label %next, label %done
        done:
          %c = load i32, ptr %p
          ret i32 %c
        }"#;

    #[test]
    fn addresses_are_made_at_the_start_and_those_of_functions_in_front_of_calls() {
        let text = after(|module| run(module, Calls::Far), MODULE);
        let code = text.split_once("define").expect("a function").1;
        let at = |what: &str| {
            let found = code.match_indices(what).collect::<Vec<_>>();
            assert_eq!(found.len(), 1, "{what} in {text}");
            found[0].0
        };
        // Once, whatever refers to it; nothing but the two pieces of assembly knows a name.
        let table = at("asm \".literal .Laot_distance${:uid}, \\22aot_distance:table:");
        let function =
            at("asm sideeffect \".literal .Laot_distance${:uid}, \\22aot_distance:aot_func#1:");
        let next = at("next:  ");
        assert!(table < next && next < function, "{text}");
        assert!(
            !code.contains("@table") && !code.contains("@\"aot_func#1\""),
            "{text}"
        );
        assert!(text.contains("@table = internal"), "{text}");
        // Numbers, and what the runtime has, stay.
        at("ptrtoint ptr @\"aot_stack_size_value#7\"");
        at("call i32 @floor(");
        assert!(text.contains("\"no-jump-tables\"=\"true\""), "{text}");
    }

    #[test]
    fn near_calls_are_marked() {
        let text = after(|module| run(module, Calls::Near), MODULE);
        let marked = text
            .matches("asm sideeffect \"\\22aot_near_call#${:uid}\\22:\\0A")
            .count();
        assert_eq!(marked, 1, "{text}");
        assert_eq!(text.matches("aot_near_call").count(), 1, "{text}");
    }
}

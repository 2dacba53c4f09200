//! Shows LLVM that linear memory holds many arrays.
//!
//! LLVM's loop vectoriser groups accesses by object, and to LLVM all of linear memory is one object. Within
//! one object, if LLVM cannot compute the distance of two accesses, it emits a run-time overlap check for the
//! pair. `a[i]` and `a[i + 1]` always fail that check, so a loop unrolled before it became WebAssembly is
//! never vectorised.
//!
//! So, before vectorisation, accesses whose indexes have different origins get their own copies of memory's
//! base ([`separate`]); [`unite`] removes the copies afterwards. A copy is a `freeze`, about whose result
//! LLVM assumes nothing. So the accesses may still overlap, and code checks this at run time, once for each
//! two arrays. If the pass finds bad origins, only the speed of the code suffers.

use std::collections::HashMap;
use std::ffi::CStr;

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{self, Opcode as Op, Value};

/// The name of the copies, with a number behind it: a `freeze` that LLVM has made must stay.
const COPY_NAME: &CStr = c"array.base";

/// Gives every array in the functions of `module` its own copy of the base.
pub fn separate(module: &LlvmModule) {
    for function in ir::functions(module) {
        let mut bases: HashMap<(Value, Vec<Value>), Option<Value>> = HashMap::new();
        for address in function.instructions() {
            let Some((base, index)) = base_and_index(address) else {
                continue;
            };
            let copy = bases
                .entry((base, origin(index)))
                .or_insert_with(|| base.freeze(COPY_NAME));
            if let Some(copy) = *copy {
                address.set_operand(0, copy);
            }
        }
    }
}

/// Removes the copies.
pub fn unite(module: &LlvmModule) {
    let copies: Vec<Value> = ir::functions(module)
        .into_iter()
        .flat_map(Value::instructions)
        .filter(|instruction| instruction.opcode() == Some(Op::LLVMFreeze))
        .filter(|copy| copy.name().starts_with(COPY_NAME.to_bytes()))
        .collect();
    for copy in copies {
        if let Some(base) = copy.operand(0) {
            copy.replace_all_uses(base);
            copy.erase();
        }
    }
}

/// Splits an address in linear memory with a variable index into base and index.
fn base_and_index<'m>(address: Value<'m>) -> Option<(Value<'m>, Value<'m>)> {
    if address.opcode() != Some(Op::LLVMGetElementPtr) || address.operands().len() != 2 {
        return None;
    }
    let index = address.operand(1)?;
    let base = address.operand(0)?;
    (index.opcode().is_some() && base.opcode() != Some(Op::LLVMGetElementPtr))
        .then_some((base, index))
}

/// The depth to which the operands of an index are examined.
const DEPTH: usize = 4;

/// Returns the parts of an index, without the constants: two indexes with a constant distance have equal
/// parts.
fn origin(index: Value) -> Vec<Value> {
    let mut terms = Vec::new();
    collect_terms(index, DEPTH, &mut terms);
    terms
}

fn collect_terms<'m>(value: Value<'m>, depth: usize, terms: &mut Vec<Value<'m>>) {
    let sum = match value.opcode() {
        Some(Op::LLVMAdd | Op::LLVMZExt | Op::LLVMSExt | Op::LLVMTrunc) => true,
        // A sum without carries.
        Some(Op::LLVMOr) => value.operands().any(Value::is_constant),
        _ => false,
    };
    if sum && depth > 0 {
        for operand in value.operands() {
            collect_terms(operand, depth - 1, terms);
        }
    } else if !value.is_constant() {
        terms.push(value);
    }
}

#[cfg(test)]
mod tests {
    use super::LlvmModule;
    use crate::passes::testing::after;

    const TWO_ARRAYS: &str = "
        define void @f(ptr %memory, i32 %a, i32 %b, i32 %i) {
          %ai = add i32 %a, %i
          %ai.wide = zext i32 %ai to i64
          %first = getelementptr i8, ptr %memory, i64 %ai.wide
          %next = add i64 %ai.wide, 4
          %second = getelementptr i8, ptr %memory, i64 %next
          %bi = add i32 %b, %i
          %bi.wide = zext i32 %bi to i64
          %third = getelementptr i8, ptr %memory, i64 %bi.wide
          ret void
        }";

    #[test]
    fn each_array_has_its_base() {
        let ir = after(super::separate, TWO_ARRAYS);
        let base = |address: &str| {
            let (_, rest) = ir.split_once(address).expect("the address is there");
            let base = rest.split([',', ' ']).find(|word| word.starts_with('%'));
            base.expect("it has a base").to_owned()
        };
        assert_eq!(ir.matches("freeze ptr %memory").count(), 2, "{ir}");
        assert_eq!(base("%first ="), base("%second ="), "{ir}");
        assert_ne!(base("%first ="), base("%third ="), "{ir}");
    }

    #[test]
    fn what_llvm_froze_stays_frozen() {
        let ir = after(
            super::unite,
            "define ptr @f(ptr %p) {
               %frozen = freeze ptr %p
               ret ptr %frozen
             }",
        );
        assert!(ir.contains("freeze ptr %p"), "{ir}");
    }

    #[test]
    fn in_the_end_there_is_one_base() {
        fn both(module: &LlvmModule) {
            super::separate(module);
            super::unite(module);
        }
        assert_eq!(after(both, TWO_ARRAYS), after(|_| {}, TWO_ARRAYS));
    }
}

//! Marks address computations that cannot wrap around.
//!
//! WebAssembly adds indexes modulo 2^32, so `p + 4` need not lie behind `p`. As far as LLVM knows,
//! neighbouring accesses may be at both ends of memory, and a loop's index may start again at zero. This
//! costs an instruction for many addresses and prevents vectorisation. But once an access at index `p` has
//! succeeded, `p` lies within memory. If memory cannot have its last page
//! ([`crate::abi::layout::UNUSED_TOP`]), `p` plus a small constant does not wrap.
//!
//! So the pass puts the flag `nuw` on every addition of a constant up to [`UNUSED_TOP`] to such an index. If
//! the sum is used in 64 bits, the pass adds in 64 bits: then LLVM sees a constant distance of two addresses
//! also in a loop, where it would lose the flag. With the flag, a sum that wraps is poison, which is harmless
//! while nothing uses it. So the access must dominate each use of the sum.

use std::collections::HashMap;

use inkwell::module::Module as LlvmModule;

use crate::abi::layout::UNUSED_TOP;
use crate::llvm::ir::order::Order;
use crate::llvm::ir::{self, Opcode as Op, Value};
use crate::llvm::marks::LINEAR_MEMORY;

/// The largest number of accesses at one index that are examined; the first ones dominate most uses.
const ACCESS_LIMIT: usize = 16;

/// Sets the flags in all functions of `module`.
pub fn run(module: &LlvmModule) {
    for function in ir::functions(module) {
        mark(function);
    }
}

fn mark(function: Value) {
    let instructions = function.instructions();
    let mut accesses: HashMap<Value, Vec<Value>> = HashMap::new();
    let mut sums = Vec::new();
    for &instruction in &instructions {
        match instruction.opcode() {
            Some(Op::LLVMLoad | Op::LLVMStore)
                if instruction.alias_tag_name() == Some(LINEAR_MEMORY.as_bytes()) =>
            {
                if let Some(index) = accessed_index(instruction) {
                    accesses.entry(index).or_default().push(instruction);
                }
            }
            Some(Op::LLVMAdd) => {
                let addend = instruction.operand(1).and_then(Value::integer_constant);
                if addend.is_some_and(|addend| addend <= UNUSED_TOP) && !instruction.is_nuw() {
                    sums.push(instruction);
                }
            }
            _ => {}
        }
    }
    sums.retain(|sum| {
        sum.operand(0)
            .is_some_and(|index| accesses.contains_key(&index))
    });
    if sums.is_empty() {
        return;
    }
    let Some(order) = Order::new(function, &instructions) else {
        return;
    };
    sums.retain(|sum| {
        accesses[&index_of(*sum)]
            .iter()
            .take(ACCESS_LIMIT)
            .any(|&access| {
                sum.uses().all(|(user, from)| match from {
                    // What a phi takes is looked at when its block is entered from another one.
                    Some(from) => order.dominates_end(access, from),
                    None => order.dominates(access, user),
                })
            })
    });
    for sum in sums {
        sum.set_nuw();
        let constant = sum.operand(1).and_then(Value::integer_constant);
        let extensions: Vec<Value> = sum
            .users()
            .filter(|user| user.opcode() == Some(Op::LLVMZExt))
            .collect();
        for extension in extensions {
            extension.extend_before_adding(index_of(sum), constant.unwrap_or_default());
        }
    }
}

fn index_of(sum: Value) -> Value {
    sum.operand(0).expect("additions have operands")
}

/// Returns the 32-bit index of an access: the address without memory's base and constants. Constants must not
/// be negative: an access in front of its index would prove less about the index.
fn accessed_index(access: Value) -> Option<Value> {
    let mut pointer = match access.opcode()? {
        Op::LLVMLoad => access.operand(0)?,
        _ => access.operand(1)?,
    };
    loop {
        if pointer.opcode() != Some(Op::LLVMGetElementPtr) || pointer.operands().len() != 2 {
            return None;
        }
        let mut offset = pointer.operand(1)?;
        if offset.is_constant() {
            behind(offset)?;
            pointer = pointer.operand(0)?;
            continue;
        }
        // The sum of the index and the access's static offset, in 64 bits.
        if offset.opcode() == Some(Op::LLVMAdd) {
            behind(offset.operand(1)?)?;
            offset = offset.operand(0)?;
        }
        let index = offset.operand(0)?;
        return (offset.opcode() == Some(Op::LLVMZExt) && index.is_integer(32)).then_some(index);
    }
}

/// Returns `Some` if `offset` is a constant of 64 bits that is not negative.
fn behind(offset: Value) -> Option<()> {
    let constant = offset.integer_constant()?;
    i64::try_from(constant).ok().map(|_| ())
}

#[cfg(test)]
mod tests {
    use crate::passes::testing::after;

    /// Returns a function of an index, with linear memory at `%memory`.
    fn marked(body: &str) -> String {
        let ir = format!(
            r#"
            define i64 @f(ptr %memory, i32 %p, i1 %c) {{
              {body}
            }}
            !0 = !{{!"linear memory", !1}}
            !1 = !{{!"wasm"}}
            !2 = !{{!0, !0, i64 0}}
            "#
        );
        after(super::run, &ir)
    }

    const ACCESS: &str = "%index = zext i32 %p to i64
        %address = getelementptr i8, ptr %memory, i64 %index
        %loaded = load i32, ptr %address, align 1, !tbaa !2";

    #[test]
    fn a_sum_that_is_used_after_an_access_does_not_wrap() {
        let ir = marked(&format!(
            "%sum = add i32 %p, 65536
             {ACCESS}
             %wide = zext i32 %sum to i64
             ret i64 %wide"
        ));
        assert!(ir.contains("add nuw i32 %p, 65536"), "{ir}");
        assert!(ir.contains("= add nuw i64 %"), "{ir}");
    }

    #[test]
    fn other_sums_may_wrap() {
        // Too large; used before the access; the access is not on the way.
        let too_large = marked(&format!(
            "{ACCESS}
             %sum = add i32 %p, 65537
             %wide = zext i32 %sum to i64
             ret i64 %wide"
        ));
        let before = marked(&format!(
            "%sum = add i32 %p, 4
             %wide = zext i32 %sum to i64
             {ACCESS}
             ret i64 %wide"
        ));
        let beside = marked(&format!(
            "br i1 %c, label %accessed, label %end
             accessed:
               {ACCESS}
               br label %end
             end:
               %sum = add i32 %p, 4
               %wide = zext i32 %sum to i64
               ret i64 %wide"
        ));
        for ir in [too_large, before, beside] {
            assert!(!ir.contains("nuw"), "{ir}");
        }
    }

    #[test]
    fn an_access_in_front_of_its_index_says_too_little() {
        let ir = marked(
            "%index = zext i32 %p to i64
             %address = getelementptr i8, ptr %memory, i64 %index
             %before = getelementptr i8, ptr %address, i64 -4
             %loaded = load i32, ptr %before, align 1, !tbaa !2
             %sum = add i32 %p, 65536
             %wide = zext i32 %sum to i64
             ret i64 %wide",
        );
        assert!(!ir.contains("nuw"), "{ir}");
    }

    #[test]
    fn the_index_of_the_next_round_comes_after_this_rounds_access() {
        let ir = after(
            super::run,
            r#"
            define void @f(ptr %memory, i32 %n) {
            entry:
              br label %loop
            loop:
              %p = phi i32 [ 0, %entry ], [ %next, %loop ]
              %next = add i32 %p, 4
              %index = zext i32 %p to i64
              %address = getelementptr i8, ptr %memory, i64 %index
              store i32 0, ptr %address, align 1, !tbaa !2
              %more = icmp ne i32 %next, %n
              br i1 %more, label %loop, label %end
            end:
              ret void
            }
            !0 = !{!"linear memory", !1}
            !1 = !{!"wasm"}
            !2 = !{!0, !0, i64 0}
            "#,
        );
        assert!(ir.contains("%next = add nuw i32 %p, 4"), "{ir}");
    }
}

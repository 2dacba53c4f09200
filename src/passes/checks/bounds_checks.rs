//! Removes software bounds checks that another check covers.
//!
//! A check compares an index with the last index from which a given number of bytes lie in memory. Memory
//! never shrinks. So a passed check covers every later check of at most as many bytes from that index
//! ([`drop_covered`]). A later check may be of more bytes. If nothing observable happens in between, the
//! earlier check then checks all of them ([`widen`]).
//!
//! LLVM does not know that subtracting a length from the size of memory does not wrap, nor that a call never
//! makes memory smaller.

use std::collections::{HashMap, HashSet};

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::order::Order;
use crate::llvm::ir::{self, Block, Builder, IntPredicate, Kind, Opcode as Op, Value};
use crate::llvm::marks::is_memory_size;

/// The largest number of earlier checks of an index that are examined.
const CHECK_LIMIT: usize = 16;

/// The largest number of blocks that are followed from a check.
const BLOCK_LIMIT: usize = 16;

/// Runs the pass over every function of `module`.
pub fn run(module: &LlvmModule) {
    for function in ir::functions(module) {
        let mut checks: Vec<Check> = function
            .blocks()
            .into_iter()
            .filter_map(Check::of)
            .collect();
        if checks.len() < 2 {
            continue;
        }
        widen(&mut checks);
        if let Some(order) = Order::new(function, &[]) {
            drop_covered(&checks, &order);
        }
    }
}

/// A block that ends with a check.
#[derive(Debug, Clone, Copy)]
struct Check<'m> {
    block: Block<'m>,
    index: Value<'m>,
    /// The size of memory, a value in bytes.
    size: Value<'m>,
    length: u64,
    /// The successors if the check passes and if it fails.
    passed: Block<'m>,
    failed: Block<'m>,
}

impl<'m> Check<'m> {
    fn of(block: Block<'m>) -> Option<Self> {
        let (comparison, yes, no) = block.condition()?;
        let (left, right) = (comparison.operand(0)?, comparison.operand(1)?);
        let (index, last, failed, passed) = match comparison.int_predicate()? {
            IntPredicate::LLVMIntUGT => (left, right, yes, no),
            IntPredicate::LLVMIntULT => (right, left, yes, no),
            IntPredicate::LLVMIntULE => (left, right, no, yes),
            IntPredicate::LLVMIntUGE => (right, left, no, yes),
            _ => return None,
        };
        let (size, length) = taken_from_size(last)?;
        Some(Check {
            block,
            index,
            size,
            length,
            passed,
            failed,
        })
    }
}

impl Check<'_> {
    /// Makes the check one of `length` bytes. It gets its own comparison, because others may share the old
    /// one.
    fn ask_for(&self, length: u64) {
        let Some(branch) = self.block.terminator() else {
            return;
        };
        let builder = Builder::before(branch);
        let taken = builder.int(Kind::Int(32), u64::from((length as u32).wrapping_neg()));
        let last = builder.binary(Op::LLVMAdd, self.size, taken);
        let outside = builder.compare(IntPredicate::LLVMIntUGT, self.index, last);
        self.block.branch_on(outside, self.failed, self.passed);
    }
}

/// Returns the size of memory and the length subtracted from it.
fn taken_from_size(last: Value) -> Option<(Value, u64)> {
    let (size, constant) = (
        last.operand(0).filter(|_| last.opcode().is_some())?,
        last.operand(1)?.integer_constant()?,
    );
    let length = match last.opcode()? {
        Op::LLVMSub => constant,
        Op::LLVMAdd => u64::from((constant as u32).wrapping_neg()),
        _ => return None,
    };
    is_memory_size(size).then_some((size, length))
}

/// Widens each check to the lengths of the checks that certainly follow.
fn widen<'m>(checks: &mut [Check<'m>]) {
    let places: HashMap<Block, usize> = checks
        .iter()
        .enumerate()
        .map(|(place, check)| (check.block, place))
        .collect();
    let mut effects: HashMap<Block, bool> = HashMap::new();
    let mut has_effects =
        |block: Block<'m>| *effects.entry(block).or_insert_with(|| block.has_effects());
    for place in 0..checks.len() {
        let check = checks[place];
        if check.failed.begins_with_phi() {
            continue;
        }
        let mut length = check.length;
        let mut seen = HashSet::from([check.block]);
        let mut block = check.passed;
        while seen.len() < BLOCK_LIMIT && seen.insert(block) && !has_effects(block) {
            let Some(&next) = places.get(&block) else {
                match block.only_successor() {
                    Some(successor) => block = successor,
                    None => break,
                }
                continue;
            };
            let next = checks[next];
            if next.failed != check.failed {
                break;
            }
            if next.index == check.index {
                length = length.max(next.length);
            }
            block = next.passed;
        }
        if length > check.length {
            check.ask_for(length);
            checks[place].length = length;
        }
    }
}

/// Deletes the checks that passed checks cover.
fn drop_covered<'m>(checks: &[Check<'m>], order: &Order<'m>) {
    let mut by_index: HashMap<Value, Vec<&Check>> = HashMap::new();
    for check in checks {
        // Nobody else comes to where it has been passed.
        if check.passed.only_predecessor() == Some(check.block) && check.passed != check.failed {
            by_index.entry(check.index).or_default().push(check);
        }
    }
    for check in checks {
        let earlier = by_index.get(&check.index).into_iter().flatten();
        let covered = earlier.take(CHECK_LIMIT).any(|earlier| {
            earlier.block != check.block
                && earlier.length >= check.length
                && order.block_dominates(earlier.passed, check.block)
        });
        if covered {
            check.block.always_goes_to(check.passed);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::passes::testing::after;

    /// Returns a function with two checks of `%p`, of these lengths, and `between` between them.
    fn checked(first: u32, between: &str, second: u32) -> String {
        let ir = format!(
            "declare void @effect()
             define i32 @f(ptr %instance, ptr %memory, i32 %p) {{
               %size = load i32, ptr %instance, !range !0
               %last = sub nuw i32 %size, {first}
               %outside = icmp ugt i32 %p, %last
               br i1 %outside, label %trap, label %inside
             inside:
               {between}
               %size.2 = load i32, ptr %instance, !range !0
               %last.2 = add i32 %size.2, -{second}
               %outside.2 = icmp ugt i32 %p, %last.2
               br i1 %outside.2, label %trap, label %inside.2
             inside.2:
               ret i32 1
             trap:
               ret i32 0
             }}
             !0 = !{{i32 65536, i32 0}}"
        );
        after(super::run, &ir)
    }

    #[test]
    fn fewer_bytes_need_no_check_of_their_own() {
        let ir = checked(8, "call void @effect()", 4);
        assert!(ir.contains("br i1 false, label %trap"), "{ir}");
        assert!(ir.contains("br i1 %outside, label %trap"), "{ir}");
    }

    #[test]
    fn an_earlier_check_asks_for_more_bytes_if_nothing_happens_in_between() {
        let ir = checked(4, "%x = load i32, ptr %memory", 12);
        assert!(ir.contains("add i32 %size, -12"), "{ir}");
        assert!(ir.contains("br i1 false, label %trap"), "{ir}");
    }

    #[test]
    fn whoever_shares_the_comparison_keeps_it() {
        let ir = checked(4, "%shared = zext i1 %outside to i32", 12);
        assert!(ir.contains("zext i1 %outside"), "{ir}");
        assert!(!ir.contains("br i1 %outside,"), "{ir}");
    }

    #[test]
    fn it_does_not_if_something_does() {
        for effect in ["call void @effect()", "store i32 %p, ptr %memory"] {
            let ir = checked(4, effect, 12);
            assert!(!ir.contains("br i1 false"), "{ir}");
        }
    }

    #[test]
    fn other_comparisons_stay() {
        let ir = checked(8, "", 4).replace(", !range !0", "");
        let ir = ir.replace("br i1 false", "br i1 %outside.2");
        let again = after(super::run, &ir);
        assert!(!again.contains("br i1 false"), "{again}");
    }
}

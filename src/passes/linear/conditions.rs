//! Hides branch conditions from LLVM if very many branches test one value.
//!
//! InstCombine remembers the conditions of all branches that test a value (`DomConditionCache`). It looks
//! through all of them each time it computes the known bits of the value. With n branches on one value, or on
//! sums of the value and constants, time grows with the square of n: a chain of 2000 divisions by one divisor
//! took five seconds at level 1.
//!
//! A hidden condition is the result of a call of a function that LLVM does not know. Equal conditions stay
//! equal, so LLVM still removes a second test of the same condition.

use std::collections::{HashMap, HashSet};

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{self, Block, Builder, Effects, Kind, Opcode as Op, Value};

/// The most branches on one value that LLVM sees. Up to this number, the search through the conditions takes
/// less time than the other work on an instruction.
const LIMIT: usize = 256;

/// The placeholder: a function that returns its argument.
const HIDDEN: &str = "wasmelt.condition";

/// The most steps from a value to its origin.
const LONGEST: usize = 1 << 16;

/// The depth to which a condition is searched for comparisons.
const DEPTH: usize = 4;

/// Reports whether [`hide`] would change a function of `module`.
pub fn are_many(module: &LlvmModule) -> bool {
    ir::functions(module)
        .into_iter()
        .any(|function| !beyond_limit(function).is_empty())
}

/// Hides the conditions beyond the limit in every function of `module`.
pub fn hide(module: &LlvmModule) {
    for function in ir::functions(module) {
        for block in beyond_limit(function) {
            let (Some((condition, yes, no)), Some(branch)) =
                (block.condition(), block.terminator())
            else {
                continue;
            };
            let arguments = [condition];
            let hidden =
                Builder::before(branch).call(HIDDEN, Kind::Int(1), &arguments, Effects::None);
            block.branch_on(hidden, yes, no);
        }
    }
}

/// Puts the conditions back.
pub fn reveal(module: &LlvmModule) {
    let Some(hidden) = ir::function(module, HIDDEN) else {
        return;
    };
    let calls: Vec<Value> = hidden.users().collect();
    for call in calls {
        if let Some(condition) = call.operand(0) {
            call.replace_all_uses(condition);
            call.erase();
        }
    }
    hidden.erase_function();
}

/// This many branches back to one loop count as one more branch on the value. LLVM looks at all branches to a
/// block to know whether a condition holds behind one of them (`DominatorTree::dominates`), if the block
/// dominates the place in question. A loop header does.
const PER_BRANCH_BACK: usize = 16;

/// Returns the blocks that end with a branch on a value that [`LIMIT`] earlier branches test.
fn beyond_limit<'m>(function: Value<'m>) -> Vec<Block<'m>> {
    let blocks = function.blocks();
    let branches: Vec<(Block, Value)> = blocks
        .iter()
        .filter_map(|&block| Some((block, block.condition()?.0)))
        .collect();
    if branches.len() <= LIMIT / 4 {
        return Vec::new();
    }
    let mut branches_back: HashMap<Block, usize> = HashMap::new();
    let mut seen = HashSet::new();
    for &block in &blocks {
        seen.insert(block);
        for successor in block.successors().filter(|it| seen.contains(it)) {
            *branches_back.entry(successor).or_default() += 1;
        }
    }
    let cost = |block: Block| {
        let back = block.successors().filter_map(|it| branches_back.get(&it));
        1 + back.max().unwrap_or(&0) / PER_BRANCH_BACK
    };
    let mut origins = HashMap::new();
    let mut counts: HashMap<Value, usize> = HashMap::new();
    branches
        .into_iter()
        .filter(|&(block, condition)| {
            let mut tested = Vec::new();
            collect_tested(condition, DEPTH, &mut tested);
            let mut tested: Vec<Value> = tested
                .into_iter()
                .map(|value| origin(value, &mut origins))
                .collect();
            tested.dedup();
            tested.into_iter().fold(false, |beyond, value| {
                let count = counts.entry(value).or_default();
                *count += cost(block);
                beyond || *count > LIMIT
            })
        })
        .map(|(block, _)| block)
        .collect()
}

/// Adds the values that a condition compares to `tested`.
fn collect_tested<'m>(condition: Value<'m>, depth: usize, tested: &mut Vec<Value<'m>>) {
    match condition.opcode() {
        Some(Op::LLVMICmp | Op::LLVMFCmp) => {
            tested.extend(
                condition
                    .operands()
                    .filter(|operand| !operand.is_constant()),
            );
        }
        Some(Op::LLVMAnd | Op::LLVMOr | Op::LLVMXor | Op::LLVMSelect) if depth > 0 => {
            for operand in condition.operands() {
                collect_tested(operand, depth - 1, tested);
            }
        }
        _ => {}
    }
}

/// Follows `value` back through operations with constants, and returns the first value of that chain. For a
/// load, the chain goes on with its address.
fn origin<'m>(value: Value<'m>, known: &mut HashMap<Value<'m>, Value<'m>>) -> Value<'m> {
    let mut path = Vec::new();
    let mut at = value;
    let found = loop {
        if let Some(&found) = known.get(&at) {
            break found;
        }
        path.push(at);
        // In code that cannot be reached, a value can be computed from itself.
        if path.len() > LONGEST {
            break at;
        }
        let next = match at.opcode() {
            Some(Op::LLVMPHI | Op::LLVMCall | Op::LLVMAlloca) | None => None,
            Some(_) => {
                let mut operands = at.operands().filter(|operand| !operand.is_constant());
                operands.next().filter(|_| operands.next().is_none())
            }
        };
        match next {
            Some(next) => at = next,
            None => break at,
        }
    };
    known.extend(path.into_iter().map(|value| (value, found)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::testing::after;

    /// A function of so many branches, each on the sum of the parameter and other constants.
    fn chain(branches: usize) -> String {
        let mut ir = String::from("define i32 @f(i32 %v0) {\n br label %b0\n");
        for i in 0..branches {
            let next = i + 1;
            ir += &format!(
                "b{i}:\n %v{next} = add i32 %v{i}, 3\n %c{i} = icmp eq i32 %v{next}, {i}\n\
                 br i1 %c{i}, label %end, label %b{next}\n"
            );
        }
        ir + &format!("b{branches}:\n br label %end\nend:\n ret i32 0\n}}")
    }

    /// As [`chain`], but each branch goes back to the begin of one loop.
    fn chain_of_loop(branches: usize) -> String {
        let sources: String = (0..branches)
            .map(|i| format!(", [ %v{}, %b{i} ]", i + 1))
            .collect();
        chain(branches)
            .replace("%v0)", "%v)")
            .replace(
                "label %b0\n",
                "label %top\ntop:\n %v0 = phi i32 [ %v, %0 ]SOURCES\n br label %b0\n",
            )
            .replace("SOURCES", &sources)
            .replace(", label %end, ", ", label %top, ")
    }

    #[test]
    fn conditions_of_branches_to_one_loop_are_hidden_earlier() {
        assert_eq!(hidden(&after(hide, &chain_of_loop(10))), 0);
        let ir = after(hide, &chain_of_loop(LIMIT / 2));
        assert!(hidden(&ir) > LIMIT / 4, "{ir}");
    }

    fn hidden(ir: &str) -> usize {
        ir.matches("call i1 @wasmelt.condition").count()
    }

    #[test]
    fn conditions_beyond_the_limit_are_hidden() {
        assert_eq!(hidden(&after(hide, &chain(LIMIT))), 0);
        assert_eq!(hidden(&after(hide, &chain(LIMIT + 10))), 10);
    }

    #[test]
    fn hidden_conditions_come_back() {
        let both = |module: &LlvmModule| {
            hide(module);
            reveal(module);
        };
        let ir = after(both, &chain(LIMIT + 10));
        assert!(!ir.contains("wasmelt.condition"), "{ir}");
        assert_eq!(ir.matches("br i1 %c").count(), LIMIT + 10);
    }
}

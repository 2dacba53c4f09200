//! Bounds the time that scalar evolution takes over many loops.
//!
//! - *Loops in a row.* For each loop, IndVarSimplify and LoopDeletion look at the exits of all earlier loops
//!   (`ScalarEvolution::isBasicBlockEntryGuardedByCond`). At level 1, 400 loops took 13 seconds, so level 1
//!   leaves both passes out if a function has many loops ([`are_many_loops`]). At higher levels earlier passes
//!   simplify the conditions: 0.3 seconds.
//! - *A value that comes through many loops.* If each loop starts with the last value of the loop before,
//!   scalar evolution describes the value by the start, step and end of all loops before. IndVarSimplify and
//!   LoopStrengthReduce query such values in exponential time: level 1 took two seconds over 30 such loops and
//!   more than a minute over 60, and so did `opt -O1`. So [`hide`] hides some starts.
//!
//! A hidden start is the result of a call of a function that LLVM does not know. After optimisation the call
//! becomes a `freeze`. A `freeze` takes no instruction, and scalar evolution does not look through it.

use std::collections::{HashMap, HashSet};

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{self, Block, Builder, Effects, Kind, Opcode as Op, Value};

/// The most loops that a value comes through before its start is hidden.
const LIMIT: usize = 8;

/// The placeholders: functions that return their argument, and the kind of the argument.
const HIDDEN: [(&str, Kind); 2] = [
    ("wasmelt.start.i32", Kind::Int(32)),
    ("wasmelt.start.i64", Kind::Int(64)),
];

/// The most loops in a function for which IndVarSimplify and LoopDeletion run at level 1.
const MOST_LOOPS: usize = 48;

/// Reports whether a function of `module` has more than [`MOST_LOOPS`] loops. The blocks must stand in the order
/// of the source.
pub fn are_many_loops(module: &LlvmModule) -> bool {
    ir::functions(module).into_iter().any(|function| {
        let mut seen = HashSet::new();
        let mut headers = HashSet::new();
        for block in function.blocks() {
            seen.insert(block);
            headers.extend(block.successors().filter(|it| seen.contains(it)));
        }
        headers.len() > MOST_LOOPS
    })
}

/// Hides starts of loops in every function of `module`. The blocks must stand in the order of the source.
pub fn hide(module: &LlvmModule) {
    for function in ir::functions(module) {
        hide_in(function);
    }
}

fn hide_in(function: Value) {
    let positions: HashMap<Block, usize> = function
        .blocks()
        .into_iter()
        .enumerate()
        .map(|(position, block)| (block, position))
        .collect();
    // For each value, how many loops it has come through. Values that are not there have come through
    // none.
    let mut passed: HashMap<Value, usize> = HashMap::new();
    for instruction in function.instructions() {
        let before = |value: &Value| passed.get(value).copied().unwrap_or(0);
        let count = match instruction.opcode() {
            Some(Op::LLVMPHI) => {
                let at = instruction.block().map(|block| positions[&block]);
                let starts: Vec<u32> = (0..instruction.operands().len() as u32)
                    .filter(|&index| {
                        let from = instruction.incoming_terminator(index);
                        let from = from.and_then(Value::block).map(|block| positions[&block]);
                        from < at
                    })
                    .collect();
                let most = starts
                    .iter()
                    .filter_map(|&index| instruction.operand(index))
                    .map(|value| before(&value))
                    .max()
                    .unwrap_or(0);
                // A block that no later block goes to begins no loop.
                let begins_loop = starts.len() < instruction.operands().len();
                if begins_loop && most >= LIMIT && hide_incoming(instruction, &starts) {
                    1
                } else {
                    most + usize::from(begins_loop)
                }
            }
            Some(Op::LLVMLoad | Op::LLVMCall) | None => 0,
            Some(_) => {
                let operands = instruction.operands();
                operands.map(|value| before(&value)).max().unwrap_or(0)
            }
        };
        if count > 0 {
            passed.insert(instruction, count);
        }
    }
}

/// Hides these incoming values of a phi. False: values of its type cannot be hidden.
fn hide_incoming(phi: Value, indexes: &[u32]) -> bool {
    let Some((name, kind)) = HIDDEN.iter().find(|(_, kind)| *kind == phi.kind()) else {
        return false;
    };
    // A block can come to a phi more than once, and must bring the same value each time.
    let mut made = HashMap::new();
    for &index in indexes {
        let (Some(value), Some(end)) = (phi.operand(index), phi.incoming_terminator(index)) else {
            continue;
        };
        let hidden = *made
            .entry(end)
            .or_insert_with(|| Builder::before(end).call(name, *kind, &[value], Effects::None));
        phi.set_operand(index, hidden);
    }
    true
}

/// Makes frozen values of the hidden ones.
pub fn reveal(module: &LlvmModule) {
    for (name, _) in HIDDEN {
        let Some(hidden) = ir::function(module, name) else {
            continue;
        };
        let calls: Vec<Value> = hidden.users().collect();
        for call in calls {
            if let Some(value) = call.operand(0) {
                call.replace_all_uses(Builder::before(call).freeze(value));
                call.erase();
            }
        }
        hidden.erase_function();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::testing::after;

    /// A function of so many loops, each of which starts where the one before has ended.
    fn chain(loops: usize) -> String {
        let mut ir = String::from("define i32 @f(i32 %v0) {\n br label %b1\n");
        for i in 1..=loops {
            let (before, next) = (i - 1, i + 1);
            let from = if before == 0 {
                "%0".to_owned()
            } else {
                format!("%b{before}")
            };
            ir += &format!(
                "b{i}:\n %p{i} = phi i32 [ %v{before}, {from} ], [ %v{i}, %b{i} ]\n\
                 %v{i} = add i32 %p{i}, 3\n %c{i} = icmp ult i32 %v{i}, {i}\n\
                 br i1 %c{i}, label %b{i}, label %b{next}\n"
            );
        }
        ir + &format!("b{}:\n ret i32 %v{loops}\n}}", loops + 1)
    }

    #[test]
    fn every_so_many_loops_the_start_is_hidden() {
        let hidden = |loops| after(hide, &chain(loops)).matches("call i32").count();
        assert_eq!(hidden(LIMIT), 0);
        assert_eq!(hidden(LIMIT + 1), 1);
        assert_eq!(hidden(4 * LIMIT), 3);
    }

    #[test]
    fn loops_are_counted() {
        let are_many = |loops: usize| {
            let many = std::cell::Cell::new(false);
            after(|module| many.set(are_many_loops(module)), &chain(loops));
            many.get()
        };
        assert!(!are_many(MOST_LOOPS));
        assert!(are_many(MOST_LOOPS + 1));
    }

    #[test]
    fn hidden_starts_are_frozen_in_the_end() {
        let both = |module: &LlvmModule| {
            hide(module);
            reveal(module);
        };
        let ir = after(both, &chain(LIMIT + 1));
        assert_eq!(ir.matches("freeze").count(), 1, "{ir}");
        assert!(!ir.contains("wasmelt"), "{ir}");
    }
}

//! Keeps loads alive whose value is unused: with hardware bounds checks their trap is an effect.
//!
//! LLVM deletes a load that nothing uses, and sinks a load to the only path that uses it. WebAssembly
//! demands the trap all the same. No rule can tell beforehand which loads are in danger: inlining brings
//! constants, stores turn out to be dead, lanes turn out to be unused.
//!
//! So [`hold`] gives every load of linear memory an opaque use at once: an empty piece of inline
//! assembly. It costs no code, but it prevents vectorisation, and folding the load into the instruction
//! that uses it. Volatile loads would prevent more: LLVM then neither merges loads nor moves them out of
//! loops. Once all that is done, [`pin`] makes every load volatile instead: no later pass and no code
//! generation deletes a volatile load or moves it. (Code generation narrows some: `crate::passes::workarounds`
//! keeps these whole.)
//!
//! The vectoriser runs in between, as it passes over loops with volatile loads. [`release`] lets it have
//! the loads that it cannot delete, and makes all others volatile before it runs. Subtle is which loads
//! it cannot delete. That an effect needs the value is not enough: in a loop of which only the last value
//! is used, the vectoriser deletes the loads of the rounds before. An effect has to need the value of
//! every round ([`needed`]). The vectoriser is the only pass that runs on these loads without a hold, so
//! no rule is about other optimisations.
//!
//! Plain liveness ("some effect needs the value") does not do for [`needed`]. Counter-examples in
//! `tests/exactness.rs`: "last value", "last sum of two values". Each rule has a mutation that a test
//! notices:
//!
//! | mutation | noticed by |
//! | --- | --- |
//! | [`hold`] does nothing | exactness: "first lane", "two widths" |
//! | [`prune`] deletes nothing | `one_use_of_a_load_is_enough` |
//! | [`release`] makes no load volatile | exactness: "last value"; `tests/accesses` |
//! | [`pin`] makes no load volatile | `pinned_loads_are_volatile_and_have_no_use` |
//! | [`pin`] leaves masked loads alone | `masked_loads_have_a_use_in_the_end` |
//! | an effect in any block counts | `a_load_that_no_effect_needs_is_kept` |
//! | a phi passes the need on | `loads_that_not_every_round_needs_are_kept` |
//! | a sum need not be used behind the loop, or no sum counts | `the_parts_of_a_sum_are_released` |
//! | a sum need not depend on its phi | `loads_that_not_every_round_needs_are_kept` |
//! | intrinsics are effects | `a_load_that_no_effect_needs_is_kept` |
//! | loads without a tag are none of linear memory | `a_load_without_a_tag_…` |
//!
//! At level 0, and with `--exact-memory`, loads are volatile from the beginning (`super::exact_memory`).

use std::collections::HashSet;

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{self, Opcode as Op, Value};
use crate::llvm::marks::linear_loads;

/// Gives every load of linear memory a use.
pub fn hold(module: &LlvmModule) {
    for load in linear_loads(module) {
        load.add_hold();
    }
}

/// Deletes uses that no load needs: a load that gave way to an earlier one has left its use behind. LLVM
/// can then delete blocks that have nothing else, and vectorise loops without these.
pub fn prune(module: &LlvmModule) {
    let holds = holds(module);
    let held_in_place: HashSet<Value> = holds
        .iter()
        .filter_map(|hold| {
            hold.operand(0)
                .filter(|value| value.block() == hold.block())
        })
        .collect();
    let mut seen = HashSet::new();
    for hold in holds {
        let needed = hold.operand(0).is_some_and(|value| match value.opcode() {
            // It was known without the load: by a store to the same place.
            None => false,
            Some(Op::LLVMPHI) => true,
            Some(_) => {
                let elsewhere = value.block() != hold.block() && held_in_place.contains(&value);
                !elsewhere && seen.insert(value)
            }
        });
        if !needed {
            hold.erase();
        }
    }
}

/// Makes each load volatile that the vectoriser may delete, and deletes the uses of all loads.
pub fn release(module: &LlvmModule) {
    delete_holds(module);
    let needed = needed(module);
    for load in linear_loads(module) {
        if !needed.contains(&load) {
            load.set_volatile();
        }
    }
}

/// Makes every load of linear memory volatile, and deletes the uses that are left.
///
/// The vectoriser has made masked loads and gathers of some. These are calls, which cannot be volatile:
/// they get `llvm.fake.use`, which keeps every lane.
pub fn pin(module: &LlvmModule) {
    delete_holds(module);
    for load in linear_loads(module) {
        load.set_volatile();
    }
    for instruction in ir::functions(module)
        .into_iter()
        .flat_map(Value::instructions)
    {
        if loads_lanes(instruction) {
            instruction.add_fake_use(instruction);
        }
    }
}

fn loads_lanes(instruction: Value) -> bool {
    instruction.called_function().is_some_and(|callee| {
        let name = callee.name();
        name.starts_with(b"llvm.masked.load.") || name.starts_with(b"llvm.masked.gather.")
    })
}

/// The instructions whose result an effect needs in each round of a loop: an effect in the same block, or
/// the next round, if that adds to the result until it is used behind the loop.
fn needed<'m>(module: &'m LlvmModule) -> HashSet<Value<'m>> {
    let mut work = Vec::new();
    for instruction in ir::functions(module)
        .into_iter()
        .flat_map(Value::instructions)
    {
        if has_effect(instruction) {
            work.push(instruction);
        } else if instruction.opcode() == Some(Op::LLVMPHI) {
            work.extend(sum(instruction));
        }
    }
    let mut needed: HashSet<Value> = work.iter().copied().collect();
    while let Some(value) = work.pop() {
        for operand in operands_in_round(value) {
            if needed.insert(operand) {
                work.push(operand);
            }
        }
    }
    needed
}

/// The result that a loop of one block hands on to `phi` and to the code behind the loop, if it is
/// calculated from `phi`: the sum of a reduction.
fn sum<'m>(phi: Value<'m>) -> Option<Value<'m>> {
    // So that time stays linear in the size of a block with many phis.
    const LIMIT: usize = 512;

    let block = phi.block();
    let sum = phi.operands().find(|value| value.block() == block)?;
    if sum.users().all(|user| user.block() == block) {
        return None;
    }
    let mut seen = HashSet::from([sum]);
    let mut work = vec![sum];
    while let Some(value) = work.pop() {
        for operand in operands_in_round(value) {
            if operand == phi {
                return Some(sum);
            }
            if seen.len() < LIMIT && seen.insert(operand) {
                work.push(operand);
            }
        }
    }
    None
}

/// The operands of `value` from its block. A phi has its operands from other blocks or rounds.
fn operands_in_round<'m>(value: Value<'m>) -> impl Iterator<Item = Value<'m>> {
    let block = value.block();
    value
        .operands()
        .filter(move |operand| value.opcode() != Some(Op::LLVMPHI) && operand.block() == block)
}

/// Whether `instruction` does something beyond making a value. Intrinsics count as no effect: most only
/// compute, and a load that another one needs is only not vectorised.
pub fn has_effect(instruction: Value) -> bool {
    match instruction.opcode() {
        Some(
            Op::LLVMStore
            | Op::LLVMRet
            | Op::LLVMBr
            | Op::LLVMSwitch
            | Op::LLVMFence
            | Op::LLVMAtomicRMW
            | Op::LLVMAtomicCmpXchg,
        ) => true,
        Some(Op::LLVMCall) => instruction
            .called_function()
            .is_none_or(|callee| !callee.name().starts_with(b"llvm.")),
        _ => false,
    }
}

fn delete_holds(module: &LlvmModule) {
    for hold in holds(module) {
        hold.erase();
    }
}

fn holds<'m>(module: &'m LlvmModule) -> Vec<Value<'m>> {
    ir::functions(module)
        .into_iter()
        .flat_map(Value::instructions)
        .filter(|instruction| instruction.is_hold())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::LlvmModule;
    use crate::passes::testing::after;

    /// The names of the loads that are volatile in a function with that body once `passes` have run,
    /// which leave no hold.
    fn volatile_after(passes: impl Fn(&LlvmModule), body: &str) -> Vec<String> {
        let ir = format!(
            "define i32 @f(ptr %p, i32 %x, i1 %b) {{\n{body}\n}}
             !0 = !{{!1, !1, i64 0}}
             !1 = !{{!\"linear memory\", !2, i64 0}}
             !2 = !{{!\"wasmelt\"}}"
        );
        let ir = after(passes, &ir);
        assert!(!ir.contains(" asm "), "{ir}");
        ir.lines()
            .filter(|line| line.contains("load volatile"))
            .filter_map(|line| Some(line.trim().split_once(" =")?.0.to_owned()))
            .collect()
    }

    /// The loads that the vectoriser must not delete.
    fn kept(body: &str) -> Vec<String> {
        volatile_after(
            |module| {
                super::hold(module);
                super::release(module);
            },
            body,
        )
    }

    const UNUSED: &str = "
            entry:
              %v = load i32, ptr %p, !tbaa !0
              %sum = add i32 %v, %x
              ret i32 0";

    #[test]
    fn a_load_that_no_effect_needs_is_kept() {
        assert_eq!(kept(UNUSED), ["%v"]);
        let counted = UNUSED.replace("add i32 %v, %x", "call i32 @llvm.ctpop.i32(i32 %v)");
        assert_eq!(kept(&counted), ["%v"]);
        let on_one_path = UNUSED.replace(
            "ret i32 0",
            "br i1 %b, label %yes, label %no
             yes:
               ret i32 %sum
             no:
               ret i32 0",
        );
        assert_eq!(kept(&on_one_path), ["%v"]);
    }

    #[test]
    fn a_load_that_an_effect_needs_is_released() {
        for effect in [
            "store i32 %sum, ptr %p\n ret i32 0",
            "ret i32 %sum",
            "%a = atomicrmw add ptr %p, i32 %sum seq_cst\n ret i32 0",
            "%r = call i32 @f(ptr %p, i32 %sum, i1 false)\n ret i32 0",
            "switch i32 %sum, label %end [ i32 0, label %end ]\n end:\n ret i32 0",
            "%c = icmp eq i32 %sum, 0\n br i1 %c, label %end, label %end\n end:\n ret i32 0",
        ] {
            let body = UNUSED.replace("ret i32 0", effect);
            assert_eq!(kept(&body), [""; 0], "{body}");
        }
    }

    /// A loop that calculates `%s2` from the loaded `%v1` and `%v2`.
    fn in_loop(first: &str, second: &str, result: &str) -> String {
        format!(
            "entry:
               br label %loop
             loop:
               %i = phi i32 [ 0, %entry ], [ %next, %loop ]
               %s = phi i32 [ 0, %entry ], [ %s2, %loop ]
               %q = getelementptr i32, ptr %p, i32 %i
               %v1 = load i32, ptr %q, !tbaa !0
               %s1 = {first}
               %q2 = getelementptr i32, ptr %q, i32 1
               %v2 = load i32, ptr %q2, !tbaa !0
               %s2 = {second}
               %next = add i32 %i, 2
               %done = icmp eq i32 %next, 40
               br i1 %done, label %end, label %loop
             end:
               ret i32 {result}"
        )
    }

    #[test]
    fn the_parts_of_a_sum_are_released() {
        let sum = in_loop("add i32 %s, %v1", "add i32 %s1, %v2", "%s2");
        assert_eq!(kept(&sum), [""; 0]);
        // Nothing needs it.
        let dead = in_loop("add i32 %s, %v1", "add i32 %s1, %v2", "0");
        assert_eq!(kept(&dead), ["%v1", "%v2"]);
    }

    #[test]
    fn loads_that_not_every_round_needs_are_kept() {
        let last = in_loop("add i32 %x, %v1", "add i32 %s1, %v2", "%s2");
        assert_eq!(kept(&last), ["%v1", "%v2"]);
        // The next round uses these, but only the result of the last round is used.
        let last_two = in_loop("add i32 %s, %v1", "add i32 %x, %v2", "%s1");
        assert_eq!(kept(&last_two), ["%v1", "%v2"]);
        // The next round stores what depends on `%v2`, but there is none after the last.
        let stored = "add i32 %s, %v1\n store i32 %s1, ptr %q";
        let next = in_loop(stored, "add i32 %x, %v2", "0");
        assert_eq!(kept(&next), ["%v2"]);
    }

    #[test]
    fn pinned_loads_are_volatile_and_have_no_use() {
        let pinned = |module: &LlvmModule| {
            super::hold(module);
            super::pin(module);
        };
        let body = UNUSED.replace("ret i32 0", "ret i32 %sum");
        assert_eq!(volatile_after(pinned, &body), ["%v"]);
    }

    #[test]
    fn a_load_without_a_tag_is_of_linear_memory_unless_it_is_easily_seen_that_it_is_not() {
        let body = "
              %a = alloca i32
              %v = load i32, ptr %p
              %w = load i32, ptr %a
              ret i32 0";
        assert_eq!(kept(body), ["%v"]);
    }

    #[test]
    fn one_use_of_a_load_is_enough() {
        let ir = "define i32 @f(ptr %p) {
               %v = load i32, ptr %p, !tbaa !0
               ret i32 0
             }
             !0 = !{!1, !1, i64 0}
             !1 = !{!\"linear memory\", !2, i64 0}
             !2 = !{!\"wasmelt\"}";
        let holds = |prune: bool| {
            let pass = |module: &LlvmModule| {
                super::hold(module);
                super::hold(module);
                if prune {
                    super::prune(module);
                }
            };
            after(pass, ir).matches(" asm ").count()
        };
        assert_eq!((holds(false), holds(true)), (2, 1));
    }

    #[test]
    fn masked_loads_have_a_use_in_the_end() {
        for load in [
            "load.v4i32.p0(ptr align 4 %p, ",
            "gather.v4i32.v4p0(<4 x ptr> align 4 zeroinitializer, ",
        ] {
            let ir = after(
                super::pin,
                &format!(
                    "define void @f(ptr %p) {{
                       %m = call <4 x i32> @llvm.masked.{load}
                         <4 x i1> splat (i1 true), <4 x i32> poison)
                       ret void
                     }}"
                ),
            );
            assert!(ir.contains("@llvm.fake.use(<4 x i32> %m)"), "{ir}");
        }
    }
}

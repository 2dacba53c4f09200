//! Keeps loads alive whose value is unused: with hardware bounds checks their trap is an effect.
//!
//! LLVM deletes a load that nothing uses, and moves one that is used on some ways only to where it
//! is used. WebAssembly demands its trap all the same. Which loads are in danger cannot be seen
//! before optimisation: a constant that comes with inlining, a store that turns out to be dead, a
//! lane nobody looks at, each can take away the last use. So [`hold`] gives every load of linear
//! memory a use at once that no optimisation touches: an empty piece of assembly. It costs no code,
//! but stands in the way of vectorising, and of folding the load into the operation that uses it.
//! When constants have been folded and dead code is gone, [`release`] takes it away from all loads
//! whose value some effect in the same block depends on: what LLVM does after that neither removes
//! such effects nor moves loads past them. The others get `llvm.fake.use` in its place (which the
//! inliner throws away, so that it would not do from the beginning): of the sum behind the loop if
//! they are what it adds up, which vectors can do as well, or else of the load itself.
//!
//! When loops have been vectorised, which that would prevent, all loads become volatile ([`pin`]), and
//! need no other use any more: later passes and code generation find that a value does not matter in
//! ways that no rule here foresees. Without optimisation they are volatile from the beginning.
//!
//! At every level, there are three kinds of which code generation loads less where less will do, even
//! if they are volatile: a word of which one byte is changed in place, a vector of which half is widened,
//! and a vector or float that AVX-512 loads under the mask by which it is selected. [`keep_width`] gives
//! those a fake use: of what is calculated from them at once, where that will do, so that one instruction
//! can load and calculate.

use std::collections::HashSet;

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{self, Block, Kind, Opcode as Op, Value};
use crate::llvm::marks::linear_loads;

/// Makes every load of linear memory volatile, and takes away what [`release`] has left: neither
/// optimisation nor code generation takes a volatile load away or moves it, and what still makes one
/// narrower, [`keep_width`] knows.
pub fn pin(module: &LlvmModule) {
    for load in linear_loads(module) {
        load.set_volatile();
    }
    for function in ir::functions(module) {
        let instructions = function.instructions();
        if instructions.iter().any(|it| loads_lanes(*it)) {
            continue;
        }
        for fake_use in instructions.into_iter().filter(|it| it.is_fake_use()) {
            // Of a parameter it may be the environment's.
            if fake_use
                .operand(0)
                .is_some_and(|value| value.opcode().is_some())
            {
                fake_use.erase();
            }
        }
    }
}

/// Whether this is a load that the vectoriser has made of which no lane, or some, may be wanted: a call
/// of an intrinsic, which cannot be volatile.
fn loads_lanes(instruction: Value) -> bool {
    instruction.called_function().is_some_and(|callee| {
        let name = callee.name();
        name.starts_with(b"llvm.masked.") || name.starts_with(b"llvm.vp.")
    })
}

/// Gives every load of linear memory a use.
pub fn hold(module: &LlvmModule) {
    for load in linear_loads(module) {
        load.add_hold();
    }
}

/// Takes away uses that no load needs: a load that gave way to an earlier one has left its use behind.
///
/// Blocks in which there was nothing else can go then, which must happen before [`release`]: it counts
/// on the branches that are left.
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

/// Takes the use away where another is certain to stay.
pub fn release(module: &LlvmModule) {
    let mut seen = HashSet::new();
    for hold in holds(module) {
        if let Some(value) = hold.operand(0)
            && value.opcode().is_some()
        {
            match anchor(value, Part::Enough) {
                Some(Anchor::Effect) => {}
                // The loop may be unrolled, and then its additions wanted on one way only.
                Some(Anchor::Sum { after, at }) => {
                    if seen.insert(after) {
                        at.put_fake_use_in_front(after);
                    }
                }
                None => {
                    if value.opcode() == Some(Op::LLVMPHI) {
                        hold.put_fake_use_in_front(value);
                    // It is the load that has to stay, wherever it has been moved to: out of a loop,
                    // say, in which a use would do harm.
                    } else if seen.insert(value) {
                        value.add_fake_use(value);
                    }
                }
            }
        }
        hold.erase();
    }
}

/// Gives a use to every load of which code generation might load a part only.
pub fn keep_width(module: &LlvmModule) {
    let mut seen = HashSet::new();
    for load in linear_loads(module) {
        if matches!(load.kind(), Kind::Int(_)) {
            if changes_in_place(load) {
                load.add_fake_use(load);
            }
        } else if anchor(load, Part::TooLittle).is_none() {
            let kept = folded(load);
            if seen.insert(kept) {
                kept.add_fake_use(kept);
            }
        }
    }
}

/// Whether an operation that uses only a part of a value's bits keeps the load of that value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// From optimisation: that never makes a load narrower.
    Enough,
    /// From code generation.
    TooLittle,
}

fn holds<'m>(module: &'m LlvmModule) -> Vec<Value<'m>> {
    ir::functions(module)
        .into_iter()
        .flat_map(Value::instructions)
        .filter(|instruction| instruction.is_hold())
        .collect()
}

/// What to give a use to that keeps the width of the load `value`: the result of an operation that is
/// the only use of `value` and in its block, so that one instruction can load and calculate, and
/// otherwise `value`.
fn folded(value: Value) -> Value {
    let mut users = value.users();
    match users.next() {
        Some(user)
            if users.all(|other| other == user)
                && user.block() == value.block()
                && takes_from_memory(user)
                && passes_on(user, value, Part::TooLittle) =>
        {
            match user.opcode() {
                Some(Op::LLVMBitCast) => folded(user),
                _ => user,
            }
        }
        _ => value,
    }
}

/// Whether processors do `operation` on memory, and its result is better in a register than a part of
/// another instruction: that of a comparison is better in flags, an address where it is used, and a
/// product of vectors may be one of those that add lanes up.
fn takes_from_memory(operation: Value) -> bool {
    match operation.opcode() {
        Some(
            Op::LLVMICmp | Op::LLVMFCmp | Op::LLVMSelect | Op::LLVMGetElementPtr | Op::LLVMLoad,
        ) => false,
        Some(Op::LLVMMul) => !operation.is_vector(),
        Some(Op::LLVMZExt | Op::LLVMSExt) if operation.is_vector() => {
            operation.users().all(takes_from_memory)
        }
        _ => true,
    }
}

/// How many values are looked at before a load counts as one in danger.
const SEARCH_LIMIT: usize = 64;

/// What keeps a load.
#[derive(Debug, Clone, Copy)]
enum Anchor<'m> {
    /// An effect in its block depends on it.
    Effect,
    /// It is a part of a sum that the loop of its block makes: `after` is the sum once the loop has
    /// ended, which is known in front of the instruction `at`.
    Sum { after: Value<'m>, at: Value<'m> },
}

/// What in the block of `value` depends on it and is certain to stay.
fn anchor<'m>(value: Value<'m>, part: Part) -> Option<Anchor<'m>> {
    let block = value.block()?;
    let start = value;
    let mut seen = HashSet::from([value]);
    let mut work = vec![value];
    let mut sum = None;
    while let Some(value) = work.pop() {
        for user in value.users() {
            if user.block() != Some(block) {
                continue;
            }
            if has_effect(user) {
                return Some(Anchor::Effect);
            }
            if !passes_on(user, value, part) {
                continue;
            }
            if sum.is_none() && carries(user, block, part) && counts_once(start, user, block) {
                sum = after_loop(user, block);
            }
            if seen.len() < SEARCH_LIMIT && seen.insert(user) {
                work.push(user);
            }
        }
    }
    sum
}

/// Whether there is one way only from `value` to `sum` in `block`: what is added and taken away again
/// may come to nothing once the loop is unrolled.
fn counts_once<'m>(value: Value<'m>, sum: Value<'m>, block: Block<'m>) -> bool {
    // More than a loop that was unrolled sixteen times has: addresses are among them.
    const LIMIT: usize = 512;
    let mut parts = HashSet::from([sum]);
    let mut work = vec![sum];
    while let Some(part) = work.pop() {
        for operand in part.operands() {
            let inside = operand.block() == Some(block) && operand.opcode() != Some(Op::LLVMPHI);
            if inside && parts.insert(operand) {
                work.push(operand);
            }
        }
        if parts.len() > LIMIT {
            return false;
        }
    }
    let mut value = value;
    while value != sum {
        let mut users = value.users().filter(|user| parts.contains(user));
        let Some(user) = users.next() else {
            return false;
        };
        if users.any(|other| other != user) {
            return false;
        }
        value = user;
    }
    true
}

/// The sum that the loop of `block` hands on, behind the loop.
fn after_loop<'m>(sum: Value<'m>, block: Block<'m>) -> Option<Anchor<'m>> {
    let mut ways_out = block.successors().filter(|next| *next != block);
    let next = ways_out.next().filter(|_| ways_out.next().is_none())?;
    let after = if next.only_predecessor() == Some(block) {
        sum
    } else {
        sum.users()
            .find(|user| user.opcode() == Some(Op::LLVMPHI) && user.block() == Some(next))?
    };
    let at = next.first_behind_phis()?;
    Some(Anchor::Sum { after, at })
}

/// Whether `value` is what a loop of one block hands on to its next round and to what follows: the
/// sum of a reduction, however many operations a round adds to it.
fn carries<'m>(value: Value<'m>, block: Block<'m>, part: Part) -> bool {
    is_operation(value, part)
        && value.users().any(|user| user.block() != Some(block))
        && value.users().any(|user| {
            user.opcode() == Some(Op::LLVMPHI)
                && user.block() == Some(block)
                && depends_on(value, user, block, part)
        })
}

/// Whether `value` is the result of operations in `block` on `source`, which is in it too.
fn depends_on<'m>(value: Value<'m>, source: Value<'m>, block: Block<'m>, part: Part) -> bool {
    let mut seen = HashSet::from([value]);
    let mut work = vec![value];
    while let Some(value) = work.pop() {
        for operand in value.operands() {
            if operand == source {
                return true;
            }
            if operand.block() == Some(block)
                && is_operation(operand, part)
                && seen.len() < SEARCH_LIMIT
                && seen.insert(operand)
            {
                work.push(operand);
            }
        }
    }
    false
}

/// Whether `instruction` does something beyond making a value.
fn has_effect(instruction: Value) -> bool {
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
        // Intrinsics only compute, but for one; those that touch memory count as no use, to be on
        // the safe side.
        Some(Op::LLVMCall) => {
            !instruction.is_hold()
                && instruction.called_function().is_none_or(|callee| {
                    !callee.name().starts_with(b"llvm.") || instruction.is_fake_use()
                })
        }
        _ => false,
    }
}

/// Whether `load` is that of `word = word | 255`: code generation loads and stores no more than the
/// bytes that change.
fn changes_in_place(load: Value) -> bool {
    let mut users = load.users();
    users.next().is_some_and(|user| {
        matches!(user.opcode(), Some(Op::LLVMOr | Op::LLVMXor | Op::LLVMAnd))
            && user.operands().any(Value::is_constant)
            && user
                .users()
                .all(|user| user.opcode() == Some(Op::LLVMStore))
    }) && users.next().is_none()
}

/// Whether the result of `user` depends on `value`, its operand, in a way that will not be found to
/// be void.
fn passes_on(user: Value, value: Value, part: Part) -> bool {
    match user.opcode() {
        // Two loads to choose from can become one load with two addresses to choose from.
        Some(Op::LLVMSelect) => user.operand(0) == Some(value),
        // The first round of a loop may come to stand alone, and in it what counts the rounds is a
        // constant: zero.
        Some(Op::LLVMAnd | Op::LLVMOr | Op::LLVMMul) => {
            is_operation(user, part)
                && !user
                    .operands()
                    .any(|operand| operand != value && varies_by_round(operand))
        }
        _ => is_operation(user, part),
    }
}

/// Whether `value` follows from the number of the round of a loop, and from nothing loaded.
fn varies_by_round(value: Value) -> bool {
    let mut seen = HashSet::from([value]);
    let mut work = vec![value];
    while let Some(value) = work.pop() {
        match value.opcode() {
            Some(Op::LLVMPHI) => return true,
            Some(Op::LLVMLoad | Op::LLVMCall) | None => {}
            _ if seen.len() >= SEARCH_LIMIT => return true,
            _ => {
                let operands = value.operands();
                work.extend(
                    operands.filter(|operand| {
                        operand.block() == value.block() && seen.insert(*operand)
                    }),
                );
            }
        }
    }
    false
}

/// Whether the result depends on every operand, in ways that optimisation has not found to be void
/// and code generation will not either. Operations that leave lanes out are none of these.
fn is_operation(instruction: Value, part: Part) -> bool {
    let constant = instruction.operands().any(Value::is_constant);
    match instruction.opcode() {
        Some(
            Op::LLVMAdd
            | Op::LLVMSub
            | Op::LLVMXor
            | Op::LLVMFAdd
            | Op::LLVMFSub
            | Op::LLVMFMul
            | Op::LLVMFDiv
            | Op::LLVMFNeg
            | Op::LLVMFCmp
            | Op::LLVMICmp
            | Op::LLVMSelect
            | Op::LLVMZExt
            | Op::LLVMSExt
            | Op::LLVMBitCast
            | Op::LLVMFPExt
            | Op::LLVMFPTrunc
            | Op::LLVMSIToFP
            | Op::LLVMUIToFP
            | Op::LLVMGetElementPtr
            | Op::LLVMLoad,
        ) => true,
        // A lane of a constant may be one that makes the lane of the load void.
        Some(Op::LLVMMul | Op::LLVMOr) => {
            part == Part::Enough || !(constant && instruction.is_vector())
        }
        // Whatever is known to be zero of one operand makes bits of the other void.
        Some(Op::LLVMAnd) => part == Part::Enough,
        // Of a vector these look at a part of each lane.
        Some(Op::LLVMTrunc) => part == Part::Enough || instruction.is_vector(),
        // With a constant, these look at a part.
        Some(Op::LLVMShl | Op::LLVMLShr | Op::LLVMAShr) => {
            part == Part::Enough || !constant || instruction.is_vector()
        }
        Some(Op::LLVMURem) => part == Part::Enough || !constant,
        Some(Op::LLVMCall) => instruction.called_function().is_some_and(|callee| {
            const CALCULATIONS: [&[u8]; 20] = [
                b"llvm.abs.",
                b"llvm.ctpop.",
                b"llvm.ctlz.",
                b"llvm.cttz.",
                b"llvm.bswap.",
                b"llvm.bitreverse.",
                b"llvm.uadd.sat.",
                b"llvm.sadd.sat.",
                b"llvm.fabs.",
                b"llvm.sqrt.",
                b"llvm.ceil.",
                b"llvm.floor.",
                b"llvm.trunc.",
                b"llvm.canonicalize.",
                b"llvm.fma.",
                b"llvm.smin.",
                b"llvm.smax.",
                b"llvm.umin.",
                b"llvm.umax.",
                b"llvm.rint.",
            ];
            // These look at a part if a number of bits is constant, or at the sign; but a rotation by a
            // constant looks at everything.
            const PARTIAL: [&[u8]; 3] = [b"llvm.fshl.", b"llvm.fshr.", b"llvm.copysign."];
            let is = |names: &[&[u8]]| names.iter().any(|name| callee.name().starts_with(name));
            let by_constant = instruction.operand(2).is_some_and(Value::is_constant);
            let rotates = by_constant && instruction.operand(0) == instruction.operand(1);
            is(&CALCULATIONS) || (is(&PARTIAL) && (part == Part::Enough || rotates))
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::LlvmModule;
    use crate::passes::testing::after;

    /// The uses that loads have of their own in a function with that body once `passes` have run.
    fn fake_uses_after(passes: impl Fn(&LlvmModule), body: &str) -> Vec<String> {
        let ir = format!(
            "define i32 @f(ptr %p, i32 %x, i1 %b) {{\n{body}\n}}
             !0 = !{{!1, !1, i64 0}}
             !1 = !{{!\"linear memory\", !2, i64 0}}
             !2 = !{{!\"wasmelt\"}}"
        );
        after(passes, &ir)
            .lines()
            .filter_map(|line| line.trim().strip_prefix("call void (...) @llvm.fake.use("))
            .map(|uses| uses.trim_end_matches(')').to_owned())
            .collect()
    }

    /// Those with which loads go into vectorisation.
    fn fake_uses(body: &str) -> Vec<String> {
        fake_uses_after(
            |module| {
                super::hold(module);
                super::release(module);
            },
            body,
        )
    }

    /// Those with which loads go into code generation.
    fn last_fake_uses(body: &str) -> Vec<String> {
        fake_uses_after(
            |module| {
                super::hold(module);
                super::release(module);
                super::pin(module);
                super::keep_width(module);
            },
            body,
        )
    }

    const ONLY_ON_ONE_WAY: &str = "
            entry:
              %v = load i32, ptr %p, !tbaa !0
              %sum = add i32 %v, %x
              br i1 %b, label %yes, label %no
            yes:
              ret i32 %sum
            no:
              ret i32 0";

    #[test]
    fn a_load_that_nothing_is_certain_to_use_keeps_a_use() {
        assert_eq!(fake_uses(ONLY_ON_ONE_WAY), ["i32 %v"]);
    }

    #[test]
    fn in_the_end_loads_are_volatile_and_need_no_use() {
        assert_eq!(last_fake_uses(ONLY_ON_ONE_WAY), [""; 0]);
        let in_part = "
              %v = load i32, ptr %p, !tbaa !0
              %low = and i32 %v, 255
              ret i32 %low";
        assert_eq!(last_fake_uses(in_part), [""; 0]);
    }

    #[test]
    fn what_the_vectoriser_loads_lane_by_lane_keeps_its_use() {
        let lanes = ONLY_ON_ONE_WAY.replace(
            "br i1 %b",
            "%m = call <4 x i32> @llvm.masked.load.v4i32.p0(
                 ptr align 4 %p, <4 x i1> splat (i1 true), <4 x i32> poison)
             br i1 %b",
        );
        assert_eq!(last_fake_uses(&lanes), ["i32 %v"]);
    }

    #[test]
    fn what_code_generation_makes_narrower_keeps_a_use() {
        let in_one_lane = "
              %v = load <2 x i64>, ptr %p, !tbaa !0
              %lane = and <2 x i64> %v, <i64 -1, i64 0>
              store <2 x i64> %lane, ptr %p
              ret i32 0";
        assert_eq!(last_fake_uses(in_one_lane), ["<2 x i64> %v"]);
        let in_place = "
              %v = load i32, ptr %p, !tbaa !0
              %w = or i32 %v, 255
              store i32 %w, ptr %p
              ret i32 0";
        assert_eq!(last_fake_uses(in_place), ["i32 %v"]);
        let selected = "
              %v = load float, ptr %p, !tbaa !0
              %w = select i1 %b, float %v, float 1.0
              store float %w, ptr %p
              ret i32 0";
        assert_eq!(last_fake_uses(selected), ["float %v"]);
        let used_elsewhere_too = in_place.replace("ret i32 0", "ret i32 %v");
        assert_eq!(last_fake_uses(&used_elsewhere_too), [""; 0]);
    }

    #[test]
    fn a_use_of_what_is_calculated_from_a_vector_keeps_it_too() {
        let body = "
            entry:
              %v = load <2 x i64>, ptr %p, !tbaa !0
              %sum = add <2 x i64> %v, splat (i64 1)
              br i1 %b, label %yes, label %no
            yes:
              store <2 x i64> %sum, ptr %p
              ret i32 1
            no:
              ret i32 0";
        assert_eq!(last_fake_uses(body), ["<2 x i64> %sum"]);
        // The result of a comparison belongs in flags.
        let body = body.replace("add <2 x i64> %v", "icmp eq <2 x i64> %v");
        let body = body.replace("store <2 x i64>", "store <2 x i1>");
        assert_eq!(last_fake_uses(&body), ["<2 x i64> %v"]);
    }

    #[test]
    fn a_load_on_which_an_effect_depends_needs_no_use() {
        let byte = "
              %v = load i8, ptr %p, !tbaa !0
              %bit = and i8 %v, 1
              %c = icmp eq i8 %bit, 0
              br i1 %c, label %yes, label %no
            yes:
              ret i32 1
            no:
              ret i32 0";
        assert_eq!(fake_uses(byte), [""; 0]);
        let rotated = "
              %v = load i32, ptr %p, !tbaa !0
              %r = call i32 @llvm.fshl.i32(i32 %v, i32 %v, i32 8)
              ret i32 %r";
        assert_eq!(fake_uses(rotated), [""; 0]);
    }

    #[test]
    fn what_a_sum_consists_of_needs_no_use_but_the_sum() {
        let sum = |carried: &str| {
            format!(
                "entry:
                   br label %loop
                 loop:
                   %i = phi i32 [ 0, %entry ], [ %next, %loop ]
                   %s = phi i32 [ 0, %entry ], [ %s2, %loop ]
                   %q = getelementptr i32, ptr %p, i32 %i
                   %v1 = load i32, ptr %q, !tbaa !0
                   %s1 = add i32 {carried}, %v1
                   %q2 = getelementptr i32, ptr %q, i32 1
                   %v2 = load i32, ptr %q2, !tbaa !0
                   %s2 = add i32 %s1, %v2
                   %next = add i32 %i, 2
                   %done = icmp eq i32 %next, 40
                   br i1 %done, label %end, label %loop
                 end:
                   ret i32 %s2"
            )
        };
        // Behind the loop.
        assert_eq!(fake_uses(&sum("%s")), ["i32 %s2"]);
        // Only what the last round loads is a part of this.
        assert_eq!(fake_uses(&sum("%x")), ["i32 %v1", "i32 %v2"]);
    }
}

//! Makes loops that count from a negative number to a constant count from zero.
//!
//! If a loop goes through several arrays, compilers to WebAssembly often count a common offset up to zero: it
//! saves an operand of the comparison. The indexes are then sums of a negative offset and an address, which
//! wrap around. LLVM cannot extend such sums to 64 bits outside the loop. It widens the counter instead and
//! then cannot compute the trip count. So this pass starts the counter at zero and adds the old start value
//! at each use. The constants of each index then become one constant, and its sum no longer wraps.
//!
//! Numbers are modulo 2^32 (or 2^64) before and after; no other property of the loop matters.

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{self, Opcode as Op, Value};

/// Shifts the counters in all functions of `module`.
pub fn run(module: &LlvmModule) {
    let phis = ir::functions(module)
        .into_iter()
        .flat_map(Value::instructions)
        .filter(|instruction| instruction.opcode() == Some(Op::LLVMPHI));
    for counter in phis.collect::<Vec<_>>() {
        if let Some((start, step)) = negative_start(counter) {
            shift(counter, step, start);
        }
    }
}

/// Returns the counter's start and the counter's sum after each round, if the counter starts below zero and
/// is compared with a constant.
fn negative_start<'m>(counter: Value<'m>) -> Option<(i64, Value<'m>)> {
    let mut start = None;
    let mut step = None;
    for value in counter.operands() {
        if value.is_constant() {
            if start.is_some() {
                return None;
            }
            start = Some(value.signed_constant()?);
        } else {
            if step.is_some_and(|step| step != value) {
                return None;
            }
            step = Some(value);
        }
    }
    let (start, step) = (start?, step?);
    let counts = step.opcode() == Some(Op::LLVMAdd)
        && step.operand(0) == Some(counter)
        && step
            .operand(1)
            .and_then(Value::signed_constant)
            .is_some_and(|by| by > 0)
        // A flag would speak of other numbers.
        && !step.is_nuw()
        && !step.is_nsw();
    let is_compared = || {
        counter.users().chain(step.users()).any(|user| {
            user.opcode() == Some(Op::LLVMICmp) && user.operands().any(Value::is_constant)
        })
    };
    (start < 0 && counts && is_compared()).then_some((start, step))
}

/// Makes `counter`, whose next value is `step`, start at zero instead of `start`.
fn shift(counter: Value, step: Value, start: i64) {
    let Some(initial) = counter.operands().position(Value::is_constant) else {
        return;
    };
    for value in [counter, step] {
        let others = value.users().filter(|user| ![counter, step].contains(user));
        // In the order of uses, which LLVM goes by in places: no hash table.
        let others: Vec<Value> = others.collect();
        if others.is_empty() {
            continue;
        }
        let shifted = value.add_behind(start);
        // Who uses it twice comes twice, and finds nothing the second time.
        for user in others {
            for (place, operand) in (0..).zip(user.operands().collect::<Vec<_>>()) {
                if operand == value {
                    user.set_operand(place, shifted);
                }
            }
        }
    }
    counter.set_operand(initial as u32, counter.integer_of_its_type(0));
}

#[cfg(test)]
mod tests {
    use crate::passes::testing::after;

    fn counted(start: &str, step: &str) -> String {
        let ir = format!(
            "declare void @use(i32, i32)
             define void @f(i32 %x) {{
             entry:
               br label %loop
             loop:
               %i = phi i32 [ {start}, %entry ], [ %next, %loop ]
               %address = add i32 %x, %i
               %next = {step}
               call void @use(i32 %address, i32 %next)
               %done = icmp eq i32 %next, 0
               br i1 %done, label %end, label %loop
             end:
               ret void
             }}"
        );
        after(super::run, &ir)
    }

    #[test]
    fn a_counter_that_starts_below_zero_starts_at_zero() {
        let ir = counted("-40", "add i32 %i, 8");
        assert!(
            ir.contains("%i = phi i32 [ 0, %entry ], [ %next, %loop ]"),
            "{ir}"
        );
        assert!(ir.contains("%next = add i32 %i, 8"), "{ir}");
        let shifted = |of: &str| {
            let line = ir
                .lines()
                .find(|line| line.ends_with(&format!("= add i32 {of}, -40")));
            line.and_then(|line| line.split_whitespace().next())
                .expect(&ir)
                .to_owned()
        };
        let (old, old_next) = (shifted("%i"), shifted("%next"));
        assert!(
            ir.contains(&format!("%address = add i32 %x, {old}\n")),
            "{ir}"
        );
        assert!(ir.contains(&format!("icmp eq i32 {old_next}, 0")), "{ir}");
        assert!(
            ir.contains(&format!("@use(i32 %address, i32 {old_next})")),
            "{ir}"
        );
    }

    #[test]
    fn other_counters_stay() {
        for (start, step) in [
            ("0", "add i32 %i, 8"),
            ("40", "add i32 %i, -8"),
            ("%x", "add i32 %i, 8"),
            ("-40", "add nsw i32 %i, 8"),
            ("-40", "mul i32 %i, 8"),
        ] {
            let ir = counted(start, step);
            assert!(ir.contains(&format!("phi i32 [ {start}, %entry ]")), "{ir}");
        }
    }
}

//! Keeps loops with few rounds out of vectorised loops, whose tests would cost more than the vectors save.
//!
//! In front of a vectorised loop, code tests that addresses do not wrap around and that arrays do not
//! overlap. Before that, it tests for enough rounds for one vectorised round. With so few rounds, a program
//! that reverses arrays of ten numbers (`fannkuch`) became slower by a quarter. So this pass raises the
//! required number of rounds.

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{self, Value};
use crate::llvm::marks::is_vector_test;

/// The least number of rounds that makes the tests worthwhile.
const ROUNDS: u64 = 16;

/// Raises the required rounds in all functions of `module`, directly after the vectoriser.
pub fn run(module: &LlvmModule) {
    for block in ir::functions(module).into_iter().flat_map(Value::blocks) {
        for next in block.successors() {
            let tests = is_vector_test(next);
            if let Some((comparison, rounds)) = block.threshold(next)
                && tests
                && rounds < ROUNDS
                && comparison.users().count() == 1
            {
                comparison.compare_with(ROUNDS);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::passes::testing::after;

    fn function(next: &str) -> String {
        format!(
            "define i32 @f(i32 %rounds) {{
               %few = icmp ult i32 %rounds, 4
               br i1 %few, label %scalar, label %{next}
             {next}:
               ret i32 1
             scalar:
               ret i32 0
             }}"
        )
    }

    #[test]
    fn few_rounds_do_not_meet_the_tests() {
        for tests in ["vector.memcheck", "vector.scevcheck12"] {
            let ir = after(super::run, &function(tests));
            assert!(ir.contains("icmp ult i32 %rounds, 16"), "{ir}");
        }
        let ir = after(super::run, &function("vector.ph"));
        assert!(ir.contains("icmp ult i32 %rounds, 4"), "{ir}");
    }
}

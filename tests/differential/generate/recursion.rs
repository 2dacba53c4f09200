//! Recursion without end, over frames of all sizes: it must end in a stack overflow, and nothing
//! worse. A function keeps values alive over the calls it makes, up to far more than a page full,
//! so that a frame can step over what guards the end of the stack.

use std::fmt::Write;

use test_support::Outcome;

use crate::case::{Case, Nans};
use crate::random::Random;

const MOST_VALUES: usize = 1000;

pub fn endless(seed: u64) -> Outcome<Case> {
    let mut random = Random::new(seed);
    let functions = 1 + random.below(3);
    let mut text = String::from("(module\n  (memory (export \"memory\") 1 1)\n");
    text.push_str("  (type $t (func (param i32) (result i32)))\n");
    let _ = writeln!(text, "  (table {functions} funcref)");
    let all: Vec<String> = (0..functions).map(|index| format!("$f{index}")).collect();
    let _ = writeln!(text, "  (elem (i32.const 0) func {})", all.join(" "));
    for index in 0..functions {
        let next = (index + 1) % functions;
        let body = body(&mut random, index, next);
        text.push_str(&body);
    }
    // An instance of its own after each overflow: the thread must be as it was before.
    text.push_str("  (func (export \"sound\") (param i32) (result i32) (i32.mul (local.get 0) (local.get 0)))\n");
    text.push_str(")\n");
    Case::from_text(text, Nans::Exact, seed)
}

/// Function `index`, which calls function `next` in the middle.
fn body(random: &mut Random, index: usize, next: usize) -> String {
    let (ty, load, add, size) = *random.pick(&[
        ("i32", "i32.load", "i32.add", 4),
        ("i64", "i64.load", "i64.add", 8),
        ("v128", "v128.load", "i32x4.add", 16),
    ]);
    let most = *random.pick(&[1, 10, 100, MOST_VALUES]);
    let values = 1 + random.below(most);
    let mut text =
        format!("  (func $f{index} (export \"f{index}\") (param i32) (result i32) (local i32 i32)");
    let _ = writeln!(text, "(local{})", format!(" {ty}").repeat(values));
    text.push_str("    local.get 0 i32.const 0xff i32.and local.set 1\n   ");
    let first = 3;
    for value in 0..values {
        let offset = value * size % 60_000;
        let _ = write!(
            text,
            " local.get 1 {load} offset={offset} local.set {}",
            value + first
        );
    }
    // No optimiser knows that this never comes to an end.
    text.push_str("\n    local.get 0 i32.const 1 i32.add");
    if random.chance(30) {
        let _ = write!(text, " i32.const {next} call_indirect (type $t)");
    } else {
        let _ = write!(text, " call $f{next}");
    }
    let _ = write!(text, " local.set 2\n    local.get {first}");
    for value in 1..values {
        let _ = write!(text, " local.get {} {add}", value + first);
    }
    text.push_str(match ty {
        "i32" => "",
        "i64" => " i32.wrap_i64",
        _ => " i32x4.extract_lane 1",
    });
    text.push_str(" local.get 2 i32.add)\n");
    text
}

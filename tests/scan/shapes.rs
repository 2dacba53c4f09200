//! Control shapes: functions and modules that are large in one respect, as text.
//!
//! The modules of `tests/stress` are shapes as well.

use std::fmt::Write;

/// A shape: its name, and the text of a module with `count` of the respect.
pub struct Shape {
    pub name: &'static str,
    pub text: fn(u32) -> String,
}

const fn shape(name: &'static str, text: fn(u32) -> String) -> Shape {
    Shape { name, text }
}

pub const ALL: &[Shape] = &[
    shape("branches-out", |n| {
        inside_block(&steps(
            n,
            "(br_if $end (i32.eq (local.get $x) (i32.const {i})))
            (local.set $x (i32.add (local.get $x) (i32.const 1)))",
        ))
    }),
    shape("branches-out-two-locals", |n| {
        inside_block(&steps(
            n,
            "(br_if $end (i32.eq (local.get $x) (local.get $y)))
            (local.set $x (i32.add (local.get $y) (i32.const {i})))
            (local.set $y (i32.mul (local.get $x) (i32.const {i})))",
        ))
    }),
    shape("branches-out-unchanged", |n| {
        inside_block(&steps(
            n,
            "(br_if $end (i32.eq (local.get $x) (i32.const {i})))",
        ))
    }),
    shape("branches-with-value", |n| {
        function(&format!(
            "(local.set $y (block $end (result i32) {} (local.get $x)))",
            steps(
                n,
                "(drop (br_if $end (local.get $x) (i32.eq (local.get $x) (i32.const {i}))))
                (local.set $x (i32.add (local.get $x) (local.get $y)))"
            )
        ))
    }),
    shape("branches-to-loop", |n| {
        function(&format!(
            "(loop $top {})",
            steps(
                n,
                "(local.set $x (i32.add (local.get $x) (i32.const {i})))
             (br_if $top (i32.lt_u (local.get $x) (i32.const {i})))"
            )
        ))
    }),
    shape("returns", |n| {
        function(&steps(
            n,
            "(if (i32.eq (local.get $x) (i32.const {i})) (then (return (local.get $y))))
            (local.set $y (i32.add (local.get $y) (local.get $x)))",
        ))
    }),
    shape("divisions", |n| {
        function(&steps(
            n,
            "(local.set $y (i32.div_s (local.get $y) (local.get $x)))",
        ))
    }),
    shape("remainders", |n| {
        function(&steps(
            n,
            "(local.set $y (i32.rem_u (local.get $x) (i32.add (local.get $y) (i32.const {i}))))",
        ))
    }),
    shape("guards", |n| {
        function(&steps(
            n,
            "(if (i32.eqz (local.get $x)) (then (unreachable)))
         (local.set $x (i32.sub (local.get $x) (i32.const {i})))",
        ))
    }),
    shape("ifs-on-one-local", |n| {
        function(&steps(
            n,
            "(if (i32.eq (local.get $x) (i32.const {i})) (then (local.set $y (i32.add (local.get $y) (i32.const {i})))))",
        ))
    }),
    shape("ifs-with-else", |n| {
        function(&steps(
            n,
            "(if (i32.and (local.get $x) (i32.const {i}))
           (then (local.set $y (i32.add (local.get $y) (local.get $x))))
           (else (local.set $x (i32.add (local.get $x) (local.get $y)))))",
        ))
    }),
    shape("ifs-with-stores", |n| {
        function(&steps(
            n,
            "(if (i32.load offset={i} (local.get $x))
           (then (i32.store offset={i} (local.get $y) (local.get $x)))
           (else (local.set $x (i32.load offset={i} (local.get $y)))))",
        ))
    }),
    shape("loops", |n| {
        function(&steps(
            n,
            "(loop $l (local.set $y (i32.add (local.get $y) (i32.load offset={i} (local.get $x))))
           (local.set $x (i32.add (local.get $x) (i32.const 4)))
           (br_if $l (i32.lt_u (local.get $x) (i32.const {i}))))",
        ))
    }),
    shape("loops-of-vectors", |n| {
        function(&steps(n,
        "(loop $l (i32.store offset={i} (local.get $x) (i32.mul (i32.load offset={i} (local.get $x)) (i32.const 3)))
           (local.set $x (i32.add (local.get $x) (i32.const 4)))
           (br_if $l (i32.ne (local.get $x) (i32.const 4096))))"))
    }),
    shape("blocks-each-left", |n| {
        let open = "(block ".repeat(n as usize);
        let close: String = (0..n)
            .map(|i| format!(") (local.set $y (i32.add (local.get $y) (i32.const {i})))"))
            .collect();
        let branches: String = (0..n)
            .map(|i| format!("(br_if {i} (i32.eq (local.get $x) (i32.const {i})))"))
            .collect();
        function(&format!("{open} {branches} {close}"))
    }),
    shape("tables-to-two-labels", |n| {
        let labels = "0 1 ".repeat(n as usize);
        function(&format!(
            "(block (block (br_table {labels} 0 (local.get $x))) (local.set $y (i32.const 7)))"
        ))
    }),
    shape("switch-in-loop", |n| {
        let open = "(block ".repeat(n as usize);
        let labels: String = (0..n).map(|i| format!("{i} ")).collect();
        let cases: String = (0..n)
            .map(|i| {
                format!(
                    ") (local.set $y (i32.add (local.get $y) (i32.const {i})))
                (local.set $x (i32.load offset={i} (local.get $y))) (br $top)"
                )
            })
            .collect();
        function(&format!(
            "(loop $top (block $out {open} (br_table {labels} $out (local.get $x)) {cases}))"
        ))
    }),
    shape("block-parameters", |n| {
        function(&format!(
            "(local.get $x) (local.get $y) {} (local.set $y) (local.set $x)",
            steps(
                n,
                "(block (param i32 i32) (result i32 i32) i32.add (local.tee $y) (local.get $y)
            (br_if 0 (i32.lt_u (local.get $y) (i32.const {i}))) i32.mul (local.get $x))"
            )
        ))
    }),
    shape("deep-operands", |n| {
        function(&format!(
            "{} (i32.const 0) {} (local.set $x)",
            steps(n, "(i32.add (local.get $x) (i32.const {i}))"),
            "i32.xor ".repeat(n as usize)
        ))
    }),
    shape("calls-with-results-kept", |n| {
        function(&format!(
            "{} (i32.const 0) {} (local.set $x)",
            steps(n, "(call $callee (i32.const {i}))"),
            "i32.xor ".repeat(n as usize)
        ))
    }),
    shape("straight-line-of-loads", |n| {
        function(&format!(
            "(local.set $x (i32.const 0) {})",
            steps(n, "(i32.load offset={i} (local.get $y)) i32.add")
        ))
    }),
    shape("stores-to-one-base", |n| {
        function(&steps(
            n,
            "(i32.store offset={i} (local.get $x) (i32.const {i}))",
        ))
    }),
    shape("bytes-copied", |n| {
        function(&steps(
            n,
            "(i32.store8 offset={i} (local.get $x) (i32.load8_u offset={i} (local.get $y)))",
        ))
    }),
    shape("sums-kept", |n| {
        let locals: String = (0..n).map(|_| "i32 ".to_owned()).collect();
        let set: String = (0..n)
            .map(|i| format!("(local.set {} (i32.load offset={i} (local.get 0)))", i + 2))
            .collect();
        let get: String = (0..n)
            .map(|i| {
                format!(
                    "(local.set 1 (i32.add (local.get 1) (local.get {})))",
                    i + 2
                )
            })
            .collect();
        function(&format!(
            "(local {locals}) {set} (call $callee (i32.const 1)) (drop) {get}"
        ))
    }),
    shape("functions-chained", |n| {
        let mut text = String::from("(module (func $f0 (param i32) (result i32) (local.get 0))");
        for i in 1..n.max(2) {
            let _ = write!(
                text,
                "(func $f{i} (param i32) (result i32)
                (i32.add (call $f{} (local.get 0)) (i32.const {i})))",
                i - 1
            );
        }
        text + "(export \"run\" (func 0)))"
    }),
    shape("functions-calling-one", |n| {
        let functions: String = (0..n)
            .map(|i| {
                format!(
                    "(func (export \"{i}\") (param i32) (result i32)
                (i32.xor (call $f (local.get 0)) (i32.const {i})))"
                )
            })
            .collect();
        format!(
            "(module (func $f (param i32) (result i32)
            (i32.rotl (local.get 0) (i32.const 3))) {functions})"
        )
    }),
    shape("imports", |n| {
        let imports: String = (0..n)
            .map(|i| format!("(import \"env\" \"f{i}\" (func (param i32)))"))
            .collect();
        let calls: String = (0..n)
            .map(|i| format!("(call {i} (i32.const {i}))"))
            .collect();
        format!("(module {imports} (func (export \"run\") {calls}))")
    }),
    shape("globals", |n| {
        let globals: String = (0..n)
            .map(|i| format!("(global (mut i32) (i32.const {i}))"))
            .collect();
        let sum: String = (0..n)
            .map(|i| format!("(global.set {i} (i32.add (global.get {i}) (global.get 0)))"))
            .collect();
        format!("(module {globals} (func (export \"run\") {sum}))")
    }),
    shape("elements", |n| {
        let elements = "$f ".repeat(n as usize);
        format!("(module (type $t (func (param i32) (result i32))) (table {} funcref)
            (elem (i32.const 0) {elements}) (func $f (type $t) (local.get 0))
            (func (export \"run\") (type $t) (call_indirect (type $t) (local.get 0) (local.get 0))))",
            n + 1)
    }),
    shape("data-segments", |n| {
        // A module has at most 100,000.
        let data: String = (0..n / 8)
            .map(|i| format!("(data (i32.const {i}) \"x\")"))
            .collect();
        format!("(module (memory 100) {data} (func (export \"run\")))")
    }),
    shape("types", |n| {
        let types: String = (0..n)
            .map(|i| format!("(type (func (param {})))", bits(i)))
            .collect();
        format!("(module {types} (func (export \"run\")))")
    }),
    shape("calls-in-one-try", |n| {
        throwing(&format!(
            "(local.set $y (block $caught (result i32)
               (try_table (result i32) (catch $t $caught) {} (local.get $x))))",
            steps(
                n,
                "(local.set $x (i32.add (local.get $x) (call $throws (i32.const {i}))))"
            )
        ))
    }),
    shape("calls-outside-of-tries", |n| {
        throwing(&steps(
            n,
            "(local.set $x (i32.add (local.get $x) (call $throws (local.get $y))))",
        ))
    }),
    shape("tries-in-a-row", |n| {
        throwing(&steps(
            n,
            "(local.set $y (block $caught (result i32)
               (try_table (result i32) (catch $t $caught)
                 (i32.add (local.get $y) (call $throws (i32.const {i}))))))",
        ))
    }),
    shape("tries-nested", |n| {
        // The first clause that matches is the innermost one; all go to the same label.
        let open = "(try_table (catch $t $caught)".repeat(n as usize);
        let close = ")".repeat(n as usize);
        throwing(&format!(
            "(local.set $y (block $caught (result i32)
               {open} (local.set $x (call $throws (local.get $x))) {close} (local.get $x)))"
        ))
    }),
    shape("tries-nested-with-calls", |n| {
        let open = "(block (result i32) (try_table (result i32) (catch $t 0)
              (drop (call $throws (local.get $y)))"
            .repeat(n as usize);
        let close: String = (0..n)
            .map(|i| format!(")) (i32.const {i}) i32.add (local.tee $y)"))
            .collect();
        throwing(&format!("{open} (local.get $x) {close} (local.set $x)"))
    }),
    shape("tries-of-other-tags", |n| {
        let open = "(try_table (catch $u $other)".repeat(n as usize);
        let close = ")".repeat(n as usize);
        throwing(&format!(
            "(block $other {open} (local.set $x (call $throws (local.get $x))) {close})"
        ))
    }),
    shape("clauses", |n| {
        let tags: String = (0..n).map(|i| format!("(tag $t{i} (param i32))")).collect();
        let throws: String = (0..n)
            .map(|i| {
                format!(
                    "(if (i32.eq (local.get 0) (i32.const {i})) (then (throw $t{i} (local.get 0))))"
                )
            })
            .collect();
        let clauses: String = (0..n).map(|i| format!("(catch $t{i} $caught)")).collect();
        format!(
            "(module {tags} (func $throws (param i32) {throws})
               (func (export \"run\") (param i32) (result i32)
                 (block $caught (result i32)
                   (try_table {clauses} (call $throws (local.get 0))) (i32.const -1))))"
        )
    }),
    shape("throws", |n| {
        throwing(&steps(
            n,
            "(if (i32.eq (local.get $x) (i32.const {i})) (then (throw $t (local.get $y))))
            (local.set $y (i32.add (local.get $y) (local.get $x)))",
        ))
    }),
    shape("throws-caught", |n| {
        throwing(&format!(
            "(local.set $y (block $caught (result i32) (try_table (catch $t $caught) {}) (local.get $x)))",
            steps(
                n,
                "(if (i32.eq (local.get $x) (i32.const {i})) (then (throw $t (local.get $y))))
                (local.set $y (i32.add (local.get $y) (local.get $x)))"
            )
        ))
    }),
    shape("legacy-tries-in-a-row", |n| {
        throwing(&steps(
            n,
            "try (result i32) (i32.add (local.get $y) (call $throws (i32.const {i})))
             catch $t end (local.set $y)",
        ))
    }),
    shape("legacy-tries-nested", |n| {
        let open = "try (result i32) (drop (call $throws (local.get $y))) ".repeat(n as usize);
        let close: String = (0..n)
            .map(|i| format!("catch $t end (i32.const {i}) i32.add (local.tee $y) "))
            .collect();
        throwing(&format!("{open} (local.get $x) {close} (local.set $x)"))
    }),
    shape("legacy-rethrows", |n| {
        let open = "try (local.set $x (call $throws (local.get $y))) ".repeat(n as usize);
        let close = "catch $t (local.set $y) (rethrow 0) end ".repeat(n as usize);
        throwing(&format!("{open} {close}"))
    }),
];

/// A different list of value types for each number.
fn bits(number: u32) -> String {
    (0..16)
        .map(|bit| {
            if number >> bit & 1 == 1 {
                "i32 "
            } else {
                "i64 "
            }
        })
        .collect()
}

fn steps(count: u32, text: &str) -> String {
    (0..count)
        .map(|i| text.replace("{i}", &(i * 4 + 1).to_string()) + "\n")
        .collect()
}

/// A module with one function of this body that has the locals `$x` and `$y`.
fn function(body: &str) -> String {
    // Locals of the body's own stand first.
    let (locals, body) = match body.starts_with("(local ") {
        true => body.split_at(body.find(')').map_or(0, |at| at + 1)),
        false => ("", body),
    };
    format!(
        "(module (memory 2) (func $callee (param i32) (result i32) (i32.load (local.get 0)))
           (func (export \"run\") (param $x i32) (param $y i32) (result i32) {locals}
             {body} (i32.add (local.get $x) (local.get $y))))"
    )
}

/// The same, with a tag `$t` that carries an `i32`, and a function `$throws` that may throw it.
fn throwing(body: &str) -> String {
    let items = "(module (tag $t (param i32)) (tag $u)
        (func $throws (param i32) (result i32)
          (if (i32.eqz (local.get 0)) (then (throw $t (i32.const 7))))
          (i32.add (call $throws (i32.shr_u (local.get 0) (i32.const 1)))
            (call $throws (i32.shr_u (local.get 0) (i32.const 2)))))";
    function(body).replacen("(module", items, 1)
}

fn inside_block(body: &str) -> String {
    function(&format!("(block $end {body})"))
}

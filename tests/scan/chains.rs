//! Straight lines of code: one operator again and again, or operators of two groups in turns.
//!
//! A chain is one function. Each step reads what the step before has written, so that no step is
//! dead, and has constants of its own, so that no two steps are the same.

use std::collections::BTreeSet;
use std::fmt::Write;

use test_support::operators::{ATOMIC, Family, RELAXED, SCALAR, VECTOR, WIDE};

/// One step of a chain; the number of the step makes its constants.
pub type Step = Box<dyn Fn(u32) -> String + Send + Sync>;

/// A kind of operators, for pairs: texts in which `{i}` stands for a number that differs in each step.
struct Group {
    name: &'static str,
    texts: &'static [&'static str],
}

const fn group(name: &'static str, texts: &'static [&'static str]) -> Group {
    Group { name, texts }
}

/// Every kind of instruction that code generation treats differently.
const GROUPS: &[Group] = &[
    group(
        "i32-arithmetic",
        &[
            "(local.set $i32 (i32.add (i32.mul (local.get $i32) (i32.const {i})) (local.get $i32b)))",
            "(local.set $i32 (i32.xor (i32.sub (local.get $i32b) (local.get $i32)) (i32.const {i})))",
        ],
    ),
    group(
        "i64-arithmetic",
        &[
            "(local.set $i64 (i64.add (i64.mul (local.get $i64) (i64.const {i})) (local.get $i64b)))",
            "(local.set $i64 (i64.or (i64.sub (local.get $i64b) (local.get $i64)) (i64.const {i})))",
        ],
    ),
    group(
        "division",
        &[
            "(local.set $i32 (i32.div_s (local.get $i32) (local.get $i32b)))",
            "(local.set $i64 (i64.rem_u (local.get $i64) (local.get $i64b)))",
        ],
    ),
    group(
        "shifts",
        &[
            "(local.set $i32 (i32.rotl (local.get $i32) (local.get $i32b)))",
            "(local.set $i64 (i64.shr_s (local.get $i64) (local.get $i64b)))",
            "(local.set $i32 (i32.shl (local.get $i32) (i32.add (local.get $i32) (i32.const {i}))))",
        ],
    ),
    group(
        "comparisons",
        &[
            "(local.set $i32 (i32.add (local.get $i32) (i32.lt_u (local.get $i32) (i32.const {i}))))",
            "(local.set $i32 (i32.sub (local.get $i32) (i64.eq (local.get $i64) (i64.const {i}))))",
        ],
    ),
    group(
        "bit-counts",
        &[
            "(local.set $i32 (i32.add (i32.popcnt (local.get $i32)) (i32.const {i})))",
            "(local.set $i64 (i64.sub (i64.clz (local.get $i64)) (i64.const {i})))",
        ],
    ),
    group(
        "float-arithmetic",
        &[
            "(local.set $f64 (f64.add (f64.mul (local.get $f64) (f64.const {i}.5)) (local.get $f64b)))",
            "(local.set $f32 (f32.div (f32.sub (local.get $f32b) (local.get $f32)) (f32.const {i}.5)))",
        ],
    ),
    group(
        "float-minimum",
        &[
            "(local.set $f64 (f64.min (local.get $f64) (f64.const {i}.25)))",
            "(local.set $f32 (f32.max (local.get $f32) (local.get $f32b)))",
        ],
    ),
    group(
        "float-rounding",
        &[
            "(local.set $f64 (f64.add (f64.nearest (local.get $f64)) (f64.sqrt (local.get $f64b))))",
            "(local.set $f32 (f32.mul (f32.floor (local.get $f32)) (f32.const {i}.75)))",
        ],
    ),
    group(
        "truncation",
        &[
            "(local.set $i32 (i32.trunc_f64_s (f64.add (f64.convert_i32_u (local.get $i32)) (f64.const {i}.5))))",
            "(local.set $i64 (i64.trunc_f32_u (f32.add (f32.convert_i64_s (local.get $i64)) (f32.const {i}.5))))",
        ],
    ),
    group(
        "saturation",
        &[
            "(local.set $i32 (i32.trunc_sat_f32_u (f32.add (f32.convert_i32_s (local.get $i32)) (f32.const {i}.5))))",
            "(local.set $i64 (i64.trunc_sat_f64_s (f64.add (f64.convert_i64_u (local.get $i64)) (f64.const {i}.5))))",
        ],
    ),
    group(
        "loads",
        &[
            "(local.set $i32 (i32.load offset={i} (local.get $i32)))",
            "(local.set $i64 (i64.add (local.get $i64) (i64.load16_s offset={i} (local.get $i32b))))",
            "(local.set $f64 (f64.add (local.get $f64) (f64.load offset={i} (local.get $i32b))))",
        ],
    ),
    group(
        "stores",
        &[
            "(i32.store offset={i} (local.get $i32) (local.get $i32b))",
            "(i64.store8 offset={i} (local.get $i32b) (local.get $i64))",
            "(f32.store offset={i} (local.get $i32b) (local.get $f32))",
        ],
    ),
    group(
        "vector-integers",
        &[
            "(local.set $v128 (i64x2.mul (local.get $v128) (v128.const i64x2 {i} 7)))",
            "(local.set $v128 (i8x16.add (local.get $v128) (v128.const i64x2 3 {i})))",
        ],
    ),
    group(
        "vector-floats",
        &[
            "(local.set $v128 (f32x4.mul (local.get $v128) (v128.const f32x4 1 2 3 {i})))",
            "(local.set $v128 (f64x2.min (local.get $v128) (v128.const f64x2 {i} 2)))",
        ],
    ),
    group(
        "vector-lanes",
        &[
            "(local.set $v128 (i8x16.shuffle 0 31 1 30 2 29 3 28 4 27 5 26 6 25 7 24 (local.get $v128) (local.get $v128b)))",
            "(local.set $v128 (i32x4.replace_lane 2 (local.get $v128) (i32.add (i8x16.extract_lane_s 3 (local.get $v128)) (i32.const {i}))))",
        ],
    ),
    group(
        "vector-accesses",
        &[
            "(local.set $v128 (v128.xor (local.get $v128) (v128.load offset={i} (local.get $i32b))))",
            "(v128.store offset={i} (local.get $i32) (local.get $v128))",
        ],
    ),
    group(
        "select",
        &[
            "(local.set $i32 (select (local.get $i32b) (i32.const {i}) (i32.lt_s (local.get $i32) (i32.const {i}))))",
            "(local.set $f64 (select (local.get $f64) (f64.const {i}) (local.get $i32)))",
        ],
    ),
    group(
        "locals",
        &[
            "(local.set $i32b (local.tee $i32 (i32.add (local.get $i32b) (i32.const {i}))))",
            "(local.set $i64b (local.tee $i64 (i64.xor (local.get $i64b) (i64.const {i}))))",
        ],
    ),
    group(
        "globals",
        &[
            "(global.set $g (i32.add (global.get $g) (i32.const {i})))",
            "(local.set $i32 (i32.xor (local.get $i32) (global.get $g)))",
        ],
    ),
    group(
        "calls",
        &[
            "(local.set $i32 (call $callee (i32.add (local.get $i32) (i32.const {i}))))",
            "(local.set $i32 (call $imported (local.get $i32)))",
        ],
    ),
    group(
        "indirect-calls",
        &["(local.set $i32 (call_indirect $table (type $t) (local.get $i32) (i32.const {i})))"],
    ),
    group(
        "calls-by-reference",
        &[
            "(local.set $i32 (call_ref $t (i32.add (local.get $i32) (i32.const {i})) (global.get $ref)))",
            "(drop (br_on_null $end (global.get $ref)))",
        ],
    ),
    group(
        "br_if",
        &[
            "(br_if $end (i32.eq (local.get $i32) (i32.const {i})))",
            "(br_if $end (i64.lt_s (local.get $i64) (i64.const {i})))",
        ],
    ),
    group(
        "if",
        &["(if (i32.lt_s (local.get $i32) (i32.const {i}))
             (then (local.set $i32 (i32.add (local.get $i32) (i32.const 3))))
             (else (local.set $i64 (i64.add (local.get $i64) (i64.const {i})))))"],
    ),
    group(
        "loop",
        &[
            "(loop (local.set $i32 (i32.sub (local.get $i32) (i32.const 3)))
             (br_if 0 (i32.gt_s (local.get $i32) (i32.const {i}))))",
        ],
    ),
    group(
        "br_table",
        &[
            "(block (block (br_table 0 1 $end (i32.xor (local.get $i32) (i32.const {i}))))
             (local.set $i32 (i32.add (local.get $i32) (i32.const 5))))",
        ],
    ),
    group(
        "return",
        &["(if (i32.eq (local.get $i32) (i32.const {i})) (then (return (local.get $i32b))))"],
    ),
    group(
        "unreachable",
        &["(if (i32.eq (local.get $i32) (i32.const {i})) (then (unreachable)))"],
    ),
    group(
        "memory-size",
        &[
            "(local.set $i32 (i32.add (memory.size) (local.get $i32)))",
            "(local.set $i32 (memory.grow (i32.add (local.get $i32) (i32.const {i}))))",
        ],
    ),
    group(
        "bulk-memory",
        &[
            "(memory.copy (local.get $i32) (local.get $i32b) (i32.const {i}))",
            "(memory.fill (local.get $i32) (local.get $i32b) (i32.const {i}))",
            "(memory.init $data (local.get $i32) (local.get $i32b) (i32.const {i}))",
        ],
    ),
    group(
        "tables",
        &[
            "(table.set $table (local.get $i32) (table.get $table (i32.const {i})))",
            "(local.set $i32 (i32.add (local.get $i32) (ref.is_null (table.get $table (i32.const {i})))))",
            "(table.copy $table $table (local.get $i32) (local.get $i32b) (i32.const {i}))",
        ],
    ),
    group(
        "atomics",
        &[
            "(local.set $i32 (i32.atomic.rmw.add offset={i} (local.get $i32) (local.get $i32b)))",
            "(i64.atomic.store offset={i} (local.get $i32b) (local.get $i64))",
            "(local.set $i64 (i64.atomic.load offset={i} (local.get $i32)))",
        ],
    ),
];

/// A chain: its name, the kind of scan, and its steps, which take turns.
pub struct Chain {
    pub name: String,
    pub steps: Vec<Step>,
}

/// A chain for every numeric operator, access and atomic operator.
pub fn operators() -> Vec<Chain> {
    let mut chains = Vec::new();
    let all = [SCALAR, VECTOR, ATOMIC, RELAXED, WIDE];
    for family in all.into_iter().flatten() {
        for operator in family.operators.split(", ") {
            chains.push(Chain {
                name: match operator.split(' ').next().unwrap_or_default() {
                    "select" => format!("select-{}", family.result),
                    name => name.to_owned(),
                },
                steps: vec![Box::new(move |i| step(family, operator, i))],
            });
        }
    }
    chains
}

/// A chain for every group, and for every two of them.
pub fn pairs() -> Vec<Chain> {
    let mut chains = Vec::new();
    for (at, first) in GROUPS.iter().enumerate() {
        chains.push(Chain {
            name: first.name.to_owned(),
            steps: vec![of_group(first)],
        });
        for second in &GROUPS[at + 1..] {
            chains.push(Chain {
                name: format!("{}+{}", first.name, second.name),
                steps: vec![of_group(first), of_group(second)],
            });
        }
    }
    chains
}

fn of_group(group: &'static Group) -> Step {
    Box::new(|i| {
        let texts = group.texts;
        texts[i as usize % texts.len()].replace("{i}", &(i * 8).to_string())
    })
}

/// One application of `operator`.
///
/// The operand that has the type of the result is the result of the step before. If there is none, the
/// first operand changes in every step, and the results are summed up.
fn step(family: &Family, operator: &str, i: u32) -> String {
    let params: Vec<&str> = family.params.split_whitespace().collect();
    let result = family.result;
    let chained = params.iter().position(|&param| param == result);
    let mut text = String::new();
    for (at, &param) in params.iter().enumerate() {
        let constant = constant(param, i);
        let operand = match chained {
            Some(chained) if chained == at => format!("local.get ${param} "),
            None if at == 0 => {
                let add = sum(param);
                format!("local.get ${param} {constant} {add} local.tee ${param} ")
            }
            _ if i % 3 == 2 => format!("local.get ${param}b "),
            _ => constant,
        };
        text.push_str(&operand);
    }
    let (name, immediates) = operator.split_once(' ').unwrap_or((operator, ""));
    if name == "v128.const" {
        text.push_str(&constant("v128", i));
    } else {
        let accesses = ["load", "store", "rmw", "wait", "notify"]
            .iter()
            .any(|part| name.contains(part));
        let offset = if accesses {
            format!("offset={}", 8 * i)
        } else {
            String::new()
        };
        let _ = write!(text, "{name} {offset} {immediates} ");
    }
    match result {
        "" => {}
        _ if chained.is_some() => {
            let _ = write!(text, "local.set ${result}");
        }
        _ => {
            let _ = write!(
                text,
                "local.get ${result} {} local.set ${result}",
                sum(result)
            );
        }
    }
    text
}

/// An instruction with a constant that differs in each step.
fn constant(ty: &str, i: u32) -> String {
    match ty {
        "f32" | "f64" => format!("{ty}.const {i}.5 "),
        "v128" => format!("v128.const i64x2 {} -{i} ", u64::from(i) * 7919 + 3),
        _ => format!("{ty}.const {} ", i * 77 + 1),
    }
}

/// The operator that adds up values of a type.
fn sum(ty: &str) -> &'static str {
    match ty {
        "i32" => "i32.add",
        "i64" => "i64.add",
        "f32" => "f32.add",
        "f64" => "f64.add",
        _ => "v128.xor",
    }
}

/// The text of a module whose function `run` goes `count` steps of the chain.
pub fn module(chain: &Chain, count: u32) -> String {
    let turns = chain.steps.len() as u32;
    let body: String = (0..count)
        .map(|i| (chain.steps[(i % turns) as usize])(i / turns) + "\n")
        .collect();
    let shared = if body.contains("atomic") {
        "1 1 shared"
    } else {
        "1"
    };
    // A target without vectors has none in the signature either.
    let vector = ["v128", "i8x16", "i16x8", "i32x4", "i64x2", "f32x4", "f64x2"]
        .iter()
        .any(|part| body.contains(part));
    let types: BTreeSet<&str> = ["i32", "i64", "f32", "f64"]
        .into_iter()
        .chain(vector.then_some("v128"))
        .collect();
    let params: String = types
        .iter()
        .map(|ty| format!("(param ${ty} {ty}) (param ${ty}b {ty}) "))
        .collect();
    let last = if vector {
        "(i32x4.extract_lane 0 (local.get $v128)) i32.add"
    } else {
        ""
    };
    format!(
        "(module (type $t (func (param i32) (result i32)))
           (import \"env\" \"imported\" (func $imported (type $t)))
           (memory {shared}) (table $table 10 funcref) (global $g (mut i32) (i32.const 0))
           (global $ref (mut (ref null $t)) (ref.func $callee))
           (elem (table $table) (i32.const 0) func $callee) (data $data \"some data\")
           (func $callee (type $t) (i32.sub (i32.const 5) (local.get 0)))
           (func (export \"run\") {params} (result i32)
             (block $end {body})
             (i32.wrap_i64 (local.get $i64)) (i32.trunc_sat_f64_s (local.get $f64))
             (i32.reinterpret_f32 (local.get $f32)) (local.get $i32)
             i32.add i32.add i32.add {last}))"
    )
}

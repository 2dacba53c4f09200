//! Modules whose operators have constants as operands: alone, chosen by `select`, `if` or `br_table`, and
//! nested.
//!
//! In: the tables of instructions and a seed. Out: a module in the text format.

use test_support::operators::{Family, RELAXED, SCALAR, VECTOR, WIDE};

/// An xorshift generator: the same numbers for the same seed.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..8 {
            random.next();
        }
        random
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 11
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

/// A source of an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operand {
    Parameter,
    Constant,
    Select,
    If,
    Table,
}
use Operand::*;

const TYPES: &[&str] = &["i32", "i64", "f32", "f64", "v128"];

/// The constants of a type: small, large, and at the edges.
fn constants(ty: &str) -> &'static [&'static str] {
    match ty {
        "i32" => &[
            "0",
            "1",
            "-1",
            "7",
            "31",
            "255",
            "4096",
            "-32769",
            "0x12345678",
            "0x7fffffff",
            "0x80000000",
        ],
        "i64" => &[
            "0",
            "1",
            "-1",
            "10",
            "63",
            "65535",
            "0x123456789abcdef0",
            "-2147483649",
            "0x7fffffffffffffff",
            "0x8000000000000000",
        ],
        "f32" => &[
            "0",
            "-0",
            "1",
            "-1",
            "1.5",
            "2.5",
            "3.1415927",
            "2147483648",
            "1e-40",
            "inf",
            "nan",
            "nan:0x200000",
        ],
        "f64" => &[
            "0",
            "-0",
            "1",
            "-1",
            "0.1",
            "2.5",
            "9007199254740993",
            "-2147483649",
            "1e300",
            "-inf",
            "nan",
            "nan:0x4000000000000",
        ],
        _ => &[
            "i64x2 0 0",
            "i64x2 -1 -1",
            "i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
            "i16x8 -1 1 -2 2 -3 3 -4 4",
            "i32x4 0x12345678 0 -1 7",
            "f32x4 1.5 -0 nan inf",
            "f64x2 1e300 -2.5",
        ],
    }
}

/// Conditions, of parameters.
const CONDITIONS: &[&str] = &[
    "(local.get 0)",
    "(i32.eqz (local.get 0))",
    "(i32.lt_s (local.get 0) (i32.const 5))",
    "(i64.eq (local.get 1) (i64.const 5))",
    "(f32.lt (local.get 2) (f32.const 0))",
    "(f64.ge (local.get 3) (f64.const 1.5))",
];

fn constant(ty: &str, random: &mut Random) -> String {
    format!("({ty}.const {})", random.one_of(constants(ty)))
}

/// Instructions that leave an operand of type `ty` on the stack.
fn operand(source: Operand, ty: &str, random: &mut Random) -> String {
    let number = TYPES.iter().position(|other| *other == ty);
    let mut value = || constant(ty, random);
    let (first, second, third) = (value(), value(), value());
    let condition = random.one_of(CONDITIONS);
    match source {
        Parameter => format!("(local.get {})", number.expect("a type of a parameter")),
        Constant => first,
        Select => format!("{first} {second} {condition} select"),
        If => format!("(if (result {ty}) {condition} (then {first}) (else {second}))"),
        Table => format!(
            "(block $out (result {ty})
              (block (block (block (br_table 0 1 2 {condition})) (br $out {first}))
                (br $out {second}))
              {third})"
        ),
    }
}

/// Sources for `count` operands: constants together, one beside parameters, and choices in each place.
fn sources(count: usize) -> Vec<Vec<Operand>> {
    let mut all = vec![vec![Constant; count], vec![Select; count]];
    for place in 0..count {
        for (special, others) in [
            (Constant, Parameter),
            (Select, Parameter),
            (Select, Constant),
            (If, Constant),
            (Table, Parameter),
        ] {
            let mut sources = vec![others; count];
            sources[place] = special;
            if !all.contains(&sources) {
                all.push(sources);
            }
        }
    }
    all
}

/// The tables that a target compiles.
fn families(simd: bool) -> impl Iterator<Item = &'static Family> + Clone {
    let vectors = VECTOR.iter().chain(RELAXED).filter(move |_| simd);
    SCALAR.iter().chain(WIDE).chain(vectors)
}

/// An expression of type `ty` with operators nested in each other, `depth` of them at most.
fn nested(ty: &str, depth: usize, simd: bool, random: &mut Random) -> String {
    let fitting: Vec<&Family> = families(simd)
        .filter(|family| family.result == ty && (simd || !family.params.contains("v128")))
        .collect();
    if depth == 0 || random.below(4) == 0 || fitting.is_empty() {
        let source = [Constant, Constant, Constant, Select, If, Table, Parameter][random.below(7)];
        return operand(source, ty, random);
    }
    let family = fitting[random.below(fitting.len())];
    let operators: Vec<&str> = family.operators.split(", ").collect();
    let operands: Vec<String> = family
        .params
        .split_whitespace()
        .map(|ty| nested(ty, depth - 1, simd, random))
        .collect();
    format!("{} {}", operands.join(" "), random.one_of(&operators))
}

/// The parameters of every function.
fn parameters(simd: bool) -> String {
    TYPES[..TYPES.len() - usize::from(!simd)].join(" ")
}

/// A module with a function for every operator and every choice of sources, and as many functions with
/// nested operators.
pub fn module(simd: bool, nested_functions: usize, random: &mut Random) -> String {
    let parameters = parameters(simd);
    let mut functions = Vec::new();
    let mut add = |result: &str, body: &str| {
        let number = functions.len();
        functions.push(format!(
            "(func (export \"{number}\") (param {parameters}) (result {result}) {body})"
        ));
    };
    for family in families(simd) {
        let types: Vec<&str> = family.params.split_whitespace().collect();
        for operator in family.operators.split(", ") {
            for sources in sources(types.len()) {
                let operands: Vec<String> = sources
                    .iter()
                    .zip(&types)
                    .map(|(source, ty)| operand(*source, ty, random))
                    .collect();
                add(family.result, &format!("{} {operator}", operands.join(" ")));
            }
        }
    }
    let types = &TYPES[..TYPES.len() - usize::from(!simd)];
    for number in 0..nested_functions {
        let ty = types[number % types.len()];
        add(ty, &nested(ty, 4, simd, random));
    }
    format!("(module (memory 1 2)\n{}\n)", functions.join("\n"))
}

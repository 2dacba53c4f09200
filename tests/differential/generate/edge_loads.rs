//! Functions made of loads around the end of the memory, of whose values little or nothing is used:
//! dropped, masked, shifted, summed up, used on one way only. Every such load must trap all the same.
//!
//! A load that is gone shows only where none of its neighbours traps in its stead. So the addresses
//! that a function takes are parameters ([`BASES`]), of which a call moves one to the edge; a function
//! notes where accesses end, seen from there ([`Function::ends`]); and a call chooses an end and goes
//! too far for it, most often by as little as one byte: that also finds loads of fewer bytes than the
//! program says. Four in ten calls do not trap: they show wrong results, and traps out of nowhere.
//!
//! Nothing else traps. NaNs that arithmetic makes are only looked at in ways that tell nothing of
//! their signs and payloads.

use std::fmt::Write;

use wamr_host::Val;

use super::operators::Ty::{self, F32, F64, I32, I64, V128};
use super::operators::{Operator, op, stores};
use crate::case::{Call, Case, Nans};
use crate::common::Outcome;
use crate::random::Random;

const MEMORY: isize = 65_536;
/// How many bytes at either end of the memory are not zero.
const DATA: isize = 512;
const FUNCTIONS: usize = 8;
/// Of each function.
const CALLS: usize = 8;
/// How many of a hundred calls go too far for the access they choose. As many trap in the end: some of
/// those accesses happen on one way only, but others may end further on.
const TOO_FAR: usize = 60;

/// The parameters: addresses first, then what ways and numbers of rounds depend on.
const PARAMS: [Ty; BASES + 2] = [I32, I32, I32, I32, I32, I64];
const BASES: usize = 4;
const P: usize = BASES;
const Q: usize = BASES + 1;
/// A local that is never set: zero, which only optimisation finds out.
const ZERO: usize = BASES + 2;

pub fn make(seed: u64) -> Outcome<Case> {
    let mut random = Random::new(seed);
    let mut functions: Vec<Made> = Vec::new();
    for _ in 0..FUNCTIONS {
        let made = Function::new(&mut random, &functions).make();
        functions.push(made);
    }
    let mut text = format!(
        "(module\n  (import \"host\" \"i32\" (func $host (param i32) (result i32)))\n  \
         (memory (export \"memory\") 1 1)\n  \
         (global $g (export \"g\") (mut i32) (i32.const 0))\n  \
         (global $h (export \"h\") (mut i64) (i64.const 0))\n  \
         (data (i32.const 0) \"{}\")\n  (data (i32.const {}) \"{}\")\n",
        bytes(&mut random),
        MEMORY - DATA,
        bytes(&mut random),
    );
    for (index, function) in functions.iter().enumerate() {
        let body = &function.text;
        let _ = writeln!(text, "  (func $f{index} (export \"f{index}\"){body}");
    }
    text.push_str(")\n");
    let mut case = Case::from_text(text, Nans::Exact, seed)?;
    case.calls.clear();
    for (index, function) in functions.iter().enumerate() {
        for _ in 0..CALLS {
            case.calls.push(Call {
                function: format!("f{index}"),
                args: arguments(&mut random, &function.ends),
            });
        }
    }
    Ok(case)
}

/// Bytes in which zeros and ones are frequent: what operations take for nothing, or all.
fn bytes(random: &mut Random) -> String {
    (0..DATA)
        .map(|_| match random.below(5) {
            0 => "\\00".to_owned(),
            1 => "\\01".to_owned(),
            2 => "\\ff".to_owned(),
            _ => format!("\\{:02x}", random.below(256)),
        })
        .collect()
}

/// Arguments with one address at the edge, if there is any that is used.
fn arguments(random: &mut Random, ends: &[Vec<isize>; BASES]) -> Vec<Val> {
    // By how many bytes an access is too far.
    const OUT: [isize; 12] = [1, 1, 1, 1, 2, 3, 4, 7, 8, 15, 16, 64];
    const IN: [isize; 8] = [0, 0, 0, 0, -1, -3, -8, -16];
    let mut address: [isize; BASES] = std::array::from_fn(|base| {
        let last = ends[base].iter().max().copied().unwrap_or_default();
        MEMORY - last - random.below(40) as isize
    });
    let used: Vec<usize> = (0..BASES).filter(|base| !ends[*base].is_empty()).collect();
    if !used.is_empty() {
        let base = *random.pick(&used);
        let ends = &ends[base];
        let last = ends.iter().max().copied().unwrap_or_default();
        let end = if random.chance(60) {
            last
        } else {
            *random.pick(ends)
        };
        let too_far = if random.chance(TOO_FAR) {
            *random.pick(&OUT)
        } else {
            *random.pick(&IN)
        };
        address[base] = MEMORY - end + too_far;
        // As far out as an index can be.
        if random.chance(3) {
            address[base] = -1 - random.below(64) as isize;
        }
    }
    let mut values: Vec<Val> = address
        .iter()
        .map(|address| Val::I32(*address as i32))
        .collect();
    values.push(Val::I32(*random.pick(&[0, 0, 1, 8, 31, -1])));
    values.push(Val::I64(*random.pick(&[0, 1, -1, 1 << 40])));
    values
}

/// A load, and how many bytes it takes.
type Load = (&'static str, isize);

fn loads(ty: Ty) -> &'static [Load] {
    match ty {
        I32 => &[
            ("i32.load", 4),
            ("i32.load", 4),
            ("i32.load8_u", 1),
            ("i32.load8_s", 1),
            ("i32.load16_u", 2),
            ("i32.load16_s", 2),
        ],
        I64 => &[
            ("i64.load", 8),
            ("i64.load", 8),
            ("i64.load8_u", 1),
            ("i64.load8_s", 1),
            ("i64.load16_u", 2),
            ("i64.load16_s", 2),
            ("i64.load32_u", 4),
            ("i64.load32_s", 4),
        ],
        F32 => &[("f32.load", 4)],
        F64 => &[("f64.load", 8)],
        _ => &[
            ("v128.load", 16),
            ("v128.load", 16),
            ("v128.load", 16),
            ("v128.load", 16),
            ("v128.load", 16),
            ("v128.load", 16),
            ("v128.load8x8_u", 8),
            ("v128.load16x4_s", 8),
            ("v128.load32x2_u", 8),
            ("v128.load8_splat", 1),
            ("v128.load16_splat", 2),
            ("v128.load32_splat", 4),
            ("v128.load64_splat", 8),
            ("v128.load32_zero", 4),
            ("v128.load64_zero", 8),
        ],
    }
}

/// Loads of one lane of a vector: the lane comes last.
const LANE_LOADS: [(&str, isize, usize); 4] = [
    ("v128.load8_lane", 1, 15),
    ("v128.load16_lane", 2, 3),
    ("v128.load32_lane", 4, 2),
    ("v128.load64_lane", 8, 0),
];

/// What uses a part of its operands, or all of them but for a constant operand.
fn operators(ty: Ty) -> &'static [Operator] {
    match ty {
        I32 => OPERATORS_I32,
        I64 => OPERATORS_I64,
        F32 => OPERATORS_F32,
        F64 => OPERATORS_F64,
        _ => OPERATORS_V128,
    }
}

const OPERATORS_I32: &[Operator] = &[
    op("i32.and", &[I32, I32]),
    op("i32.and", &[I32, I32]),
    op("i32.or", &[I32, I32]),
    op("i32.xor", &[I32, I32]),
    op("i32.add", &[I32, I32]),
    op("i32.sub", &[I32, I32]),
    op("i32.mul", &[I32, I32]),
    op("i32.shl", &[I32, I32]),
    op("i32.shr_u", &[I32, I32]),
    op("i32.shr_s", &[I32, I32]),
    op("i32.rotl", &[I32, I32]),
    op("i32.rotr", &[I32, I32]),
    op("i32.wrap_i64", &[I64]),
    op("i32.wrap_i64", &[I64]),
    op("i32.extend8_s", &[I32]),
    op("i32.extend16_s", &[I32]),
    op("i32.clz", &[I32]),
    op("i32.ctz", &[I32]),
    op("i32.popcnt", &[I32]),
    op("i32.eq", &[I32, I32]),
    op("i32.lt_s", &[I32, I32]),
    op("i32.gt_u", &[I32, I32]),
    op("i64.ne", &[I64, I64]),
    op("i64.lt_u", &[I64, I64]),
    op("f32.lt", &[F32, F32]),
    op("f64.ge", &[F64, F64]),
    op("i32.trunc_sat_f64_s", &[F64]),
    op("i32.reinterpret_f32 i32.const 0x7fc00000 i32.and", &[F32]),
    op("i8x16.bitmask", &[V128]),
    op("i32x4.bitmask", &[V128]),
    op("i16x8.all_true", &[V128]),
    op("v128.any_true", &[V128]),
    op("i8x16.extract_lane_u 3", &[V128]),
    op("i16x8.extract_lane_s 5", &[V128]),
    op("i32x4.extract_lane 0", &[V128]),
    op("i32x4.extract_lane 2", &[V128]),
    op("select", &[I32, I32, I32]),
    op("select", &[I32, I32, I32]),
];

const OPERATORS_I64: &[Operator] = &[
    op("i64.and", &[I64, I64]),
    op("i64.and", &[I64, I64]),
    op("i64.or", &[I64, I64]),
    op("i64.xor", &[I64, I64]),
    op("i64.add", &[I64, I64]),
    op("i64.sub", &[I64, I64]),
    op("i64.mul", &[I64, I64]),
    op("i64.shl", &[I64, I64]),
    op("i64.shr_u", &[I64, I64]),
    op("i64.shr_s", &[I64, I64]),
    op("i64.rotl", &[I64, I64]),
    op("i64.rotr", &[I64, I64]),
    op("i64.extend_i32_u", &[I32]),
    op("i64.extend_i32_s", &[I32]),
    op("i64.extend8_s", &[I64]),
    op("i64.extend32_s", &[I64]),
    op("i64.ctz", &[I64]),
    op("i64.popcnt", &[I64]),
    op(
        "i64.reinterpret_f64 i64.const 0x7ff8000000000000 i64.and",
        &[F64],
    ),
    op("i64x2.extract_lane 0", &[V128]),
    op("i64x2.extract_lane 1", &[V128]),
    op("select", &[I64, I64, I32]),
];

const OPERATORS_F32: &[Operator] = &[
    op("f32.add", &[F32, F32]),
    op("f32.sub", &[F32, F32]),
    op("f32.mul", &[F32, F32]),
    op("f32.min", &[F32, F32]),
    op("f32.max", &[F32, F32]),
    op("f32.neg", &[F32]),
    op("f32.abs", &[F32]),
    op("f32.reinterpret_i32 f32.copysign", &[F32, I32]),
    op("f32.reinterpret_i32", &[I32]),
    op("f32.convert_i32_s", &[I32]),
    op("f32.demote_f64", &[F64]),
    op("f32x4.extract_lane 0", &[V128]),
    op("f32x4.extract_lane 1", &[V128]),
    op("select", &[F32, F32, I32]),
];

const OPERATORS_F64: &[Operator] = &[
    op("f64.add", &[F64, F64]),
    op("f64.sub", &[F64, F64]),
    op("f64.mul", &[F64, F64]),
    op("f64.min", &[F64, F64]),
    op("f64.max", &[F64, F64]),
    op("f64.neg", &[F64]),
    op("f64.abs", &[F64]),
    op("f64.reinterpret_i64 f64.copysign", &[F64, I64]),
    op("f64.reinterpret_i64", &[I64]),
    op("f64.convert_i32_s", &[I32]),
    op("f64.promote_f32", &[F32]),
    op("f64x2.extract_lane 0", &[V128]),
    op("f64x2.extract_lane 1", &[V128]),
    op("select", &[F64, F64, I32]),
];

const OPERATORS_V128: &[Operator] = &[
    op("v128.and", &[V128, V128]),
    op("v128.and", &[V128, V128]),
    op("v128.or", &[V128, V128]),
    op("v128.or", &[V128, V128]),
    op("v128.xor", &[V128, V128]),
    op("v128.andnot", &[V128, V128]),
    op("i8x16.add", &[V128, V128]),
    op("i32x4.add", &[V128, V128]),
    op("i64x2.sub", &[V128, V128]),
    op("i16x8.mul", &[V128, V128]),
    op("i32x4.mul", &[V128, V128]),
    op("i64x2.mul", &[V128, V128]),
    op("i64x2.mul", &[V128, V128]),
    op("i8x16.shl", &[V128, I32]),
    op("i16x8.shr_u", &[V128, I32]),
    op("i32x4.shr_s", &[V128, I32]),
    op("i64x2.shr_u", &[V128, I32]),
    op(
        "i8x16.shuffle 0 1 2 3 0 1 2 3 16 17 18 19 20 21 22 23",
        &[V128, V128],
    ),
    op(
        "i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23",
        &[V128, V128],
    ),
    op(
        "i8x16.shuffle 0 1 2 3 20 21 22 23 24 25 26 27 28 29 30 31",
        &[V128, V128],
    ),
    op(
        "i8x16.shuffle 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19",
        &[V128, V128],
    ),
    op(
        "i8x16.shuffle 3 1 0 2 2 2 3 1 0 1 0 3 3 2 1 0",
        &[V128, V128],
    ),
    op("i8x16.narrow_i16x8_s", &[V128, V128]),
    op("i16x8.narrow_i32x4_u", &[V128, V128]),
    op("i16x8.extend_low_i8x16_u", &[V128]),
    op("i32x4.extend_low_i16x8_s", &[V128]),
    op("i64x2.extend_low_i32x4_u", &[V128]),
    op("i16x8.extend_high_i8x16_u", &[V128]),
    op("v128.bitselect", &[V128, V128, V128]),
    op("v128.bitselect", &[V128, V128, V128]),
    op("i8x16.eq", &[V128, V128]),
    op("i16x8.min_u", &[V128, V128]),
    op("i32x4.max_s", &[V128, V128]),
    op("i32x4.gt_u", &[V128, V128]),
    op("i32x4.dot_i16x8_s", &[V128, V128]),
    op("i32x4.splat", &[I32]),
    op("i32x4.replace_lane 1", &[V128, I32]),
    op("i64x2.replace_lane 0", &[V128, I64]),
    op("i32x4.neg", &[V128]),
];

const TYPES: [Ty; 8] = [I32, I32, I64, I64, F32, F64, V128, V128];

fn constant(random: &mut Random, ty: Ty) -> String {
    const MASKS: [i64; 24] = [
        0,
        1,
        2,
        3,
        7,
        8,
        15,
        16,
        24,
        31,
        255,
        256,
        0xff00,
        0xffff,
        0x10001,
        0xff_ffff,
        1 << 24,
        !(1 << 31),
        1 << 31,
        0xff << 24,
        0xffff << 16,
        -1,
        -2,
        -256,
    ];
    const WIDE_MASKS: [i64; 11] = [
        32,
        33,
        40,
        48,
        56,
        63,
        !0 << 32,
        0xff << 32,
        0xff << 56,
        !0 << 48,
        (1 << 40) - 1,
    ];
    match ty {
        I32 => format!("i32.const {}", *random.pick(&MASKS) as i32),
        I64 if random.chance(60) => format!("i64.const {}", random.pick(&MASKS)),
        I64 => format!("i64.const {}", random.pick(&WIDE_MASKS)),
        F32 | F64 => {
            let value = random.pick(&["0", "1", "2", "-0.5", "3.25"]);
            format!("{}.const {value}", ty.name())
        }
        _ => {
            let lanes: [i32; 4] = match random.below(10) {
                // Nothing of one half.
                0..4 => *random.pick(&[[1, 0, 0, 0], [-1, -1, 0, 0], [0, 0, -1, -1], [0, 0, 1, 0]]),
                4..7 => std::array::from_fn(|_| *random.pick(&[0, 0, -1, -1, 255])),
                7 | 8 => [*random.pick(&MASKS) as i32; 4],
                _ => std::array::from_fn(|_| random.next() as i32),
            };
            let lanes = lanes.map(|lane| lane.to_string());
            format!("v128.const i32x4 {}", lanes.join(" "))
        }
    }
}

/// A function that others can call.
struct Made {
    /// Behind its name.
    text: String,
    result: Ty,
    ends: [Vec<isize>; BASES],
}

/// A function in the making.
struct Function<'a> {
    random: &'a mut Random,
    callees: &'a [Made],
    text: String,
    locals: Vec<Ty>,
    /// Those of the locals that values may be read from.
    values: Vec<usize>,
    /// What counts the rounds of the innermost loop.
    round: Option<usize>,
    /// Where the accesses end, counted from each of the addresses.
    ends: [Vec<isize>; BASES],
    depth: usize,
}

impl<'a> Function<'a> {
    fn new(random: &'a mut Random, callees: &'a [Made]) -> Self {
        Function {
            random,
            callees,
            text: String::new(),
            locals: [&PARAMS[..], &[I32]].concat(),
            values: vec![P, Q, ZERO],
            round: None,
            ends: Default::default(),
            depth: 0,
        }
    }

    fn make(mut self) -> Made {
        for _ in 0..1 + self.random.below(5) {
            self.statement();
        }
        self.next_line();
        let result = *self.random.pick(&[I32, I64]);
        if self.random.chance(70) {
            self.value(result, 2);
        } else {
            self.emit(if result == I32 {
                "global.get $g"
            } else {
                "global.get $h"
            });
        }
        let names =
            |types: &[Ty]| -> String { types.iter().flat_map(|ty| [" ", ty.name()]).collect() };
        Made {
            text: format!(
                " (param{}) (result {}) (local{})\n   {})",
                names(&PARAMS),
                result.name(),
                names(&self.locals[ZERO..]),
                self.text
            ),
            result,
            ends: self.ends,
        }
    }

    fn emit(&mut self, instruction: &str) {
        self.text.push(' ');
        self.text.push_str(instruction);
    }

    fn next_line(&mut self) {
        let depth = 2 * self.depth;
        let _ = write!(self.text, "\n   {:depth$}", "");
    }

    fn local(&mut self, ty: Ty) -> usize {
        self.locals.push(ty);
        self.locals.len() - 1
    }

    fn constant(&mut self, ty: Ty) {
        let constant = constant(self.random, ty);
        self.emit(&constant);
    }

    fn statement(&mut self) {
        self.next_line();
        let depth = 1 + self.random.below(3);
        match self.random.below(100) {
            0..40 => {
                let ty = *self.random.pick(&TYPES);
                self.value(ty, depth);
                let local = self.local(ty);
                self.emit(&format!("local.set {local}"));
                self.values.push(local);
            }
            40..51 => self.store(depth),
            51..57 => {
                let ty = *self.random.pick(&TYPES);
                self.value(ty, depth);
                self.emit("drop");
            }
            57..61 => {
                self.emit("global.get $g");
                self.value(I32, depth);
                self.emit("i32.xor global.set $g");
            }
            61..65 => {
                self.value(I32, depth);
                self.emit("call $host global.set $g");
            }
            65..78 if self.depth < 2 => self.conditional(),
            78.. if self.depth < 2 => self.sum(),
            _ => {
                let ty = *self.random.pick(&TYPES);
                self.load(ty);
                self.emit("drop");
            }
        }
    }

    fn conditional(&mut self) {
        match self.random.below(4) {
            0 => self.emit(&format!("local.get {P}")),
            1 => self.emit(&format!("local.get {P} i32.eqz")),
            2 => self.emit(&format!("local.get {Q} i32.wrap_i64")),
            _ => self.value(I32, 1),
        }
        self.emit("if");
        self.depth += 1;
        for _ in 0..1 + self.random.below(2) {
            self.statement();
        }
        if self.random.chance(40) {
            self.emit("else");
            self.statement();
        }
        self.depth -= 1;
        self.emit("end");
    }

    fn value(&mut self, ty: Ty, depth: usize) {
        if depth == 0 {
            self.leaf(ty);
            return;
        }
        if self.round.is_none() && self.random.chance(3) && self.call_for(ty) {
            return;
        }
        if self.random.chance(4) {
            self.choice(ty);
            return;
        }
        let operator = self.random.pick(operators(ty));
        let last = operator.operands.len() - 1;
        for (index, operand) in operator.operands.iter().enumerate() {
            if index > 0 && index == last && self.random.chance(45) {
                self.constant(*operand);
            } else {
                let shallow = self.random.chance(20);
                self.value(*operand, if shallow { 0 } else { depth - 1 });
            }
        }
        self.emit(operator.text);
    }

    fn leaf(&mut self, ty: Ty) {
        match self.random.below(100) {
            0..45 => self.load(ty),
            45..50 => {
                let at = 16 * self.random.below(4);
                let load = self.random.pick(loads(ty)).0;
                self.emit(&format!("i32.const {at} {load}"));
            }
            50..55 => self.constant(ty),
            55..62 if ty == I32 && self.round.is_some() => {
                let round = self.round.unwrap_or_default();
                self.emit(&format!("local.get {round}"));
            }
            _ => {
                let all: Vec<usize> = (self.values.iter().copied())
                    .filter(|local| self.locals[*local] == ty)
                    .collect();
                match ty {
                    _ if !all.is_empty() => {
                        let local = *self.random.pick(&all);
                        self.emit(&format!("local.get {local}"));
                    }
                    F32 | F64 => {
                        self.emit(&format!("local.get {P} {}.convert_i32_s", ty.name()));
                    }
                    _ => self.emit(&format!("local.get {Q} i64x2.splat")),
                }
            }
        }
    }

    /// One of two values of the same width, loaded from two places.
    fn choice(&mut self, ty: Ty) {
        let (load, bytes) = *self.random.pick(loads(ty));
        for _ in 0..2 {
            let base = self.random.below(BASES);
            self.emit(&format!("local.get {base} {load}"));
            self.note_end(base, bytes);
        }
        if self.random.chance(50) {
            self.emit(&format!("local.get {P}"));
        } else {
            self.value(I32, 1);
        }
        self.emit("select");
    }

    /// Calls a function that is there already, so that calls come to an end; often with constants that
    /// inlining makes known.
    fn call_for(&mut self, ty: Ty) -> bool {
        let all: Vec<usize> = (0..self.callees.len())
            .filter(|index| self.callees[*index].result == ty)
            .collect();
        if all.is_empty() {
            return false;
        }
        let index = *self.random.pick(&all);
        for base in 0..BASES {
            self.emit(&format!("local.get {base}"));
            let ends = &self.callees[index].ends[base];
            self.ends[base].extend(ends);
        }
        for (local, ty) in [(P, I32), (Q, I64)] {
            if self.random.chance(60) {
                self.constant(ty);
            } else {
                self.emit(&format!("local.get {local}"));
            }
        }
        self.emit(&format!("call $f{index}"));
        true
    }

    fn load(&mut self, ty: Ty) {
        let base = self.random.below(BASES);
        let mut distance = 0;
        self.emit(&format!("local.get {base}"));
        if self.random.chance(20) {
            distance = *self.random.pick(&[-4, 4, 8, 16]);
            self.emit(&format!("i32.const {distance} i32.add"));
        }
        // Often the same place, in another width.
        let offset = match self.random.below(100) {
            0..60 => 0,
            60..98 => *self.random.pick(&[1, 2, 4, 8, 12]),
            _ => 40_000,
        };
        if ty == V128 && self.random.chance(15) {
            let (load, bytes, lane) = *self.random.pick(&LANE_LOADS);
            self.leaf(V128);
            self.emit(&format!("{load} offset={offset} {lane}"));
            self.note_end(base, distance + offset + bytes);
        } else {
            let (load, bytes) = *self.random.pick(loads(ty));
            self.emit(&format!("{load} offset={offset}"));
            self.note_end(base, distance + offset + bytes);
        }
    }

    /// Notes that an access ends so many bytes behind an address.
    fn note_end(&mut self, base: usize, end: isize) {
        let ends = &mut self.ends[base];
        if !ends.contains(&end) {
            ends.push(end);
        }
    }

    fn store(&mut self, depth: usize) {
        let ty = *self.random.pick(&[I32, I32, I64, I64, V128]);
        if self.random.chance(20) && ty != V128 {
            self.change_in_place(ty);
            return;
        }
        // So few places that some stores are dead.
        let at = *self.random.pick(&[16, 32, 48, 64, 100]);
        self.emit(&format!("i32.const {at}"));
        self.value(ty, depth);
        let store = *self.random.pick(stores(ty, false));
        self.emit(store);
    }

    /// `word = word | 255`, and the like.
    fn change_in_place(&mut self, ty: Ty) {
        let base = self.random.below(BASES);
        let name = ty.name();
        let operation = *self.random.pick(&["and", "or", "xor", "add"]);
        self.emit(&format!("local.get {base} local.get {base} {name}.load"));
        if self.random.chance(60) {
            self.constant(ty);
        } else {
            self.value(ty, 1);
        }
        self.emit(&format!("{name}.{operation} {name}.store"));
        self.note_end(base, if ty == I32 { 4 } else { 8 });
    }

    /// A loop that adds up what it loads, as unrollers and vectorisers like it. The last of its
    /// addresses is the one that the function was given, or the first if it goes down.
    fn sum(&mut self) {
        let ty = *self.random.pick(&[I32, I32, I64, I64, F64, V128]);
        let (sum, round, pointer) = (self.local(ty), self.local(I32), self.local(I32));
        let rounds = *self.random.pick(&[2, 3, 4, 4, 8, 16, 16, 32, 64]);
        let rounds_vary = self.random.chance(25);
        let loads = *self.random.pick(&[1, 1, 2, 3, 4]);
        let to_nothing = ty != F64 && self.random.chance(20);
        let apart = *self.random.pick(&[1, 2, 4, 8, 16]);
        let step = match self.random.below(10) {
            0 => 0,
            1..=5 => loads * apart,
            _ => apart,
        };
        let down = self.random.chance(40);
        let base = self.random.below(BASES);
        let last_round = if rounds_vary {
            format!("local.get {P} i32.const 31 i32.and")
        } else {
            format!("i32.const {}", rounds - 1)
        };
        self.emit(&format!("local.get {base}"));
        if !down {
            self.emit(&format!("{last_round} i32.const {step} i32.mul i32.sub"));
        }
        self.emit(&format!(
            "local.set {pointer} i32.const 0 local.set {round} loop"
        ));
        self.depth += 1;
        self.round = Some(round);
        for index in 0..loads {
            self.next_line();
            let offset = if self.random.chance(75) {
                index * apart
            } else {
                0
            };
            let ends = self.add_to(sum, pointer, offset, to_nothing);
            self.note_end(base, ends);
            if self.random.chance(12) {
                self.emit(&format!("local.get {round}"));
                self.value(I32, 1);
                self.emit("i32.store8 offset=200");
            }
        }
        if self.random.chance(12) {
            self.emit(&format!("local.get {round} i32.const 1 i32.and if"));
            self.store(1);
            self.emit("end");
        }
        let move_on = if down { "i32.sub" } else { "i32.add" };
        self.next_line();
        self.emit(&format!(
            "local.get {pointer} i32.const {step} {move_on} local.set {pointer} \
             local.get {round} i32.const 1 i32.add local.tee {round} \
             {last_round} i32.le_u br_if 0 end"
        ));
        self.round = None;
        self.depth -= 1;
        self.values.push(sum);
        if self.random.chance(60) {
            self.use_sum(ty, sum);
        }
    }

    /// Adds a load to a sum, or what an operation makes of it. It can be taken away again at once, in
    /// a way that comes to nothing where the sum is zero. Gives where the load ends.
    fn add_to(&mut self, sum: usize, pointer: usize, offset: isize, to_nothing: bool) -> isize {
        let ty = self.locals[sum];
        let name = ty.name();
        let (load, bytes) = *self.random.pick(loads(ty));
        let load = format!("local.get {pointer} {load} offset={offset}");
        let end = offset + bytes;
        if to_nothing {
            let operation = match ty {
                I32 => "i32.add",
                I64 => "i64.sub",
                _ => "i8x16.add",
            };
            let xor = if ty == V128 { "v128" } else { name };
            self.emit(&format!(
                "local.get {sum} {load} {operation} {load} {xor}.xor local.set {sum}"
            ));
            return end;
        }
        self.emit(&format!("local.get {sum} {load}"));
        if self.random.chance(40) {
            self.change(ty);
        }
        let add = match ty {
            I32 | I64 => {
                let add = *self
                    .random
                    .pick(&["add", "add", "sub", "xor", "or", "mul", "and"]);
                format!("{name}.{add}")
            }
            F64 => (*self.random.pick(&["f64.add", "f64.sub"])).to_owned(),
            _ => {
                const ADD: [&str; 5] =
                    ["i32x4.add", "i8x16.add", "i64x2.add", "v128.xor", "v128.or"];
                (*self.random.pick(&ADD)).to_owned()
            }
        };
        self.emit(&add);
        if self.random.chance(30) {
            self.change(ty);
        }
        self.emit(&format!("local.set {sum}"));
        end
    }

    /// An operation on the value on the stack, with a constant or with what is a constant once a loop
    /// is unrolled.
    fn change(&mut self, ty: Ty) {
        let name = ty.name();
        match (ty, self.round) {
            (I32 | I64, Some(round)) if self.random.chance(50) => {
                let negative = self.random.chance(30);
                if negative {
                    self.emit(&format!("{name}.const 0"));
                }
                self.emit(&format!("local.get {round}"));
                if ty == I64 {
                    self.emit("i64.extend_i32_u");
                }
                if negative {
                    self.emit(&format!("{name}.sub"));
                }
                let operation = *self.random.pick(&["mul", "mul", "and", "shl"]);
                self.emit(&format!("{name}.{operation}"));
            }
            (I32 | I64, _) => {
                self.constant(ty);
                let operation = *self
                    .random
                    .pick(&["and", "mul", "add", "shl", "shr_u", "rotl"]);
                self.emit(&format!("{name}.{operation}"));
            }
            (F64, _) => self.emit("f64.abs"),
            _ => {
                self.constant(ty);
                self.emit("v128.and");
            }
        }
    }

    /// Uses a part of the sum, or all of it, on every way or on one.
    fn use_sum(&mut self, ty: Ty, sum: usize) {
        self.next_line();
        let on_one_way = self.random.chance(60);
        if on_one_way {
            self.emit(&format!("local.get {P} if"));
        }
        self.emit(&format!("local.get {sum}"));
        self.emit(match ty {
            I32 => "i64.extend_i32_u",
            F64 => "f64.const 1 f64.ge i64.extend_i32_u",
            V128 => "i64x2.extract_lane 0",
            _ => "",
        });
        let part = *self.random.pick(&[
            "",
            "i64.const 255 i64.and",
            "i32.wrap_i64 i64.extend_i32_u",
            "i64.const 56 i64.shl",
        ]);
        self.emit(part);
        self.emit("global.get $h i64.add global.set $h");
        if on_one_way {
            self.emit("end");
        }
    }
}

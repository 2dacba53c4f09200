//! The functions: statements and expressions around loads.

use std::fmt::Write;

use super::vocabulary::{LANE_LOADS, TYPES, constant, loads, operators, shuffle};
use crate::generate::operators::Ty::{self, F32, F64, I32, I64, V128};
use crate::generate::operators::stores;
use crate::random::Random;

/// The parameters: addresses first, then what ways and numbers of rounds depend on.
const PARAMS: [Ty; BASES + 2] = [I32, I32, I32, I32, I32, I64];
pub const BASES: usize = 4;
const P: usize = BASES;
const Q: usize = BASES + 1;
/// A local that is never set: zero, which only optimisation finds out.
const ZERO: usize = BASES + 2;

/// A function that others can call.
pub struct Made {
    /// Behind its name.
    pub text: String,
    pub result: Ty,
    pub ends: [Vec<isize>; BASES],
}

/// A function in the making.
pub struct Function<'a> {
    pub(super) random: &'a mut Random,
    /// Whether there are vectors.
    vectors: bool,
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
    pub fn new(random: &'a mut Random, vectors: bool, callees: &'a [Made]) -> Self {
        Function {
            random,
            vectors,
            callees,
            text: String::new(),
            locals: [&PARAMS[..], &[I32]].concat(),
            values: vec![P, Q, ZERO],
            round: None,
            ends: Default::default(),
            depth: 0,
        }
    }

    pub fn make(mut self) -> Made {
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

    pub(super) fn emit(&mut self, instruction: &str) {
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

    pub(super) fn constant(&mut self, ty: Ty) {
        let constant = constant(self.random, ty);
        self.emit(&constant);
    }

    /// One of `types`, if there are vectors or it is none.
    fn pick_type(&mut self, types: &[Ty]) -> Ty {
        loop {
            let ty = *self.random.pick(types);
            if self.vectors || ty != V128 {
                return ty;
            }
        }
    }

    fn statement(&mut self) {
        self.next_line();
        let depth = 1 + self.random.below(3);
        match self.random.below(100) {
            0..36 => {
                let ty = self.pick_type(&TYPES);
                self.value(ty, depth);
                let local = self.local(ty);
                self.emit(&format!("local.set {local}"));
                self.values.push(local);
            }
            36..38 => self.bulk(),
            38..40 => self.atomic_store(),
            40..51 => self.store(depth),
            51..57 => {
                let ty = self.pick_type(&TYPES);
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
                let ty = self.pick_type(&TYPES);
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

    pub(super) fn value(&mut self, ty: Ty, depth: usize) {
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
        let operator = loop {
            let operator = self.random.pick(operators(ty));
            if self.vectors || !operator.operands.contains(&V128) {
                break operator;
            }
        };
        let last = operator.operands.len() - 1;
        for (index, operand) in operator.operands.iter().enumerate() {
            if index > 0 && index == last && self.random.chance(45) {
                self.constant(*operand);
            } else {
                let shallow = self.random.chance(20);
                self.value(*operand, if shallow { 0 } else { depth - 1 });
            }
        }
        match operator.text {
            "i8x16.shuffle" => {
                let shuffle = shuffle(self.random);
                self.emit(&shuffle);
            }
            text => self.emit(text),
        }
    }

    fn leaf(&mut self, ty: Ty) {
        match self.random.below(100) {
            0..5 if matches!(ty, I32 | I64) => self.atomic(ty),
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
    pub(super) fn note_end(&mut self, base: usize, end: isize) {
        let ends = &mut self.ends[base];
        if !ends.contains(&end) {
            ends.push(end);
        }
    }

    fn store(&mut self, depth: usize) {
        let ty = self.pick_type(&[I32, I32, I64, I64, V128]);
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
        let ty = self.pick_type(&[I32, I32, I64, I64, F64, V128]);
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

//! Programs made of statements: what wasm-smith seldom comes to.
//!
//! A [`Profile`] says what a program is about. Without [`Profile::fuel`], nothing but bounded loops
//! and calls of later functions is in it, so that no check of ours stands between an optimiser and
//! the code; with it, functions call each other as they like.

use std::fmt::Write;

use test_support::Outcome;

use super::operators::{EXACT_TYPES, FLOAT_TYPES, Ty, loads, operators, stores};
use crate::case::{Case, Nans};
use crate::random::Random;

#[derive(Debug, Clone, Copy)]
pub struct Profile {
    /// Calculate with floats.
    floats: bool,
    fuel: bool,
    /// Percentages: values that are loads; addresses that may be anything; values that blocks and
    /// branches give.
    loads: usize,
    wild_addresses: usize,
    blocks: usize,
    calls: usize,
    /// Most parameters and results of a function.
    params: usize,
    results: usize,
    tail_calls: bool,
    /// The table is exported; where there are many calls, instructions change it.
    table_changes: bool,
}

/// Chains of arithmetic over constants that make an operation the identity, and all kinds of NaNs.
pub fn floats(seed: u64) -> Outcome<Case> {
    let profile = Profile {
        floats: true,
        fuel: false,
        loads: 8,
        wild_addresses: 2,
        blocks: 4,
        calls: 6,
        params: 5,
        results: 2,
        tail_calls: false,
        table_changes: seed % 4 < 2,
    };
    make(profile, seed)
}

/// Loads that are out of bounds, and whose values are not used, or not on every way.
pub fn dead_loads(seed: u64) -> Outcome<Case> {
    let profile = Profile {
        floats: false,
        fuel: false,
        loads: 30,
        wild_addresses: 12,
        blocks: 6,
        calls: 8,
        params: 4,
        results: 1,
        tail_calls: false,
        table_changes: seed % 4 < 2,
    };
    make(profile, seed)
}

/// Blocks, loops and branches with values, branch tables.
pub fn control(seed: u64) -> Outcome<Case> {
    let profile = Profile {
        floats: false,
        fuel: seed.is_multiple_of(2),
        loads: 5,
        wild_addresses: 2,
        blocks: 30,
        calls: 4,
        params: 4,
        results: 4,
        tail_calls: false,
        table_changes: seed % 4 < 2,
    };
    make(profile, seed)
}

/// Calls of all kinds, with parameters on the stack, several results, wrong types and null.
pub fn calls(seed: u64) -> Outcome<Case> {
    let profile = Profile {
        floats: false,
        fuel: true,
        loads: 5,
        wild_addresses: 2,
        blocks: 6,
        calls: 25,
        params: 18,
        results: 5,
        tail_calls: true,
        table_changes: seed % 4 < 2,
    };
    make(profile, seed)
}

#[derive(Debug, Clone)]
struct Signature {
    params: Vec<Ty>,
    results: Vec<Ty>,
}

const TABLE: usize = 12;
const GLOBALS: usize = 4;

fn make(profile: Profile, seed: u64) -> Outcome<Case> {
    let mut random = Random::new(seed);
    let types = if profile.floats {
        FLOAT_TYPES
    } else {
        EXACT_TYPES
    };
    let signatures: Vec<Signature> = (0..3 + random.below(5))
        .map(|_| signature(&mut random, profile, types))
        .collect();

    let mut text = String::from("(module\n  (memory (export \"memory\") 1 2)\n");
    for at in 0..8 {
        let bytes: String = random.v128().iter().map(|b| format!("\\{b:02x}")).collect();
        line(
            &mut text,
            &format!("  (data (i32.const {}) \"{bytes}\")", at * 16),
        );
    }
    line(
        &mut text,
        "  (global $fuel (export \"fuel\") (mut i32) (i32.const 300))",
    );
    for (index, ty) in [Ty::I32, Ty::I64, Ty::F32, Ty::F64].iter().enumerate() {
        let value = constant(&mut random, *ty);
        let ty = ty.name();
        line(
            &mut text,
            &format!("  (global $g{index} (export \"g{index}\") (mut {ty}) {value})"),
        );
    }
    for (index, signature) in signatures.iter().enumerate() {
        line(
            &mut text,
            &format!(
                "  (type $t{index} (func{}))",
                block_type(&signature.params, &signature.results)
            ),
        );
    }
    let export = if profile.table_changes {
        "(export \"table\") "
    } else {
        ""
    };
    line(&mut text, &format!("  (table {export}{TABLE} funcref)"));
    let elements: Vec<String> = (0..TABLE - 3)
        .map(|_| format!("$f{}", random.below(signatures.len())))
        .collect();
    line(
        &mut text,
        &format!("  (elem (i32.const 1) func {})", elements.join(" ")),
    );

    for index in 0..signatures.len() {
        let body = Function::new(&mut random, profile, types, &signatures, index).body();
        line(&mut text, &body);
    }
    text.push_str(")\n");
    let nans = if profile.floats {
        Nans::Open
    } else {
        Nans::Exact
    };
    Case::from_text(text, nans, seed)
}

fn signature(random: &mut Random, profile: Profile, types: &[Ty]) -> Signature {
    let scalar = |ty: &Ty| !matches!(ty, Ty::F32x4 | Ty::F64x2);
    let params = random.below(profile.params + 1);
    let results = if profile.results > 1 {
        random.below(profile.results + 1)
    } else {
        1
    };
    // Lanes that may be any NaN cannot be told from others outside.
    let visible: Vec<Ty> = types.iter().copied().filter(scalar).collect();
    let mut params: Vec<Ty> = (0..params).map(|_| *random.pick(types)).collect();
    // The runtime itself cannot call a function with a vector on the stack: it does not align it.
    let mut registers = 0;
    params.retain(|ty| {
        registers += usize::from(!matches!(ty, Ty::I32 | Ty::I64));
        registers <= 8 || matches!(ty, Ty::I32 | Ty::I64 | Ty::F32 | Ty::F64)
    });
    Signature {
        params,
        results: (0..results).map(|_| *random.pick(&visible)).collect(),
    }
}

fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

fn block_type(params: &[Ty], results: &[Ty]) -> String {
    let mut text = String::new();
    for (keyword, types) in [("param", params), ("result", results)] {
        if !types.is_empty() {
            let names: Vec<&str> = types.iter().map(|ty| ty.name()).collect();
            let _ = write!(text, " ({keyword} {})", names.join(" "));
        }
    }
    text
}

/// A constant, as instructions that leave it.
fn constant(random: &mut Random, ty: Ty) -> String {
    match ty {
        Ty::I32 => format!("i32.const {}", random.i32()),
        Ty::I64 => format!("i64.const {}", random.i64()),
        Ty::F32 => format!("f32.const {}", float(u64::from(random.f32()), 8, 23)),
        Ty::F64 => format!("f64.const {}", float(random.f64(), 11, 52)),
        Ty::V128 | Ty::F32x4 | Ty::F64x2 => {
            let bytes: Vec<String> = random.v128().iter().map(|b| format!("{b:#x}")).collect();
            format!("v128.const i8x16 {}", bytes.join(" "))
        }
    }
}

/// The float with these bits.
fn float(bits: u64, exponent_bits: u32, mantissa_bits: u32) -> String {
    let sign = if bits >> (exponent_bits + mantissa_bits) & 1 == 1 {
        "-"
    } else {
        ""
    };
    let mantissa = bits & ((1 << mantissa_bits) - 1);
    let exponent = bits >> mantissa_bits & ((1 << exponent_bits) - 1);
    let bias = (1 << (exponent_bits - 1)) - 1_i64;
    if exponent == (1 << exponent_bits) - 1 {
        if mantissa == 0 {
            format!("{sign}inf")
        } else {
            format!("{sign}nan:{mantissa:#x}")
        }
    } else if exponent == 0 {
        let scale = 1 - bias - i64::from(mantissa_bits);
        format!("{sign}{mantissa:#x}p{scale}")
    } else {
        let scale = exponent as i64 - bias - i64::from(mantissa_bits);
        format!("{sign}{:#x}p{scale}", mantissa | 1 << mantissa_bits)
    }
}

/// A label that can be branched to, and what it takes.
type Label = Option<Vec<Ty>>;

struct Function<'a> {
    random: &'a mut Random,
    profile: Profile,
    types: &'a [Ty],
    signatures: &'a [Signature],
    index: usize,
    text: String,
    locals: Vec<Ty>,
    /// Locals behind those, of type `i32`: nothing but their own loops may change them.
    counters: usize,
    params: usize,
    labels: Vec<Label>,
    /// Instructions that may still be made before everything becomes a leaf.
    budget: usize,
}

impl<'a> Function<'a> {
    fn new(
        random: &'a mut Random,
        profile: Profile,
        types: &'a [Ty],
        signatures: &'a [Signature],
        index: usize,
    ) -> Self {
        let signature = &signatures[index];
        let mut locals = signature.params.clone();
        // One of each type at least.
        locals.extend(types);
        // Most functions have something to do; some do next to nothing, as what gets inlined.
        let budget = if random.chance(30) {
            random.below(4)
        } else {
            20 + random.below(120)
        };
        Function {
            random,
            profile,
            types,
            signatures,
            index,
            text: String::new(),
            locals,
            counters: 0,
            params: signature.params.len(),
            labels: Vec::new(),
            budget,
        }
    }

    fn body(mut self) -> String {
        let signature = &self.signatures[self.index];
        self.labels.push(Some(signature.results.clone()));
        if self.profile.fuel {
            self.use_fuel();
        }
        for _ in 0..self.random.below(5) {
            if self.budget > 0 {
                self.statement(3);
            }
        }
        self.values(&signature.results, 4);
        let index = self.index;
        let locals: Vec<&str> = self.locals[self.params..]
            .iter()
            .map(|ty| ty.name())
            .chain(std::iter::repeat_n("i32", self.counters))
            .collect();
        format!(
            "  (func $f{index} (export \"f{index}\"){} (local {})\n   {})",
            block_type(&signature.params, &signature.results),
            locals.join(" "),
            self.text
        )
    }

    fn emit(&mut self, instruction: &str) {
        self.budget = self.budget.saturating_sub(1);
        self.text.push(' ');
        self.text.push_str(instruction);
    }

    fn next_line(&mut self) {
        let depth = self.labels.len();
        let _ = write!(self.text, "\n   {:depth$}", "");
    }

    fn use_fuel(&mut self) {
        self.emit("global.get $fuel i32.eqz if unreachable end");
        self.emit("global.get $fuel i32.const 1 i32.sub global.set $fuel");
        self.next_line();
    }

    fn ty(&mut self) -> Ty {
        *self.random.pick(self.types)
    }

    fn local(&mut self, ty: Ty) -> usize {
        let all: Vec<usize> = (0..self.locals.len())
            .filter(|local| self.locals[*local] == ty)
            .collect();
        *self.random.pick(&all)
    }

    fn counter(&mut self) -> usize {
        self.counters += 1;
        self.locals.len() + self.counters - 1
    }

    fn global(ty: Ty) -> Option<usize> {
        const TYPES: [Ty; GLOBALS] = [Ty::I32, Ty::I64, Ty::F32, Ty::F64];
        TYPES.iter().position(|global| *global == ty)
    }

    fn values(&mut self, types: &[Ty], depth: usize) {
        let blocks = self.profile.blocks;
        if depth > 0 && self.budget > 0 && types.len() != 1 && self.random.chance(blocks + 10) {
            self.block(types, depth - 1);
            return;
        }
        for ty in types {
            self.value(*ty, depth);
        }
    }

    fn value(&mut self, ty: Ty, depth: usize) {
        if depth == 0 || self.budget == 0 {
            self.leaf(ty);
            return;
        }
        let Profile {
            loads: from_memory,
            blocks,
            calls,
            ..
        } = self.profile;
        let choice = self.random.below(100);
        if choice < from_memory {
            self.address(depth - 1);
            let load = *self.random.pick(loads(ty));
            self.emit(load);
            self.offset();
        } else if choice < from_memory + blocks {
            self.block(&[ty], depth - 1);
        } else if choice < from_memory + blocks + calls && self.call_for(ty, depth - 1) {
        } else if choice > 90 {
            self.leaf(ty);
        } else if choice > 88 {
            self.value(ty, depth - 1);
            let local = self.local(ty);
            self.emit(&format!("local.tee {local}"));
        } else {
            let operator = self.random.pick(operators(ty, self.profile.floats));
            for operand in operator.operands {
                self.value(*operand, depth - 1);
            }
            self.emit(operator.text);
        }
    }

    fn leaf(&mut self, ty: Ty) {
        match (self.random.below(5), Self::global(ty)) {
            (0, Some(global)) => self.emit(&format!("global.get $g{global}")),
            (1 | 2, _) => {
                let constant = constant(self.random, ty);
                self.emit(&constant);
            }
            _ => {
                let local = self.local(ty);
                self.emit(&format!("local.get {local}"));
            }
        }
    }

    fn address(&mut self, depth: usize) {
        self.value(Ty::I32, depth.min(2));
        if !self.random.chance(self.profile.wild_addresses) {
            self.emit("i32.const 0xff i32.and");
        }
    }

    /// What follows a load or store: an immediate, or nothing. Lanes come after it.
    fn offset(&mut self) {
        const FAR: [u64; 4] = [65_500, 65_536, 0x7fff_ffff, 0xffff_ffff];
        let offset = if self.random.chance(self.profile.wild_addresses / 3) {
            *self.random.pick(&FAR)
        } else if self.random.chance(30) {
            self.random.below(64) as u64
        } else {
            return;
        };
        // Before the lane, if the instruction has one.
        let at = self.text.rfind(' ').unwrap_or_default();
        let last = self.text[at..].trim();
        if last.bytes().all(|byte| byte.is_ascii_digit()) {
            self.text.insert_str(at, &format!(" offset={offset}"));
        } else {
            self.emit(&format!("offset={offset}"));
        }
    }

    /// Calls something whose first result is of type `ty`, if there is any.
    fn call_for(&mut self, ty: Ty, depth: usize) -> bool {
        let Some(callee) = self.callee(|signature| signature.results.first() == Some(&ty)) else {
            return false;
        };
        self.call(callee, depth, "call");
        for _ in 1..self.signatures[callee].results.len() {
            self.emit("drop");
        }
        true
    }

    fn callee(&mut self, fits: impl Fn(&Signature) -> bool) -> Option<usize> {
        let first = if self.profile.fuel { 0 } else { self.index + 1 };
        let all: Vec<usize> = (first..self.signatures.len())
            .filter(|index| fits(&self.signatures[*index]))
            .collect();
        (!all.is_empty()).then(|| *self.random.pick(&all))
    }

    /// A call, direct or not, of a function with the type of `callee`.
    fn call(&mut self, callee: usize, depth: usize, prefix: &str) {
        let params = self.signatures[callee].params.clone();
        self.values(&params, depth.min(2));
        if self.profile.fuel && self.random.chance(40) {
            self.value(Ty::I32, depth.min(1));
            if self.random.chance(85) {
                self.emit(&format!("i32.const {} i32.rem_u", TABLE + 1));
            }
            self.emit(&format!("{prefix}_indirect (type $t{callee})"));
        } else {
            self.emit(&format!("{prefix} $f{callee}"));
        }
        self.next_line();
    }

    /// A block, loop or conditional that leaves values of these types.
    fn block(&mut self, results: &[Ty], depth: usize) {
        let params: Vec<Ty> = (0..self.random.below(3)).map(|_| self.ty()).collect();
        self.values(&params, depth.min(2));
        let ty = block_type(&params, results);
        match self.random.below(4) {
            0 => {
                self.value(Ty::I32, depth);
                self.emit(&format!("if{ty}"));
                self.labels.push(Some(results.to_vec()));
                self.inside(&params, results, depth);
                self.emit("else");
                self.inside(&params, results, depth);
            }
            1 if self.profile.fuel => {
                self.emit(&format!("loop{ty}"));
                self.labels.push(Some(params.clone()));
                self.use_fuel();
                self.inside(&params, results, depth);
            }
            _ => {
                self.emit(&format!("block{ty}"));
                self.labels.push(Some(results.to_vec()));
                self.inside(&params, results, depth);
            }
        }
        self.labels.pop();
        self.emit("end");
        self.next_line();
    }

    /// From the parameters of a block to its results.
    fn inside(&mut self, params: &[Ty], results: &[Ty], depth: usize) {
        self.next_line();
        for ty in params.iter().rev() {
            let local = self.local(*ty);
            let instruction = if self.random.chance(80) {
                format!("local.set {local}")
            } else {
                "drop".to_owned()
            };
            self.emit(&instruction);
        }
        for _ in 0..self.random.below(3) {
            if self.budget > 0 {
                self.statement(depth);
            }
        }
        self.values(results, depth);
        let targets: Vec<usize> = (0..self.labels.len())
            .filter(|at| self.labels[self.labels.len() - 1 - at].as_deref() == Some(results))
            .collect();
        if targets.is_empty() || self.budget == 0 {
            return;
        }
        match self.random.below(4) {
            0 => {
                self.value(Ty::I32, depth.min(2));
                let target = *self.random.pick(&targets);
                self.emit(&format!("br_if {target}"));
            }
            1 => {
                self.value(Ty::I32, depth.min(2));
                if self.random.chance(70) {
                    self.emit("i32.const 7 i32.and");
                }
                let labels: Vec<String> = (0..1 + self.random.below(9))
                    .map(|_| self.random.pick(&targets).to_string())
                    .collect();
                self.emit(&format!("br_table {}", labels.join(" ")));
            }
            _ => {}
        }
    }

    fn statement(&mut self, depth: usize) {
        self.next_line();
        let depth = depth.saturating_sub(1);
        match self.random.below(20) {
            0..=4 => {
                let ty = self.ty();
                self.value(ty, depth + 1);
                let local = self.local(ty);
                self.emit(&format!("local.set {local}"));
            }
            5 | 6 => {
                let ty = self.ty();
                self.value(ty, depth + 1);
                self.emit("drop");
            }
            7..=9 => {
                let ty = self.ty();
                self.address(depth);
                self.value(ty, depth);
                let store = *self.random.pick(stores(ty, self.profile.floats));
                self.emit(store);
                self.offset();
            }
            10 | 11 => {
                let ty = self.ty();
                if let Some(global) = Self::global(ty) {
                    self.value(ty, depth);
                    self.emit(&format!("global.set $g{global}"));
                }
            }
            12 => self.counted_loop(depth),
            13 => self.array_loop(),
            14 | 15 => self.block(&[], depth),
            16 => {
                if let Some(callee) = self.callee(|_| true) {
                    self.call(callee, depth, "call");
                    for ty in self.signatures[callee].results.clone().iter().rev() {
                        let local = self.local(*ty);
                        self.emit(&format!("local.set {local}"));
                    }
                }
            }
            17 => self.leave(depth),
            18 if self.profile.calls > 20 && self.profile.table_changes => {
                let function = self.random.below(self.signatures.len());
                self.value(Ty::I32, depth);
                self.emit(&format!("i32.const {TABLE} i32.rem_u"));
                let element = if self.random.chance(70) {
                    format!("ref.func $f{function}")
                } else {
                    "ref.null func".to_owned()
                };
                self.emit(&format!("{element} table.set 0"));
            }
            _ => {
                let at = self.random.below(200);
                let from = self.random.below(200);
                let length = self.random.below(40);
                let what = if self.random.chance(50) {
                    "copy"
                } else {
                    "fill"
                };
                self.emit(&format!(
                    "i32.const {at} i32.const {from} i32.const {length} memory.{what}"
                ));
            }
        }
    }

    /// Leaves in the middle, on some condition.
    fn leave(&mut self, depth: usize) {
        self.value(Ty::I32, depth);
        self.emit("if");
        self.labels.push(None);
        let results = self.signatures[self.index].results.clone();
        if self.profile.tail_calls
            && self.random.chance(60)
            && let Some(callee) = self.callee(|signature| signature.results == results)
        {
            self.call(callee, depth, "return_call");
        } else {
            let labels: Vec<usize> = (0..self.labels.len())
                .filter(|at| self.labels[self.labels.len() - 1 - at].is_some())
                .collect();
            let target = *self.random.pick(&labels);
            let types = self.labels[self.labels.len() - 1 - target]
                .clone()
                .unwrap_or_default();
            self.values(&types, depth);
            self.emit(&format!("br {target}"));
        }
        self.labels.pop();
        self.emit("end");
        self.next_line();
    }

    /// A loop that runs a fixed number of times, if nothing leaves it.
    fn counted_loop(&mut self, depth: usize) {
        let counter = self.counter();
        let times = 1 + self.random.below(6);
        self.emit(&format!("i32.const {times} local.set {counter} loop"));
        self.labels.push(None);
        for _ in 0..1 + self.random.below(3) {
            self.statement(depth);
        }
        self.labels.pop();
        self.next_line();
        self.emit(&format!(
            "local.get {counter} i32.const 1 i32.sub local.tee {counter} br_if 0 end"
        ));
        self.next_line();
    }

    /// A loop over arrays, as vectorisers like them.
    fn array_loop(&mut self) {
        const INT: [(&str, &str, &str, usize); 3] = [
            ("i32.load", "i32.mul", "i32.store", 4),
            ("i64.load", "i64.add", "i64.store", 8),
            ("i32.load8_u", "i32.add", "i32.store8", 1),
        ];
        const FLOAT: [(&str, &str, &str, usize); 5] = [
            ("f32.load", "f32.const 1 f32.mul f32.add", F32_STORE, 4),
            ("f32.load", "f32.const 0 f32.sub f32.min", F32_STORE, 4),
            ("f64.load", "f64.const -1 f64.div f64.mul", F64_STORE, 8),
            ("f32.load", "f32.max f32.const -0 f32.add", F32_STORE, 4),
            ("f64.load", "drop f64.const 1 f64.mul", F64_STORE, 8),
        ];
        let (load, combine, store, size) = if self.profile.floats {
            *self.random.pick(&FLOAT)
        } else {
            *self.random.pick(&INT)
        };
        let index = self.counter();
        let first = if self.random.chance(self.profile.wild_addresses) {
            65_536 - self.random.below(200)
        } else {
            self.random.below(100)
        };
        let end = first + size * (1 + self.random.below(40));
        let [left, right, to] = std::array::from_fn(|_| self.random.below(300));
        self.emit(&format!(
            "i32.const {first} local.set {index} loop \
             local.get {index} local.get {index} {load} offset={left} \
             local.get {index} {load} offset={right} {combine} {store} offset={to} \
             local.get {index} i32.const {size} i32.add local.tee {index} \
             i32.const {end} i32.lt_u br_if 0 end"
        ));
        self.next_line();
    }
}

const F32_STORE: &str = "i32.reinterpret_f32 i32.const 0x7fc00000 i32.and i32.store";
const F64_STORE: &str = "i64.reinterpret_f64 i64.const 0x7ff8000000000000 i64.and i64.store";

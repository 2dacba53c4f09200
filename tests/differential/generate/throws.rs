//! Programs that throw and catch: nested handlers, clauses in any order, rethrowing, `delegate`, calls by name,
//! through a table and in tail position, traps on the way.
//!
//! A program is a tree. It is written in the form with `try_table` for Wasmtime, and in one of both forms for
//! our compiler. Each function notes in a global where it comes by, so that the order of all that happens shows.

use std::fmt::Write;

use test_support::Outcome;

use crate::case::{Case, EXCEPTIONS, Nans};
use crate::random::Random;

/// How deep statements nest.
const DEPTH: usize = 4;
/// After that many statements, no more functions are called.
const FUEL: usize = 300;

/// What the tags carry, with how an `i32` becomes the value and the value an `i32`.
const TAGS: [(&str, &str, &str); 5] = [
    ("", "", ""),
    ("i32", "", ""),
    ("i64", "(i64.extend_i32_s ", "(i32.wrap_i64 "),
    ("f64", "(f64.convert_i32_s ", "(i32.trunc_sat_f64_s "),
    ("v128", "(i32x4.splat ", "(i32x4.extract_lane 2 "),
];

/// A function of the program: all take an `i32` and return one.
struct Function {
    body: Vec<Statement>,
}

enum Statement {
    /// Notes the number and a local.
    Note(i32, usize),
    /// Sets a local.
    Set(usize, Value),
    If(usize, Vec<Statement>, Vec<Statement>),
    /// Repeats its body a few times.
    Loop(usize, Vec<Statement>),
    Throw {
        tag: usize,
        from: usize,
    },
    Call {
        function: usize,
        indirect: bool,
        argument: usize,
        into: usize,
    },
    TailCall {
        function: usize,
        indirect: bool,
        argument: usize,
    },
    Return(usize),
    Try(Try),
    /// Throws again what the clause of a `try` has caught.
    Rethrow(usize),
    /// Stores to memory, mostly in bounds.
    Store(usize, usize),
    /// Divides by a local, which may be zero.
    Divide(usize),
    Trap,
}

enum Value {
    Constant(i32),
    Sum(usize, usize),
    Load(usize),
}

struct Try {
    number: usize,
    body: Vec<Statement>,
    end: End,
}

enum End {
    Clauses {
        /// The tag, and what happens then. The values go to local 1.
        clauses: Vec<(usize, Vec<Statement>)>,
        all: Option<Vec<Statement>>,
    },
    /// The handlers of that `try` take over, or with `None` the function's caller.
    Delegate(Option<usize>),
}

const LOCALS: usize = 4;

/// Makes the statements of a program.
struct Maker {
    random: Random,
    functions: usize,
    tries: usize,
    /// The numbers of the `try`s around the current point, by the part in which it stands.
    bodies: Vec<usize>,
    clauses: Vec<usize>,
}

impl Maker {
    fn statements(&mut self, depth: usize) -> Vec<Statement> {
        let count = 1 + self.random.below(3);
        (0..count).map(|_| self.statement(depth)).collect()
    }

    fn local(&mut self) -> usize {
        self.random.below(LOCALS)
    }

    fn statement(&mut self, depth: usize) -> Statement {
        let compound = depth > 0 && self.random.chance(55);
        if compound {
            return match self.random.below(8) {
                0 | 1 => Statement::If(
                    self.local(),
                    self.statements(depth - 1),
                    self.statements(depth - 1),
                ),
                2 => Statement::Loop(1 + self.random.below(3), self.statements(depth - 1)),
                _ => self.try_(depth - 1),
            };
        }
        match self.random.below(24) {
            0..=4 => Statement::Note(self.random.i32(), self.local()),
            5..=7 => {
                let value = match self.random.below(3) {
                    0 => Value::Constant(self.random.i32()),
                    1 => Value::Sum(self.local(), self.local()),
                    _ => Value::Load(self.local()),
                };
                Statement::Set(self.local(), value)
            }
            8..=11 => Statement::Throw {
                tag: self.random.below(TAGS.len()),
                from: self.local(),
            },
            12..=17 => Statement::Call {
                function: self.random.below(self.functions),
                indirect: self.random.chance(40),
                argument: self.local(),
                into: self.local(),
            },
            18 => Statement::TailCall {
                function: self.random.below(self.functions),
                indirect: self.random.chance(40),
                argument: self.local(),
            },
            19 => Statement::Return(self.local()),
            20 => Statement::Store(self.local(), self.local()),
            21 => Statement::Divide(self.local()),
            22 if self.random.chance(30) => Statement::Trap,
            _ => match self.clauses[..] {
                [] => Statement::Note(self.random.i32(), self.local()),
                ref clauses => Statement::Rethrow(*self.random.pick(clauses)),
            },
        }
    }

    fn try_(&mut self, depth: usize) -> Statement {
        let number = self.tries;
        self.tries += 1;
        self.bodies.push(number);
        let body = self.statements(depth);
        self.bodies.pop();
        let end = if self.random.chance(20) {
            let outer = self.random.below(self.bodies.len() + 1);
            End::Delegate(self.bodies.get(outer).copied())
        } else {
            // In a clause, the `try` no longer catches.
            self.clauses.push(number);
            let count = self.random.below(3);
            let clauses = (0..count)
                .map(|_| (self.random.below(TAGS.len()), self.statements(depth)))
                .collect();
            let all = self.random.chance(50).then(|| self.statements(depth));
            self.clauses.pop();
            End::Clauses { clauses, all }
        };
        Statement::Try(Try { number, body, end })
    }
}

/// Writes a program in one of the two forms.
struct Writer {
    text: String,
    legacy: bool,
}

impl Writer {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn all(&mut self, statements: &[Statement]) {
        for statement in statements {
            self.line("(call $burn)");
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::Note(number, local) => {
                let value = format!("(i32.xor (i32.const {number}) (local.get {local}))");
                self.line(&format!("(call $note {value})"));
            }
            Statement::Set(local, value) => {
                let value = match value {
                    Value::Constant(number) => format!("(i32.const {number})"),
                    Value::Sum(a, b) => format!("(i32.add (local.get {a}) (local.get {b}))"),
                    Value::Load(from) => {
                        format!("(i32.load (i32.and (local.get {from}) (i32.const 0xfff)))")
                    }
                };
                self.line(&format!("(local.set {local} {value})"));
            }
            Statement::If(local, then, otherwise) => {
                self.line(&format!("(if (local.get {local}) (then"));
                self.all(then);
                self.line(") (else");
                self.all(otherwise);
                self.line("))");
            }
            Statement::Loop(rounds, body) => {
                for _ in 0..*rounds {
                    self.line("(block");
                    self.all(body);
                    self.line(")");
                }
            }
            Statement::Throw { tag, from } => {
                let (ty, make, _) = TAGS[*tag];
                let value = match (ty, make) {
                    ("", _) => String::new(),
                    (_, "") => format!("(local.get {from})"),
                    _ => format!("{make}(local.get {from}))"),
                };
                self.line(&format!("(throw $t{tag} {value})"));
            }
            Statement::Call {
                function,
                indirect,
                argument,
                into,
            } => {
                let call = call("call", *function, *indirect, *argument);
                self.line(&format!(
                    "(if (call $has_fuel) (then (local.set {into} {call})))"
                ));
            }
            Statement::TailCall {
                function,
                indirect,
                argument,
            } => {
                let call = call("return_call", *function, *indirect, *argument);
                self.line(&format!("(if (call $has_fuel) (then {call}))"));
            }
            Statement::Return(local) => {
                let value = format!("(i32.xor (global.get $notes) (local.get {local}))");
                self.line(&format!("(return {value})"));
            }
            Statement::Try(it) if self.legacy => self.legacy_try(it),
            Statement::Try(it) => self.try_table(it),
            Statement::Rethrow(number) if self.legacy => {
                self.line(&format!("(rethrow $try{number})"));
            }
            Statement::Rethrow(number) => {
                self.line(&format!("(throw_ref (local.get $caught{number}))"));
            }
            Statement::Store(address, value) => {
                let address = format!("(i32.and (local.get {address}) (i32.const 0x10fff))");
                self.line(&format!("(i32.store {address} (local.get {value}))"));
            }
            Statement::Divide(local) => {
                let quotient = format!("(i32.div_u (i32.const 1000) (local.get {local}))");
                self.line(&format!("(call $note {quotient})"));
            }
            Statement::Trap => self.line("(unreachable)"),
        }
    }

    fn legacy_try(&mut self, it: &Try) {
        self.line(&format!("try $try{}", it.number));
        self.all(&it.body);
        match &it.end {
            End::Delegate(Some(outer)) => self.line(&format!("delegate $try{outer}")),
            End::Delegate(None) => self.line("delegate $function"),
            End::Clauses { clauses, all } => {
                for (tag, body) in clauses {
                    self.line(&format!("catch $t{tag}"));
                    self.take(*tag);
                    self.all(body);
                }
                if let Some(body) = all {
                    self.line("catch_all");
                    self.all(body);
                }
                self.line("end");
            }
        }
    }

    /// Takes the values of an exception from the operand stack.
    fn take(&mut self, tag: usize) {
        match TAGS[tag] {
            ("", ..) => {}
            (_, _, "") => self.line("local.set 1"),
            (_, _, take) => {
                let operator = take.trim_start_matches('(');
                self.line(&format!("{operator} local.set 1"));
            }
        }
    }

    /// A `try` in the other form. Behind the body stands a place at which exceptions come in that an inner `try`
    /// has delegated: they are thrown again there, where only this `try` and those around it catch.
    fn try_table(&mut self, it: &Try) {
        let number = it.number;
        let (clauses, all): (&[_], _) = match &it.end {
            End::Clauses { clauses, all } => (clauses, all.as_deref()),
            End::Delegate(_) => (&[], None),
        };
        self.line(&format!("(block $done{number}"));
        if all.is_some() {
            self.line(&format!("(block $all{number} (result exnref)"));
        }
        for (at, (tag, _)) in clauses.iter().enumerate().rev() {
            let ty = TAGS[*tag].0;
            self.line(&format!("(block $clause{number}_{at} (result {ty} exnref)"));
        }
        let mut catches = String::new();
        for (at, (tag, _)) in clauses.iter().enumerate() {
            let _ = write!(catches, "(catch_ref $t{tag} $clause{number}_{at})");
        }
        if all.is_some() {
            let _ = write!(catches, "(catch_all_ref $all{number})");
        }
        match it.end {
            End::Delegate(Some(outer)) => {
                let _ = write!(catches, "(catch_all_ref $delegated{outer})");
            }
            End::Delegate(None) => catches.push_str("(catch_all_ref $function)"),
            End::Clauses { .. } => {}
        }
        self.line(&format!("(try_table {catches}"));
        self.line(&format!("(block $delegated{number} (result exnref)"));
        self.all(&it.body);
        self.line(&format!("(br $done{number}))"));
        self.line("throw_ref)");
        self.line("unreachable");
        for (tag, body) in clauses {
            self.line(")");
            self.line(&format!("local.set $caught{number}"));
            self.take(*tag);
            self.all(body);
            self.line(&format!("(br $done{number})"));
        }
        if let Some(body) = all {
            self.line(")");
            self.line(&format!("local.set $caught{number}"));
            self.all(body);
        }
        self.line(")");
    }

    fn program(mut self, functions: &[Function], tries: usize) -> String {
        self.line(
            "(module (memory (export \"memory\") 1 1) (type $f (func (param i32) (result i32)))",
        );
        for (tag, (ty, ..)) in TAGS.iter().enumerate() {
            self.line(&format!("(tag $t{tag} (param {ty}))"));
        }
        self.line("(global $notes (export \"notes\") (mut i32) (i32.const 1))");
        self.line(&format!("(global $fuel (mut i32) (i32.const {FUEL}))"));
        self.line(
            "(func $note (param i32) (global.set $notes
               (i32.add (i32.mul (global.get $notes) (i32.const 31)) (local.get 0))))
             (func $burn (global.set $fuel (i32.sub (global.get $fuel) (i32.const 1))))
             (func $has_fuel (result i32) (i32.gt_s (global.get $fuel) (i32.const 0)))",
        );
        let names: Vec<String> = (0..functions.len()).map(|at| format!("$f{at}")).collect();
        self.line(&format!(
            "(table {} funcref) (elem (i32.const 0) func {})",
            names.len(),
            names.join(" ")
        ));
        for (at, function) in functions.iter().enumerate() {
            self.line(&format!(
                "(func $f{at} (export \"f{at}\") (param i32) (result i32) (local i32 i32 i32)"
            ));
            if !self.legacy {
                for number in 0..tries {
                    self.line(&format!("(local $caught{number} exnref)"));
                }
                self.line("(block $function (result exnref)");
            } else {
                self.line("(block $function");
            }
            self.all(&function.body);
            self.line("(return (i32.xor (global.get $notes) (local.get 2))))");
            self.line(if self.legacy {
                "unreachable)"
            } else {
                "throw_ref)"
            });
        }
        self.line(&format!(
            "(func (export \"refuel\") (global.set $fuel (i32.const {FUEL})))"
        ));
        self.text.push(')');
        self.text
    }
}

fn call(instruction: &str, function: usize, indirect: bool, argument: usize) -> String {
    if indirect {
        format!("({instruction}_indirect (type $f) (local.get {argument}) (i32.const {function}))")
    } else {
        format!("({instruction} $f{function} (local.get {argument}))")
    }
}

pub fn make(seed: u64) -> Outcome<Case> {
    let random = Random::new(seed);
    let mut maker = Maker {
        random,
        functions: 0,
        tries: 0,
        bodies: Vec::new(),
        clauses: Vec::new(),
    };
    maker.functions = 2 + maker.random.below(5);
    let functions: Vec<Function> = (0..maker.functions)
        .map(|_| Function {
            body: maker.statements(DEPTH),
        })
        .collect();
    let write = |legacy| {
        let writer = Writer {
            text: String::new(),
            legacy,
        };
        writer.program(&functions, maker.tries)
    };
    let modern = write(false);
    let text = if maker.random.chance(60) {
        write(true)
    } else {
        modern.clone()
    };
    let mut case = Case::from_text(text, Nans::Exact, seed)?;
    // Each call has fuel of its own.
    let refuel = case.calls.iter().position(|call| call.function == "refuel");
    let refuel = refuel.map(|at| case.calls[at].clone());
    case.calls.retain(|call| call.function != "refuel");
    if let Some(refuel) = refuel {
        let calls = std::mem::take(&mut case.calls);
        case.calls = calls
            .into_iter()
            .flat_map(|call| [refuel.clone(), call])
            .collect();
    }
    case.proposals = &[EXCEPTIONS];
    case.for_reference =
        Some(wat::parse_str(&modern).map_err(|error| format!("{error}\n{modern}"))?);
    Ok(case)
}

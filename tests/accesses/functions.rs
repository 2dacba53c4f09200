//! The functions under test: every load and every store, each with every way to use a part of the
//! value.

use std::ops::Range;

/// A function `(param $a i32) (param $b i32) (result i32)` whose every path must access all of `bytes`,
/// counted from the address `$a`.
pub struct Function {
    pub name: String,
    pub body: String,
    pub bytes: Range<u64>,
}

/// The types of loaded values.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    I32,
    I64,
    F32,
    F64,
    V128,
}

impl Type {
    fn name(self) -> &'static str {
        match self {
            Type::I32 => "i32",
            Type::I64 => "i64",
            Type::F32 => "f32",
            Type::F64 => "f64",
            Type::V128 => "v128",
        }
    }

    /// The ways to use a part of a value: expressions of type i32 with `$x` for the value.
    fn uses(self) -> Vec<String> {
        let mut uses = match self {
            Type::I32 => integer_uses("i32", &WORD_USES, &[0xff, 0xffff, 0xff00, 0xff00_0000]),
            Type::I64 => integer_uses(
                "i64",
                &LONG_USES,
                &[0xff, 0xffff, 0xffff_ffff, 0xffff_ffff_0000_0000],
            ),
            Type::F32 => float_uses("f32", "i32", &WORD_USES),
            Type::F64 => float_uses("f64", "i64", &LONG_USES),
            Type::V128 => vector_uses(),
        };
        let ty = self.name();
        uses.extend(CONTROL_USES.iter().map(|it| it.replace("TYPE", ty)));
        uses
    }
}

/// Where a value is used on some paths only, or not at all.
const CONTROL_USES: [&str; 3] = [
    "(drop $x) (i32.const 0)",
    "(local.set $TYPE $x)
     (if (i32.load (i32.const 16)) (then (TYPE.store (i32.const 64) (local.get $TYPE))))
     (i32.const 0)",
    "(local.set $TYPE $x)
     (if (local.get $b) (then (return (i32.const 1))))
     (TYPE.store (i32.const 64) (local.get $TYPE)) (i32.const 0)",
];

/// Uses of an i32.
const WORD_USES: [&str; 29] = [
    "$x",
    "(i32.extend8_s $x)",
    "(i32.extend16_s $x)",
    "(i32.rem_s $x (i32.const 256))",
    "(i32.rotl (i32.const 77) $x)",
    "(i32.shl (i32.const 77) $x)",
    "(i32.wrap_i64 (i64.shr_u (i64.const 0x123456789abcdef) (i64.extend_i32_u $x)))",
    "(i32.and (i32.const 0xff) (i32.rotl $x (i32.const 8)))",
    "(i32.store8 (i32.const 64) (i32.rotl $x (i32.const 8))) (i32.const 0)",
    "(i32.store8 (i32.const 64) $x) (i32.const 0)",
    "(i32.store16 (i32.const 64) $x) (i32.const 0)",
    "(i32.store8 (i32.const 64) (i32.shr_u $x (i32.const 24))) (i32.const 0)",
    "(i32.store16 (i32.const 64) (i32.shr_u $x (i32.const 16))) (i32.const 0)",
    "(select (i32.const 5) (i32.const 9) $x)",
    "(select (i32.const 5) (i32.const 9) (i32.and $x (i32.const 1)))",
    "(select $x (i32.const 9) (local.get $b))",
    "(select $x (i32.load (i32.const 64)) (local.get $b))",
    "(if (result i32) $x (then (i32.const 5)) (else (i32.const 0x12345)))",
    "(if (i32.and $x (i32.const 4)) (then (i32.store (i32.const 64) (i32.const 1)))) (i32.const 0)",
    "(if (i32.lt_s $x (i32.const 0)) (then (i32.store (i32.const 64) (i32.const 1)))) (i32.const 0)",
    "(block (block (block (br_table 0 1 2 $x)) (return (i32.const 7))) (return (i32.const 99)))
     (i32.const 12)",
    "(i32.load8_u (i32.and $x (i32.const 0xfff)))",
    "(i32.and $x (i32.load8_u (i32.const 64)))",
    "(i32.popcnt (i32.and $x (i32.const 0xff)))",
    "(i32.sub (i32.add $x (local.get $b)) (local.get $b))",
    "(local.set $i32 $x) (i32.sub (local.get $i32) (local.get $i32))",
    "(i32.reinterpret_f32 (f32.convert_i32_s $x))",
    "(i32.reinterpret_f32 (f32.convert_i32_u (i32.and $x (i32.const 255))))",
    "(f64.store (i32.const 64) (f64.convert_i32_u $x)) (i32.const 0)",
];

/// Uses of an i64.
const LONG_USES: [&str; 30] = [
    "(i64.store (i32.const 64) $x) (i32.const 0)",
    "(i32.wrap_i64 $x)",
    "(i32.wrap_i64 (i64.add $x (i64.const 1)))",
    "(i32.wrap_i64 (i64.mul $x (i64.extend_i32_u (local.get $b))))",
    "(i32.wrap_i64 (i64.shr_u $x (i64.const 32)))",
    "(i32.wrap_i64 (i64.shr_u $x (i64.const 8)))",
    "(i32.wrap_i64 (i64.and $x (i64.load32_u (i32.const 64))))",
    "(i32.wrap_i64 (i64.xor $x (i64.const -1)))",
    "(i32.add (local.get $b) (i32.wrap_i64 $x))",
    "(i32.div_u (local.get $b) (i32.or (i32.wrap_i64 $x) (i32.const 1)))",
    "(i32.eqz (i32.wrap_i64 $x))",
    "(i32.lt_s (i32.wrap_i64 $x) (local.get $b))",
    "(select (i32.wrap_i64 $x) (local.get $b) (i32.eqz (local.get $b)))",
    "(i64.store (i32.const 64) (i64.extend8_s $x)) (i32.const 0)",
    "(i64.store (i32.const 64) (i64.extend16_s $x)) (i32.const 0)",
    "(i64.store (i32.const 64) (i64.extend32_s $x)) (i32.const 0)",
    "(i64.store8 (i32.const 64) $x) (i32.const 0)",
    "(i64.store16 (i32.const 64) $x) (i32.const 0)",
    "(i64.store32 (i32.const 64) $x) (i32.const 0)",
    "(i64.store32 (i32.const 64) (i64.shr_u $x (i64.const 32))) (i32.const 0)",
    "(i64.store (i32.const 64) (i64.rotl (i64.const 77) $x)) (i32.const 0)",
    "(i64.store (i32.const 64) (i64.shl (i64.const 77) $x)) (i32.const 0)",
    "(f32.store (i32.const 64) (f32.reinterpret_i32 (i32.wrap_i64 $x))) (i32.const 0)",
    "(f32.store (i32.const 64) (f32.convert_i32_s (i32.wrap_i64 $x))) (i32.const 0)",
    "(f64.store (i32.const 64) (f64.convert_i32_u (i32.wrap_i64 $x))) (i32.const 0)",
    "(f64.store (i32.const 64) (f64.convert_i64_u $x)) (i32.const 0)",
    "(f64.store (i32.const 64) (f64.reinterpret_i64 $x)) (i32.const 0)",
    "(i32.load8_u (i32.and (i32.wrap_i64 $x) (i32.const 0xfff)))",
    "(if (i64.lt_s $x (i64.const 0)) (then (i32.store (i32.const 64) (i32.const 1)))) (i32.const 0)",
    "(select (i32.const 5) (i32.const 9) (i32.wrap_i64 (i64.and $x (i64.const 1))))",
];

/// [`WORD_USES`] or [`LONG_USES`], and operations with constants.
fn integer_uses(ty: &str, uses: &[&str], masks: &[u64]) -> Vec<String> {
    let bits: u64 = if ty == "i64" { 64 } else { 32 };
    let mut all: Vec<String> = uses.iter().map(|it| (*it).to_owned()).collect();
    let store = |value: String| format!("({ty}.store (i32.const 64) {value}) (i32.const 0)");
    let sign = 1_u64 << (bits - 1);
    for mask in masks.iter().copied().chain([0, 1, 2, sign, sign - 1]) {
        for operator in ["and", "or", "xor"] {
            all.push(store(format!(
                "({ty}.{operator} $x ({ty}.const {mask:#x}))"
            )));
        }
        all.push(format!("({ty}.eqz ({ty}.and $x ({ty}.const {mask:#x})))"));
    }
    for shift in [1, 8, 16, 24, bits / 2, bits - 8, bits - 1] {
        for operator in ["shl", "shr_u", "shr_s", "rotl"] {
            all.push(store(format!("({ty}.{operator} $x ({ty}.const {shift}))")));
        }
    }
    for (operator, constant) in [
        ("mul", 0_u64),
        ("mul", 3),
        ("mul", 1 << (bits - 8)),
        ("mul", 1 << (bits / 2)),
        ("rem_u", 256),
        ("rem_u", 1 << (bits / 2)),
        ("div_u", 256),
        ("div_u", 1 << (bits / 2)),
    ] {
        all.push(store(format!(
            "({ty}.{operator} $x ({ty}.const {constant}))"
        )));
    }
    for comparison in ["eq", "ne", "lt_s", "lt_u", "gt_u", "ge_s"] {
        for constant in [0_u64, 1, 255, 256, 1 << (bits / 2)] {
            all.push(format!("({ty}.{comparison} $x ({ty}.const {constant}))"));
        }
    }
    for operator in ["clz", "ctz", "popcnt"] {
        all.push(store(format!("({ty}.{operator} $x)")));
    }
    all
}

/// Uses of a float, those of its bits included.
fn float_uses(ty: &str, bits: &str, uses_of_bits: &[&str]) -> Vec<String> {
    let x = format!("({bits}.reinterpret_{ty} $x)");
    let mut all: Vec<String> = uses_of_bits.iter().map(|it| it.replace("$x", &x)).collect();
    let store = |value: &str| format!("({ty}.store (i32.const 64) {value}) (i32.const 0)");
    for value in [
        "$x",
        "(TYPE.abs $x)",
        "(TYPE.neg $x)",
        "(TYPE.sqrt $x)",
        "(TYPE.copysign (TYPE.const 1) $x)",
        "(TYPE.copysign $x (TYPE.const 1))",
        "(TYPE.add $x (TYPE.const 0))",
        "(TYPE.mul $x (TYPE.const 1))",
        "(TYPE.mul $x (TYPE.const 0))",
        "(TYPE.min $x (TYPE.const 1))",
        "(select $x (TYPE.const 1) (local.get $b))",
        "(select (TYPE.const 0) $x (local.get $b))",
        "(select $x (TYPE.load (i32.const 128)) (i32.lt_s (local.get $b) (i32.const 3)))",
    ] {
        all.push(store(&value.replace("TYPE", ty)));
    }
    for value in [
        "(i32.trunc_sat_TYPE_s $x)",
        "(i32.trunc_sat_TYPE_u $x)",
        "(TYPE.lt $x (TYPE.const 0))",
        "(TYPE.eq $x (TYPE.const 1))",
        "(local.set $TYPE $x) (TYPE.ne (local.get $TYPE) (local.get $TYPE))",
        "(i32.wrap_i64 (i64.trunc_sat_TYPE_s $x))",
    ] {
        all.push(value.replace("TYPE", ty));
    }
    all.push(match ty {
        "f32" => "(f64.store (i32.const 64) (f64.promote_f32 $x)) (i32.const 0)".to_owned(),
        _ => "(f32.store (i32.const 64) (f32.demote_f64 $x)) (i32.const 0)".to_owned(),
    });
    all
}

/// Uses of a vector.
fn vector_uses() -> Vec<String> {
    let mut all = Vec::new();
    for (shape, lanes, sign) in [
        ("i8x16", [0, 1, 8, 15], "_u"),
        ("i16x8", [0, 1, 4, 7], "_s"),
        ("i32x4", [0, 1, 2, 3], ""),
    ] {
        for lane in lanes {
            all.push(format!("({shape}.extract_lane{sign} {lane} $x)"));
        }
    }
    for lane in [0, 1] {
        all.push(format!("(i32.wrap_i64 (i64x2.extract_lane {lane} $x))"));
        all.push(format!(
            "(v128.store64_lane {lane} (i32.const 64) $x) (i32.const 0)"
        ));
        all.push(format!(
            "(v128.store32_lane {lane} (i32.const 64) $x) (i32.const 0)"
        ));
        all.push(format!(
            "(v128.store16_lane {lane} (i32.const 64) $x) (i32.const 0)"
        ));
        all.push(format!(
            "(v128.store8_lane {lane} (i32.const 64) $x) (i32.const 0)"
        ));
        all.push(format!(
            "(f64.store (i32.const 64) (f64x2.extract_lane {lane} $x)) (i32.const 0)"
        ));
        all.push(format!(
            "(f32.store (i32.const 64) (f32x4.extract_lane {lane} $x)) (i32.const 0)"
        ));
    }
    for test in [
        "v128.any_true",
        "i8x16.all_true",
        "i8x16.bitmask",
        "i64x2.bitmask",
    ] {
        all.push(format!("({test} $x)"));
    }
    all.push("(i8x16.bitmask (i16x8.shl $x (i32.const 8)))".to_owned());
    let other = "(v128.load (i32.const 128))";
    let lanes = [
        "(v128.const i32x4 -1 0 0 0)",
        "(v128.const i32x4 0 0 0 255)",
        "(v128.const i64x2 0 -1)",
        "(v128.const i32x4 1 2 3 4)",
    ];
    let mut values: Vec<String> = ["$x", "(v128.not $x)"].map(str::to_owned).into();
    for constant in lanes {
        for operator in ["v128.and", "v128.or", "v128.xor", "v128.andnot"] {
            values.push(format!("({operator} $x {constant})"));
        }
        values.push(format!("(v128.bitselect $x {other} {constant})"));
        values.push(format!("(v128.bitselect {other} $x {constant})"));
        for operator in [
            "i32x4.mul",
            "i32x4.add",
            "i32x4.eq",
            "i64x2.mul",
            "i16x8.add_sat_u",
        ] {
            values.push(format!("({operator} $x {constant})"));
        }
        // What AVX-512 does under a mask.
        values.push(format!(
            "(v128.bitselect $x {constant} (i32x4.lt_s {other} {constant}))"
        ));
        values.push(format!(
            "(v128.bitselect $x {constant} (f32x4.lt {other} {constant}))"
        ));
        values.push(format!("(v128.and $x (i8x16.eq {other} {constant}))"));
        values.push(format!("(v128.and $x (i64x2.gt_s {other} {constant}))"));
    }
    for (wide, narrow) in [("i16x8", "i8x16"), ("i32x4", "i16x8"), ("i64x2", "i32x4")] {
        for half in ["low", "high"] {
            for sign in ["s", "u"] {
                values.push(format!("({wide}.extend_{half}_{narrow}_{sign} $x)"));
                values.push(format!("({wide}.extmul_{half}_{narrow}_{sign} $x {other})"));
            }
        }
    }
    for operator in [
        "i16x8.extadd_pairwise_i8x16_s",
        "i32x4.extadd_pairwise_i16x8_u",
        "f64x2.promote_low_f32x4",
        "f64x2.convert_low_i32x4_s",
        "f64x2.convert_low_i32x4_u",
        "f32x4.demote_f64x2_zero",
        "i32x4.trunc_sat_f64x2_s_zero",
        "f32x4.convert_i32x4_s",
        "i8x16.popcnt",
        "i16x8.abs",
        "f32x4.sqrt",
        "f64x2.neg",
    ] {
        values.push(format!("({operator} $x)"));
    }
    for operator in [
        "i8x16.narrow_i16x8_s",
        "i16x8.narrow_i32x4_u",
        "i32x4.dot_i16x8_s",
        "i8x16.avgr_u",
        "i8x16.min_u",
        "i16x8.q15mulr_sat_s",
        "f32x4.mul",
        "f64x2.max",
        "i8x16.swizzle",
        "i8x16.relaxed_swizzle",
        "i16x8.relaxed_q15mulr_s",
        "i16x8.relaxed_dot_i8x16_i7x16_s",
        "f32x4.relaxed_min",
        "f64x2.relaxed_max",
    ] {
        values.push(format!("({operator} $x {other})"));
        values.push(format!("({operator} {other} $x)"));
    }
    values.push("(i8x16.swizzle $x (v128.const i32x4 0 0 -1 -1))".to_owned());
    values.push("(i8x16.relaxed_swizzle $x (v128.const i32x4 0 0 -1 -1))".to_owned());
    for amount in [1, 7, 8, 15, 16, 31] {
        for operator in ["i8x16.shr_u", "i16x8.shl", "i32x4.shr_s", "i64x2.shr_u"] {
            values.push(format!("({operator} $x (i32.const {amount}))"));
        }
    }
    for bytes in [
        "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
        "0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7",
        "8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15",
        "0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23",
        "12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27",
        "0 1 2 3 20 21 22 23 24 25 26 27 28 29 30 31",
        "15 14 13 12 11 10 9 8 7 6 5 4 3 2 1 0",
    ] {
        values.push(format!("(i8x16.shuffle {bytes} $x {other})"));
        values.push(format!("(i8x16.shuffle {bytes} $x (v128.const i64x2 0 0))"));
    }
    values.push(format!("(select $x {other} (local.get $b))"));
    values.push("(select $x (v128.const i64x2 0 0) (local.get $b))".to_owned());
    values.push("(i8x16.replace_lane 15 $x (local.get $b))".to_owned());
    values.push("(i64x2.replace_lane 1 $x (i64.const 0))".to_owned());
    values.push("(f32x4.replace_lane 0 $x (f32.const 0))".to_owned());
    for value in values {
        all.push(format!("(v128.store (i32.const 64) {value}) (i32.const 0)"));
        all.push(format!(
            "(v128.store32_lane 0 (i32.const 64) {value}) (i32.const 0)"
        ));
    }
    all
}

/// The loads: operator, type of the value, bytes. `~` stands for the address.
fn loads(simd: bool) -> Vec<(String, Type, u64)> {
    let mut loads = Vec::new();
    for (operator, ty, bytes) in [
        ("i32.load", Type::I32, 4),
        ("i32.load8_s", Type::I32, 1),
        ("i32.load8_u", Type::I32, 1),
        ("i32.load16_s", Type::I32, 2),
        ("i32.load16_u", Type::I32, 2),
        ("i64.load", Type::I64, 8),
        ("i64.load8_s", Type::I64, 1),
        ("i64.load8_u", Type::I64, 1),
        ("i64.load16_s", Type::I64, 2),
        ("i64.load16_u", Type::I64, 2),
        ("i64.load32_s", Type::I64, 4),
        ("i64.load32_u", Type::I64, 4),
        ("f32.load", Type::F32, 4),
        ("f64.load", Type::F64, 8),
    ] {
        loads.push((format!("({operator} ~)"), ty, bytes));
    }
    if !simd {
        return loads;
    }
    for (operator, bytes) in [
        ("load", 16),
        ("load8x8_s", 8),
        ("load8x8_u", 8),
        ("load16x4_s", 8),
        ("load16x4_u", 8),
        ("load32x2_s", 8),
        ("load32x2_u", 8),
        ("load8_splat", 1),
        ("load16_splat", 2),
        ("load32_splat", 4),
        ("load64_splat", 8),
        ("load32_zero", 4),
        ("load64_zero", 8),
    ] {
        loads.push((format!("(v128.{operator} ~)"), Type::V128, bytes));
    }
    for (bits, lane) in [(8, 15), (16, 0), (32, 1), (64, 1)] {
        let operator = format!("(v128.load{bits}_lane {lane} ~ (v128.load (i32.const 128)))");
        loads.push((operator, Type::V128, bits / 8));
    }
    loads
}

/// Loops that start at `$a`: their first round loads from there. `SUM` combines `(local.get $sum)` and
/// the loaded value, `RESULT` is the result.
const LOOP: &str = "
    (loop $again
      (local.set $SUMTYPE SUM)
      (local.set $a (i32.add (local.get $a) (i32.const STEP)))
      (br_if $again (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
        (i32.const ROUNDS))))
    RESULT";

fn loops() -> Vec<Function> {
    let mut functions = Vec::new();
    let sums = [
        (
            "i32",
            "(i32.add (local.get $i32) (LOAD))",
            "(local.get $i32)",
        ),
        (
            "i32",
            "(i32.add (local.get $i32) (LOAD))",
            "(i32.and (local.get $i32) (i32.const 255))",
        ),
        ("i32", "(i32.add (local.get $i32) (LOAD))", "(i32.const 0)"),
        (
            "i32",
            "(i32.xor (local.get $i32) (i32.and (LOAD) (i32.const 255)))",
            "(local.get $i32)",
        ),
        (
            "i32",
            "(i32.mul (local.get $i) (i32.add (local.get $i32) (LOAD)))",
            "(local.get $i32)",
        ),
        ("i32", "(LOAD)", "(local.get $i32)"),
        (
            "i64",
            "(i64.add (local.get $i64) (LOAD))",
            "(i32.wrap_i64 (local.get $i64))",
        ),
        (
            "i64",
            "(i64.add (local.get $i64) (LOAD))",
            "(i64.eqz (local.get $i64))",
        ),
        (
            "i64",
            "(i64.or (local.get $i64) (i64.shr_u (LOAD) (i64.const 8)))",
            "(i32.wrap_i64 (local.get $i64))",
        ),
        (
            "f64",
            "(f64.add (local.get $f64) (LOAD))",
            "(i32.trunc_sat_f64_s (local.get $f64))",
        ),
        (
            "f32",
            "(f32.max (local.get $f32) (LOAD))",
            "(i32.reinterpret_f32 (local.get $f32))",
        ),
    ];
    for (load, ty, bytes) in loads(false) {
        for (sum_type, sum, result) in sums {
            if sum_type != ty.name() {
                continue;
            }
            for rounds in [2, 64] {
                let load = load.replace('~', "(local.get $a)");
                let body = LOOP
                    .replace("RESULT", result)
                    .replace("SUMTYPE", sum_type)
                    .replace("SUM", sum)
                    .replace("(LOAD)", &load)
                    .replace("STEP", &bytes.to_string())
                    .replace("ROUNDS", &rounds.to_string());
                functions.push(Function {
                    name: format!("{rounds} rounds of {sum} with {load}, then {result}"),
                    body,
                    bytes: 0..bytes,
                });
            }
        }
        // A loop that does nothing but look for something.
        if matches!(ty, Type::I32 | Type::I64) {
            let load = load.replace('~', "(local.get $a)");
            let ty = ty.name();
            let body = format!(
                "(block $found
                   (loop $again
                     (br_if $found (i32.eqz ({ty}.eqz {load})))
                     (local.set $a (i32.add (local.get $a) (i32.const {bytes})))
                     (br_if $again (i32.lt_u
                       (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 64)))))
                 (i32.const 0)"
            );
            functions.push(Function {
                name: format!("search with {load}"),
                body,
                bytes: 0..bytes,
            });
        }
    }
    functions
}

/// Words changed in place, stores, and accesses of the same or neighbouring bytes.
fn pairs(simd: bool) -> Vec<Function> {
    let mut functions = Vec::new();
    let mut add = |body: &str, bytes: Range<u64>| {
        functions.push(Function {
            name: body.to_owned(),
            body: format!("{} (i32.const 0)", body.replace('~', "(local.get $a)")),
            bytes,
        });
    };
    for (ty, width, masks) in [
        (
            "i32",
            "",
            [
                255,
                !255,
                0xff00,
                0xffff,
                !0xffff,
                0x8000_0000_u32.into(),
                0,
                1_i64,
            ],
        ),
        ("i32", "16", [255, !255, 0xff00, 0x8000, 0xffff, 0, 1, 2]),
        ("i32", "8", [15, 255, 1, 128, 0, 2, 4, 8]),
        (
            "i64",
            "",
            [
                255,
                !255,
                0xffff_ffff,
                !0xffff_ffff,
                !0xffff,
                0xff << 32,
                1 << 62,
                1,
            ],
        ),
        ("i64", "32", [255, 0xff00, 0xffff, 0xffff_0000, 1, 0, 2, 4]),
    ] {
        let (load, bytes) = match (ty, width) {
            (_, "8") => ("load8_u", 1),
            (_, "16") => ("load16_u", 2),
            (_, "32") => ("load32_u", 4),
            ("i64", _) => ("load", 8),
            _ => ("load", 4),
        };
        for mask in masks {
            for operator in ["and", "or", "xor", "add", "sub"] {
                let value = format!("({ty}.{operator} ({ty}.{load} ~) ({ty}.const {mask}))");
                add(&format!("({ty}.store{width} ~ {value})"), 0..bytes);
            }
        }
        for value in [
            format!("({ty}.or ({ty}.and ({ty}.{load} ~) ({ty}.const -256)) ({ty}.const 7))"),
            format!(
                "({ty}.or ({ty}.and ({ty}.{load} ~) ({ty}.const -256)) ({ty}.load8_u (i32.const 9)))"
            ),
            format!("({ty}.rotl ({ty}.{load} ~) ({ty}.const 8))"),
            format!("({ty}.{load} ~)"),
            format!("({ty}.const 0)"),
            format!("({ty}.const -1)"),
            format!("({ty}.load (i32.const 9))"),
            format!("({ty}.shr_u ({ty}.load (i32.const 9)) ({ty}.const 8))"),
        ] {
            add(&format!("({ty}.store{width} ~ {value})"), 0..bytes);
        }
        // Overwritten at once.
        add(
            &format!("({ty}.store{width} ~ ({ty}.const 1)) ({ty}.store{width} ~ ({ty}.const 2))"),
            0..bytes,
        );
        add(
            &format!("({ty}.store{width} ~ ({ty}.const 1)) (i32.store8 ~ (i32.const 2))"),
            0..bytes,
        );
        add(
            &format!("(i32.store8 ~ (i32.const 2)) ({ty}.store{width} ~ ({ty}.const 1))"),
            0..bytes,
        );
        add(
            &format!("(drop ({ty}.{load} ~)) ({ty}.store{width} ~ ({ty}.const 1))"),
            0..bytes,
        );
    }
    for (first, second, bytes) in [
        ("i64.load", "i32.load", 8),
        ("i64.load", "i32.load8_u", 8),
        ("i32.load", "i32.load16_u", 4),
        ("i32.load8_u", "i64.load", 8),
        ("f64.load", "i32.load", 8),
        ("i64.load", "f64.load", 8),
        ("i32.load", "f32.load", 4),
        ("i64.load", "f32.load", 8),
    ] {
        let ty = &second[..3];
        add(
            &format!("(drop ({first} ~)) ({ty}.store (i32.const 64) ({second} ~))"),
            0..bytes,
        );
        let ty = &first[..3];
        add(
            &format!("({ty}.store (i32.const 64) ({first} ~)) (drop ({second} ~))"),
            0..bytes,
        );
    }
    for (load, ty, bytes) in [
        ("i32.load8_u", "i32", 1),
        ("i32.load16_u", "i32", 2),
        ("i32.load", "i32", 4),
        ("i64.load32_u", "i64", 4),
        ("i64.load", "i64", 8),
        ("f32.load", "f32", 4),
        ("f64.load", "f64", 8),
    ] {
        let second = format!("({load} offset={bytes} ~)");
        add(&format!("(drop ({load} ~)) (drop {second})"), 0..2 * bytes);
        add(
            &format!("(drop ({load} ~)) ({ty}.store (i32.const 64) {second})"),
            0..2 * bytes,
        );
        add(
            &format!("({ty}.store (i32.const 64) ({ty}.add {second} ({load} ~)))"),
            0..2 * bytes,
        );
        if ty.starts_with('i') {
            let shift = 8 * bytes % 64;
            let whole = format!("({ty}.or ({load} ~) ({ty}.shl {second} ({ty}.const {shift})))");
            add(
                &format!("({ty}.store (i32.const 64) {whole})"),
                0..2 * bytes,
            );
            add(
                &format!(
                    "(i32.store8 (i32.const 64) {})",
                    if ty == "i64" {
                        format!("(i32.wrap_i64 {whole})")
                    } else {
                        whole
                    }
                ),
                0..2 * bytes,
            );
        }
        add(
            &format!("({ty}.store ~ ({ty}.const 1)) ({ty}.store offset={bytes} ~ ({ty}.const 2))"),
            0..2 * bytes,
        );
        add(
            &format!(
                "({ty}.store (i32.const 64) ({load} ~)) ({ty}.store offset={bytes} (i32.const 64) {second})"
            ),
            0..2 * bytes,
        );
    }
    for (ty, bytes) in [("f32", 4), ("f64", 8)] {
        for value in ["0", "1", "nan"] {
            add(&format!("({ty}.store ~ ({ty}.const {value}))"), 0..bytes);
        }
        // One instruction changes the sign in place. It accesses the last byte only, and that is the
        // one whose trap counts.
        for operator in ["neg", "abs"] {
            let value = format!("({ty}.{operator} ({ty}.load ~))");
            add(&format!("({ty}.store ~ {value})"), bytes - 1..bytes);
        }
    }
    if simd {
        let load = "(v128.load ~)";
        for value in [
            "(v128.const i64x2 0 0)".to_owned(),
            "(v128.const i32x4 1 2 3 4)".to_owned(),
            load.to_owned(),
            format!("(v128.and {load} (v128.const i64x2 -1 0))"),
            format!("(v128.or {load} (v128.const i64x2 0 -1))"),
            format!("(i8x16.replace_lane 0 {load} (i32.const 7))"),
            format!("(i32x4.replace_lane 3 {load} (local.get $b))"),
            format!("(i64x2.replace_lane 0 {load} (i64.const 7))"),
            format!("(v128.bitselect {load} (v128.const i64x2 0 0) (v128.const i64x2 -1 0))"),
            "(i32x4.splat (local.get $b))".to_owned(),
            format!(
                "(v128.bitselect {load} (v128.load (i32.const 128))
                 (i32x4.lt_s (v128.load (i32.const 128)) (v128.const i64x2 0 0)))"
            ),
        ] {
            add(&format!("(v128.store ~ {value})"), 0..16);
        }
        for (bits, lane) in [
            (8, 0),
            (8, 15),
            (16, 0),
            (16, 7),
            (32, 0),
            (32, 3),
            (64, 0),
            (64, 1),
        ] {
            let value = "(v128.load (i32.const 128))";
            add(
                &format!("(v128.store{bits}_lane {lane} ~ {value})"),
                0..bits / 8,
            );
            add(&format!("(v128.store{bits}_lane {lane} ~ {load})"), 0..16);
        }
    }
    functions
}

/// All functions, with or without vectors.
pub fn all(simd: bool) -> Vec<Function> {
    let mut functions = Vec::new();
    let mut offset = 0;
    for (load, ty, bytes) in loads(simd) {
        let load = load.replace('~', "(local.get $a)");
        // The loads of vectors that do more than load 16 bytes share the uses among them.
        let every = if ty == Type::V128 && bytes < 16 { 8 } else { 1 };
        offset += 1;
        for used in ty.uses().into_iter().skip(offset % every).step_by(every) {
            functions.push(Function {
                name: used.replace("$x", &load),
                body: used.replace("$x", &load),
                bytes: 0..bytes,
            });
        }
    }
    functions.extend(loops());
    functions.extend(pairs(simd));
    functions
}

/// A module that exports `functions`, in their order.
pub fn module(functions: &[Function]) -> Vec<u8> {
    let mut text = String::from("(module (memory 1)");
    for (number, function) in functions.iter().enumerate() {
        let vector = match function.body.contains("$v128") {
            true => "(local $v128 v128)",
            false => "",
        };
        text += &format!(
            "(func (export \"{number}\") (param $a i32) (param $b i32) (result i32)
               (local $i i32) (local $i32 i32) (local $i64 i64) (local $f32 f32) (local $f64 f64)
               {vector} {})\n",
            function.body
        );
    }
    text.push(')');
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}"))
}

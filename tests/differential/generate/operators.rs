//! The operators that generated programs are made of, by what they give.
//!
//! Two tables. In the one, everything is exact: floats and vectors are bits that are moved around.
//! In the other floats are calculated with, and a NaN may have any sign and payload; so nothing in
//! it lets these be seen: bits are looked at through a mask that leaves exponent and quiet bit,
//! and vectors are known by what their lanes are.

use Ty::{F32, F32x4, F64, F64x2, I32, I64, V128};

/// Types of values, vectors told apart by their lanes where that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ty {
    I32,
    I64,
    F32,
    F64,
    /// Plain bits.
    V128,
    F32x4,
    F64x2,
}

impl Ty {
    /// As the text format has it.
    pub fn name(self) -> &'static str {
        match self {
            I32 => "i32",
            I64 => "i64",
            F32 => "f32",
            F64 => "f64",
            V128 | F32x4 | F64x2 => "v128",
        }
    }
}

/// Instructions that take values of these types and leave one.
pub struct Operator {
    pub text: &'static str,
    pub operands: &'static [Ty],
}

pub const fn op(text: &'static str, operands: &'static [Ty]) -> Operator {
    Operator { text, operands }
}

pub const EXACT_TYPES: &[Ty] = &[I32, I32, I32, I64, F32, F64, V128];
pub const FLOAT_TYPES: &[Ty] = &[F32, F32, F64, F64, I32, I64, F32x4, F64x2];

/// What gives a value of `ty`.
pub fn operators(ty: Ty, floats: bool) -> &'static [Operator] {
    match (ty, floats) {
        (I32, false) => EXACT_I32,
        (I64, false) => EXACT_I64,
        (F32, false) => EXACT_F32,
        (F64, false) => EXACT_F64,
        (I32, true) => FLOAT_I32,
        (I64, true) => FLOAT_I64,
        (F32, true) => FLOAT_F32,
        (F64, true) => FLOAT_F64,
        (V128, _) => EXACT_V128,
        (F32x4, _) => FLOAT_F32X4,
        (F64x2, _) => FLOAT_F64X2,
    }
}

const EXACT_I32: &[Operator] = &[
    op("i32.add", &[I32, I32]),
    op("i32.sub", &[I32, I32]),
    op("i32.mul", &[I32, I32]),
    op("i32.and", &[I32, I32]),
    op("i32.or", &[I32, I32]),
    op("i32.xor", &[I32, I32]),
    op("i32.shl", &[I32, I32]),
    op("i32.shr_s", &[I32, I32]),
    op("i32.shr_u", &[I32, I32]),
    op("i32.rotl", &[I32, I32]),
    op("i32.rotr", &[I32, I32]),
    op("i32.div_s", &[I32, I32]),
    op("i32.rem_u", &[I32, I32]),
    op("i32.rem_s", &[I32, I32]),
    op("i32.const 0 i32.mul", &[I32]),
    op("i32.const 0 i32.and", &[I32]),
    op("i32.const -1 i32.or", &[I32]),
    op("i32.const 1 i32.rem_u", &[I32]),
    op("i32.const 8 i32.shr_u i32.const 0xff000000 i32.and", &[I32]),
    op("i32.eqz", &[I32]),
    op("i32.clz", &[I32]),
    op("i32.ctz", &[I32]),
    op("i32.popcnt", &[I32]),
    op("i32.extend8_s", &[I32]),
    op("i32.extend16_s", &[I32]),
    op("i32.eq", &[I32, I32]),
    op("i32.lt_s", &[I32, I32]),
    op("i32.gt_u", &[I32, I32]),
    op("i32.le_u", &[I32, I32]),
    op("i32.ge_s", &[I32, I32]),
    op("i64.eqz", &[I64]),
    op("i64.lt_u", &[I64, I64]),
    op("i64.ne", &[I64, I64]),
    op("i32.wrap_i64", &[I64]),
    op("i32.reinterpret_f32", &[F32]),
    op("f32.lt", &[F32, F32]),
    op("f64.eq", &[F64, F64]),
    op("i32.trunc_sat_f64_s", &[F64]),
    op("i32.trunc_f32_u", &[F32]),
    op("i32x4.extract_lane 2", &[V128]),
    op("i8x16.extract_lane_s 15", &[V128]),
    op("i16x8.extract_lane_u 3", &[V128]),
    op("v128.any_true", &[V128]),
    op("i16x8.all_true", &[V128]),
    op("i8x16.bitmask", &[V128]),
    op("select", &[I32, I32, I32]),
];

const EXACT_I64: &[Operator] = &[
    op("i64.add", &[I64, I64]),
    op("i64.sub", &[I64, I64]),
    op("i64.mul", &[I64, I64]),
    op("i64.add128 i64.xor", &[I64, I64, I64, I64]),
    op("i64.sub128 i64.xor", &[I64, I64, I64, I64]),
    op("i64.mul_wide_s i64.xor", &[I64, I64]),
    op("i64.mul_wide_u i64.add", &[I64, I64]),
    op("i64.and", &[I64, I64]),
    op("i64.or", &[I64, I64]),
    op("i64.xor", &[I64, I64]),
    op("i64.shl", &[I64, I64]),
    op("i64.shr_s", &[I64, I64]),
    op("i64.shr_u", &[I64, I64]),
    op("i64.rotl", &[I64, I64]),
    op("i64.div_u", &[I64, I64]),
    op("i64.rem_s", &[I64, I64]),
    op("i64.const 0 i64.mul", &[I64]),
    op("i64.clz", &[I64]),
    op("i64.ctz", &[I64]),
    op("i64.popcnt", &[I64]),
    op("i64.extend32_s", &[I64]),
    op("i64.extend_i32_s", &[I32]),
    op("i64.extend_i32_u", &[I32]),
    op("i64.reinterpret_f64", &[F64]),
    op("i64x2.extract_lane 1", &[V128]),
    op("select", &[I64, I64, I32]),
];

const EXACT_F32: &[Operator] = &[
    op("f32.abs", &[F32]),
    op("f32.neg", &[F32]),
    op("f32.copysign", &[F32, F32]),
    op("f32.reinterpret_i32", &[I32]),
    op("f32.convert_i32_s", &[I32]),
    op("f32.convert_i64_u", &[I64]),
    op("f32x4.extract_lane 1", &[V128]),
    op("select", &[F32, F32, I32]),
];

const EXACT_F64: &[Operator] = &[
    op("f64.abs", &[F64]),
    op("f64.neg", &[F64]),
    op("f64.copysign", &[F64, F64]),
    op("f64.reinterpret_i64", &[I64]),
    op("f64.convert_i32_u", &[I32]),
    op("f64.convert_i64_s", &[I64]),
    op("f64x2.extract_lane 0", &[V128]),
    op("select", &[F64, F64, I32]),
];

const EXACT_V128: &[Operator] = &[
    op("i8x16.splat", &[I32]),
    op("i32x4.splat", &[I32]),
    op("i64x2.splat", &[I64]),
    op("f32x4.splat", &[F32]),
    op("i32x4.replace_lane 3", &[V128, I32]),
    op("i16x8.replace_lane 6", &[V128, I32]),
    op("i8x16.add", &[V128, V128]),
    op("i16x8.mul", &[V128, V128]),
    op("i32x4.sub", &[V128, V128]),
    op("i64x2.mul", &[V128, V128]),
    op("i8x16.add_sat_s", &[V128, V128]),
    op("i16x8.sub_sat_u", &[V128, V128]),
    op("i8x16.avgr_u", &[V128, V128]),
    op("i16x8.q15mulr_sat_s", &[V128, V128]),
    op("i32x4.dot_i16x8_s", &[V128, V128]),
    op("i16x8.extmul_high_i8x16_u", &[V128, V128]),
    op("i64x2.extmul_low_i32x4_s", &[V128, V128]),
    op("i16x8.extadd_pairwise_i8x16_s", &[V128]),
    op("i8x16.narrow_i16x8_u", &[V128, V128]),
    op("i16x8.narrow_i32x4_s", &[V128, V128]),
    op("i32x4.extend_high_i16x8_s", &[V128]),
    op("i8x16.shl", &[V128, I32]),
    op("i16x8.shr_s", &[V128, I32]),
    op("i64x2.shr_u", &[V128, I32]),
    op("v128.and", &[V128, V128]),
    op("v128.andnot", &[V128, V128]),
    op("v128.xor", &[V128, V128]),
    op("v128.not", &[V128]),
    op("v128.bitselect", &[V128, V128, V128]),
    op("i8x16.swizzle", &[V128, V128]),
    // The other engine has the results of the deterministic profile, as the compiler is told to have, but wraps
    // sums of products that are too large. No sum is, if the second operand has no highest bits.
    op("i8x16.relaxed_swizzle", &[V128, V128]),
    op("i8x16.relaxed_laneselect", &[V128, V128, V128]),
    op("i16x8.relaxed_laneselect", &[V128, V128, V128]),
    op("i32x4.relaxed_laneselect", &[V128, V128, V128]),
    op("i64x2.relaxed_laneselect", &[V128, V128, V128]),
    op("i16x8.relaxed_q15mulr_s", &[V128, V128]),
    op(
        "v128.const i64x2 0x7f7f7f7f7f7f7f7f 0x7f7f7f7f7f7f7f7f v128.and \
         i16x8.relaxed_dot_i8x16_i7x16_s",
        &[V128, V128],
    ),
    op("i32x4.relaxed_trunc_f32x4_s", &[V128]),
    op("i32x4.relaxed_trunc_f64x2_s_zero", &[V128]),
    op("i32x4.relaxed_trunc_f64x2_u_zero", &[V128]),
    op(
        "i8x16.shuffle 0 17 2 19 31 30 29 28 4 4 4 4 15 14 13 12",
        &[V128, V128],
    ),
    op("i8x16.popcnt", &[V128]),
    op("i8x16.min_u", &[V128, V128]),
    op("i32x4.max_s", &[V128, V128]),
    op("i16x8.abs", &[V128]),
    op("i64x2.neg", &[V128]),
    op("i8x16.lt_s", &[V128, V128]),
    op("i32x4.ge_u", &[V128, V128]),
    op("i64x2.gt_s", &[V128, V128]),
    op("f32x4.lt", &[V128, V128]),
    op("f64x2.ne", &[V128, V128]),
    op("f32x4.abs", &[V128]),
    op("f64x2.neg", &[V128]),
    op("f32x4.pmin", &[V128, V128]),
    op("f64x2.pmax", &[V128, V128]),
    op("f32x4.convert_i32x4_u", &[V128]),
    op("f64x2.convert_low_i32x4_s", &[V128]),
    op("i32x4.trunc_sat_f32x4_u", &[V128]),
    op("i32x4.relaxed_trunc_f32x4_u", &[V128]),
    op("i32x4.trunc_sat_f64x2_s_zero", &[V128]),
    op("select", &[V128, V128, I32]),
];

const FLOAT_I32: &[Operator] = &[
    op("i32.reinterpret_f32 i32.const 0x7fc00000 i32.and", &[F32]),
    op("i32.reinterpret_f32 i32.const 0x7fc00000 i32.and", &[F32]),
    op("i32.reinterpret_f32 i32.const 0x7fc00000 i32.and", &[F32]),
    op("f32.eq", &[F32, F32]),
    op("f32.lt", &[F32, F32]),
    op("f32.ge", &[F32, F32]),
    op("f64.ne", &[F64, F64]),
    op("f64.gt", &[F64, F64]),
    op("f64.le", &[F64, F64]),
    op("i32.trunc_sat_f32_s", &[F32]),
    op("i32.trunc_sat_f32_u", &[F32]),
    op("i32.trunc_sat_f64_s", &[F64]),
    op("i32.trunc_sat_f64_u", &[F64]),
    op("i32.trunc_f32_s", &[F32]),
    op("i32.trunc_f64_u", &[F64]),
    op("f32x4.lt i32x4.bitmask", &[F32x4, F32x4]),
    op("f64x2.ge i64x2.bitmask", &[F64x2, F64x2]),
    op("i32x4.trunc_sat_f32x4_s i32x4.extract_lane 1", &[F32x4]),
    op("i32x4.trunc_sat_f32x4_u i32x4.extract_lane 3", &[F32x4]),
    op(
        "i32x4.trunc_sat_f64x2_u_zero i32x4.extract_lane 1",
        &[F64x2],
    ),
    op("i32.add", &[I32, I32]),
    op("i32.and", &[I32, I32]),
    op("select", &[I32, I32, I32]),
];

const FLOAT_I64: &[Operator] = &[
    op(
        "i64.reinterpret_f64 i64.const 0x7ff8000000000000 i64.and",
        &[F64],
    ),
    op(
        "i64.reinterpret_f64 i64.const 0x7ff8000000000000 i64.and",
        &[F64],
    ),
    op("i64.trunc_sat_f32_s", &[F32]),
    op("i64.trunc_sat_f64_u", &[F64]),
    op("i64.trunc_f64_s", &[F64]),
    op("i64.extend_i32_u", &[I32]),
    op("i64.add", &[I64, I64]),
];

const FLOAT_F32: &[Operator] = &[
    op("f32.add", &[F32, F32]),
    op("f32.sub", &[F32, F32]),
    op("f32.mul", &[F32, F32]),
    op("f32.div", &[F32, F32]),
    op("f32.min", &[F32, F32]),
    op("f32.max", &[F32, F32]),
    op("f32.sqrt", &[F32]),
    op("f32.ceil", &[F32]),
    op("f32.floor", &[F32]),
    op("f32.trunc", &[F32]),
    op("f32.nearest", &[F32]),
    op("f32.abs", &[F32]),
    op("f32.neg", &[F32]),
    op("f32.const 1 f32.mul", &[F32]),
    op("f32.const -1 f32.mul", &[F32]),
    op("f32.const 1 f32.div", &[F32]),
    op("f32.const -1 f32.div", &[F32]),
    op("f32.const 0 f32.sub", &[F32]),
    op("f32.const -0 f32.add", &[F32]),
    op("f32.const 0 f32.add", &[F32]),
    op("f32.const 2 f32.mul f32.const 0.5 f32.mul", &[F32]),
    op("f32.const -0 f32.copysign", &[F32]),
    op("f64.promote_f32 f32.demote_f64", &[F32]),
    op("f32.demote_f64", &[F64]),
    op("f32.convert_i32_s", &[I32]),
    op("f32.convert_i64_u", &[I64]),
    op("f32.reinterpret_i32", &[I32]),
    op("i32.const 0x3f800000 i32.or f32.reinterpret_i32", &[I32]),
    op("f32x4.extract_lane 0", &[F32x4]),
    op("f32x4.extract_lane 2", &[F32x4]),
    op("select", &[F32, F32, I32]),
];

const FLOAT_F64: &[Operator] = &[
    op("f64.add", &[F64, F64]),
    op("f64.sub", &[F64, F64]),
    op("f64.mul", &[F64, F64]),
    op("f64.div", &[F64, F64]),
    op("f64.min", &[F64, F64]),
    op("f64.max", &[F64, F64]),
    op("f64.sqrt", &[F64]),
    op("f64.ceil", &[F64]),
    op("f64.floor", &[F64]),
    op("f64.trunc", &[F64]),
    op("f64.nearest", &[F64]),
    op("f64.abs", &[F64]),
    op("f64.neg", &[F64]),
    op("f64.const 1 f64.mul", &[F64]),
    op("f64.const -1 f64.div", &[F64]),
    op("f64.const 0 f64.sub", &[F64]),
    op("f64.const -0 f64.add", &[F64]),
    op("f64.const 0 f64.add", &[F64]),
    op("f64.const -0 f64.copysign", &[F64]),
    op("f64.promote_f32", &[F32]),
    op("f64.convert_i32_u", &[I32]),
    op("f64.convert_i64_s", &[I64]),
    op("f64.reinterpret_i64", &[I64]),
    op("f64x2.extract_lane 0", &[F64x2]),
    op("f64x2.extract_lane 1", &[F64x2]),
    op("select", &[F64, F64, I32]),
];

const FLOAT_F32X4: &[Operator] = &[
    op("f32x4.splat", &[F32]),
    op("f32x4.replace_lane 2", &[F32x4, F32]),
    op("f32x4.add", &[F32x4, F32x4]),
    op("f32x4.sub", &[F32x4, F32x4]),
    op("f32x4.mul", &[F32x4, F32x4]),
    op("f32x4.div", &[F32x4, F32x4]),
    op("f32x4.min", &[F32x4, F32x4]),
    op("f32x4.max", &[F32x4, F32x4]),
    op("f32x4.relaxed_min", &[F32x4, F32x4]),
    op("f32x4.relaxed_max", &[F32x4, F32x4]),
    op("f32x4.pmin", &[F32x4, F32x4]),
    op("f32x4.pmax", &[F32x4, F32x4]),
    op("f32x4.sqrt", &[F32x4]),
    op("f32x4.ceil", &[F32x4]),
    op("f32x4.nearest", &[F32x4]),
    op("f32x4.abs", &[F32x4]),
    op("f32x4.neg", &[F32x4]),
    op("v128.const f32x4 1 1 1 1 f32x4.mul", &[F32x4]),
    op("v128.const f32x4 1 -1 1 1 f32x4.div", &[F32x4]),
    op("v128.const f32x4 0 0 0 0 f32x4.sub", &[F32x4]),
    op("v128.const f32x4 -0 -0 -0 -0 f32x4.add", &[F32x4]),
    op("f32x4.demote_f64x2_zero", &[F64x2]),
    op(
        "i8x16.shuffle 4 5 6 7 0 1 2 3 16 17 18 19 28 29 30 31",
        &[F32x4, F32x4],
    ),
    op("select", &[F32x4, F32x4, I32]),
];

const FLOAT_F64X2: &[Operator] = &[
    op("f64x2.splat", &[F64]),
    op("f64x2.replace_lane 1", &[F64x2, F64]),
    op("f64x2.add", &[F64x2, F64x2]),
    op("f64x2.sub", &[F64x2, F64x2]),
    op("f64x2.mul", &[F64x2, F64x2]),
    op("f64x2.div", &[F64x2, F64x2]),
    op("f64x2.min", &[F64x2, F64x2]),
    op("f64x2.max", &[F64x2, F64x2]),
    op("f64x2.relaxed_min", &[F64x2, F64x2]),
    op("f64x2.relaxed_max", &[F64x2, F64x2]),
    op("f64x2.pmin", &[F64x2, F64x2]),
    op("f64x2.pmax", &[F64x2, F64x2]),
    op("f64x2.sqrt", &[F64x2]),
    op("f64x2.floor", &[F64x2]),
    op("f64x2.trunc", &[F64x2]),
    op("f64x2.abs", &[F64x2]),
    op("f64x2.neg", &[F64x2]),
    op("v128.const f64x2 1 1 f64x2.mul", &[F64x2]),
    op("v128.const f64x2 1 1 f64x2.div", &[F64x2]),
    op("v128.const f64x2 0 0 f64x2.sub", &[F64x2]),
    op("v128.const f64x2 -0 -0 f64x2.add", &[F64x2]),
    op("f64x2.promote_low_f32x4", &[F32x4]),
    op(
        "i8x16.shuffle 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23",
        &[F64x2, F64x2],
    ),
    op("select", &[F64x2, F64x2, I32]),
];

/// Loads from memory.
pub fn loads(ty: Ty) -> &'static [&'static str] {
    match ty {
        I32 => &[
            "i32.load",
            "i32.load",
            "i32.load8_s",
            "i32.load8_u",
            "i32.load16_s",
            "i32.load16_u",
        ],
        I64 => &[
            "i64.load",
            "i64.load8_u",
            "i64.load16_s",
            "i64.load32_s",
            "i64.load32_u",
        ],
        F32 => &["f32.load"],
        F64 => &["f64.load"],
        V128 => &[
            "v128.load",
            "v128.load8_splat",
            "v128.load32_splat",
            "v128.load64_zero",
            "v128.load32_zero",
            "v128.load8x8_s",
            "v128.load32x2_u",
        ],
        F32x4 => &["v128.load", "v128.load32_splat", "v128.load64_zero"],
        F64x2 => &["v128.load", "v128.load64_splat", "v128.load64_zero"],
    }
}

/// Stores to memory: what stands between the value and it, if the other table is in use too.
pub fn stores(ty: Ty, floats: bool) -> &'static [&'static str] {
    match (ty, floats) {
        (I32, _) => &["i32.store", "i32.store8", "i32.store16"],
        (I64, _) => &["i64.store", "i64.store8", "i64.store16", "i64.store32"],
        (F32, false) => &["f32.store"],
        (F64, false) => &["f64.store"],
        (V128, _) => &["v128.store", "v128.store64_lane 1", "v128.store8_lane 5"],
        (F32, true) => &["i32.reinterpret_f32 i32.const 0x7fc00000 i32.and i32.store"],
        (F64, true) => &["i64.reinterpret_f64 i64.const 0x7ff8000000000000 i64.and i64.store"],
        (F32x4, _) => {
            &["v128.const i32x4 0x7fc00000 0x7fc00000 0x7fc00000 0x7fc00000 v128.and v128.store"]
        }
        (F64x2, _) => {
            &["v128.const i64x2 0x7ff8000000000000 0x7ff8000000000000 v128.and v128.store"]
        }
    }
}

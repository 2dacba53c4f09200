//! What functions are made of: loads, operators that use little of their operands, constants that
//! leave little of another operand.

use std::fmt::Write;

use crate::generate::operators::Ty::{self, F32, F64, I32, I64, V128};
use crate::generate::operators::{Operator, op};
use crate::random::Random;

/// A load, and how many bytes it takes.
pub type Load = (&'static str, isize);

pub fn loads(ty: Ty) -> &'static [Load] {
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
            ("v128.load8x8_s", 8),
            ("v128.load16x4_s", 8),
            ("v128.load16x4_u", 8),
            ("v128.load32x2_u", 8),
            ("v128.load32x2_s", 8),
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
pub const LANE_LOADS: [(&str, isize, usize); 4] = [
    ("v128.load8_lane", 1, 15),
    ("v128.load16_lane", 2, 3),
    ("v128.load32_lane", 4, 2),
    ("v128.load64_lane", 8, 0),
];

/// What uses a part of its operands, or all of them but for a constant operand.
pub fn operators(ty: Ty) -> &'static [Operator] {
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
    op("i64x2.bitmask", &[V128]),
    op("i16x8.bitmask", &[V128]),
    op("i8x16.all_true", &[V128]),
    op("i16x8.all_true", &[V128]),
    op("i32x4.all_true", &[V128]),
    op("i64x2.all_true", &[V128]),
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
    op("i16x8.extend_low_i8x16_s", &[V128]),
    op("i16x8.extend_low_i8x16_u", &[V128]),
    op("i32x4.extend_low_i16x8_s", &[V128]),
    op("i64x2.extend_low_i32x4_u", &[V128]),
    op("i32x4.extend_high_i16x8_u", &[V128]),
    op("f64x2.convert_low_i32x4_s", &[V128]),
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
    op("i8x16.shuffle", &[V128, V128]),
    op("i8x16.shuffle", &[V128, V128]),
    op("i8x16.shuffle", &[V128, V128]),
    op("i8x16.swizzle", &[V128, V128]),
    op("i8x16.swizzle", &[V128, V128]),
    op("i8x16.narrow_i16x8_s", &[V128, V128]),
    op("i8x16.narrow_i16x8_u", &[V128, V128]),
    op("i16x8.narrow_i32x4_s", &[V128, V128]),
    op("i16x8.narrow_i32x4_u", &[V128, V128]),
    op("i16x8.extend_low_i8x16_u", &[V128]),
    op("i32x4.extend_low_i16x8_s", &[V128]),
    op("i64x2.extend_low_i32x4_u", &[V128]),
    op("i16x8.extend_high_i8x16_u", &[V128]),
    op("i64x2.extend_high_i32x4_s", &[V128]),
    op("i16x8.extmul_low_i8x16_s", &[V128, V128]),
    op("i16x8.extmul_high_i8x16_u", &[V128, V128]),
    op("i32x4.extmul_low_i16x8_u", &[V128, V128]),
    op("i32x4.extmul_high_i16x8_s", &[V128, V128]),
    op("i64x2.extmul_low_i32x4_s", &[V128, V128]),
    op("i64x2.extmul_low_i32x4_u", &[V128, V128]),
    op("i64x2.extmul_high_i32x4_u", &[V128, V128]),
    op("i16x8.extadd_pairwise_i8x16_s", &[V128]),
    op("i16x8.extadd_pairwise_i8x16_u", &[V128]),
    op("i32x4.extadd_pairwise_i16x8_s", &[V128]),
    op("i32x4.extadd_pairwise_i16x8_u", &[V128]),
    op("i32x4.trunc_sat_f64x2_s_zero", &[V128]),
    op("i32x4.trunc_sat_f32x4_u", &[V128]),
    op("f32x4.convert_i32x4_s", &[V128]),
    op("f64x2.convert_low_i32x4_u", &[V128]),
    // Of a NaN, a mask leaves what the specification determines.
    op(
        "f64x2.promote_low_f32x4 v128.const i64x2 0x7ff8000000000000 0x7ff8000000000000 v128.and",
        &[V128],
    ),
    op(
        "f64x2.promote_low_f32x4 v128.const f64x2 1 -1 f64x2.lt",
        &[V128],
    ),
    op(
        "f32x4.demote_f64x2_zero v128.const i32x4 0x7fc00000 0x7fc00000 0x7fc00000 0x7fc00000 \
         v128.and",
        &[V128],
    ),
    op("f32x4.pmin", &[V128, V128]),
    op("f64x2.pmax", &[V128, V128]),
    op("f32x4.abs", &[V128]),
    op("f64x2.neg", &[V128]),
    op("f64x2.ge", &[V128, V128]),
    op("i8x16.add_sat_u", &[V128, V128]),
    op("i16x8.sub_sat_s", &[V128, V128]),
    op("i8x16.avgr_u", &[V128, V128]),
    op("i16x8.q15mulr_sat_s", &[V128, V128]),
    op("i8x16.popcnt", &[V128]),
    op("i64x2.abs", &[V128]),
    op("v128.not", &[V128]),
    op("i8x16.splat", &[I32]),
    op("i64x2.splat", &[I64]),
    op("i8x16.replace_lane 9", &[V128, I32]),
    op("i16x8.replace_lane 7", &[V128, I32]),
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

/// A shuffle of which the lanes often come from one operand, or from halves, only.
pub fn shuffle(random: &mut Random) -> String {
    let (first, count) = *random.pick(&[
        (0, 32),
        (0, 32),
        (0, 16),
        (16, 16),
        (0, 8),
        (8, 16),
        (24, 8),
    ]);
    let bytes = *random.pick(&[1, 1, 2, 4, 8]);
    let mut text = "i8x16.shuffle".to_owned();
    for _ in 0..16 / bytes {
        let lane = first + bytes * random.below(count / bytes);
        for byte in lane..lane + bytes {
            let _ = write!(text, " {byte}");
        }
    }
    text
}

pub const TYPES: [Ty; 8] = [I32, I32, I64, I64, F32, F64, V128, V128];

pub fn constant(random: &mut Random, ty: Ty) -> String {
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

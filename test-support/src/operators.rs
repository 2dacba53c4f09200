//! Tables of WebAssembly's operators, with their signatures and immediates. A test of `operators`
//! compares the tables with the list of the decoder.

/// Operators with the same signature.
pub struct Family {
    /// The types of the operands, in the text format, with spaces between them.
    pub params: &'static str,
    /// The type of the result in the text format, or nothing.
    pub result: &'static str,
    /// The operators with their immediates, in the text format. `, ` stands between two operators.
    pub operators: &'static str,
}

/// `select`, and all operators on numbers and on memory in version 1 of the specification, in the
/// sign extensions, in the saturating truncations, and in the bulk operations on memory.
pub const SCALAR: &[Family] = &[
    Family {
        params: "i32 i32",
        result: "i32",
        operators: "i32.add, i32.sub, i32.mul, i32.div_s, i32.div_u, i32.rem_s, i32.rem_u, i32.and, \
            i32.or, i32.xor, i32.shl, i32.shr_s, i32.shr_u, i32.rotl, i32.rotr",
    },
    Family {
        params: "i32 i32",
        result: "i32",
        operators: "i32.eq, i32.ne, i32.lt_s, i32.lt_u, i32.gt_s, i32.gt_u, i32.le_s, i32.le_u, \
            i32.ge_s, i32.ge_u",
    },
    Family {
        params: "i32",
        result: "i32",
        operators: "i32.clz, i32.ctz, i32.popcnt, i32.extend8_s, i32.extend16_s",
    },
    Family {
        params: "i32",
        result: "i32",
        operators: "i32.eqz",
    },
    Family {
        params: "i64 i64",
        result: "i64",
        operators: "i64.add, i64.sub, i64.mul, i64.div_s, i64.div_u, i64.rem_s, i64.rem_u, i64.and, \
            i64.or, i64.xor, i64.shl, i64.shr_s, i64.shr_u, i64.rotl, i64.rotr",
    },
    Family {
        params: "i64 i64",
        result: "i32",
        operators: "i64.eq, i64.ne, i64.lt_s, i64.lt_u, i64.gt_s, i64.gt_u, i64.le_s, i64.le_u, \
            i64.ge_s, i64.ge_u",
    },
    Family {
        params: "i64",
        result: "i64",
        operators: "i64.clz, i64.ctz, i64.popcnt, i64.extend8_s, i64.extend16_s, i64.extend32_s",
    },
    Family {
        params: "i64",
        result: "i32",
        operators: "i64.eqz",
    },
    Family {
        params: "f32 f32",
        result: "f32",
        operators: "f32.add, f32.sub, f32.mul, f32.div, f32.min, f32.max, f32.copysign",
    },
    Family {
        params: "f32 f32",
        result: "i32",
        operators: "f32.eq, f32.ne, f32.lt, f32.gt, f32.le, f32.ge",
    },
    Family {
        params: "f32",
        result: "f32",
        operators: "f32.abs, f32.neg, f32.ceil, f32.floor, f32.trunc, f32.nearest, f32.sqrt",
    },
    Family {
        params: "f64 f64",
        result: "f64",
        operators: "f64.add, f64.sub, f64.mul, f64.div, f64.min, f64.max, f64.copysign",
    },
    Family {
        params: "f64 f64",
        result: "i32",
        operators: "f64.eq, f64.ne, f64.lt, f64.gt, f64.le, f64.ge",
    },
    Family {
        params: "f64",
        result: "f64",
        operators: "f64.abs, f64.neg, f64.ceil, f64.floor, f64.trunc, f64.nearest, f64.sqrt",
    },
    Family {
        params: "f32",
        result: "i32",
        operators: "i32.trunc_f32_s, i32.trunc_f32_u, i32.trunc_sat_f32_s, i32.trunc_sat_f32_u, \
            i32.reinterpret_f32",
    },
    Family {
        params: "i32",
        result: "f32",
        operators: "f32.convert_i32_s, f32.convert_i32_u, f32.reinterpret_i32",
    },
    Family {
        params: "f32",
        result: "i64",
        operators: "i64.trunc_f32_s, i64.trunc_f32_u, i64.trunc_sat_f32_s, i64.trunc_sat_f32_u",
    },
    Family {
        params: "i64",
        result: "f32",
        operators: "f32.convert_i64_s, f32.convert_i64_u",
    },
    Family {
        params: "f64",
        result: "i32",
        operators: "i32.trunc_f64_s, i32.trunc_f64_u, i32.trunc_sat_f64_s, i32.trunc_sat_f64_u",
    },
    Family {
        params: "i32",
        result: "f64",
        operators: "f64.convert_i32_s, f64.convert_i32_u",
    },
    Family {
        params: "f64",
        result: "i64",
        operators: "i64.trunc_f64_s, i64.trunc_f64_u, i64.trunc_sat_f64_s, i64.trunc_sat_f64_u, \
            i64.reinterpret_f64",
    },
    Family {
        params: "i64",
        result: "f64",
        operators: "f64.convert_i64_s, f64.convert_i64_u, f64.reinterpret_i64",
    },
    Family {
        params: "i64",
        result: "i32",
        operators: "i32.wrap_i64",
    },
    Family {
        params: "i32",
        result: "i64",
        operators: "i64.extend_i32_s, i64.extend_i32_u",
    },
    Family {
        params: "f64",
        result: "f32",
        operators: "f32.demote_f64",
    },
    Family {
        params: "f32",
        result: "f64",
        operators: "f64.promote_f32",
    },
    Family {
        params: "i32",
        result: "i32",
        operators: "i32.load, i32.load8_s, i32.load8_u, i32.load16_s, i32.load16_u, memory.grow",
    },
    Family {
        params: "i32",
        result: "i64",
        operators: "i64.load, i64.load8_s, i64.load8_u, i64.load16_s, i64.load16_u, i64.load32_s, \
            i64.load32_u",
    },
    Family {
        params: "i32",
        result: "f32",
        operators: "f32.load",
    },
    Family {
        params: "i32",
        result: "f64",
        operators: "f64.load",
    },
    Family {
        params: "i32 i32",
        result: "",
        operators: "i32.store, i32.store8, i32.store16",
    },
    Family {
        params: "i32 i64",
        result: "",
        operators: "i64.store, i64.store8, i64.store16, i64.store32",
    },
    Family {
        params: "i32 f32",
        result: "",
        operators: "f32.store",
    },
    Family {
        params: "i32 f64",
        result: "",
        operators: "f64.store",
    },
    Family {
        params: "i32 i32 i32",
        result: "",
        operators: "memory.fill, memory.copy",
    },
    Family {
        params: "i32 i32 i32",
        result: "i32",
        operators: "select",
    },
    Family {
        params: "i64 i64 i32",
        result: "i64",
        operators: "select",
    },
    Family {
        params: "f32 f32 i32",
        result: "f32",
        operators: "select",
    },
    Family {
        params: "f64 f64 i32",
        result: "f64",
        operators: "select",
    },
];

/// All operators of the SIMD proposal.
pub const VECTOR: &[Family] = &[
    Family {
        params: "v128 v128",
        result: "v128",
        operators: "i8x16.eq, i8x16.ne, i8x16.lt_s, i8x16.gt_s, i8x16.le_s, i8x16.ge_s, i8x16.lt_u, \
            i8x16.gt_u, i8x16.le_u, i8x16.ge_u, i16x8.eq, i16x8.ne, i16x8.lt_s, i16x8.gt_s, \
            i16x8.le_s, i16x8.ge_s, i16x8.lt_u, i16x8.gt_u, i16x8.le_u, i16x8.ge_u, i32x4.eq, \
            i32x4.ne, i32x4.lt_s, i32x4.gt_s, i32x4.le_s, i32x4.ge_s, i32x4.lt_u, i32x4.gt_u, \
            i32x4.le_u, i32x4.ge_u, i64x2.eq, i64x2.ne, i64x2.lt_s, i64x2.gt_s, i64x2.le_s, \
            i64x2.ge_s, f32x4.eq, f32x4.ne, f32x4.lt, f32x4.gt, f32x4.le, f32x4.ge, f64x2.eq, \
            f64x2.ne, f64x2.lt, f64x2.gt, f64x2.le, f64x2.ge, v128.and, v128.andnot, v128.or, \
            v128.xor, i8x16.swizzle, i8x16.shuffle 0 31 1 30 2 29 3 28 4 27 5 26 6 25 7 24, \
            i8x16.add, i8x16.sub, i16x8.add, i16x8.sub, i32x4.add, i32x4.sub, i64x2.add, \
            i64x2.sub, i16x8.mul, i32x4.mul, i64x2.mul, i8x16.add_sat_s, i8x16.add_sat_u, \
            i8x16.sub_sat_s, i8x16.sub_sat_u, i8x16.avgr_u, i16x8.add_sat_s, i16x8.add_sat_u, \
            i16x8.sub_sat_s, i16x8.sub_sat_u, i16x8.avgr_u, i8x16.min_s, i8x16.min_u, \
            i8x16.max_s, i8x16.max_u, i16x8.min_s, i16x8.min_u, i16x8.max_s, i16x8.max_u, \
            i32x4.min_s, i32x4.min_u, i32x4.max_s, i32x4.max_u, i8x16.narrow_i16x8_s, \
            i8x16.narrow_i16x8_u, i16x8.narrow_i32x4_s, i16x8.narrow_i32x4_u, \
            i16x8.q15mulr_sat_s, i32x4.dot_i16x8_s, i16x8.extmul_low_i8x16_s, \
            i16x8.extmul_low_i8x16_u, i16x8.extmul_high_i8x16_s, i16x8.extmul_high_i8x16_u, \
            i32x4.extmul_low_i16x8_s, i32x4.extmul_low_i16x8_u, i32x4.extmul_high_i16x8_s, \
            i32x4.extmul_high_i16x8_u, i64x2.extmul_low_i32x4_s, i64x2.extmul_low_i32x4_u, \
            i64x2.extmul_high_i32x4_s, i64x2.extmul_high_i32x4_u, f32x4.add, f32x4.sub, \
            f32x4.mul, f32x4.div, f32x4.min, f32x4.max, f32x4.pmin, f32x4.pmax, f64x2.add, \
            f64x2.sub, f64x2.mul, f64x2.div, f64x2.min, f64x2.max, f64x2.pmin, f64x2.pmax",
    },
    Family {
        params: "v128",
        result: "v128",
        operators: "v128.not, i8x16.popcnt, i8x16.abs, i8x16.neg, i16x8.abs, i16x8.neg, i32x4.abs, \
            i32x4.neg, i64x2.abs, i64x2.neg, i16x8.extend_low_i8x16_s, i16x8.extend_low_i8x16_u, \
            i16x8.extend_high_i8x16_s, i16x8.extend_high_i8x16_u, i32x4.extend_low_i16x8_s, \
            i32x4.extend_low_i16x8_u, i32x4.extend_high_i16x8_s, i32x4.extend_high_i16x8_u, \
            i64x2.extend_low_i32x4_s, i64x2.extend_low_i32x4_u, i64x2.extend_high_i32x4_s, \
            i64x2.extend_high_i32x4_u, i16x8.extadd_pairwise_i8x16_s, \
            i16x8.extadd_pairwise_i8x16_u, i32x4.extadd_pairwise_i16x8_s, \
            i32x4.extadd_pairwise_i16x8_u, f32x4.abs, f32x4.neg, f32x4.sqrt, f32x4.ceil, \
            f32x4.floor, f32x4.trunc, f32x4.nearest, f64x2.abs, f64x2.neg, f64x2.sqrt, \
            f64x2.ceil, f64x2.floor, f64x2.trunc, f64x2.nearest, i32x4.trunc_sat_f32x4_s, \
            i32x4.trunc_sat_f32x4_u, i32x4.trunc_sat_f64x2_s_zero, i32x4.trunc_sat_f64x2_u_zero, \
            f32x4.convert_i32x4_s, f32x4.convert_i32x4_u, f64x2.convert_low_i32x4_s, \
            f64x2.convert_low_i32x4_u, f32x4.demote_f64x2_zero, f64x2.promote_low_f32x4",
    },
    Family {
        params: "v128 v128 v128",
        result: "v128",
        operators: "v128.bitselect",
    },
    Family {
        params: "v128 i32",
        result: "v128",
        operators: "i8x16.shl, i8x16.shr_s, i8x16.shr_u, i16x8.shl, i16x8.shr_s, i16x8.shr_u, i32x4.shl, \
            i32x4.shr_s, i32x4.shr_u, i64x2.shl, i64x2.shr_s, i64x2.shr_u, \
            i8x16.replace_lane 15, i16x8.replace_lane 7, i32x4.replace_lane 3",
    },
    Family {
        params: "v128",
        result: "i32",
        operators: "v128.any_true, i8x16.all_true, i8x16.bitmask, i16x8.all_true, i16x8.bitmask, \
            i32x4.all_true, i32x4.bitmask, i64x2.all_true, i64x2.bitmask, \
            i8x16.extract_lane_s 15, i8x16.extract_lane_u 15, i16x8.extract_lane_s 7, \
            i16x8.extract_lane_u 7, i32x4.extract_lane 3",
    },
    Family {
        params: "v128",
        result: "i64",
        operators: "i64x2.extract_lane 1",
    },
    Family {
        params: "v128 i64",
        result: "v128",
        operators: "i64x2.replace_lane 1",
    },
    Family {
        params: "i64",
        result: "v128",
        operators: "i64x2.splat",
    },
    Family {
        params: "v128",
        result: "f32",
        operators: "f32x4.extract_lane 1",
    },
    Family {
        params: "v128 f32",
        result: "v128",
        operators: "f32x4.replace_lane 1",
    },
    Family {
        params: "f32",
        result: "v128",
        operators: "f32x4.splat",
    },
    Family {
        params: "v128",
        result: "f64",
        operators: "f64x2.extract_lane 1",
    },
    Family {
        params: "v128 f64",
        result: "v128",
        operators: "f64x2.replace_lane 1",
    },
    Family {
        params: "f64",
        result: "v128",
        operators: "f64x2.splat",
    },
    Family {
        params: "i32",
        result: "v128",
        operators: "i8x16.splat, i16x8.splat, i32x4.splat, v128.load, v128.load8x8_s, v128.load8x8_u, \
            v128.load16x4_s, v128.load16x4_u, v128.load32x2_s, v128.load32x2_u, \
            v128.load8_splat, v128.load16_splat, v128.load32_splat, v128.load64_splat, \
            v128.load32_zero, v128.load64_zero",
    },
    Family {
        params: "i32 v128",
        result: "v128",
        operators: "v128.load8_lane 1, v128.load16_lane 1, v128.load32_lane 1, v128.load64_lane 1",
    },
    Family {
        params: "i32 v128",
        result: "",
        operators: "v128.store, v128.store8_lane 1, v128.store16_lane 1, v128.store32_lane 1, \
            v128.store64_lane 1",
    },
    Family {
        params: "",
        result: "v128",
        operators: "v128.const i64x2 1 -1",
    },
];

/// All operators of the relaxed SIMD proposal.
pub const RELAXED: &[Family] = &[
    Family {
        params: "v128 v128",
        result: "v128",
        operators: "i8x16.relaxed_swizzle, f32x4.relaxed_min, f32x4.relaxed_max, f64x2.relaxed_min, \
            f64x2.relaxed_max, i16x8.relaxed_q15mulr_s, i16x8.relaxed_dot_i8x16_i7x16_s",
    },
    Family {
        params: "v128",
        result: "v128",
        operators: "i32x4.relaxed_trunc_f32x4_s, i32x4.relaxed_trunc_f32x4_u, \
            i32x4.relaxed_trunc_f64x2_s_zero, i32x4.relaxed_trunc_f64x2_u_zero",
    },
    Family {
        params: "v128 v128 v128",
        result: "v128",
        operators: "f32x4.relaxed_madd, f32x4.relaxed_nmadd, f64x2.relaxed_madd, f64x2.relaxed_nmadd, \
            i8x16.relaxed_laneselect, i16x8.relaxed_laneselect, i32x4.relaxed_laneselect, \
            i64x2.relaxed_laneselect, i32x4.relaxed_dot_i8x16_i7x16_add_s",
    },
];

/// All operators of the wide-arithmetic proposal, each with an operator that joins the two results.
pub const WIDE: &[Family] = &[
    Family {
        params: "i64 i64 i64 i64",
        result: "i64",
        operators: "i64.add128 i64.xor, i64.sub128 i64.xor",
    },
    Family {
        params: "i64 i64",
        result: "i64",
        operators: "i64.mul_wide_s i64.xor, i64.mul_wide_u i64.xor",
    },
];

/// All operators of the threads proposal.
pub const ATOMIC: &[Family] = &[
    Family {
        params: "i32",
        result: "i32",
        operators: "i32.atomic.load8_u, i32.atomic.load16_u, i32.atomic.load",
    },
    Family {
        params: "i32 i32",
        result: "",
        operators: "i32.atomic.store8, i32.atomic.store16, i32.atomic.store",
    },
    Family {
        params: "i32 i32",
        result: "i32",
        operators: "i32.atomic.rmw8.add_u, i32.atomic.rmw16.add_u, i32.atomic.rmw.add, \
            i32.atomic.rmw8.sub_u, i32.atomic.rmw16.sub_u, i32.atomic.rmw.sub, \
            i32.atomic.rmw8.and_u, i32.atomic.rmw16.and_u, i32.atomic.rmw.and, \
            i32.atomic.rmw8.or_u, i32.atomic.rmw16.or_u, i32.atomic.rmw.or, \
            i32.atomic.rmw8.xor_u, i32.atomic.rmw16.xor_u, i32.atomic.rmw.xor, \
            i32.atomic.rmw8.xchg_u, i32.atomic.rmw16.xchg_u, i32.atomic.rmw.xchg",
    },
    Family {
        params: "i32 i32 i32",
        result: "i32",
        operators: "i32.atomic.rmw8.cmpxchg_u, i32.atomic.rmw16.cmpxchg_u, i32.atomic.rmw.cmpxchg",
    },
    Family {
        params: "i32",
        result: "i64",
        operators: "i64.atomic.load8_u, i64.atomic.load16_u, i64.atomic.load32_u, i64.atomic.load",
    },
    Family {
        params: "i32 i64",
        result: "",
        operators: "i64.atomic.store8, i64.atomic.store16, i64.atomic.store32, i64.atomic.store",
    },
    Family {
        params: "i32 i64",
        result: "i64",
        operators: "i64.atomic.rmw8.add_u, i64.atomic.rmw16.add_u, i64.atomic.rmw32.add_u, \
            i64.atomic.rmw.add, i64.atomic.rmw8.sub_u, i64.atomic.rmw16.sub_u, \
            i64.atomic.rmw32.sub_u, i64.atomic.rmw.sub, i64.atomic.rmw8.and_u, \
            i64.atomic.rmw16.and_u, i64.atomic.rmw32.and_u, i64.atomic.rmw.and, \
            i64.atomic.rmw8.or_u, i64.atomic.rmw16.or_u, i64.atomic.rmw32.or_u, \
            i64.atomic.rmw.or, i64.atomic.rmw8.xor_u, i64.atomic.rmw16.xor_u, \
            i64.atomic.rmw32.xor_u, i64.atomic.rmw.xor, i64.atomic.rmw8.xchg_u, \
            i64.atomic.rmw16.xchg_u, i64.atomic.rmw32.xchg_u, i64.atomic.rmw.xchg",
    },
    Family {
        params: "i32 i64 i64",
        result: "i64",
        operators: "i64.atomic.rmw8.cmpxchg_u, i64.atomic.rmw16.cmpxchg_u, i64.atomic.rmw32.cmpxchg_u, \
            i64.atomic.rmw.cmpxchg",
    },
    Family {
        params: "i32 i32 i64",
        result: "i32",
        operators: "memory.atomic.wait32",
    },
    Family {
        params: "i32 i64 i64",
        result: "i32",
        operators: "memory.atomic.wait64",
    },
    Family {
        params: "i32 i32",
        result: "i32",
        operators: "memory.atomic.notify",
    },
    Family {
        params: "",
        result: "",
        operators: "atomic.fence",
    },
];

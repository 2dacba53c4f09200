//! Maps the functions of support libraries, which LLVM calls for operations that a processor lacks, to the
//! runtime's intrinsics.

/// Functions of compiler support libraries and of the C library that LLVM calls, with the intrinsic for the
/// same operation.
const LIBRARY: &[(&[&str], &str)] = &[
    (&["__divsi3", "__aeabi_idiv"], "i32.div_s"),
    (&["__udivsi3", "__aeabi_uidiv"], "i32.div_u"),
    (&["__modsi3", "__aeabi_idivmod"], "i32.rem_s"),
    (&["__umodsi3", "__aeabi_uidivmod"], "i32.rem_u"),
    (&["__divdi3", "__aeabi_ldivmod"], "i64.div_s"),
    (&["__udivdi3", "__aeabi_uldivmod"], "i64.div_u"),
    (&["__moddi3"], "i64.rem_s"),
    (&["__umoddi3"], "i64.rem_u"),
    (&["__muldi3", "__aeabi_lmul"], "i64.mul"),
    (&["__ashldi3", "__aeabi_llsl"], "i64.shl"),
    (&["__ashrdi3", "__aeabi_lasr"], "i64.shr_s"),
    (&["__lshrdi3", "__aeabi_llsr"], "i64.shr_u"),
    (&["__clzsi2"], "llvm.ctlz.i32"),
    (&["__clzdi2"], "llvm.ctlz.i64"),
    (&["__ctzsi2"], "llvm.cttz.i32"),
    (&["__ctzdi2"], "llvm.cttz.i64"),
    (&["__popcountsi2"], "llvm.ctpop.i32"),
    (&["__popcountdi2"], "llvm.ctpop.i64"),
    (
        &["__addsf3", "__aeabi_fadd"],
        "llvm.experimental.constrained.fadd.f32",
    ),
    (
        &["__adddf3", "__aeabi_dadd"],
        "llvm.experimental.constrained.fadd.f64",
    ),
    (
        &["__subsf3", "__aeabi_fsub"],
        "llvm.experimental.constrained.fsub.f32",
    ),
    (
        &["__subdf3", "__aeabi_dsub"],
        "llvm.experimental.constrained.fsub.f64",
    ),
    (
        &["__mulsf3", "__aeabi_fmul"],
        "llvm.experimental.constrained.fmul.f32",
    ),
    (
        &["__muldf3", "__aeabi_dmul"],
        "llvm.experimental.constrained.fmul.f64",
    ),
    (
        &["__divsf3", "__aeabi_fdiv"],
        "llvm.experimental.constrained.fdiv.f32",
    ),
    (
        &["__divdf3", "__aeabi_ddiv"],
        "llvm.experimental.constrained.fdiv.f64",
    ),
    (&["sqrtf"], "llvm.sqrt.f32"),
    (&["sqrt"], "llvm.sqrt.f64"),
    (&["ceilf"], "llvm.ceil.f32"),
    (&["ceil"], "llvm.ceil.f64"),
    (&["floorf"], "llvm.floor.f32"),
    (&["floor"], "llvm.floor.f64"),
    (&["truncf"], "llvm.trunc.f32"),
    (&["trunc"], "llvm.trunc.f64"),
    (&["rintf", "nearbyintf", "roundevenf"], "llvm.rint.f32"),
    (&["rint", "nearbyint", "roundeven"], "llvm.rint.f64"),
    (&["fminf", "fminimumf"], "llvm.minnum.f32"),
    (&["fmin", "fminimum"], "llvm.minnum.f64"),
    (&["fmaxf", "fmaximumf"], "llvm.maxnum.f32"),
    (&["fmax", "fmaximum"], "llvm.maxnum.f64"),
    (
        &[
            "__eqsf2",
            "__nesf2",
            "__ltsf2",
            "__lesf2",
            "__gtsf2",
            "__gesf2",
            "__unordsf2",
            "__aeabi_fcmpeq",
            "__aeabi_fcmplt",
            "__aeabi_fcmple",
            "__aeabi_fcmpgt",
            "__aeabi_fcmpge",
            "__aeabi_fcmpun",
        ],
        "f32_cmp",
    ),
    (
        &[
            "__eqdf2",
            "__nedf2",
            "__ltdf2",
            "__ledf2",
            "__gtdf2",
            "__gedf2",
            "__unorddf2",
            "__aeabi_dcmpeq",
            "__aeabi_dcmplt",
            "__aeabi_dcmple",
            "__aeabi_dcmpgt",
            "__aeabi_dcmpge",
            "__aeabi_dcmpun",
        ],
        "f64_cmp",
    ),
    (&["__extendsfdf2", "__aeabi_f2d"], "f64_promote_f32"),
    (&["__truncdfsf2", "__aeabi_d2f"], "f32_demote_f64"),
    (&["__floatsisf", "__aeabi_i2f"], "f32_convert_i32_s"),
    (&["__floatunsisf", "__aeabi_ui2f"], "f32_convert_i32_u"),
    (&["__floatdisf", "__aeabi_l2f"], "f32_convert_i64_s"),
    (&["__floatundisf", "__aeabi_ul2f"], "f32_convert_i64_u"),
    (&["__floatsidf", "__aeabi_i2d"], "f64_convert_i32_s"),
    (&["__floatunsidf", "__aeabi_ui2d"], "f64_convert_i32_u"),
    (&["__floatdidf", "__aeabi_l2d"], "f64_convert_i64_s"),
    (&["__floatundidf", "__aeabi_ul2d"], "f64_convert_i64_u"),
    (&["__fixsfsi", "__aeabi_f2iz"], "i32_trunc_f32_s"),
    (&["__fixunssfsi", "__aeabi_f2uiz"], "i32_trunc_f32_u"),
    (&["__fixsfdi", "__aeabi_f2lz"], "i64_trunc_f32_s"),
    (&["__fixunssfdi", "__aeabi_f2ulz"], "i64_trunc_f32_u"),
    (&["__fixdfsi", "__aeabi_d2iz"], "i32_trunc_f64_s"),
    (&["__fixunsdfsi", "__aeabi_d2uiz"], "i32_trunc_f64_u"),
    (&["__fixdfdi", "__aeabi_d2lz"], "i64_trunc_f64_s"),
    (&["__fixunsdfdi", "__aeabi_d2ulz"], "i64_trunc_f64_u"),
];

/// Returns the intrinsic (a row of `runtime_intrinsics`) for the operation of the library function `symbol`.
pub fn intrinsic(symbol: &str) -> Option<&'static str> {
    LIBRARY
        .iter()
        .find(|(symbols, _)| symbols.contains(&symbol))
        .map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_has_an_intrinsic() {
        for (symbols, name) in LIBRARY {
            assert!(
                runtime_intrinsics::find(name).is_some(),
                "{symbols:?}: {name}"
            );
        }
    }
}

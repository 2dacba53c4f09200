//! The functions of the runtime that compiled code may call by name.
//!
//! The runtime's loader resolves a relocation only if its symbol is in the table of the runtime's
//! architecture. These are the tables of WAMR 2.4.3. A file with another name does not load, so the linker
//! rejects the name. One particular runtime may lack some of the names: functions of a feature depend on the
//! build setting named beside the feature; a module needs them only if it uses the feature. Functions of
//! software arithmetic depend on the processor.
//!
//! The loader treats every name as a function: the address that it returns may be the address of a jump.

use crate::arch::Arch;

/// In every runtime.
const BASE: &[&str] = &[
    "aot_set_exception_with_id",
    "aot_invoke_native",
    "aot_call_indirect",
    "aot_enlarge_memory",
    "aot_set_exception",
    "aot_check_app_addr_and_convert",
    "wasm_runtime_quick_invoke_c_api_native",
    "memset",
    "memmove",
    "memcpy",
    "sqrt",
    "sqrtf",
    "fmin",
    "fminf",
    "fmax",
    "fmaxf",
    "ceil",
    "ceilf",
    "floor",
    "floorf",
    "trunc",
    "truncf",
    "rint",
    "rintf",
];

/// `WAMR_BUILD_BULK_MEMORY`.
const BULK_MEMORY: &[&str] = &["aot_memory_init", "aot_data_drop"];

/// `WAMR_BUILD_SHARED_MEMORY`.
const ATOMIC_WAIT: &[&str] = &["wasm_runtime_atomic_wait", "wasm_runtime_atomic_notify"];

/// `WAMR_BUILD_REF_TYPES`.
const REFERENCE_TYPES: &[&str] = &[
    "aot_drop_table_seg",
    "aot_table_init",
    "aot_table_copy",
    "aot_table_fill",
    "aot_table_grow",
];

/// `WAMR_BUILD_AOT_STACK_FRAME`.
const STACK_FRAMES: &[&str] = &[
    "aot_alloc_frame",
    "aot_free_frame",
    "aot_frame_update_profile_info",
];

/// `WAMR_BUILD_STATIC_PGO`.
const PROFILING: &[&str] = &[
    "__llvm_profile_instrument_target",
    "__llvm_profile_instrument_memop",
];

/// `WAMR_BUILD_GC`.
const GARBAGE_COLLECTION: &[&str] = &[
    "aot_array_init_with_data",
    "aot_create_func_obj",
    "aot_obj_is_instance_of",
    "aot_func_type_is_super_of",
    "aot_rtt_type_new",
    "wasm_array_obj_copy",
    "wasm_array_obj_new",
    "wasm_externref_obj_to_internal_obj",
    "wasm_internal_obj_to_externref_obj",
    "wasm_obj_is_type_of",
    "wasm_struct_obj_new",
];

/// `WAMR_BUILD_STRINGREF`.
const STRING_REFERENCES: &[&str] = &[
    "wasm_stringref_obj_new",
    "wasm_stringview_wtf8_obj_new",
    "wasm_stringview_wtf16_obj_new",
    "wasm_stringview_iter_obj_new",
    "wasm_string_destroy",
    "wasm_string_new_const",
    "wasm_string_new_with_encoding",
    "wasm_string_measure",
    "wasm_string_wtf16_get_length",
    "wasm_string_encode",
    "wasm_string_concat",
    "wasm_string_eq",
    "wasm_string_is_usv_sequence",
    "wasm_string_create_view",
    "wasm_string_advance",
    "wasm_string_slice",
    "wasm_string_get_wtf16_codeunit",
    "wasm_string_next_codepoint",
    "wasm_string_rewind",
    "wasm_string_dump",
];

/// `WAMR_BUILD_SHARED_HEAP`.
const SHARED_HEAP: &[&str] = &["wasm_runtime_check_and_update_last_used_shared_heap"];

/// `WAMR_BUILD_AOT_INTRINSICS`, on by default.
const INTRINSICS: &[&str] = &[
    "aot_intrinsic_fabs_f32",
    "aot_intrinsic_fabs_f64",
    "aot_intrinsic_floor_f32",
    "aot_intrinsic_floor_f64",
    "aot_intrinsic_ceil_f32",
    "aot_intrinsic_ceil_f64",
    "aot_intrinsic_trunc_f32",
    "aot_intrinsic_trunc_f64",
    "aot_intrinsic_rint_f32",
    "aot_intrinsic_rint_f64",
    "aot_intrinsic_sqrt_f32",
    "aot_intrinsic_sqrt_f64",
    "aot_intrinsic_copysign_f32",
    "aot_intrinsic_copysign_f64",
    "aot_intrinsic_fadd_f32",
    "aot_intrinsic_fadd_f64",
    "aot_intrinsic_fsub_f32",
    "aot_intrinsic_fsub_f64",
    "aot_intrinsic_fmul_f32",
    "aot_intrinsic_fmul_f64",
    "aot_intrinsic_fdiv_f32",
    "aot_intrinsic_fdiv_f64",
    "aot_intrinsic_fmin_f32",
    "aot_intrinsic_fmin_f64",
    "aot_intrinsic_fmax_f32",
    "aot_intrinsic_fmax_f64",
    "aot_intrinsic_clz_i32",
    "aot_intrinsic_clz_i64",
    "aot_intrinsic_ctz_i32",
    "aot_intrinsic_ctz_i64",
    "aot_intrinsic_popcnt_i32",
    "aot_intrinsic_popcnt_i64",
    "aot_intrinsic_i32_to_f32",
    "aot_intrinsic_u32_to_f32",
    "aot_intrinsic_i32_to_f64",
    "aot_intrinsic_u32_to_f64",
    "aot_intrinsic_i64_to_f32",
    "aot_intrinsic_u64_to_f32",
    "aot_intrinsic_i64_to_f64",
    "aot_intrinsic_u64_to_f64",
    "aot_intrinsic_f64_to_f32",
    "aot_intrinsic_f32_to_i32",
    "aot_intrinsic_f32_to_u32",
    "aot_intrinsic_f32_to_i64",
    "aot_intrinsic_f32_to_u64",
    "aot_intrinsic_f64_to_i32",
    "aot_intrinsic_f64_to_u32",
    "aot_intrinsic_f64_to_i64",
    "aot_intrinsic_f64_to_u64",
    "aot_intrinsic_f32_to_f64",
    "aot_intrinsic_f32_cmp",
    "aot_intrinsic_f64_cmp",
    "aot_intrinsic_i64_div_s",
    "aot_intrinsic_i64_div_u",
    "aot_intrinsic_i64_rem_s",
    "aot_intrinsic_i64_rem_u",
    "aot_intrinsic_i64_bit_or",
    "aot_intrinsic_i64_bit_and",
    "aot_intrinsic_i64_mul",
    "aot_intrinsic_i64_shl",
    "aot_intrinsic_i64_shr_s",
    "aot_intrinsic_i64_shr_u",
    "aot_intrinsic_i32_div_s",
    "aot_intrinsic_i32_div_u",
    "aot_intrinsic_i32_rem_s",
    "aot_intrinsic_i32_rem_u",
];

/// Compiler support functions for Arm, in both instruction sets.
const ARM_OR_THUMB: &[&str] = &[
    "__adddf3",
    "__addsf3",
    "__aeabi_d2f",
    "__aeabi_d2iz",
    "__aeabi_d2lz",
    "__aeabi_d2uiz",
    "__aeabi_d2ulz",
    "__aeabi_dadd",
    "__aeabi_dcmpeq",
    "__aeabi_dcmpge",
    "__aeabi_dcmpgt",
    "__aeabi_dcmple",
    "__aeabi_dcmplt",
    "__aeabi_dcmpun",
    "__aeabi_ddiv",
    "__aeabi_dmul",
    "__aeabi_dsub",
    "__aeabi_f2d",
    "__aeabi_f2iz",
    "__aeabi_f2lz",
    "__aeabi_f2ulz",
    "__aeabi_fadd",
    "__aeabi_fcmpeq",
    "__aeabi_fcmpge",
    "__aeabi_fcmpgt",
    "__aeabi_fcmple",
    "__aeabi_fcmplt",
    "__aeabi_fcmpun",
    "__aeabi_fdiv",
    "__aeabi_fmul",
    "__aeabi_fsub",
    "__aeabi_i2d",
    "__aeabi_i2f",
    "__aeabi_idiv",
    "__aeabi_idivmod",
    "__aeabi_l2d",
    "__aeabi_l2f",
    "__aeabi_ldivmod",
    "__aeabi_memclr",
    "__aeabi_memcpy",
    "__aeabi_memmove",
    "__aeabi_memset",
    "__aeabi_ui2d",
    "__aeabi_ui2f",
    "__aeabi_uidiv",
    "__aeabi_uidivmod",
    "__aeabi_ul2d",
    "__aeabi_ul2f",
    "__aeabi_uldivmod",
    "__clzsi2",
    "__divdf3",
    "__divdi3",
    "__divsi3",
    "__eqdf2",
    "__eqsf2",
    "__extendsfdf2",
    "__fixdfdi",
    "__fixdfsi",
    "__fixsfdi",
    "__fixunsdfdi",
    "__fixunsdfsi",
    "__fixunssfdi",
    "__floatdidf",
    "__floatdisf",
    "__floatsidf",
    "__floatsisf",
    "__floatundidf",
    "__floatundisf",
    "__floatunsidf",
    "__floatunsisf",
    "__gedf2",
    "__gesf2",
    "__gtdf2",
    "__gtsf2",
    "__ledf2",
    "__lesf2",
    "__ltdf2",
    "__ltsf2",
    "__moddi3",
    "__modsi3",
    "__muldf3",
    "__mulsf3",
    "__nedf2",
    "__nesf2",
    "__subdf3",
    "__subsf3",
    "__truncdfsf2",
    "__udivdi3",
    "__udivmoddi4",
    "__udivsi3",
    "__umoddi3",
    "__umodsi3",
    "__unorddf2",
    "__unordsf2",
];

const ARM: &[&str] = &["__divsf3", "__fixsfsi"];

const THUMB: &[&str] = &[
    "__aeabi_llsl",
    "__aeabi_llsr",
    "__aeabi_lmul",
    "__ashldi3",
    "__lshrdi3",
    "__muldi3",
];

const I386: &[&str] = &["__divdi3", "__udivdi3", "__moddi3", "__umoddi3"];

/// A RISC-V runtime has only the names that its instruction set needs.
const RISCV: &[&str] = &[
    "__addsf3",
    "__divsf3",
    "__eqsf2",
    "__fixsfdi",
    "__fixunssfdi",
    "__fixunssfsi",
    "__floatsidf",
    "__gesf2",
    "__gtsf2",
    "__lesf2",
    "__mulsf3",
    "__negsf2",
    "__nesf2",
    "__subsf3",
    "__unordsf2",
    "__floatundisf",
    "__floatdisf",
    "__adddf3",
    "__divdf3",
    "__eqdf2",
    "__extendsfdf2",
    "__fixdfdi",
    "__fixdfsi",
    "__fixunsdfdi",
    "__fixunsdfsi",
    "__floatdidf",
    "__floatundidf",
    "__floatunsidf",
    "__gedf2",
    "__gtdf2",
    "__ledf2",
    "__ltdf2",
    "__muldf3",
    "__nedf2",
    "__negdf2",
    "__subdf3",
    "__truncdfsf2",
    "__unorddf2",
    "__mulsi3",
    "__divsi3",
    "__modsi3",
    "__udivsi3",
    "__umodsi3",
    "__muldi3",
    "__divdi3",
    "__moddi3",
    "__udivdi3",
    "__umoddi3",
    "__atomic_compare_exchange_4",
    "__atomic_store_4",
];

const XTENSA: &[&str] = &[
    "__floatsidf",
    "__divdf3",
    "__ltdf2",
    "__mulsi3",
    "__muldi3",
    "__modsi3",
    "__divdi3",
    "__udivdi3",
    "__unorddf2",
    "__adddf3",
    "__eqdf2",
    "__muldf3",
    "__gedf2",
    "__ledf2",
    "__fixunsdfsi",
    "__floatunsidf",
    "__subdf3",
    "__nedf2",
    "__fixdfsi",
    "__moddi3",
    "__extendsfdf2",
    "__truncdfsf2",
    "__gtdf2",
    "__umoddi3",
    "__floatdidf",
    "__divsf3",
    "__fixdfdi",
    "__floatundidf",
    "__fixsfdi",
    "__fixunssfdi",
    "__fixunsdfdi",
    "__floatdisf",
    "__floatundisf",
];

/// The tables that all architectures share.
const COMMON: &[&[&str]] = &[
    BASE,
    BULK_MEMORY,
    ATOMIC_WAIT,
    REFERENCE_TYPES,
    STACK_FRAMES,
    PROFILING,
    GARBAGE_COLLECTION,
    STRING_REFERENCES,
    SHARED_HEAP,
    INTRINSICS,
];

/// Returns the names that a runtime for `arch` can resolve.
pub fn runtime_symbols(arch: Arch) -> impl Iterator<Item = &'static str> {
    let lists = COMMON.iter().chain(compiler_support(arch));
    lists.copied().flatten().copied()
}

/// Returns the functions for arithmetic that the architecture, or some of its processors, lack.
fn compiler_support(arch: Arch) -> &'static [&'static [&'static str]] {
    match arch {
        Arch::Thumb => &[ARM_OR_THUMB, THUMB],
        Arch::Arm => &[ARM_OR_THUMB, ARM],
        Arch::X86 => &[I386],
        Arch::Riscv32 | Arch::Riscv64 => &[RISCV],
        Arch::Xtensa => &[XTENSA],
        // LLVM makes no code for ARC here, so its own functions are never called for.
        Arch::X86_64 | Arch::Aarch64 | Arch::Mips | Arch::Arc => &[],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::abi::Helper;

    #[test]
    fn no_name_is_listed_twice() {
        use Arch::*;
        for arch in [
            X86_64, X86, Aarch64, Arm, Thumb, Riscv32, Riscv64, Xtensa, Mips, Arc,
        ] {
            let mut seen = HashSet::new();
            for name in runtime_symbols(arch) {
                assert!(
                    seen.insert(name),
                    "{name} is twice in the table of {arch:?}"
                );
            }
        }
    }

    #[test]
    fn support_functions_belong_to_their_architecture() {
        let has = |arch, name| runtime_symbols(arch).any(|symbol| symbol == name);
        assert!(has(Arch::Thumb, "__aeabi_llsl"));
        assert!(!has(Arch::Arm, "__aeabi_llsl"));
        assert!(!has(Arch::X86_64, "__divdi3"));
        assert!(has(Arch::X86, "__divdi3"));
        assert!(has(Arch::X86_64, "memcpy"));
        assert!(has(Arch::X86_64, Helper::SetExceptionWithId.symbol()));
    }
}

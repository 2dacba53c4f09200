# What is in the runtime of the tests: AOT without an interpreter. WAMR_BUILD_SIMD may be set before.

set(WAMR_BUILD_AOT 1)
set(WAMR_BUILD_INTERP 0)
set(WAMR_BUILD_FAST_INTERP 0)

# Features of the language that compiled modules may use.
set(WAMR_BUILD_BULK_MEMORY 1)
set(WAMR_BUILD_REF_TYPES 1)
if (NOT DEFINED WAMR_BUILD_SIMD)
    set(WAMR_BUILD_SIMD 1)
endif ()
set(WAMR_BUILD_TAIL_CALL 1)
set(WAMR_BUILD_EXTENDED_CONST_EXPR 1)
set(WAMR_BUILD_SHARED_MEMORY 1)
set(WAMR_BUILD_THREAD_MGR 1)

# What programs import.
set(WAMR_BUILD_LIBC_BUILTIN 1)
set(WAMR_BUILD_LIBC_WASI 1)
set(WAMR_BUILD_LIB_WASI_THREADS 1)

# Memory of the host that instances access.
set(WAMR_BUILD_SHARED_HEAP 1)

# What tests look at.
if (WAMR_BUILD_TARGET MATCHES "^(X86_64|AARCH64|RISCV64)")
    set(WAMR_BUILD_STATIC_PGO 1)
endif ()
set(WAMR_BUILD_LOAD_CUSTOM_SECTION 1)
set(WAMR_BUILD_CUSTOM_NAME_SECTION 1)

# Code that uses the segment register GS has to write it itself.
set(WAMR_DISABLE_WRITE_GS_BASE 1)

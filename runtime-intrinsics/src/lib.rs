//! Every `aot_intrinsic_*` function WAMR knows, and the one table of their names and signatures.
//!
//! Two readers: the compiler takes [`INTRINSICS`] and [`Selection`] from here, to know which
//! operation may become a call of which function; a firmware links the functions of [`table`],
//! whose C symbols feature `export` sets free. The functions are exact and made of integer
//! instructions only, so that they give the same bits with a floating-point unit and without; a
//! float occurs in a signature and nowhere else.
//!
//! # Where WAMR's own functions differ
//!
//! WAMR's implementation is C, and does what the C compiler and the C library that built it do. Where
//! compiled code calls it after the tests WebAssembly asks for, it agrees with WebAssembly but for
//! the rows marked †: there the compiler must correct the operand or the result, or do without.
//!
//! | functions | WAMR | here |
//! |---|---|---|
//! | `ceil_*`, `floor_*`, `trunc_*`, `rint_*` † | GCC from `-O2` on, for x86-64 without SSE4.1, expands the library call in place and gives a signalling NaN back unquieted (with `-Os`, `rint_*` alone; the library's own functions quiet it); `rint_*` follows the dynamic rounding mode | a NaN is quiet; ties to even |
//! | `fadd_f64`, `fsub_f64`, `fmul_f64`, `fdiv_f64`, `sqrt_f64` † | on i386 built without SSE2, the x87 unit rounds twice: the last bit differs now and then, near halfway and among subnormal numbers (`f32` is right) | rounded once |
//! | `fabs_*`, `copysign_*` † | on i386 the ABI returns floats in an x87 register, which quiets a signalling NaN | the same on i386; bit operations in the compiled code do better |
//! | all that meet subnormal numbers † | flushed to zero if the unit runs in such a mode | exact |
//! | arithmetic that gives a NaN | sign and payload as the machine has it: on x86 the negative canonical NaN, or an operand's payload | the positive canonical NaN |
//! | `fmin_*`, `fmax_*` | WebAssembly's minimum and maximum despite the names from LLVM: a NaN wins, zeros are told apart | the same |
//! | `f*_cmp` | unordered operands are `!=` and nothing else; an unknown condition does not hold | the same |
//! | `f*_to_i*`, `f*_to_u*` | C casts, undefined for NaNs and out of range: on x86-64 the smallest integer, or the low bits of a wider one | saturating, zero for a NaN: `trunc_sat` |
//! | `i*_div_*`, `i*_rem_*` | undefined for a zero divisor, and for the smallest number by minus one (a signal on x86), where `rem_s` must give zero | quotient 0 and the dividend as remainder; wrapping |
//! | `i64_shl`, `i64_shr_*` | undefined for counts from 64 on | counts modulo 64 |
//!
//! Its compiler also has `f64_convert_i64_s` on the flag of `f64_convert_i32_s`: there, `f64xi64` alone
//! does not include it, and `f64xi32` does. Where groups differ otherwise is said in [`select`].
#![no_std]
#![cfg_attr(not(feature = "export"), forbid(unsafe_code))]

pub mod abi;
mod int;
pub mod select;
mod soft;
pub mod table;

pub use abi::{CType, FloatCondition};
pub use select::{GROUPS, Group, Selection, UnknownIntrinsic};
pub use table::{INTRINSICS, Intrinsic, Kind, Signature, find, find_symbol};

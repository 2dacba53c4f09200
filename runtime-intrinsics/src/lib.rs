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
//! WAMR's implementation is C, and as good as the compiler and the C library that built it. In the
//! domain in which correctly compiled code calls them, it agrees with WebAssembly but for the rows
//! marked †; a compiler has to be careful of all of them.
//!
//! | functions | WAMR | here |
//! |---|---|---|
//! | `f*_to_i*`, `f*_to_u*` | a C cast: undefined for NaN and out of range (one fixed pattern on x86-64, the low bits, or saturation on ARM) | saturates, NaN gives zero: `trunc_sat` |
//! | `i*_div_s`, `i*_rem_s` | the smallest number by minus one is undefined (a signal on x86); so `rem_s` needs its test for that before the call | wraps: the smallest number, remainder zero |
//! | `i*_div_*`, `i*_rem_*` | zero divisor undefined | quotient zero, remainder the dividend |
//! | `i64_shl`, `i64_shr_*` | counts from 64 undefined | counts modulo 64 |
//! | `f*_cmp` | `!=` true and all else false for NaNs; unknown conditions false | the same |
//! | `fmin_*`, `fmax_*` | signed zeros right, any NaN gives a NaN: despite their `minnum` names they are WebAssembly's minimum and maximum | the same |
//! | arithmetic giving NaN | sign and payload are the machine's: x86 gives the negative canonical NaN, and the first operand's payload is passed on | the positive canonical NaN |
//! | `ceil_*`, `floor_*`, `trunc_*`, `rint_*`, `sqrt_*` † | the C library's: a signalling NaN is quieted only if it takes care to; `rint` follows the dynamic rounding mode | quiet, to nearest even |
//! | `fadd_*` … `sqrt_*` † | on i386 without SSE2 the x87 unit computes with excess precision: results are rounded twice | rounded once |
//! | all with subnormal numbers † | flushed to zero where a unit without them is used, or runs in that mode | exact |
//! | `fabs_*`, `copysign_*` † | on i386 a C function returns floats through the x87 unit, which quiets a signalling NaN | the same there, the ABI leaves no choice: better done as integer operations by the compiler |
//! | `f64_convert_i64_s` | selected by the flag of `f64_convert_i32_s`: the latter's name brings both, and `f64xi64` alone brings neither | a row of its own |
//!
//! The groups differ between WAMR's documentation and its compiler, too: see [`select`].
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

//! The one table: every intrinsic WAMR knows, and from the same rows the functions themselves.
//!
//! A row holds the name that `--enable-builtin-intrinsics=` uses, the WebAssembly instructions the
//! intrinsic computes, the C prototype, and the arithmetic behind it; its section says which groups
//! it is in. What the compiler reads ([`INTRINSICS`]) and what a firmware links (the `extern "C"`
//! functions of this module) cannot drift apart.

use core::cmp::Ordering;

use crate::abi::{CType, FloatCondition, Value};
use crate::select::Group;
use crate::soft::Direction;
use crate::{int, soft};

/// One intrinsic: something the compiler may leave to the runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intrinsic {
    /// Its name in `--enable-builtin-intrinsics=`.
    pub name: &'static str,
    /// The WebAssembly instructions it computes; each is good as a name as well.
    pub instructions: &'static [&'static str],
    /// The groups that include it.
    pub groups: &'static [Group],
    pub kind: Kind,
}

/// What stands in for the instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A call of a function of the runtime.
    Function(Signature),
    /// A load from the module's table of constants.
    Constant(CType),
}

/// A function of the runtime, found by its symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    pub symbol: &'static str,
    pub params: &'static [CType],
    pub result: CType,
}

impl Intrinsic {
    /// The function that stands in, unless a constant does.
    pub fn signature(&self) -> Option<&Signature> {
        match &self.kind {
            Kind::Function(signature) => Some(signature),
            Kind::Constant(_) => None,
        }
    }
}

/// The intrinsic with this name, or the one that computes the instruction of this name.
pub fn find(name: &str) -> Option<&'static Intrinsic> {
    INTRINSICS
        .iter()
        .find(|intrinsic| intrinsic.name == name || intrinsic.instructions.contains(&name))
}

/// The intrinsic whose function has this symbol.
pub fn find_symbol(symbol: &str) -> Option<&'static Intrinsic> {
    INTRINSICS
        .iter()
        .find(|intrinsic| intrinsic.signature().is_some_and(|s| s.symbol == symbol))
}

/// Makes table and functions of the rows.
macro_rules! intrinsics {
    (
        $(functions in $groups:ident {$(
            $name:literal for $($instruction:literal)+:
            $symbol:ident($($param:ident: $type:ty),+) -> $result:ty = $word_function:expr;
        )*})*
        constants in $constant_groups:ident {$($constant:literal: $constant_type:ident;)*}
    ) => {
        /// Every intrinsic there is.
        pub const INTRINSICS: &[Intrinsic] = &[
            $($(Intrinsic {
                name: $name,
                instructions: &[$($instruction),+],
                groups: $groups,
                kind: Kind::Function(Signature {
                    symbol: stringify!($symbol),
                    params: &[$(<$type as Value>::TYPE),+],
                    result: <$result as Value>::TYPE,
                }),
            },)*)*
            $(Intrinsic {
                name: $constant,
                instructions: &[$constant],
                groups: $constant_groups,
                kind: Kind::Constant(CType::$constant_type),
            },)*
        ];

        $($(
            #[doc = concat!("Computes", $(" `", $instruction, "`",)+ ".")]
            #[cfg_attr(feature = "export", unsafe(no_mangle))]
            pub extern "C" fn $symbol($($param: $type),+) -> $result {
                Value::from_word($word_function($($param.into_word()),+))
            }
        )*)*
    };
}

const ONLY_ALL: &[Group] = &[Group::All];
const I32_COMMON: &[Group] = &[Group::All, Group::I32Common];
const I64_COMMON: &[Group] = &[Group::All, Group::I64Common];
const F32_COMMON: &[Group] = &[Group::All, Group::F32Common, Group::FpCommon];
const F64_COMMON: &[Group] = &[Group::All, Group::F64Common, Group::FpCommon];
const F32_X_I32: &[Group] = &[Group::All, Group::F32xI32, Group::FpxInt];
const F64_X_I32: &[Group] = &[Group::All, Group::F64xI32, Group::FpxInt];
const F32_X_I64: &[Group] = &[Group::All, Group::F32xI64, Group::FpxInt];
const F64_X_I64: &[Group] = &[Group::All, Group::F64xI64, Group::FpxInt];
const CONST_OP: &[Group] = &[Group::All, Group::ConstOp];

intrinsics! {
    functions in I32_COMMON {
        "i32.div_s" for "i32.div_s": aot_intrinsic_i32_div_s(a: i32, b: i32) -> i32 = int::div_s_32;
        "i32.div_u" for "i32.div_u": aot_intrinsic_i32_div_u(a: u32, b: u32) -> u32 = int::div_u_32;
        "i32.rem_s" for "i32.rem_s": aot_intrinsic_i32_rem_s(a: i32, b: i32) -> i32 = int::rem_s_32;
        "i32.rem_u" for "i32.rem_u": aot_intrinsic_i32_rem_u(a: u32, b: u32) -> u32 = int::rem_u_32;
    }
    functions in I64_COMMON {
        "i64.div_s" for "i64.div_s": aot_intrinsic_i64_div_s(a: i64, b: i64) -> i64 = int::div_s_64;
        "i64.div_u" for "i64.div_u": aot_intrinsic_i64_div_u(a: u64, b: u64) -> u64 = int::div_u_64;
        "i64.rem_s" for "i64.rem_s": aot_intrinsic_i64_rem_s(a: i64, b: i64) -> i64 = int::rem_s_64;
        "i64.rem_u" for "i64.rem_u": aot_intrinsic_i64_rem_u(a: u64, b: u64) -> u64 = int::rem_u_64;
        "i64.or" for "i64.or": aot_intrinsic_i64_bit_or(a: u64, b: u64) -> u64 = int::or;
        "i64.and" for "i64.and": aot_intrinsic_i64_bit_and(a: u64, b: u64) -> u64 = int::and;
        "i64.mul" for "i64.mul": aot_intrinsic_i64_mul(a: u64, b: u64) -> u64 = int::mul;
        "i64.shl" for "i64.shl": aot_intrinsic_i64_shl(a: u64, b: u64) -> u64 = int::shl;
        "i64.shr_s" for "i64.shr_s": aot_intrinsic_i64_shr_s(a: u64, b: u64) -> u64 = int::shr_s;
        "i64.shr_u" for "i64.shr_u": aot_intrinsic_i64_shr_u(a: u64, b: u64) -> u64 = int::shr_u;
    }
    functions in ONLY_ALL {
        "llvm.ctlz.i32" for "i32.clz": aot_intrinsic_clz_i32(a: u32) -> u32 = u32::leading_zeros;
        "llvm.ctlz.i64" for "i64.clz": aot_intrinsic_clz_i64(a: u64) -> u64 = int::clz_64;
        "llvm.cttz.i32" for "i32.ctz": aot_intrinsic_ctz_i32(a: u32) -> u32 = u32::trailing_zeros;
        "llvm.cttz.i64" for "i64.ctz": aot_intrinsic_ctz_i64(a: u64) -> u64 = int::ctz_64;
        "llvm.ctpop.i32" for "i32.popcnt": aot_intrinsic_popcnt_i32(a: u32) -> u32 = u32::count_ones;
        "llvm.ctpop.i64" for "i64.popcnt": aot_intrinsic_popcnt_i64(a: u64) -> u64 = int::popcnt_64;
    }
    functions in F32_COMMON {
        "llvm.experimental.constrained.fadd.f32" for "f32.add":
            aot_intrinsic_fadd_f32(a: f32, b: f32) -> f32 = soft::add;
        "llvm.experimental.constrained.fsub.f32" for "f32.sub":
            aot_intrinsic_fsub_f32(a: f32, b: f32) -> f32 = soft::sub;
        "llvm.experimental.constrained.fmul.f32" for "f32.mul":
            aot_intrinsic_fmul_f32(a: f32, b: f32) -> f32 = soft::mul;
        "llvm.experimental.constrained.fdiv.f32" for "f32.div":
            aot_intrinsic_fdiv_f32(a: f32, b: f32) -> f32 = soft::div;
        "llvm.fabs.f32" for "f32.abs":
            aot_intrinsic_fabs_f32(a: f32) -> f32 = soft::abs;
        "llvm.ceil.f32" for "f32.ceil":
            aot_intrinsic_ceil_f32(a: f32) -> f32 = ceil;
        "llvm.floor.f32" for "f32.floor":
            aot_intrinsic_floor_f32(a: f32) -> f32 = floor;
        "llvm.trunc.f32" for "f32.trunc":
            aot_intrinsic_trunc_f32(a: f32) -> f32 = trunc;
        "llvm.rint.f32" for "f32.nearest":
            aot_intrinsic_rint_f32(a: f32) -> f32 = nearest;
        "llvm.sqrt.f32" for "f32.sqrt":
            aot_intrinsic_sqrt_f32(a: f32) -> f32 = soft::sqrt;
        "llvm.copysign.f32" for "f32.copysign":
            aot_intrinsic_copysign_f32(a: f32, b: f32) -> f32 = soft::copysign;
        "llvm.minnum.f32" for "f32.min":
            aot_intrinsic_fmin_f32(a: f32, b: f32) -> f32 = soft::min;
        "llvm.maxnum.f32" for "f32.max":
            aot_intrinsic_fmax_f32(a: f32, b: f32) -> f32 = soft::max;
        "f32_cmp" for "f32.eq" "f32.ne" "f32.lt" "f32.gt" "f32.le" "f32.ge":
            aot_intrinsic_f32_cmp(condition: u32, a: f32, b: f32) -> i32 = compare;
    }
    functions in F64_COMMON {
        "llvm.experimental.constrained.fadd.f64" for "f64.add":
            aot_intrinsic_fadd_f64(a: f64, b: f64) -> f64 = soft::add;
        "llvm.experimental.constrained.fsub.f64" for "f64.sub":
            aot_intrinsic_fsub_f64(a: f64, b: f64) -> f64 = soft::sub;
        "llvm.experimental.constrained.fmul.f64" for "f64.mul":
            aot_intrinsic_fmul_f64(a: f64, b: f64) -> f64 = soft::mul;
        "llvm.experimental.constrained.fdiv.f64" for "f64.div":
            aot_intrinsic_fdiv_f64(a: f64, b: f64) -> f64 = soft::div;
        "llvm.fabs.f64" for "f64.abs":
            aot_intrinsic_fabs_f64(a: f64) -> f64 = soft::abs;
        "llvm.ceil.f64" for "f64.ceil":
            aot_intrinsic_ceil_f64(a: f64) -> f64 = ceil;
        "llvm.floor.f64" for "f64.floor":
            aot_intrinsic_floor_f64(a: f64) -> f64 = floor;
        "llvm.trunc.f64" for "f64.trunc":
            aot_intrinsic_trunc_f64(a: f64) -> f64 = trunc;
        "llvm.rint.f64" for "f64.nearest":
            aot_intrinsic_rint_f64(a: f64) -> f64 = nearest;
        "llvm.sqrt.f64" for "f64.sqrt":
            aot_intrinsic_sqrt_f64(a: f64) -> f64 = soft::sqrt;
        "llvm.copysign.f64" for "f64.copysign":
            aot_intrinsic_copysign_f64(a: f64, b: f64) -> f64 = soft::copysign;
        "llvm.minnum.f64" for "f64.min":
            aot_intrinsic_fmin_f64(a: f64, b: f64) -> f64 = soft::min;
        "llvm.maxnum.f64" for "f64.max":
            aot_intrinsic_fmax_f64(a: f64, b: f64) -> f64 = soft::max;
        "f64_cmp" for "f64.eq" "f64.ne" "f64.lt" "f64.gt" "f64.le" "f64.ge":
            aot_intrinsic_f64_cmp(condition: u32, a: f64, b: f64) -> i32 = compare;
        "f64_promote_f32" for "f64.promote_f32":
            aot_intrinsic_f32_to_f64(a: f32) -> f64 = soft::promote;
        "f32_demote_f64" for "f32.demote_f64":
            aot_intrinsic_f64_to_f32(a: f64) -> f32 = soft::demote;
    }
    functions in F32_X_I32 {
        "f32_convert_i32_s" for "f32.convert_i32_s":
            aot_intrinsic_i32_to_f32(a: i32) -> f32 = soft::from_signed;
        "f32_convert_i32_u" for "f32.convert_i32_u":
            aot_intrinsic_u32_to_f32(a: u32) -> f32 = soft::from_unsigned;
        "i32_trunc_f32_s" for "i32.trunc_f32_s" "i32.trunc_sat_f32_s":
            aot_intrinsic_f32_to_i32(a: f32) -> i32 = soft::to_signed;
        "i32_trunc_f32_u" for "i32.trunc_f32_u" "i32.trunc_sat_f32_u":
            aot_intrinsic_f32_to_u32(a: f32) -> u32 = soft::to_unsigned;
    }
    functions in F64_X_I32 {
        "f64_convert_i32_s" for "f64.convert_i32_s":
            aot_intrinsic_i32_to_f64(a: i32) -> f64 = soft::from_signed;
        "f64_convert_i32_u" for "f64.convert_i32_u":
            aot_intrinsic_u32_to_f64(a: u32) -> f64 = soft::from_unsigned;
        "i32_trunc_f64_s" for "i32.trunc_f64_s" "i32.trunc_sat_f64_s":
            aot_intrinsic_f64_to_i32(a: f64) -> i32 = soft::to_signed;
        "i32_trunc_f64_u" for "i32.trunc_f64_u" "i32.trunc_sat_f64_u":
            aot_intrinsic_f64_to_u32(a: f64) -> u32 = soft::to_unsigned;
    }
    functions in F32_X_I64 {
        "f32_convert_i64_s" for "f32.convert_i64_s":
            aot_intrinsic_i64_to_f32(a: i64) -> f32 = soft::from_signed;
        "f32_convert_i64_u" for "f32.convert_i64_u":
            aot_intrinsic_u64_to_f32(a: u64) -> f32 = soft::from_unsigned;
        "i64_trunc_f32_s" for "i64.trunc_f32_s" "i64.trunc_sat_f32_s":
            aot_intrinsic_f32_to_i64(a: f32) -> i64 = soft::to_signed;
        "i64_trunc_f32_u" for "i64.trunc_f32_u" "i64.trunc_sat_f32_u":
            aot_intrinsic_f32_to_u64(a: f32) -> u64 = soft::to_unsigned;
    }
    functions in F64_X_I64 {
        "f64_convert_i64_s" for "f64.convert_i64_s":
            aot_intrinsic_i64_to_f64(a: i64) -> f64 = soft::from_signed;
        "f64_convert_i64_u" for "f64.convert_i64_u":
            aot_intrinsic_u64_to_f64(a: u64) -> f64 = soft::from_unsigned;
        "i64_trunc_f64_s" for "i64.trunc_f64_s" "i64.trunc_sat_f64_s":
            aot_intrinsic_f64_to_i64(a: f64) -> i64 = soft::to_signed;
        "i64_trunc_f64_u" for "i64.trunc_f64_u" "i64.trunc_sat_f64_u":
            aot_intrinsic_f64_to_u64(a: f64) -> u64 = soft::to_unsigned;
    }
    constants in CONST_OP {
        "i32.const": I32;
        "i64.const": I64;
        "f32.const": F32;
        "f64.const": F64;
    }
}

fn ceil<F: soft::Format>(a: F) -> F {
    soft::to_integral(a, Direction::Up)
}

fn floor<F: soft::Format>(a: F) -> F {
    soft::to_integral(a, Direction::Down)
}

fn trunc<F: soft::Format>(a: F) -> F {
    soft::to_integral(a, Direction::TowardZero)
}

fn nearest<F: soft::Format>(a: F) -> F {
    soft::to_integral(a, Direction::NearestEven)
}

/// Whether the condition with this number holds, as zero or one; an unknown one never does.
fn compare<F: soft::Format>(condition: u32, a: F, b: F) -> u32 {
    let order = soft::compare(a, b);
    let holds = FloatCondition::from_number(condition).is_some_and(|condition| match condition {
        FloatCondition::Equal => order.is_some_and(Ordering::is_eq),
        FloatCondition::NotEqual => !order.is_some_and(Ordering::is_eq),
        FloatCondition::Less => order.is_some_and(Ordering::is_lt),
        FloatCondition::Greater => order.is_some_and(Ordering::is_gt),
        FloatCondition::LessOrEqual => order.is_some_and(Ordering::is_le),
        FloatCondition::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
        FloatCondition::Unordered => order.is_none(),
    });
    u32::from(holds)
}

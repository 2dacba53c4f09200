//! Values of the scripts: arguments to pass, results to compare.
//!
//! Everything is raw bits, so that no conversion on the way can change a NaN. A float result is
//! compared bit for bit unless the script asks for a class of NaN: `nan:canonical` is the quiet NaN
//! of zero payload with either sign, `nan:arithmetic` any quiet NaN. Vectors apply the same rule
//! to each lane.

use std::fmt;

use wamr_host::Val;
use wast::core::{AbstractHeapType, HeapType, NanPattern, V128Pattern, WastArgCore, WastRetCore};
use wast::token::{F32, F64};
use wast::{WastArg, WastRet};

/// A value as messages show it: its bits, and the float they stand for.
pub struct Shown(pub Val);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ty = self.0.ty();
        match self.0 {
            Val::I32(value) => write!(f, "{ty}:{value:#x}"),
            Val::I64(value) => write!(f, "{ty}:{value:#x}"),
            Val::F32(bits) => write!(f, "{ty}:{bits:#010x} ({})", f32::from_bits(bits)),
            Val::F64(bits) => write!(f, "{ty}:{bits:#018x} ({})", f64::from_bits(bits)),
            Val::V128(bytes) => write!(f, "{ty}:{:#034x}", u128::from_le_bytes(bytes)),
            Val::FuncRef(Some(index)) | Val::ExternRef(Some(index)) => write!(f, "{ty}:{index}"),
            Val::FuncRef(None) | Val::ExternRef(None) => write!(f, "{ty}:null"),
        }
    }
}

/// Values as messages show them.
pub fn shown(values: &[Val]) -> String {
    values
        .iter()
        .map(|value| Shown(*value).to_string())
        .collect::<Vec<_>>()
        .join(", ")
}

/// A value of a script that core WebAssembly 2.0 does not have.
#[derive(Debug, thiserror::Error)]
#[error("the runner does not know the value {0}")]
pub struct UnknownValue(String);

/// The argument that a script writes.
pub fn argument(arg: &WastArg<'_>) -> Result<Val, UnknownValue> {
    let WastArg::Core(core) = arg else {
        return Err(UnknownValue(format!("{arg:?}")));
    };
    Ok(match core {
        WastArgCore::I32(value) => Val::I32(*value),
        WastArgCore::I64(value) => Val::I64(*value),
        WastArgCore::F32(value) => Val::F32(value.bits),
        WastArgCore::F64(value) => Val::F64(value.bits),
        WastArgCore::V128(value) => Val::V128(value.to_le_bytes()),
        WastArgCore::RefExtern(index) => Val::ExternRef(Some(*index)),
        WastArgCore::RefNull(HeapType::Abstract { ty, .. }) => match ty {
            AbstractHeapType::Func => Val::FuncRef(None),
            AbstractHeapType::Extern => Val::ExternRef(None),
            _ => return Err(UnknownValue(format!("{core:?}"))),
        },
        _ => return Err(UnknownValue(format!("{core:?}"))),
    })
}

/// Compares the results of a call with those the script expects.
pub fn check_results(expected: &[WastRet<'_>], actual: &[Val]) -> Result<(), String> {
    if expected.len() != actual.len() {
        return Err(format!(
            "expected {} results, got {}: {}",
            expected.len(),
            actual.len(),
            shown(actual)
        ));
    }
    for (position, (expected, actual)) in expected.iter().zip(actual).enumerate() {
        let matched = match expected {
            WastRet::Core(core) => matches(core, *actual),
            other => Err(UnknownValue(format!("{other:?}"))),
        };
        match matched {
            Ok(true) => {}
            Ok(false) => {
                return Err(format!(
                    "result {position}: expected {expected:?}, got {}",
                    Shown(*actual)
                ));
            }
            Err(error) => return Err(error.to_string()),
        }
    }
    Ok(())
}

/// Whether results would be the expected ones if signalling NaNs among those were quiet.
pub fn quieted(expected: &[WastRet<'_>], actual: &[Val]) -> bool {
    expected.len() == actual.len()
        && expected
            .iter()
            .zip(actual)
            .all(|(expected, actual)| match (expected, actual) {
                (WastRet::Core(WastRetCore::F32(NanPattern::Value(value))), Val::F32(bits))
                    if f32::from_bits(value.bits).is_nan() =>
                {
                    value.bits | F32_QUIET == *bits
                }
                (WastRet::Core(WastRetCore::F64(NanPattern::Value(value))), Val::F64(bits))
                    if f64::from_bits(value.bits).is_nan() =>
                {
                    value.bits | F64_QUIET == *bits
                }
                (WastRet::Core(expected), actual) => matches(expected, *actual).unwrap_or(false),
                _ => false,
            })
}

/// The bit of the significand that tells quiet NaNs from signalling ones.
const F32_QUIET: u32 = 1 << 22;
const F64_QUIET: u64 = 1 << 51;

fn matches(expected: &WastRetCore<'_>, actual: Val) -> Result<bool, UnknownValue> {
    Ok(match (expected, actual) {
        (WastRetCore::I32(value), Val::I32(actual)) => *value == actual,
        (WastRetCore::I64(value), Val::I64(actual)) => *value == actual,
        (WastRetCore::F32(pattern), Val::F32(bits)) => matches_f32(pattern, bits),
        (WastRetCore::F64(pattern), Val::F64(bits)) => matches_f64(pattern, bits),
        (WastRetCore::V128(pattern), Val::V128(bytes)) => matches_v128(pattern, bytes),
        (WastRetCore::RefNull(ty), Val::FuncRef(index)) => {
            index.is_none() && names_type(ty, AbstractHeapType::Func)
        }
        (WastRetCore::RefNull(ty), Val::ExternRef(index)) => {
            index.is_none() && names_type(ty, AbstractHeapType::Extern)
        }
        (WastRetCore::RefExtern(Some(expected)), Val::ExternRef(actual)) => {
            actual == Some(*expected)
        }
        (WastRetCore::RefExtern(None), Val::ExternRef(actual)) => actual.is_some(),
        // A script can only say that there is a function, not which one.
        (WastRetCore::RefFunc(None), Val::FuncRef(actual)) => actual.is_some(),
        (WastRetCore::Either(cases), actual) => {
            for case in cases {
                if matches(case, actual)? {
                    return Ok(true);
                }
            }
            false
        }
        (
            WastRetCore::I32(_)
            | WastRetCore::I64(_)
            | WastRetCore::F32(_)
            | WastRetCore::F64(_)
            | WastRetCore::V128(_)
            | WastRetCore::RefNull(_)
            | WastRetCore::RefExtern(_)
            | WastRetCore::RefFunc(None),
            _,
        ) => false,
        (other, _) => return Err(UnknownValue(format!("{other:?}"))),
    })
}

/// Whether an optional type annotation on `ref.null` allows that type.
fn names_type(annotation: &Option<HeapType<'_>>, actual: AbstractHeapType) -> bool {
    match annotation {
        None => true,
        Some(HeapType::Abstract { ty, .. }) => *ty == actual,
        Some(_) => false,
    }
}

fn matches_f32(pattern: &NanPattern<F32>, bits: u32) -> bool {
    const QUIET: u32 = 0x7fc0_0000;
    match pattern {
        NanPattern::CanonicalNan => bits & !(1 << 31) == QUIET,
        NanPattern::ArithmeticNan => bits & QUIET == QUIET,
        NanPattern::Value(value) => bits == value.bits,
    }
}

fn matches_f64(pattern: &NanPattern<F64>, bits: u64) -> bool {
    const QUIET: u64 = 0x7ff8_0000_0000_0000;
    match pattern {
        NanPattern::CanonicalNan => bits & !(1 << 63) == QUIET,
        NanPattern::ArithmeticNan => bits & QUIET == QUIET,
        NanPattern::Value(value) => bits == value.bits,
    }
}

fn matches_v128(pattern: &V128Pattern, bytes: [u8; 16]) -> bool {
    match pattern {
        V128Pattern::I8x16(lanes) => *lanes == lanes_of(bytes, i8::from_le_bytes),
        V128Pattern::I16x8(lanes) => *lanes == lanes_of(bytes, i16::from_le_bytes),
        V128Pattern::I32x4(lanes) => *lanes == lanes_of(bytes, i32::from_le_bytes),
        V128Pattern::I64x2(lanes) => *lanes == lanes_of(bytes, i64::from_le_bytes),
        V128Pattern::F32x4(lanes) => {
            let actual: [u32; 4] = lanes_of(bytes, u32::from_le_bytes);
            lanes
                .iter()
                .zip(actual)
                .all(|(lane, bits)| matches_f32(lane, bits))
        }
        V128Pattern::F64x2(lanes) => {
            let actual: [u64; 2] = lanes_of(bytes, u64::from_le_bytes);
            lanes
                .iter()
                .zip(actual)
                .all(|(lane, bits)| matches_f64(lane, bits))
        }
    }
}

/// Cuts a vector into `LANES` lanes of `WIDTH` bytes each.
fn lanes_of<T, const WIDTH: usize, const LANES: usize>(
    bytes: [u8; 16],
    read: fn([u8; WIDTH]) -> T,
) -> [T; LANES] {
    const { assert!(WIDTH * LANES == 16) };
    std::array::from_fn(|lane| read(std::array::from_fn(|i| bytes[lane * WIDTH + i])))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wast::parser::{self, ParseBuffer};

    fn check(expected: &str, actual: Val) -> Result<(), String> {
        let buffer = ParseBuffer::new(expected).expect("the pattern can be read");
        let pattern: WastRet<'_> = parser::parse(&buffer).expect("the pattern is well formed");
        check_results(&[pattern], &[actual])
    }

    #[track_caller]
    fn assert_match(expected: &str, actual: Val) {
        assert_eq!(
            check(expected, actual),
            Ok(()),
            "{expected} and {}",
            Shown(actual)
        );
    }

    #[track_caller]
    fn assert_differ(expected: &str, actual: Val) {
        assert!(
            check(expected, actual).is_err(),
            "{expected} and {}",
            Shown(actual)
        );
    }

    fn f32x4(lanes: [u32; 4]) -> Val {
        let mut bytes = [0; 16];
        for (chunk, lane) in bytes.chunks_exact_mut(4).zip(lanes) {
            chunk.copy_from_slice(&lane.to_le_bytes());
        }
        Val::V128(bytes)
    }

    #[test]
    fn integers_compare_by_bits() {
        assert_match("i32.const -1", Val::I32(-1));
        assert_match("i64.const 0x8000000000000000", Val::I64(i64::MIN));
        assert_differ("i32.const 1", Val::I32(2));
        assert_differ("i32.const 1", Val::I64(1));
    }

    #[test]
    fn floats_compare_by_bits() {
        assert_match("f32.const -0", Val::F32(0x8000_0000));
        assert_differ("f32.const 0", Val::F32(0x8000_0000));
        assert_differ("f64.const 0", Val::F64(1));
        assert_match("f32.const nan:0x200000", Val::F32(0x7fa0_0000));
        assert_differ("f32.const nan:0x200000", Val::F32(0x7fe0_0000));
        assert_differ("f32.const 0", Val::I32(0));
    }

    #[test]
    fn canonical_nan_has_either_sign_and_no_payload() {
        assert_match("f32.const nan:canonical", Val::F32(0x7fc0_0000));
        assert_match("f32.const nan:canonical", Val::F32(0xffc0_0000));
        assert_differ("f32.const nan:canonical", Val::F32(0x7fc0_0001));
        assert_differ("f32.const nan:canonical", Val::F32(0x7fa0_0000));
        assert_differ("f32.const nan:canonical", Val::F32(0x7f80_0000));
        assert_match("f64.const nan:canonical", Val::F64(0xfff8_0000_0000_0000));
        assert_differ("f64.const nan:canonical", Val::F64(0x7ff8_0000_0000_0001));
    }

    #[test]
    fn arithmetic_nan_is_any_quiet_nan() {
        assert_match("f32.const nan:arithmetic", Val::F32(0xffe1_2345));
        assert_differ("f32.const nan:arithmetic", Val::F32(0x7fa0_0000));
        assert_differ("f32.const nan:arithmetic", Val::F32(0x7f80_0000));
        assert_differ("f32.const nan:arithmetic", Val::F32(0x3f80_0000));
        assert_match("f64.const nan:arithmetic", Val::F64(0x7ff8_0000_0000_0001));
        assert_differ("f64.const nan:arithmetic", Val::F64(0x7ff4_0000_0000_0000));
    }

    #[test]
    fn a_quieted_nan_differs_from_a_signalling_one_in_one_bit() {
        let buffer = ParseBuffer::new("f32.const -nan:0x200001").expect("the pattern can be read");
        let expected: [WastRet<'_>; 1] =
            [parser::parse(&buffer).expect("the pattern is well formed")];
        assert!(quieted(&expected, &[Val::F32(0xffe0_0001)]));
        assert!(!quieted(&expected, &[Val::F32(0x7fe0_0001)]));
        assert!(!quieted(&expected, &[Val::F32(0xffe0_0000)]));
        assert!(!quieted(&expected, &[]));
    }

    #[test]
    fn lanes_have_their_own_patterns() {
        let pattern = "v128.const f32x4 nan:canonical nan:arithmetic 1 -0";
        assert_match(
            pattern,
            f32x4([0xffc0_0000, 0x7fc0_0001, 0x3f80_0000, 0x8000_0000]),
        );
        assert_differ(
            pattern,
            f32x4([0x7fc0_0001, 0x7fc0_0001, 0x3f80_0000, 0x8000_0000]),
        );
        assert_differ(
            pattern,
            f32x4([0x7fc0_0000, 0x7fa0_0000, 0x3f80_0000, 0x8000_0000]),
        );
        assert_differ(
            pattern,
            f32x4([0x7fc0_0000, 0x7fc0_0000, 0x3f80_0000, 0x0000_0000]),
        );
    }

    #[test]
    fn integer_lanes_lie_in_memory_order() {
        let mut bytes = [0; 16];
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = i as u8;
        }
        let value = Val::V128(bytes);
        assert_match(
            "v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
            value,
        );
        assert_match(
            "v128.const i16x8 0x100 0x302 0x504 0x706 0x908 0xb0a 0xd0c 0xf0e",
            value,
        );
        assert_match(
            "v128.const i32x4 0x3020100 0x7060504 0xb0a0908 0xf0e0d0c",
            value,
        );
        assert_match(
            "v128.const i64x2 0x706050403020100 0xf0e0d0c0b0a0908",
            value,
        );
        assert_differ(
            "v128.const i64x2 0xf0e0d0c0b0a0908 0x706050403020100",
            value,
        );
    }

    #[test]
    fn references_keep_null_and_type_apart() {
        assert_match("ref.null func", Val::FuncRef(None));
        assert_match("ref.null", Val::ExternRef(None));
        assert_differ("ref.null extern", Val::FuncRef(None));
        assert_differ("ref.null extern", Val::ExternRef(Some(0)));
        assert_match("ref.extern 7", Val::ExternRef(Some(7)));
        assert_differ("ref.extern 7", Val::ExternRef(Some(8)));
        assert_differ("ref.extern 0", Val::ExternRef(None));
        assert_match("ref.func", Val::FuncRef(Some(0)));
        assert_differ("ref.func", Val::FuncRef(None));
    }

    #[test]
    fn either_takes_one_of_its_cases() {
        assert_match("either (i32.const 1) (i32.const 2)", Val::I32(2));
        assert_differ("either (i32.const 1) (i32.const 2)", Val::I32(3));
    }

    #[test]
    fn the_number_of_results_counts() {
        assert!(check_results(&[], &[Val::I32(0)]).is_err());
        assert_eq!(check_results(&[], &[]), Ok(()));
    }

    #[test]
    fn a_value_outside_the_suites_is_an_error() {
        let error = check("ref.i31", Val::I32(0)).unwrap_err();
        assert!(error.contains("does not know"), "{error}");
    }
}

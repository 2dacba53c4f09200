//! Operators of relaxed SIMD have the results that docs/proposals.md promises for each processor, and the same
//! results whether LLVM folds the operator or the processor computes it.

use test_support::processors;
use wamr_host::{Imports, Instance, InstanceOptions, Module, Val};
use wasmelt::Options;
use wasmelt::options::{OptLevel, TargetOptions};

/// The columns of the table in docs/proposals.md that this machine can execute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Deterministic,
    Sse2,
    Sse41,
    Fma,
    Avx512,
}

/// An operator with operands whose results differ, and the result of each column.
struct Case {
    operator: &'static str,
    operands: &'static [&'static str],
    deterministic: &'static str,
    sse2: &'static str,
    sse41: &'static str,
    fma: &'static str,
    avx512: &'static str,
}

impl Case {
    fn expected(&self, column: Column) -> u128 {
        bits(match column {
            Column::Deterministic => self.deterministic,
            Column::Sse2 => self.sse2,
            Column::Sse41 => self.sse41,
            Column::Fma => self.fma,
            Column::Avx512 => self.avx512,
        })
    }
}

/// A case in which all x86 processors agree.
const fn on_x86(
    operator: &'static str,
    operands: &'static [&'static str],
    deterministic: &'static str,
    fastest: &'static str,
) -> Case {
    Case {
        operator,
        operands,
        deterministic,
        sse2: fastest,
        sse41: fastest,
        fma: fastest,
        avx512: fastest,
    }
}

/// A case in which the processors with SSSE3 and SSE4.1 agree.
const fn since_sse41(
    operator: &'static str,
    operands: &'static [&'static str],
    deterministic: &'static str,
    fastest: &'static str,
) -> Case {
    Case {
        sse2: deterministic,
        ..on_x86(operator, operands, deterministic, fastest)
    }
}

const fn since_fma(
    operator: &'static str,
    operands: &'static [&'static str],
    separate: &'static str,
    fused: &'static str,
) -> Case {
    Case {
        sse41: separate,
        ..since_sse41(operator, operands, separate, fused)
    }
}

const BYTES: &str = "i8x16 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25";
const PLUS: &str = "f32x4 0x1.000002p+0 0x1.000002p+0 1 2";
const MINUS: &str = "f64x2 0x1.0000000000001p+0 2";

const CASES: &[Case] = &[
    since_sse41(
        "i8x16.relaxed_swizzle",
        &[BYTES, "i8x16 0 15 16 31 127 128 255 -16 3 2 1 0 64 80 -1 7"],
        "i8x16 10 25 0 0 0 0 0 0 13 12 11 10 0 0 0 17",
        "i8x16 10 25 10 25 25 0 0 0 13 12 11 10 10 10 0 17",
    ),
    on_x86(
        "i32x4.relaxed_trunc_f32x4_s",
        &["f32x4 nan 0x1p+31 -0x1p+40 -1.5"],
        "i32x4 0 0x7fffffff 0x80000000 -1",
        "i32x4 0x80000000 0x80000000 0x80000000 -1",
    ),
    on_x86(
        "i32x4.relaxed_trunc_f64x2_s_zero",
        &["f64x2 0x1p+31 -2147483648.5"],
        "i32x4 0x7fffffff 0x80000000 0 0",
        "i32x4 0x80000000 0x80000000 0 0",
    ),
    // In range, the results are those of the saturating truncations.
    on_x86(
        "i32x4.relaxed_trunc_f32x4_u",
        &["f32x4 0 1.5 0x1p+31 0x1.fffffep+31"],
        "i32x4 0 1 0x80000000 0xffffff00",
        "i32x4 0 1 0x80000000 0xffffff00",
    ),
    on_x86(
        "i32x4.relaxed_trunc_f64x2_u_zero",
        &["f64x2 4294967295.75 2147483648.25"],
        "i32x4 0xffffffff 0x80000000 0 0",
        "i32x4 0xffffffff 0x80000000 0 0",
    ),
    Case {
        avx512: "i32x4 0xffffffff 0xffffffff 0xffffffff 0xffffffff",
        ..on_x86(
            "i32x4.relaxed_trunc_f32x4_u",
            &["f32x4 nan -5 0x1p+32 inf"],
            "i32x4 0 0 0xffffffff 0xffffffff",
            "i32x4 0x80000000 0xfffffffb 0x80000000 0x80000000",
        )
    },
    since_fma(
        "f32x4.relaxed_madd",
        &[PLUS, PLUS, "f32x4 -0x1.000004p+0 1 1 1"],
        "f32x4 0 0x1.000002p+1 2 5",
        "f32x4 0x1p-46 0x1.000002p+1 2 5",
    ),
    since_fma(
        "f32x4.relaxed_nmadd",
        &[PLUS, PLUS, "f32x4 0x1.000004p+0 1 1 1"],
        "f32x4 0 -0x1p-22 0 -3",
        "f32x4 -0x1p-46 -0x1p-22 0 -3",
    ),
    since_fma(
        "f64x2.relaxed_madd",
        &[MINUS, MINUS, "f64x2 -0x1.0000000000002p+0 1"],
        "f64x2 0 5",
        "f64x2 0x1p-104 5",
    ),
    since_fma(
        "f64x2.relaxed_nmadd",
        &[MINUS, MINUS, "f64x2 0x1.0000000000002p+0 1"],
        "f64x2 0 -3",
        "f64x2 -0x1p-104 -3",
    ),
    on_x86(
        "f32x4.relaxed_min",
        &["f32x4 nan 1 0 -0", "f32x4 2 nan -0 0"],
        "f32x4 nan nan -0 -0",
        "f32x4 2 nan -0 0",
    ),
    on_x86(
        "f32x4.relaxed_max",
        &["f32x4 nan 1 0 -0", "f32x4 2 nan -0 0"],
        "f32x4 nan nan 0 0",
        "f32x4 2 nan -0 0",
    ),
    on_x86(
        "f64x2.relaxed_min",
        &["f64x2 nan 0", "f64x2 3 -0"],
        "f64x2 nan -0",
        "f64x2 3 -0",
    ),
    on_x86(
        "f64x2.relaxed_max",
        &["f64x2 nan 0", "f64x2 3 -0"],
        "f64x2 nan 0",
        "f64x2 3 -0",
    ),
    Case {
        avx512: "i8x16 0x12 0x21 1 2 1 2 1 2 1 2 1 2 1 2 1 2",
        ..since_sse41(
            "i8x16.relaxed_laneselect",
            &[
                "i8x16 0x11 0x11 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
                "i8x16 0x22 0x22 2 2 2 2 2 2 2 2 2 2 2 2 2 2",
                "i8x16 0xf0 0x0f -1 0 -1 0 -1 0 -1 0 -1 0 -1 0 -1 0",
            ],
            "i8x16 0x12 0x21 1 2 1 2 1 2 1 2 1 2 1 2 1 2",
            "i8x16 0x11 0x22 1 2 1 2 1 2 1 2 1 2 1 2 1 2",
        )
    },
    Case {
        avx512: "i16x8 0x1122 0x2222 0x2211 1 2 1 2 1",
        ..since_sse41(
            "i16x8.relaxed_laneselect",
            &[
                "i16x8 0x1111 0x1111 0x1111 1 1 1 1 1",
                "i16x8 0x2222 0x2222 0x2222 2 2 2 2 2",
                "i16x8 0xff00 0 0x00ff -1 0 -1 0 -1",
            ],
            "i16x8 0x1122 0x2222 0x2211 1 2 1 2 1",
            "i16x8 0x1111 0x2222 0x2222 1 2 1 2 1",
        )
    },
    Case {
        avx512: "i32x4 0x11112222 0x22221111 1 2",
        ..since_sse41(
            "i32x4.relaxed_laneselect",
            &[
                "i32x4 0x11111111 0x11111111 1 1",
                "i32x4 0x22222222 0x22222222 2 2",
                "i32x4 0xffff0000 0x0000ffff -1 0",
            ],
            "i32x4 0x11112222 0x22221111 1 2",
            "i32x4 0x11111111 0x22222222 1 2",
        )
    },
    Case {
        avx512: "i64x2 0x1111111122222222 0x2222222211111111",
        ..since_sse41(
            "i64x2.relaxed_laneselect",
            &[
                "i64x2 0x1111111111111111 0x1111111111111111",
                "i64x2 0x2222222222222222 0x2222222222222222",
                "i64x2 0xffffffff00000000 0x00000000ffffffff",
            ],
            "i64x2 0x1111111122222222 0x2222222211111111",
            "i64x2 0x1111111111111111 0x2222222222222222",
        )
    },
    since_sse41(
        "i16x8.relaxed_q15mulr_s",
        &[
            "i16x8 -32768 -32768 32767 16384 -1 1 0 5",
            "i16x8 -32768 32767 32767 16384 -1 1 0 5",
        ],
        "i16x8 32767 -32767 32766 8192 0 0 0 0",
        "i16x8 -32768 -32767 32766 8192 0 0 0 0",
    ),
    since_sse41(
        "i16x8.relaxed_dot_i8x16_i7x16_s",
        &[
            "i8x16 -128 -128 -128 -128 -128 -128 127 127 1 2 3 4 5 6 7 8",
            "i8x16 -128 -128 -127 -127 127 127 127 127 1 2 3 4 5 6 7 8",
        ],
        "i16x8 32767 32512 -32512 32258 5 25 61 113",
        "i16x8 -32768 -32768 -32512 32258 5 25 61 113",
    ),
    since_sse41(
        "i32x4.relaxed_dot_i8x16_i7x16_add_s",
        &[
            "i8x16 -128 -128 -128 -128 -128 -128 -128 -128 127 127 127 127 1 2 3 4",
            "i8x16 -128 -128 -128 -128 -127 -127 -127 -127 127 127 127 127 1 2 3 4",
            "i32x4 1 2 3 0x7fffffff",
        ],
        "i32x4 65535 65026 64519 0x8000001d",
        "i32x4 -65535 -65534 64519 0x8000001d",
    ),
];

/// The bits of a constant of the text format.
fn bits(constant: &str) -> u128 {
    let text = format!("(module (global v128 (v128.const {constant})))");
    let wasm = wat::parse_str(text).unwrap();
    let at = wasm.windows(2).rposition(|it| it == [0xfd, 0x0c]).unwrap() + 2;
    u128::from_le_bytes(wasm[at..at + 16].try_into().unwrap())
}

/// A module with two functions for each case: one with the operands as parameters, one with constants.
fn module() -> Vec<u8> {
    let mut text = "(module".to_owned();
    for (number, case) in CASES.iter().enumerate() {
        let params = "v128 ".repeat(case.operands.len());
        let operator = case.operator;
        let variables: String = (0..case.operands.len())
            .map(|at| format!("(local.get {at}) "))
            .collect();
        let constants: String = case
            .operands
            .iter()
            .map(|constant| format!("(v128.const {constant}) "))
            .collect();
        text += &format!(
            "(func (export \"computed{number}\") (param {params}) (result v128) ({operator} {variables}))
             (func (export \"folded{number}\") (result v128) ({operator} {constants}))"
        );
    }
    wat::parse_str(text + ")").unwrap()
}

fn call(instance: &Instance, name: &str, operands: &[Val]) -> u128 {
    match instance.call(name, operands).unwrap()[..] {
        [Val::V128(bytes)] => u128::from_le_bytes(bytes),
        ref other => panic!("{other:?}"),
    }
}

#[track_caller]
fn check(wasm: &[u8], cpu: &str, column: Column) {
    for opt_level in [OptLevel::O0, OptLevel::O1, OptLevel::O3, OptLevel::Os] {
        let options = Options {
            target: TargetOptions {
                cpu: Some(cpu.to_owned()),
                ..TargetOptions::default()
            },
            opt_level,
            deterministic_relaxed_simd: column == Column::Deterministic,
            ..Options::default()
        };
        let artifact = wasmelt::compile(wasm, &options).unwrap();
        let module = Module::load(&artifact.bytes, &Imports::new()).unwrap();
        let instance = Instance::new(&module, &InstanceOptions::default()).unwrap();
        for (number, case) in CASES.iter().enumerate() {
            let operands: Vec<Val> = case
                .operands
                .iter()
                .map(|constant| Val::V128(bits(constant).to_le_bytes()))
                .collect();
            let expected = case.expected(column);
            let computed = call(&instance, &format!("computed{number}"), &operands);
            let folded = call(&instance, &format!("folded{number}"), &[]);
            for (how, found) in [("computed", computed), ("folded", folded)] {
                assert_eq!(
                    found, expected,
                    "{} {how}, {cpu}, {opt_level:?}: {found:#034x}, not {expected:#034x}",
                    case.operator
                );
            }
        }
    }
}

/// The processors that x86 machines of the tests can be, by their levels.
const LEVELS: [(&str, Column); 4] = [
    ("x86-64", Column::Sse2),
    ("x86-64-v2", Column::Sse41),
    ("x86-64-v3", Column::Fma),
    ("x86-64-v4", Column::Avx512),
];

/// Whether this machine executes code for `cpu`.
fn executes(cpu: &str) -> bool {
    #[cfg(target_arch = "x86_64")]
    if cpu == "x86-64-v4" {
        use std::arch::is_x86_feature_detected as has;
        return executes("x86-64-v3")
            && has!("avx512f")
            && has!("avx512bw")
            && has!("avx512cd")
            && has!("avx512dq")
            && has!("avx512vl");
    }
    processors::others().contains(&cpu)
}

#[test]
fn results_follow_the_processor() {
    let wasm = module();
    for (cpu, column) in LEVELS {
        if executes(cpu) {
            check(&wasm, cpu, column);
            check(&wasm, cpu, Column::Deterministic);
        }
    }
}

//! Memories with pages of one byte. The runtime has larger pages, so code keeps their sizes.

use wamr_host::Val;

use super::*;

fn args<const N: usize>(values: [i32; N]) -> [Val; N] {
    values.map(Val::I32)
}

#[test]
fn bounds_are_exact_to_the_byte() {
    let text = r#"(module
        (memory (export "memory") 13 21 (pagesize 1))
        (data (i32.const 9) "data")
        (func (export "load8") (param i32) (result i32) (i32.load8_u (local.get 0)))
        (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
        (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
        (func (export "vector") (param i32) (result i32)
            (i32x4.extract_lane 3 (v128.load (local.get 0))))
        (func (export "size") (result i32) (memory.size))
        (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
        (func (export "fill") (param i32 i32)
            (memory.fill (local.get 0) (i32.const 1) (local.get 1))))"#;
    check_beside_heap(
        text,
        &[
            ("load", &args([9]), i32(i32::from_le_bytes(*b"data"))),
            ("load", &args([10]), OUTSIDE),
            ("load8", &args([12]), i32(i32::from(b'a'))),
            ("load8", &args([13]), OUTSIDE),
            ("store", &args([10, -1]), OUTSIDE),
            ("load8", &args([12]), i32(i32::from(b'a'))),
            ("vector", &args([0]), OUTSIDE),
            ("fill", &args([0, 14]), OUTSIDE),
            ("size", &[], i32(13)),
            ("grow", &args([9]), i32(-1)),
            ("grow", &args([1]), i32(13)),
            ("load8", &args([13]), i32(0)),
            ("load8", &args([14]), OUTSIDE),
            ("grow", &args([7]), i32(14)),
            ("size", &[], i32(21)),
            ("vector", &args([5]), i32(0)),
            ("vector", &args([6]), OUTSIDE),
            ("fill", &args([20, 1]), End::Nothing),
            ("load", &args([17]), i32(0x0100_0000)),
            ("grow", &args([1]), i32(-1)),
        ],
    );
}

#[test]
fn memories_that_never_grow() {
    let text = r#"(module
        (memory $none 0 (pagesize 1))
        (memory $odd 70001 (pagesize 1))
        (memory $wide i64 5 (pagesize 1))
        (data (memory $odd) (i32.const 69997) "last")
        (func (export "none") (param i32) (result i32) (i32.load8_u $none (local.get 0)))
        (func (export "odd") (param i32) (result i32) (i32.load $odd (local.get 0)))
        (func (export "odd_size") (result i32) (memory.size $odd))
        (func (export "wide") (param i64) (result i32) (i32.load $wide (local.get 0))))"#;
    check_beside_heap(
        text,
        &[
            ("none", &args([0]), OUTSIDE),
            ("odd", &args([69997]), i32(i32::from_le_bytes(*b"last"))),
            ("odd", &args([69998]), OUTSIDE),
            ("odd_size", &[], i32(70001)),
            ("wide", &[Val::I64(1)], i32(0)),
            ("wide", &[Val::I64(2)], OUTSIDE),
            ("wide", &[Val::I64(1 << 32)], OUTSIDE),
            ("wide", &[Val::I64(-1)], OUTSIDE),
        ],
    );
}

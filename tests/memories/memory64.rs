//! Memories and tables with 64-bit addresses, which the runtime takes for ones of 32 bits.

use wamr_host::{Imports, Val};
use wasmelt::Options;
use wasmelt::options::SharedHeaps;

use super::*;

const MEMORY: &str = r#"(module
    (memory (export "memory") i64 1 3)
    (data (i64.const 65532) "abcd")
    (data $passive "passive")
    (func (export "load") (param i64) (result i32) (i32.load (local.get 0)))
    (func (export "load8") (param i64) (result i32) (i32.load8_u (local.get 0)))
    (func (export "far") (param i64) (result i32) (i32.load8_u offset=0xffffffff (local.get 0)))
    (func (export "farther") (param i64) (result i32) (i32.load8_u offset=0x100000000 (local.get 0)))
    (func (export "farthest") (param i64) (result i32)
        (i32.load8_u offset=0xffffffffffffffff (local.get 0)))
    (func (export "near") (param i64) (result i64) (i64.load offset=8 (local.get 0)))
    (func (export "store") (param i64 i32) (i32.store (local.get 0) (local.get 1)))
    (func (export "vector") (param i64) (result i32)
        (i32x4.extract_lane 0 (v128.load (local.get 0))))
    (func (export "add") (param i64 i32) (result i32)
        (i32.atomic.rmw.add (local.get 0) (local.get 1)))
    (func (export "size") (result i64) (memory.size))
    (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0)))
    (func (export "fill") (param i64 i32 i64)
        (memory.fill (local.get 0) (local.get 1) (local.get 2)))
    (func (export "copy") (param i64 i64 i64)
        (memory.copy (local.get 0) (local.get 1) (local.get 2)))
    (func (export "init") (param i64 i32 i32)
        (memory.init $passive (local.get 0) (local.get 1) (local.get 2))))"#;

fn at(index: u64) -> [Val; 1] {
    [Val::I64(index as i64)]
}

#[test]
fn every_bit_of_an_index_counts() {
    let end = 65536;
    let outside = [
        end,
        end + (1 << 31),
        u64::from(u32::MAX),
        1 << 32,
        (1 << 32) + 8,
        1 << 33,
        (1 << 33) + 65532,
        1 << 63,
        u64::MAX - 70000,
        u64::MAX,
    ];
    let mut calls: Vec<(&str, Vec<Val>, End)> = Vec::new();
    for name in [
        "load", "load8", "vector", "near", "far", "farther", "farthest",
    ] {
        for index in outside {
            calls.push((name, at(index).to_vec(), OUTSIDE));
        }
    }
    for index in outside {
        calls.push(("store", vec![Val::I64(index as i64), Val::I32(1)], OUTSIDE));
        if index % 4 == 0 {
            calls.push(("add", vec![Val::I64(index as i64), Val::I32(1)], OUTSIDE));
        }
    }
    calls.push(("load", at(end - 4).to_vec(), i32(0x6463_6261)));
    calls.push(("load", at(end - 3).to_vec(), OUTSIDE));
    calls.push(("load8", at(end - 1).to_vec(), i32(0x64)));
    calls.push(("near", at(end - 16).to_vec(), i64(0x6463_6261_0000_0000)));
    calls.push(("near", at(end - 15).to_vec(), OUTSIDE));
    calls.push(("vector", at(end - 16).to_vec(), i32(0)));
    calls.push(("vector", at(end - 15).to_vec(), OUTSIDE));
    calls.push(("far", at(0).to_vec(), OUTSIDE));
    // The sum is 2^64, so small that it would lie in memory.
    calls.push(("far", at(u64::MAX - 0xffff_fffe).to_vec(), OUTSIDE));
    calls.push(("farther", at(u64::MAX - 0xffff_ffff).to_vec(), OUTSIDE));
    calls.push(("farthest", at(1).to_vec(), OUTSIDE));
    let calls: Vec<Call<'_>> = calls
        .iter()
        .map(|(name, arguments, end)| (*name, arguments.as_slice(), end.clone()))
        .collect();
    check(MEMORY, &calls);
}

#[test]
fn sizes_have_64_bits() {
    // With the host's heap, there are pages more.
    let options = Options::default();
    for_each_mode(MEMORY, &options, |bytes, mode| {
        let module = Module::load(bytes, &Imports::new()).unwrap();
        let instance = Instance::new(&module, &InstanceOptions::default()).unwrap();
        make_calls(
            &instance,
            mode,
            &[
                ("size", &[], i64(1)),
                ("grow", &at(1 << 32), i64(-1)),
                ("grow", &at((1 << 32) + 1), i64(-1)),
                ("grow", &at(u64::MAX), i64(-1)),
                ("grow", &at(3), i64(-1)),
                ("grow", &at(0), i64(1)),
                ("grow", &at(2), i64(1)),
                ("size", &[], i64(3)),
                ("load", &at(3 * 65536 - 4), i32(0)),
                ("load", &at(3 * 65536 - 3), OUTSIDE),
            ],
        );
    });
}

#[test]
fn whole_ranges_are_checked() {
    let three = |a: u64, b: u64, c: u64| [a, b, c].map(|it| Val::I64(it as i64));
    let fill =
        |start: u64, length: u64| [Val::I64(start as i64), Val::I32(7), Val::I64(length as i64)];
    let init =
        |start: u64, from, length| [Val::I64(start as i64), Val::I32(from), Val::I32(length)];
    let end = 65536;
    check(
        MEMORY,
        &[
            ("copy", &three(0, end - 4, 4), End::Nothing),
            ("load", &at(0), i32(0x6463_6261)),
            ("copy", &three(0, end - 4, 5), OUTSIDE),
            ("copy", &three(1 << 32, 0, 4), OUTSIDE),
            ("copy", &three(0, 1 << 32, 0), OUTSIDE),
            ("copy", &three(4, 0, (1 << 32) + 4), OUTSIDE),
            ("copy", &three(4, 0, u64::MAX), OUTSIDE),
            ("copy", &three(u64::MAX, 0, 1), OUTSIDE),
            ("copy", &three(end, end, 0), End::Nothing),
            ("load", &at(4), i32(0)),
            ("fill", &fill(8, 4), End::Nothing),
            ("load", &at(8), i32(0x0707_0707)),
            ("fill", &fill(end, 1), OUTSIDE),
            ("fill", &fill(1 << 32, 0), OUTSIDE),
            ("fill", &fill(0, 1 << 32), OUTSIDE),
            ("fill", &fill(1, u64::MAX), OUTSIDE),
            ("fill", &fill(end, 0), End::Nothing),
            ("init", &init(16, 0, 4), End::Nothing),
            ("load", &at(16), i32(0x7373_6170)),
            ("init", &init(1 << 32, 0, 4), OUTSIDE),
            ("init", &init(1 << 32, 0, 0), OUTSIDE),
            ("init", &init(0, 4, 4), OUTSIDE),
        ],
    );
}

/// The largest memory that there is with 32-bit addresses.
#[test]
fn a_memory_of_4_gib() {
    let text = r#"(module
        (memory i64 65536)
        (func (export "load") (param i64) (result i64) (i64.load (local.get 0)))
        (func (export "store8") (param i64 i32) (i32.store8 (local.get 0) (local.get 1)))
        (func (export "size") (result i64) (memory.size))
        (func (export "fill") (param i64 i32 i64)
            (memory.fill (local.get 0) (local.get 1) (local.get 2)))
        (func (export "grow") (param i64) (result i64) (memory.grow (local.get 0))))"#;
    let wasm = wat::parse_str(text).unwrap();
    for bounds_checks in [false, true] {
        let options = Options {
            bounds_checks: Some(bounds_checks),
            ..Options::default()
        };
        let bytes = wasmelt::compile(&wasm, &options).unwrap().bytes;
        let module = Module::load(&bytes, &Imports::new()).unwrap();
        let instance = Instance::new(&module, &InstanceOptions::default()).unwrap();
        let last = u64::from(u32::MAX);
        let fill = |start: u64, length: u64| {
            [Val::I64(start as i64), Val::I32(0), Val::I64(length as i64)]
        };
        make_calls(
            &instance,
            &format!("bounds checks {bounds_checks}"),
            &[
                (
                    "store8",
                    &[Val::I64(last as i64), Val::I32(9)],
                    End::Nothing,
                ),
                ("load", &at(last - 7), i64(9 << 56)),
                ("load", &at(last - 6), OUTSIDE),
                ("load", &at(last + 1), OUTSIDE),
                ("fill", &fill(last, 1), End::Nothing),
                ("fill", &fill(last, 2), OUTSIDE),
                ("fill", &fill(1, 1 << 32), OUTSIDE),
                ("fill", &fill(1 << 32, 0), End::Nothing),
                ("load", &at(last - 7), i64(0)),
                ("size", &[], i64(65536)),
                ("grow", &at(1), i64(-1)),
            ],
        );
    }
}

#[test]
fn tables_with_64_bit_indices() {
    let text = r#"(module
        (type $number (func (result i32)))
        (table $t (export "t") i64 4 10 funcref)
        (table $small i32 2 2 funcref)
        (elem (table $t) (i64.const 1) func $one $two)
        (elem $later func $two $one)
        (func $one (type $number) (i32.const 1))
        (func $two (type $number) (i32.const 2))
        (func (export "call") (param i64) (result i32)
            (call_indirect $t (type $number) (local.get 0)))
        (func (export "is_null") (param i64) (result i32)
            (ref.is_null (table.get $t (local.get 0))))
        (func (export "clear") (param i64) (table.set $t (local.get 0) (ref.null func)))
        (func (export "size") (result i64) (table.size $t))
        (func (export "grow") (param i64) (result i64)
            (table.grow $t (ref.null func) (local.get 0)))
        (func (export "fill") (param i64 i64)
            (table.fill $t (local.get 0) (ref.func $one) (local.get 1)))
        (func (export "copy") (param i64 i64 i64)
            (table.copy $t $t (local.get 0) (local.get 1) (local.get 2)))
        (func (export "to_small") (param i32 i64 i32)
            (table.copy $small $t (local.get 0) (local.get 1) (local.get 2)))
        (func (export "small") (param i32) (result i32)
            (call_indirect $small (type $number) (local.get 0)))
        (func (export "init") (param i64 i32 i32)
            (table.init $t $later (local.get 0) (local.get 1) (local.get 2))))"#;
    let outside = || End::Traps("out of bounds table access");
    let undefined = || End::Traps("undefined element");
    let three = |a: u64, b: u64, c: u64| [a, b, c].map(|it| Val::I64(it as i64));
    let two = |a: u64, b: u64| [a, b].map(|it| Val::I64(it as i64));
    check(
        text,
        &[
            ("call", &at(1), i32(1)),
            ("call", &at(2), i32(2)),
            ("call", &at(0), End::Traps("uninitialized element")),
            ("call", &at(4), undefined()),
            ("call", &at((1 << 32) + 1), undefined()),
            ("call", &at(u64::MAX), undefined()),
            ("is_null", &at(0), i32(1)),
            ("is_null", &at(1 << 32), outside()),
            ("clear", &at((1 << 32) + 1), outside()),
            ("call", &at(1), i32(1)),
            ("size", &[], i64(4)),
            ("grow", &at(1 << 32), i64(-1)),
            ("grow", &at(u64::MAX), i64(-1)),
            ("grow", &at(7), i64(-1)),
            ("grow", &at(2), i64(4)),
            ("size", &[], i64(6)),
            ("fill", &two(4, 2), End::Nothing),
            ("call", &at(5), i32(1)),
            ("fill", &two(1 << 32, 0), outside()),
            ("fill", &two(0, 1 << 32), outside()),
            ("copy", &three(0, 2, 1), End::Nothing),
            ("call", &at(0), i32(2)),
            ("copy", &three(1 << 32, 0, 0), outside()),
            ("copy", &three(0, 1 << 32, 0), outside()),
            ("copy", &three(0, 1, 1 << 32), outside()),
            (
                "to_small",
                &[Val::I32(0), Val::I64(1), Val::I32(2)],
                End::Nothing,
            ),
            ("small", &[Val::I32(1)], i32(2)),
            (
                "to_small",
                &[Val::I32(0), Val::I64(1 << 32), Val::I32(0)],
                outside(),
            ),
            (
                "init",
                &[Val::I64(3), Val::I32(0), Val::I32(2)],
                End::Nothing,
            ),
            ("call", &at(3), i32(2)),
            (
                "init",
                &[Val::I64(1 << 32), Val::I32(0), Val::I32(0)],
                outside(),
            ),
        ],
    );
}

/// A table that nothing changes: calls find their target when the module is compiled.
#[test]
fn fixed_tables_with_64_bit_indices() {
    let text = r#"(module
        (type $number (func (result i32)))
        (table i64 3 funcref)
        (elem (i64.const 1) func $one $two)
        (func $one (type $number) (i32.const 1))
        (func $two (type $number) (i32.const 2))
        (func (export "call") (param i64) (result i32)
            (call_indirect (type $number) (local.get 0))))"#;
    check(
        text,
        &[
            ("call", &at(1), i32(1)),
            ("call", &at(2), i32(2)),
            ("call", &at(0), End::Traps("uninitialized element")),
            ("call", &at(3), End::Traps("undefined element")),
            ("call", &at((1 << 32) + 2), End::Traps("undefined element")),
        ],
    );
}

/// An offset that only the instance knows, or that has more than 32 bits.
#[test]
fn offsets_of_data() {
    use wamr_host::Val::I64;

    let text = |offset: &str| {
        format!(
            r#"(module (global $far (import "host" "far") i64) (memory i64 1)
            (data (i64.const 0) "first") (data {offset} "later") (data (i64.const 2) "!")
            (func (export "load") (param i64) (result i32) (i32.load (local.get 0))))"#
        )
    };
    let imports = |value: i64| {
        let mut imports = Imports::new();
        imports.global("host", "far", I64(value), false);
        imports
    };
    let global = text("(global.get $far)");
    let calls: &[Call<'_>] = &[("load", &at(0), i32(i32::from_le_bytes(*b"la!e")))];
    check_with(&global, &imports(0), &Options::default(), calls);
    let calls: &[Call<'_>] = &[("load", &at(100), i32(i32::from_le_bytes(*b"late")))];
    check_with(&global, &imports(100), &Options::default(), calls);
    for value in [65532, 1 << 32, -1] {
        for_each_mode(&global, &Options::default(), |bytes, mode| {
            let module = Module::load(bytes, &imports(value)).unwrap();
            let instance = Instance::new(&module, &InstanceOptions::default());
            assert!(instance.is_err(), "{mode}: {value}");
        });
    }
    check_no_instance(r#"(module (memory i64 1) (data (i64.const 0x100000000) "x"))"#);
    check_no_instance(r#"(module (memory i64 1) (data (i64.const 0x100000000) ""))"#);
    check_no_instance(r#"(module (memory i64 1) (data (i64.const -1) "x"))"#);
}

/// Indices of 64 bits do not reach a shared heap of the host from above.
#[test]
fn shared_heaps_have_32_bit_addresses() {
    let options = Options {
        shared_heaps: SharedHeaps::Chain,
        ..Options::default()
    };
    check_with(
        MEMORY,
        &Imports::new(),
        &options,
        &[
            ("load8", &at(65535), i32(0x64)),
            ("load8", &at(u64::from(u32::MAX)), OUTSIDE),
            ("load8", &at(0x1_ffff_ffff), OUTSIDE),
            ("load8", &at(u64::MAX), OUTSIDE),
        ],
    );
}

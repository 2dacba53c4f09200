//! Several memories. Code keeps the sizes of all but the one that the host sees.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use wamr_host::{FuncType, Imports, Val};
use wasmelt::Options;

use super::*;

const MEMORIES: &str = r#"(module
    (memory $a 1)
    (memory $b (export "memory") 2 4)
    (memory $c 1 3)
    (memory $d 0 0)
    (data (memory $a) (i32.const 0) "from a")
    (data (memory $b) (i32.const 0) "from b")
    (data (memory $c) (i32.const 65530) "from c")
    (data $passive "passive")
    (func (export "a") (param i32) (result i32) (i32.load $a (local.get 0)))
    (func (export "b") (param i32) (result i32) (i32.load $b (local.get 0)))
    (func (export "c") (param i32) (result i32) (i32.load $c (local.get 0)))
    (func (export "d") (param i32) (result i32) (i32.load $d (local.get 0)))
    (func (export "c16") (param i32) (result i32) (i32.load16_u $c offset=2 (local.get 0)))
    (func (export "far") (param i32) (result i32) (i32.load $c offset=0xffffffff (local.get 0)))
    (func (export "vector") (param i32) (result i32)
        (i32x4.extract_lane 3 (v128.load $c (local.get 0))))
    (func (export "set_a") (param i32 i32) (i32.store $a (local.get 0) (local.get 1)))
    (func (export "set_c") (param i32 i32) (i32.store $c (local.get 0) (local.get 1)))
    (func (export "add_a") (param i32 i32) (result i32)
        (i32.atomic.rmw.add $a (local.get 0) (local.get 1)))
    (func (export "notify") (result i32) (memory.atomic.notify $a (i32.const 0) (i32.const 1)))
    (func (export "wait") (result i32)
        (memory.atomic.wait32 $a (i32.const 0) (i32.const 0) (i64.const 0)))
    (func (export "size_a") (result i32) (memory.size $a))
    (func (export "size_c") (result i32) (memory.size $c))
    (func (export "size_d") (result i32) (memory.size $d))
    (func (export "grow_c") (param i32) (result i32) (memory.grow $c (local.get 0)))
    (func (export "grow_d") (param i32) (result i32) (memory.grow $d (local.get 0)))
    (func (export "b_to_c") (param i32 i32 i32)
        (memory.copy $c $b (local.get 0) (local.get 1) (local.get 2)))
    (func (export "c_to_a") (param i32 i32 i32)
        (memory.copy $a $c (local.get 0) (local.get 1) (local.get 2)))
    (func (export "in_c") (param i32 i32 i32)
        (memory.copy $c $c (local.get 0) (local.get 1) (local.get 2)))
    (func (export "fill_c") (param i32 i32 i32)
        (memory.fill $c (local.get 0) (local.get 1) (local.get 2)))
    (func (export "init_c") (param i32 i32 i32)
        (memory.init $c $passive (local.get 0) (local.get 1) (local.get 2)))
    (func (export "init_b") (param i32 i32 i32)
        (memory.init $b $passive (local.get 0) (local.get 1) (local.get 2)))
    (func (export "drop") (data.drop $passive)))"#;

const PAGE: i32 = 65536;

fn args<const N: usize>(values: [i32; N]) -> [Val; N] {
    values.map(Val::I32)
}

fn text(bytes: &[u8; 4]) -> End {
    i32(i32::from_le_bytes(*bytes))
}

#[test]
fn memories_are_apart() {
    check_beside_heap(
        MEMORIES,
        &[
            ("a", &args([0]), text(b"from")),
            ("a", &args([2]), text(b"om a")),
            ("b", &args([2]), text(b"om b")),
            ("c", &args([PAGE - 4]), text(b"om c")),
            ("set_a", &args([8, 77]), End::Nothing),
            ("b", &args([8]), i32(0)),
            ("c", &args([8]), i32(0)),
            ("a", &args([8]), i32(77)),
            ("a", &args([PAGE - 4]), i32(0)),
            ("a", &args([PAGE - 3]), OUTSIDE),
            ("a", &args([PAGE]), OUTSIDE),
            ("a", &args([-4]), OUTSIDE),
            ("b", &args([PAGE]), i32(0)),
            ("c", &args([PAGE - 3]), OUTSIDE),
            ("c16", &args([PAGE - 4]), i32(0x6320)),
            ("c16", &args([PAGE - 3]), OUTSIDE),
            ("c16", &args([-1]), OUTSIDE),
            ("far", &args([0]), OUTSIDE),
            ("far", &args([-1]), OUTSIDE),
            ("far", &args([1]), OUTSIDE),
            ("vector", &args([PAGE - 16]), text(b"om c")),
            ("vector", &args([PAGE - 15]), OUTSIDE),
            ("d", &args([0]), OUTSIDE),
            ("d", &args([-1]), OUTSIDE),
            ("set_c", &args([PAGE, 1]), OUTSIDE),
            ("add_a", &args([8, 3]), i32(77)),
            ("a", &args([8]), i32(80)),
            ("add_a", &args([PAGE, 3]), OUTSIDE),
            ("add_a", &args([2, 3]), End::Traps("unaligned atomic")),
            ("notify", &[], i32(0)),
            ("wait", &[], End::Traps("expected shared memory")),
        ],
    );
}

#[test]
fn memories_grow() {
    check_beside_heap(
        MEMORIES,
        &[
            ("size_a", &[], i32(1)),
            ("size_c", &[], i32(1)),
            ("size_d", &[], i32(0)),
            ("grow_d", &args([1]), i32(-1)),
            ("grow_d", &args([0]), i32(0)),
            ("grow_c", &args([3]), i32(-1)),
            ("grow_c", &args([-1]), i32(-1)),
            ("grow_c", &args([0x10001]), i32(-1)),
            ("size_c", &[], i32(1)),
            ("c", &args([PAGE]), OUTSIDE),
            ("grow_c", &args([1]), i32(1)),
            ("c", &args([PAGE]), i32(0)),
            ("c", &args([PAGE - 4]), text(b"om c")),
            ("set_c", &args([2 * PAGE - 4, 5]), End::Nothing),
            ("c", &args([2 * PAGE - 4]), i32(5)),
            ("c", &args([2 * PAGE - 3]), OUTSIDE),
            ("grow_c", &args([1]), i32(2)),
            ("c", &args([3 * PAGE - 4]), i32(0)),
            ("c", &args([3 * PAGE - 3]), OUTSIDE),
            ("grow_c", &args([1]), i32(-1)),
            ("size_c", &[], i32(3)),
        ],
    );
}

#[test]
fn bulk_instructions() {
    check(
        MEMORIES,
        &[
            ("b_to_c", &args([0, 0, 6]), End::Nothing),
            ("c", &args([2]), text(b"om b")),
            ("c_to_a", &args([0, PAGE - 6, 6]), End::Nothing),
            ("a", &args([2]), text(b"om c")),
            ("b_to_c", &args([PAGE - 5, 0, 6]), OUTSIDE),
            ("c", &args([PAGE - 4]), text(b"om c")),
            ("b_to_c", &args([0, 2 * PAGE - 5, 6]), OUTSIDE),
            ("b_to_c", &args([PAGE, 2 * PAGE, 0]), End::Nothing),
            ("b_to_c", &args([PAGE + 1, 0, 0]), OUTSIDE),
            ("in_c", &args([1, 0, 6]), End::Nothing),
            ("c", &args([3]), text(b"om b")),
            ("fill_c", &args([0, 0x1ff, 4]), End::Nothing),
            ("c", &args([0]), i32(-1)),
            ("fill_c", &args([PAGE - 3, 0, 4]), OUTSIDE),
            ("fill_c", &args([0, 0, -1]), OUTSIDE),
            ("init_c", &args([0, 1, 6]), End::Nothing),
            ("c", &args([0]), text(b"assi")),
            ("init_c", &args([0, 1, 7]), OUTSIDE),
            ("init_c", &args([PAGE - 3, 0, 4]), OUTSIDE),
            ("init_b", &args([0, 0, 7]), End::Nothing),
            ("b", &args([0]), text(b"pass")),
            ("drop", &[], End::Nothing),
            ("init_c", &args([0, 0, 1]), OUTSIDE),
            ("init_b", &args([0, 0, 1]), OUTSIDE),
            ("init_c", &args([0, 0, 0]), End::Nothing),
        ],
    );
}

/// The start function of the module runs behind the data segments, and may be imported.
#[test]
fn start_functions_see_the_data() {
    let text = |start: &str| {
        format!(
            r#"(module (func $imported (import "host" "start"))
            (memory 1) (memory $m 1) (global $seen (mut i32) (i32.const 0))
            (data (memory $m) (i32.const 4) "data")
            (func $look (global.set $seen (i32.load $m (i32.const 4))))
            (func (export "seen") (result i32) (global.get $seen))
            (func (export "load") (result i32) (i32.load $m (i32.const 4))) {start})"#
        )
    };
    let called = Arc::new(AtomicU32::new(0));
    let mut imports = Imports::new();
    let counter = called.clone();
    imports.function("host", "start", FuncType::new([], []), move |_, _| {
        counter.fetch_add(1, Ordering::Relaxed);
        Ok(vec![])
    });
    let data = i32(i32::from_le_bytes(*b"data"));
    let options = Options::default();
    for (start, seen) in [("(start $look)", data.clone()), ("", i32(0))] {
        let calls: &[Call<'_>] = &[("seen", &[], seen), ("load", &[], data.clone())];
        check_with(&text(start), &imports, &options, calls);
    }
    assert_eq!(called.load(Ordering::Relaxed), 0);
    let calls: &[Call<'_>] = &[("load", &[], data)];
    check_with(&text("(start $imported)"), &imports, &options, calls);
    assert!(called.load(Ordering::Relaxed) > 0);
}

#[test]
fn data_outside_keeps_a_module_from_being_instantiated() {
    for data in [
        r#"(data (memory 1) (i32.const 65533) "four")"#,
        r#"(data (memory 1) (i32.const -1) "x")"#,
        r#"(data (memory 1) (i32.const 65537) "")"#,
        r#"(data (memory 2) (i32.const 0) "x")"#,
    ] {
        check_no_instance(&format!("(module (memory 1) (memory 1) (memory 0) {data})"));
    }
}

/// How far memories may grow that declare no maximum.
#[test]
fn the_limit_of_growth() {
    let text = r#"(module (memory 1) (memory $m 1)
        (func (export "grow") (param i32) (result i32) (memory.grow $m (local.get 0))))"#;
    for (limit, pages) in [
        (Some(0), 1),
        (Some(4 << 16), 4),
        (Some((4 << 16) + 9), 4),
        (None, 4096),
    ] {
        let options = Options {
            memory_growth_limit: limit,
            ..Options::default()
        };
        check_with(
            text,
            &Imports::new(),
            &options,
            &[
                ("grow", &args([pages]), i32(-1)),
                ("grow", &args([pages - 1]), i32(1)),
                ("grow", &args([0]), i32(pages)),
                ("grow", &args([1]), i32(-1)),
            ],
        );
    }
}

/// Native functions get addresses in the exported memory, whichever that is.
#[test]
fn the_host_sees_the_exported_memory() {
    let text = r#"(module (memory $hidden 1) (memory $seen (export "memory") 1)
        (data (memory $hidden) (i32.const 0) "hidden") (data (memory $seen) (i32.const 0) "seen"))"#;
    for_each_mode(text, &Options::default(), |bytes, mode| {
        let module = Module::load(bytes, &Imports::new()).unwrap();
        let instance = Instance::new(&module, &InstanceOptions::default()).unwrap();
        let memory = instance.default_memory().unwrap();
        assert_eq!(memory.read(0, 4).unwrap(), b"seen", "{mode}");
    });
}

/// Addresses of 32 and of 64 bits in one module.
#[test]
fn mixed_addresses() {
    let text = r#"(module
        (memory $small 1) (memory $wide i64 1 2)
        (data (memory $wide) (i64.const 65532) "wide")
        (data $passive "data")
        (func (export "load") (param i64) (result i32) (i32.load $wide (local.get 0)))
        (func (export "small") (param i32) (result i32) (i32.load $small (local.get 0)))
        (func (export "size") (result i64) (memory.size $wide))
        (func (export "grow") (param i64) (result i64) (memory.grow $wide (local.get 0)))
        (func (export "to_small") (param i32 i64 i32)
            (memory.copy $small $wide (local.get 0) (local.get 1) (local.get 2)))
        (func (export "to_wide") (param i64 i32 i32)
            (memory.copy $wide $small (local.get 0) (local.get 1) (local.get 2)))
        (func (export "fill") (param i64 i64)
            (memory.fill $wide (local.get 0) (i32.const 1) (local.get 1)))
        (func (export "init") (param i64 i32 i32)
            (memory.init $wide $passive (local.get 0) (local.get 1) (local.get 2))))"#;
    let at = |index: u64| [Val::I64(index as i64)];
    check(
        text,
        &[
            ("load", &at(65532), text_of(b"wide")),
            ("load", &at(65533), OUTSIDE),
            ("load", &at((1 << 32) + 65532), OUTSIDE),
            ("load", &at(u64::MAX), OUTSIDE),
            (
                "to_small",
                &[Val::I32(0), Val::I64(65532), Val::I32(4)],
                End::Nothing,
            ),
            ("small", &[Val::I32(0)], text_of(b"wide")),
            (
                "to_small",
                &[Val::I32(0), Val::I64(65533), Val::I32(4)],
                OUTSIDE,
            ),
            (
                "to_small",
                &[Val::I32(0), Val::I64(1 << 32), Val::I32(0)],
                OUTSIDE,
            ),
            (
                "to_wide",
                &[Val::I64(0), Val::I32(0), Val::I32(4)],
                End::Nothing,
            ),
            ("load", &at(0), text_of(b"wide")),
            (
                "to_wide",
                &[Val::I64(-1), Val::I32(0), Val::I32(4)],
                OUTSIDE,
            ),
            ("fill", &[Val::I64(0), Val::I64(1 << 32)], OUTSIDE),
            ("fill", &[Val::I64(1 << 32), Val::I64(0)], OUTSIDE),
            ("fill", &[Val::I64(65536), Val::I64(0)], End::Nothing),
            ("fill", &[Val::I64(4), Val::I64(4)], End::Nothing),
            ("load", &at(4), i32(0x0101_0101)),
            (
                "init",
                &[Val::I64(8), Val::I32(0), Val::I32(4)],
                End::Nothing,
            ),
            ("load", &at(8), text_of(b"data")),
            (
                "init",
                &[Val::I64(1 << 32), Val::I32(0), Val::I32(0)],
                OUTSIDE,
            ),
            ("size", &[], i64(1)),
            ("grow", &at(1 << 32), i64(-1)),
            ("grow", &at(u64::MAX), i64(-1)),
            ("grow", &at(1), i64(1)),
            ("size", &[], i64(2)),
            ("load", &at(131_068), i32(0)),
            ("load", &at(131_069), OUTSIDE),
        ],
    );
}

fn text_of(bytes: &[u8; 4]) -> End {
    text(bytes)
}

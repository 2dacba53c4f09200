//! Code for the host's shared heaps (`--enable-shared-heap`, `--enable-shared-chain`) on a runtime that has them:
//! loads, stores, copies and fills reach linear memory and each heap, and nothing in between or across.

use std::fmt::Write;

use wamr_host::{Error, Imports, Instance, InstanceOptions, Module, SharedHeap, Val};
use wasmelt::Options;
use wasmelt::options::{Features, OptLevel, Segue, SharedHeaps};

const PAGE: usize = 4096;
/// The first address behind all heaps.
const TOP: u64 = 1 << 32;

/// Every kind of load and store, each as a function of the address: its name, the bytes of the access, and the
/// instructions. A load returns the bytes as `i64`.
fn accesses() -> Vec<(String, u64, String)> {
    let mut all = Vec::new();
    let mut add =
        |name: &str, bytes: u64, code: &str| all.push((name.to_owned(), bytes, code.to_owned()));
    for (ty, bytes) in [("i32", 4), ("i64", 8), ("f32", 4), ("f64", 8)] {
        let value = match ty {
            "i32" => "(i32.const 0x01020304)",
            "i64" => "(i64.const 0x0102030405060708)",
            "f32" => "(f32.reinterpret_i32 (i32.const 0x01020304))",
            _ => "(f64.reinterpret_i64 (i64.const 0x0102030405060708))",
        };
        add(
            &format!("{ty}.load"),
            bytes,
            &format!("(drop ({ty}.load (local.get 0)))"),
        );
        add(
            &format!("{ty}.store"),
            bytes,
            &format!("({ty}.store (local.get 0) {value})"),
        );
    }
    for (op, bytes) in [("8", 1), ("16", 2), ("32", 4)] {
        add(
            &format!("i64.load{op}_u"),
            bytes,
            &format!("(drop (i64.load{op}_u (local.get 0)))"),
        );
        add(
            &format!("i64.store{op}"),
            bytes,
            &format!("(i64.store{op} (local.get 0) (i64.const 0x0102030405060708))"),
        );
    }
    add("v128.load", 16, "(drop (v128.load (local.get 0)))");
    add(
        "v128.store",
        16,
        "(v128.store (local.get 0) (v128.const i64x2 0x0102030405060708 -1))",
    );
    add(
        "v128.load8_splat",
        1,
        "(drop (v128.load8_splat (local.get 0)))",
    );
    add(
        "v128.store64_lane",
        8,
        "(v128.store64_lane 1 (local.get 0) (v128.const i64x2 0 0x0102030405060708))",
    );
    add(
        "memory.fill",
        24,
        "(memory.fill (local.get 0) (i32.const 7) (i32.const 24))",
    );
    add(
        "memory.copy.to",
        24,
        "(memory.copy (local.get 0) (i32.const 64) (i32.const 24))",
    );
    add(
        "memory.copy.from",
        24,
        "(memory.copy (i32.const 64) (local.get 0) (i32.const 24))",
    );
    add(
        "v128.load32_zero",
        4,
        "(drop (v128.load32_zero (local.get 0)))",
    );
    all
}

/// A module that exports every access, `get` to read a byte and `far`, which loads four bytes at an offset.
fn module() -> String {
    let mut text = "(module (memory (export \"memory\") 1 4)".to_owned();
    for (name, _, code) in accesses() {
        write!(text, "(func (export \"{name}\") (param i32) {code})").unwrap();
    }
    text += r#"
        (func (export "get") (param i32) (result i32) (i32.load8_u (local.get 0)))
        (func (export "set") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
        (func (export "far") (param i32) (result i32) (i32.load offset=0xffffe000 (local.get 0)))
        (func (export "sum") (param i32 i32) (result i32) (local $sum i32)
            (block $end (loop $next
                (br_if $end (i32.eqz (local.get 1)))
                (local.set $sum (i32.add (local.get $sum) (i32.load8_u (local.get 0))))
                (local.set 0 (i32.add (local.get 0) (i32.const 1)))
                (local.set 1 (i32.sub (local.get 1) (i32.const 1)))
                (br $next)))
            (local.get $sum))
        (func (export "atomic") (param i32) (result i32)
            (i32.atomic.rmw.add (local.get 0) (i32.const 1)))
        (func (export "grow") (result i32) (memory.grow (i32.const 1)))
        (func (export "empty") (param i32)
            (memory.fill (local.get 0) (i32.const 0) (i32.const 0))))"#;
    text
}

/// Whether code is executed in place, and which accesses use the segment register GS.
const MODES: [(bool, Segue); 3] = [
    (false, Segue::NONE),
    (true, Segue::NONE),
    (
        false,
        if cfg!(all(target_arch = "x86_64", target_os = "linux")) {
            Segue::ALL
        } else {
            Segue::NONE
        },
    ),
];

/// Compiles for `heaps` in every mode and shows an instance to `check`.
fn in_every_mode(heaps: SharedHeaps, check: impl Fn(&Instance, &str)) {
    let wasm = wat::parse_str(module()).unwrap();
    for opt_level in [OptLevel::O0, OptLevel::O1, OptLevel::O3, OptLevel::Oz] {
        for bounds_checks in [false, true] {
            for (in_place, segue) in MODES {
                let mut options = Options {
                    opt_level,
                    bounds_checks: Some(bounds_checks),
                    shared_heaps: heaps,
                    segue,
                    features: Features {
                        threads: true,
                        ..Features::default()
                    },
                    ..Options::default()
                };
                options.runtime.indirect_mode = in_place;
                let bytes = wasmelt::compile(&wasm, &options).unwrap().bytes;
                let module = Module::load(&bytes, &Imports::new()).unwrap();
                let instance = Instance::new(&module, &InstanceOptions::default()).unwrap();
                let mode = format!(
                    "{opt_level:?}, bounds checks {bounds_checks}, in place {in_place}, {segue:?}"
                );
                check(&instance, &mode);
            }
        }
    }
}

fn call(instance: &Instance, name: &str, address: u64) -> Result<Vec<Val>, Error> {
    instance.call(name, &[Val::I32(address as u32 as i32)])
}

#[track_caller]
fn assert_out_of_bounds(result: Result<Vec<Val>, Error>, what: &str) {
    let Err(error) = result else {
        panic!("{what}: the access does not trap");
    };
    let exception = error.trap().expect("a trap").exception();
    assert!(
        exception.contains("out of bounds memory access"),
        "{what}: {exception}"
    );
}

/// Checks that every access works exactly where all its bytes lie in one of `regions` (start and end).
fn check_regions(instance: &Instance, regions: &[(u64, u64)], mode: &str) {
    for (name, bytes, _) in accesses() {
        for &(start, end) in regions {
            let last = end - bytes;
            for inside in [start, start + 1, last] {
                let result = call(instance, &name, inside);
                assert!(result.is_ok(), "{name} at {inside:#x}, {mode}: {result:?}");
            }
            if bytes > 1 {
                let what = format!("{name} at {:#x}, {mode}", last + 1);
                assert_out_of_bounds(call(instance, &name, last + 1), &what);
            }
            if end < TOP && regions.iter().all(|&(start, _)| start != end) {
                let what = format!("{name} at {end:#x}, {mode}");
                assert_out_of_bounds(call(instance, &name, end), &what);
            }
            if start > 0 {
                let what = format!("{name} at {:#x}, {mode}", start - 1);
                let before = call(instance, &name, start - 1);
                if bytes > 1 || regions.iter().all(|&(_, end)| start != end) {
                    assert_out_of_bounds(before, &what);
                }
            }
        }
    }
}

#[test]
fn one_heap() {
    in_every_mode(SharedHeaps::One, |instance, mode| {
        let linear = (0, 65536);
        // Without a heap, its addresses are out of bounds.
        check_regions(instance, &[linear], mode);
        assert_out_of_bounds(call(instance, "get", TOP - 1), mode);

        let heap = SharedHeap::new(2).unwrap();
        instance.attach(&heap).unwrap();
        let start = TOP - 2 * PAGE as u64;
        check_regions(instance, &[linear, (start, TOP)], mode);
        // Stores arrive in the host's memory, and loads come from there.
        instance
            .call("set", &[Val::I32((start + 5) as u32 as i32), Val::I32(99)])
            .unwrap();
        assert_eq!(heap.bytes()[5], 99, "{mode}");
        assert_eq!(call(instance, "get", start + 5).unwrap(), [Val::I32(99)]);
        // An offset may lead into the heap; behind it, nothing wraps around.
        assert!(call(instance, "far", 8).is_ok(), "{mode}");
        assert_out_of_bounds(call(instance, "far", 2 * PAGE as u64 - 3), mode);
        assert_out_of_bounds(call(instance, "far", 2 * PAGE as u64), mode);
        assert_eq!(call(instance, "atomic", start + 8).unwrap(), [Val::I32(0)]);
        assert_eq!(heap.bytes()[8], 1, "{mode}");
        assert!(call(instance, "atomic", start + 9).is_err(), "{mode}");
        // No byte is in bounds anywhere.
        call(instance, "empty", start).unwrap();
        call(instance, "empty", 65536).unwrap();
        assert_out_of_bounds(call(instance, "empty", 65537), mode);
        // Loops that cross from nothing into the heap trap at the first address.
        let sum = |address: u64, length: i32| {
            instance.call("sum", &[Val::I32(address as u32 as i32), Val::I32(length)])
        };
        assert!(sum(start, 2 * PAGE as i32).is_ok());
        assert_out_of_bounds(sum(start - 1, 10), mode);
        // The memory may move.
        instance.call("grow", &[]).unwrap();
        check_regions(instance, &[(0, 2 * 65536), (start, TOP)], mode);

        instance.detach();
        assert_out_of_bounds(call(instance, "get", TOP - 1), mode);
        check_regions(instance, &[(0, 2 * 65536)], mode);
    });
}

#[test]
fn a_chain_of_heaps() {
    in_every_mode(SharedHeaps::Chain, |instance, mode| {
        let linear = (0, 65536);
        check_regions(instance, &[linear], mode);
        let (last, middle, head) = (SharedHeap::new(1), SharedHeap::new(2), SharedHeap::new(1));
        let (last, middle, head) = (last.unwrap(), middle.unwrap(), head.unwrap());
        let chain = head.before(middle.before(last).unwrap()).unwrap();
        instance.attach(&chain).unwrap();
        let page = PAGE as u64;
        let starts = [TOP - 4 * page, TOP - 3 * page, TOP - page, TOP];
        let mut regions = vec![linear];
        regions.extend(starts.windows(2).map(|pair| (pair[0], pair[1])));
        check_regions(instance, &regions, mode);
        for (heap, start) in [head, middle, last].iter().zip(starts) {
            instance
                .call("set", &[Val::I32((start + 7) as u32 as i32), Val::I32(77)])
                .unwrap();
            assert_eq!(heap.bytes()[7], 77, "{mode}");
            assert_eq!(call(instance, "get", start + 7).unwrap(), [Val::I32(77)]);
        }
        let sum = instance.call(
            "sum",
            &[Val::I32(starts[0] as u32 as i32), Val::I32(4 * PAGE as i32)],
        );
        let expected: u32 = [head, middle, last]
            .iter()
            .flat_map(SharedHeap::bytes)
            .map(u32::from)
            .sum();
        assert_eq!(sum.unwrap(), [Val::I32(expected as i32)], "{mode}");
        instance.detach();
        assert_out_of_bounds(call(instance, "get", TOP - 1), mode);
    });
}

/// Without the option, code never reaches a heap.
#[test]
fn no_heap_without_the_option() {
    in_every_mode(SharedHeaps::None, |instance, mode| {
        instance.attach(&SharedHeap::new(1).unwrap()).unwrap();
        assert_out_of_bounds(call(instance, "get", TOP - 1), mode);
    });
}

/// LLVM reads the bounds of a heap and its base at one place: in a loop that another thread may run while the heap
/// is detached, old bounds must not meet a new base.
#[test]
fn bounds_and_base_are_read_together() {
    let text = r#"(module (memory 1) (func (export "fill") (param i32 i32)
        (loop $next
            (i32.store8 (local.get 0) (i32.const 7))
            (local.set 0 (i32.add (local.get 0) (i32.const 1)))
            (br_if $next (i32.lt_u (local.get 0) (local.get 1))))))"#;
    let wasm = wat::parse_str(text).unwrap();
    for bounds_checks in [false, true] {
        let options = Options {
            bounds_checks: Some(bounds_checks),
            shared_heaps: SharedHeaps::One,
            format: wasmelt::options::OutputFormat::LlvmIrOptimized,
            ..Options::default()
        };
        let ir = String::from_utf8(wasmelt::compile(&wasm, &options).unwrap().bytes).unwrap();
        let lines: Vec<&str> = ir.lines().map(str::trim).collect();
        // The value that the line with all `parts` defines, and the number of labels in front of it.
        let defined = |parts: &[&str]| {
            let at = lines
                .iter()
                .position(|line| parts.iter().all(|part| line.contains(part)))
                .unwrap_or_else(|| panic!("no line with {parts:?}: {ir}"));
            let labels = lines[..at]
                .iter()
                .filter(|line| line.contains(": "))
                .count();
            (lines[at].split(" = ").next().unwrap().to_owned(), labels)
        };
        let loaded = |address: &str| defined(&["= load", &format!("ptr {address},")]);
        let (extra, _) = defined(&["getelementptr", ", i64 304"]);
        let (extra, _) = loaded(&extra);
        let block_of = |offset: u32| {
            let (address, _) = defined(&["getelementptr", &format!("ptr {extra}, i64 {offset}")]);
            loaded(&address).1
        };
        assert_eq!(block_of(8), block_of(16), "{ir}");
        assert_eq!(block_of(8), block_of(24), "{ir}");
    }
}

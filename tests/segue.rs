//! Code that takes the base of linear memory from the segment register GS (`--enable-segue`), on a runtime that
//! does not write the register: the disassembled accesses use it, they trap where others do, and it is right
//! after everything that may change it.
#![cfg(all(target_arch = "x86_64", target_os = "linux"))]

use std::collections::HashMap;
use std::process::Command;
use std::sync::Arc;

use object::{Object, ObjectSection};
use wamr_host::{FuncType, Imports, Instance, InstanceOptions, Module, Val, ValType};
use wasmelt::Options;
use wasmelt::options::{
    AccessTypes, Features, NativeFunction, OptLevel, OutputFormat, Segue, SharedHeaps,
    TargetOptions,
};

/// Compiles `text` with GS at every level, with both kinds of bounds checks, direct and in place.
fn in_every_mode(text: &str, mut check: impl FnMut(&[u8], &str)) {
    let wasm = wat::parse_str(text).unwrap();
    for opt_level in [OptLevel::O0, OptLevel::O1, OptLevel::O3, OptLevel::Oz] {
        for bounds_checks in [false, true] {
            for in_place in [false, true] {
                let mut options = Options {
                    opt_level,
                    bounds_checks: Some(bounds_checks),
                    segue: Segue::ALL,
                    features: Features {
                        threads: true,
                        tail_call: true,
                        ..Features::default()
                    },
                    ..Options::default()
                };
                options.runtime.indirect_mode = in_place;
                let bytes = wasmelt::compile(&wasm, &options).unwrap().bytes;
                let mode =
                    format!("{opt_level:?}, bounds checks {bounds_checks}, in place {in_place}");
                check(&bytes, &mode);
            }
        }
    }
}

fn instance(bytes: &[u8], imports: &Imports) -> Instance {
    let module = Module::load(bytes, imports).unwrap();
    Instance::new(&module, &InstanceOptions::default()).unwrap()
}

/// Disassembles the code of `text`, an instruction a line.
fn disassembled(text: &str, options: &Options) -> String {
    let wasm = wat::parse_str(text).unwrap();
    let options = Options {
        format: OutputFormat::Object,
        target: TargetOptions {
            arch: Some("x86_64".to_owned()),
            ..TargetOptions::default()
        },
        ..options.clone()
    };
    let object = wasmelt::compile(&wasm, &options).unwrap().bytes;
    let object = object::File::parse(&*object).unwrap();
    let code = object.section_by_name(".text").unwrap().data().unwrap();
    let bytes: String = code.iter().map(|byte| format!("{byte:#04x} ")).collect();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let llvm_mc = std::path::Path::new(env!("LLVM_SYS_221_PREFIX")).join("bin/llvm-mc");
    let output = Command::new(llvm_mc)
        .args(["--disassemble", "--triple=x86_64", "--mattr=+fsgsbase"])
        .arg(file.path())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

const EVERY_TYPE: &str = r#"(module (memory (export "memory") 1)
    (func (export "i32") (param i32 i32) (i32.store (local.get 0) (i32.load (local.get 1))))
    (func (export "i64") (param i32 i32) (i64.store (local.get 0) (i64.load (local.get 1))))
    (func (export "f32") (param i32 i32)
        (f32.store (local.get 0) (f32.add (f32.load (local.get 1)) (f32.const 1))))
    (func (export "f64") (param i32 i32)
        (f64.store (local.get 0) (f64.add (f64.load (local.get 1)) (f64.const 1))))
    (func (export "v128") (param i32 i32)
        (v128.store (local.get 0) (i8x16.add (v128.load (local.get 1)) (v128.const i64x2 1 2))))
    (func (export "sum") (param i32 i32) (result i32) (local $sum i32)
        (loop $next
            (local.set $sum (i32.add (local.get $sum) (i32.load8_u offset=3 (local.get 0))))
            (local.set 0 (i32.add (local.get 0) (i32.const 1)))
            (br_if $next (i32.lt_u (local.get 0) (local.get 1))))
        (local.get $sum)))"#;

#[test]
fn accesses_use_the_register() {
    for opt_level in [OptLevel::O0, OptLevel::O3, OptLevel::Os] {
        for bounds_checks in [false, true] {
            let mut options = Options {
                opt_level,
                bounds_checks: Some(bounds_checks),
                ..Options::default()
            };
            let without = disassembled(EVERY_TYPE, &options);
            assert!(!without.contains("gs"), "{without}");
            options.segue = Segue::ALL;
            let with = disassembled(EVERY_TYPE, &options);
            // Each of the five functions loads and stores once; the loop loads.
            let accesses = with.matches("%gs:").count();
            assert!(
                accesses >= 11,
                "{opt_level:?}, {bounds_checks}: {accesses}: {with}"
            );
            assert!(with.contains("wrgsbase"), "{with}");
        }
    }
}

/// A list chooses by the type of the value.
#[test]
fn a_list_chooses_accesses() {
    let only = |set: fn(&mut Segue) -> &mut bool| {
        let mut segue = Segue::NONE;
        *set(&mut segue) = true;
        let options = Options {
            segue,
            opt_level: OptLevel::O1,
            bounds_checks: Some(false),
            ..Options::default()
        };
        let code = disassembled(EVERY_TYPE, &options);
        let accesses = code.lines().filter(|line| line.contains("%gs:"));
        accesses
            .map(str::trim)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let stores = |line: &String| line.rsplit(", ").next().unwrap().contains("%gs:");
    let stored = only(|segue| &mut segue.stores.i64);
    assert!(stored.len() == 1 && stores(&stored[0]), "{stored:?}");
    assert!(stored[0].starts_with("movq"), "{stored:?}");
    let loaded = only(|segue| &mut segue.loads.f64);
    assert!(loaded.len() == 1 && !stores(&loaded[0]), "{loaded:?}");
    assert!(loaded[0].contains("sd"), "{loaded:?}");
    let all = Segue {
        loads: AccessTypes::ALL,
        stores: AccessTypes::NONE,
    };
    let options = Options {
        segue: all,
        opt_level: OptLevel::O1,
        ..Options::default()
    };
    let code = disassembled(EVERY_TYPE, &options);
    let lines: Vec<String> = code.lines().map(str::to_owned).collect();
    assert!(lines.iter().filter(|line| line.contains("%gs:")).count() >= 5);
    assert!(!lines.iter().any(stores), "{code}");
}

/// An offset of 4 GiB less one byte, addresses at both ends, and constants: nothing wraps around.
#[test]
fn bounds_stay_exact() {
    let text = r#"(module (memory (export "memory") 1)
        (data (i32.const 0) "\11\22\33\44\55\66\77\88\99")
        (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
        (func (export "far") (param i32) (result i32)
            (i32.load offset=0xffffffff (local.get 0)))
        (func (export "high") (param i32) (result i32)
            (i32.load offset=0x80000000 (local.get 0)))
        (func (export "constant") (result i32) (i32.load (i32.const 0xfffffff0)))
        (func (export "half") (result i32) (i32.load8_u (i32.const 0x80000000)))
        (func (export "low") (result i32) (i32.load (i32.const 4)))
        (func (export "below") (param i32) (result i32)
            (i32.load (i32.sub (local.get 0) (i32.const 8))))
        (func (export "store") (param i32) (i64.store offset=4 (local.get 0) (i64.const -1)))
        (func (export "dropped") (param i32) (drop (i32.load (local.get 0))))
        (func (export "atomic") (param i32) (result i32)
            (i32.atomic.rmw.cmpxchg (local.get 0) (i32.const 0) (i32.const 9)))
        (func (export "fill") (param i32) (memory.fill (local.get 0) (i32.const 1) (i32.const 9))))"#;
    in_every_mode(text, |bytes, mode| {
        let instance = instance(bytes, &Imports::new());
        let traps = |name: &str, address: i64| {
            let arguments = match name {
                "constant" | "half" => vec![],
                _ => vec![Val::I32(address as i32)],
            };
            let result = instance.call(name, &arguments);
            let error = result.expect_err(&format!("{name} at {address:#x}, {mode}"));
            let exception = error.trap().expect("a trap").exception();
            assert!(
                exception.contains("out of bounds memory access"),
                "{exception}"
            );
        };
        let loads = |name: &str, address: i32, expected: u32| {
            let result = instance.call(name, &[Val::I32(address)]).unwrap();
            assert_eq!(result, [Val::I32(expected as i32)], "{name}, {mode}");
        };
        loads("load", 0, 0x4433_2211);
        loads("load", 65532, 0);
        loads("below", 8, 0x4433_2211);
        assert_eq!(
            instance.call("low", &[]).unwrap(),
            [Val::I32(0x8877_6655_u32 as i32)]
        );
        loads("atomic", 256, 0);
        loads("load", 256, 9);
        for address in [65533, 65536, 0x7fff_ffff, 0xffff_fffc, 0xffff_ffff] {
            traps("load", address);
            traps("dropped", address);
        }
        for address in [0, 1, 4, 0xffff_ffff] {
            traps("far", address);
        }
        for address in [0, 0x7fff_ffff, 0x8000_0000, 0x8000_0004] {
            traps("high", address);
        }
        traps("constant", 0);
        traps("half", 0);
        for address in [0, 7, 65541] {
            traps("below", address);
        }
        traps("store", 65528);
        traps("store", 65536);
        instance.call("store", &[Val::I32(65524)]).unwrap();
        traps("atomic", 65536);
        traps("fill", 65528);
    });
}

/// LLVM takes a load of the segment's first word for a pointer of the thread, and would leave it out of an address
/// that it is a summand of.
#[test]
fn the_first_word_may_be_part_of_an_address() {
    let addresses = [
        "(i32.load (i32.const 0))",
        "(i32.wrap_i64 (i64.load (i32.const 0)))",
        "(i32.reinterpret_f32 (f32.load (i32.const 0)))",
        "(i32.wrap_i64 (i64.reinterpret_f64 (f64.load (i32.const 0))))",
        "(i32x4.extract_lane 0 (v128.load (i32.const 0)))",
    ];
    let stores = [
        ("i32.store", "(i32.const 42)"),
        ("i64.store", "(i64.const 42)"),
        ("f32.store", "(f32.reinterpret_i32 (i32.const 42))"),
        ("f64.store", "(f64.reinterpret_i64 (i64.const 42))"),
        ("v128.store", "(v128.const i32x4 42 0 0 0)"),
    ];
    let mut text = r#"(module (memory (export "memory") 1) (data (i32.const 0) "\64")"#.to_owned();
    let mut functions = 0;
    for address in addresses {
        for (store, value) in stores {
            text += &format!(
                r#"(func (export "{functions}") (result i32)
                    ({store} {address} {value}) (i32.load (i32.const 100)))"#
            );
            functions += 1;
        }
        text += &format!(
            r#"(func (export "{functions}") (result i32)
                (i32.store (i32.const 100) (i32.const 42)) (i32.load {address}))"#
        );
        functions += 1;
    }
    text += ")";
    let wasm = wat::parse_str(&text).unwrap();
    let types: [fn(&mut AccessTypes) -> &mut bool; 5] = [
        |types| &mut types.i32,
        |types| &mut types.i64,
        |types| &mut types.f32,
        |types| &mut types.f64,
        |types| &mut types.v128,
    ];
    let mut lists = vec![Segue::ALL];
    for ty in types {
        let mut one = Segue::NONE;
        *ty(&mut one.loads) = true;
        lists.push(one);
        let mut one = Segue::NONE;
        *ty(&mut one.stores) = true;
        lists.push(one);
    }
    for opt_level in [OptLevel::O0, OptLevel::O1, OptLevel::O2, OptLevel::O3] {
        for bounds_checks in [false, true] {
            for &segue in &lists {
                let options = Options {
                    opt_level,
                    bounds_checks: Some(bounds_checks),
                    segue,
                    ..Options::default()
                };
                let bytes = wasmelt::compile(&wasm, &options).unwrap().bytes;
                let instance = instance(&bytes, &Imports::new());
                for function in 0..functions {
                    let result = instance.call(&function.to_string(), &[]).unwrap();
                    assert_eq!(
                        result,
                        [Val::I32(42)],
                        "{function}, {opt_level:?}, bounds checks {bounds_checks}, {segue:?}"
                    );
                }
            }
        }
    }
}

/// Whatever is not the first memory stays as it is, also where addresses may lie in a shared heap.
#[test]
fn structures_of_the_runtime_do_not_use_the_register() {
    let text = r#"(module (memory 1) (memory 2)
        (global $g (mut i32) (i32.const 0)) (global $h (mut f64) (f64.const 0))
        (type $t (func)) (table 4 4 funcref)
        (func (export "globals") (param i32 f64) (result i32)
            (global.set $h (local.get 1)) (global.set $g (local.get 0)) (memory.size))
        (func (export "grow") (result i32) (memory.grow (i32.const 1)))
        (func (export "indirect") (param i32) (call_indirect (type $t) (local.get 0)))
        (func (export "second") (param i32) (result i32)
            (i32.store 1 (local.get 0) (i32.const 1)) (i32.load 1 offset=8 (local.get 0))))"#;
    for shared_heaps in [SharedHeaps::None, SharedHeaps::One, SharedHeaps::Chain] {
        for bounds_checks in [false, true] {
            for opt_level in [OptLevel::O0, OptLevel::O3] {
                let options = Options {
                    opt_level,
                    bounds_checks: Some(bounds_checks),
                    segue: Segue::ALL,
                    shared_heaps,
                    features: Features {
                        multi_memory: true,
                        ..Features::default()
                    },
                    ..Options::default()
                };
                let code = disassembled(text, &options);
                assert!(!code.contains("%gs:"), "{options:?}: {code}");
            }
        }
    }
}

/// Also an import that ends with an exception returns to compiled code.
#[test]
fn imports_that_fail_restore_the_register() {
    let wasm = wat::parse_str(CALLER).unwrap();
    let options = Options {
        segue: Segue::ALL,
        bounds_checks: Some(true),
        format: OutputFormat::LlvmIrUnoptimized,
        features: Features {
            tail_call: true,
            ..Features::default()
        },
        ..Options::default()
    };
    let ir = wasmelt::compile(&wasm, &options).unwrap().bytes;
    let ir = String::from_utf8(ir).unwrap();
    let behind: Vec<&str> = ir.split(" @aot_invoke_native(ptr %").skip(1).collect();
    assert!(!behind.is_empty(), "{ir}");
    for code in behind {
        let straight = code.split("\n  br ").next().unwrap();
        assert!(straight.contains("rdgsbase"), "{straight}");
    }
}

/// Reads and writes memory before and after calling an import, in every way in which code calls one.
const CALLER: &str = r#"(module
    (import "host" "other" (func $other (param i32) (result i32)))
    (type $t (func (param i32) (result i32)))
    (table 2 2 funcref) (elem (i32.const 0) $other $own)
    (memory (export "memory") 1 20)
    (func $own (param i32) (result i32) (i32.load (local.get 0)))
    (func (export "direct") (param i32) (result i32)
        (i32.store (i32.const 16) (local.get 0))
        (drop (call $other (i32.const 16)))
        (i32.load (i32.const 16)))
    (func (export "indirect") (param i32 i32) (result i32)
        (i32.store (i32.const 16) (local.get 0))
        (drop (call_indirect (type $t) (i32.const 16) (local.get 1)))
        (i32.add (i32.load (i32.const 16)) (call $own (i32.const 16))))
    (func $last (param i32) (result i32) (return_call $other (local.get 0)))
    (func (export "tail") (param i32) (result i32)
        (i32.store (i32.const 16) (local.get 0))
        (drop (call $last (i32.const 16)))
        (i32.load (i32.const 16)))
    (func (export "grow") (param i32) (result i32)
        (i32.store (i32.const 16) (local.get 0))
        (drop (memory.grow (i32.const 3)))
        (i32.store (i32.const 200000) (i32.load (i32.const 16)))
        (i32.load (i32.const 200000))))"#;

/// The other instance: fills its memory, which would show if the caller used it.
const OTHER: &str = r#"(module (memory (export "memory") 2)
    (func (export "run") (param i32) (result i32)
        (memory.fill (i32.const 0) (i32.const 0xee) (i32.const 1024))
        (i32.load (local.get 0))))"#;

#[test]
fn imports_may_run_other_instances() {
    let mut others = HashMap::new();
    in_every_mode(OTHER, |bytes, mode| {
        others.insert(mode.to_owned(), bytes.to_vec());
    });
    in_every_mode(CALLER, |bytes, mode| {
        let file = others[mode].clone();
        let ty = FuncType::new([ValType::I32], [ValType::I32]);
        let mut imports = Imports::new();
        imports.function("host", "other", ty, move |_, _| {
            let other = instance(&file, &Imports::new());
            let result = other
                .call("run", &[Val::I32(16)])
                .map_err(|error| error.to_string())?;
            assert_eq!(result, [Val::I32(0xeeee_eeee_u32 as i32)]);
            Ok(result)
        });
        let instance = instance(bytes, &imports);
        let call = |name: &str, arguments: &[i32]| {
            let arguments: Vec<Val> = arguments.iter().map(|it| Val::I32(*it)).collect();
            let result = instance.call(name, &arguments);
            match result.unwrap_or_else(|error| panic!("{name}, {mode}: {error}"))[..] {
                [Val::I32(result)] => result,
                ref other => panic!("{other:?}"),
            }
        };
        for round in 1..4 {
            assert_eq!(call("direct", &[round]), round, "{mode}");
            assert_eq!(call("indirect", &[round, 0]), 2 * round, "{mode}");
            assert_eq!(call("indirect", &[round, 1]), 2 * round, "{mode}");
            assert_eq!(call("tail", &[round]), round, "{mode}");
            assert_eq!(call("grow", &[round]), round, "{mode}");
        }
    });
}

/// Two threads run two instances, and each instance is called in turns.
#[test]
fn threads_and_instances_keep_apart() {
    let text = r#"(module (memory (export "memory") 1)
        (func (export "count") (param i32) (result i32)
            (loop $next
                (i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))
                (br_if $next (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
            (i32.load (i32.const 8))))"#;
    in_every_mode(text, |bytes, mode| {
        let bytes: Arc<[u8]> = bytes.into();
        let threads: Vec<_> = (1..3)
            .map(|step| {
                let bytes = Arc::clone(&bytes);
                std::thread::spawn(move || {
                    let [first, second] = [(); 2].map(|()| instance(&bytes, &Imports::new()));
                    for round in 1..50 {
                        for (instance, step) in [(&first, step), (&second, 3 * step)] {
                            let result = instance.call("count", &[Val::I32(step)]).unwrap();
                            assert_eq!(result, [Val::I32(round * step)]);
                        }
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap_or_else(|_| panic!("{mode}"));
        }
    });
}

/// A native function that code calls directly can run another instance, too.
#[test]
fn direct_calls_restore_the_register() {
    let wasm = wat::parse_str(CALLER).unwrap();
    let mut options = Options {
        segue: Segue::ALL,
        format: OutputFormat::LlvmIrUnoptimized,
        features: Features {
            tail_call: true,
            ..Features::default()
        },
        ..Options::default()
    };
    let without = wasmelt::compile(&wasm, &options).unwrap().bytes;
    options.native_functions.push(NativeFunction {
        module: "host".to_owned(),
        name: "other".to_owned(),
        signature: "(i)i".to_owned(),
    });
    let with = wasmelt::compile(&wasm, &options).unwrap().bytes;
    let count = |ir: &[u8]| String::from_utf8_lossy(ir).matches("wrgsbase").count();
    assert!(count(&with) > count(&without));
}

#[test]
fn other_targets_are_refused() {
    let wasm = wat::parse_str("(module (memory 1))").unwrap();
    for target in ["aarch64", "i386", "x86_64-apple-darwin"] {
        let options = Options {
            segue: Segue::ALL,
            target: TargetOptions {
                arch: Some(target.to_owned()),
                ..TargetOptions::default()
            },
            ..Options::default()
        };
        let error = wasmelt::compile(&wasm, &options).unwrap_err().to_string();
        assert!(error.contains("segment register GS"), "{target}: {error}");
    }
}

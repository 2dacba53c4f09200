//! Memories that end at `__heap_base` (`--shrink-memory`): the size that the runtime gives them, and the bounds
//! that code checks.

use wamr_host::{Error, Imports, Instance, InstanceOptions, Module, Val};
use wasmelt::Options;
use wasmelt::options::{OptLevel, TargetOptions};

/// A program as clang lays it out: data, then the C stack, then nothing. `MORE` is a place for differences.
const PROGRAM: &str = r#"(module
    (memory (export "memory") 2)
    (global $stack (mut i32) (i32.const 3000))
    (global (export "__data_end") i32 (i32.const 1040))
    (global (export "__heap_base") i32 (i32.const 3002))
    (data (i32.const 1024) "sixteen bytes...")
    (func (export "load8") (param i32) (result i32) (i32.load8_u (local.get 0)))
    (func (export "load64") (param i32) (result i64) (i64.load (local.get 0)))
    (func (export "far") (param i32) (result i32) (i32.load8_u offset=70000 (local.get 0)))
    (func (export "push") (param i32) (result i32)
        (local $frame i32)
        (global.set $stack (local.tee $frame (i32.sub (global.get $stack) (i32.const 16))))
        (i32.store (local.get $frame) (local.get 0))
        (global.set $stack (i32.add (local.get $frame) (i32.const 16)))
        (i32.load (local.get $frame)))
    MORE)"#;

/// The size that the memory of [`PROGRAM`] shrinks to: the heap base, rounded up to eight bytes.
const SHRUNK: u64 = 3008;
/// Where the bounds of accesses end: the runtime rounds up to a page of the machine, which is not WebAssembly's
/// (`wasm_allocate_linear_memory` in `core/iwasm/common/wasm_memory.c`).
const END: u64 = 4096;
const DECLARED: u64 = 2 * 65536;

fn compile(text: &str, shrink: Option<bool>, options: Options) -> Vec<u8> {
    let options = Options {
        shrink_memory: shrink,
        ..options
    };
    let artifact = wasmelt::compile(&wat::parse_str(text).unwrap(), &options);
    artifact.unwrap().bytes
}

/// Shows the instance of `text` to `check`.
fn with_instance(text: &str, shrink: Option<bool>, options: Options, check: impl Fn(&Instance)) {
    let bytes = compile(text, shrink, options);
    let module = Module::load(&bytes, &Imports::new()).unwrap();
    check(&Instance::new(&module, &InstanceOptions::default()).unwrap());
}

fn size(text: &str, shrink: Option<bool>) -> u64 {
    let size = std::cell::Cell::new(0);
    with_instance(text, shrink, Options::default(), |instance| {
        size.set(instance.default_memory().unwrap().size());
    });
    size.get()
}

fn levels() -> impl Iterator<Item = Options> {
    [OptLevel::O0, OptLevel::O3, OptLevel::Oz]
        .map(|opt_level| Options {
            opt_level,
            bounds_checks: Some(true),
            ..Options::default()
        })
        .into_iter()
}

#[track_caller]
fn assert_out_of_bounds(result: Result<Vec<Val>, Error>) {
    let error = result.expect_err("the access is out of bounds");
    let exception = error.trap().expect("a trap").exception();
    assert!(
        exception.contains("out of bounds memory access"),
        "{exception}"
    );
}

#[test]
fn memory_ends_at_the_heap_base() {
    for options in levels() {
        let text = PROGRAM.replace("MORE", "");
        with_instance(&text, Some(true), options, |instance| {
            let memory = instance.default_memory().unwrap();
            assert_eq!(
                (memory.size(), memory.pages(), memory.max_pages()),
                (SHRUNK, 1, 1)
            );
            let call = |name, address: u64| instance.call(name, &[Val::I32(address as i32)]);
            assert_eq!(call("load8", 1024).unwrap(), [Val::I32(i32::from(b's'))]);
            assert_eq!(call("push", 42).unwrap(), [Val::I32(42)]);
            call("load8", END - 1).unwrap();
            assert_out_of_bounds(call("load8", END));
            call("load64", END - 8).unwrap();
            assert_out_of_bounds(call("load64", END - 7));
            assert_out_of_bounds(call("load8", DECLARED - 1));
            // Inside the declared memory for every address, but not inside the real one.
            assert_out_of_bounds(call("far", 0));
            // An address that wraps around with the offset.
            assert_out_of_bounds(call("far", 0xffff_ffff));
        });
    }
}

/// Guard pages begin at the next page of the machine.
#[test]
fn guard_pages_begin_behind_the_heap_base() {
    let text = PROGRAM.replace("MORE", "");
    with_instance(&text, Some(true), Options::default(), |instance| {
        let call = |name, address: i32| instance.call(name, &[Val::I32(address)]);
        call("load8", SHRUNK as i32 - 1).unwrap();
        assert_out_of_bounds(call("load8", 65536));
        assert_out_of_bounds(call("far", 0));
    });
}

/// The runtime's own heap comes behind the module's memory.
#[test]
fn the_host_s_heap_fits_behind() {
    let bytes = compile(&PROGRAM.replace("MORE", ""), Some(true), Options::default());
    let module = Module::load(&bytes, &Imports::new()).unwrap();
    let options = InstanceOptions {
        heap_size: 8192,
        ..InstanceOptions::default()
    };
    let instance = Instance::new(&module, &options).unwrap();
    let memory = instance.default_memory().unwrap();
    assert!(memory.size() >= SHRUNK + 8192, "{}", memory.size());
    let data = instance.call("load8", &[Val::I32(1024)]).unwrap();
    assert_eq!(data, [Val::I32(i32::from(b's'))]);
}

#[test]
fn modules_that_can_use_more_keep_it() {
    let plain = PROGRAM.replace("MORE", "");
    assert_eq!(size(&plain, Some(true)), SHRUNK);
    assert_eq!(size(&plain, Some(false)), DECLARED);
    // Here, an operating system has memory enough.
    assert_eq!(size(&plain, None), DECLARED);
    for more in [
        r#"(func (export "size") (result i32) memory.size)"#,
        r#"(func (export "grow") (result i32) (memory.grow (i32.const 1)))"#,
        r#"(data (i32.const 3000) "data that ends behind the heap base")"#,
    ] {
        assert_eq!(
            size(&PROGRAM.replace("MORE", more), Some(true)),
            DECLARED,
            "{more}"
        );
    }
    for (name, other) in [("__heap_base", "heap_base"), ("__data_end", "data_end")] {
        assert_eq!(size(&plain.replace(name, other), Some(true)), DECLARED);
    }
    let above = plain.replace("i32.const 3002", "i32.const 131070");
    assert_eq!(size(&above, Some(true)), DECLARED);
}

/// Without an operating system, memories shrink by default.
#[test]
fn firmware_gets_the_small_memory() {
    let text = PROGRAM.replace("MORE", "");
    let size = |arch: &str| {
        let options = Options {
            target: TargetOptions {
                arch: Some(arch.to_owned()),
                ..TargetOptions::default()
            },
            ..Options::default()
        };
        let file = wasmelt::aot::AotFile::parse(&compile(&text, None, options)).unwrap();
        let memory = file.init_data.memories[0];
        u64::from(memory.bytes_per_page) * u64::from(memory.initial_pages)
    };
    for arch in [
        "thumbv7em",
        "thumbv8m.main-none-eabihf",
        "xtensa",
        "riscv32",
        "riscv32imac-unknown-none-elf",
        "riscv64-unknown-nuttx",
        "aarch64-unknown-none",
        "x86_64-unknown-zephyr",
    ] {
        assert_eq!(size(arch), SHRUNK, "{arch}");
    }
    for arch in [
        "x86_64",
        "i386",
        "aarch64",
        "armv7",
        "riscv64",
        "riscv32-unknown-linux-gnu",
        "armv7-unknown-linux-gnueabihf",
    ] {
        assert_eq!(size(arch), DECLARED, "{arch}");
    }
}

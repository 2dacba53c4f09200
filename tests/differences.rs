//! Small differences from `wamrc` that `docs/compatibility.md` lists, each on the real runtime or in the code for the
//! target that it concerns.

use wamr_host::{Error, FuncType, Imports, Instance, InstanceOptions, Module, Val, ValType};
use wasmelt::Options;
use wasmelt::options::{OptLevel, OutputFormat, TargetOptions};

fn instance(text: &str, imports: &Imports, options: &Options) -> (Module, Instance) {
    let wasm = wat::parse_str(text).unwrap();
    let artifact = wasmelt::compile(&wasm, options).unwrap();
    let module = Module::load(&artifact.bytes, imports).unwrap();
    let instance = Instance::new(&module, &InstanceOptions::default()).unwrap();
    (module, instance)
}

/// Returns the results of a call, or the message of its trap.
fn call(instance: &Instance, name: &str, arguments: &[Val]) -> Result<Vec<Val>, String> {
    match instance.call(name, arguments) {
        Ok(results) => Ok(results),
        Err(Error::Trap(trap)) => Err(trap.message.clone()),
        Err(error) => panic!("{name}: {error}"),
    }
}

/// Both kinds of bounds checks, without and with optimisation.
fn modes() -> impl Iterator<Item = Options> {
    [false, true].into_iter().flat_map(|software| {
        [OptLevel::O0, OptLevel::O3].map(|opt_level| Options {
            bounds_checks: Some(software),
            opt_level,
            ..Options::default()
        })
    })
}

fn for_target(arch: &str) -> Options {
    Options {
        target: TargetOptions {
            arch: Some(arch.to_owned()),
            ..TargetOptions::default()
        },
        ..Options::default()
    }
}

#[test]
fn a_null_in_an_element_segment_is_null() {
    let text = r#"(module
        (table 2 funcref)
        (func $first (result i32) (i32.const 7))
        (elem (i32.const 0) funcref (ref.func $first) (ref.null func))
        (func (export "call") (param i32) (result i32)
          (call_indirect (result i32) (local.get 0))))"#;
    for options in modes() {
        let (_module, instance) = instance(text, &Imports::new(), &options);
        assert_eq!(
            call(&instance, "call", &[Val::I32(0)]),
            Ok(vec![Val::I32(7)])
        );
        let trap = call(&instance, "call", &[Val::I32(1)]).unwrap_err();
        assert!(trap.contains("uninitialized element"), "{trap}");
    }
}

#[test]
fn parameters_behind_a_reference_arrive() {
    let text = r#"(module
        (import "env" "f" (func $f (param externref i32 externref i64) (result i64)))
        (func (export "call") (param externref i32 externref i64) (result i64)
          (call $f (local.get 0) (local.get 1) (local.get 2) (local.get 3))))"#;
    let mut imports = Imports::new();
    let ty = FuncType {
        params: vec![
            ValType::ExternRef,
            ValType::I32,
            ValType::ExternRef,
            ValType::I64,
        ],
        results: vec![ValType::I64],
    };
    imports.function("env", "f", ty, |_, arguments| match arguments {
        [
            Val::ExternRef(Some(3)),
            Val::I32(-5),
            Val::ExternRef(None),
            Val::I64(wide),
        ] => Ok(vec![Val::I64(wide + 1)]),
        other => panic!("{other:?}"),
    });
    let arguments = [
        Val::ExternRef(Some(3)),
        Val::I32(-5),
        Val::ExternRef(None),
        Val::I64(1 << 40),
    ];
    for options in modes() {
        let (_module, instance) = instance(text, &imports, &options);
        let results = call(&instance, "call", &arguments);
        assert_eq!(results, Ok(vec![Val::I64((1 << 40) + 1)]));
    }
}

/// `wamrc` refuses more than 64 cells of 32 bits.
#[test]
fn functions_take_and_return_more_than_64_cells() {
    let count = 40;
    let types = "i64 ".repeat(count);
    let gets: String = (0..count)
        .map(|index| format!("local.get {index} "))
        .collect();
    let adds = "i64.add ".repeat(count - 1);
    let text = format!(
        "(module
          (func $same (param {types}) (result {types}) {gets})
          (func (export \"sum\") (param {types}) (result i64) {gets} call $same {adds}))"
    );
    let arguments: Vec<Val> = (1..=count as i64).map(Val::I64).collect();
    for options in modes() {
        let (_module, instance) = instance(&text, &Imports::new(), &options);
        let results = call(&instance, "sum", &arguments);
        assert_eq!(results, Ok(vec![Val::I64(820)]));
    }
}

#[test]
fn the_c_stack_is_checked_unless_turned_off() {
    let text = r#"(module
        (memory 1)
        (global $stack (mut i32) (i32.const 4096))
        (global (export "__data_end") i32 (i32.const 1024))
        (global (export "__heap_base") i32 (i32.const 4096))
        (func (export "set") (param i32) (global.set $stack (local.get 0))))"#;
    for options in modes() {
        let (_module, checked) = instance(text, &Imports::new(), &options);
        assert_eq!(call(&checked, "set", &[Val::I32(2048)]), Ok(vec![]));
        let trap = call(&checked, "set", &[Val::I32(512)]).unwrap_err();
        assert!(trap.contains("wasm auxiliary stack overflow"), "{trap}");
        let trap = call(&checked, "set", &[Val::I32(8192)]).unwrap_err();
        assert!(trap.contains("wasm auxiliary stack underflow"), "{trap}");
        let options = Options {
            aux_stack_check: false,
            ..options
        };
        let (_module, unchecked) = instance(text, &Imports::new(), &options);
        for address in [512, 8192] {
            assert_eq!(call(&unchecked, "set", &[Val::I32(address)]), Ok(vec![]));
        }
    }
}

#[test]
fn targets_without_simd_or_atomics_refuse_their_use() {
    for (text, arch, feature) in [
        (
            r#"(module (memory 1) (func $f (result i32)
                (i8x16.extract_lane_s 0 (v128.load (i32.const 0)))))"#,
            "thumbv7em",
            "128-bit SIMD",
        ),
        (
            r#"(module (memory 1 1 shared) (func $f (result i32)
                (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))"#,
            "thumbv6m",
            "refers to __atomic_fetch_add_4",
        ),
    ] {
        let mut options = for_target(arch);
        options.features.threads = true;
        let wasm = wat::parse_str(text).unwrap();
        let error = wasmelt::compile(&wasm, &options).unwrap_err().to_string();
        for part in ["function ", feature] {
            assert!(error.contains(part), "{arch}: {error}");
        }
    }
}

fn ir(text: &str, arch: &str) -> String {
    let mut options = for_target(arch);
    options.format = OutputFormat::LlvmIrUnoptimized;
    let wasm = wat::parse_str(text).unwrap();
    String::from_utf8(wasmelt::compile(&wasm, &options).unwrap().bytes).unwrap()
}

#[test]
fn linear_memory_is_little_endian_everywhere() {
    let text = r#"(module (memory 1) (func (export "f") (result i32) (i32.load (i32.const 0))))"#;
    for (arch, swapped) in [("aarch64_be", true), ("mips", true), ("aarch64", false)] {
        let ir = ir(text, arch);
        assert_eq!(ir.contains("llvm.bswap.i32"), swapped, "{arch}: {ir}");
    }
}

/// The ABI of 64-bit RISC-V wants 32-bit numbers sign-extended.
#[test]
fn numbers_for_the_runtime_are_extended_on_riscv64() {
    let text = r#"(module (memory 1)
        (func (export "f") (result i32) (memory.grow (i32.const 1))))"#;
    let ir = ir(text, "riscv64");
    let helper = ir
        .lines()
        .find(|line| line.starts_with("declare") && line.contains("aot_enlarge_memory"))
        .unwrap_or_else(|| panic!("{ir}"));
    assert!(helper.contains("i32 signext"), "{helper}");
}

//! Tests of code generation for every target.

use object::{Architecture, Object as _, ObjectSection as _};

use super::*;
use crate::abi::{HiddenPurpose, HiddenValue, InstanceLayout};
use crate::link::Object;
use crate::options::{Features, OptLevel, RuntimeOptions, Selection, TargetOptions};
use crate::targets::{Arch, Endianness, PointerWidth, supported_names};

/// A module with every feature except vectors, threads and tail calls.
const MODULE: &str = include_str!("tests/everything.wat");

fn resolve(name: &str) -> Target {
    let options = TargetOptions {
        arch: Some(name.to_owned()),
        ..TargetOptions::default()
    };
    Target::resolve(&options).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn objects(module: &Module<'_>, target: &Target, options: &Options) -> Vec<Object> {
    let plan = Plan::new(module, target, options).expect("the target has all of it");
    Compilation::new(&plan, options, &|_| {})
        .and_then(|compilation| compilation.direct_objects())
        .unwrap_or_else(|error| panic!("{}: {error}", target.name))
}

#[test]
fn every_target_has_objects_of_its_machine() {
    let wasm = wat::parse_str(MODULE).unwrap();
    let module = crate::wasm::parse(&wasm, &Default::default()).unwrap();
    for name in supported_names() {
        let target = resolve(&name);
        for opt_level in [OptLevel::O0, OptLevel::O3] {
            let options = Options {
                opt_level,
                ..Options::default()
            };
            for object in objects(&module, &target, &options) {
                let file = object::File::parse(&*object.elf).unwrap();
                let architecture = match target.arch {
                    Arch::X86_64 => Architecture::X86_64,
                    Arch::X86 => Architecture::I386,
                    Arch::Aarch64 => Architecture::Aarch64,
                    Arch::Arm | Arch::Thumb => Architecture::Arm,
                    Arch::Riscv32 => Architecture::Riscv32,
                    Arch::Riscv64 => Architecture::Riscv64,
                    Arch::Xtensa => Architecture::Xtensa,
                    Arch::Mips => Architecture::Mips,
                    Arch::Arc => unreachable!("there is no code for it"),
                };
                assert_eq!(file.architecture(), architecture, "{name}");
                assert_eq!(
                    file.is_64(),
                    target.pointer_width == PointerWidth::Bits64,
                    "{name}"
                );
                assert_eq!(
                    file.is_little_endian(),
                    target.endianness == Endianness::Little,
                    "{name}"
                );
                assert!(!object.frame_sizes.is_empty(), "{name}");
            }
        }
    }
}

/// In place, nothing is left to the loader, also in the examples of WAMR's documentation.
#[test]
fn no_target_leaves_relocations_in_place() {
    let wasm = wat::parse_str(MODULE).unwrap();
    let module = crate::wasm::parse(&wasm, &Default::default()).unwrap();
    let mut targets: Vec<_> = supported_names()
        .into_iter()
        .map(|name| (name, None, None))
        .collect();
    targets.push((
        "thumbv8m.main".to_owned(),
        Some("cortex-m55"),
        Some("i64.common"),
    ));
    targets.push((
        "thumbv7m".to_owned(),
        Some("cortex-m3"),
        Some("i64.common,fp.common,fpxint"),
    ));
    let mut failures = Vec::new();
    for (name, cpu, list) in targets {
        let options = Options {
            target: TargetOptions {
                arch: Some(name.clone()),
                cpu: cpu.map(str::to_owned),
                ..TargetOptions::default()
            },
            runtime: RuntimeOptions {
                indirect_mode: true,
                disable_llvm_intrinsics: true,
                builtin_intrinsics: list.map(|list| Selection::parse(list).unwrap()),
                allow_text_relocations: false,
                c_api_imports: false,
            },
            ..Options::default()
        };
        let target = Target::resolve(&options.target).unwrap();
        if let Err(error) = run(&module, &target, &options, &|_| {}) {
            failures.push(format!("{name}: {error}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// LLVM would replace a known result of a call; the call would then be no tail call. On i386 such calls are
/// ordinary calls in last position.
#[test]
fn known_results_leave_tail_calls_alone() {
    let wasm = wat::parse_str(
        r#"(module (func $count (export "count") (param i64) (result i64)
             (if (result i64) (i64.eqz (local.get 0))
               (then (local.get 0))
               (else (return_call $count (i64.sub (local.get 0) (i64.const 1)))))))"#,
    )
    .unwrap();
    let features = Features {
        tail_call: true,
        ..Features::default()
    };
    let module = crate::wasm::parse(&wasm, &features).unwrap();
    let options = Options {
        opt_level: OptLevel::Os,
        format: OutputFormat::LlvmIrOptimized,
        ..Options::default()
    };
    let artifact = run(&module, &resolve("i386"), &options, &|_| {}).unwrap();
    let ir = String::from_utf8(artifact.bytes).unwrap();
    let lines: Vec<_> = ir.lines().map(str::trim_start).collect();
    let behind_calls = lines
        .windows(2)
        .filter(|pair| pair[0].contains("call tailcc i64"))
        .map(|pair| pair[1]);
    assert!(behind_calls.clone().count() > 1, "{ir}");
    for line in behind_calls {
        assert!(line.starts_with("ret i64 %"), "{line} in {ir}");
    }
}

/// A function too large to be optimised also finds its constants wherever the text lies. LLVM's quick code
/// generation for AArch64 does not ensure this.
#[test]
fn heavy_functions_find_their_floats() {
    let calls = "(call $double (f64.const 1.1)) drop".repeat(6_001);
    let wasm = wat::parse_str(format!(
        r#"(module
             (func $double (param f64) (result f64) (f64.add (local.get 0) (local.get 0)))
             (func (export "heavy") (param f32) (result f32)
               {calls}
               (f32.mul (f32.const 2.2) (local.get 0))))"#
    ))
    .unwrap();
    let module = crate::wasm::parse(&wasm, &Default::default()).unwrap();
    let partitions = crate::plan::partitions::split(&module);
    assert!(
        partitions
            .iter()
            .any(|it| it.effort == crate::plan::Effort::Least)
    );
    for name in ["aarch64", "x86_64", "riscv64"] {
        if let Err(error) = run(&module, &resolve(name), &Options::default(), &|_| {}) {
            panic!("{name}: {error}");
        }
    }
}

/// Only on x86, and only if size does not matter.
#[test]
fn innermost_loops_are_aligned_on_x86() {
    let wasm = wat::parse_str(
        r#"(module (func (export "shuffle") (param $x i32) (result i32)
             (loop $again
               (local.set $x (i32.xor (local.get $x) (i32.shl (local.get $x) (i32.const 13))))
               (local.set $x (i32.xor (local.get $x) (i32.shr_u (local.get $x) (i32.const 17))))
               (br_if $again (i32.gt_u (local.get $x) (i32.const 99))))
             (local.get $x)))"#,
    )
    .unwrap();
    let module = crate::wasm::parse(&wasm, &Default::default()).unwrap();
    let text_alignment = |name: &str, opt_level| {
        let options = Options {
            opt_level,
            ..Options::default()
        };
        let objects = objects(&module, &resolve(name), &options);
        let file = object::File::parse(&*objects[0].elf).unwrap();
        let texts = file
            .sections()
            .filter(|it| it.kind() == object::SectionKind::Text);
        texts.map(|text| text.align()).max()
    };
    assert_eq!(text_alignment("x86_64", OptLevel::O3), Some(32));
    assert_eq!(text_alignment("i386", OptLevel::O3), Some(32));
    assert!(text_alignment("x86_64", OptLevel::Oz) < Some(32));
    assert!(text_alignment("thumbv7em", OptLevel::O3) <= Some(4));
    assert!(text_alignment("aarch64", OptLevel::O3) <= Some(16));
}

/// Hidden globals lie between the module's globals and its tables; nobody sees them.
#[test]
fn hidden_globals_change_nothing() {
    let wasm = wat::parse_str(
        r#"(module
             (global $a (export "a") (mut i32) (i32.const 1))
             (global $b (export "b") (mut i64) (i64.const 2))
             (table $t (export "t") 2 funcref)
             (elem (i32.const 1) $seven)
             (func $seven (result i32) (i32.const 7))
             (func (export "run") (result i32)
               (global.set $a (i32.const 3))
               (global.set $b (i64.const 4))
               (call_indirect (result i32) (i32.const 1))))"#,
    )
    .unwrap();
    let module = crate::wasm::parse(&wasm, &Default::default()).unwrap();
    let target = Target::resolve(&TargetOptions::default()).unwrap();
    for bounds_checks in [false, true] {
        let options = Options {
            bounds_checks: Some(bounds_checks),
            ..Options::default()
        };
        let compile = |hidden: &[(HiddenPurpose, HiddenValue)]| {
            let mut plan = Plan::new(&module, &target, &options).unwrap();
            for (purpose, initial) in hidden {
                plan.hidden.add(*purpose, *initial);
            }
            plan.layout = InstanceLayout::new(&module, &plan.hidden, target.pointer_width);
            carry_out(&plan, &options, &|_| {}, Instant::now())
                .unwrap()
                .bytes
        };
        let without = compile(&[]);
        assert_eq!(
            without,
            run(&module, &target, &options, &|_| {}).unwrap().bytes
        );
        let with = compile(&[
            (HiddenPurpose::PendingTag, HiddenValue::I32(5)),
            (HiddenPurpose::PendingCell(0), HiddenValue::I64(-6)),
        ]);
        assert_ne!(without, with);
        let loaded = wamr_host::Module::load(&with, &wamr_host::Imports::new()).unwrap();
        assert_eq!(loaded.exports().len(), 4);
        let instance = wamr_host::Instance::new(&loaded, &Default::default()).unwrap();
        assert_eq!(instance.call("run", &[]).unwrap(), [wamr_host::Val::I32(7)]);
        assert_eq!(instance.global("a").unwrap(), wamr_host::Val::I32(3));
        assert_eq!(instance.global("b").unwrap(), wamr_host::Val::I64(4));
        assert_eq!(instance.table_size("t").unwrap(), 2);
    }
}

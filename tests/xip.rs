//! Files to be executed in place: their sections say so, their text is complete, and the runtime
//! is reached through the table of native symbols alone.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use wasmelt::Options;
use wasmelt::aot::{AotFile, CustomSection, FileType};
use wasmelt::options::{OptLevel, OutputFormat, RuntimeOptions, Selection, TargetOptions};

const XIP: RuntimeOptions = RuntimeOptions {
    indirect_mode: true,
    disable_llvm_intrinsics: true,
    builtin_intrinsics: None,
    allow_text_relocations: false,
    c_api_imports: false,
};

fn options(runtime: RuntimeOptions) -> Options {
    Options {
        target: TargetOptions {
            arch: Some("x86_64".to_owned()),
            cpu: Some("x86-64".to_owned()),
            ..TargetOptions::default()
        },
        runtime,
        ..Options::default()
    }
}

fn compile(text: &str, options: &Options) -> Result<AotFile> {
    let artifact = wasmelt::compile(&wat::parse_str(text)?, options)?;
    Ok(AotFile::parse(&artifact.bytes)?)
}

fn native_symbols(file: &AotFile) -> Vec<String> {
    let tables = file.custom.iter().filter_map(|section| match section {
        CustomSection::NativeSymbols(symbols) => Some(symbols.clone()),
        _ => None,
    });
    tables.flatten().collect()
}

/// Every instruction that the table of intrinsics has a function for, each in a function of the
/// module, and constants of all types.
fn every_instruction() -> String {
    let mut functions = String::new();
    for row in runtime_intrinsics::INTRINSICS {
        let Some(signature) = row.signature() else {
            continue;
        };
        for instruction in row.instructions {
            let (result, operation) = instruction.split_once('.').unwrap_or_default();
            let operand = ["f32", "f64", "i32", "i64"]
                .into_iter()
                .find(|ty| operation.contains(ty))
                .unwrap_or(result);
            let comparison = row.name.ends_with("_cmp");
            let operands = signature.params.len() - usize::from(comparison);
            let result = if comparison { "i32" } else { result };
            functions += &format!(
                "(func (export \"{instruction}\") (param {}) (result {result}) ({instruction} {}))",
                [operand; 2][..operands].join(" "),
                ["(local.get 0)", "(local.get 1)"][..operands].join(" "),
            );
        }
    }
    format!(
        "(module (memory 1) {functions}
           (func (export \"constants\") (param f32 f64 i32 i64)
             (f32.store (i32.const 0) (f32.add (local.get 0) (f32.const 1.5)))
             (f64.store (i32.const 8) (f64.add (local.get 1) (f64.const 2.5)))
             (i32.store (i32.const 16) (i32.add (local.get 2) (i32.const 0x12345678)))
             (i64.store (i32.const 24) (i64.add (local.get 3) (i64.const 0x123456789abcdef)))))"
    )
}

#[test]
fn every_intrinsic_is_called_where_it_is_asked_for() -> Result<()> {
    let runtime = RuntimeOptions {
        builtin_intrinsics: Some(Selection::parse("all").expect("there is such a group")),
        ..XIP
    };
    for opt_level in [OptLevel::O0, OptLevel::O3, OptLevel::Oz] {
        let file = compile(
            &every_instruction(),
            &Options {
                opt_level,
                ..options(runtime)
            },
        )?;
        ensure!(file.target_info.file_type == FileType::ExecuteInPlace);
        ensure!(file.relocations.groups.is_empty(), "{:?}", file.relocations);
        let mut expected: BTreeSet<String> = runtime_intrinsics::INTRINSICS
            .iter()
            .filter_map(|row| row.signature())
            .map(|signature| signature.symbol.to_owned())
            .collect();
        expected.insert("aot_set_exception_with_id".to_owned());
        for constant in [
            "f32#3FC00000",
            "f64#4004000000000000",
            "i32#12345678",
            "i64#0123456789ABCDEF",
        ] {
            expected.insert(constant.to_owned());
        }
        let symbols = native_symbols(&file);
        let missing: Vec<_> = expected
            .iter()
            .filter(|symbol| !symbols.contains(symbol))
            .collect();
        ensure!(missing.is_empty(), "{missing:?} are not in {symbols:?}");
        // Each has one place.
        ensure!(symbols.iter().collect::<BTreeSet<_>>().len() == symbols.len());
    }
    Ok(())
}

/// Without SSE4.1 LLVM would call the C library to round, one function for each lane.
const ROUNDING: &str = "(module
    (func (export \"a\") (param f64) (result f64) (f64.floor (local.get 0)))
    (func (export \"b\") (param v128) (result v128) (f32x4.ceil (local.get 0)))
    (func (export \"c\") (param f64) (result f64) (f64.sqrt (local.get 0))))";

#[test]
fn by_default_the_runtime_does_what_the_processor_cannot() -> Result<()> {
    let symbols = native_symbols(&compile(ROUNDING, &options(XIP))?);
    ensure!(
        symbols == ["aot_intrinsic_ceil_f32", "aot_intrinsic_floor_f64"],
        "{symbols:?}"
    );
    let mut newer = options(XIP);
    newer.target.cpu = Some("x86-64-v3".to_owned());
    let symbols = native_symbols(&compile(ROUNDING, &newer)?);
    ensure!(symbols.is_empty(), "{symbols:?}");
    Ok(())
}

#[test]
fn the_list_of_the_user_comes_on_top() -> Result<()> {
    let runtime = RuntimeOptions {
        builtin_intrinsics: Some(Selection::parse("llvm.sqrt.f64").expect("a name")),
        ..XIP
    };
    let symbols = native_symbols(&compile(ROUNDING, &options(runtime))?);
    for name in ["ceil_f32", "floor_f64", "sqrt_f64"] {
        let symbol = format!("aot_intrinsic_{name}");
        ensure!(symbols.contains(&symbol), "{symbols:?}");
    }
    Ok(())
}

#[test]
fn a_relocation_that_is_left_is_refused_or_allowed() -> Result<()> {
    let runtime = RuntimeOptions {
        disable_llvm_intrinsics: false,
        ..XIP
    };
    let error = compile(ROUNDING, &options(runtime))
        .expect_err("the C library rounds")
        .to_string();
    ensure!(
        error
            == "function aot_func#0 refers to floor, for which the loader would have to change \
                the text",
        "{error}"
    );
    let file = compile(
        ROUNDING,
        &options(RuntimeOptions {
            allow_text_relocations: true,
            c_api_imports: false,
            ..runtime
        }),
    )?;
    ensure!(file.relocations.names.contains(&"floor".to_owned()));
    Ok(())
}

#[test]
fn functions_of_the_module_are_called_directly() -> Result<()> {
    let text = "(module
        (import \"env\" \"host\" (func $host))
        (memory 1 5)
        (func $f (export \"f\") (result i32) (memory.grow (i32.const 1)))
        (func (export \"g\") (result i32) (call $host) (call $f) (memory.fill (i32.const 0)
          (i32.const 1) (call $f))))";
    let file = compile(
        text,
        &Options {
            opt_level: OptLevel::O0,
            ..options(XIP)
        },
    )?;
    let symbols: BTreeSet<String> = native_symbols(&file).into_iter().collect();
    let expected = [
        "aot_enlarge_memory",
        "aot_invoke_native",
        "aot_set_exception_with_id",
        "memset",
    ];
    ensure!(symbols.iter().eq(expected), "{symbols:?}");
    Ok(())
}

/// In the smallest code a division by a constant is one, and a shift of 64 bits is a call: of the
/// runtime or of a function in the text, never of the compiler's library.
#[test]
fn the_smallest_code_calls_no_library() -> Result<()> {
    let module = "(module
        (func (export \"divide\") (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 7)))
        (func (export \"wide\") (param i64) (result i64) (i64.rem_s (local.get 0) (i64.const 10)))
        (func (export \"shift\") (param i64 i64) (result i64)
          (i64.shr_s (i64.shl (local.get 0) (local.get 1)) (local.get 1))))";
    for (arch, features) in [
        ("armv7", ""),
        ("thumbv7em", ""),
        ("thumbv6m", ""),
        ("riscv32", ""),
        ("riscv32", "-m"),
        ("riscv64", "-m"),
        ("xtensa", ""),
        ("mips", ""),
    ] {
        let target = TargetOptions {
            arch: Some(arch.to_owned()),
            cpu_features: Some(features.to_owned()).filter(|it| !it.is_empty()),
            ..TargetOptions::default()
        };
        let options = Options {
            opt_level: OptLevel::Oz,
            target,
            ..options(XIP)
        };
        let file = compile(module, &options)?;
        ensure!(
            file.relocations.groups.is_empty(),
            "{arch}: {:?}",
            file.relocations
        );
    }
    Ok(())
}

fn for_xtensa(opt_level: OptLevel) -> Options {
    Options {
        opt_level,
        target: TargetOptions {
            arch: Some("xtensa".to_owned()),
            ..TargetOptions::default()
        },
        ..options(XIP)
    }
}

/// Call instructions of Xtensa reach 512 KiB.
#[test]
fn calls_in_long_code_for_xtensa_reach() -> Result<()> {
    let terms: String = (0..200u32)
        .map(|n| {
            format!(
                "(i32.const {}) i32.mul local.get 0 i32.xor ",
                70_001 + n * 7919
            )
        })
        .collect();
    let functions: String = (0..400)
        .map(|n| {
            let callee = (n + 200) % 400;
            format!("(func (param i32) (result i32) (call {callee} (local.get 0)) {terms})")
        })
        .collect();
    let file = compile(&format!("(module {functions})"), &for_xtensa(OptLevel::O0))?;
    ensure!(file.text.code.len() > 1 << 20, "{}", file.text.code.len());
    ensure!(file.relocations.groups.is_empty(), "{:?}", file.relocations);
    Ok(())
}

/// Xtensa code has no way to an address but a literal: whatever needs one is found by its distance.
#[test]
fn the_text_for_xtensa_is_complete() -> Result<()> {
    let cases: String = (0..40).map(|n| format!("{} ", n % 20)).collect();
    let blocks = "block ".repeat(20);
    let ends: String = (0..20)
        .map(|n| format!("end (return (i32.const {}))\n", n * n * 12345 % 99991))
        .collect();
    let text = format!(
        "(module
        (import \"env\" \"host\" (func $host (param i32) (result i32)))
        (memory 1 5)
        (type $t (func (param i32) (result i32)))
        (table 4 funcref)
        (elem (i32.const 0) $host $f $branches)
        (func $f (export \"f\") (param i32) (result i32)
          (f64.store (i32.const 8) (f64.sqrt (f64.convert_i32_s (local.get 0))))
          (i32.add (memory.grow (i32.const 1)) (call_indirect (type $t)
            (call $host (i32.const 0x1234567)) (local.get 0))))
        (func $branches (param i32) (result i32)
          {blocks} (br_table {cases} 0 (local.get 0)) {ends} (call $f (local.get 0)))
        (func (export \"g\") (param i32) (result i32)
          (memory.fill (i32.const 0) (i32.const 1) (call $branches (local.get 0)))
          (i32.add (call $f (local.get 0)) (call $branches (i32.const 5)))))"
    );
    for opt_level in [OptLevel::O0, OptLevel::O3, OptLevel::Oz] {
        let file = compile(&text, &for_xtensa(opt_level))?;
        ensure!(file.target_info.file_type == FileType::ExecuteInPlace);
        ensure!(file.relocations.groups.is_empty(), "{:?}", file.relocations);
        let symbols = native_symbols(&file);
        for name in ["aot_invoke_native", "aot_intrinsic_sqrt_f64", "memset"] {
            ensure!(symbols.contains(&name.to_owned()), "{symbols:?}");
        }
    }
    Ok(())
}

#[test]
fn direct_mode_can_use_intrinsics_too() -> Result<()> {
    let runtime = RuntimeOptions {
        indirect_mode: false,
        ..XIP
    };
    let file = compile(ROUNDING, &options(runtime))?;
    ensure!(file.target_info.file_type == FileType::Relocatable);
    ensure!(native_symbols(&file).is_empty());
    ensure!(
        file.relocations
            .names
            .contains(&"aot_intrinsic_floor_f64".to_owned()),
        "{:?}",
        file.relocations.names
    );
    Ok(())
}

#[test]
fn an_object_file_has_no_table() -> Result<()> {
    let error = wasmelt::compile(
        &wat::parse_str(ROUNDING)?,
        &Options {
            format: OutputFormat::Object,
            ..options(XIP)
        },
    )
    .err()
    .context("there is no place for the table")?
    .to_string();
    ensure!(error.contains("only .aot files can"), "{error}");
    Ok(())
}

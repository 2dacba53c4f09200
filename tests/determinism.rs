//! The same input and options give the same bytes, however many threads do the work.

use std::fmt::Write;
use std::num::NonZeroUsize;

use anyhow::{Context, Result, ensure};
use wasmelt::options::{RuntimeOptions, Selection, TargetOptions};
use wasmelt::{Options, Session};

/// A module large enough for several partitions, whose functions call each other across them,
/// directly and through a table, and have constants of their own.
fn large_module() -> Result<Vec<u8>> {
    const FUNCTIONS: usize = 600;
    let mut text = String::from(
        "(module (type $t (func (param i32) (result i32)))\
         (import \"env\" \"host\" (func $host (param i32) (result i32))) (memory 1)",
    );
    write!(text, "(table {FUNCTIONS} funcref) (elem (i32.const 0)")?;
    for index in 0..FUNCTIONS {
        write!(text, " $f{index}")?;
    }
    text.push(')');
    for index in 0..FUNCTIONS {
        write!(
            text,
            "(func $f{index} (export \"f{index}\") (type $t) (local f64 i64)"
        )?;
        for step in 0..3 {
            let callee = (index * 7 + step * 131) % FUNCTIONS;
            write!(
                text,
                "(local.set 1 (f64.mul (local.get 1) (f64.const {index}.{step})))
                 (local.set 2 (i64.add (local.get 2) (i64.load32_u offset={step} (local.get 0))))
                 (if (i32.eq (local.get 0) (i32.const {step}))
                   (then (return (call $f{callee} (i32.add (local.get 0) (i32.const {index}))))))
                 (local.set 0 (call_indirect (type $t) (local.get 0) (local.get 0)))"
            )?;
        }
        // Makes bodies large, and no code: partitions are made by the size of bodies.
        text.push_str(&"(drop (i64.const 0x7edcba9876543210))".repeat(60));
        text.push_str(
            "(block (block (block (br_table 0 1 2 (local.get 0))) (return (i32.const 3)))
               (return (call $host (local.get 0))))
             (i32.wrap_i64 (i64.add (local.get 2) (i64.reinterpret_f64 (local.get 1)))))",
        );
    }
    text.push(')');
    Ok(wat::parse_str(&text)?)
}

/// A session has no memory: each module gives the same bytes, whatever was compiled before.
#[test]
fn sessions_compile_one_module_after_another() -> Result<()> {
    let session = Session::new(NonZeroUsize::new(2))?;
    let options = Options::default();
    let [large, small] = [
        large_module()?,
        wat::parse_str("(module (func (export \"f\")))")?,
    ];
    for wasm in [&large, &small, &large] {
        let expected = wasmelt::compile(wasm, &options)?;
        ensure!(session.compile(wasm, &options)?.bytes == expected.bytes);
    }
    Ok(())
}

#[test]
fn output_does_not_depend_on_threads() -> Result<()> {
    same_for_any_threads(&Options::default(), &[1, 2, 8, 1, 2, 8])
}

/// Executed in place, all partitions share one table.
#[test]
fn in_place_output_does_not_depend_on_threads() -> Result<()> {
    let runtime = RuntimeOptions {
        indirect_mode: true,
        disable_llvm_intrinsics: true,
        builtin_intrinsics: Selection::parse("all").ok(),
        ..RuntimeOptions::default()
    };
    let options = Options {
        runtime,
        ..Options::default()
    };
    same_for_any_threads(&options, &[1, 8])
}

fn same_for_any_threads(options: &Options, threads: &[usize]) -> Result<()> {
    let wasm = large_module()?;
    let mut reference = None;
    for &threads in threads {
        let options = Options {
            threads: NonZeroUsize::new(threads),
            ..options.clone()
        };
        let artifact = wasmelt::compile(&wasm, &options)?;
        ensure!(
            artifact.stats.partitions.len() > 2,
            "only {} partitions",
            artifact.stats.partitions.len()
        );
        let reference = reference.get_or_insert_with(|| artifact.bytes.clone());
        let difference = reference
            .iter()
            .zip(&artifact.bytes)
            .position(|(a, b)| a != b);
        ensure!(
            difference.is_none() && reference.len() == artifact.bytes.len(),
            "{threads} threads: {} bytes instead of {}, first difference at {difference:?}",
            artifact.bytes.len(),
            reference.len()
        );
    }
    Ok(())
}

/// What our passes do must not depend on the order of a hash table: LLVM goes by the order of uses.
#[test]
fn loops_come_out_the_same_each_time() -> Result<()> {
    let accesses: String = (0..6)
        .map(|index| {
            let address = |array| format!("(i32.add (local.get {array}) (local.get $i))");
            format!(
                "(i32.store offset={index} {}
                   (i32.load16_u offset={} {}))
                 (local.set $s (i32.add (local.get $s) (i32.mul (local.get $i) (i32.const {}))))",
                address(index % 4),
                index * 512,
                address((index + 1) % 4),
                index + 20
            )
        })
        .collect();
    let wasm = wat::parse_str(format!(
        "(module (memory 4)
           (func (export \"f\") (param i32 i32 i32 i32) (result i32) (local $i i32) (local $s i32)
             (local.set $i (i32.const -80))
             (loop $again {accesses}
               (br_if $again (local.tee $i (i32.add (local.get $i) (i32.const 8)))))
             (i32.add (local.get $s) (local.get $i))))"
    ))?;
    let options = Options {
        target: TargetOptions {
            arch: Some("riscv32".to_owned()),
            ..TargetOptions::default()
        },
        ..Options::default()
    };
    let first = wasmelt::compile(&wasm, &options)?.bytes;
    for _ in 0..5 {
        ensure!(wasmelt::compile(&wasm, &options)?.bytes == first);
    }
    Ok(())
}

/// A file holds nothing of the time or place it was made at: what is compiled reads back and says
/// the same about itself.
#[test]
fn the_file_reads_back() -> Result<()> {
    let artifact = wasmelt::compile(&large_module()?, &Options::default())?;
    let file = wasmelt::aot::AotFile::parse(&artifact.bytes)?;
    ensure!(
        file.functions.len() == 600,
        "{} functions",
        file.functions.len()
    );
    let again = file.to_bytes().context("what was read can be written")?;
    ensure!(again == artifact.bytes, "written again, the file differs");
    Ok(())
}

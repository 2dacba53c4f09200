//! Compares the processor tables with LLVM.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;

#[test]
fn machines() {
    let target =
        Target::resolve(&options(Some("x86_64"), Some("znver4"), Some("-avx512f"))).unwrap();
    let machine = target.machine.create(OptLevel::O3).unwrap();
    assert_eq!(machine.get_triple().as_str(), c"x86_64-pc-linux-gnu");
    assert_eq!(machine.get_cpu().to_str(), Ok("znver4"));
    assert_eq!(
        machine.get_feature_string(),
        c"+prefer-no-gather,+prefer-no-scatter,-avx512f"
    );
    let data = machine.get_target_data();
    assert_eq!(
        data.get_pointer_byte_size(None),
        target.pointer_width.bytes()
    );
}

/// Returns the path of a processor table.
fn table_path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/targets/llvm")
        .join(format!("{name}.txt"))
}

/// Returns the processors and features of `triple` by LLVM's own `llc`, as a table.
fn table_of_llvm(triple: &str) -> String {
    // Of the LLVM that this crate is built with; Cargo's configuration sets it.
    let llc = Path::new(env!("LLVM_SYS_221_PREFIX")).join("bin/llc");
    let run = |arguments: &[&str]| {
        Command::new(&llc)
            .args(arguments)
            .arg(format!("-mtriple={triple}"))
            .args(["-o", "-"])
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap_or_else(|error| panic!("{}: {error}", llc.display()))
    };
    let help = run(&["-mcpu=help"]);
    let help = String::from_utf8(help.stderr).unwrap();
    let (cpus, features) = help
        .split_once("Available features for this target:")
        .expect("llc lists processors, then features");
    let names = |section: &str| -> Vec<String> {
        section
            .lines()
            .filter_map(|line| line.strip_prefix("  "))
            .filter_map(|line| line.split_whitespace().next())
            .map(str::to_owned)
            .collect()
    };
    let source = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(source.path(), "define void @f() { ret void }\n").unwrap();
    // Names only: what they mean is LLVM's to tell.
    let mut table =
        format!("# Processors and features of {triple} in LLVM 22; written by a test.\n");
    for cpu in names(cpus) {
        let works = run(&[&format!("-mcpu={cpu}"), source.path().to_str().unwrap()]);
        if works.status.success() {
            table += &format!("cpu {cpu}\n");
        }
    }
    for feature in names(features) {
        table += &format!("feature {feature}\n");
    }
    table
}

/// Each processor table with one of its targets.
const TABLES: &[(&str, &str)] = &[
    ("x86_64", "x86_64"),
    ("i386", "i386"),
    ("aarch64", "aarch64"),
    ("arm", "armv4"),
    ("thumb", "thumbv4t"),
    ("riscv32", "riscv32"),
    ("riscv64", "riscv64"),
    ("xtensa", "xtensa"),
    ("mips", "mips"),
];

/// `WASMELT_BLESS=1 cargo test processor_tables` writes the tables anew.
#[test]
fn processor_tables() {
    for (table, name) in TABLES {
        let target = Target::resolve(&options(Some(name), None, None)).unwrap();
        let expected = table_of_llvm(target.machine.triple.as_str());
        let path = table_path(table);
        if std::env::var_os("WASMELT_BLESS").is_some() {
            std::fs::write(&path, &expected).unwrap();
        }
        let found = std::fs::read_to_string(&path).unwrap();
        assert_eq!(found, expected, "{}", path.display());
    }
}

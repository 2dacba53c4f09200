//! Golden tests: the LLVM IR emitted for each group of instructions.
//!
//! Every file in `tests/golden` is a module in the text format. Lines that start with `;;!` give
//! options (`;;! bounds-checks = 1`), lines that start with `;; ` at the end are the IR expected:
//! functions and constant tables, without attributes and declarations. `WASMELT_BLESS=1 cargo test
//! --test golden` writes what the compiler emits now; review the difference before committing it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use wasmelt::Options;
use wasmelt::options::{OptLevel, OutputFormat, TargetOptions};

const EXPECTED: &str = ";; ";
const OPTION: &str = ";;!";

#[test]
fn emitted_ir_is_as_expected() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "wat"));
    files.sort();
    ensure!(!files.is_empty(), "no test in {}", folder.display());
    let bless = std::env::var_os("WASMELT_BLESS").is_some();
    let mut failures = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file)?;
        let found = emitted_ir(&text).with_context(|| file.display().to_string())?;
        let expected: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix(EXPECTED))
            .collect();
        if found
            .iter()
            .map(String::as_str)
            .eq(expected.iter().copied())
        {
            continue;
        }
        if bless {
            std::fs::write(file, blessed(&text, &found))?;
        } else {
            failures.push(first_difference(file, &expected, &found));
        }
    }
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}

/// The IR of the module in `text`, with the options its header asks for.
fn emitted_ir(text: &str) -> Result<Vec<String>> {
    let mut options = Options {
        // The same code on every machine.
        target: TargetOptions {
            arch: Some("x86_64".to_owned()),
            cpu: Some("x86-64-v3".to_owned()),
            ..TargetOptions::default()
        },
        format: OutputFormat::LlvmIrUnoptimized,
        ..Options::default()
    };
    for line in text.lines().filter_map(|line| line.strip_prefix(OPTION)) {
        let (key, value) = line
            .split_once('=')
            .context("an option reads `key = value`")?;
        match (key.trim(), value.trim()) {
            ("bounds-checks", "1") => options.bounds_checks = Some(true),
            ("stack-bounds-checks", "1") => options.stack_bounds_checks = Some(true),
            ("stack-bounds-checks", "0") => options.stack_bounds_checks = Some(false),
            ("format", "llvmir-opt") => options.format = OutputFormat::LlvmIrOptimized,
            ("opt-level", "1") => options.opt_level = OptLevel::O1,
            ("opt-level", "3") => options.opt_level = OptLevel::O3,
            ("tail-call", "1") => options.features.tail_call = true,
            // Handled below.
            ("weights", "1") => {}
            ("relaxed-simd-deterministic", "1") => options.deterministic_relaxed_simd = true,
            ("threads", "1") => options.features.threads = true,
            other => bail!("unknown option {other:?}"),
        }
    }
    let wasm = wat::parse_str(text)?;
    let artifact = wasmelt::compile(&wasm, &options)?;
    let ir = String::from_utf8(artifact.bytes)?;
    let weights = text.lines().any(|line| line == ";;! weights = 1");
    let mut lines = Vec::new();
    let mut inside = false;
    for line in ir.lines() {
        inside |= line.starts_with("define ");
        // Comments give the predecessors of blocks: no more than an echo of the branches.
        let line = line.split(';').next().unwrap_or_default().trim_end();
        if (inside || line.starts_with('@')) && !line.is_empty() {
            let weighted = weights && line.contains(", !prof");
            lines.push(without_numbers(line) + if weighted { ", weighted" } else { "" });
        }
        inside &= line != "}";
    }
    Ok(lines)
}

/// Attribute groups and metadata are numbered across the module; the numbers say nothing here.
fn without_numbers(line: &str) -> String {
    let line = line.split(", !tbaa").next().unwrap_or(line);
    let line = line.split(", !invariant").next().unwrap_or(line);
    let line = line.split(", !prof").next().unwrap_or(line);
    let indent = &line[..line.len() - line.trim_start().len()];
    let words: Vec<&str> = line
        .split_whitespace()
        .filter(|word| {
            word.strip_prefix('#')
                .is_none_or(|group| group.parse::<u32>().is_err())
        })
        .collect();
    format!("{indent}{}", words.join(" "))
}

fn blessed(text: &str, found: &[String]) -> String {
    let source: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with(EXPECTED))
        .collect();
    let mut result = source.join("\n").trim_end().to_owned();
    result.push_str("\n\n");
    for line in found {
        result.push_str(EXPECTED);
        result.push_str(line);
        result.push('\n');
    }
    result
}

fn first_difference(file: &Path, expected: &[&str], found: &[String]) -> String {
    let at = expected
        .iter()
        .zip(found)
        .position(|(expected, found)| expected != found)
        .unwrap_or(expected.len().min(found.len()));
    let missing = "(nothing)";
    format!(
        "{}: IR line {}: expected\n    {}\nfound\n    {}",
        file.display(),
        at + 1,
        expected.get(at).copied().unwrap_or(missing),
        found.get(at).map_or(missing, String::as_str),
    )
}

//! Compares IR before and after the passes.
//!
//! Every file in `golden/` is a module. Its header states the data layout as LLVM does, and the list of
//! intrinsics (`; intrinsics: i64.common`); `; missing:` names the operations that the processor lacks. Lines
//! that start with `;; ` at the end are the expected IR. `WASMELT_BLESS=1` writes them.

use std::path::{Path, PathBuf};

use super::*;

const EXPECTED: &str = ";; ";

fn header<'a>(text: &'a str, key: &str) -> &'a str {
    text.lines()
        .find_map(|line| line.strip_prefix("; ")?.strip_prefix(key))
        .map_or("", str::trim)
}

fn rewritten(text: &str) -> Vec<String> {
    let context = Context::create();
    let module = read(&context, text);
    let hardware = Hardware {
        missing: Selection::parse(header(text, "missing:")).expect("names of intrinsics"),
        multiplication: header(text, "lacks:") != "mul",
        ..Hardware::COMPLETE
    };
    let narrow = text.contains("p:32:32");
    let width = if narrow {
        PointerWidth::Bits32
    } else {
        PointerWidth::Bits64
    };
    // For the passes that follow; it has no part in what is tested.
    let machine = machine("x86_64-unknown-linux-gnu", "x86-64", "", OptLevel::O3);
    let list = header(text, "intrinsics:");
    let table = execute_in_place(&module, &machine, list, hardware, width);
    let mut lines: Vec<String> = table
        .names()
        .iter()
        .enumerate()
        .map(|(place, name)| format!("{place}: {name}"))
        .collect();
    let ir = module.to_string();
    let mut inside = false;
    for line in ir.lines() {
        inside |= line.starts_with("define ");
        let line = line.split(';').next().unwrap_or_default().trim_end();
        if inside && !line.is_empty() {
            lines.push(line.to_owned());
        }
        inside &= line != "}";
    }
    lines
}

#[test]
fn rewritten_ir_is_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/passes/tests/golden");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no test in {}", folder.display());
    let mut failures = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a readable file");
        let found = rewritten(&text);
        let expected = text.lines().filter_map(|line| line.strip_prefix(EXPECTED));
        if expected.eq(found.iter().map(String::as_str)) {
            continue;
        }
        if std::env::var_os("WASMELT_BLESS").is_some() {
            let source: Vec<&str> = text
                .lines()
                .filter(|line| !line.starts_with(EXPECTED))
                .collect();
            let found: String = found
                .iter()
                .map(|line| format!("{EXPECTED}{line}\n"))
                .collect();
            let blessed = format!("{}\n\n{found}", source.join("\n").trim_end());
            std::fs::write(&file, blessed).expect("a writable file");
        } else {
            failures.push(format!("{}:\n{}", file.display(), found.join("\n")));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

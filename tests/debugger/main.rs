//! Debug information (`--debug-info`), as GDB, LLVM's tools and `wasmelt locate` read it: C programs that clang has
//! compiled with `-g` run on WAMR under GDB. Breakpoints by source line, steps, backtraces, and the place of a
//! crash are those of the source.

mod board;
mod hostile;
mod inlined;
mod lldb;
mod program;
mod variables;

use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Trial};
use test_support::{Outcome, guest};
use wamr_host::Imports;

use program::{Program, expect};

/// The program; its lines are numbered from 1.
const SOURCE: &str = "\
#include <stdio.h>
static int table[16];
__attribute__((noinline)) int fill(int n) {
    for (int i = 0; i < n; i++)
        table[i & 15] = i * 3;
    return table[n & 15];
}
__attribute__((noinline)) int crash(volatile int *place) {
    return table[2] + *place;
}
int main(int argc, char **argv) {
    int last = fill(argc + 9);
    printf(\"%d\\n\", last);
    return crash((int *)0x7ffffff0);
}
";
const CRASH_LINE: &str = "program.c:9";

fn main() -> ExitCode {
    guest::serve(&[("run", |args| guest::run_program(args, &Imports::new()))]);
    let mut trials = vec![
        trial("gdb/breakpoint-step-backtrace", breakpoint),
        trial("gdb/crash-in-optimised-code", crash),
        trial("locate/agrees-with-llvm", agrees_with_llvm),
        trial("locate/aot-file", locate_in_aot_file),
        trial("locate/errors", locate_errors),
        trial("dwarf-verifies", verifies),
        trial("same-code", same_code),
        trial("no-dwarf", no_dwarf),
        trial("locate/odd-addresses-and-names", odd),
    ];
    trials.extend(variables::trials());
    trials.extend(inlined::trials());
    trials.extend(hostile::trials());
    trials.extend(lldb::trials());
    trials.extend(board::trials());
    for target in TARGETS {
        for level in ["0", "3", "z"] {
            let name = format!(
                "targets/{}/{level}",
                target[0].trim_start_matches("--target=")
            );
            trials.push(trial(&name, move || finds_lines(target, level)));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// Targets of each kind, with further options.
const TARGETS: &[&[&str]] = &[
    &["--target=x86_64"],
    &["--target=i386"],
    &["--target=aarch64"],
    &["--target=aarch64_be"],
    &["--target=armv7"],
    &["--target=thumbv7em", "--xip"],
    &["--target=thumbv7eb"],
    &["--target=riscv32"],
    &["--target=riscv64", "--xip"],
    &["--target=xtensa"],
    &["--target=mips", "--xip"],
];

fn trial(name: &str, test: impl FnOnce() -> Outcome + Send + 'static) -> Trial {
    Trial::test(name, || Ok(test()?))
}

fn breakpoint() -> Outcome {
    let program = Program::new(SOURCE, &["-g", "-O0"])?;
    program.compile(&["--opt-level=0"])?;
    let text = program.gdb(&[
        "break program.c:5",
        "continue",
        "backtrace",
        "next",
        "next",
        "delete",
        "finish",
    ])?;
    for part in [
        "fill (n=10) at ",
        "program.c:5\n5\t        table[i & 15] = i * 3;",
        "#0  fill (n=10) at ",
        " (argc=1, argv=",
        "program.c:12\n",
        "wasm_runtime_call_wasm",
        // Two steps later, the loop has come round.
        "\n4\t    for (int i = 0; i < n; i++)",
        "\n12\t    int last = fill(argc + 9);",
    ] {
        expect(&text, part)?;
    }
    Ok(())
}

fn crash() -> Outcome {
    let program = Program::new(SOURCE, &["-g", "-O2"])?;
    program.compile(&[])?;
    let text = program.gdb(&["continue", "backtrace"])?;
    expect(&text, "received signal SIGSEGV")?;
    expect(
        &text,
        &format!("{CRASH_LINE}\n9\t    return table[2] + *place;"),
    )?;
    // The frames of the optimised code unwind down to the runtime.
    expect(&text, "wasm_runtime_call_wasm")
}

/// Each instruction of a function has the line that LLVM's symboliser finds, and a WebAssembly instruction.
fn agrees_with_llvm() -> Outcome {
    let program = Program::new(SOURCE, &["-g", "-O1"])?;
    program.compile(&["--opt-level=1"])?;
    let (start, size) = program.symbol("crash")?;
    let lines = program.locate(start..start + size)?;
    let mut crash = 0;
    for (offset, line) in lines.iter().enumerate() {
        expect(
            line,
            &format!("{:#x}: crash+{offset:#x}", start + offset as u64),
        )?;
        let mut symbolizer = Command::new("llvm-symbolizer-22");
        let address = format!("{:#x}", start + offset as u64);
        symbolizer.args(["--obj=program.debug", "--functions=none", &address]);
        let theirs = program.run(&mut symbolizer)?;
        let theirs = theirs.trim();
        if line.contains(CRASH_LINE) {
            crash += 1;
            expect(line, ", wasm offset 0x")?;
        }
        if !theirs.starts_with("??") && !theirs.ends_with(":0:0") {
            // They print a column of zero, too.
            expect(line, theirs.trim_end_matches(":0"))?;
        }
    }
    match crash {
        0 => Err(format!("no code comes from {CRASH_LINE}: {lines:#?}")),
        _ => Ok(()),
    }
}

fn locate_in_aot_file() -> Outcome {
    let program = Program::new(SOURCE, &["-g", "-O1"])?;
    program.compile(&["--opt-level=1", "--emit-custom-sections=name"])?;
    let (start, _) = program.symbol("crash")?;
    let text = program.wasmelt(&["locate", "program.aot", &format!("{:#x}", start)])?;
    expect(&text, ": crash+0x0\n")?;
    // An address in memory.
    let address = format!("{:#x}", 0x4000_0000 + start + 1);
    let text = program.wasmelt(&["locate", "--base=0x40000000", "program.debug", &address])?;
    expect(&text, &format!("{address}: crash+0x1"))
}

fn locate_errors() -> Outcome {
    let program = Program::new(SOURCE, &["-O1"])?;
    program.compile(&[])?;
    let cases: [(&[&str], &str); 5] = [
        (
            &["locate", "program.c", "0"],
            "error: program.c: not a file of debug information: ",
        ),
        (&["locate", "absent", "0"], "error: cannot read absent: "),
        (
            &["locate", "program.debug", "0xfffffff", "0"],
            "0xfffffff: no code of this file\n0x0: ",
        ),
        (&["locate", "program.debug", "ten"], "expected a number"),
        (
            &[
                "--debug-info=d",
                "--format=object",
                "-o",
                "o",
                "program.wasm",
            ],
            "error: --debug-info needs the format `aot`",
        ),
    ];
    for (arguments, expected) in cases {
        let error = match program.wasmelt(arguments) {
            Ok(text) => return Err(format!("{arguments:?} succeeded: {text}")),
            Err(error) => error,
        };
        expect(&error, expected)?;
    }
    Ok(())
}

fn verifies() -> Outcome {
    let program = Program::new(SOURCE, &["-g", "-O2"])?;
    program.compile(&[])?;
    let mut dwarfdump = Command::new("llvm-dwarfdump-22");
    let text = program.run(dwarfdump.args(["--verify", "program.debug"]))?;
    expect(&text, "No errors.")
}

/// Debug information does not change optimised code.
fn same_code() -> Outcome {
    let program = Program::new(SOURCE, &["-g", "-O2"])?;
    for options in [
        &["--target=x86_64"][..],
        &["--target=thumbv7em", "--cpu=cortex-m4", "--xip"],
    ] {
        program.compile(options)?;
        let without = [options, &["-o", "without.aot", "program.wasm"]].concat();
        program.wasmelt(&without)?;
        let read = |name| std::fs::read(program.path(name)).map_err(|error| error.to_string());
        if read("program.aot")? != read("without.aot")? {
            return Err(format!("{options:?}: the code differs"));
        }
    }
    Ok(())
}

/// A module without DWARF still has names, and offsets of WebAssembly instructions.
fn no_dwarf() -> Outcome {
    let program = Program::new(SOURCE, &["-O1"])?;
    program.compile(&["--opt-level=1"])?;
    let (start, size) = program.symbol("crash")?;
    let lines = program.locate(start..start + size)?;
    let with_offset = lines
        .iter()
        .filter(|line| line.contains(", wasm offset 0x"));
    if with_offset.count() * 2 < lines.len() || lines.iter().any(|line| line.contains("program.c"))
    {
        return Err(format!("{lines:#?}"));
    }
    Ok(())
}

/// Code for each target leads to the lines of the function that crashes.
fn finds_lines(target: &[&str], level: &str) -> Outcome {
    let program = Program::new(SOURCE, &["-g", "-O1", "-D__wasm_simd128__=0"])?;
    let level = format!("--opt-level={level}");
    program.compile(&[target, &[&level]].concat())?;
    let mut found = 0;
    for (start, size, name) in program.symbols()? {
        // Or one into which it may be inlined.
        if name == "crash" || name.contains("main") || name.contains("_start") {
            let lines = program.locate((start..start + size).step_by(2))?;
            found += lines
                .iter()
                .filter(|line| line.contains(CRASH_LINE))
                .count();
        }
    }
    match found {
        0 => Err(format!(
            "{target:?}: no code of the function comes from {CRASH_LINE}"
        )),
        _ => Ok(()),
    }
}

/// Functions at odd addresses, as code for size has them on x86, and a name with a zero byte.
fn odd() -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let program = Program(folder);
    let text = r#"(module
        (func $"a\00b" (export "f") (param i32) (result i32) (local.get 0))
        (func $g (export "g") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
        (func $h (export "h") (param i32) (result i32) (i32.add (local.get 0) (i32.const 2))))"#;
    let wasm = wat::parse_str(text).map_err(|error| error.to_string())?;
    std::fs::write(program.path("program.wasm"), wasm).map_err(|error| error.to_string())?;
    program.compile(&["--target=x86_64", "--opt-level=z"])?;
    let symbols = program.symbols()?;
    if symbols.iter().all(|(start, ..)| start % 2 == 0) {
        return Err(format!("no address is odd: {symbols:?}"));
    }
    if symbols.iter().all(|(_, _, name)| name != "a?b") {
        return Err(format!("{symbols:?}"));
    }
    for (start, size, name) in symbols {
        for (offset, line) in program.locate(start..start + size)?.iter().enumerate() {
            expect(line, &format!(": {name}+{offset:#x}"))?;
        }
    }
    Ok(())
}

//! `wasmelt locate --stack`: a C program that clang has compiled with `-g` traps on a runtime that prints stacks of calls, and
//! the command adds the lines of the source to the stack.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use wamr_devices::tracer::Tracer;

/// The program; comments mark the lines of a stack, the innermost first.
const SOURCE: &str = "\
__attribute__((noinline)) int divide(int a, int b) {
    return a / b; /* 0 */
}
__attribute__((noinline)) static int twice(int b) {
    int first = divide(7, 1);
    return first + divide(first, b); /* 1 */
}
__attribute__((export_name(\"run\"))) int run(int b) {
    int all = twice(b); /* 2 */
    return all * 3 + b;
}
";

fn wasm(folder: &Path, clang: &[&str]) -> Vec<u8> {
    std::fs::write(folder.join("program.c"), SOURCE).unwrap();
    let status = Command::new("clang-22")
        .current_dir(folder)
        .args(["--target=wasm32", "-nostdlib", "-Wl,--no-entry"])
        .args(clang)
        .args(["-o", "program.wasm", "program.c"])
        .status();
    assert!(status.unwrap().success(), "{clang:?}");
    std::fs::read(folder.join("program.wasm")).unwrap()
}

/// Runs `wasmelt locate` with `arguments` in `folder`. Returns its status, and its output and errors together.
fn locate(folder: &Path, arguments: &[&str], input: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wasmelt"))
        .current_dir(folder)
        .arg("locate")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The command may refuse the file before it reads.
    let _ = command.stdin.take().unwrap().write_all(input.as_bytes());
    let output = command.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[test]
fn frames_get_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    for (clang, level) in [("-O0", "0"), ("-O1", "3"), ("-O2", "3"), ("-O2", "z")] {
        wasm(folder.path(), &["-g", clang]);
        let compile = Command::new(env!("CARGO_BIN_EXE_wasmelt"))
            .current_dir(folder.path())
            .args(["--enable-dump-call-stack", "-v=0"])
            .arg(format!("--opt-level={level}"))
            .args(["-o", "program.aot", "program.wasm"])
            .status();
        assert!(compile.unwrap().success());
        let tracer = Tracer::new(None).unwrap();
        let file = folder.path().join("program.aot");
        let printed = tracer.run(&[], &file, &["run", "0"]).unwrap();
        let printed = String::from_utf8(printed.stdout).unwrap();
        let (status, located) = locate(folder.path(), &["--stack", "program.wasm"], &printed);
        assert_eq!(status, Some(0));
        let expected: Vec<String> = (0..3)
            .map(|frame| {
                let comment = format!("/* {frame} */");
                let lines = SOURCE.lines();
                let line = lines.take_while(|line| !line.contains(&comment)).count() + 1;
                format!("program.c:{line}:")
            })
            .collect();
        let pairs: Vec<_> = printed.lines().zip(located.lines()).collect();
        let frames: Vec<_> = pairs
            .iter()
            .filter(|(line, _)| line.starts_with('#'))
            .collect();
        assert_eq!(frames.len(), 3, "{printed}");
        for ((line, located), expected) in frames.iter().zip(&expected) {
            let added = located.strip_prefix(line).expect("the line stays");
            assert!(added.starts_with(", "), "{clang} {level}: {located}");
            assert!(added.contains(expected), "{clang} {level}: {located}");
        }
        // All else stays as it was.
        assert_eq!(printed.lines().count(), located.lines().count());
        for (line, located) in pairs.iter().filter(|(line, _)| !line.starts_with('#')) {
            assert_eq!(line, located);
        }
        assert!(
            located.contains("Exception: integer divide by zero\n"),
            "{located}"
        );
    }
}

#[test]
fn other_lines_and_unknown_offsets_stay() {
    let folder = tempfile::tempdir().unwrap();
    wasm(folder.path(), &["-g", "-O1"]);
    let text = "started\r\n#00: 0x0000 - env.import\n\n#01: 0xffffffff - x\nno end";
    let (status, located) = locate(folder.path(), &["--stack", "program.wasm"], text);
    assert_eq!((status, located.as_str()), (Some(0), text));
}

#[test]
fn errors() {
    let folder = tempfile::tempdir().unwrap();
    let stripped = wasm(folder.path(), &["-O1", "-Wl,--strip-all"]);
    assert!(!stripped.is_empty());
    for (arguments, status, sentence) in [
        (
            ["--stack", "program.wasm"].as_slice(),
            1,
            "error: program.wasm: the module has no DWARF with lines of the source: compile it with `-g`",
        ),
        (
            &["--stack", "program.c"],
            1,
            "error: program.c: not a WebAssembly module: ",
        ),
        (&["--stack", "program.wasm", "7"], 2, "cannot be used with"),
        (&["program.wasm"], 2, "<OFFSET>"),
    ] {
        let (found, text) = locate(folder.path(), arguments, "");
        assert_eq!(found, Some(status), "{arguments:?}: {text}");
        assert!(text.contains(sentence), "{arguments:?}: {text}");
    }
}

//! Options of `wamrc` about what LLVM does: each is tried with and without its effect.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;
use wamr_host::{Error, Imports, Instance, InstanceOptions, Module, Val};
use wasmelt::aot::AotFile;

/// A module in a folder of its own.
struct Subject(TempDir);

impl Subject {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let wasm = wat::parse_str(text).unwrap();
        std::fs::write(folder.path().join("module.wasm"), wasm).unwrap();
        Subject(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, options: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_wasmelt"))
            .current_dir(self.0.path())
            .arg("--target=x86_64")
            .args(options)
            .args(["-o", "output", "module.wasm"])
            .output()
            .unwrap()
    }

    /// What the command writes with these options.
    fn compile(&self, options: &[&str]) -> Vec<u8> {
        let output = self.run(options);
        assert!(output.status.success(), "{options:?}: {output:?}");
        std::fs::read(self.path("output")).unwrap()
    }

    fn ir(&self, options: &[&str]) -> String {
        let options = [options, &["--format=llvmir-opt"]].concat();
        String::from_utf8(self.compile(&options)).unwrap()
    }

    /// The assembly of the code, as LLVM's disassembler prints it.
    fn disassembly(&self, options: &[&str]) -> String {
        self.compile(&[options, &["--format=object"]].concat());
        let mut objdump = Command::new("llvm-objdump-22");
        objdump.args(["--disassemble", "--no-show-raw-insn"]);
        stdout_of(objdump.arg(self.path("output")))
    }
}

fn stdout_of(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn switches_become_comparisons_without_jump_tables() {
    let cases = 0..16;
    let imports: String = cases
        .clone()
        .map(|case| format!(r#"(import "m" "f{case}" (func $f{case}))"#))
        .collect();
    let targets: String = cases.clone().map(|case| format!(" {case}")).collect();
    let code = cases.clone().fold(
        format!("(br_table{targets} 15 (local.get 0))"),
        |inner, case| format!("(block {inner}) (call $f{case}) (return)"),
    );
    let subject = Subject::new(&format!(
        r#"(module {imports} (func (export "f") (param i32) {code}))"#
    ));
    let jumps_through_table = |options: &[&str]| {
        let assembly = subject.disassembly(options);
        assembly.lines().any(|line| line.contains("jmpq\t*%"))
    };
    assert!(jumps_through_table(&[]));
    assert!(!jumps_through_table(&["--disable-llvm-jump-tables"]));
}

#[test]
fn functions_of_other_partitions_are_called_without_lto() {
    let store = "(i32.store (i32.const 0) (local.get 0))".repeat(2_000);
    let filler = format!("(func (param i32) {store})").repeat(10);
    let subject = Subject::new(&format!(
        r#"(module (memory 1)
            (func $small (export "small") (param i32) (result i32)
              (i32.mul (local.get 0) (i32.const 77)))
            {filler}
            (func (export "last") (param i32) (result i32)
              (call $small (local.get 0))))"#
    ));
    let calls = |options: &[&str]| {
        let assembly = subject.disassembly(options);
        // An exported function can have an entry and a body.
        let mut last = assembly.split("\n\n").filter(|it| it.contains("#11>:\n"));
        last.any(|code| code.contains("#0>\n"))
    };
    assert!(!calls(&[]));
    assert!(calls(&["--disable-llvm-lto"]));
}

const IDENTITY: &str = r#"(module (func (export "f") (param i32) (result i32)
    (i32.add (local.get 0) (i32.const 0))))"#;

#[test]
fn extra_passes_run() {
    let subject = Subject::new(IDENTITY);
    let plain = subject.ir(&["--opt-level=0"]);
    assert!(plain.contains("add i32"), "{plain}");
    let simple = subject.ir(&["--opt-level=0", "--enable-llvm-passes=instcombine"]);
    assert!(!simple.contains("add i32"), "{simple}");
}

#[test]
fn an_unknown_pass_is_an_error() {
    let subject = Subject::new(IDENTITY);
    let output = subject.run(&["--enable-llvm-passes=instcombine,nonesuch"]);
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        message.contains("unknown function pass 'nonesuch'"),
        "{message}"
    );
    assert!(!subject.path("output").exists());
}

/// A load that nothing uses stays even if a pass removes dead code.
#[test]
fn extra_passes_keep_traps() {
    let subject = Subject::new(
        r#"(module (memory 1) (func (export "f") (param i32)
            (drop (i32.load (local.get 0)))))"#,
    );
    for level in ["0", "1", "3"] {
        let level = format!("--opt-level={level}");
        let ir = subject.ir(&[&level, "--enable-llvm-passes=adce,instcombine"]);
        assert!(ir.contains("load volatile i32"), "{level}: {ir}");
    }
}

#[test]
fn options_reach_llvm() {
    let subject =
        Subject::new(r#"(module (func (export "f")) (func (export "g")) (func (export "h")))"#);
    let aligned = |options: &[&str]| {
        let file = AotFile::parse(&subject.compile(options)).unwrap();
        let mut offsets = file.functions.iter().map(|function| function.text_offset);
        offsets.all(|offset| offset % 256 == 0)
    };
    assert!(!aligned(&[]));
    assert!(aligned(&["--mllvm=-align-all-functions=8"]));
    // Wasmelt sets this one itself.
    subject.compile(&["--mllvm=-x86-cmov-converter=true"]);
}

#[test]
fn an_unknown_option_of_llvm_is_an_error() {
    let subject = Subject::new(IDENTITY);
    let output = subject.run(&["--mllvm=-nonesuch"]);
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("-nonesuch"), "{message}");
    assert!(!subject.path("output").exists());
}

#[test]
fn code_for_an_enclave_checks_bounds() {
    let subject = Subject::new(
        r#"(module (memory 1) (func (export "f") (param i32) (result i32)
            (i32.load (local.get 0))))"#,
    );
    let enclave = subject.compile(&["-sgx"]);
    assert!(enclave == subject.compile(&["--bounds-checks=1"]));
    assert!(enclave != subject.compile(&[]));
}

#[test]
fn the_version_of_llvm_is_printed() {
    let output = Command::new(env!("CARGO_BIN_EXE_wasmelt"))
        .arg("--llvm-version")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    let version = String::from_utf8(output.stdout).unwrap();
    assert!(version.starts_with("LLVM 22."), "{version}");
}

/// Clang writes such files, too.
#[test]
fn stack_usage_is_as_llvm_tells_it() {
    let many: String = (0..40)
        .map(|index| {
            format!(
                "(local.set {index} (call $imported (i32.add (local.get 0) (i32.const {index}))))"
            )
        })
        .collect();
    let sum: String = (0..40)
        .map(|index| format!("(local.get {index})"))
        .collect();
    let sum = sum + &"i32.rotl ".repeat(39);
    let subject = Subject::new(&format!(
        r#"(module (import "m" "f" (func $imported (param i32) (result i32)))
            (func (export "leaf") (param i32) (result i32) (local.get 0))
            (func $many (export "many") (param i32) (result i32) (local{}) {many} {sum})
            (func (export "caller") (param i32) (result i32)
              (i32.add (call $many (local.get 0)) (local.get 0))))"#,
        " i32".repeat(39)
    ));
    for bounds in ["--bounds-checks=0", "--bounds-checks=1"] {
        let options = ["--opt-level=2", bounds];
        subject.compile(&[&options[..], &["--stack-usage=usage"]].concat());
        let ours = usage(&subject.path("usage"));
        assert_eq!(ours.len(), 3, "every function has a line: {ours:?}");
        assert!(
            ours[1].1 >= 4 * 30,
            "values that do not fit into registers: {ours:?}"
        );

        let ir = subject.path("module.ll");
        std::fs::write(&ir, subject.ir(&options)).unwrap();
        let mut clang = Command::new("clang-22");
        clang.args([
            "--target=x86_64-pc-linux-gnu",
            "-O2",
            "-fPIC",
            "-fstack-usage",
        ]);
        clang.args(["-Xclang", "-disable-llvm-passes", "-c", "-o"]);
        stdout_of(clang.arg(subject.path("module.o")).arg(&ir));
        let expected = usage(&subject.path("module.su"));
        for (position, (name, bytes)) in ours.iter().enumerate() {
            assert_eq!(*name, format!("aot_func#{position}"));
            // With checks, the body has a symbol of its own.
            let body = format!("aot_func_internal#{position}");
            let told = expected.iter().find(|(name, _)| *name == body);
            let told = told.or_else(|| expected.iter().find(|(other, _)| other == name));
            assert_eq!(
                told.map(|(_, bytes)| bytes),
                Some(bytes),
                "{bounds}, {name}"
            );
        }
    }
}

/// Function and bytes of each line.
fn usage(file: &Path) -> Vec<(String, u32)> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines()
        .map(|line| {
            let [place, bytes, "static"] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("`{line}`");
            };
            let (_, name) = place.rsplit_once(':').unwrap();
            (name.to_owned(), bytes.parse().unwrap())
        })
        .collect()
}

#[test]
fn stack_usage_needs_code() {
    let subject = Subject::new(IDENTITY);
    let output = subject.run(&["--stack-usage=usage", "--format=llvmir-opt"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!subject.path("usage").exists() && !subject.path("output").exists());
}

/// A program whose code needs constants, a table of jumps, a stack check and the sizes of frames.
const EXTERNAL: &str = r#"(module
    (memory 1)
    (func $sum (export "sum") (param i32) (result i32)
        (if (result i32) (local.get 0)
            (then (i32.add
                (local.get 0)
                (call $sum (i32.sub (local.get 0) (i32.const 1)))))
            (else (i32.const 0))))
    (func (export "half") (param i32) (result f64)
        (f64.mul (f64.convert_i32_s (local.get 0)) (f64.const 0.5)))
    (func (export "load") (param i32) (result i32)
        (i32.load (local.get 0))))"#;

/// Runs the code that the compiler makes which the environment names.
#[track_caller]
fn run_external(environment: &[(&str, &str)], options: &[&str]) {
    let subject = Subject::new(EXTERNAL);
    let output = Command::new(env!("CARGO_BIN_EXE_wasmelt"))
        .current_dir(subject.0.path())
        .args(options)
        .args(["-o", "output", "module.wasm"])
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let bytes = std::fs::read(subject.path("output")).unwrap();
    let module = Module::load(&bytes, &Imports::new()).unwrap();
    let instance = Instance::new(&module, &InstanceOptions::default()).unwrap();
    let call = |name, argument| instance.call(name, &[Val::I32(argument)]);
    assert_eq!(call("sum", 100).unwrap(), [Val::I32(5050)]);
    assert_eq!(call("half", 3).unwrap(), [Val::f64(1.5)]);
    assert_trap(call("load", 65533), "out of bounds memory access");
    assert_trap(call("sum", -1), "native stack overflow");
}

#[track_caller]
fn assert_trap(result: Result<Vec<Val>, Error>, expected: &str) {
    let error = result.expect_err("the call traps");
    let trap = error.trap().expect("the call traps").exception();
    assert!(trap.contains(expected), "{trap}");
}

#[test]
fn an_external_compiler_generates_the_code() {
    let clang: &[(&str, &str)] = &[("WAMRC_LLC_COMPILER", "clang-22")];
    run_external(clang, &[]);
    run_external(clang, &["--bounds-checks=1", "--stack-bounds-checks=1"]);
    // Bitcode wins.
    run_external(
        &[
            ("WAMRC_LLC_COMPILER", "clang-22"),
            ("WAMRC_LLC_FLAGS", "-O1 -c"),
            ("WAMRC_ASM_COMPILER", "/does/not/exist"),
        ],
        &["--stack-bounds-checks=1"],
    );
    let gcc: &[(&str, &str)] = &[("WAMRC_ASM_COMPILER", "gcc")];
    run_external(gcc, &[]);
    run_external(gcc, &["--bounds-checks=1", "--stack-bounds-checks=1"]);
}

/// The flags reach the compiler: without optimisation it makes other code.
#[test]
fn an_external_compiler_gets_its_flags() {
    let code = |flags: &str| {
        let subject = Subject::new(EXTERNAL);
        let output = Command::new(env!("CARGO_BIN_EXE_wasmelt"))
            .current_dir(subject.0.path())
            .args(["--opt-level=0", "-o", "output", "module.wasm"])
            .env("WAMRC_LLC_COMPILER", "clang-22")
            .env("WAMRC_LLC_FLAGS", flags)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        std::fs::read(subject.path("output")).unwrap()
    };
    assert_ne!(code("-O3 -c"), code("-O0 -c"));
}

#[test]
fn a_failing_external_compiler_is_named() {
    let subject = Subject::new(EXTERNAL);
    for (program, flags, expected) in [
        (
            "/does/not/exist",
            "-c",
            "/does/not/exist cannot be started: ",
        ),
        (
            "clang-22",
            "-c --no-such-flag",
            "clang-22 ended with exit status: 1: ",
        ),
        ("true", "-c", "true wrote no object: "),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_wasmelt"))
            .current_dir(subject.0.path())
            .args(["-o", "output", "module.wasm"])
            .env("WAMRC_LLC_COMPILER", program)
            .env("WAMRC_LLC_FLAGS", flags)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let expected = format!("the external compiler {expected}");
        assert!(text.contains(&expected), "{text}");
        assert!(!subject.path("output").exists());
    }
}

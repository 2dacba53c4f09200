//! The `wasmelt` command as a user meets it: what it prints, its exit status, and what it leaves
//! on the disk.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use wamr_host::{Imports, Instance, InstanceOptions, Module};
use wasmelt::options::Selection;

/// A folder of its own for each test, with a module in it.
struct Folder(TempDir);

impl Folder {
    fn new() -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        folder.write("app.wasm", &wat::parse_str(MODULE).unwrap());
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Runs `wasmelt` in the folder.
    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_wasmelt"))
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap()
    }

    /// Names of all files, sorted.
    fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Compiles `wasm`, which must be refused with `expected` and leave nothing behind.
    #[track_caller]
    fn refuses(&self, wasm: &[u8], expected: &str) {
        self.write("bad.wasm", wasm);
        let before = self.files();
        let output = self.run(&["-o", "bad.aot", "bad.wasm"]);
        assert_failure(&output, 1, expected);
        assert_eq!(self.files(), before);
    }
}

/// A profile has to be one, and the sentence names its file.
#[test]
fn profiles_are_read() {
    let folder = Folder::new();
    let arguments = ["--use-prof-file=app.prof", "-o", "app.aot", "app.wasm"];
    let output = folder.run(&arguments);
    assert_failure(
        &output,
        1,
        "cannot read app.prof: No such file or directory (os error 2)",
    );
    std::fs::write(folder.path("app.prof"), b"nothing").unwrap();
    assert_failure(
        &folder.run(&arguments),
        1,
        "app.prof: the file is no profile: it starts neither like a raw profile of WAMR nor like an \
         indexed profile of LLVM",
    );
    assert!(!folder.path("app.aot").exists());
    assert_failure(
        &folder.run(&["--use-prof-file=-", "-o", "app.aot", "-"]),
        1,
        "--use-prof-file takes a file: standard input can only be the module",
    );
    // A raw profile of no function.
    let mut words = vec![u64::from_be_bytes(*b"\xfflprofr\x81"), 9];
    words.resize(14, 0);
    let bytes: Vec<u8> = words.into_iter().flat_map(u64::to_le_bytes).collect();
    std::fs::write(folder.path("app.prof"), bytes).unwrap();
    let output = folder.run(&arguments);
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "warn: the profile fits 0 of 1 functions; 0 have another body than the one that was executed: it is the \
         profile of another module, or not one of code that --enable-llvm-pgo has made\n"
    );
    assert_eq!(output.status.code(), Some(0));
    let output = folder.run(&["--enable-llvm-pgo", "--xip", "-o", "app.aot", "app.wasm"]);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(stderr.contains("cannot be executed in place"), "{stderr}");
    assert_eq!(output.status.code(), Some(1));
}

const MODULE: &str = r#"(module
    (func (export "add") (param i32 i32) (result i32)
        local.get 0
        local.get 1
        i32.add))"#;

#[track_caller]
fn assert_failure(output: &Output, status: i32, sentence: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(stderr, format!("error: {sentence}\n"));
    assert_eq!(output.status.code(), Some(status));
    assert!(output.stdout.is_empty());
}

/// Wrong usage: status 2, and the first line says what is wrong.
#[track_caller]
fn assert_usage(output: &Output, sentence: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(stderr.lines().next(), Some(sentence));
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
}

#[test]
fn success() {
    let folder = Folder::new();
    let output = folder.run(&["-o", "app.aot", "app.wasm"]);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "Compile success, file app.aot was generated.\n"
    );
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(folder.files(), ["app.aot", "app.wasm"]);
    assert!(folder.read("app.aot").starts_with(b"\0aot\x06\0\0\0"));
}

#[test]
fn options_may_follow_the_input() {
    let folder = Folder::new();
    let output = folder.run(&["app.wasm", "--opt-level=0", "-o", "app.aot"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(folder.path("app.aot").exists());
}

#[test]
fn malformed_files() {
    let folder = Folder::new();
    let module = folder.read("app.wasm");
    folder.refuses(
        b"",
        "bad.wasm: the file ends at offset 0x0, inside the header of the module",
    );
    folder.refuses(
        &module[..module.len() - 3],
        "bad.wasm: at offset 0x22 in function 0: unexpected end-of-file",
    );
    folder.refuses(
        b"\x7fELF\x02\x01\x01\0",
        "bad.wasm: not a WebAssembly module: the file is an ELF file, where `\\0asm` was expected \
         at offset 0x0",
    );
    folder.refuses(
        b"\0asm\x02\0\0\0",
        "bad.wasm: version 0x2 of the binary format at offset 0x4, where 0x1 was expected",
    );
    folder.refuses(
        b"\0asm\x0d\0\x01\0",
        "bad.wasm: the file is a WebAssembly component, where a core module was expected (version \
         at offset 0x4)",
    );
    folder.refuses(
        b"\0asm\x01\0\0\0\x63\x01\x00",
        "bad.wasm: at offset 0xa: malformed section id: 99",
    );
}

#[test]
fn invalid_modules() {
    let folder = Folder::new();
    folder.refuses(
        &wat::parse_str("(module (func) (func $half (result f32) i32.const 1 f32.neg))").unwrap(),
        "bad.wasm: at offset 0x21 in function 1 (half): type mismatch: expected f32, found i32",
    );
    folder.refuses(
        &wat::parse_str("(module (func $f i32.const 0 i32.atomic.load drop) (memory 1))").unwrap(),
        "bad.wasm: at offset 0x1e in function 0 (f): the module needs the threads proposal, which \
         --enable-multi-thread turns on",
    );
    folder.refuses(
        &wat::parse_str("(module (type (struct (field i32))))").unwrap(),
        "bad.wasm: at offset 0xb: the module needs the garbage collection proposal, which Wasmelt does not \
         support",
    );
}

#[test]
fn a_claimed_gigabyte_costs_nothing() {
    let folder = Folder::new();
    let start = Instant::now();
    // The length of the code section, in a file of 14 bytes.
    folder.refuses(
        b"\0asm\x01\0\0\0\x0a\x80\x80\x80\x80\x04",
        "bad.wasm: at offset 0xe: unexpected end-of-file",
    );
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn files_that_are_not_there() {
    let folder = Folder::new();
    assert_failure(
        &folder.run(&["-o", "app.aot", "none.wasm"]),
        1,
        "cannot read none.wasm: No such file or directory (os error 2)",
    );
    assert_failure(
        &folder.run(&["-o", "none/app.aot", "app.wasm"]),
        1,
        "cannot write none/app.aot: the folder none does not exist",
    );
    assert_failure(
        &folder.run(&["-o", ".", "app.wasm"]),
        1,
        "cannot write .: it is a folder",
    );
    assert_eq!(folder.files(), ["app.wasm"]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_that_is_not_writable() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    let closed = folder.path("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    // The superuser writes to any folder, but the kernel's.
    let (folder_name, reason) = match fs::write(closed.join("probe"), b"") {
        Err(_) => ("closed", "Permission denied (os error 13)"),
        Ok(()) => ("/proc", "No such file or directory (os error 2)"),
    };
    let path = format!("{folder_name}/app.aot");
    let output = folder.run(&["-o", &path, "app.wasm"]);
    assert_failure(&output, 1, &format!("cannot write {path}: {reason}"));
}

#[test]
fn input_and_output_are_the_same() {
    let folder = Folder::new();
    let before = folder.read("app.wasm");
    let mut outputs = vec!["app.wasm", "./app.wasm"];
    fs::hard_link(folder.path("app.wasm"), folder.path("hard")).unwrap();
    outputs.push("hard");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("app.wasm", folder.path("soft")).unwrap();
        outputs.push("soft");
    }
    for output in outputs {
        assert_failure(
            &folder.run(&["-o", output, "app.wasm"]),
            1,
            &format!("input and output are the same file, {output}"),
        );
    }
    assert_eq!(folder.read("app.wasm"), before);
}

#[test]
fn a_failure_keeps_the_existing_output() {
    let folder = Folder::new();
    folder.write("app.aot", b"precious");
    folder.write("bad.wasm", b"\0asm\x01\0\0\0\x63\x01\x00");
    let output = folder.run(&["-o", "app.aot", "bad.wasm"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(folder.read("app.aot"), b"precious");
    assert_eq!(folder.files(), ["app.aot", "app.wasm", "bad.wasm"]);
}

#[test]
fn success_replaces_the_existing_output() {
    let folder = Folder::new();
    folder.write("app.aot", b"old");
    assert!(folder.run(&["-o", "app.aot", "app.wasm"]).status.success());
    assert_ne!(folder.read("app.aot"), b"old");
}

#[test]
#[cfg(unix)]
fn permissions_and_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = Folder::new();
    let mode = |name| {
        let metadata = fs::metadata(folder.path(name)).unwrap();
        metadata.permissions().mode() & 0o7777
    };

    // As any file that this process creates.
    folder.write("ordinary", b"");
    let output = folder.run(&["-o", "app.aot", "app.wasm"]);
    assert!(output.status.success());
    assert_eq!(mode("app.aot"), mode("ordinary"));

    // A file that is replaced keeps its own, and a link to it stays a link.
    fs::set_permissions(folder.path("app.aot"), fs::Permissions::from_mode(0o640)).unwrap();
    folder.write("app.aot", b"old");
    symlink("app.aot", folder.path("link.aot")).unwrap();
    let output = folder.run(&["-o", "link.aot", "app.wasm"]);
    assert!(output.status.success());
    assert!(
        fs::symlink_metadata(folder.path("link.aot"))
            .unwrap()
            .is_symlink()
    );
    assert_ne!(folder.read("app.aot"), b"old");
    assert_eq!(mode("app.aot"), 0o640);
}

#[test]
#[cfg(unix)]
fn output_to_a_pipe() {
    let folder = Folder::new();
    let output = folder.run(&["-o", "app.aot", "app.wasm"]);
    assert!(output.status.success());
    let output = folder.run(&["-o", "/dev/stdout", "app.wasm"]);
    assert_eq!(output.status.code(), Some(0));
    // The bytes and nothing else.
    assert_eq!(output.stdout, folder.read("app.aot"));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "Compile success, file /dev/stdout was generated.\n"
    );
}

#[test]
fn unknown_targets() {
    let folder = Folder::new();
    let cases = [
        (
            "--target=pdp11",
            "app.wasm: unknown target `pdp11`; --target=help lists them",
        ),
        (
            "--target=arc",
            "app.wasm: no code can be generated for target `arc`: LLVM has no code generator for it; --target=help lists the targets that there is code for",
        ),
        (
            "--target=cortex-m4",
            "app.wasm: unknown target `cortex-m4` (it is a CPU of thumbv7em targets); --target=help lists them",
        ),
        (
            "--target=x86_64-w64-windows-gnu",
            "app.wasm: target triple `x86_64-w64-windows-gnu`: system `windows` is not supported, \
             where one of linux, android, darwin, freebsd, vxworks, none, nuttx, zephyr was \
             expected; the runtime on Windows resumes compiled code after an instruction that \
             trapped, which Wasmelt's code does not expect",
        ),
        (
            "--target-abi=eabi",
            "app.wasm: unknown target ABI `eabi`; target x86_64 supports: gnu",
        ),
        (
            "--cpu=cortex-m4",
            "app.wasm: unknown CPU `cortex-m4` for target x86_64 (it is a CPU of thumbv7em \
             targets); --target=x86_64 --cpu=help lists them",
        ),
        (
            "--cpu=z80",
            "app.wasm: unknown CPU `z80` for target x86_64; --target=x86_64 --cpu=help lists them",
        ),
        (
            "--cpu-features=+neon",
            "app.wasm: unknown CPU feature `neon` for target x86_64; --target=x86_64 \
             --cpu-features=+help lists them",
        ),
    ];
    for (option, expected) in cases {
        let output = folder.run(&["--target=x86_64", option, "-o", "app.aot", "app.wasm"]);
        assert_failure(&output, 1, expected);
    }
    assert_eq!(folder.files(), ["app.wasm"]);
}

/// The names that users of devices type: each gives a file.
#[test]
fn names_of_devices() {
    let folder = Folder::new();
    let cases: [(&[&str], &str); 12] = [
        (&["--cpu=esp32s3"], "xtensa"),
        (&["--target=xtensa", "--cpu=esp32s2"], "xtensa"),
        (&["--target=riscv32", "--cpu=esp32c3"], "riscv32"),
        (&["--cpu=esp32p4"], "riscv32"),
        (&["--target=riscv32imac-esp-espidf"], "riscv32"),
        (&["--target=riscv64gc-unknown-linux-gnu"], "riscv64"),
        (
            &["--target=thumbv8m.main-none-eabihf", "--cpu=cortex-m33"],
            "thumbv8m.main",
        ),
        (&["--cpu=nrf52840", "--target-abi=eabihf"], "thumbv7em"),
        (&["--target=thumbv7em", "--cpu=cortex-m4f"], "thumbv7em"),
        (
            &[
                "--target=aarch64",
                "--target-abi=gnueabihf",
                "--cpu=cortex-a53",
            ],
            "aarch64v8",
        ),
        (
            &[
                "--target=thumbv7",
                "--target-abi=eabi",
                "--cpu-features=-neon,-vfpv3",
            ],
            "thumbv7",
        ),
        (&["--target=arm64-apple-darwin"], "aarch64v8"),
    ];
    for (options, arch) in cases {
        let arguments = [options, &["-o", "app.aot", "app.wasm"]].concat();
        let output = folder.run(&arguments);
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{options:?}");
        let file = wasmelt::aot::AotFile::parse(&folder.read("app.aot")).unwrap();
        assert_eq!(file.target_info.arch.name(), arch, "{options:?}");
    }
}

/// The loader compares names as C strings: a zero byte inside is written so that it ends none.
#[test]
fn names_with_zero_bytes_load() {
    let folder = Folder::new();
    let wasm =
        wat::parse_str(r#"(module (func (export "a\00b")) (func (export "a\00c")))"#).unwrap();
    folder.write("zero.wasm", &wasm);
    assert!(
        folder
            .run(&["-o", "zero.aot", "zero.wasm"])
            .status
            .success()
    );
    let module = Module::load(&folder.read("zero.aot"), &Imports::new()).unwrap();
    let names: Vec<&str> = module
        .exports()
        .iter()
        .map(|export| &*export.name)
        .collect();
    // The bytes C0 80 are no UTF-8.
    assert_eq!(names, ["a\u{fffd}\u{fffd}b", "a\u{fffd}\u{fffd}c"]);
}

#[test]
fn wrong_usage() {
    let folder = Folder::new();
    // It lists what there is.
    let unknown = Selection::parse("i32.sin").expect_err("there is no such intrinsic");
    let unknown = format!(
        "error: invalid value 'fp.common,i32.sin' for '--enable-builtin-intrinsics <NAMES>': \
         {unknown}"
    );
    let cases: [(&[&str], &str); 11] = [
        (
            &[
                "--enable-builtin-intrinsics=fp.common,i32.sin",
                "-o",
                "app.aot",
                "app.wasm",
            ],
            &unknown,
        ),
        (&["app.wasm"], "error: -o <OUTPUT> is missing"),
        (&["-o", "app.aot"], "error: <INPUT> is missing"),
        (
            &["-o", "app.aot", "app.wasm", "other.wasm"],
            "error: unexpected argument 'other.wasm' found",
        ),
        (
            &["--no-such-option", "-o", "app.aot", "app.wasm"],
            "error: unexpected argument '--no-such-option' found",
        ),
        (
            &["--opt-level=fast", "-o", "app.aot", "app.wasm"],
            "error: invalid value 'fast' for '--opt-level <LEVEL>': expected a number from 0 to 3, `s` or `z`",
        ),
        (
            &["--format=elf", "-o", "app.aot", "app.wasm"],
            "error: invalid value 'elf' for '--format <FORMAT>'",
        ),
        (
            &["--threads=0", "-o", "app.aot", "app.wasm"],
            "error: invalid value '0' for '--threads <N>': number would be zero for non-zero type",
        ),
        (
            &["--enable-segue=i32.lode", "-o", "app.aot", "app.wasm"],
            "error: invalid value 'i32.lode' for '--enable-segue[=<ACCESSES>]': unknown access `i32.lode`; an access is a type (i32, i64, f32, f64, v128) with `.load` or `.store`",
        ),
        (
            &[
                "--enable-llvm-pgo",
                "--use-prof-file=app.prof",
                "-o",
                "app.aot",
                "app.wasm",
            ],
            "error: the argument '--enable-llvm-pgo' cannot be used with '--use-prof-file <FILE>'",
        ),
        (
            &["--enable-segue", "-sgx", "-o", "app.aot", "app.wasm"],
            "error: the argument '--enable-segue[=<ACCESSES>]' cannot be used with '--sgx'",
        ),
    ];
    for (arguments, expected) in cases {
        assert_usage(&folder.run(arguments), expected);
    }
    assert_eq!(folder.files(), ["app.wasm"]);

    // No option looks like that one.
    let output = folder.run(&["--enable-stack-switching", "-o", "app.aot", "app.wasm"]);
    assert_usage(
        &output,
        "error: unexpected argument '--enable-stack-switching' found",
    );
    assert!(!String::from_utf8_lossy(&output.stderr).contains("tip:"));

    // Without any argument there is nothing to complain about in particular: the help it is.
    let output = folder.run(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--bounds-checks"));
}

#[test]
fn lists_for_help() {
    let folder = Folder::new();
    let cases: [(&[&str], &str, &str); 4] = [
        (&["--target=help"], "Supported targets:\n", "  x86_64\n"),
        (
            &["--target=x86_64", "--target-abi=help"],
            "Supported ABIs:\n",
            "  gnu\n",
        ),
        (
            &["--target=x86_64", "--cpu=help"],
            "Supported CPUs:\n",
            "  skylake\n",
        ),
        (
            &["--target=x86_64", "--cpu-features=+help"],
            "Supported CPU features:\n",
            "  avx2\n",
        ),
    ];
    for (arguments, title, entry) in cases {
        let output = folder.run(arguments);
        let stdout = String::from_utf8_lossy(&output.stdout);
        assert!(
            stdout.starts_with(title) && stdout.contains(entry),
            "{stdout}"
        );
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn version_and_help() {
    let folder = Folder::new();
    let output = folder.run(&["--version"]);
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        format!("wasmelt {}\n", env!("CARGO_PKG_VERSION"))
    );
    let output = folder.run(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("--emit-custom-sections"));
}

#[test]
fn two_outputs_in_one_file() {
    let folder = Folder::new();
    for option in ["--debug-info=x", "--stack-usage=./x"] {
        let output = folder.run(&[option, "-o", "x", "app.wasm"]);
        assert_eq!(output.status.code(), Some(1), "{option}");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            text.starts_with("error: two outputs are the same file, "),
            "{text}"
        );
    }
    assert_eq!(folder.files(), ["app.wasm"]);
}

#[test]
fn numbers_are_taken_as_wamrc_takes_them() {
    let folder = Folder::new();
    for (lenient, strict) in [
        ("--opt-level=9", "--opt-level=3"),
        ("--opt-level=1x", "--opt-level=1"),
        ("--opt-level=-1", "--opt-level=3"),
        ("--bounds-checks=2", "--bounds-checks=0"),
        ("--bounds-checks=01", "--bounds-checks=1"),
        ("--stack-bounds-checks=-1", "--stack-bounds-checks=0"),
    ] {
        for (option, file) in [(lenient, "lenient.aot"), (strict, "strict.aot")] {
            let output = folder.run(&[option, "-o", file, "app.wasm"]);
            assert!(output.status.success(), "{option}: {output:?}");
        }
        let same = folder.read("lenient.aot") == folder.read("strict.aot");
        assert!(same, "{lenient} is not {strict}");
    }
}

#[test]
fn a_program_that_the_runtime_cannot_start() {
    let folder = Folder::new();
    let text = r#"(module (memory (export "memory") 1) (func (export "_start") (param i32)))"#;
    folder.write("app.wasm", &wat::parse_str(text).unwrap());
    let output = folder.run(&["-o", "app.aot", "app.wasm"]);
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "warn: the export `_start` has parameters or results, but the runtime calls it without any: it cannot \
         start the module by it\n"
    );
    // It is true.
    let module = Module::load(&folder.read("app.aot"), &Imports::new()).unwrap();
    let instance = Instance::new(&module, &InstanceOptions::default()).unwrap();
    assert!(instance.run_main(&[]).is_err());
}

/// A build file looks at the exit status and at standard output.
#[cfg(unix)]
#[test]
fn under_the_name_of_wamrc() {
    let folder = Folder::new();
    let wamrc = folder.path("wamrc");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_wasmelt"), &wamrc).unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new(&wamrc)
            .args(arguments)
            .current_dir(folder.0.path())
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code().unwrap(), stdout)
    };
    let help = "Usage: wamrc [OPTIONS] -o <OUTPUT> <INPUT>";

    let (status, text) = run(&["--target=x86_64", "-o", "app.aot", "app.wasm"]);
    assert_eq!(status, 0);
    assert!(
        text.starts_with(
            "Create AoT compiler with:\n  target:        x86_64\n  target cpu:    x86-64\n"
        ),
        "{text}"
    );
    assert!(text.contains("\n  output format: AoT file\n"), "{text}");
    assert!(
        text.ends_with("\nCompile success, file app.aot was generated.\n"),
        "{text}"
    );
    let native = folder.run(&["--target=x86_64", "-o", "own.aot", "app.wasm"]);
    assert!(native.status.success());
    assert_eq!(folder.read("app.aot"), folder.read("own.aot"));

    // The same number of digits and words as `wamrc` prints.
    assert_eq!(run(&["--version"]), (0, "wamrc 2.4.3\n".to_owned()));
    let (status, text) = run(&["--llvm-version"]);
    assert!(status == 0 && text.starts_with("LLVM 22."), "{text}");

    // It explains any wrong usage by its help.
    for arguments in [
        &["--help"][..],
        &["-h"],
        &[],
        &["-o", "x.aot"],
        &["app.wasm"],
        &["--no-such-option", "-o", "x.aot", "app.wasm"],
        &["--format=elf", "-o", "x.aot", "app.wasm"],
        &["--target=", "-o", "x.aot", "app.wasm"],
        &["-o", "x.aot", "app.wasm", "other.wasm"],
    ] {
        let (status, text) = run(arguments);
        assert_eq!(status, 1, "{arguments:?}");
        assert!(text.contains(help), "{arguments:?}: {text}");
    }
    let (_, text) = run(&["--no-such-option", "-o", "x.aot", "app.wasm"]);
    assert!(
        text.starts_with("error: unexpected argument '--no-such-option' found\n"),
        "{text}"
    );

    // A list ends with the status of a failure.
    let (status, text) = run(&["--target=help"]);
    assert_eq!(status, 1);
    assert!(
        text.starts_with("Supported targets:\n") && text.contains("\n  x86_64\n"),
        "{text}"
    );
    let (status, text) = run(&["--target=x86_64", "--target-abi=help"]);
    assert_eq!((status, text.as_str()), (1, "Supported ABI: gnu \n"));

    folder.write("bad.wasm", b"\0asm\x01\0\0\0\xff");
    let (status, text) = run(&["-o", "x.aot", "bad.wasm"]);
    assert_eq!(status, 1);
    assert!(text.contains("bad.wasm: "), "{text}");
    let (status, text) = run(&["-o", "app.wasm", "app.wasm"]);
    assert_eq!(status, 255);
    assert_eq!(text, "Error: input file and output file are the same\n");
    let (status, text) = run(&["--size-level=1", "-o", "app.aot", "app.wasm"]);
    assert!(status == 0 && text.starts_with("warn: "), "{text}");
    assert!(!folder.files().iter().any(|name| name == "x.aot"));
}

#[test]
fn verbosity_shows_the_phases() {
    let folder = Folder::new();
    let stderr = |option| {
        let output = folder.run(&[option, "--target=x86_64", "-o", "app.aot", "app.wasm"]);
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(stderr("-v=2"), "");
    let phases = stderr("-v=3");
    for phase in [
        "info: target x86_64-pc-linux-gnu, CPU x86-64",
        "info: parsed and validated 1 functions in",
        "info: compiled 1 functions in",
    ] {
        assert!(phases.contains(phase), "{phases}");
    }
    let partition = "debug: partition 0: 1 functions,";
    assert!(!phases.contains(partition), "{phases}");
    let partitions = stderr("-v=4");
    for part in [
        partition,
        "debug: outside of the partitions: ",
        "info: compiled 1 functions in",
    ] {
        assert!(partitions.contains(part), "{partitions}");
    }
    let step = "trace: pass: pin-loads";
    assert!(!partitions.contains(step), "{partitions}");
    let steps = stderr("-v=5");
    assert!(steps.contains(step), "{steps}");
}

/// The library says what is wrong, the command which option helps.
#[test]
fn advice_names_options() {
    let folder = Folder::new();
    let rounding = "(module (func (export \"f\") (param f64) (result f64)
        (f64.floor (local.get 0))))";
    folder.write("rounding.wasm", &wat::parse_str(rounding).unwrap());
    let stderr = |options: &[&str]| {
        let common = ["--target=x86_64", "--enable-indirect-mode", "-o", "a.aot"];
        let output = folder.run(&[&common, options, &["rounding.wasm"]].concat());
        (
            output.status.code(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (status, message) = stderr(&[]);
    assert_eq!(status, Some(1));
    let advice = "--disable-llvm-intrinsics --enable-builtin-intrinsics=llvm.floor.f64 replaces it";
    assert!(message.contains(advice), "{message}");
    let (status, message) = stderr(&["--allow-text-relocations"]);
    assert_eq!(status, Some(0));
    let advice = "warning: function aot_func#0 refers to floor, for which the loader would have to \
        change the text; a runtime that executes it in place may refuse it";
    let advice = advice.replace("warning", "warn");
    assert!(message.contains(&advice), "{message}");
}

/// A runtime built for addresses of 64 bits is a runtime whose user calls `wamrc` for them.
#[test]
fn addresses_of_64_bits_are_lowered_unless_asked_otherwise() {
    let folder = Folder::new();
    let wamrc = folder.path("wamrc");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_wasmelt"), &wamrc).unwrap();
    folder.write(
        "wide.wasm",
        &wat::parse_str("(module (memory i64 1))").unwrap(),
    );
    let wasmelt = PathBuf::from(env!("CARGO_BIN_EXE_wasmelt"));
    for (program, option, native) in [
        (&wasmelt, None, false),
        (&wasmelt, Some("--memory64=native"), true),
        (&wamrc, None, true),
        (&wamrc, Some("--memory64=lowered"), false),
    ] {
        let output = Command::new(program)
            .args(["--target=x86_64", "-o", "wide.aot"])
            .args(option)
            .arg("wide.wasm")
            .current_dir(folder.0.path())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let file = wasmelt::aot::AotFile::parse(&folder.read("wide.aot")).unwrap();
        assert_eq!(file.init_data.memories[0].flags.memory64, native);
    }
    folder.write(
        "large.wasm",
        &wat::parse_str("(module (memory i64 65537))").unwrap(),
    );
    for (options, advice) in [
        (
            &["-o", "large.aot"][..],
            "memory 0 starts with 4295032832 bytes, but a runtime's memory has at most 4294967296; \
             --memory64=native leaves addresses 64 bits wide, for a runtime that has such memories",
        ),
        (
            &["--disable-memory64", "-o", "large.aot"],
            "the module needs the memory64 proposal, which --disable-memory64 turned off",
        ),
    ] {
        let output = folder.run(&[options, &["large.wasm"]].concat());
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(
            stderr.starts_with("error: large.wasm: at offset 0x"),
            "{stderr}"
        );
        assert!(stderr.trim_end().ends_with(advice), "{stderr}");
    }
}

#[test]
fn more_threads_than_cores() {
    let folder = Folder::new();
    for option in ["--threads=8", "--threads=1000000000"] {
        let output = folder.run(&[option, "-o", "app.aot", "app.wasm"]);
        assert_eq!(output.status.code(), Some(0));
    }
}

/// The versions differ in their number only.
#[test]
fn the_aot_version_is_the_one_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("a.wasm");
    std::fs::write(&input, b"\0asm\x01\0\0\0").unwrap();
    let file = |version: u8| {
        let output = folder.path().join(format!("{version}.aot"));
        let status = std::process::Command::new(env!("CARGO_BIN_EXE_wasmelt"))
            .arg(format!("--aot-version={version}"))
            .arg("-o")
            .args([&output, &input])
            .status()
            .unwrap();
        assert!(status.success());
        std::fs::read(output).unwrap()
    };
    let (five, six) = (file(5), file(6));
    assert_eq!((five[4], six[4]), (5, 6));
    assert_eq!(five[5..], six[5..]);
}

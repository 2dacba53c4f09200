//! The command inside build tools: dependencies, outputs that stay untouched, response files, pipes.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const MODULE: &str = r#"(module (func (export "f") (result i32) (i32.const 7)))"#;

struct Folder(TempDir);

impl Folder {
    fn new() -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        fs::write(folder.path("app.wasm"), wat::parse_str(MODULE).unwrap()).unwrap();
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a program in the folder, with the command on its search path.
    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let binary = Path::new(env!("CARGO_BIN_EXE_wasmelt"));
        let own = binary.parent().unwrap().display().to_string();
        let path = std::env::var("PATH").unwrap();
        Command::new(program)
            .args(arguments)
            .current_dir(self.0.path())
            .env("PATH", format!("{own}:{path}"))
            .output()
            .unwrap()
    }

    #[track_caller]
    fn succeed(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.run(program, arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{stderr}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// The rule in docs/build-systems.md.
#[test]
fn make_follows_dependencies() {
    let folder = Folder::new();
    let page = include_str!("../docs/build-systems.md");
    let (_, rest) = page.split_once("```make\n").unwrap();
    let (makefile, _) = rest.split_once("```").unwrap();
    fs::write(folder.path("Makefile"), makefile).unwrap();
    assert!(folder.succeed("make", &["app.aot"]).contains("wasmelt"));
    assert_eq!(
        fs::read_to_string(folder.path("app.d")).unwrap(),
        "app.aot: app.wasm\n"
    );
    assert!(folder.succeed("make", &["app.aot"]).contains("up to date"));
    // The rule names only the file from which the pattern comes; the other dependency is from the depfile.
    fs::write(folder.path("app.d"), "app.aot: app.wasm other\n").unwrap();
    fs::write(folder.path("other"), "").unwrap();
    let soon = std::time::SystemTime::now() + std::time::Duration::from_secs(2);
    fs::File::options()
        .append(true)
        .open(folder.path("other"))
        .unwrap()
        .set_modified(soon)
        .unwrap();
    assert!(folder.succeed("make", &["app.aot"]).contains("wasmelt"));
}

#[test]
fn an_equal_output_stays_untouched() {
    let folder = Folder::new();
    let past = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
    let age = || {
        let file = fs::File::options()
            .append(true)
            .open(folder.path("app.aot"))
            .unwrap();
        file.set_modified(past).unwrap();
    };
    let modified = || {
        fs::metadata(folder.path("app.aot"))
            .unwrap()
            .modified()
            .unwrap()
    };
    folder.succeed("wasmelt", &["-o", "app.aot", "app.wasm"]);
    age();
    folder.succeed("wasmelt", &["--if-changed", "-o", "app.aot", "app.wasm"]);
    assert_eq!(modified(), past);
    folder.succeed(
        "wasmelt",
        &[
            "--if-changed",
            "--opt-level=0",
            "--aot-version=5",
            "-o",
            "app.aot",
            "app.wasm",
        ],
    );
    assert_ne!(modified(), past);
    age();
    folder.succeed(
        "wasmelt",
        &[
            "--opt-level=0",
            "--aot-version=5",
            "-o",
            "app.aot",
            "app.wasm",
        ],
    );
    assert_ne!(modified(), past);
}

#[test]
fn response_files() {
    let folder = Folder::new();
    fs::write(
        folder.path("args.txt"),
        "--opt-level=0 # fast\n-o 'my app.aot'\n",
    )
    .unwrap();
    folder.succeed("wasmelt", &["@args.txt", "app.wasm"]);
    assert!(folder.path("my app.aot").exists());
    let output = folder.run("wasmelt", &["@missing.txt"]);
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.starts_with("error: cannot read the response file missing.txt: "),
        "{stderr}"
    );
}

#[test]
fn pipes() {
    let folder = Folder::new();
    folder.succeed("wasmelt", &["-o", "app.aot", "app.wasm"]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_wasmelt"))
        .args(["-o", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let wasm = fs::read(folder.path("app.wasm")).unwrap();
    child.stdin.take().unwrap().write_all(&wasm).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert!(output.stdout == fs::read(folder.path("app.aot")).unwrap());

    let output = folder.run("wasmelt", &["-o", "-", "--depfile=d", "app.wasm"]);
    assert_eq!(output.status.code(), Some(2));
}

//! A program under test, and the debuggers that look at it.

use std::path::{Path, PathBuf};
use std::process::Command;

use test_support::{Outcome, guest};

/// A folder with the program, compiled.
pub struct Program(pub tempfile::TempDir);

impl Program {
    /// Compiles `source`, a program in C.
    pub fn new(source: &str, clang: &[&str]) -> Outcome<Self> {
        Self::of("program.c", source, clang)
    }

    /// Compiles `source`, the file `name`.
    pub fn of(name: &str, source: &str, clang: &[&str]) -> Outcome<Self> {
        let program = Program(tempfile::tempdir().map_err(|error| error.to_string())?);
        std::fs::write(program.path(name), source).map_err(|error| error.to_string())?;
        let mut command = Command::new("clang-22");
        command
            .args(["--target=wasm32-wasi", "-Wno-deprecated"])
            .args(clang)
            .args(["-o", "program.wasm", name]);
        program.run(&mut command)?;
        Ok(program)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Runs a command in the folder. It must succeed; returns its output.
    pub fn run(&self, command: &mut Command) -> Outcome<String> {
        let output = command
            .current_dir(self.0.path())
            .output()
            .map_err(|error| format!("{command:?}: {error}"))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if !output.status.success() {
            let (out, err) = (text(&output.stdout), text(&output.stderr));
            return Err(format!(
                "{command:?} ended with {}: {out}{err}",
                output.status
            ));
        }
        Ok(text(&output.stdout))
    }

    pub fn wasmelt(&self, arguments: &[&str]) -> Outcome<String> {
        self.run(Command::new(env!("CARGO_BIN_EXE_wasmelt")).args(arguments))
    }

    pub fn compile(&self, options: &[&str]) -> Outcome {
        let files = [
            "--debug-info=program.debug",
            "-o",
            "program.aot",
            "program.wasm",
        ];
        self.wasmelt(&[options, &files].concat()).map(drop)
    }

    /// Runs GDB commands on the program.
    pub fn gdb(&self, commands: &[&str]) -> Outcome<String> {
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/debugging/wasmelt_gdb.py");
        let this = guest::command("run", self.0.path())?;
        let mut gdb = Command::new("gdb");
        gdb.args(["-batch", "-nx", "-x"]).arg(script);
        // Tests may run where addresses cannot be fixed.
        gdb.args(["-ex", "set disable-randomization off"]);
        gdb.args(["-ex", "wasmelt-run program.debug"]);
        for command in commands {
            gdb.args(["-ex", command]);
        }
        gdb.arg("--args")
            .arg(this.get_program())
            .args(this.get_args())
            .arg("program.aot");
        self.run(&mut gdb)
    }

    /// Returns the symbols of functions in the debug information: address, size, name.
    pub fn symbols(&self) -> Outcome<Vec<(u64, u64, String)>> {
        let header = self.run(Command::new("llvm-readelf-22").args(["-h", "program.debug"]))?;
        let thumb = header
            .lines()
            .any(|line| line.trim_start().starts_with("Machine:") && line.ends_with("ARM"));
        let text = self.run(Command::new("llvm-nm-22").args([
            "--print-size",
            "--defined-only",
            "program.debug",
        ]))?;
        let number = |word: &str| u64::from_str_radix(word, 16).ok();
        Ok(text
            .lines()
            .filter_map(|line| {
                let mut words = line.splitn(4, ' ');
                let (start, size) = (number(words.next()?)?, number(words.next()?)?);
                // Addresses of Thumb functions are odd; x86 functions can be, too.
                let start = if thumb { start & !1 } else { start };
                Some((start, size, words.nth(1)?.to_owned()))
            })
            .collect())
    }

    pub fn symbol(&self, name: &str) -> Outcome<(u64, u64)> {
        let symbols = self.symbols()?;
        let found = symbols.iter().find(|(_, _, other)| other == name);
        let (start, size, _) = found.ok_or_else(|| format!("no symbol {name} in {symbols:?}"))?;
        Ok((*start, *size))
    }

    pub fn locate(&self, offsets: impl Iterator<Item = u64>) -> Outcome<Vec<String>> {
        let offsets: Vec<String> = offsets.map(|offset| format!("{offset:#x}")).collect();
        let mut arguments = vec!["locate", "program.debug"];
        arguments.extend(offsets.iter().map(String::as_str));
        Ok(self
            .wasmelt(&arguments)?
            .lines()
            .map(str::to_owned)
            .collect())
    }
}

/// Fails unless `text` contains `part`.
pub fn expect(text: &str, part: &str) -> Outcome {
    match text.contains(part) {
        true => Ok(()),
        false => Err(format!("expected `{part}` in:\n{text}")),
    }
}

//! What the tests over whole programs share: compiling with the `wasmelt` command in every mode,
//! and running what comes of it in a process of its own.

pub mod guest;
pub mod process;

use std::fmt;
use std::path::Path;
use std::process::Command;

use process::Finished;

/// What a test reports when it fails: a sentence, and the outputs that show it.
pub type Outcome<T = ()> = Result<T, String>;

/// One way of compiling that every program has to survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mode {
    software_bounds: bool,
    opt_level: &'static str,
    in_place: bool,
}

impl Mode {
    pub const ALL: [Mode; 4] = [
        Mode::new(false, "0"),
        Mode::new(false, "3"),
        Mode::new(true, "0"),
        Mode::new(true, "3"),
    ];

    /// Both bounds modes and both levels, each once.
    #[allow(dead_code)] // of the test binaries that share this module, one uses it
    pub const EVERY_SETTING: [Mode; 2] = [Mode::new(true, "0"), Mode::new(false, "3")];

    /// For small code: both bounds modes and both levels, each once.
    #[allow(dead_code)] // as above
    pub const SMALL: [Mode; 2] = [
        Mode::new(false, "z"),
        Mode::new(true, "s").executed_in_place(),
    ];

    /// Executed in place: both bounds modes and both levels, each once.
    #[allow(dead_code)] // as above
    pub const IN_PLACE: [Mode; 2] = [
        Mode::new(false, "3").executed_in_place(),
        Mode::new(true, "0").executed_in_place(),
    ];

    const fn new(software_bounds: bool, opt_level: &'static str) -> Self {
        Mode {
            software_bounds,
            opt_level,
            in_place: false,
        }
    }

    const fn executed_in_place(self) -> Self {
        Mode {
            in_place: true,
            ..self
        }
    }

    pub fn flags(self) -> Vec<String> {
        let mut flags = vec![
            format!("--bounds-checks={}", u8::from(self.software_bounds)),
            format!("--opt-level={}", self.opt_level),
        ];
        flags.extend(self.in_place.then(|| "--xip".to_owned()));
        flags
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bounds = if self.software_bounds {
            "software"
        } else {
            "hardware"
        };
        let code = if self.in_place { "-xip" } else { "" };
        write!(f, "{bounds}-bounds-opt-{}{code}", self.opt_level)
    }
}

/// Compiles a module the way a user does.
pub fn compile(wasm: &Path, aot: &Path, mode: Mode) -> Outcome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wasmelt"));
    command.args(mode.flags()).arg("-o").arg(aot).arg(wasm);
    let finished = Finished::wait_for(command, b"", process::COMPILE_TIME)?;
    let success = format!("Compile success, file {} was generated.", aot.display());
    if finished.status != Some(0) || !finished.stdout_text().contains(&success) || !aot.is_file() {
        return Err(format!(
            "wasmelt did not compile {}\n{finished}",
            wasm.display()
        ));
    }
    Ok(())
}

/// A folder for one test, gone when it ends.
pub fn scratch_folder() -> Outcome<tempfile::TempDir> {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))
        .map_err(|error| format!("cannot make a scratch folder: {error}"))
}

//! Compiles modules with the `wasmelt` command, in the modes that every program must survive.

use std::fmt;
use std::path::Path;
use std::process::Command;

use crate::process::{COMPILE_TIME, Finished};
use crate::{Outcome, Paths};

/// A combination of bounds checks, optimisation level, and execution in place or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mode {
    software_bounds: bool,
    opt_level: &'static str,
    in_place: bool,
}

impl Mode {
    /// Each bounds mode with levels 0 and 3, not in place.
    pub const ALL: [Mode; 4] = [
        Mode::new(false, "0"),
        Mode::new(false, "3"),
        Mode::new(true, "0"),
        Mode::new(true, "3"),
    ];

    /// Both bounds modes and levels 0 and 3, each once.
    pub const EVERY_SETTING: [Mode; 2] = [Mode::new(true, "0"), Mode::new(false, "3")];

    /// For small code: both bounds modes and levels `s` and `z`, each once.
    pub const SMALL: [Mode; 2] = [
        Mode::new(false, "z"),
        Mode::new(true, "s").executed_in_place(),
    ];

    /// Executed in place: both bounds modes and levels 0 and 3, each once.
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

    /// Returns the mode as options of the `wasmelt` command.
    pub fn flags(self) -> Vec<String> {
        let mut flags = vec![
            format!("--bounds-checks={}", u8::from(self.software_bounds)),
            format!("--opt-level={}", self.opt_level),
        ];
        flags.extend(self.in_place.then(|| "--xip".to_owned()));
        flags
    }
}

/// Writes the mode as a part of a test's name.
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

/// Compiles the module in the file `wasm` to the file `aot` with the `wasmelt` command of `paths`.
/// Fails if the command does not end with success, or takes longer than [`COMPILE_TIME`].
pub fn compile(paths: Paths, wasm: &Path, aot: &Path, mode: Mode) -> Outcome {
    let mut command = Command::new(paths.wasmelt());
    command.args(mode.flags()).arg("-o").arg(aot).arg(wasm);
    let finished = Finished::wait_for(command, b"", COMPILE_TIME)?;
    let success = format!("Compile success, file {} was generated.", aot.display());
    if finished.status != Some(0) || !finished.stdout_text().contains(&success) || !aot.is_file() {
        return Err(format!(
            "wasmelt did not compile {}\n{finished}",
            wasm.display()
        ));
    }
    Ok(())
}

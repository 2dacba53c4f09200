//! Runs a command with a time limit, and keeps its output.

use std::fmt;
use std::fs::File;
use std::io::{Read, Seek, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use wait_timeout::ChildExt;

use crate::Outcome;

/// The time limit of a compilation: far more than the slowest module takes on a slow machine. The limit
/// only ends processes that would never end.
pub const COMPILE_TIME: Duration = Duration::from_secs(900);
/// The time limit of a compiled program, chosen in the same way.
pub const RUN_TIME: Duration = Duration::from_secs(120);

/// A process that has ended. Displayed, it shows the status and both outputs.
#[derive(Debug, PartialEq, Eq)]
pub struct Finished {
    /// The exit status, or `None` if a signal ended the process.
    pub status: Option<i32>,
    /// The number of the signal that ended the process, if one did.
    pub signal: Option<i32>,
    /// Everything the process wrote to standard output.
    pub stdout: Vec<u8>,
    /// Everything the process wrote to standard error.
    pub stderr: Vec<u8>,
}

impl Finished {
    /// Runs `command` to its end, with `stdin` as its standard input. Fails if the command cannot start,
    /// or if it runs longer than `limit`; the function then kills it. Any exit status is a success.
    ///
    /// The output goes to files, not pipes, so that nobody has to read while the command runs.
    pub fn wait_for(mut command: Command, stdin: &[u8], limit: Duration) -> Outcome<Self> {
        let program = command.get_program().to_string_lossy().into_owned();
        let failed = |error: std::io::Error| format!("cannot run {program}: {error}");

        let mut input = tempfile::tempfile().map_err(failed)?;
        input.write_all(stdin).map_err(failed)?;
        input.rewind().map_err(failed)?;
        let stdout = tempfile::tempfile().map_err(failed)?;
        let stderr = tempfile::tempfile().map_err(failed)?;
        let mut child = command
            .stdin(Stdio::from(input))
            .stdout(stdout.try_clone().map_err(failed)?)
            .stderr(stderr.try_clone().map_err(failed)?)
            .spawn()
            .map_err(failed)?;
        let ended = child.wait_timeout(limit).map_err(failed)?;
        let Some(status) = ended else {
            child.kill().map_err(failed)?;
            child.wait().map_err(failed)?;
            return Err(format!("{program} did not end within {limit:?}"));
        };
        Ok(Finished {
            status: status.code(),
            signal: status.signal(),
            stdout: contents(stdout).map_err(failed)?,
            stderr: contents(stderr).map_err(failed)?,
        })
    }

    /// Returns standard output as text. U+FFFD stands for bytes that are not UTF-8.
    pub fn stdout_text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }
}

fn contents(mut file: File) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl fmt::Display for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.status, self.signal) {
            (Some(status), _) => writeln!(f, "status: {status}")?,
            (None, Some(signal)) => writeln!(f, "ended by signal {signal}")?,
            (None, None) => writeln!(f, "no status")?,
        }
        for (name, bytes) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            writeln!(f, "{name}:\n{}", String::from_utf8_lossy(bytes))?;
        }
        Ok(())
    }
}

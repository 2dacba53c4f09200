//! Runs WASI programs on a device, each in an agent of its own.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use wait_timeout::ChildExt;

use crate::build;
use crate::device::Device;

/// A program and what it finds around itself.
#[derive(Debug, Default)]
pub struct Program<'a> {
    /// The `.aot` file.
    pub file: PathBuf,
    pub args: Vec<&'a str>,
    pub env: Vec<&'a str>,
    /// The path the program uses, and the path here.
    pub dirs: Vec<(&'a str, &'a Path)>,
    pub max_threads: Option<u32>,
    pub stdin: &'a [u8],
}

#[derive(Debug)]
pub struct Output {
    /// The program's own status; 1 after an exception, 255 if it could not be loaded. A crash shows
    /// as the signal.
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

/// Runs the program to its end.
pub fn run(
    device: &'static Device,
    program: &Program<'_>,
    timeout: Duration,
) -> Result<Output, String> {
    let mut command = device.command(&build::agent(device)?);
    command.arg("run");
    for (guest, host) in &program.dirs {
        command.arg(format!("--map-dir={guest}::{}", host.display()));
    }
    for variable in &program.env {
        command.arg(format!("--env={variable}"));
    }
    if let Some(count) = program.max_threads {
        command.arg(format!("--max-threads={count}"));
    }
    let mut child = command
        .arg(&program.file)
        .args(&program.args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start the agent for {}: {error}", device.name))?;

    let streams = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (Some(mut stdin), Some(stdout), Some(stderr)) = streams else {
        return Err("the agent has no standard streams".to_owned());
    };
    thread::scope(|scope| {
        // A program need not read all of its input.
        scope.spawn(move || stdin.write_all(program.stdin));
        let stdout = scope.spawn(move || read_all(stdout));
        let stderr = scope.spawn(move || read_all(stderr));
        let status = child
            .wait_timeout(timeout)
            .map_err(|error| error.to_string())?;
        let status = match status {
            Some(status) => status,
            None => {
                child.kill().map_err(|error| error.to_string())?;
                child.wait().map_err(|error| error.to_string())?;
                return Err(format!("no end after {} s", timeout.as_secs()));
            }
        };
        let text = |reader: thread::ScopedJoinHandle<'_, Vec<u8>>| {
            reader.join().map_err(|_| "cannot read output".to_owned())
        };
        Ok(Output {
            status,
            stdout: text(stdout)?,
            stderr: text(stderr)?,
        })
    })
}

fn read_all(mut stream: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    // What was read before an error is what there is.
    let _ = stream.read_to_end(&mut bytes);
    bytes
}

//! Images of flash, one for each program, and what comes of running them.
//!
//! The sources are in `tests/firmware/board/`: start-up code, a platform layer for WAMR, a linker
//! script, and a program that executes the `.aot` where it lies in flash. They are built once per
//! core; an image is linked from that and the file.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use wait_timeout::ChildExt;

use crate::board::{Board, Core};
use crate::build::{Workspace, manifest_dir, run as run_tool};

/// How a run ended (`tests/firmware/board/semihosting.h`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Finished,
    /// The program ended with an exception, whose text is the last line of the output.
    Exception,
    /// The file was refused, for the reason in the last line.
    NotLoaded,
    /// The processor faulted: a write to flash, for one.
    Fault,
}

#[derive(Debug)]
pub struct Run {
    pub ending: Ending,
    pub output: String,
}

/// What an image does before anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Probe {
    Nothing,
    /// Writes to flash, to see that this is found out.
    WriteToFlash,
}

fn sources() -> PathBuf {
    manifest_dir().join("../tests/firmware/board")
}

/// Links the image of a board with the `.aot` file in it.
pub fn link(board: &Board, aot: &Path, probe: Probe, image: &Path) -> Result<(), String> {
    let library = library(board.core)?;
    let script = sources().join("board.ld");
    let mut command = Command::new(format!("{}-gcc", board.core.toolchain));
    command
        .args(board.core.c_flags.split(' '))
        .args(board.core.link_flags)
        .arg("-nostartfiles")
        .arg("-T")
        .arg(script)
        .arg(format!("-DBLOB=\"{}\"", aot.display()));
    let symbols = [
        ("FLASH_START", board.flash.0),
        ("FLASH_SIZE", board.flash.1),
        ("RAM_START", board.ram.0),
        ("RAM_SIZE", board.ram.1),
        ("write_probe", u32::from(probe == Probe::WriteToFlash)),
    ];
    for (name, value) in symbols {
        command.arg(format!("-Wl,--defsym={name}={value:#x}"));
    }
    command
        .args(["-Wl,--gc-sections", "-Wl,--no-warn-rwx-segments"])
        .arg(sources().join("blob.S"))
        .arg("-Wl,--whole-archive")
        .arg(library)
        .args(["-Wl,--no-whole-archive", "-lm"])
        .arg("-o")
        .arg(image);
    run_tool(&mut command)
}

/// The firmware of a core without an image, built if it is stale.
fn library(core: &Core) -> Result<PathBuf, String> {
    let workspace = Workspace::lock()?;
    let folder = workspace.folder.join(core.name);
    workspace
        .build(
            &sources(),
            &folder,
            &[
                ("CMAKE_BUILD_TYPE", "MinSizeRel"),
                ("CMAKE_SYSTEM_NAME", "Generic"),
                ("CMAKE_SYSTEM_PROCESSOR", core.processor),
                ("CMAKE_C_COMPILER", &format!("{}-gcc", core.toolchain)),
                ("CMAKE_C_FLAGS", core.c_flags),
                ("CMAKE_ASM_FLAGS", core.c_flags),
                ("WAMR_BUILD_PLATFORM", "firmware"),
                ("WAMR_BUILD_TARGET", core.wamr_target),
            ],
        )
        .map_err(|error| format!("the firmware for {}: {error}", core.name))?;
    Ok(folder.join("libfirmware.a"))
}

/// Runs an image to its end.
pub fn run(board: &Board, image: &Path, timeout: Duration) -> Result<Run, String> {
    let [emulator, machine @ ..] = board.emulator else {
        return Err(format!("{} has no emulator", board.name));
    };
    let mut child = Command::new(emulator)
        .args(machine)
        .args(["-nographic", "-monitor", "none", "-serial", "none"])
        .args(["-semihosting-config", "enable=on,target=native"])
        .arg("-kernel")
        .arg(image)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        // Where the emulator prints what a program says by semihosting.
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot run {emulator}: {error}"))?;
    let mut stderr = child.stderr.take().ok_or("the emulator has no output")?;
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        // What was read before an error is what there is.
        let _ = std::io::Read::read_to_end(&mut stderr, &mut text);
        String::from_utf8_lossy(&text).into_owned()
    });
    let status = child
        .wait_timeout(timeout)
        .map_err(|error| error.to_string())?;
    if status.is_none() {
        child.kill().map_err(|error| error.to_string())?;
        child.wait().map_err(|error| error.to_string())?;
    }
    let output = reader
        .join()
        .map_err(|_| "the emulator's output cannot be read")?;
    let ending = match status.map(|status| status.code()) {
        Some(Some(0)) => Ending::Finished,
        Some(Some(1)) => Ending::Exception,
        Some(Some(2)) => Ending::NotLoaded,
        Some(Some(3)) => Ending::Fault,
        Some(code) => return Err(format!("{emulator} ended with {code:?}: {output}")),
        None => return Err(format!("no end after {} s: {output}", timeout.as_secs())),
    };
    Ok(Run { ending, output })
}

//! What a third-party module is, and where it lies once `fetch` has unpacked its package.

use std::fs;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use test_support::Outcome;
use wamr_host::Instance;

use crate::PATHS;

#[derive(Debug, Clone, Copy)]
pub struct Module {
    pub package: &'static str,
    pub place: Place,
    pub producer: Producer,
    pub exercise: Exercise,
}

#[derive(Debug, Clone, Copy)]
pub enum Place {
    File(&'static str),
    /// In base64 within a script, the module with this number (from 0) there.
    Embedded {
        file: &'static str,
        number: usize,
    },
}

/// What made the module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Producer {
    AssemblyScript,
    /// clang with wasi-libc or without any library.
    Clang,
    Emscripten,
    Rustc,
    TinyGo,
    /// Written by hand as text.
    Wat,
    Zig,
}

/// What is done with the compiled module.
#[derive(Debug, Clone, Copy)]
pub enum Exercise {
    /// Make an instance, with a stub for each import, and compare the exports.
    Instantiate,
    /// The same, then call functions whose answers are known.
    Call(fn(&Instance) -> Outcome),
    /// Run it as a WASI program that has to print this, and end with status 0.
    Run {
        args: &'static [&'static str],
        env: &'static [(&'static str, &'static str)],
        stdin: &'static str,
        /// Empty files in the folder it runs in.
        files: &'static [&'static str],
        stdout: &'static str,
    },
}

impl Module {
    pub fn name(&self) -> String {
        let (Place::File(file) | Place::Embedded { file, .. }) = self.place;
        format!("{}/{file}", self.package)
    }

    /// The bytes of the module.
    pub fn read(&self) -> Outcome<Vec<u8>> {
        let folder = PATHS.third_party().join(self.package);
        if !folder.is_dir() {
            return Err(format!(
                "{} is not in {}: `make third-party` downloads it",
                self.package,
                PATHS.third_party().display()
            ));
        }
        let (Place::File(file) | Place::Embedded { file, .. }) = self.place;
        let path = folder.join(file);
        let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        match self.place {
            Place::File(_) => Ok(bytes),
            Place::Embedded { number, .. } => embedded(&bytes, number)
                .ok_or_else(|| format!("no module {number} in {}", path.display())),
        }
    }
}

/// Finds modules in a script by what every module begins with.
fn embedded(script: &[u8], number: usize) -> Option<Vec<u8>> {
    /// `\0asm`, version 1.
    const BEGINNING: &[u8] = b"AGFzbQEAAA";
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    let start = script
        .windows(BEGINNING.len())
        .enumerate()
        .filter(|(_, window)| *window == BEGINNING)
        .map(|(start, _)| start)
        .nth(number)?;
    let length = script[start..]
        .iter()
        .take_while(|byte| is_base64(**byte))
        .count();
    BASE64_STANDARD.decode(&script[start..start + length]).ok()
}

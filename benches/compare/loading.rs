//! The time that WAMR takes to load a file, and what in the file takes it.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use test_support::measure::{self, median};
use test_support::{Outcome, guest};
use wamr_host::{Imports, LogLevel, Module, Runtime};
use wasmelt::aot::AotFile;

use crate::compilers::{self, PerCompiler};

/// The role of a guest that loads a file.
pub const ROLE: &str = "load";

/// Processes for each file, and how often each of them loads it.
const PROCESSES: usize = 3;
const LOADS: usize = 11;

/// A file, and the loading of it.
#[derive(Debug)]
pub struct Loaded {
    aot: PathBuf,
    pub file_size: usize,
    pub relocations: usize,
    /// Those of the file itself.
    pub sections: usize,
    /// Those of the object file's data, each of which gets memory of its own.
    pub data_sections: usize,
    /// What each load took, in microseconds.
    times: Vec<f64>,
}

/// Of a file of `wamrc` that the runtime does not take there are no figures.
pub fn measure(wasmelt: PathBuf, wamrc: Option<PathBuf>) -> Outcome<PerCompiler<Loaded>> {
    let mut loaded = PerCompiler {
        wasmelt: Loaded::count(wasmelt)?,
        wamrc: wamrc.and_then(|aot| reported(Loaded::count(aot))),
    };
    for _ in 0..PROCESSES {
        loaded.wasmelt = loaded.wasmelt.load()?;
        loaded.wamrc = loaded.wamrc.and_then(|wamrc| reported(wamrc.load()));
    }
    Ok(loaded)
}

/// Says what went wrong, if something did.
fn reported<T>(outcome: Outcome<T>) -> Option<T> {
    outcome.inspect_err(|error| eprintln!("{error}")).ok()
}

impl Loaded {
    fn count(aot: PathBuf) -> Outcome<Self> {
        compilers::raise_version(&aot)?;
        let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", aot.display());
        let bytes = fs::read(&aot).map_err(|error| failed(&error))?;
        let file = AotFile::parse(&bytes).map_err(|error| failed(&error))?;
        let groups = file.relocations.groups.iter();
        Ok(Loaded {
            file_size: bytes.len(),
            relocations: groups.map(|group| group.relocations.len()).sum(),
            sections: file.section_count(),
            data_sections: file.init_data.object_data.len(),
            times: Vec::new(),
            aot,
        })
    }

    /// Loads the file in a process of its own.
    fn load(mut self) -> Outcome<Self> {
        let mut command = guest::command(ROLE, self.aot.parent().unwrap_or(&self.aot))?;
        command.arg(&self.aot);
        let (_, printed) = measure::run(command)?;
        for line in String::from_utf8_lossy(&printed).lines() {
            let time = line.parse();
            self.times
                .push(time.map_err(|_| format!("not a time: {line}"))?);
        }
        Ok(self)
    }

    pub fn milliseconds(&self) -> f64 {
        median(self.times.clone()) / 1e3
    }
}

/// Loads a file many times, and prints what each took, in microseconds. Functions that only the
/// module's usual host has stay unlinked, which the loader takes; nothing is called.
pub fn load(files: &[String]) -> Outcome<i32> {
    let [file] = files else {
        return Err("which file?".to_owned());
    };
    let runtime = Runtime::get().map_err(|error| error.to_string())?;
    runtime.set_log_level(LogLevel::Error);
    let bytes = fs::read(file).map_err(|error| format!("{file}: {error}"))?;
    let imports = Imports::new();
    let mut times = Vec::new();
    for _ in 0..=LOADS {
        let start = Instant::now();
        let module = Module::load(&bytes, &imports);
        times.push(start.elapsed());
        module.map_err(|error| format!("WAMR does not load {file}: {error}"))?;
    }
    // The first is for the caches.
    for time in &times[1..] {
        println!("{}", time.as_secs_f64() * 1e6);
    }
    Ok(0)
}

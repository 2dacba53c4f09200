//! Compares the files of this build of Wasmelt with the files of an older build, byte for byte.
//!
//! In: the older build, named by the environment variable `WASMELT_BENCH_OLD`; the C programs of
//! `tests/programs/`, and the modules that `make third-party` has downloaded. Each module is compiled by
//! both builds: C programs in every mode of x86-64, and one of [`SHARE`] of them for every target, direct
//! and in place; the others with the options in [`THIRD_PARTY`]. With `WASMELT_OUTPUTS=all` every target
//! gets every C program, which takes hours. Out: the number of files compared, and each difference.
//! Arguments are parts of the names that a difference would have.
//!
//! A change that only moves code must leave every file as it is. Two builds that refuse a module have
//! to do so with the same message.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use rayon::prelude::*;
use test_support::arguments::Arguments;
use test_support::process::{COMPILE_TIME, Finished};
use test_support::programs::PROGRAMS;
use test_support::{Outcome, Paths, names, package_file, toolchain};
use wasmelt::targets::supported_names;

/// Where Cargo has put the `wasmelt` command and its folder for temporary files.
const PATHS: Paths = test_support::paths!();

/// Levels and bounds checks of x86-64, which C programs are compiled with in every combination.
const LEVELS: &[&str] = &["0", "1", "2", "3", "s", "z"];
const BOUNDS: &[&str] = &["--bounds-checks=0", "--bounds-checks=1"];

/// A target gets one C program of so many, each target different ones.
const SHARE: usize = 8;

/// How third-party modules are compiled: both kinds of bounds checks, several levels, in place and not.
const THIRD_PARTY: &[&[&str]] = &[
    &["--target=x86_64"],
    &["--target=x86_64", "--bounds-checks=1", "--opt-level=1"],
    &["--target=aarch64", "--opt-level=z", "--xip"],
    &["--target=riscv64", "--opt-level=0"],
    &["--target=thumbv7em", "--opt-level=s", "--xip"],
];

fn main() -> ExitCode {
    Arguments::serve(compare_all)
}

fn compare_all(arguments: &Arguments) -> Outcome {
    let old = std::env::var_os("WASMELT_BENCH_OLD").filter(|old| !old.is_empty());
    let old = old
        .map(PathBuf::from)
        .ok_or("WASMELT_BENCH_OLD has to name an older build of wasmelt")?;
    let new = PATHS.wasmelt();
    let mut pairs = c_programs()?;
    pairs.extend(third_party()?);
    pairs.retain(|pair| arguments.wants(&pair.name()));
    if pairs.is_empty() {
        return Err("nothing has such a name".to_owned());
    }
    // The slowest, which come last, should not be the last to start.
    let different: Vec<String> = pairs
        .par_iter()
        .rev()
        .filter_map(|pair| {
            pair.difference(&old, new)
                .map(|difference| format!("{}: {difference}", pair.name()))
        })
        .collect();
    for difference in &different {
        println!("{difference}");
    }
    println!("{} compared, {} different", pairs.len(), different.len());
    if different.is_empty() {
        Ok(())
    } else {
        Err("the two builds do not write the same files".to_owned())
    }
}

/// A module and the options that both builds compile it with.
struct Pair {
    /// The module in words.
    module: String,
    wasm: PathBuf,
    options: Vec<String>,
}

impl Pair {
    fn name(&self) -> String {
        format!("{} {}", self.module, self.options.join(" "))
    }

    /// Compiles with both builds. Returns how the results differ, in words.
    fn difference(&self, old: &Path, new: &Path) -> Option<String> {
        match (self.compile(old), self.compile(new)) {
            (Ok(old), Ok(new)) if old == new => None,
            (Ok(old), Ok(new)) => {
                let at = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
                let (old, new) = (old.len(), new.len());
                Some(format!(
                    "{old} bytes by the old build, {new} by the new one, different from byte {at} on"
                ))
            }
            (Err(old), Err(new)) if old == new => None,
            (Err(old), Err(new)) => Some(format!("the old build says {old}; the new one {new}")),
            (Ok(_), Err(new)) => Some(format!("the new build fails: {new}")),
            (Err(old), Ok(_)) => Some(format!("the old build fails: {old}")),
        }
    }

    /// The file that `compiler` writes, or its status and what it says.
    fn compile(&self, compiler: &Path) -> Outcome<Vec<u8>> {
        let folder = PATHS.scratch_folder()?;
        let aot = folder.path().join("module.aot");
        let mut command = Command::new(compiler);
        // The modules themselves are compiled beside each other.
        command.args(&self.options).arg("--threads=1");
        command.arg("-o").arg(&aot).arg(&self.wasm);
        let finished = Finished::wait_for(command, b"", COMPILE_TIME)?;
        match finished.status {
            Some(0) => fs::read(&aot).map_err(|error| format!("there is no file: {error}")),
            _ => {
                let said = String::from_utf8_lossy(&finished.stderr);
                Err(format!("`{}`", said.trim()))
            }
        }
    }
}

/// The C programs: each build of them in every mode of x86-64, and those that clang has optimised for
/// targets.
fn c_programs() -> Outcome<Vec<Pair>> {
    let share = match std::env::var("WASMELT_OUTPUTS").as_deref() {
        Ok("all") => 1,
        Ok(other) => return Err(format!("WASMELT_OUTPUTS is `all` or unset, not `{other}`")),
        Err(_) => SHARE,
    };
    let mut builds = Vec::new();
    for program in PROGRAMS {
        for flags in program.builds {
            let source = package_file(program.source);
            let name = format!("{} {}", program.source, flags.join(" "));
            builds.push((name, toolchain::build_wasm(PATHS, &source, flags)?));
        }
    }
    let pair = |(module, wasm): &(String, PathBuf), options: Vec<String>| Pair {
        module: module.clone(),
        wasm: wasm.clone(),
        options,
    };
    let mut pairs = Vec::new();
    for build in &builds {
        for bounds in BOUNDS {
            for level in LEVELS {
                let level = format!("--opt-level={level}");
                let options = ["--target=x86_64", &level, bounds].map(str::to_owned);
                pairs.push(pair(build, options.to_vec()));
            }
        }
    }
    let optimised = builds.iter().filter(|(name, _)| !name.contains("-O0"));
    let optimised: Vec<_> = optimised.collect();
    let targets = names::distinct(supported_names());
    for (number, (_, names)) in targets.iter().enumerate() {
        for build in optimised.iter().skip(number % share).step_by(share) {
            let target = format!("--target={}", names[0]);
            pairs.push(pair(build, vec![target.clone()]));
            pairs.push(pair(build, vec![target, "--xip".to_owned()]));
        }
    }
    Ok(pairs)
}

/// The files in the packages that `make third-party` has downloaded.
fn third_party() -> Outcome<Vec<Pair>> {
    let folder = PATHS.third_party();
    let mut modules = Vec::new();
    let mut folders = vec![folder.clone()];
    while let Some(folder) = folders.pop() {
        let failed = |error: std::io::Error| {
            format!("{}: {error}; `make third-party` fills it", folder.display())
        };
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "wasm") {
                modules.push(path);
            }
        }
    }
    modules.sort_by_key(|path| (fs::metadata(path).map_or(0, |it| it.len()), path.clone()));
    let pairs = modules.iter().flat_map(|wasm| {
        let name = wasm.strip_prefix(&folder).unwrap_or(wasm);
        THIRD_PARTY.iter().map(|options| Pair {
            module: name.display().to_string(),
            wasm: wasm.clone(),
            options: options.iter().map(ToString::to_string).collect(),
        })
    });
    Ok(pairs.collect())
}

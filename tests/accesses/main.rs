//! With hardware bounds checks, code must access every byte that a load or store of WebAssembly does,
//! whatever becomes of the value: the trap of an access across the end of memory depends on it. These
//! tests read that off the machine code, so no device has to execute it.
//!
//! One module has every load and store, each with every use of a part of its value. It is compiled for a
//! processor, disassembled, and each function followed from its entry over all paths. On each path, the
//! instructions must access all bytes before the function returns.
//!
//! Each run takes a few processors and levels, other ones every day for two weeks. `WASMELT_ACCESSES=DAY`
//! repeats the run of a day, `WASMELT_ACCESSES=CPU` takes one processor, and `WASMELT_ACCESSES=all`
//! (`make check-accesses`) every one: at every level, direct and in place. CPUs whose code is the same at level 3 are tried once at the others.

mod aarch64;
mod disassembler;
mod follow;
mod functions;
mod riscv64;
mod state;
mod x86_64;

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, SystemTime};

use wasmelt::Options;
use wasmelt::aot::AotFile;
use wasmelt::options::{OptLevel, RuntimeOptions, TargetOptions};

use disassembler::Disassembler;
use follow::Code;
use functions::Function;
use state::Instructions;

/// Level 3 comes first: it tells which CPUs are the same under several names.
const LEVELS: [OptLevel; 6] = [
    OptLevel::O3,
    OptLevel::O0,
    OptLevel::O1,
    OptLevel::O2,
    OptLevel::Os,
    OptLevel::Oz,
];

/// A target with hardware bounds checks.
struct Machine {
    name: &'static str,
    processors: &'static str,
    /// Features that each processor is also tried with.
    more_features: &'static [&'static str],
    simd: bool,
    instructions: &'static dyn Instructions,
}

/// What a module is compiled for.
#[derive(Debug, Clone, Copy)]
struct Mode {
    cpu: &'static str,
    features: &'static str,
    level: OptLevel,
    in_place: bool,
}

impl Machine {
    /// Every mode, the processors changing fastest.
    fn modes(&self) -> Vec<Mode> {
        let cpus = self
            .processors
            .lines()
            .filter_map(|line| line.strip_prefix("cpu "));
        let cpus: Vec<_> = cpus.collect();
        let mut modes = Vec::new();
        for in_place in [false, true] {
            for level in LEVELS {
                for features in std::iter::once(&"").chain(self.more_features) {
                    modes.extend(cpus.iter().map(|cpu| Mode {
                        cpu,
                        features,
                        level,
                        in_place,
                    }));
                }
            }
        }
        modes
    }

    /// Checks all modes, or `sample` of them.
    fn check(&self, sample: usize) {
        let all = self.modes();
        let chosen = match std::env::var("WASMELT_ACCESSES").as_deref() {
            Ok("all") => all,
            Ok(cpu) if cpu.parse::<u64>().is_err() => {
                all.into_iter().filter(|mode| mode.cpu == cpu).collect()
            }
            given => {
                let day = given.map_or_else(|_| today(), |day| day.parse().expect("a number"));
                eprintln!("{}: WASMELT_ACCESSES={day}", self.name);
                // A stride that no count of modes has in common moves through all of them.
                let first = day as usize * sample;
                (first..first + sample)
                    .map(|number| all[number * 1_000_003 % all.len()])
                    .collect()
            }
        };
        let functions = functions::all(self.simd);
        let wasm = functions::module(&functions);
        let mut failures = Vec::new();
        let mut known: HashMap<u64, Mode> = HashMap::new();
        let mut others = HashSet::new();
        for mode in chosen {
            if others.contains(&(mode.cpu, mode.features)) {
                continue;
            }
            let (found, code) = self.failures(mode, &wasm, &functions);
            eprintln!(
                "{} {mode:?}: {} of {} functions",
                self.name,
                found.len(),
                functions.len()
            );
            failures.extend(
                found
                    .into_iter()
                    .map(|it| format!("{} {mode:?}: {it}", self.name)),
            );
            // One of several names: the other levels need not be tried for each.
            let first = *known.entry(code).or_insert(mode);
            if first.cpu != mode.cpu && (first.level, mode.level) == (OptLevel::O3, OptLevel::O3) {
                others.insert((mode.cpu, mode.features));
            }
        }
        const SHOWN: usize = 40;
        assert!(
            failures.is_empty(),
            "{} failures, of which the first:\n{}",
            failures.len(),
            failures[..failures.len().min(SHOWN)].join("\n")
        );
    }

    /// The functions that fail and why, and a hash of the code.
    fn failures(&self, mode: Mode, wasm: &[u8], functions: &[Function]) -> (Vec<String>, u64) {
        let target = TargetOptions {
            arch: Some(self.name.to_owned()),
            cpu: Some(mode.cpu.to_owned()),
            cpu_features: Some(mode.features.to_owned()),
            ..TargetOptions::default()
        };
        let resolved = wasmelt::targets::Target::resolve(&target).expect("a target of the table");
        assert!(
            !resolved.default_bounds_checks,
            "{} has hardware bounds checks",
            self.name
        );
        let options = Options {
            target,
            opt_level: mode.level,
            runtime: RuntimeOptions {
                indirect_mode: mode.in_place,
                disable_llvm_intrinsics: mode.in_place,
                ..RuntimeOptions::default()
            },
            ..Options::default()
        };
        let artifact = match wasmelt::compile(wasm, &options) {
            Ok(artifact) => artifact,
            Err(error) => return (vec![error.to_string()], 0),
        };
        let file = AotFile::parse(&artifact.bytes).expect("our own file");
        let disassembler = Disassembler::new(
            &resolved.machine.triple,
            &resolved.machine.cpu,
            &resolved.machine.features,
        );
        let code = Code::new(&file, &disassembler, self.instructions);
        let starts = file.functions.iter().map(|function| function.text_offset);
        let found = functions
            .iter()
            .zip(starts)
            .filter_map(|(function, start)| {
                let reason = code.follow(start, &function.bytes).err()?;
                Some(format!("{}: {reason}", function.name))
            })
            .collect();
        let mut hasher = DefaultHasher::new();
        file.text.code.hash(&mut hasher);
        (found, hasher.finish())
    }
}

/// After so many days the same processors and levels come again: the test must not fail for its date.
const CYCLE: u64 = 14;

/// The number of the day in the cycle.
fn today() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.unwrap_or(Duration::ZERO).as_secs() / (24 * 60 * 60) % CYCLE
}

#[test]
fn x86_64_code_accesses_all_bytes() {
    let machine = Machine {
        name: "x86_64",
        processors: include_str!("../../src/targets/llvm/x86_64.txt"),
        more_features: &[],
        simd: true,
        instructions: &x86_64::X86_64,
    };
    machine.check(4);
}

#[test]
fn aarch64_code_accesses_all_bytes() {
    let machine = Machine {
        name: "aarch64",
        processors: include_str!("../../src/targets/llvm/aarch64.txt"),
        more_features: &[],
        simd: true,
        instructions: &aarch64::Aarch64,
    };
    machine.check(3);
}

#[test]
fn big_endian_aarch64_code_accesses_all_bytes() {
    let machine = Machine {
        name: "aarch64_be",
        processors: include_str!("../../src/targets/llvm/aarch64.txt"),
        more_features: &[],
        simd: false,
        instructions: &aarch64::Aarch64,
    };
    machine.check(1);
}

#[test]
fn riscv64_code_accesses_all_bytes() {
    let machine = Machine {
        name: "riscv64",
        processors: include_str!("../../src/targets/llvm/riscv64.txt"),
        more_features: &["+unaligned-scalar-mem"],
        simd: false,
        instructions: &riscv64::Riscv64,
    };
    machine.check(4);
}

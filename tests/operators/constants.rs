//! Operators with constants as operands compile for every target, and leave the loader no function that
//! the runtime lacks; in place they leave it nothing. LLVM pairs, pools and folds constants late, in code
//! generation, where an error of its own ends the process: so each module is compiled by the command.
//!
//! The test takes a few targets, other ones every day for three weeks. `make sweep-constants` takes all of them, at all
//! levels. `WASMELT_CONSTANTS=N` repeats the test with the targets and the modules of number N.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use wasmelt::abi::runtime_symbols::runtime_symbols;
use wasmelt::aot::AotFile;
use wasmelt::options::TargetOptions;
use wasmelt::targets::{Arch, Target, supported_cpus, supported_names};

use crate::expressions::{self, Random};

/// What code is generated for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Processor {
    target: String,
    cpu: String,
    features: &'static str,
}

/// Processors of kinds beside the default of each target.
const KINDS: &[(&str, &str, &str)] = &[
    ("x86_64", "x86-64-v2", ""),
    ("x86_64", "x86-64-v3", ""),
    ("x86_64", "x86-64-v4", ""),
    ("aarch64", "neoverse-v1", ""),
    ("thumbv6m", "cortex-m0", ""),
    ("thumbv7m", "cortex-m3", ""),
    ("thumbv7em", "cortex-m4", ""),
    ("thumbv7em", "cortex-m7", ""),
    ("thumbv8m.base", "cortex-m23", ""),
    ("thumbv8m.main", "cortex-m33", ""),
    ("thumbv8.1m.main", "cortex-m55", ""),
    ("armv4t", "arm7tdmi", ""),
    ("armv5te", "arm926ej-s", ""),
    ("armv7", "cortex-a9", ""),
    ("riscv32", "generic-rv32", "+f"),
    ("riscv32", "generic-rv32", "+f,+d,+zbb"),
    ("riscv64", "generic-rv64", "+f,+d"),
    ("riscv64", "spacemit-x60", ""),
];

/// Targets whose every processor counts: LLVM's code generators for them are the least tested.
const WHOLE: &[&str] = &["xtensa", "mips", "mipsel"];

fn options(processor: &Processor) -> TargetOptions {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    TargetOptions {
        arch: Some(processor.target.clone()),
        cpu: given(&processor.cpu),
        cpu_features: given(processor.features),
        ..TargetOptions::default()
    }
}

/// All processors that there is code for, without those that differ in nothing but the name.
fn processors() -> Vec<(Processor, Target)> {
    let default = |target: String| Processor {
        target,
        cpu: String::new(),
        features: "",
    };
    let mut named: Vec<Processor> = supported_names().into_iter().map(default).collect();
    for name in WHOLE {
        let cpus = supported_cpus(&options(&default((*name).to_owned()))).unwrap_or_default();
        named.extend(cpus.into_iter().map(|cpu| Processor {
            target: (*name).to_owned(),
            cpu: cpu.to_owned(),
            features: "",
        }));
    }
    named.extend(KINDS.iter().map(|(target, cpu, features)| Processor {
        target: (*target).to_owned(),
        cpu: (*cpu).to_owned(),
        features,
    }));
    let mut seen = HashSet::new();
    named
        .into_iter()
        // Some processors of the list are refused: they have 64 bits, or no instruction for something.
        .filter_map(|processor| Some((Target::resolve(&options(&processor)).ok()?, processor)))
        .filter(|(target, _)| {
            let key = (
                target.machine.triple.as_str(),
                target.machine.cpu.as_str(),
                target.machine.features.as_str(),
            );
            seen.insert(format!("{key:?}"))
        })
        .map(|(target, processor)| (processor, target))
        .collect()
}

/// Processors that LLVM cannot generate code for, optimised or at all, with a part of its message: MIPS I
/// has no square root. Release 6 cannot keep the result of a comparison of floats for another block.
const KNOWN_REFUSALS: &[(&str, &str)] = &[
    ("mips1", "Cannot select"),
    ("mips32r6", "Unsupported instruction"),
    ("mips64r6", "Unsupported instruction"),
    ("i6400", "Unsupported instruction"),
    ("i6500", "Unsupported instruction"),
];

/// Compiles the module for a processor, and says what is wrong with the file, if anything.
fn defect(
    wasm: &Path,
    (processor, target): &(Processor, Target),
    level: &str,
    in_place: bool,
) -> Result<(), String> {
    if target.arch == Arch::Mips && !in_place {
        // The loader resolves nothing there.
        return Ok(());
    }
    let aot = wasm.with_extension(format!("{}-{level}-{in_place}.aot", processor.target));
    let mut command = Command::new(env!("CARGO_BIN_EXE_wasmelt"));
    command.arg(format!("--target={}", processor.target));
    if !processor.cpu.is_empty() {
        command.arg(format!("--cpu={}", processor.cpu));
    }
    if !processor.features.is_empty() {
        command.arg(format!("--cpu-features={}", processor.features));
    }
    command.arg(format!("--opt-level={level}"));
    if in_place {
        command.arg("--xip");
    }
    command.arg("-o").arg(&aot).arg(wasm);
    let output = command.output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        let is_known = |(cpu, part): &(&str, &str)| processor.cpu == *cpu && message.contains(part);
        if KNOWN_REFUSALS.iter().any(is_known) {
            return Ok(());
        }
        return Err(format!("{command:?}: {}", message.trim()));
    }
    let bytes = fs::read(&aot).map_err(|error| error.to_string())?;
    let file = AotFile::parse(&bytes).map_err(|error| error.to_string())?;
    let known: HashSet<&str> = runtime_symbols(target.arch).collect();
    let names = &file.relocations.names;
    for group in &file.relocations.groups {
        for relocation in &group.relocations {
            let name = names[relocation.symbol as usize].as_str();
            // Literals of Xtensa hold addresses in the text.
            let literal = target.arch == Arch::Xtensa && name == ".text";
            if in_place || !(known.contains(name) || literal) {
                return Err(format!("{command:?}: a reference to {name} is left"));
            }
        }
    }
    Ok(())
}

/// Compiles modules of `nested` functions of nested operators each, and lists what fails.
fn failures(
    processors: &[(Processor, Target)],
    levels: &[&str],
    nested: usize,
    seed: u64,
) -> String {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let mut failures = String::new();
    let modules = [false, true].map(|simd| {
        let text = expressions::module(simd, nested, &mut Random::new(seed));
        let wasm = folder.path().join(format!("constants-{simd}.wasm"));
        fs::write(&wasm, wat::parse_str(text).expect("a module")).expect("written");
        wasm
    });
    for processor in processors {
        let wasm = &modules[usize::from(processor.1.facts.simd)];
        for level in levels {
            for in_place in [false, true] {
                if let Err(message) = defect(wasm, processor, level, in_place) {
                    writeln!(failures, "{message}").expect("a string grows");
                }
            }
        }
    }
    if !failures.is_empty() {
        let kept = folder.keep();
        writeln!(failures, "the modules are in {}", kept.display()).expect("a string grows");
    }
    failures
}

/// After so many days the test takes the same modules and targets again: it must not fail for its date.
/// Other numbers look for new faults.
const CYCLE: u64 = 21;

/// How many processors of all the test takes, beside Xtensa's default.
const SAMPLE: usize = 2;

#[test]
fn constants_as_operands() {
    let number = match std::env::var("WASMELT_CONSTANTS") {
        Ok(text) => text.parse().expect("WASMELT_CONSTANTS is a number"),
        Err(_) => {
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
            now.map_or(0, |time| time.as_secs() / 86_400 % CYCLE)
        }
    };
    let mut all = processors();
    let mut random = Random::new(number);
    let xtensa = all
        .iter()
        .position(|(processor, _)| processor.target == "xtensa")
        .expect("a target");
    let mut sample = vec![all.swap_remove(xtensa)];
    for _ in 0..SAMPLE {
        let chosen = random.below(all.len());
        sample.push(all.swap_remove(chosen));
    }
    let levels = ["0", ["3", "z"][random.below(2)]];
    let failures = failures(&sample, &levels, 100, number);
    assert!(
        failures.is_empty(),
        "WASMELT_CONSTANTS={number}\n{failures}"
    );
}

/// `make sweep-constants`: several hundred processors and modes, in about an hour.
#[test]
#[ignore = "takes an hour"]
fn constants_as_operands_everywhere() {
    let only = std::env::var("TARGETS").unwrap_or_default();
    let mut all = processors();
    all.retain(|(processor, _)| processor.target.contains(&only));
    let mut failed = String::new();
    for processor in all {
        let started = std::time::Instant::now();
        let found = failures(std::slice::from_ref(&processor), &["0", "3", "z"], 500, 1);
        let seconds = started.elapsed().as_secs();
        let state = if found.is_empty() { "ok" } else { "FAILED" };
        println!("{state} {:?} in {seconds} s", processor.0);
        print!("{found}");
        failed += &found;
    }
    assert!(failed.is_empty(), "{failed}");
}

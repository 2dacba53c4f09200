//! Compiles every program for one target, and looks into the files.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::fs;
use std::num::NonZeroUsize;

use test_support::programs::Program;
use test_support::{Outcome, package_file, toolchain};
use wasmelt::Options;
use wasmelt::abi::runtime_symbols::runtime_symbols;
use wasmelt::aot::{AotFile, FileType};
use wasmelt::options::{RuntimeOptions, TargetOptions};
use wasmelt::targets::{Arch, Target};

use crate::PATHS;

/// How code and runtime come together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// The loader copies the code and relocates it.
    Direct,
    /// `--xip`.
    InPlace,
}

impl Code {
    fn options(self) -> RuntimeOptions {
        let in_place = self == Code::InPlace;
        RuntimeOptions {
            indirect_mode: in_place,
            disable_llvm_intrinsics: in_place,
            ..RuntimeOptions::default()
        }
    }

    fn file_type(self) -> FileType {
        match self {
            Code::Direct => FileType::Relocatable,
            Code::InPlace => FileType::ExecuteInPlace,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Code::Direct => "direct",
            Code::InPlace => "in place",
        })
    }
}

/// Refusals of every program that are no defects, with a part of the message.
const KNOWN_REFUSALS: &[(Arch, Code, &str)] =
    &[(Arch::Mips, Code::Direct, "for MIPS it resolves none")];

/// Relocations against anything but functions of the runtime that are no defects: literals hold
/// addresses in the text, which the loader fills in.
const KNOWN_REFERENCES: &[(Arch, &str)] = &[(Arch::Xtensa, ".text")];

/// What has come of all programs, for one target and kind of code.
#[derive(Debug, Default)]
pub struct Findings {
    pub programs: usize,
    pub compiled: usize,
    /// Of the files, those whose relocations are all against functions that the runtime for the
    /// target can resolve.
    pub only_helpers: usize,
    /// In all files.
    pub relocations: usize,
    /// The programs that did not compile, with the reasons.
    pub refusals: Vec<(String, String)>,
    /// What else relocations are against.
    pub other_symbols: BTreeSet<String>,
    /// Files that are not for the kind of code.
    mistaken: Vec<String>,
}

impl Findings {
    /// What ought to be otherwise.
    pub fn defects(&self, target: &Target, code: Code) -> Vec<String> {
        let known = KNOWN_REFUSALS
            .iter()
            .find(|(arch, of, _)| (*arch, *of) == (target.arch, code));
        let mut defects = self.mistaken.clone();
        for (program, message) in &self.refusals {
            if !known.is_some_and(|(_, _, part)| message.contains(part)) {
                defects.push(format!("{program} is refused: {message}"));
            }
        }
        if known.is_some() && self.compiled > 0 {
            defects.push("KNOWN_REFUSALS denies that programs compile".to_owned());
        }
        for symbol in &self.other_symbols {
            if !KNOWN_REFERENCES.contains(&(target.arch, symbol)) {
                defects.push(format!("relocations against {symbol}"));
            }
        }
        if code == Code::InPlace && self.relocations > 0 {
            defects.push(format!("{} relocations are left", self.relocations));
        }
        for defect in &mut defects {
            *defect = format!("{code}: {defect}");
        }
        defects
    }

    fn look_into(&mut self, bytes: &[u8], program: &str, target: &Target, code: Code) -> Outcome {
        let file = AotFile::parse(bytes).map_err(|error| format!("{program}: {error}"))?;
        self.compiled += 1;
        let file_type = file.target_info.file_type;
        if file_type != code.file_type() {
            self.mistaken.push(format!("{program} is {file_type:?}"));
        }
        let names = &file.relocations.names;
        let groups = file.relocations.groups.iter();
        let symbols: Vec<&str> = groups
            .flat_map(|group| &group.relocations)
            .map(|relocation| names[relocation.symbol as usize].as_str())
            .collect();
        self.relocations += symbols.len();
        let helpers: HashSet<&str> = runtime_symbols(target.arch).collect();
        let others = symbols.into_iter().filter(|it| !helpers.contains(it));
        let others: BTreeSet<String> = others.map(str::to_owned).collect();
        self.only_helpers += usize::from(others.is_empty());
        self.other_symbols.extend(others);
        Ok(())
    }
}

/// Compiles `programs` for `target`, which is called `name`: those without vectors and, where the
/// target has vectors, those with them.
pub fn all<'a>(
    programs: impl IntoIterator<Item = &'a Program>,
    target: &Target,
    name: &str,
    code: Code,
) -> Outcome<Findings> {
    let options = Options {
        target: TargetOptions {
            arch: Some(name.to_owned()),
            ..TargetOptions::default()
        },
        runtime: code.options(),
        // The tests run beside each other already.
        threads: Some(NonZeroUsize::MIN),
        ..Options::default()
    };
    let mut findings = Findings::default();
    for program in programs {
        let builds = program.builds.iter().filter(|flags| {
            **flags == ["-O2"] || target.facts.simd && flags.contains(&"-msimd128")
        });
        for flags in builds {
            let source = package_file(program.source);
            let wasm = toolchain::build_wasm(PATHS, &source, flags)?;
            let wasm = fs::read(&wasm).map_err(|error| format!("{}: {error}", wasm.display()))?;
            let stem = source.file_stem().unwrap_or_default().to_string_lossy();
            let vectors = if flags.contains(&"-msimd128") {
                " with vectors"
            } else {
                ""
            };
            let program = format!("{stem}{vectors}");
            findings.programs += 1;
            match wasmelt::compile(&wasm, &options) {
                Ok(artifact) => findings.look_into(&artifact.bytes, &program, target, code)?,
                Err(error) => findings.refusals.push((program, error.to_string())),
            }
        }
    }
    Ok(findings)
}

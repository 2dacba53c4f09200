//! Where targets meet LLVM and the machine that compiles.

use std::str::FromStr;
use std::sync::Once;

use inkwell::OptimizationLevel;
use inkwell::targets::{
    CodeModel as LlvmCodeModel, InitializationConfig, RelocMode, Target as LlvmTarget,
    TargetMachine, TargetMachineOptions, TargetTriple,
};
use target_lexicon::{BinaryFormat, Environment, OperatingSystem, Triple};

use super::arch::Support;
use super::processors::Processors;
use super::{Arch, Error, Target};
use crate::options::OptLevel;

impl Target {
    /// A new LLVM target machine. Every thread makes its own.
    pub fn machine(&self, opt_level: OptLevel) -> Result<TargetMachine, Error> {
        initialize(self.arch());
        let failed = |reason: String| Error::Llvm {
            triple: self.triple().to_owned(),
            reason,
        };
        let triple = TargetTriple::create(self.triple());
        let target =
            LlvmTarget::from_triple(&triple).map_err(|reason| failed(reason.to_string()))?;
        let options = TargetMachineOptions::default()
            .set_cpu(self.cpu())
            .set_features(self.features())
            .set_level(match opt_level {
                OptLevel::O0 => OptimizationLevel::None,
                OptLevel::O1 => OptimizationLevel::Less,
                OptLevel::O2 => OptimizationLevel::Default,
                OptLevel::O3 => OptimizationLevel::Aggressive,
            })
            // The text runs wherever the runtime maps it.
            .set_reloc_mode(RelocMode::PIC)
            // One text of less than 2 GiB, and the loader's jump table for what lies outside it.
            .set_code_model(LlvmCodeModel::Small);
        target
            .create_target_machine_from_options(&triple, options)
            .ok_or_else(|| failed("no target machine".to_owned()))
    }
}

/// Registers LLVM's code generator for `arch`, once per process.
fn initialize(arch: Arch) {
    static X86: Once = Once::new();
    static AARCH64: Once = Once::new();
    static ARM: Once = Once::new();
    static RISCV: Once = Once::new();
    static MIPS: Once = Once::new();

    type Initialize = fn(&InitializationConfig);
    let (once, initialize): (&Once, Initialize) = match arch {
        Arch::X86_64 | Arch::X86 => (&X86, LlvmTarget::initialize_x86),
        Arch::Aarch64 => (&AARCH64, LlvmTarget::initialize_aarch64),
        Arch::Arm | Arch::Thumb => (&ARM, LlvmTarget::initialize_arm),
        Arch::Riscv32 | Arch::Riscv64 => (&RISCV, LlvmTarget::initialize_riscv),
        Arch::Mips => (&MIPS, LlvmTarget::initialize_mips),
        // LLVM's C interface has initializers for these two, inkwell has not; the lookup by
        // triple reports what is missing.
        Arch::Xtensa | Arch::Arc => return,
    };
    once.call_once(|| initialize(&InitializationConfig::default()));
}

/// The processor of this machine and what it really can do: a virtual machine often hides
/// features that its processor's name implies.
pub(super) fn host_cpu(known: &Processors, default: &str) -> (String, String) {
    let name = TargetMachine::get_host_cpu_name().to_string();
    if !known.cpus.contains(&name.as_str()) {
        return (default.to_owned(), String::new());
    }
    let features = TargetMachine::get_host_cpu_features().to_string();
    let mut features: Vec<&str> = features
        .split(',')
        .filter(|item| {
            known
                .features
                .contains(&item.trim_start_matches(['+', '-']))
        })
        .collect();
    // LLVM lists them in the order of a hash table.
    features.sort_unstable_by_key(|item| item.trim_start_matches(['+', '-']));
    (name, features.join(","))
}

/// The ABI that a full triple stands for.
pub(super) fn triple_abi(triple: &str, support: &'static Support) -> Result<&'static str, Error> {
    let parsed = Triple::from_str(triple).map_err(|error| Error::MalformedTriple {
        triple: triple.to_owned(),
        reason: error.to_string(),
    })?;
    let unsupported = |part, found: String, supported: String| Error::UnsupportedTriple {
        triple: triple.to_owned(),
        part,
        found,
        supported,
    };
    let elf = matches!(
        parsed.binary_format,
        BinaryFormat::Elf | BinaryFormat::Unknown
    );
    let system = parsed.operating_system;
    if !elf
        || !matches!(
            system,
            OperatingSystem::Linux | OperatingSystem::None_ | OperatingSystem::Unknown
        )
    {
        return Err(unsupported(
            "system",
            system.to_string(),
            "linux, none".to_owned(),
        ));
    }
    match parsed.environment {
        // Compiled code calls into the runtime only, so the C library makes no difference.
        Environment::Unknown | Environment::Musl => Ok(support.abis[0]),
        environment => support
            .abi(&environment.to_string())
            .ok_or_else(|| unsupported("ABI", environment.to_string(), support.abis.join(", "))),
    }
}

//! What the compiler knows of a target: [`TargetOptions`] come in, a resolved [`Target`] goes out.
//!
//! Everything that depends on the machine is asked of [`Target`], and [`Target`] reads it from one
//! table, [`arch`]. The processors and features that LLVM knows are tables as well ([`processors`]),
//! because LLVM itself only warns of a name it does not know, or aborts on one that does not fit.
//!
//! Where the options leave something open:
//!
//! - no `--target`: the architecture of the machine that compiles, with its processor and exactly
//!   the features that this machine has. The output then depends on where it was compiled;
//! - a `--target` without `--cpu`: the oldest processor of that architecture. The output depends on
//!   the options alone.

mod arch;
mod error;
mod machine;
mod processors;
#[cfg(test)]
mod tests;

pub use arch::{Arch, Endianness, PointerWidth};
pub use error::Error;

use crate::options::TargetOptions;
use arch::{Spelling, Support};
use processors::Processors;

/// A machine to generate code for, resolved and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    arch: Arch,
    /// The architecture as WAMR's loader compares it, in `wamrc`'s spelling.
    name: String,
    triple: String,
    abi: &'static str,
    cpu: String,
    features: String,
    pointer_width: PointerWidth,
    endianness: Endianness,
    elf_machine: u16,
    elf_flags: u32,
}

impl Target {
    /// Fills in what `options` leave open and checks the rest.
    pub fn resolve(options: &TargetOptions) -> Result<Target, Error> {
        let (spelling, support, triple_abi) = arch_of(options)?;
        let abi = match &options.abi {
            Some(abi) => {
                let abi = support.abi(abi).ok_or_else(|| Error::UnknownAbi {
                    abi: abi.clone(),
                    target: spelling.name.clone(),
                    supported: support.abis.join(", "),
                })?;
                if let Some(other) = triple_abi.filter(|other| *other != abi) {
                    return Err(Error::ContradictoryAbi { abi, other });
                }
                abi
            }
            None => triple_abi.unwrap_or(support.abis[0]),
        };

        let (cpu, host_features) = match (&options.cpu, &options.arch) {
            (Some(cpu), _) => {
                support.processors().check_cpu(cpu, &spelling.name)?;
                (cpu.clone(), String::new())
            }
            (None, Some(_)) => (support.default_cpu.to_owned(), String::new()),
            (None, None) => machine::host_cpu(&support.processors(), support.default_cpu),
        };
        let own_features = options.cpu_features.as_deref().unwrap_or("");
        support.processors().check_features(
            own_features,
            support.fixed_features,
            &spelling.name,
        )?;

        Ok(Target {
            arch: spelling.family.arch,
            triple: format!("{}-{}-{abi}", spelling.name, support.vendor_and_system),
            name: spelling.name,
            abi,
            cpu,
            // Later ones win, so the caller's come last.
            features: [host_features.as_str(), own_features]
                .into_iter()
                .filter(|features| !features.is_empty())
                .collect::<Vec<_>>()
                .join(","),
            pointer_width: spelling.family.pointer_width,
            endianness: spelling.endianness,
            elf_machine: spelling.family.elf_machine,
            elf_flags: support.elf_flags,
        })
    }

    pub fn arch(&self) -> Arch {
        self.arch
    }

    /// The architecture's name in the AOT file, which WAMR's loader compares with its own.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The LLVM target triple, normalised.
    pub fn triple(&self) -> &str {
        &self.triple
    }

    pub fn abi(&self) -> &'static str {
        self.abi
    }

    /// An LLVM processor name.
    pub fn cpu(&self) -> &str {
        &self.cpu
    }

    /// `+feature,-feature`, beyond what the processor implies.
    pub fn features(&self) -> &str {
        &self.features
    }

    pub fn pointer_width(&self) -> PointerWidth {
        self.pointer_width
    }

    pub fn endianness(&self) -> Endianness {
        self.endianness
    }

    /// Whether memory accesses are checked by software where the options do not say. WAMR's guard
    /// pages need an address space that 32 bits do not have.
    pub fn default_bounds_checks(&self) -> bool {
        self.pointer_width == PointerWidth::Bits32
    }

    /// `e_machine` of this target's ELF files.
    pub fn elf_machine(&self) -> u16 {
        self.elf_machine
    }

    /// `e_flags` of this target's ELF files.
    pub fn elf_flags(&self) -> u32 {
        self.elf_flags
    }
}

/// The architecture that `options` ask for and, where they give a triple, its ABI.
fn arch_of(
    options: &TargetOptions,
) -> Result<(Spelling, &'static Support, Option<&'static str>), Error> {
    let unknown = |target: &str| Error::UnknownTarget {
        target: target.to_owned(),
        supported: arch::supported_names().join(", "),
    };
    let host = std::env::consts::ARCH;
    let asked = options.arch.as_deref().unwrap_or(host);
    let (name, rest) = match asked.split_once('-') {
        Some((name, rest)) => (name, Some(rest)),
        None => (asked, None),
    };
    let spelling = Spelling::find(name).ok_or_else(|| unknown(asked))?;
    let support = spelling
        .family
        .support
        .as_ref()
        .ok_or_else(|| Error::UnsupportedTarget {
            target: asked.to_owned(),
            supported: arch::supported_names().join(", "),
        })?;
    let abi = match rest {
        None => None,
        Some(_) => Some(machine::triple_abi(asked, support)?),
    };
    Ok((spelling, support, abi))
}

/// The names that `--target=` takes.
pub fn supported_names() -> Vec<String> {
    arch::supported_names()
}

/// What `--target-abi=` takes for the target in `options`, the default first.
pub fn supported_abis(options: &TargetOptions) -> Result<&'static [&'static str], Error> {
    arch_of(options).map(|(_, support, _)| support.abis)
}

/// The processors that `--cpu=` takes for the target in `options`.
pub fn supported_cpus(options: &TargetOptions) -> Result<Vec<&'static str>, Error> {
    arch_of(options).map(|(_, support, _)| support.processors().cpus)
}

/// The features that `--cpu-features=` takes for the target in `options`.
pub fn supported_features(options: &TargetOptions) -> Result<Vec<&'static str>, Error> {
    let (_, support, _) = arch_of(options)?;
    let mut features = support.processors().features;
    features.retain(|feature| !support.fixed_features.contains(feature));
    Ok(features)
}

impl Support {
    fn abi(&self, name: &str) -> Option<&'static str> {
        self.abis.iter().copied().find(|abi| *abi == name)
    }

    fn processors(&self) -> Processors {
        Processors::parse(self.processor_table)
    }
}

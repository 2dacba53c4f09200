//! The target as the options state it, before defaults are filled in. Looks up names; an error for an unknown
//! name suggests the nearest one.

use super::arch::{Abi, Spelling, Support, supported_names};
use super::chips::{self, CHIPS, CORES, Chip};
use super::error::{Error, Hint};
use super::nearest::nearest;
use super::system::{self, NO_WINDOWS, System};
use super::table::{ALIASES, FAMILIES};
use crate::options::TargetOptions;

/// A target's name and the facts in it.
#[derive(Debug)]
pub(super) struct Asked {
    pub spelling: Spelling,
    pub support: &'static Support,
    pub system: &'static System,
    /// The options give a triple, which names the system.
    pub is_triple: bool,
    /// The ABI that a triple names.
    triple_abi: Option<&'static Abi>,
    triple_chip: Option<&'static Chip>,
}

/// The target processor.
#[derive(Debug)]
pub(super) struct Processor {
    /// LLVM's name.
    pub cpu: String,
    pub features: String,
    /// Whether the user named it.
    pub named: bool,
    chip: Option<&'static Chip>,
}

impl Asked {
    pub fn read(options: &TargetOptions) -> Result<Asked, Error> {
        let of_cpu = || chips::target_of(options.cpu.as_deref()?);
        let (asked, system) = match options.arch.as_deref() {
            Some(arch) => (arch, System::unsaid()),
            None => match of_cpu() {
                Some(target) => (target, System::unsaid()),
                None => (std::env::consts::ARCH, System::host()),
            },
        };
        // `x86-64` is no triple.
        let (name, rest) = match asked.split_once('-') {
            Some((name, rest)) if asked != "x86-64" => (name, Some(rest)),
            _ => (asked, None),
        };
        // GCC's `arm-none-eabi` leaves the version to the processor.
        let name = match of_cpu() {
            Some(target) if name == "arm" && rest.is_some() && target.starts_with("thumb") => {
                target
            }
            _ => name,
        };
        let spelling = Spelling::find(name).ok_or_else(|| unknown_target(asked, name))?;
        let support = spelling
            .family
            .support
            .ok_or_else(|| Error::UnsupportedTarget {
                target: asked.to_owned(),
                reason: "LLVM has no code generator for it",
            })?;
        let arch = spelling.family.arch;
        let rest = rest.map(|rest| system::parse(asked, rest, arch, support));
        let rest = rest.transpose()?;
        let mut read = Asked {
            spelling,
            support,
            system,
            is_triple: rest.is_some(),
            triple_abi: None,
            triple_chip: None,
        };
        if let Some(rest) = rest {
            read.system = rest.system;
            read.triple_abi = rest.abi;
            read.triple_chip = rest.chip.filter(|chip| read.runs_on(chip));
        }
        Ok(read)
    }

    /// Reports whether a chip can execute code for this target.
    pub fn runs_on(&self, chip: &Chip) -> bool {
        let own = self.spelling.family.arch;
        Spelling::find(chip.target).is_some_and(|spelling| {
            let other = spelling.family.arch;
            own == other || (own.is_arm() && other.is_arm())
        })
    }

    pub fn processor(&self, options: &TargetOptions) -> Result<Processor, Error> {
        let chip = match &options.cpu {
            Some(cpu) => Chip::find(cpu).filter(|chip| self.runs_on(chip)),
            None => self.triple_chip,
        };
        if let Some(chip) = chip {
            return Ok(Processor {
                cpu: chip.cpu.to_owned(),
                features: chip.features.to_owned(),
                named: true,
                chip: Some(chip),
            });
        }
        let processor = |(cpu, features), named| Processor {
            cpu,
            features,
            named,
            chip: None,
        };
        let known = self.support.processors();
        let default = || {
            let features = match self.spelling.isa {
                Some(_) => "",
                None => self.support.default_features,
            };
            (self.support.default_cpu.to_owned(), features.to_owned())
        };
        match (options.cpu.as_deref(), &options.arch) {
            (Some("native"), _) => {
                self.check_native()?;
                let host = known.host_cpu().unwrap_or_else(default);
                Ok(processor(host, true))
            }
            (Some(cpu), _) if known.cpus.contains(&cpu) => {
                Ok(processor((cpu.to_owned(), String::new()), true))
            }
            (Some(cpu), _) => Err(self.unknown_cpu(cpu)),
            (None, Some(_)) => Ok(processor(default(), false)),
            (None, None) => {
                let host = known.host_cpu().unwrap_or_else(default);
                Ok(processor(host, false))
            }
        }
    }

    fn check_native(&self) -> Result<(), Error> {
        let host = Spelling::find(std::env::consts::ARCH);
        match host {
            Some(host) if host.family.arch == self.spelling.family.arch => Ok(()),
            _ => Err(Error::NotNative {
                host: std::env::consts::ARCH.to_owned(),
                target: self.spelling.name.clone(),
            }),
        }
    }

    fn unknown_cpu(&self, cpu: &str) -> Error {
        let hint = match target_of_cpu(cpu) {
            Some(target) => Hint::CpuOf(target.to_owned()),
            None => {
                let own = self.support.processors().cpus;
                let (of_this, others): (Vec<_>, Vec<_>) =
                    CHIPS.iter().partition(|chip| self.runs_on(chip));
                let names = own.into_iter().chain(of_this.iter().map(|chip| chip.name));
                let cores = CORES.iter().map(|(core, _)| *core);
                match nearest_name(cpu, names) {
                    Hint::Nothing => {
                        nearest_name(cpu, others.iter().map(|chip| chip.name).chain(cores))
                    }
                    hint => hint,
                }
            }
        };
        Error::UnknownCpu {
            cpu: cpu.to_owned(),
            target: self.spelling.name.clone(),
            hint,
        }
    }

    pub fn abi(
        &self,
        options: &TargetOptions,
        processor: &Processor,
    ) -> Result<&'static Abi, Error> {
        let abi = match &options.abi {
            Some(name) => self.abi_of(name)?,
            None => match self.triple_abi {
                Some(abi) => abi,
                None => self.own_abi(processor),
            },
        };
        self.check_float_registers(abi, options, processor)?;
        Ok(abi)
    }

    /// Returns the ABI named by `--target-abi=`.
    fn abi_of(&self, name: &str) -> Result<&'static Abi, Error> {
        let abi = self.support.abi(name).ok_or_else(|| Error::UnknownAbi {
            abi: name.to_owned(),
            target: self.spelling.name.clone(),
            supported: self.support.abi_names().join(", "),
            reason: (name == "msvc").then_some(NO_WINDOWS),
        })?;
        match self.triple_abi.filter(|other| !abi.agrees(other)) {
            Some(other) => Err(Error::ContradictoryAbi {
                abi: abi.name,
                other: other.name,
            }),
            None => Ok(abi),
        }
    }

    /// Returns the default ABI.
    fn own_abi(&self, processor: &Processor) -> &'static Abi {
        let by_isa = self.spelling.isa.as_ref().and_then(|isa| {
            let mut abis = self.support.abis.iter();
            abis.find(|abi| abi.float_registers() == isa.float_registers)
        });
        let by_chip = || processor.chip?.abi.and_then(|name| self.support.abi(name));
        by_isa.or_else(by_chip).unwrap_or(&self.support.abis[0])
    }

    /// Checks that the ABI needs no float registers beyond those that the target's or chip's name states.
    fn check_float_registers(
        &self,
        abi: &Abi,
        options: &TargetOptions,
        processor: &Processor,
    ) -> Result<(), Error> {
        let isa = self.spelling.isa.as_ref().map(|isa| &*isa.features);
        let chip = processor.chip.map(|chip| chip.features);
        let Some(supposed) = abi.features.last() else {
            return Ok(());
        };
        let mut features = [isa, chip, options.cpu_features.as_deref()]
            .into_iter()
            .flatten()
            .flat_map(|list| list.split(','));
        let is_there = features.any(|item| item.strip_prefix('+') == Some(supposed));
        if is_there || (isa.is_none() && chip.is_none()) {
            return Ok(());
        }
        let named = processor.chip.map(|chip| chip.name.to_owned());
        Err(Error::NoFloatRegisters {
            abi: abi.name,
            processor: named.unwrap_or_else(|| {
                let asked = options.arch.as_deref().unwrap_or(&self.spelling.name);
                asked.split('-').next().unwrap_or(asked).to_owned()
            }),
            alternative: self.own_abi(processor).name,
        })
    }
}

fn nearest_name<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Hint {
    nearest(wrong, names).map_or(Hint::Nothing, |name| Hint::Nearest(name.to_owned()))
}

fn unknown_target(asked: &str, name: &str) -> Error {
    if matches!(name.strip_prefix("riscv32e"), Some(rest) if rest.chars().all(|c| c.is_ascii_lowercase()))
    {
        return Error::UnsupportedTarget {
            target: asked.to_owned(),
            reason: "the ABI of WAMR's functions needs more registers than RV32E has",
        };
    }
    let hint = match target_of_cpu(asked) {
        Some(target) => Hint::CpuOf(target.to_owned()),
        None => {
            let supported = supported_names();
            let aliases = ALIASES.iter().map(|(alias, _)| *alias);
            let prefixes = FAMILIES.iter().map(|family| family.prefix);
            let names = prefixes
                .chain(aliases)
                .chain(supported.iter().map(String::as_str));
            // The letters of GCC's `-march`.
            let full = name.strip_prefix("rv").map(|rest| format!("riscv{rest}"));
            match full.filter(|full| Spelling::find(full).is_some()) {
                Some(full) => Hint::Nearest(full),
                None => nearest_name(name, names),
            }
        }
    };
    Error::UnknownTarget {
        target: asked.to_owned(),
        hint,
    }
}

/// Returns the target of a processor or chip, or the beginning of the target's name.
fn target_of_cpu(cpu: &str) -> Option<&'static str> {
    chips::target_of(cpu).or_else(|| {
        // Most architectures have one that is called `generic`.
        let mut families = FAMILIES.iter().filter(|_| cpu != "generic");
        let family = families.find(|family| {
            family
                .support
                .is_some_and(|support| support.processors().cpus.contains(&cpu))
        })?;
        Some(family.prefix)
    })
}

impl Abi {
    /// Returns the suffix of a RISC-V ABI that passes floats in registers.
    fn float_registers(&self) -> &'static str {
        self.features.last().copied().unwrap_or("")
    }
}

//! Tells which devices can execute code: compares the code's target with the device's.
//!
//! LLVM's features say which instructions code may contain, and also how to choose among instructions that every
//! processor has. Only the first are needs.

use super::Target;
use super::arch::Support;
use super::error::Error;
use super::processors::Processors;
use super::table::FAMILIES;
use crate::arch::{Arch, Endianness};
use crate::llvm::processor;

/// What code for a target needs of a device; of a device, what it offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// The family of instruction sets, in `wamrc`'s spelling: `thumb`, `riscv32`, `aarch64`.
    pub arch: String,
    pub big_endian: bool,
    /// The ABI that code and runtime call each other by.
    pub abi: String,
    /// The features of the processor that LLVM may make use of, in LLVM's spelling, sorted.
    pub features: Vec<String>,
    /// What code keeps away from, such as a register that the system uses, in LLVM's spelling, sorted.
    pub restrictions: Vec<String>,
}

/// The reason why a device cannot execute code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    #[error("its code is for {code}, the device is {device}")]
    Arch { code: String, device: String },

    #[error("its code is {}-endian", if *.big { "big" } else { "little" })]
    Endianness { big: bool },

    #[error("its ABI is {code}, the device's is {device}")]
    Abi { code: String, device: String },

    #[error("it needs the CPU features {}", .0.join(", "))]
    Features(Vec<String>),

    #[error("it does not keep to {}, as the device demands", .0.join(", "))]
    Restrictions(Vec<String>),
}

/// Features by which code keeps away from something: a device that demands one executes only such code.
const RESTRICTIONS: &[&str] = &["reserve-*", "strict-align"];

/// Features that add no instructions: `*` stands for any characters at that end. A feature that is missing here
/// costs at most a device that could have executed the code.
const TUNING: &[&str] = &[
    // How to choose and to order instructions.
    "*-expensive",
    "*-fusion",
    "*-heuristic",
    "*fusion",
    "addr-lsl-slow-14",
    "aggressive-*",
    "allow-*",
    "alternate-*",
    "alu-lsl-fast",
    "ascend-store-address",
    "avoid-*",
    "balance-fp-ops",
    "branch-align-*",
    "branch-hint",
    "cheap-predicable-cpsr",
    "disable-*",
    "dlen-factor-2",
    "dont-widen-vmovs",
    "enable-*",
    "ermsb",
    "exact-asm",
    "expand-fp-mlx",
    "false-deps-*",
    "fast-*",
    "faster-*",
    "fsrm",
    "fuse-*",
    "idiv*",
    "lea-*",
    "log-vrgather",
    "loop-align",
    "max-interleave-*",
    "muxed-units",
    "neon-fpmovs",
    "no-*",
    "nonpipelined-vfp",
    "optimized-*",
    "pad-short-functions",
    "predictable-*",
    "prefer-*",
    "prof-unpr",
    "relax",
    "save-restore",
    "sbb-dep-breaking",
    "short-forward-branch-*",
    "single-element-vec-fp64",
    "slow*",
    "splat-vfp-neon",
    "store-pair-suppress",
    "sse-unaligned-mem",
    "tuning-*",
    "use-*",
    "vl-dependent-latency",
    "vldn-align",
    "vmlx-*",
    "vxrm-pipeline-flush",
    "vzeroupper",
    "wide-stride-vfp",
    "zcm-*",
    "zcz*",
    // For debuggers, profilers and operating systems.
    "brbe",
    "el2vmsa",
    "el3",
    "ete",
    "mmx",
    "mpam*",
    "perfmon",
    "spe",
    "spe-eef",
    "tracev8.4",
    "trbe",
    // What code must keep away from.
    "*-aligned-only",
    "aapcs-frame-chain",
    "call-saved-*",
    "execute-only",
    "fix-*",
    "forced-atomics",
    "harden-*",
    "long-calls",
    "lvi-*",
    "noarm",
    "read-tp-*",
    "reserve-*",
    "retpoline*",
    "seses",
    "soft-float",
    "strict-align",
    "tagged-globals",
    "thumb-mode",
    // Names of processors, and of versions whose parts are features, too.
    "andes45",
    "armv*",
    "experimental-rv*",
    "carmel",
    "falkor",
    "fujitsu-monaka",
    "krait",
    "kryo",
    "mips-p8700",
    "neoverse*",
    "olympus",
    "oryon-1",
    "rva2*",
    "rvb2*",
    "rvi2*",
    "saphira",
    "sifive7",
    "swift",
    "thunder*",
    "tsv110",
    "ventana-veyron",
    "c1-*",
    "exynos*",
    "ampere*",
    "apple-*",
    "cortex-*",
    // All features at once.
    "all",
];

/// Features of RISC-V over which LLVM ends the process on processors that have others. Code has them if the options
/// or the processor ([`HAZARD3`]) say so.
const UNASKED: &[&str] = &[
    "xqc*", "xwchc", "zce", "zcf", "zclsd", "zcmp", "zcmt", "zilsd*",
];

/// The one processor of LLVM 22 that has one of these.
const HAZARD3: (&str, &str) = ("rp2350-hazard3", "zcmp");

fn is_one_of(feature: &str, patterns: &[&str]) -> bool {
    let matches = |pattern: &str| match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => feature.ends_with(end),
        (_, Some(start)) => feature.starts_with(start),
        _ => feature == pattern,
    };
    patterns.iter().any(|pattern| matches(pattern))
}

/// Reports whether a feature of Arm is a processor, such as `a55`, `m7` or `r52plus`.
fn is_arm_processor(feature: &str) -> bool {
    let mut rest = feature.chars();
    matches!(rest.next(), Some('a' | 'm' | 'r'))
        && rest.next().is_some_and(|digit| digit.is_ascii_digit())
}

/// Returns the versions of the instruction set that a MIPS processor has, and the processor itself if it has another.
fn mips_versions(cpu: &str) -> Vec<String> {
    const VERSIONS: &[&str] = &[
        "mips1", "mips2", "mips32", "mips32r2", "mips32r3", "mips32r5",
    ];
    let version = match cpu {
        "generic" => "mips32",
        "p5600" => "mips32r5",
        cpu => cpu,
    };
    match VERSIONS.iter().position(|known| *known == version) {
        Some(last) => VERSIONS[..=last].iter().map(|&it| it.to_owned()).collect(),
        None => vec![cpu.to_owned()],
    }
}

/// Returns the first name of an ABI that has several. Those of Arm say which C library a system has, which makes
/// no difference to compiled code.
fn abi_name(arch: Arch, name: &'static str, support: Option<&'static Support>) -> &'static str {
    if arch.is_arm() {
        let rest = name.strip_prefix("gnu").or(name.strip_prefix("musl"));
        return match rest {
            Some("") => "eabi",
            rest => rest.unwrap_or(name),
        };
    }
    support
        .and_then(|support| {
            let own = support.abi(name)?;
            support.abis.iter().find(|other| other.agrees(own))
        })
        .map_or(name, |abi| abi.name)
}

impl Target {
    /// Returns what code for the target needs of a device.
    pub fn needs(&self) -> Result<Needs, Error> {
        // Only a target with support is resolved.
        let support = FAMILIES
            .iter()
            .filter(|family| family.arch == self.arch)
            .find_map(|family| family.support);
        let (known, fixed) = support.map_or((Vec::new(), &[][..]), |support| {
            let known = Processors::parse(support.processor_table).features;
            (known, support.fixed_features)
        });
        let arm = self.arch.is_arm() || self.arch == Arch::Aarch64;
        let riscv = matches!(self.arch, Arch::Riscv32 | Arch::Riscv64);
        let is_unasked = |name: &str| riscv && is_one_of(name, UNASKED);
        let (restrictions, others): (Vec<&str>, Vec<&str>) = known
            .into_iter()
            .filter(|name| !fixed.contains(name))
            .partition(|name| is_one_of(name, RESTRICTIONS));
        let asked: Vec<&str> = others
            .into_iter()
            .filter(|name| !(is_one_of(name, TUNING) || arm && is_arm_processor(name)))
            .filter(|name| !is_unasked(name))
            .collect();
        let of_processor = |asked: Vec<&str>| {
            let has = processor::has_features(&self.machine, &asked)?;
            let own = asked.into_iter().zip(has).filter(|(_, has)| *has);
            let mut names: Vec<String> = own.map(|(name, _)| name.to_owned()).collect();
            names.sort_unstable();
            Ok::<_, Error>(names)
        };
        let (mut features, restrictions) = match self.arch {
            // LLVM ends the process over many combinations of MIPS's features.
            Arch::Mips => (mips_versions(&self.machine.cpu), Vec::new()),
            _ => (of_processor(asked)?, of_processor(restrictions)?),
        };
        let named = self.machine.features.split(',');
        let named = named.filter_map(|item| item.strip_prefix('+'));
        let hazard3 = (self.machine.cpu == HAZARD3.0).then_some(HAZARD3.1);
        let unasked = named.chain(hazard3).filter(|name| is_unasked(name));
        features.extend(unasked.map(str::to_owned));
        features.sort_unstable();
        features.dedup();
        Ok(Needs {
            arch: self.arch.name().to_owned(),
            big_endian: self.endianness == Endianness::Big,
            abi: abi_name(self.arch, self.abi, support).to_owned(),
            features,
            restrictions,
        })
    }
}

impl Needs {
    /// Checks that a device that offers `device` can execute the code. Returns the first reason why not.
    pub fn check(&self, device: &Needs) -> Result<(), Mismatch> {
        if self.arch != device.arch {
            return Err(Mismatch::Arch {
                code: self.arch.clone(),
                device: device.arch.clone(),
            });
        }
        if self.big_endian != device.big_endian {
            return Err(Mismatch::Endianness {
                big: self.big_endian,
            });
        }
        if self.abi != device.abi {
            return Err(Mismatch::Abi {
                code: self.abi.clone(),
                device: device.abi.clone(),
            });
        }
        let without = |all: &[String], found: &[String]| -> Vec<String> {
            let missing = all.iter().filter(|name| !found.contains(name));
            missing.cloned().collect()
        };
        let missing = without(&self.features, &device.features);
        if !missing.is_empty() {
            return Err(Mismatch::Features(missing));
        }
        let missing = without(&device.restrictions, &self.restrictions);
        match missing.is_empty() {
            true => Ok(()),
            false => Err(Mismatch::Restrictions(missing)),
        }
    }
}

//! Resolves [`TargetOptions`] to a [`Target`], which holds all facts about a target.
//!
//! The other rooms read every fact about the machine from [`Target`], which takes it from one table,
//! `table`. The processors and features that LLVM knows are tables too (`processors`), because LLVM only
//! warns of an unknown name, and aborts on an unsuitable one.
//!
//! If the options leave something open:
//!
//! - no `--target`: the host's architecture and processor, with exactly the features of this machine. The
//!   output then depends on the host;
//! - a `--target` without `--cpu`: the oldest processor of that architecture. The output depends only on the
//!   options;
//! - a `--cpu` that names a chip or a microcontroller, without `--target`: the target of that processor.

mod arch;
mod asked;
mod chips;
mod error;
mod float_unit;
mod isa;
mod nearest;
mod needs;
mod processors;
mod system;
mod table;
#[cfg(test)]
mod tests;

pub use crate::arch::{Arch, Endianness, PointerWidth};
pub use arch::{Facts, Reach, RelaxedInstructions, TailCalls, VectorUnit};
pub use error::{Error, Hint};
pub(crate) use nearest::nearest;
pub use needs::{Mismatch, Needs};

use crate::llvm::{CodeModel, MachineSpec, probe};
use crate::options::TargetOptions;
use arch::{Abi, Support};
use asked::{Asked, Processor};
use chips::CHIPS;
use processors::Processors;

/// A target machine, resolved and checked: plain data. The answers of LLVM are already included.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Target {
    pub arch: Arch,
    /// The architecture's name in the AOT file, in `wamrc`'s spelling. WAMR's loader compares it with its own
    /// name.
    pub name: String,
    /// Triple, processor and features in LLVM's terms.
    pub machine: MachineSpec,
    /// The ABI's name, as `wamrc` spells it.
    pub abi: &'static str,
    pub pointer_width: PointerWidth,
    pub endianness: Endianness,
    /// `e_machine` of this target's ELF files.
    pub elf_machine: u16,
    /// `e_flags` of this target's ELF files.
    pub elf_flags: u32,
    /// Whether software checks the bounds of memory accesses by default. WAMR's guard pages need virtual
    /// memory and a larger address space than 32 bits have.
    pub default_bounds_checks: bool,
    /// The code runs below an operating system for applications: Linux, macOS, … Otherwise the runtime is a
    /// part of the firmware, or of a system for microcontrollers such as Zephyr.
    pub operating_system: bool,
    /// Code may use the segment register GS and can write it: on x86-64 Linux.
    pub free_segment: bool,
    /// The calls that LLVM can compile as tail calls.
    pub tail_calls: TailCalls,
    /// How many bytes longer an unaligned access to a word is than an aligned one. Above zero if the access
    /// consists of several smaller ones, for processors that require aligned addresses.
    pub unaligned_overhead: u64,
    /// For targets whose runtime does not NaN-box an `f32`: the instruction that moves the lower half of the
    /// register to an integer register, in LLVM's syntax of inline assembly.
    pub unboxed_f32: Option<&'static str>,
    pub facts: Facts,
    /// Empty until [`Target::ask_relaxed_instructions`] fills it in: few modules need the answers.
    pub relaxed_instructions: RelaxedInstructions,
}

impl Target {
    /// Fills in the open options and checks the others.
    pub fn resolve(options: &TargetOptions) -> Result<Target, Error> {
        let asked = Asked::read(options)?;
        let processor = asked.processor(options)?;
        let abi = asked.abi(options, &processor)?;
        let features = features(options, &asked, &processor, abi)?;
        let Asked {
            spelling,
            mut support,
            system,
            is_triple,
            ..
        } = asked;
        let family = spelling.family;
        let mut arch = family.arch;
        let machine = |triple_start: &str, support: &Support| MachineSpec {
            triple: format!(
                "{triple_start}-{}-{}",
                support.vendor_and_system, abi.environment
            ),
            cpu: processor.cpu.clone(),
            features: features.clone(),
            abi: abi.llvm_name,
            relocation: support.relocation,
            code_model: support.code_model,
        };
        let mut spec = machine(&spelling.llvm_name, support);
        let mut answers = probe::ask(&spec, arch.is_arm())?;
        if let Some(other) = &support.microcontrollers
            && answers.is_thumb
        {
            let rest = spelling.llvm_name.strip_prefix(family.prefix);
            arch = other.arch;
            support = other.support;
            spec = machine(
                &format!("{}{}", other.llvm_prefix, rest.unwrap_or_default()),
                support,
            );
            answers = probe::ask(&spec, arch.is_arm())?;
        }
        if family.arch.is_arm() && float_unit::hard(abi) && !answers.floats_in_float_registers {
            return Err(Error::NoFloatRegisters {
                abi: abi.name,
                processor: match processor.named {
                    true => processor.cpu,
                    false => spelling.name,
                },
                alternative: "eabi",
            });
        }
        let lacks_jumps = support.may_lack_jumps && !answers.jumps;
        let unboxed_f32 = support.unboxed_f32.filter(|floats| floats.abi == abi.name);
        let mut facts = support.facts;
        // The emitter takes lanes in the order of memory, which is not their order in a register
        // of a big-endian machine.
        facts.simd &= spelling.endianness == Endianness::Little;
        Ok(Target {
            arch,
            name: spelling.name,
            machine: spec,
            abi: abi.name,
            pointer_width: family.pointer_width,
            endianness: spelling.endianness,
            elf_machine: family.elf_machine,
            elf_flags: answers.elf_flags,
            default_bounds_checks: family.pointer_width == PointerWidth::Bits32
                || !system.guard_pages,
            operating_system: system.guard_pages && (is_triple || !arch.is_for_firmware()),
            free_segment: arch == Arch::X86_64 && system.is_linux(),
            tail_calls: match lacks_jumps {
                true => TailCalls::Never,
                false => support.tail_calls,
            },
            unaligned_overhead: answers.unaligned_overhead,
            unboxed_f32: unboxed_f32.map(|floats| floats.to_integer),
            facts,
            relaxed_instructions: RelaxedInstructions::default(),
        })
    }

    /// Asks LLVM which instructions for relaxed SIMD the processor has.
    pub fn ask_relaxed_instructions(&mut self) -> Result<(), Error> {
        if self.facts.vectors == VectorUnit::X86 {
            let found = probe::x86_vector_instructions(&self.machine)?;
            let has = |mnemonic: &str| found.contains(mnemonic);
            self.relaxed_instructions = RelaxedInstructions {
                fused_multiply_add: has("vfmadd"),
                ssse3: has("pabsd"),
                sse41: has("roundps"),
                avx512: has("vcvttps2udq\t%xmm"),
            };
        }
        Ok(())
    }

    /// Returns which constants code can address by their distance, if it is executed in place or if the
    /// loader may change it.
    pub fn reach(&self, in_place: bool) -> Reach {
        match self.facts.reach {
            Reach::Nothing if in_place => Reach::Literals,
            reach => reach,
        }
    }

    /// Reports whether code generation without optimisation loads floats from places that code may not reach.
    pub fn misplaces_floats(&self) -> bool {
        self.machine.code_model == CodeModel::Tiny
    }
}

/// Returns LLVM's features for the options. Later features win, so the user's come last.
fn features(
    options: &TargetOptions,
    asked: &Asked,
    processor: &Processor,
    abi: &Abi,
) -> Result<String, Error> {
    let Asked {
        spelling,
        support,
        system,
        ..
    } = asked;
    let arch = spelling.family.arch;
    let processors = support.processors();
    let own = processors.canonical(options.cpu_features.as_deref().unwrap_or(""));
    let fixed = support.fixed_features;
    processors.check_features(&own, fixed, abi.features, &spelling.name)?;

    let float_unit = match arch.is_arm() {
        true => float_unit::features(spelling, abi, processor.named.then_some(&processor.cpu)),
        false => "",
    };
    let platform_register = match system.reserves_x18 && arch == Arch::Aarch64 {
        true => "+reserve-x18",
        false => "",
    };
    let isa = spelling.isa.as_ref().map_or("", |isa| &isa.features);
    let abi: Vec<String> = abi.features.iter().map(|name| format!("+{name}")).collect();
    let lists = [
        support.features,
        platform_register,
        spelling.version.features,
        float_unit,
        isa,
        &processor.features,
        &abi.join(","),
        &own,
    ];
    let lists: Vec<&str> = lists.into_iter().filter(|list| !list.is_empty()).collect();
    Ok(lists.join(","))
}

/// Returns the names that `--target=` accepts.
pub fn supported_names() -> Vec<String> {
    arch::supported_names()
}

/// Returns the names that `--target-abi=` accepts for the target in `options`, the default first.
pub fn supported_abis(options: &TargetOptions) -> Result<Vec<&'static str>, Error> {
    Asked::read(options).map(|asked| asked.support.abi_names())
}

/// Returns the names that `--cpu=` accepts for the target in `options`: processors, then chips.
pub fn supported_cpus(options: &TargetOptions) -> Result<Vec<&'static str>, Error> {
    Asked::read(options).map(|asked| {
        let chips = CHIPS.iter().filter(|chip| asked.runs_on(chip));
        let mut names = asked.support.processors().cpus;
        names.extend(chips.map(|chip| chip.name));
        names
    })
}

/// Returns the features that `--cpu-features=` accepts for the target in `options`.
pub fn supported_features(options: &TargetOptions) -> Result<Vec<&'static str>, Error> {
    let support = Asked::read(options)?.support;
    let mut features = support.processors().features;
    features.retain(|feature| !support.fixed_features.contains(feature));
    Ok(features)
}

impl Support {
    fn abi(&self, name: &str) -> Option<&'static Abi> {
        self.abis.iter().find(|abi| abi.name == name)
    }

    fn abi_names(&self) -> Vec<&'static str> {
        self.abis.iter().map(|abi| abi.name).collect()
    }

    fn processors(&self) -> Processors {
        Processors::parse(self.processor_table)
    }
}

impl Abi {
    /// Reports whether both are names of one ABI.
    fn agrees(&self, other: &Abi) -> bool {
        (self.environment, self.llvm_name) == (other.environment, other.llvm_name)
    }
}

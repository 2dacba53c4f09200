//! What the compiler knows of a target: [`TargetOptions`] come in, a resolved [`Target`] goes out.
//!
//! Everything that depends on the machine is asked of [`Target`], and [`Target`] reads it from one
//! table, [`table`]. The processors and features that LLVM knows are tables as well ([`processors`]),
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
mod probe;
mod processors;
mod table;
#[cfg(test)]
mod tests;

pub use arch::{Arch, Endianness, ObjectWriter, PointerWidth, Reach, TailCalls};
pub use error::Error;

use crate::options::TargetOptions;
use arch::{Abi, Spelling, Support};
use processors::Processors;

/// A machine to generate code for, resolved and checked.
#[derive(Debug, Clone)]
pub struct Target {
    arch: Arch,
    /// The architecture as WAMR's loader compares it, in `wamrc`'s spelling.
    name: String,
    triple: String,
    abi: &'static Abi,
    cpu: String,
    features: String,
    pointer_width: PointerWidth,
    endianness: Endianness,
    elf_machine: u16,
    tail_calls: TailCalls,
    support: &'static Support,
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
                    supported: support.abi_names().join(", "),
                })?;
                if let Some(other) = triple_abi.filter(|other| !abi.agrees(other)) {
                    return Err(Error::ContradictoryAbi {
                        abi: abi.name,
                        other: other.name,
                    });
                }
                abi
            }
            None => triple_abi.unwrap_or(&support.abis[0]),
        };

        let processors = support.processors();
        let (cpu, cpu_features) = match (&options.cpu, &options.arch) {
            (Some(cpu), _) => {
                processors.check_cpu(cpu, &spelling.name)?;
                (cpu.clone(), String::new())
            }
            (None, Some(_)) => support.default_processor(),
            (None, None) => {
                machine::host_cpu(&processors).unwrap_or_else(|| support.default_processor())
            }
        };
        let own_features = options.cpu_features.as_deref().unwrap_or("");
        processors.check_features(
            own_features,
            support.fixed_features,
            abi.features,
            &spelling.name,
        )?;
        let abi_features = abi.features.iter().map(|feature| format!("+{feature}"));

        let mut target = Target {
            arch: spelling.family.arch,
            triple: format!(
                "{}-{}-{}",
                spelling.llvm_name, support.vendor_and_system, abi.environment
            ),
            name: spelling.name,
            abi,
            cpu,
            // Later ones win, so the caller's come last.
            features: [support.features, spelling.version.features, &cpu_features]
                .map(str::to_owned)
                .into_iter()
                .chain(abi_features)
                .chain([own_features.to_owned()])
                .filter(|features| !features.is_empty())
                .collect::<Vec<_>>()
                .join(","),
            pointer_width: spelling.family.pointer_width,
            endianness: spelling.endianness,
            elf_machine: spelling.family.elf_machine,
            tail_calls: support.tail_calls,
            support,
        };
        if let Some(other) = &support.microcontrollers
            && probe::is_thumb(&target)?
        {
            let rest = spelling.llvm_name.strip_prefix(spelling.family.prefix);
            target.arch = other.arch;
            target.triple = format!(
                "{}{}-{}-{}",
                other.llvm_prefix,
                rest.unwrap_or_default(),
                other.support.vendor_and_system,
                abi.environment
            );
            target.support = other.support;
        }
        if target.support.may_lack_jumps && !probe::jumps(&target)? {
            target.tail_calls = TailCalls::Never;
        }
        Ok(target)
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
        self.abi.name
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
    pub fn elf_flags(&self) -> Result<u32, Error> {
        probe::elf_flags(self)
    }

    /// Which calls LLVM can be told to make tail calls.
    pub fn tail_calls(&self) -> TailCalls {
        self.tail_calls
    }

    /// How LLVM comes to write right objects.
    pub fn objects(&self) -> ObjectWriter {
        self.support.objects
    }

    /// Which constants code can address by their distance from it, where the code is executed in
    /// place or where the loader may change it.
    pub fn reach(&self, in_place: bool) -> Reach {
        match self.support.reach {
            Reach::Nothing if in_place => Reach::Literals,
            reach => reach,
        }
    }

    /// Whether the C ABI has callers and callees sign-extend an `i32` to the width of a register.
    pub fn extends_i32(&self) -> bool {
        self.support.extends_i32
    }

    /// Whether code generation without optimisation takes floats from where code may not reach.
    pub fn misplaces_floats(&self) -> bool {
        self.support.code_model == arch::CodeModel::Tiny
    }

    /// Whether a parameter can have a register of its own, which calls keep.
    pub fn kept_register(&self) -> bool {
        self.support.kept_register
    }

    /// Whether an `f32` that the runtime passes may have anything in the upper half of its register.
    pub fn unboxed_f32(&self) -> bool {
        self.support.unboxed_f32.contains(&self.abi.name)
    }

    /// How many bytes longer an access to a word at any address is than to an aligned one: more than
    /// zero where it is made of several that are smaller, for processors that want addresses aligned.
    pub fn unaligned_overhead(&self) -> Result<u64, Error> {
        probe::unaligned_overhead(self)
    }

    /// Whether the linker can put a number into code: in an instruction or a literal.
    pub fn literal_frame_sizes(&self) -> bool {
        self.support.literal_frame_sizes
    }

    /// Whether doubles are loaded into floating-point registers only from aligned addresses, while
    /// words are from any.
    pub fn aligned_doubles(&self) -> bool {
        self.support.aligned_doubles
    }

    /// Whether a store that traps has written nothing, even if only its last byte is out of bounds.
    pub fn stores_whole(&self) -> bool {
        self.support.stores_whole
    }

    /// Whether machines of this kind are such that the size of code counts.
    pub fn small(&self) -> bool {
        self.support.small
    }

    /// Whether functions return floats in a register of the x87 unit.
    pub fn returns_in_x87(&self) -> bool {
        self.support.returns_in_x87
    }

    /// Whether LLVM leaves arithmetic to functions on some processors.
    pub fn calls_library(&self) -> bool {
        self.support.calls_library
    }

    /// Whether code with vectors can be generated.
    pub fn simd(&self) -> bool {
        // The emitter takes lanes in the order of memory, which is not their order in a register
        // of a big-endian machine.
        self.support.simd && self.endianness == Endianness::Little
    }
}

/// The architecture that `options` ask for and, where they give a triple, its ABI.
fn arch_of(
    options: &TargetOptions,
) -> Result<(Spelling, &'static Support, Option<&'static Abi>), Error> {
    let unknown = |target: &str| Error::UnknownTarget {
        target: target.to_owned(),
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
        .ok_or_else(|| Error::UnsupportedTarget {
            target: asked.to_owned(),
        })?;
    let abi = match rest {
        None => None,
        Some(_) => machine::triple_abi(asked, support)?,
    };
    Ok((spelling, support, abi))
}

impl PartialEq for Target {
    fn eq(&self, other: &Target) -> bool {
        (&self.name, &self.triple, self.abi) == (&other.name, &other.triple, other.abi)
            && (&self.cpu, &self.features) == (&other.cpu, &other.features)
    }
}

impl Eq for Target {}

/// The names that `--target=` takes.
pub fn supported_names() -> Vec<String> {
    arch::supported_names()
}

/// What `--target-abi=` takes for the target in `options`, the default first.
pub fn supported_abis(options: &TargetOptions) -> Result<Vec<&'static str>, Error> {
    arch_of(options).map(|(_, support, _)| support.abi_names())
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
    fn abi(&self, name: &str) -> Option<&'static Abi> {
        self.abis.iter().find(|abi| abi.name == name)
    }

    fn abi_names(&self) -> Vec<&'static str> {
        self.abis.iter().map(|abi| abi.name).collect()
    }

    fn default_processor(&self) -> (String, String) {
        (
            self.default_cpu.to_owned(),
            self.default_features.to_owned(),
        )
    }

    fn processors(&self) -> Processors {
        Processors::parse(self.processor_table)
    }
}

impl Abi {
    /// Whether the two are names of one ABI.
    fn agrees(&self, other: &Abi) -> bool {
        (self.environment, self.llvm_name) == (other.environment, other.llvm_name)
    }
}

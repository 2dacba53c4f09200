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
//!   the options alone;
//! - a `--cpu` that names a chip or a microcontroller, without `--target`: the target of that.

mod arch;
mod asked;
mod chips;
mod error;
mod float_unit;
mod isa;
mod machine;
mod nearest;
mod probe;
mod processors;
mod system;
mod table;
#[cfg(test)]
mod tests;

pub use arch::{Arch, Endianness, ObjectWriter, PointerWidth, Reach, TailCalls};
pub use error::{Error, Hint};
pub(crate) use nearest::nearest;

use crate::options::TargetOptions;
use arch::{Abi, Support};
use asked::{Asked, Processor};
use chips::CHIPS;
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
    guard_pages: bool,
    support: &'static Support,
}

impl Target {
    /// Fills in what `options` leave open and checks the rest.
    pub fn resolve(options: &TargetOptions) -> Result<Target, Error> {
        let asked = Asked::read(options)?;
        let processor = asked.processor(options)?;
        let abi = asked.abi(options, &processor)?;
        let features = features(options, &asked, &processor, abi)?;
        let Asked {
            spelling,
            support,
            system,
            ..
        } = asked;
        let family = spelling.family;

        let mut target = Target {
            arch: family.arch,
            triple: format!(
                "{}-{}-{}",
                spelling.llvm_name, support.vendor_and_system, abi.environment
            ),
            name: spelling.name,
            abi,
            cpu: processor.cpu,
            features,
            pointer_width: family.pointer_width,
            endianness: spelling.endianness,
            elf_machine: family.elf_machine,
            tail_calls: support.tail_calls,
            guard_pages: system.guard_pages,
            support,
        };
        if let Some(other) = &support.microcontrollers
            && probe::is_thumb(&target)?
        {
            let rest = spelling.llvm_name.strip_prefix(family.prefix);
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
        if family.arch.is_arm()
            && float_unit::hard(abi)
            && !probe::passes_floats_in_float_registers(&target)?
        {
            return Err(Error::NoFloatRegisters {
                abi: abi.name,
                processor: match processor.named {
                    true => target.cpu,
                    false => target.name,
                },
                alternative: "eabi",
            });
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
    /// pages need an address space that 32 bits do not have, and a system with virtual memory.
    pub fn default_bounds_checks(&self) -> bool {
        self.pointer_width == PointerWidth::Bits32 || !self.guard_pages
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

/// LLVM's features for what the options ask for. Later ones win, so the user's come last.
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

impl PartialEq for Target {
    fn eq(&self, other: &Target) -> bool {
        (&self.name, &self.triple, self.abi) == (&other.name, &other.triple, other.abi)
            && (&self.cpu, &self.features) == (&other.cpu, &other.features)
            && self.guard_pages == other.guard_pages
    }
}

impl Eq for Target {}

/// The names that `--target=` takes.
pub fn supported_names() -> Vec<String> {
    arch::supported_names()
}

/// What `--target-abi=` takes for the target in `options`, the default first.
pub fn supported_abis(options: &TargetOptions) -> Result<Vec<&'static str>, Error> {
    Asked::read(options).map(|asked| asked.support.abi_names())
}

/// The names that `--cpu=` takes for the target in `options`: processors, then chips.
pub fn supported_cpus(options: &TargetOptions) -> Result<Vec<&'static str>, Error> {
    Asked::read(options).map(|asked| {
        let chips = CHIPS.iter().filter(|chip| asked.runs_on(chip));
        let mut names = asked.support.processors().cpus;
        names.extend(chips.map(|chip| chip.name));
        names
    })
}

/// The features that `--cpu-features=` takes for the target in `options`.
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
    /// Whether the two are names of one ABI.
    fn agrees(&self, other: &Abi) -> bool {
        (self.environment, self.llvm_name) == (other.environment, other.llvm_name)
    }
}

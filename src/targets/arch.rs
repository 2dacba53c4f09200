//! The types of the table of targets, and the search for the row of a spelling.

use super::isa::Isa;
use super::processors::Processors;
use super::table::{ALIASES, FAMILIES};
use crate::arch::{Arch, Endianness, PointerWidth};
use crate::llvm::{CodeModel, ObjectWriter, Relocation};

/// A row of the table: spellings that differ only in the version of one instruction set.
#[derive(Debug)]
pub(super) struct Family {
    pub arch: Arch,
    /// A spelling consists of this, one of `versions`, and `eb` for big endian if it exists.
    pub prefix: &'static str,
    /// The prefix of LLVM's triples instead of `prefix`.
    pub llvm_prefix: &'static str,
    /// In the first row of a prefix, the bare prefix means the first version.
    pub versions: &'static [Version],
    pub endianness: Endianness,
    pub big_endian_suffix: bool,
    pub pointer_width: PointerWidth,
    pub elf_machine: u16,
    /// `None`: the name is known, but LLVM cannot generate code for it.
    pub support: Option<&'static Support>,
}

/// A version of an instruction set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Version {
    pub name: &'static str,
    /// Features of every processor of that version, if LLVM does not derive them from the name.
    pub features: &'static str,
    /// The floating-point unit that hard-float ABIs need if no processor is named. Empty if the version
    /// implies a unit, or if its processors have none.
    pub float_unit: &'static str,
}

/// The facts about an architecture for code generation.
#[derive(Debug)]
pub(super) struct Support {
    /// The ABIs, the default first.
    pub abis: &'static [Abi],
    pub vendor_and_system: &'static str,
    /// The processor if the options name none.
    pub default_cpu: &'static str,
    /// Features that code may use beyond `default_cpu`.
    pub default_features: &'static str,
    /// Features that do not depend on the processor: they say how code is generated, not what it needs.
    pub features: &'static str,
    /// Features that the user cannot change: the ABI between compiled code and runtime depends on them, or
    /// they make LLVM abort.
    pub fixed_features: &'static [&'static str],
    pub processor_table: &'static str,
    /// The differences for processors that lack this instruction set.
    pub microcontrollers: Option<Microcontrollers>,
    pub relocation: Relocation,
    pub code_model: CodeModel,
    pub tail_calls: TailCalls,
    /// Tail calls need a jump that reaches every function, which some processors lack.
    pub may_lack_jumps: bool,
    pub unboxed_f32: Option<UnboxedF32>,
    pub facts: Facts,
}

/// With `abi`, the runtime passes an `f32` in a 64-bit register without NaN-boxing it as the ABI demands. An
/// integer register takes the lower half unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UnboxedF32 {
    pub abi: &'static str,
    /// The instruction that moves the lower half of a floating-point register to an integer register, in
    /// LLVM's syntax of inline assembly.
    pub to_integer: &'static str,
}

/// Further facts about an architecture, for the rooms that generate code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Facts {
    /// How LLVM writes correct objects.
    pub objects: ObjectWriter,
    /// Which constants code can address by their distance from the code.
    pub reach: Reach,
    /// Callers and callees sign-extend an `i32` to the width of a register.
    pub extends_i32: bool,
    /// LLVM can keep a parameter in a dedicated register across calls (`swiftself`).
    pub kept_register: bool,
    /// The linker can write a number into code: into an instruction or a literal.
    pub literal_frame_sizes: bool,
    /// Doubles are loaded into floating-point registers only from aligned addresses, but words from any.
    pub aligned_doubles: bool,
    /// A store that traps writes nothing, even if only its last byte is out of bounds. AArch64 does not
    /// specify which bytes an aborted unaligned store has written.
    pub stores_whole: bool,
    /// On most machines of this architecture, the size of code matters.
    pub small: bool,
    /// Functions return floats in a register of the x87 unit, which quiets NaNs.
    pub returns_in_x87: bool,
    /// LLVM calls functions for some arithmetic, at least on some processors.
    pub calls_library: bool,
    /// The runtime supports SIMD on this architecture, and LLVM can generate vector code.
    pub simd: bool,
    /// The family of vector units.
    pub vectors: VectorUnit,
}

/// The families of vector units that need other instructions than LLVM's defaults. Every processor of the
/// architecture has the unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VectorUnit {
    /// SSE2: minimum ignores NaN, and conversion does not saturate.
    X86,
    /// Has most WebAssembly instructions directly.
    Aarch64,
    /// Uses LLVM's default code.
    Other,
}

/// The instructions of an x86 processor that make operators of relaxed SIMD fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct RelaxedInstructions {
    /// `vfmadd…`: multiply and add with one rounding.
    pub fused_multiply_add: bool,
    /// SSSE3: `pshufb`, `pmulhrsw`, `pmaddubsw`.
    pub ssse3: bool,
    /// SSE4.1: `pblendvb`, `blendvps`, `blendvpd`.
    pub sse41: bool,
    /// AVX-512 on vectors of 128 bits: `vcvttps2udq`, `vpternlogd`.
    pub avx512: bool,
}

/// Processors with another instruction set than the target's name says.
#[derive(Debug)]
pub(super) struct Microcontrollers {
    pub arch: Arch,
    /// The prefix of their LLVM triples, instead of the row's prefix.
    pub llvm_prefix: &'static str,
    pub support: &'static Support,
}

/// A procedure call standard.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Abi {
    pub name: &'static str,
    /// The last part of the LLVM triple.
    pub environment: &'static str,
    /// LLVM's name, if the triple does not imply it.
    pub llvm_name: &'static str,
    /// The features that the ABI needs.
    pub features: &'static [&'static str],
}

/// Which constants code can address by their distance from the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// All of the text.
    Text,
    /// The constants of its own partition.
    Partition,
    /// All of the text. The distances stand in literals, because only the linker knows them.
    Literals,
    /// None: code loads addresses from literals, which the loader fills in.
    Nothing,
}

/// Which calls LLVM can compile as tail calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TailCalls {
    /// All calls, by the calling convention `tailcc`; `musttail` only with up to this many arguments that are
    /// no floats, because LLVM loses others (`emit::call`).
    Any { arguments: u32 },
    /// Calls with the signature of their caller, if their arguments fit into this many registers. For other
    /// calls, LLVM decides.
    SameSignature { registers: u32 },
    /// No calls.
    Never,
}

/// A target's name in the user's spelling, found in the table.
#[derive(Debug)]
pub(super) struct Spelling {
    pub family: &'static Family,
    pub version: &'static Version,
    /// With the version (`aarch64` is `aarch64v8`).
    pub name: String,
    /// The first part of the LLVM triple.
    pub llvm_name: String,
    pub endianness: Endianness,
    /// The extensions in a name like `riscv32imac`.
    pub isa: Option<Isa>,
}

impl Spelling {
    pub fn find(name: &str) -> Option<Spelling> {
        let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
        let name = alias.map_or(name, |(_, name)| name);
        FAMILIES.iter().find_map(|family| {
            let rest = name.strip_prefix(family.prefix)?;
            let (version, suffix, endianness) = match rest.strip_suffix("eb") {
                Some(version) if family.big_endian_suffix => (version, "eb", Endianness::Big),
                _ => (rest, "", family.endianness),
            };
            let isa = family.isa(version);
            let version = match version {
                // The rows of a prefix that come first hold its default.
                "" => family.versions.first(),
                _ if isa.is_some() => family.versions.first(),
                _ => family.versions.iter().find(|known| known.name == version),
            }?;
            let name = |prefix| format!("{prefix}{}{suffix}", version.name);
            Some(Spelling {
                family,
                version,
                name: name(family.prefix),
                llvm_name: name(family.llvm_prefix),
                endianness,
                isa,
            })
        })
    }
}

impl Family {
    /// Parses `list`, if names of this family can end with a list of extensions.
    fn isa(&self, list: &str) -> Option<Isa> {
        if !matches!(self.arch, Arch::Riscv32 | Arch::Riscv64) {
            return None;
        }
        let known = Processors::parse(self.support?.processor_table).features;
        Isa::parse(list, &known)
    }
}

/// Returns every name that code can be generated for.
pub(super) fn supported_names() -> Vec<String> {
    FAMILIES
        .iter()
        .filter(|family| family.support.is_some())
        .flat_map(|family| {
            let endings: &[&str] = if family.big_endian_suffix {
                &["", "eb"]
            } else {
                &[""]
            };
            family.versions.iter().flat_map(move |version| {
                endings
                    .iter()
                    .map(move |ending| format!("{}{}{ending}", family.prefix, version.name))
            })
        })
        .collect()
}

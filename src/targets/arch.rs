//! What a row of the table of targets is made of, and how a spelling finds its row.

use super::isa::Isa;
use super::processors::Processors;
use super::table::{ALIASES, FAMILIES};
use crate::arch::{Arch, Endianness, PointerWidth};
use crate::llvm::{CodeModel, ObjectWriter, Relocation};

/// A row of the table: spellings that differ in the version of one instruction set only.
#[derive(Debug)]
pub(super) struct Family {
    pub arch: Arch,
    /// A spelling is this, one of `versions`, and `eb` for big endian where there is such a thing.
    pub prefix: &'static str,
    /// What LLVM's triples begin with instead.
    pub llvm_prefix: &'static str,
    /// In the first row of a prefix, the first one is what the bare prefix stands for.
    pub versions: &'static [Version],
    pub endianness: Endianness,
    pub big_endian_suffix: bool,
    pub pointer_width: PointerWidth,
    pub elf_machine: u16,
    /// `None`: the name is known, but LLVM has no code generator for it.
    pub support: Option<&'static Support>,
}

/// A version of an instruction set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Version {
    pub name: &'static str,
    /// What every processor of that version has, where LLVM does not see it in the name.
    pub features: &'static str,
    /// The floating-point unit that ABIs with floats in its registers suppose where no processor
    /// is named; empty if the version implies one, or if its processors have none.
    pub float_unit: &'static str,
}

/// What code generation needs to know of an architecture.
#[derive(Debug)]
pub(super) struct Support {
    /// The default first.
    pub abis: &'static [Abi],
    pub vendor_and_system: &'static str,
    /// What is generated for where no processor is named.
    pub default_cpu: &'static str,
    /// What the code may use beyond `default_cpu`.
    pub default_features: &'static str,
    /// What the code has whatever the processor: how it is made, not what it needs.
    pub features: &'static str,
    /// Features that the ABI between compiled code and runtime rests on, and those that make LLVM
    /// abort: not for the user to change.
    pub fixed_features: &'static [&'static str],
    pub processor_table: &'static str,
    /// What holds instead for processors that lack this instruction set.
    pub microcontrollers: Option<Microcontrollers>,
    pub relocation: Relocation,
    pub code_model: CodeModel,
    pub tail_calls: TailCalls,
    /// Tail calls need a jump to any function, which not all processors have.
    pub may_lack_jumps: bool,
    pub unboxed_f32: Option<UnboxedF32>,
    pub facts: Facts,
}

/// With `abi`, the runtime passes an `f32` in a register of 64 bits without filling the upper half as the
/// ABI demands (NaN boxing). An integer register takes the lower half as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UnboxedF32 {
    pub abi: &'static str,
    /// The instruction that moves the lower half of a floating-point register to an integer register, in
    /// LLVM's syntax of inline assembly.
    pub to_integer: &'static str,
}

/// What else is known of an architecture: what the rooms that generate code ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Facts {
    /// How LLVM comes to write right objects.
    pub objects: ObjectWriter,
    /// Which constants code can address by their distance from it.
    pub reach: Reach,
    /// Callers and callees sign-extend an `i32` to the width of a register.
    pub extends_i32: bool,
    /// A parameter can have a register of its own, which calls keep (LLVM's `swiftself`).
    pub kept_register: bool,
    /// The linker can put a number into code: in an instruction or a literal.
    pub literal_frame_sizes: bool,
    /// Doubles are loaded into floating-point registers only from aligned addresses, while words are
    /// from any.
    pub aligned_doubles: bool,
    /// A store that traps has written nothing, even if only its last byte is out of bounds. AArch64 leaves
    /// open what an unaligned store that aborts has written.
    pub stores_whole: bool,
    /// Machines of this kind are mostly such that the size of code counts.
    pub small: bool,
    /// Functions return floats in a register of the x87 unit, which makes NaNs quiet.
    pub returns_in_x87: bool,
    /// LLVM leaves some arithmetic to functions, on some processors at least.
    pub calls_library: bool,
    /// The runtime's SIMD feature exists on this architecture, and code with vectors can be generated.
    pub simd: bool,
    /// The family of vector units.
    pub vectors: VectorUnit,
}

/// The families of vector units that need other sequences than LLVM's own for the same thing: what every
/// processor of an architecture has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VectorUnit {
    /// SSE2: minimum and conversion know neither NaN nor saturation.
    X86,
    /// Has most WebAssembly instructions as they are.
    Aarch64,
    /// Whatever LLVM makes of its own operations.
    Other,
}

/// Processors that have another instruction set than the target's name says.
#[derive(Debug)]
pub(super) struct Microcontrollers {
    pub arch: Arch,
    /// What their LLVM triples begin with instead of the row's prefix.
    pub llvm_prefix: &'static str,
    pub support: &'static Support,
}

/// A procedure call standard.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Abi {
    pub name: &'static str,
    /// The last part of the LLVM triple.
    pub environment: &'static str,
    /// LLVM's name, where the triple does not say it all.
    pub llvm_name: &'static str,
    /// Features that it rests on.
    pub features: &'static [&'static str],
}

/// Which constants code can address by their distance from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reach {
    /// All of the text.
    Text,
    /// Those of its own partition.
    Partition,
    /// All of the text, by distances that stand in literals, as any number can that only the
    /// linker knows.
    Literals,
    /// None: code loads addresses from literals, which the loader fills in.
    Nothing,
}

/// Which calls LLVM can be told to make tail calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TailCalls {
    /// Any, by its calling convention `tailcc`; `musttail` only with up to so many arguments that
    /// are no floats: it loses others (`emit::call`).
    Any { arguments: u32 },
    /// Those with the signature of their caller, if their arguments fit into so many registers; it
    /// is left to LLVM whether others become one.
    SameSignature { registers: u32 },
    /// None.
    Never,
}

/// A target's name as the user may spell it, found in the table.
#[derive(Debug)]
pub(super) struct Spelling {
    pub family: &'static Family,
    pub version: &'static Version,
    /// With the version written out (`aarch64` is `aarch64v8`).
    pub name: String,
    /// The first part of the LLVM triple.
    pub llvm_name: String,
    pub endianness: Endianness,
    /// What else the name says, if it is one like `riscv32imac`.
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
    /// What `list` says, if this is a family whose names can end with a list of extensions.
    fn isa(&self, list: &str) -> Option<Isa> {
        if !matches!(self.arch, Arch::Riscv32 | Arch::Riscv64) {
            return None;
        }
        let known = Processors::parse(self.support?.processor_table).features;
        Isa::parse(list, &known)
    }
}

/// Every name that code can be generated for.
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

//! The one table of architectures: every spelling `wamrc` takes, and what is known of those that
//! Wasmelt generates code for.
//!
//! To add a target: give its row a [`Support`], add its processor table, and let the test that
//! compares the tables with LLVM write it.

use object::elf::{
    EM_386, EM_AARCH64, EM_ARC_COMPACT2, EM_ARM, EM_MIPS, EM_RISCV, EM_X86_64, EM_XTENSA,
};

use Arch::*;
use PointerWidth::{Bits32, Bits64};

/// A family of instruction sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arch {
    X86_64,
    X86,
    Aarch64,
    Arm,
    Thumb,
    Riscv32,
    Riscv64,
    Xtensa,
    Mips,
    Arc,
}

/// Size of a native pointer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PointerWidth {
    Bits32,
    Bits64,
}

impl PointerWidth {
    pub const fn bytes(self) -> u32 {
        match self {
            PointerWidth::Bits32 => 4,
            PointerWidth::Bits64 => 8,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endianness {
    Little,
    Big,
}

/// A row of the table: spellings that differ in the version of one instruction set only.
#[derive(Debug)]
pub(super) struct Family {
    pub arch: Arch,
    /// A spelling is this, one of `versions`, and `eb` for big endian where there is such a thing.
    prefix: &'static str,
    /// The first one is what the bare prefix stands for.
    versions: &'static [&'static str],
    endianness: Endianness,
    big_endian_suffix: bool,
    pub pointer_width: PointerWidth,
    pub elf_machine: u16,
    /// `None`: the name is known, but there is no code for it yet.
    pub support: Option<Support>,
}

/// What code generation needs to know of an architecture.
#[derive(Debug)]
pub(super) struct Support {
    /// The default first.
    pub abis: &'static [&'static str],
    pub vendor_and_system: &'static str,
    /// `e_flags` of its ELF files.
    pub elf_flags: u32,
    /// What every machine of this architecture can run.
    pub default_cpu: &'static str,
    /// Features that the ABI between compiled code and runtime rests on, and those that make LLVM
    /// abort: not for the user to change.
    pub fixed_features: &'static [&'static str],
    pub processor_table: &'static str,
}

const fn family(
    arch: Arch,
    prefix: &'static str,
    versions: &'static [&'static str],
    pointer_width: PointerWidth,
    elf_machine: u16,
) -> Family {
    Family {
        arch,
        prefix,
        versions,
        endianness: Endianness::Little,
        big_endian_suffix: false,
        pointer_width,
        elf_machine,
        support: None,
    }
}

impl Family {
    const fn big_endian(mut self) -> Family {
        self.endianness = Endianness::Big;
        self
    }

    const fn either_endian(mut self) -> Family {
        self.big_endian_suffix = true;
        self
    }

    const fn supported(mut self, support: Support) -> Family {
        self.support = Some(support);
        self
    }
}

const PLAIN: &[&str] = &[""];
const AARCH64_VERSIONS: &[&str] = &["v8", "v8.1", "v8.2", "v8.3", "v8.4", "v8.5"];
const ARM_VERSIONS: &[&str] = &[
    "v4",
    "v4t",
    "v5t",
    "v5te",
    "v5tej",
    "v6",
    "v6kz",
    "v6t2",
    "v6k",
    "v7",
    "v6m",
    "v6sm",
    "v7em",
    "v8a",
    "v8r",
    "v8m.base",
    "v8m.main",
    "v8.1m.main",
];
/// As above; Thumb starts with v4t.
const THUMB_VERSIONS: &[&str] = &[
    "v4t",
    "v4",
    "v5t",
    "v5te",
    "v5tej",
    "v6",
    "v6kz",
    "v6t2",
    "v6k",
    "v7",
    "v7m",
    "v6m",
    "v6sm",
    "v7em",
    "v8a",
    "v8r",
    "v8m.base",
    "v8m.main",
    "v8.1m.main",
];

static FAMILIES: &[Family] = &[
    family(X86_64, "x86_64", PLAIN, Bits64, EM_X86_64.0).supported(Support {
        abis: &["gnu"],
        vendor_and_system: "pc-linux",
        elf_flags: 0,
        default_cpu: "x86-64",
        fixed_features: &[
            "16bit-mode",
            "32bit-mode",
            "64bit",
            "64bit-mode",
            "soft-float",
            "sse",
            "sse2",
            "x32",
        ],
        processor_table: include_str!("llvm/x86_64.txt"),
    }),
    family(X86, "i386", PLAIN, Bits32, EM_386.0),
    family(Xtensa, "xtensa", PLAIN, Bits32, EM_XTENSA.0),
    family(Mips, "mips", PLAIN, Bits32, EM_MIPS.0).big_endian(),
    family(Mips, "mipsel", PLAIN, Bits32, EM_MIPS.0),
    family(Aarch64, "aarch64", AARCH64_VERSIONS, Bits64, EM_AARCH64.0),
    family(
        Aarch64,
        "aarch64_be",
        AARCH64_VERSIONS,
        Bits64,
        EM_AARCH64.0,
    )
    .big_endian(),
    family(Arm, "arm", ARM_VERSIONS, Bits32, EM_ARM.0).either_endian(),
    family(Thumb, "thumb", THUMB_VERSIONS, Bits32, EM_ARM.0).either_endian(),
    family(Riscv32, "riscv32", PLAIN, Bits32, EM_RISCV.0),
    family(Riscv64, "riscv64", PLAIN, Bits64, EM_RISCV.0),
    family(Arc, "arc", PLAIN, Bits32, EM_ARC_COMPACT2.0),
];

/// A target's name as the user may spell it, found in the table.
#[derive(Debug)]
pub(super) struct Spelling {
    pub family: &'static Family,
    /// With the version written out (`aarch64` is `aarch64v8`).
    pub name: String,
    pub endianness: Endianness,
}

impl Spelling {
    pub fn find(name: &str) -> Option<Spelling> {
        FAMILIES.iter().find_map(|family| {
            let rest = name.strip_prefix(family.prefix)?;
            let (version, endianness) = match rest.strip_suffix("eb") {
                Some(version) if family.big_endian_suffix => (version, Endianness::Big),
                _ => (rest, family.endianness),
            };
            let default = family.versions[0];
            let name = match version {
                "" => format!("{}{default}{}", family.prefix, &rest[version.len()..]),
                _ if family.versions.contains(&version) => name.to_owned(),
                _ => return None,
            };
            Some(Spelling {
                family,
                name,
                endianness,
            })
        })
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
                    .map(move |ending| format!("{}{version}{ending}", family.prefix))
            })
        })
        .collect()
}

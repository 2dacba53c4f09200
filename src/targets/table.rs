//! The one table of targets: every name that `wamrc` and LLVM accept, with the facts about it.
//!
//! To add a target, add a row and its processor table; the test that compares the tables with LLVM can write
//! the processor table.
//!
//! Facts about the runtime are from its loader: `core/iwasm/aot/aot_loader.c` for names and machines,
//! `core/iwasm/aot/arch/aot_reloc_*.c` for the relocations that each architecture's loader can resolve.

use object::elf::{
    EM_386, EM_AARCH64, EM_ARC_COMPACT2, EM_ARM, EM_MIPS, EM_RISCV, EM_X86_64, EM_XTENSA,
};

use super::arch::{
    Abi, Facts, Family, Microcontrollers, Reach, Support, TailCalls, UnboxedF32, VectorUnit,
    Version,
};
use crate::arch::{Arch, Endianness, PointerWidth};
use crate::llvm::{CodeModel, ObjectWriter, Relocation};
use Arch::*;
use PointerWidth::{Bits32, Bits64};
use Relocation::{PositionIndependent, ReadOnlyPositionIndependent, Static};

/// Aliases of the rows' names.
pub(super) const ALIASES: &[(&str, &str)] = &[
    ("amd64", "x86_64"),
    ("x86-64", "x86_64"),
    ("x86", "i386"),
    ("i486", "i386"),
    ("i586", "i386"),
    ("i686", "i386"),
    ("arm64", "aarch64v8"),
    ("mipseb", "mips"),
];

pub(super) static FAMILIES: &[Family] = &[
    family(X86_64, "x86_64", PLAIN, Bits64, EM_X86_64.0).supported(&X86_64_SUPPORT),
    family(X86, "i386", PLAIN, Bits32, EM_386.0).supported(&X86_SUPPORT),
    family(Xtensa, "xtensa", PLAIN, Bits32, EM_XTENSA.0).supported(&XTENSA_SUPPORT),
    family(Mips, "mips", PLAIN, Bits32, EM_MIPS.0)
        .big_endian()
        .supported(&MIPS_SUPPORT),
    family(Mips, "mipsel", PLAIN, Bits32, EM_MIPS.0).supported(&MIPS_SUPPORT),
    family(Aarch64, "aarch64", AARCH64_VERSIONS, Bits64, EM_AARCH64.0).supported(&AARCH64_SUPPORT),
    family(
        Aarch64,
        "aarch64_be",
        AARCH64_VERSIONS,
        Bits64,
        EM_AARCH64.0,
    )
    .big_endian()
    .supported(&AARCH64_SUPPORT),
    family(Arm, "arm", ARM_VERSIONS, Bits32, EM_ARM.0)
        .either_endian()
        .supported(&ARM_SUPPORT),
    family(Thumb, "arm", MICRO_VERSIONS, Bits32, EM_ARM.0)
        .llvm("thumb")
        .either_endian()
        .supported(&THUMB_SUPPORT),
    family(Thumb, "thumb", THUMB_VERSIONS, Bits32, EM_ARM.0)
        .either_endian()
        .supported(&THUMB_SUPPORT),
    family(Riscv32, "riscv32", PLAIN, Bits32, EM_RISCV.0).supported(&RISCV32_SUPPORT),
    family(Riscv64, "riscv64", PLAIN, Bits64, EM_RISCV.0).supported(&RISCV64_SUPPORT),
    family(Arc, "arc", PLAIN, Bits32, EM_ARC_COMPACT2.0),
];

/// Compiled code calls only the runtime, so the C library makes no difference.
const GNU: &[Abi] = &[abi("gnu", "gnu", "", &[])];

/// AArch64 has one ABI. `wamrc` also accepts the names of Arm's ABIs, and WAMR's own tests pass them.
const AARCH64_ABIS: &[Abi] = &[
    abi("gnu", "gnu", "", &[]),
    abi("eabi", "gnu", "", &[]),
    abi("eabihf", "gnu", "", &[]),
    abi("gnueabihf", "gnu", "", &[]),
];

/// Loops that need gather or scatter instructions stay scalar: on the measured machine, these instructions
/// take longer than single accesses (docs/performance.md).
/// `--cpu-features=-prefer-no-gather,-prefer-no-scatter` allows them.
const X86_TUNING: &str = "+prefer-no-gather,+prefer-no-scatter";

/// The common values of most rows: a row states only the differences.
const BASE: Support = Support {
    abis: GNU,
    vendor_and_system: "pc-linux",
    default_cpu: "generic",
    default_features: "",
    features: "",
    fixed_features: &[],
    processor_table: "",
    microcontrollers: None,
    relocation: PositionIndependent,
    // One text of less than 2 GiB, and the loader's jump table for what lies outside it.
    code_model: CodeModel::Small,
    tail_calls: TailCalls::Never,
    may_lack_jumps: false,
    unboxed_f32: None,
    facts: BASE_FACTS,
};

/// The common values of 32-bit machines, which are mostly small and whose processors lack some operations.
const BASE_FACTS: Facts = Facts {
    objects: ObjectWriter::Direct,
    reach: Reach::Text,
    extends_i32: false,
    kept_register: false,
    literal_frame_sizes: false,
    aligned_doubles: false,
    stores_whole: false,
    small: true,
    returns_in_x87: false,
    calls_library: true,
    simd: false,
    vectors: VectorUnit::Other,
};

static X86_64_SUPPORT: Support = Support {
    default_cpu: "x86-64",
    features: X86_TUNING,
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
    tail_calls: TailCalls::Any { arguments: 6 },
    facts: Facts {
        kept_register: true,
        stores_whole: true,
        small: false,
        calls_library: false,
        simd: true,
        vectors: VectorUnit::X86,
        ..BASE_FACTS
    },
    ..BASE
};

static X86_SUPPORT: Support = Support {
    // The x87 unit of anything older rounds twice.
    default_cpu: "pentium4",
    features: X86_TUNING,
    fixed_features: &[
        "16bit-mode",
        "32bit-mode",
        "64bit",
        "64bit-mode",
        "soft-float",
        "sse",
        "sse2",
        "x32",
        "x87",
    ],
    processor_table: include_str!("llvm/i386.txt"),
    tail_calls: TailCalls::Any { arguments: 0 },
    facts: Facts {
        stores_whole: true,
        small: false,
        returns_in_x87: true,
        ..BASE_FACTS
    },
    ..BASE
};

static AARCH64_SUPPORT: Support = Support {
    abis: AARCH64_ABIS,
    fixed_features: &["fp-armv8", "neon"],
    processor_table: include_str!("llvm/aarch64.txt"),
    // Addresses relative to the instruction: those of the small model are relative to pages, and
    // the loader does not align the text to one.
    code_model: CodeModel::Tiny,
    tail_calls: TailCalls::Any { arguments: 6 },
    facts: Facts {
        reach: Reach::Partition,
        kept_register: true,
        small: false,
        calls_library: false,
        simd: true,
        vectors: VectorUnit::Aarch64,
        ..BASE_FACTS
    },
    ..BASE
};

/// The GNU environments instead of the bare-metal ones, which make LLVM call functions for aligned copies
/// (`__aeabi_memcpy4`) that the loader does not resolve.
const ARM_ABIS: &[Abi] = &[
    abi("gnu", "gnueabi", "", &[]),
    abi("eabi", "gnueabi", "", &[]),
    abi("eabihf", "gnueabihf", "", &[]),
    abi("gnueabi", "gnueabi", "", &[]),
    abi("gnueabihf", "gnueabihf", "", &[]),
    abi("musleabi", "gnueabi", "", &[]),
    abi("musleabihf", "gnueabihf", "", &[]),
];

const ARM_FIXED_FEATURES: &[&str] = &["thumb-mode"];

static ARM_SUPPORT: Support = Support {
    abis: ARM_ABIS,
    fixed_features: ARM_FIXED_FEATURES,
    processor_table: include_str!("llvm/arm.txt"),
    microcontrollers: Some(Microcontrollers {
        arch: Thumb,
        llvm_prefix: "thumb",
        support: &THUMB_SUPPORT,
    }),
    relocation: ReadOnlyPositionIndependent,
    tail_calls: TailCalls::SameSignature {
        registers: u32::MAX,
    },
    facts: Facts {
        literal_frame_sizes: true,
        aligned_doubles: true,
        ..BASE_FACTS
    },
    ..BASE
};

static THUMB_SUPPORT: Support = Support {
    abis: ARM_ABIS,
    vendor_and_system: "unknown-none",
    fixed_features: ARM_FIXED_FEATURES,
    processor_table: include_str!("llvm/thumb.txt"),
    relocation: ReadOnlyPositionIndependent,
    tail_calls: TailCalls::SameSignature {
        registers: u32::MAX,
    },
    may_lack_jumps: true,
    facts: Facts {
        literal_frame_sizes: true,
        aligned_doubles: true,
        ..BASE_FACTS
    },
    ..BASE
};

/// The loader's jump table consists of compressed instructions, and the loader resolves no function for
/// integer multiplication and division. So both extensions are always present.
const RISCV_DEFAULT_FEATURES: &str = "+m,+c";

/// On RISC-V with D, an `f32` in a floating-point register must be NaN-boxed ("NaN boxing of narrower values"
/// in its manual). WAMR passes `f32` arguments unboxed.
const fn riscv_floats(abi: &'static str) -> UnboxedF32 {
    UnboxedF32 {
        abi,
        to_integer: "fmv.x.w $0, $1",
    }
}

static RISCV32_SUPPORT: Support = Support {
    abis: &[
        abi("ilp32d", "gnu", "ilp32d", &["f", "d"]),
        abi("ilp32f", "gnu", "ilp32f", &["f"]),
        abi("ilp32", "gnu", "ilp32", &[]),
    ],
    default_cpu: "generic-rv32",
    default_features: RISCV_DEFAULT_FEATURES,
    fixed_features: &["32bit", "64bit", "e"],
    processor_table: include_str!("llvm/riscv32.txt"),
    // Pairs relative to the program counter, jump tables included.
    code_model: CodeModel::Medium,
    tail_calls: TailCalls::SameSignature { registers: 8 },
    unboxed_f32: Some(riscv_floats("ilp32d")),
    ..BASE
};

static RISCV64_SUPPORT: Support = Support {
    abis: &[
        abi("lp64d", "gnu", "lp64d", &["f", "d"]),
        abi("lp64f", "gnu", "lp64f", &["f"]),
        abi("lp64", "gnu", "lp64", &[]),
    ],
    default_cpu: "generic-rv64",
    default_features: "+m,+a,+c",
    fixed_features: &["32bit", "64bit", "e"],
    processor_table: include_str!("llvm/riscv64.txt"),
    code_model: CodeModel::Medium,
    tail_calls: TailCalls::SameSignature { registers: 8 },
    unboxed_f32: Some(riscv_floats("lp64d")),
    facts: Facts {
        extends_i32: true,
        ..BASE_FACTS
    },
    ..BASE
};

static XTENSA_SUPPORT: Support = Support {
    // The loader resolves no function for single-precision addition or 32-bit division, which
    // supposes a processor that has both.
    default_cpu: "esp32",
    fixed_features: &["windowed"],
    processor_table: include_str!("llvm/xtensa.txt"),
    relocation: Static,
    facts: Facts {
        objects: ObjectWriter::Assembly,
        reach: Reach::Nothing,
        literal_frame_sizes: true,
        ..BASE_FACTS
    },
    ..BASE
};

static MIPS_SUPPORT: Support = Support {
    default_cpu: "mips32",
    // Without the 16-bit reach of short references to the global offset table, which the linker
    // turns into addresses.
    features: "+xgot",
    fixed_features: &[
        "fp64",
        "fpxx",
        "gp64",
        "micromips",
        "mips16",
        "noabicalls",
        "soft-float",
        "xgot",
    ],
    processor_table: include_str!("llvm/mips.txt"),
    facts: Facts {
        objects: ObjectWriter::WithoutPrivateFunctions,
        ..BASE_FACTS
    },
    ..BASE
};

const PLAIN: &[Version] = &[version("")];
const AARCH64_VERSIONS: &[Version] = &[
    version("v8"),
    version("v8.1").with("+v8.1a"),
    version("v8.2").with("+v8.2a"),
    version("v8.3").with("+v8.3a"),
    version("v8.4").with("+v8.4a"),
    version("v8.5").with("+v8.5a"),
];
const ARM_VERSIONS: &[Version] = &[
    version("v4"),
    version("v4t"),
    version("v5"),
    version("v5t"),
    version("v5te").floats("+vfp2"),
    version("v5tej").floats("+vfp2"),
    version("v6").floats("+vfp2"),
    version("v6kz").floats("+vfp2"),
    version("v6t2").floats("+vfp2"),
    version("v6k").floats("+vfp2"),
    version("v7"),
    version("v7a"),
    version("v7r").floats("+vfp3d16"),
    version("v8"),
    version("v8a"),
    version("v8r"),
];
/// Microcontrollers have only Thumb instructions, also under names that begin with `arm`.
pub(super) const MICRO_VERSIONS: &[Version] = &[
    version("v6m"),
    version("v6sm"),
    version("v7m"),
    version("v7em").floats("+vfp4d16sp"),
    version("v8m.base"),
    version("v8m.main").floats("+fp-armv8d16sp"),
    version("v8.1m.main").floats("+fp-armv8d16sp"),
];
/// Thumb starts with v4t.
const THUMB_VERSIONS: &[Version] = &[
    version("v4t"),
    version("v4"),
    version("v5"),
    version("v5t"),
    version("v5te").floats("+vfp2"),
    version("v5tej").floats("+vfp2"),
    version("v6").floats("+vfp2"),
    version("v6kz").floats("+vfp2"),
    version("v6k").floats("+vfp2"),
    version("v6m"),
    version("v6sm"),
    version("v6t2").floats("+vfp2"),
    version("v7"),
    version("v7a"),
    version("v7r").floats("+vfp3d16"),
    version("v7m"),
    version("v7em").floats("+vfp4d16sp"),
    version("v8"),
    version("v8a"),
    version("v8r"),
    version("v8m.base"),
    version("v8m.main").floats("+fp-armv8d16sp"),
    version("v8.1m.main").floats("+fp-armv8d16sp"),
];

const fn version(name: &'static str) -> Version {
    Version {
        name,
        features: "",
        float_unit: "",
    }
}

impl Version {
    const fn with(mut self, features: &'static str) -> Version {
        self.features = features;
        self
    }

    const fn floats(mut self, float_unit: &'static str) -> Version {
        self.float_unit = float_unit;
        self
    }
}

const fn abi(
    name: &'static str,
    environment: &'static str,
    llvm_name: &'static str,
    features: &'static [&'static str],
) -> Abi {
    Abi {
        name,
        environment,
        llvm_name,
        features,
    }
}

const fn family(
    arch: Arch,
    prefix: &'static str,
    versions: &'static [Version],
    pointer_width: PointerWidth,
    elf_machine: u16,
) -> Family {
    Family {
        arch,
        prefix,
        llvm_prefix: prefix,
        versions,
        endianness: Endianness::Little,
        big_endian_suffix: false,
        pointer_width,
        elf_machine,
        support: None,
    }
}

impl Family {
    const fn llvm(mut self, prefix: &'static str) -> Family {
        self.llvm_prefix = prefix;
        self
    }

    const fn big_endian(mut self) -> Family {
        self.endianness = Endianness::Big;
        self
    }

    const fn either_endian(mut self) -> Family {
        self.big_endian_suffix = true;
        self
    }

    const fn supported(mut self, support: &'static Support) -> Family {
        self.support = Some(support);
        self
    }
}

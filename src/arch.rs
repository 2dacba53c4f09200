//! The instruction sets, and the facts that distinguish them.

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

impl Arch {
    /// Returns its name, in `wamrc`'s spelling without a version.
    pub fn name(self) -> &'static str {
        match self {
            Arch::X86_64 => "x86_64",
            Arch::X86 => "i386",
            Arch::Aarch64 => "aarch64",
            Arch::Arm => "arm",
            Arch::Thumb => "thumb",
            Arch::Riscv32 => "riscv32",
            Arch::Riscv64 => "riscv64",
            Arch::Xtensa => "xtensa",
            Arch::Mips => "mips",
            Arch::Arc => "arc",
        }
    }

    /// Reports whether this is one of the two instruction sets of 32-bit Arm.
    pub fn is_arm(self) -> bool {
        matches!(self, Arch::Arm | Arch::Thumb)
    }

    /// Reports whether mostly firmware has code of this instruction set, not programs of an operating system.
    pub fn is_for_firmware(self) -> bool {
        matches!(self, Arch::Thumb | Arch::Riscv32 | Arch::Xtensa)
    }
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

//! The places in the text where the loader writes the address of a profile's counters.

use super::Relocation;
use crate::abi::symbols::COUNTERS_SECTION;
use crate::targets::Arch;

/// Returns the relocations of the word at `place`, in the psABI of `arch`. On AArch64, whose loader knows none for a
/// word, four instructions take the address, the upper part first.
pub(super) fn relocations(arch: Arch, place: u64) -> Vec<Relocation> {
    let kinds: &[u32] = match arch {
        // R_X86_64_64, R_386_32, R_RISCV_32
        Arch::X86_64 | Arch::X86 | Arch::Riscv32 => &[1],
        // R_RISCV_64, R_ARM_ABS32
        Arch::Riscv64 | Arch::Arm | Arch::Thumb => &[2],
        // R_AARCH64_MOVW_UABS_G3, _G2_NC, _G1_NC, _G0_NC
        Arch::Aarch64 => &[269, 268, 266, 264],
        // The plan refuses them.
        Arch::Xtensa | Arch::Mips | Arch::Arc => &[],
    };
    (0..)
        .zip(kinds)
        .map(|(instruction, &kind)| Relocation {
            offset: place + 4 * instruction,
            addend: 0,
            kind,
            symbol: COUNTERS_SECTION.to_owned(),
        })
        .collect()
}

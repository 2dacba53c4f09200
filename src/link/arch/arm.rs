//! ARM (32-bit), and the parts that Thumb shares with it.
//!
//! The text must have the relocation model ROPI: an address is then the sum of the program counter and a
//! distance. The distance comes from a `movw`/`movt` pair or, if the processor has none, from a literal.
//! Addends stand in the fields ("AAELF32", chapter "Relocation").
//!
//! The loader redirects `CALL` and `JUMP24` to helpers through its own jump behind the text. It adds to the
//! field, so the field keeps its addend. It writes all bits but the top eight, so a `blx` to a helper is
//! impossible; the jump itself changes to Thumb if necessary.
//!
//! Big-endian code has big-endian instructions too ("BE32"), as in objects: nothing swaps them, and the
//! loader patches them in the byte order of data. Processors with BE8 only (ARMv7 and later) cannot run such
//! code.

use object::Endianness;
use object::elf::{self, RelocationType};

use super::{
    Deferred, Field, Jumps, MIB, MISALIGNED, Machine, NO_GOT, NOT_LOADABLE, Refusal, Site, UNKNOWN,
    sign_extend, signed,
};

pub(in super::super) struct Arm;

/// No veneer changes the instruction set on the way.
pub(super) const OTHER_INSTRUCTION_SET: Refusal =
    Refusal::Unsupported("cannot change between ARM and Thumb");

const BRANCH: u32 = 0x00ff_ffff;

impl Machine for Arm {
    fn elf_machine(&self) -> elf::Machine {
        elf::EM_ARM
    }

    fn object_architecture(&self) -> object::Architecture {
        object::Architecture::Arm
    }

    fn filler(&self, endianness: Endianness) -> &'static [u8] {
        // udf #0
        match endianness {
            Endianness::Little => &[0xf0, 0x00, 0xf0, 0xe7],
            Endianness::Big => &[0xe7, 0xf0, 0x00, 0xf0],
        }
    }

    fn is_no_op(&self, kind: u32) -> bool {
        is_no_op(kind)
    }

    fn addend(&self, field: Field<'_>, kind: u32) -> Option<i64> {
        let word = field.u32()?;
        Some(match RelocationType(kind) {
            elf::R_ARM_CALL | elf::R_ARM_JUMP24 | elf::R_ARM_PLT32 | elf::R_ARM_PC24 => {
                sign_extend(word & BRANCH, 24) << 2
            }
            elf::R_ARM_MOVW_PREL_NC
            | elf::R_ARM_MOVT_PREL
            | elf::R_ARM_MOVW_ABS_NC
            | elf::R_ARM_MOVT_ABS => sign_extend(word >> 4 & 0xf000 | word & 0xfff, 16),
            kind => data_addend(word, kind),
        })
    }

    fn patch(&self, site: &mut Site<'_>, target: u64) -> Result<(), Refusal> {
        let distance = site.distance(target & !1);
        match RelocationType(site.kind) {
            elf::R_ARM_CALL | elf::R_ARM_JUMP24 | elf::R_ARM_PLT32 | elf::R_ARM_PC24 => {
                if target & 1 != 0 {
                    return Err(OTHER_INSTRUCTION_SET);
                }
                if distance & 3 != 0 {
                    return Err(MISALIGNED);
                }
                site.set_low_bits(BRANCH, (signed(distance, 26)? >> 2) as u32)
            }
            elf::R_ARM_MOVW_PREL_NC => write_move(site, distance as u32 | (target & 1) as u32),
            elf::R_ARM_MOVT_PREL => write_move(site, distance as u32 >> 16),
            elf::R_ARM_MOVW_ABS_NC | elf::R_ARM_MOVT_ABS => Err(Refusal::Absolute),
            _ => patch_data(site, target),
        }
    }

    fn patch_number(&self, site: &mut Site<'_>, number: u32) -> Result<(), Refusal> {
        let number = number.wrapping_add(site.addend as u32);
        match RelocationType(site.kind) {
            elf::R_ARM_MOVW_ABS_NC => write_move(site, number),
            elf::R_ARM_MOVT_ABS => write_move(site, number >> 16),
            elf::R_ARM_ABS32 => site.set_u32(number),
            _ => Err(UNKNOWN),
        }
    }

    fn defer(&self, site: &mut Site<'_>) -> Result<Deferred, Refusal> {
        let kind = match RelocationType(site.kind) {
            elf::R_ARM_CALL => elf::R_ARM_CALL,
            elf::R_ARM_JUMP24 | elf::R_ARM_PLT32 | elf::R_ARM_PC24 => elf::R_ARM_JUMP24,
            _ => return Err(NOT_LOADABLE),
        };
        site.set_low_bits(BRANCH, (site.addend >> 2) as u32)?;
        Ok(Deferred {
            kind: kind.0,
            addend: 0,
            ..site.deferred()
        })
    }

    fn jumps(&self) -> Option<Jumps> {
        Some(Jumps {
            size: 12,
            reach: 32 * MIB,
        })
    }
}

/// Writes a 16-bit value into a `movw` or `movt`.
fn write_move(site: &mut Site<'_>, value: u32) -> Result<(), Refusal> {
    site.set_low_bits(0x000f_0fff, (value & 0xf000) << 4 | value & 0xfff)
}

/// Reports whether a relocation needs no change: `V4BX` only marks a `bx`, for linkers for ARMv4.
pub(super) fn is_no_op(kind: u32) -> bool {
    matches!(RelocationType(kind), elf::R_ARM_NONE | elf::R_ARM_V4BX)
}

/// Returns the addend of a relocation whose field is not in an instruction.
pub(super) fn data_addend(word: u32, kind: RelocationType) -> i64 {
    match kind {
        elf::R_ARM_PREL31 => sign_extend(word & 0x7fff_ffff, 31),
        _ => i64::from(word as i32),
    }
}

/// Patches a field that is not in an instruction.
pub(super) fn patch_data(site: &mut Site<'_>, target: u64) -> Result<(), Refusal> {
    let distance = site.distance(target & !1);
    match RelocationType(site.kind) {
        elf::R_ARM_REL32 => site.set_u32(distance as u32 | (target & 1) as u32),
        elf::R_ARM_PREL31 => site.set_low_bits(0x7fff_ffff, distance as u32 | (target & 1) as u32),
        elf::R_ARM_ABS32 | elf::R_ARM_TARGET1 => Err(Refusal::Absolute),
        elf::R_ARM_GOT_PREL => Err(NO_GOT),
        _ => Err(UNKNOWN),
    }
}

//! AArch64.
//!
//! The text must have the tiny code model: addresses come from `adr` and literal loads, which are relative to
//! the program counter and reach 1 MiB. Page-relative pairs (`adrp` and the low 12 bits) depend on the text's
//! place in its page, which the loader does not specify. If LLVM would load an address from a global offset
//! table, an `adr` computes the address instead.
//!
//! The loader redirects `CALL26` and `JUMP26` to helpers through its own jump and rejects addends there. It
//! adds to the field, so the linker leaves the field zero.
//!
//! Instructions are little endian on big-endian systems too; constants have the system's byte order.

use object::elf::{self, RelocationType};

use object::{Endian as _, Endianness};

use super::{
    Deferred, Jumps, MIB, MISALIGNED, Machine, NOT_LOADABLE, Refusal, Site, UNKNOWN, signed,
};

pub(in super::super) struct Aarch64;

/// A field of an instruction for a distance in units of `1 << scale` bytes.
#[derive(Debug, Clone, Copy)]
struct Immediate {
    bits: u32,
    scale: u32,
    position: Position,
}

#[derive(Debug, Clone, Copy)]
enum Position {
    /// One run of bits from this bit on.
    At(u32),
    /// The field of `adr`: the low two bits at bit 29, the rest at bit 5.
    Split,
}

const ADR: Immediate = Immediate {
    bits: 21,
    scale: 0,
    position: Position::Split,
};

/// Fields for distances in instructions, by relocation type.
const IMMEDIATES: &[(RelocationType, Immediate)] = &[
    (
        elf::R_AARCH64_CALL26,
        Immediate {
            bits: 26,
            scale: 2,
            position: Position::At(0),
        },
    ),
    (
        elf::R_AARCH64_JUMP26,
        Immediate {
            bits: 26,
            scale: 2,
            position: Position::At(0),
        },
    ),
    (
        elf::R_AARCH64_CONDBR19,
        Immediate {
            bits: 19,
            scale: 2,
            position: Position::At(5),
        },
    ),
    (
        elf::R_AARCH64_TSTBR14,
        Immediate {
            bits: 14,
            scale: 2,
            position: Position::At(5),
        },
    ),
    (
        elf::R_AARCH64_LD_PREL_LO19,
        Immediate {
            bits: 19,
            scale: 2,
            position: Position::At(5),
        },
    ),
    (
        elf::R_AARCH64_ADR_PREL_LO21,
        Immediate {
            bits: 21,
            scale: 0,
            position: Position::Split,
        },
    ),
];

impl Machine for Aarch64 {
    fn elf_machine(&self) -> elf::Machine {
        elf::EM_AARCH64
    }

    fn object_architecture(&self) -> object::Architecture {
        object::Architecture::Aarch64
    }

    fn is_64(&self) -> bool {
        true
    }

    fn filler(&self, _endianness: Endianness) -> &'static [u8] {
        // udf #0
        &[0]
    }

    fn is_no_op(&self, kind: u32) -> bool {
        // LLVM and the linkers take type 256, once the name of "none", for the same.
        matches!(kind, 0 | 256)
    }

    fn patch(&self, site: &mut Site<'_>, target: u64) -> Result<(), Refusal> {
        let kind = RelocationType(site.kind);
        if let Some((_, immediate)) = IMMEDIATES.iter().find(|(known, _)| *known == kind) {
            return write_immediate(site, *immediate, site.distance(target));
        }
        let distance = site.distance(target);
        match kind {
            elf::R_AARCH64_GOT_LD_PREL19 => {
                // ldr xN, slot: adr xN, symbol
                let field = site.bytes::<4>(0)?;
                let register = u32::from_le_bytes(*field) & 0x1f;
                *field = (0x1000_0000 | register).to_le_bytes();
                write_immediate(site, ADR, distance)
            }
            elf::R_AARCH64_PREL64 => {
                let field = site.endianness.write_u64(distance as u64);
                *site.bytes::<8>(0)? = field;
                Ok(())
            }
            elf::R_AARCH64_PREL32 | elf::R_AARCH64_PLT32 => {
                site.set_u32(signed(distance, 32)? as u32)
            }
            elf::R_AARCH64_PREL16 => site.set_u16(0, signed(distance, 16)? as u16),
            elf::R_AARCH64_ABS64
            | elf::R_AARCH64_ABS32
            | elf::R_AARCH64_ABS16
            | elf::R_AARCH64_ADR_PREL_PG_HI21
            | elf::R_AARCH64_ADR_PREL_PG_HI21_NC
            | elf::R_AARCH64_ADD_ABS_LO12_NC
            | elf::R_AARCH64_LDST8_ABS_LO12_NC
            | elf::R_AARCH64_LDST16_ABS_LO12_NC
            | elf::R_AARCH64_LDST32_ABS_LO12_NC
            | elf::R_AARCH64_LDST64_ABS_LO12_NC
            | elf::R_AARCH64_LDST128_ABS_LO12_NC => Err(Refusal::Absolute),
            _ => Err(UNKNOWN),
        }
    }

    fn defer(&self, site: &mut Site<'_>) -> Result<Deferred, Refusal> {
        match RelocationType(site.kind) {
            elf::R_AARCH64_CALL26 | elf::R_AARCH64_JUMP26 if site.addend == 0 => {
                let field = site.bytes::<4>(0)?;
                *field = (u32::from_le_bytes(*field) & 0xfc00_0000).to_le_bytes();
                Ok(site.deferred())
            }
            _ => Err(NOT_LOADABLE),
        }
    }

    fn jumps(&self) -> Option<Jumps> {
        Some(Jumps {
            size: 32,
            reach: 128 * MIB,
        })
    }
}

/// Instructions are little endian whatever the data is.
fn write_immediate(
    site: &mut Site<'_>,
    Immediate {
        bits,
        scale,
        position,
    }: Immediate,
    distance: i64,
) -> Result<(), Refusal> {
    signed(distance, bits + scale)?;
    if distance & ((1 << scale) - 1) != 0 {
        return Err(MISALIGNED);
    }
    let mask = (1u32 << bits) - 1;
    let spread = |value: u32| match position {
        Position::At(bit) => value << bit,
        Position::Split => (value & 3) << 29 | (value >> 2) << 5,
    };
    let value = (distance >> scale) as u32 & mask;
    let field = site.bytes::<4>(0)?;
    let instruction = u32::from_le_bytes(*field);
    *field = (instruction & !spread(mask) | spread(value)).to_le_bytes();
    Ok(())
}

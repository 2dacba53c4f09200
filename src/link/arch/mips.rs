//! MIPS, 32 bits.
//!
//! The text must be position-independent code for a large global offset table (feature `xgot`). Such code
//! computes a global pointer from its own address, which callers leave in `$25`, and loads addresses from a
//! table relative to it. Constants of the same partition have a 16-bit offset, other symbols a 32-bit one.
//! The table does not exist: each load becomes an addition, and the offset of an entry becomes the distance
//! from the global pointer to the symbol. The global pointer is the start of the partition's constants.
//!
//! If code would load an address with a 16-bit offset and add 16 bits more, the distance is split into two
//! halves that reach 64 KiB: see [`near`]. Addends stand in the fields.
//!
//! The loader of WAMR 2.4 knows no relocations for MIPS, so it cannot resolve references to helpers. Only
//! code for indirect mode can be linked.

use object::Endianness;
use object::elf::{self, RelocationType};

use super::{
    Deferred, Field, MISALIGNED, Machine, ObjectRelocation, Refusal, Site, Symbol, UNKNOWN,
    sign_extend, signed,
};

pub(in super::super) struct Mips;

/// A 32-bit distance, in the numbering of LLVM and the GNU tools.
const R_MIPS_PC32: RelocationType = RelocationType(248);

const LOW_HALF: u32 = 0xffff;
const OPCODE: u32 = 0x3f << 26;
const LW: u32 = 0x23 << 26;
const ADDIU: u32 = 0x09 << 26;

impl Machine for Mips {
    fn elf_machine(&self) -> elf::Machine {
        elf::EM_MIPS
    }

    fn object_architecture(&self) -> object::Architecture {
        object::Architecture::Mips
    }

    fn filler(&self, endianness: Endianness) -> &'static [u8] {
        // break
        match endianness {
            Endianness::Little => &[0x0d, 0, 0, 0],
            Endianness::Big => &[0, 0, 0, 0x0d],
        }
    }

    fn is_no_op(&self, kind: u32) -> bool {
        // `JALR` says where a call through a register goes, for linkers that make it a direct one.
        matches!(RelocationType(kind), elf::R_MIPS_NONE | elf::R_MIPS_JALR)
    }

    fn addend(&self, field: Field<'_>, kind: u32) -> Option<i64> {
        let word = field.u32()?;
        Some(match RelocationType(kind) {
            elf::R_MIPS_32 | elf::R_MIPS_GPREL32 | R_MIPS_PC32 => i64::from(word as i32),
            // The high half of the addend of a local symbol stands here, the low one beside `LO16`.
            elf::R_MIPS_GOT16 => sign_extend(word & LOW_HALF, 16) << 16,
            elf::R_MIPS_PC16 => sign_extend(word & LOW_HALF, 16) << 2,
            _ => sign_extend(word & LOW_HALF, 16),
        })
    }

    /// Completes pairs. A 16-bit offset stands alone for a global symbol, and has a second part for a local
    /// one. A call counts as the former, because it never has a second part.
    fn pair(
        &self,
        _number: u32,
        relocations: &mut [ObjectRelocation],
        symbols: &[Symbol<'_>],
    ) -> Result<(), &'static str> {
        for relocation in relocations {
            let symbol = symbols.get(relocation.symbol as usize);
            if RelocationType(relocation.kind) == elf::R_MIPS_GOT16
                && symbol.is_some_and(|symbol| symbol.is_global)
            {
                relocation.kind = elf::R_MIPS_CALL16.0;
            }
        }
        Ok(())
    }

    fn patch(&self, site: &mut Site<'_>, target: u64) -> Result<(), Refusal> {
        let from_pointer = site.distance_from(site.global_pointer, target);
        match RelocationType(site.kind) {
            elf::R_MIPS_CALL16 => load_becomes_sum(site, signed(from_pointer, 16)? as u32),
            elf::R_MIPS_GOT16 => {
                if site.addend != 0 {
                    return Err(Refusal::Unsupported("has an offset beyond 32 KiB"));
                }
                let first = near(from_pointer);
                load_becomes_sum(site, first as u32)
            }
            elf::R_MIPS_LO16 => {
                let start = from_pointer.wrapping_sub(site.addend);
                let second = signed(from_pointer.wrapping_sub(near(start)), 16)?;
                site.set_low_bits(LOW_HALF, second as u32)
            }
            elf::R_MIPS_GOT_HI16 | elf::R_MIPS_CALL_HI16 => {
                site.set_low_bits(LOW_HALF, (from_pointer.wrapping_add(0x8000) >> 16) as u32)
            }
            elf::R_MIPS_GOT_LO16 | elf::R_MIPS_CALL_LO16 => {
                load_becomes_sum(site, from_pointer as u32)
            }
            elf::R_MIPS_GPREL32 => site.set_u32(from_pointer as u32),
            R_MIPS_PC32 => {
                let distance = site.distance(target);
                site.set_u32(distance as u32)
            }
            elf::R_MIPS_PC16 => {
                let distance = site.distance(target);
                if distance & 3 != 0 {
                    return Err(MISALIGNED);
                }
                site.set_low_bits(LOW_HALF, (signed(distance, 18)? >> 2) as u32)
            }
            elf::R_MIPS_32 | elf::R_MIPS_26 | elf::R_MIPS_HI16 => Err(Refusal::Absolute),
            _ => Err(UNKNOWN),
        }
    }

    /// Patches the two instructions at the start of a function that add up the distance from the first of
    /// them.
    fn patch_global_pointer(&self, site: &mut Site<'_>) -> Result<(), Refusal> {
        let distance = site.distance(site.global_pointer);
        match RelocationType(site.kind) {
            elf::R_MIPS_HI16 => {
                site.set_low_bits(LOW_HALF, (distance.wrapping_add(0x8000) >> 16) as u32)
            }
            elf::R_MIPS_LO16 => site.set_low_bits(LOW_HALF, distance.wrapping_add(4) as u32),
            _ => Err(UNKNOWN),
        }
    }

    fn defer(&self, _site: &mut Site<'_>) -> Result<Deferred, Refusal> {
        Err(Refusal::Unsupported(
            "the runtime's loader does not know: for MIPS it resolves none, so code must be \
             compiled for indirect mode",
        ))
    }
}

/// Returns the first instruction's part of this distance from the global pointer; the second instruction adds
/// the rest and an addend.
///
/// The part must depend only on the symbol, because several second instructions share a first. Most addends
/// are zero or more, so the first part goes beyond the symbol if possible.
fn near(distance: i64) -> i64 {
    distance.wrapping_add(0x7000).clamp(-0x8000, 0x7fff)
}

/// Replaces an `lw` that would load an address by an `addiu` that computes it.
fn load_becomes_sum(site: &mut Site<'_>, value: u32) -> Result<(), Refusal> {
    let instruction = site.u32()?;
    if instruction & OPCODE != LW {
        return Err(super::NO_GOT);
    }
    site.set_u32(instruction & !(OPCODE | LOW_HALF) | ADDIU | value & LOW_HALF)
}

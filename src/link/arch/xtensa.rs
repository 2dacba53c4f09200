//! Xtensa.
//!
//! Code loads constants and addresses with `l32r`, which reaches 256 KiB back: literals lie in
//! sections of their own, which the layout puts in front of the code that uses them. Addends are in
//! the records, except what stands in the field of a 32-bit word.
//!
//! There is no way to an address but a literal that holds it: code refers to its constants and to
//! functions by absolute addresses. The loader can supply these, as it can those of helpers. Code
//! that must not be patched has to do without (indirect mode).

use object::Endianness;
use object::elf::{self, RelocationType};

use super::{Deferred, MISALIGNED, Machine, NOT_LOADABLE, Refusal, Site, UNKNOWN, signed};

pub(in super::super) struct Xtensa;

impl Machine for Xtensa {
    fn elf_machine(&self) -> elf::Machine {
        elf::EM_XTENSA
    }

    fn object_architecture(&self) -> object::Architecture {
        object::Architecture::Xtensa
    }

    fn filler(&self, _endianness: Endianness) -> &'static [u8] {
        // ill
        &[0]
    }

    fn is_no_op(&self, kind: u32) -> bool {
        RelocationType(kind) == elf::R_XTENSA_NONE
    }

    fn patch(&self, site: &mut Site<'_>, target: u64) -> Result<(), Refusal> {
        match RelocationType(site.kind) {
            elf::R_XTENSA_SLOT0_OP => write_literal_load(site, target),
            elf::R_XTENSA_32_PCREL => {
                let distance = site.distance(target);
                site.set_u32(distance as u32)
            }
            elf::R_XTENSA_32 => Err(Refusal::Absolute),
            _ => Err(UNKNOWN),
        }
    }

    fn patch_number(&self, site: &mut Site<'_>, number: u32) -> Result<(), Refusal> {
        match RelocationType(site.kind) {
            elf::R_XTENSA_32 => site.set_u32(number.wrapping_add(site.addend as u32)),
            _ => Err(UNKNOWN),
        }
    }

    fn defer(&self, site: &mut Site<'_>) -> Result<Deferred, Refusal> {
        // The loader adds what stands in the field, and wants it aligned.
        match RelocationType(site.kind) {
            elf::R_XTENSA_32 if site.offset.is_multiple_of(4) => {
                site.set_u32(0)?;
                Ok(site.deferred())
            }
            elf::R_XTENSA_32 => Err(Refusal::Unsupported("must be aligned for the loader")),
            _ => Err(NOT_LOADABLE),
        }
    }

    fn defer_address(&self, site: &mut Site<'_>, target: u64) -> Result<Deferred, Refusal> {
        let deferred = self.defer(site)?;
        Ok(Deferred {
            addend: deferred.addend.wrapping_add_unsigned(target),
            ..deferred
        })
    }
}

/// `l32r`: 16 bits of a negative distance in words, from the next word behind the instruction's
/// start.
fn write_literal_load(site: &mut Site<'_>, target: u64) -> Result<(), Refusal> {
    const L32R: u8 = 1;
    let place = site.address.wrapping_add(site.offset as u64);
    let origin = place.wrapping_add(3) & !3;
    let distance = site.distance_from(origin, target);
    let instruction = site.bytes::<3>(0)?;
    if instruction[0] & 0xf != L32R {
        return Err(UNKNOWN);
    }
    if distance & 3 != 0 {
        return Err(MISALIGNED);
    }
    // The field has an implied sign bit: literals lie in front of the code.
    if distance >= 0 {
        return Err(Refusal::OutOfReach { distance });
    }
    let words = signed(distance, 19)? >> 2;
    [instruction[1], instruction[2]] = (words as u16).to_le_bytes();
    Ok(())
}

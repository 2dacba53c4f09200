//! Xtensa.
//!
//! Code loads constants and addresses with `l32r`, which reaches 256 KiB back. So literals lie in sections of
//! their own, which the layout places in front of the code that uses them. Addends are in the records, except
//! for 32-bit words, whose addend is in the field.
//!
//! LLVM reaches an address only through a literal that holds it, so code refers to constants and functions by
//! absolute addresses. The loader can supply these, like addresses of helpers. In code that must not be
//! patched, `passes::distances` replaces them by distances.

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
            elf::R_XTENSA_SLOT0_OP => write_slot(site, target),
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

/// Writes the field of an instruction that is alone in its bundle.
fn write_slot(site: &mut Site<'_>, target: u64) -> Result<(), Refusal> {
    const L32R: u8 = 1;
    const CALL: u8 = 5;
    match site.bytes::<3>(0)?[0] & 0xf {
        L32R => write_literal_load(site, target),
        CALL => write_call(site, target),
        _ => Err(UNKNOWN),
    }
}

/// Writes into `call0`, `call4`, `call8` or `call12`: 18 bits of a distance in words, from the next word
/// behind the instruction's start.
fn write_call(site: &mut Site<'_>, target: u64) -> Result<(), Refusal> {
    let place = site.address.wrapping_add(site.offset as u64);
    let distance = site.distance_from((place & !3).wrapping_add(4), target);
    if distance & 3 != 0 {
        return Err(MISALIGNED);
    }
    let words = (signed(distance, 20)? >> 2) as u32;
    let [low, ..] = *site.bytes::<3>(0)?;
    let instruction = u32::from(low) & 0x3f | words << 6;
    let [low, middle, high, _] = instruction.to_le_bytes();
    *site.bytes(0)? = [low, middle, high];
    Ok(())
}

/// Writes into `l32r`: 16 bits of a negative distance in words, from the next word behind the instruction's
/// start.
fn write_literal_load(site: &mut Site<'_>, target: u64) -> Result<(), Refusal> {
    let place = site.address.wrapping_add(site.offset as u64);
    let origin = place.wrapping_add(3) & !3;
    let distance = site.distance_from(origin, target);
    let instruction = site.bytes::<3>(0)?;
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

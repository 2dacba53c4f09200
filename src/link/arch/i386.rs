//! i386.
//!
//! The text must be position-independent code. Such code finds its data relative to the global offset table,
//! whose address it computes from its own address. The table does not exist; its base is the start of the
//! text. Addends stand in the fields.
//!
//! The loader adds to a field, so the field keeps its addend. A 32-bit distance reaches every address, so the
//! loader has no jumps here.

use object::Endianness;
use object::elf::{self, RelocationType};

use super::{Deferred, Field, Machine, NO_GOT, NOT_LOADABLE, Refusal, Site, UNKNOWN, signed};

pub(in super::super) struct I386;

/// The base of the global offset table.
const GOT_BASE: u64 = 0;

impl Machine for I386 {
    fn elf_machine(&self) -> elf::Machine {
        elf::EM_386
    }

    fn object_architecture(&self) -> object::Architecture {
        object::Architecture::I386
    }

    fn filler(&self, _endianness: Endianness) -> &'static [u8] {
        // int3
        &[0xcc]
    }

    fn is_no_op(&self, kind: u32) -> bool {
        RelocationType(kind) == elf::R_386_NONE
    }

    fn addend(&self, field: Field<'_>, kind: u32) -> Option<i64> {
        match RelocationType(kind) {
            elf::R_386_16 | elf::R_386_PC16 => field.u16(0).map(|value| i64::from(value as i16)),
            elf::R_386_8 | elf::R_386_PC8 => {
                field.bytes.first().map(|&value| i64::from(value as i8))
            }
            _ => field.i32(),
        }
    }

    fn patch(&self, site: &mut Site<'_>, target: u64) -> Result<(), Refusal> {
        let distance = site.distance(target);
        match RelocationType(site.kind) {
            elf::R_386_PC32 | elf::R_386_PLT32 => site.set_u32(distance as u32),
            elf::R_386_GOTPC => {
                let distance = site.distance(GOT_BASE);
                site.set_u32(distance as u32)
            }
            elf::R_386_GOTOFF => {
                let distance = site.distance_from(GOT_BASE, target);
                site.set_u32(distance as u32)
            }
            elf::R_386_PC16 => site.set_u16(0, signed(distance, 16)? as u16),
            elf::R_386_PC8 => {
                site.bytes::<1>(0)?[0] = signed(distance, 8)? as u8;
                Ok(())
            }
            elf::R_386_GOT32 | elf::R_386_GOT32X => Err(NO_GOT),
            elf::R_386_32 | elf::R_386_16 | elf::R_386_8 => Err(Refusal::Absolute),
            _ => Err(UNKNOWN),
        }
    }

    fn defer(&self, site: &mut Site<'_>) -> Result<Deferred, Refusal> {
        match RelocationType(site.kind) {
            elf::R_386_PC32 | elf::R_386_PLT32 | elf::R_386_32 => {
                site.set_u32(site.addend as u32)?;
                Ok(Deferred {
                    addend: 0,
                    ..site.deferred()
                })
            }
            elf::R_386_GOT32 | elf::R_386_GOT32X => Err(NO_GOT),
            _ => Err(NOT_LOADABLE),
        }
    }
}

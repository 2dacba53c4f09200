//! RISC-V, 32 and 64 bits.
//!
//! The text must be position-independent code in the medium code model ("medany"). Addresses come from two
//! instructions: `auipc` and one with the low 12 bits. The second instruction refers to the first by a label,
//! and the relocation at the label names the target (psABI, "PC-Relative Symbol Addresses"). Relaxation must
//! be off: the linker never shortens code.
//!
//! The loader adds to the fields of both instructions of a call, so the linker leaves them zero.

use object::Endianness;
use object::elf::{self, RelocationType};

use super::{
    Deferred, MISALIGNED, Machine, NO_GOT, NOT_LOADABLE, ObjectRelocation, Refusal, Site, Symbol,
    UNKNOWN, signed,
};
use crate::link::partition::Definition;

pub(in super::super) struct Riscv {
    pub is_64: bool,
}

impl Machine for Riscv {
    fn elf_machine(&self) -> elf::Machine {
        elf::EM_RISCV
    }

    fn object_architecture(&self) -> object::Architecture {
        if self.is_64 {
            object::Architecture::Riscv64
        } else {
            object::Architecture::Riscv32
        }
    }

    fn is_64(&self) -> bool {
        self.is_64
    }

    fn filler(&self, _endianness: Endianness) -> &'static [u8] {
        // c.unimp
        &[0]
    }

    fn is_no_op(&self, kind: u32) -> bool {
        matches!(RelocationType(kind), elf::R_RISCV_NONE | elf::R_RISCV_RELAX)
    }

    fn pair(
        &self,
        number: u32,
        relocations: &mut [ObjectRelocation],
        symbols: &[Symbol<'_>],
    ) -> Result<(), &'static str> {
        let mut kinds = relocations.iter().map(|relocation| relocation.kind);
        if kinds.any(|kind| RelocationType(kind) == elf::R_RISCV_ALIGN) {
            return Err("an alignment waits for relaxation");
        }
        pair_halves(number, relocations, symbols)?;
        check_differences(relocations)
    }

    fn patch(&self, site: &mut Site<'_>, target: u64) -> Result<(), Refusal> {
        let distance = site.distance(target);
        match RelocationType(site.kind) {
            elf::R_RISCV_CALL | elf::R_RISCV_CALL_PLT => {
                let high = self.high(distance)?;
                site.set_low_bits_of(0, 0xffff_f000, high)?;
                site.set_low_bits_of(4, 0xfff0_0000, (distance as u32) << 20)
            }
            elf::R_RISCV_PCREL_HI20 => {
                let high = self.high(distance)?;
                site.set_low_bits_of(0, 0xffff_f000, high)
            }
            elf::R_RISCV_PCREL_LO12_I => {
                site.set_low_bits_of(0, 0xfff0_0000, (distance as u32) << 20)
            }
            elf::R_RISCV_PCREL_LO12_S => {
                let low = distance as u32;
                site.set_low_bits_of(0, 0xfe00_0f80, (low & 0xfe0) << 20 | (low & 0x1f) << 7)
            }
            elf::R_RISCV_JAL => {
                let value = even(signed(distance, 21)?)? as u32;
                let field = (value & 0x10_0000) << 11
                    | (value & 0x7fe) << 20
                    | (value & 0x800) << 9
                    | value & 0xf_f000;
                site.set_low_bits_of(0, 0xffff_f000, field)
            }
            elf::R_RISCV_BRANCH => {
                let value = even(signed(distance, 13)?)? as u32;
                let field = (value & 0x1000) << 19
                    | (value & 0x7e0) << 20
                    | (value & 0x1e) << 7
                    | (value & 0x800) >> 4;
                site.set_low_bits_of(0, 0xfe00_0f80, field)
            }
            elf::R_RISCV_32_PCREL | elf::R_RISCV_PLT32 => {
                let value = if self.is_64 {
                    signed(distance, 32)?
                } else {
                    distance
                };
                site.set_u32(value as u32)
            }
            // Halves of a difference, one after the other: see `check_differences`.
            elf::R_RISCV_ADD32 => {
                let sum = site.u32()?.wrapping_add(value(site, target) as u32);
                site.set_u32(sum)
            }
            elf::R_RISCV_SUB32 => {
                let difference = site.u32()?.wrapping_sub(value(site, target) as u32);
                site.set_u32(difference)
            }
            elf::R_RISCV_ADD64 => {
                let field = site.bytes::<8>(0)?;
                let before = u64::from_le_bytes(*field);
                let sum = before.wrapping_add(value(site, target));
                *site.bytes::<8>(0)? = sum.to_le_bytes();
                Ok(())
            }
            elf::R_RISCV_SUB64 => {
                let field = site.bytes::<8>(0)?;
                let before = u64::from_le_bytes(*field);
                let difference = before.wrapping_sub(value(site, target));
                *site.bytes::<8>(0)? = difference.to_le_bytes();
                Ok(())
            }
            elf::R_RISCV_GOT_HI20 => Err(NO_GOT),
            elf::R_RISCV_32
            | elf::R_RISCV_64
            | elf::R_RISCV_HI20
            | elf::R_RISCV_LO12_I
            | elf::R_RISCV_LO12_S => Err(Refusal::Absolute),
            _ => Err(UNKNOWN),
        }
    }

    fn defer(&self, site: &mut Site<'_>) -> Result<Deferred, Refusal> {
        match RelocationType(site.kind) {
            elf::R_RISCV_CALL | elf::R_RISCV_CALL_PLT if site.addend == 0 => {
                site.set_low_bits_of(0, 0xffff_f000, 0)?;
                site.set_low_bits_of(4, 0xfff0_0000, 0)?;
                Ok(site.deferred())
            }
            elf::R_RISCV_GOT_HI20 => Err(NO_GOT),
            _ => Err(NOT_LOADABLE),
        }
    }
}

impl Riscv {
    /// Returns the upper 20 bits of a distance in place. With the signed lower 12 bits they give the
    /// distance.
    fn high(&self, distance: i64) -> Result<u32, Refusal> {
        let rounded = distance.wrapping_add(0x800);
        if self.is_64 && i32::try_from(rounded).is_err() {
            return Err(Refusal::OutOfReach { distance });
        }
        Ok(rounded as u32 & 0xffff_f000)
    }
}

impl Site<'_> {
    /// Writes `value` into the bits of `mask` of the instruction `delta` bytes behind the field.
    fn set_low_bits_of(&mut self, delta: isize, mask: u32, value: u32) -> Result<(), Refusal> {
        let field = self.bytes::<4>(delta)?;
        let instruction = u32::from_le_bytes(*field);
        *field = (instruction & !mask | value & mask).to_le_bytes();
        Ok(())
    }
}

fn even(distance: i64) -> Result<i64, Refusal> {
    if distance & 1 == 0 {
        Ok(distance)
    } else {
        Err(MISALIGNED)
    }
}

/// Returns the address of the target with the addend.
fn value(site: &Site<'_>, target: u64) -> u64 {
    target.wrapping_add_signed(site.addend)
}

/// Copies the target and the origin of each first instruction to its second instructions.
fn pair_halves(
    number: u32,
    relocations: &mut [ObjectRelocation],
    symbols: &[Symbol<'_>],
) -> Result<(), &'static str> {
    let is_high = |kind| {
        matches!(
            RelocationType(kind),
            elf::R_RISCV_PCREL_HI20 | elf::R_RISCV_GOT_HI20
        )
    };
    let is_low = |kind| {
        matches!(
            RelocationType(kind),
            elf::R_RISCV_PCREL_LO12_I | elf::R_RISCV_PCREL_LO12_S
        )
    };
    let mut highs: Vec<ObjectRelocation> = relocations
        .iter()
        .copied()
        .filter(|relocation| is_high(relocation.kind))
        .collect();
    highs.sort_by_key(|high| high.offset);
    for low in relocations
        .iter_mut()
        .filter(|relocation| is_low(relocation.kind))
    {
        let label = symbols
            .get(low.symbol as usize)
            .map(|label| label.definition);
        let Some(Definition::In { section, offset }) = label else {
            return Err("half of an address without a label for the other half");
        };
        let found = highs.binary_search_by_key(&offset, |high| high.offset);
        let high = found.ok().filter(|_| section == number);
        let high = highs[high.ok_or("half of an address without the other half")?];
        low.symbol = high.symbol;
        low.addend = high.addend;
        low.origin = high.offset;
    }
    Ok(())
}

/// Checks that each sum is a difference: only a difference is independent of the text's address.
fn check_differences(relocations: &[ObjectRelocation]) -> Result<(), &'static str> {
    let mut rest = relocations.iter();
    while let Some(first) = rest.next() {
        let expected = match RelocationType(first.kind) {
            elf::R_RISCV_ADD32 => elf::R_RISCV_SUB32,
            elf::R_RISCV_ADD64 => elf::R_RISCV_SUB64,
            elf::R_RISCV_SUB32 | elf::R_RISCV_SUB64 => return Err("half of a difference"),
            _ => continue,
        };
        let second = rest.next();
        if second.is_none_or(|second| {
            (RelocationType(second.kind), second.offset) != (expected, first.offset)
        }) {
            return Err("half of a difference");
        }
    }
    Ok(())
}

//! Thumb, with and without the 32-bit instructions of Thumb-2.
//!
//! The notes of [`super::arm`] on ROPI, addends and big endian apply here too. If code may jump to a Thumb
//! function through a register, the address has its lowest bit set. So distances in literals, moves and
//! tables contain this bit; distances in branches do not. The AOT file's table of functions has the bit
//! clear, and the loader sets it.
//!
//! The reach of `bl` varies. Processors from ARMv6T2 on, including ARMv6-M, use 24 bits; older ones, and the
//! loader for all of them, use 22. For near targets, the extra bits mean the same on both. The object's
//! attributes name the processor ("Addenda to, and Errata in, the ABI for the Arm Architecture").

use object::Endianness;
use object::elf::{self, RelocationType};
use object::read::elf::{AttributeReader, AttributesSection};

use super::arm::{OTHER_INSTRUCTION_SET, data_addend, is_no_op, patch_data};
use super::{
    Deferred, Field, Jumps, MIB, Machine, NOT_LOADABLE, Refusal, Site, UNKNOWN, sign_extend, signed,
};

pub(in super::super) struct Thumb;

/// Values of `Tag_CPU_arch` for processors without long branches: up to ARMv6, v6KZ and v6K.
const SHORT_BRANCHES: &[u64] = &[0, 1, 2, 3, 4, 5, 6, 7, 9];

impl Machine for Thumb {
    fn elf_machine(&self) -> elf::Machine {
        elf::EM_ARM
    }

    fn object_architecture(&self) -> object::Architecture {
        object::Architecture::Arm
    }

    fn filler(&self, endianness: Endianness) -> &'static [u8] {
        // udf #0
        match endianness {
            Endianness::Little => &[0x00, 0xde],
            Endianness::Big => &[0xde, 0x00],
        }
    }

    fn is_no_op(&self, kind: u32) -> bool {
        is_no_op(kind)
    }

    fn is_thumb(&self) -> bool {
        true
    }

    fn has_long_branches(&self, attributes: &[u8], endianness: Endianness) -> bool {
        architecture(attributes, endianness).is_some_and(|found| !SHORT_BRANCHES.contains(&found))
    }

    fn addend(&self, field: Field<'_>, kind: u32) -> Option<i64> {
        let half = |index| field.u16(index).map(u32::from);
        Some(match RelocationType(kind) {
            elf::R_ARM_THM_PC22 | elf::R_ARM_THM_JUMP24 => branch_addend(half(0)?, half(1)?),
            elf::R_ARM_THM_JUMP19 => conditional_addend(half(0)?, half(1)?),
            elf::R_ARM_THM_PC11 => sign_extend(half(0)? << 1 & 0xffe, 12),
            elf::R_ARM_THM_PC9 => sign_extend(half(0)? << 1 & 0x1fe, 9),
            elf::R_ARM_THM_MOVW_PREL_NC
            | elf::R_ARM_THM_MOVT_PREL
            | elf::R_ARM_THM_MOVW_ABS_NC
            | elf::R_ARM_THM_MOVT_ABS => {
                let (upper, lower) = (half(0)?, half(1)?);
                let value =
                    (upper & 0xf) << 12 | (upper & 0x400) << 1 | lower >> 4 & 0x700 | lower & 0xff;
                sign_extend(value, 16)
            }
            kind => data_addend(field.u32()?, kind),
        })
    }

    fn patch(&self, site: &mut Site<'_>, target: u64) -> Result<(), Refusal> {
        let distance = site.distance(target & !1);
        let kind = RelocationType(site.kind);
        let is_branch = matches!(
            kind,
            elf::R_ARM_THM_PC22
                | elf::R_ARM_THM_JUMP24
                | elf::R_ARM_THM_JUMP19
                | elf::R_ARM_THM_PC11
                | elf::R_ARM_THM_PC9
        );
        if is_branch && target & 1 == 0 {
            return Err(OTHER_INSTRUCTION_SET);
        }
        match kind {
            elf::R_ARM_THM_PC22 | elf::R_ARM_THM_JUMP24 => {
                let bits = if site.long_branches { 25 } else { 23 };
                write_branch(site, signed(distance, bits)?)
            }
            elf::R_ARM_THM_JUMP19 => write_conditional(site, distance),
            elf::R_ARM_THM_PC11 => {
                let value = signed(distance, 12)? >> 1;
                set_half(site, 0, 0x7ff, value as u16)
            }
            elf::R_ARM_THM_PC9 => {
                let value = signed(distance, 9)? >> 1;
                set_half(site, 0, 0xff, value as u16)
            }
            elf::R_ARM_THM_MOVW_PREL_NC => write_move(site, distance as u32 | (target & 1) as u32),
            elf::R_ARM_THM_MOVT_PREL => write_move(site, distance as u32 >> 16),
            elf::R_ARM_THM_MOVW_ABS_NC | elf::R_ARM_THM_MOVT_ABS => Err(Refusal::Absolute),
            elf::R_ARM_CALL | elf::R_ARM_JUMP24 => Err(UNKNOWN),
            _ => patch_data(site, target),
        }
    }

    fn patch_number(&self, site: &mut Site<'_>, number: u32) -> Result<(), Refusal> {
        let number = number.wrapping_add(site.addend as u32);
        match RelocationType(site.kind) {
            elf::R_ARM_THM_MOVW_ABS_NC => write_move(site, number),
            elf::R_ARM_THM_MOVT_ABS => write_move(site, number >> 16),
            elf::R_ARM_ABS32 => site.set_u32(number),
            _ => Err(UNKNOWN),
        }
    }

    fn defer(&self, site: &mut Site<'_>) -> Result<Deferred, Refusal> {
        match RelocationType(site.kind) {
            elf::R_ARM_THM_PC22 | elf::R_ARM_THM_JUMP24 => {
                write_branch(site, site.addend)?;
                Ok(Deferred {
                    addend: 0,
                    ..site.deferred()
                })
            }
            _ => Err(NOT_LOADABLE),
        }
    }

    fn jumps(&self) -> Option<Jumps> {
        Some(Jumps {
            size: 20,
            reach: 4 * MIB,
        })
    }
}

fn set_half(site: &mut Site<'_>, index: usize, mask: u16, value: u16) -> Result<(), Refusal> {
    let half = site.u16(index)?;
    site.set_u16(index, half & !mask | value & mask)
}

/// Returns the addend in `bl` or `b.w`: S:imm10 in the first half, J1 and J2 (bits 13 and 11) and imm11 in
/// the second.
fn branch_addend(upper: u32, lower: u32) -> i64 {
    let sign = upper >> 10 & 1;
    let i1 = 1 ^ sign ^ (lower >> 13 & 1);
    let i2 = 1 ^ sign ^ (lower >> 11 & 1);
    let value = sign << 24 | i1 << 23 | i2 << 22 | (upper & 0x3ff) << 12 | (lower & 0x7ff) << 1;
    sign_extend(value, 25)
}

/// Writes a distance, which must fit, into `bl` or `b.w`.
fn write_branch(site: &mut Site<'_>, distance: i64) -> Result<(), Refusal> {
    let value = distance as u32;
    let sign = value >> 24 & 1;
    let j1 = 1 ^ sign ^ (value >> 23 & 1);
    let j2 = 1 ^ sign ^ (value >> 22 & 1);
    set_half(site, 0, 0x7ff, (sign << 10 | value >> 12 & 0x3ff) as u16)?;
    let lower = j1 << 13 | j2 << 11 | value >> 1 & 0x7ff;
    set_half(site, 1, 0x2fff, lower as u16)
}

/// Returns the addend in a conditional `b.w`: S, condition and imm6 in the first half, J1, J2, imm11 in the
/// second.
fn conditional_addend(upper: u32, lower: u32) -> i64 {
    let value = (upper >> 10 & 1) << 20
        | (lower >> 11 & 1) << 19
        | (lower >> 13 & 1) << 18
        | (upper & 0x3f) << 12
        | (lower & 0x7ff) << 1;
    sign_extend(value, 21)
}

fn write_conditional(site: &mut Site<'_>, distance: i64) -> Result<(), Refusal> {
    let value = signed(distance, 21)? as u32;
    set_half(
        site,
        0,
        0x43f,
        (value >> 20 << 10 & 0x400 | value >> 12 & 0x3f) as u16,
    )?;
    let lower = (value >> 18 & 1) << 13 | (value >> 19 & 1) << 11 | value >> 1 & 0x7ff;
    set_half(site, 1, 0x2fff, lower as u16)
}

/// Writes into `movw` or `movt`: imm4 and i in the first half, imm3 and imm8 in the second.
fn write_move(site: &mut Site<'_>, value: u32) -> Result<(), Refusal> {
    set_half(
        site,
        0,
        0x40f,
        (value >> 12 & 0xf | value >> 1 & 0x400) as u16,
    )?;
    set_half(site, 1, 0x70ff, (value << 4 & 0x7000 | value & 0xff) as u16)
}

/// Returns the attribute `Tag_CPU_arch` of an object.
fn architecture(attributes: &[u8], endianness: Endianness) -> Option<u64> {
    type Section<'data> = AttributesSection<'data, elf::FileHeader32<Endianness>>;
    let section = Section::new(endianness, attributes).ok()?;
    let mut subsections = section.subsections().ok()?;
    while let Ok(Some(subsection)) = subsections.next() {
        if subsection.vendor() != b"aeabi" {
            continue;
        }
        let mut parts = subsection.subsubsections();
        while let Ok(Some(part)) = parts.next() {
            if let Some(found) = architecture_of(part.attributes()) {
                return Some(found);
            }
        }
    }
    None
}

fn architecture_of(mut attributes: AttributeReader<'_>) -> Option<u64> {
    const CPU_ARCH: u64 = 6;
    const COMPATIBILITY: u64 = 32;
    while let Some(tag) = attributes.read_tag().ok()? {
        let is_text = matches!(tag, 4 | 5) || tag > COMPATIBILITY && tag % 2 == 1;
        if tag == CPU_ARCH {
            return attributes.read_integer().ok();
        }
        if !is_text {
            attributes.read_integer().ok()?;
        }
        if is_text || tag == COMPATIBILITY {
            attributes.read_string().ok()?;
        }
    }
    None
}

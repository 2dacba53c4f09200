//! x86-64.
//!
//! The loader accepts two forms of references to a helper. `PLT32` goes to a jump in the table that the
//! loader appends to the text, so it always reaches. `PC32` goes to the helper itself, which may be more than
//! 2 GiB away, so we change it to `PLT32`. The jump serves both for calls and as the helper's address. There
//! is no table of addresses for helpers: the loader would make `GOTPCREL` point at the helper's first
//! instruction. So we rewrite loads from such a table into direct references, as the psABI provides for (B.2,
//! "Optimize GOTPCRELX Relocations").

use object::Endianness;
use object::elf::{self, RelocationType};

use super::{Deferred, Machine, NO_GOT, NOT_LOADABLE, Refusal, Site, UNKNOWN};

pub(in super::super) struct X86_64;

/// The base of the global offset table: in the larger code models, LLVM computes addresses relative to it.
/// Any place in the text is valid.
const GOT_BASE: u64 = 0;

impl Machine for X86_64 {
    fn elf_machine(&self) -> elf::Machine {
        elf::EM_X86_64
    }

    fn object_architecture(&self) -> object::Architecture {
        object::Architecture::X86_64
    }

    fn is_64(&self) -> bool {
        true
    }

    fn filler(&self, _endianness: Endianness) -> &'static [u8] {
        // int3
        &[0xcc]
    }

    fn is_no_op(&self, kind: u32) -> bool {
        RelocationType(kind) == elf::R_X86_64_NONE
    }

    fn patch(&self, site: &mut Site<'_>, target: u64) -> Result<(), Refusal> {
        match RelocationType(site.kind) {
            elf::R_X86_64_PC32 | elf::R_X86_64_PLT32 => write_distance32(site, target),
            elf::R_X86_64_GOTPCRELX | elf::R_X86_64_REX_GOTPCRELX => {
                relax_got_load(site)?;
                write_distance32(site, target)
            }
            elf::R_X86_64_PC64 => write64(site, site.distance(target)),
            elf::R_X86_64_GOTOFF64 | elf::R_X86_64_PLTOFF64 => {
                let from_got = (target as i64).wrapping_add(site.addend) - GOT_BASE as i64;
                write64(site, from_got)
            }
            elf::R_X86_64_GOTPC32 => write_distance32(site, GOT_BASE),
            elf::R_X86_64_GOTPC64 => write64(site, site.distance(GOT_BASE)),
            elf::R_X86_64_64
            | elf::R_X86_64_32
            | elf::R_X86_64_32S
            | elf::R_X86_64_16
            | elf::R_X86_64_8 => Err(Refusal::Absolute),
            _ => Err(UNKNOWN),
        }
    }

    fn defer(&self, site: &mut Site<'_>) -> Result<Deferred, Refusal> {
        match RelocationType(site.kind) {
            elf::R_X86_64_PC32 | elf::R_X86_64_PLT32 => defer_to_jump(site),
            elf::R_X86_64_GOTPCRELX | elf::R_X86_64_REX_GOTPCRELX => {
                relax_got_load(site)?;
                defer_to_jump(site)
            }
            // To the first of these the loader adds what stands in the field.
            elf::R_X86_64_64 | elf::R_X86_64_PC64 => {
                write64(site, 0)?;
                Ok(site.deferred())
            }
            _ => Err(NOT_LOADABLE),
        }
    }
}

fn defer_to_jump(site: &mut Site<'_>) -> Result<Deferred, Refusal> {
    *site.bytes::<4>(0)? = [0; 4];
    Ok(Deferred {
        kind: elf::R_X86_64_PLT32.0,
        ..site.deferred()
    })
}

fn write64(site: &mut Site<'_>, value: i64) -> Result<(), Refusal> {
    *site.bytes::<8>(0)? = value.to_le_bytes();
    Ok(())
}

fn write_distance32(site: &mut Site<'_>, target: u64) -> Result<(), Refusal> {
    let distance = site.distance(target);
    let field = i32::try_from(distance).map_err(|_| Refusal::OutOfReach { distance })?;
    *site.bytes::<4>(0)? = field.to_le_bytes();
    Ok(())
}

/// Replaces a load from the global offset table by an instruction that computes the address. Afterwards the
/// site is an ordinary reference relative to the program counter.
fn relax_got_load(site: &mut Site<'_>) -> Result<(), Refusal> {
    // The addend says how far the field is from the end of the instruction; a rewritten
    // instruction ends with the field.
    if site.addend != -4 {
        return Err(NO_GOT);
    }
    let [opcode, operands] = *site.bytes::<2>(-2)?;
    match (opcode, operands) {
        // mov symbol@GOTPCREL(%rip), %reg: lea symbol(%rip), %reg
        (0x8b, _) => site.bytes::<2>(-2)?[0] = 0x8d,
        // call *symbol@GOTPCREL(%rip): addr32 call symbol
        (0xff, 0x15) => *site.bytes::<2>(-2)? = [0x67, 0xe8],
        // jmp *symbol@GOTPCREL(%rip): jmp symbol, nop
        (0xff, 0x25) => {
            let instruction = site.bytes::<6>(-2)?;
            instruction[0] = 0xe9;
            instruction[5] = 0x90;
            site.offset -= 1;
            site.origin -= 1;
        }
        _ => return Err(NO_GOT),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(section: &mut [u8], offset: usize, kind: RelocationType) -> Site<'_> {
        Site {
            section,
            address: 0x1000,
            offset,
            origin: offset,
            global_pointer: 0,
            endianness: Endianness::Little,
            long_branches: true,
            kind: kind.0,
            addend: -4,
        }
    }

    #[test]
    fn got_loads_become_direct() {
        // mov sym@GOTPCREL(%rip), %rax
        let mut code = [0x48, 0x8b, 0x05, 0, 0, 0, 0];
        X86_64
            .patch(&mut site(&mut code, 3, elf::R_X86_64_REX_GOTPCRELX), 0x1010)
            .unwrap();
        assert_eq!(code, [0x48, 0x8d, 0x05, 0x09, 0, 0, 0]);

        // call *sym@GOTPCREL(%rip)
        let mut code = [0xff, 0x15, 0, 0, 0, 0];
        X86_64
            .patch(&mut site(&mut code, 2, elf::R_X86_64_GOTPCRELX), 0x1000)
            .unwrap();
        assert_eq!(code, [0x67, 0xe8, 0xfa, 0xff, 0xff, 0xff]);

        // jmp *sym@GOTPCREL(%rip): the field moves one byte up
        let mut code = [0xff, 0x25, 0, 0, 0, 0];
        let deferred = X86_64
            .defer(&mut site(&mut code, 2, elf::R_X86_64_GOTPCRELX))
            .unwrap();
        assert_eq!(code, [0xe9, 0, 0, 0, 0, 0x90]);
        assert_eq!(
            deferred,
            Deferred {
                offset: 1,
                kind: elf::R_X86_64_PLT32.0,
                addend: -4
            }
        );

        // cmp sym@GOTPCREL(%rip), %rax has no such form
        let mut code = [0x48, 0x3b, 0x05, 0, 0, 0, 0];
        let refused = X86_64.patch(&mut site(&mut code, 3, elf::R_X86_64_REX_GOTPCRELX), 0x1010);
        assert!(matches!(refused, Err(Refusal::Unsupported(_))));
    }

    #[test]
    fn a_field_must_lie_in_its_section() {
        let mut code = [0; 6];
        let outside = X86_64.patch(&mut site(&mut code, 3, elf::R_X86_64_PC32), 0x1000);
        assert_eq!(outside, Err(super::super::OUTSIDE));
        let before = X86_64.patch(&mut site(&mut code, 1, elf::R_X86_64_GOTPCRELX), 0x1000);
        assert_eq!(before, Err(super::super::OUTSIDE));
    }

    #[test]
    fn two_gibibytes_are_the_reach() {
        let mut code = [0; 4];
        let far = 0x1000 + 4 + (1 << 31);
        let refused = X86_64.patch(&mut site(&mut code, 0, elf::R_X86_64_PC32), far);
        assert_eq!(refused, Err(Refusal::OutOfReach { distance: 1 << 31 }));
        X86_64
            .patch(&mut site(&mut code, 0, elf::R_X86_64_PC32), far - 1)
            .unwrap();
        assert_eq!(code, i32::MAX.to_le_bytes());
    }
}

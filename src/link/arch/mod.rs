//! What the linker knows about an architecture, in one file each.

mod aarch64;
mod x86_64;

use object::elf;

use super::error::LinkError;
use crate::target::Arch;

/// The linker's view of an architecture.
pub(super) trait Machine: Sync {
    fn elf_machine(&self) -> elf::Machine;

    fn object_architecture(&self) -> object::Architecture;

    /// Fills the gaps between functions, again and again; traps when run into.
    fn filler(&self) -> &'static [u8];

    /// A relocation that asks for nothing.
    fn is_no_op(&self, kind: u32) -> bool;

    /// Patch a reference to `target`, an address in the text.
    fn patch(&self, site: &mut Site<'_>, target: u64) -> Result<(), Refusal>;

    /// Leave a reference to a function of the runtime to the loader: whatever has to change in the
    /// code for that, and the relocation in terms that the loader knows.
    fn defer(&self, site: &mut Site<'_>) -> Result<Deferred, Refusal>;
}

/// What the linker knows about `arch`, if anything.
pub(super) fn find(arch: Arch) -> Result<&'static dyn Machine, LinkError> {
    match arch {
        Arch::X86_64 => Ok(&x86_64::X86_64),
        Arch::Aarch64 => Ok(&aarch64::Aarch64),
        Arch::X86
        | Arch::Arm
        | Arch::Thumb
        | Arch::Riscv32
        | Arch::Riscv64
        | Arch::Xtensa
        | Arch::Mips
        | Arch::Arc => Err(LinkError::UnsupportedArchitecture { arch }),
    }
}

/// A field that a relocation is about.
#[derive(Debug)]
pub(super) struct Site<'a> {
    /// The section around the field, already at its place in the text.
    pub section: &'a mut [u8],
    /// Address of the section.
    pub address: u64,
    /// Offset of the field in the section.
    pub offset: usize,
    pub kind: u32,
    pub addend: i64,
}

/// A relocation for the loader; `offset` is from the start of the section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Deferred {
    pub offset: usize,
    pub kind: u32,
    pub addend: i64,
}

/// Why a reference cannot be resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It asks for an address that is only known when the text is loaded.
    Absolute,
    OutOfReach {
        distance: i64,
    },
    Unsupported(&'static str),
}

pub(super) const OUTSIDE: Refusal = Refusal::Unsupported("lies outside its section");
pub(super) const UNKNOWN: Refusal = Refusal::Unsupported("the linker does not know");
pub(super) const NOT_LOADABLE: Refusal = Refusal::Unsupported("the runtime's loader does not know");

impl Site<'_> {
    /// The `N` bytes that start `delta` bytes from the field.
    pub fn bytes<const N: usize>(&mut self, delta: isize) -> Result<&mut [u8; N], Refusal> {
        let start = self.offset.checked_add_signed(delta).ok_or(OUTSIDE)?;
        let field = self
            .section
            .get_mut(start..)
            .and_then(<[u8]>::first_chunk_mut);
        field.ok_or(OUTSIDE)
    }

    /// From the field to `target`, with the addend.
    pub fn distance(&self, target: u64) -> i64 {
        (target as i64)
            .wrapping_add(self.addend)
            .wrapping_sub(self.place() as i64)
    }

    /// The address of the field.
    pub fn place(&self) -> u64 {
        self.address + self.offset as u64
    }

    /// The relocation as it is.
    pub fn deferred(&self) -> Deferred {
        Deferred {
            offset: self.offset,
            kind: self.kind,
            addend: self.addend,
        }
    }
}

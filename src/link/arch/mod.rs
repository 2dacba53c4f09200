//! The facts about each architecture that the linker needs, one file per architecture.

mod aarch64;
mod arm;
mod i386;
mod mips;
mod riscv;
mod thumb;
mod x86_64;
mod xtensa;

use object::{Endian as _, Endianness, elf};

use super::error::LinkError;
use super::partition::{ObjectRelocation, Symbol};
use crate::targets::Arch;

/// The linker's view of an architecture.
///
/// As in ELF, addresses of Thumb code have their lowest bit set in all parameters here.
pub(super) trait Machine: Sync {
    fn elf_machine(&self) -> elf::Machine;

    fn object_architecture(&self) -> object::Architecture;

    /// Reports whether its objects are of the 64-bit class.
    fn is_64(&self) -> bool {
        false
    }

    /// Returns the bytes that fill the gaps between functions, repeated; executing them traps.
    fn filler(&self, endianness: Endianness) -> &'static [u8];

    /// Reports whether a relocation needs no change.
    fn is_no_op(&self, kind: u32) -> bool;

    /// Reports whether functions are Thumb code. (ARM and Thumb share their number in ELF files.)
    fn is_thumb(&self) -> bool {
        false
    }

    /// Reports whether calls have the longer reach of newer processors, according to the object's attributes
    /// section.
    fn has_long_branches(&self, _attributes: &[u8], _endianness: Endianness) -> bool {
        true
    }

    /// Returns the addend in the field, for a relocation whose record has none. `None` if the field lies
    /// outside its section. For relocations that [`patch`](Self::patch) does not know, the number is
    /// arbitrary.
    fn addend(&self, _field: Field<'_>, _kind: u32) -> Option<i64> {
        Some(0)
    }

    /// Completes relocations of section `number` that depend on another relocation.
    fn pair(
        &self,
        _number: u32,
        _relocations: &mut [ObjectRelocation],
        _symbols: &[Symbol<'_>],
    ) -> Result<(), &'static str> {
        Ok(())
    }

    /// Patches a reference to `target`, an address in the text.
    fn patch(&self, site: &mut Site<'_>, target: u64) -> Result<(), Refusal>;

    /// Patches the distance from code to [`Site::global_pointer`].
    fn patch_global_pointer(&self, _site: &mut Site<'_>) -> Result<(), Refusal> {
        Err(UNKNOWN)
    }

    /// Patches a field that holds a number of the linker, not an address.
    fn patch_number(&self, _site: &mut Site<'_>, _number: u32) -> Result<(), Refusal> {
        Err(UNKNOWN)
    }

    /// Leaves a reference to a function of the runtime to the loader: changes the code where necessary, and
    /// returns the relocation in the loader's terms.
    fn defer(&self, site: &mut Site<'_>) -> Result<Deferred, Refusal>;

    /// Leaves the absolute address of `target`, in the text, to the loader, as a reference to the start of
    /// the text with an addend. Only for code that needs such addresses.
    fn defer_address(&self, _site: &mut Site<'_>, _target: u64) -> Result<Deferred, Refusal> {
        Err(Refusal::Absolute)
    }

    /// Returns the loader's jumps behind the text, if calls of the runtime's functions go through them.
    fn jumps(&self) -> Option<Jumps> {
        None
    }
}

/// The loader's jumps to functions of the runtime.
#[derive(Debug, Clone, Copy)]
pub(super) struct Jumps {
    /// Size of one jump in bytes. The loader has a jump for each function that it knows.
    pub size: u64,
    /// The largest distance from a call to its target that the loader allows.
    pub reach: u64,
}

const MIB: u64 = 1 << 20;

/// Returns the linker's view of `arch`, if the linker supports it.
pub(super) fn find(arch: Arch) -> Result<&'static dyn Machine, LinkError> {
    match arch {
        Arch::X86_64 => Ok(&x86_64::X86_64),
        Arch::X86 => Ok(&i386::I386),
        Arch::Aarch64 => Ok(&aarch64::Aarch64),
        Arch::Arm => Ok(&arm::Arm),
        Arch::Thumb => Ok(&thumb::Thumb),
        Arch::Riscv32 => Ok(&riscv::Riscv { is_64: false }),
        Arch::Riscv64 => Ok(&riscv::Riscv { is_64: true }),
        Arch::Mips => Ok(&mips::Mips),
        Arch::Xtensa => Ok(&xtensa::Xtensa),
        Arch::Arc => Err(LinkError::UnsupportedArchitecture { arch }),
    }
}

/// A field of the object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    /// The bytes of the section from the field on.
    pub bytes: &'a [u8],
    pub endianness: Endianness,
}

impl Field<'_> {
    /// Returns the 16-bit unit `index` units behind the start of the field.
    pub fn u16(self, index: usize) -> Option<u16> {
        let bytes = self.bytes.get(2 * index..)?.first_chunk()?;
        Some(self.endianness.read_u16(*bytes))
    }

    pub fn u32(self) -> Option<u32> {
        let bytes = self.bytes.first_chunk()?;
        Some(self.endianness.read_u32(*bytes))
    }

    pub fn i32(self) -> Option<i64> {
        self.u32().map(|value| i64::from(value as i32))
    }
}

/// The field of a relocation.
#[derive(Debug)]
pub(super) struct Site<'a> {
    /// The section that contains the field, already at its place in the text.
    pub section: &'a mut [u8],
    /// Address of the section.
    pub address: u64,
    /// Offset of the field in the section.
    pub offset: usize,
    /// Offset in the section from which a distance counts: mostly the field.
    pub origin: usize,
    /// The global pointer of this partition's code, if the code uses one.
    pub global_pointer: u64,
    pub endianness: Endianness,
    /// See [`Machine::has_long_branches`].
    pub long_branches: bool,
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

/// The reason why a reference cannot be resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The reference needs an address that is known only when the text is loaded.
    Absolute,
    OutOfReach {
        distance: i64,
    },
    Unsupported(&'static str),
}

pub(super) const OUTSIDE: Refusal = Refusal::Unsupported("lies outside its section");
pub(super) const UNKNOWN: Refusal = Refusal::Unsupported("the linker does not know");
pub(super) const NO_GOT: Refusal =
    Refusal::Unsupported("needs a global offset table, which the text does not have");
pub(super) const MISALIGNED: Refusal = Refusal::Unsupported("needs an aligned target");
pub(super) const NOT_LOADABLE: Refusal = Refusal::Unsupported("the runtime's loader does not know");

impl Site<'_> {
    /// Returns the `N` bytes that start `delta` bytes from the field.
    pub fn bytes<const N: usize>(&mut self, delta: isize) -> Result<&mut [u8; N], Refusal> {
        let start = self.offset.checked_add_signed(delta).ok_or(OUTSIDE)?;
        let field = self
            .section
            .get_mut(start..)
            .and_then(<[u8]>::first_chunk_mut);
        field.ok_or(OUTSIDE)
    }

    /// Returns the distance from the origin of the field to `target`, with the addend.
    pub fn distance(&self, target: u64) -> i64 {
        self.distance_from(self.address.wrapping_add(self.origin as u64), target)
    }

    /// Returns the distance from `origin` to `target`, with the addend.
    pub fn distance_from(&self, origin: u64, target: u64) -> i64 {
        (target as i64)
            .wrapping_add(self.addend)
            .wrapping_sub(origin as i64)
    }

    /// Returns the 16-bit unit `index` units behind the start of the field.
    pub fn u16(&mut self, index: usize) -> Result<u16, Refusal> {
        let endianness = self.endianness;
        let bytes = *self.bytes::<2>(2 * index as isize)?;
        Ok(endianness.read_u16(bytes))
    }

    pub fn set_u16(&mut self, index: usize, value: u16) -> Result<(), Refusal> {
        let bytes = self.endianness.write_u16(value);
        *self.bytes::<2>(2 * index as isize)? = bytes;
        Ok(())
    }

    pub fn u32(&mut self) -> Result<u32, Refusal> {
        let endianness = self.endianness;
        let bytes = *self.bytes::<4>(0)?;
        Ok(endianness.read_u32(bytes))
    }

    pub fn set_u32(&mut self, value: u32) -> Result<(), Refusal> {
        let bytes = self.endianness.write_u32(value);
        *self.bytes::<4>(0)? = bytes;
        Ok(())
    }

    /// Writes `value` into the bits of `mask`, which start at bit 0, of a 32-bit field.
    pub fn set_low_bits(&mut self, mask: u32, value: u32) -> Result<(), Refusal> {
        let field = self.u32()?;
        self.set_u32(field & !mask | value & mask)
    }

    /// Returns the relocation unchanged.
    pub fn deferred(&self) -> Deferred {
        Deferred {
            offset: self.offset,
            kind: self.kind,
            addend: self.addend,
        }
    }
}

/// Returns `distance` if it fits a signed field of `bits` bits.
pub(super) fn signed(distance: i64, bits: u32) -> Result<i64, Refusal> {
    let reach = 1i64 << (bits - 1);
    if (-reach..reach).contains(&distance) {
        Ok(distance)
    } else {
        Err(Refusal::OutOfReach { distance })
    }
}

/// Returns the low `bits` bits of `value` as a signed number.
pub(super) fn sign_extend(value: u32, bits: u32) -> i64 {
    let shift = 32 - bits;
    i64::from((value << shift) as i32 >> shift)
}

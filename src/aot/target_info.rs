//! Section 0: the machine of the code, and the features that the code needs of the runtime.

use std::ops::{BitOr, BitOrAssign};

use super::error::{ReadError, WriteError};
use super::reader::{Read, Reader};
use super::writer::{Write, Writer};
use crate::targets::{self, Endianness, PointerWidth, Target};

/// The kind of the target's ELF (or COFF) files: byte order and pointer width. The loader compares both with
/// its own machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum BinaryType {
    Elf32Little = 0,
    Elf32Big = 1,
    Elf64Little = 2,
    Elf64Big = 3,
    Coff32 = 4,
    Coff64 = 6,
}

impl BinaryType {
    const ALL: [BinaryType; 6] = [
        BinaryType::Elf32Little,
        BinaryType::Elf32Big,
        BinaryType::Elf64Little,
        BinaryType::Elf64Big,
        BinaryType::Coff32,
        BinaryType::Coff64,
    ];

    /// Returns the kind of the ELF files of a target.
    pub fn elf(pointer_width: PointerWidth, endianness: Endianness) -> BinaryType {
        match (pointer_width, endianness) {
            (PointerWidth::Bits32, Endianness::Little) => BinaryType::Elf32Little,
            (PointerWidth::Bits32, Endianness::Big) => BinaryType::Elf32Big,
            (PointerWidth::Bits64, Endianness::Little) => BinaryType::Elf64Little,
            (PointerWidth::Bits64, Endianness::Big) => BinaryType::Elf64Big,
        }
    }

    pub fn is_big_endian(self) -> bool {
        matches!(self, BinaryType::Elf32Big | BinaryType::Elf64Big)
    }

    pub fn pointer_width(self) -> PointerWidth {
        match self {
            BinaryType::Elf32Little | BinaryType::Elf32Big | BinaryType::Coff32 => {
                PointerWidth::Bits32
            }
            BinaryType::Elf64Little | BinaryType::Elf64Big | BinaryType::Coff64 => {
                PointerWidth::Bits64
            }
        }
    }
}

/// How the loader treats the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum FileType {
    /// The loader copies the code into executable memory and relocates it there.
    Relocatable = 1,
    /// The code is executed where the file lies; the loader relocates nothing.
    ExecuteInPlace = 4,
}

/// The features that compiled code needs of the runtime. A runtime without SIMD, bulk memory, reference
/// types, threads or garbage collection rejects a file with that flag. The frame flags describe the frames to
/// a runtime that dumps call stacks. The runtime ignores the other flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct FeatureFlags(pub u64);

impl FeatureFlags {
    pub const NONE: FeatureFlags = FeatureFlags(0);
    pub const SIMD: FeatureFlags = FeatureFlags(1 << 0);
    pub const BULK_MEMORY: FeatureFlags = FeatureFlags(1 << 1);
    pub const MULTI_THREAD: FeatureFlags = FeatureFlags(1 << 2);
    pub const REFERENCE_TYPES: FeatureFlags = FeatureFlags(1 << 3);
    pub const GARBAGE_COLLECTION: FeatureFlags = FeatureFlags(1 << 4);
    pub const TINY_STACK_FRAME: FeatureFlags = FeatureFlags(1 << 6);
    pub const FRAME_PER_FUNCTION: FeatureFlags = FeatureFlags(1 << 12);
    pub const FRAME_WITHOUT_FUNCTION_INDEX: FeatureFlags = FeatureFlags(1 << 13);

    pub fn contains(self, other: FeatureFlags) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns `self` if `condition` holds, and no flags otherwise.
    pub fn when(self, condition: bool) -> FeatureFlags {
        if condition { self } else { Self::NONE }
    }
}

impl BitOr for FeatureFlags {
    type Output = FeatureFlags;

    fn bitor(self, other: FeatureFlags) -> FeatureFlags {
        FeatureFlags(self.0 | other.0)
    }
}

impl BitOrAssign for FeatureFlags {
    fn bitor_assign(&mut self, other: FeatureFlags) {
        *self = *self | other;
    }
}

/// The architecture's name (`x86_64`, `thumbv7em`, `aarch64v8`, …): the loader demands that the runtime's own
/// name is a prefix of it. Padded with NUL; the last byte is always NUL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ArchName([u8; 16]);

impl ArchName {
    /// Returns `None` if `name` is longer than 15 bytes or contains a NUL.
    pub const fn new(name: &str) -> Option<ArchName> {
        let name = name.as_bytes();
        let mut bytes = [0; 16];
        if name.len() >= bytes.len() {
            return None;
        }
        let mut at = 0;
        while at < name.len() {
            if name[at] == 0 {
                return None;
            }
            bytes[at] = name[at];
            at += 1;
        }
        Some(ArchName(bytes))
    }

    /// Truncates `name`, which contains no NUL. Only `thumbv8.1m.maineb` is too long; the binary type states
    /// its byte order as well.
    fn cut(name: &str) -> ArchName {
        let mut bytes = [0; 16];
        let length = name.len().min(bytes.len() - 1);
        bytes[..length].copy_from_slice(&name.as_bytes()[..length]);
        ArchName(bytes)
    }

    /// Returns the name without its padding; bytes that are not UTF-8 are replaced.
    pub fn name(&self) -> std::borrow::Cow<'_, str> {
        let end = self.0.iter().position(|byte| *byte == 0);
        String::from_utf8_lossy(&self.0[..end.unwrap_or(self.0.len())])
    }
}

/// The target info section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TargetInfo {
    pub binary_type: BinaryType,
    /// The loader ignores it; `wamrc` writes 0.
    pub abi_type: u16,
    pub file_type: FileType,
    /// The ELF `e_machine` (COFF: the machine field).
    pub machine: u16,
    /// The ELF `e_version`; the loader demands 1.
    pub version: u32,
    /// The ELF `e_flags` of the target's objects. The loader ignores them.
    pub flags: u32,
    pub features: FeatureFlags,
    pub arch: ArchName,
}

impl TargetInfo {
    pub const CURRENT_VERSION: u32 = 1;

    /// Returns the target info of relocatable ELF code for `target`.
    pub fn of(target: &Target) -> Result<TargetInfo, targets::Error> {
        Ok(TargetInfo {
            binary_type: BinaryType::elf(target.pointer_width, target.endianness),
            abi_type: 0,
            file_type: FileType::Relocatable,
            machine: target.elf_machine,
            version: Self::CURRENT_VERSION,
            flags: target.elf_flags,
            features: FeatureFlags::NONE,
            arch: ArchName::cut(&target.name),
        })
    }
}

impl Write for TargetInfo {
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        writer.u16(self.binary_type as u16);
        writer.u16(self.abi_type);
        writer.u16(self.file_type as u16);
        writer.u16(self.machine);
        writer.u32(self.version);
        writer.u32(self.flags);
        writer.u64(self.features.0);
        writer.u64(0); // reserved
        writer.bytes(&self.arch.0);
        Ok(())
    }
}

impl Read for TargetInfo {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let number = reader.u16("the binary type")?;
        let binary_type = BinaryType::ALL
            .into_iter()
            .find(|known| *known as u16 == number)
            .ok_or_else(|| reader.wrong(2, "a binary type (0 to 4, or 6)", number))?;
        let abi_type = reader.u16("the ABI type")?;
        let file_type = match reader.u16("the file type")? {
            1 => FileType::Relocatable,
            4 => FileType::ExecuteInPlace,
            other => {
                let expected = "file type 1 (relocatable) or 4 (execute in place)";
                return Err(reader.wrong(2, expected, other));
            }
        };
        let machine = reader.u16("the machine")?;
        let version = reader.u32("the ELF version")?;
        if version != Self::CURRENT_VERSION {
            return Err(reader.wrong(4, "ELF version 1", version));
        }
        let flags = reader.u32("the machine flags")?;
        let features = FeatureFlags(reader.u64("the feature flags")?);
        if features.contains(FeatureFlags::GARBAGE_COLLECTION) {
            // Types, tables and functions have another layout in such a file.
            let found = format!("{:#x}, which includes it", features.0);
            return Err(reader.wrong(8, "feature flags without garbage collection", found));
        }
        reader.u64("the reserved word")?;
        let arch: [u8; 16] = reader.fixed("the architecture")?;
        let last = arch[arch.len() - 1];
        if last != 0 {
            return Err(reader.wrong(1, "a NUL at the end of the architecture", last));
        }
        Ok(TargetInfo {
            binary_type,
            abi_type,
            file_type,
            machine,
            version,
            flags,
            features,
            arch: ArchName(arch),
        })
    }
}

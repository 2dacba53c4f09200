//! Memories and data segments.

use super::super::error::{ReadError, WriteError};
use super::super::init_expr::InitExpr;
use super::super::reader::{Read, Reader};
use super::super::writer::{Write, Writer};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MemoryFlags {
    /// The module declares a maximum; a shared memory must have one.
    pub has_maximum: bool,
    pub shared: bool,
    pub memory64: bool,
}

const HAS_MAXIMUM: u32 = 1;
const SHARED: u32 = 2;
const MEMORY64: u32 = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    pub flags: MemoryFlags,
    /// Not always 65536: a memory that never grows may be one large page.
    pub bytes_per_page: u32,
    pub initial_pages: u32,
    /// Always set, even if the module declares no maximum: the largest size that the runtime may allow.
    pub maximum_pages: u32,
}

impl Write for Memory {
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        let mut flags = 0;
        for (set, bit) in [
            (self.flags.has_maximum, HAS_MAXIMUM),
            (self.flags.shared, SHARED),
            (self.flags.memory64, MEMORY64),
        ] {
            flags |= if set { bit } else { 0 };
        }
        writer.u32(flags);
        writer.u32(self.bytes_per_page);
        writer.u32(self.initial_pages);
        writer.u32(self.maximum_pages);
        Ok(())
    }
}

impl Read for Memory {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let flags = reader.u32("the flags of a memory")?;
        if flags & !(HAS_MAXIMUM | SHARED | MEMORY64) != 0 {
            return Err(reader.wrong(4, "memory flags up to 7", flags));
        }
        if flags & (HAS_MAXIMUM | SHARED) == SHARED {
            return Err(reader.wrong(4, "a maximum for a shared memory", flags));
        }
        Ok(Memory {
            flags: MemoryFlags {
                has_maximum: flags & HAS_MAXIMUM != 0,
                shared: flags & SHARED != 0,
                memory64: flags & MEMORY64 != 0,
            },
            bytes_per_page: reader.u32("the page size of a memory")?,
            initial_pages: reader.u32("the initial size of a memory")?,
            maximum_pages: reader.u32("the maximal size of a memory")?,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSegment {
    /// Passive, for `memory.init`; an active segment is copied at instantiation.
    pub passive: bool,
    /// The runtime ignores this index and fills the first memory.
    pub memory: u32,
    /// [`InitExpr::None`] if passive.
    pub offset: InitExpr,
    pub bytes: Vec<u8>,
}

impl Write for DataSegment {
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        writer.u32(self.passive.into());
        writer.u32(self.memory);
        self.offset.write(writer)?;
        writer.count("the size of a data segment", self.bytes.len())?;
        writer.bytes(&self.bytes);
        Ok(())
    }
}

impl Read for DataSegment {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let passive = match reader.u32("the mode of a data segment")? {
            0 => false,
            1 => true,
            other => return Err(reader.wrong(4, "0 (active) or 1 (passive)", other)),
        };
        let memory = reader.u32("a memory index")?;
        let offset = InitExpr::read(reader)?;
        let size = reader.u32("the size of a data segment")?;
        let bytes = reader.bytes("a data segment", size as usize)?.to_vec();
        Ok(DataSegment {
            passive,
            memory,
            offset,
            bytes,
        })
    }
}

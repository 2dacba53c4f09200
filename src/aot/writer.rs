//! Writes the primitives of the AOT format; [`super::reader::Reader`] is the counterpart.
//!
//! Every number is little-endian *for every target* (the loader swaps on a big-endian machine), except
//! [`Writer::target_u32`]. A number is aligned to its size, but to at most four bytes. Alignment counts from
//! the start of the file; sections start at multiples of four, so counting from the section gives the same.

use super::error::WriteError;
use super::target_info::BinaryType;
use crate::targets::PointerWidth;

/// The longest string in bytes, without its final NUL: the length prefix has 16 bits.
pub(super) const STRING_LIMIT: usize = u16::MAX as usize - 1;

/// The encoding of a NUL inside a string: two bytes that never occur in UTF-8.
pub(super) const INNER_NUL: [u8; 2] = [0xc0, 0x80];

/// A value with a fixed encoding in the format.
pub(super) trait Write {
    /// Writes `self` at the current position, after aligning to its first field.
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError>;
}

pub(super) struct Writer {
    bytes: Vec<u8>,
    binary_type: BinaryType,
}

impl Writer {
    pub fn new(binary_type: BinaryType) -> Self {
        Writer {
            bytes: Vec::new(),
            binary_type,
        }
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Returns the number of bytes written so far, which is the file offset of the next byte.
    pub fn position(&self) -> usize {
        self.bytes.len()
    }

    pub fn align(&mut self, alignment: usize) {
        let padded = self.bytes.len().next_multiple_of(alignment);
        self.bytes.resize(padded, 0);
    }

    pub fn bytes(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub fn u16(&mut self, value: u16) {
        self.align(2);
        self.bytes(&value.to_le_bytes());
    }

    pub fn u32(&mut self, value: u32) {
        self.align(4);
        self.bytes(&value.to_le_bytes());
    }

    /// Writes a number aligned to only four bytes, as the loader reads it.
    pub fn u64(&mut self, value: u64) {
        self.align(4);
        self.bytes(&value.to_le_bytes());
    }

    /// Writes a word in the target's byte order: the loader reads the offsets of its symbol table without
    /// swapping.
    pub fn target_u32(&mut self, value: u32) {
        self.align(4);
        if self.binary_type.is_big_endian() {
            self.bytes(&value.to_be_bytes());
        } else {
            self.bytes(&value.to_le_bytes());
        }
    }

    /// Writes an unsigned number as wide as the target's pointers.
    pub fn word(&mut self, what: &'static str, value: u64) -> Result<(), WriteError> {
        match self.binary_type.pointer_width() {
            PointerWidth::Bits64 => self.u64(value),
            PointerWidth::Bits32 => self.u32(fit(what, value)?),
        }
        Ok(())
    }

    /// Writes a signed number as wide as the target's pointers.
    pub fn signed_word(&mut self, what: &'static str, value: i64) -> Result<(), WriteError> {
        match self.binary_type.pointer_width() {
            PointerWidth::Bits64 => self.u64(value as u64),
            PointerWidth::Bits32 => {
                let value = i32::try_from(value).map_err(|_| WriteError::OutOfRange {
                    what,
                    value: value.into(),
                    limit: i32::MAX as u64,
                })?;
                self.u32(value as u32);
            }
        }
        Ok(())
    }

    /// Writes a count or a length.
    pub fn count(&mut self, what: &'static str, count: usize) -> Result<(), WriteError> {
        self.u32(fit(what, count as u64)?);
        Ok(())
    }

    /// Writes an index that may be "none".
    pub fn optional_index(&mut self, index: Option<u32>) {
        self.u32(index.unwrap_or(u32::MAX));
    }

    /// Writes a string: length with the final NUL, bytes, NUL. The runtime ends a string at its first NUL;
    /// names that differ only after it would be equal. So a NUL inside a string is written as [`INNER_NUL`].
    pub fn string(&mut self, what: &'static str, string: &str) -> Result<(), WriteError> {
        let inner_nuls = string.bytes().filter(|byte| *byte == 0).count();
        let length = string.len() + inner_nuls * (INNER_NUL.len() - 1);
        if length > STRING_LIMIT {
            return Err(WriteError::StringTooLong {
                what,
                length,
                limit: STRING_LIMIT,
            });
        }
        self.u16(length as u16 + 1);
        for (position, part) in string.split('\0').enumerate() {
            if position > 0 {
                self.bytes(&INNER_NUL);
            }
            self.bytes(part.as_bytes());
        }
        self.u8(0);
        Ok(())
    }

    /// Writes a count and this many values.
    pub fn list<T: Write>(&mut self, what: &'static str, items: &[T]) -> Result<(), WriteError> {
        self.count(what, items.len())?;
        items.iter().try_for_each(|item| item.write(self))
    }

    /// Writes a section: its number, its size, and the output of `body`.
    pub fn section(
        &mut self,
        id: u32,
        body: impl FnOnce(&mut Writer) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        self.u32(id);
        let size_at = self.position();
        self.u32(0);
        let start = self.position();
        body(self)?;
        let size: u32 = fit("the size of a section", (self.position() - start) as u64)?;
        self.bytes[size_at..start].copy_from_slice(&size.to_le_bytes());
        Ok(())
    }
}

/// Returns `value` in a narrower type, or an error that names the value.
pub(super) fn fit<T: TryFrom<u64> + Bounded>(
    what: &'static str,
    value: u64,
) -> Result<T, WriteError> {
    T::try_from(value).map_err(|_| WriteError::OutOfRange {
        what,
        value: value.into(),
        limit: T::MAX,
    })
}

/// The largest value of a type, for error messages.
pub(super) trait Bounded {
    const MAX: u64;
}

impl Bounded for u16 {
    const MAX: u64 = u16::MAX as u64;
}

impl Bounded for u32 {
    const MAX: u64 = u32::MAX as u64;
}

//! Reads the primitives of the AOT format; [`super::writer::Writer`] is the counterpart.
//!
//! The reader trusts nothing in the input. It compares each length with the remaining bytes before it reads
//! them. No count determines the size of an allocation, and each value of a list takes at least one byte.

use std::borrow::Cow;

use super::error::{Part, ReadError};
use super::target_info::BinaryType;
use super::writer::INNER_NUL;
use crate::targets::PointerWidth;

/// A value with a fixed encoding in the format.
pub(super) trait Read: Sized {
    /// Reads a value at the current position, after aligning to its first field.
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError>;
}

/// A window on the file that ends at the end of the section; positions are offsets in the file.
pub(super) struct Reader<'a> {
    file: &'a [u8],
    position: usize,
    end: usize,
    part: Part,
    binary_type: BinaryType,
}

impl<'a> Reader<'a> {
    pub fn new(file: &'a [u8]) -> Self {
        Reader {
            file,
            position: 0,
            end: file.len(),
            part: Part::Header,
            // Until the target info section says better; the file header has no such field.
            binary_type: BinaryType::Elf64Little,
        }
    }

    pub fn set_part(&mut self, part: Part) {
        self.part = part;
    }

    pub fn set_binary_type(&mut self, binary_type: BinaryType) {
        self.binary_type = binary_type;
    }

    /// Returns a reader of the next `size` bytes only; this reader skips them.
    pub fn window(&mut self, part: Part, size: u32) -> Result<Reader<'a>, ReadError> {
        let start = self.position;
        self.bytes("the section", size as usize)?;
        Ok(Reader {
            file: self.file,
            position: start,
            end: self.position,
            part,
            binary_type: self.binary_type,
        })
    }

    pub fn position(&self) -> usize {
        self.position
    }

    pub fn remaining(&self) -> usize {
        self.end - self.position
    }

    pub fn is_at_end(&self) -> bool {
        self.position == self.end
    }

    /// Checks that the section ends here.
    pub fn finish(&self) -> Result<(), ReadError> {
        if self.is_at_end() {
            return Ok(());
        }
        Err(self.error(
            self.position,
            "the end of the section",
            format!("{} more bytes", self.remaining()),
        ))
    }

    pub fn error(
        &self,
        offset: usize,
        expected: impl Into<Cow<'static, str>>,
        found: impl Into<Cow<'static, str>>,
    ) -> ReadError {
        ReadError {
            offset,
            part: self.part,
            expected: expected.into(),
            found: found.into(),
        }
    }

    /// Returns the error that the value `found`, read from the last `size` bytes, is invalid.
    pub fn wrong(
        &self,
        size: usize,
        expected: impl Into<Cow<'static, str>>,
        found: impl std::fmt::Display,
    ) -> ReadError {
        self.error(self.position - size, expected, found.to_string())
    }

    /// Aligns the position. Padding may be missing at the very end; the next read then reports the error.
    pub fn align(&mut self, alignment: usize) {
        self.position = self.position.next_multiple_of(alignment).min(self.end);
    }

    pub fn bytes(&mut self, what: &'static str, length: usize) -> Result<&'a [u8], ReadError> {
        if length > self.remaining() {
            return Err(self.error(
                self.position,
                format!("{length} bytes of {what}"),
                format!("{} bytes up to the end", self.remaining()),
            ));
        }
        let bytes = &self.file[self.position..self.position + length];
        self.position += length;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], ReadError> {
        let mut array = [0; N];
        array.copy_from_slice(self.bytes(what, N)?);
        Ok(array)
    }

    pub fn fixed<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], ReadError> {
        self.array(what)
    }

    pub fn u8(&mut self, what: &'static str) -> Result<u8, ReadError> {
        Ok(self.array::<1>(what)?[0])
    }

    pub fn u16(&mut self, what: &'static str) -> Result<u16, ReadError> {
        self.align(2);
        Ok(u16::from_le_bytes(self.array(what)?))
    }

    pub fn u32(&mut self, what: &'static str) -> Result<u32, ReadError> {
        self.align(4);
        Ok(u32::from_le_bytes(self.array(what)?))
    }

    /// Reads a number that is aligned to only four bytes.
    pub fn u64(&mut self, what: &'static str) -> Result<u64, ReadError> {
        self.align(4);
        Ok(u64::from_le_bytes(self.array(what)?))
    }

    /// Reads a word in the target's byte order.
    pub fn target_u32(&mut self, what: &'static str) -> Result<u32, ReadError> {
        self.align(4);
        let bytes = self.array(what)?;
        Ok(if self.binary_type.is_big_endian() {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        })
    }

    /// Reads an unsigned number as wide as the target's pointers.
    pub fn word(&mut self, what: &'static str) -> Result<u64, ReadError> {
        match self.binary_type.pointer_width() {
            PointerWidth::Bits64 => self.u64(what),
            PointerWidth::Bits32 => self.u32(what).map(u64::from),
        }
    }

    /// Reads a signed number as wide as the target's pointers.
    pub fn signed_word(&mut self, what: &'static str) -> Result<i64, ReadError> {
        match self.binary_type.pointer_width() {
            PointerWidth::Bits64 => self.u64(what).map(|value| value as i64),
            PointerWidth::Bits32 => self.u32(what).map(|value| i64::from(value as i32)),
        }
    }

    /// Reads an index that may be "none".
    pub fn optional_index(&mut self, what: &'static str) -> Result<Option<u32>, ReadError> {
        Ok(Some(self.u32(what)?).filter(|index| *index != u32::MAX))
    }

    /// Reads an index that must be less than `count`.
    pub fn index(&mut self, what: &'static str, count: usize) -> Result<u32, ReadError> {
        let index = self.u32(what)?;
        self.check_index(what, index, 4, count)
    }

    /// Checks that `index`, read from the last `size` bytes, is less than `count`.
    pub fn check_index(
        &self,
        what: &'static str,
        index: u32,
        size: usize,
        count: usize,
    ) -> Result<u32, ReadError> {
        if (index as usize) < count {
            return Ok(index);
        }
        Err(self.wrong(size, format!("{what} less than {count}"), index))
    }

    /// Reads a byte that means false or true.
    pub fn bool(&mut self, what: &'static str) -> Result<bool, ReadError> {
        match self.u8(what)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(self.wrong(1, format!("0 or 1 for {what}"), other)),
        }
    }

    /// Reads a string: length with the final NUL, bytes, NUL. Like the loader, accepts a length of zero.
    pub fn string(&mut self, what: &'static str) -> Result<String, ReadError> {
        let length = self.u16(what)?;
        let start = self.position;
        let Some((last, text)) = self.bytes(what, length.into())?.split_last() else {
            return Ok(String::new());
        };
        if *last != 0 {
            return Err(self.wrong(1, format!("a NUL at the end of {what}"), last));
        }
        // Where there is no coded NUL, there is one part, which is all of the text.
        let mut string = String::new();
        let mut part_start = start;
        loop {
            let part = &text[part_start - start..];
            let coded_nul = part
                .windows(INNER_NUL.len())
                .position(|at| *at == INNER_NUL);
            let part = &part[..coded_nul.unwrap_or(part.len())];
            let part_text = std::str::from_utf8(part).map_err(|error| {
                let offset = part_start + error.valid_up_to();
                self.error(offset, format!("UTF-8 in {what}"), "other bytes")
            })?;
            string.push_str(part_text);
            if coded_nul.is_none() {
                return Ok(string);
            }
            string.push('\0');
            part_start += part.len() + INNER_NUL.len();
        }
    }

    /// Reads a count and this many values.
    pub fn list<T: Read>(&mut self, what: &'static str) -> Result<Vec<T>, ReadError> {
        let count = self.u32(what)?;
        self.repeat(count, T::read)
    }

    /// Reads `count` values. Each takes at least one byte, so a false count soon ends in an error.
    pub fn repeat<T>(
        &mut self,
        count: u32,
        mut read: impl FnMut(&mut Self) -> Result<T, ReadError>,
    ) -> Result<Vec<T>, ReadError> {
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(read(self)?);
        }
        Ok(items)
    }
}

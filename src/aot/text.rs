//! Section 2: the machine code.
//!
//! Subtle: where the code starts. A relocatable file's section is copied to the start of a page,
//! its first four bytes being the length of the literal part, so that without literals the code
//! starts *four bytes past* the page: no function or constant in it would be aligned to eight or
//! more. Code that is executed in place lies where it lies in the file. Padding in the literal
//! part puts either right; see [`Text::with_alignment`].

use super::error::{ReadError, WriteError};
use super::reader::{Read, Reader};
use super::writer::{Write, Writer};

/// Bytes of the length in front of the literal part.
const LENGTH_SIZE: usize = 4;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// Data before the code: constants that Xtensa code refers to by negative offsets, or
    /// padding.
    pub literal: Vec<u8>,
    /// Offsets of functions and relocations count from here. The loader appends its jump table
    /// to a relocatable file's code.
    pub code: Vec<u8>,
}

impl Text {
    /// `code`, with padding that aligns it to `alignment`, a power of two, if the body of the
    /// section starts at `section_offset` past an address that is so aligned.
    pub fn with_alignment(code: Vec<u8>, section_offset: usize, alignment: usize) -> Text {
        let unpadded = section_offset + LENGTH_SIZE;
        Text {
            literal: vec![0; unpadded.next_multiple_of(alignment) - unpadded],
            code,
        }
    }
}

impl Write for Text {
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        writer.count("the size of the literals", self.literal.len())?;
        writer.bytes(&self.literal);
        writer.bytes(&self.code);
        // The loader's jump table follows the code and wants to be aligned.
        writer.align(4);
        Ok(())
    }
}

impl Read for Text {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let literal_size = reader.u32("the size of the literals")?;
        let literal = reader.bytes("literals", literal_size as usize)?.to_vec();
        let code = reader.bytes("code", reader.remaining())?.to_vec();
        Ok(Text { literal, code })
    }
}

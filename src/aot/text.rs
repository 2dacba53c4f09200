//! Section 2: the machine code.
//!
//! The loader copies this section of a relocatable file to the start of a page. The first four bytes are the
//! length of the literal part. Without literals, the code would start *four bytes past* the page, and no
//! function or constant could be aligned to eight or more. Code that is executed in place stays where it lies
//! in the file. Padding in the literal part aligns the code in both cases; see [`Text::with_alignment`].

use super::error::{ReadError, WriteError};
use super::reader::{Read, Reader};
use super::writer::{Write, Writer};

/// Size in bytes of the length in front of the literal part.
const LENGTH_SIZE: usize = 4;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// Data in front of the code: constants that Xtensa code refers to by negative offsets, or padding.
    pub literal: Vec<u8>,
    /// The code. Offsets of functions and relocations count from its start. The loader appends its jump table
    /// to a relocatable file's code.
    pub code: Vec<u8>,
}

impl Text {
    /// Returns `code` with padding that aligns it to `alignment`, a power of two. The body of the section
    /// must start `section_offset` bytes past an address with this alignment.
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

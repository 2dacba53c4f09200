//! Section 3: the place of each defined function. The section stores columns, not rows: first all offsets,
//! then all types, and so on.

use super::error::{ReadError, WriteError};
use super::reader::Reader;
use super::writer::Writer;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// Bytes from the start of the code. Always even for Thumb: the loader sets the lowest bit.
    pub text_offset: u64,
    /// The canonical type.
    pub type_index: u32,
    /// Size of a frame's parameters and locals in words of four bytes. Zero, like the next field, unless the
    /// code was compiled with call-stack frames.
    pub local_cells: u32,
    /// Size of a frame's operand stack in words of four bytes.
    pub stack_cells: u32,
}

pub(super) fn write(functions: &[Function], writer: &mut Writer) -> Result<(), WriteError> {
    for function in functions {
        writer.word("the offset of a function", function.text_offset)?;
    }
    let columns: [fn(&Function) -> u32; 3] = [
        |function| function.type_index,
        |function| function.local_cells,
        |function| function.stack_cells,
    ];
    for column in columns {
        for function in functions {
            writer.u32(column(function));
        }
    }
    Ok(())
}

/// Reads the `count` functions. Their offsets must lie in `code_size` bytes, and their types in `type_count`
/// types.
pub(super) fn read(
    reader: &mut Reader<'_>,
    count: u32,
    code_size: usize,
    type_count: usize,
) -> Result<Vec<Function>, ReadError> {
    let mut functions = reader.repeat(count, |reader| {
        let text_offset = reader.word("the offset of a function")?;
        if text_offset >= code_size as u64 {
            let expected = format!("an offset in the {code_size} bytes of code");
            return Err(reader.error(reader.position(), expected, text_offset.to_string()));
        }
        Ok(Function {
            text_offset,
            type_index: 0,
            local_cells: 0,
            stack_cells: 0,
        })
    })?;
    for function in &mut functions {
        function.type_index = reader.index("a type index", type_count)?;
    }
    for function in &mut functions {
        function.local_cells = reader.u32("the size of the locals")?;
    }
    for function in &mut functions {
        function.stack_cells = reader.u32("the size of the operand stack")?;
    }
    Ok(functions)
}

//! Defined globals.

use super::super::error::{ReadError, WriteError};
use super::super::init_expr::InitExpr;
use super::super::reader::{Read, Reader};
use super::super::writer::{Write, Writer};
use super::types::{read_value_type, write_value_type};
use crate::wasm::ValType;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Global {
    pub ty: ValType,
    pub mutable: bool,
    pub init: InitExpr,
}

impl Write for Global {
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        // The expression before ends at a multiple of four, as does the count.
        write_value_type(writer, self.ty);
        writer.u8(self.mutable.into());
        self.init.write(writer)
    }
}

impl Read for Global {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        Ok(Global {
            ty: read_value_type(reader)?,
            mutable: reader.bool("the mutability of a global")?,
            init: InitExpr::read(reader)?,
        })
    }
}

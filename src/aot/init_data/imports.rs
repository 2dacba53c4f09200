//! Imported functions and globals, which the runtime looks up by their two names.

use super::super::error::{ReadError, WriteError};
use super::super::reader::{Read, Reader};
use super::super::writer::{Write, Writer, fit};
use super::types::{read_value_type, write_value_type};
use crate::wasm::ValType;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedGlobal {
    pub ty: ValType,
    pub mutable: bool,
    pub module: String,
    pub field: String,
}

impl Write for ImportedGlobal {
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        writer.align(2);
        write_value_type(writer, self.ty);
        writer.u8(self.mutable.into());
        writer.string("the module name of an imported global", &self.module)?;
        writer.string("the name of an imported global", &self.field)
    }
}

impl Read for ImportedGlobal {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        reader.align(2);
        Ok(ImportedGlobal {
            ty: read_value_type(reader)?,
            mutable: reader.bool("the mutability of an imported global")?,
            module: reader.string("the module name of an imported global")?,
            field: reader.string("the name of an imported global")?,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedFunction {
    /// The canonical type. The format has 16 bits for it.
    pub type_index: u32,
    pub module: String,
    pub field: String,
}

impl Write for ImportedFunction {
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        let what = "the type index of an imported function";
        writer.u16(fit(what, self.type_index.into())?);
        writer.string("the module name of an imported function", &self.module)?;
        writer.string("the name of an imported function", &self.field)
    }
}

impl ImportedFunction {
    pub(super) fn read(reader: &mut Reader<'_>, type_count: usize) -> Result<Self, ReadError> {
        let type_index = reader.u16("the type index of an imported function")?;
        Ok(ImportedFunction {
            type_index: reader.check_index("a type index", type_index.into(), 2, type_count)?,
            module: reader.string("the module name of an imported function")?,
            field: reader.string("the name of an imported function")?,
        })
    }
}

//! Function types, and value types in the format's numbering: their byte in a wasm file.
//!
//! The runtime compares types of functions by their *index*. So a function that is called through a table
//! must have the canonical type, and so must the check in the code. Duplicates stay in the list.

use super::super::error::{ReadError, WriteError};
use super::super::reader::{Read, Reader};
use super::super::writer::{Write, Writer, fit};
use crate::wasm::{FuncType, RefType, ValType};

/// The only kind of type in a file without garbage collection.
const FUNCTION: u16 = 0;

pub(super) fn ref_type_number(ty: RefType) -> u8 {
    match ty {
        RefType::Func => 0x70,
        RefType::Extern => 0x6f,
        // A word of which the runtime needs to know nothing.
        RefType::Exn => 0x7f,
    }
}

fn value_type_number(ty: ValType) -> u8 {
    match ty {
        ValType::I32 => 0x7f,
        ValType::I64 => 0x7e,
        ValType::F32 => 0x7d,
        ValType::F64 => 0x7c,
        ValType::V128 => 0x7b,
        ValType::Ref(ty) => ref_type_number(ty),
    }
}

const VALUE_TYPES: [ValType; 7] = [
    ValType::I32,
    ValType::I64,
    ValType::F32,
    ValType::F64,
    ValType::V128,
    ValType::Ref(RefType::Func),
    ValType::Ref(RefType::Extern),
];

pub(super) fn write_value_type(writer: &mut Writer, ty: ValType) {
    writer.u8(value_type_number(ty));
}

pub(super) fn read_value_type(reader: &mut Reader<'_>) -> Result<ValType, ReadError> {
    let number = reader.u8("a value type")?;
    VALUE_TYPES
        .into_iter()
        .find(|ty| value_type_number(*ty) == number)
        .ok_or_else(|| reader.wrong(1, "a value type", format!("{number:#x}")))
}

pub(super) fn read_ref_type(reader: &mut Reader<'_>) -> Result<RefType, ReadError> {
    match read_value_type(reader)? {
        ValType::Ref(ty) => Ok(ty),
        other => Err(reader.wrong(1, "a reference type", format!("{other:?}"))),
    }
}

impl Write for FuncType {
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        writer.align(4);
        writer.u16(FUNCTION);
        writer.u16(fit("the count of parameters", self.params.len() as u64)?);
        writer.u16(fit("the count of results", self.results.len() as u64)?);
        for ty in self.params.iter().chain(&self.results) {
            write_value_type(writer, *ty);
        }
        Ok(())
    }
}

impl Read for FuncType {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        reader.align(4);
        let kind = reader.u16("the kind of a type")?;
        if kind != FUNCTION {
            return Err(reader.wrong(2, "type kind 0 (function)", kind));
        }
        let params = reader.u16("the count of parameters")?;
        let results = reader.u16("the count of results")?;
        Ok(FuncType {
            params: reader.repeat(params.into(), read_value_type)?,
            results: reader.repeat(results.into(), read_value_type)?,
        })
    }
}

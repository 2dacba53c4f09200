//! Tables and element segments.

use super::super::error::{ReadError, WriteError};
use super::super::init_expr::InitExpr;
use super::super::reader::{Read, Reader};
use super::super::writer::{Write, Writer};
use super::types::{read_ref_type, ref_type_number};
use crate::wasm::RefType;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    pub element: RefType,
    /// The module declares a maximum.
    pub has_maximum: bool,
    /// Indices have 64 bits.
    pub table64: bool,
    /// Code may grow the table: then the instance has room for `maximum` elements, otherwise for `initial`.
    /// The offsets of all later tables depend on this.
    pub may_grow: bool,
    pub initial: u32,
    /// Always set, even if the module declares no maximum: beyond it, `table.grow` fails.
    pub maximum: u32,
}

const HAS_MAXIMUM: u8 = 1;
const TABLE64: u8 = 4;

impl Table {
    /// Returns how many elements the instance has room for.
    pub fn slots(&self) -> u32 {
        if self.may_grow {
            self.maximum
        } else {
            self.initial
        }
    }
}

impl Write for Table {
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        writer.u8(ref_type_number(self.element));
        let table64 = if self.table64 { TABLE64 } else { 0 };
        writer.u8(u8::from(self.has_maximum) | table64);
        writer.u8(self.may_grow.into());
        writer.u8(0); // padding
        writer.u32(self.initial);
        writer.u32(self.maximum);
        Ok(())
    }
}

impl Read for Table {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let element = read_ref_type(reader)?;
        let flags = reader.u8("the flags of a table")?;
        if flags & !(HAS_MAXIMUM | TABLE64) != 0 {
            return Err(reader.wrong(1, "table flags 0, 1, 4 or 5", flags));
        }
        let may_grow = reader.bool("whether a table may grow")?;
        reader.u8("padding")?;
        Ok(Table {
            element,
            has_maximum: flags & HAS_MAXIMUM != 0,
            table64: flags & TABLE64 != 0,
            may_grow,
            initial: reader.u32("the initial size of a table")?,
            maximum: reader.u32("the maximal size of a table")?,
        })
    }
}

/// The flags of a wasm element segment. The runtime reads only the mode; the other bits describe the
/// segment's encoding in the wasm file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentMode(u32);

impl SegmentMode {
    pub const ACTIVE: SegmentMode = SegmentMode(0);
    pub const PASSIVE: SegmentMode = SegmentMode(1);
    pub const DECLARATIVE: SegmentMode = SegmentMode(3);

    pub fn is_active(self) -> bool {
        self.0 & 1 == 0
    }

    pub fn is_declarative(self) -> bool {
        self.0 & 3 == 3
    }
}

/// The kind of a segment's elements. The runtime ignores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum SegmentElement {
    /// Non-null function references: `wamrc` writes this for a segment that lists function indices.
    NonNullFunc = 0x64,
    Extern = 0x6f,
    Func = 0x70,
}

impl From<RefType> for SegmentElement {
    fn from(ty: RefType) -> SegmentElement {
        match ty {
            RefType::Func => SegmentElement::Func,
            RefType::Extern => SegmentElement::Extern,
            RefType::Exn => unreachable!("no module has segments of exceptions"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementSegment {
    pub mode: SegmentMode,
    pub element: SegmentElement,
    /// 0 if not active.
    pub table: u32,
    /// [`InitExpr::None`] if not active.
    pub offset: InitExpr,
    /// Function indices and null references; for other values the runtime takes the bits.
    pub items: Vec<InitExpr>,
}

impl Write for ElementSegment {
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        let element = self.element as u8;
        writer.u32(self.mode.0);
        writer.u32(element.into());
        writer.u32(self.table);
        self.offset.write(writer)?;
        // What follows says more about the element type in files with garbage collection.
        writer.u16(element.into());
        writer.u16(0);
        writer.u32(0);
        writer.list("the count of elements", &self.items)
    }
}

impl Read for ElementSegment {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        let mode = reader.u32("the mode of an element segment")?;
        if mode > 7 {
            return Err(reader.wrong(4, "the mode of an element segment, 0 to 7", mode));
        }
        let element = match reader.u32("an element type")? {
            0x64 => SegmentElement::NonNullFunc,
            0x6f => SegmentElement::Extern,
            0x70 => SegmentElement::Func,
            other => return Err(reader.wrong(4, "an element type", format!("{other:#x}"))),
        };
        let table = reader.u32("a table index")?;
        let offset = InitExpr::read(reader)?;
        reader.bytes("more about the element type", 8)?;
        Ok(ElementSegment {
            mode: SegmentMode(mode),
            element,
            table,
            offset,
            items: reader.list("the count of elements")?,
        })
    }
}

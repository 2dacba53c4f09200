//! Initial values: of a global, of a segment's offset, of an element.
//!
//! The loader reads nested expressions by recursion; on small devices its stack has a few kilobytes.
//! [`MAX_DEPTH`] keeps files (and our own recursion) within that limit.

use super::error::{ReadError, WriteError};
use super::reader::{Read, Reader};
use super::writer::{Write, Writer};
use crate::wasm::ConstBinary;

/// The largest nesting depth of operators.
pub const MAX_DEPTH: usize = 64;

/// The index of a null reference, in initial values and in references themselves.
pub const NULL_REFERENCE: u32 = u32::MAX;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InitExpr {
    /// No value: the offset of a segment that is not active.
    None,
    I32(i32),
    I64(i64),
    /// The IEEE 754 bits.
    F32(u32),
    /// The IEEE 754 bits.
    F64(u64),
    /// As in a wasm file: little-endian on every target.
    V128([u8; 16]),
    /// The runtime accepts only imported immutable globals.
    GlobalGet(u32),
    /// A function index.
    RefFunc(u32),
    /// Must be [`NULL_REFERENCE`] to be null in a table, because the runtime stores the bits unchanged.
    /// `wamrc` writes 0, which is the first function.
    RefNull(u32),
    /// A runtime without the extended-const proposal rejects it.
    Binary {
        operator: ConstBinary,
        left: Box<InitExpr>,
        right: Box<InitExpr>,
    },
}

const NONE: u32 = 0x00;
const GLOBAL_GET: u32 = 0x23;
const I32_CONST: u32 = 0x41;
const I64_CONST: u32 = 0x42;
const F32_CONST: u32 = 0x43;
const F64_CONST: u32 = 0x44;
const REF_NULL: u32 = 0xd0;
const REF_FUNC: u32 = 0xd2;
const V128_CONST: u32 = 0xfd;

/// Returns the number of the wasm instruction.
fn binary_number(operator: ConstBinary) -> u32 {
    match operator {
        ConstBinary::I32Add => 0x6a,
        ConstBinary::I32Sub => 0x6b,
        ConstBinary::I32Mul => 0x6c,
        ConstBinary::I64Add => 0x7c,
        ConstBinary::I64Sub => 0x7d,
        ConstBinary::I64Mul => 0x7e,
    }
}

const OPERATORS: [ConstBinary; 6] = [
    ConstBinary::I32Add,
    ConstBinary::I32Sub,
    ConstBinary::I32Mul,
    ConstBinary::I64Add,
    ConstBinary::I64Sub,
    ConstBinary::I64Mul,
];

impl Write for InitExpr {
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        let mut number_and = |number, value| {
            writer.u32(number);
            writer.u32(value);
        };
        match self {
            InitExpr::None => writer.u32(NONE),
            InitExpr::I32(value) => number_and(I32_CONST, *value as u32),
            InitExpr::F32(bits) => number_and(F32_CONST, *bits),
            InitExpr::GlobalGet(index) => number_and(GLOBAL_GET, *index),
            InitExpr::RefFunc(index) => number_and(REF_FUNC, *index),
            InitExpr::RefNull(index) => number_and(REF_NULL, *index),
            InitExpr::I64(value) => {
                writer.u32(I64_CONST);
                writer.u64(*value as u64);
            }
            InitExpr::F64(bits) => {
                writer.u32(F64_CONST);
                writer.u64(*bits);
            }
            InitExpr::V128(bytes) => {
                writer.u32(V128_CONST);
                writer.bytes(bytes);
            }
            InitExpr::Binary {
                operator,
                left,
                right,
            } => {
                writer.u32(binary_number(*operator));
                left.write(writer)?;
                right.write(writer)?;
            }
        }
        Ok(())
    }
}

impl Read for InitExpr {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        read_nested(reader, MAX_DEPTH)
    }
}

fn read_nested(reader: &mut Reader<'_>, depth_left: usize) -> Result<InitExpr, ReadError> {
    let number = reader.u32("the kind of an initial value")?;
    Ok(match number {
        NONE => InitExpr::None,
        I32_CONST => InitExpr::I32(reader.u32("an i32 value")? as i32),
        I64_CONST => InitExpr::I64(reader.u64("an i64 value")? as i64),
        F32_CONST => InitExpr::F32(reader.u32("an f32 value")?),
        F64_CONST => InitExpr::F64(reader.u64("an f64 value")?),
        V128_CONST => InitExpr::V128(reader.fixed("a v128 value")?),
        GLOBAL_GET => InitExpr::GlobalGet(reader.u32("a global index")?),
        REF_FUNC => InitExpr::RefFunc(reader.u32("a function index")?),
        REF_NULL => InitExpr::RefNull(reader.u32("a null reference")?),
        _ => {
            let operator = OPERATORS
                .into_iter()
                .find(|operator| binary_number(*operator) == number)
                .ok_or_else(|| {
                    reader.wrong(4, "the kind of an initial value", format!("{number:#x}"))
                })?;
            let Some(depth_left) = depth_left.checked_sub(1) else {
                let expected = format!("at most {MAX_DEPTH} nested operators");
                return Err(reader.wrong(4, expected, "one more"));
            };
            InitExpr::Binary {
                operator,
                left: Box::new(read_nested(reader, depth_left)?),
                right: Box::new(read_nested(reader, depth_left)?),
            }
        }
    })
}

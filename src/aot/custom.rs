//! Custom sections, which follow the relocation section: native symbols, names, and custom
//! sections of the wasm file.

use super::error::{ReadError, WriteError};
use super::reader::{Read, Reader};
use super::writer::{STRING_LIMIT, Write, Writer};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomSection {
    /// A custom section of the wasm file, for `wasm_runtime_get_custom_section`.
    Raw { name: String, bytes: Vec<u8> },
    /// In indirect mode, the table of native symbols: names of runtime helpers, or `i32#`, `i64#`, `f32#`,
    /// `f64#` and hexadecimal bits. In the order of the table; the file has the reverse order.
    NativeSymbols(Vec<String>),
    /// Function indices in ascending order, with their names: for call stacks.
    FunctionNames(Vec<(u32, String)>),
    /// A section of an unknown kind.
    Unknown { kind: u32, bytes: Vec<u8> },
}

const RAW: u32 = 0;
const NATIVE_SYMBOLS: u32 = 1;
const NAMES: u32 = 3;

const NAME_SECTION: &[u8; 4] = b"name";
/// The subsection of function names, the only one that the loader reads.
const FUNCTION_NAMES: u32 = 1;

impl Write for CustomSection {
    fn write(&self, writer: &mut Writer) -> Result<(), WriteError> {
        match self {
            CustomSection::Raw { name, bytes } => {
                writer.u32(RAW);
                writer.string("the name of a custom section", name)?;
                writer.bytes(bytes);
                Ok(())
            }
            CustomSection::NativeSymbols(symbols) => {
                writer.u32(NATIVE_SYMBOLS);
                writer.count("the count of native symbols", symbols.len())?;
                symbols
                    .iter()
                    .rev()
                    .try_for_each(|symbol| writer.string("the name of a native symbol", symbol))
            }
            CustomSection::FunctionNames(names) => {
                writer.u32(NAMES);
                writer.u32(NAME_SECTION.len() as u32);
                writer.bytes(NAME_SECTION);
                writer.section(FUNCTION_NAMES, |writer| {
                    writer.count("the count of function names", names.len())?;
                    names.iter().try_for_each(|(function, name)| {
                        writer.u32(*function);
                        writer.string("the name of a function", shortened(name))
                    })
                })
            }
            CustomSection::Unknown { kind, bytes } => {
                writer.u32(*kind);
                writer.bytes(bytes);
                Ok(())
            }
        }
    }
}

impl Read for CustomSection {
    fn read(reader: &mut Reader<'_>) -> Result<Self, ReadError> {
        Ok(match reader.u32("the kind of a custom section")? {
            RAW => CustomSection::Raw {
                name: reader.string("the name of a custom section")?,
                bytes: reader
                    .bytes("a custom section", reader.remaining())?
                    .to_vec(),
            },
            NATIVE_SYMBOLS => {
                let count = reader.u32("the count of native symbols")?;
                let mut symbols =
                    reader.repeat(count, |reader| reader.string("the name of a native symbol"))?;
                symbols.reverse();
                CustomSection::NativeSymbols(symbols)
            }
            NAMES => CustomSection::FunctionNames(read_names(reader)?),
            kind => CustomSection::Unknown {
                kind,
                bytes: reader
                    .bytes("a custom section", reader.remaining())?
                    .to_vec(),
            },
        })
    }
}

/// Reads the names as the loader does. The loader ignores the size of the function names; `wamrc` writes the
/// size in the wasm file, which is smaller.
fn read_names(reader: &mut Reader<'_>) -> Result<Vec<(u32, String)>, ReadError> {
    let length = reader.u32("the length of `name`")?;
    let name = reader.bytes("the name of the section", length as usize)?;
    if name != NAME_SECTION {
        return Err(reader.wrong(name.len(), "`name`", "another name"));
    }
    let mut names = Vec::new();
    while !reader.is_at_end() {
        let kind = reader.u32("the kind of a subsection")?;
        let size = reader.u32("the size of a subsection")?;
        if kind != FUNCTION_NAMES {
            reader.bytes("a subsection", size as usize)?;
            continue;
        }
        let count = reader.u32("the count of function names")?;
        names.append(&mut reader.repeat(count, |reader| {
            Ok((
                reader.u32("the index of a function")?,
                reader.string("the name of a function")?,
            ))
        })?);
    }
    Ok(names)
}

/// Cuts a function's name before a NUL and at the longest length of the format. Names only inform people, so
/// a bad name is no reason to reject a module.
fn shortened(name: &str) -> &str {
    let name = name.split('\0').next().unwrap_or(name);
    let mut end = name.len().min(STRING_LIMIT);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

//! Looks up addresses of code in a file of debug information, as a crash log from the field states them.

use addr2line::Context;
use gimli::{Dwarf, EndianSlice, RunTimeEndian};
use object::{Object as _, ObjectSection as _, ObjectSymbol as _};

use super::DebugError;
use super::file::OFFSETS;
use super::source::Location;

/// A file of debug information, ready to be asked.
pub struct DebugFile<'a> {
    /// Functions: offset in the text, size, name; ordered.
    functions: Vec<(u64, u64, String)>,
    /// Offset in the text and in the module's file; ordered.
    offsets: Vec<(u32, u32)>,
    source: Context<EndianSlice<'a, RunTimeEndian>>,
}

/// The origin of the code at one offset in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub function: String,
    /// Bytes from the start of the function.
    pub offset: u64,
    /// Offset of the WebAssembly instruction in the module's file.
    pub wasm: Option<u32>,
    /// The line of the source, if the module had DWARF.
    pub source: Option<Location>,
}

impl<'a> DebugFile<'a> {
    /// Reads `bytes`, a file that [`super::write`] has made.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, DebugError> {
        let failed = |reason: &dyn std::fmt::Display| DebugError::NotDebugInfo(reason.to_string());
        let file = object::File::parse(bytes).map_err(|error| failed(&error))?;
        let endian = match file.is_little_endian() {
            true => RunTimeEndian::Little,
            false => RunTimeEndian::Big,
        };
        let data = |name: &str| {
            let section = file.section_by_name(name);
            section.map(|section| section.data()).transpose()
        };
        let words = data(OFFSETS)
            .map_err(|error| failed(&error))?
            .ok_or_else(|| failed(&format!("it has no section {OFFSETS}")))?;
        let word = |bytes: &[u8]| {
            let bytes = [bytes[0], bytes[1], bytes[2], bytes[3]];
            match file.is_little_endian() {
                true => u32::from_le_bytes(bytes),
                false => u32::from_be_bytes(bytes),
            }
        };
        let offsets = words
            .chunks_exact(8)
            .map(|pair| (word(&pair[..4]), word(&pair[4..])))
            .collect();
        let load = |id: gimli::SectionId| -> Result<_, object::Error> {
            Ok(EndianSlice::new(
                data(id.name())?.unwrap_or_default(),
                endian,
            ))
        };
        let dwarf = Dwarf::load(load).map_err(|error| failed(&error))?;
        let source = Context::from_dwarf(dwarf).map_err(|error| failed(&error))?;
        let mut functions: Vec<_> = file
            .symbols()
            .filter(|symbol| symbol.kind() == object::SymbolKind::Text && !symbol.is_undefined())
            .map(|symbol| {
                let name = symbol.name().unwrap_or("?").to_owned();
                let address = match file.architecture() {
                    // Addresses of Thumb functions are odd.
                    object::Architecture::Arm => symbol.address() & !1,
                    _ => symbol.address(),
                };
                (address, symbol.size(), name)
            })
            .collect();
        functions.sort_unstable();
        Ok(DebugFile {
            functions,
            offsets,
            source,
        })
    }

    /// Returns the origin of the code at offset `at` of the text. `None` if no function is there.
    pub fn origin(&self, at: u64) -> Option<Origin> {
        let behind = self.functions.partition_point(|(start, ..)| *start <= at);
        let (start, size, name) = self.functions[..behind].last()?;
        if at - start >= *size {
            return None;
        }
        let behind = self
            .offsets
            .partition_point(|(text, _)| u64::from(*text) <= at);
        let wasm = self.offsets[..behind].last().map(|(_, wasm)| *wasm);
        let found = self.source.find_location(at).ok().flatten();
        Some(Origin {
            function: name.clone(),
            offset: at - start,
            wasm: wasm.filter(|&offset| offset != 0),
            source: found.and_then(|found| {
                Some(Location {
                    file: found.file?.to_owned(),
                    line: found.line?,
                    column: found.column.unwrap_or(0),
                })
            }),
        })
    }
}

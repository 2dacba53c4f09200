//! Reads the frame sizes of functions from LLVM's section `.stack_sizes`.
//!
//! Each entry of the section holds the address of a function (in an object: a relocation and zeros) and the
//! size of its frame in bytes, as ULEB128. LLVM omits functions whose frame has no fixed size.

use std::collections::HashMap;

use super::partition::{Definition, Partition};
use crate::abi::symbols::SymbolName;

/// The frame size of a defined function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameSize {
    pub function: u32,
    pub size: u64,
    /// The symbol is the body; then frames of `aot_func#N` and `aot_func_checked#N` are only the frames of
    /// entries.
    pub is_body: bool,
}

impl FrameSize {
    /// Returns the frame size that `symbol` states for a defined function, if it belongs to one.
    pub fn of(symbol: &str, size: u64) -> Option<Self> {
        let name = SymbolName::parse(symbol)?;
        Some(FrameSize {
            function: name.defined_function()?,
            size,
            is_body: matches!(name, SymbolName::Body(_)),
        })
    }
}

/// Returns the frame sizes of the defined functions in the partition's object, or `None` if the section is
/// malformed.
pub(super) fn read(partition: &Partition<'_>, address_size: usize) -> Option<Vec<FrameSize>> {
    let sections = || {
        partition
            .sections
            .iter()
            .filter(|section| section.name == ".stack_sizes")
    };
    if sections().next().is_none() {
        return Some(Vec::new());
    }
    let functions = functions_by_place(partition);
    let mut sizes = Vec::new();
    for section in sections() {
        let mut relocations: Vec<_> = section.relocations.iter().collect();
        relocations.sort_by_key(|relocation| relocation.offset);
        let mut relocations = relocations.into_iter();
        let mut at = 0;
        while at < section.data.len() {
            let relocation = relocations
                .next()
                .filter(|found| found.offset == at as u64)?;
            let symbol = partition.symbols[relocation.symbol as usize];
            at += address_size;
            let (size, length) = uleb128(section.data.get(at..)?)?;
            at += length;
            let Definition::In { section, offset } = symbol.definition else {
                return None;
            };
            let place = (section, offset.checked_add_signed(relocation.addend)?);
            let names = functions.get(&place).map_or(&[][..], Vec::as_slice);
            sizes.extend(names.iter().filter_map(|name| FrameSize::of(name, size)));
        }
    }
    Some(sizes)
}

/// Returns the functions at each place. Two functions share a place if one is an alias of the other.
fn functions_by_place<'data>(partition: &Partition<'data>) -> HashMap<(u32, u64), Vec<&'data str>> {
    let mut functions: HashMap<_, Vec<_>> = HashMap::new();
    for symbol in partition.symbols.iter().filter(|symbol| symbol.is_function) {
        if let Definition::In { section, offset } = symbol.definition {
            functions
                .entry((section, offset))
                .or_default()
                .push(symbol.name);
        }
    }
    functions
}

/// Returns an unsigned LEB128 number and its length in bytes.
fn uleb128(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0u64;
    for (index, byte) in bytes.iter().enumerate().take(10) {
        let bits = u64::from(byte & 0x7f);
        let shifted = bits.checked_shl(7 * index as u32)?;
        if shifted >> (7 * index) != bits {
            return None;
        }
        value |= shifted;
        if byte & 0x80 == 0 {
            return Some((value, index + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::uleb128;

    #[test]
    fn uleb128_ends_where_the_number_ends() {
        assert_eq!(uleb128(&[0x08, 0xff]), Some((8, 1)));
        assert_eq!(uleb128(&[0x80, 0x01]), Some((128, 2)));
        assert_eq!(
            uleb128(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
            Some((u64::MAX, 10))
        );
        assert_eq!(uleb128(&[0xff; 11]), None);
        assert_eq!(
            uleb128(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]),
            None
        );
        assert_eq!(uleb128(&[0x80]), None);
    }
}

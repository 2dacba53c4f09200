//! The data sections of a file whose code counts, as the runtime expects them (`LLVMProfileData` in
//! `core/iwasm/aot/aot_runtime.h`).

use super::{body_hash, name_hash};
use crate::abi::symbols::{COUNTERS_SECTION, SymbolName};
use crate::arch::{Endianness, PointerWidth};

/// The sections for `functions`: for each defined function its body and its number of counters.
///
/// One section describes one function: the runtime counts functions by sections. The names are for
/// `llvm-profdata`, which wants to know what the hashes stand for. `alignment`: that of a `uint64_t`, in bytes.
pub fn sections<'a>(
    functions: impl Iterator<Item = (&'a [u8], u32)>,
    width: PointerWidth,
    endianness: Endianness,
    alignment: usize,
) -> Vec<(String, Vec<u8>)> {
    let mut sections = Vec::new();
    let mut names = String::new();
    let mut total = 0;
    for (position, (body, counters)) in (0..).zip(functions) {
        let mut data = Vec::with_capacity(64);
        let mut word = |value: u64, bytes: usize| match endianness {
            Endianness::Little => data.extend(&value.to_le_bytes()[..bytes]),
            Endianness::Big => data.extend(&value.to_be_bytes()[8 - bytes..]),
        };
        word(name_hash(position), 8);
        word(body_hash(body), 8);
        // The runtime fills in the place of the counters; there are no bitmaps.
        word(0, 8);
        word(0, 8);
        // No address of the function, and no values.
        let pointer = width.bytes() as usize;
        word(0, pointer);
        word(0, pointer);
        word(u64::from(counters), 4);
        word(0, 4);
        word(0, 4);
        data.resize(data.len().next_multiple_of(alignment), 0);
        sections.push((format!("__llvm_prf_data{position}"), data));
        if position > 0 {
            names.push('\u{1}');
        }
        names += &SymbolName::Entry(position).to_string();
        total += u64::from(counters);
    }
    sections.push((COUNTERS_SECTION.to_owned(), vec![0; 8 * total as usize]));
    let mut all_names = Vec::new();
    // The size as it is, and the size of the compressed names: zero, as they are not.
    leb128(names.len() as u64, &mut all_names);
    leb128(0, &mut all_names);
    all_names.extend(names.as_bytes());
    sections.push(("__llvm_prf_names".to_owned(), all_names));
    sections
}

fn leb128(mut value: u64, bytes: &mut Vec<u8>) {
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}

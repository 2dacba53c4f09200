//! The specification's words for an error in a module, which `wamrc` prints.
//!
//! Scripts that expect `wamrc` to reject a module look for the words of the specification's own tests, such as
//! `unexpected content after last section`. Our sentences say more and use other words. Under the name
//! `wamrc`, the command adds the specification's words in parentheses.

use crate::Error;
use crate::wasm;

/// Parts of messages of the validator, and the words of the specification's tests for the same fault. The tests
/// have several for a function that goes on behind its end.
const WORDS: &[(&str, &str)] = &[
    (
        "control frames remain at end of function body",
        "unexpected end, section size mismatch or END opcode expected",
    ),
    (
        "data section is absent",
        "data count and data section have inconsistent lengths",
    ),
    (
        "code section is absent",
        "function and code section have inconsistent lengths",
    ),
    (
        "function section is absent",
        "function and code section have inconsistent lengths",
    ),
    ("for external kind", "invalid import kind"),
    ("memop alignment", "invalid memop flags"),
    ("malformed memop", "invalid memop flags"),
    ("malformed global flags", "invalid mutability"),
    ("malformed reference type", "invalid reference type"),
    ("malformed UTF-8 encoding", "invalid UTF-8 encoding"),
    (
        "section out of order",
        "unexpected content after last section",
    ),
];

/// Returns the specification's words for `error` in the module `wasm`, if our sentence lacks them.
pub(super) fn words(error: &Error, wasm: &[u8]) -> Option<&'static str> {
    let Error::Wasm(error) = error else {
        return None;
    };
    match error {
        wasm::Error::Magic { .. } if wasm.len() >= MAGIC_BYTES => Some("magic header not detected"),
        wasm::Error::Magic { .. } | wasm::Error::TruncatedHeader { .. } => Some("unexpected end"),
        wasm::Error::Version { .. } | wasm::Error::Component => Some("unknown binary version"),
        // The only sign of this proposal in a global is a flag beside its mutability.
        wasm::Error::Proposal { proposal, .. } if proposal == "shared-everything-threads" => {
            Some("invalid mutability")
        }
        wasm::Error::Proposal { .. } => None,
        // The validator reports the consequence of the wrong order in the next section.
        wasm::Error::Invalid { .. } if !sections_are_in_order(wasm) => {
            Some("unexpected content after last section")
        }
        wasm::Error::Invalid { message, .. } => WORDS
            .iter()
            .find(|(part, _)| message.contains(part))
            .map(|(_, words)| *words),
    }
}

const MAGIC_BYTES: usize = 4;
const HEADER_BYTES: usize = 8;

/// Reports whether the sections of `wasm` come in the order that the specification demands, each at most once. A file
/// that ends early counts up to its end.
fn sections_are_in_order(wasm: &[u8]) -> bool {
    let mut rest = wasm.get(HEADER_BYTES..).unwrap_or_default();
    let mut last = 0;
    while let Some((id, behind)) = rest.split_first() {
        let Some((size, behind)) = leb128(behind) else {
            return true;
        };
        if let Some(place) = ORDER.iter().position(|known| known == id) {
            if place < last {
                return false;
            }
            last = place + 1;
        }
        rest = behind.get(size..).unwrap_or_default();
    }
    true
}

/// The numbers of the sections in their order; custom sections (0) may stand anywhere. Tags (13) come behind
/// memories (5), the data count (12) in front of the code (10).
const ORDER: [u8; 13] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];

/// Returns the unsigned number at the start of `bytes` and the bytes behind it.
fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, &bytes[index + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    /// The words for the module that consists of a header and `sections`.
    fn words_for(sections: &[u8]) -> Option<&'static str> {
        of_file(&[b"\0asm\x01\0\0\0", sections].concat())
    }

    fn of_file(wasm: &[u8]) -> Option<&'static str> {
        let error = crate::compile(wasm, &Options::default()).expect_err("the module is malformed");
        words(&error, wasm)
    }

    #[test]
    fn headers_have_the_words_of_the_specification() {
        for (file, expected) in [
            (b"".as_slice(), "unexpected end"),
            (b"\x01", "unexpected end"),
            (b"\0asm\x01", "unexpected end"),
            (b"asm\0\x01\0\0\0", "magic header not detected"),
            (b"\0asm\x02\0\0\0", "unknown binary version"),
            (b"\0asm\x0d\0\x01\0", "unknown binary version"),
        ] {
            assert_eq!(of_file(file), Some(expected), "{file:?}");
        }
    }

    #[test]
    fn faults_have_the_words_of_the_specification() {
        for (sections, expected) in [
            // A function without code, code without a function, data without data.
            (
                b"\x01\x04\x01\x60\0\0\x03\x02\x01\0".as_slice(),
                "function and code section have inconsistent lengths",
            ),
            (
                b"\x0a\x04\x01\x02\0\x0b",
                "function and code section have inconsistent lengths",
            ),
            (
                b"\x0c\x01\x01",
                "data count and data section have inconsistent lengths",
            ),
            // An import of an unknown kind, a custom section whose name is not UTF-8.
            (b"\x02\x05\x01\0\0\x05\0", "invalid import kind"),
            (b"\0\x02\x01\xff", "invalid UTF-8 encoding"),
            // Globals with unknown flags.
            (b"\x06\x06\x01\x7f\x02\x41\0\x0b", "invalid mutability"),
            (b"\x06\x06\x01\x7f\x04\x41\0\x0b", "invalid mutability"),
            // A function that ends without `end`.
            (
                b"\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\x04\x01\x02\0\x01",
                "unexpected end, section size mismatch or END opcode expected",
            ),
            // A global section behind the exports; code behind the data; functions twice.
            (
                b"\x07\x01\0\x06\x01\0",
                "unexpected content after last section",
            ),
            (
                b"\x0b\x01\0\x0a\x01\0",
                "unexpected content after last section",
            ),
            (
                b"\x03\x02\x01\0\x08\x01\0\x01\x04\x01\x60\0\0",
                "unexpected content after last section",
            ),
        ] {
            assert_eq!(words_for(sections), Some(expected), "{sections:?}");
        }
    }

    #[test]
    fn other_faults_have_no_words() {
        // An unknown type, behind a custom section and with the tag section in its place.
        assert_eq!(words_for(b"\0\x02\x01a\x03\x02\x01\0\x0d\x01\0"), None);
        assert!(sections_are_in_order(
            b"\0asm\x01\0\0\0\x05\x01\0\x0d\x01\0\x06\x01\0\x0c\x01\0\x0a\x01\0\x0b\x01\0"
        ));
    }
}

//! Finds lines of the source for the stacks of calls that a runtime prints after a trap.
//!
//! The runtime prints one frame a line: `#00: 0x02a1 - name`, with the offset of an instruction in the module's file.
//! The DWARF of the module leads from there to the source.

use wasmparser::{Parser, Payload};

use super::DebugError;
use super::source::{Location, Source};
use crate::wasm::{CustomSection, Module};

/// The module whose stacks are read.
pub struct Stacks<'a> {
    source: Source<'a>,
}

impl<'a> Stacks<'a> {
    /// Reads `wasm`, the module as it was compiled or with more custom sections behind its code. An error if it is no module
    /// or has no DWARF.
    pub fn new(wasm: &'a [u8]) -> Result<Self, DebugError> {
        // Only the place of the code and the custom sections count, for a module of any proposal.
        let mut module = Module::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.map_err(|error| DebugError::NotAModule(error.message().to_owned()))? {
                Payload::CustomSection(section) => module.custom_sections.push(CustomSection {
                    name: section.name(),
                    bytes: section.data(),
                }),
                Payload::CodeSectionStart {
                    unchecked_range, ..
                } => module.code_offset = unchecked_range.start,
                _ => {}
            }
        }
        let source = Source::new(&module).ok_or(DebugError::NoSource)?;
        Ok(Stacks { source })
    }

    /// Returns the place in the source of the frame that `line` prints. `None` if the line is not a frame, or if no source is
    /// known for it, as for an imported function.
    pub fn location(&self, line: &str) -> Option<Location> {
        self.source.location(frame_offset(line)?)
    }
}

/// Returns the offset in a line of the form `#00: 0x02a1 - name`, which may follow other text, such as the time in a log.
fn frame_offset(line: &str) -> Option<u32> {
    let frame = line.match_indices('#').find_map(|(at, _)| {
        let behind = &line[at + 1..];
        let number = behind.find(|c: char| !c.is_ascii_digit())?;
        (number > 0).then(|| behind[number..].strip_prefix(": 0x"))?
    })?;
    let (offset, _name) = frame.split_once(" - ")?;
    u32::from_str_radix(offset, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_found_in_lines() {
        assert_eq!(frame_offset("#00: 0x02a1 - main"), Some(0x2a1));
        assert_eq!(frame_offset("#12: 0x12345 - $f7"), Some(0x12345));
        assert_eq!(
            frame_offset("[10:31:07 #3] #07: 0x0011 - a - b"),
            Some(0x11)
        );
        for line in [
            "",
            "Exception: unreachable",
            "#: 0x02a1 - main",
            "#00: 02a1 - main",
            "#00: 0x - main",
            "#00: 0x123456789 - main",
            "#00: 0x02a1",
        ] {
            assert_eq!(frame_offset(line), None, "{line}");
        }
    }

    #[test]
    fn a_module_without_dwarf_is_an_error() {
        let error = |wasm: &[u8]| match Stacks::new(wasm) {
            Ok(_) => panic!("{wasm:?} has DWARF"),
            Err(error) => error,
        };
        assert!(matches!(error(b"\0asm\x01\0\0\0"), DebugError::NoSource));
        assert!(matches!(error(b"\x7fELF"), DebugError::NotAModule(_)));
    }
}

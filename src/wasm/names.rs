//! Reads names of functions and tags from the name section.
//!
//! By the specification, a malformed name section does not make a module invalid. So nothing here fails:
//! readable names are kept, the others are left out.

use std::borrow::Cow;

use wasmparser::{BinaryReader, Parser, Payload, WasmFeatures};

use super::index::{FuncIndex, TagIndex};

const FUNCTION_NAMES_SUBSECTION: u8 = 1;
const TAG_NAMES_SUBSECTION: u8 = 11;

/// Returns the function names in `contents` (the name section without its own name) for functions below
/// `function_count`, sorted by index, one per function.
pub(super) fn function_names(
    contents: &[u8],
    function_count: usize,
) -> Vec<(FuncIndex, Cow<'_, str>)> {
    names(contents, FUNCTION_NAMES_SUBSECTION, function_count)
        .into_iter()
        .map(|(index, name)| (FuncIndex::from_u32(index), name))
        .collect()
}

/// Returns the tag names in `contents` for tags below `tag_count`, sorted by index, one per tag.
pub(super) fn tag_names(contents: &[u8], tag_count: usize) -> Vec<(TagIndex, Cow<'_, str>)> {
    names(contents, TAG_NAMES_SUBSECTION, tag_count)
        .into_iter()
        .map(|(index, name)| (TagIndex::from_u32(index), name))
        .collect()
}

/// Returns the names in one subsection for indices below `count`, sorted by index, one per index.
fn names(contents: &[u8], subsection: u8, count: usize) -> Vec<(u32, Cow<'_, str>)> {
    let mut names = Vec::new();
    // The error is where reading stops; everything before it is in `names`.
    let _ = read_subsections(contents, subsection, count, &mut names);
    names.sort_by_key(|(index, _)| *index);
    names.dedup_by_key(|(index, _)| *index);
    names
}

fn read_subsections<'a>(
    contents: &'a [u8],
    wanted: u8,
    count: usize,
    names: &mut Vec<(u32, Cow<'a, str>)>,
) -> wasmparser::Result<()> {
    let mut reader = BinaryReader::new(contents, 0);
    while !reader.eof() {
        let id = reader.read_u8()?;
        let size = reader.read_var_u32()?;
        // A subsection cut short still gives the names that are there.
        let size = (size as usize).min(reader.bytes_remaining());
        let subsection = reader.read_bytes(size)?;
        if id != wanted {
            continue;
        }
        let mut reader = BinaryReader::new(subsection, 0);
        for _ in 0..reader.read_var_u32()? {
            let index = reader.read_var_u32()?;
            let length = reader.read_var_u32()?;
            let name = String::from_utf8_lossy(reader.read_bytes(length as usize)?);
            if (index as usize) < count {
                names.push((index, name));
            }
        }
    }
    Ok(())
}

/// Returns the name of function `index` in the file `bytes`, for an error message about a module that was
/// rejected before its name section was read.
pub(super) fn find_function_name(
    bytes: &[u8],
    features: WasmFeatures,
    index: FuncIndex,
) -> Option<String> {
    let mut parser = Parser::new(0);
    parser.set_features(features);
    parser
        .parse_all(bytes)
        .map_while(Result::ok)
        .find_map(|payload| match payload {
            Payload::CustomSection(section) if section.name() == "name" => Some(section.data()),
            _ => None,
        })
        .and_then(|contents| {
            function_names(contents, index.as_u32() as usize + 1)
                .pop()
                .filter(|(found, _)| *found == index)
                .map(|(_, name)| name.into_owned())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(contents: &[u8], count: usize) -> Vec<(u32, String)> {
        function_names(contents, count)
            .into_iter()
            .map(|(index, name)| (index.as_u32(), name.into_owned()))
            .collect()
    }

    #[test]
    fn sorted_and_one_per_function() {
        let contents = b"\x01\x0a\x03\x02\x01c\x00\x01a\x02\x01x";
        assert_eq!(names(contents, 3), [(0, "a".into()), (2, "c".into())]);
    }

    #[test]
    fn a_function_that_does_not_exist_is_left_out() {
        assert_eq!(
            names(b"\x01\x07\x02\x00\x01a\x09\x01b", 1),
            [(0, "a".into())]
        );
    }

    #[test]
    fn what_precedes_the_damage_is_kept() {
        // The second name claims 127 bytes that are not there.
        assert_eq!(
            names(b"\x01\x07\x02\x00\x01a\x01\x7fb", 2),
            [(0, "a".into())]
        );
        // The subsection itself claims more than there is.
        assert_eq!(names(b"\x01\x7f\x01\x00\x01a", 2), [(0, "a".into())]);
    }

    #[test]
    fn other_subsections_are_skipped_and_bad_utf8_is_replaced() {
        assert_eq!(
            names(b"\x00\x02\x01m\x01\x05\x01\x00\x02a\xff", 1),
            [(0, "a\u{fffd}".into())]
        );
    }

    #[test]
    fn a_count_beyond_the_section_ends_with_the_section() {
        assert_eq!(names(b"\x01\x05\xff\xff\xff\xff\x0f", 9), []);
    }
}

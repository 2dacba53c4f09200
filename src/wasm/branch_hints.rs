//! Reads the custom section `metadata.code.branch_hint`: which branches a program takes nearly always, or hardly
//! ever.
//!
//! By the specification, no custom section makes a module invalid. If anything in the section is wrong, all of
//! it is ignored, and the module says why ([`super::Module::branch_hints`]).

use std::collections::BTreeMap;

use wasmparser::{BinaryReader, BranchHintSectionReader};

use super::index::FuncIndex;

/// The name of the section.
pub(super) const SECTION: &str = "metadata.code.branch_hint";

/// The hints of one function: offsets from the start of its body, ascending, and whether the branch there is
/// likely.
pub type FunctionHints = Vec<(u32, bool)>;

/// The hints of a module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BranchHints {
    functions: BTreeMap<FuncIndex, FunctionHints>,
    /// Why the section is ignored, if it is.
    pub ignored: Option<String>,
}

impl BranchHints {
    /// Reads the contents of the section, which starts at `offset` in the file.
    pub(super) fn read(contents: &[u8], offset: u64) -> BranchHints {
        let ignored = |reason: String| BranchHints {
            functions: BTreeMap::new(),
            ignored: Some(reason),
        };
        match functions(contents, offset) {
            Ok(Ok(functions)) => BranchHints {
                functions,
                ignored: None,
            },
            Ok(Err(reason)) => ignored(reason.to_owned()),
            Err(error) => ignored(format!(
                "at offset {:#x}: {}",
                error.offset(),
                error.message()
            )),
        }
    }

    /// Ignores the section because of its place in the module.
    pub(super) fn misplaced(reason: &str) -> BranchHints {
        BranchHints {
            functions: BTreeMap::new(),
            ignored: Some(reason.to_owned()),
        }
    }

    /// Returns the hints of function `index`.
    pub fn of(&self, index: FuncIndex) -> &[(u32, bool)] {
        self.functions.get(&index).map_or(&[], Vec::as_slice)
    }
}

/// Returns the hints of each function. The inner error says in words why the section is not valid.
fn functions(
    contents: &[u8],
    offset: u64,
) -> wasmparser::Result<Result<BTreeMap<FuncIndex, FunctionHints>, &'static str>> {
    let mut functions = BTreeMap::new();
    let section = BranchHintSectionReader::new(BinaryReader::new(contents, offset))?;
    let mut last_function = None;
    for function in section {
        let function = function?;
        let index = FuncIndex::from_u32(function.func);
        if last_function.is_some_and(|last| last >= index) {
            return Ok(Err("the functions are not in order"));
        }
        last_function = Some(index);
        let mut hints = FunctionHints::new();
        for hint in function.hints {
            let hint = hint?;
            if hints
                .last()
                .is_some_and(|(last, _)| *last >= hint.func_offset)
            {
                return Ok(Err("the branches of a function are not in order"));
            }
            hints.push((hint.func_offset, hint.taken));
        }
        functions.insert(index, hints);
    }
    Ok(Ok(functions))
}

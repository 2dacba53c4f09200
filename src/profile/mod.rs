//! Profiles: how often functions and branches have been executed, in the formats of LLVM.
//!
//! Code that counts has one counter for each function and for each way that a conditional instruction of
//! WebAssembly can take, in the order of the instructions ([`crate::wasm::branch_counters`]). So a profile depends
//! on the module alone: it fits any target, optimisation level and version of LLVM. A record names its function by
//! the symbol of the entry, and holds a hash of the body.
//!
//! - [`sections`]: the data sections that a runtime with `WAMR_BUILD_STATIC_PGO` turns into a raw profile;
//! - [`raw`]: reads such a profile;
//! - [`indexed`]: reads the profile that `llvm-profdata merge` makes of one or several.

mod indexed;
mod md5;
mod raw;
mod reader;
pub mod sections;

use std::collections::HashMap;

use crate::abi::symbols::SymbolName;
use md5::md5_low;

/// A profile cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    #[error(
        "the file is no profile: it starts neither like a raw profile of WAMR nor like an indexed profile of LLVM"
    )]
    UnknownFormat,

    #[error("the profile is a raw one of version {found}; versions {} to {} can be read", .known.0, .known.1)]
    RawVersion { found: u64, known: (u64, u64) },

    #[error("the profile is an indexed one of version {found}; versions {} to {} can be read", .known.0, .known.1)]
    IndexedVersion { found: u64, known: (u64, u64) },

    #[error("the profile is damaged at offset {offset:#x}: expected {expected}")]
    Damaged {
        offset: usize,
        expected: &'static str,
    },
}

/// Bits of a hash: the others say of LLVM's own profiles how they were made.
const HASH_BITS: u64 = (1 << 60) - 1;

/// The counts of all functions in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// By the hash of the function's name.
    records: HashMap<u64, Vec<Record>>,
}

/// The counts of one function.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Record {
    body_hash: u64,
    counts: Vec<u64>,
}

/// What a profile says of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found<'a> {
    Counts(&'a [u64]),
    /// Counts of a function of this name, whose body is another.
    OtherBody,
    Nothing,
}

impl Profile {
    /// Reads a raw or an indexed profile.
    pub fn read(bytes: &[u8]) -> Result<Profile, ProfileError> {
        if raw::is_raw(bytes) {
            raw::read(bytes)
        } else if indexed::is_indexed(bytes) {
            indexed::read(bytes)
        } else {
            Err(ProfileError::UnknownFormat)
        }
    }

    /// Adds counts of a function.
    fn add(&mut self, name_hash: u64, body_hash: u64, counts: Vec<u64>) {
        let record = Record { body_hash, counts };
        self.records.entry(name_hash).or_default().push(record);
    }

    /// Returns the counts of the defined function at `position`, which has `counters` counters.
    pub fn find(&self, position: u32, body: &[u8], counters: usize) -> Found<'_> {
        let Some(records) = self.records.get(&name_hash(position)) else {
            return Found::Nothing;
        };
        let hash = body_hash(body);
        let fitting = records
            .iter()
            .find(|record| record.body_hash == hash && record.counts.len() == counters);
        match fitting {
            Some(record) => Found::Counts(&record.counts),
            None => Found::OtherBody,
        }
    }
}

/// Returns the hash of the name of the defined function at `position`.
fn name_hash(position: u32) -> u64 {
    md5_low(SymbolName::Entry(position).to_string().as_bytes())
}

/// Returns the hash of a function's body.
fn body_hash(body: &[u8]) -> u64 {
    md5_low(body) & HASH_BITS
}

#[cfg(test)]
mod tests;

//! Raw profiles as WAMR writes them (`aot_dump_pgo_prof_data_to_buf` in `core/iwasm/aot/aot_runtime.c`): a header,
//! one description for each function, all counters in the order of the functions, names and values.
//!
//! WAMR writes version 9 of LLVM's format, with pointers of 64 bits on every target. Version 10 has two more words
//! in the header, and a wider description. The numbers are little endian.

use super::reader::Reader;
use super::{HASH_BITS, Profile, ProfileError};

const MAGIC: u64 = u64::from_be_bytes(*b"\xfflprofr\x81");

/// Bits of the version word that hold the version; the others say how the profile was made.
const VERSION: u64 = 0xffff_ffff;
const KNOWN: (u64, u64) = (9, 10);

/// Bytes of a description: hashes of name and body, four addresses, four counts.
const DESCRIPTION: u64 = 64;

pub(super) fn is_raw(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC.to_le_bytes())
}

pub(super) fn read(bytes: &[u8]) -> Result<Profile, ProfileError> {
    let mut header = Reader::at(bytes, 8);
    let version = header.u64("a version")? & VERSION;
    if version < KNOWN.0 || version > KNOWN.1 {
        return Err(ProfileError::RawVersion {
            found: version,
            known: KNOWN,
        });
    }
    let word = |header: &mut Reader| header.u64("a header");
    let ids = word(&mut header)?;
    let functions = word(&mut header)?;
    let padding = word(&mut header)?;
    let counters = word(&mut header)?;
    // Padding, bitmaps, their padding, names, three distances.
    for _ in 0..7 {
        word(&mut header)?;
    }
    if version >= 10 {
        // Virtual tables and their names.
        word(&mut header)?;
        word(&mut header)?;
    }
    // The last kind of values.
    word(&mut header)?;

    let mut reader = Reader::at(bytes, header.position);
    reader.bytes(ids, "identifiers")?;
    let start = reader.position;
    let size = functions.checked_mul(DESCRIPTION);
    let damaged = |offset, expected| ProfileError::Damaged { offset, expected };
    let size = size.ok_or(damaged(start, "descriptions of functions"))?;
    reader.bytes(size, "descriptions of functions")?;
    reader.bytes(padding, "padding")?;
    let counters_start = reader.position;
    let all = reader.counters(counters)?;

    let mut profile = Profile::default();
    let mut first = 0;
    let mut descriptions = Reader::at(bytes, start);
    for _ in 0..functions {
        let name_hash = descriptions.u64("a name")?;
        let body_hash = descriptions.u64("a hash")? & HASH_BITS;
        descriptions.bytes(32, "addresses")?;
        let count = descriptions.u32("a count of counters")? as usize;
        descriptions.bytes(12, "counts of values")?;
        let counts = all.get(first..).and_then(|rest| rest.get(..count));
        let counts = counts.ok_or(damaged(
            counters_start,
            "as many counters as functions have",
        ))?;
        profile.add(name_hash, body_hash, counts.to_vec());
        first += count;
    }
    Ok(profile)
}

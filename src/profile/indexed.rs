//! Indexed profiles as `llvm-profdata merge` writes them (`llvm/ProfileData/InstrProfWriter.cpp`): a header, and a
//! hash table from names to records. All numbers are little endian.
//!
//! The table is read from end to end, because every function of the module is looked for.

use super::md5::md5_low;
use super::reader::Reader;
use super::{HASH_BITS, Profile, ProfileError};

const MAGIC: &[u8] = b"\xfflprofi\x81";

const VERSION: u64 = 0xffff_ffff;
/// LLVM 3.9 to LLVM 22.
const KNOWN: (u64, u64) = (4, 13);
/// From this version on, records have bitmaps.
const BITMAPS: u64 = 11;

pub(super) fn is_indexed(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

pub(super) fn read(bytes: &[u8]) -> Result<Profile, ProfileError> {
    let mut header = Reader::at(bytes, 8);
    let version = header.u64("a version")? & VERSION;
    if version < KNOWN.0 || version > KNOWN.1 {
        return Err(ProfileError::IndexedVersion {
            found: version,
            known: KNOWN,
        });
    }
    // An unused word, and the kind of hash.
    header.bytes(16, "a header")?;
    let table = header.u64("the offset of the table")?;
    let damaged = |offset, expected| ProfileError::Damaged { offset, expected };
    let table = usize::try_from(table).map_err(|_| damaged(header.position, "an offset"))?;
    let mut table = Reader::at(bytes, table);
    let buckets = table.u64("a count of buckets")?;
    let mut entries = table.u64("a count of entries")?;
    // No two buckets share bytes. A file in which they did could stand for far more than it holds.
    let mut bytes_left = bytes.len();
    let mut profile = Profile::default();
    for _ in 0..buckets {
        let start = table.u64("the offset of a bucket")?;
        if start == 0 {
            continue;
        }
        let offset = table.position - 8;
        let start = usize::try_from(start).map_err(|_| damaged(offset, "an offset"))?;
        let size = read_bucket(bytes, start, version, &mut entries, &mut profile)?;
        bytes_left = bytes_left
            .checked_sub(size)
            .ok_or(damaged(offset, "a bucket of its own"))?;
    }
    Ok(profile)
}

/// Reads the bucket at `start` and takes its functions off the number of `entries` that the table may still have.
/// Returns its size.
fn read_bucket(
    bytes: &[u8],
    start: usize,
    version: u64,
    entries: &mut u64,
    profile: &mut Profile,
) -> Result<usize, ProfileError> {
    let mut bucket = Reader::at(bytes, start);
    let items = bucket.u16("a count of functions")?;
    *entries = entries
        .checked_sub(items.into())
        .ok_or(ProfileError::Damaged {
            offset: start,
            expected: "no more functions than the table has",
        })?;
    for _ in 0..items {
        let _hash_of_key = bucket.u64("a hash")?;
        let name = bucket.u64("the size of a name")?;
        let size = bucket.u64("the size of records")?;
        let name = bucket.bytes(name, "a name")?;
        let name_hash = md5_low(name);
        let records_start = bucket.position;
        bucket.bytes(size, "records")?;
        // Nothing behind the records is theirs.
        let mut records = Reader::at(&bytes[..bucket.position], records_start);
        while records.position < bucket.position {
            let body_hash = records.u64("a hash")? & HASH_BITS;
            let count = records.u64("a count of counters")?;
            let counts = records.counters(count)?;
            if version >= BITMAPS {
                let bitmap = records.u64("the size of a bitmap")?;
                records.bytes(bitmap.saturating_add(7) / 8 * 8, "a bitmap")?;
            }
            // Values: their size includes the word that holds it.
            let values = records.u32("the size of values")?;
            let rest = u64::from(values).checked_sub(4);
            let rest = rest.ok_or(ProfileError::Damaged {
                offset: records.position,
                expected: "the size of values",
            })?;
            records.bytes(rest, "values")?;
            profile.add(name_hash, body_hash, counts);
        }
    }
    Ok(bucket.position - start)
}

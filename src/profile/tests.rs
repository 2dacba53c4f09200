use super::*;

/// A raw profile of version 9 of two functions, as the runtime lays it out.
fn raw_profile() -> Vec<u8> {
    let mut words: Vec<u64> = vec![
        u64::from_be_bytes(*b"\xfflprofr\x81"),
        9 | 1 << 56 | 1 << 62,
        0,
        2,
        0,
        4,
        0,
        0,
        0,
        0,
        128,
        0,
        0,
        1,
    ];
    for (position, (body, counters)) in (0..).zip([(&b"one"[..], 1), (b"two", 3)]) {
        words.extend([
            name_hash(position),
            body_hash(body),
            0,
            0,
            0,
            0,
            counters,
            0,
        ]);
    }
    words.extend([5, 7, 8, 9]);
    words.into_iter().flat_map(u64::to_le_bytes).collect()
}

#[test]
fn raw_profiles_are_read() {
    let profile = Profile::read(&raw_profile()).unwrap();
    assert_eq!(profile.find(0, b"one", 1), Found::Counts(&[5]));
    assert_eq!(profile.find(1, b"two", 3), Found::Counts(&[7, 8, 9]));
    assert_eq!(profile.find(1, b"other", 3), Found::OtherBody);
    assert_eq!(profile.find(1, b"two", 2), Found::OtherBody);
    assert_eq!(profile.find(2, b"two", 3), Found::Nothing);
}

#[test]
fn damage_is_found() {
    let good = raw_profile();
    for end in 8..good.len() {
        let result = Profile::read(&good[..end]);
        assert!(
            matches!(result, Err(ProfileError::Damaged { .. })),
            "{end}: {result:?}"
        );
    }
    for position in 16..good.len() {
        for value in [0, 1, 0x7f, 0xff] {
            let mut bad = good.clone();
            bad[position] = value;
            // Whatever comes of it: no panic, and no endless loop.
            let _ = Profile::read(&bad);
        }
    }
    assert_eq!(
        Profile::read(b"no profile at all"),
        Err(ProfileError::UnknownFormat)
    );
    let mut other = good;
    other[8] = 5;
    assert!(matches!(
        Profile::read(&other),
        Err(ProfileError::RawVersion { found: 5, .. })
    ));
}

/// An indexed profile of one function, as `llvm-profdata merge` lays it out: the table comes behind the buckets.
/// The table has `buckets` buckets and `entries` entries, and all buckets but the first are the function's.
fn indexed_profile(buckets: u64, entries: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let name = b"aot_func#3";
    for word in [
        u64::from_le_bytes(*b"\xfflprofi\x81"),
        12,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
    ] {
        bytes.extend(word.to_le_bytes());
    }
    let bucket = bytes.len() as u64;
    bytes.extend(1_u16.to_le_bytes());
    let mut record = Vec::new();
    for word in [body_hash(b"body"), 2, 40, 41, 0] {
        record.extend(word.to_le_bytes());
    }
    record.extend(8_u32.to_le_bytes());
    record.extend(0_u32.to_le_bytes());
    for word in [name_hash(3), name.len() as u64, record.len() as u64] {
        bytes.extend(word.to_le_bytes());
    }
    bytes.extend(name);
    bytes.extend(record);
    let table = bytes.len() as u64;
    for word in [buckets, entries, 0] {
        bytes.extend(word.to_le_bytes());
    }
    for _ in 1..buckets {
        bytes.extend(bucket.to_le_bytes());
    }
    bytes[32..40].copy_from_slice(&table.to_le_bytes());
    bytes
}

#[test]
fn indexed_profiles_are_read() {
    let bytes = indexed_profile(2, 1);
    let profile = Profile::read(&bytes).unwrap();
    assert_eq!(profile.find(3, b"body", 2), Found::Counts(&[40, 41]));
    for end in 8..bytes.len() {
        assert!(Profile::read(&bytes[..end]).is_err(), "{end}");
    }
    for position in 16..bytes.len() {
        for value in [0, 1, 0x7f, 0xff] {
            let mut bad = bytes.clone();
            bad[position] = value;
            // Whatever comes of it: no panic, and no endless loop.
            let _ = Profile::read(&bad);
        }
    }
}

/// Buckets that lie upon each other would make a small file a large profile.
#[test]
fn each_bucket_has_bytes_of_its_own() {
    let expected = |bytes: &[u8]| match Profile::read(bytes) {
        Err(ProfileError::Damaged { expected, .. }) => expected,
        other => panic!("{other:?}"),
    };
    let more = expected(&indexed_profile(1000, 1));
    assert_eq!(more, "no more functions than the table has");
    let same = expected(&indexed_profile(1000, u64::MAX));
    assert_eq!(same, "a bucket of its own");
    // Counters that reach beyond their record, but not beyond the file.
    let mut long = indexed_profile(1000, 999);
    let count = 72 + 2 + 24 + 10 + 8;
    long[count] = 100;
    assert_eq!(expected(&long), "counters");
}

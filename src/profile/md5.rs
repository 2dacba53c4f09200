//! MD5 (RFC 1321), by which profiles name functions.

/// The shift of each step, for the four steps of each round.
const SHIFTS: [[u32; 4]; 4] = [
    [7, 12, 17, 22],
    [5, 9, 14, 20],
    [4, 11, 16, 23],
    [6, 10, 15, 21],
];

/// Returns the first eight bytes of the digest of `bytes` as a little-endian number, as LLVM does
/// (`MD5Hash` in `llvm/Support/MD5.h`).
pub fn md5_low(bytes: &[u8]) -> u64 {
    let mut state: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    let mut message = bytes.to_vec();
    message.push(0x80);
    while message.len() % 64 != 56 {
        message.push(0);
    }
    message.extend((bytes.len() as u64).wrapping_mul(8).to_le_bytes());
    for chunk in message.chunks_exact(64) {
        let words: Vec<u32> = chunk
            .chunks_exact(4)
            .map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
            .collect();
        let [mut a, mut b, mut c, mut d] = state;
        for step in 0..64 {
            let (mixed, word) = match step / 16 {
                0 => ((b & c) | (!b & d), step),
                1 => ((d & b) | (!d & c), (5 * step + 1) % 16),
                2 => (b ^ c ^ d, (3 * step + 5) % 16),
                _ => (c ^ (b | !d), (7 * step) % 16),
            };
            let constant = (((step + 1) as f64).sin().abs() * 4_294_967_296.0) as u32;
            let sum = a
                .wrapping_add(mixed)
                .wrapping_add(constant)
                .wrapping_add(words[word]);
            let rotated = sum.rotate_left(SHIFTS[step / 16][step % 4]);
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(rotated);
        }
        for (word, new) in state.iter_mut().zip([a, b, c, d]) {
            *word = word.wrapping_add(new);
        }
    }
    u64::from(state[0]) | u64::from(state[1]) << 32
}

#[cfg(test)]
mod tests {
    use super::md5_low;

    /// From the suite in the RFC.
    #[test]
    fn digests_are_those_of_the_standard() {
        for (text, digest) in [
            ("", 0xd41d_8cd9_8f00_b204_u64),
            ("a", 0x0cc1_75b9_c0f1_b6a8),
            ("message digest", 0xf96b_697d_7cb7_938d),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                0x57ed_f4a2_2be3_c955,
            ),
        ] {
            assert_eq!(md5_low(text.as_bytes()), digest.swap_bytes(), "{text}");
        }
    }
}

//! Reads little-endian numbers, and survives any input.

use super::ProfileError;

pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    pub position: usize,
}

impl<'a> Reader<'a> {
    pub fn at(bytes: &'a [u8], position: usize) -> Self {
        Reader { bytes, position }
    }

    pub fn bytes(&mut self, count: u64, expected: &'static str) -> Result<&'a [u8], ProfileError> {
        let damaged = ProfileError::Damaged {
            offset: self.position,
            expected,
        };
        let count = usize::try_from(count).map_err(|_| damaged.clone())?;
        let end = self.position.checked_add(count).ok_or(damaged.clone())?;
        let found = self.bytes.get(self.position..end).ok_or(damaged)?;
        self.position = end;
        Ok(found)
    }

    pub fn u16(&mut self, expected: &'static str) -> Result<u16, ProfileError> {
        let bytes = self.bytes(2, expected)?;
        Ok(u16::from_le_bytes(bytes.try_into().expect("two bytes")))
    }

    pub fn u32(&mut self, expected: &'static str) -> Result<u32, ProfileError> {
        let bytes = self.bytes(4, expected)?;
        Ok(u32::from_le_bytes(bytes.try_into().expect("four bytes")))
    }

    pub fn u64(&mut self, expected: &'static str) -> Result<u64, ProfileError> {
        let bytes = self.bytes(8, expected)?;
        Ok(u64::from_le_bytes(bytes.try_into().expect("eight bytes")))
    }

    /// Reads `count` counters.
    pub fn counters(&mut self, count: u64) -> Result<Vec<u64>, ProfileError> {
        const WHAT: &str = "counters";
        let bytes = count.checked_mul(8).ok_or(ProfileError::Damaged {
            offset: self.position,
            expected: WHAT,
        })?;
        let bytes = self.bytes(bytes, WHAT)?;
        Ok(bytes
            .chunks_exact(8)
            .map(|word| u64::from_le_bytes(word.try_into().expect("eight bytes")))
            .collect())
    }
}

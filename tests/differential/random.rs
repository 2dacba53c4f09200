//! Numbers that follow from a seed, and values worth trying.

use wamr_host::{Val, ValType};

/// SplitMix64: small, and the same everywhere.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Neighbouring seeds give unrelated numbers.
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0xd134_2543_de82_ef95) ^ 0x9e37_79b9_7f4a_7c15)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// True `percent` times of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// An integer: often one at which something changes.
    pub fn i32(&mut self) -> i32 {
        const EDGES: [i32; 12] = [
            0,
            1,
            2,
            7,
            -1,
            -2,
            31,
            32,
            i32::MAX,
            i32::MIN,
            65_535,
            65_536,
        ];
        match self.below(4) {
            0 | 1 => *self.pick(&EDGES),
            2 => (self.next() % 256) as i32,
            _ => self.next() as i32,
        }
    }

    pub fn i64(&mut self) -> i64 {
        const EDGES: [i64; 8] = [0, 1, -1, 63, 64, i64::MAX, i64::MIN, 1 << 32];
        match self.below(4) {
            0 => *self.pick(&EDGES),
            1 => i64::from(self.i32()),
            2 => (self.next() % 256) as i64,
            _ => self.next() as i64,
        }
    }

    /// The bits of a float: often of a number at which something changes, or a NaN of either kind.
    pub fn f32(&mut self) -> u32 {
        const EDGES: [u32; 18] = [
            0x0000_0000,
            0x8000_0000,
            0x3f80_0000,
            0xbf80_0000, // 0, -0, 1, -1
            0x7f80_0000,
            0xff80_0000,
            0x0000_0001,
            0x8000_0001, // infinities, least numbers
            0x7fc0_0000,
            0xffc0_0000,
            0x7fc1_2345, // quiet NaNs
            0x7f80_0001,
            0xffa0_0000,
            0x7fbf_ffff, // signalling NaNs
            0x4f00_0000,
            0x5f00_0000,
            0x7f7f_ffff,
            0x3f00_0000, // 2^31, 2^63, greatest, 1/2
        ];
        match self.below(4) {
            0..=2 => *self.pick(&EDGES),
            _ => self.next() as u32,
        }
    }

    pub fn f64(&mut self) -> u64 {
        const EDGES: [u64; 16] = [
            0x0000_0000_0000_0000,
            0x8000_0000_0000_0000,
            0x3ff0_0000_0000_0000,
            0xbff0_0000_0000_0000,
            0x7ff0_0000_0000_0000,
            0xfff0_0000_0000_0000,
            0x0000_0000_0000_0001,
            0x7ff8_0000_0000_0000,
            0xfff8_0000_0000_0000,
            0x7ff8_1234_5678_9abc,
            0x7ff0_0000_0000_0001,
            0xfff4_0000_0000_0000,
            0x41e0_0000_0000_0000,
            0x43e0_0000_0000_0000,
            0x7fef_ffff_ffff_ffff,
            0x3fe0_0000_0000_0000,
        ];
        match self.below(4) {
            0..=2 => *self.pick(&EDGES),
            _ => self.next(),
        }
    }

    /// A vector: bytes, or lanes as floats and integers may be.
    pub fn v128(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        match self.below(4) {
            0 => bytes
                .chunks_exact_mut(4)
                .for_each(|lane| lane.copy_from_slice(&self.f32().to_le_bytes())),
            1 => bytes
                .chunks_exact_mut(8)
                .for_each(|lane| lane.copy_from_slice(&self.f64().to_le_bytes())),
            2 => bytes
                .chunks_exact_mut(4)
                .for_each(|lane| lane.copy_from_slice(&self.i32().to_le_bytes())),
            _ => bytes
                .chunks_exact_mut(8)
                .for_each(|lane| lane.copy_from_slice(&self.next().to_le_bytes())),
        }
        bytes
    }

    pub fn value(&mut self, ty: ValType) -> Val {
        match ty {
            ValType::I32 => Val::I32(self.i32()),
            ValType::I64 => Val::I64(self.i64()),
            ValType::F32 => Val::F32(self.f32()),
            ValType::F64 => Val::F64(self.f64()),
            ValType::V128 => Val::V128(self.v128()),
            ValType::FuncRef => Val::FuncRef(None),
            ValType::ExternRef => {
                let index = self.below(8) as u32;
                Val::ExternRef((index != 0).then_some(index))
            }
        }
    }
}

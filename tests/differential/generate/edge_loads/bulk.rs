//! Bulk memory instructions, which write nothing if any byte is out of bounds.

use super::function::{BASES, Function};
use crate::generate::operators::Ty::I32;

/// The passive data segment, and how long it is.
pub(super) const SEGMENT: &str = "$segment";
pub(super) const SEGMENT_BYTES: usize = 64;

impl Function<'_> {
    pub(super) fn bulk(&mut self) {
        let at = *self.random.pick(&[16, 32, 64, 200]);
        let length = *self.random.pick(&[0, 1, 2, 3, 4, 8, 12, 16, 32, 64]);
        match self.random.below(4) {
            0 => {
                self.bulk_address(length);
                self.value(I32, 0);
                self.emit(&format!("i32.const {length} memory.fill"));
            }
            1 => {
                self.emit(&format!("i32.const {at}"));
                self.bulk_address(length);
                self.emit(&format!("i32.const {length} memory.copy"));
            }
            2 => {
                self.bulk_address(length);
                self.emit(&format!("i32.const {at} i32.const {length} memory.copy"));
            }
            _ => {
                self.bulk_address(length);
                self.emit(&format!(
                    "i32.const 0 i32.const {length} memory.init {SEGMENT}"
                ));
            }
        }
    }

    fn bulk_address(&mut self, length: isize) {
        let base = self.random.below(BASES);
        let distance = *self.random.pick(&[0, 0, 4, 16]);
        self.emit(&format!("local.get {base}"));
        if distance > 0 {
            self.emit(&format!("i32.const {distance} i32.add"));
        }
        self.note_end(base, distance + length);
    }
}

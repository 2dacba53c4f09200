//! Atomic instructions, which trap and change memory even if their result is dropped.
//!
//! The other engine has none: in its module each is a call of a function of the same name that does the
//! same with plain accesses ([`Atomics::functions`]), as only one thread runs. Addresses are aligned,
//! since the trap of an unaligned one may come before or after that of one out of bounds.

use std::fmt::Write;

use super::function::{BASES, Function};
use crate::generate::operators::Ty::{self, I32, I64};

const OPERATIONS: [&str; 7] = ["add", "sub", "and", "or", "xor", "xchg", "cmpxchg"];

/// Bits of accesses that are narrower than `ty`, and of those that are as wide.
fn widths(ty: Ty) -> &'static [usize] {
    match ty {
        I32 => &[8, 16, 32],
        _ => &[8, 16, 32, 64],
    }
}

fn bits(ty: Ty) -> usize {
    if ty == I32 { 32 } else { 64 }
}

/// What is behind the `load` or `rmw` of an instruction, in front of a dot and behind everything.
fn suffixes(ty: Ty, width: usize) -> (String, &'static str) {
    if width == bits(ty) {
        (String::new(), "")
    } else {
        (width.to_string(), "_u")
    }
}

impl Function<'_> {
    /// Leaves a value of type `ty`, which is `I32` or `I64`.
    pub(super) fn atomic(&mut self, ty: Ty) {
        let width = *self.random.pick(widths(ty));
        let (number, unsigned) = suffixes(ty, width);
        let name = ty.name();
        self.atomic_address(width / 8);
        if self.random.chance(40) {
            self.emit(&format!("{name}.atomic.load{number}{unsigned}"));
            return;
        }
        let operation = *self.random.pick(&OPERATIONS);
        let operands = if operation == "cmpxchg" { 2 } else { 1 };
        for _ in 0..operands {
            // Often a constant with which nothing changes.
            if self.random.chance(50) {
                self.constant(ty);
            } else {
                self.value(ty, 0);
            }
        }
        self.emit(&format!("{name}.atomic.rmw{number}.{operation}{unsigned}"));
    }

    pub(super) fn atomic_store(&mut self) {
        let ty = *self.random.pick(&[I32, I64]);
        let width = *self.random.pick(widths(ty));
        let (number, _) = suffixes(ty, width);
        self.atomic_address(width / 8);
        self.value(ty, 1);
        self.emit(&format!("{}.atomic.store{number}", ty.name()));
        if self.random.chance(20) {
            self.emit("atomic.fence");
        }
    }

    fn atomic_address(&mut self, bytes: usize) {
        let base = self.random.below(BASES);
        let distance = bytes * self.random.below(3);
        let mask = -(bytes as isize);
        self.emit(&format!("local.get {base} i32.const {mask} i32.and"));
        if distance > 0 {
            self.emit(&format!("i32.const {distance} i32.add"));
        }
        // An address that is one byte too far is rounded down, so that the access is not out of bounds
        // before its first byte is.
        self.note_end(base, distance as isize + 1);
    }
}

/// `text` for an engine without atomic instructions.
pub(super) fn without_atomics(text: &str) -> String {
    let mut text = text
        .replace("i32.atomic.", "call $i32.atomic.")
        .replace("i64.atomic.", "call $i64.atomic.")
        .replace(" atomic.fence", "");
    text.truncate(text.trim_end().len() - ")".len());
    for ty in [I32, I64] {
        for &width in widths(ty) {
            functions(&mut text, ty, width);
        }
    }
    text.push_str(")\n");
    text
}

/// Adds functions that do with plain accesses of that many bits the same as atomic instructions.
fn functions(text: &mut String, ty: Ty, width: usize) {
    let t = ty.name();
    let (number, unsigned) = suffixes(ty, width);
    let mask = if width == 64 {
        -1
    } else {
        (1_i64 << width) - 1
    };
    let mask = if ty == I32 {
        i64::from(mask as i32)
    } else {
        mask
    };
    let load = format!("local.get 0 {t}.load{number}{unsigned}");
    let store = format!("{t}.store{number}");
    let _ = writeln!(
        text,
        "  (func ${t}.atomic.load{number}{unsigned} (param i32) (result {t}) {load})\n  \
         (func ${t}.atomic.store{number} (param i32 {t}) local.get 0 local.get 1 {store})"
    );
    for operation in OPERATIONS {
        let name = format!("{t}.atomic.rmw{number}.{operation}{unsigned}");
        let _ = match operation {
            "cmpxchg" => writeln!(
                text,
                "  (func ${name} (param i32 {t} {t}) (result {t}) (local {t}) {load} local.tee 3\n    \
                 local.get 1 {t}.const {mask} {t}.and {t}.eq\n    \
                 if local.get 0 local.get 2 {store} else {load} drop end local.get 3)"
            ),
            _ => {
                let new = match operation {
                    "xchg" => "local.get 1".to_owned(),
                    _ => format!("local.get 2 local.get 1 {t}.{operation}"),
                };
                writeln!(
                    text,
                    "  (func ${name} (param i32 {t}) (result {t}) (local {t}) {load} local.set 2\n    \
                     local.get 0 {new} {store} local.get 2)"
                )
            }
        };
    }
}

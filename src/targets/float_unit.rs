//! Decides when code for Arm uses the floating-point unit.
//!
//! On Cortex-A and Cortex-M, the unit is off after a reset. An instruction of the unit is a fault until
//! software turns it on. So without an operating system, code uses the unit only on request:
//!
//! - by an ABI that passes floats in its registers (`eabihf`, `gnueabihf`, `musleabihf`). Without a named
//!   processor, the code uses the smallest unit of the architecture version;
//! - by a feature that is turned on, as in `--cpu-features=+fp-armv8d16sp`, or by a `--cpu=` that names the
//!   unit (`cortex-m4f`).
//!
//! Otherwise code does not use the unit on microcontrollers, nor on any processor with the bare-metal ABI
//! `eabi`. Linux turns the unit on, so its soft-float ABI, `gnueabi`, allows the processor's unit.

use super::arch::{Abi, Spelling};
use super::chips;
use super::table::MICRO_VERSIONS;

/// Turns off the registers of the unit and all features that need them, including vectors in these registers
/// (MVE).
const WITHOUT: &str = "-fpregs";

/// Returns the features that precede the features of the processor's name and of the user.
pub(super) fn features(spelling: &Spelling, abi: &Abi, cpu: Option<&String>) -> &'static str {
    if hard(abi) {
        return match cpu {
            None => spelling.version.float_unit,
            Some(_) => "",
        };
    }
    let micro = MICRO_VERSIONS
        .iter()
        .any(|version| version.name == spelling.version.name)
        || cpu.is_some_and(|cpu| chips::is_microcontroller(cpu));
    if micro || abi.name == "eabi" {
        WITHOUT
    } else {
        ""
    }
}

/// Reports whether floats are passed in registers of the unit.
pub(super) fn hard(abi: &Abi) -> bool {
    abi.environment.ends_with("hf")
}

//! When code for Arm uses the floating-point unit.
//!
//! The unit is off after a reset, on Cortex-A and Cortex-M alike, and an instruction of it is a
//! fault until somebody turns it on. So code without an operating system uses it only if it is
//! asked to:
//!
//! - by an ABI that passes floats in its registers (`eabihf`, `gnueabihf`, `musleabihf`). Where no
//!   processor is named, the smallest unit of the architecture version is taken;
//! - by a feature that is turned on, as in `--cpu-features=+fp-armv8d16sp`, or a `--cpu=` that names
//!   the unit (`cortex-m4f`).
//!
//! Otherwise it stays alone on microcontrollers, and on all processors with the bare-metal ABI
//! `eabi`. Linux turns it on, so its soft-float ABI, `gnueabi`, allows what the processor has.

use super::arch::{Abi, Spelling};
use super::chips;
use super::table::MICRO_VERSIONS;

/// Turns off the registers of the unit, and all features that suppose them: those of vectors in
/// them (MVE), too.
const WITHOUT: &str = "-fpregs";

/// The features that come before those of the processor's name and the user.
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

/// Whether floats are passed in registers of the unit.
pub(super) fn hard(abi: &Abi) -> bool {
    abi.environment.ends_with("hf")
}

//! Real WAMR runtimes on emulated devices.
//!
//! No Rust standard library is installed for these machines, so a small program in C, the *agent*
//! (`agent/`), runs there around the runtime, linked statically and started under an emulator for
//! user programs. [`device`] says which devices there are, [`build`] makes an agent when one is
//! first needed, [`client`] talks to it (`PROTOCOL.md`), [`program`] has it run a WASI program.
//!
//! [`tracer`] runs files on a runtime that prints stacks of calls and profiles, here or on a device.
//!
//! Machines without an operating system are another matter: [`board`] says which there are, and
//! [`firmware`] makes an image of flash for each program and runs it.

pub mod board;
pub mod build;
pub mod client;
pub mod device;
pub mod firmware;
pub mod program;
pub mod tracer;
mod wire;

pub use client::{Agent, Error, FunctionSource, Imports, Instance};
pub use device::{DEVICES, Device};

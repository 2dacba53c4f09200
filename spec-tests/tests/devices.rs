//! A few scripts on every emulated device; `make spec-targets` runs them all.

use std::process::Command;

use wamr_devices::DEVICES;

const SCRIPTS: &[&str] = &[
    "core/address.wast",
    "core/br_table.wast",
    "core/fac.wast",
    "core/f64.wast",
    "core/i64.wast",
    "core/linking.wast",
    "core/memory_trap.wast",
    "core/traps.wast",
    "tail-call/return_call.wast",
    "memory64/memory_trap64.wast",
    "multi-memory/memory_copy0.wast",
    "multi-memory/memory_grow.wast",
    "custom-page-sizes/custom-page-sizes.wast",
    "threads/atomic.wast",
];

/// Far fewer than these scripts have: a guard against a run that executes nothing.
const LEAST_PASSED: u32 = 10_000;

#[test]
fn scripts_pass_on_every_device() {
    for device in DEVICES {
        let bounds = if device.hardware_bounds { "hw" } else { "sw" };
        let modes = ["o0", "o3", "o3-xip", "oz"].map(|rest| format!("--mode={bounds}-{rest}"));
        let output = Command::new(env!("CARGO_BIN_EXE_spec-tests"))
            .args(["--device", device.name])
            .args(modes)
            .args(SCRIPTS)
            .output()
            .expect("the runner can be started");
        let stdout = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}\n{stdout}{errors}", device.name);
        let passed: Option<u32> = stdout
            .lines()
            .last()
            .and_then(|line| line.split(' ').next()?.parse().ok());
        assert!(passed >= Some(LEAST_PASSED), "{}\n{stdout}", device.name);
    }
}

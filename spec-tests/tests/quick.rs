//! Scripts of every suite in every mode, few enough for daily work; `make spec` runs them all.

use std::process::{Command, Output};

const SCRIPTS: &[&str] = &[
    "core/address.wast",
    "core/br_table.wast",
    "core/call_indirect.wast",
    "core/conversions.wast",
    "core/fac.wast",
    "core/global.wast",
    "core/linking.wast",
    "core/memory_grow.wast",
    "core/start.wast",
    "core/table_fill.wast",
    "core/traps.wast",
    "simd/simd_f32x4_rounding.wast",
    "simd/simd_lane.wast",
    "simd/simd_load_extend.wast",
    "tail-call/return_call.wast",
    "extended-const/data.wast",
    "exceptions/throw_ref.wast",
    "exceptions/try_table.wast",
    "memory64/address64.wast",
    "memory64/memory_grow64.wast",
    "multi-memory/load2.wast",
    "multi-memory/memory_copy1.wast",
    "multi-memory/memory_init0.wast",
    "custom-page-sizes/custom-page-sizes.wast",
    "v3/table_grow.wast",
    "threads/atomic.wast",
];

/// Far fewer than these scripts have: a guard against a run that executes nothing.
const LEAST_PASSED: u32 = 10 * 2000;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_spec-tests"))
        .args(arguments)
        .output()
        .expect("the runner can be started")
}

/// Passed, failed and skipped, from the line that sums a run up.
fn summary(stdout: &str) -> Option<[u32; 3]> {
    let mut counts = stdout.lines().last()?.split(", ");
    let mut count = |what: &str| counts.next()?.strip_suffix(what)?.trim_end().parse().ok();
    Some([count("passed")?, count("failed")?, count("skipped")?])
}

#[test]
fn scripts_of_every_suite_pass_in_every_mode() {
    let output = run(SCRIPTS);
    let stdout = String::from_utf8_lossy(&output.stdout);
    let [passed, failed, _] = summary(&stdout).expect("the last line sums up");
    assert_eq!(failed, 0, "{stdout}");
    assert!(passed >= LEAST_PASSED, "{stdout}");
    assert!(output.status.success());
}

/// Each with fewer instructions than the one before; this machine has those of the first.
#[cfg(target_arch = "x86_64")]
const OTHER_PROCESSORS: [&str; 2] = ["x86-64-v2", "x86-64"];

/// Whatever instructions there are for vectors, those that take their place have to be as exact.
#[test]
#[cfg(target_arch = "x86_64")]
fn vectors_are_exact_on_processors_with_fewer_instructions() {
    for cpu in OTHER_PROCESSORS {
        let output = run(&["--cpu", cpu, "--mode=hw-o0", "--mode=hw-o3", "simd/"]);
        let stdout = String::from_utf8_lossy(&output.stdout);
        let [passed, failed, _] = summary(&stdout).expect("the last line sums up");
        assert_eq!(failed, 0, "{cpu}: {stdout}");
        assert!(passed >= 2 * 20_000, "{cpu}: {stdout}");
        assert!(output.status.success());
    }
}

/// The tests above would not notice if the code were for this machine's processor all the same.
#[test]
fn the_processor_reaches_the_compiler() {
    let output = run(&["--cpu=no-such-processor", "--mode=hw-o0", "core/fac.wast"]);
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{stdout}");
    assert!(stdout.contains("no-such-processor"), "{stdout}");
}

#[test]
fn a_failure_shows_in_the_status() {
    let output = run(&["--timeout=0", "--mode=hw-o0", "core/fac.wast"]);
    let stdout = String::from_utf8_lossy(&output.stdout);
    let [passed, failed, skipped] = summary(&stdout).expect("the last line sums up");
    assert_eq!((passed, skipped), (0, 0), "{stdout}");
    assert!(failed > 0, "{stdout}");
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout.contains("no end after 0 s"), "{stdout}");
}

#[test]
fn a_filter_without_a_script_is_an_error() {
    let output = run(&["no-such-script"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("no-such-script"));
}

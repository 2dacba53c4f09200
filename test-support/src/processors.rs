//! CPUs with fewer instructions than this machine's CPU, so that this machine can execute their code.
//!
//! Which loads and stores LLVM folds into other instructions depends on the CPU. So LLVM may keep a trap
//! in the code for this machine's CPU, and lose it in the code for another one.

/// Returns the names of the CPUs, as `--cpu` takes them. This machine's own CPU is not among them.
/// The list is empty on machines other than x86-64.
#[cfg(target_arch = "x86_64")]
pub fn others() -> Vec<&'static str> {
    use std::arch::is_x86_feature_detected as has;

    let mut names = vec!["x86-64"];
    if has!("sse4.2") && has!("popcnt") {
        names.push("x86-64-v2");
    }
    if has!("avx2") && has!("bmi2") && has!("fma") {
        names.push("x86-64-v3");
    }
    names
}

/// Returns the names of the CPUs, as `--cpu` takes them. This machine's own CPU is not among them.
/// The list is empty on machines other than x86-64.
#[cfg(not(target_arch = "x86_64"))]
pub fn others() -> Vec<&'static str> {
    Vec::new()
}

//! Processors whose code this machine executes although it has more instructions than they do. Which
//! accesses LLVM makes parts of other instructions depends on what instructions there are, and a trap
//! that this machine's code keeps has been lost in theirs.

/// Their names, as `--cpu` takes them; without this machine's own.
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

/// Their names, as `--cpu` takes them; without this machine's own.
#[cfg(not(target_arch = "x86_64"))]
pub fn others() -> Vec<&'static str> {
    Vec::new()
}

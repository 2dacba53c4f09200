//! Decides how hard to work on a function, by its [`Weight`].
//!
//! Several of LLVM's algorithms take time that grows with the square of one count. Each limit bounds one count.
//! Beyond [`LIGHT`], a function gets the passes of level 1; beyond [`LEAST`], none.

use crate::wasm::Weight;

/// How hard to work on the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// As the optimisation level says.
    Full,
    /// As level 1 does, if the level is higher: it takes less time, which also grows less with the size.
    Light,
    /// Do not optimise: compile time must stay linear in the function's size.
    Least,
}

/// The largest counts for an effort; see [`Weight`] for each.
struct Limits {
    bytes: usize,
    accesses: usize,
    calls: usize,
    branches: usize,
    table_targets: usize,
    loop_depth: usize,
    depth: usize,
    locals: usize,
    label_branches: usize,
    /// Locals times branches: each local can have a value for each.
    values: usize,
}

/// Beyond these limits, full optimisation takes about ten seconds (`tests/stress`; `docs/performance.md` has the
/// figures).
const LIGHT: Limits = Limits {
    bytes: 256 << 10,
    accesses: 16_000,
    values: 4_000_000,
    ..LEAST
};

/// Beyond these limits, level 1 takes too long as well; for counts that are not in [`LIGHT`], as long as level 3 or
/// longer. They are judged from one function of 349 KB (17 seconds)
/// and a few generated shapes, not surveyed.
const LEAST: Limits = Limits {
    bytes: 512 << 10,
    accesses: 32_000,
    calls: 6_000,
    branches: 8_000,
    table_targets: 1_000,
    loop_depth: 200,
    depth: 1_000,
    locals: 4_000,
    label_branches: 2_000,
    values: 8_000_000,
};

impl Effort {
    /// Returns the effort for a function of that weight.
    pub fn of(weight: &Weight) -> Self {
        if exceeds(weight, &LEAST) {
            Effort::Least
        } else if exceeds(weight, &LIGHT) {
            Effort::Light
        } else {
            Effort::Full
        }
    }
}

fn exceeds(weight: &Weight, limits: &Limits) -> bool {
    weight.bytes > limits.bytes
        || weight.accesses > limits.accesses
        || weight.calls > limits.calls
        || weight.branches > limits.branches
        || weight.table_targets > limits.table_targets
        || weight.loop_depth > limits.loop_depth
        || weight.depth > limits.depth
        || weight.locals > limits.locals
        || weight.label_branches > limits.label_branches
        || weight.locals * weight.branches > limits.values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_middle_tier() {
        let of = |bytes| {
            let weight = Weight {
                bytes,
                ..Weight::default()
            };
            Effort::of(&weight)
        };
        assert_eq!(of(LIGHT.bytes), Effort::Full);
        assert_eq!(of(LIGHT.bytes + 1), Effort::Light);
        assert_eq!(of(LEAST.bytes + 1), Effort::Least);
    }
}

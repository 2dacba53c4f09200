//! What hangs on the optimisation level: one table.
//!
//! Which passes run at a level stands in `passes::steps`, and how hard LLVM's code generator works in
//! `llvm::machine`.

use crate::options::OptLevel;

/// The decisions for one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LevelPlan {
    pub level: OptLevel,
    /// Small functions are emitted along with their callers in other partitions, to be inlined.
    pub copies_bodies: bool,
    /// Functions whose calls have all been inlined get no code.
    pub drops_inlined: bool,
    /// Bodies take the base of linear memory in a register, where the target has one for it.
    pub passes_base: bool,
    /// Loops may be vectorised.
    pub vectorises: bool,
    /// What the hardware may find out of bounds stays in order with the stores that the host can see, whatever
    /// the options say: without optimisation it costs nothing.
    pub keeps_order: bool,
    /// Size counts more than speed.
    pub for_size: bool,
    /// Size counts more than anything.
    pub for_least_size: bool,
}

impl LevelPlan {
    /// The decisions for `level`.
    pub const fn of(level: OptLevel) -> Self {
        let none = LevelPlan {
            level,
            copies_bodies: false,
            drops_inlined: false,
            passes_base: false,
            vectorises: false,
            keeps_order: false,
            for_size: false,
            for_least_size: false,
        };
        match level {
            OptLevel::O0 => LevelPlan {
                keeps_order: true,
                ..none
            },
            OptLevel::O1 => LevelPlan {
                passes_base: true,
                ..none
            },
            OptLevel::O2 | OptLevel::O3 => LevelPlan {
                copies_bodies: true,
                drops_inlined: true,
                passes_base: true,
                vectorises: true,
                ..none
            },
            OptLevel::Os => LevelPlan {
                drops_inlined: true,
                passes_base: true,
                for_size: true,
                ..none
            },
            OptLevel::Oz => LevelPlan {
                drops_inlined: true,
                passes_base: true,
                for_size: true,
                for_least_size: true,
                ..none
            },
        }
    }
}

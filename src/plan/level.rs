//! One table of everything that depends on the optimisation level.
//!
//! `passes::steps` says which passes run at a level, and `llvm::machine` how hard LLVM's code generator
//! works.

use crate::options::OptLevel;

/// The decisions for one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LevelPlan {
    pub level: OptLevel,
    /// Small functions are also emitted in the partitions of their callers, to be inlined there.
    pub copies_bodies: bool,
    /// A function gets no code once every call of it has been inlined.
    pub drops_inlined: bool,
    /// Bodies take the base of linear memory in a register, if the target has one for it.
    pub passes_base: bool,
    /// Loops may be vectorised.
    pub vectorises: bool,
    /// Accesses that guard pages may trap stay in order with stores that the host can see, whatever the
    /// options say. Without optimisation this costs nothing.
    pub keeps_order: bool,
    /// Size counts more than speed.
    pub for_size: bool,
    /// Size counts more than anything.
    pub for_least_size: bool,
}

impl LevelPlan {
    /// Returns the decisions for `level`.
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

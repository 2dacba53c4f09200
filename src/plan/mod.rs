//! Every decision about a compilation, before any of it is carried out.
//!
//! In: the module, the target and the options as the user typed them. Out: a [`Plan`], plain data without
//! LLVM. What comes after (the emitter, the passes, the linker, the container) reads it and decides
//! nothing.
//!
//! - [`level`]: what hangs on the optimisation level, in one table;
//! - [`memory`]: how code finds linear memory and who checks its accesses;
//! - [`calls`]: calling conventions, inlining, and the checks of the stack;
//! - [`tables`]: what indirect calls look up, and tables that never change ([`fixed_table`]);
//! - [`partitions`]: which functions are compiled together, with how much effort ([`weight`]), and which
//!   only their own partition calls ([`local`]);
//! - [`requirements`]: what the module needs and the target has not.

pub mod calls;
mod fixed_table;
pub mod level;
mod local;
pub mod memory;
pub mod partitions;
pub mod requirements;
pub mod tables;
mod weight;

pub use calls::CallPlan;
pub use fixed_table::FixedTable;
pub use level::LevelPlan;
pub use memory::MemoryPlan;
pub use partitions::{Effort, Partition};
pub use requirements::MissingFeature;
pub use tables::TablePlan;

use crate::abi::InstanceLayout;
use crate::options::{OptLevel, Options, OutputFormat};
use crate::targets::{Reach, Target};
use crate::wasm::{FuncIndex, Module};

/// What every partition of one compilation has in common: plain data, shared between threads.
#[derive(Debug)]
pub struct Plan<'a> {
    pub module: &'a Module<'a>,
    pub target: &'a Target,
    /// Where the parts of the module stand in its instance.
    pub layout: InstanceLayout,
    /// The level that the options name. A partition may be compiled at another one
    /// ([`Plan::level_of`]).
    pub level: LevelPlan,
    pub memory: MemoryPlan,
    pub calls: CallPlan,
    pub tables: TablePlan,
    /// Which constants code can address by their distance from it.
    pub reach: Reach,
    /// The runtime's functions are called through a table, so that the code can be executed where it lies.
    pub indirect_mode: bool,
    /// `br_table` may become a jump through a table of addresses.
    pub jump_tables: bool,
    pub partitions: Vec<Partition>,
}

impl<'a> Plan<'a> {
    /// Decides how to compile `module` for `target`, or refuses to.
    pub fn new(
        module: &'a Module<'a>,
        target: &'a Target,
        options: &Options,
    ) -> Result<Self, MissingFeature> {
        requirements::check(module, target)?;
        let partitions = match options.format {
            OutputFormat::Aot | OutputFormat::Object => partitions::split(module),
            // One readable text.
            OutputFormat::LlvmIrUnoptimized | OutputFormat::LlvmIrOptimized => {
                vec![Partition::whole(module)]
            }
        };
        let level = LevelPlan::of(options.opt_level);
        let memory = MemoryPlan::new(module, target, options);
        let indirect_mode = options.runtime.indirect_mode;
        let mut plan = Plan {
            module,
            target,
            layout: InstanceLayout::new(module, target.pointer_width),
            calls: CallPlan::new(module, target, options, &memory, partitions.len()),
            level,
            memory,
            tables: TablePlan::new(module),
            reach: match target.reach(indirect_mode) {
                Reach::Partition if partitions.len() == 1 => Reach::Text,
                reach => reach,
            },
            indirect_mode,
            jump_tables: options.llvm.jump_tables,
            partitions,
        };
        // The check of a function's stack is a function of its own.
        if level.drops_inlined && !plan.calls.stack_checks {
            plan.calls.local = local::local_functions(
                module,
                &plan.partitions,
                |function| plan.is_entered(function),
                |bytes| plan.copies_to_callers(bytes),
            );
        }
        Ok(plan)
    }

    /// At which level `partition` is compiled.
    pub fn level_of(&self, partition: &Partition) -> LevelPlan {
        match partition.effort {
            Effort::Full => self.level,
            Effort::Light => LevelPlan::of(self.level.level.min(OptLevel::O1)),
            Effort::Least => LevelPlan::of(OptLevel::O0),
        }
    }

    /// Whether the runtime may call function `index`.
    pub fn is_entered(&self, index: FuncIndex) -> bool {
        self.tables.escaping[index.as_u32() as usize] || self.module.start == Some(index)
    }

    /// Whether a function whose body has that many bytes is emitted along with its callers in other
    /// partitions too, to be inlined.
    pub fn copies_to_callers(&self, bytes: usize) -> bool {
        let inlining = self.calls.inlining;
        self.level.copies_bodies && inlining.is_some_and(|it| bytes <= it.copied_bytes)
    }
}

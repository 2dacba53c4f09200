//! Makes every decision about a compilation before any other room acts on it.
//!
//! A [`Plan`] is made from the module, the target and the options as the user typed them. It is plain data
//! without LLVM. The emitter, the passes, the linker and the container carry it out.
//!
//! - [`level`]: what each optimisation level changes, in one table;
//! - [`memory`]: how code finds linear memory and who checks its accesses;
//! - [`frames`]: the stack of calls that the runtime can see;
//! - [`calls`]: calling conventions, inlining, and stack checks;
//! - [`exceptions`]: which functions may throw, and how code represents tags and exceptions;
//! - [`natives`]: which imported functions code calls directly;
//! - [`tables`]: what indirect calls look up, and the fixed tables ([`fixed_table`]);
//! - [`profile`]: whether code counts, and what is known of earlier counts;
//! - [`debug`]: which values debug information describes;
//! - [`partitions`]: which functions are compiled together, and with how much effort ([`effort`]);
//! - [`relaxed`]: which of the allowed results operators of relaxed SIMD have;
//! - [`local`]: which functions only their own partition calls;
//! - [`requirements`]: features that the module needs and the target lacks.

pub mod calls;
pub mod debug;
pub mod effort;
pub mod exceptions;
mod fixed_table;
pub mod frames;
pub mod level;
mod local;
pub mod memory;
pub mod natives;
pub mod partitions;
pub mod profile;
pub mod relaxed;
pub mod requirements;
pub mod tables;

pub use calls::CallPlan;
pub use debug::DebugPlan;
pub use effort::Effort;
pub use exceptions::{ExceptionPlan, Signal};
pub use fixed_table::FixedTable;
pub use frames::{FrameKind, FramePlan, TinyFrame};
pub use level::LevelPlan;
pub use memory::{IndexType, LinearMemory, MemoryPlan, MemoryRefusal, SharedHeaps, SizeKeeper};
pub use natives::{DirectCall, ImportCall, NativePlan};
pub use partitions::Partition;
pub use profile::{Matches, ProfilePlan, ProfilePlanError};
pub use relaxed::RelaxedPlan;
pub use requirements::MissingFeature;
pub use tables::TablePlan;

use crate::abi::{HiddenGlobals, InstanceLayout, layout};
use crate::options::{OptLevel, Options, OutputFormat, Segue};
use crate::targets::{Reach, Target};
use crate::wasm::dwarf::DwarfError;
use crate::wasm::{FuncIndex, Module};

/// The facts that all partitions of one compilation share: plain data, shared between threads.
#[derive(Debug)]
pub struct Plan<'a> {
    pub module: &'a Module<'a>,
    pub target: &'a Target,
    /// State of the compiled code that the runtime keeps for each instance.
    pub hidden: HiddenGlobals,
    /// Offsets of the module's parts in its instance.
    pub layout: InstanceLayout,
    /// The level that the options name. [`Plan::level_of`] may choose another level for a partition.
    pub level: LevelPlan,
    pub memory: MemoryPlan,
    pub frames: FramePlan,
    /// For each defined function, how it makes its tiny frame. Empty without tiny frames.
    pub tiny_frames: Vec<TinyFrame>,
    pub calls: CallPlan,
    pub natives: NativePlan,
    pub tables: TablePlan,
    pub relaxed: RelaxedPlan,
    pub exceptions: ExceptionPlan,
    pub profile: ProfilePlan,
    /// Which constants code can address by their distance from the code.
    pub reach: Reach,
    /// Code calls the runtime's functions through a table, so that it can be executed in place.
    pub indirect_mode: bool,
    /// Functions keep frame pointers, and the symbols of a function lie one behind the other, in the order of
    /// the functions: the runtime's map for Linux perf names all code up to the next entry by one function.
    pub linux_perf: bool,
    /// LLVM may compile `br_table` to a jump through a table of addresses.
    pub jump_tables: bool,
    /// Instructions keep the offset of the WebAssembly instruction that they come from.
    pub debug_info: bool,
    /// The values that debug information describes.
    pub debug_values: DebugPlan,
    /// The reason why the DWARF of the module tells nothing about values, if debug information needs it.
    pub debug_fault: Option<DwarfError>,
    pub partitions: Vec<Partition>,
}

/// The options cannot be carried out for the module and the target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error(transparent)]
    MissingFeature(#[from] MissingFeature),
    #[error(transparent)]
    Profile(#[from] ProfilePlanError),
    #[error(transparent)]
    Memory(#[from] MemoryRefusal),
}

impl<'a> Plan<'a> {
    /// Decides how to compile `module` for `target`, or rejects the module.
    pub fn new(
        module: &'a Module<'a>,
        target: &'a Target,
        options: &Options,
    ) -> Result<Self, PlanError> {
        requirements::check(module, target)?;
        if options.segue != Segue::NONE {
            requirements::check_segue(target)?;
        }
        let profile = ProfilePlan::new(module, target, options)?;
        let partitions = match options.format {
            OutputFormat::Aot | OutputFormat::Object => partitions::split(module),
            // One readable text.
            OutputFormat::LlvmIrUnoptimized | OutputFormat::LlvmIrOptimized => {
                vec![Partition::whole(module)]
            }
        };
        let level = LevelPlan::of(options.opt_level);
        let memory = MemoryPlan::new(module, target, options)?;
        let indirect_mode = options.runtime.indirect_mode;
        let tables = TablePlan::new(module);
        let exceptions = ExceptionPlan::new(
            module,
            &tables,
            target.pointer_width,
            memory.software_bounds,
        );
        let natives = NativePlan::new(module, &memory, options);
        let mut hidden = HiddenGlobals::default();
        exceptions.add_state(module, &mut hidden);
        natives.add_globals(&mut hidden);
        memory.add_globals(module, &mut hidden);
        let (debug_values, debug_fault) = match options.debug_info {
            true => match DebugPlan::new(module, options.opt_level) {
                Ok(values) => (values, None),
                Err(fault) => (DebugPlan::default(), Some(fault)),
            },
            false => (DebugPlan::default(), None),
        };
        let mut plan = Plan {
            module,
            target,
            layout: InstanceLayout::new(module, &hidden, target.pointer_width),
            calls: CallPlan::new(module, target, options, &memory, partitions.len()),
            hidden,
            natives,
            profile,
            level,
            frames: FramePlan::new(options, &memory),
            tiny_frames: Vec::new(),
            memory,
            tables,
            relaxed: RelaxedPlan::new(target, options.deterministic_relaxed_simd),
            exceptions,
            reach: match target.reach(indirect_mode) {
                Reach::Partition if partitions.len() == 1 => Reach::Text,
                reach => reach,
            },
            indirect_mode,
            linux_perf: options.diagnostics.linux_perf,
            jump_tables: options.llvm.jump_tables,
            debug_info: options.debug_info,
            debug_values,
            debug_fault,
            partitions,
        };
        plan.tiny_frames = plan.frames.tiny_frames(
            module,
            |function| plan.is_entered(function),
            |function| plan.exceptions.may_throw(function),
        );
        // The check of a function's stack is a function of its own.
        // Functions without code would have one address, which the map for Linux perf gives to one of them.
        if level.drops_inlined && !plan.calls.has_prologues() && !plan.linux_perf {
            plan.calls.local = local::local_functions(
                module,
                &plan.partitions,
                |function| plan.is_entered(function),
                |bytes| plan.copies_to_callers(bytes),
            );
        }
        Ok(plan)
    }

    /// Returns the level at which `partition` is compiled.
    pub fn level_of(&self, partition: &Partition) -> LevelPlan {
        match partition.effort {
            Effort::Full => self.level,
            Effort::Light => LevelPlan::of(self.level.level.min(OptLevel::O1)),
            Effort::Least => LevelPlan::of(OptLevel::O0),
        }
    }

    /// Returns the offsets of the loads that lead from the execution environment to the base of linear memory:
    /// each load takes its address from the one before.
    pub fn path_to_base(&self) -> Vec<u64> {
        let instance = layout::exec_env::module_inst(self.target.pointer_width);
        let first = self.memory.first();
        match first.is_some_and(|first| first.shared) {
            true => vec![
                instance,
                layout::instance::MEMORIES,
                0,
                layout::memory::DATA,
            ],
            false => vec![instance, self.layout.memory(0) + layout::memory::DATA],
        }
    }

    /// Reports whether the runtime may call function `index`.
    pub fn is_entered(&self, index: FuncIndex) -> bool {
        self.tables.escaping[index.as_u32() as usize] || self.module.start == Some(index)
    }

    /// Reports whether function `index` has an entry of its own, which only the runtime calls.
    pub fn has_own_entry(&self, index: FuncIndex) -> bool {
        let by_runtime = self.calls.passes_base
            || self.memory.segue.is_some()
            || self.exceptions.may_throw(index)
            || self.exceptions.returns_flag(index)
            || self.module.function_type(index).has_exnref();
        self.calls.tail_calls || by_runtime && self.is_entered(index)
    }

    /// Reports whether a function whose body has `bytes` bytes is also emitted in the partitions of its
    /// callers, so that LLVM can inline it there.
    pub fn copies_to_callers(&self, bytes: usize) -> bool {
        let inlining = self.calls.inlining;
        self.level.copies_bodies && inlining.is_some_and(|it| bytes <= it.copied_bytes)
    }
}

//! Compiles the partitions of a plan: emit, optimise, generate, link.

use std::collections::HashSet;

use inkwell::module::Module as LlvmModule;
use inkwell::targets::TargetMachine;

use super::parallel::Times;
use crate::abi::runtime_symbols::runtime_symbols;
use crate::debug::{self, Origins};
use crate::link::{self, LinkError, LinkedText, Object};
use crate::llvm::{ObjectFile, ReportingContext};
use crate::options::{OptLevel, Options};
use crate::passes::{
    self, CallConvention, Calls, Hardware, NativeTable, Optimisation, Replacement, SegmentAccesses,
    Uses,
};
use crate::plan::{Effort, Partition, Plan};
use crate::targets::Reach;
use crate::{Error, Progress, emit};

/// The linked code of all partitions.
pub(super) struct Code {
    pub text: LinkedText,
    pub natives: NativeTable,
    /// Present if the plan asks for debug information.
    pub origins: Option<Origins>,
}

/// The data that all partitions need to be compiled.
pub(super) struct Compilation<'a> {
    plan: &'a Plan<'a>,
    options: &'a Options,
    replacement: Replacement,
    pub times: Times<'a>,
}

impl<'a> Compilation<'a> {
    pub fn new(
        plan: &'a Plan<'a>,
        options: &'a Options,
        progress: &'a (dyn Fn(Progress) + Sync),
    ) -> Result<Self, Error> {
        let target = plan.target;
        let runtime = &options.runtime;
        let hardware = if runtime.disable_llvm_intrinsics || target.facts.calls_library {
            let loadable = runtime_symbols(target.arch).collect();
            let machine = target.machine.create(options.opt_level)?;
            Hardware::of(&machine, target.facts.objects, &loadable, options.opt_level)?
        } else {
            Hardware::COMPLETE
        };
        let mut replacement = Replacement {
            // What the loader does not know the runtime has under another name.
            selection: hardware.unloadable,
            hardware,
            convention: CallConvention {
                sign_extends_words: target.facts.extends_i32,
                returns_in_x87: target.facts.returns_in_x87,
            },
            memory: runtime.indirect_mode,
        };
        if runtime.disable_llvm_intrinsics {
            let asked_for = runtime.builtin_intrinsics.unwrap_or_default();
            let missing = &replacement.hardware.missing;
            for row in asked_for.iter().chain(missing.iter()) {
                replacement.selection.insert(row);
            }
        }
        Ok(Compilation {
            plan,
            options,
            replacement,
            times: Times::new(if plan.indirect_mode { 2 } else { 1 }, progress),
        })
    }

    /// Returns the linked code, and the table of native symbols through which the code calls the runtime.
    pub fn text(&self) -> Result<Code, Error> {
        if !self.plan.indirect_mode {
            let (text, origins) = self.link(&self.direct_objects()?)?;
            return Ok(Code {
                text,
                natives: NativeTable::default(),
                origins,
            });
        }
        let (bitcode, table) = self.halfway()?;
        let text = |calls| {
            let objects = self.indirect_objects(&bitcode, &table, calls)?;
            self.link(&objects)
        };
        let (text, origins) = match text(Calls::Near) {
            // How far apart functions are shows only when there is code.
            Err(Error::Link(LinkError::OutOfReach { .. }))
                if self.plan.reach == Reach::Literals =>
            {
                text(Calls::Far)?
            }
            text => text?,
        };
        Ok(Code {
            text,
            natives: table,
            origins,
        })
    }

    /// Links the objects. Also returns the origins of the code, if the plan asks for debug information.
    fn link(&self, objects: &[Object]) -> Result<(LinkedText, Option<Origins>), Error> {
        let module = self.plan.module;
        let added = usize::from(self.plan.memory.layout.adds_start);
        let functions = link::Functions {
            count: module.functions.len() - module.imported_functions + added,
            optional: &self.plan.calls.local[module.imported_functions..],
        };
        let text = link::link(self.plan.target, functions, objects)?;
        let origins = match self.plan.debug_info {
            true => Some(debug::read(objects, &text)?),
            false => None,
        };
        Ok((text, origins))
    }

    pub fn direct_objects(&self) -> Result<Vec<Object>, Error> {
        self.times
            .in_parallel(&self.plan.partitions, |number, partition| {
                let reporting = ReportingContext::default();
                let level = self.plan.level_of(partition).level;
                let machine = self.plan.target.machine.create(level)?;
                let llvm = self.optimised(&reporting, &machine, partition, number == 0)?;
                self.generate(&reporting, &llvm, &machine, level)
            })
    }

    /// Optimises all partitions and collects their native symbols. In indirect mode all partitions share one
    /// table, so code generation waits for it; until then each unit is kept as LLVM bitcode.
    fn halfway(&self) -> Result<(Vec<Vec<u8>>, NativeTable), Error> {
        let symbols = self.native_symbols();
        let halfway = self
            .times
            .in_parallel(&self.plan.partitions, |number, partition| {
                let reporting = ReportingContext::default();
                let machine = self
                    .plan
                    .target
                    .machine
                    .create(self.plan.level_of(partition).level)?;
                let llvm = self.optimised(&reporting, &machine, partition, number == 0)?;
                let uses = Uses::of(&llvm, &symbols);
                Ok((llvm.write_bitcode_to_memory().as_slice().to_vec(), uses))
            })?;
        let mut all_uses = Uses::default();
        let mut bitcode = Vec::with_capacity(halfway.len());
        for (module, uses) in halfway {
            bitcode.push(module);
            all_uses.add(uses);
        }
        Ok((
            bitcode,
            NativeTable::new(all_uses, self.plan.target.pointer_width),
        ))
    }

    fn indirect_objects(
        &self,
        bitcode: &[Vec<u8>],
        table: &NativeTable,
        calls: Calls,
    ) -> Result<Vec<Object>, Error> {
        self.times
            .in_parallel(&self.plan.partitions, |number, partition| {
                let reporting = ReportingContext::default();
                let level = self.plan.level_of(partition).level;
                let machine = self.plan.target.machine.create(level)?;
                let llvm = reporting.read_bitcode(&bitcode[number])?;
                self.make_self_contained(&llvm, &machine, table, level, calls)?;
                self.generate(&reporting, &llvm, &machine, level)
            })
    }

    /// Generates the object of a unit that is ready for code generation.
    fn generate(
        &self,
        reporting: &ReportingContext,
        llvm: &LlvmModule<'_>,
        machine: &TargetMachine,
        level: OptLevel,
    ) -> Result<Object, Error> {
        let objects = self.plan.target.facts.objects;
        passes::bound_generation_time(llvm, level);
        passes::adapt_to_object_writer(llvm, objects);
        let ObjectFile { elf, frame_sizes } =
            reporting.generate(llvm, machine, objects, self.options.llvm.external.as_ref())?;
        Ok(Object { elf, frame_sizes })
    }

    fn native_symbols(&self) -> HashSet<&'static str> {
        runtime_symbols(self.plan.target.arch).collect()
    }

    fn optimised<'ctx>(
        &self,
        reporting: &'ctx ReportingContext,
        machine: &TargetMachine,
        partition: &Partition,
        first: bool,
    ) -> Result<LlvmModule<'ctx>, Error> {
        let functions = &partition.functions;
        let llvm = emit::emit_unit(reporting.context(), machine, self.plan, functions, first)?;
        if partition.effort == Effort::Least {
            passes::keep_slots(&llvm);
        }
        let replaces_scalars = self.replacement.selection.iter().any(|row| {
            row.signature().is_some() && !self.replacement.hardware.missing.contains(row.name)
        });
        let level = self.plan.level_of(partition);
        let memory = &self.plan.memory;
        let how = Optimisation {
            level: level.level,
            arch: self.plan.target.arch,
            loads_trap: !memory.software_bounds,
            in_order: memory.exact || level.keeps_order,
            top_unused: memory.top_unused(),
            // An operation that the user wants the runtime to do must not hide in a vector.
            vectorise: self.plan.target.facts.simd && !replaces_scalars && level.vectorises,
            keep_environment: self.plan.indirect_mode,
            stack_checks: self.plan.calls.has_prologues(),
            small: self.plan.target.facts.small || level.for_size,
            aligned_doubles: self.plan.target.facts.aligned_doubles,
        };
        let extra = self.options.llvm.passes.as_deref();
        passes::optimise(&llvm, machine, &how, extra)?;
        if let Some(accesses) = memory.segue {
            let how = SegmentAccesses {
                accesses,
                path_to_base: self.plan.path_to_base(),
            };
            passes::use_segment(&llvm, machine, &how)?;
        }
        passes::replace(&llvm, &self.replacement, self.plan.target.pointer_width);
        if partition.effort == Effort::Least && self.plan.target.misplaces_floats() {
            passes::floats_from_integers(&llvm);
        }
        if level.for_least_size {
            let overhead = self.plan.target.unaligned_overhead;
            passes::share(&llvm, self.plan.target.pointer_width, overhead);
        }
        Ok(llvm)
    }

    /// Removes from a unit every reference that the loader would have to resolve.
    fn make_self_contained(
        &self,
        llvm: &LlvmModule<'_>,
        machine: &TargetMachine,
        table: &NativeTable,
        level: OptLevel,
        calls: Calls,
    ) -> Result<(), Error> {
        passes::call_through_table(llvm, machine, table, self.plan.target.pointer_width, level)?;
        if self.plan.reach == Reach::Literals {
            passes::address_by_distance(llvm, calls);
        }
        #[cfg(debug_assertions)]
        llvm.verify()
            .map_err(|message| emit::EmitError::Verify(message.to_string()))?;
        Ok(())
    }

    /// Prints the IR as text, which can be parsed again if there is one partition.
    pub fn print_ir(&self, optimised: bool) -> Result<Vec<u8>, Error> {
        let texts = self
            .times
            .in_parallel(&self.plan.partitions, |number, partition| {
                self.partition_ir(partition, number == 0, optimised)
            })?;
        Ok(texts.concat())
    }

    fn partition_ir(
        &self,
        partition: &Partition,
        first: bool,
        optimised: bool,
    ) -> Result<Vec<u8>, Error> {
        let reporting = ReportingContext::default();
        let level = self.plan.level_of(partition).level;
        let machine = self.plan.target.machine.create(level)?;
        let functions = &partition.functions;
        let llvm = if optimised {
            let llvm = self.optimised(&reporting, &machine, partition, first)?;
            if self.plan.indirect_mode {
                let uses = Uses::of(&llvm, &self.native_symbols());
                let table = NativeTable::new(uses, self.plan.target.pointer_width);
                self.make_self_contained(&llvm, &machine, &table, level, Calls::Near)?;
            }
            llvm
        } else {
            emit::emit_unit(reporting.context(), &machine, self.plan, functions, first)?
        };
        Ok(llvm.print_to_string().to_bytes().to_vec())
    }
}

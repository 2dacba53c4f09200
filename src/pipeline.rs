//! From a validated module to the bytes of the output file: the rooms in their order.
//!
//! Partitions are compiled in parallel, each with an LLVM context of its own. Where they begin and
//! end depends on the module alone, so the result does not depend on the number of threads.

mod parallel;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::time::Instant;

use cranelift_entity::EntityRef;
use inkwell::module::Module as LlvmModule;
use inkwell::targets::TargetMachine;

use crate::abi::InstanceLayout;
use crate::abi::layout::leaves_top_unused;
use crate::abi::runtime_symbols::runtime_symbols;
use crate::abi::symbols::SymbolName;
use crate::aot::{self, CustomSection, FileType, TargetInfo};
use crate::emit::{self, Environment, FixedTable};
use crate::link::{self, LinkError, LinkedText, Object};
use crate::llvm::{ObjectFile, ReportingContext};
use crate::options::{OptLevel, Options, OutputFormat};
use crate::partition::{self, Effort, Inlining, Partition};
use crate::passes::{
    CallConvention, Calls, Hardware, NativeTable, Optimisation, Replacement, Uses,
};
use crate::targets::{Reach, Target};
use crate::wasm::{ConstInstruction, ExportItem, FunctionKind, GlobalKind, Module};
use crate::{Artifact, Error, StackUsage, Stats, Warning, in_place, passes, requirements};

use parallel::Times;

/// Compiles `module` on the threads of the current rayon pool.
pub fn run(module: &Module<'_>, target: &Target, options: &Options) -> Result<Artifact, Error> {
    let start = Instant::now();
    requirements::check(module, target)?;
    let partitions = match options.format {
        OutputFormat::Aot | OutputFormat::Object => partition::split(module),
        // One readable text.
        OutputFormat::LlvmIrUnoptimized | OutputFormat::LlvmIrOptimized => {
            vec![Partition::whole(module)]
        }
    };
    let env = environment(module, target, options, &partitions)?;
    let compilation = Compilation::new(&env, target, options)?;
    let mut stack_usage = Vec::new();
    let mut warnings = Vec::new();
    if options.runtime.builtin_intrinsics.is_some() && !options.runtime.disable_llvm_intrinsics {
        warnings.push(Warning::IntrinsicsWithoutEffect);
    }
    let bytes = match options.format {
        OutputFormat::Aot => {
            let (text, natives) = compilation.text(&partitions)?;
            if options.stack_usage {
                stack_usage = stack_usage_of(&text);
            }
            let mut info = TargetInfo::of(target)?;
            if options.runtime.indirect_mode {
                let findings = in_place::check(&text, &options.runtime)?;
                warnings.extend(findings.into_iter().map(Warning::NotInPlace));
                info.file_type = FileType::ExecuteInPlace;
            }
            let mut file = aot::assemble(module, &text, &info, options)?;
            if !natives.names().is_empty() {
                let symbols = CustomSection::NativeSymbols(natives.names().to_vec());
                file.custom.push(symbols);
            }
            file.to_bytes()?
        }
        OutputFormat::Object => {
            if options.runtime.indirect_mode {
                return Err(Error::IndirectObject);
            }
            let (text, _) = compilation.text(&partitions)?;
            if options.stack_usage {
                stack_usage = stack_usage_of(&text);
            }
            link::relocatable(&text, target, target.elf_flags)?
        }
        OutputFormat::LlvmIrUnoptimized => compilation.print_ir(&partitions, false)?,
        OutputFormat::LlvmIrOptimized => compilation.print_ir(&partitions, true)?,
    };
    let (partitions, in_parallel) = compilation.times.stats(&partitions);
    let stats = Stats {
        functions: module.functions.len() - module.imported_functions,
        partitions,
        rest: start.elapsed().saturating_sub(in_parallel),
    };
    Ok(Artifact {
        bytes,
        stats,
        warnings,
        stack_usage,
    })
}

fn environment<'a>(
    module: &'a Module<'a>,
    target: &Target,
    options: &Options,
    partitions: &[Partition],
) -> Result<Environment<'a>, Error> {
    let software_bounds = options
        .bounds_checks
        .unwrap_or(target.default_bounds_checks);
    let stack_checks = options.stack_bounds_checks.unwrap_or(software_bounds);
    let tail_calls = module.usage.tail_calls;
    let canonical_types = aot::canonical_types(&module.types);
    let mut env = Environment {
        module,
        layout: InstanceLayout::new(module, target.pointer_width),
        width: target.pointer_width,
        endianness: target.endianness,
        reach: match target.reach(options.runtime.indirect_mode) {
            Reach::Partition if partitions.len() == 1 => Reach::Text,
            reach => reach,
        },
        possible_tail_calls: target.tail_calls,
        extends_i32: target.facts.extends_i32,
        unboxed_f32: target.unboxed_f32,
        vectors: target.facts.vectors,
        software_bounds,
        touches_last_byte: !software_bounds
            && (target.unaligned_overhead > 0
                || options.exact_memory && !target.facts.stores_whole),
        stack_checks,
        reports_frames: stack_checks || options.stack_usage,
        jump_tables: options.llvm.jump_tables,
        literal_frame_sizes: target.facts.literal_frame_sizes,
        aux_stack_check: options.aux_stack_check,
        tail_calls,
        passes_base: target.facts.kept_register
            && options.opt_level > OptLevel::O0
            && !(software_bounds || stack_checks || tail_calls || module.memories.is_empty()),
        opt_level: options.opt_level,
        inlining: (partitions.len() > 1)
            .then(|| Inlining::of(module, options.llvm.inline_across_partitions)),
        escaping: escaping_functions(module),
        fixed_tables: FixedTable::all(module, &canonical_types),
        canonical_types,
        local: vec![false; module.functions.len()],
    };
    // The check of a function's stack is a function of its own.
    if options.opt_level > OptLevel::O1 && !stack_checks {
        env.local = partition::local_functions(
            module,
            partitions,
            |function| env.is_entered(function),
            |bytes| env.copies_to_callers(bytes),
        );
    }
    Ok(env)
}

/// The stack that the defined functions take, in function order.
fn stack_usage_of(text: &LinkedText) -> Vec<StackUsage> {
    let sizes = text.frame_sizes.iter().enumerate();
    sizes
        .map(|(position, bytes)| StackUsage {
            symbol: SymbolName::Entry(position as u32).to_string(),
            bytes: bytes.unwrap_or(0),
        })
        .collect()
}

/// Which functions a table can come to name: those that a segment, a constant expression, an
/// export or an instruction refers to. An instruction may refer only to functions that occur in
/// one of the others (specification 3.4.10, `C.refs`).
fn escaping_functions(module: &Module<'_>) -> Vec<bool> {
    let mut escaping = vec![false; module.functions.len()];
    let mut note = |instruction: &ConstInstruction| {
        if let ConstInstruction::RefFunc(index) = instruction {
            escaping[index.index()] = true;
        }
    };
    for segment in module.elements.values() {
        segment
            .items
            .iter()
            .flat_map(|item| &item.instructions)
            .for_each(&mut note);
    }
    for global in module.globals.values() {
        if let GlobalKind::Defined(init) = &global.kind {
            init.instructions.iter().for_each(&mut note);
        }
    }
    for table in module.tables.values() {
        table
            .init
            .iter()
            .flat_map(|init| &init.instructions)
            .for_each(&mut note);
    }
    for export in &module.exports {
        if let ExportItem::Function(index) = export.item {
            escaping[index.index()] = true;
        }
    }
    escaping
}

/// What compiling a partition needs, the same for all of them.
struct Compilation<'a> {
    env: &'a Environment<'a>,
    target: &'a Target,
    options: &'a Options,
    replacement: Replacement,
    times: Times,
}

impl<'a> Compilation<'a> {
    fn new(
        env: &'a Environment<'a>,
        target: &'a Target,
        options: &'a Options,
    ) -> Result<Self, Error> {
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
            env,
            target,
            options,
            replacement,
            times: Times::default(),
        })
    }

    /// The linked code, and the table that it goes through to the runtime.
    fn text(&self, partitions: &[Partition]) -> Result<(LinkedText, NativeTable), Error> {
        if !self.options.runtime.indirect_mode {
            let text = self.link(&self.direct_objects(partitions)?)?;
            return Ok((text, NativeTable::default()));
        }
        let (bitcode, table) = self.halfway(partitions)?;
        let text = |calls| {
            let objects = self.indirect_objects(partitions, &bitcode, &table, calls)?;
            self.link(&objects)
        };
        match text(Calls::Near) {
            // How far apart functions are shows only when there is code.
            Err(Error::Link(LinkError::OutOfReach { .. })) if self.env.reach == Reach::Literals => {
                Ok((text(Calls::Far)?, table))
            }
            text => Ok((text?, table)),
        }
    }

    fn link(&self, objects: &[Object]) -> Result<LinkedText, Error> {
        let module = self.env.module;
        // An imported start function is called through one function more (`aot::assemble`).
        let start_thunk = usize::from(module.start.is_some_and(|start| {
            matches!(module.functions[start].kind, FunctionKind::Imported(_))
        }));
        let functions = link::Functions {
            count: module.functions.len() - module.imported_functions + start_thunk,
            optional: &self.env.local[module.imported_functions..],
        };
        Ok(link::link(self.target, functions, objects)?)
    }

    fn direct_objects(&self, partitions: &[Partition]) -> Result<Vec<Object>, Error> {
        self.times.in_parallel(partitions, |number, partition| {
            let reporting = ReportingContext::default();
            let machine = self.target.machine.create(self.level(partition))?;
            let llvm = self.optimised(&reporting, &machine, partition, number == 0)?;
            self.generate(&reporting, &llvm, &machine)
        })
    }

    /// In indirect mode all partitions share a table: no code can be generated before all of them
    /// have said what they use. In between they are kept as LLVM's bitcode.
    fn halfway(&self, partitions: &[Partition]) -> Result<(Vec<Vec<u8>>, NativeTable), Error> {
        let symbols = self.native_symbols();
        let halfway = self.times.in_parallel(partitions, |number, partition| {
            let reporting = ReportingContext::default();
            let machine = self.target.machine.create(self.level(partition))?;
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
        Ok((bitcode, NativeTable::new(all_uses, self.env.width)))
    }

    fn indirect_objects(
        &self,
        partitions: &[Partition],
        bitcode: &[Vec<u8>],
        table: &NativeTable,
        calls: Calls,
    ) -> Result<Vec<Object>, Error> {
        self.times.in_parallel(partitions, |number, partition| {
            let reporting = ReportingContext::default();
            let level = self.level(partition);
            let machine = self.target.machine.create(level)?;
            let llvm = reporting.read_bitcode(&bitcode[number])?;
            self.make_self_contained(&llvm, &machine, table, level, calls)?;
            self.generate(&reporting, &llvm, &machine)
        })
    }

    /// The object of a partition that is ready for code generation.
    fn generate(
        &self,
        reporting: &ReportingContext,
        llvm: &LlvmModule<'_>,
        machine: &TargetMachine,
    ) -> Result<Object, Error> {
        let objects = self.target.facts.objects;
        passes::prepare(llvm, objects);
        let ObjectFile { elf, frame_sizes } = reporting.generate(llvm, machine, objects)?;
        Ok(Object { elf, frame_sizes })
    }

    fn native_symbols(&self) -> HashSet<&'static str> {
        runtime_symbols(self.target.arch).collect()
    }

    /// How hard code generation works on `partition`.
    fn level(&self, partition: &Partition) -> OptLevel {
        match partition.effort {
            Effort::Full => self.options.opt_level,
            Effort::Least => OptLevel::O0,
        }
    }

    fn optimised<'ctx>(
        &self,
        reporting: &'ctx ReportingContext,
        machine: &TargetMachine,
        partition: &Partition,
        first: bool,
    ) -> Result<LlvmModule<'ctx>, Error> {
        let functions = &partition.functions;
        let llvm = emit::emit_partition(reporting.context(), machine, self.env, functions, first)?;
        if partition.effort == Effort::Least {
            passes::keep_slots(&llvm);
        }
        let replaces_scalars = self.replacement.selection.iter().any(|row| {
            row.signature().is_some() && !self.replacement.hardware.missing.contains(row.name)
        });
        let memories = &self.env.module.memories;
        let level = self.level(partition);
        let how = Optimisation {
            level,
            arch: self.target.arch,
            loads_trap: !self.env.software_bounds,
            exact_memory: self.options.exact_memory,
            top_unused: memories
                .values()
                .all(|memory| leaves_top_unused(memory, self.env.width)),
            // An operation that the user wants the runtime to do must not hide in a vector.
            vectorise: self.target.facts.simd && !replaces_scalars && !level.optimises_size(),
            keep_environment: self.options.runtime.indirect_mode,
            stack_checks: self.env.stack_checks,
            small: self.target.facts.small || level.optimises_size(),
            aligned_doubles: self.target.facts.aligned_doubles,
        };
        let extra = self.options.llvm.passes.as_deref();
        passes::optimise(&llvm, machine, how, extra)?;
        passes::replace(&llvm, &self.replacement, self.env.width);
        if partition.effort == Effort::Least && self.target.misplaces_floats() {
            passes::floats_from_integers(&llvm);
        }
        if level == OptLevel::Oz {
            let overhead = self.target.unaligned_overhead;
            passes::share(&llvm, self.env.width, overhead);
        }
        Ok(llvm)
    }

    /// Leaves nothing in the code of a partition to the loader.
    fn make_self_contained(
        &self,
        llvm: &LlvmModule<'_>,
        machine: &TargetMachine,
        table: &NativeTable,
        level: OptLevel,
        calls: Calls,
    ) -> Result<(), Error> {
        passes::call_through_table(llvm, machine, table, self.env.width, level)?;
        if self.env.reach == Reach::Literals {
            passes::address_by_distance(llvm, calls);
        }
        #[cfg(debug_assertions)]
        llvm.verify()
            .map_err(|message| emit::EmitError::Verify(message.to_string()))?;
        Ok(())
    }

    /// As text, which is readable if there is one partition.
    fn print_ir(&self, partitions: &[Partition], optimised: bool) -> Result<Vec<u8>, Error> {
        let texts = self.times.in_parallel(partitions, |number, partition| {
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
        let level = self.level(partition);
        let machine = self.target.machine.create(level)?;
        let functions = &partition.functions;
        let llvm = if optimised {
            let llvm = self.optimised(&reporting, &machine, partition, first)?;
            if self.options.runtime.indirect_mode {
                let uses = Uses::of(&llvm, &self.native_symbols());
                let table = NativeTable::new(uses, self.env.width);
                self.make_self_contained(&llvm, &machine, &table, level, Calls::Near)?;
            }
            llvm
        } else {
            emit::emit_partition(reporting.context(), &machine, self.env, functions, first)?
        };
        Ok(llvm.print_to_string().to_bytes().to_vec())
    }
}

//! From a validated module to the bytes of the output file: the rooms in their order.
//!
//! Partitions are compiled in parallel, each with an LLVM context of its own. Where they begin and
//! end depends on the module alone, so the result does not depend on the number of threads.

#[cfg(test)]
mod tests;

use cranelift_entity::EntityRef;
use rayon::prelude::*;

use crate::abi::InstanceLayout;
use crate::aot::{self, TargetInfo};
use crate::codegen::ReportingContext;
use crate::emit::{self, Environment};
use crate::link::{self, LinkedText, PartitionObject};
use crate::options::{OptLevel, Options, OutputFormat};
use crate::passes::Needs;
use crate::target::{Reach, Target};
use crate::wasm::{ConstInstruction, ExportItem, FuncIndex, FunctionKind, GlobalKind, Module};
use crate::{Artifact, Error, Stats, passes, requirements};

/// Compiles `module` on the threads of the current rayon pool.
pub fn run(module: &Module<'_>, target: &Target, options: &Options) -> Result<Artifact, Error> {
    requirements::check(module, target)?;
    let env = environment(module, target, options);
    let partitions = match options.format {
        OutputFormat::Aot | OutputFormat::Object => partition(module),
        // One readable text.
        OutputFormat::LlvmIrUnoptimized | OutputFormat::LlvmIrOptimized => {
            vec![module.defined_functions().map(|(index, _)| index).collect()]
        }
    };
    let stats = Stats {
        functions: module.functions.len() - module.imported_functions,
        partitions: partitions.len(),
    };
    let bytes = match options.format {
        OutputFormat::Aot => {
            let text = compile_text(&env, &partitions, target, options)?;
            let info = TargetInfo::of(target)?;
            aot::assemble(module, &text, &info, options)?.to_bytes()?
        }
        OutputFormat::Object => {
            let text = compile_text(&env, &partitions, target, options)?;
            link::relocatable(&text, target, target.elf_flags()?)?
        }
        OutputFormat::LlvmIrUnoptimized => print_ir(&env, &partitions[0], target, options, false)?,
        OutputFormat::LlvmIrOptimized => print_ir(&env, &partitions[0], target, options, true)?,
    };
    Ok(Artifact { bytes, stats })
}

fn environment<'a>(module: &'a Module<'a>, target: &Target, options: &Options) -> Environment<'a> {
    let software_bounds = options
        .bounds_checks
        .unwrap_or(target.default_bounds_checks());
    Environment {
        module,
        layout: InstanceLayout::new(module, target.pointer_width()),
        width: target.pointer_width(),
        endianness: target.endianness(),
        reach: if partition(module).len() == 1 && target.reach() == Reach::Partition {
            Reach::Text
        } else {
            target.reach()
        },
        possible_tail_calls: target.tail_calls(),
        extends_i32: target.extends_i32(),
        software_bounds,
        stack_checks: options.stack_bounds_checks.unwrap_or(software_bounds),
        aux_stack_check: options.aux_stack_check,
        tail_calls: module.usage.tail_calls,
        import_small_callees: options.opt_level >= OptLevel::O2,
        canonical_types: aot::canonical_types(&module.types),
        escaping: escaping_functions(module),
    }
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

/// Bytes of function bodies that make a partition: large enough for inlining to find its callees,
/// small enough to keep many cores busy.
const PARTITION_BYTES: usize = 48 << 10;

/// Splits the defined functions into runs of about [`PARTITION_BYTES`], in function order. There is
/// always a first partition: it also holds what the module has once.
fn partition(module: &Module<'_>) -> Vec<Vec<FuncIndex>> {
    let mut partitions = vec![Vec::new()];
    let mut bytes = 0;
    for (index, body) in module.defined_functions() {
        if bytes >= PARTITION_BYTES {
            partitions.push(Vec::new());
            bytes = 0;
        }
        bytes += body.bytes.len();
        partitions
            .last_mut()
            .expect("there is a first partition")
            .push(index);
    }
    partitions
}

fn compile_text(
    env: &Environment,
    partitions: &[Vec<FuncIndex>],
    target: &Target,
    options: &Options,
) -> Result<LinkedText, Error> {
    // The first error in function order is reported, whichever came first in time.
    let needs = Needs::of(target)?;
    let objects = partitions
        .par_iter()
        .enumerate()
        .with_max_len(1)
        .map(|(number, functions)| {
            compile_partition(env, functions, number == 0, target, &needs, options)
        })
        .collect::<Vec<_>>()
        .into_iter()
        .collect::<Result<Vec<PartitionObject>, Error>>()?;
    let module = env.module;
    // An imported start function is called through one function more (`aot::assemble`).
    let start_thunk =
        usize::from(module.start.is_some_and(|start| {
            matches!(module.functions[start].kind, FunctionKind::Imported(_))
        }));
    let functions = module.functions.len() - module.imported_functions + start_thunk;
    Ok(link::link(target, functions, &objects)?)
}

fn compile_partition(
    env: &Environment,
    functions: &[FuncIndex],
    first: bool,
    target: &Target,
    needs: &Needs,
    options: &Options,
) -> Result<PartitionObject, Error> {
    let reporting = ReportingContext::default();
    let machine = target.machine(options.opt_level)?;
    let llvm = emit::emit_partition(reporting.context(), &machine, env, functions, first)?;
    passes::optimise(&llvm, &machine, options.opt_level, !env.software_bounds)?;
    passes::legalise(&llvm, needs)?;
    Ok(reporting.generate(&llvm, &machine)?)
}

fn print_ir(
    env: &Environment,
    functions: &[FuncIndex],
    target: &Target,
    options: &Options,
    optimised: bool,
) -> Result<Vec<u8>, Error> {
    let reporting = ReportingContext::default();
    let machine = target.machine(options.opt_level)?;
    let llvm = emit::emit_partition(reporting.context(), &machine, env, functions, true)?;
    if optimised {
        let needs = &Needs::of(target)?;
        passes::optimise(&llvm, &machine, options.opt_level, !env.software_bounds)?;
        passes::legalise(&llvm, needs)?;
    }
    Ok(llvm.print_to_string().to_bytes().to_vec())
}

//! Runs the rooms in their order, from a validated module to the bytes of the output file.
//!
//! [`Compilation`] compiles the partitions in parallel, each with its own LLVM context.

mod compilation;
mod parallel;
#[cfg(test)]
mod tests;

use std::time::Instant;

use crate::abi::layout;
use crate::abi::symbols::SymbolName;
use crate::aot::{self, CustomSection, FeatureFlags, FileType, ObjectData, TargetInfo};
use crate::debug::{self, DebugError};
use crate::link::{self, LinkedText};
use crate::options::{OptLevel, Options, OutputFormat};
use crate::plan::{FrameKind, FramePlan, Plan, profile};
use crate::profile::sections::sections;
use crate::targets::{Arch, Target};
use crate::wasm::{self, ExportItem, Module};
use crate::{Artifact, Error, Progress, StackUsage, Stats, Warning, in_place};

use compilation::{Code, Compilation};

/// Compiles `module` on the threads of the current rayon pool, which call `progress` when a partition is done.
pub fn run(
    module: &Module<'_>,
    target: &Target,
    options: &Options,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Artifact, Error> {
    let start = Instant::now();
    let plan = Plan::new(module, target, options)?;
    carry_out(&plan, options, progress, start)
}

/// Compiles as `plan` says; planning began at `start`.
fn carry_out(
    plan: &Plan<'_>,
    options: &Options,
    progress: &(dyn Fn(Progress) + Sync),
    start: Instant,
) -> Result<Artifact, Error> {
    let (module, target) = (plan.module, plan.target);
    if let Some(bytes) = plan.memory.layout.shrunk {
        log::info!("linear memory ends at __heap_base: it has {bytes} bytes");
    }
    let compilation = Compilation::new(plan, options, progress)?;
    if options.debug_info && options.format != OutputFormat::Aot {
        return Err(DebugError::Format.into());
    }
    let mut debug_info = None;
    let mut stack_usage = Vec::new();
    let mut warnings = Vec::new();
    if options.runtime.builtin_intrinsics.is_some() && !options.runtime.disable_llvm_intrinsics {
        warnings.push(Warning::IntrinsicsWithoutEffect);
    }
    warnings.extend(wasm::start_fault(module).map(Warning::DoesNotStart));
    let hints = module.branch_hints.ignored.clone();
    warnings.extend(hints.map(Warning::BranchHintsIgnored));
    let diagnostics = &options.diagnostics;
    if diagnostics.call_stack_features.is_some() && !diagnostics.call_stack {
        warnings.push(Warning::FeaturesWithoutCallStack);
    }
    if let Some(counts) = &plan.profile.counts
        && counts.matches.matched < counts.matches.functions
    {
        warnings.push(Warning::ProfileMismatch(counts.matches));
    }
    let bytes = match options.format {
        OutputFormat::Aot => {
            warnings.extend(tags_left_out(module));
            let Code {
                text,
                natives,
                origins,
            } = compilation.text()?;
            if let Some(origins) = origins {
                let (file, fault) = debug::write(&debug::Code {
                    module,
                    target,
                    text: &text,
                    origins: &origins,
                    memory_path: plan
                        .memory
                        .first()
                        .map(|first| plan.layout.memory_base(first.shared)),
                    instance_offset: layout::exec_env::module_inst(target.pointer_width),
                    unoptimised: options.opt_level == OptLevel::O0,
                })?;
                debug_info = Some(file);
                let fault = plan.debug_fault.clone().or(fault);
                warnings.extend(fault.map(Warning::DwarfUnreadable));
            }
            if options.stack_usage {
                stack_usage = stack_usage_of(&text);
            }
            let mut info = TargetInfo::of(target)?;
            info.features |= frame_flags(&plan.frames);
            if plan.indirect_mode {
                let findings = in_place::check(&text, &options.runtime)?;
                warnings.extend(findings.into_iter().map(Warning::NotInPlace));
                info.file_type = FileType::ExecuteInPlace;
            }
            let mut file = aot::assemble(
                module,
                &plan.hidden,
                &plan.memory.layout,
                &text,
                &info,
                options,
            )?;
            if plan.profile.counting() {
                file.init_data.object_data = profile_sections(plan);
            }
            if !natives.names().is_empty() {
                let symbols = CustomSection::NativeSymbols(natives.names().to_vec());
                file.custom.push(symbols);
            }
            if file.needs_extended_const() {
                match options.runtime_extended_const {
                    Some(true) => {}
                    None => warnings.push(Warning::ExtendedConstAtRunTime),
                    Some(false) => return Err(Error::ExtendedConstAtRunTime),
                }
            }
            file.to_bytes()?
        }
        OutputFormat::Object => {
            if plan.indirect_mode {
                return Err(Error::IndirectObject);
            }
            let Code { text, .. } = compilation.text()?;
            if options.stack_usage {
                stack_usage = stack_usage_of(&text);
            }
            link::relocatable(&text, target, target.elf_flags)?
        }
        OutputFormat::LlvmIrUnoptimized => compilation.print_ir(false)?,
        OutputFormat::LlvmIrOptimized => compilation.print_ir(true)?,
    };
    let (partitions, in_parallel) = compilation.times.stats(&plan.partitions);
    let stats = Stats {
        functions: module.functions.len() - module.imported_functions,
        partitions,
        rest: start.elapsed().saturating_sub(in_parallel),
    };
    Ok(Artifact {
        bytes,
        stats,
        warnings,
        debug_info,
        stack_usage,
    })
}

/// Returns a warning for each tag that other modules or the host should know.
fn tags_left_out(module: &Module<'_>) -> Vec<Warning> {
    let imported = module.tags.values().filter_map(|tag| {
        tag.import.map(|import| Warning::TagNotLinked {
            module: import.module.to_owned(),
            name: import.field.to_owned(),
        })
    });
    let exported = module
        .exports
        .iter()
        .filter_map(|export| match export.item {
            ExportItem::Tag(_) => Some(Warning::TagNotExported(export.name.to_owned())),
            _ => None,
        });
    imported.chain(exported).collect()
}

/// Returns the data sections in which code counts.
fn profile_sections(plan: &Plan<'_>) -> Vec<ObjectData> {
    let functions = plan.module.defined_functions().enumerate();
    let functions = functions
        .map(|(position, (_, body))| (body.bytes, profile::counters_of(plan.module, position)));
    let target = plan.target;
    // Of a `uint64_t` in a structure.
    let alignment = if target.arch == Arch::X86 { 4 } else { 8 };
    let sections = sections(
        functions,
        target.pointer_width,
        target.endianness,
        alignment,
    );
    let sections = sections.into_iter();
    sections
        .map(|(name, bytes)| ObjectData { name, bytes })
        .collect()
}

/// Returns the flags that describe the frames to the runtime.
fn frame_flags(frames: &FramePlan) -> FeatureFlags {
    match frames.kind {
        FrameKind::None | FrameKind::Standard => FeatureFlags::NONE,
        FrameKind::Tiny => {
            FeatureFlags::TINY_STACK_FRAME
                | FeatureFlags::FRAME_PER_FUNCTION
                | FeatureFlags::FRAME_WITHOUT_FUNCTION_INDEX.when(!frames.has_function)
        }
    }
}

/// Returns the stack that the defined functions use, in function order.
fn stack_usage_of(text: &LinkedText) -> Vec<StackUsage> {
    let sizes = text.frame_sizes.iter().enumerate();
    sizes
        .map(|(position, bytes)| StackUsage {
            symbol: SymbolName::Entry(position as u32).to_string(),
            bytes: bytes.unwrap_or(0),
        })
        .collect()
}

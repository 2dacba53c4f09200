//! Declares every option once: name, values, default and help.
//!
//! The spelling is `wamrc`'s. Options of `wamrc` that have no effect yet are rejected by name
//! ([`NOT_SUPPORTED`]): a build that relies on such an option must not succeed.

mod lists;
mod proposals;

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::builder::{NonEmptyStringValueParser, PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};

use self::lists::{call_stack_features, selection};
use self::proposals::Proposals;
use super::compile::STREAM;
use super::native_lib::MOST_LIBRARIES;
use super::{numbers, segue};
use crate::options::{
    CallStackFeatures, DiagnosticsOptions, FormatVersion, LlvmOptions, Memory64, OptLevel, Options,
    OutputFormat, ProfileOptions, RuntimeOptions, Segue, Selection, SharedHeaps, TargetOptions,
};
use crate::targets::nearest;

/// Compiles a WebAssembly module ahead of time into a native file for the WAMR runtime.
#[derive(Debug, Parser)]
#[command(
    name = "wasmelt",
    version,
    override_usage = "wasmelt [OPTIONS] -o <OUTPUT> <INPUT>\n       wasmelt build [OPTIONS] <CONFIG.yaml> [MODULE]...\n       wasmelt select [OPTIONS] <MANIFEST>\n       wasmelt embed [OPTIONS] -o <OUTPUT> <FILE>\n       wasmelt locate [OPTIONS] <FILE> <OFFSET>...",
    arg_required_else_help = true,
    args_override_self = true,
    after_help = "Examples:\n  \
        wasmelt -o app.aot app.wasm\n  \
        wasmelt --target=x86_64 --cpu=x86-64-v3 -o app.aot app.wasm\n  \
        wasmelt --target=thumbv8m.main-none-eabihf --xip -o app.aot app.wasm\n  \
        wasmelt --target=x86_64 --cpu=help\n\n\
        Environment:\n  \
        WAMRC_LLC_COMPILER, WAMRC_LLC_FLAGS  compiler that makes objects of LLVM's bitcode\n  \
        WAMRC_ASM_COMPILER, WAMRC_ASM_FLAGS  compiler that makes objects of assembly"
)]
pub(super) struct Arguments {
    /// WebAssembly module to compile; `-` is standard input
    input: Option<PathBuf>,

    /// File to write; `-` is standard output
    #[arg(short = 'o', value_name = "OUTPUT")]
    output: Option<PathBuf>,

    /// Architecture or target triple to compile for, such as `thumbv8m.main-none-eabihf`; `help`
    /// lists architectures. Without it, that of a chip or Cortex-M that --cpu names, or else this
    /// machine's architecture, CPU and CPU features
    #[arg(long, value_name = "TARGET", value_parser = NonEmptyStringValueParser::new())]
    target: Option<String>,

    /// ABI of the target; `help` lists them
    #[arg(long, value_name = "ABI", value_parser = NonEmptyStringValueParser::new())]
    target_abi: Option<String>,

    /// CPU or chip to compile for, such as `cortex-m33` or `esp32c6`; `help` lists them, `native` is
    /// this machine's. Without it, every CPU of the target given by --target can run the code
    #[arg(long, value_name = "CPU", value_parser = NonEmptyStringValueParser::new())]
    cpu: Option<String>,

    /// CPU features to turn on or off, as in `+avx2,-fma`; `+help` lists them
    #[arg(
        long,
        value_name = "FEATURES",
        allow_hyphen_values = true,
        value_parser = NonEmptyStringValueParser::new()
    )]
    cpu_features: Option<String>,

    /// Optimisation level: 0 compiles fastest, 3 makes the fastest code, s small code, z the smallest
    #[arg(long, value_name = "LEVEL", default_value = "3", allow_negative_numbers = true, value_parser = numbers::opt_level)]
    opt_level: OptLevel,

    /// Code model of `wamrc`. Accepted with a warning: a Wasmelt text reaches all it refers to under
    /// every model, so it always has the small one's code, which is 3
    #[arg(long, value_name = "N", default_value = "3", allow_negative_numbers = true, value_parser = numbers::level)]
    size_level: u8,

    /// Check memory accesses by software instead of guard pages. By default 1 on 32-bit targets
    /// only; code compiled with 0 needs a runtime that has guard pages
    #[arg(long, value_name = "0|1", allow_negative_numbers = true, value_parser = numbers::switch)]
    bounds_checks: Option<bool>,

    /// After a trap, memory and globals are what the program has made of them until then, and traps
    /// come in the program's order. Always so with --bounds-checks=1; otherwise it makes code slower
    #[arg(long)]
    exact_memory: bool,

    /// For code in an SGX enclave, whose runtime has no guard pages: --bounds-checks=1 by default. Also
    /// spelled -sgx
    #[arg(long)]
    sgx: bool,

    /// Check the native stack by software. By default as --bounds-checks
    #[arg(long, value_name = "0|1", allow_negative_numbers = true, value_parser = numbers::switch)]
    stack_bounds_checks: Option<bool>,

    /// Access also the shared heap that the host attaches at the end of the 32-bit addresses
    #[arg(long)]
    enable_shared_heap: bool,

    /// Access also a chain of shared heaps; makes accesses longer
    #[arg(long)]
    enable_shared_chain: bool,

    /// Take the base of linear memory from the segment register GS, only for x86-64 Linux: for the accesses in
    /// this list, such as `i32.load,i64.store` (types i32, i64, f32, f64, v128), or without a list for all
    #[arg(
        long,
        value_name = "ACCESSES",
        num_args = 0..=1,
        require_equals = true,
        conflicts_with = "sgx",
        value_parser = segue::parse
    )]
    enable_segue: Option<Option<Segue>>,

    /// End linear memory at `__heap_base` if the module neither grows it nor asks for its size, as `wamrc`
    /// does: a few KiB instead of whole pages. By default `on` for targets without an operating system
    #[arg(long, value_name = "on|off", value_parser = choice(ON_OFF))]
    shrink_memory: Option<bool>,

    /// Kind of file to write
    #[arg(long, value_name = "FORMAT", default_value = "aot", value_parser = choice(FORMATS))]
    format: OutputFormat,

    /// Version of the AOT format: 6, or 5 for the releases WAMR-2.4.3 to WAMR-2.4.5. By default the version of
    /// --runtime, or 6
    #[arg(long, value_name = "N", value_parser = choice(AOT_VERSIONS))]
    aot_version: Option<FormatVersion>,

    /// Runtime to compile for: a release of WAMR, or `main` for sources after the releases. Modules that its
    /// default build cannot load are refused, unless an option says that it is built for them
    #[arg(long, value_name = "VERSION", value_parser = choice(RUNTIMES))]
    runtime: Option<FormatVersion>,

    #[command(flatten)]
    proposals: Proposals,

    /// Give operators of relaxed SIMD the results of the specification's deterministic profile, the same on every
    /// CPU, instead of the fastest
    #[arg(long)]
    relaxed_simd_deterministic: bool,

    /// How the runtime sees memories and tables with 64-bit addresses: `lowered`, as ones with 32-bit addresses,
    /// which every runtime has; or `native`, which needs a runtime built with WAMR_BUILD_MEMORY64. By default
    /// `lowered`, and `native` if the command is called by the name `wamrc`
    #[arg(long, value_name = "lowered|native", value_parser = choice(MEMORY64))]
    memory64: Option<Memory64>,

    /// How far a memory may grow, in bytes, that is not the first or that has pages of one byte: the runtime
    /// reserves so much. By default 256 MiB, 16 MiB on 32-bit targets, and 0 without an operating system
    #[arg(long, value_name = "BYTES")]
    memory_growth_limit: Option<u64>,

    /// Do not check the C stack inside linear memory for overflow and underflow
    #[arg(long)]
    disable_aux_stack_check: bool,

    /// Make no tables of jumps: `br_table` becomes comparisons
    #[arg(long)]
    disable_llvm_jump_tables: bool,

    /// Do not inline functions across the partitions in which a large module is compiled
    #[arg(long)]
    disable_llvm_lto: bool,

    /// Passes of LLVM to run before its pipeline, in the syntax of `opt -passes=`
    #[arg(long, value_name = "PASSES", value_parser = NonEmptyStringValueParser::new())]
    enable_llvm_passes: Option<String>,

    /// An option of LLVM, as in `--mllvm=-unroll-count=2`; may be repeated
    #[arg(
        long,
        value_name = "OPTION",
        allow_hyphen_values = true,
        action = clap::ArgAction::Append,
        value_parser = NonEmptyStringValueParser::new()
    )]
    mllvm: Vec<String>,

    /// Reach everything of the runtime through a table, so that the code can be executed in place
    #[arg(long)]
    enable_indirect_mode: bool,

    /// Leave to functions of the runtime what the CPU cannot do by itself
    #[arg(long)]
    disable_llvm_intrinsics: bool,

    /// For execution in place: --enable-indirect-mode and --disable-llvm-intrinsics
    #[arg(long)]
    xip: bool,

    /// With --disable-llvm-intrinsics, what else to leave to functions of the runtime: names and
    /// groups separated by commas, such as `i64.common,fp.common,fpxint`
    #[arg(long, value_name = "NAMES", value_parser = selection)]
    enable_builtin_intrinsics: Option<Selection>,

    /// Call functions that the host has linked through the `wasm_c_api` faster, with all their results
    #[arg(long)]
    invoke_c_api_import: bool,

    /// A native library, as `iwasm --native-lib=` takes it: code calls its functions directly if the runtime
    /// has linked them. May be repeated, up to 8 times
    #[arg(
        long,
        value_name = "FILE",
        action = clap::ArgAction::Append,
        value_parser = clap::value_parser!(PathBuf)
    )]
    native_lib: Vec<PathBuf>,

    /// In indirect mode, only warn of what the loader would have to change in the code
    #[arg(long)]
    allow_text_relocations: bool,

    /// Custom sections of the module to carry over, separated by commas; `\` in a name stands for
    /// a space
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    emit_custom_sections: Vec<String>,

    /// Write the bytes of stack that each function takes to this file, one line for each:
    /// `<module>:<function>`, the bytes and `static`, separated by tabs
    #[arg(long, value_name = "FILE")]
    stack_usage: Option<PathBuf>,

    /// Keep a stack of calls, which a runtime built with WAMR_BUILD_DUMP_CALL_STACK prints after a trap. Also
    /// carries over the module's names of functions
    #[arg(long)]
    enable_dump_call_stack: bool,

    /// With --enable-dump-call-stack, what the frames of that stack hold, separated by commas: `ip` (offsets of
    /// calls), `trap-ip` (offsets of traps), `func-idx` (functions); by default all. `bounds-checks` and
    /// `values` are accepted: the end of the stack is always checked, and no runtime prints values
    #[arg(long, value_name = "NAMES", value_parser = call_stack_features)]
    call_stack_features: Option<CallStackFeatures>,

    /// Count calls and measure their time on a runtime built with WAMR_BUILD_PERF_PROFILING. Also carries over
    /// the module's names of functions
    #[arg(long)]
    enable_perf_profiling: bool,

    /// Note how far down the native stack has reached, for a runtime built with WAMR_BUILD_MEMORY_PROFILING
    #[arg(long)]
    enable_memory_profiling: bool,

    /// Keep frame pointers and place functions as the runtime's map for Linux perf assumes, for a runtime
    /// built with WAMR_BUILD_LINUX_PERF
    #[arg(long)]
    enable_linux_perf: bool,

    /// Make code that counts how often functions and branches are executed, for --use-prof-file. A runtime built
    /// with WAMR_BUILD_STATIC_PGO writes the counts down (`iwasm --gen-prof-file=FILE`)
    #[arg(long, conflicts_with = "use_prof_file")]
    enable_llvm_pgo: bool,

    /// Make code fast where this profile says that it is executed most: a file of the runtime, or what
    /// `llvm-profdata merge` has made of several
    #[arg(long, value_name = "FILE")]
    use_prof_file: Option<PathBuf>,

    /// Write debug information to this ELF file, for debuggers and for `wasmelt locate`: names of functions,
    /// frames, and lines of the source if the module has DWARF
    #[arg(long, value_name = "FILE")]
    debug_info: Option<PathBuf>,

    /// Write on which files the output depends to this file, as a rule of Make, which Ninja and CMake
    /// read, too
    #[arg(long, value_name = "FILE")]
    depfile: Option<PathBuf>,

    /// Leave an output untouched that has the right bytes already: build tools then do not go on
    #[arg(long)]
    if_changed: bool,

    /// Threads to compile with; by default one per core. The output is the same for any number
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,

    /// How much to say on stderr: 0 nothing but errors, 2 warnings, 3 phases with their times,
    /// 4 also the time of each partition, 5 everything
    #[arg(
        short = 'v',
        value_name = "N",
        default_value = "2",
        value_parser = numbers::verbosity
    )]
    verbosity: u8,

    /// Print the version of LLVM
    #[arg(long)]
    llvm_version: bool,
}

const MEMORY64: &[(&str, Memory64)] =
    &[("lowered", Memory64::Lowered), ("native", Memory64::Native)];

const ON_OFF: &[(&str, bool)] = &[("on", true), ("off", false)];

const AOT_VERSIONS: &[(&str, FormatVersion)] =
    &[("5", FormatVersion::V5), ("6", FormatVersion::V6)];

/// The runtimes, with the version of the format that each loads. In these releases, nothing else about loading
/// files differs.
const RUNTIMES: &[(&str, FormatVersion)] = &[
    ("2.4.3", FormatVersion::V5),
    ("2.4.4", FormatVersion::V5),
    ("2.4.5", FormatVersion::V5),
    ("main", FormatVersion::V6),
];

const FORMATS: &[(&str, OutputFormat)] = &[
    ("aot", OutputFormat::Aot),
    ("object", OutputFormat::Object),
    ("llvmir-unopt", OutputFormat::LlvmIrUnoptimized),
    ("llvmir-opt", OutputFormat::LlvmIrOptimized),
];

/// Options of `wamrc` that have no effect here yet.
const NOT_SUPPORTED: &[&str] = &["--enable-gc"];

/// A parser for one of the names in `table`.
fn choice<T: Copy + Send + Sync + 'static>(
    table: &'static [(&'static str, T)],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(table.iter().map(|(name, _)| *name)).try_map(|found| {
        table
            .iter()
            .find(|(name, _)| *name == found)
            .map(|(_, value)| *value)
            .ok_or("not in the table")
    })
}

/// What the user asked for.
#[derive(Debug)]
pub(super) enum Job {
    Compile {
        input: PathBuf,
        output: PathBuf,
        options: Box<Options>,
        verbosity: u8,
        /// What `--size-level` says.
        size_level: u8,
        /// Where to write the stack that functions take.
        stack_usage: Option<PathBuf>,
        /// Where to write debug information.
        debug_info: Option<PathBuf>,
        /// Where to write the files on which the output depends.
        depfile: Option<PathBuf>,
        /// Whether to leave an equal output untouched.
        if_changed: bool,
        /// The profile to use.
        profile: Option<PathBuf>,
        /// Options of LLVM itself.
        llvm_options: Vec<String>,
        /// Libraries with native functions.
        native_libs: Vec<PathBuf>,
    },
    List {
        what: Listing,
        target: TargetOptions,
    },
    LlvmVersion,
}

/// A list that `help` in place of a value asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listing {
    Targets,
    Abis,
    Cpus,
    Features,
}

impl Arguments {
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Job, clap::Error> {
        let arguments: Vec<OsString> = arguments.into_iter().map(with_two_dashes).collect();
        if let Some(option) = not_supported(&arguments) {
            return Err(Arguments::command().error(
                ErrorKind::UnknownArgument,
                format!("option {option} of wamrc is not supported yet"),
            ));
        }
        Arguments::try_parse_from(arguments)
            .map_err(with_near_tip)?
            .into_job()
    }

    fn into_job(self) -> Result<Job, clap::Error> {
        if self.llvm_version {
            return Ok(Job::LlvmVersion);
        }
        if let Some(what) = self.listing() {
            let target = TargetOptions {
                arch: self.target.filter(|target| target != "help"),
                ..TargetOptions::default()
            };
            return Ok(Job::List { what, target });
        }
        let missing = |what| {
            Arguments::command().error(
                ErrorKind::MissingRequiredArgument,
                format!("{what} is missing"),
            )
        };
        let input = self.input.clone().ok_or_else(|| missing("<INPUT>"))?;
        let output = self.output.clone().ok_or_else(|| missing("-o <OUTPUT>"))?;
        let code = matches!(self.format, OutputFormat::Aot | OutputFormat::Object);
        if self.stack_usage.is_some() && !code {
            return Err(Arguments::command().error(
                ErrorKind::ArgumentConflict,
                "--stack-usage needs code, which only the formats `aot` and `object` hold",
            ));
        }
        if self.native_lib.len() > MOST_LIBRARIES {
            return Err(Arguments::command().error(
                ErrorKind::TooManyValues,
                format!("--native-lib takes at most {MOST_LIBRARIES} libraries"),
            ));
        }
        let native_libs = self.native_lib.clone();
        let verbosity = self.verbosity;
        let size_level = self.size_level;
        if self.debug_info.is_some() && self.format != OutputFormat::Aot {
            return Err(Arguments::command().error(
                ErrorKind::ArgumentConflict,
                "--debug-info needs the format `aot`",
            ));
        }
        if let (Some(runtime), Some(asked)) = (self.runtime, self.aot_version)
            && runtime != asked
        {
            return Err(Arguments::command().error(
                ErrorKind::ArgumentConflict,
                format!(
                    "the runtime of --runtime loads version {} of the AOT format, not version {} of \
                     --aot-version",
                    runtime as u32, asked as u32
                ),
            ));
        }
        let stack_usage = self.stack_usage.clone();
        let debug_info = self.debug_info.clone();
        if self.depfile.is_some() && output == Path::new(STREAM) {
            return Err(Arguments::command().error(
                ErrorKind::ArgumentConflict,
                "--depfile needs the name of an output, not `-`",
            ));
        }
        let depfile = self.depfile.clone();
        let if_changed = self.if_changed;
        let profile = self.use_prof_file.clone();
        let llvm_options = self
            .mllvm
            .iter()
            .filter(|option| !(self.is_for_xtensa() && is_for_literals_in_text(option)))
            .cloned()
            .collect();
        Ok(Job::Compile {
            input,
            output,
            options: Box::new(self.into_options()),
            verbosity,
            size_level,
            stack_usage,
            debug_info,
            depfile,
            if_changed,
            profile,
            llvm_options,
            native_libs,
        })
    }

    fn is_for_xtensa(&self) -> bool {
        self.target
            .as_deref()
            .is_some_and(|target| target.starts_with("xtensa"))
    }

    fn listing(&self) -> Option<Listing> {
        let asked = [
            (&self.target, "help", Listing::Targets),
            (&self.target_abi, "help", Listing::Abis),
            (&self.cpu, "help", Listing::Cpus),
            (&self.cpu_features, "+help", Listing::Features),
        ];
        asked
            .into_iter()
            .find(|(value, help, _)| value.as_deref() == Some(*help))
            .map(|(_, _, listing)| listing)
    }

    fn into_options(self) -> Options {
        Options {
            target: TargetOptions {
                arch: self.target,
                abi: self.target_abi,
                cpu: self.cpu,
                cpu_features: self.cpu_features,
            },
            opt_level: self.opt_level,
            bounds_checks: self.bounds_checks.or(self.sgx.then_some(true)),
            exact_memory: self.exact_memory,
            stack_bounds_checks: self.stack_bounds_checks,
            shared_heaps: match (self.enable_shared_chain, self.enable_shared_heap) {
                (true, _) => SharedHeaps::Chain,
                (false, true) => SharedHeaps::One,
                (false, false) => SharedHeaps::None,
            },
            segue: self
                .enable_segue
                .map_or(Segue::NONE, |accesses| accesses.unwrap_or(Segue::ALL)),
            memory_growth_limit: self.memory_growth_limit,
            memory64: self.memory64,
            shrink_memory: self.shrink_memory,
            features: self.proposals.features(),
            deterministic_relaxed_simd: self.relaxed_simd_deterministic,
            aux_stack_check: !self.disable_aux_stack_check,
            llvm: LlvmOptions {
                jump_tables: !self.disable_llvm_jump_tables,
                inline_across_partitions: !self.disable_llvm_lto,
                passes: self.enable_llvm_passes,
                // The environment names it (`super::external`).
                external: None,
            },
            runtime: RuntimeOptions {
                indirect_mode: self.enable_indirect_mode || self.xip,
                disable_llvm_intrinsics: self.disable_llvm_intrinsics || self.xip,
                builtin_intrinsics: self.enable_builtin_intrinsics,
                allow_text_relocations: self.allow_text_relocations,
                c_api_imports: self.invoke_c_api_import,
            },
            format: self.format,
            aot_version: self.aot_version.or(self.runtime).unwrap_or_default(),
            runtime_extended_const: match self.proposals.asks_for_extended_const() {
                true => Some(true),
                false => self.runtime.map(|_| false),
            },
            native_functions: Vec::new(),
            custom_sections: self
                .emit_custom_sections
                .into_iter()
                .map(|name| name.replace('\\', " "))
                .collect(),
            stack_usage: self.stack_usage.is_some(),
            diagnostics: DiagnosticsOptions {
                call_stack: self.enable_dump_call_stack,
                call_stack_features: self.call_stack_features,
                perf_profiling: self.enable_perf_profiling,
                memory_profiling: self.enable_memory_profiling,
                linux_perf: self.enable_linux_perf,
            },
            debug_info: self.debug_info.is_some(),
            profile: ProfileOptions {
                counting: self.enable_llvm_pgo,
                // The command reads the file.
                counts: None,
            },
            threads: self.threads,
        }
    }
}

/// Returns the help of a command that is called by `name`.
pub(super) fn help(name: &str) -> String {
    Arguments::command()
        .override_usage(format!("{name} [OPTIONS] -o <OUTPUT> <INPUT>"))
        .render_long_help()
        .to_string()
}

/// Reports whether an option of LLVM asks for literals in the text. Espressif's version of LLVM has it for Xtensa,
/// and WAMR's test driver passes it. In our Xtensa code, literals are always in the text.
fn is_for_literals_in_text(option: &str) -> bool {
    option.trim_start_matches('-') == "mtext-section-literals"
}

/// Clap knows long options by two dashes only; `wamrc` spells one with a single dash.
fn with_two_dashes(argument: OsString) -> OsString {
    if argument == "-sgx" {
        return "--sgx".into();
    }
    argument
}

/// `error` with an option as a tip only if it is a typing error away from what was written: `clap`
/// also proposes options that just begin alike.
fn with_near_tip(mut error: clap::Error) -> clap::Error {
    if error.kind() != ErrorKind::UnknownArgument {
        return error;
    }
    error.remove(ContextKind::SuggestedArg);
    let Some(ContextValue::String(written)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let command = Arguments::command();
    let options: Vec<String> = command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set())
        .filter_map(|argument| Some(format!("--{}", argument.get_long()?)))
        .collect();
    if let Some(option) = nearest(written, options.iter().map(String::as_str)) {
        let option = ContextValue::String(option.to_owned());
        error.insert(ContextKind::SuggestedArg, option);
    }
    error
}

/// The first of `arguments` that is an option of `wamrc` only.
fn not_supported(arguments: &[OsString]) -> Option<&'static str> {
    arguments
        .iter()
        .skip(1)
        .map_while(|argument| argument.to_str().filter(|argument| *argument != "--"))
        .find_map(|argument| {
            let name = argument.split_once('=').map_or(argument, |(name, _)| name);
            NOT_SUPPORTED.iter().copied().find(|option| *option == name)
        })
}

#[cfg(test)]
mod compatibility;
#[cfg(test)]
mod tests;

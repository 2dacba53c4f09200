//! The options of the compiler, as a program or the command line sets them.

use std::fmt;
use std::num::NonZeroUsize;
use std::path::PathBuf;

pub use runtime_intrinsics::Selection;

/// All options of one compilation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    pub target: TargetOptions,
    pub opt_level: OptLevel,
    /// Software bounds checks of memory accesses; `None` takes the target's default.
    pub bounds_checks: Option<bool>,
    /// After a trap, memory, globals and tables hold what the program has written so far, and traps come in
    /// the program's order. Software bounds checks always guarantee this; with hardware bounds checks it
    /// makes code slower (docs/performance.md).
    pub exact_memory: bool,
    /// The host's shared heaps that code accesses like linear memory.
    pub shared_heaps: SharedHeaps,
    /// The accesses of linear memory that use the segment register GS; only for x86-64 Linux.
    pub segue: Segue,
    /// Software checks of the native stack; `None` follows `bounds_checks`.
    pub stack_bounds_checks: Option<bool>,
    /// How far a memory may grow that is not the first or that has pages of one byte, in bytes; `None` takes the
    /// target's default. Such a memory may always keep its initial size.
    pub memory_growth_limit: Option<u64>,
    /// How the runtime sees memories and tables with 64-bit addresses; `None` lowers them.
    pub memory64: Option<Memory64>,
    /// Ends linear memory at `__heap_base` if the module cannot use more; `None` does so for targets without
    /// an operating system.
    pub shrink_memory: Option<bool>,
    pub features: Features,
    /// Operators of relaxed SIMD have the results of the specification's deterministic profile, which are the
    /// same on every processor. Otherwise they have the results that the processor computes fastest
    /// (docs/proposals.md).
    pub deterministic_relaxed_simd: bool,
    /// Checks the C stack inside linear memory if the module has one.
    pub aux_stack_check: bool,
    pub llvm: LlvmOptions,
    pub runtime: RuntimeOptions,
    pub format: OutputFormat,
    /// The version of the AOT format, if the output is an AOT file.
    pub aot_version: FormatVersion,
    /// Whether the runtime is built with extended constant expressions. They are evaluated as far as the compiler
    /// knows the values, so only one that depends on an imported global needs such a runtime. `None`: the
    /// compilation warns of it ([`crate::Warning::ExtendedConstAtRunTime`]); `false`: it fails.
    pub runtime_extended_const: Option<bool>,
    /// Names of custom sections to carry over into the `.aot` file (`name` included).
    pub custom_sections: Vec<String>,
    /// Native functions of the host, which code calls directly if the runtime has linked functions with these
    /// signatures. Of two with one name, the later counts. The runtime's own functions need no mention.
    pub native_functions: Vec<NativeFunction>,
    /// Makes debug information ([`crate::Artifact::debug_info`]); only for AOT files.
    pub debug_info: bool,
    /// Reports the stack that each function uses ([`crate::Artifact::stack_usage`]).
    pub stack_usage: bool,
    pub diagnostics: DiagnosticsOptions,
    pub profile: ProfileOptions,
    /// Number of worker threads; `None` takes one per core. The number never changes the output.
    pub threads: Option<NonZeroUsize>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            target: TargetOptions::default(),
            opt_level: OptLevel::O3,
            bounds_checks: None,
            exact_memory: false,
            shared_heaps: SharedHeaps::None,
            segue: Segue::NONE,
            stack_bounds_checks: None,
            memory_growth_limit: None,
            memory64: None,
            shrink_memory: None,
            features: Features::default(),
            deterministic_relaxed_simd: false,
            aux_stack_check: true,
            llvm: LlvmOptions::default(),
            runtime: RuntimeOptions::default(),
            format: OutputFormat::Aot,
            aot_version: FormatVersion::default(),
            runtime_extended_const: None,
            custom_sections: Vec::new(),
            native_functions: Vec::new(),
            debug_info: false,
            stack_usage: false,
            diagnostics: DiagnosticsOptions::default(),
            profile: ProfileOptions::default(),
            threads: None,
        }
    }
}

/// Profiles of the program, for code that is fast where it is executed most.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProfileOptions {
    /// Code counts how often functions and branches are executed. A runtime with `WAMR_BUILD_STATIC_PGO` writes the
    /// counts down.
    pub counting: bool,
    /// A file with counts: a raw profile as WAMR writes it, or an indexed profile as `llvm-profdata merge` writes
    /// it.
    pub counts: Option<Vec<u8>>,
}

/// What compiled code lets the runtime, or a tool of the system, see of its calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DiagnosticsOptions {
    /// Code keeps a stack of frames, which the runtime prints after a trap.
    pub call_stack: bool,
    /// The contents of these frames; `None` is all of it. No effect without `call_stack`.
    pub call_stack_features: Option<CallStackFeatures>,
    /// The runtime counts calls of each function and measures their time.
    pub perf_profiling: bool,
    /// Code notes the lowest address that the native stack reaches.
    pub memory_profiling: bool,
    /// Bodies keep frame pointers, and lie in the text as the runtime's map for Linux perf assumes.
    pub linux_perf: bool,
}

/// The contents of a frame in the stack of calls (`--call-stack-features` of `wamrc`).
///
/// Two names of `wamrc` have no field: every frame is checked against the end of the frame stack, and no
/// runtime prints the values of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallStackFeatures {
    /// The offset of the call, for the frames that wait for the end of a call.
    pub ip: bool,
    /// The offset of the instruction that has raised an exception.
    pub trap_ip: bool,
    /// The index of the function.
    pub func_idx: bool,
}

impl Default for CallStackFeatures {
    fn default() -> Self {
        CallStackFeatures {
            ip: true,
            trap_ip: true,
            func_idx: true,
        }
    }
}

/// Options about LLVM, to examine the code or to work around a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LlvmOptions {
    /// LLVM may compile `br_table` to a jump through a table of addresses.
    pub jump_tables: bool,
    /// Functions may be inlined into functions of other partitions.
    pub inline_across_partitions: bool,
    /// Passes to run before LLVM's pipeline, in the syntax of `opt -passes=`.
    pub passes: Option<String>,
    /// The compiler that generates code instead of LLVM.
    pub external: Option<ExternalCompiler>,
}

/// A compiler that makes objects of the modules that LLVM has optimised.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExternalCompiler {
    pub input: ExternalInput,
    /// The command to execute, with `flags`, `-o`, the object and the input.
    pub program: PathBuf,
    pub flags: Vec<String>,
}

/// The form in which an external compiler gets a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExternalInput {
    /// LLVM's bitcode. The compiler has to know the version of LLVM, and `-fstack-usage`.
    Bitcode,
    /// Assembly of the target.
    Assembly,
}

impl Default for LlvmOptions {
    fn default() -> Self {
        LlvmOptions {
            jump_tables: true,
            inline_across_partitions: true,
            passes: None,
            external: None,
        }
    }
}

/// How the runtime sees memories and tables with 64-bit addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Memory64 {
    /// As memories with 32-bit addresses, of at most 4 GiB, and as tables with 32-bit indices. Every runtime
    /// has these.
    #[default]
    Lowered,
    /// As they are. The runtime needs `WAMR_BUILD_MEMORY64`.
    Native,
}

/// Which heaps of the host code accesses, at the end of the 32-bit addresses. The runtime needs
/// `WAMR_BUILD_SHARED_HEAP` to attach one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum SharedHeaps {
    /// All addresses belong to linear memory.
    #[default]
    None,
    /// The heap that is attached to the instance.
    One,
    /// A chain of heaps.
    Chain,
}

/// The accesses of linear memory that take its base from the segment register GS, by the type of the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Segue {
    pub loads: AccessTypes,
    pub stores: AccessTypes,
}

/// Types of the values of accesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct AccessTypes {
    /// Integers of at most four bytes.
    pub i32: bool,
    /// Integers of eight bytes.
    pub i64: bool,
    pub f32: bool,
    pub f64: bool,
    /// Vectors, also those that LLVM makes of other accesses.
    pub v128: bool,
}

impl Segue {
    pub const NONE: Segue = Segue {
        loads: AccessTypes::NONE,
        stores: AccessTypes::NONE,
    };

    pub const ALL: Segue = Segue {
        loads: AccessTypes::ALL,
        stores: AccessTypes::ALL,
    };
}

impl AccessTypes {
    pub const NONE: AccessTypes = AccessTypes::every(false);
    pub const ALL: AccessTypes = AccessTypes::every(true);

    const fn every(value: bool) -> AccessTypes {
        AccessTypes {
            i32: value,
            i64: value,
            f32: value,
            f64: value,
            v128: value,
        }
    }
}

/// A native function as a host registers it (`NativeSymbol` in WAMR's `wasm_export.h`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NativeFunction {
    /// The name of the module that imports name.
    pub module: String,
    pub name: String,
    /// The types of parameters and results, as in `"(i*~)i"`.
    pub signature: String,
}

/// How code and runtime work together. `--xip` sets the first two options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RuntimeOptions {
    /// Code calls the runtime's functions through a table, so that it can be executed in place.
    pub indirect_mode: bool,
    /// Functions of the runtime replace operations that the processor lacks.
    pub disable_llvm_intrinsics: bool,
    /// Further operations that they replace, if `disable_llvm_intrinsics` is set.
    pub builtin_intrinsics: Option<Selection>,
    /// In indirect mode, leaves relocations in the text instead of rejecting the module.
    pub allow_text_relocations: bool,
    /// Code calls functions that the host has linked through the `wasm_c_api` without `aot_invoke_native`.
    pub c_api_imports: bool,
}

/// The target of the code. Each field that is not set takes the host's value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TargetOptions {
    /// An architecture: a name of `wamrc` (`x86_64`, `thumbv7em`), a name of Rust with extensions
    /// (`riscv32imac`), or a full triple.
    pub arch: Option<String>,
    pub abi: Option<String>,
    /// An LLVM processor name, a chip (`esp32c6`), or `native`.
    pub cpu: Option<String>,
    /// `+feature,-feature`, in LLVM's spelling.
    pub cpu_features: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OptLevel {
    O0,
    O1,
    O2,
    O3,
    /// Optimises for size: vectorises no loop, unrolls and inlines little.
    Os,
    /// Optimises for the smallest size, at the cost of speed.
    Oz,
}

/// Prints the level as the command line spells it.
impl fmt::Display for OptLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OptLevel::O0 => "0",
            OptLevel::O1 => "1",
            OptLevel::O2 => "2",
            OptLevel::O3 => "3",
            OptLevel::Os => "s",
            OptLevel::Oz => "z",
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputFormat {
    Aot,
    Object,
    LlvmIrUnoptimized,
    LlvmIrOptimized,
}

/// Version of the AOT format (`AOT_CURRENT_VERSION` in `core/config.h`). A runtime loads only files of its
/// own version. The other bytes are equal in both versions: version 6 came with a changed structure of the
/// runtime that compiled code does not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u32)]
pub enum FormatVersion {
    /// WAMR-2.4.3 to WAMR-2.4.5.
    V5 = 5,
    /// Sources after these releases, as in the package `wamrx-sys` 0.3.0.
    #[default]
    V6 = 6,
}

/// A WebAssembly proposal that [`Features`] turns on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Proposal {
    BulkMemory,
    BulkMemoryOpt,
    ReferenceTypes,
    CallIndirectOverlong,
    Simd,
    RelaxedSimd,
    WideArithmetic,
    FunctionReferences,
    TailCall,
    ExtendedConst,
    Threads,
    Exceptions,
    LegacyExceptions,
    Memory64,
    MultiMemory,
    CustomPageSizes,
}

impl Features {
    /// Reports whether `proposal` is on.
    pub fn has(&self, proposal: Proposal) -> bool {
        match proposal {
            Proposal::BulkMemory => self.bulk_memory,
            Proposal::BulkMemoryOpt => self.bulk_memory_opt,
            Proposal::ReferenceTypes => self.reference_types,
            Proposal::CallIndirectOverlong => self.call_indirect_overlong,
            Proposal::Simd => self.simd,
            Proposal::RelaxedSimd => self.simd && self.relaxed_simd,
            Proposal::WideArithmetic => self.wide_arithmetic,
            Proposal::FunctionReferences => self.reference_types && self.function_references,
            Proposal::TailCall => self.tail_call,
            Proposal::ExtendedConst => self.extended_const,
            Proposal::Threads => self.threads,
            Proposal::Exceptions => self.exceptions,
            Proposal::LegacyExceptions => self.legacy_exceptions,
            Proposal::Memory64 => self.memory64,
            Proposal::MultiMemory => self.multi_memory,
            Proposal::CustomPageSizes => self.custom_page_sizes,
        }
    }
}

/// The WebAssembly proposals that a module may use. MVP, sign extension, saturating truncation,
/// multi-value and mutable globals are always on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Features {
    pub bulk_memory: bool,
    /// `memory.copy` and `memory.fill`, even if `bulk_memory` is off.
    pub bulk_memory_opt: bool,
    pub reference_types: bool,
    /// Table indices of several bytes in `call_indirect`, even if `reference_types` is off.
    pub call_indirect_overlong: bool,
    pub simd: bool,
    /// Vector operators whose result depends on the processor. Without effect if `simd` is off.
    pub relaxed_simd: bool,
    /// Sums, differences and products of 128 bits.
    pub wide_arithmetic: bool,
    /// References to functions of one type, which `call_ref` calls. Without effect if `reference_types` is off.
    pub function_references: bool,
    pub tail_call: bool,
    pub extended_const: bool,
    /// Shared memory and atomics.
    pub threads: bool,
    /// Tags, `throw`, `try_table` and exception references.
    pub exceptions: bool,
    /// `try`, `catch`, `rethrow` and `delegate`. Without effect if `exceptions` is off: they need tags.
    pub legacy_exceptions: bool,
    /// Memories and tables with 64-bit addresses.
    pub memory64: bool,
    /// Several memories in a module.
    pub multi_memory: bool,
    /// Memories with pages of one byte.
    pub custom_page_sizes: bool,
}

impl Features {
    /// Everything that a file needs no switch of the runtime for.
    pub const DEFAULT: Features = Features {
        bulk_memory: true,
        bulk_memory_opt: false,
        reference_types: true,
        call_indirect_overlong: false,
        simd: true,
        relaxed_simd: true,
        wide_arithmetic: true,
        function_references: true,
        tail_call: true,
        extended_const: true,
        threads: false,
        exceptions: true,
        legacy_exceptions: true,
        memory64: true,
        multi_memory: true,
        custom_page_sizes: true,
    };
}

impl Default for Features {
    fn default() -> Self {
        Features::DEFAULT
    }
}

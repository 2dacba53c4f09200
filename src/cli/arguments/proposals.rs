//! The options that turn proposals of WebAssembly on and off.
//!
//! Everything that needs no switch of the runtime is on. Each proposal has a pair of options; whoever gives both
//! of a pair is told so. Those that only say the default are hidden from the help.

use clap::Args;

use crate::options::Features;

#[derive(Debug, Args)]
pub(super) struct Proposals {
    /// Refuse modules that use bulk memory operations
    #[arg(long)]
    disable_bulk_memory: bool,

    /// The default
    #[arg(long, hide = true, conflicts_with = "disable_bulk_memory")]
    enable_bulk_memory: bool,

    /// Allow `memory.copy` and `memory.fill` even with --disable-bulk-memory
    #[arg(long)]
    enable_bulk_memory_opt: bool,

    /// Refuse modules that use reference types
    #[arg(long)]
    disable_ref_types: bool,

    /// The default
    #[arg(long, hide = true, conflicts_with = "disable_ref_types")]
    enable_ref_types: bool,

    /// Allow table indices of several bytes in `call_indirect` even with --disable-ref-types
    #[arg(long)]
    enable_call_indirect_overlong: bool,

    /// Refuse modules that use 128-bit SIMD, relaxed or not
    #[arg(long)]
    disable_simd: bool,

    /// For old build files: 128-bit SIMD is on by default
    #[arg(long, hide = true, overrides_with = "disable_simd")]
    enable_simd: bool,

    /// Refuse modules that use relaxed SIMD
    #[arg(long)]
    disable_relaxed_simd: bool,

    /// The default
    #[arg(long, hide = true, conflicts_with = "disable_relaxed_simd")]
    enable_relaxed_simd: bool,

    /// Refuse modules that use wide arithmetic (`i64.add128`, `i64.mul_wide_u` and the like)
    #[arg(long)]
    disable_wide_arithmetic: bool,

    /// The default
    #[arg(long, hide = true, conflicts_with = "disable_wide_arithmetic")]
    enable_wide_arithmetic: bool,

    /// Refuse modules that use references to functions of one type (`call_ref` and the like)
    #[arg(long)]
    disable_function_references: bool,

    /// The default
    #[arg(long, hide = true, conflicts_with = "disable_function_references")]
    enable_function_references: bool,

    /// Refuse modules that use exception handling, in either form
    #[arg(long)]
    disable_exception_handling: bool,

    /// The default
    #[arg(long, hide = true, conflicts_with = "disable_exception_handling")]
    enable_exception_handling: bool,

    /// Refuse modules that use the legacy form of exception handling (`try`, `catch`, `rethrow`)
    #[arg(long)]
    disable_legacy_exceptions: bool,

    /// The default
    #[arg(long, hide = true, conflicts_with = "disable_legacy_exceptions")]
    enable_legacy_exceptions: bool,

    /// Refuse modules with more than one memory
    #[arg(long)]
    disable_multi_memory: bool,

    /// The default
    #[arg(long, hide = true, conflicts_with = "disable_multi_memory")]
    enable_multi_memory: bool,

    /// Refuse modules that use memories or tables with 64-bit addresses
    #[arg(long)]
    disable_memory64: bool,

    /// The default
    #[arg(long, hide = true, conflicts_with = "disable_memory64")]
    enable_memory64: bool,

    /// Refuse modules that have a memory with pages of one byte
    #[arg(long)]
    disable_custom_page_sizes: bool,

    /// The default
    #[arg(long, hide = true, conflicts_with = "disable_custom_page_sizes")]
    enable_custom_page_sizes: bool,

    /// Refuse modules that use tail calls
    #[arg(long)]
    disable_tail_call: bool,

    /// The default
    #[arg(long, hide = true, conflicts_with = "disable_tail_call")]
    enable_tail_call: bool,

    /// Refuse modules that use extended constant expressions
    #[arg(long)]
    disable_extended_const: bool,

    /// The runtime evaluates extended constant expressions: it is built with WAMR_BUILD_EXTENDED_CONST_EXPR. Only
    /// expressions with imported globals need that
    #[arg(long, conflicts_with = "disable_extended_const")]
    enable_extended_const: bool,

    /// What the Lime1 CPU adds to WebAssembly 1.0, even with --disable-bulk-memory and --disable-ref-types:
    /// --enable-bulk-memory-opt, --enable-call-indirect-overlong and --enable-extended-const
    #[arg(long, conflicts_with = "disable_extended_const")]
    enable_lime1: bool,

    /// Allow shared memory and atomics, which need a runtime with threads; turns on bulk memory operations, too
    #[arg(long)]
    enable_multi_thread: bool,

    /// The default
    #[arg(long, hide = true, conflicts_with = "enable_multi_thread")]
    disable_multi_thread: bool,
}

impl Proposals {
    /// Reports whether an option says that the runtime has extended constant expressions.
    pub fn asks_for_extended_const(&self) -> bool {
        self.enable_extended_const || self.enable_lime1
    }

    /// Returns the proposals that are on. Options that say the default change nothing.
    pub fn features(&self) -> Features {
        Features {
            bulk_memory: !self.disable_bulk_memory || self.enable_multi_thread,
            bulk_memory_opt: self.enable_bulk_memory_opt || self.enable_lime1,
            reference_types: !self.disable_ref_types,
            call_indirect_overlong: self.enable_call_indirect_overlong || self.enable_lime1,
            simd: !self.disable_simd,
            relaxed_simd: !self.disable_relaxed_simd,
            wide_arithmetic: !self.disable_wide_arithmetic,
            function_references: !self.disable_function_references,
            tail_call: !self.disable_tail_call,
            extended_const: !self.disable_extended_const,
            threads: self.enable_multi_thread,
            exceptions: !self.disable_exception_handling,
            legacy_exceptions: !self.disable_legacy_exceptions,
            memory64: !self.disable_memory64,
            multi_memory: !self.disable_multi_memory,
            custom_page_sizes: !self.disable_custom_page_sizes,
        }
    }
}

//! The rows of the tables, in words for users.

use super::{Better, Cost, Refused, Same};

/// Options that do the same as in `wamrc`.
pub(super) const SAME: &[Same] = &[
    same("--stack-bounds-checks", "golden::emitted_ir_is_as_expected"),
    same(
        "--disable-bulk-memory",
        "src/wasm/tests::proposals_that_an_option_turns_off",
    ),
    same(
        "--enable-bulk-memory-opt",
        "src/wasm/tests::parts_of_proposals_that_options_leave_on",
    ),
    same(
        "--disable-ref-types",
        "src/wasm/tests::proposals_that_an_option_turns_off",
    ),
    same(
        "--enable-call-indirect-overlong",
        "src/wasm/tests::parts_of_proposals_that_options_leave_on",
    ),
    same(
        "--disable-simd",
        "src/wasm/tests::proposals_that_an_option_turns_off",
    ),
    same(
        "--enable-lime1",
        "src/cli/arguments::lime1_is_three_options",
    ),
    same(
        "--disable-aux-stack-check",
        "differences::the_c_stack_is_checked_unless_turned_off",
    ),
    same(
        "--disable-llvm-jump-tables",
        "llvm_options::switches_become_comparisons_without_jump_tables",
    ),
    same("--mllvm", "llvm_options::options_reach_llvm"),
    same("--enable-shared-heap", "shared_heap::one_heap"),
    same("--sgx", "llvm_options::code_for_an_enclave_checks_bounds"),
    same(
        "--emit-custom-sections",
        "src/aot/tests::custom_sections_are_carried_over_on_request",
    ),
    same(
        "--enable-memory-profiling",
        "call_stacks::the_stack_is_measured",
    ),
    same(
        "--enable-perf-profiling",
        "call_stacks::profiles_count_calls",
    ),
    same(
        "--enable-linux-perf",
        "call_stacks::linux_perf_finds_the_functions",
    ),
    same("-v", "cli::verbosity_shows_the_phases"),
    same(
        "--llvm-version",
        "llvm_options::the_version_of_llvm_is_printed",
    ),
];

/// Options that do more than in `wamrc`, or that `wamrc` lacks.
pub(super) const BETTER: &[Better] = &[
    Better {
        option: "-o",
        wamrc: "may leave a broken file",
        here: "the file is complete, or stays as it was",
        test: "cli::a_failure_keeps_the_existing_output",
    },
    Better {
        option: "--target",
        wamrc: "knows few names",
        here: "also aliases, triples of other tools, chips ([targets.md](targets.md#names))",
        test: "src/targets/tests::triples_of_other_tools",
    },
    Better {
        option: "--target-abi",
        wamrc: "`ilp32f` and `lp64f` are soft-float",
        here: "the named ABI; refused if the CPU cannot have it",
        test: "src/targets/tests::hard_float_needs_a_unit",
    },
    Better {
        option: "--cpu",
        wamrc: "needs `--target`; ignored with a triple",
        here: "always in effect; also names of chips, and `native`",
        test: "src/targets/tests::the_processor_of_this_machine_by_name",
    },
    Better {
        option: "--cpu-features",
        wamrc: "LLVM ignores unknown names",
        here: "GNU names work; unknown names are refused",
        test: "src/targets/tests::options_of_the_test_driver",
    },
    Better {
        option: "--opt-level",
        wamrc: "0 to 3; text is 0",
        here: "also `s` and `z` for size; text is wrong usage",
        test: "cli::wrong_usage",
    },
    Better {
        option: "--size-level",
        wamrc: "sets the code model",
        here: "a warning: the small model reaches everything",
        test: "cli::under_the_name_of_wamrc",
    },
    Better {
        option: "--bounds-checks",
        wamrc: "0 loses some traps",
        here: "no trap is lost, with either value",
        test: "exactness::loads_trap_whatever_becomes_of_their_use",
    },
    Better {
        option: "--exact-memory",
        wamrc: "not known",
        here: "memory after a trap is what the program has made of it",
        test: "exact_memory::a_store_that_a_later_one_overwrites",
    },
    Better {
        option: "--enable-shared-chain",
        wamrc: "also turns on `--bounds-checks=1`",
        here: "keeps the target's bounds checks",
        test: "shared_heap::a_chain_of_heaps",
    },
    Better {
        option: "--enable-segue",
        wamrc: "needs a runtime that writes GS; wrong after some imports",
        here: "needs no switch of the runtime ([below](#the-segment-register))",
        test: "segue::imports_may_run_other_instances",
    },
    Better {
        option: "--shrink-memory",
        wamrc: "fixed when `wamrc` is built",
        here: "an option; on for targets without an operating system ([below](#the-size-of-memory))",
        test: "memory_size::memory_ends_at_the_heap_base",
    },
    Better {
        option: "--format",
        wamrc: "an object of indirect code lacks its table",
        here: "that combination is refused",
        test: "xip::an_object_file_has_no_table",
    },
    Better {
        option: "--aot-version",
        wamrc: "not known",
        here: "files for WAMR-2.4.3 to 2.4.5, too",
        test: "cli::the_aot_version_is_the_one_asked_for",
    },
    Better {
        option: "--disable-exception-handling",
        wamrc: "exceptions are always refused",
        here: "exceptions work, unless turned off",
        test: "exceptions::each_form_can_be_off",
    },
    Better {
        option: "--disable-legacy-exceptions",
        wamrc: "exceptions are always refused",
        here: "the older form works, unless turned off",
        test: "exceptions::each_form_can_be_off",
    },
    Better {
        option: "--disable-tail-call",
        wamrc: "off by default",
        here: "on, unless turned off",
        test: "src/wasm/tests::proposals_that_an_option_turns_off",
    },
    Better {
        option: "--enable-extended-const",
        wamrc: "allows the expressions",
        here: "only says that the runtime evaluates them; the compiler does where it can",
        test: "src/cli/arguments::runtimes_have_their_version_of_the_format",
    },
    Better {
        option: "--disable-extended-const",
        wamrc: "off by default",
        here: "on, unless turned off",
        test: "src/wasm/tests::proposals_that_an_option_turns_off",
    },
    Better {
        option: "--disable-relaxed-simd",
        wamrc: "relaxed SIMD is always refused",
        here: "it works, unless turned off",
        test: "src/wasm/tests::relaxed_simd_needs_simd",
    },
    Better {
        option: "--relaxed-simd-deterministic",
        wamrc: "not known",
        here: "the same results on every CPU",
        test: "relaxed_simd::results_follow_the_processor",
    },
    Better {
        option: "--disable-wide-arithmetic",
        wamrc: "wide arithmetic is always refused",
        here: "it works, unless turned off",
        test: "src/wasm/tests::proposals_that_an_option_turns_off",
    },
    Better {
        option: "--disable-function-references",
        wamrc: "only with garbage collection",
        here: "they work, unless turned off",
        test: "src/wasm/tests::typed_function_references_need_reference_types",
    },
    Better {
        option: "--runtime",
        wamrc: "not known",
        here: "files for a release of WAMR",
        test: "src/cli/arguments::runtimes_have_their_version_of_the_format",
    },
    Better {
        option: "--disable-multi-memory",
        wamrc: "several memories are always refused",
        here: "they work, unless turned off ([memories.md](memories.md))",
        test: "src/wasm/tests::proposals_that_an_option_turns_off",
    },
    Better {
        option: "--disable-memory64",
        wamrc: "64-bit addresses need a runtime built for them",
        here: "they work on every runtime, unless turned off ([memories.md](memories.md))",
        test: "src/wasm/tests::proposals_that_an_option_turns_off",
    },
    Better {
        option: "--disable-custom-page-sizes",
        wamrc: "pages of one byte are always refused",
        here: "they work, unless turned off ([memories.md](memories.md))",
        test: "src/wasm/tests::proposals_that_an_option_turns_off",
    },
    Better {
        option: "--memory64",
        wamrc: "always native",
        here: "lowered or native; native under the name `wamrc`",
        test: "cli::addresses_of_64_bits_are_lowered_unless_asked_otherwise",
    },
    Better {
        option: "--memory-growth-limit",
        wamrc: "one memory",
        here: "how far a memory grows that is not the first, or has pages of one byte",
        test: "memories::the_limit_of_growth",
    },
    Better {
        option: "--enable-tail-call",
        wamrc: "a call and a return",
        here: "constant stack",
        test: "exactness::tail_calls_pass_parameters_on_the_stack",
    },
    Better {
        option: "--enable-multi-thread",
        wamrc: "every file needs a runtime with threads",
        here: "only files that share memory do",
        test: "src/aot/tests::features_are_those_in_use",
    },
    Better {
        option: "--disable-llvm-lto",
        wamrc: "another LLVM pipeline",
        here: "no inlining across the partitions of a large module",
        test: "llvm_options::functions_of_other_partitions_are_called_without_lto",
    },
    Better {
        option: "--enable-llvm-passes",
        wamrc: "a wrong name ends the process; may lose traps",
        here: "a wrong name is an error; traps stay",
        test: "llvm_options::extra_passes_keep_traps",
    },
    Better {
        option: "--enable-indirect-mode",
        wamrc: "calls inside the module go through a table",
        here: "only calls of the runtime do",
        test: "xip::functions_of_the_module_are_called_directly",
    },
    Better {
        option: "--disable-llvm-intrinsics",
        wamrc: "a list of CPU names decides",
        here: "the runtime does the operations that the CPU lacks",
        test: "xip::by_default_the_runtime_does_what_the_processor_cannot",
    },
    Better {
        option: "--xip",
        wamrc: "references to constants are left to the loader",
        here: "none is left ([xip.md](xip.md))",
        test: "src/pipeline::no_target_leaves_relocations_in_place",
    },
    Better {
        option: "--enable-builtin-intrinsics",
        wamrc: "ignores unknown names",
        here: "unknown names are wrong usage",
        test: "src/cli/arguments::an_unknown_intrinsic_is_told_what_there_is",
    },
    Better {
        option: "--allow-text-relocations",
        wamrc: "always so, silently",
        here: "a reference that is left is an error, or a warning with the option",
        test: "xip::a_relocation_that_is_left_is_refused_or_allowed",
    },
    Better {
        option: "--invoke-c-api-import",
        wamrc: "crashes on other hosts",
        here: "safe on every host; also several results",
        test: "c_api::functions_of_the_c_api_are_called",
    },
    Better {
        option: "--native-lib",
        wamrc: "only warns if the library does not load",
        here: "an error ([native-calls.md](native-calls.md))",
        test: "native_calls::native_libraries_are_asked_for_signatures",
    },
    Better {
        option: "--stack-usage",
        wamrc: "two kinds of names",
        here: "one line for each function, as `aot_func#N`",
        test: "llvm_options::stack_usage_is_as_llvm_tells_it",
    },
    Better {
        option: "--enable-dump-call-stack",
        wamrc: "names need another option; crashes a runtime without frames",
        here: "names are in the file; such a runtime refuses it ([call-stacks.md](call-stacks.md))",
        test: "call_stacks::a_runtime_without_frames_refuses_the_file",
    },
    Better {
        option: "--call-stack-features",
        wamrc: "without `bounds-checks`, frames can overflow",
        here: "always checked",
        test: "call_stacks::frames_never_pass_the_end_of_their_stack",
    },
    Better {
        option: "--enable-llvm-pgo",
        wamrc: "counters fit one set of options",
        here: "counters belong to instructions of the module ([profiles.md](profiles.md))",
        test: "profiles::every_way_is_counted",
    },
    Better {
        option: "--use-prof-file",
        wamrc: "`llvm-profdata` has to convert the file; another module's has no effect",
        here: "also the runtime's own file; another module's is noticed ([profiles.md](profiles.md))",
        test: "profiles::llvm_gets_the_counts",
    },
    Better {
        option: "--debug-info",
        wamrc: "needs a build with `WAMR_BUILD_DEBUG_AOT`",
        here: "a file for GDB and for crash logs ([debugging.md](debugging.md))",
        test: "debugger::gdb/breakpoint-step-backtrace",
    },
    Better {
        option: "--depfile",
        wamrc: "not known",
        here: "a rule of Make with the files that the output depends on",
        test: "build_systems::make_follows_dependencies",
    },
    Better {
        option: "--if-changed",
        wamrc: "not known",
        here: "an output that is right already stays untouched",
        test: "build_systems::an_equal_output_stays_untouched",
    },
    Better {
        option: "--threads",
        wamrc: "one core",
        here: "all cores; the same bytes for any number",
        test: "determinism::output_does_not_depend_on_threads",
    },
];

/// Options and values of `wamrc` that Wasmelt refuses.
pub(super) const NOT_SUPPORTED_ROWS: &[Refused] = &[
    Refused {
        option: "--enable-gc",
        reason: "not written yet",
        instead: "`wamrc`",
        test: "src/cli/arguments::what_wamrc_alone_can_do_is_refused",
    },
    Refused {
        option: "--target-abi=msvc",
        reason: "code for Windows would lose traps ([targets.md](targets.md))",
        instead: "run the `.aot` file on Linux",
        test: "src/targets/tests::systems",
    },
    Refused {
        option: "--target=arc",
        reason: "LLVM has no code generator for it",
        instead: "WAMR's interpreter",
        test: "src/targets/tests::refusals",
    },
];

/// What options cost. The sizes of code are those of WAMR's CoreMark for x86-64 at level 3.
pub(super) const COSTS: &[Cost] = &[
    Cost {
        option: "--bounds-checks=1",
        price: "code 1.37 times as large",
        test: "exactness::loads_trap_whatever_becomes_of_their_use",
    },
    Cost {
        option: "--stack-bounds-checks=1",
        price: "code 1.14 times as large",
        test: "programs::exhausts",
    },
    Cost {
        option: "--exact-memory",
        price: "1.11 times the run time on the mean: no loop with stores is vectorised ([figures](performance.md#exact-memory))",
        test: "exact_memory::stores_of_a_loop_that_can_be_vectorised",
    },
    Cost {
        option: "--enable-shared-heap",
        price: "code 2.0 times as large: each access looks where its address lies",
        test: "shared_heap::one_heap",
    },
    Cost {
        option: "--enable-shared-chain",
        price: "code 5.4 times as large; the runtime looks up each access outside the first heap",
        test: "shared_heap::a_chain_of_heaps",
    },
    Cost {
        option: "--enable-dump-call-stack",
        price: "1.05 times the instructions and 1.17 times the bytes on the mean ([figures](performance.md#call-stacks))",
        test: "call_stacks::a_trap_shows_the_calls_that_led_to_it",
    },
    Cost {
        option: "--enable-perf-profiling",
        price: "code 1.25 times as large; the runtime takes the time of each call",
        test: "call_stacks::profiles_count_calls",
    },
    Cost {
        option: "--enable-memory-profiling",
        price: "code 1.26 times as large",
        test: "call_stacks::the_stack_is_measured",
    },
    Cost {
        option: "--enable-linux-perf",
        price: "code 1.09 times as large, one register less",
        test: "call_stacks::linux_perf_finds_the_functions",
    },
    Cost {
        option: "--disable-llvm-jump-tables",
        price: "code 1.01 times as large; a switch compares",
        test: "llvm_options::switches_become_comparisons_without_jump_tables",
    },
    Cost {
        option: "--xip",
        price: "code 1.01 times as large; operations that the CPU lacks are calls",
        test: "xip::by_default_the_runtime_does_what_the_processor_cannot",
    },
    Cost {
        option: "--shrink-memory=off",
        price: "memory of 64 KiB or more where 4 KiB would do",
        test: "memory_size::firmware_gets_the_small_memory",
    },
];

const fn same(option: &'static str, test: &'static str) -> Same {
    Same { option, test }
}

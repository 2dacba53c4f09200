//! What options mean, and which are wrong usage.

use super::*;
use crate::options::Features;

fn read(arguments: &[&str]) -> Result<Job, clap::Error> {
    Arguments::read(
        ["wasmelt"]
            .iter()
            .chain(arguments)
            .map(|argument| OsString::from(*argument)),
    )
}

fn options(arguments: &[&str]) -> Options {
    let all: Vec<&str> = arguments
        .iter()
        .copied()
        .chain(["-o", "a.aot", "a.wasm"])
        .collect();
    match read(&all) {
        Ok(Job::Compile { options, .. }) => *options,
        other => panic!("{arguments:?}: {other:?}"),
    }
}

#[test]
fn declarations_are_consistent() {
    Arguments::command().debug_assert();
}

#[test]
fn no_option_gives_the_defaults_of_the_library() {
    assert_eq!(options(&[]), Options::default());
}

#[test]
fn every_option_arrives() {
    let given = options(&[
        "--target=x86_64",
        "--target-abi=gnu",
        "--cpu=haswell",
        "--cpu-features=-fma,+avx2",
        "--opt-level=1",
        "--bounds-checks=1",
        "--exact-memory",
        "--stack-bounds-checks=0",
        "--enable-shared-heap",
        "--shrink-memory=on",
        "--memory-growth-limit=77",
        "--memory64=native",
        "--disable-memory64",
        "--disable-multi-memory",
        "--disable-custom-page-sizes",
        "--format=object",
        "--aot-version=5",
        "--disable-bulk-memory",
        "--enable-bulk-memory-opt",
        "--disable-ref-types",
        "--enable-call-indirect-overlong",
        "--disable-simd",
        "--disable-exception-handling",
        "--disable-legacy-exceptions",
        "--disable-relaxed-simd",
        "--relaxed-simd-deterministic",
        "--disable-wide-arithmetic",
        "--disable-function-references",
        "--disable-tail-call",
        "--disable-extended-const",
        "--disable-aux-stack-check",
        "--disable-llvm-jump-tables",
        "--disable-llvm-lto",
        "--enable-llvm-passes=function(dce)",
        "--stack-usage=file",
        "--xip",
        "--enable-builtin-intrinsics=f32_cmp,llvm.ctlz.i32",
        "--allow-text-relocations",
        "--invoke-c-api-import",
        r"--emit-custom-sections=name,a\b",
        "--enable-dump-call-stack",
        "--call-stack-features=ip,values",
        "--enable-perf-profiling",
        "--enable-memory-profiling",
        "--enable-linux-perf",
        "--enable-segue",
        "--enable-llvm-pgo",
        "--threads=3",
    ]);
    let expected = Options {
        target: TargetOptions {
            arch: Some("x86_64".to_owned()),
            abi: Some("gnu".to_owned()),
            cpu: Some("haswell".to_owned()),
            cpu_features: Some("-fma,+avx2".to_owned()),
        },
        opt_level: OptLevel::O1,
        bounds_checks: Some(true),
        exact_memory: true,
        stack_bounds_checks: Some(false),
        shared_heaps: SharedHeaps::One,
        segue: Segue::ALL,
        memory_growth_limit: Some(77),
        memory64: Some(Memory64::Native),
        shrink_memory: Some(true),
        features: Features {
            bulk_memory: false,
            bulk_memory_opt: true,
            reference_types: false,
            call_indirect_overlong: true,
            simd: false,
            relaxed_simd: false,
            wide_arithmetic: false,
            function_references: false,
            tail_call: false,
            extended_const: false,
            threads: false,
            exceptions: false,
            legacy_exceptions: false,
            memory64: false,
            multi_memory: false,
            custom_page_sizes: false,
        },
        deterministic_relaxed_simd: true,
        aux_stack_check: false,
        llvm: LlvmOptions {
            jump_tables: false,
            inline_across_partitions: false,
            passes: Some("function(dce)".to_owned()),
            external: None,
        },
        runtime: RuntimeOptions {
            indirect_mode: true,
            disable_llvm_intrinsics: true,
            builtin_intrinsics: Selection::parse("llvm.ctlz.i32,f32_cmp").ok(),
            allow_text_relocations: true,
            c_api_imports: true,
        },
        format: OutputFormat::Object,
        aot_version: FormatVersion::V5,
        runtime_extended_const: None,
        native_functions: Vec::new(),
        custom_sections: vec!["name".to_owned(), "a b".to_owned()],
        debug_info: false,
        stack_usage: true,
        profile: ProfileOptions {
            counting: true,
            counts: None,
        },
        diagnostics: DiagnosticsOptions {
            call_stack: true,
            call_stack_features: Some(CallStackFeatures {
                ip: true,
                trap_ip: false,
                func_idx: false,
            }),
            perf_profiling: true,
            memory_profiling: true,
            linux_perf: true,
        },
        threads: NonZeroUsize::new(3),
    };
    assert_eq!(given, expected);
}

#[test]
fn threads_bring_bulk_memory() {
    let features = options(&["--enable-multi-thread", "--disable-bulk-memory"]).features;
    assert!(features.threads && features.bulk_memory);
}

#[test]
fn an_enclave_has_no_guard_pages() {
    assert_eq!(options(&["-sgx"]), options(&["--bounds-checks=1"]));
    let without = options(&["-sgx", "--bounds-checks=0"]);
    assert_eq!(without.bounds_checks, Some(false));
}

#[test]
fn options_of_llvm_add_up() {
    match read(&["--mllvm=-a=1", "--mllvm=--b", "-o", "a", "b"]) {
        Ok(Job::Compile { llvm_options, .. }) => assert_eq!(llvm_options, ["-a=1", "--b"]),
        other => panic!("{other:?}"),
    }
}

#[test]
fn literals_of_xtensa_code_are_in_the_text_anyway() {
    for (target, expected) in [
        ("--target=xtensa", &[][..]),
        ("--target=x86_64", &["-mtext-section-literals".to_owned()]),
    ] {
        match read(&[target, "--mllvm=-mtext-section-literals", "-o", "a", "b"]) {
            Ok(Job::Compile { llvm_options, .. }) => assert_eq!(llvm_options, expected),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn runtimes_have_their_version_of_the_format() {
    for (runtime, version) in [
        ("--runtime=2.4.3", FormatVersion::V5),
        ("--runtime=2.4.4", FormatVersion::V5),
        ("--runtime=2.4.5", FormatVersion::V5),
        ("--runtime=main", FormatVersion::V6),
    ] {
        let given = options(&[runtime]);
        assert_eq!(given.aot_version, version);
        assert_eq!(given.runtime_extended_const, Some(false));
        let built = options(&[runtime, "--enable-extended-const"]);
        assert_eq!(built.runtime_extended_const, Some(true));
    }
    options(&["--runtime=2.4.3", "--aot-version=5"]);
    let error = read(&["--runtime=2.4.3", "--aot-version=6", "-o", "a", "b"])
        .expect_err("the release loads another version");
    assert!(error.to_string().contains("version 5"), "{error}");
    assert!(read(&["--runtime=2.4.2", "-o", "a", "b"]).is_err());
}

#[test]
fn options_that_say_the_default_change_nothing() {
    let pairs = [
        "bulk-memory",
        "ref-types",
        "relaxed-simd",
        "wide-arithmetic",
        "function-references",
        "exception-handling",
        "legacy-exceptions",
        "tail-call",
    ];
    for name in pairs {
        let (on, off) = (format!("--enable-{name}"), format!("--disable-{name}"));
        assert_eq!(options(&[&on]), Options::default(), "{on}");
        assert_ne!(options(&[&off]), Options::default(), "{off}");
        let error = read(&[&on, &off, "-o", "a", "b"]).expect_err("they contradict each other");
        assert!(error.to_string().contains(&on), "{error}");
    }
    let by_runtime = Options {
        runtime_extended_const: Some(true),
        ..Options::default()
    };
    assert_eq!(options(&["--enable-extended-const"]), by_runtime);
    assert!(
        read(&[
            "--enable-extended-const",
            "--disable-extended-const",
            "-o",
            "a",
            "b"
        ])
        .is_err()
    );
    assert_eq!(options(&["--disable-multi-thread"]), Options::default());
    assert_eq!(options(&["--enable-simd"]), Options::default());
    assert!(
        read(&[
            "--enable-multi-thread",
            "--disable-multi-thread",
            "-o",
            "a",
            "b"
        ])
        .is_err()
    );
    assert!(read(&["--enable-lime1", "--disable-extended-const", "-o", "a", "b"]).is_err());
}

#[test]
fn lime1_is_three_options() {
    let three = options(&[
        "--enable-bulk-memory-opt",
        "--enable-call-indirect-overlong",
        "--enable-extended-const",
    ]);
    assert_eq!(options(&["--enable-lime1"]), three);
}

#[test]
fn the_last_of_several_counts() {
    let given = options(&[
        "--opt-level=0",
        "--opt-level=2",
        "--disable-simd",
        "--disable-simd",
    ]);
    assert_eq!(given.opt_level, OptLevel::O2);
    assert!(!given.features.simd);
}

#[test]
fn debug_information_is_beside_aot_files() {
    let given = options(&["--debug-info=file"]);
    let expected = Options {
        debug_info: true,
        ..Options::default()
    };
    assert_eq!(given, expected);
    assert!(read(&["--debug-info=file", "--format=object", "-o", "a", "b"]).is_err());
}

#[test]
fn a_chain_contains_the_heap() {
    let chain = options(&["--enable-shared-chain"]);
    assert_eq!(chain.shared_heaps, SharedHeaps::Chain);
    let both = options(&["--enable-shared-chain", "--enable-shared-heap"]);
    assert_eq!(both, chain);
}

#[test]
fn xip_is_two_options() {
    let both = options(&["--enable-indirect-mode", "--disable-llvm-intrinsics"]);
    assert_eq!(options(&["--xip"]), both);
    let indirect = options(&["--enable-indirect-mode"]).runtime;
    assert!(indirect.indirect_mode && !indirect.disable_llvm_intrinsics);
}

#[test]
fn an_unknown_intrinsic_is_told_what_there_is() {
    let error = read(&["--enable-builtin-intrinsics=all,i32.sin", "-o", "a", "b"])
        .expect_err("there is none of that name")
        .to_string();
    for part in [
        "`i32.sin`",
        "fp.common",
        "llvm.experimental.constrained.fadd.f32",
    ] {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn call_stack_features_are_a_list() {
    let features = |list: &str| {
        let argument = format!("--call-stack-features={list}");
        let diagnostics = options(&[&argument]).diagnostics;
        let features = diagnostics.call_stack_features.expect("it is given");
        (features.ip, features.trap_ip, features.func_idx)
    };
    assert_eq!(features(""), (false, false, false));
    assert_eq!(features("func-idx,trap-ip"), (false, true, true));
    let all = "bounds-checks,ip,trap-ip,values,func-idx";
    assert_eq!(features(all), (true, true, true));
    let error = read(&["--call-stack-features=ip,pi", "-o", "a", "b"])
        .expect_err("there is none of that name")
        .to_string();
    for part in ["`pi`", "bounds-checks, ip, trap-ip, values, func-idx"] {
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn tips_are_near() {
    for (written, tip) in [
        ("--opt-levle=2", Some("--opt-level")),
        ("--disable-tail-calls", Some("--disable-tail-call")),
        ("--enable-stack-switching", None),
        ("--enable-exceptions", None),
        ("--disable-everything", None),
    ] {
        let error = read(&[written, "-o", "a", "b"]).expect_err("there is no such option");
        let text = error.to_string();
        match tip {
            Some(tip) => assert!(text.contains(&format!("'{tip}'")), "{text}"),
            None => assert!(!text.contains("similar"), "{text}"),
        }
    }
}

#[test]
fn verbosity() {
    for (argument, expected) in [("-v=0", 0), ("-v=5", 5), ("-v4", 4)] {
        match read(&[argument, "-o", "a", "b"]) {
            Ok(Job::Compile { verbosity, .. }) => assert_eq!(verbosity, expected),
            other => panic!("{other:?}"),
        }
    }
    assert!(read(&["-v=6", "-o", "a", "b"]).is_err());
}

#[test]
fn lists() {
    for (arguments, expected) in [
        (&["--target=help"][..], Listing::Targets),
        (&["--target-abi=help"], Listing::Abis),
        (&["--target=x86_64", "--cpu=help"], Listing::Cpus),
        (
            &["--cpu-features=+help", "--target=x86_64"],
            Listing::Features,
        ),
    ] {
        match read(arguments) {
            Ok(Job::List { what, .. }) => assert_eq!(what, expected),
            other => panic!("{arguments:?}: {other:?}"),
        }
    }
}

/// The runtime's command takes no more.
#[test]
fn at_most_eight_native_libraries() {
    let libraries = |count| {
        let mut arguments = vec!["--native-lib=l.so"; count];
        arguments.extend(["-o", "a.aot", "a.wasm"]);
        read(&arguments)
    };
    assert!(libraries(8).is_ok());
    let error = libraries(9).unwrap_err();
    assert!(error.to_string().contains("at most 8 libraries"), "{error}");
}

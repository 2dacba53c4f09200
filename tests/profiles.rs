//! Code that counts (`--enable-llvm-pgo`) and code that knows the counts (`--use-prof-file`), on a runtime built with
//! `WAMR_BUILD_STATIC_PGO`: every counter, both formats of profiles, and what LLVM makes of them.

use std::process::Command;

use wamr_host::{Imports, Instance, InstanceOptions, Module, Val};
use wasmelt::aot::AotFile;
use wasmelt::options::{
    Features, OptLevel, OutputFormat, ProfileOptions, RuntimeOptions, TargetOptions,
};
use wasmelt::{Options, Warning};

/// Each kind of instruction that profiles count, code that is never reached, and a function that is never called.
const BRANCHES: &str = r#"(module
    (func $leaf (param i32) (result i32)
        (if (result i32) (i32.gt_u (local.get 0) (i32.const 6))
            (then (i32.const 1))
            (else (i32.const 2))))
    (func (export "run") (param $rounds i32) (result i32) (local $i i32) (local $sum i32)
        (loop $next
            (local.set $sum (i32.add (local.get $sum) (call $leaf (local.get $i))))
            (local.set $sum (i32.add (local.get $sum)
                (select (i32.load8_u (local.get $i)) (i32.const 20)
                    (i32.eq (local.get $i) (i32.const 3)))))
            (block $out
                (br $out)
                (if (local.get $i) (then (unreachable))))
            (block $a (block $b (block $c
                (br_table $a $b $a $c (i32.and (local.get $i) (i32.const 7))))
                (local.set $sum (i32.add (local.get $sum) (i32.const 100))))
                (local.set $sum (i32.add (local.get $sum) (i32.const 1000))))
            (br_if $next
                (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
                    (local.get $rounds))))
        (local.get $sum))
    (func (export "never") (param i32) (result i32) (i32.div_u (i32.const 7) (local.get 0)))
    (memory 1))"#;

fn counting() -> Options {
    Options {
        profile: ProfileOptions {
            counting: true,
            counts: None,
        },
        ..Options::default()
    }
}

fn using(counts: &[u8]) -> Options {
    Options {
        profile: ProfileOptions {
            counting: false,
            counts: Some(counts.to_vec()),
        },
        ..Options::default()
    }
}

fn wasm() -> Vec<u8> {
    wat::parse_str(BRANCHES).unwrap()
}

/// Runs counting code for `rounds` rounds, and returns the profile.
fn profile(options: &Options, rounds: i32) -> Vec<u8> {
    let file = wasmelt::compile(&wasm(), options).unwrap().bytes;
    let module = Module::load(&file, &Imports::new()).unwrap();
    let instance = Instance::new(&module, &InstanceOptions::default()).unwrap();
    let plain = wasmelt::compile(&wasm(), &Options::default())
        .unwrap()
        .bytes;
    let plain = Module::load(&plain, &Imports::new()).unwrap();
    let plain = Instance::new(&plain, &InstanceOptions::default()).unwrap();
    let arguments = [Val::I32(rounds)];
    let result = instance.call("run", &arguments).unwrap();
    assert_eq!(result, plain.call("run", &arguments).unwrap());
    assert!(counters(&plain.profile()).is_empty());
    instance.profile()
}

/// The numbers of all counters in a raw profile, which stand in front of the names.
fn counters(profile: &[u8]) -> Vec<u64> {
    let words: Vec<u64> = profile
        .chunks_exact(8)
        .map(|word| u64::from_le_bytes(word.try_into().unwrap()))
        .collect();
    let (functions, counters) = (words[3] as usize, words[5] as usize);
    words[14 + 8 * functions..][..counters].to_vec()
}

/// What `run` counts in ten rounds: the leaf (calls, two ways), `run` (calls; select; the unreachable `if`; the table
/// with its default last; `br_if`), and the function that is never called.
const TEN_ROUNDS: [u64; 15] = [10, 3, 7, 1, 1, 9, 0, 0, 2, 2, 1, 5, 9, 1, 0];

const TEN_ROUNDS_RESULT: i32 = 7697;

#[test]
fn every_way_is_counted() {
    for opt_level in [OptLevel::O0, OptLevel::O1, OptLevel::O3, OptLevel::Oz] {
        for bounds_checks in [false, true] {
            let options = Options {
                opt_level,
                bounds_checks: Some(bounds_checks),
                ..counting()
            };
            let profile = profile(&options, 10);
            assert_eq!(counters(&profile), TEN_ROUNDS, "{opt_level:?}");
        }
    }
}

/// The profile of any options fits any others, and says to LLVM what has been counted.
#[test]
fn llvm_gets_the_counts() {
    let raw = profile(
        &Options {
            opt_level: OptLevel::O0,
            bounds_checks: Some(true),
            ..counting()
        },
        10,
    );
    let options = Options {
        format: OutputFormat::LlvmIrUnoptimized,
        ..using(&raw)
    };
    let artifact = wasmelt::compile(&wasm(), &options).unwrap();
    assert_eq!(artifact.warnings, []);
    let ir = String::from_utf8(artifact.bytes).unwrap();
    for expected in [
        "!{!\"function_entry_count\", i64 10}",
        "!{!\"function_entry_count\", i64 0}",
        "!{!\"branch_weights\", i32 3, i32 7}",
        "!{!\"branch_weights\", i32 1, i32 9}",
        "!{!\"branch_weights\", i32 9, i32 1}",
        // The default of the table and nothing else goes to the third label.
        "!{!\"branch_weights\", i32 5, i32 2, i32 2, i32 1}",
        "!\"ProfileSummary\"",
        "!{!\"MaxFunctionCount\", i64 10}",
    ] {
        assert!(ir.contains(expected), "{expected}: {ir}");
    }
}

/// Writes the profile as `llvm-profdata` of LLVM 22 reads it: version 10, with two more words.
fn of_llvm_22(raw: &[u8]) -> Vec<u8> {
    let mut bytes = raw.to_vec();
    bytes[8] = 10;
    let behind_distances = 13 * 8;
    bytes.splice(behind_distances..behind_distances, [0; 16]);
    bytes
}

#[test]
fn indexed_profiles_say_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let raw = profile(&counting(), 10);
    std::fs::write(path("raw"), of_llvm_22(&raw)).unwrap();
    let tools = std::path::Path::new(env!("LLVM_SYS_221_PREFIX")).join("bin");
    let output = Command::new(tools.join("llvm-profdata"))
        .args(["merge", "-o"])
        .args([path("indexed"), path("raw"), path("raw")])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let shown = Command::new(tools.join("llvm-profdata"))
        .args(["show", "--all-functions", "--counts"])
        .arg(path("indexed"))
        .output()
        .unwrap();
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(shown.contains("aot_func#0"), "{shown}");
    let indexed = std::fs::read(path("indexed")).unwrap();
    let ir = |counts: &[u8]| {
        let options = Options {
            format: OutputFormat::LlvmIrUnoptimized,
            ..using(counts)
        };
        let artifact = wasmelt::compile(&wasm(), &options).unwrap();
        assert_eq!(artifact.warnings, []);
        String::from_utf8(artifact.bytes).unwrap()
    };
    // Two runs have been merged.
    assert!(ir(&indexed).contains("!{!\"branch_weights\", i32 6, i32 14}"));
    let version_10 = of_llvm_22(&raw);
    assert_eq!(ir(&raw), ir(&version_10));
}

#[test]
fn the_profile_changes_the_code_and_nothing_else() {
    let raw = profile(&counting(), 10);
    for bounds_checks in [false, true] {
        for in_place in [false, true] {
            let mut options = Options {
                bounds_checks: Some(bounds_checks),
                ..using(&raw)
            };
            options.runtime.indirect_mode = in_place;
            let file = wasmelt::compile(&wasm(), &options).unwrap().bytes;
            assert_eq!(file, wasmelt::compile(&wasm(), &options).unwrap().bytes);
            options.profile.counts = None;
            assert_ne!(file, wasmelt::compile(&wasm(), &options).unwrap().bytes);
            let module = Module::load(&file, &Imports::new()).unwrap();
            let instance = Instance::new(&module, &InstanceOptions::default()).unwrap();
            let result = instance.call("run", &[Val::I32(10)]).unwrap();
            assert_eq!(result, [Val::I32(TEN_ROUNDS_RESULT)]);
            assert_eq!(
                instance.call("never", &[Val::I32(2)]).unwrap(),
                [Val::I32(3)]
            );
            assert!(instance.call("never", &[Val::I32(0)]).is_err());
        }
    }
}

#[test]
fn other_modules_are_noticed() {
    let raw = profile(&counting(), 3);
    let other = BRANCHES.replace("(i32.const 6)", "(i32.const 7)");
    let other = wat::parse_str(other).unwrap();
    let artifact = wasmelt::compile(&other, &using(&raw)).unwrap();
    let [Warning::ProfileMismatch(matches)] = artifact.warnings[..] else {
        panic!("{:?}", artifact.warnings);
    };
    assert_eq!(
        (matches.functions, matches.matched, matches.other_bodies),
        (3, 2, 1)
    );
}

/// A module of many partitions counts with one set of counters, and functions that are copied to other partitions count
/// there as well.
#[test]
fn partitions_share_the_counters() {
    let mut text = "(module (func $small (param i32) (result i32)
        (if (result i32) (local.get 0) (then (i32.const 1)) (else (i32.const 2))))"
        .to_owned();
    let filler =
        "(local.set 0 (i32.mul (i32.xor (local.get 0) (i32.const 77777)) (i32.const 99999)))";
    for function in 0..60 {
        text += &format!(
            "(func (export \"f{function}\") (param i32) (result i32) {} (drop (call $small (i32.const 0)))
             (call $small (i32.const 1)))",
            filler.repeat(150)
        );
    }
    text += ")";
    let wasm = wat::parse_str(text).unwrap();
    let artifact = wasmelt::compile(&wasm, &counting()).unwrap();
    assert!(artifact.stats.partitions.len() > 1);
    let module = Module::load(&artifact.bytes, &Imports::new()).unwrap();
    let instance = Instance::new(&module, &InstanceOptions::default()).unwrap();
    for function in 0..60 {
        instance
            .call(&format!("f{function}"), &[Val::I32(1)])
            .unwrap();
    }
    let mut expected = vec![120, 60, 60];
    expected.extend([1; 60]);
    assert_eq!(counters(&instance.profile()), expected);
}

/// Every target whose loader can tell code where the counters are gets the relocations for it, the others a reason.
#[test]
fn targets_count_or_say_why_not() {
    for (target, kinds) in [
        ("x86_64", Some(&[1][..])),
        ("i386", Some(&[1])),
        ("aarch64", Some(&[269, 268, 266, 264])),
        ("armv7", Some(&[2])),
        ("thumbv7em", Some(&[2])),
        ("riscv32", Some(&[1])),
        ("riscv64", Some(&[2])),
        ("xtensa", None),
        ("mips", None),
    ] {
        let options = Options {
            target: TargetOptions {
                arch: Some(target.to_owned()),
                ..TargetOptions::default()
            },
            ..counting()
        };
        match (wasmelt::compile(&wasm(), &options), kinds) {
            (Ok(artifact), Some(kinds)) => {
                let file = AotFile::parse(&artifact.bytes).unwrap();
                let names = &file.relocations.names;
                let found: Vec<u32> = file
                    .relocations
                    .groups
                    .iter()
                    .flat_map(|group| &group.relocations)
                    .filter(|relocation| names[relocation.symbol as usize] == "__llvm_prf_cnts0")
                    .map(|relocation| relocation.kind)
                    .collect();
                assert_eq!(found, kinds, "{target}");
            }
            (Err(error), None) => {
                assert!(error.to_string().contains("cannot count"), "{error}");
            }
            (result, _) => panic!("{target}: {result:?}"),
        }
    }
    let in_place = Options {
        runtime: RuntimeOptions {
            indirect_mode: true,
            ..RuntimeOptions::default()
        },
        ..counting()
    };
    let object = Options {
        format: OutputFormat::Object,
        ..counting()
    };
    for (options, reason) in [(in_place, "in place"), (object, "object")] {
        let error = wasmelt::compile(&wasm(), &options).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    for format in [
        OutputFormat::LlvmIrUnoptimized,
        OutputFormat::LlvmIrOptimized,
    ] {
        let options = Options {
            format,
            ..counting()
        };
        let ir = wasmelt::compile(&wasm(), &options).unwrap().bytes;
        assert!(String::from_utf8_lossy(&ir).contains("aot_profile_counters"));
    }
}

/// The loaders of other machines put the address of the counters into the code.
#[test]
fn devices_count() {
    for name in ["aarch64", "riscv64"] {
        let device = wamr_devices::Device::find(name).unwrap();
        let program = wamr_devices::build::agent(device).unwrap();
        let agent = wamr_devices::Agent::start(device, &program).unwrap();
        let options = Options {
            target: TargetOptions {
                arch: Some(device.arch.to_owned()),
                abi: device.abi.map(str::to_owned),
                cpu: device.cpu.map(str::to_owned),
                cpu_features: device.cpu_features.map(str::to_owned),
            },
            features: Features::default(),
            ..counting()
        };
        let file = wasmelt::compile(&wasm(), &options).unwrap().bytes;
        let imports = wamr_devices::Imports::default();
        let instance = agent.instantiate(&file, &imports).unwrap();
        for _ in 0..3 {
            let result = instance.call("run", &[Val::I32(10)]).unwrap();
            assert_eq!(result, [Val::I32(TEN_ROUNDS_RESULT)]);
        }
    }
}

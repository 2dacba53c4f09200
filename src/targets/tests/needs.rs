//! Which device executes which code.

use super::*;

fn needs(arch: &str, cpu: Option<&str>, features: Option<&str>) -> Needs {
    let target = Target::resolve(&options(Some(arch), cpu, features)).unwrap();
    target.needs().unwrap()
}

#[test]
fn features_of_processors() {
    for (arch, cpu, has, lacks) in [
        ("x86_64", "x86-64", vec!["cx16"], vec!["sse3", "avx", "fma"]),
        (
            "x86_64",
            "x86-64-v3",
            vec!["avx2", "fma", "bmi2"],
            vec!["avx512f", "aes"],
        ),
        (
            "x86_64",
            "znver4",
            vec!["avx512f", "sha"],
            vec!["avx10.1", "fma4"],
        ),
        (
            "aarch64",
            "cortex-a53",
            vec!["crc", "aes"],
            vec!["lse", "dotprod"],
        ),
        (
            "aarch64",
            "cortex-a76",
            vec!["lse", "dotprod", "v8.2a"],
            vec!["sve", "bf16"],
        ),
        (
            "thumbv7em",
            "cortex-m4",
            vec!["dsp", "thumb2", "hwdiv"],
            vec!["fp64", "mve"],
        ),
        (
            "thumbv6m",
            "cortex-m0",
            vec!["v6m"],
            vec!["thumb2", "hwdiv"],
        ),
        (
            "riscv32",
            "sifive-e31",
            vec!["m", "a", "c"],
            vec!["v", "zba"],
        ),
    ] {
        let found = needs(arch, Some(cpu), None).features;
        for name in has {
            assert!(
                found.iter().any(|it| it == name),
                "{cpu} lacks {name}: {found:?}"
            );
        }
        for name in lacks {
            assert!(found.iter().all(|it| it != name), "{cpu} has {name}");
        }
    }
}

#[test]
fn features_that_the_options_change() {
    let found = needs("x86_64", Some("x86-64-v3"), Some("-avx2,+sha")).features;
    assert!(found.iter().any(|name| name == "sha"));
    assert!(found.iter().all(|name| name != "avx2"));
}

/// Pairs of code and device.
#[test]
fn devices_and_code() {
    for (code, device, runs) in [
        (("x86_64", "x86-64"), ("x86_64", "x86-64-v3"), true),
        (("x86_64", "x86-64-v3"), ("x86_64", "x86-64"), false),
        (("x86_64", "x86-64-v3"), ("x86_64", "znver3"), true),
        (("x86_64", "x86-64-v3"), ("x86_64", "sapphirerapids"), true),
        (("x86_64", "znver4"), ("x86_64", "znver5"), true),
        (("aarch64", "cortex-a53"), ("aarch64", "cortex-a76"), true),
        (("aarch64", "cortex-a76"), ("aarch64", "cortex-a53"), false),
        (("aarch64", "cortex-a76"), ("aarch64", "neoverse-v1"), true),
        (("thumbv7em", "cortex-m4"), ("thumbv7em", "cortex-m7"), true),
        (
            ("thumbv8.1m.main", "cortex-m55"),
            ("thumbv8m.main", "cortex-m33"),
            false,
        ),
        (("thumbv7m", "cortex-m3"), ("thumbv7em", "cortex-m4"), true),
        (
            ("thumbv7m", "cortex-m3"),
            ("thumbv8m.main", "cortex-m33"),
            true,
        ),
        (
            ("thumbv6m", "cortex-m0"),
            ("thumbv8m.main", "cortex-m33"),
            true,
        ),
        (
            ("thumbv8m.base", "cortex-m23"),
            ("thumbv8m.main", "cortex-m33"),
            true,
        ),
        (
            ("thumbv8m.main", "cortex-m33"),
            ("thumbv7em", "cortex-m7"),
            false,
        ),
        (("riscv32", "esp32c3"), ("riscv32", "esp32c6"), true),
        (("riscv32", "esp32c6"), ("riscv32", "esp32c3"), false),
    ] {
        let checked =
            needs(code.0, Some(code.1), None).check(&needs(device.0, Some(device.1), None));
        assert_eq!(checked.is_ok(), runs, "{code:?} on {device:?}: {checked:?}");
    }
}

#[test]
fn other_reasons() {
    let of = |arch: &str, abi: &str| {
        let options = TargetOptions {
            abi: Some(abi.to_owned()),
            ..options(Some(arch), None, None)
        };
        Target::resolve(&options).unwrap().needs().unwrap()
    };
    let soft = of("thumbv7em", "eabi");
    assert_eq!(needs("thumbv7em", None, None).check(&soft), Ok(()));
    assert_eq!(soft.check(&of("thumbv7em", "gnueabi")), Ok(()));
    let mismatch = soft.check(&of("thumbv7em", "eabihf")).unwrap_err();
    assert_eq!(
        mismatch.to_string(),
        "its ABI is eabi, the device's is eabihf"
    );
    let mismatch = soft.check(&needs("x86_64", None, None)).unwrap_err();
    assert_eq!(
        mismatch.to_string(),
        "its code is for thumb, the device is x86_64"
    );
    let mismatch = needs("mips", None, None)
        .check(&needs("mipsel", None, None))
        .unwrap_err();
    assert_eq!(mismatch.to_string(), "its code is big-endian");
}

/// Processors that have less than the default of their target.
const OLDER: &[&str] = &["x86_64 generic", "aarch64 thunderx3t110"];

/// What a target without a CPU gets runs on every CPU of the target.
#[test]
fn the_default_fits_every_processor() {
    let mut refused = Vec::new();
    for arch in ["x86_64", "aarch64", "thumbv6m"] {
        let default = needs(arch, None, None);
        for cpu in supported_cpus(&options(Some(arch), None, None)).unwrap() {
            let device = options(Some(arch), Some(cpu), None);
            let Ok(device) = Target::resolve(&device) else {
                continue;
            };
            // Other profiles of Arm than the one for microcontrollers.
            if arch == "thumbv6m" && !cpu.starts_with("cortex-m") {
                continue;
            }
            let checked = default.check(&device.needs().unwrap());
            if checked.is_err() {
                refused.push(format!("{arch} {cpu}"));
            }
        }
    }
    assert_eq!(refused, OLDER);
}

#[test]
fn what_a_system_demands() {
    let linux = needs("aarch64", None, None);
    let darwin = needs("arm64-apple-darwin", None, None);
    assert_eq!(
        linux.check(&darwin).unwrap_err().to_string(),
        "it does not keep to reserve-x18, as the device demands"
    );
    assert_eq!(darwin.check(&linux), Ok(()));
    let aligned = needs("aarch64", None, Some("+strict-align"));
    assert!(linux.check(&aligned).is_err());
    assert_eq!(aligned.check(&linux), Ok(()));
}

/// LLVM is not asked for `zcmp`, which most processors cannot have besides their own features.
#[test]
fn features_that_llvm_is_not_asked_for() {
    let of = |cpu: &str| {
        let options = TargetOptions {
            abi: Some("ilp32".to_owned()),
            ..options(Some("riscv32"), Some(cpu), None)
        };
        Target::resolve(&options).unwrap().needs().unwrap()
    };
    let (hazard3, other) = (of("rp2350-hazard3"), of("esp32c6"));
    assert_eq!(hazard3.check(&hazard3), Ok(()));
    assert_eq!(hazard3.restrictions, Vec::<String>::new());
    assert!(hazard3.features.iter().any(|name| name == "zcmp"));
    assert_eq!(other.check(&hazard3), Ok(()));
    assert!(hazard3.check(&other).is_err());
}

/// LLVM answers for every processor of its tables, and none is thought unable to execute its own code.
#[test]
fn every_processor() {
    for arch in [
        "x86_64",
        "aarch64",
        "thumbv8.1m.main",
        "riscv32",
        "riscv64",
        "xtensa",
        "armv7a",
        "mips",
        "i386",
    ] {
        let target = Target::resolve(&options(Some(arch), None, None)).unwrap();
        for cpu in supported_cpus(&options(Some(arch), None, None)).unwrap() {
            let spec = MachineSpec {
                cpu: cpu.to_owned(),
                ..target.machine.clone()
            };
            if CHIPS.iter().any(|chip| chip.name == cpu) {
                continue;
            }
            let own = Target {
                machine: spec,
                ..target.clone()
            };
            let own = own.needs().unwrap();
            assert_eq!(own.check(&own), Ok(()));
        }
    }
}

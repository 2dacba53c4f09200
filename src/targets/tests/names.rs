//! Tests of names that users type: triples of other tools, chips, boards, and typing errors.

use super::super::chips::{CHIPS, CORES, Chip};
use super::*;

fn resolved(arch: Option<&str>, cpu: Option<&str>) -> Target {
    Target::resolve(&options(arch, cpu, None))
        .unwrap_or_else(|error| panic!("{arch:?} {cpu:?}: {error}"))
}

fn with_abi(arch: &str, cpu: Option<&str>, abi: &str) -> TargetOptions {
    TargetOptions {
        abi: Some(abi.to_owned()),
        ..options(Some(arch), cpu, None)
    }
}

/// Returns the target's name in the file, ABI, CPU and features.
fn summary(target: &Target) -> [&str; 4] {
    [
        target.name.as_str(),
        target.abi,
        target.machine.cpu.as_str(),
        target.machine.features.as_str(),
    ]
}

/// The targets of Rust and of Zephyr's toolchains for devices.
#[test]
fn triples_of_other_tools() {
    let rv32 = "generic-rv32";
    for (triple, expected) in [
        ("riscv32i-unknown-none-elf", ["riscv32", "ilp32", rv32, ""]),
        (
            "riscv32im-unknown-none-elf",
            ["riscv32", "ilp32", rv32, "+m"],
        ),
        (
            "riscv32imc-unknown-none-elf",
            ["riscv32", "ilp32", rv32, "+m,+c"],
        ),
        ("riscv32imc-esp-espidf", ["riscv32", "ilp32", rv32, "+m,+c"]),
        (
            "riscv32imac-unknown-none-elf",
            ["riscv32", "ilp32", rv32, "+m,+a,+c"],
        ),
        (
            "riscv32imac-esp-espidf",
            ["riscv32", "ilp32", rv32, "+m,+a,+c"],
        ),
        (
            "riscv32imac-unknown-nuttx-elf",
            ["riscv32", "ilp32", rv32, "+m,+a,+c"],
        ),
        (
            "riscv32imafc-unknown-none-elf",
            ["riscv32", "ilp32f", rv32, "+m,+a,+f,+c,+f"],
        ),
        (
            "riscv32gc-unknown-linux-gnu",
            ["riscv32", "ilp32d", rv32, "+m,+a,+f,+d,+c,+f,+d"],
        ),
        (
            "riscv32-pc-linux-ilp32",
            ["riscv32", "ilp32", rv32, "+m,+c"],
        ),
        (
            "riscv32-unknown-elf",
            ["riscv32", "ilp32d", rv32, "+m,+c,+f,+d"],
        ),
        (
            "riscv64imac-unknown-none-elf",
            ["riscv64", "lp64", "generic-rv64", "+m,+a,+c"],
        ),
        (
            "riscv64gc-unknown-linux-gnu",
            ["riscv64", "lp64d", "generic-rv64", "+m,+a,+f,+d,+c,+f,+d"],
        ),
        (
            "thumbv6m-none-eabi",
            ["thumbv6m", "eabi", "generic", "-fpregs"],
        ),
        (
            "thumbv7m-none-eabi",
            ["thumbv7m", "eabi", "generic", "-fpregs"],
        ),
        (
            "thumbv7em-none-eabi",
            ["thumbv7em", "eabi", "generic", "-fpregs"],
        ),
        (
            "thumbv7em-none-eabihf",
            ["thumbv7em", "eabihf", "generic", "+vfp4d16sp"],
        ),
        (
            "thumbv8m.base-none-eabi",
            ["thumbv8m.base", "eabi", "generic", "-fpregs"],
        ),
        (
            "thumbv8m.main-none-eabi",
            ["thumbv8m.main", "eabi", "generic", "-fpregs"],
        ),
        (
            "thumbv8m.main-none-eabihf",
            ["thumbv8m.main", "eabihf", "generic", "+fp-armv8d16sp"],
        ),
        (
            "thumbv7em-zephyr-eabi",
            ["thumbv7em", "eabi", "generic", "-fpregs"],
        ),
        (
            "thumbv7em-unknown-nuttx-eabihf",
            ["thumbv7em", "eabihf", "generic", "+vfp4d16sp"],
        ),
        ("armv7r-none-eabi", ["armv7r", "eabi", "generic", "-fpregs"]),
        (
            "armv7r-none-eabihf",
            ["armv7r", "eabihf", "generic", "+vfp3d16"],
        ),
        ("armv8r-none-eabihf", ["armv8r", "eabihf", "generic", ""]),
        ("armv7a-none-eabihf", ["armv7a", "eabihf", "generic", ""]),
        (
            "armv7-linux-androideabi",
            ["armv7", "gnueabi", "generic", ""],
        ),
        (
            "armv7-unknown-linux-uclibceabihf",
            ["armv7", "gnueabihf", "generic", ""],
        ),
        ("aarch64-unknown-none", ["aarch64v8", "gnu", "generic", ""]),
        ("aarch64-unknown-nuttx", ["aarch64v8", "gnu", "generic", ""]),
        ("aarch64-zephyr-elf", ["aarch64v8", "gnu", "generic", ""]),
        (
            "aarch64-none-linux-gnu",
            ["aarch64v8", "gnu", "generic", ""],
        ),
        ("xtensa-esp32-espidf", ["xtensa", "gnu", "esp32", ""]),
        (
            "xtensa-esp32s3-none-elf",
            ["xtensa", "gnu", "esp32", "-dfpaccel"],
        ),
        (
            "xtensa-espressif_esp32s3_zephyr-elf",
            ["xtensa", "gnu", "esp32", "-dfpaccel"],
        ),
    ] {
        assert_eq!(summary(&resolved(Some(triple), None)), expected, "{triple}");
    }
    assert_eq!(resolved(Some("riscv32imac-esp-espidf"), None).elf_flags, 1);
    // What the user says comes last.
    let target = Target::resolve(&options(Some("riscv32imac"), None, Some("-a"))).unwrap();
    assert_eq!(target.machine.features.as_str(), "+m,+a,+c,-a");
}

#[test]
fn chips() {
    let rv32 = "generic-rv32";
    for (cpu, expected) in [
        ("esp32c3", ["riscv32", "ilp32", rv32, "+m,+c"]),
        ("esp32c6", ["riscv32", "ilp32", rv32, "+m,+a,+c"]),
        ("esp32h2", ["riscv32", "ilp32", rv32, "+m,+a,+c"]),
        ("esp32p4", ["riscv32", "ilp32f", rv32, "+m,+a,+f,+c,+f"]),
        ("esp32s3", ["xtensa", "gnu", "esp32", "-dfpaccel"]),
        ("esp32", ["xtensa", "gnu", "esp32", ""]),
        ("nrf52840", ["thumbv7em", "gnu", "cortex-m4", "-fpregs"]),
        (
            "cortex-m4f",
            ["thumbv7em", "gnu", "cortex-m4", "-fpregs,+vfp4d16sp"],
        ),
        (
            "cortex-m0+",
            ["thumbv6m", "gnu", "cortex-m0plus", "-fpregs"],
        ),
        (
            "cortex-m33",
            ["thumbv8m.main", "gnu", "cortex-m33", "-fpregs"],
        ),
    ] {
        let alone = resolved(None, Some(cpu));
        assert_eq!(summary(&alone), expected, "{cpu}");
        // The same with its target.
        assert_eq!(resolved(Some(expected[0]), Some(cpu)), alone, "{cpu}");
    }
    for chip in CHIPS {
        // It is code that LLVM can generate.
        let target = resolved(None, Some(chip.name));
        assert_eq!(target.name.as_str(), chip.target);
        let own = options(Some(chip.target), None, None);
        assert!(supported_cpus(&own).unwrap().contains(&chip.name));
        // Once LLVM knows it, the row can go.
        let processors = Asked::read(&own).unwrap().support.processors();
        assert!(!processors.cpus.contains(&chip.name), "{}", chip.name);
        processors
            .check_features(chip.features, &[], &[], chip.target)
            .unwrap();
        assert_eq!(Chip::find(chip.name), Some(chip));
    }
    assert_eq!(
        refusal(&options(Some("riscv32"), Some("esp32s3"), None)),
        "unknown CPU `esp32s3` for target riscv32 (it is a CPU of xtensa targets); \
         --target=riscv32 --cpu=help lists them"
    );
    assert_eq!(
        refusal(&with_abi("riscv32", Some("esp32c3"), "ilp32d")),
        "target ABI `ilp32d` passes floats in registers that `esp32c3` does not have; `ilp32` does \
         not"
    );
    assert_eq!(
        refusal(&with_abi("riscv32imac-unknown-none-elf", None, "ilp32f")),
        "target ABI `ilp32f` passes floats in registers that `riscv32imac` does not have; `ilp32` \
         does not"
    );
}

/// The table of cores has exactly those cores of LLVM that have only Thumb instructions.
#[test]
fn cores_of_microcontrollers() {
    for cpu in supported_cpus(&options(Some("armv7"), None, None)).unwrap() {
        if Chip::find(cpu).is_none() {
            let core = CORES.iter().any(|(core, _)| *core == cpu);
            let target = resolved(Some("armv7"), Some(cpu));
            assert_eq!(target.arch == Arch::Thumb, core, "{cpu}");
        }
    }
    for (cpu, target) in CORES {
        assert_eq!(resolved(None, Some(cpu)).name, *target);
    }
}

#[test]
fn systems() {
    // The system, whether its runtime has guard pages, and x18 of AArch64.
    for (triple, guard_pages, x18) in [
        ("x86_64-unknown-linux-gnu", true, ""),
        ("x86_64-apple-darwin", true, ""),
        ("x86_64-apple-darwin-gnu", true, ""),
        ("x86_64-apple-macosx14.0", true, ""),
        ("x86_64-unknown-freebsd", true, ""),
        ("x86_64-unknown-none", false, ""),
        ("x86_64-unknown-none-elf", false, ""),
        ("aarch64-apple-darwin", true, "+reserve-x18"),
        ("arm64-apple-darwin24.1.0", true, "+reserve-x18"),
        ("arm64-apple-macos", true, "+reserve-x18"),
        ("aarch64-linux-android", true, "+reserve-x18"),
        ("aarch64-unknown-linux-musl", true, ""),
        ("aarch64-none-elf", false, ""),
        ("riscv64-unknown-elf", false, "+m,+a,+c,+f,+d"),
        ("riscv64-unknown-nuttx", false, "+m,+a,+c,+f,+d"),
    ] {
        let target = resolved(Some(triple), None);
        assert_eq!(target.default_bounds_checks, !guard_pages, "{triple}");
        let expected = if target.arch == Arch::X86_64 {
            X86_TUNING
        } else {
            x18
        };
        assert_eq!(target.machine.features.as_str(), expected, "{triple}");
        // One file format for all.
        assert!(target.machine.triple.as_str().contains("-pc-linux-gnu"));
    }
    let linux = "linux, android, darwin, freebsd, vxworks, none, nuttx, zephyr";
    let windows = "; the runtime on Windows resumes compiled code after an instruction that \
                   trapped, which Wasmelt's code does not expect";
    for (triple, system, why) in [
        ("x86_64-pc-windows-msvc", "windows", windows),
        ("x86_64-w64-windows-gnu", "windows", windows),
        ("x86_64-w64-mingw32", "mingw32", windows),
        ("aarch64-apple-ios", "ios", ""),
        ("x86_64-unknown-netbsd", "netbsd", ""),
        ("x86_64-unknown-netbsd-gnu", "netbsd", ""),
        ("x86_64-unknown-uefi", "uefi", ""),
    ] {
        assert_eq!(
            refusal(&options(Some(triple), None, None)),
            format!(
                "target triple `{triple}`: system `{system}` is not supported, where one of \
                 {linux} was expected{why}"
            )
        );
    }
    for (triple, message) in [
        (
            "riscv64-apple-darwin",
            "system `darwin` is not supported, where one of linux, android, freebsd, vxworks, \
             none, nuttx, zephyr was expected",
        ),
        (
            "x86_64-unknown-linux-gnux32",
            "ABI `gnux32` is not supported, where one of gnu was expected",
        ),
        (
            "aarch64-unknown-none-softfloat",
            "ABI `softfloat` is not supported, where one of gnu, eabi, eabihf, gnueabihf was \
             expected",
        ),
        (
            "x86_64-unknown-none-coff",
            "file format `coff` is not supported, where one of elf was expected",
        ),
    ] {
        assert_eq!(
            refusal(&options(Some(triple), None, None)),
            format!("target triple `{triple}`: {message}")
        );
    }
    assert_eq!(
        refusal(&options(Some("x86_64-what-ever"), None, None)),
        "`x86_64-what-ever` is not a target triple: `ever` is no system, ABI or file format"
    );
    assert_eq!(
        refusal(&with_abi("x86_64", None, "msvc")),
        format!("unknown target ABI `msvc`; target x86_64 supports: gnu{windows}")
    );
}

#[test]
fn slips() {
    let lists = "--target=help lists them";
    for (arch, cpu, message) in [
        (
            "cortex-m4",
            None,
            format!("unknown target `cortex-m4` (it is a CPU of thumbv7em targets); {lists}"),
        ),
        (
            "esp32c3",
            None,
            format!("unknown target `esp32c3` (it is a CPU of riscv32 targets); {lists}"),
        ),
        (
            "haswell",
            None,
            format!("unknown target `haswell` (it is a CPU of x86_64 targets); {lists}"),
        ),
        (
            "thumbv7me",
            None,
            format!("unknown target `thumbv7me` (did you mean `thumbv7m`?); {lists}"),
        ),
        (
            "arch64-linux-gnu",
            None,
            format!("unknown target `arch64-linux-gnu` (did you mean `aarch64`?); {lists}"),
        ),
        (
            "riscv32emc-unknown-none-elf",
            None,
            "no code can be generated for target `riscv32emc-unknown-none-elf`: the ABI of WAMR's \
             functions needs more registers than RV32E has; --target=help lists the targets that \
             there is code for"
                .to_owned(),
        ),
        (
            "rv32imac",
            None,
            format!("unknown target `rv32imac` (did you mean `riscv32imac`?); {lists}"),
        ),
        (
            "x86_64",
            Some("ESP32-S3"),
            "unknown CPU `ESP32-S3` for target x86_64 (did you mean `esp32s3`?); --target=x86_64 \
             --cpu=help lists them"
                .to_owned(),
        ),
        (
            "thumbv7em",
            Some("cortexm4"),
            "unknown CPU `cortexm4` for target thumbv7em (did you mean `cortex-m4`?); \
             --target=thumbv7em --cpu=help lists them"
                .to_owned(),
        ),
        (
            "thumbv7em",
            Some("nrf52480"),
            "unknown CPU `nrf52480` for target thumbv7em (did you mean `nrf52840`?); \
             --target=thumbv7em --cpu=help lists them"
                .to_owned(),
        ),
        (
            "mips",
            Some("native"),
            format!(
                "CPU `native` is that of this machine, whose target is {}, not mips",
                std::env::consts::ARCH
            ),
        ),
    ] {
        assert_eq!(refusal(&options(Some(arch), cpu, None)), message);
    }
    assert_eq!(
        refusal(&options(Some("x86_64"), None, Some("+avx22"))),
        "unknown CPU feature `avx22` for target x86_64 (did you mean `avx2`?); --target=x86_64 \
         --cpu-features=+help lists them"
    );
}

#[test]
#[cfg(target_arch = "x86_64")]
fn the_processor_of_this_machine_by_name() {
    let host = Target::resolve(&TargetOptions::default()).unwrap();
    assert_eq!(resolved(None, Some("native")), host);
    assert_eq!(resolved(Some("x86_64"), Some("native")), host);
}

/// GCC's triple for all Arm processors without a system.
#[test]
fn the_processor_tells_the_version() {
    for (cpu, expected) in [
        ("cortex-m4", ["thumbv7em", "eabi", "cortex-m4", "-fpregs"]),
        ("rp2040", ["thumbv6m", "eabi", "cortex-m0plus", "-fpregs"]),
        ("cortex-r5", ["armv4", "eabi", "cortex-r5", "-fpregs"]),
    ] {
        assert_eq!(
            summary(&resolved(Some("arm-none-eabi"), Some(cpu))),
            expected
        );
    }
    let features = Some("+fpv4-sp-d16");
    let target = Target::resolve(&options(Some("arm-none-eabi"), Some("cortex-m4"), features));
    assert_eq!(
        target.unwrap().machine.features.as_str(),
        "-fpregs,+vfp4d16sp"
    );
}

/// The options of WAMR's own test driver.
#[test]
fn options_of_the_test_driver() {
    for abi in ["eabi", "gnueabihf"] {
        let given = Target::resolve(&with_abi("aarch64", Some("cortex-a53"), abi)).unwrap();
        let without = resolved(Some("aarch64"), Some("cortex-a53"));
        assert_eq!(
            given.machine.triple.as_str(),
            without.machine.triple.as_str()
        );
        assert_eq!(
            given.machine.features.as_str(),
            without.machine.features.as_str()
        );
    }
    let mut thumb = with_abi("thumbv7", Some("cortex-a9"), "eabi");
    thumb.cpu_features = Some("-neon,-vfpv3".to_owned());
    let thumb = Target::resolve(&thumb).unwrap();
    assert_eq!(thumb.machine.features.as_str(), "-fpregs,-neon,-vfp3");
}

/// Floats in registers that the processor lacks would not reach the callee.
#[test]
fn hard_float_needs_a_unit() {
    for (arch, cpu, processor) in [
        ("thumbv7em", Some("cortex-m3"), "cortex-m3"),
        ("thumbv7m", None, "thumbv7m"),
        ("armv4", None, "armv4"),
        ("thumbv4t", None, "thumbv4t"),
    ] {
        assert_eq!(
            refusal(&with_abi(arch, cpu, "eabihf")),
            format!(
                "target ABI `eabihf` passes floats in registers that `{processor}` does not have; \
                 `eabi` does not"
            )
        );
    }
    for (arch, cpu) in [
        ("armv6", None),
        ("armv5te", None),
        ("armv7", None),
        ("thumbv8.1m.main", None),
        ("thumbv7em", Some("cortex-m7")),
        ("thumbv7em", Some("nrf52840")),
    ] {
        Target::resolve(&with_abi(arch, cpu, "eabihf")).unwrap();
    }
}

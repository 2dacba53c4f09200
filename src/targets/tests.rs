//! Tests of target resolution, and of the processor tables against LLVM itself.

use super::arch::Spelling;
use super::*;
use crate::options::OptLevel;

mod names;
mod needs;
mod processors;

const X86_TUNING: &str = "+prefer-no-gather,+prefer-no-scatter";

fn options(arch: Option<&str>, cpu: Option<&str>, features: Option<&str>) -> TargetOptions {
    TargetOptions {
        arch: arch.map(str::to_owned),
        abi: None,
        cpu: cpu.map(str::to_owned),
        cpu_features: features.map(str::to_owned),
    }
}

fn refusal(options: &TargetOptions) -> String {
    let error = Target::resolve(options).expect_err("the target must be refused");
    crate::cli::sentence(&error.into())
}

#[test]
fn a_named_target_depends_on_the_options_alone() {
    let target = Target::resolve(&options(Some("x86_64"), None, None)).unwrap();
    assert_eq!(target.arch, Arch::X86_64);
    assert_eq!(target.name.as_str(), "x86_64");
    assert_eq!(target.machine.triple.as_str(), "x86_64-pc-linux-gnu");
    assert_eq!(target.abi, "gnu");
    assert_eq!(
        (
            target.machine.cpu.as_str(),
            target.machine.features.as_str()
        ),
        ("x86-64", X86_TUNING)
    );
    assert_eq!(target.pointer_width, PointerWidth::Bits64);
    assert_eq!(target.endianness, Endianness::Little);
    assert!(!target.default_bounds_checks);
    assert_eq!(target.elf_machine, 62);
    assert_eq!(target.elf_flags, 0);
}

#[test]
fn spellings_of_one_target() {
    let named = Target::resolve(&options(Some("x86_64"), None, None)).unwrap();
    for triple in [
        "x86_64-linux-gnu",
        "x86_64-pc-linux-gnu",
        "x86_64-unknown-linux-gnu",
        "x86_64-unknown-linux-musl",
        "x86_64-none-linux-gnu",
        "x86-64",
        "amd64",
    ] {
        let target = Target::resolve(&options(Some(triple), None, None)).unwrap();
        assert_eq!(target, named, "{triple}");
    }
    let with_abi = TargetOptions {
        abi: Some("gnu".to_owned()),
        ..options(Some("x86_64-linux-gnu"), None, None)
    };
    assert_eq!(Target::resolve(&with_abi).unwrap(), named);
}

#[test]
#[cfg(target_arch = "x86_64")]
fn the_host_with_its_processor() {
    let host = Target::resolve(&TargetOptions::default()).unwrap();
    assert_eq!(host.name, "x86_64");
    assert!(
        supported_cpus(&TargetOptions::default())
            .unwrap()
            .contains(&host.machine.cpu.as_str())
    );
    // Every x86-64 machine has it, and says so.
    assert!(
        host.machine
            .features
            .as_str()
            .split(',')
            .any(|item| item == "+cx8")
    );
    assert_eq!(host, Target::resolve(&TargetOptions::default()).unwrap());

    // The caller's features come after the machine's, so they win.
    let without = Target::resolve(&options(None, None, Some("-avx2,-avx"))).unwrap();
    assert_eq!(
        without.machine.features.as_str(),
        format!("{},-avx2,-avx", host.machine.features.as_str())
    );
    // A processor that is named stands for itself.
    let named = Target::resolve(&options(None, Some("haswell"), None)).unwrap();
    assert_eq!(
        (named.machine.cpu.as_str(), named.machine.features.as_str()),
        ("haswell", X86_TUNING)
    );
}

#[test]
fn refusals() {
    let cases = [
        (
            options(Some("pdp11"), None, None),
            "unknown target `pdp11`; --target=help lists them",
        ),
        (
            options(Some("x86_64v2"), None, None),
            "unknown target `x86_64v2` (did you mean `x86_64`?); --target=help lists them",
        ),
        (
            options(Some(""), None, None),
            "unknown target ``; --target=help lists them",
        ),
        (
            options(Some("arc"), None, None),
            "no code can be generated for target `arc`: LLVM has no code generator for it; \
             --target=help lists the targets that there is code for",
        ),
        (
            options(Some("x86_64"), Some("z80"), None),
            "unknown CPU `z80` for target x86_64; --target=x86_64 --cpu=help lists them",
        ),
        (
            // LLVM knows it, and aborts on it.
            options(Some("x86_64"), Some("i486"), None),
            "unknown CPU `i486` for target x86_64 (it is a CPU of i386 targets); --target=x86_64 \
             --cpu=help lists them",
        ),
        (
            options(Some("x86_64"), None, Some("+avx2,+neon")),
            "unknown CPU feature `neon` for target x86_64; --target=x86_64 --cpu-features=+help \
             lists them",
        ),
        (
            options(Some("x86_64"), None, Some("avx2")),
            "CPU feature `avx2` must start with + or - to be turned on or off",
        ),
        (
            options(Some("x86_64"), None, Some("+avx2,")),
            "CPU feature `` must start with + or - to be turned on or off",
        ),
        (
            options(Some("x86_64"), None, Some("-sse2")),
            "CPU feature `sse2` cannot be changed: WAMR's native ABI on x86_64 depends on it",
        ),
        (
            TargetOptions {
                abi: Some("eabihf".to_owned()),
                ..options(Some("x86_64"), None, None)
            },
            "unknown target ABI `eabihf`; target x86_64 supports: gnu",
        ),
    ];
    for (options, expected) in cases {
        assert_eq!(refusal(&options), expected);
    }
}

#[test]
fn every_spelling_of_wamrc_is_known() {
    for (name, full) in [
        ("x86_64", "x86_64"),
        ("i386", "i386"),
        ("aarch64", "aarch64v8"),
        ("aarch64v8.5", "aarch64v8.5"),
        ("aarch64_be", "aarch64_bev8"),
        ("arm", "armv4"),
        ("armeb", "armv4eb"),
        ("thumb", "thumbv4t"),
        ("thumbeb", "thumbv4teb"),
        ("thumbv8.1m.main", "thumbv8.1m.main"),
        ("armv7em", "armv7em"),
        ("armv7eb", "armv7eb"),
        ("riscv32", "riscv32"),
        ("riscv64", "riscv64"),
        ("mips", "mips"),
        ("mipsel", "mipsel"),
        ("xtensa", "xtensa"),
        ("arc", "arc"),
    ] {
        let spelling = Spelling::find(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!(spelling.name, full);
        let big = ["aarch64_be", "armeb", "thumbeb", "armv7eb", "mips"].contains(&name);
        assert_eq!(spelling.endianness == Endianness::Big, big, "{name}");
    }
}

/// The defaults that the loader and the linker of a device depend on.
#[test]
fn defaults_of_every_architecture() {
    // name, name in the file, triple, CPU, features, ABI, e_machine, e_flags
    type Row = (
        &'static str,
        &'static str,
        &'static str,
        &'static str,
        &'static str,
        &'static str,
        u16,
        u32,
    );
    let rows: &[Row] = &[
        (
            "i386",
            "i386",
            "i386-pc-linux-gnu",
            "pentium4",
            X86_TUNING,
            "gnu",
            3,
            0,
        ),
        (
            "i686-linux-gnu",
            "i386",
            "i386-pc-linux-gnu",
            "pentium4",
            X86_TUNING,
            "gnu",
            3,
            0,
        ),
        (
            "aarch64",
            "aarch64v8",
            "aarch64v8-pc-linux-gnu",
            "generic",
            "",
            "gnu",
            183,
            0,
        ),
        (
            "arm64",
            "aarch64v8",
            "aarch64v8-pc-linux-gnu",
            "generic",
            "",
            "gnu",
            183,
            0,
        ),
        (
            "aarch64v8.2",
            "aarch64v8.2",
            "aarch64v8.2-pc-linux-gnu",
            "generic",
            "+v8.2a",
            "gnu",
            183,
            0,
        ),
        (
            "aarch64_be",
            "aarch64_bev8",
            "aarch64_bev8-pc-linux-gnu",
            "generic",
            "",
            "gnu",
            183,
            0,
        ),
        (
            "arm",
            "armv4",
            "armv4-pc-linux-gnueabi",
            "generic",
            "",
            "gnu",
            40,
            0x500_0000,
        ),
        (
            "armeb",
            "armv4eb",
            "armv4eb-pc-linux-gnueabi",
            "generic",
            "",
            "gnu",
            40,
            0x500_0000,
        ),
        (
            "armv7-unknown-linux-gnueabihf",
            "armv7",
            "armv7-pc-linux-gnueabihf",
            "generic",
            "",
            "gnueabihf",
            40,
            0x500_0000,
        ),
        (
            "thumb",
            "thumbv4t",
            "thumbv4t-unknown-none-gnueabi",
            "generic",
            "",
            "gnu",
            40,
            0x500_0000,
        ),
        (
            "thumbv7em-none-eabihf",
            "thumbv7em",
            "thumbv7em-unknown-none-gnueabihf",
            "generic",
            "+vfp4d16sp",
            "eabihf",
            40,
            0x500_0000,
        ),
        (
            "thumbv7m",
            "thumbv7m",
            "thumbv7m-unknown-none-gnueabi",
            "generic",
            "-fpregs",
            "gnu",
            40,
            0x500_0000,
        ),
        // A microcontroller under any name has the Thumb instructions only.
        (
            "armv7m",
            "armv7m",
            "thumbv7m-unknown-none-gnueabi",
            "generic",
            "-fpregs",
            "gnu",
            40,
            0x500_0000,
        ),
        (
            "riscv32",
            "riscv32",
            "riscv32-pc-linux-gnu",
            "generic-rv32",
            "+m,+c,+f,+d",
            "ilp32d",
            243,
            5,
        ),
        (
            "riscv64",
            "riscv64",
            "riscv64-pc-linux-gnu",
            "generic-rv64",
            "+m,+a,+c,+f,+d",
            "lp64d",
            243,
            5,
        ),
        (
            "riscv32-pc-linux-ilp32",
            "riscv32",
            "riscv32-pc-linux-gnu",
            "generic-rv32",
            "+m,+c",
            "ilp32",
            243,
            1,
        ),
        (
            "xtensa",
            "xtensa",
            "xtensa-pc-linux-gnu",
            "esp32",
            "",
            "gnu",
            94,
            0,
        ),
        (
            "mips",
            "mips",
            "mips-pc-linux-gnu",
            "mips32",
            "+xgot",
            "gnu",
            8,
            0x5000_1007,
        ),
        (
            "mipseb",
            "mips",
            "mips-pc-linux-gnu",
            "mips32",
            "+xgot",
            "gnu",
            8,
            0x5000_1007,
        ),
        (
            "mipsel",
            "mipsel",
            "mipsel-pc-linux-gnu",
            "mips32",
            "+xgot",
            "gnu",
            8,
            0x5000_1007,
        ),
    ];
    for &(name, in_file, triple, cpu, features, abi, machine, flags) in rows {
        let target = Target::resolve(&options(Some(name), None, None))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let found = (
            target.name.as_str(),
            target.machine.triple.as_str(),
            target.machine.cpu.as_str(),
            target.machine.features.as_str(),
            target.abi,
        );
        assert_eq!(found, (in_file, triple, cpu, features, abi), "{name}");
        assert_eq!(target.elf_machine, machine, "{name}");
        assert_eq!(target.elf_flags, flags, "{name}");
        let wide = ["aarch64", "arm64", "riscv64"]
            .iter()
            .any(|prefix| name.starts_with(prefix));
        assert_eq!(target.default_bounds_checks, !wide, "{name}");
    }
}

#[test]
fn abis() {
    let with_abi = |arch: &str, abi: &str| TargetOptions {
        abi: Some(abi.to_owned()),
        ..options(Some(arch), None, None)
    };
    for (arch, abi, triple, features) in [
        (
            "thumbv7em",
            "eabihf",
            "thumbv7em-unknown-none-gnueabihf",
            "+vfp4d16sp",
        ),
        ("armv7", "eabi", "armv7-pc-linux-gnueabi", "-fpregs"),
        ("armv7", "gnueabi", "armv7-pc-linux-gnueabi", ""),
        (
            "armv7-linux-gnueabihf",
            "eabihf",
            "armv7-pc-linux-gnueabihf",
            "",
        ),
        ("riscv32", "ilp32f", "riscv32-pc-linux-gnu", "+m,+c,+f"),
        ("riscv64", "lp64", "riscv64-pc-linux-gnu", "+m,+a,+c"),
        (
            "riscv64-unknown-linux-gnu",
            "lp64f",
            "riscv64-pc-linux-gnu",
            "+m,+a,+c,+f",
        ),
    ] {
        let target = Target::resolve(&with_abi(arch, abi)).unwrap();
        assert_eq!(
            (
                target.machine.triple.as_str(),
                target.machine.features.as_str()
            ),
            (triple, features)
        );
        assert_eq!(target.abi, abi);
        target.machine.create(OptLevel::O0).unwrap();
    }
    assert_eq!(
        refusal(&with_abi("riscv64", "ilp32")),
        "unknown target ABI `ilp32`; target riscv64 supports: lp64d, lp64f, lp64"
    );
    assert_eq!(
        refusal(&with_abi("armv7-linux-gnueabi", "eabihf")),
        "target ABI `eabihf` contradicts `gnueabi` in the target triple"
    );
    assert_eq!(
        refusal(&options(Some("riscv64"), None, Some("-d"))),
        "CPU feature `d` cannot be changed: WAMR's native ABI on riscv64 depends on it"
    );
    Target::resolve(&options(Some("riscv64"), None, Some("+f,+d"))).unwrap();
}

#[test]
fn microcontrollers_have_thumb_only() {
    let m55 = Target::resolve(&options(Some("armv7"), Some("cortex-m55"), None)).unwrap();
    assert_eq!((m55.arch, m55.name.as_str()), (Arch::Thumb, "armv7"));
    assert_eq!(m55.machine.triple.as_str(), "thumbv7-unknown-none-gnueabi");
    assert_ne!(m55.tail_calls, TailCalls::Never);
    let a9 = Target::resolve(&options(Some("armv7"), Some("cortex-a9"), None)).unwrap();
    assert_eq!(
        (a9.arch, a9.machine.triple.as_str()),
        (Arch::Arm, "armv7-pc-linux-gnueabi")
    );
    let m0 = Target::resolve(&options(Some("thumbv7"), Some("cortex-m0"), None)).unwrap();
    assert_eq!(m0.tail_calls, TailCalls::Never);
}

#[test]
fn processors_belong_to_their_architecture() {
    let m4 = Target::resolve(&options(Some("thumbv7em"), Some("cortex-m4"), None)).unwrap();
    assert_eq!(
        (m4.machine.cpu.as_str(), m4.machine.features.as_str()),
        ("cortex-m4", "-fpregs")
    );
    assert_eq!(
        refusal(&options(Some("riscv32"), Some("sifive-u74"), None)),
        "unknown CPU `sifive-u74` for target riscv32 (it is a CPU of riscv64 targets); \
         --target=riscv32 --cpu=help lists them"
    );
}

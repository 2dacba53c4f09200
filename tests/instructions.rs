//! Instructions that code must not have, looked for with LLVM's disassembler: those of a unit that
//! is off or absent, and those that use a register of the system's. Each test also compiles for a
//! target that does have them, and finds them there.

use std::path::Path;
use std::process::Command;

use object::{Architecture, Object, ObjectSection, ObjectSymbol, SymbolKind};
use wasmelt::Options;
use wasmelt::options::{OptLevel, OutputFormat, TargetOptions};

/// Every operation on floats that may need an instruction of a floating-point unit, also moves of
/// floats and of whole blocks, calls, and globals.
const FLOATS: &str = r#"(module
    (memory (export "memory") 1)
    (global $g (mut f32) (f32.const 1.5))
    (type $t (func (param f32 f64) (result f64)))
    (table 1 funcref)
    (elem (i32.const 0) $f)
    (func $f (export "f") (type $t)
        (f64.add (f64.promote_f32 (f32.sqrt (local.get 0))) (f64.mul (local.get 1) (f64.const 3))))
    (func (export "g") (param f32 f32 i32 i64) (result f32)
        (global.set $g (f32.div (local.get 0) (global.get $g)))
        (if (f32.lt (local.get 0) (local.get 1))
            (then (f64.store (local.get 2) (f64.load offset=3 (local.get 2)))
                  (f32.store (local.get 2) (f32.convert_i64_u (local.get 3)))))
        (f32.demote_f64 (call_indirect (type $t)
            (f32.min (local.get 0) (local.get 1))
            (f64.convert_i32_u (i32.trunc_sat_f32_u (local.get 1)))
            (i32.and (local.get 2) (i32.const 1)))))
    (func (export "h") (param i32 i32)
        (memory.copy (local.get 0) (local.get 1) (i32.const 64))))"#;

/// What the disassembler is told: it shall know every instruction that must not be there.
#[derive(Clone, Copy)]
struct Disassembler {
    triple: &'static str,
    features: &'static str,
}

const THUMB: Disassembler = Disassembler {
    triple: "thumbv8.1m.main-none-eabi",
    features: "+fp64,+fullfp16,+mve.fp",
};
const ARM: Disassembler = Disassembler {
    triple: "armv8a-none-eabi",
    features: "+neon",
};
const RISCV: Disassembler = Disassembler {
    triple: "riscv32",
    features: "+m,+a,+c,+f,+d",
};
const XTENSA: Disassembler = Disassembler {
    triple: "xtensa",
    features: "+fp,+bool,+loop,+windowed,+density,+mul32,+mul32high,+div32,+nsa,+sext,+minmax",
};
const AARCH64: Disassembler = Disassembler {
    triple: "aarch64",
    features: "",
};
const X86_64: Disassembler = Disassembler {
    triple: "x86_64",
    features: "",
};

/// The instructions of a module for a target, one a line: its name, then its operands.
fn instructions(
    wat: &str,
    options: &[(&str, &str)],
    opt_level: OptLevel,
    disassembler: Disassembler,
) -> Vec<String> {
    let value = |name| {
        let option = options.iter().find(|(option, _)| *option == name);
        option.map(|(_, value)| (*value).to_owned())
    };
    let options = Options {
        target: TargetOptions {
            arch: value("target"),
            abi: value("target-abi"),
            cpu: value("cpu"),
            cpu_features: value("cpu-features"),
        },
        opt_level,
        bounds_checks: Some(true),
        format: OutputFormat::Object,
        ..Options::default()
    };
    let wasm = wat::parse_str(wat).unwrap();
    let object = wasmelt::compile(&wasm, &options)
        .unwrap_or_else(|error| panic!("{:?}: {error}", options.target))
        .bytes;
    let code = code_of_functions(&object);
    let bytes: String = code.iter().map(|byte| format!("{byte:#04x} ")).collect();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    // Of the LLVM that this crate is built with; Cargo's configuration sets it.
    let llvm_mc = Path::new(env!("LLVM_SYS_221_PREFIX")).join("bin/llvm-mc");
    let output = Command::new(llvm_mc)
        .arg("--disassemble")
        .arg(format!("--triple={}", disassembler.triple))
        .arg(format!("--mattr={}", disassembler.features))
        .arg(file.path())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let instructions: Vec<String> = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty() && !line.starts_with('.'))
        .collect();
    // Constants between functions are not in their code, those inside (Arm) few.
    let unknown = String::from_utf8_lossy(&output.stderr)
        .matches("warning")
        .count();
    assert!(instructions.len() > 25 + 10 * unknown, "{text}");
    instructions
}

/// The code of all functions, without the constants between them.
fn code_of_functions(object: &[u8]) -> Vec<u8> {
    let file = object::File::parse(object).unwrap();
    let text = file.section_by_name(".text").unwrap().data().unwrap();
    let mut functions: Vec<_> = file
        .symbols()
        .filter(|symbol| symbol.kind() == SymbolKind::Text && symbol.size() > 0)
        .map(|symbol| {
            // The lowest bit of an address says that a function is Thumb code.
            let is_arm = file.architecture() == Architecture::Arm;
            let start = symbol.address() & !u64::from(is_arm);
            start as usize..(start + symbol.size()) as usize
        })
        .collect();
    functions.sort_by_key(|range| range.start);
    functions
        .into_iter()
        .flat_map(|range| &text[range])
        .copied()
        .collect()
}

const LEVELS: [OptLevel; 3] = [OptLevel::O0, OptLevel::O3, OptLevel::Oz];

/// Whether code of `FLOATS` has an instruction of the floating-point or vector unit of Arm: all of
/// their names begin with `v`, and no other.
fn uses_float_unit(options: &[(&str, &str)], level: OptLevel) -> bool {
    let arm = options.contains(&("cpu", "cortex-a9"));
    instructions(FLOATS, options, level, if arm { ARM } else { THUMB })
        .iter()
        .any(|instruction| instruction.starts_with('v'))
}

/// On a board whose floating-point unit is off, any instruction of it is a fault.
#[test]
fn the_float_unit_of_arm_stays_off_unless_asked_for() {
    let off: &[&[(&str, &str)]] = &[
        &[
            ("target", "thumbv8m.main"),
            ("target-abi", "eabi"),
            ("cpu", "cortex-m33"),
        ],
        &[("target", "thumbv8m.main-none-eabi"), ("cpu", "cortex-m33")],
        &[("target", "thumbv7em"), ("cpu", "cortex-m4")],
        &[
            ("target", "thumbv7"),
            ("cpu", "cortex-m4"),
            ("target-abi", "gnueabi"),
        ],
        &[("target", "armv7"), ("cpu", "cortex-m7")],
        &[("cpu", "nrf52840")],
        &[
            ("target", "thumbv8.1m.main-none-eabi"),
            ("cpu", "cortex-m55"),
        ],
        &[("target", "armv7a-none-eabi"), ("cpu", "cortex-a9")],
        &[
            ("target", "thumbv7"),
            ("target-abi", "eabi"),
            ("cpu-features", "-neon,-vfpv3"),
        ],
    ];
    let on: &[&[(&str, &str)]] = &[
        &[
            ("target", "thumbv8m.main-none-eabihf"),
            ("cpu", "cortex-m33"),
        ],
        &[("target", "thumbv8m.main-none-eabihf")],
        &[
            ("target", "thumbv8m.main-none-eabi"),
            ("cpu", "cortex-m33"),
            ("cpu-features", "+fp-armv8d16sp"),
        ],
        &[("target", "thumbv7em-none-eabi"), ("cpu", "cortex-m4f")],
        &[
            ("target", "armv7-unknown-linux-gnueabi"),
            ("cpu", "cortex-a9"),
        ],
    ];
    for level in LEVELS {
        for (list, expected) in [(off, false), (on, true)] {
            for options in list {
                assert_eq!(
                    uses_float_unit(options, level),
                    expected,
                    "{options:?} {level:?}"
                );
            }
        }
    }
}

/// Names of chips and triples that list what there is: nothing else is in the code.
#[test]
fn what_chips_lack_is_not_used() {
    let floats = |options: &[(&str, &str)], mark: &str, disassembler, level| {
        instructions(FLOATS, options, level, disassembler)
            .iter()
            .any(|instruction| instruction.contains(mark))
    };
    for level in LEVELS {
        for options in [
            &[("cpu", "esp32c3")][..],
            &[("cpu", "esp32c6")],
            &[("target", "riscv32imac-esp-espidf")],
            &[("target", "riscv32imc-unknown-none-elf")],
        ] {
            assert!(!floats(options, "fa", RISCV, level), "{options:?}");
        }
        for options in [&[("cpu", "esp32p4")][..], &[("target", "riscv32")]] {
            assert!(floats(options, "fa", RISCV, level), "{options:?}");
        }
        for (cpu, expected) in [("esp32s2", false), ("esp32s3", true), ("esp32", true)] {
            let options = [("target", "xtensa"), ("cpu", cpu)];
            assert_eq!(floats(&options, ".s ", XTENSA, level), expected, "{cpu}");
        }
    }
}

/// A module whose functions keep many values in registers at once, and one of which has more
/// parameters than there are registers for them.
fn many_values() -> String {
    let loads: String = (0..40)
        .map(|n| {
            format!(
                "(local.set {} (i64.load offset={} (local.get 0)))",
                n + 1,
                n * 8
            )
        })
        .collect();
    let stores: String = (0..40)
        .map(|n| {
            format!(
                "(i64.store offset={} (local.get 0) (i64.mul (local.get {}) (local.get {})))",
                n * 8,
                (n * 7) % 40 + 1,
                n + 1
            )
        })
        .collect();
    format!(
        r#"(module (memory 1)
            (func (export "f") (param i32) (local {}) {loads} {stores}))"#,
        "i64 ".repeat(40)
    )
}

const MANY_PARAMETERS: &str = r#"(module
    (func (export "f") (param i32 i64 f32 i32 i64 i32 i64 i32 i64 i32 f64 i64 i32 f32 f32 f32 f32
        f32 f32 f32 f64 f32) (result i64)
        (i64.add
            (i64.add (i64.mul (i64.extend_i32_s (local.get 9)) (local.get 11))
                     (i64.extend_i32_u (local.get 12)))
            (i64.trunc_sat_f64_s (f64.add (local.get 20) (f64.promote_f32 (local.get 21)))))))"#;

/// macOS, Android and others keep x18 for themselves; macOS even clears it now and then.
#[test]
fn the_platform_register_of_aarch64_is_the_systems() {
    let x18 = |target, level| {
        instructions(&many_values(), &[("target", target)], level, AARCH64)
            .iter()
            .any(|instruction| {
                let mut words = instruction.split(|c: char| !c.is_ascii_alphanumeric());
                words.any(|word| word == "x18" || word == "w18")
            })
    };
    for level in [OptLevel::O1, OptLevel::O3] {
        assert!(x18("aarch64-unknown-linux-gnu", level));
        assert!(!x18("aarch64-apple-darwin", level));
        assert!(!x18("aarch64-linux-android", level));
    }
}

/// On macOS the runtime passes arguments as on Linux, those on the stack in eight bytes each
/// (`invokeNative_aarch64.s`): the code must be the same.
#[test]
fn code_for_macos_takes_its_arguments_as_code_for_linux() {
    for (arch, disassembler) in [("aarch64", AARCH64), ("x86_64", X86_64)] {
        for level in LEVELS {
            let [linux, macos] = ["unknown-linux-gnu", "apple-darwin"].map(|system| {
                let target = format!("{arch}-{system}");
                instructions(MANY_PARAMETERS, &[("target", &target)], level, disassembler)
            });
            assert_eq!(linux, macos);
            let stack = if arch == "aarch64" { "[sp" } else { "(%rsp)" };
            assert!(linux.iter().any(|line| line.contains(stack)), "{linux:?}");
        }
    }
}

/// A function with two products and one with a sum and a difference, of 128 bits each.
const WIDE: &str = r#"(module
    (func (export "products") (param i64 i64 i64 i64) (result i64 i64 i64 i64)
        (i64.mul_wide_u (local.get 0) (local.get 1))
        (i64.mul_wide_s (local.get 2) (local.get 3)))
    (func (export "sums") (param i64 i64 i64 i64) (result i64 i64 i64 i64)
        (i64.add128 (local.get 0) (local.get 1) (local.get 2) (local.get 3))
        (i64.sub128 (local.get 0) (local.get 1) (local.get 2) (local.get 3))))"#;

#[test]
fn wide_arithmetic_takes_one_instruction_for_each_half() {
    let riscv64 = Disassembler {
        triple: "riscv64",
        features: "+m,+a,+c,+f,+d",
    };
    let cases = [
        ("x86_64", X86_64, &["mulq", "imulq", "adcq", "sbbq"][..]),
        ("aarch64", AARCH64, &["umulh", "smulh", "adc", "sbc"]),
        ("riscv64", riscv64, &["mulhu", "mulh"]),
    ];
    for (target, disassembler, expected) in cases {
        let options = [("target", target)];
        let found = instructions(WIDE, &options, OptLevel::O3, disassembler);
        let names = || {
            found
                .iter()
                .map(|line| line.split(' ').next().unwrap_or_default())
        };
        for name in expected {
            let count = names().filter(|found| found == name).count();
            assert_eq!(count, 1, "{name} for {target}: {found:#?}");
        }
        // The products of the lower halves are there already on x86.
        let products = names().filter(|name| *name == "mul").count();
        assert_eq!(
            products,
            if target == "x86_64" { 0 } else { 2 },
            "{found:#?}"
        );
    }
}

#[test]
fn wide_arithmetic_calls_nothing_on_32_bit_targets() {
    for (target, cpu) in [
        ("i386", ""),
        ("thumbv6m", "cortex-m0"),
        ("thumbv7em", "cortex-m4"),
        ("armv7", ""),
        ("riscv32", ""),
        ("xtensa", ""),
        ("mipsel", ""),
    ] {
        for opt_level in [OptLevel::O0, OptLevel::O3, OptLevel::Oz] {
            let options = Options {
                target: TargetOptions {
                    arch: Some(target.to_owned()),
                    cpu: (!cpu.is_empty()).then(|| cpu.to_owned()),
                    ..TargetOptions::default()
                },
                opt_level,
                // Its text calls nothing of the runtime.
                stack_bounds_checks: Some(false),
                format: OutputFormat::Object,
                ..Options::default()
            };
            let wasm = wat::parse_str(WIDE).unwrap();
            let object = wasmelt::compile(&wasm, &options).unwrap().bytes;
            let file = object::File::parse(&*object).unwrap();
            let undefined: Vec<_> = file
                .symbols()
                .filter(|symbol| symbol.is_undefined())
                .filter_map(|symbol| symbol.name().ok().map(str::to_owned))
                // Arm's product of 64 bits, which `i64.mul` calls as well.
                .filter(|name| !name.is_empty() && name != "__aeabi_lmul")
                .collect();
            assert_eq!(undefined, [""; 0], "{target}, {opt_level:?}");
        }
    }
}

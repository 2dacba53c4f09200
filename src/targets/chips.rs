//! Chips whose names determine the processor, and cores whose names determine the instruction set.
//!
//! Facts about Espressif's chips are from ESP-IDF: the options of its RISC-V toolchains, and for Xtensa the
//! configuration of each core (`xtensa/config/core-isa.h`).

/// A chip, or another name of a processor, for `--cpu=`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chip {
    pub name: &'static str,
    /// The chip's target if the options name none.
    pub target: &'static str,
    /// The chip's LLVM processor, or the most similar one.
    pub cpu: &'static str,
    /// The features that the chip has beyond `cpu` or lacks.
    pub features: &'static str,
    /// The ABI of its maker's toolchain, if it is not the target's default.
    pub abi: Option<&'static str>,
}

impl Chip {
    pub fn find(name: &str) -> Option<&'static Chip> {
        CHIPS.iter().find(|chip| chip.name == name)
    }

    /// Returns the chip in the vendor of a triple: `xtensa-esp32s3-elf` (Espressif),
    /// `xtensa-espressif_esp32s3_zephyr-elf` (Zephyr).
    pub fn of_vendor(vendor: &str) -> Option<&'static Chip> {
        vendor.split('_').find_map(Chip::find)
    }
}

/// Returns the target that `cpu` implies: `cpu` is a chip, or a core with one instruction set.
pub(super) fn target_of(cpu: &str) -> Option<&'static str> {
    match Chip::find(cpu) {
        Some(chip) => Some(chip.target),
        // A chip that LLVM knows.
        None if cpu == "esp32" => Some("xtensa"),
        None => CORES
            .iter()
            .find(|(core, _)| *core == cpu)
            .map(|(_, target)| *target),
    }
}

/// Reports whether an LLVM processor has only Thumb instructions.
pub(super) fn is_microcontroller(cpu: &str) -> bool {
    CORES.iter().any(|(core, _)| *core == cpu)
}

/// All LLVM processors with only Thumb instructions, with their targets.
pub(super) const CORES: &[(&str, &str)] = &[
    ("cortex-m0", "thumbv6m"),
    ("cortex-m0plus", "thumbv6m"),
    ("cortex-m1", "thumbv6m"),
    ("sc000", "thumbv6m"),
    ("cortex-m3", "thumbv7m"),
    ("sc300", "thumbv7m"),
    ("cortex-m4", "thumbv7em"),
    ("cortex-m7", "thumbv7em"),
    ("cortex-m23", "thumbv8m.base"),
    ("cortex-m33", "thumbv8m.main"),
    ("cortex-m35p", "thumbv8m.main"),
    ("star-mc1", "thumbv8m.main"),
    ("cortex-m52", "thumbv8.1m.main"),
    ("cortex-m55", "thumbv8.1m.main"),
    ("cortex-m85", "thumbv8.1m.main"),
    ("star-mc3", "thumbv8.1m.main"),
];

pub(super) static CHIPS: &[Chip] = &[
    // An LX7 without floating-point unit.
    xtensa("esp32s2", "-fp,-dfpaccel,-bool,-loop,-mac16,-s32c1i"),
    xtensa("esp32s3", "-dfpaccel"),
    riscv("esp32c2", "+m,+c", "ilp32"),
    riscv("esp32c3", "+m,+c", "ilp32"),
    riscv("esp32c5", "+m,+a,+c", "ilp32"),
    riscv("esp32c6", "+m,+a,+c", "ilp32"),
    riscv("esp32c61", "+m,+a,+c", "ilp32"),
    riscv("esp32h2", "+m,+a,+c", "ilp32"),
    riscv("esp32p4", "+m,+a,+f,+c", "ilp32f"),
    arm("cortex-m0+", "thumbv6m", "cortex-m0plus"),
    // The name says that the core has its floating-point unit, so code may use it.
    Chip {
        features: "+vfp4d16sp",
        ..arm("cortex-m4f", "thumbv7em", "cortex-m4")
    },
    arm("nrf51822", "thumbv6m", "cortex-m0"),
    arm("nrf52832", "thumbv7em", "cortex-m4"),
    arm("nrf52833", "thumbv7em", "cortex-m4"),
    arm("nrf52840", "thumbv7em", "cortex-m4"),
    arm("nrf9160", "thumbv8m.main", "cortex-m33"),
    arm("rp2040", "thumbv6m", "cortex-m0plus"),
    arm("samd21", "thumbv6m", "cortex-m0plus"),
    arm("samd51", "thumbv7em", "cortex-m4"),
    arm("stm32f103", "thumbv7m", "cortex-m3"),
    arm("stm32f205", "thumbv7m", "cortex-m3"),
    arm("stm32f405", "thumbv7em", "cortex-m4"),
    arm("stm32f407", "thumbv7em", "cortex-m4"),
    arm("stm32f411", "thumbv7em", "cortex-m4"),
    arm("stm32f746", "thumbv7em", "cortex-m7"),
    arm("stm32h743", "thumbv7em", "cortex-m7"),
    arm("stm32u585", "thumbv8m.main", "cortex-m33"),
];

const fn xtensa(name: &'static str, features: &'static str) -> Chip {
    Chip {
        name,
        target: "xtensa",
        cpu: "esp32",
        features,
        abi: None,
    }
}

const fn riscv(name: &'static str, features: &'static str, abi: &'static str) -> Chip {
    Chip {
        name,
        target: "riscv32",
        cpu: "generic-rv32",
        features,
        abi: Some(abi),
    }
}

const fn arm(name: &'static str, target: &'static str, cpu: &'static str) -> Chip {
    Chip {
        name,
        target,
        cpu,
        features: "",
        abi: None,
    }
}

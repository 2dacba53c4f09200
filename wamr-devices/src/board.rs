//! Boards: machines without an operating system, whose flash holds a runtime and a file.

/// How the firmware of several boards is built.
#[derive(Debug, PartialEq, Eq)]
pub struct Core {
    pub name: &'static str,
    /// Of the cross compiler, as in `arm-none-eabi-gcc`.
    pub toolchain: &'static str,
    pub c_flags: &'static str,
    /// What links an image beside the firmware.
    pub link_flags: &'static [&'static str],
    /// CMake's name of the machine.
    pub processor: &'static str,
    /// `WAMR_BUILD_TARGET`.
    pub wamr_target: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Board {
    pub name: &'static str,
    pub core: &'static Core,
    /// The emulator and what tells it the machine.
    pub emulator: &'static [&'static str],
    /// Start and size; the size of flash is a power of two and divides its start.
    pub flash: (u32, u32),
    pub ram: (u32, u32),
    /// Options of the compiler's command for files that run here, as users write them: `wamrc`'s
    /// names, the names of Rust's targets, and those of chips.
    pub options: &'static [&'static str],
}

const NEWLIB: &[&str] = &["--specs=nano.specs", "--specs=nosys.specs"];
const KIB: u32 = 1024;
const MIB: u32 = 1024 * KIB;

const M3: Core = Core {
    name: "cortex-m3",
    toolchain: "arm-none-eabi",
    c_flags: "-mcpu=cortex-m3 -mthumb",
    link_flags: NEWLIB,
    processor: "arm",
    wamr_target: "THUMBV7M",
};
const M4: Core = Core {
    name: "cortex-m4",
    toolchain: "arm-none-eabi",
    c_flags: "-mcpu=cortex-m4 -mthumb -mfloat-abi=hard",
    link_flags: NEWLIB,
    processor: "arm",
    wamr_target: "THUMBV7EM_VFP",
};
/// Firmware that leaves the floating-point unit off, as it is after a reset.
const M4_OFF: Core = Core {
    name: "cortex-m4-off",
    c_flags: "-mcpu=cortex-m4 -mthumb -mfloat-abi=soft",
    wamr_target: "THUMBV7EM",
    ..M4
};
const M33: Core = Core {
    name: "cortex-m33",
    toolchain: "arm-none-eabi",
    c_flags: "-mcpu=cortex-m33 -mthumb -mfloat-abi=hard",
    link_flags: NEWLIB,
    processor: "arm",
    wamr_target: "THUMBV8M.MAIN_VFP",
};
const M55: Core = Core {
    name: "cortex-m55",
    toolchain: "arm-none-eabi",
    c_flags: "-mcpu=cortex-m55 -mthumb -mfloat-abi=hard",
    link_flags: NEWLIB,
    processor: "arm",
    wamr_target: "THUMBV8.1M.MAIN_VFP",
};
const RV32: Core = Core {
    name: "rv32imac",
    toolchain: "riscv64-unknown-elf",
    c_flags: "-march=rv32imac -mabi=ilp32 --specs=picolibc.specs",
    link_flags: &[],
    processor: "riscv",
    wamr_target: "RISCV32_ILP32",
};

pub const BOARDS: &[Board] = &[
    Board {
        name: "netduino2",
        core: &M3,
        emulator: &["qemu-system-arm", "-M", "netduino2"],
        flash: (0x0800_0000, MIB),
        ram: (0x2000_0000, 128 * KIB),
        options: &[
            "--cpu=stm32f205",
            "--xip",
            "--enable-builtin-intrinsics=i64.common,fp.common,fpxint",
        ],
    },
    Board {
        name: "mps2-an385",
        core: &M3,
        emulator: &["qemu-system-arm", "-M", "mps2-an385"],
        flash: (0, 4 * MIB),
        ram: (0x2000_0000, 4 * MIB),
        options: &["--target=thumbv7m-none-eabi", "--cpu=cortex-m3", "--xip"],
    },
    Board {
        name: "netduinoplus2",
        core: &M4,
        emulator: &["qemu-system-arm", "-M", "netduinoplus2"],
        flash: (0x0800_0000, MIB),
        ram: (0x2000_0000, 128 * KIB),
        options: &[
            "--target=thumbv7em",
            "--target-abi=eabihf",
            "--cpu=cortex-m4",
            "--xip",
        ],
    },
    Board {
        name: "mps2-an386",
        core: &M4,
        emulator: &["qemu-system-arm", "-M", "mps2-an386"],
        flash: (0, 4 * MIB),
        ram: (0x2000_0000, 4 * MIB),
        options: &["--target=thumbv7em-none-eabihf", "--xip"],
    },
    Board {
        name: "mps2-an386-off",
        core: &M4_OFF,
        emulator: &["qemu-system-arm", "-M", "mps2-an386"],
        flash: (0, 4 * MIB),
        ram: (0x2000_0000, 4 * MIB),
        options: &["--target=thumbv7em-none-eabi", "--cpu=cortex-m4", "--xip"],
    },
    Board {
        name: "mps2-an505",
        core: &M33,
        emulator: &["qemu-system-arm", "-M", "mps2-an505"],
        flash: (0x1000_0000, 2 * MIB),
        ram: (0x3800_0000, 2 * MIB),
        options: &[
            "--target=thumbv8m.main-none-eabihf",
            "--cpu=cortex-m33",
            "--xip",
        ],
    },
    Board {
        name: "mps3-an547",
        core: &M55,
        emulator: &["qemu-system-arm", "-M", "mps3-an547"],
        flash: (0, 512 * KIB),
        ram: (0x3000_0000, 512 * KIB),
        options: &[
            "--target=thumbv8.1m.main",
            "--target-abi=eabihf",
            "--cpu=cortex-m55",
            "--xip",
            "--enable-builtin-intrinsics=i64.common",
        ],
    },
    Board {
        name: "riscv32-virt",
        core: &RV32,
        emulator: &["qemu-system-riscv32", "-M", "virt", "-bios", "none"],
        flash: (0x8000_0000, MIB),
        ram: (0x8010_0000, MIB),
        options: &["--target=riscv32imac-unknown-none-elf", "--xip"],
    },
];

impl Board {
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Board> {
        BOARDS.iter().find(|board| board.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_flash_can_be_protected() {
        for board in BOARDS {
            assert_eq!(Board::find(board.name), Some(board));
            let (start, size) = board.flash;
            assert!(
                size.is_power_of_two() && start % size == 0,
                "{}",
                board.name
            );
        }
    }
}

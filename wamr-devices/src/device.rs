//! The devices: how their agents are built and run, and how code for them is compiled.

/// A machine with an operating system, emulated as far as its user programs go.
#[derive(Debug, PartialEq, Eq)]
pub struct Device {
    pub name: &'static str,
    /// Of the cross compiler, as in `aarch64-linux-gnu-gcc`.
    pub toolchain: &'static str,
    pub c_flags: &'static str,
    /// CMake's name of the machine.
    pub processor: &'static str,
    /// `WAMR_BUILD_TARGET`. The runtime compares it with the architecture in a file's head.
    pub wamr_target: &'static str,
    /// Whether the runtime can be built with SIMD for the machine.
    pub simd: bool,
    /// Whether the runtime catches accesses out of bounds in a signal handler.
    pub hardware_bounds: bool,
    /// Whether functions return floats in registers of the x87 unit, where no NaN is signalling.
    pub x87_results: bool,
    /// None if this machine runs the device's programs itself.
    pub emulator: Option<&'static str>,
    /// What the emulated processor has beyond the emulator's default.
    pub emulator_options: &'static [&'static str],
    /// What code for the device is compiled with, in the compiler's words.
    pub arch: &'static str,
    pub abi: Option<&'static str>,
    pub cpu: Option<&'static str>,
    pub cpu_features: Option<&'static str>,
}

pub const DEVICES: &[Device] = &[
    Device {
        name: "thumbv7",
        toolchain: "arm-linux-gnueabi",
        c_flags: "-march=armv7-a -mthumb -mfloat-abi=soft",
        processor: "arm",
        wamr_target: "THUMBV7",
        simd: false,
        hardware_bounds: false,
        x87_results: false,
        emulator: Some("qemu-arm"),
        emulator_options: &[],
        arch: "thumbv7",
        abi: Some("eabi"),
        cpu: None,
        cpu_features: None,
    },
    Device {
        name: "armv7",
        toolchain: "arm-linux-gnueabi",
        c_flags: "-march=armv7-a -marm -mfloat-abi=soft",
        processor: "arm",
        wamr_target: "ARMV7",
        simd: false,
        hardware_bounds: false,
        x87_results: false,
        emulator: Some("qemu-arm"),
        emulator_options: &[],
        arch: "armv7",
        // Linux turns the floating-point unit on, also for code with the soft-float ABI.
        abi: Some("gnueabi"),
        cpu: None,
        cpu_features: None,
    },
    Device {
        name: "armv7-hf",
        toolchain: "arm-linux-gnueabihf",
        c_flags: "-march=armv7-a+fp -marm",
        processor: "arm",
        wamr_target: "ARMV7_VFP",
        simd: false,
        hardware_bounds: false,
        x87_results: false,
        emulator: Some("qemu-arm"),
        emulator_options: &[],
        arch: "armv7",
        abi: Some("gnueabihf"),
        cpu: Some("cortex-a9"),
        cpu_features: None,
    },
    Device {
        name: "thumbv7-hf",
        toolchain: "arm-linux-gnueabihf",
        c_flags: "-march=armv7-a+fp -mthumb",
        processor: "arm",
        wamr_target: "THUMBV7_VFP",
        simd: false,
        hardware_bounds: false,
        x87_results: false,
        emulator: Some("qemu-arm"),
        emulator_options: &[],
        arch: "thumbv7",
        abi: Some("gnueabihf"),
        cpu: Some("cortex-a9"),
        cpu_features: None,
    },
    Device {
        name: "aarch64",
        toolchain: "aarch64-linux-gnu",
        c_flags: "",
        processor: "aarch64",
        wamr_target: "AARCH64V8",
        simd: true,
        hardware_bounds: true,
        x87_results: false,
        emulator: Some("qemu-aarch64"),
        emulator_options: &[],
        arch: "aarch64",
        abi: None,
        cpu: None,
        cpu_features: None,
    },
    Device {
        name: "riscv64",
        toolchain: "riscv64-linux-gnu",
        c_flags: "",
        processor: "riscv64",
        wamr_target: "RISCV64_LP64D",
        simd: false,
        hardware_bounds: true,
        x87_results: false,
        emulator: Some("qemu-riscv64"),
        emulator_options: &["-cpu", "rv64,v=true,vext_spec=v1.0"],
        arch: "riscv64",
        abi: Some("lp64d"),
        cpu: None,
        cpu_features: None,
    },
    Device {
        name: "i386",
        toolchain: "i686-linux-gnu",
        c_flags: "",
        processor: "i686",
        wamr_target: "X86_32",
        simd: false,
        hardware_bounds: false,
        x87_results: true,
        emulator: None,
        emulator_options: &[],
        arch: "i386",
        abi: None,
        cpu: None,
        cpu_features: None,
    },
];

impl Device {
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Device> {
        DEVICES.iter().find(|device| device.name == name)
    }

    /// Options of the compiler's command for files that run here.
    #[must_use]
    pub fn compiler_options(&self) -> Vec<String> {
        [
            ("target", Some(self.arch)),
            ("target-abi", self.abi),
            ("cpu", self.cpu),
            ("cpu-features", self.cpu_features),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("--{name}={}", value?)))
        .collect()
    }

    /// A command that runs the device's program at that path.
    #[must_use]
    pub fn command(&self, program: &std::path::Path) -> std::process::Command {
        match self.emulator {
            Some(emulator) => {
                let mut command = std::process::Command::new(emulator);
                command.args(self.emulator_options).arg(program);
                command
            }
            None => std::process::Command::new(program),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        for device in DEVICES {
            assert_eq!(Device::find(device.name), Some(device));
        }
        assert_eq!(Device::find("toaster"), None);
    }
}

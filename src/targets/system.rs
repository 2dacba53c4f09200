//! Operating systems: reads the part of a triple behind the architecture.
//!
//! The file format is the same for every system. On all supported systems, the runtime calls compiled code by
//! the same convention. On macOS too, its `invokeNative` gives each argument on the stack eight bytes, as the
//! base standard for AArch64 does and Apple's does not. So LLVM generates code for Linux, or for no system;
//! [`System`] holds the differences.

use target_lexicon::{BinaryFormat, Environment, OperatingSystem};

use super::arch::{Abi, Support};
use super::chips::Chip;
use super::error::Error;
use crate::arch::Arch;

/// An operating system that WAMR runs on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct System {
    pub name: &'static str,
    /// The architectures of the system; empty if all are possible.
    archs: &'static [Arch],
    /// Whether the runtime's port, on 64-bit machines, has guard pages around linear memory and
    /// stack (`OS_ENABLE_HW_BOUND_CHECK` in its `platform_internal.h`).
    pub guard_pages: bool,
    /// Whether the system keeps the register x18 of AArch64 for itself.
    pub reserves_x18: bool,
}

const fn system(name: &'static str, guard_pages: bool) -> System {
    System {
        name,
        archs: &[],
        guard_pages,
        reserves_x18: false,
    }
}

static LINUX: System = system("linux", true);
static ANDROID: System = System {
    reserves_x18: true,
    ..system("android", true)
};
static MACOS: System = System {
    archs: &[Arch::X86_64, Arch::Aarch64],
    reserves_x18: true,
    ..system("darwin", true)
};
static FREEBSD: System = system("freebsd", true);
static VXWORKS: System = system("vxworks", true);
static NONE: System = system("none", false);
static ESPIDF: System = System {
    archs: &[Arch::Xtensa, Arch::Riscv32],
    ..system("espidf", false)
};
static NUTTX: System = system("nuttx", false);
static ZEPHYR: System = system("zephyr", false);

static SYSTEMS: [&System; 9] = [
    &LINUX, &ANDROID, &MACOS, &FREEBSD, &VXWORKS, &NONE, &ESPIDF, &NUTTX, &ZEPHYR,
];

/// The reason why Windows (the runtime's ABI `msvc`) is not supported.
pub(super) const NO_WINDOWS: &str = "the runtime on Windows resumes compiled code after an \
     instruction that trapped, which Wasmelt's code does not expect";

impl System {
    /// Returns the host's system.
    pub fn host() -> &'static System {
        match std::env::consts::OS {
            "macos" => &MACOS,
            "freebsd" => &FREEBSD,
            "android" => &ANDROID,
            _ => &LINUX,
        }
    }

    /// Returns the system if the options give no triple.
    pub fn unsaid() -> &'static System {
        &LINUX
    }

    /// Reports whether the kernel is Linux.
    pub fn is_linux(&self) -> bool {
        [LINUX.name, ANDROID.name].contains(&self.name)
    }

    fn is_for(&self, arch: Arch) -> bool {
        self.archs.is_empty() || self.archs.contains(&arch)
    }
}

/// The parts of a triple behind its architecture.
#[derive(Debug)]
pub(super) struct Rest {
    pub system: &'static System,
    pub abi: Option<&'static Abi>,
    pub chip: Option<&'static Chip>,
}

/// One part behind the architecture.
enum Part {
    System(&'static System),
    Abi(&'static Abi),
    /// The part has no meaning here.
    Neutral,
    /// Bare-metal code, without a system.
    Elf,
    Unsupported(&'static str),
    Unknown,
}

/// Parses `rest`, the part of `triple` behind the architecture.
pub(super) fn parse(
    triple: &str,
    rest: &str,
    arch: Arch,
    support: &'static Support,
) -> Result<Rest, Error> {
    let mut system = None;
    let mut elf = false;
    let mut abi = None;
    let mut chip = None;
    for (position, text) in rest.split('-').enumerate() {
        match Part::of(text, support) {
            // `none` is a vendor as well: what follows it counts.
            Part::System(found) if found.is_for(arch) => system = Some(found),
            Part::System(_) => return Err(unsupported(triple, "system", text, arch, support)),
            Part::Unsupported(part) => return Err(unsupported(triple, part, text, arch, support)),
            Part::Abi(found) => abi = Some(found),
            Part::Elf => elf = true,
            Part::Neutral => {}
            // Any name will do for a vendor.
            Part::Unknown if position == 0 && rest.contains('-') => {
                chip = Chip::of_vendor(text);
                system = text.ends_with("zephyr").then_some(&ZEPHYR);
            }
            Part::Unknown => {
                return Err(Error::MalformedTriple {
                    triple: triple.to_owned(),
                    part: text.to_owned(),
                });
            }
        }
    }
    Ok(Rest {
        // Where nothing but the file format is said, there is no system.
        system: system.unwrap_or(if elf { &NONE } else { System::unsaid() }),
        abi,
        chip,
    })
}

impl Part {
    fn of(text: &str, support: &'static Support) -> Part {
        // Before all others: `riscv32-pc-linux-ilp32` is a triple of `wamrc`'s only.
        if let Some(abi) = support.abi(text) {
            return Part::Abi(abi);
        }
        let linux_abi = |name| {
            support
                .abi(name)
                .map_or(Part::Unsupported("ABI"), Part::Abi)
        };
        match text {
            // Names that target-lexicon does not know.
            "nuttx" => return Part::System(&NUTTX),
            "zephyr" => return Part::System(&ZEPHYR),
            "mingw32" | "mingw64" | "win32" => return Part::Unsupported("system"),
            _ if text.starts_with("macos") => return Part::System(&MACOS),
            _ => {}
        }
        if let Ok(system) = text.parse::<OperatingSystem>() {
            return match system {
                OperatingSystem::Unknown => Part::Neutral,
                OperatingSystem::None_ => Part::System(&NONE),
                OperatingSystem::Linux => Part::System(&LINUX),
                OperatingSystem::Darwin(_) | OperatingSystem::MacOSX(_) => Part::System(&MACOS),
                OperatingSystem::Freebsd => Part::System(&FREEBSD),
                OperatingSystem::VxWorks => Part::System(&VXWORKS),
                OperatingSystem::Espidf => Part::System(&ESPIDF),
                _ => Part::Unsupported("system"),
            };
        }
        if let Ok(environment) = text.parse::<Environment>() {
            return match environment {
                // Compiled code calls into the runtime only, so the C library makes no difference.
                Environment::Gnu
                | Environment::GnuLlvm
                | Environment::Musl
                | Environment::Uclibc
                | Environment::Newlib => Part::Neutral,
                Environment::Android | Environment::Ohos => Part::System(&ANDROID),
                Environment::Androideabi | Environment::Uclibceabi => linux_abi("gnueabi"),
                Environment::Uclibceabihf => linux_abi("gnueabihf"),
                _ => Part::Unsupported("ABI"),
            };
        }
        match text.parse::<BinaryFormat>() {
            Ok(BinaryFormat::Elf) => Part::Elf,
            Ok(_) => Part::Unsupported("file format"),
            Err(()) => Part::Unknown,
        }
    }
}

fn unsupported(
    triple: &str,
    part: &'static str,
    found: &str,
    arch: Arch,
    support: &Support,
) -> Error {
    let supported = match part {
        "system" => {
            let systems = SYSTEMS.iter().filter(|system| system.is_for(arch));
            systems.map(|system| system.name).collect()
        }
        "ABI" => support.abi_names(),
        _ => vec!["elf"],
    };
    let windows = ["windows", "win32", "mingw32", "mingw64", "cygwin", "msvc"].contains(&found);
    Error::UnsupportedTriple {
        triple: triple.to_owned(),
        part,
        found: found.to_owned(),
        supported: supported.join(", "),
        reason: windows.then_some(NO_WINDOWS),
    }
}

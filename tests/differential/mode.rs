//! The ways of compiling: bounds checks, level, processor, machine.

use std::fmt;

use test_support::processors;
use wamr_devices::Device;
use wasmelt::options::OptLevel;

use crate::random::Random;

/// What code is made for: options of the compiler's target, `None` for the machine's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Processor {
    pub cpu: Option<&'static str>,
    pub features: Option<&'static str>,
}

impl Processor {
    const OWN: Processor = Processor {
        cpu: None,
        features: None,
    };

    const fn named(cpu: &'static str) -> Self {
        Processor {
            cpu: Some(cpu),
            features: None,
        }
    }

    const fn with(features: &'static str) -> Self {
        Processor {
            cpu: None,
            features: Some(features),
        }
    }
}

/// Processors whose code the emulator of the device executes: which accesses LLVM merges, splits or
/// makes narrower depends on them. Two of them have scalable vectors.
fn of_device(device: &Device) -> &'static [Processor] {
    const AARCH64: &[Processor] = &[
        Processor::OWN,
        Processor::named("cortex-a76"),
        Processor::named("apple-m1"),
        Processor::named("neoverse-v1"),
        Processor::named("neoverse-v2"),
        Processor::with("+strict-align"),
    ];
    const RISCV64: &[Processor] = &[
        Processor::OWN,
        Processor::named("sifive-u74"),
        Processor::with("+zba,+zbb,+zbs"),
        Processor::with("+unaligned-scalar-mem"),
        Processor::named("sifive-p450"),
        Processor::with("+v,+unaligned-scalar-mem,+unaligned-vector-mem"),
    ];
    match device.arch {
        "aarch64" => AARCH64,
        "riscv64" => RISCV64,
        _ => &[Processor::OWN],
    }
}

/// One way of compiling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mode {
    /// The machine that executes the code, `None` for this one.
    device: Option<&'static Device>,
    pub software_bounds: bool,
    pub opt_level: OptLevel,
    /// Memory, globals and tables are compared after traps, too.
    pub exact_memory: bool,
    pub processor: Processor,
    /// The file is executed where it lies.
    pub in_place: bool,
}

impl Mode {
    const SETTINGS: [Mode; 7] = [
        Mode::new(false, OptLevel::O0),
        Mode::new(false, OptLevel::O1),
        Mode::new(false, OptLevel::O2),
        Mode::new(false, OptLevel::O3),
        Mode::new(false, OptLevel::Oz),
        Mode::new(true, OptLevel::O0),
        Mode::new(true, OptLevel::O3),
    ];

    /// Those of code for devices.
    const LEVELS: [OptLevel; 5] = [
        OptLevel::O0,
        OptLevel::O1,
        OptLevel::O3,
        OptLevel::Os,
        OptLevel::Oz,
    ];

    const fn new(software_bounds: bool, opt_level: OptLevel) -> Self {
        Mode {
            device: None,
            software_bounds,
            opt_level,
            exact_memory: false,
            processor: Processor::OWN,
            in_place: false,
        }
    }

    /// Every setting, for this machine's processor and for each of the others, and those in which
    /// traps come from the hardware also with exact memory.
    pub fn all() -> Vec<Mode> {
        let others = processors::others().into_iter().map(Processor::named);
        let exact = Mode::SETTINGS
            .into_iter()
            .filter(|mode| !mode.software_bounds)
            .map(|mode| Mode {
                exact_memory: true,
                ..mode
            });
        std::iter::once(Processor::OWN)
            .chain(others)
            .flat_map(|processor| Mode::SETTINGS.map(|mode| Mode { processor, ..mode }))
            .chain(exact)
            .collect()
    }

    /// Every setting for this machine's processor and, for one of the others, those in which the
    /// hardware's traps must not be lost. Seeds in a row take the processors in turns. Half of the
    /// settings have exact memory, others for each seed.
    pub fn of_seed(seed: u64) -> Vec<Mode> {
        let mut random = Random::new(seed);
        let others = processors::others();
        let other = others.get(seed as usize % others.len().max(1));
        let with_other = other.into_iter().flat_map(|&cpu| {
            [OptLevel::O0, OptLevel::O3].map(|opt_level| Mode {
                processor: Processor::named(cpu),
                ..Mode::new(false, opt_level)
            })
        });
        Mode::SETTINGS
            .into_iter()
            .chain(with_other)
            .map(|mode| Mode {
                exact_memory: random.chance(50),
                ..mode
            })
            .collect()
    }

    /// Every level with each of a device's processors.
    pub fn all_on(device: &'static Device) -> Vec<Mode> {
        let modes = |&processor| {
            Mode::LEVELS.map(|opt_level| Mode {
                device: Some(device),
                processor,
                ..Mode::new(!device.hardware_bounds, opt_level)
            })
        };
        of_device(device).iter().flat_map(modes).collect()
    }

    /// The levels on a device. The seed chooses a processor for each, whether the code is executed in
    /// place, and whether memory is exact.
    pub fn of_seed_on(device: &'static Device, seed: u64) -> Vec<Mode> {
        let processors = of_device(device);
        let mut random = Random::new(seed);
        Mode::LEVELS
            .into_iter()
            .map(|opt_level| Mode {
                device: Some(device),
                processor: *random.pick(processors),
                in_place: random.chance(30),
                exact_memory: random.chance(50),
                ..Mode::new(!device.hardware_bounds, opt_level)
            })
            .collect()
    }

    pub fn device(self) -> Option<&'static Device> {
        self.device
    }

    /// Whether a trap comes at the very point of the program where it belongs. Where the hardware
    /// finds accesses that are out of bounds, the optimiser does not know that they can end the
    /// program: unless memory is exact, another trap may come first, stores before the access may not
    /// have happened yet, and ones after it may.
    pub fn precise_traps(self) -> bool {
        self.software_bounds || self.exact_memory || self.opt_level == OptLevel::O0
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bounds = if self.software_bounds {
            "software"
        } else {
            "hardware"
        };
        write!(f, "{bounds} {:?}", self.opt_level)?;
        if self.exact_memory {
            f.write_str(" with exact memory")?;
        }
        if self.in_place {
            f.write_str(" in place")?;
        }
        if let Some(device) = self.device {
            write!(f, " on {}", device.name)?;
        }
        let names = [self.processor.cpu, self.processor.features];
        for name in names.into_iter().flatten() {
            write!(f, " for {name}")?;
        }
        Ok(())
    }
}

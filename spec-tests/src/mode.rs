//! The ways in which every script is compiled.

use std::fmt;
use std::str::FromStr;

use wamr_devices::Device;
use wasmelt::options::{Features, OptLevel, Options, RuntimeOptions, Segue, Selection};

/// Far more than any script lets a memory grow, and little enough for small devices, in bytes.
const MEMORY_GROWTH_LIMIT: u64 = 1 << 20;

/// How accesses to linear memory are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bounds {
    /// By guard pages and the runtime's signal handler.
    Hardware,
    /// By comparisons in the compiled code.
    Software,
}

/// How code and runtime come together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The loader copies the code and relocates it.
    Direct,
    /// Executed in place (`--xip`).
    InPlace,
    /// Executed in place, and every operation that the runtime has a function for is left to it.
    Intrinsics,
    /// As `Direct`, and accesses take the base of memory from the segment register GS.
    Segment,
}

/// A bounds-check mode together with an optimisation level and a kind of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mode {
    pub bounds: Bounds,
    pub level: OptLevel,
    pub code: Code,
}

impl Mode {
    pub const ALL: [Mode; 12] = {
        use Bounds::{Hardware, Software};
        use Code::{Direct, InPlace, Intrinsics};
        use OptLevel::{O0, O3, Os, Oz};
        [
            Mode::new(Hardware, O0, Direct),
            Mode::new(Hardware, O3, Direct),
            Mode::new(Software, O0, Direct),
            Mode::new(Software, O3, Direct),
            Mode::new(Hardware, O0, InPlace),
            Mode::new(Hardware, O3, InPlace),
            Mode::new(Software, O0, InPlace),
            Mode::new(Software, O3, InPlace),
            // Each setting once.
            Mode::new(Hardware, Oz, Direct),
            Mode::new(Software, Os, InPlace),
            Mode::new(Hardware, O3, Intrinsics),
            Mode::new(Software, O0, Intrinsics),
        ]
    };

    /// Modes for x86-64 Linux that are run only if asked for.
    pub const SEGMENT: [Mode; 4] = {
        use Bounds::{Hardware, Software};
        [
            Mode::new(Hardware, OptLevel::O0, Code::Segment),
            Mode::new(Hardware, OptLevel::O3, Code::Segment),
            Mode::new(Software, OptLevel::O0, Code::Segment),
            Mode::new(Software, OptLevel::O3, Code::Segment),
        ]
    };

    const fn new(bounds: Bounds, level: OptLevel, code: Code) -> Self {
        Mode {
            bounds,
            level,
            code,
        }
    }

    /// What is run on a device without being asked for another choice: the bounds checks that its
    /// users get by default.
    pub fn on_device(device: &Device) -> Vec<Mode> {
        let bounds = if device.hardware_bounds {
            Bounds::Hardware
        } else {
            Bounds::Software
        };
        Mode::with_bounds(bounds).to_vec()
    }

    const fn with_bounds(bounds: Bounds) -> [Mode; 4] {
        [
            Mode::new(bounds, OptLevel::O0, Code::Direct),
            Mode::new(bounds, OptLevel::O3, Code::Direct),
            Mode::new(bounds, OptLevel::O3, Code::InPlace),
            Mode::new(bounds, OptLevel::Oz, Code::Direct),
        ]
    }

    /// The compiler's options for this mode.
    pub fn options(self, features: Features) -> Options {
        let in_place = matches!(self.code, Code::InPlace | Code::Intrinsics);
        Options {
            opt_level: self.level,
            bounds_checks: Some(self.bounds == Bounds::Software),
            features,
            segue: match self.code {
                Code::Segment => Segue::ALL,
                _ => Segue::NONE,
            },
            // Scripts let memories grow on machines without an operating system, too.
            memory_growth_limit: Some(MEMORY_GROWTH_LIMIT),
            runtime: RuntimeOptions {
                indirect_mode: in_place,
                disable_llvm_intrinsics: in_place,
                builtin_intrinsics: (self.code == Code::Intrinsics)
                    .then(|| Selection::parse("all").expect("there is such a group")),
                allow_text_relocations: false,
                c_api_imports: false,
            },
            // The modules are tiny and the runner is parallel already.
            threads: Some(std::num::NonZeroUsize::MIN),
            ..Options::default()
        }
    }

    /// What the mode is called in words.
    pub fn title(self) -> String {
        let bounds = match self.bounds {
            Bounds::Hardware => "hardware bounds",
            Bounds::Software => "software bounds",
        };
        let code = match self.code {
            Code::Direct => "",
            Code::Segment => ", segment register",
            Code::InPlace => ", executed in place",
            Code::Intrinsics => ", executed in place, all intrinsics",
        };
        format!("{bounds}, opt {}{code}", self.level)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bounds = match self.bounds {
            Bounds::Hardware => "hw",
            Bounds::Software => "sw",
        };
        let code = match self.code {
            Code::Direct => "",
            Code::Segment => "-gs",
            Code::InPlace => "-xip",
            Code::Intrinsics => "-xip-all",
        };
        write!(f, "{bounds}-o{}{code}", self.level)
    }
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Mode::ALL
            .into_iter()
            .chain(Mode::with_bounds(Bounds::Hardware))
            .chain(Mode::with_bounds(Bounds::Software))
            .chain(Mode::SEGMENT)
            .find(|mode| mode.to_string() == name)
            .ok_or_else(|| {
                let names = Mode::ALL.map(|mode| mode.to_string()).join(", ");
                format!("unknown mode `{name}`, expected one of {names}")
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        for mode in Mode::ALL.into_iter().chain(Mode::SEGMENT) {
            assert_eq!(mode.to_string().parse(), Ok(mode));
        }
        assert!("hw-o2".parse::<Mode>().is_err());
    }

    #[test]
    fn no_two_modes_are_the_same() {
        let names: std::collections::HashSet<String> =
            Mode::ALL.iter().map(Mode::to_string).collect();
        assert_eq!(names.len(), Mode::ALL.len());
    }

    #[test]
    fn options_say_all_parts_of_the_mode() {
        let mode: Mode = "sw-o0-xip-all".parse().expect("there is such a mode");
        let options = mode.options(Features::default());
        assert_eq!(options.bounds_checks, Some(true));
        assert_eq!(options.opt_level, OptLevel::O0);
        assert!(options.runtime.indirect_mode && options.runtime.disable_llvm_intrinsics);
        assert!(
            options
                .runtime
                .builtin_intrinsics
                .is_some_and(|selection| !selection.is_empty())
        );
        let direct: Mode = "sw-o0".parse().expect("there is such a mode");
        let options = direct.options(Features::default());
        assert_eq!(options.runtime, RuntimeOptions::default());
    }
}

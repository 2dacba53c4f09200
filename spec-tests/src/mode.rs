//! The ways in which every script is compiled.

use std::fmt;
use std::str::FromStr;

use wamr_devices::Device;
use wasmelt::options::{Features, OptLevel, Options};

/// How accesses to linear memory are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bounds {
    /// By guard pages and the runtime's signal handler.
    Hardware,
    /// By comparisons in the compiled code.
    Software,
}

/// How code refers to what is outside of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// By addresses that the loader writes into it.
    Relocated,
    /// Through tables of the runtime: the code is executed where it lies (XIP).
    InPlace,
}

/// A bounds-check mode together with an optimisation level and a kind of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mode {
    pub bounds: Bounds,
    pub optimized: bool,
    pub code: Code,
}

impl Mode {
    /// What is run on this machine without being asked for another choice.
    pub const LOCAL: [Mode; 4] = [
        Mode::relocated(Bounds::Hardware, false),
        Mode::relocated(Bounds::Hardware, true),
        Mode::relocated(Bounds::Software, false),
        Mode::relocated(Bounds::Software, true),
    ];

    /// Every mode that has a name.
    pub const ALL: [Mode; 8] = [
        Mode::LOCAL[0],
        Mode::LOCAL[1],
        Mode::LOCAL[2],
        Mode::LOCAL[3],
        Mode::LOCAL[0].in_place(),
        Mode::LOCAL[1].in_place(),
        Mode::LOCAL[2].in_place(),
        Mode::LOCAL[3].in_place(),
    ];

    const fn relocated(bounds: Bounds, optimized: bool) -> Self {
        Mode {
            bounds,
            optimized,
            code: Code::Relocated,
        }
    }

    /// The same, executed in place.
    #[must_use]
    pub const fn in_place(self) -> Self {
        Mode {
            code: Code::InPlace,
            ..self
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
        let optimized = Mode::relocated(bounds, true);
        vec![
            Mode::relocated(bounds, false),
            optimized,
            optimized.in_place(),
        ]
    }

    /// The compiler's options for this mode.
    pub fn options(self, features: Features) -> Options {
        Options {
            opt_level: if self.optimized {
                OptLevel::O3
            } else {
                OptLevel::O0
            },
            bounds_checks: Some(self.bounds == Bounds::Software),
            features,
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
        let level = if self.optimized { "opt 3" } else { "opt 0" };
        let code = match self.code {
            Code::Relocated => "",
            Code::InPlace => ", in place",
        };
        format!("{bounds}, {level}{code}")
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bounds = match self.bounds {
            Bounds::Hardware => "hw",
            Bounds::Software => "sw",
        };
        let level = if self.optimized { "o3" } else { "o0" };
        let code = match self.code {
            Code::Relocated => "",
            Code::InPlace => "-xip",
        };
        write!(f, "{bounds}-{level}{code}")
    }
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Mode::ALL
            .into_iter()
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
        for mode in Mode::ALL {
            assert_eq!(mode.to_string().parse(), Ok(mode));
        }
        assert!("hw-o2".parse::<Mode>().is_err());
    }

    #[test]
    fn options_say_both_halves_of_the_mode() {
        let options = Mode::relocated(Bounds::Software, false).options(Features::default());
        assert_eq!(options.bounds_checks, Some(true));
        assert_eq!(options.opt_level, OptLevel::O0);
    }
}

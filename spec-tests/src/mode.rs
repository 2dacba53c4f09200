//! The ways in which every script is compiled.

use std::fmt;
use std::str::FromStr;

use wasmelt::options::{Features, OptLevel, Options};

/// How accesses to linear memory are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bounds {
    /// By guard pages and the runtime's signal handler.
    Hardware,
    /// By comparisons in the compiled code.
    Software,
}

/// A bounds-check mode together with an optimisation level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mode {
    pub bounds: Bounds,
    pub optimized: bool,
}

impl Mode {
    pub const ALL: [Mode; 4] = [
        Mode {
            bounds: Bounds::Hardware,
            optimized: false,
        },
        Mode {
            bounds: Bounds::Hardware,
            optimized: true,
        },
        Mode {
            bounds: Bounds::Software,
            optimized: false,
        },
        Mode {
            bounds: Bounds::Software,
            optimized: true,
        },
    ];

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
    pub fn title(self) -> &'static str {
        match (self.bounds, self.optimized) {
            (Bounds::Hardware, false) => "hardware bounds, opt 0",
            (Bounds::Hardware, true) => "hardware bounds, opt 3",
            (Bounds::Software, false) => "software bounds, opt 0",
            (Bounds::Software, true) => "software bounds, opt 3",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.bounds, self.optimized) {
            (Bounds::Hardware, false) => "hw-o0",
            (Bounds::Hardware, true) => "hw-o3",
            (Bounds::Software, false) => "sw-o0",
            (Bounds::Software, true) => "sw-o3",
        })
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
        let options = Mode {
            bounds: Bounds::Software,
            optimized: false,
        }
        .options(Features::default());
        assert_eq!(options.bounds_checks, Some(true));
        assert_eq!(options.opt_level, OptLevel::O0);
    }
}

//! Our compiler, and WAMR running what it makes.

use std::fmt;
use std::num::NonZeroUsize;

use wamr_host::{Error, ExternType, Imports, InstanceOptions, Module, Val};
use wasmelt::Options;
use wasmelt::options::{OptLevel, TargetOptions};

use super::{Instance, State, Trap, host_results};
use crate::case::{Call, Case};
use crate::common::Outcome;
use crate::processors;

/// One way of compiling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mode {
    software_bounds: bool,
    opt_level: OptLevel,
    /// None for this machine's.
    cpu: Option<&'static str>,
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

    const fn new(software_bounds: bool, opt_level: OptLevel) -> Self {
        Mode {
            software_bounds,
            opt_level,
            cpu: None,
        }
    }

    /// Every setting, for this machine's processor and for each of the others.
    pub fn all() -> Vec<Mode> {
        let others = processors::others().into_iter().map(Some);
        std::iter::once(None)
            .chain(others)
            .flat_map(|cpu| Mode::SETTINGS.map(|mode| Mode { cpu, ..mode }))
            .collect()
    }

    /// Every setting for this machine's processor and, for one of the others, those in which the
    /// hardware's traps must not be lost. Seeds in a row take them in turns.
    pub fn of_seed(seed: u64) -> Vec<Mode> {
        let others = processors::others();
        let other = others.get(seed as usize % others.len().max(1));
        let with_other = other.into_iter().flat_map(|&cpu| {
            [OptLevel::O0, OptLevel::O3].map(|opt_level| Mode {
                cpu: Some(cpu),
                ..Mode::new(false, opt_level)
            })
        });
        Mode::SETTINGS.into_iter().chain(with_other).collect()
    }

    /// Whether a trap comes at the very point of the program where it belongs. Where the hardware
    /// finds accesses that are out of bounds, the optimiser does not know that they can end the
    /// program: another trap may come first, stores before the access may not have happened yet,
    /// and ones after it may.
    pub fn precise_traps(self) -> bool {
        self.software_bounds || self.opt_level == OptLevel::O0
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
        match self.cpu {
            Some(cpu) => write!(f, " for {cpu}"),
            None => Ok(()),
        }
    }
}

/// A compiled and loaded module.
pub struct Compiled(Module);

pub struct CompiledInstance(wamr_host::Instance);

impl Compiled {
    pub fn new(case: &Case, mode: Mode) -> Outcome<Self> {
        let options = Options {
            target: TargetOptions {
                cpu: mode.cpu.map(str::to_owned),
                ..TargetOptions::default()
            },
            opt_level: mode.opt_level,
            bounds_checks: Some(mode.software_bounds),
            features: case.features(),
            threads: NonZeroUsize::new(1),
            ..Options::default()
        };
        let artifact = wasmelt::compile(&case.wasm, &options)
            .map_err(|error| format!("does not compile: {error}"))?;
        let load = |imports: &Imports| {
            Module::load(&artifact.bytes, imports).map_err(|error| format!("not loaded: {error}"))
        };
        // The types of the imports are known once the module has been loaded without any.
        let mut imports = Imports::new();
        for import in load(&imports)?.imports() {
            if let ExternType::Func(ty) = &import.ty {
                let (name, results) = (import.name.clone(), ty.results.clone());
                imports.function(&import.module, &import.name, ty.clone(), move |_, args| {
                    Ok(host_results(&name, args, &results))
                });
            }
        }
        Ok(Compiled(load(&imports)?))
    }

    pub fn instantiate(&self) -> Result<CompiledInstance, Trap> {
        wamr_host::Instance::new(&self.0, &InstanceOptions::default())
            .map(CompiledInstance)
            .map_err(|error| trap(&error))
    }
}

impl Instance for CompiledInstance {
    fn call(&mut self, call: &Call) -> Result<Vec<Val>, Trap> {
        let results = self
            .0
            .call(&call.function, &call.args)
            .map_err(|error| trap(&error))?;
        Ok(results.into_iter().map(without_identity).collect())
    }

    fn state(&mut self) -> State {
        let mut state = State::default();
        for export in self.0.module().exports() {
            let name = export.name.as_str();
            match export.ty {
                ExternType::Memory { .. } => {
                    if let Ok(memory) = self.0.memory(name) {
                        state.memory = memory.read(0, memory.size()).unwrap_or_default();
                    }
                }
                ExternType::Global { .. } => {
                    if let Ok(value) = self.0.global(name) {
                        state
                            .globals
                            .push((name.to_owned(), without_identity(value)));
                    }
                }
                ExternType::Table { .. } => {
                    let size = self.0.table_size(name).unwrap_or_default();
                    let elements = (0..size)
                        .map(|index| match self.0.table_element(name, index) {
                            Ok(Val::FuncRef(element) | Val::ExternRef(element)) => {
                                element.is_some()
                            }
                            _ => false,
                        })
                        .collect();
                    state.tables.push((name.to_owned(), elements));
                }
                ExternType::Func(_) => {}
            }
        }
        state.globals.sort_by(|a, b| a.0.cmp(&b.0));
        state.tables.sort_by(|a, b| a.0.cmp(&b.0));
        state
    }
}

/// Which function a reference is to, the other engine does not say.
fn without_identity(value: Val) -> Val {
    match value {
        Val::FuncRef(Some(_)) => Val::FuncRef(Some(0)),
        other => other,
    }
}

fn trap(error: &Error) -> Trap {
    const TRAPS: [(&str, Trap); 10] = [
        ("unreachable", Trap::Unreachable),
        ("out of bounds memory access", Trap::Memory),
        ("out of bounds table access", Trap::Table),
        ("undefined element", Trap::Table),
        ("uninitialized element", Trap::NullElement),
        ("indirect call type mismatch", Trap::Signature),
        ("integer divide by zero", Trap::DivideByZero),
        ("integer overflow", Trap::Overflow),
        ("invalid conversion to integer", Trap::NotAnInteger),
        ("native stack overflow", Trap::Stack),
    ];
    error
        .trap()
        .and_then(|trap| TRAPS.iter().find(|(message, _)| *message == trap.message))
        .map_or_else(
            || {
                eprintln!("{error}");
                Trap::Refused
            },
            |(_, trap)| *trap,
        )
}

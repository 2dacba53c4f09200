//! The generators: a module for every seed.

mod edge_loads;
mod operators;
mod program;
mod recursion;
mod smith;
mod throws;

use test_support::Outcome;
use wamr_devices::Device;

use crate::case::Case;

pub struct Generator {
    pub name: &'static str,
    pub make: fn(u64) -> Outcome<Case>,
    /// How many seeds every test run takes.
    pub seeds: u64,
    /// The name of the device that executes the modules; `None` for this machine.
    on: Option<&'static str>,
    /// The other engine is Wasmtime.
    pub with_wasmtime: bool,
}

impl Generator {
    const fn new(name: &'static str, make: fn(u64) -> Outcome<Case>, seeds: u64) -> Self {
        Generator {
            name,
            make,
            seeds,
            on: None,
            with_wasmtime: false,
        }
    }

    const fn on(self, device: &'static str) -> Self {
        Generator {
            on: Some(device),
            ..self
        }
    }

    const fn with_wasmtime(self) -> Self {
        Generator {
            with_wasmtime: true,
            ..self
        }
    }

    /// The device that executes the modules, or `None` for this machine.
    pub fn device(&self) -> Outcome<Option<&'static Device>> {
        self.on
            .map(|name| Device::find(name).ok_or_else(|| format!("no device is called {name}")))
            .transpose()
    }
}

pub const GENERATORS: &[Generator] = &[
    Generator::new("smith", smith::closed, 20),
    Generator::new("smith-imports", smith::with_imports, 6),
    Generator::new("smith-memories", smith::with_memories, 12),
    Generator::new("floats", program::floats, 20),
    Generator::new("dead-loads", program::dead_loads, 20),
    Generator::new("edge-loads", edge_loads::make, 12),
    Generator::new("edge-loads-aarch64", edge_loads::make, 12).on("aarch64"),
    Generator::new("edge-loads-riscv64", edge_loads::make_scalar, 12).on("riscv64"),
    Generator::new("control", program::control, 14),
    Generator::new("calls", program::calls, 12),
    Generator::new("recursion", recursion::endless, 3),
    Generator::new("throws", throws::make, 12).with_wasmtime(),
    Generator::new("smith-exceptions", smith::with_exceptions, 12).with_wasmtime(),
];

//! WAMR on an emulated device, around one agent for all modules of a process.
//!
//! Compiled code can take the agent along. The call that did so ends with [`Trap::Lost`], which is
//! never what the other engine says, and the next module starts another agent.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use test_support::Outcome;
use wamr_devices::{Agent, Device, Error, FunctionSource, Imports};
use wamr_host::Val;

use super::{Instance, State, Trap, trap_of, without_identity};
use crate::case::Call;
use crate::interface::Interface;

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
static AGENT: Mutex<Option<(Agent, &'static str)>> = Mutex::new(None);

/// Says where the program lies that agents of this process run.
pub fn set_agent(program: PathBuf) {
    let _ = PROGRAM.set(program);
}

/// A compiled module, which the agent loads anew for every instance.
pub struct DeviceModule {
    device: &'static Device,
    file: Vec<u8>,
    interface: Interface,
}

pub struct DeviceInstance<'a> {
    instance: wamr_devices::Instance,
    interface: &'a Interface,
}

impl DeviceModule {
    pub fn new(device: &'static Device, file: Vec<u8>, wasm: &[u8]) -> Outcome<Self> {
        let interface = Interface::of(wasm).map_err(|error| error.to_string())?;
        Ok(DeviceModule {
            device,
            file,
            interface,
        })
    }

    pub fn instantiate(&self) -> Result<DeviceInstance<'_>, Trap> {
        let mut imports = Imports::default();
        for (module, name, ty) in &self.interface.imports {
            imports.function(module, name, ty.clone(), FunctionSource::Host);
        }
        let instance = agent(self.device)?
            .instantiate(&self.file, &imports)
            .map_err(trap)?;
        Ok(DeviceInstance {
            instance,
            interface: &self.interface,
        })
    }
}

/// The agent that runs, or a new one.
fn agent(device: &'static Device) -> Result<Agent, Trap> {
    let mut current = AGENT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((agent, name)) = &*current
        && *name == device.name
    {
        return Ok(agent.clone());
    }
    let start = || -> Outcome<Agent> {
        let program = PROGRAM.get().ok_or("no agent was built")?;
        Agent::start(device, program).map_err(|error| error.to_string())
    };
    let agent = start().map_err(|error| {
        eprintln!("{}: {error}", device.name);
        Trap::Lost
    })?;
    *current = Some((agent.clone(), device.name));
    Ok(agent)
}

impl Instance for DeviceInstance<'_> {
    fn call(&mut self, call: &Call) -> Result<Vec<Val>, Trap> {
        let results = self
            .instance
            .call(&call.function, &call.args)
            .map_err(trap)?;
        Ok(results.into_iter().map(without_identity).collect())
    }

    fn state(&mut self) -> State {
        let mut state = State::default();
        if self.interface.memory {
            let size = self.instance.memory_size().unwrap_or_default();
            let size = u32::try_from(size).unwrap_or_default();
            state.memory = self.instance.read_memory(0, size).unwrap_or_default();
        }
        for name in &self.interface.globals {
            if let Ok(value) = self.instance.global(name) {
                state.globals.push((name.clone(), without_identity(value)));
            }
        }
        for name in &self.interface.tables {
            let size = self.instance.table_size(name).unwrap_or_default();
            let elements = (0..size)
                .map(|index| match self.instance.table_element(name, index) {
                    Ok(Val::FuncRef(element) | Val::ExternRef(element)) => element.is_some(),
                    _ => false,
                })
                .collect();
            state.tables.push((name.clone(), elements));
        }
        state.sort();
        state
    }
}

fn trap(error: Error) -> Trap {
    match error {
        Error::Trap(message) => trap_of(&message),
        Error::Lost(why) => {
            eprintln!("{why}");
            *AGENT.lock().unwrap_or_else(PoisonError::into_inner) = None;
            Trap::Lost
        }
        error => {
            eprintln!("{error}");
            Trap::Refused
        }
    }
}

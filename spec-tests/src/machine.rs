//! Where compiled modules run: in this process, or on a device.

use std::path::Path;

use wamr_devices::{Agent, Device, FunctionSource};
use wamr_host::{Error, FuncType, Imports, InstanceOptions, Module, Val};

use crate::skip::SkipReason;

/// A runtime.
#[derive(Debug, Clone)]
pub enum Machine {
    Local,
    Device {
        agent: Agent,
        /// A signalling NaN that a function returns becomes a quiet one.
        quiets_results: bool,
    },
}

/// An instance on either. Clones refer to the same one.
#[derive(Clone)]
pub enum Instance {
    Local(wamr_host::Instance),
    Device(wamr_devices::Instance),
}

/// Why there is no instance.
#[derive(Debug, thiserror::Error)]
pub enum InstantiateError {
    /// The file cannot be loaded, or an import is not there.
    #[error("the runtime refuses it: {0}")]
    Refused(String),
    /// A segment or the start function.
    #[error("the trap `{0}`")]
    Trap(String),
    /// Not the module's fault: the device's process has gone.
    #[error("{0}")]
    Lost(String),
}

/// Why a call has no results.
#[derive(Debug)]
pub enum CallError {
    Trap(String),
    Limit(SkipReason),
    Other(String),
    /// Not the call's fault, or at least not only: nothing more can run.
    Lost(String),
}

/// An import with what satisfies it.
pub enum Provided<'a> {
    /// A function of the host, which does nothing.
    HostFunction(FuncType),
    /// The exported function of another instance.
    Export(FuncType, &'a Instance, &'a str),
    Global(Val, bool),
}

impl Machine {
    /// Starts a device's agent, the program at that path.
    pub fn device(device: &Device, agent: &Path) -> Result<Self, wamr_devices::Error> {
        Ok(Machine::Device {
            agent: Agent::start(device, agent)?,
            quiets_results: device.x87_results,
        })
    }

    /// Loads a compiled module and makes an instance of it.
    pub fn instantiate<'a>(
        &self,
        aot: &[u8],
        provided: impl IntoIterator<Item = (&'a str, &'a str, Provided<'a>)>,
    ) -> Result<Instance, InstantiateError> {
        match self {
            Machine::Local => instantiate_here(aot, provided).map(Instance::Local),
            Machine::Device { agent, .. } => {
                instantiate_there(agent, aot, provided).map(Instance::Device)
            }
        }
    }
}

fn instantiate_here<'a>(
    aot: &[u8],
    provided: impl IntoIterator<Item = (&'a str, &'a str, Provided<'a>)>,
) -> Result<wamr_host::Instance, InstantiateError> {
    let mut imports = Imports::new();
    for (module, name, provided) in provided {
        match provided {
            // What the host's functions print is of no interest to any script.
            Provided::HostFunction(ty) => {
                imports.function(module, name, ty, |_, _| Ok(Vec::new()));
            }
            Provided::Export(ty, instance, export) => {
                let Instance::Local(instance) = instance else {
                    return Err(two_machines());
                };
                let (instance, export) = (instance.clone(), export.to_owned());
                imports.function(module, name, ty, move |_, arguments| {
                    instance
                        .call(&export, arguments)
                        .map_err(|error| match error.trap() {
                            Some(trap) => trap.message.clone(),
                            None => error.to_string(),
                        })
                });
            }
            Provided::Global(value, mutable) => {
                imports.global(module, name, value, mutable);
            }
        }
    }
    let make = || {
        let module = Module::load(aot, &imports)?;
        wamr_host::Instance::new(&module, &InstanceOptions::default())
    };
    make().map_err(|error| match error.trap() {
        Some(trap) => InstantiateError::Trap(trap.message.clone()),
        None => InstantiateError::Refused(error.to_string()),
    })
}

fn instantiate_there<'a>(
    agent: &Agent,
    aot: &[u8],
    provided: impl IntoIterator<Item = (&'a str, &'a str, Provided<'a>)>,
) -> Result<wamr_devices::Instance, InstantiateError> {
    let mut imports = wamr_devices::Imports::default();
    for (module, name, provided) in provided {
        match provided {
            Provided::HostFunction(ty) => {
                imports.function(module, name, ty, FunctionSource::Host);
            }
            Provided::Export(ty, instance, export) => {
                let Instance::Device(instance) = instance else {
                    return Err(two_machines());
                };
                let source = FunctionSource::Export(instance.clone(), export.to_owned());
                imports.function(module, name, ty, source);
            }
            Provided::Global(value, mutable) => imports.global(module, name, value, mutable),
        }
    }
    agent
        .instantiate(aot, &imports)
        .map_err(|error| match error {
            wamr_devices::Error::Trap(trap) => InstantiateError::Trap(trap),
            wamr_devices::Error::Lost(_) => InstantiateError::Lost(error.to_string()),
            error => InstantiateError::Refused(error.to_string()),
        })
}

fn two_machines() -> InstantiateError {
    InstantiateError::Refused("it imports from an instance on another machine".to_owned())
}

impl Instance {
    /// Calls an exported function.
    pub fn call(&self, name: &str, arguments: &[Val]) -> Result<Vec<Val>, CallError> {
        match self {
            Instance::Local(instance) => {
                instance.call(name, arguments).map_err(|error| match error {
                    Error::Trap(trap) => CallError::Trap(trap.message),
                    Error::ZeroByte { .. } => CallError::Limit(SkipReason::ZeroByteInName),
                    error => CallError::Other(error.to_string()),
                })
            }
            Instance::Device(instance) => {
                instance.call(name, arguments).map_err(|error| match error {
                    wamr_devices::Error::Trap(trap) => CallError::Trap(trap),
                    wamr_devices::Error::ZeroByte(_) => {
                        CallError::Limit(SkipReason::ZeroByteInName)
                    }
                    wamr_devices::Error::Lost(_) => CallError::Lost(error.to_string()),
                    error => CallError::Other(error.to_string()),
                })
            }
        }
    }

    /// The value of an exported global.
    pub fn global(&self, name: &str) -> Result<Val, String> {
        match self {
            Instance::Local(instance) => instance.global(name).map_err(|error| error.to_string()),
            Instance::Device(instance) => instance.global(name).map_err(|error| error.to_string()),
        }
    }
}

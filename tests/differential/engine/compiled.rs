//! Our compiler, and WAMR running what it makes, here or on a device.

use std::num::NonZeroUsize;

use test_support::Outcome;
use wamr_host::{Error, ExternType, Imports, InstanceOptions, Module, Val};
use wasmelt::Options;
use wasmelt::options::{RuntimeOptions, TargetOptions};

use super::device::{DeviceInstance, DeviceModule};
use super::{Instance, State, Trap, host_results, trap_of, without_identity};
use crate::case::{Call, Case};
use crate::mode::Mode;

/// A compiled module.
pub enum Compiled {
    /// Loaded in this process.
    Here(Module),
    There(DeviceModule),
}

pub enum CompiledInstance<'a> {
    Here(wamr_host::Instance),
    There(DeviceInstance<'a>),
}

impl Compiled {
    pub fn new(case: &Case, mode: Mode) -> Outcome<Self> {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let device = mode.device();
        let options = Options {
            deterministic_relaxed_simd: true,
            target: TargetOptions {
                arch: owned(device.map(|device| device.arch)),
                abi: owned(device.and_then(|device| device.abi)),
                cpu: owned(mode.processor.cpu),
                cpu_features: owned(mode.processor.features),
            },
            opt_level: mode.opt_level,
            bounds_checks: Some(mode.software_bounds),
            exact_memory: mode.exact_memory,
            features: case.features(),
            runtime: RuntimeOptions {
                indirect_mode: mode.in_place,
                disable_llvm_intrinsics: mode.in_place,
                ..RuntimeOptions::default()
            },
            threads: NonZeroUsize::new(1),
            ..Options::default()
        };
        let artifact = wasmelt::compile(&case.wasm, &options)
            .map_err(|error| format!("does not compile: {error}"))?;
        if let Some(device) = device {
            let module = DeviceModule::new(device, artifact.bytes, &case.wasm)?;
            return Ok(Compiled::There(module));
        }
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
        Ok(Compiled::Here(load(&imports)?))
    }

    pub fn instantiate(&self) -> Result<CompiledInstance<'_>, Trap> {
        match self {
            Compiled::Here(module) => wamr_host::Instance::new(module, &InstanceOptions::default())
                .map(CompiledInstance::Here)
                .map_err(|error| trap(&error)),
            Compiled::There(module) => module.instantiate().map(CompiledInstance::There),
        }
    }
}

impl Instance for CompiledInstance<'_> {
    fn call(&mut self, call: &Call) -> Result<Vec<Val>, Trap> {
        match self {
            CompiledInstance::Here(instance) => {
                let results = instance
                    .call(&call.function, &call.args)
                    .map_err(|error| trap(&error))?;
                Ok(results.into_iter().map(without_identity).collect())
            }
            CompiledInstance::There(instance) => instance.call(call),
        }
    }

    fn state(&mut self) -> State {
        match self {
            CompiledInstance::Here(instance) => state(instance),
            CompiledInstance::There(instance) => instance.state(),
        }
    }
}

fn state(instance: &wamr_host::Instance) -> State {
    let mut state = State::default();
    let mut memories = 0;
    for export in instance.module().exports() {
        let name = export.name.as_str();
        match export.ty {
            ExternType::Memory { .. } => {
                memories += 1;
                if let Ok(memory) = instance.memory(name) {
                    state.memory = memory.read(0, memory.size()).unwrap_or_default();
                }
            }
            ExternType::Global { .. } => {
                if let Ok(value) = instance.global(name) {
                    state
                        .globals
                        .push((name.to_owned(), without_identity(value)));
                }
            }
            ExternType::Table { .. } => {
                let size = instance.table_size(name).unwrap_or_default();
                let elements = (0..size)
                    .map(|index| match instance.table_element(name, index) {
                        Ok(Val::FuncRef(element) | Val::ExternRef(element)) => element.is_some(),
                        _ => false,
                    })
                    .collect();
                state.tables.push((name.to_owned(), elements));
            }
            ExternType::Func(_) => {}
        }
    }
    state.forget_several(memories);
    state.sort();
    state
}

fn trap(error: &Error) -> Trap {
    match error.trap() {
        Some(trap) => trap_of(&trap.message),
        None => {
            eprintln!("{error}");
            Trap::Refused
        }
    }
}

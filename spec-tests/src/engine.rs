//! The compiler and the runtime, as a script needs them.
//!
//! In: the bytes of modules, and where their imports come from. Out: instances, results, traps.
//!
//! Modules of a script are linked here, since the runtime cannot: a function of another instance
//! is called through a native function, whose trap becomes the caller's; an immutable global is
//! copied.

use std::panic::{AssertUnwindSafe, catch_unwind};

use wamr_host::{Error, FuncType, Imports, Instance, InstanceOptions, Module, Val, ValType};
use wasmelt::options::{Features, Options};

use crate::interface::{ExternType, Import};
use crate::mode::Mode;
use crate::skip::SkipReason;

/// Compiles in one mode, under one suite's features.
#[derive(Debug)]
pub struct Engine {
    options: Options,
}

impl Engine {
    pub fn new(mode: Mode, features: Features) -> Self {
        Engine {
            options: mode.options(features),
        }
    }

    /// Compiles a module that the script calls valid.
    pub fn compile(&self, module: &[u8]) -> Result<Vec<u8>, String> {
        self.try_compile(module)?
            .map_err(|error| format!("the compiler refuses it: {error}"))
    }

    /// Checks that the compiler refuses a module, as a module: not because it ran into trouble on
    /// the way.
    pub fn refuses(&self, module: &[u8]) -> Result<(), String> {
        match self.try_compile(module)? {
            Ok(_) => Err("the compiler accepts it".to_owned()),
            Err(wasmelt::Error::Wasm(_)) => Ok(()),
            Err(error) => Err(format!(
                "the compiler fails instead of refusing it: {error}"
            )),
        }
    }

    /// The outer error is a panic of the compiler.
    fn try_compile(&self, module: &[u8]) -> Result<Result<Vec<u8>, wasmelt::Error>, String> {
        catch_unwind(AssertUnwindSafe(|| wasmelt::compile(module, &self.options)))
            .map(|artifact| artifact.map(|artifact| artifact.bytes))
            .map_err(|_| "the compiler panics".to_owned())
    }
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
}

/// Why a call has no results.
#[derive(Debug)]
pub enum CallError {
    Trap(String),
    Limit(SkipReason),
    Other(String),
}

/// Where an import comes from.
#[derive(Clone, Copy)]
pub enum Exporting<'a> {
    Host,
    Instance(&'a Instance),
}

/// Loads a compiled module and makes an instance of it.
pub fn instantiate<'a>(
    aot: &[u8],
    provided: impl IntoIterator<Item = (&'a Import, Exporting<'a>)>,
) -> Result<Instance, InstantiateError> {
    let mut imports = Imports::new();
    for (import, exporter) in provided {
        provide(&mut imports, import, exporter)?;
    }
    let make = || {
        let module = Module::load(aot, &imports)?;
        Instance::new(&module, &InstanceOptions::default())
    };
    make().map_err(|error| match error.trap() {
        Some(trap) => InstantiateError::Trap(trap.message.clone()),
        None => InstantiateError::Refused(error.to_string()),
    })
}

fn provide(
    imports: &mut Imports,
    import: &Import,
    exporter: Exporting<'_>,
) -> Result<(), InstantiateError> {
    let Import { module, name, ty } = import;
    match ty {
        ExternType::Function(ty) => {
            let unsupported = || {
                InstantiateError::Refused(format!("{module}.{name} has a type without WAMR form"))
            };
            let ty = function_type(ty).ok_or_else(unsupported)?;
            match exporter {
                // What the host's functions print is of no interest to any script.
                Exporting::Host => imports.function(module, name, ty, |_, _| Ok(Vec::new())),
                Exporting::Instance(instance) => {
                    let (instance, export) = (instance.clone(), name.clone());
                    imports.function(module, name, ty, move |_, arguments| {
                        instance
                            .call(&export, arguments)
                            .map_err(|error| match error.trap() {
                                Some(trap) => trap.message.clone(),
                                None => error.to_string(),
                            })
                    })
                }
            };
        }
        ExternType::Global(ty) => {
            let value = match exporter {
                Exporting::Host => host_global(name),
                Exporting::Instance(instance) => instance
                    .global(name)
                    .map_err(|error| InstantiateError::Refused(error.to_string()))?,
            };
            imports.global(module, name, value, ty.mutable);
        }
        // The runtime makes its own.
        ExternType::Memory(_) | ExternType::Table(_) => {}
    }
    Ok(())
}

/// The value of a global of the host module.
fn host_global(name: &str) -> Val {
    match name {
        "global_i64" => Val::I64(666),
        "global_f32" => Val::f32(666.6),
        "global_f64" => Val::f64(666.6),
        _ => Val::I32(666),
    }
}

fn function_type(ty: &wasmparser::FuncType) -> Option<FuncType> {
    let types = |types: &[wasmparser::ValType]| {
        types
            .iter()
            .map(|ty| value_type(*ty))
            .collect::<Option<Vec<_>>>()
    };
    Some(FuncType::new(types(ty.params())?, types(ty.results())?))
}

fn value_type(ty: wasmparser::ValType) -> Option<ValType> {
    Some(match ty {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => ValType::V128,
        wasmparser::ValType::FUNCREF => ValType::FuncRef,
        wasmparser::ValType::EXTERNREF => ValType::ExternRef,
        wasmparser::ValType::Ref(_) => return None,
    })
}

/// Calls an exported function.
pub fn call(instance: &Instance, name: &str, arguments: &[Val]) -> Result<Vec<Val>, CallError> {
    instance.call(name, arguments).map_err(|error| match error {
        Error::Trap(trap) => CallError::Trap(trap.message),
        Error::ZeroByte { .. } => CallError::Limit(SkipReason::ZeroByteInName),
        error => CallError::Other(error.to_string()),
    })
}

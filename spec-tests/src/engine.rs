//! The compiler and the runtime, as a script needs them.
//!
//! In: the bytes of modules, and where their imports come from. Out: instances.
//!
//! Modules of a script are linked by the [`Machine`], since the runtime cannot: a function of
//! another instance is called through a native function, whose trap becomes the caller's; an
//! immutable global is copied.

use std::panic::{AssertUnwindSafe, catch_unwind};

use wamr_host::{FuncType, Val, ValType};
use wasmelt::options::{Features, Options, TargetOptions};
use wasmparser::HeapType;

use crate::compiler_command::CompilerCommand;
use crate::interface::{ExternType, Import};
use crate::machine::{Instance, InstantiateError, Machine, Provided};
use crate::mode::Mode;
use crate::skip::SkipReason;

/// Compiles in one mode, under one suite's features, and runs what comes of it.
#[derive(Debug)]
pub struct Engine {
    compiler: Compiler,
    machine: Machine,
}

/// What compiles the modules.
#[derive(Debug)]
pub enum Compiler {
    Library(Box<Options>),
    Command(CompilerCommand),
}

/// Why a module that the script calls valid is not compiled.
#[derive(Debug)]
pub enum CompileFailure {
    /// No file can express it.
    Limit(SkipReason),
    Failed(String),
}

impl Compiler {
    /// The library, for a target and a mode.
    pub fn library(mode: Mode, features: Features, target: TargetOptions) -> Self {
        Compiler::Library(Box::new(Options {
            target,
            ..mode.options(features)
        }))
    }

    /// The outer error is the compiler's trouble, the inner one what it has against the module.
    fn compile(&self, module: &[u8]) -> Result<Result<Vec<u8>, String>, CompileFailure> {
        match self {
            Compiler::Library(options) => {
                let artifact = catch_unwind(AssertUnwindSafe(|| wasmelt::compile(module, options)))
                    .map_err(|_| CompileFailure::Failed("the compiler panics".to_owned()))?;
                match artifact {
                    Ok(artifact) => Ok(Ok(artifact.bytes)),
                    Err(error @ wasmelt::Error::Wasm(_)) => Ok(Err(error.to_string())),
                    Err(wasmelt::Error::Memory(_)) => {
                        Err(CompileFailure::Limit(SkipReason::MemorySize))
                    }
                    Err(error) => Err(CompileFailure::Failed(format!(
                        "the compiler fails: {error}"
                    ))),
                }
            }
            Compiler::Command(command) => command.compile(module).map_err(CompileFailure::Failed),
        }
    }
}

impl Engine {
    pub fn new(compiler: Compiler, machine: Machine) -> Self {
        Engine { compiler, machine }
    }

    /// Whether the machine's functions cannot return a signalling NaN.
    pub fn quiets_results(&self) -> bool {
        matches!(&self.machine, Machine::Device { quiets_results, .. } if *quiets_results)
    }

    /// Compiles a module that the script calls valid.
    pub fn compile(&self, module: &[u8]) -> Result<Vec<u8>, CompileFailure> {
        self.compiler
            .compile(module)?
            .map_err(|error| CompileFailure::Failed(format!("the compiler refuses it: {error}")))
    }

    /// Checks that the compiler refuses a module, as a module: not because it ran into trouble on
    /// the way.
    pub fn refuses(&self, module: &[u8]) -> Result<(), String> {
        match self.compiler.compile(module) {
            Ok(Ok(_)) => Err("the compiler accepts it".to_owned()),
            Ok(Err(_)) => Ok(()),
            Err(CompileFailure::Failed(message)) => Err(message),
            Err(CompileFailure::Limit(reason)) => Err(format!(
                "the compiler refuses it only for {}",
                reason.name()
            )),
        }
    }
}

/// Where an import comes from.
#[derive(Clone, Copy)]
pub enum Exporting<'a> {
    Host,
    Instance(&'a Instance),
}

impl Engine {
    /// Loads a compiled module and makes an instance of it.
    pub fn instantiate<'a>(
        &self,
        aot: &[u8],
        provided: impl IntoIterator<Item = (&'a Import, Exporting<'a>)>,
    ) -> Result<Instance, InstantiateError> {
        let provided = provided
            .into_iter()
            .filter_map(|(import, exporter)| {
                let provided = provide(import, exporter).transpose()?;
                Some(provided.map(|provided| {
                    let (module, name) = (import.module.as_str(), import.name.as_str());
                    (module, name, provided)
                }))
            })
            .collect::<Result<Vec<_>, _>>()?;
        self.machine.instantiate(aot, provided)
    }
}

/// What satisfies an import; None if the runtime makes its own.
fn provide<'a>(
    import: &'a Import,
    exporter: Exporting<'a>,
) -> Result<Option<Provided<'a>>, InstantiateError> {
    let Import { module, name, ty } = import;
    Ok(match ty {
        ExternType::Function(ty) => {
            let unsupported = || {
                InstantiateError::Refused(format!("{module}.{name} has a type without WAMR form"))
            };
            let ty = function_type(ty).ok_or_else(unsupported)?;
            Some(match exporter {
                Exporting::Host => Provided::HostFunction(ty),
                Exporting::Instance(instance) => Provided::Export(ty, instance, name),
            })
        }
        ExternType::Global(ty) => {
            let value = match exporter {
                Exporting::Host => host_global(name),
                Exporting::Instance(instance) => {
                    instance.global(name).map_err(InstantiateError::Refused)?
                }
            };
            Some(Provided::Global(value, ty.mutable))
        }
        ExternType::Memory(_) | ExternType::Table(_) | ExternType::Tag(_) => None,
    })
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
        wasmparser::ValType::Ref(ty) => match ty.heap_type() {
            // Null or not, of whatever type of function: one type to the runtime.
            HeapType::Concrete(_) | HeapType::FUNC => ValType::FuncRef,
            HeapType::EXTERN => ValType::ExternRef,
            _ => return None,
        },
    })
}

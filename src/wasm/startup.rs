//! Finds faults that keep the runtime from starting a module as a WASI program. Such a module is valid, and a host
//! may still call its other exports.
//!
//! `wamrc` refuses these modules (`check_wasi_abi_compatibility` in `core/iwasm/interpreter/wasm_loader.c`). The
//! runtime loads their files.

use std::fmt;

use super::module::{ExportItem, FunctionKind, Module};

/// The modules from which WASI programs import.
const WASI_MODULES: [&str; 2] = ["wasi_snapshot_preview1", "wasi_unstable"];

/// The function that starts a command, and the function that prepares a reactor.
const ENTRIES: [&str; 2] = ["_start", "_initialize"];

/// A fault that keeps the runtime from starting a module as a WASI program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartFault {
    /// The entry is an imported function.
    Imported { entry: &'static str },
    /// The entry has parameters or results.
    Signature { entry: &'static str },
    /// The module exports no memory `memory`, where the host's WASI functions look for data.
    NoMemory,
}

impl fmt::Display for StartFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartFault::Imported { entry } => write!(
                f,
                "the export `{entry}` is an imported function: the runtime cannot start the module by it"
            ),
            StartFault::Signature { entry } => write!(
                f,
                "the export `{entry}` has parameters or results, but the runtime calls it without any: it \
                 cannot start the module by it"
            ),
            StartFault::NoMemory => f.write_str(
                "the module is a WASI program but exports no memory named `memory`: other runtimes refuse \
                 to start it",
            ),
        }
    }
}

/// Returns the first fault of `module`, if it looks like a WASI program.
pub fn start_fault(module: &Module<'_>) -> Option<StartFault> {
    let entry = ENTRIES.into_iter().find_map(|entry| {
        module.exports.iter().find_map(|export| match export.item {
            ExportItem::Function(index) if export.name == entry => Some((entry, index)),
            _ => None,
        })
    });
    if let Some((entry, index)) = entry {
        if module.defined_position(index).is_none() {
            return Some(StartFault::Imported { entry });
        }
        let ty = module.function_type(index);
        if !ty.params.is_empty() || !ty.results.is_empty() {
            return Some(StartFault::Signature { entry });
        }
    }
    let imports_wasi = module.functions.values().any(|function| {
        matches!(&function.kind, FunctionKind::Imported(name) if WASI_MODULES.contains(&name.module))
    });
    let exports_memory = module
        .exports
        .iter()
        .any(|export| export.name == "memory" && matches!(export.item, ExportItem::Memory(_)));
    // Programs with threads import their memory.
    let has_memory = exports_memory || module.imported_memories > 0;
    ((imports_wasi || entry.is_some()) && !has_memory).then_some(StartFault::NoMemory)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Features;
    use crate::wasm::parse;

    fn fault(text: &str) -> Option<StartFault> {
        let bytes = wat::parse_str(text).unwrap();
        start_fault(&parse(&bytes, &Features::default()).unwrap())
    }

    #[test]
    fn programs_that_start() {
        for text in [
            "(module)",
            r#"(module (func (export "add") (param i32)))"#,
            r#"(module (memory (export "memory") 1) (func (export "_start")))"#,
            r#"(module (import "a" "memory" (memory 1)) (func (export "_initialize")))"#,
            // A command needs no `_initialize`.
            r#"(module (memory (export "memory") 1) (func (export "_start"))
                (func (export "_initialize") (param i32)))"#,
            r#"(module (import "env" "f" (func)))"#,
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
    }

    #[test]
    fn programs_that_do_not_start() {
        let start = "_start";
        for (text, expected) in [
            (
                r#"(module (memory (export "memory") 1) (func (export "_start") (param i32)))"#,
                StartFault::Signature { entry: start },
            ),
            (
                r#"(module (memory (export "memory") 1)
                    (func (export "_initialize") (result i32) (i32.const 0)))"#,
                StartFault::Signature {
                    entry: "_initialize",
                },
            ),
            (
                r#"(module (import "env" "f" (func $f)) (export "_start" (func $f)))"#,
                StartFault::Imported { entry: start },
            ),
            (
                r#"(module (memory 1) (func (export "_start")))"#,
                StartFault::NoMemory,
            ),
            (
                r#"(module (import "wasi_snapshot_preview1" "proc_exit" (func (param i32)))
                    (memory (export "mem") 1))"#,
                StartFault::NoMemory,
            ),
        ] {
            assert_eq!(fault(text), Some(expected), "{text}");
        }
    }
}

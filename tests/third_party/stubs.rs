//! Stands in for the JavaScript that third-party modules are usually run by.
//!
//! Every imported function that WAMR does not provide itself becomes a stub that notes it was
//! called and returns zeros; every imported global is zero.

use std::collections::BTreeMap;
use std::sync::Mutex;

use test_support::Outcome;
use wamr_host::{FuncType, Imports, Val, ValType};
use wasmparser::{FuncType as WasmFuncType, Parser, Payload, TypeRef};

/// The arguments of each call, by the function's `module.name`.
static CALLS: Mutex<BTreeMap<String, Vec<Vec<Val>>>> = Mutex::new(BTreeMap::new());

/// The calls of a stub since this was asked last.
pub fn take_calls(function: &str) -> Vec<Vec<Val>> {
    let mut calls = CALLS.lock().expect("no stub panics");
    calls.remove(function).unwrap_or_default()
}

/// What WAMR has functions of its own for.
const PROVIDED: &[&str] = &["wasi_snapshot_preview1", "wasi_unstable"];

/// Stubs for the imports of a module. With `aloud`, a call is also printed.
pub fn for_module(wasm: &[u8], aloud: bool) -> Outcome<Imports> {
    let mut imports = Imports::new();
    let mut types: Vec<WasmFuncType> = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.map_err(|error| error.to_string())? {
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    types.push(ty.map_err(|error| error.to_string())?);
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.map_err(|error| error.to_string())?;
                    if PROVIDED.contains(&import.module) {
                        continue;
                    }
                    match import.ty {
                        TypeRef::Func(index) => {
                            let ty = types.get(index as usize).ok_or("an import has no type")?;
                            let ty = host_type(ty)?;
                            add_function(&mut imports, import.module, import.name, ty, aloud);
                        }
                        TypeRef::Global(global) => {
                            let value = zero(host_val_type(global.content_type)?);
                            imports.global(import.module, import.name, value, global.mutable);
                        }
                        // The runtime makes these itself, of the size that the import states.
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    Ok(imports)
}

fn add_function(imports: &mut Imports, module: &str, name: &str, ty: FuncType, aloud: bool) {
    let full_name = format!("{module}.{name}");
    let zeros: Vec<Val> = ty.results.iter().map(|ty| zero(*ty)).collect();
    imports.function(module, name, ty, move |_, args| {
        if aloud {
            println!("{full_name} was called");
        }
        let mut calls = CALLS.lock().expect("no stub panics");
        calls
            .entry(full_name.clone())
            .or_default()
            .push(args.to_vec());
        Ok(zeros.clone())
    });
}

fn host_type(ty: &WasmFuncType) -> Outcome<FuncType> {
    let list = |types: &[wasmparser::ValType]| -> Outcome<Vec<ValType>> {
        types.iter().copied().map(host_val_type).collect()
    };
    Ok(FuncType {
        params: list(ty.params())?,
        results: list(ty.results())?,
    })
}

fn host_val_type(ty: wasmparser::ValType) -> Outcome<ValType> {
    Ok(match ty {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => ValType::V128,
        wasmparser::ValType::FUNCREF => ValType::FuncRef,
        wasmparser::ValType::EXTERNREF => ValType::ExternRef,
        other => return Err(format!("an import has the type {other}")),
    })
}

fn zero(ty: ValType) -> Val {
    match ty {
        ValType::I32 => Val::I32(0),
        ValType::I64 => Val::I64(0),
        ValType::F32 => Val::f32(0.0),
        ValType::F64 => Val::f64(0.0),
        ValType::V128 => Val::V128([0; 16]),
        ValType::FuncRef => Val::FuncRef(None),
        ValType::ExternRef => Val::ExternRef(None),
    }
}

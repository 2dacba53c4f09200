//! What is run: a module, what is called, and what may differ.

use std::path::Path;

use wamr_host::Val;
use wasmelt::options::Features;
use wasmparser::{ExternalKind, Parser, Payload, TypeRef, ValType};

use crate::common::Outcome;
use crate::random::Random;

/// What the bits of NaNs in results are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nans {
    /// The specification determines them.
    Exact,
    /// The specification leaves sign and payload open, but not whether they are quiet.
    Open,
}

#[derive(Debug, Clone)]
pub struct Case {
    pub wasm: Vec<u8>,
    /// The same in the text format, for whoever looks at it; empty if it was not made of text.
    pub text: String,
    pub calls: Vec<Call>,
    pub nans: Nans,
}

#[derive(Debug, Clone)]
pub struct Call {
    pub function: String,
    pub args: Vec<Val>,
}

/// How often each exported function is called.
const CALLS: usize = 6;

impl Case {
    pub fn new(wasm: Vec<u8>, text: String, nans: Nans, seed: u64) -> Outcome<Self> {
        let calls = calls(&wasm, seed).map_err(|error| format!("{error}\n{text}"))?;
        Ok(Case {
            wasm,
            text,
            calls,
            nans,
        })
    }

    pub fn from_text(text: String, nans: Nans, seed: u64) -> Outcome<Self> {
        let wasm = wat::parse_str(&text).map_err(|error| format!("{error}\n{text}"))?;
        Case::new(wasm, text, nans, seed)
    }

    /// A module in a file. Lines of its text that start with `;;! ` give options: `nans = open`,
    /// and `call NAME VALUE...` with values as `i32:-1` or `f32:0x7fa00000`; without a call, all
    /// exported functions are called with values of our own.
    pub fn read(file: &Path) -> Outcome<Self> {
        let failed = |error: String| format!("{}: {error}", file.display());
        let bytes = std::fs::read(file).map_err(|error| failed(error.to_string()))?;
        let wasm = wat::parse_bytes(&bytes)
            .map_err(|error| failed(error.to_string()))?
            .into_owned();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let mut case = Case::new(wasm, text.clone(), Nans::Exact, 0)?;
        let mut calls = Vec::new();
        for option in text.lines().filter_map(|line| line.strip_prefix(";;! ")) {
            if let Some(call) = option.strip_prefix("call ") {
                let mut words = call.split_whitespace().map(str::to_owned);
                let function = words.next().unwrap_or_default();
                let args = words
                    .map(|word| value(&word).ok_or_else(|| failed(format!("`{word}`?"))))
                    .collect::<Outcome<_>>()?;
                calls.push(Call { function, args });
            } else if option == "nans = open" {
                case.nans = Nans::Open;
            } else {
                return Err(failed(format!("no option is called `{option}`")));
            }
        }
        if !calls.is_empty() {
            case.calls = calls;
        }
        Ok(case)
    }

    /// What the modules here may use.
    pub fn features(&self) -> Features {
        Features {
            tail_call: true,
            ..Features::default()
        }
    }
}

fn value(word: &str) -> Option<Val> {
    let (ty, digits) = word.split_once(':')?;
    let number = match digits.strip_prefix("0x") {
        Some(digits) => i128::from(u64::from_str_radix(digits, 16).ok()?),
        None => digits.parse::<i128>().ok()?,
    };
    Some(match ty {
        "i32" => Val::I32(number as i32),
        "i64" => Val::I64(number as i64),
        "f32" => Val::F32(number as u32),
        "f64" => Val::F64(number as u64),
        _ => return None,
    })
}

/// Calls of every exported function, with values that follow from the seed.
fn calls(wasm: &[u8], seed: u64) -> Outcome<Vec<Call>> {
    let mut random = Random::new(!seed);
    let mut calls = Vec::new();
    for (function, params) in exported_functions(wasm).map_err(|error| error.to_string())? {
        let times = if params.is_empty() { 2 } else { CALLS };
        for _ in 0..times {
            let args = params.iter().map(|ty| random.value(*ty)).collect();
            calls.push(Call {
                function: function.clone(),
                args,
            });
        }
    }
    Ok(calls)
}

type Exported = (String, Vec<wamr_host::ValType>);

fn exported_functions(wasm: &[u8]) -> wasmparser::Result<Vec<Exported>> {
    let mut types = Vec::new();
    let mut functions = Vec::new();
    let mut exported = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::TypeSection(section) => {
                for ty in section.into_iter_err_on_gc_types() {
                    types.push(ty?);
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    if let TypeRef::Func(ty) = import?.ty {
                        functions.push(ty);
                    }
                }
            }
            Payload::FunctionSection(section) => {
                for ty in section {
                    functions.push(ty?);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        let ty = &types[functions[export.index as usize] as usize];
                        let params = ty.params().iter().map(|ty| value_type(*ty)).collect();
                        exported.push((export.name.to_owned(), params));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(exported)
}

pub fn value_type(ty: ValType) -> wamr_host::ValType {
    match ty {
        ValType::I32 => wamr_host::ValType::I32,
        ValType::I64 => wamr_host::ValType::I64,
        ValType::F32 => wamr_host::ValType::F32,
        ValType::F64 => wamr_host::ValType::F64,
        ValType::V128 => wamr_host::ValType::V128,
        ValType::Ref(ty) if ty.is_extern_ref() => wamr_host::ValType::ExternRef,
        ValType::Ref(_) => wamr_host::ValType::FuncRef,
    }
}

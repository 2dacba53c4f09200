//! Which imported functions code calls directly, and what it must know of them.
//!
//! `aot_invoke_native` can call any function, but takes longer than most functions of a C library themselves.
//! So code calls an imported function directly if the compiler knows its signature and the runtime has linked
//! a function that can be called so. Code finds that out once per instance, at the first call of such a
//! function (`emit::native_decision`), and keeps the answers in hidden globals, one byte for each function.
//! (Not in a start function: the runtime would then need an execution environment and a stack to instantiate
//! a module without one. And threads get their own copy of the answers in the initial state, which suits the
//! first call.)

use crate::abi::natives::{self, NativeParam};
use crate::abi::{HiddenGlobals, HiddenPurpose, HiddenValue};
use crate::options::{NativeFunction, Options};
use crate::plan::memory::{IndexType, MemoryPlan};
use crate::wasm::{FuncIndex, FunctionKind, ImportName, Module, ValType};

/// The answers that one hidden global holds.
const ANSWERS_PER_GLOBAL: u32 = 8;

/// The plan for calls of imported functions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct NativePlan {
    /// For each imported function, in order.
    imports: Vec<ImportCall>,
}

/// How code calls an imported function.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ImportCall {
    /// Through `aot_invoke_native`.
    Invoke,
    /// Directly, if the runtime has linked a function with this signature.
    Direct(DirectCall),
    /// Through the table of the `wasm_c_api`, if the host has filled it.
    CApi,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DirectCall {
    pub signature: String,
    pub params: Vec<NativeParam>,
    /// The number of the byte that holds the answer.
    pub answer: u32,
}

impl NativePlan {
    pub(super) fn new(module: &Module<'_>, memory: &MemoryPlan, options: &Options) -> Self {
        let mut answers = 0..;
        let imports = module.functions.values().map_while(|function| {
            let FunctionKind::Imported(name) = function.kind else {
                return None;
            };
            let ty = &module.types[function.type_index];
            let direct = signature(name, &options.native_functions).and_then(|signature| {
                let params = natives::parse(signature, ty)?;
                let addresses = params.iter().any(|param| param.is_address());
                (!addresses || has_memory32(memory)).then(|| DirectCall {
                    signature: signature.to_owned(),
                    params,
                    answer: answers.next().unwrap_or_default(),
                })
            });
            let c_api = options.runtime.c_api_imports && fits_c_api(&ty.params, &ty.results);
            Some(match direct {
                Some(call) => ImportCall::Direct(call),
                None if c_api => ImportCall::CApi,
                None => ImportCall::Invoke,
            })
        });
        NativePlan {
            imports: imports.collect(),
        }
    }

    /// Returns how code calls imported function `index`.
    pub fn call(&self, index: FuncIndex) -> &ImportCall {
        &self.imports[index.as_u32() as usize]
    }

    /// Returns all imported functions with the calls that may be direct.
    pub fn direct_calls(&self) -> impl Iterator<Item = Option<&DirectCall>> {
        self.imports.iter().map(|import| match import {
            ImportCall::Direct(call) => Some(call),
            ImportCall::Invoke | ImportCall::CApi => None,
        })
    }

    /// Returns how many hidden globals hold the answers.
    pub fn globals(&self) -> u32 {
        let answers = self.direct_calls().flatten().count() as u32;
        answers.div_ceil(ANSWERS_PER_GLOBAL)
    }

    /// Adds the globals for the answers.
    pub(super) fn add_globals(&self, hidden: &mut HiddenGlobals) {
        for number in 0..self.globals() {
            hidden.add(HiddenPurpose::NativeAnswers(number), HiddenValue::I64(0));
        }
    }
}

/// Returns the signature of an imported function. The runtime finds the functions of a library that was
/// registered later first.
fn signature<'a>(name: ImportName<'_>, given: &'a [NativeFunction]) -> Option<&'a str> {
    let find = |field: &str| {
        let mut given = given.iter().rev();
        given.find(|native| native.module == name.module && native.name == field)
    };
    find(name.field)
        .or_else(|| find(name.field.strip_prefix('_')?))
        .map(|native| native.signature.as_str())
        .or_else(|| natives::signature(name))
}

/// Reports whether native functions and code agree on the addresses of the first memory and on its size: it is,
/// for the runtime, a memory with 32-bit addresses whose size the runtime keeps.
fn has_memory32(memory: &MemoryPlan) -> bool {
    let first = memory.first();
    first.is_some_and(|first| {
        first.by_runtime() && (first.addresses == IndexType::I32 || !memory.layout.native64)
    })
}

/// Reports whether the `wasm_c_api` can call a function of that type as `wamrc`'s code does.
fn fits_c_api(params: &[ValType], results: &[ValType]) -> bool {
    /// Values that `wamrc` passes at most.
    const MOST_VALUES: usize = 15;

    let is_number = |ty: &ValType| !matches!(ty, ValType::V128 | ValType::Ref(_));
    params.len() + results.len() <= MOST_VALUES && params.iter().chain(results).all(is_number)
}

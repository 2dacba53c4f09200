//! What is run: a module, what is called, and what may differ.

use std::path::Path;

use test_support::Outcome;
use wamr_host::Val;
use wasmelt::options::Features;

use crate::interface::Interface;
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
    /// A module that does the same without atomic instructions, for an engine that has none. `None` if
    /// `wasm` has no atomic instruction.
    pub without_atomics: Option<Vec<u8>>,
    /// Proposals beyond those of every case. If there are any, Wasmtime is the other engine.
    pub proposals: &'static [Proposal],
    /// A module that does the same, for Wasmtime. `None` if it takes `wasm`.
    pub for_reference: Option<Vec<u8>>,
    pub calls: Vec<Call>,
    pub nans: Nans,
}

#[derive(Debug, Clone)]
pub struct Call {
    pub function: String,
    pub args: Vec<Val>,
}

/// A proposal that the engine of most cases lacks, and Wasmtime has.
#[derive(Debug, Clone, Copy)]
pub struct Proposal {
    /// Lets wasm-smith use the proposal.
    pub generate: fn(&mut wasm_smith::Config),
    /// Lets our compiler take the proposal.
    pub accept: fn(&mut Features),
}

/// Exceptions of both forms; wasm-smith generates `try_table`. Both are on by default.
pub const EXCEPTIONS: Proposal = Proposal {
    generate: |config| config.exceptions_enabled = true,
    accept: |_| {},
};

/// How often each exported function is called.
const CALLS: usize = 6;

impl Case {
    pub fn new(wasm: Vec<u8>, text: String, nans: Nans, seed: u64) -> Outcome<Self> {
        let calls = calls(&wasm, seed).map_err(|error| format!("{error}\n{text}"))?;
        Ok(Case {
            wasm,
            text,
            without_atomics: None,
            proposals: &[],
            for_reference: None,
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
        let mut features = Features {
            tail_call: true,
            threads: self.without_atomics.is_some(),
            ..Features::default()
        };
        for proposal in self.proposals {
            (proposal.accept)(&mut features);
        }
        features
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
    let interface = Interface::of(wasm).map_err(|error| error.to_string())?;
    for (function, params) in interface.functions {
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

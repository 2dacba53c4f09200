//! Wasmtime, for proposals that the other reference lacks: a program of its own, so that neither the build of
//! Wasmelt nor this process has to do with it.
//!
//! The program is `benches/wasmtime-reference`; its file `trace.rs` describes what it reads and prints.
//! [`program`] builds it. Guests learn from [`VARIABLE`] where it is.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use escargot::CargoBuild;
use test_support::process::Finished;
use test_support::{Outcome, package_file};
use wamr_host::Val;

use super::{State, Step, Trap};
use crate::PATHS;
use crate::case::{Call, Case};

/// The variable of the environment that holds the path of the program.
pub const VARIABLE: &str = "WASMELT_WASMTIME_REFERENCE";
const TIME: Duration = Duration::from_secs(120);

/// Builds the program; returns its path. The first build takes a few minutes.
pub fn program() -> Outcome<PathBuf> {
    let target = PATHS.temporary().with_file_name("wasmtime-reference");
    let built = CargoBuild::new()
        .manifest_path(package_file("benches/wasmtime-reference/Cargo.toml"))
        .target_dir(target)
        .release()
        .arg("--locked")
        .run()
        .map_err(|error| format!("wasmtime-reference: {error}"))?;
    Ok(built.path().to_owned())
}

/// Works through the calls of `case`, as [`super::trace`] does.
pub fn trace(case: &Case) -> Outcome<Vec<Step<'_>>> {
    let program = std::env::var_os(VARIABLE).ok_or_else(|| format!("{VARIABLE} is not set"))?;
    let folder = PATHS.scratch_folder()?;
    let file = folder.path().join("case.wasm");
    let wasm = case.for_reference.as_ref().unwrap_or(&case.wasm);
    std::fs::write(&file, wasm).map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command.arg("trace").arg(&file);
    let calls: Vec<String> = case.calls.iter().map(line).collect();
    let got = Finished::wait_for(command, (calls.join("\n") + "\n").as_bytes(), TIME)?;
    if got.status != Some(0) {
        return Err(got.to_string());
    }
    let text = got.stdout_text();
    steps(case, &text).ok_or_else(|| format!("what is this?\n{text}"))
}

/// A call as the program reads it.
fn line(call: &Call) -> String {
    let name: String = call
        .function
        .bytes()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    call.args.iter().fold(name, |line, arg| {
        line + " "
            + &match *arg {
                Val::I32(value) => format!("i32:{value:x}"),
                Val::I64(value) => format!("i64:{value:x}"),
                Val::F32(bits) => format!("f32:{bits:x}"),
                Val::F64(bits) => format!("f64:{bits:x}"),
                Val::V128(bytes) => format!("v128:{:x}", u128::from_le_bytes(bytes)),
                Val::FuncRef(_) => "funcref:null".to_owned(),
                Val::ExternRef(_) => "externref:null".to_owned(),
            }
    })
}

/// Reads the steps that the program prints; `None` if they make no sense.
fn steps<'a>(case: &'a Case, text: &str) -> Option<Vec<Step<'a>>> {
    let mut steps: Vec<Step> = Vec::new();
    let mut calls = case.calls.iter();
    for line in text.lines() {
        let mut words = line.split(' ').filter(|word| !word.is_empty());
        let (kind, mut rest) = (words.next()?, words);
        let step = |call, outcome| Step {
            call,
            outcome,
            state: None,
        };
        match kind {
            "refused" => steps.push(step(None, Err(trap(rest.next()?)))),
            "trapped" => steps.push(step(Some(calls.next()?), Err(trap(rest.next()?)))),
            "returned" => {
                let values = rest.map(value).collect::<Option<_>>()?;
                steps.push(step(Some(calls.next()?), Ok(values)));
            }
            _ => note(kind, rest, steps.last_mut()?)?,
        }
    }
    Some(steps)
}

/// Adds a line about the state to its step.
fn note<'a>(kind: &str, mut words: impl Iterator<Item = &'a str>, step: &mut Step) -> Option<()> {
    let state = step.state.get_or_insert_with(State::default);
    let number = |text| usize::from_str_radix(text, 16).ok();
    match kind {
        "memory" => state.memory = vec![0; number(words.next()?)?],
        "at" => {
            let start = number(words.next()?)?;
            let bytes = bytes(words.next()?)?;
            let place = state.memory.get_mut(start..start + bytes.len())?;
            place.copy_from_slice(&bytes);
        }
        "global" => {
            let name = String::from_utf8(bytes(words.next()?)?).ok()?;
            state.globals.push((name, value(words.next()?)?));
        }
        "table" => {
            let name = String::from_utf8(bytes(words.next()?)?).ok()?;
            let elements = words.next().unwrap_or_default().chars();
            let elements = elements.map(|element| element == '1').collect();
            state.tables.push((name, elements));
        }
        "end" => state.sort(),
        _ => return None,
    }
    Some(())
}

fn trap(word: &str) -> Trap {
    match word {
        "unreachable" => Trap::Unreachable,
        "memory" => Trap::Memory,
        "table" => Trap::Table,
        "null-element" => Trap::NullElement,
        "signature" => Trap::Signature,
        "divide-by-zero" => Trap::DivideByZero,
        "overflow" => Trap::Overflow,
        "not-an-integer" => Trap::NotAnInteger,
        "stack" => Trap::Stack,
        "null-reference" => Trap::NullReference,
        "uncaught" => Trap::Uncaught,
        _ => Trap::Refused,
    }
}

fn value(word: &str) -> Option<Val> {
    let (ty, bits) = word.split_once(':')?;
    let number = || u128::from_str_radix(bits, 16).ok();
    Some(match ty {
        "i32" => Val::I32(number()? as i32),
        "i64" => Val::I64(number()? as i64),
        "f32" => Val::F32(number()? as u32),
        "f64" => Val::F64(number()? as u64),
        "v128" => Val::V128(number()?.to_le_bytes()),
        "funcref" => Val::FuncRef((bits == "some").then_some(0)),
        "externref" => Val::ExternRef((bits == "some").then_some(0)),
        _ => return None,
    })
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let byte = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).map(byte).collect()
}

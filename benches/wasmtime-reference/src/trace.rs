//! Calls functions of a module, and prints the results and the state of the instance: the other side of the
//! differential tests, for proposals that their first engine lacks.
//!
//! Standard input holds one call a line: the name of the function in hexadecimal, then its arguments. A value is
//! its type, a colon, and its bits in hexadecimal; `null` and `some` are references. Every engine of those tests
//! works so: a trap ends the life of an instance, and the calls after it go to a new one.
//!
//! Standard output holds, for each step, `refused TRAP` if there was no instance, or `returned VALUE...`, or
//! `trapped TRAP`. After a trap and after the last call follow `memory SIZE`, `at OFFSET BYTES` for each piece of
//! memory that is not zero, `global NAME VALUE`, `table NAME` with one digit for each element: whether it
//! is a reference, and `end`.

use std::fmt::Write;
use std::io::Read;
use std::path::Path;

use wasmtime::error::Context;
use wasmtime::{
    Config, Engine, Error, Extern, Instance, Module, OptLevel, Ref, Result, Store, ThrownException,
    Trap, Val, bail,
};

const STACK: usize = 64 << 20;
/// Memory is printed in pieces of this size.
const PIECE: usize = 64;

pub fn run(wasm: &Path) -> Result<()> {
    let wasm = std::fs::read(wasm).with_context(|| wasm.display().to_string())?;
    let mut calls = String::new();
    std::io::stdin().read_to_string(&mut calls)?;
    // The stack of the main thread is too small for deep recursion.
    let worker = std::thread::Builder::new()
        .stack_size(2 * STACK)
        .spawn(move || trace(&wasm, &calls))?;
    let text = worker
        .join()
        .map_err(|_| Error::msg("the thread has panicked"))??;
    print!("{text}");
    Ok(())
}

/// Every proposal that Wasmtime knows.
fn engine() -> Result<Engine> {
    let mut config = Config::new();
    config
        .cranelift_opt_level(OptLevel::Speed)
        .max_wasm_stack(STACK)
        .wasm_tail_call(true)
        .wasm_function_references(true)
        .wasm_gc(true)
        .wasm_exceptions(true)
        .wasm_relaxed_simd(true)
        .relaxed_simd_deterministic(true)
        .wasm_multi_memory(true)
        .wasm_memory64(true)
        .wasm_custom_page_sizes(true)
        .wasm_wide_arithmetic(true)
        .wasm_extended_const(true);
    Engine::new(&config)
}

fn trace(wasm: &[u8], calls: &str) -> Result<String> {
    let engine = engine()?;
    let module = Module::new(&engine, wasm)?;
    let mut out = String::new();
    let mut current = None;
    let calls: Vec<&str> = calls.lines().collect();
    for (number, call) in calls.iter().enumerate() {
        let (mut store, instance) = match current.take() {
            Some(current) => current,
            None => {
                let mut store = Store::new(&engine, ());
                match Instance::new(&mut store, &module, &[]) {
                    Ok(instance) => (store, instance),
                    Err(error) => {
                        writeln!(out, "refused {}", trap(&error))?;
                        break;
                    }
                }
            }
        };
        let outcome = one_call(&mut store, instance, call)?;
        let trapped = outcome.is_err();
        match outcome {
            Ok(values) => writeln!(out, "returned {}", values.join(" "))?,
            Err(trap) => writeln!(out, "trapped {trap}")?,
        }
        if trapped || number + 1 == calls.len() {
            state(&mut store, instance, &mut out)?;
        }
        if !trapped {
            current = Some((store, instance));
        }
    }
    Ok(out)
}

/// Makes a call; returns the results, or the trap.
fn one_call(
    store: &mut Store<()>,
    instance: Instance,
    call: &str,
) -> Result<Result<Vec<String>, &'static str>> {
    let mut words = call.split(' ');
    let name = bytes(words.next().unwrap_or_default())?;
    let name = String::from_utf8(name)?;
    let arguments = words.map(value).collect::<Result<Vec<Val>>>()?;
    let function = instance
        .get_func(&mut *store, &name)
        .with_context(|| format!("no function is called {name}"))?;
    let results = function.ty(&*store).results().len();
    let mut results = vec![Val::I32(0); results];
    Ok(match function.call(&mut *store, &arguments, &mut results) {
        Ok(()) => Ok(results.iter().map(text).collect()),
        Err(error) => {
            // The next instance has a store of its own.
            let trap = trap(&error);
            Err(trap)
        }
    })
}

fn state(store: &mut Store<()>, instance: Instance, out: &mut String) -> Result<()> {
    let exports: Vec<(String, Extern)> = instance
        .exports(&mut *store)
        .map(|export| (export.name().to_owned(), export.into_extern()))
        .collect();
    for (name, export) in exports {
        let name = hexadecimal(name.as_bytes());
        match export {
            Extern::Memory(memory) => {
                let data = memory.data(&*store);
                writeln!(out, "memory {:x}", data.len())?;
                for (number, piece) in data.chunks(PIECE).enumerate() {
                    if piece.iter().any(|&byte| byte != 0) {
                        writeln!(out, "at {:x} {}", number * PIECE, hexadecimal(piece))?;
                    }
                }
            }
            Extern::Global(global) => {
                let value = global.get(&mut *store);
                writeln!(out, "global {name} {}", text(&value))?;
            }
            Extern::Table(table) => {
                let mut elements = String::new();
                for index in 0..table.size(&*store) {
                    let element = table.get(&mut *store, index);
                    let is_null = element.is_none_or(|element| element.is_null());
                    elements.push(if is_null { '0' } else { '1' });
                }
                writeln!(out, "table {name} {elements}")?;
            }
            _ => {}
        }
    }
    writeln!(out, "end")?;
    Ok(())
}

fn trap(error: &Error) -> &'static str {
    if error.is::<ThrownException>() {
        return "uncaught";
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::UnreachableCodeReached) => "unreachable",
        Some(Trap::MemoryOutOfBounds) => "memory",
        Some(Trap::TableOutOfBounds) => "table",
        Some(Trap::IndirectCallToNull) => "null-element",
        Some(Trap::BadSignature) => "signature",
        Some(Trap::IntegerDivisionByZero) => "divide-by-zero",
        Some(Trap::IntegerOverflow) => "overflow",
        Some(Trap::BadConversionToInteger) => "not-an-integer",
        Some(Trap::StackOverflow) => "stack",
        Some(Trap::NullReference) => "null-reference",
        _ => "refused",
    }
}

fn value(word: &str) -> Result<Val> {
    let Some((ty, bits)) = word.split_once(':') else {
        bail!("`{word}` is no value");
    };
    let number = |digits| u128::from_str_radix(digits, 16);
    Ok(match (ty, bits) {
        ("funcref", "null") => Val::null_func_ref(),
        ("externref", "null") => Val::null_extern_ref(),
        ("i32", _) => Val::I32(number(bits)? as i32),
        ("i64", _) => Val::I64(number(bits)? as i64),
        ("f32", _) => Val::F32(number(bits)? as u32),
        ("f64", _) => Val::F64(number(bits)? as u64),
        ("v128", _) => Val::V128(number(bits)?.into()),
        _ => bail!("`{word}` is no value"),
    })
}

fn text(value: &Val) -> String {
    let reference =
        |name: &str, is_null| format!("{name}:{}", if is_null { "null" } else { "some" });
    match value {
        Val::I32(value) => format!("i32:{value:x}"),
        Val::I64(value) => format!("i64:{value:x}"),
        Val::F32(bits) => format!("f32:{bits:x}"),
        Val::F64(bits) => format!("f64:{bits:x}"),
        Val::V128(value) => format!("v128:{:x}", value.as_u128()),
        Val::FuncRef(value) => reference("funcref", value.is_none()),
        Val::ExternRef(value) => reference("externref", value.is_none()),
        other => reference("other", other.ref_().as_ref().is_none_or(Ref::is_null)),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn bytes(text: &str) -> Result<Vec<u8>> {
    let digit = |at: usize| {
        let pair = text.get(at..at + 2);
        let pair = pair.with_context(|| format!("`{text}` is no text in hexadecimal"))?;
        Ok(u8::from_str_radix(pair, 16)?)
    };
    (0..text.len()).step_by(2).map(digit).collect()
}

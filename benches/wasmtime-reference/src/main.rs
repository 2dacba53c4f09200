//! Runs the programs of the benchmarks with Wasmtime, for comparison.
//!
//! `trace IN.wasm` is for the differential tests ([`trace`]). For benchmarks,
//! `compile IN.wasm OUT.cwasm` does the work of the compiler, ahead of time; `run IN.cwasm` is what is
//! measured. Wasmtime has its defaults: code for this machine's CPU, optimised for speed, guard pages
//! instead of bounds checks. Of WASI there is what a C program needs that prints and ends, written
//! here because the whole of it would take longer to build than all the rest.

mod trace;

use std::io::Write;
use std::path::Path;
use std::process::exit;

use wasmtime::error::Context;
use wasmtime::{Caller, Config, Engine, Extern, Linker, Module, OptLevel, Result, Store, bail};

const WASI: &str = "wasi_snapshot_preview1";
const BAD_FILE: i32 = 8;
const FAULT: i32 = 21;
const SUCCESS: i32 = 0;

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["--version"] => {
            println!("wasmtime {}", env!("WASMTIME_VERSION"));
            Ok(())
        }
        ["compile", wasm, compiled] => compile(Path::new(wasm), Path::new(compiled)),
        ["run", compiled] => run(Path::new(compiled)),
        ["trace", wasm] => trace::run(Path::new(wasm)),
        _ => bail!(
            "usage: wasmtime-reference compile IN.wasm OUT.cwasm | run IN.cwasm | trace IN.wasm"
        ),
    }
}

fn engine() -> Result<Engine> {
    let mut config = Config::new();
    config.cranelift_opt_level(OptLevel::Speed);
    config.wasm_exceptions(true);
    Engine::new(&config)
}

fn compile(wasm: &Path, compiled: &Path) -> Result<()> {
    let bytes = std::fs::read(wasm).with_context(|| wasm.display().to_string())?;
    let code = engine()?.precompile_module(&bytes)?;
    std::fs::write(compiled, code).with_context(|| compiled.display().to_string())
}

fn run(compiled: &Path) -> Result<()> {
    let engine = engine()?;
    // SAFETY: the file is one that `compile` has written, as the benchmark sees to.
    let module = unsafe { Module::deserialize_file(&engine, compiled)? };
    let mut store = Store::new(&engine, ());
    let instance = linker(&engine)?.instantiate(&mut store, &module)?;
    let start = instance.get_typed_func::<(), ()>(&mut store, "_start")?;
    start.call(&mut store, ())?;
    Ok(())
}

fn linker(engine: &Engine) -> Result<Linker<()>> {
    let mut linker = Linker::new(engine);
    linker.func_wrap(WASI, "fd_write", fd_write)?;
    linker.func_wrap(WASI, "fd_close", |_: i32| SUCCESS)?;
    linker.func_wrap(WASI, "fd_seek", |_: i32, _: i64, _: i32, _: i32| BAD_FILE)?;
    linker.func_wrap(WASI, "fd_fdstat_get", fd_fdstat_get)?;
    linker.func_wrap(WASI, "proc_exit", |status: i32| -> () { exit(status) })?;
    Ok(linker)
}

/// Standard output and errors are characters that can only be written one after another, so that the
/// C library asks for nothing else.
fn fd_fdstat_get(mut caller: Caller<'_, ()>, file: i32, out: i32) -> i32 {
    const CHARACTER_DEVICE: u8 = 2;
    const RIGHT_TO_WRITE: u64 = 1 << 6;
    if !(0..=2).contains(&file) {
        return BAD_FILE;
    }
    let mut stat = [0; 24];
    stat[0] = CHARACTER_DEVICE;
    stat[8..16].copy_from_slice(&RIGHT_TO_WRITE.to_le_bytes());
    written(memory(&mut caller), out, &stat)
}

/// Writes what a list of pointers and lengths names.
fn fd_write(mut caller: Caller<'_, ()>, file: i32, list: i32, count: i32, out: i32) -> i32 {
    let mut text = Vec::new();
    let memory = memory(&mut caller);
    for index in 0..count.cast_unsigned() {
        let entry = list.cast_unsigned().wrapping_add(index * 8);
        let piece = word(memory, entry)
            .zip(word(memory, entry.wrapping_add(4)))
            .and_then(|(start, length)| part(memory, start, length));
        match piece {
            Some(piece) => text.extend_from_slice(piece),
            None => return FAULT,
        }
    }
    let done = match file {
        1 => std::io::stdout().lock().write_all(&text),
        2 => std::io::stderr().lock().write_all(&text),
        _ => return BAD_FILE,
    };
    match done {
        Ok(()) => written(memory, out, &(text.len() as u32).to_le_bytes()),
        Err(_) => BAD_FILE,
    }
}

fn memory<'a>(caller: &'a mut Caller<'_, ()>) -> &'a mut [u8] {
    match caller.get_export("memory") {
        Some(Extern::Memory(memory)) => memory.data_mut(caller),
        _ => &mut [],
    }
}

fn part(memory: &[u8], start: u32, length: u32) -> Option<&[u8]> {
    memory.get(start as usize..)?.get(..length as usize)
}

fn word(memory: &[u8], at: u32) -> Option<u32> {
    let bytes = part(memory, at, 4)?.try_into().ok()?;
    Some(u32::from_le_bytes(bytes))
}

fn written(memory: &mut [u8], at: i32, bytes: &[u8]) -> i32 {
    let place = memory.get_mut(at.cast_unsigned() as usize..);
    match place.and_then(|place| place.get_mut(..bytes.len())) {
        Some(place) => {
            place.copy_from_slice(bytes);
            SUCCESS
        }
        None => FAULT,
    }
}

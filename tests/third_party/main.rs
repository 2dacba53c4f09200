//! Modules as they are shipped in npm packages, compiled in every mode and loaded by WAMR: WASI
//! programs have to print what they should, and where a module's functions have known answers
//! without the JavaScript around it, they have to give them.
//!
//! In: the packages that `fetch`, beside this file, has downloaded (`make third-party`). Out: one
//! test for each module and mode, and one that counts what the corpus is made of.

mod catalog;
mod exercises;
mod stubs;
mod subject;

use std::collections::HashSet;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use test_support::command::{self, Mode};
use test_support::process::{Finished, RUN_TIME};
use test_support::{Outcome, Paths, guest};
use wamr_host::{ExternType, Instance, InstanceOptions};
use wasmparser::{ExternalKind, Parser, Payload};

use catalog::MODULES;
use subject::{Exercise, Module};

/// Where Cargo has put the `wasmelt` command and its folder for temporary files.
const PATHS: Paths = test_support::paths!();

/// Modules above this many bytes take minutes to optimise.
const LARGE: usize = 500_000;

/// The modes to try a module in: all of them, but for large ones two that between them have every
/// setting, unless `WASMELT_ALL_MODES` is set (`make third-party-sweep`).
fn modes(module: &Module) -> Outcome<&'static [Mode]> {
    let all = std::env::var_os("WASMELT_ALL_MODES").is_some();
    Ok(if all || module.read()?.len() < LARGE {
        &Mode::ALL
    } else {
        &Mode::EVERY_SETTING
    })
}

fn main() -> ExitCode {
    guest::serve(&[("run", run), ("exercise", exercise)]);
    let mut trials = vec![Trial::test("corpus", || Ok(corpus_is_wide()?))];
    for module in MODULES {
        // A module that is not there fails in its own trial.
        for &mode in modes(module).unwrap_or(&Mode::ALL) {
            let name = format!("{}/{mode}", module.name());
            trials.push(Trial::test(name, move || Ok(holds(module, mode)?)));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// The breadth that the project promises.
fn corpus_is_wide() -> Outcome {
    let producers: HashSet<_> = MODULES.iter().map(|module| module.producer).collect();
    let programs = MODULES
        .iter()
        .filter(|module| matches!(module.exercise, Exercise::Run { .. }))
        .count();
    let mut large = 0;
    for module in MODULES {
        large += usize::from(module.read()?.len() > 1_000_000);
    }
    let counts = [MODULES.len(), producers.len(), large, programs];
    if std::iter::zip(counts, [15, 4, 3, 3]).any(|(count, least)| count < least) {
        return Err(format!(
            "modules, producers, over 1 MB, WASI programs: {counts:?}"
        ));
    }
    Ok(())
}

/// Compiles a module and starts a guest that puts it to use.
fn holds(module: &Module, mode: Mode) -> Outcome {
    let build = PATHS.scratch_folder()?;
    let wasm = build.path().join("module.wasm");
    let aot = build.path().join("module.aot");
    std::fs::write(&wasm, module.read()?).map_err(|error| format!("module.wasm: {error}"))?;
    command::compile(PATHS, &wasm, &aot, mode)?;

    let folder = PATHS.scratch_folder()?;
    let (role, stdin, expected) = match module.exercise {
        Exercise::Run { stdin, stdout, .. } => ("run", stdin, stdout),
        Exercise::Instantiate | Exercise::Call(_) => ("exercise", "", ""),
    };
    let mut command = guest::command(role, folder.path())?;
    if role == "exercise" {
        command.arg(module.name());
    }
    command.arg(&aot).arg(&wasm);
    if let Exercise::Run {
        args, env, files, ..
    } = module.exercise
    {
        command.args(args).envs(env.iter().copied());
        for file in files {
            let path = folder.path().join(file);
            std::fs::write(path, "").map_err(|error| format!("{file}: {error}"))?;
        }
    }
    let got = Finished::wait_for(command, stdin.as_bytes(), RUN_TIME)?;
    if got.status != Some(0) || got.stdout_text() != expected {
        return Err(format!("expected\n{expected}--- got\n{got}"));
    }
    Ok(())
}

/// A guest's role: `FILE.aot FILE.wasm ARGUMENTS`, the `.wasm` file for the sake of its imports.
fn run(args: &[String]) -> Outcome<i32> {
    let [aot, wasm, args @ ..] = args else {
        return Err("which program?".to_owned());
    };
    let imports = stubs::for_module(&read(wasm)?, true)?;
    guest::run_program(&[std::slice::from_ref(aot), args].concat(), &imports)
}

/// A guest's role: `NAME FILE.aot FILE.wasm`.
fn exercise(args: &[String]) -> Outcome<i32> {
    let [name, aot, wasm] = args else {
        return Err("which module?".to_owned());
    };
    let module = MODULES
        .iter()
        .find(|module| module.name() == *name)
        .ok_or("no such module")?;
    let wasm = read(wasm)?;
    let loaded = guest::load(aot, &stubs::for_module(&wasm, false)?)?;
    let instance = Instance::new(&loaded, &InstanceOptions::default())
        .map_err(|error| format!("WAMR makes no instance: {error}"))?;
    same_exports(&wasm, &instance)?;
    if let Exercise::Call(call) = module.exercise {
        call(&instance)?;
    }
    Ok(0)
}

fn read(file: &str) -> Outcome<Vec<u8>> {
    std::fs::read(file).map_err(|error| format!("cannot read {file}: {error}"))
}

/// The runtime has to see every export of the module, and as the same kind of thing.
fn same_exports(wasm: &[u8], instance: &Instance) -> Outcome {
    let mut expected = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ExportSection(section) = payload.map_err(|error| error.to_string())? {
            for export in section {
                let export = export.map_err(|error| error.to_string())?;
                expected.push((export.name.to_owned(), kind_name(export.kind)));
            }
        }
    }
    let found: Vec<_> = instance
        .module()
        .exports()
        .iter()
        .map(|export| {
            let kind = match export.ty {
                ExternType::Func(_) => "function",
                ExternType::Global { .. } => "global",
                ExternType::Table { .. } => "table",
                ExternType::Memory { .. } => "memory",
            };
            (export.name.clone(), kind)
        })
        .collect();
    if found == expected {
        Ok(())
    } else {
        Err(format!("the exports should be {expected:?}, are {found:?}"))
    }
}

fn kind_name(kind: ExternalKind) -> &'static str {
    match kind {
        ExternalKind::Func | ExternalKind::FuncExact => "function",
        ExternalKind::Global => "global",
        ExternalKind::Table => "table",
        ExternalKind::Memory => "memory",
        ExternalKind::Tag => "tag",
    }
}

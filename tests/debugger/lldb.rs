//! The same under LLDB, which has no operators for the program's pointers.

use std::process::Command;

use libtest_mimic::Trial;
use test_support::{Outcome, guest};

use crate::program::{Program, expect};
use crate::trial;
use crate::variables::VALUES;

pub fn trials() -> Vec<Trial> {
    vec![trial("lldb/variables", variables)]
}

/// LLDB stops where the runtime calls the module, takes the file at the address of the code, and then stops in the
/// source.
fn variables() -> Outcome {
    let program = Program::new(VALUES, &["-g", "-O0"])?;
    program.compile(&["--opt-level=0"])?;
    let script =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/debugging/wasmelt_lldb.py");
    let this = guest::command("run", program.0.path())?;
    let mut lldb = Command::new("lldb-22");
    lldb.args(["--batch", "--no-lldbinit", "-o"]);
    lldb.arg(format!("command script import {}", script.display()));
    for command in [
        "settings set target.disable-aslr false",
        "wasmelt-run program.debug",
        "breakpoint set --file program.c --line 14 --condition 'i == 9'",
        "continue",
        "frame variable n i k half big copy.value list",
        "thread backtrace --count 2",
        "expression ((chain_t *)((char *)linear_memory + list.address))->name",
        "next",
        "next",
    ] {
        lldb.args(["-o", command]);
    }
    lldb.arg("--")
        .arg(this.get_program())
        .args(this.get_args())
        .arg("program.aot");
    let text = program.run(&mut lldb)?;
    for part in [
        "stop reason = breakpoint",
        "(int) n = 10",
        "(int) i = 9",
        "(int) k = 27",
        "(double) half = 5",
        "(long long) big = 1099511627776",
        "(int) copy.value = 1",
        "(chain_t *) list = (address = ",
        "fill(n=10, list=",
        "\"one\"",
        "program.c:16",
    ] {
        expect(&text, part)?;
    }
    Ok(())
}

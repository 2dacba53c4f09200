//! A board through the GDB stub of its emulator: the code is executed in place, from flash.

use std::process::Command;

use libtest_mimic::Trial;
use test_support::Outcome;
use wamr_devices::board::Board;
use wamr_devices::firmware::{self, Probe};

use crate::program::{Program, expect};
use crate::trial;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("board/mps2-an386", || on_board("mps2-an386")),
        trial("board/riscv32-virt", || on_board("riscv32-virt")),
    ]
}

/// The exported function `run` is the program; its lines are numbered from 1.
const SOURCE: &str = "\
__attribute__((import_module(\"env\"), import_name(\"print\"))) void print(long long number);
struct cell { short low; short high; struct cell *next; };
static struct cell cells[2] = { { 1, 2, &cells[1] }, { 30, 40, 0 } };
__attribute__((noinline)) int sum(struct cell *from) {
    int total = 0;
    for (; from; from = from->next)
        total += from->low + from->high;
    return total;
}
__attribute__((export_name(\"run\"))) void run(void) {
    int total = sum(cells);
    print(total);
}
";

fn on_board(name: &str) -> Outcome {
    let board = Board::find(name).ok_or("no such board")?;
    let program = Program::of(
        "program.c",
        SOURCE,
        &[
            "-g",
            "-O0",
            "--target=wasm32",
            "-nostdlib",
            "-ffreestanding",
            "-Wl,--no-entry",
            "-Wl,-z,stack-size=4096",
            "-Wl,--initial-memory=65536",
            "-Wl,--export=__heap_base",
            "-Wl,--export=__data_end",
        ],
    )?;
    program.compile(&[board.options, &["--opt-level=0"]].concat())?;
    let image = program.path("image.elf");
    firmware::link(board, &program.path("program.aot"), Probe::Nothing, &image)?;
    let script =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/debugging/wasmelt_gdb.py");
    let emulator = format!(
        "target remote | exec {} -nographic -monitor none -serial none \
         -semihosting-config enable=on,target=native -kernel image.elf -S -gdb stdio",
        board.emulator.join(" ")
    );
    let mut gdb = Command::new("gdb-multiarch");
    gdb.args(["-batch", "-nx", "-x"]).arg(script);
    for command in [
        "file image.elf",
        &emulator,
        "wasmelt-run program.debug",
        "break program.c:7",
        "continue",
        "backtrace 2",
        "info locals",
        "print from->next->high",
        "print cells[1]",
        "next",
        "next",
        "print total",
        "print from->low",
        "kill",
        // The emulator ends without an answer.
        "echo killed\\n",
    ] {
        gdb.args(["-ex", command]);
    }
    let text = program.run(&mut gdb)?;
    let always = [
        "sum (from=",
        "program.c:7\n7\t        total += from->low + from->high;",
        "#0  sum (from=",
        " in run () at ",
        "program.c:11\n",
        " = {low = 30, high = 40, next = ",
    ];
    let locals = ["\ntotal = 0\n", "$1 = 40\n", "$3 = 3\n", "$4 = 30\n"];
    // LLVM keeps no place for locals in Thumb code, even without optimisation (docs/debugging.md).
    let thumb = name == "mps2-an386";
    for part in always
        .into_iter()
        .chain(locals.into_iter().filter(|_| !thumb))
    {
        expect(&text, part)?;
    }
    if thumb {
        expect(&text, "total = <optimized out>")?;
    }
    Ok(())
}

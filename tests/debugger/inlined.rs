//! Inlined functions in backtraces: those that clang has inlined, and those that the optimiser has.

use libtest_mimic::Trial;
use test_support::Outcome;

use crate::program::{Program, expect};
use crate::trial;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("inlined/by-clang", by_clang),
        trial("inlined/by-the-optimiser", by_optimiser),
    ]
}

/// The innermost function traps; its lines are numbered from 1.
const NESTED: &str = "\
#include <stdio.h>
static volatile int sink;
static INLINE int innermost(volatile int *place) {
    sink++; /* GDB hides an inlined function whose first instruction traps. */
    return sink + *place;
}
static INLINE int middle(int n) {
    int doubled = n * 2;
    return innermost((int *)0x7ffffff0) + doubled;
}
__attribute__((noinline)) int outer(int n) {
    return middle(n + 1) + 3;
}
int main(int argc, char **argv) {
    printf(\"%d\\n\", outer(argc));
    return 0;
}
";

/// Whatever inlines, the stack is the same.
fn shows_all_frames(clang: &[&str], level: &str) -> Outcome {
    let program = Program::new(NESTED, &[&["-g"], clang].concat())?;
    program.compile(&[&format!("--opt-level={level}")])?;
    let text = program.gdb(&[
        "break program.c:5",
        "continue",
        "backtrace",
        "up",
        "info frame",
    ])?;
    for (frame, function, line) in [
        (0, "innermost (", 5),
        (1, "middle (", 9),
        (2, "outer (", 12),
        // `__main_void` in the symbols that clang makes for C without parameters.
        (3, "main", 15),
    ] {
        let start = format!("#{frame}  ");
        let frame = text
            .lines()
            .find(|text| text.starts_with(&start))
            .ok_or_else(|| format!("no frame {frame}:\n{text}"))?;
        if frame.contains("wasm_") {
            return Err(format!("{frame} is the runtime's:\n{text}"));
        }
        expect(frame, function).map_err(|error| format!("{error}\n{text}"))?;
        expect(frame, &format!("program.c:{line}")).map_err(|error| format!("{error}\n{text}"))?;
    }
    expect(&text, "inlined into frame 2")
}

fn by_clang() -> Outcome {
    let inline = "-DINLINE=inline __attribute__((always_inline))";
    shows_all_frames(&["-O2", inline], "0")?;
    shows_all_frames(&["-O2", inline], "3")
}

/// The source has calls; level 3 inlines them.
fn by_optimiser() -> Outcome {
    shows_all_frames(&["-O1", "-DINLINE=__attribute__((noinline))"], "3")
}

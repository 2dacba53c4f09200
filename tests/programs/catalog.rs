//! The C programs: what each is built with and given.

/// A program that prints the same wherever it runs.
pub struct Program {
    /// The source, from the package's folder.
    pub source: &'static str,
    /// Flags of the wasm builds, one set for each.
    pub builds: &'static [&'static [&'static str]],
    pub args: &'static [&'static str],
    pub env: &'static [(&'static str, &'static str)],
    pub stdin: &'static str,
}

const O2: &[&str] = &["-O2"];
const O0: &[&str] = &["-O0"];
const SMALL: &[&str] = &["-Oz"];
const SIMD: &[&str] = &["-O3", "-msimd128"];

/// A program that needs nothing from outside.
const fn plain(source: &'static str, builds: &'static [&'static [&'static str]]) -> Program {
    Program {
        source,
        builds,
        args: &[],
        env: &[],
        stdin: "",
    }
}

pub const PROGRAMS: &[Program] = &[
    Program {
        args: &["WAMR", "two words"],
        ..plain("examples/hello/hello.c", &[O2])
    },
    Program {
        args: &["one", "0x1F", "-12", "two words", "", "0755", "grüß"],
        env: &[
            ("GREETING", "hello there"),
            ("EMPTY", ""),
            ("WITH_EQUALS", "a=b=c"),
        ],
        stdin: "some words on a line\n\n  and more\twithout an end",
        ..plain("tests/programs/arguments.c", &[O0, O2])
    },
    plain("tests/programs/coroutine.c", &[O0, O2]),
    plain("tests/programs/dispatch.c", &[O0, O2]),
    plain("tests/programs/files.c", &[O2]),
    plain("tests/programs/hashes.c", &[O0, O2, SIMD]),
    plain("tests/programs/integers.c", &[O0, O2]),
    plain("tests/programs/interpreter.c", &[O0, O2]),
    plain("tests/programs/json.c", &[O2, SMALL]),
    plain("tests/programs/lz.c", &[O2, SIMD]),
    plain("tests/programs/matrix.c", &[O0, O2, SIMD]),
    plain("tests/programs/nbody.c", &[O2, SIMD]),
    plain("tests/programs/queens.c", &[O2, SMALL]),
    plain("tests/programs/sorting.c", &[O2, SMALL]),
    plain("tests/programs/state_machine.c", &[O0, O2]),
    plain("tests/programs/stencil.c", &[O0, O2, SIMD]),
    plain("tests/programs/strings.c", &[O2]),
    plain("tests/programs/vectors.c", &[&["-O0", "-msimd128"], SIMD]),
];

pub const EXHAUSTION: &str = "tests/programs/exhaustion.c";

/// Where the linker puts the C stack, its flags for that, and how the runtime calls an overflow of
/// the stack there. A stack that begins at address 0 ends where addresses wrap around: the runtime's
/// limits then find the stack pointer not below the stack but above it.
pub const STACK_PLACES: &[(&str, &[&str], &str)] = &[
    (
        "stack-first",
        &["-O2", "-Wl,--stack-first"],
        "wasm auxiliary stack underflow",
    ),
    (
        "data-first",
        &["-O2", "-Wl,--no-stack-first"],
        "wasm auxiliary stack overflow",
    ),
];

/// What to exhaust (the argument of the program), the sum it prints for a bounded depth, and the
/// stack that the unbounded walk runs out of.
pub const EXHAUSTIONS: &[(&str, &str, Stack)] = &[
    ("native", "50", Stack::Native),
    ("mutual", "641", Stack::Native),
    ("indirect", "3897487844", Stack::Native),
    ("auxiliary", "1275", Stack::Auxiliary),
];

#[derive(Debug, Clone, Copy)]
pub enum Stack {
    Native,
    Auxiliary,
}

//! The C and C++ programs of the tests, with their builds and inputs. [`toolchain`](crate::toolchain) builds
//! them.

/// A program that prints the same on every machine.
pub struct Program {
    /// The path of the source from the package's root; [`package_file`](crate::package_file) completes it.
    pub source: &'static str,
    /// The builds for WebAssembly: each is a list of clang's flags.
    pub builds: &'static [&'static [&'static str]],
    /// The program's arguments, without its name.
    pub args: &'static [&'static str],
    /// The environment: names and values.
    pub env: &'static [(&'static str, &'static str)],
    /// Standard input.
    pub stdin: &'static str,
}

const O2: &[&str] = &["-O2"];
const O0: &[&str] = &["-O0"];
const SMALL: &[&str] = &["-Oz"];
const SIMD: &[&str] = &["-O3", "-msimd128"];

/// C++ with exceptions in the form of the standard and in the legacy form. The C stack holds ten thousand frames.
const EXCEPTIONS: &[&str] = &[
    "-O2",
    "-fwasm-exceptions",
    "-mllvm",
    "-wasm-use-legacy-eh=false",
    "-Wl,-z,stack-size=2097152",
];
const LEGACY_EXCEPTIONS: &[&str] = &[
    "-O2",
    "-fwasm-exceptions",
    "-mllvm",
    "-wasm-use-legacy-eh=true",
    "-Wl,-z,stack-size=2097152",
];

/// Returns a program without arguments, environment and input.
const fn plain(source: &'static str, builds: &'static [&'static [&'static str]]) -> Program {
    Program {
        source,
        builds,
        args: &[],
        env: &[],
        stdin: "",
    }
}

/// Every program whose output the tests compare.
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
    plain(
        "tests/programs/exceptions.cpp",
        &[EXCEPTIONS, LEGACY_EXCEPTIONS],
    ),
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

/// The source of a program that recurses without end, from the package's root.
pub const EXHAUSTION: &str = "tests/programs/exhaustion.c";

/// Places of the C stack in linear memory: the name of the place, clang's flags for it, and the
/// exception that the runtime raises when the stack overflows there.
///
/// If the stack begins at address 0, an overflow wraps around. The runtime then finds the stack pointer
/// above the stack instead of below it.
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

/// Ways to run [`EXHAUSTION`]: the program's argument, the sum that it prints for a bounded depth, and
/// the stack that it overflows after that.
pub const EXHAUSTIONS: &[(&str, &str, Stack)] = &[
    ("native", "50", Stack::Native),
    ("mutual", "641", Stack::Native),
    ("indirect", "3897487844", Stack::Native),
    ("auxiliary", "1275", Stack::Auxiliary),
];

/// A stack that a program can overflow.
#[derive(Debug, Clone, Copy)]
pub enum Stack {
    /// The stack of the thread that executes the code.
    Native,
    /// The C stack in linear memory.
    Auxiliary,
}

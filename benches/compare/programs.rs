//! The C programs whose speed is measured, each long enough to be.

/// A program that needs nothing from outside and always prints the same.
pub struct Program {
    pub name: &'static str,
    pub source: &'static str,
    /// For every build.
    pub defines: &'static [&'static str],
    /// For the wasm build alone.
    pub wasm_flags: &'static [&'static str],
    /// If it is not 1, `repeat.h` makes it run that often.
    pub times: u32,
}

macro_rules! programs {
    ($($name:literal, $source:literal $(, times: $times:literal)? $(, defines: $defines:expr)?
       $(, wasm: $wasm:expr)?;)*) => {
        &[$(Program {
            name: $name,
            source: $source,
            defines: programs!(@or &[] $(, $defines)?),
            wasm_flags: programs!(@or &[] $(, $wasm)?),
            times: programs!(@or 1 $(, $times)?),
        }),*]
    };
    (@or $default:expr) => { $default };
    (@or $default:expr, $given:expr) => { $given };
}

pub const PROGRAMS: &[Program] = programs! {
    // Floats in loops.
    "gemm f32", "benches/programs/gemm.c", defines: &["-DREAL=float"];
    "gemm f64", "benches/programs/gemm.c", defines: &["-DREAL=double"];
    "jacobi-2d", "benches/programs/jacobi-2d.c";
    "fdtd-2d", "benches/programs/fdtd-2d.c";
    "heat-3d", "benches/programs/heat-3d.c";
    "matrix", "tests/programs/matrix.c", times: 20;
    "stencil", "tests/programs/stencil.c", times: 20;
    "n-body", "tests/programs/nbody.c", times: 8;
    "mandelbrot", "benches/programs/mandelbrot.c";
    "spectral norm", "benches/programs/spectral-norm.c";
    // Vectors.
    "simd128", "benches/programs/simd.c", wasm: &["-msimd128"];
    "stencil simd128", "tests/programs/stencil.c", times: 20, wasm: &["-msimd128"];
    // Integers.
    "hashes", "tests/programs/hashes.c", times: 15;
    "crc32", "benches/programs/crc32.c";
    "lz", "tests/programs/lz.c", times: 3;
    "fannkuch", "benches/programs/fannkuch.c";
    "quicksort", "benches/programs/quicksort.c";
    "queens", "tests/programs/queens.c", times: 20;
    "state machine", "tests/programs/state_machine.c", times: 15;
    // Calls, pointers, memory that grows.
    "fib", "benches/programs/fib.c";
    "dispatch", "tests/programs/dispatch.c", times: 4;
    "interpreter", "tests/programs/interpreter.c", times: 10;
    "binary trees", "benches/programs/binary-trees.c";
    "chase", "benches/programs/chase.c";
    // Much of the C library, which is not the same one in a native program.
    "json", "tests/programs/json.c", times: 35;
    "sorting", "tests/programs/sorting.c", times: 3;
    "strings", "tests/programs/strings.c", times: 75;
};

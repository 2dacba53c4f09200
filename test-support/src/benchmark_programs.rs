//! The C programs whose speed the benchmarks measure. Each runs long enough for that.

use std::path::{Path, PathBuf};

use crate::{Outcome, Paths, package_file, toolchain};

/// A program without arguments and input that always prints the same.
pub struct Program {
    /// The name in the tables of figures.
    pub name: &'static str,
    /// The path of the source from the package's root.
    pub source: &'static str,
    /// clang's flags for both builds.
    pub defines: &'static [&'static str],
    /// clang's further flags for the build for WebAssembly.
    pub wasm_flags: &'static [&'static str],
    /// How often the program does its work. If that is not 1, `repeat.h` replaces `main`.
    pub times: u32,
}

impl Program {
    /// Builds the program for WebAssembly at `-O3`, unless that has been done, and returns the module's
    /// path.
    pub fn build_wasm(&self, paths: Paths) -> Outcome<PathBuf> {
        let flags = [&["-O3"], self.wasm_flags].concat();
        self.build(paths, toolchain::build_wasm, &flags)
    }

    /// Builds the program for this machine's CPU at `-O3`, unless that has been done, and returns the
    /// executable's path.
    pub fn build_native(&self, paths: Paths) -> Outcome<PathBuf> {
        self.build(paths, toolchain::build_native, &["-O3", "-march=native"])
    }

    fn build(
        &self,
        paths: Paths,
        build: fn(Paths, &Path, &[&str]) -> Outcome<PathBuf>,
        flags: &[&str],
    ) -> Outcome<PathBuf> {
        let times = format!("-DTIMES={}", self.times);
        let repeat = package_file("benches/programs/repeat.h");
        let repeat = repeat.to_string_lossy();
        let mut all = self.defines.to_vec();
        if self.times != 1 {
            all.extend([times.as_str(), "-include", &repeat]);
        }
        all.extend(flags);
        build(paths, &package_file(self.source), &all)
    }
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

/// Every program, grouped by what its time goes to.
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
    "2mm f32", "benches/programs/2mm.c", defines: &["-DREAL=float"];
    "2mm f64", "benches/programs/2mm.c", defines: &["-DREAL=double"];
    "atax f32", "benches/programs/atax.c", defines: &["-DREAL=float"];
    "atax f64", "benches/programs/atax.c", defines: &["-DREAL=double"];
    "lu f32", "benches/programs/lu.c", defines: &["-DREAL=float"];
    "lu f64", "benches/programs/lu.c", defines: &["-DREAL=double"];
    "covariance", "benches/programs/covariance.c";
    "seidel-2d", "benches/programs/seidel-2d.c";
    "fft", "benches/programs/fft.c";
    // Vectors.
    "simd128", "benches/programs/simd.c", wasm: &["-msimd128"];
    "simd128 i16", "benches/programs/simd-i16.c", wasm: &["-msimd128"];
    "simd128 classify", "benches/programs/simd-classify.c", wasm: &["-msimd128"];
    "stencil simd128", "tests/programs/stencil.c", times: 20, wasm: &["-msimd128"];
    // Ciphers, hashes, big integers.
    "chacha20-poly1305", "benches/programs/chacha20-poly1305.c";
    "aes", "benches/programs/aes.c";
    "field25519", "benches/programs/field25519.c";
    "sha512", "benches/programs/sha512.c";
    "siphash", "benches/programs/siphash.c";
    "pi digits", "benches/programs/pi-digits.c";
    "karatsuba", "benches/programs/karatsuba.c";
    "hashes", "tests/programs/hashes.c", times: 15;
    "crc32", "benches/programs/crc32.c";
    // Compression and text.
    "lz", "tests/programs/lz.c", times: 3;
    "lz decode", "benches/programs/lz-decode.c";
    "huffman", "benches/programs/huffman.c";
    "range coder", "benches/programs/range-coder.c";
    "base64", "benches/programs/base64.c";
    "utf8", "benches/programs/utf8.c";
    "string search", "benches/programs/string-search.c";
    "levenshtein", "benches/programs/levenshtein.c";
    "regex backtrack", "benches/programs/regex-backtrack.c";
    "regex nfa", "benches/programs/regex-nfa.c";
    // Integers.
    "fannkuch", "benches/programs/fannkuch.c";
    "quicksort", "benches/programs/quicksort.c";
    "queens", "tests/programs/queens.c", times: 20;
    "state machine", "tests/programs/state_machine.c", times: 15;
    "floyd-warshall", "benches/programs/floyd-warshall.c";
    "matrix chain", "benches/programs/matrix-chain.c";
    "image filter", "benches/programs/image-filter.c";
    "life", "benches/programs/life.c";
    "automaton", "benches/programs/automaton.c";
    "sieve", "benches/programs/sieve.c";
    "monte carlo", "benches/programs/monte-carlo.c";
    "sudoku", "benches/programs/sudoku.c", times: 20;
    // Calls, pointers, memory that grows.
    "fib", "benches/programs/fib.c";
    "recursion", "benches/programs/recursion.c";
    "shapes", "benches/programs/shapes.c";
    "qsort", "benches/programs/qsort.c";
    "vm", "benches/programs/vm.c";
    "lisp", "benches/programs/lisp.c";
    "avl tree", "benches/programs/avl.c";
    "hash table", "benches/programs/hash-table.c";
    "dijkstra", "benches/programs/dijkstra.c";
    "trie", "benches/programs/trie.c";
    "dispatch", "tests/programs/dispatch.c", times: 4;
    "interpreter", "tests/programs/interpreter.c", times: 10;
    "binary trees", "benches/programs/binary-trees.c";
    "chase", "benches/programs/chase.c";
    // Much of the C library, which is not the same one in a native program.
    "json", "tests/programs/json.c", times: 35;
    "sorting", "tests/programs/sorting.c", times: 3;
    "strings", "tests/programs/strings.c", times: 75;
};

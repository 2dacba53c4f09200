//! The third-party modules: where each comes from and what is done with it.

use crate::exercises;
use crate::subject::{Exercise, Module, Place, Producer};
use Exercise::{Call, Instantiate, Run};
use Place::{Embedded, File};
use Producer::{AssemblyScript, Clang, Emscripten, Rustc, TinyGo, Wat, Zig};

pub const MODULES: &[Module] = &[
    Module {
        package: "@bytecodealliance/jco-transpile",
        place: File("vendor/wasm-tools.core.wasm"),
        producer: Rustc,
        exercise: Call(exercises::wasm_tools),
    },
    Module {
        package: "@chainsafe/as-sha256",
        place: File("build/optimized.wasm"),
        producer: AssemblyScript,
        exercise: Call(exercises::as_sha256),
    },
    Module {
        package: "@chainsafe/as-sha256",
        place: File("build/untouched.simd.wasm"),
        producer: AssemblyScript,
        exercise: Call(exercises::as_sha256),
    },
    Module {
        package: "@dimforge/rapier3d",
        place: File("rapier_wasm3d_bg.wasm"),
        producer: Rustc,
        exercise: Instantiate,
    },
    Module {
        package: "@jitl/quickjs-wasmfile-release-sync",
        place: File("dist/emscripten-module.wasm"),
        producer: Emscripten,
        exercise: Instantiate,
    },
    Module {
        package: "@jsquash/png",
        place: File("codec/pkg/squoosh_png_bg.wasm"),
        producer: Rustc,
        exercise: Instantiate,
    },
    Module {
        package: "@jsquash/webp",
        place: File("codec/enc/webp_enc_simd.wasm"),
        producer: Emscripten,
        exercise: Instantiate,
    },
    Module {
        package: "@resvg/resvg-wasm",
        place: File("index_bg.wasm"),
        producer: Rustc,
        exercise: Instantiate,
    },
    Module {
        package: "@swc/plugin-styled-components",
        place: File("swc_plugin_styled_components.wasm"),
        producer: Rustc,
        exercise: Instantiate,
    },
    Module {
        package: "@tensorflow/tfjs-backend-wasm",
        place: File("dist/tfjs-backend-wasm-simd.wasm"),
        producer: Emscripten,
        exercise: Instantiate,
    },
    Module {
        package: "@wasm-fmt/gofmt",
        place: File("gofmt.wasm"),
        producer: TinyGo,
        exercise: Call(exercises::gofmt),
    },
    Module {
        package: "@wasm-fmt/shfmt",
        place: File("shfmt.wasm"),
        producer: TinyGo,
        exercise: Call(exercises::shfmt),
    },
    Module {
        package: "@wasm-fmt/zig_fmt",
        place: File("zig_fmt.wasm"),
        producer: Zig,
        exercise: Call(exercises::zig_fmt),
    },
    // What these five print is in the package's own test, `tests/index.spec.js`.
    Module {
        package: "@wasmer/wasi",
        place: File("tests/demo.wasm"),
        producer: Wat,
        exercise: Run {
            args: &[],
            env: &[],
            stdin: "",
            files: &[],
            stdout: "hello world\n",
        },
    },
    Module {
        package: "@wasmer/wasi",
        place: File("tests/envvar.wasm"),
        producer: Rustc,
        exercise: Run {
            args: &[],
            env: &[("DOG", "X")],
            stdin: "",
            files: &[],
            stdout: "Env vars:\nDOG=X\nDOG Ok(\"X\")\nDOG_TYPE Err(NotPresent)\n\
                     SET VAR Ok(\"HELLO\")\n",
        },
    },
    Module {
        package: "@wasmer/wasi",
        place: File("tests/mapdir.wasm"),
        producer: Rustc,
        exercise: Run {
            args: &[],
            env: &[],
            stdin: "",
            files: &["magic"],
            stdout: "\"./magic\"\n",
        },
    },
    Module {
        package: "@wasmer/wasi",
        place: File("tests/pipe_reverse.wasm"),
        producer: Rustc,
        exercise: Run {
            args: &[],
            env: &[],
            stdin: "Hello World!",
            files: &[],
            stdout: "!dlroW olleH\n",
        },
    },
    // Calls an import of its own besides WASI, between its two lines.
    Module {
        package: "@wasmer/wasi",
        place: File("tests/test.wasm"),
        producer: Rustc,
        exercise: Run {
            args: &[],
            env: &[],
            stdin: "",
            files: &[],
            stdout: "internal: hello world!\nmodule.external was called\n",
        },
    },
    Module {
        package: "argon2-browser",
        place: File("dist/argon2-simd.wasm"),
        producer: Emscripten,
        exercise: Instantiate,
    },
    Module {
        package: "argon2id",
        place: File("dist/simd.wasm"),
        producer: Clang,
        exercise: Instantiate,
    },
    Module {
        package: "brotli-wasm",
        place: File("pkg.web/brotli_wasm_bg.wasm"),
        producer: Rustc,
        exercise: Instantiate,
    },
    Module {
        package: "draco3d",
        place: File("draco_encoder.wasm"),
        producer: Emscripten,
        exercise: Instantiate,
    },
    Module {
        package: "harfbuzzjs",
        place: File("dist/harfbuzz.wasm"),
        producer: Emscripten,
        exercise: Call(exercises::harfbuzz),
    },
    Module {
        package: "quickjs-wasi",
        place: File("quickjs.wasm"),
        producer: Clang,
        exercise: Call(exercises::quickjs),
    },
    Module {
        package: "rabin-wasm",
        place: File("dist/rabin.wasm"),
        producer: AssemblyScript,
        exercise: Call(exercises::rabin),
    },
    Module {
        package: "sh-syntax",
        place: File("main.wasm"),
        producer: TinyGo,
        exercise: Instantiate,
    },
    Module {
        package: "source-map",
        place: File("lib/mappings.wasm"),
        producer: Rustc,
        exercise: Call(exercises::source_map),
    },
    Module {
        package: "sql.js",
        place: File("dist/sql-wasm.wasm"),
        producer: Emscripten,
        exercise: Instantiate,
    },
    // A Prolog system: the goal needs big integers, backtracking, floats, text and errors.
    Module {
        package: "trealla",
        place: Embedded {
            file: "trealla.js",
            number: 1,
        },
        producer: Clang,
        exercise: Run {
            args: &[
                "-q",
                "-g",
                "X is 3^60, write(X), nl, \
                 findall(A-B-C,(between(1,20,A),between(A,20,B),between(B,20,C),C*C=:=A*A+B*B),L), \
                 write(L), nl, atom_concat(aot,S,aot_file), write(S), nl, \
                 Y is round(sqrt(2)*10^9), write(Y), nl, sort([c,a,b,a],M), write(M), nl, \
                 catch(atom_length(_,_),error(E,_),(write(E),nl)), halt.",
            ],
            env: &[],
            stdin: "",
            files: &[],
            stdout: "42391158275216203514294433201\n\
                     [3-4-5,5-12-13,6-8-10,8-15-17,9-12-15,12-16-20]\n\
                     _file\n1414213562\n[a,b,c]\ninstantiation_error\n",
        },
    },
    Module {
        package: "vscode-oniguruma",
        place: File("release/onig.wasm"),
        producer: Emscripten,
        exercise: Instantiate,
    },
    Module {
        package: "web-tree-sitter",
        place: File("web-tree-sitter.wasm"),
        producer: Emscripten,
        exercise: Instantiate,
    },
];

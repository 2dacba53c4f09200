//! Compile time, peak memory and file size.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::common::{self, Outcome};
use crate::compilers::{Compiler, Compilers, PerCompiler};
use crate::measure::Series;
use crate::{package_file, toolchain};

/// Small modules are compiled that often; large ones until this time has passed.
const ROUNDS: usize = 5;
const ENOUGH: Duration = Duration::from_secs(5);

/// C programs, built as their authors would.
const PROGRAMS: &[&str] = &["examples/hello/hello.c", "tests/programs/json.c"];

/// A choice of the third-party modules that covers sizes and producers: package and file.
const THIRD_PARTY: &[&str] = &[
    "@chainsafe/as-sha256/build/optimized.wasm",
    "rabin-wasm/dist/rabin.wasm",
    "argon2-browser/dist/argon2-simd.wasm",
    "source-map/lib/mappings.wasm",
    "@wasm-fmt/zig_fmt/zig_fmt.wasm",
    "@jsquash/png/codec/pkg/squoosh_png_bg.wasm",
    "@wasm-fmt/gofmt/gofmt.wasm",
    "@jsquash/webp/codec/enc/webp_enc_simd.wasm",
    "quickjs-wasi/quickjs.wasm",
    "brotli-wasm/pkg.web/brotli_wasm_bg.wasm",
    "@swc/plugin-styled-components/swc_plugin_styled_components.wasm",
];

/// Those that take minutes, or half an hour with a compiler that uses one core, and that are measured
/// only if the environment variable `WASMELT_BENCH_LARGE` is set.
const LARGE: &[&str] = &[
    "@dimforge/rapier3d/rapier_wasm3d_bg.wasm",
    "esbuild-wasm/esbuild.wasm",
    "@myriaddreamin/typst-ts-web-compiler/pkg/typst_ts_web_compiler_bg.wasm",
];

#[derive(Debug)]
pub struct Compiled {
    pub module: String,
    pub wasm_size: u64,
    pub results: PerCompiler<Result>,
    /// Does `wamrc` fail on it?
    pub refused: bool,
}

/// What one compiler needs for a module, and the size of the file it makes.
#[derive(Debug, Default)]
pub struct Result {
    pub series: Series,
    pub aot_size: u64,
}

pub fn measure(compilers: &Compilers, wants: &dyn Fn(&str) -> bool) -> Outcome<Vec<Compiled>> {
    let folder = common::scratch_folder()?;
    let mut modules = Vec::new();
    for (number, (name, bytes)) in corpus(wants)?.into_iter().enumerate() {
        let wasm = folder.path().join(format!("{number}.wasm"));
        fs::write(&wasm, bytes).map_err(|error| format!("{}: {error}", wasm.display()))?;
        eprintln!("compile {name}");
        modules.push(measure_module(compilers, name, &wasm)?);
    }
    modules.sort_by_key(|module| module.wasm_size);
    Ok(modules)
}

/// Names and contents of the modules.
fn corpus(wants: &dyn Fn(&str) -> bool) -> Outcome<Vec<(String, Vec<u8>)>> {
    let mut modules = Vec::new();
    for source in PROGRAMS.iter().filter(|source| wants(source)) {
        let wasm = toolchain::build_wasm(&package_file(source), &["-O2", "-s"])?;
        let bytes = fs::read(&wasm).map_err(|error| format!("{}: {error}", wasm.display()))?;
        modules.push(((*source).to_owned(), bytes));
    }
    let large = std::env::var_os("WASMELT_BENCH_LARGE").map_or(&[][..], |_| LARGE);
    let third_party = THIRD_PARTY.iter().chain(large);
    for name in third_party.filter(|name| wants(name)) {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .with_file_name("third-party")
            .join(name);
        let bytes = fs::read(&path).map_err(|error| {
            let path = path.display();
            format!("{path}: {error}; `make third-party`, or for a large one `make bench-packages`, downloads it")
        })?;
        modules.push(((*name).to_owned(), bytes));
    }
    Ok(modules)
}

fn measure_module(compilers: &Compilers, module: String, wasm: &Path) -> Outcome<Compiled> {
    let mut results = PerCompiler {
        wasmelt: Result::default(),
        wamrc: compilers.wamrc.as_ref().map(|_| Result::default()),
    };
    let mut refused = false;
    let start = Instant::now();
    for _ in 0..ROUNDS {
        results.wasmelt.add(&compilers.wasmelt, wasm)?;
        if let (Some(wamrc), Some(result)) = (&compilers.wamrc, &mut results.wamrc)
            && let Err(error) = result.add(wamrc, wasm)
        {
            eprintln!("{error}");
            refused = true;
            results.wamrc = None;
        }
        if start.elapsed() > ENOUGH {
            break;
        }
    }
    Ok(Compiled {
        module,
        wasm_size: size(wasm)?,
        results,
        refused,
    })
}

impl Result {
    fn add(&mut self, compiler: &Compiler, wasm: &Path) -> Outcome {
        let aot = wasm.with_extension("aot");
        self.series.push(compiler.compile(wasm, &aot)?);
        self.aot_size = size(&aot)?;
        Ok(())
    }
}

fn size(file: &Path) -> Outcome<u64> {
    let metadata = fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(metadata.len())
}

//! Compile time, peak memory and file size: of both compilers with their defaults, of ours at other
//! levels and with other numbers of threads. Which modules, [`Corpus`] says.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use test_support::measure::Series;
use test_support::{Outcome, package_file, toolchain};

use crate::PATHS;
use crate::compilers::{Compiler, Compilers, PerCompiler};
use crate::loading::{self, Loaded};
use crate::scaling::Scaling;

/// Small modules are compiled that often; large ones until this time has passed.
const ROUNDS: usize = 5;
const ENOUGH: Duration = Duration::from_secs(10);

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

/// Those that take minutes, or half an hour with a compiler that uses one core.
const LARGE: &[&str] = &[
    "@dimforge/rapier3d/rapier_wasm3d_bg.wasm",
    "esbuild-wasm/esbuild.wasm",
    "@myriaddreamin/typst-ts-web-compiler/pkg/typst_ts_web_compiler_bg.wasm",
];

/// Which modules are measured, and how thoroughly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Corpus {
    Usual,
    /// If the environment variable `WASMELT_BENCH_LARGE` is set. Of what would take another half hour and
    /// say little, nothing is measured.
    Large,
}

impl Corpus {
    pub fn wanted() -> Self {
        match std::env::var_os("WASMELT_BENCH_LARGE") {
            Some(_) => Corpus::Large,
            None => Corpus::Usual,
        }
    }

    /// The levels of optimisation below the default, which is 3.
    pub fn lower_levels(self) -> &'static [u8] {
        match self {
            Corpus::Usual => &[2, 1, 0],
            Corpus::Large => &[1, 0],
        }
    }

    fn programs(self) -> &'static [&'static str] {
        match self {
            Corpus::Usual => PROGRAMS,
            Corpus::Large => &[],
        }
    }

    fn third_party(self) -> &'static [&'static str] {
        match self {
            Corpus::Usual => THIRD_PARTY,
            Corpus::Large => LARGE,
        }
    }
}

#[derive(Debug)]
pub struct Compiled {
    pub module: String,
    pub wasm_size: u64,
    pub results: PerCompiler<Result>,
    /// Wasmelt's, in the order of [`Corpus::lower_levels`].
    pub lower_levels: Vec<Result>,
    /// Of a module that has several partitions.
    pub scaling: Option<Scaling>,
    /// Does `wamrc` fail on it?
    pub refused: bool,
    /// Of a module that no compiler fails on.
    pub loaded: Option<PerCompiler<Loaded>>,
}

/// What one compiler needs for a module, and the size of the file it makes.
#[derive(Debug, Default)]
pub struct Result {
    pub series: Series,
    pub aot_size: u64,
}

pub fn measure(
    compilers: &Compilers,
    corpus: Corpus,
    wants: &dyn Fn(&str) -> bool,
) -> Outcome<Vec<Compiled>> {
    let folder = PATHS.scratch_folder()?;
    let mut modules = Vec::new();
    for (number, (name, source)) in files(corpus, wants)?.into_iter().enumerate() {
        let wasm = folder.path().join(format!("{number}.wasm"));
        fs::copy(&source, &wasm).map_err(|error| format!("{}: {error}", source.display()))?;
        eprintln!("compile {name}");
        modules.push(Compiled::measure(compilers, corpus, name, &wasm)?);
    }
    modules.sort_by_key(|module| module.wasm_size);
    Ok(modules)
}

/// Names and files of the modules. What this process reads into memory would count as that of the
/// processes it starts.
fn files(corpus: Corpus, wants: &dyn Fn(&str) -> bool) -> Outcome<Vec<(String, PathBuf)>> {
    let mut modules = Vec::new();
    for source in corpus.programs().iter().filter(|source| wants(source)) {
        let wasm = toolchain::build_wasm(PATHS, &package_file(source), &["-O2", "-s"])?;
        modules.push(((*source).to_owned(), wasm));
    }
    for name in corpus.third_party().iter().filter(|name| wants(name)) {
        let path = PATHS.third_party().join(name);
        if !path.is_file() {
            let path = path.display();
            return Err(format!(
                "no {path}; `make third-party`, or for a large one `make bench-packages`, downloads it"
            ));
        }
        modules.push(((*name).to_owned(), path));
    }
    Ok(modules)
}

impl Compiled {
    fn measure(
        compilers: &Compilers,
        corpus: Corpus,
        module: String,
        wasm: &Path,
    ) -> Outcome<Self> {
        let mut compiled = Compiled::new(compilers, module, size(wasm)?);
        let levels = corpus.lower_levels().iter();
        compiled.lower_levels = levels.map(|_| Result::default()).collect();
        let start = Instant::now();
        for _ in 0..ROUNDS {
            compiled.add_round(compilers, corpus, wasm)?;
            if start.elapsed() > ENOUGH {
                break;
            }
        }
        if !compiled.refused {
            let wamrc = compilers.wamrc.as_ref();
            compiled.loaded = Some(loading::measure(
                aot_of(&compilers.wasmelt, wasm),
                wamrc.map(|wamrc| aot_of(wamrc, wasm)),
            )?);
        }
        Ok(compiled)
    }

    fn new(compilers: &Compilers, module: String, wasm_size: u64) -> Self {
        Compiled {
            module,
            wasm_size,
            results: PerCompiler {
                wasmelt: Result::default(),
                wamrc: compilers.wamrc.as_ref().map(|_| Result::default()),
            },
            lower_levels: Vec::new(),
            scaling: Scaling::is_worth_measuring(wasm_size).then(Scaling::default),
            refused: false,
            loaded: None,
        }
    }

    pub fn kilobytes(&self) -> f64 {
        self.wasm_size as f64 / 1e3
    }

    /// Does everything once.
    fn add_round(&mut self, compilers: &Compilers, corpus: Corpus, wasm: &Path) -> Outcome {
        let Compilers { wasmelt, wamrc, .. } = compilers;
        self.results.wasmelt.add(wasmelt, &[], wasm)?;
        if let (Some(wamrc), Some(result)) = (wamrc, &mut self.results.wamrc)
            && let Err(error) = result.add(wamrc, &[], wasm)
        {
            eprintln!("{error}");
            self.refused = true;
            self.results.wamrc = None;
        }
        for (level, result) in corpus.lower_levels().iter().zip(&mut self.lower_levels) {
            result.add(wasmelt, &[format!("--opt-level={level}")], wasm)?;
        }
        if let Some(scaling) = &mut self.scaling {
            scaling.add_one_thread(wasm)?;
            if corpus == Corpus::Usual {
                scaling.add_two_threads(wasm)?;
            }
        }
        Ok(())
    }
}

impl Result {
    fn add(&mut self, compiler: &Compiler, options: &[String], wasm: &Path) -> Outcome {
        let aot = if options.is_empty() {
            aot_of(compiler, wasm)
        } else {
            wasm.with_extension("other.aot")
        };
        self.series
            .push(compiler.compile_with(options, wasm, &aot)?);
        self.aot_size = size(&aot)?;
        Ok(())
    }
}

/// What the compiler makes of the module with its defaults.
fn aot_of(compiler: &Compiler, wasm: &Path) -> PathBuf {
    wasm.with_extension(format!("{}.aot", compiler.name))
}

fn size(file: &Path) -> Outcome<u64> {
    let metadata = fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(metadata.len())
}

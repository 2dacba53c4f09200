//! `wasmelt build`: compiles modules for all entries of a configuration.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::{CommandFactory, Parser};

use super::config::{self, Config, DEFAULT_OUTPUT, Entry};
use super::fields::{self, Field};
use super::manifest::{File, Manifest, Module};
use super::task::{self, Places, Task};
use super::work::{self, Budget};
use super::yaml::{Fault, Key, Node, Position, Value};
use super::{Error, schema};
use crate::cli::output::{self, Output};
use crate::cli::{logger, manners::Manners, numbers, print};
use crate::llvm;

/// The name of the subcommand.
pub(in crate::cli) const NAME: &str = "build";

const DEFAULT_MANIFEST: &str = "aot-manifest.json";

/// Compiles modules for all devices of a configuration, and writes a manifest of the outputs.
#[derive(Debug, Parser)]
#[command(
    name = "wasmelt build",
    arg_required_else_help = true,
    after_help = "Examples:\n  \
        wasmelt build aot.yaml app.wasm\n  \
        wasmelt build aot.yaml --only=m55 --dry-run\n  \
        wasmelt build -t armv7em -a eabihf -c cortex-m7 app.wasm\n  \
        wasmelt build --schema > aot.schema.json\n\n\
        A configuration:\n  \
        modules: [app.wasm]\n  \
        outputDir: build\n  \
        defaults:\n    \
        targetAbi: eabihf\n  \
        aotConfigs:\n    \
        - target: armv7\n      \
        cpu: cortex-m55\n    \
        - target: thumbv7em\n      \
        cpu: cortex-m7\n      \
        xip: true"
)]
pub(in crate::cli) struct Build {
    /// Configuration (`.yaml` or `.yml`), and modules to compile besides those that it names
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Instead of a configuration: the target of a single entry
    #[arg(short = 't', long)]
    target: Option<String>,

    /// The target's ABI of a single entry
    #[arg(short = 'a', long, value_name = "ABI", requires = "target")]
    target_abi: Option<String>,

    /// The CPU of a single entry
    #[arg(short = 'c', long, requires = "target_abi")]
    cpu: Option<String>,

    /// The CPU features of a single entry
    #[arg(
        short = 'f',
        long,
        visible_alias = "cpu-features",
        allow_hyphen_values = true,
        requires = "cpu"
    )]
    features: Option<String>,

    /// Make a single entry's file for execution in place
    #[arg(long, requires = "target")]
    xip: bool,

    /// Folder of the outputs, which is made if it is missing
    #[arg(short = 'd', long, value_name = "FOLDER")]
    output_dir: Option<PathBuf>,

    /// Name of the manifest, in the folder of the outputs
    #[arg(long, value_name = "NAME")]
    manifest: Option<String>,

    /// Build only these entries, separated by commas
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    only: Vec<String>,

    /// Print the commands for all outputs instead of compiling
    #[arg(long)]
    dry_run: bool,

    /// After an entry that fails, go on with the others
    #[arg(long)]
    keep_going: bool,

    /// Leave outputs untouched that have the right bytes already
    #[arg(long)]
    if_changed: bool,

    /// Threads to compile with, for all entries together; by default one per core
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,

    /// Memory in MiB for all entries together; by default half of the free memory. It limits how many entries
    /// are compiled at a time, at least one
    #[arg(long, value_name = "MIB")]
    memory: Option<NonZeroUsize>,

    /// Print the JSON schema of a configuration
    #[arg(long, exclusive = true)]
    schema: bool,

    /// How much to say on stderr, as without a subcommand
    #[arg(short = 'v', value_name = "N", default_value = "2", value_parser = numbers::verbosity)]
    verbosity: u8,
}

/// Runs the subcommand; `arguments` start behind its name.
pub(in crate::cli) fn run(
    arguments: &[OsString],
    manners: Manners,
) -> Result<Result<(), Error>, clap::Error> {
    let program = OsString::from("wasmelt build");
    let build = Build::try_parse_from(std::iter::once(&program).chain(arguments))?;
    if build.schema {
        print(&schema::schema());
        return Ok(Ok(()));
    }
    logger::install(build.verbosity, manners);
    llvm::fatal::install();
    llvm::options::configure_llvm(&[]);
    let (config, modules) = build.sources()?;
    Ok(build.run(config.as_deref(), modules))
}

/// A configuration with its modules and where it stands.
struct Plan {
    entries: Vec<Entry>,
    modules: Vec<PathBuf>,
    folder: PathBuf,
    manifest: String,
    /// The names of all entries, built or not.
    ids: Vec<String>,
}

impl Build {
    /// Returns the configuration's path and the modules.
    fn sources(&self) -> Result<(Option<PathBuf>, Vec<PathBuf>), clap::Error> {
        let is_config = |path: &&PathBuf| {
            path.extension()
                .is_some_and(|it| it.eq_ignore_ascii_case("yaml") || it.eq_ignore_ascii_case("yml"))
        };
        let configs: Vec<&PathBuf> = self.files.iter().filter(is_config).collect();
        let modules = self.files.iter().filter(|path| !is_config(path)).cloned();
        let wrong = |text: &str| {
            Err(Build::command().error(clap::error::ErrorKind::ArgumentConflict, text))
        };
        match (configs.as_slice(), &self.target) {
            ([], None) => wrong("a configuration (`.yaml`) or --target is missing"),
            ([], Some(_)) => Ok((None, modules.collect())),
            ([config], None) => Ok((Some((*config).clone()), modules.collect())),
            ([_], Some(_)) => wrong("--target stands instead of a configuration, not beside one"),
            _ => wrong("there is more than one configuration"),
        }
    }

    fn run(&self, config: Option<&Path>, modules: Vec<PathBuf>) -> Result<(), Error> {
        let known = fields::fields();
        let base = config.and_then(Path::parent).unwrap_or(Path::new(""));
        let read = match config {
            Some(path) => read_config(path, base, &known)?,
            None => self.single(),
        };
        let named = config.unwrap_or(Path::new("the command line"));
        let plan = self.plan(read, modules, named)?;
        let tasks = tasks(&plan, &known, base, named)?;
        if self.dry_run {
            print(&commands(&plan, &tasks));
            return Ok(());
        }
        work::make_folder(&plan.folder)?;
        let bytes: Vec<Vec<u8>> = plan
            .modules
            .iter()
            .map(|path| {
                fs::read(path).map_err(|source| Error::Read {
                    path: path.clone(),
                    source,
                })
            })
            .collect::<Result<_, _>>()?;
        let outputs = work::prepare(&tasks, &plan.modules, self.if_changed)?;
        let manifest = plan.folder.join(&plan.manifest);
        let manifest = Output::prepare(manifest, &plan.modules[0])?.if_changed(self.if_changed);
        let all = outputs.iter().flat_map(work::Outputs::all);
        let all: Vec<&Output> = all.chain([&manifest]).collect();
        output::check_different(&all)?;
        let inputs = plan.modules.iter().map(PathBuf::as_path).chain(config);
        let inputs: Vec<&Path> = inputs.chain(tasks.iter().flat_map(Task::inputs)).collect();
        output::check_inputs(&all, &inputs)?;
        let manner = work::Manner {
            budget: Budget {
                threads: self.threads,
                memory: self.memory.map(|it| it.get().saturating_mul(1 << 20)),
            },
            keep_going: self.keep_going,
        };
        let folder = &plan.folder;
        let results = work::compile(&tasks, &plan.modules, &bytes, &outputs, folder, manner)?;
        self.write_manifest(&plan, &bytes, &manifest, results, tasks.len())
    }

    /// Writes the manifest of what succeeded, and of what an earlier build has made that is still right. Fails if one
    /// of the `all` compilations did not succeed.
    fn write_manifest(
        &self,
        plan: &Plan,
        bytes: &[Vec<u8>],
        output: &Output,
        results: Vec<Result<File, Error>>,
        all: usize,
    ) -> Result<(), Error> {
        let mut files = Vec::new();
        let mut errors = Vec::new();
        for result in results {
            match result {
                Ok(file) => files.push(file),
                Err(error) => errors.push(error),
            }
        }
        let modules: Vec<Module> = plan
            .modules
            .iter()
            .zip(bytes)
            .map(|(path, bytes)| Module::new(path, bytes))
            .collect();
        let mut manifest = Manifest::new(modules, files);
        let old = fs::read(plan.folder.join(&plan.manifest)).ok();
        let old = old.and_then(|text| Manifest::read(&text).ok());
        if let Some(old) = old {
            manifest.keep(old, &plan.ids, &plan.folder);
        }
        if !manifest.files.is_empty() || errors.is_empty() {
            output.write(manifest.to_json().as_bytes())?;
        }
        match errors.as_slice() {
            [] => Ok(()),
            _ if !self.keep_going || all == 1 => Err(errors.swap_remove(0)),
            _ => {
                for error in &errors {
                    log::error!("{error}");
                }
                let failed = errors.len();
                Err(Error::Failed { failed, all })
            }
        }
    }

    /// Returns the entry that the command line describes.
    fn single(&self) -> Config {
        let at = Position { line: 1, column: 1 };
        let field = |name: &str, text: &str| {
            let name = name.to_owned();
            let value = Value::Scalar {
                text: text.to_owned(),
                plain: true,
            };
            (Key { at, name }, Node { at, value })
        };
        let xip = self.xip.then(|| "true".to_owned());
        let given = [
            ("target", &self.target),
            ("targetAbi", &self.target_abi),
            ("cpu", &self.cpu),
            ("features", &self.features),
            ("xip", &xip),
        ];
        let fields: Vec<(Key, Node)> = given
            .into_iter()
            .filter_map(|(name, text)| Some(field(name, text.as_ref()?)))
            .collect();
        Config {
            entries: vec![Entry {
                at,
                id: config::derived_id(&fields),
                output: DEFAULT_OUTPUT.to_owned(),
                fields,
            }],
            modules: Vec::new(),
            folder: None,
            manifest: None,
        }
    }

    fn plan(&self, config: Config, more: Vec<PathBuf>, named: &Path) -> Result<Plan, Error> {
        let mut modules = config.modules;
        modules.extend(more);
        if modules.is_empty() {
            return Err(Error::NoModule(named.to_owned()));
        }
        let known = || {
            let ids = config.entries.iter().map(|entry| entry.id.as_str());
            ids.collect::<Vec<_>>().join(", ")
        };
        for asked in &self.only {
            if config.entries.iter().all(|entry| entry.id != *asked) {
                return Err(Error::UnknownEntry {
                    asked: asked.clone(),
                    known: known(),
                });
            }
        }
        let ids = config
            .entries
            .iter()
            .map(|entry| entry.id.clone())
            .collect();
        let mut entries = config.entries;
        entries.retain(|entry| self.only.is_empty() || self.only.contains(&entry.id));
        let manifest = match (&self.manifest, config.manifest) {
            (Some(name), _) => name.clone(),
            (None, name) => name.unwrap_or_else(|| DEFAULT_MANIFEST.to_owned()),
        };
        if Path::new(&manifest).file_name() != Some(manifest.as_ref()) {
            return Err(Error::ManifestName(manifest));
        }
        Ok(Plan {
            ids,
            entries,
            modules,
            folder: match &self.output_dir {
                Some(folder) => folder.clone(),
                None => config.folder.unwrap_or_default(),
            },
            manifest,
        })
    }
}

fn read_config(path: &Path, base: &Path, known: &[Field]) -> Result<Config, Error> {
    let bytes = fs::read(path).map_err(|source| Error::Read {
        path: path.to_owned(),
        source,
    })?;
    let text = String::from_utf8(bytes).map_err(|_| Error::Encoding(path.to_owned()))?;
    config::read(&text, base, known).map_err(|fault| at_path(path, fault))
}

fn at_path(path: &Path, Fault { at, what }: Fault) -> Error {
    Error::Config {
        path: path.to_owned(),
        at: at.to_string(),
        what,
    }
}

/// Returns all compilations: for each module, each entry.
fn tasks(plan: &Plan, known: &[Field], base: &Path, named: &Path) -> Result<Vec<Task>, Error> {
    let places = Places {
        base,
        folder: &plan.folder,
    };
    let mut tasks = Vec::new();
    let mut outputs: HashMap<PathBuf, String> = HashMap::new();
    let manifest = plan.folder.join(&plan.manifest);
    outputs.insert(manifest, "the manifest".to_owned());
    for (number, module) in plan.modules.iter().enumerate() {
        for entry in &plan.entries {
            let task = task::task(entry, known, number, module, places)
                .map_err(|fault| at_path(named, fault))?;
            let paths = [
                Some(&task.output),
                task.stack_usage.as_ref(),
                task.debug_info.as_ref(),
            ];
            for path in paths.into_iter().flatten() {
                let second = format!("{} of {}", module.display(), entry.id);
                if let Some(first) = outputs.insert(path.clone(), second.clone()) {
                    let path = path.clone();
                    return Err(Error::SameOutput {
                        path,
                        first,
                        second,
                    });
                }
            }
            tasks.push(task);
        }
    }
    Ok(tasks)
}

/// Returns a command for each output.
fn commands(plan: &Plan, tasks: &[Task]) -> String {
    tasks
        .iter()
        .map(|task| {
            let module = plan.modules[task.module].display().to_string();
            let output = task.output.display().to_string();
            let words = ["wasmelt".to_owned()]
                .into_iter()
                .chain(task.arguments.iter().cloned())
                .chain(["-o".to_owned(), output, module]);
            let quoted = words.map(|word| match shlex::try_quote(&word) {
                Ok(quoted) => quoted.into_owned(),
                Err(_) => word,
            });
            quoted.collect::<Vec<_>>().join(" ") + "\n"
        })
        .collect()
}

//! Compiles all tasks on one pool of threads and within one budget of memory.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::Error;
use super::manifest::File;
use super::task::Task;
use crate::cli::compile::stack_usage_lines;
use crate::cli::output::{self, Output};
use crate::cli::{advice, native_lib};
use crate::error::ProfilePlanError;
use crate::options::Features;
use crate::{Artifact, Parsed, Session};

/// The limits of all compilations together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    pub threads: Option<NonZeroUsize>,
    /// In bytes; `None` takes half of the memory that is free.
    pub memory: Option<usize>,
}

/// How to compile.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    pub budget: Budget,
    /// After a failure, go on with the other tasks.
    pub keep_going: bool,
}

/// The memory that a compilation takes: LLVM's tables, and for each byte of the module so many more. Measured on
/// x86-64 at level 3: 94 MB for a module of 1 MB, 164 MB for one of 2.4 MB; in place 5 % more.
const BASE_MEMORY: usize = 64 << 20;
const MEMORY_PER_BYTE: usize = 60;

/// The free memory where the system does not say.
const UNKNOWN_MEMORY: usize = 2 << 30;

impl Budget {
    /// Returns how many of the tasks run at a time.
    fn at_a_time(self, tasks: usize, largest: usize) -> usize {
        let memory = self.memory.unwrap_or_else(|| free_memory() / 2);
        let each = BASE_MEMORY + largest.saturating_mul(MEMORY_PER_BYTE);
        let threads = match self.threads {
            Some(threads) => threads.get(),
            None => std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
        };
        (memory / each).clamp(1, threads).min(tasks.max(1))
    }
}

/// Returns the bytes of memory that programs can take without swapping (Linux).
fn free_memory() -> usize {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok());
    kib.map_or(UNKNOWN_MEMORY, |kib| kib * 1024)
}

/// The modules, read once for each set of proposals.
type Modules<'a> = HashMap<(usize, Features), Parsed<'a>>;

/// Compiles all tasks and writes their outputs. Returns what became of each task that was begun, in order: after
/// a failure none begins, unless `keep_going`.
pub(super) fn compile(
    tasks: &[Task],
    paths: &[PathBuf],
    bytes: &[Vec<u8>],
    outputs: &[Outputs],
    folder: &Path,
    manner: Manner,
) -> Result<Vec<Result<File, Error>>, Error> {
    let Manner { budget, keep_going } = manner;
    let session = Session::new(budget.threads).map_err(|error| Error::Session(Box::new(error)))?;
    let mut modules = Modules::new();
    for task in tasks {
        let key = (task.module, task.options.features);
        if let Entry::Vacant(place) = modules.entry(key) {
            let parsed = session.parse(&bytes[task.module], &key.1);
            place.insert(parsed.map_err(|source| Error::Parse {
                path: paths[task.module].clone(),
                source: Box::new(source),
            })?);
        }
    }
    let bars = Bars::default();
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    let results = Mutex::new(Vec::new());
    let largest = bytes.iter().map(Vec::len).max().unwrap_or(0);
    let work = || {
        while !stopped.load(Ordering::Relaxed) {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = tasks.get(number) else {
                return;
            };
            let module = &modules[&(task.module, task.options.features)];
            let path = &paths[task.module];
            let bar = bars.begin(task);
            let work = Work {
                session: &session,
                folder,
                bars: &bars,
            };
            let result = work.one(task, module, path, &outputs[number], &bar);
            bar.finish_and_clear();
            if result.is_err() && !keep_going {
                stopped.store(true, Ordering::Relaxed);
            }
            if let Ok(mut results) = results.lock() {
                results.push((number, result));
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..budget.at_a_time(tasks.len(), largest) {
            scope.spawn(work);
        }
    });
    // A thread that panics has ended the scope already.
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by_key(|(number, _)| *number);
    Ok(results.into_iter().map(|(_, result)| result).collect())
}

/// Makes a folder, with those above it.
pub(super) fn make_folder(folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(|source| Error::Folder {
        path: folder.to_owned(),
        source,
    })
}

/// Makes the folders of all outputs, and checks that these are writable. `if_changed`: an output is left untouched
/// that has the right bytes already.
pub(super) fn prepare(
    tasks: &[Task],
    paths: &[PathBuf],
    if_changed: bool,
) -> Result<Vec<Outputs>, Error> {
    for task in tasks {
        let files = [
            Some(&task.output),
            task.stack_usage.as_ref(),
            task.debug_info.as_ref(),
        ];
        for folder in files.into_iter().flatten().filter_map(|file| file.parent()) {
            make_folder(folder)?;
        }
    }
    let outputs = tasks.iter();
    let outputs = outputs.map(|task| Outputs::prepare(task, &paths[task.module], if_changed));
    Ok(outputs.collect::<Result<_, _>>()?)
}

/// The outputs of a task, known to be writable.
pub(super) struct Outputs {
    code: Output,
    stack_usage: Option<Output>,
    debug_info: Option<Output>,
}

impl Outputs {
    fn prepare(task: &Task, input: &Path, if_changed: bool) -> Result<Outputs, output::Error> {
        let prepare = |path| Output::prepare(path, input).map(|it| it.if_changed(if_changed));
        let optional = |path: &Option<PathBuf>| {
            let path = path.clone();
            path.map(prepare).transpose()
        };
        Ok(Outputs {
            code: prepare(task.output.clone())?,
            stack_usage: optional(&task.stack_usage)?,
            debug_info: optional(&task.debug_info)?,
        })
    }

    /// Returns all of them.
    pub fn all(&self) -> impl Iterator<Item = &Output> {
        [
            Some(&self.code),
            self.stack_usage.as_ref(),
            self.debug_info.as_ref(),
        ]
        .into_iter()
        .flatten()
    }

    fn write(&self, artifact: &Artifact) -> Result<(), output::Error> {
        if let Some(file) = &self.stack_usage {
            file.write(stack_usage_lines(&artifact.stack_usage).as_bytes())?;
        }
        if let (Some(file), Some(bytes)) = (&self.debug_info, &artifact.debug_info) {
            file.write(bytes)?;
        }
        self.code.write(&artifact.bytes)
    }
}

/// What all tasks share.
struct Work<'a> {
    session: &'a Session,
    folder: &'a Path,
    bars: &'a Bars,
}

impl Work<'_> {
    fn one(
        &self,
        task: &Task,
        module: &Parsed<'_>,
        path: &Path,
        outputs: &Outputs,
        bar: &ProgressBar,
    ) -> Result<File, Error> {
        let mut options = task.options.clone();
        options.native_functions = native_lib::functions(&task.native_libs)?;
        if let Some(path) = &task.profile {
            let counts = std::fs::read(path).map_err(|source| Error::Read {
                path: path.clone(),
                source,
            })?;
            options.profile.counts = Some(counts);
        }
        let artifact = self
            .session
            .compile_parsed(module, &options, &|progress| {
                bar.set_length(progress.all as u64);
                bar.set_position(progress.done.min(progress.all) as u64);
            })
            .map_err(|source| Error::Compile {
                id: task.id.clone(),
                path: match (&source, &task.profile) {
                    (crate::Error::Profile(ProfilePlanError::Profile(_)), Some(profile)) => {
                        profile.clone()
                    }
                    _ => path.to_owned(),
                },
                source: Box::new(source),
            })?;
        let file = File::new(task, path, &artifact.bytes, self.folder)?;
        outputs.write(&artifact)?;
        self.bars.0.suspend(|| {
            for warning in &artifact.warnings {
                log::warn!("{}: {}", task.id, advice::warning(warning));
            }
            outputs.code.announce();
        });
        Ok(file)
    }
}

/// A bar for each compilation that runs, on stderr if that is a terminal.
#[derive(Default)]
struct Bars(MultiProgress);

impl Bars {
    fn begin(&self, task: &Task) -> ProgressBar {
        // The template is valid; without it the bar has no name.
        let style = ProgressStyle::with_template("{prefix:24} {bar:30} {percent:>3} % {elapsed}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = self.0.add(ProgressBar::new(1).with_style(style));
        bar.set_prefix(task.id.clone());
        bar
    }
}

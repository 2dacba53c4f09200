//! One entry of a configuration applied to one module: options and outputs of a compilation.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::config::Entry;
use super::fields::{Field, REFINEMENT};
use super::yaml::{Fault, Key, Node, Position};
use crate::cli::advice;
use crate::cli::arguments::{Arguments, Job};
use crate::options::Options;
use crate::targets::{self, Target};

/// A compilation to do.
#[derive(Debug)]
pub(super) struct Task {
    pub id: String,
    /// The number of the module.
    pub module: usize,
    pub options: Options,
    pub output: PathBuf,
    pub stack_usage: Option<PathBuf>,
    pub debug_info: Option<PathBuf>,
    pub native_libs: Vec<PathBuf>,
    /// The profile to use.
    pub profile: Option<PathBuf>,
    pub target: Target,
    /// The options as on the command line.
    pub arguments: Vec<String>,
}

impl Task {
    /// Returns the files that it reads, besides the module.
    pub fn inputs(&self) -> impl Iterator<Item = &Path> {
        let profile = self.profile.iter();
        self.native_libs.iter().chain(profile).map(PathBuf::as_path)
    }
}

/// Where the paths of an entry start.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places<'a> {
    /// The folder of the configuration.
    pub base: &'a Path,
    /// The folder of the outputs.
    pub folder: &'a Path,
}

/// Applies `entry` to the module at `path`, which has number `module`.
pub(super) fn task(
    entry: &Entry,
    known: &[Field],
    module: usize,
    path: &Path,
    places: Places<'_>,
) -> Result<Task, Fault> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let output = places
        .folder
        .join(file_name(entry, &entry.output, &name, entry.at)?);
    let mut arguments = Vec::new();
    for (key, value) in &entry.fields {
        arguments.extend(arguments_of(entry, known, key, value, &name, places)?);
    }
    let job = read(&arguments).map_err(|error| fault(entry, known, &name, places, &error))?;
    let Job::Compile {
        options,
        stack_usage,
        debug_info,
        native_libs,
        profile,
        ..
    } = job
    else {
        let at = position(entry, "target");
        return Err(Fault::new(
            at,
            "found `help`, expected the name of a target",
        ));
    };
    let target = Target::resolve(&options.target).map_err(|error| {
        let at = position(entry, field_at_fault(&error));
        Fault::new(at, advice::target_sentence(&error))
    })?;
    Ok(Task {
        id: entry.id.clone(),
        module,
        options: *options,
        output,
        stack_usage,
        debug_info,
        native_libs,
        profile,
        target,
        arguments,
    })
}

/// Reads options as on the command line.
fn read(arguments: &[String]) -> Result<Job, clap::Error> {
    let command = ["wasmelt".to_owned()];
    // They are looked at elsewhere.
    let files = ["-o", "output", "--", "input"].map(str::to_owned);
    let all = command
        .into_iter()
        .chain(arguments.iter().cloned())
        .chain(files);
    Arguments::read(all.map(OsString::from))
}

fn arguments_of(
    entry: &Entry,
    known: &[Field],
    key: &Key,
    value: &Node,
    name: &str,
    places: Places<'_>,
) -> Result<Vec<String>, Fault> {
    let field = super::fields::option(known, key)?;
    let is_input = field.is_input();
    let path = |file: &str| {
        let path = match is_input {
            true => places.base.join(file),
            false => places.folder.join(file_name(entry, file, name, value.at)?),
        };
        Ok(path.to_string_lossy().into_owned())
    };
    field.arguments(value, path)
}

/// Returns the fault for `error`: at the field that is wrong by itself, or else at the entry.
fn fault(
    entry: &Entry,
    known: &[Field],
    name: &str,
    places: Places<'_>,
    error: &clap::Error,
) -> Fault {
    for (key, value) in &entry.fields {
        let alone = arguments_of(entry, known, key, value, name, places).unwrap_or_default();
        if let Err(error) = read(&alone) {
            return Fault::new(value.at, sentence(&error, known));
        }
    }
    Fault::new(entry.at, sentence(error, known))
}

/// Returns an error of the command line as a sentence about fields.
fn sentence(error: &clap::Error, known: &[Field]) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let lines = text.lines().map(str::trim);
    let mut sentence = lines
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more information"))
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    for field in known {
        let long = field.option.get_long().unwrap_or_default();
        let names = field.option.get_value_names().unwrap_or_default();
        for value in names {
            sentence = sentence.replace(
                &format!("'--{long} <{value}>'"),
                &format!("`{}`", field.name),
            );
        }
        sentence = sentence.replace(&format!("'--{long}'"), &format!("`{}`", field.name));
    }
    sentence
}

fn position(entry: &Entry, name: &str) -> Position {
    let found = entry.fields.iter().find(|(key, _)| key.name == name);
    found.map_or(entry.at, |(_, value)| value.at)
}

/// Returns the field that an error about a target is about.
fn field_at_fault(error: &targets::Error) -> &'static str {
    use targets::Error::*;

    let [target, abi, cpu, features] = REFINEMENT;
    match error {
        UnknownTarget { .. }
        | UnsupportedTarget { .. }
        | UnsupportedTriple { .. }
        | MalformedTriple { .. }
        | Llvm(_) => target,
        UnknownAbi { .. } | ContradictoryAbi { .. } | NoFloatRegisters { .. } => abi,
        UnknownCpu { .. } | NotNative { .. } => cpu,
        UnknownFeature { .. } | FeatureWithoutSign { .. } | FixedFeature { .. } => features,
    }
}

/// Fills in a pattern: `{name}` is the module's name without `.wasm`, `{id}` the entry's, and `{target}`,
/// `{targetAbi}`, `{cpu}` are its fields.
fn file_name(entry: &Entry, pattern: &str, name: &str, at: Position) -> Result<String, Fault> {
    if pattern.is_empty() {
        return Err(Fault::new(at, "found an empty name of a file"));
    }
    let mut text = String::new();
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('{') {
        let (place, after) = behind
            .split_once('}')
            .ok_or_else(|| Fault::new(at, format!("`{{` in `{pattern}` has no `}}`")))?;
        text += before;
        match place {
            "name" => text += name,
            "id" => text += &entry.id,
            "target" | "targetAbi" | "cpu" => {
                let found = entry.fields.iter().find(|(key, _)| key.name == place);
                text += match found {
                    Some((_, value)) => value.text("a name")?,
                    None => "default",
                };
            }
            _ => {
                let what = format!(
                    "`{{{place}}}` in `{pattern}` is unknown, expected `{{name}}`, `{{id}}`, \
                     `{{target}}`, `{{targetAbi}}` or `{{cpu}}`"
                );
                return Err(Fault::new(at, what));
            }
        }
        rest = after;
    }
    Ok(text + rest)
}

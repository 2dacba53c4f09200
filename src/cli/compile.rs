//! Compiles one module, from its file to the files of the output.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::manners::Manners;
use super::output::{self, Output};
use super::{Error, advice, depfile, external, native_lib, segue, wamrc_words};
use crate::error::ProfilePlanError;

/// The path that stands for standard input and standard output.
pub(super) const STREAM: &str = "-";

/// The files of one compilation.
pub(super) struct Files {
    /// `-` is standard input.
    pub input: PathBuf,
    /// `-` is standard output.
    pub output: PathBuf,
    pub stack_usage: Option<PathBuf>,
    pub native_libs: Vec<PathBuf>,
    pub debug_info: Option<PathBuf>,
    /// The profile to use.
    pub profile: Option<PathBuf>,
    /// Where to write the files on which the output depends, as a rule of Make.
    pub depfile: Option<PathBuf>,
    /// Leave an output untouched that has the right bytes already.
    pub if_changed: bool,
}

/// Compiles one module.
pub(super) fn compile(
    files: Files,
    mut options: crate::Options,
    size_level: u8,
    manners: Manners,
) -> Result<(), Error> {
    options.llvm.external = external::compiler(|name| std::env::var(name).ok())?;
    options.native_functions = native_lib::functions(&files.native_libs)?;
    if manners == Manners::Wamrc {
        segue::ignore_without_segment(&mut options);
    }
    let input = &files.input;
    let profile = files.profile.as_ref();
    if profile.is_some_and(|path| path == Path::new(STREAM)) {
        // The module may come from there, which would leave an empty profile.
        return Err(Error::ProfileStream);
    }
    let wasm = read(input)?;
    options.profile.counts = profile.map(|path| read(path)).transpose()?;
    // Before the long part, so that its result is not lost over a mistyped path.
    let rule = depfile::rule(
        &files.output,
        [input]
            .into_iter()
            .chain(&files.native_libs)
            .chain(profile)
            // There is no rule for standard input.
            .filter(|input| **input != Path::new(STREAM)),
    );
    let prepare = |path| Output::prepare(path, input).map(|it| it.if_changed(files.if_changed));
    let output = match files.output == Path::new(STREAM) {
        true => Output::stdout(),
        false => prepare(files.output)?,
    };
    let stack_usage = files.stack_usage.map(prepare).transpose()?;
    let debug_info = files.debug_info.map(prepare).transpose()?;
    let depfile = files.depfile.map(prepare).transpose()?;
    let outputs = [
        Some(&output),
        stack_usage.as_ref(),
        debug_info.as_ref(),
        depfile.as_ref(),
    ];
    output::check_different(&outputs.into_iter().flatten().collect::<Vec<_>>())?;
    if !output.is_a_stream() {
        manners.announce_start(&options, size_level);
    }
    let artifact = crate::compile(&wasm, &options).map_err(|source| Error::Compile {
        words: wamrc_words::words(&source, &wasm),
        path: match (&source, profile) {
            (crate::Error::Profile(ProfilePlanError::Profile(_)), Some(profile)) => profile.clone(),
            _ => input.clone(),
        },
        source: Box::new(source),
    })?;
    for warning in &artifact.warnings {
        log::warn!("{}", advice::warning(warning));
    }
    if let Some(stack_usage) = stack_usage {
        stack_usage.write(stack_usage_lines(&artifact.stack_usage).as_bytes())?;
    }
    if let (Some(file), Some(bytes)) = (debug_info, &artifact.debug_info) {
        file.write(bytes)?;
    }
    if let Some(depfile) = depfile {
        depfile.write(rule.as_bytes())?;
    }
    output.write(&artifact.bytes)?;
    output.announce();
    Ok(())
}

/// Returns the bytes of the input.
fn read(input: &Path) -> Result<Vec<u8>, Error> {
    let bytes = match input == Path::new(STREAM) {
        true => {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
        }
        false => std::fs::read(input),
    };
    bytes.map_err(|source| Error::Read {
        path: input.to_owned(),
        source,
    })
}

/// Returns the lines of a stack-usage file, in the format of LLVM and `wamrc`.
pub(super) fn stack_usage_lines(functions: &[crate::StackUsage]) -> String {
    functions
        .iter()
        .map(|function| {
            format!(
                "WASM Module:{}\t{}\tstatic\n",
                function.symbol, function.bytes
            )
        })
        .collect()
}

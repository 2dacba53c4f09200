//! `wasmelt build` and `wasmelt select`: one configuration for many kinds of devices.

mod build;
mod config;
mod fields;
mod manifest;
mod schema;
pub(in crate::cli) mod select;
mod task;
mod work;
mod yaml;

use std::io;
use std::path::PathBuf;

pub(in crate::cli) use build::{NAME, run};

use super::{advice, native_lib, output};
use crate::targets;

/// The reason why a build, or a selection, failed.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum Error {
    #[error("cannot read {}: {source}", .path.display())]
    Read { path: PathBuf, source: io::Error },

    #[error("cannot read {}: it is not UTF-8", .0.display())]
    Encoding(PathBuf),

    #[error("{}:{at}: {what}", .path.display())]
    Config {
        path: PathBuf,
        /// Line and column.
        at: String,
        what: String,
    },

    #[error("there is no module to compile: neither in {} nor on the command line", .0.display())]
    NoModule(PathBuf),

    #[error("the configuration has no entry `{asked}`; its entries are {known}")]
    UnknownEntry { asked: String, known: String },

    #[error("{} would be written twice, for {first} and {second}: `output` needs {{id}} and, for several modules, {{name}}", .path.display())]
    SameOutput {
        path: PathBuf,
        first: String,
        second: String,
    },

    #[error("the manifest `{0}` is no name of a file: it lies in the folder of the outputs")]
    ManifestName(String),

    #[error("cannot make the folder {}: {source}", .path.display())]
    Folder { path: PathBuf, source: io::Error },

    #[error("{}: {}", .path.display(), advice::sentence(source))]
    Parse {
        path: PathBuf,
        source: Box<crate::Error>,
    },

    #[error("{id}: {}: {}", .path.display(), advice::sentence(source))]
    Compile {
        id: String,
        path: PathBuf,
        source: Box<crate::Error>,
    },

    #[error("{failed} of {all} compilations failed")]
    Failed { failed: usize, all: usize },

    #[error("cannot start threads: {0}")]
    Session(Box<crate::Error>),

    #[error(transparent)]
    Output(#[from] output::Error),

    #[error(transparent)]
    NativeLib(#[from] native_lib::Error),

    #[error("{}", advice::target_sentence(.0))]
    Target(#[from] targets::Error),

    #[error("{}: {source}", .path.display())]
    Manifest {
        path: PathBuf,
        source: Box<dyn std::error::Error + Send + Sync>,
    },

    #[error("the manifest has several modules, choose one by --module: {modules}")]
    ManyModules { modules: String },

    #[error("the manifest has no module `{asked}`; it has {modules}")]
    UnknownModule { asked: String, modules: String },

    #[error("no file fits the device: {reasons}")]
    NoneFits { reasons: String },
}

//! `wasmelt select`: names the file of a manifest that a device can run best.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Parser;

use super::Error;
use super::manifest::{File, Manifest};
use crate::llvm;
use crate::options::TargetOptions;
use crate::targets::Target;

/// The name of the subcommand.
pub(in crate::cli) const NAME: &str = "select";

/// Prints the path of the file that a device can run and that makes the most of its CPU.
///
/// Ends with status 1, and the reason for each file, if the device can run none.
#[derive(Debug, Parser)]
#[command(
    name = "wasmelt select",
    arg_required_else_help = true,
    after_help = "Examples:\n  \
        wasmelt select aot-manifest.json --target=thumbv7em --target-abi=eabihf --cpu=cortex-m7\n  \
        wasmelt select aot-manifest.json --this-machine"
)]
pub(in crate::cli) struct Select {
    /// Manifest that `wasmelt build` has written
    manifest: PathBuf,

    /// Architecture or target triple of the device
    #[arg(long, required_unless_present = "this_machine")]
    target: Option<String>,

    /// ABI of the device's runtime
    #[arg(long, value_name = "ABI")]
    target_abi: Option<String>,

    /// CPU or chip of the device; without it, the oldest of the target
    #[arg(long)]
    cpu: Option<String>,

    /// CPU features that the device has or lacks, as in `+dsp,-fp64`
    #[arg(long, visible_alias = "cpu-features", allow_hyphen_values = true)]
    features: Option<String>,

    /// The device is this machine
    #[arg(long, conflicts_with_all = ["target", "target_abi", "cpu", "features"])]
    this_machine: bool,

    /// Module of which to select a file, if the manifest has several
    #[arg(long, value_name = "FILE")]
    module: Option<String>,

    /// Select only files that can be executed in place
    #[arg(long)]
    xip: bool,

    /// Select only files of this version of the AOT format
    #[arg(long, value_name = "N")]
    aot_version: Option<u32>,
}

/// Runs the subcommand; `arguments` start behind its name. Returns the text to print.
pub(in crate::cli) fn run(arguments: &[OsString]) -> Result<Result<String, Error>, clap::Error> {
    let program = OsString::from("wasmelt select");
    let select = Select::try_parse_from(std::iter::once(&program).chain(arguments))?;
    llvm::fatal::install();
    llvm::options::configure_llvm(&[]);
    Ok(select.run())
}

impl Select {
    fn run(self) -> Result<String, Error> {
        let path = &self.manifest;
        let text = std::fs::read(path).map_err(|source| Error::Read {
            path: path.clone(),
            source,
        })?;
        let manifest = Manifest::read(&text).map_err(|source| Error::Manifest {
            path: path.clone(),
            source: Box::new(source),
        })?;
        let device = Target::resolve(&TargetOptions {
            arch: self.target.clone(),
            abi: self.target_abi.clone(),
            cpu: self.cpu.clone(),
            cpu_features: self.features.clone(),
        })?;
        let files = self.files(&manifest)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let file = self.best(&files, &device, folder)?;
        Ok(format!("{}\n", folder.join(&file.file).display()))
    }

    /// Returns the files of the module.
    fn files<'a>(&self, manifest: &'a Manifest) -> Result<Vec<&'a File>, Error> {
        let names = || {
            let names = manifest.modules.iter().map(|module| module.file.clone());
            names.collect::<Vec<_>>().join(", ")
        };
        let module = match (&self.module, manifest.modules.as_slice()) {
            (Some(asked), modules) => modules
                .iter()
                .map(|module| &module.file)
                .find(|file| *file == asked || Path::new(file).file_name() == Some(asked.as_ref()))
                .ok_or_else(|| Error::UnknownModule {
                    asked: asked.clone(),
                    modules: names(),
                })?,
            (None, [module]) => &module.file,
            (None, []) => return Ok(Vec::new()),
            (None, _) => return Err(Error::ManyModules { modules: names() }),
        };
        let files = manifest.files.iter().filter(|file| file.module == *module);
        Ok(files.collect())
    }

    /// Returns the file that needs most of what the device has; of several, the one for its very CPU, then one
    /// that the loader may change, which is faster, then the first.
    fn best<'a>(
        &self,
        files: &[&'a File],
        device: &Target,
        folder: &Path,
    ) -> Result<&'a File, Error> {
        let offer = device.needs()?;
        let mut reasons = Vec::new();
        let mut best: Option<(_, &File)> = None;
        for file in files {
            let refusal = match file.needs.of_code().check(&offer) {
                Err(mismatch) => Some(mismatch.to_string()),
                Ok(()) => self.refusal(file, device, folder),
            };
            if let Some(refusal) = refusal {
                reasons.push(format!("{}: {refusal}", file.file.escape_debug()));
                continue;
            }
            let in_place = file
                .contents
                .as_ref()
                .is_some_and(|it| it.executes_in_place);
            let value = (
                file.needs.cpu_features.len(),
                file.target.cpu == device.machine.cpu,
                !in_place,
            );
            if best.is_none_or(|(other, _)| value > other) {
                best = Some((value, file));
            }
        }
        if files.is_empty() {
            reasons.push("the manifest lists none".to_owned());
        }
        best.map(|(_, file)| file).ok_or(Error::NoneFits {
            reasons: reasons.join("; "),
        })
    }

    /// Returns the reason why the runtime of the device cannot load `file`.
    fn refusal(&self, file: &File, device: &Target, folder: &Path) -> Option<String> {
        if file.file.chars().any(char::is_control) || !file.is_intact(folder) {
            return Some("the file is missing, or it is not the one of the manifest".to_owned());
        }
        // Guard pages need an operating system and 64-bit addresses.
        if file.needs.guard_pages && device.default_bounds_checks {
            return Some(
                "it needs guard pages, which the device's runtime does not have".to_owned(),
            );
        }
        let Some(contents) = &file.contents else {
            return Some("it is no AOT file".to_owned());
        };
        if self.xip && !contents.executes_in_place {
            return Some("it cannot be executed in place".to_owned());
        }
        let version = contents.aot_version;
        self.aot_version
            .filter(|asked| *asked != version)
            .map(|asked| format!("it has version {version} of the AOT format, not {asked}"))
    }
}

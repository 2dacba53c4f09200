//! The manifest beside the outputs: which file is for which device, in JSON.

use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::task::Task;
use crate::aot::{AotFile, CustomSection, FeatureFlags, FileType};
use crate::options::{FormatVersion, Options, Segue, SharedHeaps};
use crate::targets::{self, Needs};

/// The version of the manifest's own format.
const VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    pub manifest_version: u32,
    /// The compiler that made the files: the same version makes the same bytes.
    pub compiler: String,
    pub modules: Vec<Module>,
    pub files: Vec<File>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Module {
    pub file: String,
    pub bytes: usize,
    pub sha256: String,
}

/// An output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct File {
    pub id: String,
    /// Relative to the manifest, if it lies below.
    pub file: String,
    pub module: String,
    pub bytes: usize,
    pub sha256: String,
    /// As on the command line.
    pub options: Vec<String>,
    pub target: Machine,
    pub needs: FileNeeds,
    /// Absent if the output is no AOT file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub contents: Option<Contents>,
}

/// The machine for which code was generated, in LLVM's terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Machine {
    pub name: String,
    pub triple: String,
    pub cpu: String,
    pub features: String,
}

/// What a file needs of the device and of its runtime.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FileNeeds {
    pub arch: String,
    pub big_endian: bool,
    pub abi: String,
    pub cpu_features: Vec<String>,
    /// What the code keeps away from, such as a register that the system uses.
    #[serde(default)]
    pub restrictions: Vec<String>,
    /// The runtime maps guard pages around linear memory.
    pub guard_pages: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Contents {
    /// The version of the AOT format, which must be the runtime's.
    pub aot_version: u32,
    pub executes_in_place: bool,
    /// Switches with which the runtime must be built.
    pub runtime_switches: Vec<String>,
    /// Bytes of code and constants.
    pub text_bytes: usize,
    /// Bytes of data segments, which the runtime copies into linear memory.
    pub data_bytes: usize,
    pub functions: usize,
    /// Functions of the host that the module imports, as `module.name`.
    pub imports: Vec<String>,
    /// Symbols that the runtime's table must have.
    pub native_symbols: Vec<String>,
}

/// A manifest cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("this is no manifest of `wasmelt build`: {0}")]
    Malformed(#[from] serde_json::Error),

    #[error("the manifest has version {0}, expected {VERSION}")]
    Version(u32),
}

impl Manifest {
    pub fn new(modules: Vec<Module>, files: Vec<File>) -> Manifest {
        Manifest {
            manifest_version: VERSION,
            compiler: format!(
                "wasmelt {}, LLVM {}",
                env!("CARGO_PKG_VERSION"),
                crate::llvm::options::llvm_version()
            ),
            modules,
            files,
        }
    }

    /// Adds the files of `old`, in `folder`, that this build has not made, if the same compiler has made them from the
    /// same modules for one of the entries `ids`, and nobody has changed them.
    pub fn keep(&mut self, old: Manifest, ids: &[String], folder: &Path) {
        if old.compiler != self.compiler {
            return;
        }
        let kept = old.files.into_iter().filter(|file| {
            let module = |modules: &[Module]| {
                let mut modules = modules.iter().filter(|module| module.file == file.module);
                modules.next().cloned()
            };
            let module = (module(&old.modules), module(&self.modules));
            matches!(&module, (Some(old), Some(new)) if old == new)
                && ids.contains(&file.id)
                && self.files.iter().all(|new| new.file != file.file)
                && file.is_intact(folder)
        });
        let kept: Vec<File> = kept.collect();
        self.files.extend(kept);
    }

    pub fn read(text: &[u8]) -> Result<Manifest, Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Start {
            manifest_version: u32,
        }
        let start: Start = serde_json::from_slice(text)?;
        if start.manifest_version != VERSION {
            return Err(Error::Version(start.manifest_version));
        }
        Ok(serde_json::from_slice(text)?)
    }

    pub fn to_json(&self) -> String {
        // It holds only strings, numbers and lists of these, which all have a form in JSON.
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        text + "\n"
    }
}

impl Module {
    pub fn new(path: &Path, bytes: &[u8]) -> Module {
        Module {
            file: path.display().to_string(),
            bytes: bytes.len(),
            sha256: sha256(bytes),
        }
    }
}

impl File {
    /// Describes the output of `task` in a manifest in `folder`.
    pub fn new(
        task: &Task,
        module: &Path,
        bytes: &[u8],
        folder: &Path,
    ) -> Result<File, targets::Error> {
        let machine = &task.target.machine;
        let mut needs = task.target.needs()?;
        let gs = "fsgsbase".to_owned();
        if task.options.segue != Segue::NONE && !needs.features.contains(&gs) {
            // Code writes the register by assembly, for which LLVM needs no such feature.
            needs.features.push(gs);
            needs.features.sort_unstable();
        }
        let software_bounds = task.options.bounds_checks;
        Ok(File {
            id: task.id.clone(),
            file: task
                .output
                .strip_prefix(folder)
                .unwrap_or(&task.output)
                .display()
                .to_string(),
            module: module.display().to_string(),
            bytes: bytes.len(),
            sha256: sha256(bytes),
            options: task.arguments.clone(),
            target: Machine {
                name: task.target.name.clone(),
                triple: machine.triple.clone(),
                cpu: machine.cpu.clone(),
                features: machine.features.clone(),
            },
            needs: FileNeeds {
                arch: needs.arch,
                big_endian: needs.big_endian,
                abi: needs.abi,
                cpu_features: needs.features,
                restrictions: needs.restrictions,
                guard_pages: !software_bounds.unwrap_or(task.target.default_bounds_checks),
            },
            contents: AotFile::parse(bytes)
                .ok()
                .map(|file| Contents::new(&file, &task.options)),
        })
    }
}

impl FileNeeds {
    /// Returns the needs that the library compares with those of a device.
    pub fn of_code(&self) -> Needs {
        let mut features = self.cpu_features.clone();
        features.sort_unstable();
        Needs {
            arch: self.arch.clone(),
            big_endian: self.big_endian,
            abi: self.abi.clone(),
            features,
            restrictions: self.restrictions.clone(),
        }
    }
}

/// The features that a runtime rejects without its switch.
const SWITCHES: &[(FeatureFlags, &str)] = &[
    (FeatureFlags::SIMD, "WAMR_BUILD_SIMD"),
    (FeatureFlags::BULK_MEMORY, "WAMR_BUILD_BULK_MEMORY"),
    (FeatureFlags::MULTI_THREAD, "WAMR_BUILD_SHARED_MEMORY"),
    (FeatureFlags::REFERENCE_TYPES, "WAMR_BUILD_REF_TYPES"),
    (FeatureFlags::GARBAGE_COLLECTION, "WAMR_BUILD_GC"),
    (FeatureFlags::TINY_STACK_FRAME, "WAMR_BUILD_DUMP_CALL_STACK"),
];

impl Contents {
    fn new(file: &AotFile, options: &Options) -> Contents {
        let diagnostics = &options.diagnostics;
        let asked = [
            (diagnostics.perf_profiling, "WAMR_BUILD_PERF_PROFILING"),
            (diagnostics.memory_profiling, "WAMR_BUILD_MEMORY_PROFILING"),
            (diagnostics.linux_perf, "WAMR_BUILD_LINUX_PERF"),
            (
                options.shared_heaps != SharedHeaps::None,
                "WAMR_BUILD_SHARED_HEAP",
            ),
            (
                file.init_data.memories.iter().any(|it| it.flags.memory64),
                "WAMR_BUILD_MEMORY64",
            ),
        ];
        let mut native_symbols: Vec<String> = file
            .custom
            .iter()
            .filter_map(|section| match section {
                CustomSection::NativeSymbols(names) => Some(names),
                _ => None,
            })
            .flatten()
            // Constants stand in the same table.
            .filter(|name| !name.contains('#'))
            .cloned()
            .collect();
        let relocations = &file.relocations;
        let names = relocations
            .groups
            .iter()
            .flat_map(|group| &group.relocations);
        native_symbols.extend(
            names
                .filter_map(|relocation| relocations.names.get(relocation.symbol as usize))
                .filter(|name| !name.starts_with('.') && !name.contains('#'))
                .cloned(),
        );
        native_symbols.sort_unstable();
        native_symbols.dedup();
        let flags = file.target_info.features;
        let data = &file.init_data;
        Contents {
            aot_version: match file.version {
                FormatVersion::V5 => 5,
                FormatVersion::V6 => 6,
            },
            executes_in_place: file.target_info.file_type == FileType::ExecuteInPlace,
            runtime_switches: SWITCHES
                .iter()
                .filter(|(flag, _)| flags.contains(*flag))
                .map(|(_, switch)| *switch)
                .chain(
                    asked
                        .into_iter()
                        .filter_map(|(asked, switch)| asked.then_some(switch)),
                )
                .map(str::to_owned)
                .collect(),
            text_bytes: file.text.code.len(),
            data_bytes: data.data.iter().map(|it| it.bytes.len()).sum(),
            functions: file.functions.len(),
            imports: data
                .imported_functions
                .iter()
                .map(|import| format!("{}.{}", import.module, import.field))
                .collect(),
            native_symbols,
        }
    }
}

impl File {
    /// Reports whether the file in `folder` still has the bytes of the manifest.
    pub fn is_intact(&self, folder: &Path) -> bool {
        std::fs::read(folder.join(&self.file))
            .is_ok_and(|bytes| bytes.len() == self.bytes && sha256(&bytes) == self.sha256)
    }
}

fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

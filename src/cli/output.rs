//! Writes the output file completely or not at all; until then, the old file stays.
//!
//! The bytes go to a temporary file in the same folder, which is then renamed. An output that is not a
//! regular file (`/dev/stdout`, a pipe) cannot be renamed over, so it is written directly.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("input and output are the same file, {}", .0.display())]
    SameFile(PathBuf),

    #[error("two outputs are the same file, {}", .0.display())]
    TwoOutputs(PathBuf),

    #[error("cannot write {}: it is a folder", .0.display())]
    Folder(PathBuf),

    #[error("cannot write {}: the folder {} does not exist", .path.display(), .folder.display())]
    NoFolder { path: PathBuf, folder: PathBuf },

    #[error("cannot write {}: {source}", .path.display())]
    Write { path: PathBuf, source: io::Error },
}

/// Fails if two outputs would be the same file: the later would replace the earlier.
pub(super) fn check_different(outputs: &[&Output]) -> Result<(), Error> {
    for (number, output) in outputs.iter().enumerate() {
        let Destination::Replace { path, folder, .. } = &output.destination else {
            continue;
        };
        let same = outputs[..number].iter().any(|other| {
            let Destination::Replace {
                path: other,
                folder: other_folder,
                ..
            } = &other.destination
            else {
                return false;
            };
            path.file_name() == other.file_name()
                && same_file::is_same_file(folder, other_folder).unwrap_or(false)
        });
        if same {
            return Err(Error::TwoOutputs(output.path.clone()));
        }
    }
    Ok(())
}

/// Fails if an output would replace one of `inputs`.
pub(super) fn check_inputs(outputs: &[&Output], inputs: &[&Path]) -> Result<(), Error> {
    for output in outputs {
        for input in inputs {
            if same_file::is_same_file(&output.path, input).unwrap_or(false) {
                return Err(Error::SameFile(output.path.clone()));
            }
        }
    }
    Ok(())
}

/// An output that is writable, as far as this can be checked in advance.
#[derive(Debug)]
pub(super) struct Output {
    /// As the user gave it.
    path: PathBuf,
    destination: Destination,
    /// Leave a file that has the right bytes already untouched.
    if_changed: bool,
}

#[derive(Debug)]
enum Destination {
    Stdout,
    Direct,
    Replace {
        /// The path with symbolic links resolved, so that a link stays a link.
        path: PathBuf,
        folder: PathBuf,
        /// The permissions of the file that will be replaced.
        permissions: Option<Permissions>,
    },
}

impl Output {
    /// Returns the output that goes to standard output.
    pub fn stdout() -> Output {
        Output {
            path: PathBuf::from("-"),
            destination: Destination::Stdout,
            if_changed: false,
        }
    }

    /// Leaves a file that has the right bytes already untouched, so that build tools need not go on.
    pub fn if_changed(mut self, if_changed: bool) -> Output {
        self.if_changed = if_changed;
        self
    }

    pub fn prepare(path: PathBuf, input: &Path) -> Result<Output, Error> {
        let existing = fs::metadata(&path).ok();
        if existing.is_some() && same_file::is_same_file(&path, input).unwrap_or(false) {
            return Err(Error::SameFile(path));
        }
        let destination = match &existing {
            Some(metadata) if metadata.is_dir() => return Err(Error::Folder(path)),
            // Below /dev even a regular file is somebody's open descriptor.
            Some(metadata) if !metadata.is_file() || path.starts_with("/dev") => {
                Destination::Direct
            }
            _ => {
                let real = match existing {
                    Some(_) => fs::canonicalize(&path).unwrap_or_else(|_| path.clone()),
                    None => path.clone(),
                };
                let folder = match real.parent() {
                    Some(folder) if folder != Path::new("") => folder.to_owned(),
                    _ => PathBuf::from("."),
                };
                if !folder.is_dir() {
                    return Err(Error::NoFolder { path, folder });
                }
                Destination::Replace {
                    path: real,
                    folder,
                    permissions: existing.map(|metadata| metadata.permissions()),
                }
            }
        };
        let output = Output {
            path,
            destination,
            if_changed: false,
        };
        if let Destination::Replace { folder, .. } = &output.destination {
            // Is writing allowed here? The answer is gone with the value.
            temporary_file(folder).map_err(|source| output.failed(source))?;
        }
        Ok(output)
    }

    /// Reports whether the file goes to a stream such as `/dev/stdout`, which may be the command's own.
    pub fn is_a_stream(&self) -> bool {
        !matches!(self.destination, Destination::Replace { .. })
    }

    pub fn write(&self, bytes: &[u8]) -> Result<(), Error> {
        match &self.destination {
            Destination::Stdout => {
                let mut stdout = io::stdout();
                stdout.write_all(bytes).and_then(|()| stdout.flush())
            }
            Destination::Replace { path, .. }
                if self.if_changed && fs::read(path).is_ok_and(|old| old == bytes) =>
            {
                Ok(())
            }
            Destination::Direct => OpenOptions::new()
                .write(true)
                .open(&self.path)
                .and_then(|mut file| file.write_all(bytes)),
            Destination::Replace {
                path,
                folder,
                permissions,
            } => replace(path, folder, permissions.as_ref(), bytes),
        }
        .map_err(|source| self.failed(source))
    }

    /// Reports success.
    pub fn announce(&self) {
        let line = match self.destination {
            Destination::Stdout => return,
            _ => format!(
                "Compile success, file {} was generated.\n",
                self.path.display()
            ),
        };
        // Whoever has closed the stream does not want to know.
        let _ = match self.destination {
            Destination::Replace { .. } => io::stdout().write_all(line.as_bytes()),
            // Stdout may be where the file itself went.
            Destination::Direct | Destination::Stdout => io::stderr().write_all(line.as_bytes()),
        };
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::Write {
            path: self.path.clone(),
            source,
        }
    }
}

fn replace(
    path: &Path,
    folder: &Path,
    permissions: Option<&Permissions>,
    bytes: &[u8],
) -> io::Result<()> {
    let mut file = temporary_file(folder)?;
    file.write_all(bytes)?;
    if let Some(permissions) = permissions {
        fs::set_permissions(file.path(), permissions.clone())?;
    }
    file.persist(path)
        .map(|_: File| ())
        .map_err(|error| error.error)
}

/// Creates a file in `folder` with the permissions of a new file; it is deleted unless it is persisted.
fn temporary_file(folder: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(".wasmelt-")
        // Left to itself, `tempfile` would make a file for its owner alone.
        .make_in(folder, |path| File::create_new(path))
}

//! Response files: `@args.txt` stands for the arguments in that file.
//!
//! Words are separated by white space and quoted as for a shell; `#` starts a comment. A file may name further
//! files. Long command lines of build tools come this way.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

/// The limit of files inside files: two that name each other would have no end.
const MOST_LEVELS: usize = 16;

/// A response file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("cannot read the response file {}: {source}", .path.display())]
    Read { path: PathBuf, source: io::Error },

    #[error("a quote in the response file {} has no partner", .0.display())]
    Quote(PathBuf),

    #[error("the response file {} is more than {MOST_LEVELS} files deep", .0.display())]
    Depth(PathBuf),
}

/// Returns `arguments` with the contents of response files in their place. The first argument, the program's
/// name, stays as it is, and so does everything behind `--`.
pub(super) fn expand(arguments: Vec<OsString>) -> Result<Vec<OsString>, Error> {
    let mut all = Vec::with_capacity(arguments.len());
    let mut literal = false;
    for (number, argument) in arguments.into_iter().enumerate() {
        literal |= argument == "--";
        match number == 0 || literal {
            true => all.push(argument),
            false => add(argument, 0, &mut all)?,
        }
    }
    Ok(all)
}

fn add(argument: OsString, level: usize, all: &mut Vec<OsString>) -> Result<(), Error> {
    let Some(path) = argument.to_str().and_then(|text| text.strip_prefix('@')) else {
        all.push(argument);
        return Ok(());
    };
    let path = PathBuf::from(path);
    if level == MOST_LEVELS {
        return Err(Error::Depth(path));
    }
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) => return Err(Error::Read { path, source }),
    };
    // Editors of Windows add a mark at the start and a character at each end of line.
    let text = text.trim_start_matches('\u{feff}').replace('\r', "");
    let words = shlex::split(&text).ok_or(Error::Quote(path))?;
    words
        .into_iter()
        .try_for_each(|word| add(word.into(), level + 1, all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_in_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::write(
            path("a"),
            format!("-o 'my file' # comment\n@{}\n", path("b")),
        )
        .unwrap();
        std::fs::write(path("b"), "--xip\n").unwrap();
        let expanded = expand(vec!["@wasmelt".into(), format!("@{}", path("a")).into()]).unwrap();
        assert_eq!(expanded, ["@wasmelt", "-o", "my file", "--xip"]);
    }

    #[test]
    fn faults() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a").display().to_string();
        let argument = || vec!["wasmelt".into(), OsString::from(format!("@{path}"))];
        let fault = || expand(argument()).unwrap_err().to_string();
        assert!(fault().starts_with("cannot read the response file"));
        std::fs::write(&path, "'open").unwrap();
        assert!(fault().contains("has no partner"));
        std::fs::write(&path, format!("@{path}")).unwrap();
        assert!(fault().contains("files deep"));
    }
}

//! Writes on which files an output depends, as Make, Ninja and CMake read it.

use std::path::{Path, PathBuf};

/// Returns the rule of Make that says on which inputs `output` depends.
pub(super) fn rule<'a>(output: &Path, inputs: impl IntoIterator<Item = &'a PathBuf>) -> String {
    let inputs: String = inputs
        .into_iter()
        .map(|input| format!(" {}", escape(input)))
        .collect();
    format!("{}:{inputs}\n", escape(output))
}

/// Returns a path as a rule spells it: spaces and `#` behind a backslash, `$` twice.
fn escape(path: &Path) -> String {
    let mut text = String::new();
    for c in path.to_string_lossy().chars() {
        match c {
            ' ' | '#' => text.push('\\'),
            '$' => text.push('$'),
            _ => {}
        }
        text.push(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters() {
        let inputs = [PathBuf::from("my app#1.wasm"), PathBuf::from("lib$x.so")];
        assert_eq!(
            rule(Path::new("out/a.aot"), &inputs),
            "out/a.aot: my\\ app\\#1.wasm lib$$x.so\n"
        );
    }
}

//! The environment variables of `wamrc` that name an external compiler.
//!
//! `WAMRC_LLC_COMPILER` gets bitcode, `WAMRC_ASM_COMPILER` assembly; the first wins. `WAMRC_LLC_FLAGS` and
//! `WAMRC_ASM_FLAGS` hold their flags, separated by spaces and quoted as for a shell. Unlike `wamrc`, which then
//! warns and compiles by itself, the command fails if the compiler cannot be executed.

use crate::options::{ExternalCompiler, ExternalInput};

/// The flags if the environment gives none.
const DEFAULT_FLAGS: &str = "-O3 -c";

/// Variables for the compiler and its flags.
const VARIABLES: [(ExternalInput, &str, &str); 2] = [
    (
        ExternalInput::Bitcode,
        "WAMRC_LLC_COMPILER",
        "WAMRC_LLC_FLAGS",
    ),
    (
        ExternalInput::Assembly,
        "WAMRC_ASM_COMPILER",
        "WAMRC_ASM_FLAGS",
    ),
];

/// The flags have a quote without its partner.
#[derive(Debug, thiserror::Error)]
#[error("a quote in the environment variable {variable} has no partner: {value}")]
pub(super) struct UnmatchedQuote {
    variable: &'static str,
    value: String,
}

/// Returns the compiler that the environment names. `variable` looks up a variable.
pub(super) fn compiler(
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<ExternalCompiler>, UnmatchedQuote> {
    let named = |name| variable(name).filter(|value| !value.is_empty());
    for (input, compiler, flags) in VARIABLES {
        let Some(program) = named(compiler) else {
            continue;
        };
        let value = named(flags).unwrap_or_else(|| DEFAULT_FLAGS.to_owned());
        let flags = shlex::split(&value).ok_or(UnmatchedQuote {
            variable: flags,
            value,
        })?;
        return Ok(Some(ExternalCompiler {
            input,
            program: program.into(),
            flags,
        }));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(variables: &[(&str, &str)]) -> Result<Option<ExternalCompiler>, UnmatchedQuote> {
        compiler(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment_names_a_compiler() {
        assert_eq!(of(&[]).unwrap(), None);
        assert_eq!(of(&[("WAMRC_LLC_COMPILER", "")]).unwrap(), None);
        let found = of(&[
            ("WAMRC_ASM_COMPILER", "as"),
            ("WAMRC_LLC_COMPILER", "/opt/clang"),
            ("WAMRC_LLC_FLAGS", "-O2 -c '-DA=b c'"),
        ]);
        let expected = ExternalCompiler {
            input: ExternalInput::Bitcode,
            program: "/opt/clang".into(),
            flags: ["-O2", "-c", "-DA=b c"].map(str::to_owned).to_vec(),
        };
        assert_eq!(found.unwrap(), Some(expected));
        let found = of(&[("WAMRC_ASM_COMPILER", "gcc")]).unwrap().unwrap();
        assert_eq!(found.input, ExternalInput::Assembly);
        assert_eq!(found.flags, ["-O3", "-c"]);
    }

    #[test]
    fn quotes_come_in_pairs() {
        let error = of(&[("WAMRC_ASM_COMPILER", "gcc"), ("WAMRC_ASM_FLAGS", "-D'a")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a quote in the environment variable WAMRC_ASM_FLAGS has no partner: -D'a"
        );
    }
}

//! The fields of a configuration: every option of the command line, in the spelling of a mapping's keys.
//!
//! `--target-abi` is `targetAbi`. The declarations of the options are the only list.

use clap::{Arg, ArgAction, CommandFactory};

use super::yaml::{Fault, Key, Node, Value};
use crate::cli::arguments::Arguments;
use crate::targets::nearest;

/// Options that belong to the whole command.
const NOT_FOR_ENTRIES: &[&str] = &[
    "depfile",
    "help",
    "if_changed",
    "llvm_version",
    "mllvm",
    "threads",
    "verbosity",
    "version",
];

/// Further fields of an entry.
pub(super) const ID: &str = "id";
pub(super) const OUTPUT: &str = "output";

/// The fields that name the target, from the roughest to the finest: each needs those before it.
pub(super) const REFINEMENT: [&str; 4] = ["target", "targetAbi", "cpu", "features"];

/// A field and the option for which it stands.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub name: String,
    pub option: Arg,
}

/// Returns all fields that are options.
pub(super) fn fields() -> Vec<Field> {
    Arguments::command()
        .get_arguments()
        .filter(|option| option.get_long().is_some())
        .filter(|option| !NOT_FOR_ENTRIES.contains(&option.get_id().as_str()))
        .map(|option| Field {
            name: match option.get_id().as_str() {
                "cpu_features" => "features".to_owned(),
                _ => camel_case(option.get_long().unwrap_or_default()),
            },
            option: option.clone(),
        })
        .collect()
}

/// `target-abi` becomes `targetAbi`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('-');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (initial, rest) = word.split_at(word.len().min(1));
        name + &initial.to_uppercase() + rest
    })
}

/// Returns the option of `key`, an entry's field.
pub(super) fn option<'a>(fields: &'a [Field], key: &Key) -> Result<&'a Field, Fault> {
    fields
        .iter()
        .find(|field| field.name == key.name)
        .ok_or_else(|| {
            let names = fields.iter().map(|field| field.name.as_str());
            unknown(key, names.chain([ID, OUTPUT]), "an option")
        })
}

/// Returns the fault of a name that is none of `names`.
pub(super) fn unknown<'a>(
    key: &Key,
    names: impl IntoIterator<Item = &'a str>,
    expected: &str,
) -> Fault {
    let hint = match nearest(&key.name, names) {
        Some(name) => format!("; did you mean `{name}`?"),
        None => format!(", expected {expected} (`wasmelt build --schema` lists the fields)"),
    };
    Fault::new(key.at, format!("unknown field `{}`{hint}", key.name))
}

impl Field {
    /// Reports whether the option is on or off, without a value.
    pub fn is_switch(&self) -> bool {
        matches!(self.option.get_action(), ArgAction::SetTrue)
    }

    /// Reports whether the option names files to read.
    pub fn is_input(&self) -> bool {
        matches!(
            self.option.get_id().as_str(),
            "native_lib" | "use_prof_file"
        )
    }

    /// Reports whether the option names files.
    fn is_file(&self) -> bool {
        self.is_input() || matches!(self.option.get_id().as_str(), "stack_usage" | "debug_info")
    }

    /// Returns what stands on the command line for `value`. `path` turns the value of a file into a path.
    pub fn arguments(
        &self,
        value: &Node,
        path: impl Fn(&str) -> Result<String, Fault>,
    ) -> Result<Vec<String>, Fault> {
        let long = self.option.get_long().unwrap_or_default();
        if value.is_null() {
            return Ok(Vec::new());
        }
        if self.is_switch() {
            return match value.truth() {
                Some(true) => Ok(vec![format!("--{long}")]),
                Some(false) => Ok(Vec::new()),
                None => Err(value.unexpected("`true` or `false`")),
            };
        }
        // The value may be left out.
        let optional = self
            .option
            .get_num_args()
            .is_some_and(|count| count.min_values() == 0);
        match value.truth() {
            Some(true) if optional => return Ok(vec![format!("--{long}")]),
            Some(false) if optional => return Ok(Vec::new()),
            _ => {}
        }
        let text = |node: &Node| match (node.truth().map(|truth| self.spell(truth)), self.is_file())
        {
            (Some(Some(value)), _) => Ok(value.to_owned()),
            (Some(None), _) => Err(node.unexpected("a value that is no truth value")),
            (None, true) => path(node.text("a file")?),
            (None, false) => Ok(node.text("a value")?.to_owned()),
        };
        let values = match &value.value {
            Value::List(_) if !self.takes_lists() => {
                return Err(value.unexpected("one value"));
            }
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(text).collect::<Result<_, _>>()?;
                match self.option.get_action() {
                    ArgAction::Append => items,
                    _ => vec![items.join(",")],
                }
            }
            _ => vec![text(value)?],
        };
        Ok(values
            .into_iter()
            .map(|value| format!("--{long}={value}"))
            .collect())
    }

    /// Reports whether several values make sense: they follow each other, or commas separate them.
    fn takes_lists(&self) -> bool {
        matches!(self.option.get_action(), ArgAction::Append)
            || self.option.get_value_delimiter().is_some()
            || matches!(
                self.option.get_id().as_str(),
                "cpu_features"
                    | "enable_builtin_intrinsics"
                    | "call_stack_features"
                    | "enable_segue"
            )
    }

    /// Returns the option's value for a truth value, if it has one.
    fn spell(&self, truth: bool) -> Option<&'static str> {
        let values = self.option.get_value_names().unwrap_or_default();
        match (values.first()?.as_str(), truth) {
            ("on|off", true) => Some("on"),
            ("on|off", false) => Some("off"),
            ("0|1", true) => Some("1"),
            ("0|1", false) => Some("0"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::yaml::parse;
    use super::*;

    fn arguments(text: &str) -> Result<Vec<String>, Fault> {
        let fields = fields();
        let node = parse(text).unwrap();
        let mut found = Vec::new();
        for (key, value) in node.mapping("").unwrap() {
            let field = option(&fields, key)?;
            found.extend(field.arguments(value, |file| Ok(format!("dir/{file}")))?);
        }
        Ok(found)
    }

    #[test]
    fn spellings() {
        let text = "target: thumbv7em\ntargetAbi: eabihf\nfeatures: [+dsp, -fp64]\nxip: true\n\
                    disableSimd: false\nboundsChecks: true\nshrinkMemory: false\nenableSegue: true\ncpu: ~\noptLevel: 2\n\
                    emitCustomSections: [name, a]\nnativeLib: [x.so, y.so]\n";
        let expected = [
            "--target=thumbv7em",
            "--target-abi=eabihf",
            "--cpu-features=+dsp,-fp64",
            "--xip",
            "--bounds-checks=1",
            "--shrink-memory=off",
            "--enable-segue",
            "--opt-level=2",
            "--emit-custom-sections=name",
            "--emit-custom-sections=a",
            "--native-lib=dir/x.so",
            "--native-lib=dir/y.so",
        ];
        assert_eq!(arguments(text).unwrap(), expected);
    }

    #[test]
    fn wrong_fields() {
        for (text, expected) in [
            (
                "targetABI: gnu",
                "unknown field `targetABI`; did you mean `targetAbi`?",
            ),
            ("xip: maybe", "found `maybe`, expected `true` or `false`"),
            (
                "cpu: true",
                "found `true`, expected a value that is no truth value",
            ),
            ("optLevel: [1, 2]", "found a list, expected one value"),
            ("cpu: {a: b}", "found a mapping, expected a value"),
            (
                "threads: 3",
                "unknown field `threads`, expected an option (`wasmelt build --schema` lists the fields)",
            ),
        ] {
            assert_eq!(arguments(text).unwrap_err().what, expected);
        }
    }
}

//! Reads the configuration of a fleet: a list of entries, one for each kind of device.

use std::path::{Path, PathBuf};

use super::fields::{self, Field, ID, OUTPUT, REFINEMENT};
use super::yaml::{self, Fault, Key, Node, Position, Value};

/// The top level's fields.
pub(super) const ENTRIES: &str = "aotConfigs";
pub(super) const DEFAULTS: &str = "defaults";
pub(super) const MODULES: &str = "modules";
pub(super) const FOLDER: &str = "outputDir";
pub(super) const MANIFEST: &str = "manifest";
pub(super) const TOP: [&str; 6] = [ENTRIES, DEFAULTS, MODULES, FOLDER, OUTPUT, MANIFEST];

/// The name of an output if the configuration gives none.
pub(super) const DEFAULT_OUTPUT: &str = "{name}-{id}.aot";

/// The text of a configuration, understood.
#[derive(Debug)]
pub(super) struct Config {
    pub entries: Vec<Entry>,
    /// Modules to compile, in front of those on the command line.
    pub modules: Vec<PathBuf>,
    /// The folder of all outputs.
    pub folder: Option<PathBuf>,
    pub manifest: Option<String>,
}

/// One kind of device.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub at: Position,
    pub id: String,
    /// The pattern of the output's name.
    pub output: String,
    /// All fields that are options; those of the entry replace the defaults.
    pub fields: Vec<(Key, Node)>,
}

/// Reads `text`. `base` is the folder to which its paths are relative.
pub(super) fn read(text: &str, base: &Path, known: &[Field]) -> Result<Config, Fault> {
    let root = yaml::parse(text)?;
    let expected = format!("a mapping with `{ENTRIES}`");
    let top = root.mapping(&expected)?;
    if let Some((key, _)) = top
        .iter()
        .find(|(key, _)| !TOP.contains(&key.name.as_str()))
    {
        return Err(fields::unknown(
            key,
            TOP,
            &TOP.map(|name| format!("`{name}`")).join(", "),
        ));
    }
    let field = |name: &str| {
        let found = top.iter().find(|(key, _)| key.name == name);
        found.map(|(_, node)| node)
    };
    let text_of = |name: &str| field(name).map(|node| node.text("a text")).transpose();
    let defaults = match field(DEFAULTS) {
        Some(node) => node.mapping("a mapping of options")?,
        None => &[],
    };
    for (key, _) in defaults {
        if key.name == ID {
            return Err(Fault::new(key.at, "each entry has its own `id`"));
        }
    }
    let output = text_of(OUTPUT)?.unwrap_or(DEFAULT_OUTPUT);
    let list = field(ENTRIES).ok_or_else(|| {
        Fault::new(
            root.at,
            format!("found no `{ENTRIES}`, expected a list of devices"),
        )
    })?;
    let items = list.list("a list of devices")?;
    if items.is_empty() {
        return Err(Fault::new(
            list.at,
            "found an empty list, expected at least one device",
        ));
    }
    let mut entries: Vec<Entry> = Vec::with_capacity(items.len());
    for item in items {
        let entry = entry(item, defaults, output, known)?;
        if let Some(other) = entries.iter().find(|other| other.id == entry.id) {
            let Entry { id, at, .. } = entry;
            let what = format!(
                "`{id}` is also the entry at {}: give one of them an `id`",
                other.at
            );
            return Err(Fault::new(at, what));
        }
        entries.push(entry);
    }
    Ok(Config {
        entries,
        modules: match field(MODULES) {
            Some(Node {
                value: Value::List(items),
                ..
            }) => items
                .iter()
                .map(|item| item.text("a file").map(|file| base.join(file)))
                .collect::<Result<_, _>>()?,
            Some(node) => vec![base.join(node.text("a file, or a list of files")?)],
            None => Vec::new(),
        },
        folder: text_of(FOLDER)?.map(|folder| base.join(folder)),
        manifest: text_of(MANIFEST)?.map(str::to_owned),
    })
}

fn entry(
    node: &Node,
    defaults: &[(Key, Node)],
    output: &str,
    known: &[Field],
) -> Result<Entry, Fault> {
    let own = node.mapping("a mapping of options")?;
    let is_own = |key: &Key| own.iter().any(|(other, _)| other.name == key.name);
    let inherited = defaults.iter().filter(|(key, _)| !is_own(key));
    let all: Vec<&(Key, Node)> = inherited.chain(own).collect();
    let find = |name: &str| all.iter().find(|(key, _)| key.name == name);

    let mut fields = Vec::new();
    for (key, value) in &all {
        if key.name != ID && key.name != OUTPUT {
            fields::option(known, key)?;
            fields.push((key.clone(), value.clone()));
        }
    }
    check_refinement(node, &fields)?;
    Ok(Entry {
        at: node.at,
        id: match find(ID) {
            Some((_, id)) => identifier(id)?,
            None => derived_id(&fields),
        },
        output: match find(OUTPUT) {
            Some((_, pattern)) => pattern.text("a pattern")?.to_owned(),
            None => output.to_owned(),
        },
        fields,
    })
}

/// Checks that no field of the target stands without those which it refines.
fn check_refinement(node: &Node, fields: &[(Key, Node)]) -> Result<(), Fault> {
    let find = |name: &str| fields.iter().find(|(key, _)| key.name == name);
    let mut missing = None;
    for name in REFINEMENT {
        match (find(name), missing) {
            (None, None) => missing = Some(name),
            (Some((key, _)), Some(missing)) => {
                let order = REFINEMENT.map(|name| format!("`{name}`")).join(", ");
                let what =
                    format!("`{name}` refines `{missing}`, which is missing; the order is {order}");
                return Err(Fault::new(key.at, what));
            }
            _ => {}
        }
    }
    match missing {
        Some("target") => Err(Fault::new(node.at, "`target` is missing")),
        _ => Ok(()),
    }
}

fn identifier(node: &Node) -> Result<String, Fault> {
    let id = node.text("a name")?;
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    match id.chars().all(fits) && !id.starts_with('.') && !id.is_empty() {
        true => Ok(id.to_owned()),
        false => Err(Fault::new(
            node.at,
            format!("found `{id}`, expected a name of letters, digits, `.`, `_` and `-`"),
        )),
    }
}

/// Returns a name made of the target, which is not always unique.
pub(super) fn derived_id(fields: &[(Key, Node)]) -> String {
    let value = |name: &str| {
        let (_, node) = fields.iter().find(|(key, _)| key.name == name)?;
        match &node.value {
            Value::Scalar { text, .. } => Some(text.as_str()),
            _ => None,
        }
    };
    let mut parts: Vec<&str> = ["target", "targetAbi", "cpu"]
        .into_iter()
        .filter_map(value)
        .collect();
    let in_place = fields
        .iter()
        .any(|(key, node)| key.name == "xip" && node.truth() == Some(true));
    if in_place {
        parts.push("xip");
    }
    let name = parts.join("-");
    name.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Result<Config, String> {
        let known = fields::fields();
        read(text, Path::new("base"), &known).map_err(|Fault { at, what }| format!("{at}: {what}"))
    }

    #[test]
    fn entries_and_defaults() {
        let text = "modules: app.wasm\noutputDir: out\ndefaults:\n  xip: true\n  targetAbi: eabihf\n\
                    aotConfigs:\n  - target: armv7\n    cpu: cortex-m55\n  - target: thumbv8m.base\n    \
                    cpu: cortex-m4\n    xip: false\n    id: m4\n";
        let config = config(text).unwrap();
        assert_eq!(config.modules, [Path::new("base/app.wasm")]);
        assert_eq!(config.folder.as_deref(), Some(Path::new("base/out")));
        let ids: Vec<&str> = config
            .entries
            .iter()
            .map(|entry| entry.id.as_str())
            .collect();
        assert_eq!(ids, ["armv7-eabihf-cortex-m55-xip", "m4"]);
        let in_place = |entry: &Entry| {
            let found = entry.fields.iter().find(|(key, _)| key.name == "xip");
            found.and_then(|(_, node)| node.truth())
        };
        assert_eq!(in_place(&config.entries[0]), Some(true));
        assert_eq!(in_place(&config.entries[1]), Some(false));
    }

    #[test]
    fn faults() {
        for (text, expected) in [
            (
                "a: 1\n",
                "1:1: unknown field `a`, expected `aotConfigs`, `defaults`, `modules`, `outputDir`, `output`, `manifest` (`wasmelt build --schema` lists the fields)",
            ),
            (
                "aotconfigs: []\n",
                "1:1: unknown field `aotconfigs`; did you mean `aotConfigs`?",
            ),
            (
                "aotConfigs: []\n",
                "1:13: found an empty list, expected at least one device",
            ),
            (
                "output: x\n",
                "1:1: found no `aotConfigs`, expected a list of devices",
            ),
            (
                "aotConfigs:\n  - cpu: cortex-m4\n",
                "2:5: `cpu` refines `target`, which is missing; the order is `target`, `targetAbi`, `cpu`, `features`",
            ),
            (
                "aotConfigs:\n  - target: armv7\n    cpu: cortex-m4\n",
                "3:5: `cpu` refines `targetAbi`, which is missing; the order is `target`, `targetAbi`, `cpu`, `features`",
            ),
            ("aotConfigs:\n  - xip: true\n", "2:5: `target` is missing"),
            (
                "aotConfigs:\n  - target: armv7\n  - {target: armv7}\n",
                "3:5: `armv7` is also the entry at 2:5: give one of them an `id`",
            ),
            (
                "aotConfigs:\n  - {target: armv7, id: a/b}\n",
                "2:25: found `a/b`, expected a name of letters, digits, `.`, `_` and `-`",
            ),
            (
                "aotConfigs:\n  - {target: armv7, optlevel: 3}\n",
                "2:21: unknown field `optlevel`; did you mean `optLevel`?",
            ),
            (
                "defaults: {id: a}\naotConfigs: [{target: armv7}]\n",
                "1:12: each entry has its own `id`",
            ),
        ] {
            assert_eq!(config(text).unwrap_err(), expected, "{text}");
        }
    }
}

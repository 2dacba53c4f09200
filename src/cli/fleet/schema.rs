//! The JSON schema of a configuration, for editors: made of the declarations of the options.

use clap::Arg;
use serde_json::{Map, Value, json};

use super::config::{DEFAULTS, ENTRIES, FOLDER, MANIFEST, MODULES};
use super::fields::{Field, ID, OUTPUT, REFINEMENT, fields};

/// Returns the schema as text.
pub(super) fn schema() -> String {
    let options: Map<String, Value> = fields()
        .iter()
        .map(|field| (field.name.clone(), of_field(field)))
        .collect();
    let mut of_entry = options.clone();
    of_entry.insert(
        ID.to_owned(),
        json!({
            "type": "string",
            "pattern": "^[A-Za-z0-9_-][A-Za-z0-9._-]*$",
            "description": "Name of the entry; by default made of target, ABI and CPU"
        }),
    );
    of_entry.insert(OUTPUT.to_owned(), output());
    let mut defaults = options;
    defaults.insert(OUTPUT.to_owned(), output());
    let [target, abi, cpu, features] = REFINEMENT;
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of wasmelt build",
        "type": "object",
        "additionalProperties": false,
        "required": [ENTRIES],
        "properties": {
            ENTRIES: {
                "type": "array",
                "minItems": 1,
                "description": "One entry for each kind of device. \
                    Of the target's fields, each refines those before it: target, targetAbi, cpu, features",
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": of_entry
                }
            },
            DEFAULTS: {
                "type": "object",
                "description": "Options of all entries; an entry's own options replace them",
                "additionalProperties": false,
                "properties": defaults,
                "$comment": format!("{target}, {abi}, {cpu} and {features} may stand here, too")
            },
            MODULES: {
                "description": "WebAssembly modules to compile, relative to this file",
                "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }]
            },
            FOLDER: { "type": "string", "description": "Folder of the outputs, relative to this file" },
            OUTPUT: output(),
            MANIFEST: { "type": "string", "description": "Name of the manifest in the folder of the outputs" }
        }
    });
    format!("{schema:#}\n")
}

fn output() -> Value {
    json!({
        "type": "string",
        "description": "Pattern of the output's name: {name} is the module's, {id}, {target}, {targetAbi} \
            and {cpu} are the entry's"
    })
}

fn of_field(field: &Field) -> Value {
    let help = help(&field.option);
    if field.is_switch() {
        return json!({ "type": "boolean", "description": help });
    }
    let names: Vec<String> = field
        .option
        .get_possible_values()
        .iter()
        .map(|value| value.get_name().to_owned())
        .collect();
    let scalar = match names.as_slice() {
        [] => json!({ "type": ["string", "number", "boolean"] }),
        // An editor that knows YAML's numbers and truth values takes 3 and on for such.
        names => json!({ "anyOf": [{ "enum": names }, { "type": ["number", "boolean"] }] }),
    };
    json!({
        "description": help,
        "anyOf": [scalar, { "type": "array", "items": { "type": ["string", "number"] } }]
    })
}

fn help(option: &Arg) -> String {
    option
        .get_help()
        .map(ToString::to_string)
        .unwrap_or_default()
}

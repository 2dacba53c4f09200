//! Parsers of options that are lists of names.

use crate::options::{CallStackFeatures, Selection};

/// The parser of lists of intrinsics; its error lists what there is.
pub(super) fn selection(list: &str) -> Result<Selection, String> {
    Selection::parse(list).map_err(|error| error.to_string())
}

/// The names in `--call-stack-features`, and the field each sets. Without a field, the name changes nothing.
const CALL_STACK_FEATURES: &[(&str, Option<Field>)] = &[
    ("bounds-checks", None),
    ("ip", Some(|features| &mut features.ip)),
    ("trap-ip", Some(|features| &mut features.trap_ip)),
    ("values", None),
    ("func-idx", Some(|features| &mut features.func_idx)),
];

type Field = fn(&mut CallStackFeatures) -> &mut bool;

/// The parser of lists of call stack features; its error lists what there is. An empty list turns all off.
pub(super) fn call_stack_features(list: &str) -> Result<CallStackFeatures, String> {
    let mut features = CallStackFeatures {
        ip: false,
        trap_ip: false,
        func_idx: false,
    };
    for name in list.split(',').filter(|_| !list.is_empty()) {
        match CALL_STACK_FEATURES.iter().find(|(known, _)| *known == name) {
            Some((_, Some(field))) => *field(&mut features) = true,
            Some((_, None)) => {}
            None => {
                let known: Vec<&str> = CALL_STACK_FEATURES.iter().map(|(name, _)| *name).collect();
                return Err(format!(
                    "unknown feature `{name}`; the features are {}",
                    known.join(", ")
                ));
            }
        }
    }
    Ok(features)
}

//! The option `--enable-segue`: which accesses of linear memory use the segment register GS.

use crate::options::{AccessTypes, Options, Segue};
use crate::targets::Target;

/// Types in the option's list, and the field each stands for.
const TYPES: &[(&str, Field)] = &[
    ("i32", |types| &mut types.i32),
    ("i64", |types| &mut types.i64),
    ("f32", |types| &mut types.f32),
    ("f64", |types| &mut types.f64),
    ("v128", |types| &mut types.v128),
];

type Field = fn(&mut AccessTypes) -> &mut bool;

/// Parses a list of accesses, such as `i32.load,i64.store`. The error lists what there is.
pub(super) fn parse(list: &str) -> Result<Segue, String> {
    let mut accesses = Segue::NONE;
    for name in list.split(',') {
        let unknown = || {
            let names: Vec<&str> = TYPES.iter().map(|(name, _)| *name).collect();
            format!(
                "unknown access `{name}`; an access is a type ({}) with `.load` or `.store`",
                names.join(", ")
            )
        };
        let (ty, operation) = name.split_once('.').ok_or_else(unknown)?;
        let types = match operation {
            "load" => &mut accesses.loads,
            "store" => &mut accesses.stores,
            _ => return Err(unknown()),
        };
        let found = TYPES.iter().find(|(known, _)| *known == ty);
        let (_, field) = found.ok_or_else(unknown)?;
        *field(types) = true;
    }
    Ok(accesses)
}

/// Drops the option if the target has no such register, as `wamrc` does, but with a warning.
pub(super) fn ignore_without_segment(options: &mut Options) {
    if options.segue == Segue::NONE {
        return;
    }
    // Compilation itself reports what is wrong with the target.
    let Ok(target) = Target::resolve(&options.target) else {
        return;
    };
    if !target.free_segment {
        log::warn!(
            "--enable-segue makes no difference: it needs x86-64 Linux, not this target ({})",
            target.name
        );
        options.segue = Segue::NONE;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_name_types_and_operations() {
        let accesses = parse("i32.load,f64.store,i32.load").unwrap();
        assert!(accesses.loads.i32 && accesses.stores.f64);
        assert!(!accesses.loads.f64 && !accesses.stores.i32);
        let all: Vec<String> = ["load", "store"]
            .iter()
            .flat_map(|operation| TYPES.iter().map(move |(ty, _)| format!("{ty}.{operation}")))
            .collect();
        assert_eq!(parse(&all.join(",")), Ok(Segue::ALL));
        for wrong in [
            "",
            "i32",
            "i32.",
            "i8.load",
            "i32.load,",
            "i32.load, i64.load",
            "all",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}

//! The host module `spectest`, from which the specification's scripts import a memory and a table.
//!
//! A script may declare less than the host has and rely on the host's size. The runtime makes a memory or table of its own
//! for each import, with the limits in the file. The file therefore states the host's limits, as a file of `wamrc` does.

use super::module::{ImportName, Limits};

const MODULE: &str = "spectest";

/// Pages.
const MEMORY: Limits = Limits {
    min: 1,
    max: Some(2),
};

/// Elements.
const TABLE: Limits = Limits {
    min: 10,
    max: Some(20),
};

/// Returns the limits of the memory or table that an import with the limits `declared` gets. These are the host's,
/// if the host has it and the declaration allows it.
pub(super) fn limits(import: ImportName<'_>, declared: Limits) -> Limits {
    let host = match (import.module, import.field) {
        (MODULE, "memory" | "shared_memory") => MEMORY,
        (MODULE, "table" | "table64") => TABLE,
        _ => return declared,
    };
    let fits = host.min >= declared.min && declared.max.is_none_or(|max| host.max <= Some(max));
    if fits { host } else { declared }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(module: &str, field: &str, min: u64, max: Option<u64>) -> (u64, Option<u64>) {
        let limits = limits(ImportName { module, field }, Limits { min, max });
        (limits.min, limits.max)
    }

    #[test]
    fn the_hosts_limits_replace_smaller_ones() {
        assert_eq!(of("spectest", "memory", 0, None), (1, Some(2)));
        assert_eq!(of("spectest", "shared_memory", 1, Some(2)), (1, Some(2)));
        assert_eq!(of("spectest", "table", 0, Some(30)), (10, Some(20)));
    }

    #[test]
    fn other_imports_keep_their_limits() {
        assert_eq!(of("env", "memory", 0, None), (0, None));
        assert_eq!(of("spectest", "other", 0, None), (0, None));
        // The host has less than the import asks for, or may grow further.
        assert_eq!(of("spectest", "memory", 2, None), (2, None));
        assert_eq!(of("spectest", "memory", 0, Some(1)), (0, Some(1)));
        assert_eq!(of("spectest", "table", 0, Some(10)), (0, Some(10)));
    }
}

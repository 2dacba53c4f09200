//! Which exception of the runtime stands for which trap of the specification.
//!
//! The scripts name a trap in the words of the reference interpreter, WAMR in its own. Most of
//! them agree; this table is the only place that says where they do not.

/// One trap in the script's words and the exceptions the runtime may raise for it.
struct Trap {
    script: &'static str,
    runtime: &'static [&'static str],
}

const TRAPS: &[Trap] = &[
    Trap {
        script: "unreachable",
        runtime: &["unreachable"],
    },
    Trap {
        script: "integer divide by zero",
        runtime: &["integer divide by zero"],
    },
    Trap {
        script: "integer overflow",
        runtime: &["integer overflow"],
    },
    Trap {
        script: "invalid conversion to integer",
        runtime: &["invalid conversion to integer"],
    },
    Trap {
        script: "out of bounds memory access",
        runtime: &["out of bounds memory access"],
    },
    Trap {
        script: "out of bounds table access",
        runtime: &["out of bounds table access"],
    },
    Trap {
        script: "undefined element",
        runtime: &["undefined element"],
    },
    Trap {
        script: "uninitialized element",
        runtime: &["uninitialized element"],
    },
    // The number is the table index, which the runtime does not print.
    Trap {
        script: "uninitialized element 2",
        runtime: &["uninitialized element"],
    },
    Trap {
        script: "indirect call type mismatch",
        runtime: &["indirect call type mismatch"],
    },
    Trap {
        script: "unaligned atomic",
        runtime: &["unaligned atomic"],
    },
    Trap {
        script: "null exception reference",
        runtime: &["null exception reference"],
    },
    Trap {
        script: "null function reference",
        runtime: &["null function reference"],
    },
    Trap {
        script: "null reference",
        runtime: &["null reference"],
    },
    Trap {
        script: "call stack exhausted",
        runtime: &["native stack overflow"],
    },
];

/// Whether an exception of the program has reached the host.
pub fn is_uncaught(exception: &str) -> bool {
    exception.starts_with("uncaught exception")
}

/// Compares the runtime's exception with the trap that the script expects.
pub fn check(expected: &str, exception: &str) -> Result<(), String> {
    let trap = TRAPS
        .iter()
        .find(|trap| trap.script == expected)
        .ok_or_else(|| {
            format!("the trap `{expected}` is not in the table (the runtime said `{exception}`)")
        })?;
    if trap.runtime.contains(&exception) {
        Ok(())
    } else {
        Err(format!("expected the trap `{expected}`, got `{exception}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_words_match() {
        assert_eq!(check("unreachable", "unreachable"), Ok(()));
    }

    #[test]
    fn exhaustion_is_the_native_stack() {
        assert_eq!(
            check("call stack exhausted", "native stack overflow"),
            Ok(())
        );
        assert!(check("call stack exhausted", "unreachable").is_err());
    }

    #[test]
    fn another_trap_does_not_pass() {
        let error = check("integer overflow", "integer divide by zero").unwrap_err();
        assert!(error.contains("integer overflow") && error.contains("integer divide by zero"));
        // A prefix of the right words is not the right words.
        assert!(check("undefined element", "undefined element 7").is_err());
    }

    #[test]
    fn a_message_outside_the_table_is_an_error_and_not_a_pass() {
        assert!(check("", "unreachable").is_err());
        assert!(check("some new trap", "some new trap").is_err());
    }

    #[test]
    fn every_trap_is_in_the_table_once() {
        for (i, trap) in TRAPS.iter().enumerate() {
            assert!(TRAPS[..i].iter().all(|other| other.script != trap.script));
            assert!(!trap.runtime.is_empty());
        }
    }
}

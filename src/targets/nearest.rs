//! Finds the existing name that a misspelt name probably means.

/// Returns the one of `names` that differs from `wrong` by typing errors, if there is one. It allows one
/// error, and another for every eight letters.
pub(crate) fn nearest<'a>(
    wrong: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wrong = wrong.to_ascii_lowercase();
    let limit = 1 + wrong.chars().count() / 8;
    names
        .into_iter()
        .map(|name| (strsim::osa_distance(&wrong, name), name))
        .filter(|(distance, _)| *distance <= limit)
        // The first one of several.
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_errors() {
        let names = ["x86_64", "thumbv7em", "cortex-m4", "--enable-simd"];
        for (wrong, meant) in [
            ("x86-64", Some("x86_64")),
            ("thumbv7me", Some("thumbv7em")),
            ("Cortex-M4", Some("cortex-m4")),
            ("cortexm4", Some("cortex-m4")),
            ("z80", None),
            ("", None),
            ("x86", None),
            ("--enable-memory64", None),
        ] {
            assert_eq!(nearest(wrong, names), meant, "{wrong}");
        }
    }
}

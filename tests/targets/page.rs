//! The section of `docs/targets.md` that the sweep writes: one table, and remarks on it.
//!
//! It is read again when only some targets were compiled: the others keep what is written there.
//! Targets with one instruction set and the same cells share a row, which names each of them.

use std::collections::BTreeMap;
use std::fmt::Write;

use test_support::Outcome;
use test_support::names::resolve;
use wasmelt::targets::supported_names;

use crate::compile::{Code, Findings};
use crate::executed::Execution;

const HEADING: &str = "## Every target";

const INTRODUCTION: &str = "\
`make sweep-targets` writes this section. It compiles the C programs of `tests/programs/` for every name of
`--target=help`, with default options. Programs with vectors are compiled only for targets that have vectors. A
row holds for each of its targets. The columns:

- *direct*: the number of programs compiled for a loader that relocates. *Helpers only*: the number of these
  programs in which every relocation is against a function that the architecture's loader resolves.
- *in place*: the number of programs compiled with `--xip`. *Relocations*: their number in all these files.
- *assertions*: for each device, the passed and the executed assertions of the specification's scripts, summed
  over all modes. The numbers come from the first table; for this machine, from
  [spec-coverage.md](spec-coverage.md).
- *executed by*: the devices and boards that run code compiled for that name, with their own ABI and processor. A
  dash means none.
";

const TABLE: &str = "\
| targets | direct | helpers only | in place | relocations | assertions | executed by |
| --- | ---: | ---: | ---: | ---: | ---: | --- |
";

const NOTHING: &str = "–";
/// In the rows of targets that no sweep has compiled for yet.
const NOT_RUN: &str = "not run";

/// What the sweep has found, by the targets' names.
pub type Rows = BTreeMap<String, Found>;

/// Of one target.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    cells: [String; 4],
    remarks: Vec<String>,
}

impl Found {
    pub fn new(direct: &Findings, in_place: &Findings) -> Found {
        let count = |part: usize, whole: usize| format!("{part}/{whole}");
        let of_files = |files: usize, cell: String| match files {
            0 => NOTHING.to_owned(),
            _ => cell,
        };
        Found {
            cells: [
                count(direct.compiled, direct.programs),
                of_files(direct.compiled, count(direct.only_helpers, direct.compiled)),
                count(in_place.compiled, in_place.programs),
                of_files(in_place.compiled, in_place.relocations.to_string()),
            ],
            remarks: [(Code::Direct, direct), (Code::InPlace, in_place)]
                .into_iter()
                .flat_map(|(code, findings)| remarks(code, findings))
                .collect(),
        }
    }
}

/// What the numbers do not say: the first refusal, and what else relocations are against.
fn remarks(code: Code, findings: &Findings) -> Vec<String> {
    let refusal = findings.refusals.first().map(|(first, reason)| {
        let names = findings.refusals.iter().map(|(name, _)| name.as_str());
        let programs = if findings.compiled == 0 {
            "every program is refused".to_owned()
        } else {
            format!("{} are refused", names.collect::<Vec<_>>().join(", "))
        };
        format!("{code}, {programs}; {first}: \"{reason}\"")
    });
    let references = (!findings.other_symbols.is_empty()).then(|| {
        let symbols: Vec<&str> = findings.other_symbols.iter().map(String::as_str).collect();
        format!("{code}, relocations against {}", symbols.join(", "))
    });
    refusal.into_iter().chain(references).collect()
}

/// The section of the page, without its heading: where it starts and ends.
fn section(page: &str) -> Outcome<(usize, usize)> {
    let heading = format!("\n{HEADING}\n");
    let start = page
        .find(&heading)
        .ok_or_else(|| format!("the page has no heading `{HEADING}`"))?
        + heading.len();
    let end = page[start..]
        .find("\n## ")
        .map_or(page.len(), |length| start + length);
    Ok((start, end))
}

/// The names in a cell or at the start of a line: `` `a`, `b` ``.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// What the page says of all targets.
pub fn read(page: &str) -> Outcome<Rows> {
    let (start, end) = section(page)?;
    let mut rows = Rows::new();
    for line in page[start..end].lines() {
        if line.starts_with("| `") {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let [_, targets, direct, helpers, in_place, relocations, ..] = cells[..] else {
                return Err(format!("a row is too short: {line}"));
            };
            let found = Found {
                cells: [direct, helpers, in_place, relocations].map(str::to_owned),
                remarks: Vec::new(),
            };
            if direct != NOT_RUN {
                rows.extend(names(targets).map(|name| (name.to_owned(), found.clone())));
            }
        } else if let Some((targets, remark)) = line
            .strip_prefix("- `")
            .and_then(|line| line.split_once(": "))
        {
            for name in names(&format!("`{targets}")) {
                if let Some(found) = rows.get_mut(name) {
                    found.remarks.push(remark.to_owned());
                }
            }
        }
    }
    Ok(rows)
}

/// The page with these rows, and empty ones of the other targets.
pub fn with_rows(
    page: &str,
    rows: &Rows,
    execution: impl Fn(&str) -> Execution,
) -> Outcome<String> {
    let (start, end) = section(page)?;
    let mut grouped: Vec<(_, Vec<String>)> = Vec::new();
    let mut remarks: Vec<(&str, Vec<String>)> = Vec::new();
    for name in supported_names() {
        let target = resolve(&name);
        let instructions = (target.arch, target.endianness);
        let found = rows.get(&name);
        let cells = found.map_or([NOT_RUN; 4], |found| {
            found.cells.each_ref().map(String::as_str)
        });
        collect(&mut grouped, (instructions, cells, execution(&name)), &name);
        for remark in found.iter().flat_map(|found| &found.remarks) {
            collect(&mut remarks, remark, &name);
        }
    }

    let mut text = format!("\n{INTRODUCTION}\n{TABLE}");
    for ((_, cells, execution), names) in grouped {
        let list = |items: &[String]| match items {
            [] => NOTHING.to_owned(),
            items => items.join(", "),
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            quoted(&names),
            cells.join(" | "),
            list(&execution.assertions),
            list(&execution.places)
        );
    }
    if !remarks.is_empty() {
        text.push('\n');
    }
    for (remark, names) in remarks {
        let _ = writeln!(text, "- {}: {remark}", quoted(&names));
    }
    Ok([&page[..start], &text, &page[end..]].concat())
}

/// Adds `name` to those that `key` has already.
fn collect<K: PartialEq>(groups: &mut Vec<(K, Vec<String>)>, key: K, name: &str) {
    match groups.iter_mut().find(|(other, _)| *other == key) {
        Some((_, names)) => names.push(name.to_owned()),
        None => groups.push((key, vec![name.to_owned()])),
    }
}

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

//! The file of measurements, so that the scan can be made in parts: one in a line, fields between tabs.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use crate::Kind;
use crate::full::{LEVELS, Measured, Row, TARGETS};
use test_support::Outcome;

pub struct Results {
    path: Option<PathBuf>,
    pub rows: Vec<Row>,
}

impl Results {
    /// The measurements of earlier runs, if there is a file.
    pub fn read() -> Outcome<Self> {
        let path = std::env::var_os("WASMELT_SCAN_RESULTS").map(PathBuf::from);
        let text = path
            .as_ref()
            .and_then(|path| std::fs::read_to_string(path).ok());
        let rows = text
            .unwrap_or_default()
            .lines()
            .map(|line| row(line).ok_or_else(|| format!("no measurement: {line}")))
            .collect::<Outcome<_>>()?;
        Ok(Results { path, rows })
    }

    pub fn have(&self, case: &str, target: &str, level: &str) -> bool {
        let is_it = |row: &Row| row.case == case && row.target == target && row.level == level;
        self.rows.iter().any(is_it)
    }

    /// Adds a measurement to the file. The next run measures again if that fails.
    pub fn keep(&self, row: &Row) {
        let Some(path) = &self.path else { return };
        let Measured::Times { size, seconds } = &row.outcome else {
            return;
        };
        let [first, second, third] = seconds;
        let line = format!(
            "{}\t{}\t{}\t{}\t{size}\t{first}\t{second}\t{third}\n",
            row.case,
            row.kind.name(),
            row.target,
            row.level
        );
        let file = OpenOptions::new().create(true).append(true).open(path);
        if let Err(error) = file.and_then(|mut file| file.write_all(line.as_bytes())) {
            eprintln!("{}: {error}", path.display());
        }
    }
}

fn row(line: &str) -> Option<Row> {
    let fields: Vec<&str> = line.split('\t').collect();
    let &[case, kind, target, level, size, first, second, third] = &fields[..] else {
        return None;
    };
    Some(Row {
        case: case.to_owned(),
        kind: Kind::ALL.into_iter().find(|it| it.name() == kind)?,
        target: TARGETS.iter().find(|it| it.name == target)?.name,
        level: LEVELS.iter().find(|it| it.0 == level)?.0,
        outcome: Measured::Times {
            size: size.parse().ok()?,
            seconds: [
                first.parse().ok()?,
                second.parse().ok()?,
                third.parse().ok()?,
            ],
        },
    })
}

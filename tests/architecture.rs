//! The law of `docs/architecture.md`: which room of the library may use which, who speaks LLVM, and what stands
//! in no room but the command's.
//!
//! Unit tests (folders `tests`, files `tests.rs`, and modules below `#[cfg(test)]`) may use everything.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it uses. Data flows down this list: a room uses only those above it.
const ROOMS: &[(&str, &[&str])] = &[
    ("options", &[]),
    ("arch", &[]),
    ("wasm", &["options"]),
    ("abi", &["arch", "wasm"]),
    ("profile", &["abi", "arch"]),
    ("llvm", &["abi", "options"]),
    ("targets", &["arch", "llvm", "options"]),
    ("plan", &["abi", "options", "profile", "targets", "wasm"]),
    ("emit", &["abi", "llvm", "plan", "targets", "wasm"]),
    ("passes", &["abi", "llvm", "options", "targets"]),
    ("link", &["abi", "targets"]),
    ("in_place", &["link", "options"]),
    ("debug", &["abi", "link", "targets", "wasm"]),
    ("aot", &["abi", "link", "options", "targets", "wasm"]),
    ("report", &["in_place", "plan", "wasm"]),
    (
        "error",
        &[
            "aot", "debug", "emit", "in_place", "link", "llvm", "passes", "plan", "profile",
            "targets", "wasm",
        ],
    ),
    (
        "pipeline",
        &[
            "abi", "aot", "debug", "emit", "error", "in_place", "link", "llvm", "options",
            "passes", "plan", "profile", "report", "targets", "wasm",
        ],
    ),
    (
        "cli",
        &[
            "abi", "aot", "debug", "error", "in_place", "lib", "llvm", "options", "report",
            "targets", "wasm",
        ],
    ),
];

/// The files at the root that only hand on to the rooms.
const ROOTS: &[&str] = &["src/lib.rs", "src/main.rs"];

/// Names at the root of the library that stand for a room: what `lib.rs` exports again.
const REEXPORTS: &[(&str, &str)] = &[
    ("Error", "error"),
    ("Options", "options"),
    ("Artifact", "report"),
    ("Parsed", "lib"),
    ("PartitionStats", "report"),
    ("Progress", "report"),
    ("Session", "lib"),
    ("StackUsage", "report"),
    ("Stats", "report"),
    ("Warning", "report"),
    ("compile", "lib"),
];

/// The rooms that speak LLVM.
const LLVM_ROOMS: &[&str] = &["llvm", "emit", "passes"];

/// The file outside of them that hands modules and machines of LLVM on from room to room.
const HANDS_LLVM_ON: &str = "src/pipeline/compilation.rs";

/// Lines that a file may have.
const MOST_LINES: usize = 600;

/// Files with more lines, and why.
const LONG_FILES: &[(&str, &str)] = &[(
    "src/cli/arguments.rs",
    "every option of the command, declared once",
)];

struct SourceFile {
    /// From the root of the repository.
    path: String,
    room: String,
    /// Without comments and unit tests.
    code: String,
    lines: usize,
    is_test: bool,
}

fn source_files() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                files.push(source_file(root, &path));
            }
        }
    }
    files.retain(|file| !ROOTS.contains(&file.path.as_str()));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 100, "only {} files found", files.len());
    files
}

fn source_file(root: &Path, path: &Path) -> SourceFile {
    let text = fs::read_to_string(path).expect("the file can be read");
    let inside: PathBuf = path.strip_prefix(root).expect("it is below").to_owned();
    let parts: Vec<&str> = inside.iter().filter_map(|it| it.to_str()).collect();
    let is_test = parts.contains(&"tests") || parts.contains(&"tests.rs");
    let code = match text.split_once("#[cfg(test)]\nmod ") {
        // A module of tests that stands in this file is its end.
        Some((code, rest)) if rest.lines().next().is_some_and(|it| it.ends_with('{')) => code,
        _ => &text,
    };
    let code = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    SourceFile {
        path: parts.join("/"),
        room: parts[1].trim_end_matches(".rs").to_owned(),
        lines: text.lines().count(),
        code,
        is_test,
    }
}

/// The rooms that `file` names: `crate::room` and `crate::{room, …}`.
fn used_rooms(file: &SourceFile) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    for (at, start) in file.code.match_indices("crate::") {
        let rest = &file.code[at + start.len()..];
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(list) => outermost(list),
            None => vec![rest],
        };
        for name in names {
            let end = name.find(|c| !is_name(c)).unwrap_or(name.len());
            let name = &name[..end];
            let reexport = REEXPORTS.iter().find(|(known, _)| *known == name);
            let room = reexport.map_or(name, |(_, room)| room);
            // `crate::*` and the like name no room, and so could name any.
            let room = if room.is_empty() { "everything" } else { room };
            if room != file.room {
                used.insert(room.to_owned());
            }
        }
    }
    used
}

/// The items of a list in braces, up to the brace that closes it.
fn outermost(list: &str) -> Vec<&str> {
    let mut depth = 0;
    let mut items = Vec::new();
    let mut start = 0;
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(list[start..at].trim());
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    items
}

#[test]
fn rooms_use_only_the_rooms_that_they_may() {
    let mut wrong = Vec::new();
    for file in source_files().iter().filter(|file| !file.is_test) {
        let allowed = ROOMS.iter().find(|(room, _)| *room == file.room);
        let Some((_, allowed)) = allowed else {
            wrong.push(format!("{}: no such room in the table", file.path));
            continue;
        };
        for room in used_rooms(file) {
            if !allowed.contains(&room.as_str()) {
                wrong.push(format!("{} uses {room}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A path through `super` must not leave its room: [`used_rooms`] would not see where it leads.
#[test]
fn paths_through_super_stay_in_their_room() {
    let mut wrong = Vec::new();
    for file in source_files().iter().filter(|file| !file.is_test) {
        // `src/room/file.rs` and `src/room/mod.rs` both stand two steps below the root, or one.
        let names: Vec<&str> = file.path.trim_end_matches(".rs").split('/').collect();
        let own = names.iter().skip(1).filter(|name| **name != "mod").count();
        let climbs = "super::".repeat(own);
        if file.code.contains(&climbs) {
            wrong.push(file.path.clone());
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn data_flows_one_way() {
    for (number, (room, allowed)) in ROOMS.iter().enumerate() {
        for other in allowed.iter().filter(|other| **other != "lib") {
            let above = &ROOMS[..number];
            assert!(
                above.iter().any(|(above, _)| above == other),
                "{room} uses {other}, which stands below it"
            );
        }
    }
}

/// A room that the table lets use another without need makes the table worth less.
#[test]
fn the_table_has_no_use_that_there_is_not() {
    let files = source_files();
    let mut wrong = Vec::new();
    for (room, allowed) in ROOMS {
        let own = files
            .iter()
            .filter(|file| file.room == *room && !file.is_test);
        let used: BTreeSet<String> = own.flat_map(used_rooms).collect();
        let superfluous = allowed.iter().filter(|other| !used.contains(**other));
        wrong.extend(superfluous.map(|other| format!("{room} does not use {other}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn llvm_is_spoken_in_three_rooms() {
    let speaks =
        |file: &SourceFile| file.code.contains("inkwell") || file.code.contains("llvm_sys");
    let wrong: Vec<String> = source_files()
        .iter()
        .filter(|file| !file.is_test && !LLVM_ROOMS.contains(&file.room.as_str()) && speaks(file))
        .map(|file| file.path.clone())
        .collect();
    assert_eq!(wrong, [HANDS_LLVM_ON]);
}

#[test]
fn options_are_spelled_in_the_command_alone() {
    let spells = |file: &SourceFile| {
        let mut texts = file.code.match_indices("--");
        texts.any(|(at, _)| {
            let next = file.code[at + 2..].chars().next();
            next.is_some_and(|c| c.is_ascii_lowercase())
        })
    };
    let wrong: Vec<String> = source_files()
        .iter()
        .filter(|file| !file.is_test && file.room != "cli" && spells(file))
        .map(|file| file.path.clone())
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn files_can_be_read_at_one_sitting() {
    let files = source_files();
    let is_known = |file: &SourceFile| LONG_FILES.iter().any(|(path, _)| *path == file.path);
    let wrong: Vec<String> = files
        .iter()
        .filter(|file| file.lines > MOST_LINES && !is_known(file))
        .map(|file| format!("{}: {} lines", file.path, file.lines))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (path, reason) in LONG_FILES {
        let is_long = |file: &SourceFile| file.path == *path && file.lines > MOST_LINES;
        assert!(files.iter().any(is_long), "{path} is not long: {reason}");
    }
}

/// `docs/architecture.md` shows the table of this file.
#[test]
fn the_map_has_every_room() {
    let map = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md");
    let map = fs::read_to_string(map).expect("the map can be read");
    for (room, allowed) in ROOMS {
        let row = match allowed {
            [] => format!("| `{room}` | – |"),
            _ => format!("| `{room}` | {} |", allowed.join(", ")),
        };
        assert!(
            map.contains(&row),
            "docs/architecture.md lacks the row {row}"
        );
    }
}

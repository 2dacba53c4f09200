//! DWARF that is damaged or means harm: the compiler ends soon, without a panic, and the code is the same.

use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use test_support::Outcome;
use wasm_encoder::{CustomSection, Encode};

use crate::program::{Program, expect};
use crate::trial;
use crate::variables::VALUES;

/// More than enough for a small module, on a slow machine.
const MOST_TIME: Duration = Duration::from_secs(60);

pub fn trials() -> Vec<Trial> {
    vec![
        trial("hostile/damaged", damaged),
        trial("hostile/cut-off", cut_off),
        trial("hostile/endless-lists", endless_lists),
    ]
}

/// Returns the custom sections of a module: names, and places of their contents.
fn sections(wasm: &[u8]) -> Outcome<Vec<(String, std::ops::Range<usize>)>> {
    let mut sections = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(wasm) {
        if let wasmparser::Payload::CustomSection(section) =
            payload.map_err(|error| error.to_string())?
        {
            let end = section.range().end as usize;
            sections.push((section.name().to_owned(), end - section.data().len()..end));
        }
    }
    Ok(sections)
}

/// Compiles the module at two levels. Returns the messages.
fn compile(program: &Program, what: &str) -> Outcome<String> {
    let mut messages = String::new();
    for level in ["--opt-level=0", "--opt-level=1"] {
        let start = Instant::now();
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_wasmelt"))
            .current_dir(program.0.path())
            .args([level, "--debug-info=d", "-o", "a", "damaged.wasm"])
            .output()
            .map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() || text.contains("panicked") {
            return Err(format!("{what}, {level}: {} {text}", output.status));
        }
        if start.elapsed() > MOST_TIME {
            return Err(format!("{what}, {level}: {:?}", start.elapsed()));
        }
        messages += &text;
    }
    Ok(messages)
}

/// Bytes of each section change, by a fixed rule.
fn damaged() -> Outcome {
    let program = Program::new(VALUES, &["-g", "-O1"])?;
    let wasm = std::fs::read(program.path("program.wasm")).map_err(|error| error.to_string())?;
    let mut seed: u64 = 17;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % below.max(1)
    };
    for (name, place) in sections(&wasm)? {
        if !name.starts_with(".debug_") || place.is_empty() {
            continue;
        }
        for round in 0..6 {
            let mut wasm = wasm.clone();
            for _ in 0..=random(8) {
                let at = place.start + random(place.len().min(1 << (6 + 2 * round)));
                wasm[at] = random(256) as u8;
            }
            std::fs::write(program.path("damaged.wasm"), &wasm)
                .map_err(|error| error.to_string())?;
            compile(&program, &format!("{name}, round {round}"))?;
        }
    }
    Ok(())
}

/// Returns a module with other contents of some sections.
fn with_sections(wasm: &[u8], replace: &[(&str, &[u8])]) -> Outcome<Vec<u8>> {
    let mut out = wasm[..8].to_vec();
    for payload in wasmparser::Parser::new(0).parse_all(wasm) {
        let payload = payload.map_err(|error| error.to_string())?;
        if let wasmparser::Payload::CustomSection(section) = &payload {
            if !replace.iter().any(|(name, _)| *name == section.name()) {
                let section = CustomSection {
                    name: section.name().into(),
                    data: section.data().into(),
                };
                out.push(0);
                section.encode(&mut out);
            }
        } else if let Some((id, range)) = payload.as_section() {
            out.push(id);
            wasm[range.start as usize..range.end as usize].encode(&mut out);
        }
    }
    for (name, data) in replace {
        let section = CustomSection {
            name: (*name).into(),
            data: (*data).into(),
        };
        out.push(0);
        section.encode(&mut out);
    }
    Ok(out)
}

/// A section ends too early: the user learns it, and still has names of functions.
fn cut_off() -> Outcome {
    let program = Program::new(VALUES, &["-g", "-O1"])?;
    let wasm = std::fs::read(program.path("program.wasm")).map_err(|error| error.to_string())?;
    let sections = sections(&wasm)?;
    let info = sections.iter().find(|(name, _)| name == ".debug_info");
    let (_, place) = info.ok_or("no .debug_info")?;
    let half = &wasm[place.start..place.start + place.len() / 2];
    let damaged = with_sections(&wasm, &[(".debug_info", half)])?;
    std::fs::write(program.path("damaged.wasm"), damaged).map_err(|error| error.to_string())?;
    let messages = compile(&program, "cut off")?;
    expect(&messages, "the DWARF of the module cannot be read (")?;
    expect(&messages, "the debug information has no variables")?;
    let text = program.wasmelt(&["locate", "d", "0"])?;
    expect(&text, "0x0: ")
}

/// Thousands of entries share one long list.
fn endless_lists() -> Outcome {
    const ENTRIES: usize = 20_000;
    const ELEMENTS: usize = 20_000;
    let program = Program::new(VALUES, &["-g", "-O1"])?;
    let wasm = std::fs::read(program.path("program.wasm")).map_err(|error| error.to_string())?;
    // 1: a unit. 2: a function whose code is a list. 3: a block like it.
    let abbreviations = [
        &[1, 0x11, 1, 0, 0][..],
        &[2, 0x2e, 1, 0x55, 0x17, 0, 0],
        &[3, 0x0b, 0, 0x55, 0x17, 0, 0],
        &[0],
    ]
    .concat();
    let mut entries = vec![1, 2, 0, 0, 0, 0];
    for _ in 0..ENTRIES {
        entries.extend([3, 0, 0, 0, 0]);
    }
    entries.extend([0, 0]);
    let mut info = ((entries.len() + 7) as u32).to_le_bytes().to_vec();
    info.extend([4, 0, 0, 0, 0, 0, 4]);
    info.extend(entries);
    let mut ranges = Vec::new();
    for element in 0..ELEMENTS as u32 {
        ranges.extend((element * 2 + 1).to_le_bytes());
        ranges.extend((element * 2 + 2).to_le_bytes());
    }
    ranges.extend([0; 8]);
    let damaged = with_sections(
        &wasm,
        &[
            (".debug_abbrev", &abbreviations),
            (".debug_info", &info),
            (".debug_ranges", &ranges),
        ],
    )?;
    std::fs::write(program.path("damaged.wasm"), damaged).map_err(|error| error.to_string())?;
    let messages = compile(&program, "endless lists")?;
    expect(&messages, "refer to the same bytes again and again")
}

//! `wasmelt locate`: says which function, WebAssembly instruction and line of the source code comes from.

use std::ffi::OsString;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;

use clap::Parser;

use super::Error;
use crate::aot::{AotFile, CustomSection};
use crate::debug::Location;
use crate::debug::locate::{DebugFile, Origin};
use crate::debug::stack::Stacks;

/// The name of the subcommand.
pub(super) const NAME: &str = "locate";

/// Finds the origin of native code: function, WebAssembly instruction and line of the source.
#[derive(Debug, Parser)]
#[command(
    name = "wasmelt locate",
    arg_required_else_help = true,
    after_help = "Examples:\n  \
        wasmelt --debug-info=app.debug -o app.aot app.wasm\n  \
        wasmelt locate --base=0x7f0012340000 app.debug 0x7f0012341a2c\n  \
        iwasm app.aot 2>&1 | wasmelt locate --stack app.wasm"
)]
pub(super) struct Locate {
    /// File that --debug-info has written; with an .aot file, only functions are found. With --stack, the module
    file: PathBuf,

    /// Offsets in the code, or addresses with --base
    #[arg(required_unless_present = "stack", value_name = "OFFSET", value_parser = number)]
    offsets: Vec<u64>,

    /// Address of the code in the memory of the device, which is subtracted from each address
    #[arg(long, value_name = "ADDRESS", default_value = "0", value_parser = number)]
    base: u64,

    /// Copy standard input, and add file and line to each frame of a stack of calls in it, as a runtime prints them
    /// after a trap. FILE is the module with its DWARF
    #[arg(long, conflicts_with_all = ["offsets", "base"])]
    stack: bool,
}

/// Parses a number in decimal, or in hexadecimal behind `0x`.
fn number(text: &str) -> Result<u64, String> {
    let parsed = match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    parsed.map_err(|_| "expected a number, in hexadecimal with 0x".to_owned())
}

/// Runs the subcommand; `arguments` start behind its name. Returns the text to print, and
/// whether there is code at each address.
pub(super) fn run(arguments: &[OsString]) -> Result<Result<(String, bool), Error>, clap::Error> {
    let program = OsString::from("wasmelt locate");
    let locate = Locate::try_parse_from(std::iter::once(&program).chain(arguments))?;
    Ok(locate.run())
}

impl Locate {
    /// Returns the lines, and whether there is code at each address.
    fn run(&self) -> Result<(String, bool), Error> {
        let bytes = std::fs::read(&self.file).map_err(|source| Error::Read {
            path: self.file.clone(),
            source,
        })?;
        if self.stack {
            let stacks = Stacks::new(&bytes).map_err(|source| Error::Locate {
                path: self.file.clone(),
                source,
            })?;
            add_lines(&stacks, io::stdin().lock(), io::stdout().lock());
            return Ok((String::new(), true));
        }
        let functions = AotFile::parse(&bytes).map(|file| AotFunctions::new(&file));
        let origin: Box<dyn Fn(u64) -> Option<Origin>> = match functions {
            Ok(functions) => Box::new(move |at| functions.origin(at)),
            Err(_) => {
                let file = DebugFile::parse(&bytes).map_err(|source| Error::Locate {
                    path: self.file.clone(),
                    source,
                })?;
                Box::new(move |at| file.origin(at))
            }
        };
        let mut text = String::new();
        let mut complete = true;
        for &address in &self.offsets {
            // A crash log also has addresses of the runtime.
            match address.checked_sub(self.base).and_then(&origin) {
                Some(found) => text += &line(address, &found),
                None => {
                    text += &format!("{address:#x}: no code of this file\n");
                    complete = false;
                }
            }
        }
        Ok((text, complete))
    }
}

/// Copies `input` to `output`, each line at once, so that a running program can be watched. Adds the place in the source to
/// frames. A stream that is closed ends the copy.
fn add_lines(stacks: &Stacks<'_>, mut input: impl BufRead, mut output: impl Write) {
    let mut line = Vec::new();
    while input
        .read_until(b'\n', &mut line)
        .is_ok_and(|read| read > 0)
    {
        let text = String::from_utf8_lossy(&line);
        let end = text.trim_end_matches(['\r', '\n']).len();
        let written = match stacks.location(&text[..end]) {
            Some(found) => write!(
                output,
                "{}, {}{}",
                &text[..end],
                place(&found),
                &text[end..]
            ),
            // As it came, whatever it is.
            None => output.write_all(&line),
        };
        if written.and_then(|()| output.flush()).is_err() {
            return;
        }
        line.clear();
    }
}

/// Returns the line for `address`.
fn line(address: u64, origin: &Origin) -> String {
    let mut line = format!("{address:#x}: {}+{:#x}", origin.function, origin.offset);
    if let Some(wasm) = origin.wasm {
        line += &format!(", wasm offset {wasm:#x}");
    }
    if let Some(source) = &origin.source {
        line += &format!(", {}", place(source));
    }
    line + "\n"
}

/// Returns `file:line`, with the column if it is known.
fn place(source: &Location) -> String {
    let mut text = format!("{}:{}", source.file, source.line);
    if source.column > 0 {
        text += &format!(":{}", source.column);
    }
    text
}

/// The functions of an `.aot` file: the runtime's entries, by offset.
struct AotFunctions {
    functions: Vec<(u64, String)>,
    end: u64,
}

impl AotFunctions {
    fn new(file: &AotFile) -> Self {
        let imported = file.init_data.imported_functions.len();
        let names = file.custom.iter().find_map(|section| match section {
            CustomSection::FunctionNames(names) => Some(names.as_slice()),
            _ => None,
        });
        let names = names.unwrap_or_default();
        let mut functions: Vec<(u64, String)> = file
            .functions
            .iter()
            .enumerate()
            .map(|(position, function)| {
                let index = position + imported;
                let name = names.iter().find(|(named, _)| *named as usize == index);
                let name = match name {
                    Some((_, name)) => name.clone(),
                    None => format!("aot_func#{position}"),
                };
                (function.text_offset, name)
            })
            .collect();
        functions.sort_unstable();
        AotFunctions {
            functions,
            end: file.text.code.len() as u64,
        }
    }

    fn origin(&self, at: u64) -> Option<Origin> {
        let behind = self.functions.partition_point(|(start, _)| *start <= at);
        let (start, name) = self.functions[..behind].last()?;
        (at < self.end).then(|| Origin {
            function: name.clone(),
            offset: at - start,
            wasm: None,
            source: None,
        })
    }
}

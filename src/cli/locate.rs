//! `wasmelt locate`: says which function, WebAssembly instruction and line of the source code comes from.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Parser;

use super::Error;
use crate::aot::{AotFile, CustomSection};
use crate::debug::locate::{DebugFile, Origin};

/// The name of the subcommand.
pub(super) const NAME: &str = "locate";

/// Finds the origin of native code: function, WebAssembly instruction and line of the source.
#[derive(Debug, Parser)]
#[command(
    name = "wasmelt locate",
    arg_required_else_help = true,
    after_help = "Example:\n  \
        wasmelt --debug-info=app.debug -o app.aot app.wasm\n  \
        wasmelt locate --base=0x7f0012340000 app.debug 0x7f0012341a2c"
)]
pub(super) struct Locate {
    /// File that --debug-info has written; with an .aot file, only functions are found
    file: PathBuf,

    /// Offsets in the code, or addresses with --base
    #[arg(required = true, value_name = "OFFSET", value_parser = number)]
    offsets: Vec<u64>,

    /// Address of the code in the memory of the device, which is subtracted from each address
    #[arg(long, value_name = "ADDRESS", default_value = "0", value_parser = number)]
    base: u64,
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

/// Returns the line for `address`.
fn line(address: u64, origin: &Origin) -> String {
    let mut line = format!("{address:#x}: {}+{:#x}", origin.function, origin.offset);
    if let Some(wasm) = origin.wasm {
        line += &format!(", wasm offset {wasm:#x}");
    }
    if let Some(source) = &origin.source {
        line += &format!(", {}:{}", source.file, source.line);
        if source.column > 0 {
            line += &format!(":{}", source.column);
        }
    }
    line + "\n"
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

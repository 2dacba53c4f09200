//! `wasmelt embed`: makes source of a file, so that a firmware image can hold it.
//!
//! A C array suits every compiler; an assembly file includes the bytes by itself, which takes no time for large
//! files. The header is the same for users of both.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use super::Error;
use super::output::Output;

/// The name of the subcommand.
pub(super) const NAME: &str = "embed";

/// Makes C or assembly source of a file, with a header.
#[derive(Debug, Parser)]
#[command(
    name = "wasmelt embed",
    arg_required_else_help = true,
    after_help = "Example:\n  \
        wasmelt embed --header=app_aot.h -o app_aot.c app.aot\n\n\
        C code then uses `app_aot`, an array of bytes, and `app_aot_size`."
)]
pub(super) struct Embed {
    /// File to embed
    input: PathBuf,

    /// Source to write: C for `.c`, assembly for `.S`
    #[arg(short = 'o', value_name = "OUTPUT")]
    output: PathBuf,

    /// Header to write; the source needs none
    #[arg(long, value_name = "FILE")]
    header: Option<PathBuf>,

    /// Name of the array; by default the input's name, with `_` for what C does not allow
    #[arg(long, value_name = "NAME")]
    symbol: Option<String>,

    /// Section of the object for the bytes, such as `.rodata.aot`
    #[arg(long, value_name = "NAME")]
    section: Option<String>,

    /// Alignment in bytes, a power of two; execution in place needs 8
    #[arg(long, value_name = "N", default_value = "16")]
    align: u32,

    /// Leave outputs untouched that have the right bytes already
    #[arg(long)]
    if_changed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    C,
    Assembly,
}

/// Runs the subcommand; `arguments` start behind its name.
pub(super) fn run(arguments: &[OsString]) -> Result<Result<(), Error>, clap::Error> {
    let program = OsString::from("wasmelt embed");
    let embed = Embed::try_parse_from(std::iter::once(&program).chain(arguments))?;
    let wrong = |text: String| Embed::command().error(ErrorKind::ValueValidation, text);
    let language = match embed.output.extension().and_then(OsStr::to_str) {
        Some("c") => Language::C,
        Some("S") => Language::Assembly,
        _ => {
            return Err(wrong(format!(
                "`{}` ends neither in `.c` nor in `.S`",
                embed.output.display()
            )));
        }
    };
    let symbol = embed.symbol();
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !symbol.chars().all(word) || symbol.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(wrong(format!(
            "`{symbol}` is no name in C; --symbol gives another"
        )));
    }
    let names = |c: char| word(c) || ".$-,".contains(c);
    if let Some(section) = embed.section.as_ref().filter(|it| !it.chars().all(names)) {
        return Err(wrong(format!("`{section}` is no name of a section")));
    }
    if !embed.align.is_power_of_two() {
        return Err(wrong(format!("{} is no power of two", embed.align)));
    }
    Ok(embed.run(language, &symbol))
}

impl Embed {
    fn symbol(&self) -> String {
        if let Some(symbol) = &self.symbol {
            return symbol.clone();
        }
        let name = self.input.file_name().unwrap_or_default().to_string_lossy();
        let name: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
            .collect();
        match name.starts_with(|c: char| c.is_ascii_digit()) {
            true => format!("_{name}"),
            false => name,
        }
    }

    fn run(self, language: Language, symbol: &str) -> Result<(), Error> {
        let bytes = std::fs::read(&self.input).map_err(|source| Error::Read {
            path: self.input.clone(),
            source,
        })?;
        let prepare = |path: &Path| {
            Output::prepare(path.to_owned(), &self.input).map(|it| it.if_changed(self.if_changed))
        };
        let output = prepare(&self.output)?;
        let header = self.header.as_deref().map(prepare).transpose()?;
        let source = match language {
            Language::C => self.c_source(symbol, &bytes),
            Language::Assembly => self.assembly(symbol)?,
        };
        if let Some(file) = header {
            file.write(header_of(symbol, language).as_bytes())?;
        }
        output.write(source.as_bytes())?;
        Ok(())
    }

    fn c_source(&self, symbol: &str, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len() * 4 + 512);
        let section = self.section.as_ref();
        let section = section.map_or(String::new(), |name| format!(", section(\"{name}\")"));
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "/* {} as bytes, written by wasmelt embed. */\n#include <stddef.h>\n\n\
             extern const unsigned char {symbol}[];\nextern const size_t {symbol}_size;\n\n\
             __attribute__((aligned({}){section}))\nconst unsigned char {symbol}[] = {{",
            file_name(&self.input),
            self.align
        );
        for (number, byte) in bytes.iter().enumerate() {
            text += if number % 20 == 0 { "\n" } else { "" };
            let _ = write!(text, "{byte},");
        }
        // C has no empty arrays.
        text += if bytes.is_empty() { "0" } else { "" };
        let _ = write!(
            text,
            "\n}};\nconst size_t {symbol}_size = {};\n",
            bytes.len()
        );
        text
    }

    /// Returns assembly for GNU's assembler or LLVM's, behind the C preprocessor.
    fn assembly(&self, symbol: &str) -> Result<String, Error> {
        let path = std::fs::canonicalize(&self.input).map_err(|source| Error::Read {
            path: self.input.clone(),
            source,
        })?;
        let path = path
            .to_string_lossy()
            .replace('\\', "\\\\")
            .replace('"', "\\\"");
        let section = self.section.clone();
        let section = section.unwrap_or_else(|| format!(".rodata.{symbol}"));
        Ok(format!(
            "/* {} as bytes, written by wasmelt embed. */\n\
             #define JOIN(a, b) a##b\n#define NAME(prefix, name) JOIN(prefix, name)\n\
             #define START NAME(__USER_LABEL_PREFIX__, {symbol}_start)\n\
             #define END NAME(__USER_LABEL_PREFIX__, {symbol}_end)\n\
             #if defined(__APPLE__)\n    .section __TEXT,__const\n#else\n    .section {section}, \"a\"\n#endif\n    \
             .balign {}\n    .globl START\nSTART:\n    .incbin \"{path}\"\n    .globl END\nEND:\n    .byte 0\n\
             #if defined(__linux__) && defined(__ELF__)\n    \
             .section .note.GNU-stack, \"\"\n#endif\n",
            file_name(&self.input),
            self.align
        ))
    }
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.replace("*/", "* /")
}

fn header_of(symbol: &str, language: Language) -> String {
    let guard = format!("{}_H", symbol.to_uppercase());
    let declarations = match language {
        Language::C => {
            format!("extern const unsigned char {symbol}[];\nextern const size_t {symbol}_size;\n")
        }
        Language::Assembly => format!(
            "extern const unsigned char {symbol}_start[];\nextern const unsigned char {symbol}_end[];\n\
             #define {symbol} {symbol}_start\n\
             #define {symbol}_size ((size_t)({symbol}_end - {symbol}_start))\n"
        ),
    };
    format!(
        "/* Written by wasmelt embed. */\n#ifndef {guard}\n#define {guard}\n\n#include <stddef.h>\n\n\
         #ifdef __cplusplus\nextern \"C\" {{\n#endif\n\n{declarations}\n\
         #ifdef __cplusplus\n}}\n#endif\n\n#endif\n"
    )
}

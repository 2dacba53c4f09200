//! Objects for Xtensa, by way of assembly.
//!
//! LLVM 22 writes wrong objects for Xtensa when it writes them at once: literals land in the middle
//! of the code, at any alignment, and loads of them then fail ("fixup value must be 4-byte
//! aligned"). Through its own assembler they land in sections of their own. So the assembly that
//! LLVM makes of a module becomes the inline assembly of an empty one, and that one the object.
//!
//! Subtle: LLVM's assembler takes the difference of two symbols for the address of the first one, and
//! says nothing. A word that holds one becomes a reference to a symbol by the name of which our
//! linker knows the difference ([`DISTANCE_PREFIX`]).
//!
//! The assembler must know every instruction of the processor: both modules go through the same
//! target machine.

use inkwell::memory_buffer::MemoryBuffer;
use inkwell::module::Module as LlvmModule;
use inkwell::support::LLVMString;
use inkwell::targets::{FileType, TargetMachine};

use crate::abi::symbols::DISTANCE_PREFIX;

/// The object of `module`.
pub(crate) fn object(
    module: &LlvmModule,
    machine: &TargetMachine,
) -> Result<MemoryBuffer<'static>, String> {
    // Each function in a section of its own, as are its literals, lest all of them end up in one
    // place, far from most of the code.
    for function in module.get_functions() {
        if function.count_basic_blocks() > 0 {
            let section = format!(".text.{}", function.get_name().to_string_lossy());
            function.set_section(Some(&section));
        }
    }
    let in_llvm = |message: LLVMString| message.to_string();
    let assembly = machine
        .write_to_memory_buffer(module, FileType::Assembly)
        .map_err(in_llvm)?;
    let assembly = String::from_utf8_lossy(assembly.as_slice());
    let assembly = corrected(assembly.trim_end_matches('\0'));
    let assembled = module.get_context().create_module("assembled");
    assembled.set_triple(&machine.get_triple());
    assembled.set_data_layout(&machine.get_target_data().get_data_layout());
    assembled.set_inline_assembly(&assembly);
    machine
        .write_to_memory_buffer(&assembled, FileType::Object)
        .map_err(in_llvm)
}

/// `assembly` as LLVM should have written it: with quotes around the names in literals that need
/// them (the assembler takes `#` for the start of a comment), without differences, and with the
/// literals of each function in a section of their own. (LLVM goes back to the right section after
/// the literals.)
fn corrected(assembly: &str) -> String {
    let mut lines = String::with_capacity(assembly.len());
    for (number, line) in assembly.lines().enumerate() {
        if line.trim() == ".literal_position" {
            // The section of the literals that follow gets its name from the one around it.
            lines.push_str(&format!("\t.section\t.text.of{number},\"ax\",@progbits\n"));
        }
        if let Some((head, name, offset)) = literal(line) {
            lines.extend([head, "\"", name, "\"", offset]);
        } else if let Some((to, from)) = difference(line) {
            lines.extend(["\t.long\t\"", DISTANCE_PREFIX, to, ":", from, "\""]);
        } else {
            lines.push_str(line);
        }
        lines.push('\n');
    }
    lines
}

/// The two names in a word that shall hold the difference of two symbols.
fn difference(line: &str) -> Option<(&str, &str)> {
    let value = line.trim_start().strip_prefix(".long\t")?;
    let (to, rest) = name(value)?;
    let (from, _) = name(rest.strip_prefix('-')?)?;
    Some((to, from))
}

/// The name that `text` starts with, in quotes or not, and what follows.
fn name(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        return quoted.split_once('"');
    }
    let of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$');
    let end = text.find(|c| !of_name(c)).unwrap_or(text.len());
    let is_name = end > 0 && !text.starts_with(|c: char| c.is_ascii_digit());
    is_name.then(|| text.split_at(end))
}

/// `.literal .LCPI0_0, name+offset` in its three parts, if the name needs quotes.
fn literal(line: &str) -> Option<(&str, &str, &str)> {
    if !line.trim_start().starts_with(".literal ") {
        return None;
    }
    let (head, value) = line.split_at(line.find(", ")? + 2);
    let (name, offset) = value.split_at(value.find(['+', '-']).unwrap_or(value.len()));
    let needs_quotes = name.contains('#') && !name.starts_with('"');
    needs_quotes.then_some((head, name, offset))
}

#[cfg(test)]
mod tests {
    use super::corrected;

    #[test]
    fn names_in_literals_get_quotes() {
        let assembly = "\
            \t.literal .LCPI0_0, aot_func#2\n\
            \t.literal .LCPI0_1, aot_func#2+8\n\
            \t.literal .LCPI0_2, -12345\n\
            \t.literal .LCPI0_3, floor\n\
            \tl32r\ta8, .LCPI0_0 # aot_func#2\n";
        let expected = "\
            \t.literal .LCPI0_0, \"aot_func#2\"\n\
            \t.literal .LCPI0_1, \"aot_func#2\"+8\n\
            \t.literal .LCPI0_2, -12345\n\
            \t.literal .LCPI0_3, floor\n\
            \tl32r\ta8, .LCPI0_0 # aot_func#2\n";
        assert_eq!(corrected(assembly), expected);
    }

    #[test]
    fn literals_get_sections() {
        let assembly = "\t.section\t.rodata\n\t.literal_position\n\t.literal .LCPI0_0, 5\n";
        let expected = "\
            \t.section\t.rodata\n\
            \t.section\t.text.of1,\"ax\",@progbits\n\
            \t.literal_position\n\
            \t.literal .LCPI0_0, 5\n";
        assert_eq!(corrected(assembly), expected);
    }

    #[test]
    fn differences_become_symbols() {
        let assembly = "\
            \t.long\tg-tab\n\
            \t.long\t\"aot_func#2\"-aot_func_table   # comment\n\
            \t.long\t\"a-b\"-\"c\"\n";
        let expected = "\
            \t.long\t\"aot_distance:g:tab\"\n\
            \t.long\t\"aot_distance:aot_func#2:aot_func_table\"\n\
            \t.long\t\"aot_distance:a-b:c\"\n";
        assert_eq!(corrected(assembly), expected);
        for line in [
            "\t.long\t-5\n",
            "\t.long\t7                               # 0x7-b\n",
            "\t.long\t\"a-b\"\n",
            "\t.long\tg-4\n",
            "\t.long\tg+4\n",
            "\t.ascii\t\"a-b\"\n",
        ] {
            assert_eq!(corrected(line), line);
        }
    }
}

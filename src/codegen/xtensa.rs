//! Objects for Xtensa, by way of assembly.
//!
//! LLVM 22 writes wrong objects for Xtensa when it writes them at once: literals land in the middle
//! of the code, at any alignment, and loads of them then fail ("fixup value must be 4-byte
//! aligned"). Through its own assembler they land in sections of their own. So the assembly that
//! LLVM makes of a module becomes the inline assembly of an empty one, and that one the object.
//!
//! Subtle: LLVM's assembler takes the difference of two symbols for the address of the first one, and
//! says nothing. There is no relocation for a difference, so such constants are refused here.
//!
//! The assembler must know every instruction of the processor: both modules go through the same
//! target machine.

use inkwell::memory_buffer::MemoryBuffer;
use inkwell::module::Module as LlvmModule;
use inkwell::support::LLVMString;
use inkwell::targets::{FileType, TargetMachine};

/// The object of `module`.
pub(crate) fn object(
    module: &LlvmModule,
    machine: &TargetMachine,
) -> Result<MemoryBuffer<'static>, String> {
    let in_llvm = |message: LLVMString| message.to_string();
    let assembly = machine
        .write_to_memory_buffer(module, FileType::Assembly)
        .map_err(in_llvm)?;
    let assembly = String::from_utf8_lossy(assembly.as_slice());
    if let Some(line) = assembly.lines().find(|line| is_difference(line)) {
        let line = line.trim();
        return Err(format!("no relocation for a difference of symbols: {line}"));
    }
    let assembled = module.get_context().create_module("assembled");
    assembled.set_triple(&machine.get_triple());
    assembled.set_data_layout(&machine.get_target_data().get_data_layout());
    assembled.set_inline_assembly(&quoted(assembly.trim_end_matches('\0')));
    machine
        .write_to_memory_buffer(&assembled, FileType::Object)
        .map_err(in_llvm)
}

/// Whether this is a word that shall hold the difference of two symbols.
fn is_difference(line: &str) -> bool {
    let Some(value) = line.trim_start().strip_prefix(".long\t") else {
        return false;
    };
    // LLVM puts quotes around names with unusual characters, and a minus is one.
    let outside: String = value.split('"').step_by(2).collect();
    let operands = outside.split('#').next().unwrap_or_default();
    operands
        .split_once('-')
        .is_some_and(|(_, second)| !second.trim().starts_with(|c: char| c.is_ascii_digit()))
}

/// `assembly` with quotes around the names in literals that need them. LLVM forgets these, and the
/// assembler takes `#` for the start of a comment.
fn quoted(assembly: &str) -> String {
    let mut lines = String::with_capacity(assembly.len());
    for line in assembly.lines() {
        match literal(line) {
            Some((head, name, offset)) => lines.extend([head, "\"", name, "\"", offset]),
            None => lines.push_str(line),
        }
        lines.push('\n');
    }
    lines
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
    use super::{is_difference, quoted};

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
        assert_eq!(quoted(assembly), expected);
    }

    #[test]
    fn differences_are_found() {
        for line in [
            "\t.long\tg-tab",
            "\t.long\t\"aot_func#2\"-aot_func_table",
            "\t.long\ta-\"b\"",
        ] {
            assert!(is_difference(line), "{line}");
        }
        for line in [
            "\t.long\t-5",
            "\t.long\t7                               # 0x7-b",
            "\t.long\t\"a-b\"",
            "\t.long\tg-4",
            "\t.ascii\t\"a-b\"",
        ] {
            assert!(!is_difference(line), "{line}");
        }
    }
}

//! Makes objects for Xtensa from assembly.
//!
//! If LLVM 22 writes an Xtensa object directly, it places literals in the middle of the code, at any
//! alignment. Loads of these literals then fail ("fixup value must be 4-byte aligned"). LLVM's own assembler
//! places literals in sections of their own. So LLVM prints assembly; we set it as the module-level inline
//! assembly of an empty module and compile that module to the object.
//!
//! [`far_jumps`] splits jumps whose target is out of reach.
//!
//! LLVM's assembler silently takes the difference of two symbols for the address of the first symbol. We
//! replace each such difference by a symbol ([`DISTANCE_PREFIX`]), from whose name our linker computes the
//! difference.
//!
//! LLVM calls only addresses in registers. If an address was computed only for a call and the callee is near,
//! we make the call name the callee instead.
//!
//! The assembler must know every instruction of the processor, so both modules use the same target machine.

mod far_jumps;

use std::collections::HashMap;

use inkwell::memory_buffer::MemoryBuffer;
use inkwell::module::Module as LlvmModule;
use inkwell::support::LLVMString;
use inkwell::targets::{FileType, TargetMachine};

use crate::abi::symbols::{DISTANCE_PREFIX, NEAR_CALL_PREFIX};

/// Returns the object of `module`.
pub fn object(
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
    let assembly = far_jumps::by_stages(&corrected(assembly.trim_end_matches('\0')));
    let assembled = module.get_context().create_module("assembled");
    assembled.set_triple(&machine.get_triple());
    assembled.set_data_layout(&machine.get_target_data().get_data_layout());
    assembled.set_inline_assembly(&assembly);
    machine
        .write_to_memory_buffer(&assembled, FileType::Object)
        .map_err(in_llvm)
}

/// Returns `assembly` without LLVM's faults: quotes around names in literals that need them (the assembler
/// takes `#` for the start of a comment), no differences, and the literals of each function in a section of
/// their own. LLVM itself returns to the right section after the literals.
fn corrected(assembly: &str) -> String {
    let lines: Vec<&str> = assembly.lines().collect();
    let near_calls = near_calls(&lines);
    let mut corrected = String::with_capacity(assembly.len());
    for (number, line) in lines.iter().enumerate() {
        match near_calls.get(&number) {
            Some(Shortened::Call(call)) => {
                corrected.push_str(call);
                corrected.push('\n');
                continue;
            }
            Some(Shortened::Away) => continue,
            None => {}
        }
        if line.trim() == ".literal_position" {
            // The section of the literals that follow gets its name from the one around it.
            let function = lines[number..].iter().find_map(|line| function(line));
            let function = function.unwrap_or_default();
            corrected.push_str(&format!(
                "\t.section\t\".text.{function}\",\"ax\",@progbits\n"
            ));
        }
        if let Some((head, name, offset)) = literal(line) {
            corrected.extend([head, "\"", name, "\"", offset]);
        } else if let Some((to, from)) = difference(line) {
            corrected.extend(["\t.long\t\"", DISTANCE_PREFIX, to, ":", from, "\""]);
        } else {
            corrected.push_str(line);
        }
        corrected.push('\n');
    }
    corrected
}

/// Returns the function whose code follows `line`.
fn function(line: &str) -> Option<&str> {
    let (name, rest) = name(line.trim_start().strip_prefix(".type\t")?)?;
    rest.starts_with(",@function").then_some(name)
}

/// The replacement for a line of a near call.
enum Shortened {
    /// The call itself.
    Call(String),
    Away,
}

/// Returns the edits for calls that need no address (`passes::distances`). They delete the computation of the
/// address if the call certainly uses it. Otherwise all lines stay, which is correct too.
fn near_calls(lines: &[&str]) -> HashMap<usize, Shortened> {
    let mut shortened = HashMap::new();
    for (start, line) in lines.iter().enumerate() {
        let label = line.strip_prefix('"');
        if !label.is_some_and(|label| label.starts_with(NEAR_CALL_PREFIX)) {
            continue;
        }
        let Some(end) = lines[start..]
            .iter()
            .position(|line| *line == END_OF_ASSEMBLY)
        else {
            continue;
        };
        let end = start + end;
        let parts = &lines[start..end];
        let Some((name, register)) = parts
            .iter()
            .find_map(|line| target(line))
            .zip(parts.iter().find_map(|line| sum(line)))
        else {
            continue;
        };
        let Some((call, instruction)) = call(&lines[end..], register) else {
            continue;
        };
        shortened.extend((start..end).map(|line| (line, Shortened::Away)));
        let call_near = format!("\t{instruction}\t\"{name}\"");
        shortened.insert(end + call, Shortened::Call(call_near));
    }
    shortened
}

const END_OF_ASSEMBLY: &str = "\t#NO_APP";

/// Returns the symbol to which the distance in a literal leads.
fn target(line: &str) -> Option<&str> {
    let (_, value) = line
        .trim_start()
        .strip_prefix(".literal")?
        .split_once(", ")?;
    let (to, _) = value.strip_prefix(DISTANCE_PREFIX)?.split_once(':')?;
    Some(to)
}

/// Returns the destination register of an `add`.
fn sum(line: &str) -> Option<&str> {
    let (register, _) = line.trim_start().strip_prefix("add\t")?.split_once(',')?;
    Some(register)
}

/// Returns the line that calls the address in `register`, and the instruction that calls a symbol instead.
/// `None` unless control certainly reaches the line with the register unchanged.
fn call(lines: &[&str], register: &str) -> Option<(usize, String)> {
    for (number, line) in lines.iter().enumerate() {
        let line = line.split_once('#').map_or(*line, |(code, _)| code).trim();
        if line.is_empty() {
            continue;
        }
        let (instruction, operands) = line.split_once('\t').unwrap_or((line, ""));
        if let Some(window) = instruction.strip_prefix("callx") {
            return (operands == register).then(|| (number, format!("call{window}")));
        }
        let is_label_or_directive = line.ends_with(':') || line.starts_with('.');
        let leaves = ["b", "call", "j", "loop", "ret"]
            .iter()
            .any(|start| instruction.starts_with(start));
        let is_touched = operands.split(", ").any(|operand| operand == register);
        if is_label_or_directive || leaves || is_touched {
            return None;
        }
    }
    None
}

/// Returns the two names in a word that holds the difference of two symbols.
fn difference(line: &str) -> Option<(&str, &str)> {
    let value = line.trim_start().strip_prefix(".long\t")?;
    let (to, rest) = name(value)?;
    let (from, _) = name(rest.strip_prefix('-')?)?;
    Some((to, from))
}

/// Returns the name at the start of `text`, in quotes or not, and the rest.
fn name(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        return quoted.split_once('"');
    }
    let of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$');
    let end = text.find(|c| !of_name(c)).unwrap_or(text.len());
    let is_name = end > 0 && !text.starts_with(|c: char| c.is_ascii_digit());
    is_name.then(|| text.split_at(end))
}

/// Splits `.literal .LCPI0_0, name+offset` into its three parts, if the name needs quotes.
fn literal(line: &str) -> Option<(&str, &str, &str)> {
    if !line.trim_start().starts_with(".literal ") {
        return None;
    }
    let (head, value) = line.split_at(line.find(", ")? + 2);
    let (name, offset) = value.split_at(value.find(['+', '-']).unwrap_or(value.len()));
    let needs_quotes = name.contains(['#', ':']) && !name.starts_with('"');
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
        let assembly = "\
            \t.section\t.rodata\n\
            \t.literal_position\n\
            \t.literal .LCPI0_0, 5\n\
            \t.type\t\"aot_func#1\",@function\n";
        let expected = "\
            \t.section\t.rodata\n\
            \t.section\t\".text.aot_func#1\",\"ax\",@progbits\n\
            \t.literal_position\n\
            \t.literal .LCPI0_0, 5\n\
            \t.type\t\"aot_func#1\",@function\n";
        assert_eq!(corrected(assembly), expected);
    }

    /// Returns a call as `passes::distances` makes it, with `between` in front of the call itself.
    fn near_call(between: &str) -> String {
        format!(
            "\t#APP\n\
            \"aot_near_call#4\":\n\
            \t.literal .Laot_distance4, aot_distance:aot_func#2:aot_place#4\n\
            \tor\ta9, a0, a0\n\
            \tcall0\t.Laot_behind4\n\
            \"aot_place#4\":\n\
            \t.p2align\t2\n\
            .Laot_behind4:\n\
            \tl32r\ta8, .Laot_distance4\n\
            \tadd\ta8, a8, a0\n\
            \tor\ta0, a9, a9\n\
            \t#NO_APP\n\
            {between}\
            \tcallx8\ta8\n"
        )
    }

    #[test]
    fn near_calls_name_their_callee() {
        for between in ["", "\tor\ta10, a2, a2\n", "\ts32i\ta2, a1, 8   # a8\n"] {
            let expected = format!("\t#APP\n\t#NO_APP\n{between}\tcall8\t\"aot_func#2\"\n");
            assert_eq!(corrected(&near_call(between)), expected);
        }
        // The address may be another one then, or is used twice.
        for between in [
            "\tl32i\ta8, a1, 4\n",
            "\ts32i\ta8, a1, 4\n",
            "\tbeqz\ta2, .LBB0_1\n",
            ".LBB0_1:\n",
            "\tcallx8\ta9\n",
        ] {
            let kept = corrected(&near_call(between));
            assert!(kept.ends_with("\tcallx8\ta8\n"), "{kept}");
            let literal = "\t.literal .Laot_distance4, \"aot_distance:aot_func#2:aot_place#4\"\n";
            assert!(kept.contains(literal), "{kept}");
        }
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

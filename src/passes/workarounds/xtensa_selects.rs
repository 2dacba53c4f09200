//! Keeps LLVM from pairing two f32 constants in the constant pool on Xtensa.
//!
//! LLVM's DAG combiner turns a `select` of two floating-point constants into a load from an array of the
//! two (`convertSelectOfFPConstantsToLoadOffset`). Xtensa cannot form the address of an entry of the
//! constant pool: code generation ends the process with "Cannot select" (llvm-project pull request
//! 214974, espressif/llvm-project issue 127). A conversion of a comparison's result, as in
//! `f32.convert_i32_s (i32.eqz x)`, becomes such a `select` first.
//!
//! One operand of such a `select` goes through `llvm.arithmetic.fence`, the integer of such a conversion
//! through empty assembly: both cost no instruction, and the combiner does not see through them. At level
//! 0 the combiner is the first to fold constants, so every operand counts that it may fold.

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{self, Builder, Kind, Opcode as Op, Value};

/// Makes every `select` and every conversion opaque that may become a `select` of two f32 constants.
pub fn run(module: &LlvmModule) {
    for function in ir::functions(module) {
        for instruction in function.instructions() {
            if instruction.kind() != Kind::F32 {
                continue;
            }
            match instruction.opcode() {
                Some(Op::LLVMSelect) => fence(instruction),
                Some(Op::LLVMSIToFP) => hide_integer(instruction, true),
                Some(Op::LLVMUIToFP) => hide_integer(instruction, false),
                _ => {}
            }
        }
    }
}

/// Hides one operand of a `select` if both may be constants.
fn fence(select: Value<'_>) {
    let (Some(yes), Some(no)) = (select.operand(1), select.operand(2)) else {
        return;
    };
    if may_fold(yes) && may_fold(no) {
        let fence = Builder::before(select).intrinsic("llvm.arithmetic.fence", &[yes]);
        select.set_operand(1, fence);
    }
}

/// Hides the integer that `conversion` converts if it may be the result of a comparison.
fn hide_integer(conversion: Value<'_>, signed: bool) {
    const WORD: Kind = Kind::Int(32);

    let Some(integer) = conversion.operand(0) else {
        return;
    };
    if integer.is_constant() || !may_fold(integer) {
        return;
    }
    let builder = Builder::before(conversion);
    let kind = integer.kind();
    let hidden = match kind.bits() {
        // Extended by the sign that the conversion takes it with, the integer has the same value.
        0..=32 => builder.opaque_word(builder.resize(integer, WORD, signed)),
        _ => {
            let half = builder.int(kind, 32);
            let high = builder.binary(Op::LLVMLShr, integer, half);
            let [low, high] = [integer, high].map(|part| {
                let word = builder.opaque_word(builder.resize(part, WORD, false));
                builder.resize(word, kind, false)
            });
            let high = builder.binary(Op::LLVMShl, high, half);
            builder.binary(Op::LLVMOr, low, high)
        }
    };
    if hidden.kind() == kind {
        conversion.set_operand(0, hidden);
    } else {
        let opcode = match signed {
            true => Op::LLVMSIToFP,
            false => Op::LLVMUIToFP,
        };
        conversion.replace_all_uses(builder.cast(opcode, hidden, Kind::F32));
        conversion.erase();
    }
}

/// Whether code generation may find that `value` is a constant or a comparison. The values of
/// parameters, phis, loads and calls are unknown to it.
fn may_fold(value: Value<'_>) -> bool {
    match value.opcode() {
        Some(Op::LLVMPHI | Op::LLVMLoad) => false,
        Some(Op::LLVMCall) => value
            .called_function()
            .is_some_and(|callee| callee.name().starts_with(b"llvm.")),
        Some(_) => true,
        None => value.is_constant(),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::options::OptLevel;
    use crate::passes::tests::assembly;
    use crate::passes::workarounds::testing::WITHOUT_WORKAROUND;

    /// Each form that becomes a `select` of two constants, at level 0 or at any.
    const FORMS: &[&str] = &[
        "%r = select i1 %c, float 1.5, float 2.5",
        "%k = fadd float 1.0, 2.0
         %r = select i1 %c, float %k, float 2.5",
        "%k = call float @llvm.fabs.f32(float -1.0)
         %r = select i1 %c, float 2.5, float %k",
        "%f = fcmp olt float %y, 0.0
         %r = select i1 %f, float -1.0, float 0.0",
        "%s = select i1 %c, float 1.5, float 2.5
         %t = fadd float %s, 1.0
         %r = fneg float %t",
        "%r = uitofp i1 %c to float",
        "%r = sitofp i1 %c to float",
        "%n = zext i1 %c to i8
         %r = sitofp i8 %n to float",
        "%n = sext i1 %c to i32
         %r = sitofp i32 %n to float",
        "%n = zext i1 %c to i32
         %m = xor i32 %n, 1
         %r = uitofp i32 %m to float",
        "%n = select i1 %c, i32 1, i32 0
         %r = sitofp i32 %n to float",
        "%n = zext i1 %c to i64
         %r = sitofp i64 %n to float",
        "%f = fcmp uno float %y, %y
         %n = zext i1 %f to i64
         %r = uitofp i64 %n to float",
    ];

    fn functions(forms: &[&str]) -> String {
        let functions = forms.iter().enumerate().map(|(number, form)| {
            format!(
                "define float @f{number}(i32 %x, float %y) nounwind {{
                    %c = icmp ne i32 %x, 0
                    {form}
                    ret float %r
                }}\n"
            )
        });
        let declaration = "declare float @llvm.fabs.f32(float)\n".to_owned();
        functions.chain([declaration]).collect()
    }

    fn generate(forms: &[&str], level: OptLevel, passes: impl Fn(&LlvmModule)) -> String {
        let esp32 = ("xtensa-unknown-none-elf", "esp32", "");
        assembly(esp32, level, &functions(forms), |module| {
            passes(module);
            module.verify().expect("the IR is valid");
        })
    }

    #[test]
    fn every_form_compiles() {
        for level in [OptLevel::O0, OptLevel::O3] {
            let code = generate(FORMS, level, run);
            assert_eq!(code.matches("\tentry\t").count(), FORMS.len(), "{code}");
        }
    }

    /// What needs no workaround stays as it is.
    #[test]
    fn unknown_values_are_not_hidden() {
        let forms = [
            "%r = select i1 %c, float %y, float 2.5",
            "%r = sitofp i32 %x to float",
            "%r = uitofp i8 3 to float",
        ];
        let text = functions(&forms);
        let unchanged = crate::passes::testing::after(|_| (), &text);
        assert_eq!(crate::passes::testing::after(run, &text), unchanged);
    }

    const FORM: &str = "WASMELT_FORM";

    /// LLVM's error ends the process, so each form has a process of its own.
    #[test]
    fn llvm_still_fails() {
        for (number, form) in [0, 5].map(|number| (number, FORMS[number])) {
            let this = std::env::current_exe().expect("the test is a program");
            let output = Command::new(this)
                .args(["--exact", "--ignored", "--nocapture"])
                .arg(concat!(module_path!(), "::without_workaround").replace("wasmelt::", ""))
                .env(FORM, number.to_string())
                .output()
                .expect("the program runs");
            let message = String::from_utf8_lossy(&output.stderr);
            assert!(
                !output.status.success() && message.contains("Cannot select"),
                "{form}: {WITHOUT_WORKAROUND}: {message}"
            );
        }
    }

    #[test]
    #[ignore = "ends the process; `llvm_still_fails` runs it"]
    fn without_workaround() {
        let number: usize = std::env::var(FORM)
            .ok()
            .and_then(|number| number.parse().ok())
            .unwrap_or(0);
        generate(&[FORMS[number]], OptLevel::O3, |_| ());
    }
}

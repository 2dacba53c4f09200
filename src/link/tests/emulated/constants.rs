//! Tests of constants that code generation would pair or pool in a way that the machine cannot use.

use super::machines::xtensa_with_floats;
use super::*;

/// `select` of two f32 constants, and conversions that are such a `select` to LLVM
/// (`passes::workarounds::xtensa_selects`).
#[test]
fn chosen_floats_on_xtensa() {
    let forms = [
        ("select", "%r = select i1 %c, float 1.5, float -2.5"),
        ("of a comparison", "%r = uitofp i1 %c to float"),
        (
            "of its sign",
            "%n = sext i1 %c to i32\n%r = sitofp i32 %n to float",
        ),
    ];
    let results = [(1.5f32, -2.5f32), (1.0, 0.0), (-1.0, 0.0)];
    let mut partition = String::new();
    let mut run = "define hidden void @run(ptr %out) nounwind {\n".to_owned();
    let mut expected = Vec::new();
    for (number, ((what, form), (yes, no))) in forms.iter().zip(results).enumerate() {
        partition += &format!(
            "define hidden i32 @\"aot_func#{number}\"(i32 %x) nounwind noinline {{
                %c = icmp ne i32 %x, 0
                {form}
                %bits = bitcast float %r to i32
                ret i32 %bits
            }}\n"
        );
        for (argument, value) in [(1, yes), (0, no)] {
            let slot = expected.len();
            run += &format!(
                "%r{slot} = call i32 @\"aot_func#{number}\"(i32 {argument})\n{}",
                store(slot, "i32", &format!("%r{slot}"))
            );
            expected.push((*what, u64::from(value.to_bits())));
        }
    }
    partition += &format!("{run} ret void\n}}");
    for machine in xtensa_with_floats() {
        machine.check(forms.len(), &[&partition], &expected);
    }
}

/// More floats than MIPS code reaches as constants: 64 KiB in all functions together.
#[test]
fn many_floats_on_mips() {
    const FUNCTIONS: u32 = 90;
    const EACH: u32 = 100;

    let mut sum = 2.5;
    let mut partition = String::new();
    let mut run = "define hidden void @run(ptr %out) nounwind {\n".to_owned();
    run += "%r0 = fadd double 2.0, 0.5\n";
    for function in 0..FUNCTIONS {
        let mut code = String::new();
        for number in 0..EACH {
            let term = f64::from(function * EACH + number) / 3.0 + 1e10;
            sum += term;
            let (before, bits) = (number, term.to_bits());
            let after = number + 1;
            code += &format!("%s{after} = fadd double %s{before}, 0x{bits:016X}\n");
        }
        partition += &format!(
            "define hidden double @\"aot_func#{function}\"(double %s0) nounwind noinline {{
                {code}
                ret double %s{EACH}
            }}\n"
        );
        let next = function + 1;
        run += &format!("%r{next} = call double @\"aot_func#{function}\"(double %r{function})\n");
    }
    run += &store(0, "double", &format!("%r{FUNCTIONS}"));
    partition += &format!("{run} ret void\n}}");
    for machine in mips() {
        machine.check(
            FUNCTIONS as usize,
            &[&partition],
            &[("sum", f64::to_bits(sum))],
        );
    }
}

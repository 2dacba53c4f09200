//! IR in, IR out.

use std::collections::HashSet;

use inkwell::context::Context;
use inkwell::memory_buffer::MemoryBuffer;

use super::*;

/// `module` after the pass.
fn legalised(module: &str, needs: &Needs) -> String {
    let context = Context::create();
    let text = MemoryBuffer::create_from_memory_range_copy(module.as_bytes(), "f");
    let module = context.create_module_from_ir(text).expect("the text is IR");
    legalise(&module, needs).unwrap();
    module.verify().expect("the pass leaves valid IR");
    module.to_string()
}

fn operations(operations: impl IntoIterator<Item = Operation>) -> Needs {
    Needs {
        operations: HashSet::from_iter(operations),
        ..Needs::default()
    }
}

#[test]
fn what_a_target_can_do_stays() {
    let text = "
        define i64 @f(i64 %a, i64 %b, float %c) {
          %q = sdiv i64 %a, %b
          %m = call float @llvm.minimum.f32(float %c, float 2.0)
          %l = fcmp olt float %m, %c
          %r = select i1 %l, i64 %q, i64 %a
          ret i64 %r
        }";
    let text = legalised(text, &Needs::default());
    assert!(text.contains("sdiv i64 %a, %b"), "{text}");
    assert!(text.contains("call float @llvm.minimum.f32"), "{text}");
}

#[test]
fn minimum_and_maximum() {
    let text = "
        define double @f(double %a, double %b) {
          %x = call double @llvm.minimum.f64(double %a, double %b)
          %y = call double @llvm.maximum.f64(double %x, double 1.0)
          ret double %y
        }";
    let needs = Needs {
        minimum: true,
        ..Needs::default()
    };
    let text = legalised(text, &needs);
    assert!(!text.contains("call double"), "{text}");
    for line in [
        "fcmp olt double %a, %b",
        "fcmp ogt double",
        "or i64",
        "and i64",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
}

#[test]
fn functions_of_the_runtime() {
    let text = "
        define i64 @f(i64 %a, i64 %b, float %c) {
          %q = sdiv i64 %a, %b
          %s = ashr i64 %q, 3
          %n = fptoui float %c to i32
          %w = zext i32 %n to i64
          %r = add i64 %s, %w
          ret i64 %r
        }";
    let needs = operations([Operation::I64DivS, Operation::F32ToU32]);
    let text = legalised(text, &needs);
    assert!(
        text.contains("call i64 @aot_intrinsic_i64_div_s(i64 %a, i64 %b)"),
        "{text}"
    );
    assert!(
        text.contains("call i32 @aot_intrinsic_f32_to_u32(float %c)"),
        "{text}"
    );
    assert!(text.contains("ashr i64"), "{text}");
}

#[test]
fn saturation() {
    let text = "
        define i64 @f(float %c) {
          %r = call i64 @llvm.fptosi.sat.i64.f32(float %c)
          ret i64 %r
        }";
    let text = legalised(text, &operations([Operation::F32ToI64]));
    assert!(
        text.contains("call i64 @aot_intrinsic_f32_to_i64(float %c)"),
        "{text}"
    );
    assert!(text.contains("i64 9223372036854775807"), "{text}");
    assert!(text.contains("i64 -9223372036854775808"), "{text}");
    assert!(text.contains("fcmp uno float %c, %c"), "{text}");
}

#[test]
fn comparisons() {
    let text = "
        define i1 @f(float %a, float %b) {
          %less = fcmp olt float %a, %b
          %not = fcmp uge float %b, %a
          %more = fcmp ogt float %a, %b
          %x = xor i1 %less, %not
          %y = xor i1 %x, %more
          ret i1 %y
        }";
    let mut needs = operations([Operation::F32Less]);
    needs.extends_i32 = true;
    let text = legalised(text, &needs);
    assert!(
        text.contains("@aot_intrinsic_f32_cmp(i32 2, float %a, float %b)"),
        "{text}"
    );
    assert!(
        text.contains("@aot_intrinsic_f32_cmp(i32 2, float %b, float %a)"),
        "{text}"
    );
    assert!(text.contains("fcmp ogt float %a, %b"), "{text}");
    assert!(
        text.contains("declare i32 @aot_intrinsic_f32_cmp(i32 signext, float, float)"),
        "{text}"
    );
}

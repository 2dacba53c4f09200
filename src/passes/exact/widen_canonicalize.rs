//! Widens `llvm.canonicalize` of two floats to four.
//!
//! LLVM 22 crashes when it generates x86 code for two. The emitter makes none, but the vectoriser
//! does, out of two scalar ones. The two lanes above are poison: nobody looks at them.

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{self, Value};

/// Runs the pass over every function of `module`.
pub fn run(module: &LlvmModule) {
    for function in ir::functions(module) {
        if function.name() != b"llvm.canonicalize.v2f32" {
            continue;
        }
        let calls: Vec<Value> = function.users().collect();
        for call in calls {
            call.widen_unary_intrinsic(4);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::passes::testing::after;

    const TWO_FLOATS: &str = "
        define <2 x float> @f(<2 x float> %x) {
          %quiet = call <2 x float> @llvm.canonicalize.v2f32(<2 x float> %x)
          ret <2 x float> %quiet
        }";

    #[test]
    fn two_floats_become_four() {
        let text = after(super::run, TWO_FLOATS);
        assert!(
            text.contains("@llvm.canonicalize.v4f32(<4 x float>"),
            "{text}"
        );
        assert!(!text.contains("call <2 x float>"), "{text}");
        assert!(
            text.contains("<4 x i32> <i32 0, i32 1, i32 poison, i32 poison>"),
            "{text}"
        );
    }
}

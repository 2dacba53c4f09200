//! Keeps the execution environment available to all code, for indirect mode.
//!
//! Code reaches the runtime through the environment, its first parameter. Only after optimisation, when
//! operations become calls, it is known which code needs the runtime. Until then, LLVM would delete the
//! unused parameter from our functions and pass any value for it.

use inkwell::module::Module as LlvmModule;

use crate::llvm::ir::{self, Kind, Value};

/// Adds a use of the environment to every function. The inliner deletes the callee's use; the caller has the
/// same environment.
pub fn hold(module: &LlvmModule) {
    for function in ir::functions(module) {
        if let Some(environment) = environment(function)
            && let Some(first) = function.instructions().first()
        {
            first.put_fake_use_in_front(environment);
        }
    }
}

/// Deletes these uses.
pub fn release(module: &LlvmModule) {
    for function in ir::functions(module) {
        let Some(environment) = environment(function) else {
            continue;
        };
        let uses: Vec<Value> = environment
            .users()
            .filter(|user| {
                user.called_function()
                    .is_some_and(|callee| callee.name() == b"llvm.fake.use")
            })
            .collect();
        for it in uses {
            it.erase();
        }
    }
}

fn environment(function: Value) -> Option<Value> {
    function
        .param(0)
        .filter(|first| first.kind() == Kind::Pointer)
}

#[cfg(test)]
mod tests {
    use crate::passes::testing::after;

    const PLAIN: &str = "define internal double @f(ptr %environment, double %x) {
       %sum = fadd double %x, %x
       ret double %sum
     }";

    #[test]
    fn it_is_used_until_it_is_released() {
        let held = after(super::hold, PLAIN);
        assert!(held.contains("fake.use(ptr %environment)"), "{held}");
        let released = after(super::release, &held);
        assert!(!released.contains("call void"), "{released}");
    }

    #[test]
    fn functions_without_one_stay_as_they_are() {
        let plain = "define i32 @f(i32 %x) { ret i32 %x }";
        let held = after(super::hold, plain);
        assert!(!held.contains("fake.use"), "{held}");
    }
}

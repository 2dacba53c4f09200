//! Deletes local functions once every call of them has been inlined.
//!
//! Every defined function is a symbol that other partitions and the runtime find, so LLVM keeps all of them.
//! Most local functions ([`FunctionMark::Local`]) are small and inlined everywhere, so nothing needs their
//! code. Internal linkage would tell LLVM the same. But then LLVM also inlines functions of any size that are
//! called once, which takes time and gains nothing (docs/performance.md).

use inkwell::module::Module as LlvmModule;
use inkwell::values::{BasicValue, FunctionValue};

use crate::llvm::marks::FunctionMark;

/// Deletes these functions from `module`, and then the functions that only they called.
pub fn remove(module: &LlvmModule) {
    let mut local: Vec<FunctionValue> = module
        .get_functions()
        .filter(|function| FunctionMark::Local.is_set(*function))
        .collect();
    loop {
        let (used, unused): (Vec<_>, Vec<_>) = local.into_iter().partition(|function| {
            function
                .as_global_value()
                .as_pointer_value()
                .get_first_use()
                .is_some()
        });
        if unused.is_empty() {
            break;
        }
        for function in unused {
            // SAFETY: nothing refers to it.
            unsafe { function.delete() };
        }
        local = used;
    }
}

#[cfg(test)]
mod tests {
    use crate::passes::testing::after;

    #[test]
    fn what_nothing_calls_any_more_goes() {
        let ir = after(
            super::remove,
            "define hidden void @inner() \"local\" { ret void }
             define hidden void @outer() \"local\" { call void @inner() ret void }
             define hidden void @called() \"local\" { ret void }
             define hidden void @entry() { call void @called() ret void }",
        );
        for (name, stays) in [
            ("inner", false),
            ("outer", false),
            ("called", true),
            ("entry", true),
        ] {
            assert_eq!(
                ir.contains(&format!("define hidden void @{name}(")),
                stays,
                "{ir}"
            );
        }
    }
}

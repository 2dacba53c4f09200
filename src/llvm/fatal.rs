//! LLVM's fatal errors, which end the process: with one sentence, and the status of a failure.
//!
//! LLVM stops this way at what it cannot generate code for, such as CPU features that contradict
//! each other. Nothing has been written by then.

use std::ffi::{CStr, c_char};
use std::io::Write;

use inkwell::llvm_sys::error_handling::LLVMInstallFatalErrorHandler;

/// The exit status of a failure.
const FAILURE: i32 = 1;

/// Has LLVM's fatal errors come to us, for the whole process.
pub fn install() {
    // SAFETY: the handler is a plain function that never returns.
    unsafe { LLVMInstallFatalErrorHandler(Some(receive)) };
}

extern "C" fn receive(reason: *const c_char) {
    // SAFETY: LLVM hands over a string that lives as long as this call.
    let reason = unsafe { CStr::from_ptr(reason) }.to_string_lossy();
    // What follows the first line is LLVM's code in its own terms.
    let reason = reason.lines().next().unwrap_or_default();
    let _ = writeln!(
        std::io::stderr(),
        "error: LLVM cannot generate code for this target, CPU and features: {reason}"
    );
    // Other threads may still be at work, so nothing is cleaned up.
    // SAFETY: ends the process.
    unsafe { exit_now(FAILURE) }
}

unsafe extern "C" {
    /// Of the C library: ends the process without running what is registered for its end.
    #[link_name = "_exit"]
    fn exit_now(status: i32) -> !;
}

//! Handles LLVM's fatal errors: prints one sentence and ends the process with the status of a failure.
//!
//! LLVM reports a fatal error if it cannot generate code, for example for CPU features that contradict each
//! other. At that time no output has been written.

use std::ffi::{CStr, c_char};
use std::io::Write;

use inkwell::llvm_sys::error_handling::LLVMInstallFatalErrorHandler;

/// The exit status of a failure.
const FAILURE: i32 = 1;

/// Installs the handler of LLVM's fatal errors, for the whole process.
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
    /// `_exit` of the C library: ends the process without running exit handlers.
    #[link_name = "_exit"]
    fn exit_now(status: i32) -> !;
}

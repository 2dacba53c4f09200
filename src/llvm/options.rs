//! LLVM's version, and the options of LLVM that belong to the process and not to a pass.
//!
//! LLVM's C interface accepts options too, but silently ignores an unknown one. So we call the C++ function
//! behind it, which reports an unknown option.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;
use std::sync::Once;

/// Returns the version of LLVM in this process, such as `22.1.0`.
pub fn llvm_version() -> String {
    let (major, minor, patch) = inkwell::support::get_llvm_version();
    format!("{major}.{minor}.{patch}")
}

/// - Limits the number of accesses that LLVM promotes to values in a loop. Without the limit, LLVM promotes
///   all accesses of a loop that was unrolled before compilation to WebAssembly: more values than registers,
///   in no shape for vectors.
/// - Compiles WebAssembly's `select` without branches, as its author intended. By default, LLVM makes
///   branches of a `select` in a loop if its operands take long; minimums of random numbers are then
///   mispredicted.
/// - Aligns innermost loops of x86 code to 32 bytes (2 to the power of 5), not 16: a processor fetches or
///   keeps decoded at most as much at once. Code for size stays as it is.
/// - Disables scalable vectors (AArch64 with SVE) in vectorised loops: LLVM 22 cannot select
///   `llvm.canonicalize` of these, and ends the process.
const OPTIONS: [&CStr; 4] = [
    c"-licm-mssa-max-acc-promotion=16",
    c"-x86-cmov-converter=false",
    c"-x86-experimental-pref-innermost-loop-alignment=5",
    c"-scalable-vectorization=off",
];

/// Sets [`OPTIONS`] and then `asked` for the whole process, each as on the command line of `opt`
/// (`-unroll-count=2`). Only the first call has an effect.
///
/// LLVM ends the process with status 1 and a message if it does not know an option of `asked` or its value.
pub fn configure_llvm(asked: &[String]) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // No argument of a command holds a zero byte.
        let asked: Vec<CString> = asked
            .iter()
            .filter_map(|option| CString::new(option.as_str()).ok())
            .collect();
        // LLVM takes an option only once.
        let ours = OPTIONS
            .into_iter()
            .filter(|ours| asked.iter().all(|asked| name(asked) != name(ours)));
        let arguments: Vec<*const c_char> = std::iter::once(c"wasmelt")
            .chain(ours)
            .chain(asked.iter().map(CString::as_c_str))
            .map(CStr::as_ptr)
            .collect();
        // SAFETY: the arguments are that many strings; LLVM copies what it keeps. Null pointers stand for
        // the default of each parameter (`llvm/Support/CommandLine.h`).
        unsafe {
            parse_command_line_options(
                arguments.len() as c_int,
                arguments.as_ptr(),
                StringRef {
                    data: ptr::null(),
                    length: 0,
                },
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null(),
                false,
            );
        }
    });
}

/// Returns the name of an option, without its dashes and its value.
fn name(option: &CStr) -> &[u8] {
    let option = option.to_bytes();
    let dashes = option.iter().take_while(|byte| **byte == b'-').count();
    let name = &option[dashes..];
    name.split(|byte| *byte == b'=').next().unwrap_or(name)
}

/// `llvm::StringRef`.
#[repr(C)]
struct StringRef {
    data: *const c_char,
    length: usize,
}

unsafe extern "C" {
    /// `llvm::cl::ParseCommandLineOptions`, by its mangled name (Itanium C++ ABI).
    #[link_name = "_ZN4llvm2cl23ParseCommandLineOptionsEiPKPKcNS_9StringRefEPNS_11raw_ostreamEPNS_3vfs10FileSystemES2_b"]
    fn parse_command_line_options(
        count: c_int,
        arguments: *const *const c_char,
        overview: StringRef,
        errors: *mut c_void,
        file_system: *mut c_void,
        environment_variable: *const c_char,
        long_options_use_double_dash: bool,
    ) -> bool;
}

//! LLVM as this process runs it: its version, and those of its options that are no property of a pass.
//!
//! LLVM's C interface takes options, too, but passes over one that it does not know without a word. So
//! this calls the C++ function behind it, which reports such an option.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;
use std::sync::Once;

/// The version of LLVM that this process runs, such as `22.1.0`.
pub fn llvm_version() -> String {
    let (major, minor, patch) = inkwell::support::get_llvm_version();
    format!("{major}.{minor}.{patch}")
}

/// - A loop that adds to many places of memory, unrolled by whoever compiled to WebAssembly, keeps them in
///   values if no other access may touch them: in more values than there are registers, and in no shape
///   for vectors. The limit is on the accesses in a loop.
/// - A `select` of WebAssembly stays free of branches, as its author wanted: in loops LLVM makes branches
///   of a `select` whose operands take long, and mispredicts minimums of arbitrary numbers.
///   They would also load on one of their ways only what is volatile (llvm-project issue 219814).
/// - Innermost loops of x86 code begin at multiples of 32 bytes (2 to the power of 5), not of 16: that is
///   at most as much as a processor fetches or keeps decoded at once. Code for size stays as it is.
/// - Loops are not vectorised by scalable vectors (AArch64 with SVE): LLVM 22 cannot select
///   `llvm.canonicalize` of these, and ends the process.
const OPTIONS: [&CStr; 4] = [
    c"-licm-mssa-max-acc-promotion=16",
    c"-x86-cmov-converter=false",
    c"-x86-experimental-pref-innermost-loop-alignment=5",
    c"-scalable-vectorization=off",
];

/// Sets [`OPTIONS`] and then `asked`, each as `opt` takes it on its command line (`-unroll-count=2`), for
/// the whole process. Only the first call has an effect.
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

/// The name of an option, without its dashes and its value.
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
    /// `llvm::cl::ParseCommandLineOptions`, by the name that C++ compilers give it (Itanium C++ ABI).
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

//! Native libraries: asks a shared library for the functions that it gives to modules.
//!
//! A library exports `get_native_lib`, by which `iwasm` and `wamrc` find its functions, too
//! (`samples/native-lib` in WAMR's sources). Code of the library runs in this process: its constructors and that
//! function.

use std::ffi::{CStr, c_char, c_void};
use std::path::{Path, PathBuf};
use std::ptr::null_mut;

use libloading::Library;

use crate::options::NativeFunction;

/// The libraries that the options may name, as with `wamrc`.
pub(super) const MOST_LIBRARIES: usize = 8;

/// The limit of functions of a library. A library that fails may return -1.
const MOST_FUNCTIONS: u32 = 1 << 20;

/// A native library cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("cannot load the native library {}: {source}", .path.display())]
    Load {
        path: PathBuf,
        source: libloading::Error,
    },

    #[error("the native library {} has no function `get_native_lib`: {source}", .path.display())]
    NoFunction {
        path: PathBuf,
        source: libloading::Error,
    },

    #[error("`get_native_lib` of the native library {} returns no functions", .path.display())]
    Empty { path: PathBuf },

    #[error("`get_native_lib` of the native library {} returns {count} functions, more than any library has", .path.display())]
    TooMany { path: PathBuf, count: u32 },
}

/// `NativeSymbol` in `core/iwasm/include/lib_export.h`.
#[repr(C)]
struct NativeSymbol {
    symbol: *const c_char,
    function: *const c_void,
    signature: *const c_char,
    attachment: *const c_void,
}

type GetNativeLib = unsafe extern "C" fn(*mut *const c_char, *mut *const NativeSymbol) -> u32;

/// Returns the functions of all `libraries`, in order.
pub(super) fn functions(libraries: &[PathBuf]) -> Result<Vec<NativeFunction>, Error> {
    let mut functions = Vec::new();
    for path in libraries {
        functions.extend(functions_of(path)?);
    }
    Ok(functions)
}

fn functions_of(path: &Path) -> Result<Vec<NativeFunction>, Error> {
    // SAFETY: the user names a library whose constructors may run.
    let library = unsafe { Library::new(path) }.map_err(|source| Error::Load {
        path: path.to_owned(),
        source,
    })?;
    // SAFETY: the function of that name has this type in every such library.
    let get_native_lib = unsafe { library.get::<GetNativeLib>(b"get_native_lib\0") };
    let get_native_lib = get_native_lib.map_err(|source| Error::NoFunction {
        path: path.to_owned(),
        source,
    })?;
    let (mut module, mut symbols) = (null_mut::<c_char>().cast_const(), std::ptr::null());
    // SAFETY: both pointers are good for a pointer.
    let count = unsafe { get_native_lib(&raw mut module, &raw mut symbols) };
    // SAFETY: the library returns a C string, or leaves the pointer alone.
    let module = unsafe { text(module) };
    let Some(module) = module.filter(|_| count > 0 && !symbols.is_null()) else {
        return Err(Error::Empty {
            path: path.to_owned(),
        });
    };
    if count > MOST_FUNCTIONS {
        return Err(Error::TooMany {
            path: path.to_owned(),
            count,
        });
    }
    // SAFETY: the library returns that many symbols. They stay as long as the library.
    let symbols = unsafe { std::slice::from_raw_parts(symbols, count as usize) };
    let function = |symbol: &NativeSymbol| {
        // Code calls no function with an attachment directly.
        let direct = symbol.attachment.is_null();
        // SAFETY: the library's names and signatures are C strings or null.
        let (name, signature) = unsafe { (text(symbol.symbol), text(symbol.signature)) };
        Some(NativeFunction {
            module: module.clone(),
            name: name?,
            signature: signature.filter(|_| direct)?,
        })
    };
    Ok(symbols.iter().filter_map(function).collect())
}

/// Returns the text behind `pointer`, if there is one.
///
/// # Safety
/// `pointer` is null or points to a C string.
unsafe fn text(pointer: *const c_char) -> Option<String> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: as the caller says.
    let text = unsafe { CStr::from_ptr(pointer) };
    text.to_str().ok().map(str::to_owned)
}

//! A loaded `.aot` module: the file's bytes, its imports and exports.
//!
//! The runtime keeps pointers into the file's bytes, into the names of imports and to the host
//! functions found at load time; [`Module`] owns all of these for as long as it lives.

use std::ffi::{CStr, c_char, c_void};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::Error;
use crate::ffi;
use crate::imports::{Imports, c_string};
use crate::runtime;
use crate::value::{FuncType, ValType};

/// What a module imports or exports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExternType {
    Func(FuncType),
    Global {
        ty: ValType,
        mutable: bool,
    },
    Table {
        element: ValType,
        min: u32,
        max: u32,
    },
    Memory {
        min: u32,
        max: u32,
        shared: bool,
    },
}

impl fmt::Display for ExternType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Func(ty) => write!(f, "function {ty}"),
            Self::Global { ty, mutable: false } => write!(f, "global {ty}"),
            Self::Global { ty, mutable: true } => write!(f, "mutable global {ty}"),
            Self::Table { element, min, max } => write!(f, "table of {min} to {max} {element}"),
            Self::Memory { min, max, shared } => {
                let shared = if *shared { "shared " } else { "" };
                write!(f, "{shared}memory of {min} to {max} pages")
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    pub module: String,
    pub name: String,
    pub ty: ExternType,
    /// Whether the runtime has found something to satisfy the import with. A function that is not
    /// linked traps when it is called; a global that is not prevents instantiation; tables never
    /// are, each instance has its own.
    pub linked: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    pub name: String,
    pub ty: ExternType,
}

/// A loaded module. Clones refer to the same one.
#[derive(Clone)]
pub struct Module(Arc<Loaded>);

struct Loaded {
    raw: *mut ffi::Module,
    imports: Vec<Import>,
    exports: Vec<Export>,
    // Dropped after the module is unloaded: it points into both.
    provided: Imports,
    _bytes: FileBytes,
}

// SAFETY: once loaded, the runtime only reads a module, and unloads it exactly once.
unsafe impl Send for Loaded {}
// SAFETY: as above.
unsafe impl Sync for Loaded {}

/// The list of native functions is process-wide, and so is what one load finds in it.
static LOADING: Mutex<()> = Mutex::new(());

impl Module {
    /// Loads the contents of an `.aot` file, resolving its imports.
    ///
    /// Functions and globals that neither `imports` nor the runtime provide stay unlinked (see
    /// [`Import::linked`]).
    pub fn load(file: &[u8], imports: &Imports) -> Result<Self, Error> {
        runtime::enter()?;
        let size = u32::try_from(file.len())
            .map_err(|_| Error::Load("AOT module load failed: the file exceeds 4 GiB".into()))?;
        // SAFETY: the pointer is good for `size` bytes; only the first few are looked at.
        let executable = unsafe { ffi::wasm_runtime_is_xip_file(file.as_ptr(), size) };
        let mut bytes = FileBytes::copy(file, executable)?;

        let loading = LOADING.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: loads happen one at a time; `Loaded` keeps the functions as long as the module.
        let registration = unsafe { imports.register() }?;
        let mut message = [0; 256];
        // SAFETY: the runtime may write to the bytes, and they stay as long as the module.
        let raw = unsafe {
            ffi::wasm_runtime_load(
                bytes.as_mut_ptr(),
                size,
                message.as_mut_ptr(),
                message.len() as u32,
            )
        };
        drop(registration);
        drop(loading);
        if raw.is_null() {
            return Err(Error::Load(buffer_text(&message)));
        }

        // From here on, an early return unloads the module.
        let mut loaded = Loaded {
            raw,
            imports: Vec::new(),
            exports: Vec::new(),
            provided: imports.clone(),
            _bytes: bytes,
        };
        // SAFETY: the module is loaded.
        unsafe {
            loaded.imports = read_imports(raw)?;
            loaded.exports = read_exports(raw)?;
        }
        loaded.check_functions()?;
        loaded.link_globals()?;
        Ok(Self(Arc::new(loaded)))
    }

    #[must_use]
    pub fn imports(&self) -> &[Import] {
        &self.0.imports
    }

    #[must_use]
    pub fn exports(&self) -> &[Export] {
        &self.0.exports
    }

    #[must_use]
    pub fn export(&self, name: &str) -> Option<&ExternType> {
        self.0
            .exports
            .iter()
            .find(|export| export.name == name)
            .map(|export| &export.ty)
    }

    /// The contents of a custom section that the compiler was told to keep.
    #[must_use]
    pub fn custom_section(&self, name: &str) -> Option<&[u8]> {
        let name = c_string(name, "the name of a custom section").ok()?;
        let mut size = 0;
        // SAFETY: the section's contents are part of the file's bytes or of the module; both stay
        // as long as `self`.
        unsafe {
            let start =
                ffi::wasm_runtime_get_custom_section(self.0.raw, name.as_ptr(), &raw mut size);
            (!start.is_null()).then(|| std::slice::from_raw_parts(start, size as usize))
        }
    }

    /// From now on, `aot_invoke_native` fails for an imported function, by its index among them. A call that
    /// still succeeds does not go through it.
    pub fn spoil_invoke(&self, index: u32) -> bool {
        // SAFETY: changes one flag of the module, which the runtime reads at each call.
        unsafe { ffi::host_spoil_invoke(self.0.raw, index) }
    }

    pub(crate) fn raw(&self) -> *mut ffi::Module {
        self.0.raw
    }

    pub(crate) fn provided(&self) -> &Imports {
        &self.0.provided
    }
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Module")
            .field("imports", &self.0.imports)
            .field("exports", &self.0.exports)
            .finish_non_exhaustive()
    }
}

impl Loaded {
    /// The runtime links functions by name alone; a call of one with another type would read
    /// arguments that are not there.
    fn check_functions(&self) -> Result<(), Error> {
        for import in &self.imports {
            if let ExternType::Func(ty) = &import.ty
                && let Some(function) = self.provided.find_function(&import.module, &import.name)
                && function.ty() != ty
            {
                return Err(incompatible(
                    import,
                    &ExternType::Func(function.ty().clone()),
                ));
            }
        }
        Ok(())
    }

    fn link_globals(&mut self) -> Result<(), Error> {
        let is_global = |import: &&mut Import| matches!(import.ty, ExternType::Global { .. });
        for (index, import) in (0..).zip(self.imports.iter_mut().filter(is_global)) {
            let Some((value, mutable)) = self.provided.find_global(&import.module, &import.name)
            else {
                continue;
            };
            let provided = ExternType::Global {
                ty: value.ty(),
                mutable,
            };
            if provided != import.ty {
                return Err(incompatible(import, &provided));
            }
            // SAFETY: no instance is needed: a value of a reference type that names a host object
            // is registered without one.
            let bytes = unsafe { value.to_bytes(std::ptr::null_mut()) }.ok_or_else(|| {
                Error::Load("the runtime has no index left for an external reference".into())
            })?;
            // SAFETY: the index counts imported globals, and no instance exists yet.
            unsafe { ffi::host_link_imported_global(self.raw, index, bytes.as_ptr().cast()) }
            import.linked = true;
        }
        Ok(())
    }
}

impl Drop for Loaded {
    fn drop(&mut self) {
        // SAFETY: instances keep their module, so none is left.
        unsafe { ffi::wasm_runtime_unload(self.raw) }
    }
}

fn incompatible(import: &Import, provided: &ExternType) -> Error {
    Error::IncompatibleImport {
        module: import.module.clone(),
        name: import.name.clone(),
        expected: import.ty.to_string(),
        provided: provided.to_string(),
    }
}

fn unknown_type(what: &str) -> Error {
    Error::Load(format!("the type of {what} is not one this crate knows"))
}

/// # Safety
/// `raw` is a loaded module.
unsafe fn read_imports(raw: *mut ffi::Module) -> Result<Vec<Import>, Error> {
    // SAFETY: every index is below the number of imports the file describes.
    let count = unsafe { ffi::host_described_import_count(raw) };
    (0..count.cast_signed())
        .map(|index| unsafe {
            let mut import = std::mem::zeroed::<ffi::ImportType>();
            ffi::wasm_runtime_get_import_type(raw, index, &raw mut import);
            let module = text(import.module_name);
            let name = text(import.name);
            let ty = extern_type(import.kind, import.ty)
                .ok_or_else(|| unknown_type(&format!("the import {module}.{name}")))?;
            Ok(Import {
                module,
                name,
                ty,
                linked: import.linked,
            })
        })
        .collect()
}

/// # Safety
/// `raw` is a loaded module.
unsafe fn read_exports(raw: *mut ffi::Module) -> Result<Vec<Export>, Error> {
    // SAFETY: every index is below the number of exports.
    let count = unsafe { ffi::wasm_runtime_get_export_count(raw) };
    (0..count)
        .map(|index| unsafe {
            let mut export = std::mem::zeroed::<ffi::ExportType>();
            ffi::wasm_runtime_get_export_type(raw, index, &raw mut export);
            let name = text(export.name);
            let ty = if export.kind == ffi::KIND_MEMORY {
                // Not what the runtime gave: see `host_exported_memory_type`.
                ffi::host_exported_memory_type(raw, index.cast_unsigned()).cast()
            } else {
                export.ty
            };
            let ty = extern_type(export.kind, ty)
                .ok_or_else(|| unknown_type(&format!("the export `{name}`")))?;
            Ok(Export { name, ty })
        })
        .collect()
}

/// # Safety
/// `ty` is null or points to a type of the given kind in a loaded module.
unsafe fn extern_type(kind: u32, ty: *const c_void) -> Option<ExternType> {
    if ty.is_null() {
        return None;
    }
    // SAFETY: the caller vouches for pointer and kind.
    unsafe {
        Some(match kind {
            ffi::KIND_FUNC => ExternType::Func(FuncType::from_raw(ty.cast())?),
            ffi::KIND_GLOBAL => ExternType::Global {
                ty: ValType::from_kind(ffi::wasm_global_type_get_valkind(ty.cast()))?,
                mutable: ffi::wasm_global_type_get_mutable(ty.cast()),
            },
            ffi::KIND_TABLE => ExternType::Table {
                element: ValType::from_kind(ffi::wasm_table_type_get_elem_kind(ty.cast()))?,
                min: ffi::wasm_table_type_get_init_size(ty.cast()),
                max: ffi::wasm_table_type_get_max_size(ty.cast()),
            },
            ffi::KIND_MEMORY => ExternType::Memory {
                min: ffi::wasm_memory_type_get_init_page_count(ty.cast()),
                max: ffi::wasm_memory_type_get_max_page_count(ty.cast()),
                shared: ffi::wasm_memory_type_get_shared(ty.cast()),
            },
            _ => return None,
        })
    }
}

/// # Safety
/// `pointer` is null or points to a string that ends with a zero byte.
unsafe fn text(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    // SAFETY: the caller vouches for it.
    unsafe { CStr::from_ptr(pointer) }
        .to_string_lossy()
        .into_owned()
}

/// The text in a buffer the runtime has written a message to.
pub(crate) fn buffer_text(buffer: &[c_char]) -> String {
    let bytes: Vec<u8> = buffer
        .iter()
        .map(|byte| byte.cast_unsigned())
        .take_while(|byte| *byte != 0)
        .collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A copy of a file's bytes as the runtime needs them: aligned for its reader, and executable if
/// the code is to run in place (XIP), in the low 2 GiB where x86-64 has such a mapping.
enum FileBytes {
    Plain(Box<[u128]>),
    Executable { start: *mut c_void, size: usize },
}

impl FileBytes {
    fn copy(file: &[u8], executable: bool) -> Result<Self, Error> {
        let bytes = if executable {
            Self::map_executable(file.len())?
        } else {
            Self::Plain(vec![0; file.len().div_ceil(size_of::<u128>())].into())
        };
        let mut bytes = bytes;
        // SAFETY: the copy has at least as many bytes.
        unsafe { std::ptr::copy_nonoverlapping(file.as_ptr(), bytes.as_mut_ptr(), file.len()) }
        Ok(bytes)
    }

    fn map_executable(size: usize) -> Result<Self, Error> {
        #[cfg(target_arch = "x86_64")]
        const LOW: libc::c_int = libc::MAP_32BIT;
        #[cfg(not(target_arch = "x86_64"))]
        const LOW: libc::c_int = 0;
        // SAFETY: a new mapping, at an address the system chooses.
        let start = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                size,
                libc::PROT_READ | libc::PROT_WRITE | libc::PROT_EXEC,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | LOW,
                -1,
                0,
            )
        };
        if start == libc::MAP_FAILED {
            return Err(Error::System {
                what: "executable memory for the file",
                message: std::io::Error::last_os_error().to_string(),
            });
        }
        Ok(Self::Executable { start, size })
    }

    fn as_mut_ptr(&mut self) -> *mut u8 {
        match self {
            Self::Plain(words) => words.as_mut_ptr().cast(),
            Self::Executable { start, .. } => start.cast(),
        }
    }
}

impl Drop for FileBytes {
    fn drop(&mut self) {
        if let Self::Executable { start, size } = self {
            // SAFETY: mapped by `map_executable`, with this size.
            unsafe { libc::munmap(*start, *size) };
        }
    }
}

//! What a module's imports are satisfied with: host functions and the values of globals.
//!
//! The runtime resolves imported functions while it loads a module, by name, in a process-wide
//! list. [`Imports::register`] puts this set of functions at the head of that list for the time
//! of one load, so that modules loaded with different imports do not see each other's. What the
//! runtime itself provides (WASI, parts of a C library as `env`) stands behind it.

use std::collections::BTreeMap;
use std::ffi::{CStr, CString, c_void};
use std::marker::PhantomData;
use std::sync::Arc;

use crate::error::Error;
use crate::ffi;
use crate::instance::Memory;
use crate::trampoline;
use crate::value::{FuncType, Val, type_list};

type Callback = dyn Fn(&mut Caller<'_>, &[Val]) -> Result<Vec<Val>, String> + Send + Sync;

/// A function of the host that WebAssembly code can call. An error it returns becomes the
/// exception of the instance that called; the runtime keeps about 115 bytes of its text.
pub(crate) struct HostFunction {
    name: String,
    ty: FuncType,
    callback: Box<Callback>,
}

impl HostFunction {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn ty(&self) -> &FuncType {
        &self.ty
    }

    pub(crate) fn call(&self, caller: &mut Caller<'_>, args: &[Val]) -> Result<Vec<Val>, String> {
        let results = (self.callback)(caller, args)?;
        if self.ty.yields(&results) {
            Ok(results)
        } else {
            Err(format!(
                "native function {} returned ({}) instead of ({})",
                self.name,
                type_list(results.iter().map(Val::ty)),
                type_list(self.ty.results.iter().copied()),
            ))
        }
    }
}

/// The instance that called a host function.
pub struct Caller<'a> {
    instance: *mut ffi::ModuleInstance,
    running: PhantomData<&'a ()>,
}

impl Caller<'_> {
    /// # Safety
    /// `instance` stays alive as long as the value made here.
    pub(crate) unsafe fn new(instance: *mut ffi::ModuleInstance) -> Self {
        Self {
            instance,
            running: PhantomData,
        }
    }

    /// The memory of the instance, if it has one.
    #[must_use]
    pub fn memory(&self) -> Option<Memory<'_>> {
        // SAFETY: the instance is alive as long as `self`.
        unsafe { Memory::of(self.instance) }
    }
}

/// A native function as an embedder registers it: code that follows the C calling convention and takes the
/// execution environment first.
#[derive(Debug, Clone)]
pub struct Native {
    pub function: *const c_void,
    /// Parameters and results, as `wasm_export.h` describes them.
    pub signature: Option<&'static CStr>,
    /// What the function finds with `wasm_runtime_get_function_attachment`.
    pub attachment: *mut c_void,
    /// Whether the function takes its arguments in an array instead.
    pub raw: bool,
}

// SAFETY: nothing here looks behind the pointers.
unsafe impl Send for Native {}
// SAFETY: as above.
unsafe impl Sync for Native {}

/// What the imports of a module are satisfied with.
///
/// Functions can have any type. Imported globals get a copy of the given value: the runtime has no
/// globals shared between instances, and no memories or tables either (a module that imports one
/// gets its own, of the size its import states).
#[derive(Default, Clone)]
pub struct Imports {
    functions: BTreeMap<String, BTreeMap<String, Arc<HostFunction>>>,
    natives: Vec<(String, String, Native)>,
    globals: BTreeMap<(String, String), (Val, bool)>,
}

impl Imports {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Provides a function, in place of one of the same name if there was one.
    pub fn function<F>(&mut self, module: &str, name: &str, ty: FuncType, callback: F) -> &mut Self
    where
        F: Fn(&mut Caller<'_>, &[Val]) -> Result<Vec<Val>, String> + Send + Sync + 'static,
    {
        let function = HostFunction {
            name: format!("{module}.{name}"),
            ty,
            callback: Box::new(callback),
        };
        self.functions
            .entry(module.to_owned())
            .or_default()
            .insert(name.to_owned(), Arc::new(function));
        self
    }

    /// Provides a function that the runtime calls without this crate in between. Of two with one name, the
    /// later one counts.
    ///
    /// # Safety
    /// The function does what its signature and the type of each import of that name say.
    pub unsafe fn native(&mut self, module: &str, name: &str, native: Native) -> &mut Self {
        self.natives
            .push((module.to_owned(), name.to_owned(), native));
        self
    }

    /// Provides the value of a global, in place of one of the same name if there was one.
    pub fn global(&mut self, module: &str, name: &str, value: Val, mutable: bool) -> &mut Self {
        self.globals
            .insert((module.to_owned(), name.to_owned()), (value, mutable));
        self
    }

    /// The function the runtime takes for an import while `self` is registered: where it finds
    /// none of the very name, it tries again without a leading underscore.
    pub(crate) fn find_function(&self, module: &str, name: &str) -> Option<&Arc<HostFunction>> {
        let functions = self.functions.get(module)?;
        functions
            .get(name)
            .or_else(|| functions.get(name.strip_prefix('_')?))
    }

    pub(crate) fn find_global(&self, module: &str, name: &str) -> Option<(Val, bool)> {
        self.globals
            .get(&(module.to_owned(), name.to_owned()))
            .copied()
    }

    /// Makes the functions known to the runtime until the registration is dropped.
    ///
    /// # Safety
    /// The runtime is initialised, no other thread loads a module or registers functions in the
    /// meantime, and what is loaded in the meantime is unloaded before `self`'s functions go.
    pub(crate) unsafe fn register(&self) -> Result<Registration, Error> {
        let mut registration = Registration(Vec::new());
        for (module, functions) in &self.functions {
            let symbols = functions.iter().map(|(name, function)| {
                let native = Native {
                    function: trampoline::entry as *const _,
                    signature: None,
                    attachment: Arc::as_ptr(function).cast_mut().cast(),
                    raw: false,
                };
                (name.as_str(), native)
            });
            let symbols: Vec<_> = symbols.collect();
            // SAFETY: as for this function.
            unsafe { registration.add(module, &symbols, false) }?;
        }
        for (module, name, native) in &self.natives {
            // SAFETY: as for this function.
            unsafe { registration.add(module, &[(name, native.clone())], native.raw) }?;
        }
        Ok(registration)
    }
}

/// Functions in the runtime's list of known ones; taken out when dropped.
pub(crate) struct Registration(Vec<RegisteredModule>);

impl Registration {
    /// Registers functions of one imported module.
    ///
    /// # Safety
    /// As for [`Imports::register`].
    unsafe fn add(
        &mut self,
        module: &str,
        functions: &[(&str, Native)],
        raw: bool,
    ) -> Result<(), Error> {
        let module = c_string(module, "the name of an imported module")?;
        let names = functions
            .iter()
            .map(|(name, _)| c_string(name, "the name of an imported function"))
            .collect::<Result<Vec<_>, _>>()?;
        let mut symbols: Box<[_]> = functions
            .iter()
            .zip(&names)
            .map(|((_, native), name)| ffi::NativeSymbol {
                symbol: name.as_ptr(),
                func_ptr: native.function,
                signature: native.signature.map_or(std::ptr::null(), CStr::as_ptr),
                attachment: native.attachment,
            })
            .collect();
        let count = u32::try_from(symbols.len()).map_err(|error| Error::System {
            what: "the imported functions",
            message: error.to_string(),
        })?;
        let register = match raw {
            true => ffi::wasm_runtime_register_natives_raw,
            false => ffi::wasm_runtime_register_natives,
        };
        // SAFETY: names and symbols stay where they are until they are unregistered.
        let done = unsafe { register(module.as_ptr(), symbols.as_mut_ptr(), count) };
        if !done {
            return Err(Error::Runtime("wasm_runtime_register_natives failed"));
        }
        self.0.push(RegisteredModule {
            module,
            symbols,
            _names: names,
        });
        Ok(())
    }
}

struct RegisteredModule {
    module: CString,
    symbols: Box<[ffi::NativeSymbol]>,
    _names: Vec<CString>,
}

impl Drop for Registration {
    fn drop(&mut self) {
        for RegisteredModule {
            module, symbols, ..
        } in &mut self.0
        {
            // SAFETY: these were registered under this name and not unregistered since.
            unsafe {
                ffi::wasm_runtime_unregister_natives(module.as_ptr(), symbols.as_mut_ptr());
            }
        }
    }
}

pub(crate) fn c_string(text: &str, what: &'static str) -> Result<CString, Error> {
    CString::new(text).map_err(|_| Error::ZeroByte { what })
}

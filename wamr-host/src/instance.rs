//! An instance of a module: calls, memory, globals, tables.
//!
//! An instance has one execution environment, and so runs on one thread at a time; a lock that the
//! same thread can take again makes others wait. Calls nest: a host function can call back into
//! the instance that called it, or into another one.

use std::ffi::{CStr, CString, c_char, c_void};
use std::marker::PhantomData;
use std::os::fd::OwnedFd;
use std::sync::Arc;

use parking_lot::ReentrantMutex;

use crate::error::{Error, Trap, instantiation_error, strip_exception};
use crate::ffi;
use crate::imports::{Caller, c_string};
use crate::module::{ExternType, Module, buffer_text};
use crate::runtime::{self, Suspended};
use crate::shared_heap::SharedHeap;
use crate::value::{FuncType, Val, ValType, type_list};
use crate::wasi::{WasiArguments, WasiOptions};

/// Sizes as `iwasm` has them by default, and the surroundings of a WASI program.
#[derive(Debug)]
pub struct InstanceOptions {
    /// The stack on which the runtime keeps WebAssembly frames; compiled code runs on the thread's
    /// own stack and hardly needs it.
    pub stack_size: u32,
    /// Linear memory put aside for allocations by the host. Zero leaves the memory as the module
    /// declares it.
    pub heap_size: u32,
    pub wasi: WasiOptions,
}

impl Default for InstanceOptions {
    fn default() -> Self {
        Self {
            stack_size: 64 * 1024,
            heap_size: 0,
            wasi: WasiOptions::default(),
        }
    }
}

/// An instance of a module. Clones refer to the same one.
#[derive(Clone)]
pub struct Instance(Arc<Inner>);

struct Inner {
    raw: *mut ffi::ModuleInstance,
    exec_env: *mut ffi::ExecEnv,
    running: ReentrantMutex<()>,
    // Both are used by the instance until it is gone.
    module: Module,
    _files: [Option<OwnedFd>; 3],
}

// SAFETY: the runtime ties an execution environment to a thread only while it runs code, and the
// lock lets one thread at a time do so.
unsafe impl Send for Inner {}
// SAFETY: as above.
unsafe impl Sync for Inner {}

impl Instance {
    /// Makes an instance: fills memory and tables, and runs what a module wants to have run
    /// first (its start function; `_initialize` of a WASI reactor; constructors otherwise).
    pub fn new(module: &Module, options: &InstanceOptions) -> Result<Self, Error> {
        runtime::enter()?;
        let mut wasi = WasiArguments::new(&options.wasi)?;
        let args = InstantiationArgs::create()?;
        let mut message = [0; 256];
        // SAFETY: the module is loaded; `args` and what it points to outlive the call. A start
        // function runs in an environment of its own, so the calling one is put aside.
        let raw = unsafe {
            ffi::wasm_runtime_instantiation_args_set_default_stack_size(args.0, options.stack_size);
            ffi::wasm_runtime_instantiation_args_set_host_managed_heap_size(
                args.0,
                options.heap_size,
            );
            wasi.apply(args.0);
            let _caller = Suspended::unless(std::ptr::null_mut());
            ffi::wasm_runtime_instantiate_ex2(
                module.raw(),
                args.0,
                message.as_mut_ptr(),
                message.len() as u32,
            )
        };
        if raw.is_null() {
            return Err(instantiation_error(&buffer_text(&message)));
        }
        // SAFETY: the instance is alive.
        let exec_env = unsafe { ffi::wasm_runtime_get_exec_env_singleton(raw) };
        let inner = Inner {
            raw,
            exec_env,
            running: ReentrantMutex::new(()),
            module: module.clone(),
            _files: wasi.into_files(),
        };
        if inner.exec_env.is_null() {
            return Err(Error::Runtime("the instance has no execution environment"));
        }
        Ok(Self(Arc::new(inner)))
    }

    #[must_use]
    pub fn module(&self) -> &Module {
        &self.0.module
    }

    /// Calls an exported function.
    pub fn call(&self, name: &str, args: &[Val]) -> Result<Vec<Val>, Error> {
        let _running = self.0.running.lock();
        runtime::enter()?;
        let (function, ty) = self.function(name)?;
        if !ty.accepts(args) {
            return Err(Error::Arguments {
                name: name.to_owned(),
                expected: ty.clone(),
                given: type_list(args.iter().map(Val::ty)),
            });
        }
        let mut index = 0;
        // SAFETY: the function belongs to the instance.
        if unsafe { ffi::host_is_imported_function(function, &raw mut index) } {
            return self.call_imported(name, index, args);
        }

        let mut cells = Vec::new();
        for arg in args {
            arg.push_cells(&mut cells);
        }
        let argc = cells.len();
        let result_cells: usize = ty.results.iter().map(|ty| ty.call_cells()).sum();
        cells.resize(argc.max(result_cells), 0);
        // SAFETY: the cells are as many as arguments or results need, whichever is more.
        let done = unsafe {
            let _caller = Suspended::unless(self.0.exec_env);
            ffi::wasm_runtime_call_wasm(self.0.exec_env, function, argc as u32, cells.as_mut_ptr())
        };
        if !done {
            return Err(Error::Trap(self.take_trap()));
        }
        let mut rest = cells.as_slice();
        ty.results
            .iter()
            .map(|ty| {
                let value = Val::from_cells(*ty, rest)
                    .ok_or(Error::Runtime("a result is not a value of its type"))?;
                rest = &rest[ty.call_cells()..];
                Ok(value)
            })
            .collect()
    }

    /// Runs the program in the module: `_start`, or else `main` with these arguments (a WASI
    /// program has its arguments from [`WasiOptions`]). Gives the program's exit status.
    pub fn run_main(&self, args: &[&str]) -> Result<u32, Error> {
        let args = argument_list(args)?;
        self.execute(
            |pointers| {
                // SAFETY: as many pointers as counted, each to a string.
                unsafe {
                    ffi::wasm_application_execute_main(
                        self.0.raw,
                        pointers.len() as i32,
                        pointers.as_mut_ptr(),
                    )
                }
            },
            &args,
        )
    }

    /// Calls an exported function with arguments in text form and prints its results, as
    /// `iwasm --function` does. Gives the status of a program that has called `proc_exit`.
    pub fn run_function(&self, name: &str, args: &[&str]) -> Result<u32, Error> {
        let (function, _) = self.function(name)?;
        let mut index = 0;
        // SAFETY: the function belongs to the instance.
        if unsafe { ffi::host_is_imported_function(function, &raw mut index) } {
            return Err(Error::ImportedFunction {
                name: name.to_owned(),
            });
        }
        let name = c_string(name, "the name of a function")?;
        let args = argument_list(args)?;
        self.execute(
            |pointers| {
                // SAFETY: as many pointers as counted, each to a string.
                unsafe {
                    ffi::wasm_application_execute_func(
                        self.0.raw,
                        name.as_ptr(),
                        pointers.len() as i32,
                        pointers.as_mut_ptr(),
                    )
                }
            },
            &args,
        )
    }

    /// The counts of the module's code, as a raw profile; empty if its code does not count.
    #[must_use]
    pub fn profile(&self) -> Vec<u8> {
        // SAFETY: the instance is alive; the runtime writes at most as many bytes as it is told.
        unsafe {
            let size = ffi::wasm_runtime_get_pgo_prof_data_size(self.0.raw);
            let mut bytes = vec![0; size as usize];
            let written = ffi::wasm_runtime_dump_pgo_prof_data_to_buf(
                self.0.raw,
                bytes.as_mut_ptr().cast(),
                size,
            );
            bytes.truncate(written as usize);
            bytes
        }
    }

    /// The memory exported as `name`.
    pub fn memory(&self, name: &str) -> Result<Memory<'_>, Error> {
        match self.0.module.export(name) {
            // SAFETY: the instance lives as long as `self`. There is one memory at most.
            Some(ExternType::Memory { .. }) => unsafe { Memory::of(self.0.raw) },
            _ => None,
        }
        .ok_or_else(|| no_such_export("memory", name))
    }

    /// Lets the instance access `heap` and what is chained behind it.
    pub fn attach(&self, heap: &SharedHeap) -> Result<(), Error> {
        // SAFETY: the instance is alive, and the heap lives for ever.
        if unsafe { ffi::wasm_runtime_attach_shared_heap(self.0.raw, heap.raw) } {
            Ok(())
        } else {
            Err(Error::Runtime("the runtime did not attach the shared heap"))
        }
    }

    /// Takes away the attached heap.
    pub fn detach(&self) {
        // SAFETY: the instance is alive.
        unsafe { ffi::wasm_runtime_detach_shared_heap(self.0.raw) }
    }

    /// The instance's memory, exported or not.
    #[must_use]
    pub fn default_memory(&self) -> Option<Memory<'_>> {
        // SAFETY: the instance lives as long as `self`.
        unsafe { Memory::of(self.0.raw) }
    }

    /// The value of the global exported as `name`.
    pub fn global(&self, name: &str) -> Result<Val, Error> {
        let (ty, _, data) = self.find_global(name)?;
        let mut bytes = [0; 16];
        // SAFETY: the pointer is to as many bytes as a value of the type has.
        unsafe {
            std::ptr::copy_nonoverlapping(data, bytes.as_mut_ptr(), ty.size());
        }
        Val::from_bytes(ty, bytes).ok_or(Error::Runtime("a global is not a value of its type"))
    }

    /// Gives the mutable global exported as `name` another value.
    pub fn set_global(&self, name: &str, value: Val) -> Result<(), Error> {
        let (ty, mutable, data) = self.find_global(name)?;
        if !mutable {
            return Err(Error::ImmutableGlobal {
                name: name.to_owned(),
            });
        }
        if value.ty() != ty {
            return Err(Error::GlobalType {
                name: name.to_owned(),
                expected: ty,
                given: value.ty(),
            });
        }
        // SAFETY: the instance is alive.
        let bytes = unsafe { value.to_bytes(self.0.raw) }
            .ok_or(Error::Runtime("no index is left for an external reference"))?;
        // SAFETY: as in `global`.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), data, ty.size()) }
        Ok(())
    }

    /// The number of elements in the table exported as `name`.
    pub fn table_size(&self, name: &str) -> Result<u32, Error> {
        Ok(self.find_table(name)?.1.cur_size)
    }

    /// An element of the table exported as `name`.
    pub fn table_element(&self, name: &str, index: u32) -> Result<Val, Error> {
        let (ty, table) = self.find_table(name)?;
        if index >= table.cur_size {
            return Err(Error::TableBounds {
                index,
                size: table.cur_size,
            });
        }
        let mut bytes = [0; 16];
        // SAFETY: the index is within the table; the value is at the start of its element on the
        // little-endian machines this crate is built for.
        unsafe {
            let offset = index as usize * ffi::host_table_element_size() as usize;
            let element = table.elems.cast::<u8>().add(offset);
            std::ptr::copy_nonoverlapping(element, bytes.as_mut_ptr(), ty.size());
        }
        Val::from_bytes(ty, bytes).ok_or(Error::Runtime("an element is not a value of its type"))
    }

    fn function(&self, name: &str) -> Result<(*mut ffi::FunctionInstance, &FuncType), Error> {
        let symbol = c_string(name, "the name of a function")?;
        // SAFETY: the instance is alive.
        let function = unsafe { ffi::wasm_runtime_lookup_function(self.0.raw, symbol.as_ptr()) };
        match self.0.module.export(name) {
            Some(ExternType::Func(ty)) if !function.is_null() => Ok((function, ty)),
            _ => Err(no_such_export("function", name)),
        }
    }

    /// Calls a host function that the module imports and exports again. The runtime itself would
    /// call one with several results through the wrong pointer.
    fn call_imported(&self, name: &str, index: u32, args: &[Val]) -> Result<Vec<Val>, Error> {
        let is_function = |import: &&crate::Import| matches!(import.ty, ExternType::Func(_));
        let function = self
            .0
            .module
            .imports()
            .iter()
            .filter(is_function)
            .nth(index as usize)
            .and_then(|import| {
                self.0
                    .module
                    .provided()
                    .find_function(&import.module, &import.name)
            })
            .ok_or_else(|| Error::ImportedFunction {
                name: name.to_owned(),
            })?;
        // SAFETY: the instance is alive as long as `self`.
        let mut caller = unsafe { Caller::new(self.0.raw) };
        function.call(&mut caller, args).map_err(|message| {
            Error::Trap(Trap {
                message,
                exit_code: None,
            })
        })
    }

    fn execute(
        &self,
        run: impl FnOnce(&mut [*mut c_char]) -> bool,
        args: &[CString],
    ) -> Result<u32, Error> {
        let _running = self.0.running.lock();
        runtime::enter()?;
        let mut pointers: Vec<_> = args.iter().map(|arg| arg.as_ptr().cast_mut()).collect();
        // SAFETY: control comes back here before it goes back to the code put aside.
        let _caller = unsafe { Suspended::unless(self.0.exec_env) };
        if run(&mut pointers) {
            // SAFETY: the instance is alive.
            return Ok(unsafe { ffi::wasm_runtime_get_wasi_exit_code(self.0.raw) });
        }
        let trap = self.take_trap();
        trap.exit_code.ok_or(Error::Trap(trap))
    }

    /// Takes the exception out of the instance, so that it can be called again.
    fn take_trap(&self) -> Trap {
        // SAFETY: the instance is alive; the text is copied before it is cleared.
        unsafe {
            let exception = ffi::wasm_runtime_get_exception(self.0.raw);
            let message = if exception.is_null() {
                "the runtime names no exception".to_owned()
            } else {
                strip_exception(&CStr::from_ptr(exception).to_string_lossy()).to_owned()
            };
            ffi::wasm_runtime_clear_exception(self.0.raw);
            let exit_code = (message == Trap::PROC_EXIT)
                .then(|| ffi::wasm_runtime_get_wasi_exit_code(self.0.raw));
            Trap { message, exit_code }
        }
    }

    /// The type of an exported global, whether it is mutable, and where its value is.
    fn find_global(&self, name: &str) -> Result<(ValType, bool, *mut u8), Error> {
        let symbol = c_string(name, "the name of a global")?;
        let (mut code, mut mutable) = (0, false);
        // SAFETY: the instance is alive.
        let data = unsafe {
            ffi::host_exported_global(self.0.raw, symbol.as_ptr(), &raw mut code, &raw mut mutable)
        };
        match ValType::from_code(code) {
            Some(ty) if !data.is_null() => Ok((ty, mutable, data.cast())),
            _ => Err(no_such_export("global", name)),
        }
    }

    fn find_table(&self, name: &str) -> Result<(ValType, ffi::TableInstance), Error> {
        let symbol = c_string(name, "the name of a table")?;
        // SAFETY: the instance is alive, and the structure is filled in if there is such a table.
        unsafe {
            let mut table = std::mem::zeroed::<ffi::TableInstance>();
            if ffi::wasm_runtime_get_export_table_inst(self.0.raw, symbol.as_ptr(), &raw mut table)
                && let Some(ty) = ValType::from_kind(table.elem_kind)
            {
                return Ok((ty, table));
            }
        }
        Err(no_such_export("table", name))
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // SAFETY: nobody else refers to the instance; its module and files are still there.
        unsafe { ffi::wasm_runtime_deinstantiate(self.raw) }
    }
}

/// A linear memory.
#[derive(Debug)]
pub struct Memory<'a> {
    raw: *mut ffi::MemoryInstance,
    instance: PhantomData<&'a ()>,
}

impl Memory<'_> {
    /// # Safety
    /// `instance` is alive as long as the value made here.
    pub(crate) unsafe fn of(instance: *mut ffi::ModuleInstance) -> Option<Self> {
        // SAFETY: the caller vouches for the instance.
        let raw = unsafe { ffi::wasm_runtime_get_default_memory(instance) };
        (!raw.is_null()).then_some(Self {
            raw,
            instance: PhantomData,
        })
    }

    #[must_use]
    pub fn pages(&self) -> u64 {
        // SAFETY: the memory is alive as long as `self`; so in all functions here.
        unsafe { ffi::wasm_memory_get_cur_page_count(self.raw) }
    }

    #[must_use]
    pub fn max_pages(&self) -> u64 {
        // SAFETY: see `pages`.
        unsafe { ffi::wasm_memory_get_max_page_count(self.raw) }
    }

    /// The size in bytes. Pages need not have 64 KiB: the runtime may make one page of a memory
    /// that does not grow.
    #[must_use]
    pub fn size(&self) -> u64 {
        // SAFETY: see `pages`.
        self.pages() * unsafe { ffi::wasm_memory_get_bytes_per_page(self.raw) }
    }

    /// Adds pages and gives their previous number, None if the memory cannot have so many.
    #[must_use]
    pub fn grow(&self, pages: u64) -> Option<u64> {
        let before = self.pages();
        // The runtime counts in 32 bits and does not check.
        let wanted = before
            .checked_add(pages)
            .filter(|wanted| *wanted <= self.max_pages())?;
        debug_assert!(u32::try_from(wanted).is_ok());
        // SAFETY: see `pages`.
        unsafe { ffi::wasm_memory_enlarge(self.raw, pages) }.then_some(before)
    }

    pub fn read(&self, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
        let (start, length) = self.range(offset, length)?;
        let mut bytes = vec![0; length];
        // SAFETY: the range is within the memory, which does not move while it is copied.
        unsafe { std::ptr::copy_nonoverlapping(start, bytes.as_mut_ptr(), length) }
        Ok(bytes)
    }

    pub fn write(&self, offset: u64, bytes: &[u8]) -> Result<(), Error> {
        let (start, length) = self.range(offset, bytes.len() as u64)?;
        // SAFETY: as in `read`.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), start, length) }
        Ok(())
    }

    fn range(&self, offset: u64, length: u64) -> Result<(*mut u8, usize), Error> {
        let size = self.size();
        let outside = Error::MemoryBounds {
            offset,
            length,
            size,
        };
        if offset.checked_add(length).is_none_or(|end| end > size) {
            return Err(outside);
        }
        let (Ok(start), Ok(length)) = (usize::try_from(offset), usize::try_from(length)) else {
            return Err(outside);
        };
        // SAFETY: the offset is within the memory.
        let start = unsafe { ffi::wasm_memory_get_base_address(self.raw).add(start) };
        Ok((start, length))
    }
}

/// Instantiation arguments as the runtime keeps them.
struct InstantiationArgs(*mut ffi::InstantiationArgs);

impl InstantiationArgs {
    fn create() -> Result<Self, Error> {
        let mut args = std::ptr::null_mut::<ffi::InstantiationArgs>();
        // SAFETY: the runtime is initialised and writes the pointer.
        if unsafe { ffi::wasm_runtime_instantiation_args_create(&raw mut args) } {
            Ok(Self(args))
        } else {
            Err(Error::Runtime(
                "wasm_runtime_instantiation_args_create failed",
            ))
        }
    }
}

impl Drop for InstantiationArgs {
    fn drop(&mut self) {
        // SAFETY: created above, and used by nobody any more.
        unsafe { ffi::wasm_runtime_instantiation_args_destroy(self.0) }
    }
}

fn no_such_export(kind: &'static str, name: &str) -> Error {
    Error::NoSuchExport {
        kind,
        name: name.to_owned(),
    }
}

fn argument_list(args: &[&str]) -> Result<Vec<CString>, Error> {
    args.iter()
        .map(|arg| c_string(arg, "an argument"))
        .collect()
}

const _: () = assert!(cfg!(target_endian = "little") && size_of::<*const c_void>() == 8);

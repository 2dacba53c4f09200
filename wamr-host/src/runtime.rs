//! The runtime's process-wide state, and what each thread owes it.
//!
//! WAMR is one per process. It handles out-of-bounds accesses and stack overflow in a signal
//! handler that needs, per thread, an alternate stack and guard pages at the end of the thread's
//! own stack. The guard pages are the subtle part: they must be given back before the thread ends,
//! since the C library hands the same stack to the next thread. So every entry into the runtime
//! goes through [`enter`], and a thread-local guard undoes the set-up.

use std::cell::Cell;
use std::ffi::c_uint;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::error::Error;
use crate::ffi;
use crate::signals;

/// What the runtime writes to standard output on its own account. Its own default is `Warning`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    Fatal = 0,
    Error = 1,
    Warning = 2,
    Debug = 3,
    Verbose = 4,
}

/// Settings of the runtime as a whole.
#[derive(Debug)]
pub struct Runtime(());

impl Runtime {
    /// The runtime, initialised at the first use of this crate.
    pub fn get() -> Result<Self, Error> {
        enter()?;
        Ok(Self(()))
    }

    pub fn set_log_level(&self, level: LogLevel) {
        // SAFETY: sets one variable of the initialised runtime.
        unsafe { ffi::wasm_runtime_set_log_level(level as c_uint) }
    }

    /// How many threads one program may have, its first one included.
    pub fn set_max_threads(&self, count: u32) {
        // SAFETY: as above.
        unsafe { ffi::wasm_runtime_set_max_thread_num(count) }
    }
}

/// Setting up a thread writes process-wide variables (the previous signal actions).
static THREAD_SETUP: Mutex<()> = Mutex::new(());
static INITIALISED: OnceLock<bool> = OnceLock::new();

struct ThreadEnvironment {
    owned: Cell<bool>,
}

impl Drop for ThreadEnvironment {
    fn drop(&mut self) {
        if self.owned.get() {
            let _setup = THREAD_SETUP.lock().unwrap_or_else(PoisonError::into_inner);
            // SAFETY: this thread's environment was set up by `enter`, and no WebAssembly code is
            // running on a thread that drops its thread-local values.
            unsafe { ffi::wasm_runtime_destroy_thread_env() }
        }
    }
}

thread_local! {
    static THREAD: ThreadEnvironment = const { ThreadEnvironment { owned: Cell::new(false) } };
}

/// Makes sure that the runtime and the calling thread are ready to run WebAssembly code.
pub(crate) fn enter() -> Result<(), Error> {
    THREAD.with(|thread| {
        if thread.owned.get() {
            return Ok(());
        }
        let _setup = THREAD_SETUP.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: initialisation happens once; it also sets up the thread it runs on.
        let initialised = *INITIALISED.get_or_init(|| unsafe {
            signals::remember_original();
            let done = ffi::wasm_runtime_init();
            if done {
                signals::remember_runtime();
                ffi::wasm_runtime_set_log_level(LogLevel::Error as c_uint);
                thread.owned.set(true);
            }
            done
        });
        if !initialised {
            return Err(Error::Runtime("wasm_runtime_init failed"));
        }
        // SAFETY: the runtime is initialised. Threads it started itself are set up already, and
        // are its own to clean up.
        unsafe {
            if !ffi::wasm_runtime_thread_env_inited() {
                signals::prepare_thread();
                if !ffi::wasm_runtime_init_thread_env() {
                    return Err(Error::Runtime("wasm_runtime_init_thread_env failed"));
                }
                thread.owned.set(true);
            }
        }
        Ok(())
    })
}

/// Lets code of another instance run while this thread is inside a native function.
///
/// The runtime remembers per thread whose code is running and refuses to start another's. What it
/// remembers is put aside here, and put back when the guard goes.
pub(crate) struct Suspended(*mut ffi::ExecEnv);

impl Suspended {
    /// Puts the running code aside unless `next` is what is running (a call back into the same
    /// instance is something the runtime knows).
    ///
    /// # Safety
    /// Until the guard is dropped, control does not return to the code put aside.
    pub(crate) unsafe fn unless(next: *mut ffi::ExecEnv) -> Self {
        // SAFETY: both functions access one thread-local variable.
        unsafe {
            let running = ffi::wasm_runtime_get_exec_env_tls();
            if running != next {
                ffi::wasm_runtime_set_exec_env_tls(std::ptr::null_mut());
            }
            Self(running)
        }
    }
}

impl Drop for Suspended {
    fn drop(&mut self) {
        // SAFETY: as above; the environment was this thread's when the guard was made.
        unsafe { ffi::wasm_runtime_set_exec_env_tls(self.0) }
    }
}

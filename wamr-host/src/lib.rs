//! A real WAMR 2.4.3, built from its registry package, behind a small safe interface.
//!
//! For tests and examples: what goes in is the bytes of an `.aot` file, what comes out is what the
//! runtime that users have makes of them: results, exceptions, memory, globals, the output and the
//! exit status of WASI programs.
//!
//! ```no_run
//! use wamr_host::{Imports, Instance, InstanceOptions, Module, Val};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let module = Module::load(&std::fs::read("add.aot")?, &Imports::new())?;
//! let instance = Instance::new(&module, &InstanceOptions::default())?;
//! assert_eq!(instance.call("add", &[Val::I32(1), Val::I32(2)])?, [Val::I32(3)]);
//! # Ok(())
//! # }
//! ```
//!
//! What this runtime cannot express, for any module:
//!
//! - Globals, memories and tables are never shared between instances. An imported global is a copy
//!   of the value given to [`Imports::global`]; an imported memory or table is one of the
//!   instance's own, of the size its import states, and its name is not in the file.
//! - A reference to a function is the function's index in its own module: no table or global can
//!   hold a function of another instance, other than through an import of the module itself.
//! - A start function that is itself an import is not run.
//! - Exceptions keep at most 127 bytes of text, with `Exception: ` before them.
//! - The stack may overflow inside the runtime, too. Its way out is a long jump from the signal
//!   handler, which host functions are kept clear of: they are called only with room to spare.

mod error;
mod ffi;
mod imports;
mod instance;
mod module;
mod runtime;
mod shared_heap;
mod signals;
mod trampoline;
mod value;
mod wasi;

pub use error::{Error, Trap};
pub use imports::{Caller, Imports, Native};
pub use instance::{Instance, InstanceOptions, Memory};
pub use module::{Export, ExternType, Import, Module};
pub use runtime::{LogLevel, Runtime};
pub use shared_heap::SharedHeap;
pub use value::{FuncType, Val, ValType};
pub use wasi::WasiOptions;

//! The structures of the runtime in which code looks up how an imported function was linked: `AOTModule`
//! (`core/iwasm/aot/aot_runtime.h`) and `AOTImportFunc` (`core/iwasm/compilation/aot.h`).
//!
//! The runtime asserts none of these offsets, as `wamrc`'s code does not read them. They are the same in all
//! releases from WAMR-2.3.0 on, in the package `wamrx-sys` 0.3.0 and on the main branch of July 2026; no build
//! setting changes a field up to the last one that is read. Code does not trust this. Before it uses a field,
//! it compares values around the field with values that the loader must have put there:
//!
//! - the module's counts of types, imported and other globals, and imported functions, which lie on both
//!   sides of `types` and in front of `import_funcs`; behind it, the count of functions;
//! - in each imported function, in order: the index of its type, the address of that type in `types`, and the
//!   linked function, which the instance holds as well.
//!
//! If one of them differs, the layout is another, and code calls all functions through `aot_invoke_native`.
//! The signature is read only behind these comparisons. So a wrong address is read only if a runtime moves
//! `signature` but neither the five fields before it nor, in modules with two imports, the size of the
//! structure. Such a runtime would need a new version of the AOT format at least as much as version 6 did.

use crate::arch::PointerWidth;

/// Fields of the module, from its start. Counts are `u32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModuleLayout {
    pub type_count: u64,
    /// Array of pointers to types.
    pub types: u64,
    pub imported_global_count: u64,
    pub global_count: u64,
    pub imported_function_count: u64,
    /// Array of [`imported_function`]s.
    pub imported_functions: u64,
    pub function_count: u64,
}

impl ModuleLayout {
    /// Returns the offsets for pointers of that width.
    pub const fn of(width: PointerWidth) -> Self {
        match width {
            PointerWidth::Bits64 => ModuleLayout {
                type_count: 112,
                types: 120,
                imported_global_count: 128,
                global_count: 144,
                imported_function_count: 164,
                imported_functions: 168,
                function_count: 176,
            },
            PointerWidth::Bits32 => ModuleLayout {
                type_count: 60,
                types: 64,
                imported_global_count: 68,
                global_count: 76,
                imported_function_count: 88,
                imported_functions: 92,
                function_count: 96,
            },
        }
    }
}

/// The type of the module, a `u32`, comes first in the module and in the instance.
pub const MODULE_TYPE: u64 = 0;

/// Fields of an imported function, in pointers from its start.
pub mod imported_function {
    /// Pointer to the type, an element of the module's `types`.
    pub const TYPE: u64 = 2;
    /// `u32`.
    pub const TYPE_INDEX: u64 = 3;
    /// The function, or null if none was found.
    pub const LINKED: u64 = 4;
    /// String, or null.
    pub const SIGNATURE: u64 = 5;
    /// Pointer, or null.
    pub const ATTACHMENT: u64 = 6;
    /// Two C `bool`s: whether the function takes its arguments in an array, and whether it was linked through
    /// the `wasm_c_api`.
    pub const CONVENTIONS: u64 = 7;
    pub const SIZE: u64 = 8;
}

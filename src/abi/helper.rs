//! The runtime's helper functions that compiled code calls, and their C signatures
//! (`core/iwasm/aot/aot_runtime.h`, `core/iwasm/common/wasm_shared_memory.h`).

/// A C type in a helper's signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HelperType {
    /// Any pointer.
    Pointer,
    /// `size_t` and `uintptr_t`.
    Size,
    I32,
    I64,
    /// C `bool`: one byte, 0 or 1.
    Bool,
}

macro_rules! helpers {
    ($($(#[$doc:meta])* $variant:ident = $symbol:literal ($($param:ident),*) $(-> $result:ident)?;)*) => {
        /// A function of the runtime that compiled code calls by name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Helper { $($(#[$doc])* $variant,)* }

        impl Helper {
            /// Returns the name that the runtime's loader resolves.
            pub fn symbol(self) -> &'static str {
                match self { $(Helper::$variant => $symbol,)* }
            }

            /// Returns the parameter types in order.
            pub fn params(self) -> &'static [HelperType] {
                match self { $(Helper::$variant => &[$(HelperType::$param),*],)* }
            }

            /// Returns the result type, if any.
            pub fn result(self) -> Option<HelperType> {
                match self { $(Helper::$variant => helpers!(@result $($result)?),)* }
            }
        }
    };
    (@result) => { None };
    (@result $result:ident) => { Some(HelperType::$result) };
}

helpers! {
    /// (instance, exception id). With hardware bounds checks, the runtime unwinds by itself.
    SetExceptionWithId = "aot_set_exception_with_id" (Pointer, I32);
    /// (instance, C string): only notes the exception.
    SetException = "aot_set_exception" (Pointer, Pointer);
    /// (exec_env, function index, argument cells, cells): calls an imported function; results replace the
    /// arguments. Returns false with the exception set.
    InvokeNative = "aot_invoke_native" (Pointer, I32, I32, Pointer) -> Bool;
    /// (exec_env, function index): makes a frame for a call. Returns false with the exception set.
    AllocFrame = "aot_alloc_frame" (Pointer, I32) -> Bool;
    /// (exec_env): deletes the last frame and counts its call.
    FreeFrame = "aot_free_frame" (Pointer);
    /// (instance, imported function of the `wasm_c_api`, arguments, their count, results, their count): returns
    /// false with the exception set. With hardware bounds checks, the runtime unwinds by itself.
    QuickInvokeCApi = "wasm_runtime_quick_invoke_c_api_native" (Pointer, Pointer, Pointer, I32, Pointer, I32) -> Bool;
    /// (instance, pages): returns false if the memory cannot grow.
    EnlargeMemory = "aot_enlarge_memory" (Pointer, I32) -> Bool;
    /// (instance, segment, source offset, length, destination): returns false with the exception set.
    MemoryInit = "aot_memory_init" (Pointer, I32, I32, I32, Size) -> Bool;
    /// (instance, segment)
    DataDrop = "aot_data_drop" (Pointer, I32) -> Bool;
    /// (instance, segment)
    ElemDrop = "aot_drop_table_seg" (Pointer, I32);
    /// (instance, table, segment, length, source, destination)
    TableInit = "aot_table_init" (Pointer, I32, I32, I32, I32, I32);
    /// (instance, source table, destination table, length, source, destination)
    TableCopy = "aot_table_copy" (Pointer, I32, I32, I32, I32, I32);
    /// (instance, table, length, value, destination)
    TableFill = "aot_table_fill" (Pointer, I32, I32, Size, I32);
    /// (instance, table, elements, initial value): returns the old size or -1.
    TableGrow = "aot_table_grow" (Pointer, I32, I32, Size) -> I32;
    /// (instance, native address, expected, timeout in ns, 64 bits wide?): returns -1 with the exception set.
    AtomicWait = "wasm_runtime_atomic_wait" (Pointer, Pointer, I64, I64, Bool) -> I32;
    /// (instance, address, bytes, start, last, base, 64-bit addresses?): finds the shared heap that holds the
    /// bytes and stores its first and last address, and its address minus the first. Returns false if there is
    /// none.
    FindSharedHeap = "wasm_runtime_check_and_update_last_used_shared_heap"
        (Pointer, Size, Size, Pointer, Pointer, Pointer, Bool) -> Bool;
    /// (instance, native address, count): returns -1 with the exception set.
    AtomicNotify = "wasm_runtime_atomic_notify" (Pointer, Pointer, I32) -> I32;
}

//! The part of WAMR's C interface this crate uses, declared by hand.
//!
//! Nothing here is called outside this crate, and every signature follows `wasm_export.h` of WAMR
//! 2.4.3; the functions whose names start with `host_` are this crate's own, in `cmake/inspect.c`.

use std::ffi::{c_char, c_int, c_uint, c_void};

/// Declares a C structure that is only ever handled through pointers.
macro_rules! opaque {
    ($($name:ident)*) => {$(
        #[repr(C)]
        pub struct $name {
            _private: [u8; 0],
        }
    )*};
}

opaque! {
    Module
    ModuleInstance
    ExecEnv
    FunctionInstance
    MemoryInstance
    InstantiationArgs
    FuncType
    GlobalType
    TableType
    MemoryType
    SharedHeap
}

pub const KIND_FUNC: c_uint = 0;
pub const KIND_TABLE: c_uint = 1;
pub const KIND_MEMORY: c_uint = 2;
pub const KIND_GLOBAL: c_uint = 3;

pub const VALKIND_I32: u8 = 0;
pub const VALKIND_I64: u8 = 1;
pub const VALKIND_F32: u8 = 2;
pub const VALKIND_F64: u8 = 3;
pub const VALKIND_V128: u8 = 4;
pub const VALKIND_EXTERNREF: u8 = 128;
pub const VALKIND_FUNCREF: u8 = 129;

/// A null reference, as tables, globals and arguments hold it.
pub const NULL_REF: u32 = u32::MAX;

/// `SharedHeapInitArgs`.
#[repr(C)]
pub struct SharedHeapArgs {
    pub size: u32,
    pub pre_allocated_addr: *mut c_void,
}

/// `wasm_import_t`.
#[repr(C)]
pub struct ImportType {
    pub module_name: *const c_char,
    pub name: *const c_char,
    pub kind: c_uint,
    pub linked: bool,
    pub ty: *const c_void,
}

/// `wasm_export_t`.
#[repr(C)]
pub struct ExportType {
    pub name: *const c_char,
    pub kind: c_uint,
    pub ty: *const c_void,
}

/// `NativeSymbol`.
#[repr(C)]
pub struct NativeSymbol {
    pub symbol: *const c_char,
    pub func_ptr: *const c_void,
    pub signature: *const c_char,
    pub attachment: *mut c_void,
}

/// `wasm_table_inst_t`.
#[repr(C)]
pub struct TableInstance {
    pub elem_kind: u8,
    pub cur_size: u32,
    pub max_size: u32,
    pub elems: *mut c_void,
}

unsafe extern "C" {
    pub fn wasm_runtime_init() -> bool;
    pub fn wasm_runtime_set_log_level(level: c_uint);
    pub fn wasm_runtime_init_thread_env() -> bool;
    pub fn wasm_runtime_destroy_thread_env();
    pub fn wasm_runtime_thread_env_inited() -> bool;
    pub fn wasm_runtime_set_max_thread_num(count: u32);

    pub fn wasm_runtime_is_xip_file(buf: *const u8, size: u32) -> bool;
    pub fn wasm_runtime_load(
        buf: *mut u8,
        size: u32,
        error_buf: *mut c_char,
        error_buf_size: u32,
    ) -> *mut Module;
    pub fn wasm_runtime_unload(module: *mut Module);
    pub fn wasm_runtime_get_import_type(module: *mut Module, index: i32, ty: *mut ImportType);
    pub fn wasm_runtime_get_export_count(module: *mut Module) -> i32;
    pub fn wasm_runtime_get_export_type(module: *mut Module, index: i32, ty: *mut ExportType);
    pub fn wasm_runtime_get_custom_section(
        module: *mut Module,
        name: *const c_char,
        len: *mut u32,
    ) -> *const u8;

    pub fn wasm_global_type_get_valkind(ty: *const GlobalType) -> u8;
    pub fn wasm_global_type_get_mutable(ty: *const GlobalType) -> bool;
    pub fn wasm_memory_type_get_shared(ty: *const MemoryType) -> bool;
    pub fn wasm_memory_type_get_init_page_count(ty: *const MemoryType) -> u32;
    pub fn wasm_memory_type_get_max_page_count(ty: *const MemoryType) -> u32;
    pub fn wasm_table_type_get_elem_kind(ty: *const TableType) -> u8;
    pub fn wasm_table_type_get_init_size(ty: *const TableType) -> u32;
    pub fn wasm_table_type_get_max_size(ty: *const TableType) -> u32;

    pub fn wasm_runtime_register_natives(
        module_name: *const c_char,
        symbols: *mut NativeSymbol,
        count: u32,
    ) -> bool;
    pub fn wasm_runtime_register_natives_raw(
        module_name: *const c_char,
        symbols: *mut NativeSymbol,
        count: u32,
    ) -> bool;
    pub fn wasm_runtime_unregister_natives(
        module_name: *const c_char,
        symbols: *mut NativeSymbol,
    ) -> bool;
    pub fn wasm_runtime_get_function_attachment(exec_env: *mut ExecEnv) -> *mut c_void;

    pub fn wasm_runtime_instantiation_args_create(args: *mut *mut InstantiationArgs) -> bool;
    pub fn wasm_runtime_instantiation_args_destroy(args: *mut InstantiationArgs);
    pub fn wasm_runtime_instantiation_args_set_default_stack_size(
        args: *mut InstantiationArgs,
        size: u32,
    );
    pub fn wasm_runtime_instantiation_args_set_host_managed_heap_size(
        args: *mut InstantiationArgs,
        size: u32,
    );
    pub fn wasm_runtime_instantiation_args_set_wasi_arg(
        args: *mut InstantiationArgs,
        argv: *mut *mut c_char,
        argc: c_int,
    );
    pub fn wasm_runtime_instantiation_args_set_wasi_env(
        args: *mut InstantiationArgs,
        env: *mut *const c_char,
        count: u32,
    );
    pub fn wasm_runtime_instantiation_args_set_wasi_dir(
        args: *mut InstantiationArgs,
        dirs: *mut *const c_char,
        dir_count: u32,
        map_dirs: *mut *const c_char,
        map_dir_count: u32,
    );
    pub fn wasm_runtime_instantiation_args_set_wasi_stdio(
        args: *mut InstantiationArgs,
        stdin: i64,
        stdout: i64,
        stderr: i64,
    );
    pub fn wasm_runtime_instantiate_ex2(
        module: *mut Module,
        args: *const InstantiationArgs,
        error_buf: *mut c_char,
        error_buf_size: u32,
    ) -> *mut ModuleInstance;
    pub fn wasm_runtime_deinstantiate(instance: *mut ModuleInstance);

    pub fn wasm_runtime_get_exec_env_singleton(instance: *mut ModuleInstance) -> *mut ExecEnv;
    pub fn wasm_runtime_get_module_inst(exec_env: *mut ExecEnv) -> *mut ModuleInstance;
    pub fn wasm_runtime_detect_native_stack_overflow_size(
        exec_env: *mut ExecEnv,
        size: u32,
    ) -> bool;
    // Not in the public header: the execution environment whose code the calling thread runs.
    pub fn wasm_runtime_get_exec_env_tls() -> *mut ExecEnv;
    pub fn wasm_runtime_set_exec_env_tls(exec_env: *mut ExecEnv);

    pub fn wasm_runtime_create_shared_heap(args: *mut SharedHeapArgs) -> *mut SharedHeap;
    pub fn wasm_runtime_chain_shared_heaps(
        head: *mut SharedHeap,
        body: *mut SharedHeap,
    ) -> *mut SharedHeap;
    pub fn wasm_runtime_attach_shared_heap(
        instance: *mut ModuleInstance,
        heap: *mut SharedHeap,
    ) -> bool;
    pub fn wasm_runtime_detach_shared_heap(instance: *mut ModuleInstance);

    pub fn wasm_runtime_lookup_function(
        instance: *mut ModuleInstance,
        name: *const c_char,
    ) -> *mut FunctionInstance;
    pub fn wasm_runtime_call_wasm(
        exec_env: *mut ExecEnv,
        function: *mut FunctionInstance,
        argc: u32,
        argv: *mut u32,
    ) -> bool;
    pub fn wasm_application_execute_main(
        instance: *mut ModuleInstance,
        argc: i32,
        argv: *mut *mut c_char,
    ) -> bool;
    pub fn wasm_application_execute_func(
        instance: *mut ModuleInstance,
        name: *const c_char,
        argc: i32,
        argv: *mut *mut c_char,
    ) -> bool;
    pub fn wasm_runtime_get_wasi_exit_code(instance: *mut ModuleInstance) -> u32;
    pub fn wasm_runtime_get_exception(instance: *mut ModuleInstance) -> *const c_char;
    pub fn wasm_runtime_set_exception(instance: *mut ModuleInstance, exception: *const c_char);
    pub fn wasm_runtime_clear_exception(instance: *mut ModuleInstance);

    pub fn wasm_runtime_get_pgo_prof_data_size(instance: *mut ModuleInstance) -> u32;
    pub fn wasm_runtime_dump_pgo_prof_data_to_buf(
        instance: *mut ModuleInstance,
        buffer: *mut c_char,
        length: u32,
    ) -> u32;

    pub fn wasm_runtime_get_default_memory(instance: *mut ModuleInstance) -> *mut MemoryInstance;
    pub fn wasm_memory_get_cur_page_count(memory: *mut MemoryInstance) -> u64;
    pub fn wasm_memory_get_max_page_count(memory: *mut MemoryInstance) -> u64;
    pub fn wasm_memory_get_bytes_per_page(memory: *mut MemoryInstance) -> u64;
    pub fn wasm_memory_get_base_address(memory: *mut MemoryInstance) -> *mut u8;
    pub fn wasm_memory_enlarge(memory: *mut MemoryInstance, pages: u64) -> bool;

    pub fn wasm_runtime_get_export_table_inst(
        instance: *mut ModuleInstance,
        name: *const c_char,
        table: *mut TableInstance,
    ) -> bool;

    pub fn wasm_externref_obj2ref(
        instance: *mut ModuleInstance,
        object: *mut c_void,
        index: *mut u32,
    ) -> bool;
    pub fn wasm_externref_ref2obj(index: u32, object: *mut *mut c_void) -> bool;

    pub fn host_described_import_count(module: *const Module) -> u32;
    pub fn host_exported_memory_type(module: *const Module, export_index: u32)
    -> *const MemoryType;
    pub fn host_spoil_invoke(module: *mut Module, index: u32) -> bool;
    pub fn host_link_imported_global(module: *mut Module, index: u32, value: *const c_void);
    pub fn host_is_imported_function(function: *const FunctionInstance, index: *mut u32) -> bool;
    pub fn host_function_type(
        ty: *const FuncType,
        params: *mut u32,
        results: *mut u32,
    ) -> *const u8;
    pub fn host_exported_global(
        instance: *const ModuleInstance,
        name: *const c_char,
        ty: *mut u8,
        is_mutable: *mut bool,
    ) -> *mut c_void;
    pub fn host_table_element_size() -> u32;
}

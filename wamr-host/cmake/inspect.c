/*
 * What the host crate needs from the runtime and its public header does not offer. Compiled with
 * the runtime's own settings, so that the structures read here have the runtime's layout.
 */
#include "aot_runtime.h"

/* Where compiled code finds imported functions (src/abi/imports.rs). */
#define ASSERT_OFFSET(type, field, in_64_bits, in_32_bits) \
    _Static_assert(offsetof(type, field)                   \
                       == (sizeof(void *) == 8 ? in_64_bits : in_32_bits), \
                   "compiled code expects another offset of " #field)

ASSERT_OFFSET(AOTModuleInstance, module, 232, 232);
ASSERT_OFFSET(AOTModule, module_type, 0, 0);
ASSERT_OFFSET(AOTModule, type_count, 112, 60);
ASSERT_OFFSET(AOTModule, types, 120, 64);
ASSERT_OFFSET(AOTModule, import_global_count, 128, 68);
ASSERT_OFFSET(AOTModule, global_count, 144, 76);
ASSERT_OFFSET(AOTModule, import_func_count, 164, 88);
ASSERT_OFFSET(AOTModule, import_funcs, 168, 92);
ASSERT_OFFSET(AOTModule, func_count, 176, 96);
ASSERT_OFFSET(AOTImportFunc, func_type, 16, 8);
ASSERT_OFFSET(AOTImportFunc, func_type_index, 24, 12);
ASSERT_OFFSET(AOTImportFunc, func_ptr_linked, 32, 16);
ASSERT_OFFSET(AOTImportFunc, signature, 40, 20);
ASSERT_OFFSET(AOTImportFunc, attachment, 48, 24);
ASSERT_OFFSET(AOTImportFunc, call_conv_raw, 56, 28);
ASSERT_OFFSET(AOTImportFunc, call_conv_wasm_c_api, 57, 29);
_Static_assert(sizeof(AOTImportFunc) == 8 * sizeof(void *),
               "compiled code expects another size of an imported function");

/* Makes aot_invoke_native fail for an imported function, so that a test sees
   which calls do not go through it. */
bool
host_spoil_invoke(AOTModule *module, uint32 index)
{
    if (index >= module->import_func_count)
        return false;
    module->import_funcs[index].call_conv_wasm_c_api = true;
    return true;
}

/* Imports that the loaded module describes by name. The AOT format counts imported memories but
   does not describe them; the runtime's own enumeration would run past its arrays. */
uint32
host_described_import_count(const AOTModule *module)
{
    return module->import_func_count + module->import_global_count
           + module->import_table_count;
}

/* The type of an exported memory, NULL where the file holds none. */
const AOTMemory *
host_exported_memory_type(const AOTModule *module, uint32 export_index)
{
    const AOTExport *export_ = &module->exports[export_index];
    if (export_->kind != EXPORT_KIND_MEMORY
        || export_->index >= module->memory_count)
        return NULL;
    return &module->memories[export_->index];
}

/* Gives an imported global its value. The index counts imported globals in the order of the file,
   the value is in the global's own size and byte order. */
void
host_link_imported_global(AOTModule *module, uint32 index, const void *value)
{
    AOTImportGlobal *global = &module->import_globals[index];
    memcpy(&global->global_data_linked, value, global->size);
    global->is_linked = true;
}

/* Whether an exported function is an imported one, and which. */
bool
host_is_imported_function(const AOTFunctionInstance *function, uint32 *index)
{
    *index = function->func_index;
    return function->is_import_func;
}

/* The types of a function's parameters, and after them those of its results, as the binary format
   of WebAssembly encodes them. The public header's function for the kind of a result does not know
   external references. */
const uint8 *
host_function_type(const WASMFuncType *type, uint32 *params, uint32 *results)
{
    *params = type->param_count;
    *results = type->result_count;
    return type->types;
}

/* The value of an exported global: its place, its type as the binary format encodes it. The public
   header's function takes an index that counts imports for one that does not. */
void *
host_exported_global(const AOTModuleInstance *instance, const char *name,
                     uint8 *type, bool *is_mutable)
{
    const AOTModule *module = (const AOTModule *)instance->module;
    uint32 i;

    for (i = 0; i < module->export_count; i++) {
        const AOTExport *export_ = &module->exports[i];
        const WASMGlobalType *global_type;
        uint32 offset;

        if (export_->kind != EXPORT_KIND_GLOBAL
            || strcmp(export_->name, name) != 0)
            continue;
        if (export_->index < module->import_global_count) {
            const AOTImportGlobal *global =
                &module->import_globals[export_->index];
            global_type = &global->type;
            offset = global->data_offset;
        }
        else {
            const AOTGlobal *global =
                &module->globals[export_->index - module->import_global_count];
            global_type = &global->type;
            offset = global->data_offset;
        }
        *type = global_type->val_type;
        *is_mutable = global_type->is_mutable;
        return instance->global_data + offset;
    }
    return NULL;
}

/* The size of one element of a table, in bytes. */
uint32
host_table_element_size(void)
{
    return (uint32)sizeof(table_elem_type_t);
}

/*
 * Runs the .aot in flash: its exported function `run`, which may import `print`, `spoil_invoke` and the
 * built-in C library. `print` prints a number in hexadecimal and a line end.
 */
#include "semihosting.h"

#include "aot_runtime.h"
#include "wasm_export.h"

extern const uint8_t blob[];
extern const uint32_t blob_size;

/* Set by the linker to 1 in images that write to flash, to see that this is found out. */
extern uint8_t write_probe[];

static void
print_number(wasm_exec_env_t exec_env, uint64_t number)
{
    char text[20];
    (void)exec_env;
    snprintf(text, sizeof(text), "%08lx%08lx\n", (unsigned long)(number >> 32),
             (unsigned long)(number & UINT32_MAX));
    semihosting_print(text);
}

/* From now on, aot_invoke_native fails for all functions but `print`: a call that still succeeds is
   direct. */
static void
spoil_invoke(wasm_exec_env_t exec_env)
{
    AOTModuleInstance *instance =
        (AOTModuleInstance *)wasm_runtime_get_module_inst(exec_env);
    AOTModule *module = (AOTModule *)instance->module;
    uint32_t i;

    for (i = 0; i < module->import_func_count; i++) {
        AOTImportFunc *function = &module->import_funcs[i];
        if (function->func_ptr_linked != (void *)print_number)
            function->call_conv_wasm_c_api = true;
    }
}

static int
give_up(int status, const char *why)
{
    semihosting_print(why);
    semihosting_print("\n");
    return status;
}

int
firmware_main(void)
{
    static NativeSymbol natives[] = {
        { "print", (void *)print_number, "(I)", NULL },
        { "spoil_invoke", (void *)spoil_invoke, "()", NULL },
    };
    char message[128];
    wasm_module_t module;
    wasm_module_inst_t instance;
    wasm_exec_env_t exec_env;
    wasm_function_inst_t function;
    uint32_t arguments[1] = { 0 };

    if ((uintptr_t)write_probe == 1)
        *(volatile uint8_t *)blob = 0;

    if (!wasm_runtime_init()
        || !wasm_runtime_register_natives("env", natives, 2))
        return give_up(STATUS_NOT_LOADED, "the runtime cannot be initialised");
    if (!wasm_runtime_is_xip_file(blob, blob_size))
        return give_up(STATUS_NOT_LOADED, "not a file to be executed in place");
    module = wasm_runtime_load((uint8_t *)blob, blob_size, message, sizeof(message));
    if (!module)
        return give_up(STATUS_NOT_LOADED, message);
    if ((const uint8_t *)((AOTModule *)module)->code < blob
        || (const uint8_t *)((AOTModule *)module)->code >= blob + blob_size)
        return give_up(STATUS_NOT_LOADED, "the code is not where the file lies");
    instance = wasm_runtime_instantiate(module, 2 * 1024, 0, message, sizeof(message));
    if (!instance)
        return give_up(STATUS_NOT_LOADED, message);
    exec_env = wasm_runtime_get_exec_env_singleton(instance);
    function = wasm_runtime_lookup_function(instance, "run");
    if (!exec_env || !function)
        return give_up(STATUS_NOT_LOADED, "no function to run");
    if (!wasm_runtime_call_wasm(exec_env, function, 0, arguments))
        return give_up(STATUS_EXCEPTION, wasm_runtime_get_exception(instance));
    return STATUS_FINISHED;
}

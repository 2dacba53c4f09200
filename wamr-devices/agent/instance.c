#include "instance.h"

/* Where the runtime handles signals it remembers per thread whose code is running, and refuses to
   start another's; what it remembers is put aside for that time. Not in its public header. */
#ifdef OS_ENABLE_HW_BOUND_CHECK
extern WASMExecEnv *
wasm_runtime_get_exec_env_tls(void);
extern void
wasm_runtime_set_exec_env_tls(WASMExecEnv *exec_env);
#else
#define wasm_runtime_get_exec_env_tls() NULL
#define wasm_runtime_set_exec_env_tls(exec_env) ((void)(exec_env))
#endif

bool
fail(struct failure *failure, enum outcome outcome, const char *message)
{
    failure->outcome = outcome;
    snprintf(failure->message, sizeof(failure->message), "%s", message);
    return false;
}

const WASMFuncType *
export_type(const struct instance *instance, const char *name)
{
    const AOTModule *module = (const AOTModule *)instance->module;
    uint32_t i;
    for (i = 0; i < module->export_count; i++) {
        const AOTExport *entry = &module->exports[i];
        if (entry->kind != EXPORT_KIND_FUNC || strcmp(entry->name, name) != 0)
            continue;
        if (entry->index < module->import_func_count)
            return module->import_funcs[entry->index].func_type;
        return (const WASMFuncType *)
            module->types[module->func_type_indexes
                              [entry->index - module->import_func_count]];
    }
    return NULL;
}

void
take_exception(struct instance *instance, char *message, size_t size)
{
    static const char prefix[] = "Exception: ";
    const char *text = wasm_runtime_get_exception(instance->raw);
    if (!text)
        text = "the runtime names no exception";
    if (strncmp(text, prefix, sizeof(prefix) - 1) == 0)
        text += sizeof(prefix) - 1;
    snprintf(message, size, "%s", text);
    wasm_runtime_clear_exception(instance->raw);
}

bool
make_instance(struct instance *instance, struct InstantiationArgs2 *args,
              struct failure *failure)
{
    /* A start function runs in an environment of its own. */
    WASMExecEnv *running = wasm_runtime_get_exec_env_tls();
    wasm_runtime_set_exec_env_tls(NULL);
    instance->raw = wasm_runtime_instantiate_ex2(
        instance->module, args, failure->message, sizeof(failure->message));
    wasm_runtime_set_exec_env_tls(running);
    if (!instance->raw) {
        failure->outcome = OUTCOME_REFUSED;
        return false;
    }
    instance->exec_env = wasm_runtime_get_exec_env_singleton(instance->raw);
    if (!instance->exec_env)
        return fail(failure, OUTCOME_REFUSED,
                    "the instance has no execution environment");
    return true;
}

void
release_instance(struct instance *instance)
{
    uint32_t i;
    if (instance->raw)
        wasm_runtime_deinstantiate(instance->raw);
    unload_file(instance);
    for (i = 0; i < instance->native_count; i++) {
        if (!instance->natives[i])
            continue;
        free(instance->natives[i]->signature.types);
        free(instance->natives[i]->export_name);
        free(instance->natives[i]);
    }
    free(instance->natives);
    free(instance);
}

/* Calls an imported function that the module exports again. The runtime itself would pass several
   results through the wrong pointer. */
static bool
call_imported(const struct instance *instance, uint32_t index,
              const struct value *arguments, struct value *results,
              struct failure *failure)
{
    const struct native *native =
        index < instance->native_count ? instance->natives[index] : NULL;
    const char *exception;
    if (!native)
        return fail(failure, OUTCOME_WRONG_USE,
                    "it is an import that the client has not provided");
    exception = native_call(native, arguments, results);
    return exception ? fail(failure, OUTCOME_TRAP, exception) : true;
}

bool
call_export(struct instance *instance, const char *name,
            const struct value *arguments, uint32_t argument_count,
            struct value *results, struct failure *failure)
{
    const WASMFuncType *type = export_type(instance, name);
    AOTFunctionInstance *function =
        wasm_runtime_lookup_function(instance->raw, name);
    WASMExecEnv *running;
    uint32_t *cells;
    uint32_t i, used = 0, count = 0;
    bool done;

    if (!type || !function)
        return fail(failure, OUTCOME_NO_SUCH_EXPORT, name);
    done = argument_count == type->param_count;
    for (i = 0; done && i < argument_count; i++)
        done = arguments[i].type == type->types[i];
    if (!done)
        return fail(failure, OUTCOME_WRONG_USE,
                    "the arguments have other types than the parameters");
    if (function->is_import_func)
        return call_imported(instance, function->func_index, arguments, results,
                             failure);

    for (i = 0; i < type->param_count + type->result_count; i++)
        count += cells_of_type(type->types[i]);
    cells = allocate(count * sizeof(*cells));
    for (i = 0; i < argument_count; i++)
        used += value_to_cells(&arguments[i], cells + used);

    running = wasm_runtime_get_exec_env_tls();
    if (running != instance->exec_env)
        wasm_runtime_set_exec_env_tls(NULL);
    done = wasm_runtime_call_wasm(instance->exec_env, function, used, cells);
    wasm_runtime_set_exec_env_tls(running);

    if (done) {
        for (i = 0, used = 0; i < type->result_count; i++)
            used += value_from_cells(type->types[type->param_count + i],
                                     cells + used, &results[i]);
    }
    else {
        failure->outcome = OUTCOME_TRAP;
        take_exception(instance, failure->message, sizeof(failure->message));
    }
    free(cells);
    return done;
}

/* The server's side of ../PROTOCOL.md: one request, one reply, until the stream ends. */
#include "serve.h"

#include "instance.h"

enum request {
    REQUEST_HELLO = 0,
    REQUEST_INSTANTIATE = 1,
    REQUEST_CALL = 2,
    REQUEST_GET_GLOBAL = 3,
    REQUEST_SET_GLOBAL = 4,
    REQUEST_MEMORY_SIZE = 5,
    REQUEST_MEMORY_READ = 6,
    REQUEST_MEMORY_WRITE = 7,
    REQUEST_MEMORY_GROW = 8,
    REQUEST_TABLE_SIZE = 9,
    REQUEST_TABLE_ELEMENT = 10,
    REQUEST_RELEASE = 11,
};

#define PROTOCOL_VERSION 1
#define DEFAULT_STACK_SIZE (64 * 1024)

/* ../../wamr-host/cmake/inspect.c */
extern void *
host_exported_global(const AOTModuleInstance *instance, const char *name,
                     uint8 *type, bool *is_mutable);
extern uint32
host_table_element_size(void);

/* Indexed by the number the client knows the instance by. */
static struct instance **instances;
static uint32_t instance_count;

static struct instance *
find_instance(uint32_t number)
{
    if (number >= instance_count || !instances[number])
        give_up("the client names an instance that is not there");
    return instances[number];
}

static AOTImportFunc *
find_function_import(AOTModule *module, const char *from, const char *name,
                     uint32_t *index)
{
    for (*index = 0; *index < module->import_func_count; (*index)++) {
        AOTImportFunc *import = &module->import_funcs[*index];
        if (strcmp(import->module_name, from) == 0
            && strcmp(import->func_name, name) == 0)
            return import;
    }
    return NULL;
}

/* Several imports may ask for the same function; each name is provided once. */
static bool
link_function(struct instance *instance, struct reader *request,
              struct failure *failure)
{
    AOTModule *module = (AOTModule *)instance->module;
    char *from = read_string(request);
    char *name = read_string(request);
    struct signature signature;
    uint32_t source;
    char *export_name;
    uint32_t index;
    bool done = true;

    read_signature(request, &signature);
    source = read_u32(request);
    export_name = read_string(request);
    if (!find_function_import(module, from, name, &index))
        give_up("the client provides a function that is not imported");
    for (; index < module->import_func_count && done; index++) {
        AOTImportFunc *import = &module->import_funcs[index];
        struct native *native;
        if (strcmp(import->module_name, from) != 0
            || strcmp(import->func_name, name) != 0)
            continue;
        if (!same_signature(&signature, import->func_type)) {
            done = fail(failure, OUTCOME_REFUSED,
                        "incompatible import type: a function of another type");
            break;
        }
        native = allocate(sizeof(*native));
        native->signature = signature;
        native->signature.types =
            allocate(signature.param_count + signature.result_count);
        memcpy(native->signature.types, signature.types,
               signature.param_count + signature.result_count);
        native->instance = source == NO_REFERENCE ? NULL : find_instance(source);
        native->export_name = strcpy(allocate(strlen(export_name) + 1), export_name);
        instance->natives[index] = native;

        import->func_ptr_linked = native_entry(native);
        import->signature = NULL;
        import->attachment = native;
        import->call_conv_raw = false;
        import->call_conv_wasm_c_api = false;
        if (!import->func_ptr_linked)
            done = fail(failure, OUTCOME_WRONG_USE,
                        "this device's runtime passes no v128 to natives");
    }
    free(from);
    free(name);
    free(signature.types);
    free(export_name);
    return done;
}

static bool
link_global(struct instance *instance, struct reader *request,
            struct failure *failure)
{
    AOTModule *module = (AOTModule *)instance->module;
    char *from = read_string(request);
    char *name = read_string(request);
    bool is_mutable = read_u8(request) != 0;
    struct value value;
    bool done = true;
    uint32_t i;

    read_value(request, &value);
    for (i = 0; i < module->import_global_count && done; i++) {
        AOTImportGlobal *import = &module->import_globals[i];
        if (strcmp(import->module_name, from) != 0
            || strcmp(import->global_name, name) != 0)
            continue;
        if (import->type.val_type != value.type
            || import->type.is_mutable != is_mutable)
            done = fail(failure, OUTCOME_REFUSED,
                        "incompatible import type: a global of another type");
        else if (!value_to_memory(&value, &import->global_data_linked, NULL))
            done = fail(failure, OUTCOME_REFUSED,
                        "the runtime has no index left for a reference");
        else
            import->is_linked = true;
    }
    free(from);
    free(name);
    return done;
}

static bool
instantiate(struct reader *request, struct writer *reply,
            struct failure *failure)
{
    struct instance *instance = allocate(sizeof(*instance));
    uint32_t size, count, i;
    struct InstantiationArgs2 *args;
    const uint8_t *file = read_bytes(request, &size);
    bool done = load_file(instance, file, size, failure);

    if (done) {
        instance->native_count = ((AOTModule *)instance->module)->import_func_count;
        instance->natives =
            allocate(sizeof(*instance->natives) * instance->native_count);
        count = read_u32(request);
        for (i = 0; done && i < count; i++)
            done = link_function(instance, request, failure);
        count = done ? read_u32(request) : 0;
        for (i = 0; done && i < count; i++)
            done = link_global(instance, request, failure);
    }
    if (done) {
        if (!wasm_runtime_instantiation_args_create(&args))
            give_up("out of memory");
        wasm_runtime_instantiation_args_set_default_stack_size(
            args, DEFAULT_STACK_SIZE);
        done = make_instance(instance, args, failure);
        wasm_runtime_instantiation_args_destroy(args);
    }
    if (!done) {
        release_instance(instance);
        return false;
    }
    instances = realloc(instances, sizeof(*instances) * (instance_count + 1));
    if (!instances)
        give_up("out of memory");
    write_u32(reply, instance_count);
    instances[instance_count++] = instance;
    return true;
}

static bool
call(struct reader *request, struct writer *reply, struct failure *failure)
{
    struct instance *instance = find_instance(read_u32(request));
    char *name = read_string(request);
    uint32_t count = read_u32(request), i;
    struct value *arguments = allocate(sizeof(*arguments) * count);
    const WASMFuncType *type = export_type(instance, name);
    uint32_t result_count = type ? type->result_count : 0;
    struct value *results = allocate(sizeof(*results) * result_count);
    bool done;

    for (i = 0; i < count; i++)
        read_value(request, &arguments[i]);
    done = call_export(instance, name, arguments, count, results, failure);
    if (done) {
        write_u32(reply, result_count);
        for (i = 0; i < result_count; i++)
            write_value(reply, &results[i]);
    }
    free(name);
    free(arguments);
    free(results);
    return done;
}

static bool
access_global(struct reader *request, struct writer *reply, bool set,
              struct failure *failure)
{
    struct instance *instance = find_instance(read_u32(request));
    char *name = read_string(request);
    uint8_t type;
    bool is_mutable, done;
    struct value value;
    void *place = host_exported_global((AOTModuleInstance *)instance->raw, name,
                                       &type, &is_mutable);
    if (!place) {
        done = fail(failure, OUTCOME_NO_SUCH_EXPORT, name);
    }
    else if (!set) {
        done = value_from_memory(type, place, &value)
               || fail(failure, OUTCOME_WRONG_USE, "a dangling reference");
        if (done)
            write_value(reply, &value);
    }
    else {
        read_value(request, &value);
        if (!is_mutable || value.type != type)
            done = fail(failure, OUTCOME_WRONG_USE,
                        "the global is immutable, or of another type");
        else
            done = value_to_memory(&value, place, instance->raw)
                   || fail(failure, OUTCOME_WRONG_USE,
                           "the runtime has no index left for a reference");
    }
    free(name);
    return done;
}

static bool
access_memory(struct reader *request, struct writer *reply,
              enum request kind, struct failure *failure)
{
    struct instance *instance = find_instance(read_u32(request));
    wasm_memory_inst_t memory = wasm_runtime_get_default_memory(instance->raw);
    uint64_t pages, size;
    uint32_t offset, length;

    if (!memory)
        return fail(failure, OUTCOME_NO_SUCH_EXPORT, "memory");
    pages = wasm_memory_get_cur_page_count(memory);
    size = pages * wasm_memory_get_bytes_per_page(memory);
    if (kind == REQUEST_MEMORY_SIZE) {
        write_u64(reply, size);
        return true;
    }
    if (kind == REQUEST_MEMORY_GROW) {
        uint64_t more = read_u32(request);
        if (more > wasm_memory_get_max_page_count(memory) - pages
            || !wasm_memory_enlarge(memory, more))
            return fail(failure, OUTCOME_WRONG_USE, "the memory cannot grow");
        write_u64(reply, pages);
        return true;
    }
    offset = read_u32(request);
    length = read_u32(request);
    if ((uint64_t)offset + length > size)
        return fail(failure, OUTCOME_WRONG_USE, "outside the memory");
    uint8_t *start =
        (uint8_t *)wasm_memory_get_base_address(memory) + offset;
    if (kind == REQUEST_MEMORY_READ)
        write_raw(reply, start, length);
    else
        memcpy(start, read_raw(request, length), length);
    return true;
}

static bool
access_table(struct reader *request, struct writer *reply, enum request kind,
             struct failure *failure)
{
    struct instance *instance = find_instance(read_u32(request));
    char *name = read_string(request);
    wasm_table_inst_t table;
    bool done = wasm_runtime_get_export_table_inst(instance->raw, name, &table);

    if (!done) {
        fail(failure, OUTCOME_NO_SUCH_EXPORT, name);
    }
    else if (kind == REQUEST_TABLE_SIZE) {
        write_u32(reply, table.cur_size);
    }
    else {
        uint32_t index = read_u32(request);
        uint8_t type =
            table.elem_kind == WASM_FUNCREF ? TYPE_FUNCREF : TYPE_EXTERNREF;
        struct value value;
        if (index >= table.cur_size)
            done = fail(failure, OUTCOME_WRONG_USE, "outside the table");
        else
            done = value_from_memory(type,
                                     (uint8_t *)table.elems
                                         + (size_t)index
                                               * host_table_element_size(),
                                     &value)
                   || fail(failure, OUTCOME_WRONG_USE, "a dangling reference");
        if (done)
            write_value(reply, &value);
    }
    free(name);
    return done;
}

static bool
handle(enum request kind, struct reader *request, struct writer *reply,
       struct failure *failure)
{
    uint32_t number;
    switch (kind) {
        case REQUEST_HELLO:
            write_u32(reply, PROTOCOL_VERSION);
            write_u32(reply, sizeof(void *));
            return true;
        case REQUEST_INSTANTIATE:
            return instantiate(request, reply, failure);
        case REQUEST_CALL:
            return call(request, reply, failure);
        case REQUEST_GET_GLOBAL:
        case REQUEST_SET_GLOBAL:
            return access_global(request, reply, kind == REQUEST_SET_GLOBAL,
                                 failure);
        case REQUEST_MEMORY_SIZE:
        case REQUEST_MEMORY_READ:
        case REQUEST_MEMORY_WRITE:
        case REQUEST_MEMORY_GROW:
            return access_memory(request, reply, kind, failure);
        case REQUEST_TABLE_SIZE:
        case REQUEST_TABLE_ELEMENT:
            return access_table(request, reply, kind, failure);
        case REQUEST_RELEASE:
            number = read_u32(request);
            release_instance(find_instance(number));
            instances[number] = NULL;
            return true;
        default:
            give_up("an unknown request");
    }
}

void
serve(int requests, int replies)
{
    struct reader request;
    struct writer body = { 0 }, reply = { 0 };

    while (receive_message(requests, &request)) {
        struct failure failure = { 0 };
        enum request kind = read_u8(&request);
        body.length = 0;
        if (handle(kind, &request, &body, &failure)) {
            write_u8(&reply, OUTCOME_OK);
            write_raw(&reply, body.bytes, body.length);
        }
        else {
            write_u8(&reply, (uint8_t)failure.outcome);
            write_string(&reply, failure.message);
        }
        send_message(replies, &reply);
    }
}
